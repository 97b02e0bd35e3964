"""Letters as organisers deal with them: held, let go, cancelled, sent again; and read as they were sent."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, or_, update

from config import Settings
from webapp import outbox
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.formats.messages import subject_in
from webapp.models.accounts import Actor, ThingKind
from webapp.models.mailings import ENDED, Lane, Letter, LetterState
from webapp.notices import following
from webapp.notices.following import Moment
from webapp.notices.originals import Words
from webapp.notices.rendering import render, subject_of
from webapp.queries import letters as queries
from webapp.queries import wordings
from webapp.queries.letters import LetterFilter
from webapp.services.activity import record

logger = logging.getLogger(__name__)
_S = LetterState
_table = cast("Table", Letter.__table__)
AT_ONCE = 1_000
MOST_TRIES = len(outbox.PAUSES) + 1
CANCELLED = "An organiser cancelled it before it was sent."


class Act(StrEnum):
    """What an organiser can do to letters."""

    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    SEND_AGAIN = "send_again"


# Those that each can be done to. What a worker has in hand is let alone: it is with the mail server already.
ON: dict[Act, ColumnElement[bool]] = {
    Act.HOLD: Letter.state.in_((_S.WAITING, _S.DEFERRED)),
    Act.RELEASE: Letter.state == _S.HELD,
    Act.CANCEL: Letter.state.in_((_S.WAITING, _S.DEFERRED, _S.HELD)),
    Act.SEND_AGAIN: or_(Letter.state == _S.FAILED, and_(Letter.state == _S.HELD, Letter.uncertain > 0)),
}
_DONE = {Act.HOLD: "held", Act.RELEASE: "released", Act.CANCEL: "cancelled", Act.SEND_AGAIN: "sent_again"}


class MoreThanConfirmed(DomainError):
    """More letters would be touched than were counted on the page that was confirmed."""

    code = "more_than_confirmed"


@dataclass(frozen=True)
class Reading:
    """A letter's bytes for reading: `exact` as they were sent, else as they would be sent now; None for none."""

    content: bytes | None
    exact: bool


def count(what: Act, event_id: int, wanted: LetterFilter) -> int:
    """To how many of these letters it can be done now."""
    return queries.count_in(event_id, wanted, ON[what])


def act(what: Act, event_id: int, wanted: LetterFilter, *, number: int, actor: Actor, now: datetime) -> int:
    """Do it to those of the letters that it can be done to; gives to how many.

    Workers go on meanwhile, so there may be fewer than the number that was confirmed. Raises MoreThanConfirmed.
    """
    ids = queries.lock_letters(event_id, wanted, ON[what])

    if len(ids) > number:
        raise MoreThanConfirmed(
            f"There are {len(ids):,} letters now, not {number:,}. Look at the new number, then confirm it."
        )
    if not ids:
        return 0

    _change(what, ids, now)
    one = bool(wanted.letter)
    verb = f"letter{'' if one else 's'}_{_DONE[what]}"
    kind, thing_id = (ThingKind.LETTER, ids[0]) if one else (ThingKind.EVENT, event_id)
    record(verb, kind, thing_id, actor=actor, now=now, event_id=event_id, **({} if one else {"letters": len(ids)}))

    if what in {Act.RELEASE, Act.SEND_AGAIN}:
        outbox.awaken(Lane)
    return len(ids)


def read(letter: Letter, settings: Settings) -> Reading:
    """The letter as it was sent, or as it would be sent now while it is to go; nothing once its bytes are gone."""
    try:
        if letter.message is not None:
            return Reading(outbox.whole(letter, settings), exact=True)
        if letter.state in ENDED or letter.is_never_kept:
            return Reading(None, exact=False)
        return Reading(render(letter, settings, _own_words(letter)), exact=False)
    except Exception:  # the page is there to say so
        logger.exception("Letter %s (%s) could not be rendered for reading", letter.public_id, letter.notice)
        return Reading(None, exact=False)


def _own_words(letter: Letter) -> Words | None:
    """The words that organisers wrote for it, as they hold at its event; None where ours hold."""
    if letter.event_id is None:
        return None
    pair = (letter.event_id, letter.notice)
    own = wordings.reworded({pair}).get(pair)
    return Words(*own) if own else None


def subjects(letters: Sequence[Letter], settings: Settings) -> dict[int, str]:
    """The subject of each of these letters by its id, as it was sent or would be now; without those that have none."""
    rows = [one for one in queries.with_content([one.id for one in letters]) if not one.is_never_kept]
    unwritten = {(one.event_id, one.notice) for one in rows if one.message is None and one.event_id}
    reworded = wordings.reworded(unwritten) if unwritten else {}
    found = {one.id: _subject(one, settings, reworded.get((one.event_id or 0, one.notice))) for one in rows}
    return {letter_id: subject for letter_id, subject in found.items() if subject}


def _subject(letter: Letter, settings: Settings, reworded: tuple[str, str] | None) -> str:
    try:
        if letter.message is not None:
            return subject_in(letter.message)
        return subject_of(letter, settings, Words(*reworded) if reworded else None)
    except Exception:  # a list is there to show the others
        logger.exception("The subject of letter %s (%s) could not be told", letter.public_id, letter.notice)
        return ""


def timeline(letters: Sequence[Letter]) -> list[Moment]:
    """What one person was sent, the latest first, with the version of the calendar entry that went with each."""
    return following.timeline(letters)


def _change(what: Act, ids: Sequence[int], now: datetime) -> None:
    if what is Act.CANCEL:
        outbox.cancel(ids, CANCELLED, now=now)
        return
    values: dict[str, Any] = {"state": _S.HELD}
    if what is Act.RELEASE:
        values = {"state": _S.WAITING, "next_attempt_at": now}
    elif what is Act.SEND_AGAIN:
        # A new try with all its pauses; the bytes, where there are any, are those that went before.
        values = {"state": _S.WAITING, "next_attempt_at": now, "attempts": 0, "message_until": None}
    for start in range(0, len(ids), AT_ONCE):
        some = update(_table).where(_table.c.id.in_(ids[start : start + AT_ONCE]))
        db.session.execute(some.values(values))
