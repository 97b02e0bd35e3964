"""Reading invitations and feeds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Alarm, Person, ThingKind
from webapp.models.agenda import Session, SessionKind, SessionState, Star
from webapp.models.calendars import CalendarFeed, Invitation, Method
from webapp.models.communities import Community
from webapp.models.events import Event, EventDay, EventState, Mode
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import SignUp, SignUpState

AT_ONCE = 500


@dataclass(frozen=True)
class Choice:
    """How a person wants their entries: with which reminder, and whether one for each session instead of one a day."""

    alarm: Alarm = Alarm.NONE
    by_session: bool = False


def choices_of(person_ids: Collection[int]) -> dict[int, Choice]:
    """What these people chose, by the person's id, without those who chose nothing."""
    found: dict[int, Choice] = {}
    ids = sorted(person_ids)
    for first in range(0, len(ids), AT_ONCE):
        statement = select(Person.id, Person.calendar_alarm, Person.calendar_by_session).where(
            Person.id.in_(ids[first : first + AT_ONCE]),
            or_(Person.calendar_alarm != Alarm.NONE, Person.calendar_by_session),
        )
        found |= {
            person_id: Choice(alarm, by_session) for person_id, alarm, by_session in db.session.execute(statement)
        }
    return found


def lock_choice(person_id: int) -> Person:
    """The person whose choice is to change, locked until the unit ends; raises NotFound."""
    found = db.session.scalars(
        select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def standing_at(event_id: int, person_ids: Collection[int]) -> list[Invitation]:
    """The entries that stand in these people's calendars for an event and its sessions, by id."""
    found: list[Invitation] = []
    ids = sorted(person_ids)
    sessions = select(Session.id).where(Session.event_id == event_id)
    for first in range(0, len(ids), AT_ONCE):
        statement = select(Invitation).where(
            Invitation.person_id.in_(ids[first : first + AT_ONCE]),
            Invitation.method == Method.REQUEST,
            or_(
                and_(Invitation.thing_kind == ThingKind.EVENT, Invitation.thing_id == event_id),
                and_(Invitation.thing_kind == ThingKind.SESSION, Invitation.thing_id.in_(sessions)),
            ),
        )
        found += db.session.scalars(statement.order_by(Invitation.id))
    return found


def sessions_in_calendars(event_id: int) -> set[int]:
    """The sessions of an event that stand in anybody's calendar by an invitation."""
    statement = select(Invitation.thing_id).join(
        Session, and_(Invitation.thing_kind == ThingKind.SESSION, Session.id == Invitation.thing_id)
    )
    standing = statement.where(Session.event_id == event_id, Invitation.method == Method.REQUEST)
    return set(db.session.scalars(standing.distinct()))


def by_session_at(event_id: int) -> list[Registration]:
    """Those with a place at the event who want an entry for each session."""
    statement = (
        select(Registration)
        .join(Registration.person)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
            Person.calendar_by_session,
        )
    )
    return list(db.session.scalars(statement.order_by(Registration.id)))


def coming_places_of(person_id: int, *, now: datetime) -> list[Registration]:
    """The places of a person at published events that are not over, with the events, the next first."""
    return list(db.session.scalars(_coming_places(person_id, now)))


def _coming_places(person_id: int, now: datetime) -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.event)
        .where(
            Registration.person_id == person_id,
            Registration.state == RegistrationState.CONFIRMED,
            Event.state == EventState.PUBLISHED,
            Event.ends_at > now,
        )
        .options(contains_eager(Registration.event).selectinload(Event.days))
        .order_by(Event.starts_at, Registration.id)
    )


def place_by_session(person_id: int, session_id: int, *, now: datetime) -> list[Registration]:
    """The place at a session's event, with the event, of who wants an entry for each session."""
    wants = select(Person.id).where(Person.id == person_id, Person.calendar_by_session)
    of_session = select(Session.event_id).where(Session.id == session_id)
    statement = _coming_places(person_id, now).where(
        Registration.person_id.in_(wants), Registration.event_id.in_(of_session)
    )
    return list(db.session.scalars(statement))


def taking_part(event_id: int, modes: Collection[Mode]) -> Select[int]:
    """The people who are registered for an event in these ways, as a select for set-based statements."""
    return select(Registration.person_id).where(Registration.event_id == event_id, Registration.mode.in_(modes))


def signed_up_at(event_id: int, person_ids: Collection[int]) -> dict[int, set[int]]:
    """By person the sessions of the event in which they have a place."""
    found: dict[int, set[int]] = {}
    ids = sorted(person_ids)
    for first in range(0, len(ids), AT_ONCE):
        statement = select(SignUp.person_id, SignUp.session_id).where(
            SignUp.person_id.in_(ids[first : first + AT_ONCE]),
            SignUp.event_id == event_id,
            SignUp.state == SignUpState.CONFIRMED,
        )
        for person_id, session_id in db.session.execute(statement):
            found[person_id] = found.get(person_id, set()) | {session_id}
    return found


def own_sessions(event_id: int, person_ids: Collection[int]) -> tuple[dict[int, Session], dict[int, set[int]]]:
    """The sessions of an event that take place, and by person the ids of their own.

    These are all plenaries, with what each signed up for or starred; none where no agenda is released.
    """
    statement = (
        select(Session)
        .join(Session.day)
        .where(Session.event_id == event_id, Session.state == SessionState.SCHEDULED, Session.kind != SessionKind.BREAK)
        .options(contains_eager(Session.day), defer(Session.description))
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
    )
    sessions = {row.id: row for row in db.session.scalars(statement)}
    everybodys = {one.id for one in sessions.values() if one.kind is SessionKind.PLENARY}
    own = {person_id: set(everybodys) for person_id in person_ids}
    ids = sorted(person_ids)
    for first in range(0, len(ids), AT_ONCE):
        starred = (
            select(Star.person_id, Star.session_id)
            .join(Session, Session.id == Star.session_id)
            .where(Star.person_id.in_(ids[first : first + AT_ONCE]), Session.event_id == event_id)
        )
        for person_id, session_id in db.session.execute(starred):
            own[person_id] |= {session_id} & sessions.keys()
    for person_id, signed_up in signed_up_at(event_id, person_ids).items():
        own[person_id] |= signed_up & sessions.keys()
    return sessions, own


def find_invitation(person_id: int, kind: ThingKind, thing_id: int) -> Invitation | None:
    """The calendar entry that a person was sent for a thing."""
    statement = select(Invitation).where(
        Invitation.person_id == person_id, Invitation.thing_kind == kind, Invitation.thing_id == thing_id
    )
    return db.session.scalars(statement).one_or_none()


def invitations_to(thing_id: int, kind: ThingKind, person_ids: Sequence[int]) -> dict[int, Invitation]:
    """The calendar entries that these people were sent for one thing, by the person's id, 500 people to a query."""
    found: dict[int, Invitation] = {}
    for first in range(0, len(person_ids), AT_ONCE):
        statement = select(Invitation).where(
            Invitation.thing_kind == kind,
            Invitation.thing_id == thing_id,
            Invitation.person_id.in_(person_ids[first : first + AT_ONCE]),
        )
        found |= {row.person_id: row for row in db.session.scalars(statement)}
    return found


def invitations_of(person_id: int, kind: ThingKind) -> dict[int, Invitation]:
    """A person's calendar entries for one kind of thing, by the thing's id."""
    statement = select(Invitation).where(Invitation.person_id == person_id, Invitation.thing_kind == kind)
    return {row.thing_id: row for row in db.session.scalars(statement)}


def find_feed_by_token(token: str, purpose: str = "feed") -> CalendarFeed | None:
    """The feed at this address with its person; None when the address is forged or was revoked."""
    public_id = tokens.public_id(token)
    if public_id is None:
        return None
    statement = select(CalendarFeed).where(CalendarFeed.public_id == public_id, CalendarFeed.revoked_at.is_(None))
    feed = db.session.scalars(statement.options(joinedload(CalendarFeed.person))).one_or_none()
    return feed if feed is not None and tokens.proves(token, purpose, feed.nonce) else None


def of_community(community: Community) -> str:
    """What an address is made for that gives somebody the meetings of this community and nothing else."""
    return f"feed of community {community.public_id}"


def events_for_feed(programme_id: int) -> list[Event]:
    """The listed events of a programme with their days, those that begin last first; 500 at most."""
    statement = (
        select(Event)
        .where(Event.programme_id == programme_id, Event.listed)
        .options(selectinload(Event.days), defer(Event.description))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(statement))


def lock_feeds(person_id: int) -> list[CalendarFeed]:
    """The person's feeds in use, newest first, locked until the unit ends; meanwhile none is added."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    statement = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return list(db.session.scalars(statement.order_by(CalendarFeed.id.desc()).with_for_update()))


def find_feed(person_id: int) -> CalendarFeed | None:
    """The person's feed in use."""
    statement = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(statement.order_by(CalendarFeed.id.desc()).limit(1)).one_or_none()
