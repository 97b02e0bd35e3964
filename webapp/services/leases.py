"""Work that takes long, done by a worker that has it on lease: tried three times, and never by two to the end.

A worker that dies leaves its work to the next once the lease has run out. One that was only slow is found out by the
end of its lease: whoever took the work over has a later one, so what the slow one says then counts for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from webapp import transaction
from webapp.database import Leased
from webapp.errors import DomainError
from webapp.extensions import db

LEASE = timedelta(minutes=5)
PAUSE = timedelta(minutes=1)
TRIES = 3
LONGEST_PROBLEM = 500

Row = TypeVar("Row", bound=Leased)


class StoppedError(Exception):
    """The worker was asked to stop in the middle of its work, which counts as not begun."""


@dataclass(frozen=True)
class Taken:
    """Work as a worker took it: the key of its row, and until when it is that worker's."""

    key: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Work(Generic[Row]):
    """One kind of work: how its rows are found, and what is written on them as it goes."""

    next_row: Callable[..., Row | None]
    row: Callable[[int], Row | None]
    key: Callable[[Row], int]
    # What is written when a worker begins, when one leaves it to the next, and when it ends and nothing came of it.
    begin: Callable[[Row], None]
    leave: Callable[[Row], None] = lambda _row: None
    fail: Callable[[Row, str, datetime], None]
    # What is said when it broke each time.
    failed: str = ""


def run(
    work: Work[Row],
    do: Callable[[Taken], bool],
    clock: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Do what waits, one after the other, and give how many were done; `do` says whether it was done by it.

    What is refused ends with the reason. What breaks is tried three times; what broke it is raised. Several workers
    may do this at once.
    """
    done = 0
    while not stopping() and (taken := take(work, clock())) is not None:
        try:
            done += do(taken)
        except DomainError as refused:
            _end(work, taken, refused.message, clock())
        except StoppedError:
            _give_back(work, taken, clock(), counts=False)
        except Exception:
            _give_back(work, taken, clock())
            raise
    return done


def take(work: Work[Row], now: datetime) -> Taken | None:
    """Take the next work, for as long as the lease runs; None when nothing waits."""
    with transaction.unit():
        while (row := work.next_row(now=now)) is not None:
            work.begin(row)
            if row.attempts < TRIES:
                row.attempts += 1
                row.taken_until = now + LEASE
                return Taken(work.key(row), row.taken_until)
            # Each time the worker died of it, so there was nobody to say so.
            row.taken_until = None
            work.fail(row, work.failed, now)
            db.session.flush()
    return None


def find(work: Work[Row], taken: Taken) -> Row | None:
    """The row, locked, while it is still this worker's; None once another took it over, or it is gone."""
    row = work.row(taken.key)
    return row if row is not None and row.taken_until == taken.until else None


def _end(work: Work[Row], taken: Taken, problem: str, now: datetime) -> None:
    with transaction.unit():
        row = find(work, taken)
        if row is not None:
            row.taken_until = None
            work.fail(row, problem[:LONGEST_PROBLEM], now)


def _give_back(work: Work[Row], taken: Taken, now: datetime, *, counts: bool = True) -> None:
    """Leave it to the next worker, after a pause if it broke; the last time it ends."""
    with transaction.unit():
        row = find(work, taken)
        if row is None:
            return
        if counts and row.attempts >= TRIES:
            row.taken_until = None
            work.fail(row, work.failed, now)
            return
        work.leave(row)
        row.attempts -= not counts
        row.taken_until = now + PAUSE if counts else now
