"""The history of a transcript, and where a passage of an earlier version stands now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models.accounts import Person, ThingKind
from webapp.models.activity import Activity
from webapp.models.transcripts import ERASED, ChangeKind, Turn, TurnChange
from webapp.queries.paging import Page, nearest
from webapp.queries.transcripts.spans import blocks, carried

PAGE_SIZE = 30
# A passage that is parted more often than this is not followed any further.
MOST_PARTS = 50


@dataclass(frozen=True)
class Passage:
    """A stretch of the words of a turn that stands."""

    turn: Turn
    start: int
    end: int

    @property
    def words(self) -> str:
        """What it says."""
        return self.turn.words[self.start : self.end]


@dataclass(frozen=True)
class Followed:
    """Where a passage stands now, in order; without any it is gone. `changed` says whether it read otherwise."""

    passages: list[Passage] = field(default_factory=list)
    changed: bool = False


def changes_of(transcript_id: int, *, page: int) -> Page[TurnChange]:
    """The changes of a transcript with who made them and the turns, latest first, 30 a page."""
    held = TurnChange.transcript_id == transcript_id
    total = db.session.scalar(select(func.count()).select_from(TurnChange).where(held)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = (
        select(TurnChange)
        .where(held)
        .options(joinedload(TurnChange.by), joinedload(TurnChange.turn))
        .order_by(TurnChange.version.desc(), TurnChange.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(list(db.session.scalars(statement)), number, PAGE_SIZE, total)


def publications_of(session_id: int) -> list[tuple[str, datetime, str | None]]:
    """When the transcript of a session was published and taken back, as verbs, and by whom; the latest first."""
    verbs = ("transcript_published", "transcript_taken_back")
    statement = (
        select(Activity.verb, Activity.at, Person.name)
        .outerjoin(Person, Person.id == Activity.actor_id)
        .where(Activity.thing_kind == ThingKind.SESSION, Activity.thing_id == session_id, Activity.verb.in_(verbs))
        .order_by(Activity.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(verb, at, name) for verb, at, name in db.session.execute(statement)]


def changes_of_turn(turn_id: int, *, after: int = 0) -> list[TurnChange]:
    """The changes of a turn beyond a version, with who made them, in their order."""
    statement = (
        select(TurnChange)
        .where(TurnChange.turn_id == turn_id, TurnChange.version > after)
        .options(joinedload(TurnChange.by))
        .order_by(TurnChange.version, TurnChange.id)
    )
    return list(db.session.scalars(statement))


def follow(turn: Turn, version: int, start: int, end: int) -> Followed:
    """Where the stretch of a turn's words at a version of the transcript stands now.

    Corrections move it, a split or a join takes it to the other turn; what was removed or rewritten is gone.
    """
    waiting, found, first = [(turn.id, version, start, end)], [], ""
    for _ in range(MOST_PARTS):
        if not waiting:
            break
        turn_id, since, begins, stops = waiting.pop(0)
        changes = changes_of_turn(turn_id, after=since)
        if not first and turn_id == turn.id:
            first = _words_then(turn, changes)[start:end]
        kept, further = _through(changes, begins, stops)
        waiting = [*further, *waiting]
        if kept:
            found.append((turn_id, *kept))
    rows = _standing({turn_id for turn_id, _, _ in found})
    passages = [
        Passage(rows[turn_id], a, min(b, len(rows[turn_id].words))) for turn_id, a, b in found if turn_id in rows
    ]
    passages.sort(key=lambda one: (one.turn.position, one.turn.id, one.start))
    now = " ".join(one.words for one in passages)
    return Followed(passages, changed=now.split() != first.split())


def find_present(turn: Turn) -> Turn | None:
    """The turn in which the words of this one stand now; None when they were removed."""
    if turn.stands:
        return turn
    if turn.joined_into_id is None:
        return None
    joins = [one for one in changes_of_turn(turn.id) if one.kind is ChangeKind.JOINED and "into" in one.after]
    if not joins:
        return None
    followed = follow(turn, joins[-1].version - 1, 0, len(joins[-1].before["words"]))
    return followed.passages[0].turn if followed.passages else None


def gone_with(turn: Turn) -> list[Turn]:
    """A turn that was removed, and those joined into it, at whatever remove, whose words stand nowhere else now."""
    found, begun = [turn], [turn.id]
    while begun:
        joined = list(db.session.scalars(select(Turn).where(Turn.joined_into_id.in_(begun)).order_by(Turn.id)))
        found += [one for one in joined if find_present(one) is None]
        begun = [one.id for one in joined]
    return found


def words_at(turn: Turn, version: int) -> str:
    """What a turn said at a version of the transcript."""
    return _words_then(turn, changes_of_turn(turn.id, after=version))


def words_taken_out(turn: Turn, version: int) -> list[str]:
    """The words that the correction of this version took out of a turn, in their order; none where they were erased."""
    found = []
    for change in changes_of_turn(turn.id, after=version - 1):
        if (
            change.version == version
            and change.kind in {ChangeKind.WORDS, ChangeKind.IMPORTED}
            and "words" in change.after
        ):
            before = str(change.before["words"])
            gone = [before[a:b].strip() for kept, a, b, _, _ in blocks(before, str(change.after["words"])) if not kept]
            found += [words for words in gone if words.strip(ERASED)]
    return found


def _words_then(turn: Turn, changes: list[TurnChange]) -> str:
    return next((str(one.before["words"]) for one in changes if "words" in one.before), turn.words)


Stretch = tuple[int, int, int, int]


def _through(changes: list[TurnChange], start: int, end: int) -> tuple[tuple[int, int] | None, list[Stretch]]:
    """Where a stretch is after some changes of its turn, and what of it goes on in other turns from which version."""
    further: list[Stretch] = []
    for change in changes:
        after: dict[str, Any] = change.after
        if "into" in after:
            at = after["at"]
            return None, [*further, (after["into"], change.version, start + at, end + at)]
        if change.kind is ChangeKind.SPLIT and "other" in after:
            left, right = len(after["words"]), after["from"]
            if end > right:
                further.append((after["other"], change.version, max(start - right, 0), end - right))
            end = min(end, left)
            if start >= end:
                return None, further
        elif "words" in change.before and "words" in after:
            moved = carried(change.before["words"], after["words"], start, end)
            if moved is None:
                return None, further
            start, end = moved
    return (start, end), further


def _standing(turn_ids: set[int]) -> dict[int, Turn]:
    statement = select(Turn).where(Turn.id.in_(sorted(turn_ids))).order_by(Turn.id)
    return {one.id: one for one in db.session.scalars(statement) if one.stands}
