"""The demonstration as data to measure on: its largest event, and somebody who is signed in."""

from dataclasses import dataclass

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from webapp import clock, demonstration, transaction
from webapp.demonstration.accounts import PRACTITIONER
from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.queries.accounts import find_person_by_email
from webapp.services import accounts


@dataclass(frozen=True)
class Shown:
    """Addresses of the pages of one event, and the cookie of somebody who registered for it and signed in."""

    event_id: int
    event: str
    sessions: int
    cookie: str

    @property
    def agenda(self) -> str:
        """The address of its agenda."""
        return f"{self.event}/agenda"


def load(app: Flask) -> Shown:
    """Fill the database with the demonstration, and give its event with the most sessions."""
    with app.app_context():
        now = clock.now()
        with transaction.unit():
            demonstration.load(today=now.date(), now=now)
        largest = (
            select(Event, func.count(Session.id))
            .join(Session, Session.event_id == Event.id)
            .group_by(Event.id)
            .order_by(func.count(Session.id).desc(), Event.id)
            .limit(1)
        )
        event, sessions = db.session.execute(largest).one()
        person = find_person_by_email(PRACTITIONER.email)
        assert person is not None
        cookie = signed_in(app, person.id)
        db.session.remove()
        db.engine.dispose()
    return Shown(event.id, f"/events/{event.slug}-{event.public_id}", sessions, cookie)


def signed_in(app: Flask, person_id: int) -> str:
    """The cookie of a browser in which the person has just signed in."""
    with app.app_context():
        with transaction.unit():
            secret = accounts.open_session(person_id, now=clock.now())
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = signer.dumps({"_user_id": secret, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
