"""Reading series, their meetings and their members."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from webapp import tokens
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, ThingKind, Viewer, Visitor, reach
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, EventState
from webapp.models.registrations import Registration
from webapp.models.series import Series, SeriesMember

# People to a query.
AT_ONCE = 500


def get_series(public_id: str) -> Series:
    """The series with its programme, whoever asks; raises NotFound."""
    return _one(select(Series).where(Series.public_id == public_id).options(joinedload(Series.programme)))


def get_managed_series(public_id: str, *, viewer: Viewer | Visitor) -> Series:
    """The series, for somebody who sets up events in its programme; raises NotFound for all others."""
    found, reached = get_series(public_id), reach(viewer, Power.SET_UP)
    if not reached.everything and found.programme_id not in reached.programmes:
        raise NotFound
    return found


def lock_series(series_id: int) -> Series:
    """The series, locked until the unit ends; raises NotFound."""
    return _one(select(Series).where(Series.id == series_id).with_for_update())


def load_series(event: Event) -> None:
    """Load the series that an event belongs to, for who writes about it; nothing where it belongs to none."""
    if event.series_id is not None:
        set_committed_value(event, "series", _one(select(Series).where(Series.id == event.series_id)))


def _one(statement: Select[Series]) -> Series:
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def managed_series(viewer: Viewer | Visitor) -> list[tuple[Series, int]]:
    """The series in programmes where the viewer sets up events, each with how many members, by title."""
    reached = reach(viewer, Power.SET_UP)
    members = (
        select(func.count(SeriesMember.id))
        .where(SeriesMember.series_id == Series.id, SeriesMember.left_at.is_(None))
        .correlate(Series)
        .scalar_subquery()
    )
    statement = select(Series, members).options(joinedload(Series.programme)).order_by(Series.title, Series.id)
    if not reached.everything:
        statement = statement.where(Series.programme_id.in_(sorted(reached.programmes)))
    return [(row[0], row[1]) for row in db.session.execute(statement.limit(200))]


def meetings_of(series_id: int) -> list[Event]:
    """The meetings of a series with days and places, drafts among them, in the order of its rule."""
    statement = (
        select(Event)
        .where(Event.series_id == series_id)
        .options(selectinload(Event.days), selectinload(Event.places), defer(Event.description))
        .order_by(Event.series_on, Event.id)
    )
    return list(db.session.scalars(statement))


def public_meetings_of(series_id: int) -> list[Event]:
    """Those of them that everybody may see."""
    return [event for event in meetings_of(series_id) if event.is_public]


def other_public_meetings(event: Event) -> list[Event]:
    """The other public meetings of the series that an event belongs to; none where it belongs to none."""
    if event.series_id is None:
        return []
    return [one for one in public_meetings_of(event.series_id) if one.id != event.id]


def members_of(series_id: int) -> list[SeriesMember]:
    """Who belongs to a series now, by name."""
    statement = select(SeriesMember).where(SeriesMember.series_id == series_id, SeriesMember.left_at.is_(None))
    return list(db.session.scalars(statement.order_by(SeriesMember.name, SeriesMember.id)))


def find_member(series_id: int, person_id: int) -> SeriesMember | None:
    """The person's membership of a series, which comes with it; one that has ended too."""
    statement = select(SeriesMember).where(SeriesMember.series_id == series_id, SeriesMember.person_id == person_id)
    return db.session.scalars(statement.options(joinedload(SeriesMember.series))).one_or_none()


def get_member_of(series_id: int, public_id: str) -> SeriesMember:
    """A member of this series; raises NotFound."""
    statement = select(SeriesMember).where(SeriesMember.series_id == series_id, SeriesMember.public_id == public_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_member_by_token(token: str) -> SeriesMember:
    """The membership that a personal link opens, with the series; raises NotFound."""
    public_id = tokens.public_id(token)
    statement = select(SeriesMember).where(SeriesMember.public_id == public_id).options(joinedload(SeriesMember.series))
    found = db.session.scalars(statement).one_or_none() if public_id else None
    if found is None or not tokens.proves(token, "series", found.nonce):
        raise NotFound
    return found


def lock_member(member_id: int) -> SeriesMember:
    """The membership with its series, locked until the unit ends; raises NotFound."""
    statement = (
        select(SeriesMember)
        .join(SeriesMember.series)
        .where(SeriesMember.id == member_id)
        .options(contains_eager(SeriesMember.series))
        .with_for_update(of=SeriesMember)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def registrations_in(series_id: int, person_id: int) -> dict[int, Registration]:
    """A person's registrations for the meetings of a series, by the meeting's id."""
    statement = (
        select(Registration)
        .join(Registration.event)
        .where(Event.series_id == series_id, Registration.person_id == person_id)
    )
    return {row.event_id: row for row in db.session.scalars(statement)}


def standing_entries(series_id: int, person_ids: Collection[int] | None = None) -> dict[int, Invitation]:
    """The entries of a series that stand in calendars, of some people or of all, by the person's id."""
    statement = select(Invitation).where(
        Invitation.thing_kind == ThingKind.SERIES,
        Invitation.thing_id == series_id,
        Invitation.method == Method.REQUEST,
    )
    if person_ids is None:
        return {row.person_id: row for row in db.session.scalars(statement)}
    found: dict[int, Invitation] = {}
    ids = sorted(person_ids)
    for start in range(0, len(ids), AT_ONCE):
        some = statement.where(Invitation.person_id.in_(ids[start : start + AT_ONCE]))
        found |= {row.person_id: row for row in db.session.scalars(some)}
    return found


def series_of(person_id: int) -> list[tuple[Series, Invitation]]:
    """The series that stand in a person's calendar, with their entries, by title."""
    statement = (
        select(Series, Invitation)
        .join(Invitation, Invitation.thing_id == Series.id)
        .where(
            Invitation.thing_kind == ThingKind.SERIES,
            Invitation.person_id == person_id,
            Invitation.method == Method.REQUEST,
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(statement.order_by(Series.title, Series.id))]


def meetings_to_come(series_id: int, *, now: datetime) -> list[Event]:
    """The meetings of a series that are published and not over."""
    return [one for one in meetings_of(series_id) if one.state is EventState.PUBLISHED and one.ends_at > now]
