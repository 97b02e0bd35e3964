"""Who is meant by a label: the sure ones at once, the others as an editor says, who is asked once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.formats.transcripts import Candidate as Meant
from webapp.formats.transcripts import Resolution, resolve
from webapp.formats.transcripts.names import is_role
from webapp.models.accounts import Actor, ThingKind
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript
from webapp.queries import transcripts as queries
from webapp.queries.speakers import lock_speakers
from webapp.queries.transcripts import Candidate, Label
from webapp.services.activity import record
from webapp.services.search import index_speaker
from webapp.services.speakers.profiles import set_aliases
from webapp.services.transcripts.editing import give

# Initials mean somebody in one session, and somebody else in the next.
SHORTEST_REMEMBERED = 5


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A label of a transcript: whose it is and why, or that somebody has to say whose, with the likeliest first."""

    label: Label
    speaker: Speaker | None
    why: str
    offered: Sequence[Speaker]
    is_open: bool
    # Whom other labels of the transcript mean already, where that one is the likeliest.
    suggested: Speaker | None = None


@dataclass(frozen=True)
class Answer:
    """What an editor said of a label: the speaker, or nobody on the list."""

    label: str
    speaker: Speaker | None


def name_all(transcript: Transcript, labels: Iterable[str]) -> dict[str, int]:
    """The speakers of those labels that are sure, by the label."""
    people = queries.candidates(transcript.event_id, transcript.session_id)
    asked = dict.fromkeys(label for label in labels if label and label not in transcript.settled)
    found = {one.label: one.speaker for one in resolve(asked, _meant(people))}
    return {label: int(speaker_id) for label, speaker_id in found.items() if speaker_id is not None}


def to_ask(transcript: Transcript) -> list[Asked]:
    """All labels of a transcript in the order in which they speak, those that are still to be answered marked."""
    people = queries.candidates(transcript.event_id, transcript.session_id)
    labels = [one for one in queries.labels_of(transcript.id) if one.text]
    resolved = _resolved([one.text for one in labels], people)
    linked = queries.speakers_by_id(one.speaker_id for one in labels)
    named = {one.speaker.id: one.speaker for one in people}
    speaking = {one.speaker.id for one in linked.values()}
    return [_asked(transcript, one, resolved[one.text], linked, named, speaking) for one in labels]


def _resolved(labels: Sequence[str], people: Sequence[Candidate]) -> dict[str, Resolution]:
    """Whom the labels mean; where nobody comes near, whoever would if all speakers of the event spoke here."""
    meant = _meant(people)
    found = {one.label: one for one in resolve(labels, meant)}
    lonely = [one.label for one in found.values() if one.speaker is None and not one.candidates]
    for one in resolve(lonely, [replace(person, of_session=True, roles=()) for person in meant]) if lonely else ():
        likely = (one.speaker,) if one.speaker is not None else one.candidates
        found[one.label] = replace(found[one.label], candidates=likely)
    return found


def _asked(
    transcript: Transcript,
    label: Label,
    found: Resolution,
    linked: Mapping[int, queries.Speaking],
    named: Mapping[int, Speaker],
    speaking_already: Collection[int],
) -> Asked:
    speaking = linked.get(label.speaker_id or 0)
    speaker = speaking.speaker if speaking else None
    is_same = speaker is not None and found.speaker == speaker.id
    likely = (found.speaker,) if found.speaker is not None else found.candidates
    offered = [named[int(one)] for one in likely if int(one) in named]
    is_open = speaker is None and label.text not in transcript.settled
    return Asked(
        label=label,
        speaker=speaker,
        why=found.why.value if is_same and found.why else "",
        offered=offered,
        is_open=is_open,
        suggested=next((one for one in offered[:1] if is_open and one.id in speaking_already), None),
    )


def _meant(people: Iterable[Candidate]) -> list[Meant]:
    return [
        Meant(
            id=one.speaker.id,
            name=one.speaker.name,
            spellings=[alias.name for alias in one.speaker.aliases],
            roles=sorted(role.value for role in one.roles or ()),
            of_session=one.roles is not None,
        )
        for one in people
    ]


def answer(transcript_id: int, answers: Iterable[Answer], *, remember: bool, actor: Actor, now: datetime) -> int:
    """Give all turns of each label to the speaker named, or to nobody; gives how many turns changed.

    With `remember` the labels become known spellings of the speakers' names, so that they are sure the next time.
    """
    transcript = queries.lock_transcript(transcript_id)
    answers = list(answers)
    changed = 0
    settled = set(transcript.settled)
    for one in answers:
        changed += give(transcript, one.label, one.speaker.id if one.speaker else None, actor=actor, now=now)
        settled = settled - {one.label} if one.speaker else settled | {one.label}
    if settled != set(transcript.settled):
        transcript.settled = sorted(settled)
    if remember:
        _remember(transcript, answers, actor=actor, now=now)
    return changed


def _remember(transcript: Transcript, answers: Iterable[Answer], *, actor: Actor, now: datetime) -> None:
    spelt: dict[int, list[str]] = {}
    for one in answers:
        if one.speaker is not None and len(one.label) >= SHORTEST_REMEMBERED and not is_role(one.label):
            spelt.setdefault(one.speaker.id, []).append(one.label)
    for speaker in lock_speakers(spelt):
        known = [alias.name for alias in speaker.aliases]
        set_aliases(speaker, [*known, *spelt[speaker.id]])
        names = [alias.name for alias in speaker.aliases]
        if names == known:
            continue
        speaker.version += 1
        speaker.updated_at = now
        index_speaker(speaker, names)
        record(
            "speaker_spelling_learnt", ThingKind.SPEAKER, speaker.id, actor=actor, now=now, event_id=transcript.event_id
        )
