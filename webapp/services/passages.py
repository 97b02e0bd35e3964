"""The index of the one search made anew, and the abbreviations that it knows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from sqlalchemy import delete

from webapp import indexing
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Actor, ThingKind
from webapp.models.passages import KnownWord, SearchAbbreviation, Source
from webapp.queries import passages as queries
from webapp.services.activity import record

AT_ONCE, TURNS_AT_ONCE = 50, 500


class AbbreviationRefused(DomainError):
    """An abbreviation cannot be put on the list like this; the message says why."""

    code = "abbreviation_refused"


class AbbreviationChanged(DomainError):
    """Somebody else changed the abbreviation, or took it away, since the page was opened."""

    code = "abbreviation_changed"
    message = "Somebody changed this abbreviation, or took it away, since you opened the page. Look at it again."


def rebuild(unit: Callable[[], AbstractContextManager[None]]) -> int:
    """Make all passages what they are to be, in many short units, while the service runs; gives of how many things.

    Words known from passages that are no more are forgotten at the end.
    """
    with unit():
        known_after = queries.last_known_word()
    number = 0
    for source in Source:
        if source not in {Source.TRANSCRIPT, Source.TOPIC}:
            number += _remake(
                unit,
                partial(queries.next_sources, source, limit=AT_ONCE),
                partial(indexing.write, source, known_after=known_after),
            )
    number += _remake(
        unit, partial(queries.next_turns, limit=TURNS_AT_ONCE), partial(indexing.write_turns, known_after=known_after)
    )
    number += _remake(
        unit, partial(queries.next_posts, limit=TURNS_AT_ONCE), partial(indexing.write_posts, known_after=known_after)
    )
    with unit():
        db.session.execute(delete(KnownWord).where(KnownWord.id <= known_after))
    return number


def _remake(
    unit: Callable[[], AbstractContextManager[None]],
    following: Callable[[int], list[int]],
    write: Callable[[list[int]], None],
) -> int:
    """Write all things that come one after the other, some in each unit; gives how many."""
    last = number = 0
    while True:
        with unit():
            queries.lock_index()
            some = following(last)
            write(some)
        if not some:
            return number
        last = some[-1]
        number += len(some)


def add_abbreviation(short: str, long: str, *, actor: Actor, now: datetime) -> SearchAbbreviation:
    """Put an abbreviation on the list. Raises AbbreviationRefused where it stands there with the same meaning."""
    _check(short, long, None)
    row = SearchAbbreviation(version=1, created_at=now, updated_at=now)
    _write(row, short, long)
    db.session.add(row)
    db.session.flush()
    record("abbreviation_added", ThingKind.SITE, 0, actor=actor, now=now, label=short, long=long)
    return row


def change_abbreviation(
    abbreviation_id: int, short: str, long: str, *, version: int, actor: Actor, now: datetime
) -> SearchAbbreviation:
    """Make the abbreviation say this; said already, nothing happens.

    Raises AbbreviationChanged when `version` is not the present one, and AbbreviationRefused.
    """
    row = queries.lock_abbreviation(abbreviation_id)
    if row is None:
        raise AbbreviationChanged
    if (row.short, row.long) == (short, long):
        return row
    if row.version != version:
        raise AbbreviationChanged
    _check(short, long, row.id)
    changes = {"short": [row.short, short], "long": [row.long, long]}
    _write(row, short, long)
    row.version += 1
    row.updated_at = now
    said = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    record("abbreviation_changed", ThingKind.SITE, 0, actor=actor, now=now, label=short, changes=said)
    return row


def remove_abbreviation(abbreviation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the abbreviation off the list; gone already, nothing happens."""
    row = queries.lock_abbreviation(abbreviation_id)
    if row is None:
        return
    db.session.delete(row)
    record("abbreviation_removed", ThingKind.SITE, 0, actor=actor, now=now, label=row.short, long=row.long)


def _check(short: str, long: str, own: int | None) -> None:
    if queries.abbreviation_exists(fold(short), fold(long), but=own):
        raise AbbreviationRefused("This abbreviation is on the list with that meaning already")


def _write(row: SearchAbbreviation, short: str, long: str) -> None:
    row.short, row.short_folded = short, fold(short)[:20]
    row.long, row.long_folded = long, fold(long)[:200]
