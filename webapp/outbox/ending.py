"""Letters that end unsent, or wait again: cancelled, given up, left in hand by a worker that died."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, case, null, update

from config import Settings
from webapp import transaction
from webapp.extensions import db
from webapp.models.mailings import NEVER_KEPT, Lane, Letter, LetterState, Try
from webapp.queries import mailings as queries

SILENT = timedelta(seconds=60)
AT_ONCE = 1_000
STOPPED = "The worker stopped while it had this letter in hand."
STOPPED_TOO_OFTEN = "Each time that it was sent, the worker stopped."
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
# How long the exact bytes can be shown after a letter was sent or given up.
BYTES_KEPT = timedelta(days=180)

_S = LetterState
_table = cast("Table", Letter.__table__)
_c = _table.c


def recover(settings: Settings, *, now: datetime) -> int:
    """Free letters taken by workers that fell silent; gives how many."""
    with transaction.unit():
        letters = queries.lock_abandoned(silent_since=now - SILENT)
        _free(letters, settings, now)
    return len(letters)


def stop_mailings(event_id: int, reason: str, *, now: datetime, mailing_id: int | None = None) -> int:
    """Cancel what is queued to many for an event, in the unit of the change that makes it wrong; gives how many.

    With `mailing_id` only the letters of that one.

    The one that a worker has in hand, the first of all that it has taken, may be with the mail server already: it is
    let go, and recorded as it went, but not tried again.
    """
    letters = queries.lock_unsent(event_id, Lane.MAILING, mailing_id=mailing_id)
    in_hand: dict[str, int] = {}
    for letter in letters:
        if letter.taken_by:
            in_hand[letter.taken_by] = min(letter.id, in_hand.get(letter.taken_by, letter.id))
    wanted = [letter.id for letter in letters if letter.is_wanted]
    let_go = set(in_hand.values()).intersection(wanted)
    ids = [letter_id for letter_id in wanted if letter_id not in let_go]
    cancel(ids, reason, now=now)
    db.session.execute(update(_table).where(_c.id.in_(let_go)).values(expires_at=now))
    return len(ids)


def forget_bytes(*, now: datetime, limit: int) -> int:
    """Delete the bytes of letters that have been kept for long enough, up to so many; gives of how many."""
    ids = queries.expired_bytes(now=now, limit=limit)
    if ids:
        spent = update(_table).where(_c.id.in_(ids))
        db.session.execute(spent.values(message=None, message_until=None))
    return len(ids)


def cancel(ids: Sequence[int], reason: str, *, now: datetime) -> None:
    """End letters that were locked before they are sent, with the reason; of what was handed over the bytes stay."""
    kept = ((_c.attempts > 0) | (_c.uncertain > 0)) & _c.notice.not_in(NEVER_KEPT)
    values = {
        "state": _S.CANCELLED,
        "taken_by": "",
        "last_error": reason[:500],
        "message": case((kept, _c.message), else_=null()),
        "message_until": case((kept, now + BYTES_KEPT), else_=null()),
    }
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        db.session.execute(update(_table).where(_c.id.in_(some)).values(values))


def resume(worker: str, settings: Settings, now: datetime) -> None:
    """Free what an earlier call under this name left behind, when it could not record an outcome."""
    left = queries.taken_ids(worker)
    db.session.rollback()
    if left:
        with transaction.unit():
            _free(queries.lock_taken(worker), settings, now)


def _free(letters: Sequence[Letter], settings: Settings, now: datetime) -> None:
    """Make letters that workers left behind wait again.

    They are sent in the order of their ids, so the first of each worker's is uncertain, and marked, and those after
    it were never begun.
    """
    seen: set[str] = set()
    for letter in letters:
        letter.state = _S.WAITING
        if letter.taken_by not in seen:
            seen.add(letter.taken_by)
            letter.uncertain += 1
            letter.attempts += 1
            letter.last_error = STOPPED
            if letter.attempts > len(PAUSES):
                end(letter, _S.FAILED, STOPPED_TOO_OFTEN, now)
            elif settings.uncertain_letters == "hold":
                letter.state = _S.HELD
            this = Try(at=now, became=letter.state, said=letter.last_error, uncertain=True)
            letter.tries = [*letter.tries, this.plain()]
        letter.taken_by = ""


def end(letter: Letter, state: LetterState, reason: str, now: datetime) -> None:
    letter.state = state
    letter.taken_by = ""
    letter.last_error = reason[:500]
    # Of what never left nothing is kept.
    if letter.is_never_kept or not (letter.attempts or letter.uncertain):
        letter.message = None
    else:
        letter.message_until = now + BYTES_KEPT
