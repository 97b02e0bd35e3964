"""Reading the meetings of communities: events that were chosen to be such."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from webapp.extensions import db
from webapp.models.communities import Community, CommunityEvent
from webapp.models.events import Event
from webapp.models.series import Series

MOST_PAST = 100
MOST_IN_FEED = 500
MOST_TO_CHOOSE = 200


def meetings_to_come(community_id: int, *, now: datetime) -> list[Event]:
    """The meetings of a community that are not over, with programmes and places, the next first; no drafts."""
    statement = _meetings(community_id).where(Event.ends_at > now).order_by(Event.starts_at, Event.id)
    return list(db.session.scalars(statement.options(selectinload(Event.places)).limit(MOST_IN_FEED)))


def past_meetings(community_id: int, *, now: datetime) -> list[Event]:
    """The meetings of a community that are over, with programmes, the last first; a hundred at most."""
    statement = _meetings(community_id).where(Event.ends_at <= now).order_by(Event.starts_at.desc(), Event.id.desc())
    return list(db.session.scalars(statement.options(selectinload(Event.places)).limit(MOST_PAST)))


def meetings_for_feed(community_id: int) -> list[Event]:
    """The meetings of a community with their days, those that begin last first; 500 at most, and no drafts."""
    statement = _meetings(community_id).options(selectinload(Event.days))
    return list(db.session.scalars(statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(MOST_IN_FEED)))


def _meetings(community_id: int) -> Select[Event]:
    return (
        select(Event)
        .join(CommunityEvent, CommunityEvent.event_id == Event.id)
        .where(CommunityEvent.community_id == community_id, Event.listed)
        .options(joinedload(Event.programme), defer(Event.description))
    )


@dataclass(frozen=True)
class Choosable:
    """An event of the programme, and of which community it is a meeting now, if of any."""

    event: Event
    community: Community | None


@dataclass(frozen=True)
class ChoosableSeries:
    """A series of the programme: how many events it has, and how many are meetings of this community, or of others."""

    series: Series
    events: int
    own: int
    of_others: int

    @property
    def left(self) -> int:
        """How many may still become meetings of this community."""
        return self.events - self.own - self.of_others


def events_to_choose(community: Community, *, now: datetime, past: bool = False) -> list[Choosable]:
    """The events of a community's programme that may be its meetings, drafts too: to come, or else those that are over.

    Those to come have the next first, the others the last; 200 at most.
    """
    order = (Event.starts_at.desc(), Event.id.desc()) if past else (Event.starts_at, Event.id)
    statement = (
        select(Event, Community)
        .outerjoin(CommunityEvent, CommunityEvent.event_id == Event.id)
        .outerjoin(Community, Community.id == CommunityEvent.community_id)
        .where(Event.programme_id == community.programme_id, Event.ends_at <= now if past else Event.ends_at > now)
        .options(defer(Event.description))
        .order_by(*order)
        .limit(MOST_TO_CHOOSE)
    )
    return [Choosable(event, held) for event, held in db.session.execute(statement)]


def series_to_choose(community: Community) -> list[ChoosableSeries]:
    """The series of a community's programme that have events, by title."""
    own = func.count(CommunityEvent.event_id).filter(CommunityEvent.community_id == community.id)
    statement = (
        select(Series, func.count(Event.id), own, func.count(CommunityEvent.event_id))
        .join(Event, Event.series_id == Series.id)
        .outerjoin(CommunityEvent, CommunityEvent.event_id == Event.id)
        .where(Series.programme_id == community.programme_id, Event.programme_id == community.programme_id)
        .group_by(Series.id)
        .order_by(Series.title, Series.id)
    )
    return [
        ChoosableSeries(series, events, here, linked - here)
        for series, events, here, linked in db.session.execute(statement)
    ]


def events_named(community: Community, public_ids: list[str]) -> dict[int, str]:
    """The events of a community's programme among these, as public ids by id."""
    statement = select(Event.id, Event.public_id).where(
        Event.programme_id == community.programme_id, Event.public_id.in_(public_ids)
    )
    return {row.id: row.public_id for row in db.session.execute(statement)}


def events_in_series(community: Community, public_id: str) -> list[int]:
    """The ids of the events of a series of the community's programme, in order."""
    statement = (
        select(Event.id)
        .join(Series, Series.id == Event.series_id)
        .where(Series.public_id == public_id, Event.programme_id == community.programme_id)
    )
    return list(db.session.scalars(statement.order_by(Event.id)))


def lock_meetings(event_ids: list[int]) -> dict[int, CommunityEvent]:
    """Of which communities these events are meetings, by event; the events are locked until the unit ends.

    Two communities of one programme may want the same event at once.
    """
    events = select(Event.id).where(Event.id.in_(event_ids)).order_by(Event.id)
    db.session.execute(events.with_for_update(key_share=True))
    statement = select(CommunityEvent).where(CommunityEvent.event_id.in_(event_ids)).order_by(CommunityEvent.event_id)
    return {row.event_id: row for row in db.session.scalars(statement)}
