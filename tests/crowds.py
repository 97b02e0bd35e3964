"""Many registrations at once, written as the services leave them, where making each by itself would take minutes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from webapp import transaction
from webapp.database import is_sqlite, new_public_id
from webapp.extensions import db
from webapp.folding import fold, name_key, words
from webapp.models.accounts import Person
from webapp.models.events import Event
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState, RegistrationTally, quarter_hour_of
from webapp.models.search import SearchKind, SearchWord


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the crowd, as somebody who reads a list sees them."""

    arrival: int
    name: str
    email: str
    organisation: str = "Marlbridge Council"
    sector: Sector = Sector.LOCAL_AUTHORITY
    role: str = "Social worker"
    state: RegistrationState = RegistrationState.CONFIRMED

    @property
    def words(self) -> list[str]:
        return words(f"{self.name} {self.email} {self.organisation} {self.role}")


def write_crowd(app: Flask, event: Event, members: Iterable[Member], now: datetime) -> None:
    """Register them all, with the tallies and the words to find them by."""
    members = list(members)
    dates = {"created_at": now, "updated_at": now}
    with app.app_context(), transaction.unit():
        people = _ids(Person, [_person(one) | dates for one in members])
        rows = [
            _row(event, one, now) | {"person_id": person} | dates for one, person in zip(members, people, strict=True)
        ]
        things = _ids(Registration, rows)
        scope = {"kind": SearchKind.REGISTRATION, "scope_id": event.id}
        found = [
            scope | {"word": word, "thing_id": thing}
            for one, thing in zip(members, things, strict=True)
            for word in one.words
        ]
        db.session.execute(insert(SearchWord), found)
        db.session.execute(insert(RegistrationTally), _tallies(event, members, now))
        if not is_sqlite(db.engine.url):
            # As the server does by itself within a minute of so many new rows.
            db.session.execute(text("ANALYZE"))


def _ids(table: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    return db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows).all()


def _person(one: Member) -> dict[str, Any]:
    known = {"name": one.name, "email": one.email, "email_folded": fold(one.email)}
    return known | {"public_id": new_public_id(), "demonstration": False, "version": 1}


def _row(event: Event, one: Member, now: datetime) -> dict[str, Any]:
    return {
        "public_id": new_public_id(),
        "event_id": event.id,
        "state": one.state,
        "mode": event.modes[0],
        "arrival": one.arrival,
        "name": one.name,
        "name_sort": name_key(one.name),
        "email": one.email,
        "organisation_name": one.organisation,
        "organisation_sort": fold(one.organisation),
        "sector": one.sector,
        "role": one.role,
        "language": "en-GB",
        "notice_version": "test",
        "link_nonce": "nonce",
        "registered_at": now,
        "version": 1,
    }


def _tallies(event: Event, members: Iterable[Member], now: datetime) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str, RegistrationState]] = Counter()
    for one in members:
        counts["sector", one.sector.value, one.state] += 1
        counts["organisation", one.organisation, one.state] += 1
        counts["quarter_hour", quarter_hour_of(now), one.state] += 1
    return [
        {"event_id": event.id, "dimension": dimension, "value": value, "state": state, "count": count}
        for (dimension, value, state), count in counts.items()
    ]
