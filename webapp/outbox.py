"""Mail as rows: post() writes a letter in the unit of the change it tells of; deliver() sends what was committed.

A worker takes a few letters at a time under its name, renders each once, keeps the bytes, and sends them in the order
of their ids. After each it records the outcome before it begins the next. So if it dies, at most one letter is
uncertain: that one is marked, and sent again as the same bytes under the same Message-ID, or held, as the settings say.
The bytes stay with the letter for a time, except where they sign somebody in.
"""

import base64
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, null, update

from config import Settings
from webapp import transaction
from webapp.database import insert_many
from webapp.extensions import db
from webapp.folding import words
from webapp.models.mailings import ENDED, NEVER_KEPT, Lane, Letter, LetterState, MailKind, Try
from webapp.notices.composing import fill_files
from webapp.notices.letters import Notice
from webapp.notices.originals import Words
from webapp.notices.rendering import render
from webapp.postman import Away, Deferred, Dropped, Postman, Undeliverable
from webapp.queries import mailings as queries
from webapp.queries import preferences, wordings
from webapp.queries.wordings import Reworded

BATCH = 20
SILENT = timedelta(seconds=60)
AT_ONCE = 1_000
STOPPED = "The worker stopped while it had this letter in hand."
STOPPED_TOO_OFTEN = "Each time that it was sent, the worker stopped."
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
# Shorter than a minute, so that the next sweep tries again.
PAUSE_WHEN_AWAY = timedelta(seconds=45)
# How long the exact bytes can be shown after a letter was sent or given up.
BYTES_KEPT = timedelta(days=180)

_S = LetterState
logger = logging.getLogger(__name__)
_table = cast("Table", Letter.__table__)
_c = _table.c
# Built once, since they run for each letter: an UPDATE of a letter, provided that this worker still holds it.
_HELD = update(_table).where(_c.id == bindparam("letter"), _c.state == _S.SENDING, _c.taken_by == bindparam("worker"))
_RENDERED = _HELD.values(message=bindparam("bytes"))
_TOLD = ("state", "attempts", "uncertain", "tries", "last_error", "next_attempt_at", "sent_at", "message_until")
_RECORDED = _HELD.values({"taken_by": ""} | {name: bindparam(f"to_{name}") for name in _TOLD})
_RECORDED_WITHOUT_BYTES = _RECORDED.values(message=None)


def post(notice: Notice, *, now: datetime) -> Letter | None:
    """Add a letter to the outbox, in the unit of the change that it tells of; none where its kind was declined."""
    if preferences.declined_of(_declinable([notice])):
        return None
    letter = Letter(**_row(notice, now))
    db.session.add(letter)
    awaken({notice.lane})
    return letter


def post_many(notices: Iterable[Notice], *, now: datetime) -> int:
    """Add letters to many by few statements, in the unit of the change that they tell of; gives how many.

    Who declined that kind gets none.
    """
    # What was posted one by one before is told before.
    db.session.flush()
    given, posted = iter(notices), 0
    # Some at a time: however many there are, they are never in memory together.
    while some := list(islice(given, AT_ONCE)):
        declined = preferences.declined_of(_declinable(some))
        rows = [_row(notice, now) for notice in some if (notice.person_id, notice.kind) not in declined]
        if not rows:
            continue
        insert_many(db.session, _table, rows)
        awaken({row["lane"] for row in rows})
        posted += len(rows)
    return posted


def _declinable(letters: Iterable[Notice | Letter]) -> list[tuple[int, MailKind]]:
    return [(one.person_id, one.kind) for one in letters if one.kind.may_be_declined and one.person_id is not None]


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "notice": notice.name,
        "lane": notice.lane,
        "kind": notice.kind,
        "recipient_name": notice.recipient_name,
        "recipient_email": notice.recipient_email,
        "recipient_words": recipient_words(notice.recipient_name, notice.recipient_email),
        "reply_to": notice.reply_to,
        "facts": notice.facts,
        "person_id": notice.person_id,
        "event_id": notice.event_id,
        "mailing_id": notice.mailing_id,
        "expires_at": notice.expires_at,
        "next_attempt_at": now,
        "created_at": now,
    }


def recipient_words(name: str, email: str) -> str:
    """The words by which a recipient is searched for, each after a space."""
    return "".join(f" {word}" for word in words(f"{name} {email}"))[:500]


def awaken(lanes: Iterable[Lane]) -> None:
    """Have workers look at these lanes after the commit of this unit."""
    db.session.info.setdefault("posted_lanes", set()).update(lanes)


def take_posted_lanes() -> set[Lane]:
    """The lanes in which this unit posted letters, asked for once after the commit."""
    lanes: set[Lane] = db.session.info.pop("posted_lanes", set())
    return lanes


def deliver(
    lane: Lane,
    worker: str,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due in a lane until nothing is; gives how many letters were sent.

    Ends early when the mail server is away or `stopping` says so: what was taken and not begun is given back. One
    call at a time may use a worker's name.
    """
    sent = 0
    _resume(worker, settings, clock())
    with Postman(settings) as postman:
        while not stopping() and (batch := _take(lane, worker, clock())) is not None:
            taken, reworded = batch
            held = {letter.id for letter in taken}
            for letter in _rendered(taken, reworded, worker, settings, clock()):
                if stopping():
                    break
                if letter.id not in held:
                    continue  # this worker was thought dead: whoever has the letter now sends it
                try:
                    outcome = _hand_over(letter, postman, settings)
                except Away as away:
                    logger.warning("%s", away)
                    _give_back(worker, str(away), due=clock() + PAUSE_WHEN_AWAY)
                    return sent
                held = _record(letter, outcome, worker, settings, clock())
                sent += outcome.state is _S.SENT
                if outcome.dropped:
                    logger.warning("%s", outcome.error)
                    _give_back(worker, outcome.error, due=clock() + PAUSE_WHEN_AWAY)
                    return sent
    if stopping():
        _give_back(worker, "", due=clock())
    return sent


def recover(settings: Settings, *, now: datetime) -> int:
    """Free letters taken by workers that fell silent; gives how many."""
    with transaction.unit():
        letters = queries.lock_abandoned(silent_since=now - SILENT)
        _free(letters, settings, now)
    return len(letters)


def stop_mailings(event_id: int, reason: str, *, now: datetime, mailing_id: int | None = None) -> int:
    """Cancel what is queued to many for an event, in the unit of the change that makes it wrong; gives how many.

    With `mailing_id` only the letters of that one.

    The one that each worker has in hand may be with the mail server already: it is let go, and recorded as it went,
    but not tried again.
    """
    letters = queries.lock_unsent(event_id, Lane.MAILING, mailing_id=mailing_id)
    in_hand: dict[str, int] = {}
    for letter in letters:
        if letter.taken_by:
            in_hand[letter.taken_by] = min(letter.id, in_hand.get(letter.taken_by, letter.id))
    ids = [letter.id for letter in letters if in_hand.get(letter.taken_by) != letter.id]
    cancel(ids, reason, now=now)
    db.session.execute(update(_table).where(_c.id.in_(in_hand.values())).values(expires_at=now))
    return len(ids)


def forget_bytes(*, now: datetime, limit: int) -> int:
    """Delete the bytes of letters that have been kept for long enough, up to so many; gives of how many."""
    ids = queries.expired_bytes(now=now, limit=limit)
    if ids:
        spent = update(_table).where(_c.id.in_(ids))
        db.session.execute(spent.values(message=None, message_until=None))
    return len(ids)


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    state: LetterState
    said: str = ""
    error: str = ""
    uncertain: bool = False
    dropped: bool = False


def _take(lane: Lane, worker: str, now: datetime) -> tuple[Sequence[Letter], Reworded] | None:
    """Take a few letters that are due, in the order of their ids, with the words of organisers; None when none is due.

    What is no longer of use, or no longer wanted, is cancelled.
    """
    with transaction.unit():
        letters = queries.lock_due(lane, now=now, limit=BATCH)
        declined = preferences.declined_of(_declinable(letters))
        taken = []
        for letter in sorted(letters, key=lambda letter: letter.id):
            if letter.expires_at is not None and letter.expires_at <= now:
                _end(letter, _S.CANCELLED, "No longer of use when its turn came.", now)
            elif (letter.person_id, letter.kind) in declined:
                declined_kind = f"The recipient has declined letters of this kind: {letter.kind.label}."
                _end(letter, _S.CANCELLED, declined_kind, now)
            else:
                letter.state = _S.SENDING
                letter.taken_by = worker
                taken.append(letter)
        unwritten = {(one.event_id, one.notice) for one in taken if one.message is None and one.event_id is not None}
        reworded = wordings.reworded(unwritten) if unwritten else {}
    return (taken, reworded) if letters else None


def _rendered(
    letters: Sequence[Letter], reworded: Reworded, worker: str, settings: Settings, now: datetime
) -> list[Letter]:
    """The letters with their bytes, kept before any is sent. One that cannot be rendered fails, and it alone.

    Outside the unit that took them, since nobody else could write while twenty letters are rendered.
    """
    ready, fresh, failed = [], [], {}
    for letter in letters:
        if letter.message is None:
            try:
                own = reworded.get((letter.event_id or 0, letter.notice))
                letter.message = render(letter, settings, Words(*own) if own else None)
            except Exception as fault:
                logger.exception("Letter %s (%s) could not be rendered", letter.public_id, letter.notice)
                failed[letter.id] = f"It could not be rendered: {type(fault).__name__}: {fault}"
                continue
            fresh.append({"letter": letter.id, "worker": worker, "bytes": letter.message})
        ready.append(letter)
    if fresh or failed:
        with transaction.unit():
            if fresh:
                db.session.execute(_RENDERED, fresh)
            for letter in queries.lock_taken(worker) if failed else ():
                if letter.id in failed:
                    _end(letter, _S.FAILED, failed[letter.id], now)
            # With the first gone, the next is in hand, and may have been stopped meanwhile.
            still = queries.taken_ids(worker) if failed else {letter.id for letter in ready}
            ready = [letter for letter in ready if letter.id in still]
    return ready


def _hand_over(letter: Letter, postman: Postman, settings: Settings) -> _Outcome:
    try:
        said = postman.send(letter.recipient_email, whole(letter, settings))
    except Undeliverable as refused:
        return _Outcome(state=_S.FAILED, error=str(refused))
    except Dropped as lost:
        return _Outcome(state=_S.DEFERRED, error=str(lost), uncertain=lost.uncertain, dropped=True)
    except Deferred as later:
        return _Outcome(state=_S.DEFERRED, error=str(later))
    except Away:
        raise
    except Exception as fault:  # one odd letter must not hold up the others
        logger.exception("Letter %s (%s) could not be sent", letter.public_id, letter.notice)
        postman.hang_up()
        return _Outcome(state=_S.FAILED, error=f"It could not be sent: {type(fault).__name__}: {fault}")
    return _Outcome(state=_S.SENT, said=said)


def whole(letter: Letter, settings: Settings) -> bytes:
    """The bytes of a letter as they go, with the files inside it; raises OSError where one of them is gone."""
    return fill_files(letter.message or b"", partial(_encoded, settings.files_path))


@lru_cache(maxsize=4)
def _encoded(folder: Path, digest: str) -> bytes:
    # A few files go into thousands of letters, one after the other.
    return base64.encodebytes((folder / digest[:2] / digest).read_bytes()).replace(b"\n", b"\r\n")


def _record(letter: Letter, outcome: _Outcome, worker: str, settings: Settings, now: datetime) -> set[int]:
    """Record what became of a letter, and give those that this worker still holds."""
    attempts, state = letter.attempts + 1, outcome.state
    if state is _S.DEFERRED and attempts > len(PAUSES):
        state = _S.FAILED
    elif outcome.uncertain and settings.uncertain_letters == "hold":
        state = _S.HELD
    this = Try(at=now, became=state, said=outcome.said or outcome.error, uncertain=outcome.uncertain)
    ended = state in ENDED
    values = {
        "letter": letter.id,
        "worker": worker,
        "to_state": state,
        "to_attempts": attempts,
        "to_uncertain": letter.uncertain + outcome.uncertain,
        "to_tries": [*letter.tries, this.plain()],
        "to_last_error": outcome.error[:500],
        "to_next_attempt_at": now + PAUSES[attempts - 1] if state is _S.DEFERRED else letter.next_attempt_at,
        "to_sent_at": now if state is _S.SENT else None,
        "to_message_until": now + BYTES_KEPT if ended and not letter.is_never_kept else None,
    }
    with transaction.unit():
        db.session.execute(_RECORDED_WITHOUT_BYTES if ended and letter.is_never_kept else _RECORDED, values)
        return queries.taken_ids(worker)


def _give_back(worker: str, reason: str, *, due: datetime) -> None:
    """Let go of what was taken and not begun."""
    with transaction.unit():
        for letter in queries.lock_taken(worker):
            letter.state = _S.WAITING
            letter.taken_by = ""
            letter.next_attempt_at = due
            letter.last_error = reason[:500]


def _resume(worker: str, settings: Settings, now: datetime) -> None:
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
                _end(letter, _S.FAILED, STOPPED_TOO_OFTEN, now)
            elif settings.uncertain_letters == "hold":
                letter.state = _S.HELD
            this = Try(at=now, became=letter.state, said=letter.last_error, uncertain=True)
            letter.tries = [*letter.tries, this.plain()]
        letter.taken_by = ""


def _end(letter: Letter, state: LetterState, reason: str, now: datetime) -> None:
    letter.state = state
    letter.taken_by = ""
    letter.last_error = reason[:500]
    # Of what never left nothing is kept.
    if letter.is_never_kept or not (letter.attempts or letter.uncertain):
        letter.message = None
    else:
        letter.message_until = now + BYTES_KEPT


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
