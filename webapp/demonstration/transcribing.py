"""What was said in one session of the invented event that is over: invented words of invented people."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp import tokens
from webapp.demonstration.invented import ENDED
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.formats.transcripts import read_transcript
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.agenda import Session
from webapp.models.speakers import SpeakerInvitation
from webapp.models.transcripts import Fidelity, Transcript, Turn
from webapp.services import files, transcripts
from webapp.services.transcripts import Source

SESSION = "From words to plans"
# What stands there, and what its speaker would rather read.
HEARD = (
    "Being read the sentence in front of everybody was hard",
    "Hearing the sentence in front of everybody was hard",
)
# As captions programs write them: one speaker in two spellings, and each line when it was said.
SAID = """
Rhodri Pembury: Thank you for staying to the end. This half hour is about one question: when a child has told us
something, where do the words go?

Tobias Quennell: In my experience they go into a drawer. I do not mean that unkindly. Somebody writes them down, and
then the meeting is about everything else.

Rhodri Penbury: So we tried something small. Every plan in our team begins with a sentence that the child would
recognise. Not a summary, a sentence of theirs.

Tobias Quennell: And who decides which sentence?

Rhodri Penbury: They do. We read the plan back to them, and they choose. It takes ten minutes, and it is the ten
minutes that people remember.

Tobias Quennell: What happens when the sentence is awkward? When it is about the lateness of social workers, say, or
about the car that smells of dog?

Rhodri Pembury: Then it stands there, and it is awkward. We had one about the car. The car has been cleaned.

Audience member: Can I ask about little ones, who do not talk yet?

Rhodri Pembury: Of course. We write down what we saw: who they looked for, what they did with their hands, what made
them stop crying. That is a sentence as well.

Tobias Quennell: I would add one thing for parents. Being read the sentence in front of everybody was hard. Being given
it the evening before would have been kinder.

Rhodri Penbury: We do that now, because you said so at the last of these days.

Audience member: Does anybody check whether the plan still fits the sentence half a year later?

Rhodri Pembury: Not yet, and it is my promise for today: at each review the sentence is read out first.

Tobias Quennell: Mine is shorter. I will ask what became of the drawer.
"""


def load_transcript(loaded: Loaded, organiser: Person, *, folder: Path | None, now: datetime) -> Transcript | None:
    """Read it in and publish it where the event is new; the file is kept where there is a `folder`."""
    event = loaded.new_events.get(ENDED)
    if event is None:
        return None
    session = db.session.scalars(select(Session).where(Session.event_id == event.id, Session.title == SESSION)).one()
    actor = Actor(ActorKind.PERSON, organiser.id)
    then = min(now, event.ends_at + timedelta(days=2))
    content = as_captions().encode()
    written = files.write(content, "text/vtt", folder=folder, now=now) if folder is not None else None
    source = Source(written=written, name="from-words-to-plans.vtt")
    taken = transcripts.take_in(
        session.id, read_transcript(content), source, fidelity=Fidelity.EDITED, actor=actor, now=then
    )
    row = taken.transcript
    transcripts.publish(row.id, checked_by=organiser.name, version=row.version, actor=actor, now=then)
    _let_speaker_correct(row, now=then)
    return row


def _let_speaker_correct(row: Transcript, *, now: datetime) -> None:
    """One of the speakers has a link of their own, and proposed a correction that waits for an editor."""
    first, second = HEARD
    turn = db.session.scalars(
        select(Turn).where(Turn.transcript_id == row.id, Turn.words.contains(first)).order_by(Turn.id).limit(1)
    ).one()
    if turn.speaker_id is None:
        return
    db.session.add(
        SpeakerInvitation(
            speaker_id=turn.speaker_id,
            event_id=row.event_id,
            email="tobias.quennell@example.org",
            nonce=tokens.new_nonce(),
            created_at=now,
            sent_at=now,
        )
    )
    values = {"speaker_id": turn.speaker_id, "version": turn.version}
    corrected = turn.words.replace(first, second)
    transcripts.propose(row.id, turn.public_id, corrected, **values, actor=Actor(ActorKind.LINK, None), now=now)


def as_captions() -> str:
    """The same as WebVTT: about fifteen letters a second, a second between two turns."""
    cues, at = ["WEBVTT"], 4_000
    for turn in SAID.strip().split("\n\n"):
        who, _, words = " ".join(turn.split()).partition(": ")
        ends = at + 66 * len(words)
        cues.append(f"{_stamp(at)} --> {_stamp(ends)}\n<v {who}>{words}")
        at = ends + 1_000
    return "\n\n".join(cues) + "\n"


def _stamp(moment: int) -> str:
    return f"00:{moment // 60_000:02}:{moment // 1_000 % 60:02}.{moment % 1_000:03}"
