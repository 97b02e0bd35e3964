"""Reads the books of the service for tests, and checks that counters, tallies and rows agree."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, inspect, select

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Person, ThingKind
from webapp.models.calendars import Invitation
from webapp.models.events import Event, Mode, Places
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration, RegistrationState, RegistrationTally, quarter_hour_of
from webapp.services.registrations import personal_token

HELD = ("confirmed", "offered", "waiting", "pending")


class Ledger:
    """What stands in the database, read afresh each time."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def act(self, verb: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Run a verb of a service in a unit of its own, as a request does."""
        with self.app.app_context(), transaction.unit():
            return verb(*args, **more)

    def change(self, row: Any, **values: Any) -> None:
        """Change a row as services do, so that whatever listens to changes hears of it."""

        def run() -> None:
            found = db.session.get_one(type(row), inspect(row).identity)
            for name, value in values.items():
                setattr(found, name, value)

        self.act(run)

    def rows(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.execute(statement))

    def all(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(statement))

    def one(self, statement: Any) -> Any:
        (row,) = self.all(statement)
        return row

    def count(self, table: Any) -> int:
        return self.one(select(func.count()).select_from(table))

    def standing(self, event: Event) -> list[tuple[str, str]]:
        """Who stands how, as (name before the @, state), in order of arrival."""
        statement = select(Registration).where(Registration.event_id == event.id).order_by(Registration.arrival)
        return [(row.email.partition("@")[0], row.state.value) for row in self.all(statement)]

    def registration(self, event: Event, email: str) -> Registration:
        return self.one(select(Registration).where(Registration.event_id == event.id, Registration.email == email))

    def token(self, event: Event, email: str) -> str:
        """The secret part of the personal link that stands in that person's letters."""
        with self.app.app_context():
            return personal_token(self.registration(event, email))

    def counters(self, event: Event, mode: Mode | None = None) -> tuple[int, ...]:
        """Places confirmed, offered, waiting and pending."""
        of_mode = Places.mode == (mode or event.modes[0])
        places = self.one(select(Places).where(Places.event_id == event.id, Places.session_id.is_(None), of_mode))
        return tuple(getattr(places, name) for name in HELD)

    def revision(self, event: Event) -> int:
        return self.one(select(Event.public_revision).where(Event.id == event.id))

    def letters(self) -> list[tuple[str, str]]:
        """Each letter posted, as (notice, name before the @), oldest first."""
        return [
            (letter.notice, letter.recipient_email.partition("@")[0])
            for letter in self.all(select(Letter).order_by(Letter.id))
        ]

    def last_letter(self) -> Letter:
        return self.one(select(Letter).order_by(Letter.id.desc()).limit(1))

    def invitation(self, event: Event, email: str) -> Invitation | None:
        statement = (
            select(Invitation)
            .join(Person, Person.id == Invitation.person_id)
            .where(Invitation.thing_kind == ThingKind.EVENT, Invitation.thing_id == event.id, Person.email == email)
        )
        found = self.all(statement)
        assert len(found) < 2
        return found[0] if found else None

    def check(self, event: Event) -> set[tuple[Mode, int]]:
        """Fail unless the counters and tallies of an event are what its rows say, and nothing is oversold.

        Gives who waits, as (mode, number of arrival).
        """
        row = Registration
        with self.app.app_context():
            rows = db.session.execute(
                select(row.mode, row.state, row.arrival, row.organisation_name, row.sector, row.registered_at).where(
                    row.event_id == event.id
                )
            ).all()
            own = (Places.event_id == event.id, Places.session_id.is_(None))
            places = db.session.scalars(select(Places).where(*own)).all()
            tallies = db.session.scalars(select(RegistrationTally).where(RegistrationTally.event_id == event.id)).all()
        for of_mode in places:
            states = Counter(one.state.value for one in rows if one.mode is of_mode.mode)
            assert {name: getattr(of_mode, name) for name in HELD} == {name: states[name] for name in HELD}
            if of_mode.capacity is not None:
                assert of_mode.confirmed + of_mode.offered <= of_mode.capacity
        assert len({(one.mode, one.arrival) for one in rows}) == len(rows), "a number was given twice"
        expected = Counter(("organisation", one.organisation_name, one.state) for one in rows)
        expected += Counter(("sector", one.sector.value, one.state) for one in rows)
        expected += Counter(("quarter_hour", quarter_hour_of(one.registered_at), one.state) for one in rows)
        assert {(one.dimension, one.value, one.state): one.count for one in tallies if one.count} == dict(expected)
        assert min((one.count for one in tallies), default=0) >= 0
        return {(one.mode, one.arrival) for one in rows if one.state is RegistrationState.WAITING}

    def free(self, event: Event) -> int:
        """Places that nobody has though somebody waits for one."""
        counters = self.all(select(Places).where(Places.event_id == event.id, Places.session_id.is_(None)))
        return sum(row.free or 0 for row in counters if row.waiting)

    def together(self, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run verbs at the same time, each in a thread and a unit of its own; gives results or what was raised."""
        return self.at_once([partial(self.act, job) for job in jobs])

    def at_once(self, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
        """Run these at the same time, each in a thread of its own; gives results or what was raised."""
        start = threading.Barrier(len(jobs))

        def run(job: Callable[[], Any]) -> Any:
            start.wait()
            try:
                return job()
            except Exception as error:  # noqa: BLE001 -- the test looks at it
                return error

        with ThreadPoolExecutor(len(jobs)) as threads:
            return list(threads.map(run, jobs))
