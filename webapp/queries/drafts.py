"""Reading the draft agenda: what organisers work on, with all that its pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.drafts import (
    UNDER_WAY,
    AgendaDraft,
    AgendaRelease,
    DraftContribution,
    DraftSession,
    DraftStream,
    ReleaseRequest,
    Room,
)
from webapp.models.events import Event, EventDay, Places
from webapp.models.speakers import Speaker
from webapp.queries.leases import lock_next


@dataclass(frozen=True, kw_only=True)
class Draft:
    """How the draft of an event stands: its version, the one released last, and that release's number and moment."""

    version: int
    released_version: int | None
    changed_at: datetime
    number: int
    released_at: datetime | None

    @property
    def has_changes(self) -> bool:
        """Whether something was changed since the last release."""
        return self.released_version != self.version


def find_draft(event_id: int) -> Draft | None:
    """How the draft agenda of the event stands; None while none was begun."""
    latest = select(func.max(AgendaRelease.number)).where(AgendaRelease.event_id == event_id).scalar_subquery()
    when = select(func.max(AgendaRelease.released_at)).where(AgendaRelease.event_id == event_id).scalar_subquery()
    row = db.session.execute(select(AgendaDraft, latest, when).where(AgendaDraft.event_id == event_id)).one_or_none()
    if row is None:
        return None
    draft, number, released_at = row
    return Draft(
        version=draft.version,
        released_version=draft.released_version,
        changed_at=draft.changed_at,
        number=number or 0,
        released_at=released_at,
    )


def lock_draft(event_id: int) -> AgendaDraft:
    """The draft's own row, locked until the unit ends, so that one change is made at a time; raises NotFound."""
    statement = select(AgendaDraft).where(AgendaDraft.event_id == event_id)
    draft = db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if draft is None:
        raise NotFound
    return draft


def get_draft(event_id: int) -> AgendaDraft:
    """The draft's own row; raises NotFound while none was begun."""
    draft = find_draft_row(event_id)
    if draft is None:
        raise NotFound
    return draft


def last_number(event_id: int) -> int:
    """The number of the last release; 0 before the first."""
    return db.session.scalar(select(func.max(AgendaRelease.number)).where(AgendaRelease.event_id == event_id)) or 0


def find_draft_row(event_id: int) -> AgendaDraft | None:
    """The draft's own row; None while none was begun."""
    return db.session.get(AgendaDraft, event_id)


_PEOPLE = (
    joinedload(DraftContribution.speaker).defer(Speaker.biography),
    joinedload(DraftContribution.organisation),
)


def draft_sessions_of(event_id: int, *, whole: bool = False) -> list[DraftSession]:
    """All sessions of the draft with day, stream, room and who contributes: by day, time and position, unplaced last.

    `whole` brings their long texts and their themes too.
    """
    options = [
        joinedload(DraftSession.day),
        joinedload(DraftSession.stream),
        joinedload(DraftSession.room),
        selectinload(DraftSession.contributions).options(*_PEOPLE),
    ]
    if whole:
        options.append(selectinload(DraftSession.themes))
    else:
        long = (DraftSession.description, DraftSession.joining_instructions, DraftSession.notes)
        options += [defer(column) for column in long]
    statement = (
        select(DraftSession)
        .outerjoin(DraftSession.day)
        .where(DraftSession.event_id == event_id)
        .options(*options)
        .execution_options(populate_existing=True)
        .order_by(
            DraftSession.day_id.is_(None),
            EventDay.date,
            DraftSession.starts.nulls_last(),
            DraftSession.position,
            DraftSession.id,
        )
    )
    return list(db.session.scalars(statement))


def get_draft_session(event_id: int, public_id: str) -> DraftSession:
    """One session of the draft with all that its pages show; raises NotFound."""
    session = db.session.scalars(
        select(DraftSession)
        .where(DraftSession.event_id == event_id, DraftSession.public_id == public_id)
        .options(*_ALL)
    ).one_or_none()
    if session is None:
        raise NotFound
    return session


def lock_draft_session(event_id: int, public_id: str) -> DraftSession:
    """The same as it is now; ask under the lock of the draft. Raises NotFound."""
    session = db.session.scalars(
        select(DraftSession)
        .where(DraftSession.event_id == event_id, DraftSession.public_id == public_id)
        .options(*_ALL)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if session is None:
        raise NotFound
    return session


_ALL = (
    joinedload(DraftSession.day),
    joinedload(DraftSession.stream),
    joinedload(DraftSession.room),
    selectinload(DraftSession.themes),
    selectinload(DraftSession.contributions).options(*_PEOPLE),
)


def draft_streams_of(event_id: int) -> list[DraftStream]:
    """The streams of the draft in their order."""
    statement = select(DraftStream).where(DraftStream.event_id == event_id)
    return list(db.session.scalars(statement.order_by(DraftStream.position, DraftStream.id)))


def rooms_of(event_id: int) -> list[Room]:
    """The rooms of an event in their order."""
    return list(db.session.scalars(select(Room).where(Room.event_id == event_id).order_by(Room.position, Room.id)))


def days_of(event_id: int) -> list[EventDay]:
    """The days of an event in their order."""
    return list(
        db.session.scalars(select(EventDay).where(EventDay.event_id == event_id).order_by(EventDay.date, EventDay.id))
    )


def session_places_of(event_id: int) -> list[Places]:
    """The counters of the sessions that take sign-ups, by session and way of taking part."""
    statement = select(Places).where(Places.event_id == event_id, Places.session_id.is_not(None))
    return list(db.session.scalars(statement.order_by(Places.session_id, Places.mode, Places.id)))


def lock_session_places(event_id: int) -> list[Places]:
    """The same, locked until the unit ends."""
    statement = select(Places).where(Places.event_id == event_id, Places.session_id.is_not(None)).order_by(Places.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def releases_of(event_id: int, *, limit: int = 500) -> Sequence[AgendaRelease]:
    """What was released last, latest first, without the agendas themselves."""
    statement = select(AgendaRelease).where(AgendaRelease.event_id == event_id).options(defer(AgendaRelease.agenda))
    return db.session.scalars(statement.order_by(AgendaRelease.number.desc(), AgendaRelease.id).limit(limit)).all()


def get_release(event_id: int, number: int) -> AgendaRelease:
    """One release with the agenda as it then was; raises NotFound."""
    statement = select(AgendaRelease).where(AgendaRelease.event_id == event_id, AgendaRelease.number == number)
    release = db.session.scalars(statement).one_or_none()
    if release is None:
        raise NotFound
    return release


def find_request(event_id: int) -> ReleaseRequest | None:
    """The release of an event that was last asked for; None when none ever was."""
    return db.session.get(ReleaseRequest, event_id)


def get_request(event_id: int) -> ReleaseRequest:
    """The same; raises NotFound when none ever was."""
    request = find_request(event_id)
    if request is None:
        raise NotFound
    return request


def lock_request(event_id: int) -> ReleaseRequest | None:
    """The same as it is now, locked until the unit ends."""
    statement = select(ReleaseRequest).where(ReleaseRequest.event_id == event_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def lock_next_request(*, now: datetime) -> ReleaseRequest | None:
    """The release that has waited longest for a worker and that none is busy with, locked."""
    statement = (
        select(ReleaseRequest)
        .where(ReleaseRequest.state.in_(UNDER_WAY))
        .order_by(ReleaseRequest.asked_at, ReleaseRequest.event_id)
    )
    return lock_next(statement, ReleaseRequest, now=now)


def get_event_of(event_id: int) -> Event:
    """The event of a draft by itself; the id must be of a row that exists."""
    return db.session.get_one(Event, event_id)
