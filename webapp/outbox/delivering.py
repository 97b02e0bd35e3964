"""The worker's round: take a few letters that are due, write each once, send them in the order of their ids."""

import base64
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import cast

from sqlalchemy import Table, bindparam, update

from config import Settings
from webapp import transaction
from webapp.extensions import db
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.notices.community_facts import CommunityTold
from webapp.notices.composing import fill_files
from webapp.notices.originals import Words
from webapp.notices.rendering import render
from webapp.outbox.ending import end, resume
from webapp.outbox.posting import declinable
from webapp.outbox.recording import Outcome, record
from webapp.outbox.standing import GONE, standing
from webapp.postman import Away, Deferred, Dropped, Postman, Undeliverable
from webapp.queries import mailings as queries
from webapp.queries import preferences, wordings
from webapp.queries.wordings import Reworded

BATCH = 50
# Shorter than a minute, so that the next sweep tries again.
PAUSE_WHEN_AWAY = timedelta(seconds=45)
# A connection may be lost over one letter, and the next be taken on a new one; so many in a row are the server's.
MOST_DROPS = 3

_S = LetterState
logger = logging.getLogger(__name__)
_table = cast("Table", Letter.__table__)
_c = _table.c
# Built once: the bytes of a letter, provided that this worker still holds it.
_HELD = update(_table).where(_c.id == bindparam("letter"), _c.state == _S.SENDING, _c.taken_by == bindparam("worker"))
_RENDERED = _HELD.values(message=bindparam("bytes"))


def deliver(
    lane: Lane,
    worker: str,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
    before_each: Callable[[], None] = lambda: None,
) -> int:
    """Send what is due in a lane until nothing is; gives how many letters were sent.

    Ends early when the mail server is away, or closes the connection over one letter after another, or `stopping` says
    so: what was taken and not begun is given back. One call at a time may use a worker's name. What is to be done
    `before_each` few letters are taken is done first.
    """
    sent = drops = 0
    resume(worker, settings, clock())
    with Postman(settings) as postman:
        while not stopping():
            before_each()
            batch = take(lane, worker, clock())
            if batch is None:
                break
            taken, beside = batch
            held = {letter.id for letter in taken}
            for letter in rendered(taken, beside, worker, settings, clock()):
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
                held = record(letter, outcome, worker, settings, clock())
                sent += outcome.state is _S.SENT
                drops = drops + 1 if outcome.dropped else 0
                if outcome.dropped:
                    logger.warning("%s", outcome.error)
                if drops == MOST_DROPS:
                    _give_back(worker, outcome.error, due=clock() + PAUSE_WHEN_AWAY)
                    return sent
    if stopping():
        _give_back(worker, "", due=clock())
    return sent


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What some letters are written from beside themselves: words of organisers, and posts as they now stand."""

    reworded: Reworded
    told: Mapping[int, tuple[CommunityTold, ...]]


def take(lane: Lane, worker: str, now: datetime) -> tuple[Sequence[Letter], Beside] | None:
    """Take a few letters that are due, in the order of their ids, and what belongs beside them; None when none is due.

    What is no longer of use, no longer wanted, or no longer for its recipient to read, is cancelled.
    """
    with transaction.unit():
        letters = queries.lock_due(lane, now=now, limit=BATCH)
        declined = preferences.declined_of(declinable(letters))
        told = standing(letters, now=now)
        taken = []
        for letter in sorted(letters, key=lambda letter: letter.id):
            if letter.expires_at is not None and letter.expires_at <= now:
                end(letter, _S.CANCELLED, "No longer of use when its turn came.", now)
            elif (letter.person_id, letter.kind) in declined:
                declined_kind = f"The recipient has declined letters of this kind: {letter.kind.label}."
                end(letter, _S.CANCELLED, declined_kind, now)
            elif letter.is_of_posts and letter.id not in told:
                end(letter, _S.CANCELLED, GONE, now)
            else:
                taken.append(letter)
        if taken:
            # By one statement, where the objects would take one each.
            ours = update(_table).where(_c.id.in_([letter.id for letter in taken]))
            db.session.execute(ours.values(state=_S.SENDING, taken_by=worker))
        unwritten = {(one.event_id, one.notice) for one in taken if one.message is None and one.event_id is not None}
        reworded = wordings.reworded(unwritten) if unwritten else {}
    return (taken, Beside(reworded=reworded, told=told)) if letters else None


def rendered(letters: Sequence[Letter], beside: Beside, worker: str, settings: Settings, now: datetime) -> list[Letter]:
    """The letters with their bytes, kept before any is sent. One that cannot be rendered fails, and it alone.

    Outside the unit that took them, since nobody else could write while fifty letters are rendered. What tells of
    posts is rendered anew each time, unless it may have arrived already.
    """
    ready, fresh, failed = [], [], {}
    for letter in letters:
        if letter.message is None or (letter.is_of_posts and not letter.uncertain):
            try:
                own = beside.reworded.get((letter.event_id or 0, letter.notice))
                told = beside.told.get(letter.id, ())
                letter.message = render(letter, settings, Words(*own) if own else None, told)
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
                    end(letter, _S.FAILED, failed[letter.id], now)
            # With the first gone, the next is in hand, and may have been stopped meanwhile.
            still = queries.taken_ids(worker) if failed else {letter.id for letter in ready}
            ready = [letter for letter in ready if letter.id in still]
    return ready


def _hand_over(letter: Letter, postman: Postman, settings: Settings) -> Outcome:
    try:
        said = postman.send(letter.recipient_email, whole(letter, settings))
    except Undeliverable as refused:
        return Outcome(state=_S.FAILED, error=str(refused))
    except Dropped as lost:
        return Outcome(state=_S.DEFERRED, error=str(lost), uncertain=lost.uncertain, dropped=True)
    except Deferred as later:
        return Outcome(state=_S.DEFERRED, error=str(later))
    except Away:
        raise
    except Exception as fault:  # one odd letter must not hold up the others
        logger.exception("Letter %s (%s) could not be sent", letter.public_id, letter.notice)
        postman.hang_up()
        return Outcome(state=_S.FAILED, error=f"It could not be sent: {type(fault).__name__}: {fault}")
    return Outcome(state=_S.SENT, said=said)


def whole(letter: Letter, settings: Settings) -> bytes:
    """The bytes of a letter as they go, with the files inside it; raises OSError where one of them is gone."""
    return fill_files(letter.message or b"", partial(_encoded, settings.files_path))


@lru_cache(maxsize=4)
def _encoded(folder: Path, digest: str) -> bytes:
    # A few files go into thousands of letters, one after the other.
    return base64.encodebytes((folder / digest[:2] / digest).read_bytes()).replace(b"\n", b"\r\n")


def _give_back(worker: str, reason: str, *, due: datetime) -> None:
    """Let go of what was taken and not begun."""
    with transaction.unit():
        for letter in queries.lock_taken(worker):
            letter.state = _S.WAITING
            letter.taken_by = ""
            letter.next_attempt_at = due
            letter.last_error = reason[:500]
