"""Making an event from nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, Grant, Role, ThingKind
from webapp.models.drafts import AgendaDraft
from webapp.models.events import Event, EventDay, EventState, Format, Places
from webapp.services.activity import record
from webapp.services.events.changes import EventRefused
from webapp.services.events.editing import follow_days
from webapp.services.events.hours import MOST_DAYS, Day, problems
from webapp.services.search import index_event


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """What it takes to begin: all else is filled in later."""

    title: str
    programme_id: int
    format: Format
    first_day: date
    last_day: date
    starts: time | None
    ends: time | None
    zone: str
    organiser_name: str
    organiser_email: str

    @property
    def days(self) -> tuple[Day, ...]:
        """Each day from the first to the last, with the same hours."""
        number = min((self.last_day - self.first_day).days + 1, MOST_DAYS + 1)
        dates = [self.first_day + timedelta(days=n) for n in range(number)]
        return tuple(Day(date=on, starts=self.starts, ends=self.ends) for on in dates)


def create(new: NewEvent, *, owner_id: int | None, actor: Actor, now: datetime) -> Event:
    """A new event, a draft; `owner_id` is whose it becomes, None where a role reaches it already.

    Raises EventRefused for days that cannot be.
    """
    for problem in problems(new.days, new.zone):
        raise EventRefused(problem.sentence, {"date": "last_day"}.get(problem.part, problem.part))

    event = begin(new, new.days, now)
    add_event(event, owner_id, now)

    record("event_created", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id)
    return event


def begin(new: NewEvent, days: Iterable[Day], now: datetime) -> Event:
    """A draft with these days and a counter for each way of taking part, not yet added."""
    event = Event(
        title=new.title,
        slug=slug(new.title),
        programme_id=new.programme_id,
        state=EventState.DRAFT,
        listed=False,
        format=new.format,
        zone=new.zone,
        organiser_name=new.organiser_name,
        organiser_email=new.organiser_email,
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
    )
    event.days = [EventDay(date=day.date, starts=day.starts, ends=day.ends) for day in days]
    event.places = [Places(mode=mode, capacity=None) for mode in event.modes]
    follow_days(event)
    return event


def add_event(event: Event, owner_id: int | None, now: datetime) -> None:
    """Add an event with its draft agenda and the words by which it is found, and make somebody its owner."""
    db.session.add(event)
    db.session.flush()
    db.session.add(AgendaDraft(event_id=event.id, version=1, changed_at=now))
    if owner_id is not None:
        db.session.add(
            Grant(person_id=owner_id, role=Role.OWNER, thing_kind=ThingKind.EVENT, thing_id=event.id, created_at=now)
        )
    index_event(event)
