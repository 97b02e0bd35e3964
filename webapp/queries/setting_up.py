"""What it takes to set up an event: locks, what stands, who is to be told, and what may be copied."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session as OwnSession
from sqlalchemy.orm import aliased, joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Alarm, Grant, Person, Power, ThingKind, Viewer, Visitor, reach
from webapp.models.activity import Activity
from webapp.models.agenda import Contribution, Session, Stream
from webapp.models.attendance import AttendanceReport, CheckIn
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import AgendaDraft, DraftSession, DraftStream, Room
from webapp.models.events import Event, EventState, Mode, Places, event_themes
from webapp.models.organisations import Organisation
from webapp.models.programmes import Theme
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.search import SearchKind
from webapp.models.speakers import Speaker
from webapp.queries.events import COUNTED, PAGE_SIZE
from webapp.queries.paging import Page, nearest
from webapp.queries.search import condition, matching_ids

RECENT = 200


def lock_event(event_id: int) -> Event:
    """The event with days, places, questions and themes, locked with its draft agenda and its places.

    Raises NotFound. The draft comes first, then places, then the event, as whoever registers takes them.
    """
    db.session.execute(select(AgendaDraft.event_id).where(AgendaDraft.event_id == event_id).with_for_update())
    db.session.execute(
        select(Places.id)
        .where(Places.event_id == event_id, Places.session_id.is_(None))
        .order_by(Places.id)
        .with_for_update()
    )
    # Shared with what only names the event, such as a note or an entry in the record: that need not wait for it.
    db.session.execute(select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))
    statement = (
        select(Event)
        .where(Event.id == event_id)
        .options(
            joinedload(Event.programme),
            selectinload(Event.days),
            selectinload(Event.places),
            selectinload(Event.questions),
            selectinload(Event.themes),
        )
        .execution_options(populate_existing=True)
    )
    event = db.session.scalars(statement).one_or_none()
    if event is None:
        raise NotFound
    return event


def get_event_to_preview(event_id: int) -> Event:
    """The event with all that its page shows, as it will be once it is published; raises NotFound.

    It belongs to no session, so nothing that is changed on it is kept.
    """
    with OwnSession(db.engine, expire_on_commit=False) as session:
        statement = (
            select(Event)
            .where(Event.id == event_id)
            .options(
                joinedload(Event.programme),
                joinedload(Event.series),
                selectinload(Event.days),
                selectinload(Event.places),
                selectinload(Event.themes),
            )
        )
        event = session.scalars(statement).one_or_none()
    if event is None:
        raise NotFound
    if event.state is EventState.DRAFT:
        event.state = EventState.PUBLISHED
    return event


def themes_of_programme(programme_id: int) -> list[Theme]:
    """The themes of a programme, in their order."""
    statement = select(Theme).where(Theme.programme_id == programme_id)
    return list(db.session.scalars(statement.order_by(Theme.position, Theme.id)))


def chosen_themes(event_id: int) -> list[Theme]:
    """The themes of an event, in their order."""
    statement = select(Theme).join(event_themes, event_themes.c.theme_id == Theme.id)
    return list(
        db.session.scalars(statement.where(event_themes.c.event_id == event_id).order_by(Theme.position, Theme.id))
    )


def session_words(event_id: int) -> list[str]:
    """Titles of the released sessions and names of who contributes, for the words by which the event is found."""
    statement = (
        select(Session.title, Speaker.name, Organisation.name)
        .outerjoin(Contribution, Contribution.session_id == Session.id)
        .outerjoin(Speaker, Speaker.id == Contribution.speaker_id)
        .outerjoin(Organisation, Organisation.id == Contribution.organisation_id)
        .where(Session.event_id == event_id)
    )
    return sorted({text for row in db.session.execute(statement) for text in row if text})


@dataclass(frozen=True)
class Addressee:
    """Somebody with a registration that has not ended, and the version of the calendar entry that they have."""

    person_id: int
    name: str
    email: str
    public_id: str
    link_nonce: str
    state: RegistrationState
    mode: Mode
    uid: str | None
    sequence: int | None
    alarm: Alarm | None
    # Whether that entry is the one of the series to which the event belongs.
    in_series: bool


def addressees(event_id: int, states: Collection[RegistrationState], *, now: datetime) -> list[Addressee]:
    """Everybody whose registration is in one of these states, as they arrived.

    With the confirmed goes the entry in their calendar, where it was changed `now`.
    """
    sent = and_(
        Invitation.person_id == Registration.person_id,
        Invitation.thing_kind == ThingKind.EVENT,
        Invitation.thing_id == Registration.event_id,
        Registration.state == RegistrationState.CONFIRMED,
        Invitation.changed_at == now,
    )
    of_series = aliased(Invitation)
    statement = (
        select(
            Registration.person_id,
            Registration.name,
            Registration.email,
            Registration.public_id,
            Registration.link_nonce,
            Registration.state,
            Registration.mode,
            func.coalesce(Invitation.uid, of_series.uid),
            func.coalesce(Invitation.sequence, of_series.sequence),
            func.coalesce(Invitation.alarm, of_series.alarm),
            and_(Invitation.uid.is_(None), of_series.uid.is_not(None)),
        )
        .outerjoin(Invitation, sent)
        .outerjoin(of_series, _in_series(of_series, event_id, now))
        .where(Registration.event_id == event_id, Registration.state.in_(states))
        .order_by(Registration.arrival, Registration.id)
    )
    return [Addressee(*cast("tuple[Any, ...]", row)) for row in db.session.execute(statement)]


def _in_series(entry: Any, event_id: int, now: datetime) -> ColumnElement[bool]:
    """That an entry is the one of the event's series, changed `now`, by which a registration has the meeting.

    Who wants entries by session, and has those of the meeting, has it in the entry of its series no more.
    """
    of_session = aliased(Invitation)
    by_session = (
        select(of_session.id)
        .join(Person, Person.id == of_session.person_id)
        .where(
            of_session.person_id == Registration.person_id,
            of_session.thing_kind == ThingKind.SESSION,
            of_session.method == Method.REQUEST,
            of_session.thing_id.in_(select(Session.id).where(Session.event_id == event_id)),
            Person.calendar_by_session,
        )
        .correlate(Registration)
        .exists()
    )
    return and_(
        entry.person_id == Registration.person_id,
        entry.thing_kind == ThingKind.SERIES,
        entry.thing_id.in_(select(Event.series_id).where(Event.id == event_id)),
        entry.method == Method.REQUEST,
        entry.changed_at == now,
        ~by_session,
        Registration.state == RegistrationState.CONFIRMED,
    )


@dataclass(frozen=True)
class Timed:
    """A session on a day, drafted or released, with its hours where they are known."""

    day_id: int
    title: str
    starts: time | None
    ends: time | None


def sessions_on_days(event_id: int) -> list[Timed]:
    """The sessions of an event that have a day, by when they begin; one that is drafted and released comes once."""
    drafted = select(DraftSession.day_id, DraftSession.title, DraftSession.starts, DraftSession.ends).where(
        DraftSession.event_id == event_id, DraftSession.day_id.is_not(None)
    )
    released = select(Session.day_id, Session.title, Session.starts, Session.ends).where(Session.event_id == event_id)
    rows = [row for statement in (drafted, released) for row in db.session.execute(statement)]
    found = {Timed(day_id, title, starts, ends) for day_id, title, starts, ends in rows if day_id is not None}
    return sorted(found, key=lambda one: (one.day_id, one.starts or time(), one.title, one.ends or time()))


def has_attendance(day_id: int) -> bool:
    """Whether somebody was checked in on a day, or was there by a report."""
    checked_in = select(CheckIn.id).where(CheckIn.day_id == day_id).limit(1)
    reported = select(AttendanceReport.id).where(AttendanceReport.day_id == day_id).limit(1)
    return any(db.session.scalar(statement) is not None for statement in (checked_in, reported))


def released_sessions(day_ids: Collection[int]) -> list[Session]:
    """The released sessions of these days, with their days, in the order of their ids."""
    statement = select(Session).where(Session.day_id.in_(day_ids)).options(joinedload(Session.day))
    return list(db.session.scalars(statement.order_by(Session.id)))


@dataclass(frozen=True)
class Recorded:
    """What was changed of an event at one time: by field, from what to what."""

    who: str
    at: datetime
    version: int
    changes: dict[str, list[Any]]


def changes_since(event_id: int, version: int) -> list[Recorded]:
    """What was changed of an event after it had this version, first to last; of the latest 200 records."""
    statement = (
        select(Activity, Person.name)
        .outerjoin(Person, Person.id == Activity.actor_id)
        .where(Activity.thing_kind == ThingKind.EVENT, Activity.thing_id == event_id)
        .order_by(Activity.id.desc())
        .limit(RECENT)
    )
    found = [
        Recorded(name or "", row.at, int(row.details["version"]), row.details["changes"])
        for row, name in db.session.execute(statement)
        if "changes" in row.details and int(row.details.get("version", 0)) > version
    ]
    return found[::-1]


def grants_at(event_id: int, *, now: datetime) -> list[Grant]:
    """The grants at an event itself that stand, in the order in which they were given."""
    statement = select(Grant).where(
        Grant.thing_kind == ThingKind.EVENT,
        Grant.thing_id == event_id,
        or_(Grant.until.is_(None), Grant.until > now),
    )
    return list(db.session.scalars(statement.order_by(Grant.id)))


@dataclass(frozen=True, kw_only=True)
class AgendaToCopy:
    """An agenda as it is planned, or where it never was, as it was released."""

    streams: Sequence[DraftStream | Stream]
    rooms: Sequence[Room]
    sessions: Sequence[DraftSession | Session]


def agenda_to_copy(event_id: int) -> AgendaToCopy:
    """The draft agenda with themes and who contributes; the released one of an event that has no draft."""
    has_draft = db.session.get(AgendaDraft, event_id) is not None
    rooms = list(db.session.scalars(select(Room).where(Room.event_id == event_id).order_by(Room.position, Room.id)))
    if has_draft:
        return AgendaToCopy(
            streams=list(
                db.session.scalars(
                    select(DraftStream)
                    .where(DraftStream.event_id == event_id)
                    .order_by(DraftStream.position, DraftStream.id)
                )
            ),
            rooms=rooms,
            sessions=list(
                db.session.scalars(
                    select(DraftSession)
                    .where(DraftSession.event_id == event_id)
                    .options(selectinload(DraftSession.themes), selectinload(DraftSession.contributions))
                    .order_by(DraftSession.position, DraftSession.id)
                )
            ),
        )
    return AgendaToCopy(
        streams=list(
            db.session.scalars(select(Stream).where(Stream.event_id == event_id).order_by(Stream.position, Stream.id))
        ),
        rooms=rooms,
        sessions=list(
            db.session.scalars(
                select(Session)
                .where(Session.event_id == event_id)
                .options(selectinload(Session.themes), selectinload(Session.contributions))
                .order_by(Session.position, Session.id)
            )
        ),
    )


@dataclass(frozen=True, kw_only=True)
class ManagedFilter:
    """Which of their events an organiser looks for: by words, and by how they stand."""

    text: str = ""
    state: EventState | None = None
    to_come: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == ManagedFilter()


def search_managed_events(viewer: Viewer | Visitor, wanted: ManagedFilter, *, page: int, now: datetime) -> Page[Event]:
    """The events at which the viewer has a role and that are looked for, latest first, 20 a page, counted up to 500."""
    statement = select(Event).where(*_managed(viewer, Power.LOOK))
    if wanted.state:
        statement = statement.where(Event.state == wanted.state)
    if wanted.to_come is not None:
        statement = statement.where(Event.ends_at > now if wanted.to_come else Event.ends_at <= now)
    if wanted.text:
        ids = matching_ids(SearchKind.EVENT, 0, wanted.text)
        tested = condition(SearchKind.EVENT, 0, wanted.text, Event.__table__.c.id)
        statement = statement.where(tested if ids is None else Event.id.in_(ids) if ids else false())
    counted = select(func.count()).select_from(statement.with_only_columns(Event.id).limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted) or 0
    more, total = total > COUNTED, min(total, COUNTED)
    number = nearest(page, total, PAGE_SIZE)
    rows = db.session.scalars(
        statement.options(joinedload(Event.programme), selectinload(Event.places))
        .order_by(Event.ends_at.desc(), Event.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, number, PAGE_SIZE, total, more)


def events_to_copy(viewer: Viewer | Visitor, *, limit: int = 20) -> list[Event]:
    """The events that the viewer may set up, latest first."""
    statement = select(Event).where(*_managed(viewer, Power.SET_UP))
    return list(db.session.scalars(statement.order_by(Event.ends_at.desc(), Event.id.desc()).limit(limit)))


def _managed(viewer: Viewer | Visitor, power: Power) -> list[ColumnElement[bool]]:
    reached = reach(viewer, power)
    if reached.everything:
        return []
    return [or_(Event.programme_id.in_(sorted(reached.programmes)), Event.id.in_(sorted(reached.events)))]
