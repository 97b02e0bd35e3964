"""What became of a letter that was handed over, recorded before the next is begun, and however long it takes.

That a letter was sent is known here alone until it is recorded: lost, it would be sent again.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, repeat
from typing import Any, cast

from sqlalchemy import Dialect, Integer, Table, and_, bindparam, exc, or_, update

from config import Settings
from webapp import transaction
from webapp.extensions import db
from webapp.models.mailings import ENDED, Letter, LetterState, Try
from webapp.outbox.ending import BYTES_KEPT, PAUSES
from webapp.queries import mailings as queries
from webapp.queries.direct import Compiled, asked, compiled_for

# In seconds, about a quarter of an hour in all, beside the eight that each try itself waits for a lock.
PAUSES_TO_RECORD = (0.1, 0.3, 1.0, 2.0)
LAST_PAUSE, LAST_PAUSES = 5.0, 180

_S = LetterState
logger = logging.getLogger(__name__)
_table = cast("Table", Letter.__table__)
_c = _table.c
_HELD = and_(_c.state == _S.SENDING, _c.taken_by == bindparam("worker"))
# Freed from a worker that was thought dead while it tried to record, and in nobody's hands since: then what that
# worker knows is better than that nobody knows. What was cancelled or held meanwhile is not tried again, though.
_FREED = and_(
    _c.taken_by == "",
    _c.attempts == bindparam("freed_attempts", type_=_c.attempts.type),
    _c.uncertain == bindparam("freed_uncertain", type_=_c.uncertain.type),
    or_(_c.state == _S.WAITING, bindparam("is_final", type_=Integer) == 1),
)
_TOLD = ("state", "attempts", "uncertain", "tries", "last_error", "next_attempt_at", "sent_at", "message_until")
_RECORDED = (
    update(_table)
    .where(_c.id == bindparam("letter"), or_(_HELD, _FREED))
    .values({"taken_by": ""} | {name: bindparam(f"to_{name}", type_=_c[name].type) for name in _TOLD})
)
_RECORDED_WITHOUT_BYTES = _RECORDED.values(message=None)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of handing a letter over; `dropped` when the connection is gone."""

    state: LetterState
    said: str = ""
    error: str = ""
    uncertain: bool = False
    dropped: bool = False


def record(letter: Letter, outcome: Outcome, worker: str, settings: Settings, now: datetime) -> set[int]:
    """Record what became of a letter, and give those that this worker still holds.

    A database that is busy or away is waited for, also by a worker that was told to stop.
    """
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
        "freed_attempts": attempts,
        "freed_uncertain": letter.uncertain + 1,
        "is_final": int(state in {_S.SENT, _S.FAILED}),
        "to_state": state,
        "to_attempts": attempts,
        "to_uncertain": letter.uncertain + outcome.uncertain,
        "to_tries": [*letter.tries, this.plain()],
        "to_last_error": outcome.error[:500],
        "to_next_attempt_at": now + PAUSES[attempts - 1] if state is _S.DEFERRED else letter.next_attempt_at,
        "to_sent_at": now if state is _S.SENT else None,
        "to_message_until": now + BYTES_KEPT if ended and not letter.is_never_kept else None,
    }
    recorded, recorded_without_bytes, taken = _compiled(db.engine.dialect)
    first = recorded_without_bytes if ended and letter.is_never_kept else recorded
    rows = _insist(letter, [(first, values), (taken, {"worker": worker})])
    return {taken.read(row)[0] for row in rows}


@lru_cache(maxsize=4)
def _compiled(dialect: Dialect) -> tuple[Compiled, Compiled, Compiled]:
    return (
        compiled_for(_RECORDED, dialect),
        compiled_for(_RECORDED_WITHOUT_BYTES, dialect),
        compiled_for(queries.TAKEN_IDS, dialect),
    )


def _insist(letter: Letter, statements: Sequence[tuple[Compiled, dict[str, Any]]]) -> list[tuple[Any, ...]]:
    driver = db.engine.dialect.loaded_dbapi
    passing: tuple[type[Exception], ...] = (driver.OperationalError, driver.InterfaceError, driver.InternalError)
    # As SQLAlchemy calls them, while a connection is waited for or made.
    passing += (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError)
    for pause in chain(PAUSES_TO_RECORD, repeat(LAST_PAUSE, LAST_PAUSES)):
        try:
            return _written(statements)
        except passing as fault:
            logger.warning("What became of letter %s cannot be recorded yet: %s", letter.public_id, fault)
            time.sleep(pause)
    return _written(statements)


def _written(statements: Sequence[tuple[Compiled, dict[str, Any]]]) -> list[tuple[Any, ...]]:
    for compiled, _ in statements:
        asked.send(compiled.text)
    return transaction.brief_unit([(compiled.text, compiled.values(values)) for compiled, values in statements])
