"""Taking in a transcript that was read: turns written at once, and where one stands already, addresses kept."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, cast

from sqlalchemy import Table

from webapp.database import insert_many, insert_or
from webapp.extensions import db
from webapp.folding import clean_line, fold
from webapp.formats.transcripts import read_transcript
from webapp.formats.transcripts.turns import Reading
from webapp.formats.transcripts.turns import Turn as Read
from webapp.models.accounts import Actor
from webapp.models.agenda import Session
from webapp.models.transcripts import (
    GAP,
    LONGEST_LABEL,
    LONGEST_WORDS,
    ChangeKind,
    Fidelity,
    Remark,
    Transcript,
    Turn,
    Unread,
)
from webapp.queries import transcripts as queries
from webapp.services import files
from webapp.services.transcripts.naming import name_all
from webapp.services.transcripts.recording import TranscriptRefused, count_on, keep, note
from webapp.services.transcripts.times import parts_of

# How alike words are that are the same turn, corrected elsewhere.
ALIKE = 0.6
# Within a stretch that changed altogether, each is compared with each only up to so many.
MOST_COMPARED = 60
MOST_TURNS = 60_000
MOST_REMARKS = 500
_WORD = re.compile(r"\w+")
_turns = cast("Table", Turn.__table__)


class StandsAlready(TranscriptRefused):
    """The session has a transcript, and nobody said that it is to be replaced."""

    code = "transcript_stands"
    message = (
        "This session has a transcript already. Say that what you read in is to take its place, then send it again."
    )


@dataclass(frozen=True, kw_only=True)
class Source:
    """The file that was read, as it lies in the folder, and the name its giver chose; text that was pasted has none."""

    written: files.Written | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a reading: the transcript, and how many turns are new, the same, changed and gone."""

    transcript: Transcript
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A file that was read for a session, and the version of the transcript that stands there; 0 for none."""

    session_id: int
    version: int
    reading: Reading


def read_for(session: str, content: bytes) -> Ready:
    """Read a file as the transcript of the released session of this public id, whose speakers' names are known.

    Raises NotFound, and UnreadableTranscriptError with a sentence for people.
    """
    found = queries.get_session_by_public_id(session)
    known = queries.names_at(found.event_id, found.id)
    version = found.transcript.version if found.transcript else 0
    return Ready(session_id=found.id, version=version, reading=read_transcript(content, known=known))


def take_in(
    session_id: int,
    reading: Reading,
    source: Source,
    *,
    replacing: int | None = None,
    fidelity: Fidelity | None = None,
    actor: Actor,
    now: datetime,
) -> Taken:
    """Make a reading the transcript of a released session, or let it take the place of a draft.

    `replacing` is the version of the draft that was shown. Turns whose words are alike keep their addresses and their
    speakers; all others are removed, and can be put back. Raises StandsAlready and TranscriptRefused.
    """
    if not reading.turns:
        raise TranscriptRefused("No turn of anybody was found in it. Write each as “Name: words”.")
    if len(reading.turns) > MOST_TURNS:
        raise TranscriptRefused(f"It has more than {MOST_TURNS:,} turns. Read it in by parts.")
    if any(len(turn.words) > LONGEST_WORDS for turn in reading.turns):
        raise TranscriptRefused(f"One turn is longer than {LONGEST_WORDS:,} characters. Name who speaks more often.")
    begun = _begin(queries.get_released(session_id), now)
    transcript = queries.lock_transcript_of(session_id)
    if not begun:
        _check(transcript, replacing)
        count_on(transcript, now=now)
    _describe(transcript, reading, source, now=now)
    if fidelity is not None:
        transcript.fidelity = fidelity
    db.session.flush()
    speakers = name_all(transcript, [_label(turn) for turn in reading.turns])
    if begun:
        counts = {"new": len(reading.turns)}
        _write(transcript, ((place * GAP, turn) for place, turn in enumerate(reading.turns, 1)), speakers)
    else:
        counts = _replace(transcript, reading.turns, speakers, actor=actor, now=now)
    _remember(transcript, counts, source.name, actor=actor, now=now)
    return Taken(transcript=transcript, counts=counts)


def _check(stands: Transcript, replacing: int | None) -> None:
    if stands.is_published:
        raise TranscriptRefused("The transcript is published. Take it back before another takes its place.")
    if replacing is None:
        raise StandsAlready
    if replacing != stands.version:
        raise StandsAlready(
            "Somebody worked on the transcript since you opened the page. Look at it, then say again that what you"
            " read in is to take its place."
        )


def _begin(session: Session, now: datetime) -> bool:
    """Let the session have a transcript; gives whether it had none. No lock on the session: releases wait for those."""
    insert = insert_or(db.session, Transcript).values(
        session_id=session.id,
        event_id=session.event_id,
        language=session.language,
        created_at=now,
        updated_at=now,
    )
    added = insert.on_conflict_do_nothing(index_elements=["session_id"]).returning(Transcript.id)
    return db.session.scalar(added) is not None


def _describe(transcript: Transcript, reading: Reading, source: Source, *, now: datetime) -> None:
    transcript.introduction = "\n".join(line.text for line in reading.before).strip()
    transcript.source_deleted_at = None
    transcript.source_id = files.keep(source.written, now=now).id if source.written else None
    transcript.source_name = clean_line(source.name)[-120:]
    transcript.source_kind = reading.kind.value
    transcript.source_encoding = reading.encoding
    transcript.unread = [Unread(line=one.number, text=one.text[:500], reason=one.reason) for one in reading.unread]
    transcript.remarks = [Remark(line=one.line, sentence=one.sentence) for one in reading.remarks[:MOST_REMARKS]]
    transcript.checked_by, transcript.checked_at, transcript.checked_version = "", None, None


def _label(turn: Read) -> str:
    return clean_line(turn.label or "")[:LONGEST_LABEL]


def _row(transcript: Transcript, number: int, position: int, turn: Read, speakers: Mapping[str, int]) -> dict[str, Any]:
    label = _label(turn)
    return {
        "transcript_id": transcript.id,
        "position": position,
        "number": number,
        "label": label,
        "speaker_id": speakers.get(label),
        "words": turn.words,
        "starts": turn.start,
        "ends": turn.end,
        "pieces": parts_of(turn),
        "version": transcript.version,
    }


def _write(transcript: Transcript, placed: Iterator[tuple[int, Read]], speakers: Mapping[str, int]) -> None:
    first = queries.next_number(transcript.id)
    rows = [
        _row(transcript, number, position, turn, speakers)
        for number, (position, turn) in enumerate(placed, start=first)
    ]
    insert_many(db.session, _turns, rows)


def _replace(
    transcript: Transcript,
    read: Sequence[Read],
    speakers: Mapping[str, int],
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, int]:
    there = [one for one in queries.lock_turns(transcript.id) if one.joined_into_id is None and one.erased_at is None]
    counts = dict.fromkeys(("new", "same", "changed", "gone"), 0)
    placed: list[tuple[int, Read]] = []
    position = 0
    for old, new in _paired(there, read):
        position += GAP
        if old is None and new is not None:
            placed.append((position, new))
            counts["new"] += 1
            continue
        if old is None:
            continue
        change = _take_over(old, new, speakers, now=now)
        old.position = position
        if new is not None:
            counts["changed" if change else "same"] += 1
        elif change:
            counts["gone"] += 1
        if change:
            old.version = transcript.version
            kind, before, after = change
            keep(kind, transcript, old, actor=actor, now=now, before=before, after=after)
    db.session.flush()
    _write(transcript, iter(placed), speakers)
    return counts


Change = tuple[ChangeKind, dict[str, Any], dict[str, Any]]


def _take_over(old: Turn, new: Read | None, speakers: Mapping[str, int], *, now: datetime) -> Change | None:
    """Make a turn what was read in its place, or remove it; gives what that changed for its readers."""
    if new is None:
        if old.removed_at is not None:
            return None
        old.removed_at = now
        return ChangeKind.REMOVED, {}, {}
    label, came_back = _label(new), old.removed_at is not None
    before = {"words": old.words}
    if label != old.label:
        old.label, old.speaker_id = label, speakers.get(label)
    elif old.speaker_id is None:
        old.speaker_id = speakers.get(label)
    old.words, old.starts, old.ends, old.pieces = new.words, new.start, new.end, parts_of(new)
    old.removed_at = None
    if before["words"] != new.words or came_back:
        return ChangeKind.IMPORTED, before, {"words": new.words}
    return None


def _paired(there: Sequence[Turn], read: Sequence[Read]) -> Iterator[tuple[Turn | None, Read | None]]:
    """Each turn that is there beside the one that was read in its place, in the order in which they are to stand."""
    old, new = [fold(one.words) for one in there], [fold(one.words) for one in read]
    if old == new:
        yield from zip(there, read, strict=True)
        return
    # What is said again and again, such as “Yes”, is not looked for by itself: it would take the square of its number.
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from zip(there[a:b], read[c:d], strict=True)
        else:
            yield from _alike(there[a:b], read[c:d], old[a:b], new[c:d])


def _alike(
    there: Sequence[Turn], read: Sequence[Read], old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Turn | None, Read | None]]:
    """The same within a stretch that changed: in order, those pairs whose words are most alike."""
    next_old = 0
    for place, turn in enumerate(read):
        found = None
        if max(len(there), len(read)) <= MOST_COMPARED:
            found = _nearest(new[place], old[next_old:])
        if found is None:
            yield None, turn
            continue
        for gone in there[next_old : next_old + found]:
            yield gone, None
        yield there[next_old + found], turn
        next_old += found + 1
    for gone in there[next_old:]:
        yield gone, None


def _nearest(words: str, others: Sequence[str]) -> int | None:
    """The place of the text that shares most words with this one, if they are enough; in whatever order they stand."""
    own = Counter(_WORD.findall(words))
    best: tuple[float, int] | None = None
    for place, other in enumerate(others):
        theirs = Counter(_WORD.findall(other))
        shared = 2 * (own & theirs).total() / max(1, own.total() + theirs.total())
        if shared >= ALIKE and (best is None or shared > best[0]):
            best = shared, place
    return best[1] if best else None


def _remember(transcript: Transcript, counts: Mapping[str, int], name: str, *, actor: Actor, now: datetime) -> None:
    after = {"counts": dict(counts), "name": clean_line(name)[-120:]}
    keep(ChangeKind.IMPORTED, transcript, None, actor=actor, now=now, after=after)
    told = {"counts": dict(counts), "unread": len(transcript.unread)}
    note("transcript_read_in", transcript, actor=actor, now=now, **told)
    db.session.flush()
