"""Correcting a transcript turn by turn: words, speaker, split, joined, removed, put back."""

import re
from datetime import datetime

from sqlalchemy import update

from webapp import indexing
from webapp.extensions import db
from webapp.folding import clean_text
from webapp.models.accounts import Actor
from webapp.models.transcripts import GAP, LONGEST_WORDS, ChangeKind, Transcript, Turn
from webapp.queries import transcripts as queries
from webapp.services.topics.taking_away import take_out_of_others
from webapp.services.transcripts import times
from webapp.services.transcripts.recording import TranscriptRefused, TurnChanged, count_on, keep, tell

_GONE = "This turn is not part of the transcript any more. Look at how it stands now."
_MARGIN = re.compile(r"\s*")


def change(
    transcript_id: int,
    public_id: str,
    *,
    words: str,
    speaker_id: int | None,
    version: int,
    proposed_by: int | None = None,
    actor: Actor,
    now: datetime,
) -> Turn:
    """Make a turn say this, and be this speaker's; what it is already is no change, whatever the version.

    The history tells which speaker proposed the words, if one did. Raises TurnChanged when `version` is not that of the
    turn, and TranscriptRefused for a turn that does not stand or would say nothing.
    """
    transcript, turn = _locked(transcript_id, public_id)
    words = clean_text(words)
    if (words, speaker_id) == (turn.words, turn.speaker_id):
        return turn
    if turn.version != version:
        raise TurnChanged
    if not words:
        raise TranscriptRefused("A turn says something. To take it out of the text, choose “Take it out”")
    if len(words) > LONGEST_WORDS:
        raise TranscriptRefused(f"A turn must be {LONGEST_WORDS:,} characters or fewer. Split it")
    turn.version = count_on(transcript, now=now)
    if words != turn.words:
        after = {"words": words} | ({"proposed_by": proposed_by} if proposed_by is not None else {})
        keep(ChangeKind.WORDS, transcript, turn, actor=actor, now=now, before=_says(turn), after=after)
        turn.pieces = times.moved(turn.pieces, turn.words, words)
        turn.words = words
        tell(transcript, ChangeKind.WORDS, actor=actor, now=now, turn=turn.public_id)
    if speaker_id != turn.speaker_id:
        was, is_now = {"speaker": turn.speaker_id}, {"speaker": speaker_id}
        keep(ChangeKind.SPEAKER, transcript, turn, actor=actor, now=now, before=was, after=is_now)
        turn.speaker_id = speaker_id
        tell(transcript, ChangeKind.SPEAKER, actor=actor, now=now, turn=turn.public_id)
    return turn


def split(
    transcript_id: int,
    public_id: str,
    *,
    at: int,
    speaker_id: int | None,
    version: int,
    actor: Actor,
    now: datetime,
) -> Turn:
    """Let what stands from this place on be a turn of its own, of this speaker; gives the new turn.

    Raises TurnChanged as change() does, and TranscriptRefused when nothing would stand on one of the two sides.
    """
    transcript, turn = _locked(transcript_id, public_id)
    if turn.version != version:
        raise TurnChanged
    words = turn.words
    left = words[:at].rstrip()
    begins = at + len(_margin(words, at))
    right = words[begins:]
    if not left or not right:
        raise TranscriptRefused("Choose a place within the turn, so that words stand before and after it")
    turn.version = count_on(transcript, now=now)
    first, second = times.parted(turn.pieces, len(left), begins)
    added = Turn(
        transcript_id=transcript.id,
        position=_place_after(transcript.id, turn),
        number=queries.next_number(transcript.id),
        label=turn.label,
        speaker_id=speaker_id,
        words=right,
        starts=second[0][1] if second else None,
        ends=turn.ends if second or turn.starts is None else None,
        pieces=second,
        version=transcript.version,
    )
    db.session.add(added)
    db.session.flush()
    after = {"words": left, "other": added.id, "from": begins}
    keep(ChangeKind.SPLIT, transcript, turn, actor=actor, now=now, before=_says(turn), after=after)
    turn.words, turn.pieces = left, first
    turn.ends = first[-1][2] if first else None
    tell(transcript, ChangeKind.SPLIT, actor=actor, now=now, turn=turn.public_id, other=added.public_id)
    return added


def _margin(words: str, at: int) -> str:
    found = _MARGIN.match(words, at)
    return found[0] if found else ""


def _place_after(transcript_id: int, turn: Turn) -> int:
    """A position between a turn and the next; where there is no room left, all turns are moved apart."""
    rows = queries.positions_from(transcript_id, turn)
    if len(rows) < 2:
        return turn.position + GAP
    if rows[1].position - turn.position > 1:
        return (turn.position + rows[1].position) // 2
    everyone = queries.lock_turns(transcript_id)
    for number, one in enumerate(everyone, start=1):
        one.position = number * GAP
    db.session.flush()
    return turn.position + GAP // 2


def join(transcript_id: int, public_id: str, *, version: int, actor: Actor, now: datetime) -> Turn:
    """Let a turn's words go on at the end of the turn before it; gives that one. Joined so already, it changes nothing.

    Raises TurnChanged as change() does, and TranscriptRefused where no turn stands before it.
    """
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    if turn.joined_into_id is not None:
        into = queries.find_present(turn)
        if into is None:
            raise TranscriptRefused(_GONE)
        return into
    if turn.removed_at is not None:
        raise TranscriptRefused(_GONE)
    if turn.version != version:
        raise TurnChanged
    into = queries.find_neighbours(turn)[0]
    if into is None:
        raise TranscriptRefused("No turn stands before this one, so there is none to join it to")
    words = f"{into.words} {turn.words}"
    if len(words) > LONGEST_WORDS:
        raise TranscriptRefused(f"Joined they would be longer than {LONGEST_WORDS:,} characters")
    at = len(into.words) + 1
    turn.version = into.version = count_on(transcript, now=now)
    after = {"words": words, "other": turn.id}
    keep(ChangeKind.JOINED, transcript, into, actor=actor, now=now, before=_says(into), after=after)
    gone = {"into": into.id, "at": at}
    keep(ChangeKind.JOINED, transcript, turn, actor=actor, now=now, before=_says(turn), after=gone)
    into.pieces = times.joined(_parts(into), _parts(turn), at)
    into.words, into.ends = words, turn.ends
    turn.joined_into_id, turn.joined_at = into.id, at
    tell(transcript, ChangeKind.JOINED, actor=actor, now=now, turn=into.public_id, other=turn.public_id)
    return into


def _parts(turn: Turn) -> list[times.Part]:
    if turn.pieces or (turn.starts is None and turn.ends is None):
        return turn.pieces
    return [[0, turn.starts, turn.ends]]


def remove(transcript_id: int, public_id: str, *, version: int, actor: Actor, now: datetime) -> Turn:
    """Take a turn out of the text; its address then says so, and no post quotes it. Removed already, nothing changes.

    Raises TurnChanged and TranscriptRefused as change() does.
    """
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    if turn.removed_at is not None:
        return turn
    if turn.joined_into_id is not None:
        raise TranscriptRefused(_GONE)
    if turn.version != version:
        raise TurnChanged
    turn.version = count_on(transcript, now=now)
    turn.removed_at = now
    keep(ChangeKind.REMOVED, transcript, turn, actor=actor, now=now)
    if transcript.published_at is not None:
        db.session.flush()
        indexing.forget_words(take_out_of_others(queries.gone_with(turn), now=now))
    tell(transcript, ChangeKind.REMOVED, actor=actor, now=now, turn=turn.public_id)
    return turn


def put_back(transcript_id: int, public_id: str, *, actor: Actor, now: datetime) -> Turn:
    """Let a removed turn stand again where it stood. If it stands, nothing changes; raises TranscriptRefused."""
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    if turn.joined_into_id is not None:
        raise TranscriptRefused(_GONE)
    if turn.removed_at is None:
        return turn
    if turn.erased_at is not None:
        raise TranscriptRefused("The words of this turn were erased for good, so it cannot be put back.")
    turn.version = count_on(transcript, now=now)
    turn.removed_at = None
    keep(ChangeKind.PUT_BACK, transcript, turn, actor=actor, now=now)
    tell(transcript, ChangeKind.PUT_BACK, actor=actor, now=now, turn=turn.public_id)
    return turn


def give(transcript: Transcript, label: str, speaker_id: int | None, *, actor: Actor, now: datetime) -> int:
    """Give all turns of a label in a locked transcript to this speaker, or to nobody; gives how many changed."""
    number = transcript.version + 1
    statement = (
        update(Turn)
        .where(Turn.transcript_id == transcript.id, Turn.label == label, queries.STANDS)
        .where(Turn.speaker_id.is_distinct_from(speaker_id))
        .values(speaker_id=speaker_id, version=number)
    )
    statement_with_ids = statement.returning(Turn.id).execution_options(synchronize_session=False)
    ids = list(db.session.scalars(statement_with_ids))
    turns = len(ids)
    if not turns:
        return 0
    indexing.note_turns(ids)
    count_on(transcript, now=now)
    after = {"label": label, "speaker": speaker_id, "turns": turns}
    keep(ChangeKind.SPEAKER, transcript, None, actor=actor, now=now, before={"label": label}, after=after)
    tell(transcript, ChangeKind.SPEAKER, actor=actor, now=now, turns=turns)
    return turns


def _locked(transcript_id: int, public_id: str) -> tuple[Transcript, Turn]:
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    if not turn.stands:
        raise TranscriptRefused(_GONE)
    return transcript, turn


def _says(turn: Turn) -> dict[str, str]:
    return {"words": turn.words}
