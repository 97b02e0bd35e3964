"""Finding and reading events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session as OwnSession
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only, selectinload, with_expression

from webapp.errors import Forbidden, NotFound
from webapp.extensions import db
from webapp.models.accounts import DOING, Power, Reach, Viewer, Visitor, reach
from webapp.models.events import Event, EventQuestion, EventState, Format, Mode, Places, event_themes
from webapp.models.materials import Material
from webapp.models.programmes import Programme, Theme
from webapp.models.search import SearchKind
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import Survey, SurveyState
from webapp.queries.paging import Page, nearest
from webapp.queries.search import FEW, condition, matching_ids

PAGE_SIZE = 20
COUNTED = 500
# Testing words takes longer, and whoever types some looks for few.
COUNTED_BY_WORDS = 200
_HOME = ZoneInfo("Europe/London")


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """What somebody looks for on the events page; empty finds all that is still to come."""

    text: str = ""
    from_on: date | None = None
    to_on: date | None = None
    programme: str = ""
    theme: str = ""
    format: Format | None = None
    past: bool = False

    @property
    def is_empty(self) -> bool:
        return self == EventFilter(past=self.past)


def find_events(wanted: EventFilter, *, page: int, now: datetime) -> Page[Event]:
    """Listed events, those to come by when they begin, past ones latest first; 20 a page, counted up to a limit."""
    statement = _filtered(wanted, now)
    most = COUNTED_BY_WORDS if wanted.text else COUNTED
    counted = select(func.count()).select_from(statement.with_only_columns(Event.id).limit(most + 1).subquery())
    total = db.session.scalar(counted) or 0
    more, total = total > most, min(total, most)
    number = nearest(page, total, PAGE_SIZE)
    order = (Event.ends_at.desc(), Event.id.desc()) if wanted.past else (Event.starts_at, Event.ends_at, Event.id)
    # No more than the keys of all that is found is sorted.
    shown = statement.with_only_columns(Event.id).order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = _with_places(shown).order_by(*order)
    return Page(list(db.session.scalars(rows)), number, PAGE_SIZE, total, more)


def _with_places(shown: Select[int]) -> Select[Event]:
    """The events of which these are the ids, with what a list shows of each."""
    found = select(Event).where(Event.id.in_(select(shown.subquery())))
    return found.options(joinedload(Event.programme), selectinload(Event.places))


def _filtered(wanted: EventFilter, now: datetime) -> Select[Event]:
    statement = select(Event).where(Event.listed == true())
    statement = statement.where(Event.ends_at <= now) if wanted.past else statement.where(*_to_come(now))
    if wanted.from_on:
        since = datetime.combine(wanted.from_on, datetime.min.time(), _HOME).astimezone(UTC)
        statement = statement.where(Event.ends_at > since)
    if wanted.to_on:
        statement = statement.where(Event.starts_on <= wanted.to_on)
    if wanted.programme:
        chosen = select(Programme.id).where(Programme.public_id == wanted.programme).scalar_subquery()
        statement = statement.where(Event.programme_id == chosen)
    if wanted.format:
        statement = statement.where(Event.format == wanted.format)
    if wanted.theme:
        statement = statement.where(_has_theme(wanted.theme))
    if wanted.text:
        ids = matching_ids(SearchKind.EVENT, 0, wanted.text)
        found = condition(SearchKind.EVENT, 0, wanted.text, Event.__table__.c.id) if ids is None else _one_of(ids)
        statement = statement.where(found)
    return statement


def _to_come(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That an event has not ended; walked by when they begin, those of it that began first lead to the others."""
    other = aliased(Event)
    first = select(func.min(other.starts_at)).where(other.listed == true(), other.ends_at > now).scalar_subquery()
    return Event.ends_at > now, Event.starts_at >= first


def _has_theme(public_id: str) -> ColumnElement[bool]:
    of_theme = select(event_themes.c.event_id).join(Theme, Theme.id == event_themes.c.theme_id)
    ids = list(db.session.scalars(of_theme.where(Theme.public_id == public_id).limit(FEW + 1)))
    if len(ids) <= FEW:
        return _one_of(ids)
    return Event.themes.any(Theme.public_id == public_id)


def _one_of(ids: Sequence[int]) -> ColumnElement[bool]:
    return Event.id.in_(ids) if ids else false()


def upcoming_events(*, limit: int, now: datetime) -> list[Event]:
    """The next listed events, soonest first."""
    ids = select(Event.id).where(Event.listed == true(), *_to_come(now), Event.state == EventState.PUBLISHED)
    ids = ids.order_by(Event.starts_at, Event.ends_at, Event.id).limit(limit)
    return list(db.session.scalars(_with_places(ids).order_by(Event.starts_at, Event.ends_at, Event.id)))


def boundaries(shown: Sequence[Event], *, now: datetime) -> list[datetime]:
    """The moments at which a list that shows these events changes by itself.

    The next end of any listed event is among them: it moves that event, and all behind it, to another page or list.
    """
    ends = db.session.scalar(select(func.min(Event.ends_at)).where(Event.listed == true(), Event.ends_at > now))
    return [moment for event in shown for moment in event.boundaries()] + ([ends] if ends else [])


def get_event(public_id: str, *, viewer: Viewer | Visitor) -> Event:
    """The event with all that its page shows.

    Raises NotFound when there is none or when it is not (yet) for this viewer.
    """
    event = find_event(public_id)
    if event is None or not _visible(event, viewer):
        raise NotFound
    return event


def get_event_and_surveys(public_id: str, *, viewer: Viewer | Visitor) -> tuple[Event, list[Survey]]:
    """The same by one select, with whether it has materials, and with the surveys about it and its sessions.

    Surveys come in their order, drafts left out.
    """
    published = and_(Survey.event_id == Event.id, Survey.state != SurveyState.DRAFT)
    statement = _with_all_shown(public_id).outerjoin(Survey, published).add_columns(Survey).order_by(Survey.id)
    # Most have none, and those who come to register are spared a query.
    has_materials = with_expression(Event.has_materials, exists().where(Material.event_id == Event.id))
    rows = db.session.execute(statement.options(*_SHOWN_OF_SURVEYS, has_materials)).unique().all()
    if not rows or not _visible(rows[0][0], viewer):
        raise NotFound
    return rows[0][0], list(dict.fromkeys(survey for _event, survey in rows if survey is not None))


def find_event(public_id: str) -> Event | None:
    """The event with programme, days, places and themes, whoever asks; None when there is none."""
    return db.session.scalars(_with_all_shown(public_id)).unique().one_or_none()


def _with_all_shown(public_id: str) -> Select[Event]:
    return (
        select(Event)
        # Joined by hand: within the parentheses of a joinedload SQLite would read the themes of all events.
        .outerjoin(event_themes, event_themes.c.event_id == Event.id)
        .outerjoin(Theme, Theme.id == event_themes.c.theme_id)
        .where(Event.public_id == public_id)
        .options(
            joinedload(Event.programme),
            joinedload(Event.days),
            joinedload(Event.places),
            contains_eager(Event.themes),
        )
        .order_by(Theme.position, Theme.id)
    )


_RELEASED_OVER = (
    select(SurveyRelease.over)
    .where(SurveyRelease.survey_id == Survey.id)
    .order_by(SurveyRelease.number.desc())
    .limit(1)
    .correlate(Survey)
    .scalar_subquery()
)
_SHOWN_OF_SURVEYS = (
    load_only(
        Survey.public_id, Survey.title, Survey.state, Survey.thing_kind, Survey.thing_id, Survey.asked_of,
        Survey.open_link, Survey.zone, Survey.opens_at, Survey.closes_at, Survey.public_questions,
    ),
    with_expression(Survey.released_over, _RELEASED_OVER),
)  # fmt: skip


_FOR_REGISTRATION = (
    select(Event)
    .where(Event.public_id == bindparam("event"))
    .options(joinedload(Event.programme), joinedload(Event.days), joinedload(Event.places), joinedload(Event.questions))
)


def get_event_for_registration(public_id: str, *, viewer: Viewer | Visitor) -> Event:
    """The event with days, places and the questions it asks; raises NotFound as get_event does.

    It belongs to no session, so that several requests may share it; services read it again under the lock.
    """
    with OwnSession(db.engine) as session:
        event = session.scalars(_FOR_REGISTRATION, {"event": public_id}).unique().one_or_none()
    if event is None or not _visible(event, viewer):
        raise NotFound
    return event


def _visible(event: Event, viewer: Viewer | Visitor) -> bool:
    return event.is_public or reach(viewer, Power.LOOK).covers(event.programme_id, event.id)


def asked_questions(event: Event) -> list[EventQuestion]:
    """The questions still asked of those who register, in order; `event` must have its questions loaded."""
    return [question for question in event.questions if question.retired_at is None and not question.for_organisers]


def organisers_questions(event: Event) -> list[EventQuestion]:
    """The questions that organisers answer about each person, in order; `event` must have its questions loaded."""
    return [question for question in event.questions if question.retired_at is None and question.for_organisers]


def get_fresh_event(event_id: int) -> Event:
    """The event as it is now, with days and questions; raises NotFound.

    It locks nothing: what is decided on it holds for who has a lock that a change of the event waits for, as of its
    places or of one of its days.
    """
    event = db.session.scalars(_LOCKED, {"event": event_id}).unique().one_or_none()
    if event is None:
        raise NotFound
    return event


def read_again(event: Event) -> Event:
    """The event as get_fresh_event gives it, by the narrowest of queries when nothing about it changed."""
    is_same = db.session.scalar(_REVISION, {"event": event.id}) == event.public_revision
    return event if is_same else get_fresh_event(event.id)


_REVISION = select(Event.public_revision).where(Event.id == bindparam("event"))
_LOCKED = (
    select(Event)
    .where(Event.id == bindparam("event"))
    .options(joinedload(Event.days), joinedload(Event.questions))
    .execution_options(populate_existing=True)
)


def lock_places(event_id: int, mode: Mode) -> Places:
    """The counter of an event's places for a mode, locked until the unit ends; raises NotFound.

    The counters for the other modes are locked with it: all modes of an event share its tallies.
    """
    return lock_queue(event_id, mode)[0]


def lock_queue(event_id: int, mode: Mode) -> tuple[Places, int]:
    """The same, and the number of whoever arrived last in any mode: one row of numbers for the whole event."""
    counters = {row.mode: row for row in db.session.scalars(_QUEUE, {"event": event_id})}
    if mode not in counters:
        raise NotFound
    return counters[mode], max(row.last_arrival for row in counters.values())


def filling_ids(*, limit: int) -> list[int]:
    """The ids of the counters of events for which more of those who wait are to be called, the oldest first."""
    statement = select(Places.id).where(Places.filling, Places.session_id.is_(None))
    return list(db.session.scalars(statement.order_by(Places.id).limit(limit)))


def lock_filling(places_id: int) -> Places | None:
    """The counter, locked with the others of its event; None when nobody is left to be called."""
    found = db.session.execute(select(Places.event_id, Places.mode).where(Places.id == places_id)).one_or_none()
    places = lock_places(found.event_id, found.mode) if found is not None else None
    return places if places is not None and places.filling else None


def lock_all_places(event_id: int) -> list[Places]:
    """The counters of an event's places for all its modes, locked until the unit ends."""
    return list(db.session.scalars(_QUEUE.order_by(None).order_by(Places.id), {"event": event_id}))


_QUEUE = (
    select(Places)
    .where(Places.event_id == bindparam("event"), Places.session_id.is_(None))
    .order_by(Places.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def managed_events(viewer: Viewer | Visitor, *, page: int) -> Page[Event]:
    """The events at which the viewer has a role, latest first, 20 a page, counted up to 500."""
    reached = reach(viewer, Power.LOOK)
    counted = select(func.count()).select_from(select(Event.id).where(_within(reached)).limit(COUNTED + 1).subquery())
    total = db.session.scalar(counted) or 0
    more, total = total > COUNTED, min(total, COUNTED)
    number = nearest(page, total, PAGE_SIZE)
    if total == 0:
        return Page([], number, PAGE_SIZE, total)
    latest = _latest(reached, number * PAGE_SIZE).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE).subquery()
    statement = select(Event).join(latest, latest.c.id == Event.id)
    statement = statement.options(joinedload(Event.programme), selectinload(Event.places))
    rows = db.session.scalars(statement.order_by(Event.ends_at.desc(), Event.id.desc())).all()
    return Page(rows, number, PAGE_SIZE, total, more)


def _latest(reached: Reach, first: int) -> Select[int, datetime]:
    """The ids of the events that are reached and end last, merged from what lies in this order in an index."""
    ordered = select(Event.id, Event.ends_at).order_by(Event.ends_at.desc(), Event.id.desc()).limit(first)
    scopes: list[ColumnElement[bool]] = [Event.programme_id == programme for programme in sorted(reached.programmes)]
    if reached.everything:
        scopes = [true()]
    runs = [ordered.where(scope, Event.listed == listed) for scope in scopes for listed in (true(), false())]
    if reached.events and not reached.everything:
        # One that is reached by itself and through its programme must not come twice.
        others = Event.programme_id.not_in(sorted(reached.programmes))
        runs.append(ordered.where(Event.id.in_(sorted(reached.events)), others))
    merged = union_all(*(select(run.subquery()) for run in runs)).subquery()
    return select(merged.c.id, merged.c.ends_at).order_by(merged.c.ends_at.desc(), merged.c.id.desc())


def get_managed_event(public_id: str, *, viewer: Viewer | Visitor, needing: Power) -> Event:
    """The event with programme, days, places and questions, for a viewer who has this power at it.

    Raises NotFound for a viewer without any role at it, and Forbidden for one whose role does not reach so far.
    """
    statement = (
        select(Event)
        .where(Event.public_id == public_id, _within(reach(viewer, Power.LOOK)))
        .options(
            joinedload(Event.programme),
            joinedload(Event.days),
            joinedload(Event.places),
            joinedload(Event.questions),
        )
    )
    event = db.session.scalars(statement).unique().one_or_none()
    if event is None:
        raise NotFound
    if not reach(viewer, needing).covers(event.programme_id, event.id):
        raise Forbidden(f"Your role at this event does not let you {DOING[needing]}. Ask an owner of the event.")
    return event


def _within(reached: Reach) -> ColumnElement[bool]:
    if reached.everything:
        return true()
    return or_(Event.programme_id.in_(sorted(reached.programmes)), Event.id.in_(sorted(reached.events)))
