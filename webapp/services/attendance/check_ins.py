"""Checking people in: by an organiser, or by themselves with the code that is shown on the screen."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp import tokens
from webapp.database import ALPHABET, insert_or
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.attendance import CheckIn, CheckInSource
from webapp.models.events import Event, EventDay, EventState, moment
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import attendance as queries
from webapp.queries import events as event_queries
from webapp.queries import registrations as registration_queries
from webapp.services import throttling
from webapp.services.activity import record
from webapp.services.presences import recount
from webapp.templating import british_date, british_moment, british_time

CODE_LENGTH = 6
BEFORE = timedelta(hours=1)
WINDOW = timedelta(minutes=15)
TRIES = 10
# At a venue everybody may come from one address; there are 480 million codes.
TRIES_PER_SOURCE = 2000


class NotThatDay(DomainError):
    """Nobody can be checked in for that day yet, or by themselves any more."""

    code = "not_that_day"


class NoPlace(DomainError):
    """The registration holds no confirmed place."""

    code = "no_place"


class WrongCode(DomainError):
    """The code is not the one that is shown on the screen."""

    code = "wrong_code"
    status = 422
    message = "That is not the code on the screen. Check it and type it again"


@dataclass(frozen=True)
class Arrival:
    """Somebody who is there: since when, and whether that was known already."""

    registration: Registration
    check_in: CheckIn
    already: bool


def ticket_token(registration: Registration) -> str:
    """The secret part of the address behind a person's square code; it opens nothing but their check-in."""
    return tokens.make(queries.TICKET, registration.public_id, registration.link_nonce)


def check_in(registration_id: int, day: date, *, source: CheckInSource, actor: Actor, now: datetime) -> Arrival:
    """Note that somebody is there on a day; noted already, it stays as it was.

    Raises NotFound, NotThatDay for a day that has not come or an event called off, and NoPlace.
    """
    registration, event = _lock(registration_id)
    found = day_of(event, day.isoformat())
    before = queries.find_check_in(registration.id, found.id)

    if before is not None:
        return Arrival(registration, before, already=True)
    if closed := why_closed(event, found, now):
        raise NotThatDay(closed)
    if registration.state is not RegistrationState.CONFIRMED:
        raise NoPlace(f"{registration.name} has no place: the registration stands as “{registration.state.label}”.")

    # Two people at two doors may do this at once; whoever is second finds what the first one noted.
    statement = insert_or(db.session, CheckIn.__table__).values(
        event_id=event.id,
        day_id=found.id,
        registration_id=registration.id,
        at=now,
        source=source,
        by_id=actor.person_id,
    )
    made = db.session.scalar(statement.on_conflict_do_nothing().returning(CheckIn.id))
    noted = queries.find_check_in(registration.id, found.id)
    if noted is None:
        raise NotFound
    if made is not None:
        recount(event, [registration.id])
        _record("checked_in", registration, found, actor, now, source=source.value)
    return Arrival(registration, noted, already=made is None)


def undo_check_in(registration_id: int, day: date, *, actor: Actor, now: datetime) -> Registration:
    """Take back that somebody is there on a day; taken back already, nothing more happens. Raises NotFound."""
    registration, event = _lock(registration_id)
    found = day_of(event, day.isoformat())
    noted = queries.find_check_in(registration.id, found.id)
    if noted is not None:
        db.session.delete(noted)
        recount(event, [registration.id])
        _record("check_in_undone", registration, found, actor, now, source=noted.source.value)
    return registration


def why_closed(event: Event, day: EventDay, now: datetime) -> str:
    """Why organisers cannot check people in for this day at `now`, as a sentence; empty when they can."""
    if event.state is EventState.CANCELLED:
        return "This event has been cancelled, so nobody can be checked in."
    if day.date > now.astimezone(event.timezone).date():
        return f"People can be checked in for {british_date(day.date)} once that day has come."
    return ""


def sentence(arrival: Arrival, event: Event) -> str:
    """What to tell the one who checked somebody in: who is there, and since when if it was known already."""
    at = british_time(arrival.check_in.at.astimezone(event.timezone))
    if arrival.already:
        return f"{arrival.registration.name} was checked in already, at {at}."
    return f"{arrival.registration.name} is checked in."


def day_of(event: Event, text: str) -> EventDay:
    """The day of an event that was asked for by its date, as 2027-06-14; raises NotFound."""
    for day in event.days:
        if day.date.isoformat() == text:
            return day
    raise NotFound


def day_at(event: Event, now: datetime) -> EventDay:
    """The day that somebody most likely means at `now`: today's, else the next one, else the last."""
    today = now.astimezone(event.timezone).date()
    return next((day for day in event.days if day.date >= today), event.days[-1])


def own_hours(event: Event, day: EventDay) -> tuple[datetime, datetime]:
    """From when and until when people can check themselves in: an hour before a day begins until it ends."""
    begins = moment(day.date, day.starts, event.zone)
    return (begins - BEFORE if day.starts else begins), moment(day.date, day.ends, event.zone, end=True)


def find_open_day(event: Event, now: datetime) -> EventDay | None:
    """The day for which people can check themselves in at `now`; `event` must have its days loaded."""
    if event.state is not EventState.PUBLISHED:
        return None
    hours = ((day, own_hours(event, day)) for day in event.days)
    return next((day for day, (opens, closes) in hours if opens <= now < closes), None)


def count_code(event_id: int, who: str, source: str, *, now: datetime) -> None:
    """Count one try to type the code, for the person and for the source. Raises TooMany.

    To be called in a unit of its own before the code is judged, so that the count stays when it was wrong.
    """
    by_person = throttling.Limit("code:person", f"{event_id} {fold_email(who)}", TRIES)
    by_source = throttling.Limit("code:source", source, TRIES_PER_SOURCE)
    throttling.count(by_person, by_source, window=WINDOW, now=now)


def check_in_oneself(registration_id: int, code: str, *, actor: Actor, now: datetime) -> Arrival:
    """Note that somebody is there who is known and typed the code. Raises NotFound, NotThatDay, WrongCode, NoPlace."""
    registration, event = _lock(registration_id)
    day = _judge(event, code, now)
    if registration.state is not RegistrationState.CONFIRMED:
        raise NoPlace("You have no place at this event, so the code cannot check you in. Ask the people at the desk.")
    return check_in(registration.id, day.date, source=CheckInSource.SELF, actor=actor, now=now)


def check_in_by_email(event_id: int, email: str, code: str, *, actor: Actor, now: datetime) -> None:
    """Note that whoever has this address is there, if they have a place; what is given and raised never tells whether.

    Raises NotThatDay and WrongCode.
    """
    day = _judge(event_queries.get_fresh_event(event_id), code, now)
    registration = queries.find_registration_by_email(event_id, email)
    if registration is not None and registration.state is RegistrationState.CONFIRMED:
        check_in(registration.id, day.date, source=CheckInSource.SELF, actor=actor, now=now)


def new_code(event_id: int, day: date, *, replacing: str, actor: Actor, now: datetime) -> EventDay:
    """Give a day a new code for the screen, in place of the one that was seen; replaced already, it stays.

    Raises NotFound.
    """
    found = queries.lock_day(event_id, day)
    if (found.check_in_code or "") == replacing:
        found.check_in_code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        record("check_in_code_made", ThingKind.EVENT, event_id, actor=actor, now=now, event_id=event_id, day=str(day))
    return found


def _lock(registration_id: int) -> tuple[Registration, Event]:
    """The registration and its event as they are now. Raises NotFound."""
    # Places first, as whoever changes a registration takes them: those who were there are counted by its state.
    event_id, _ = registration_queries.place_of(registration_id)
    event_queries.lock_all_places(event_id)
    return queries.lock_attendee(registration_id), event_queries.get_fresh_event(event_id)


def _judge(event: Event, code: str, now: datetime) -> EventDay:
    day = find_open_day(event, now)
    if day is None:
        raise NotThatDay(_closed(event, now))
    typed = "".join(char for char in code.lower() if char not in " -")
    if not day.check_in_code or not hmac.compare_digest(typed.encode(), day.check_in_code.encode()):
        raise WrongCode
    return day


def _closed(event: Event, now: datetime) -> str:
    if event.state is EventState.CANCELLED:
        return "This event has been cancelled, so nobody can check in."
    opens = [opens for opens, _ in (own_hours(event, day) for day in event.days) if opens > now]
    if event.state is not EventState.PUBLISHED or not opens:
        return "Nobody can check in here any more."
    return f"You can check in here from {british_moment(min(opens), event.zone)}."


def _record(verb: str, registration: Registration, day: EventDay, actor: Actor, now: datetime, *, source: str) -> None:
    details = {"day": str(day.date), "source": source}
    event_id = registration.event_id
    record(verb, ThingKind.REGISTRATION, registration.id, actor=actor, now=now, event_id=event_id, **details)
