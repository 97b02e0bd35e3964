"""Changing an event page by page: what it is about, when and where it is, who may come, and whom to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor
from webapp.models.events import Event, EventDay, EventState, Format, Mode, Places, moment
from webapp.queries import events as event_queries
from webapp.queries import setting_up as queries
from webapp.services.events.changes import EventRefused, check_version, differences
from webapp.services.events.hours import ZONES, Day, problems
from webapp.services.events.telling import Before, finish
from webapp.services.places import count_places
from webapp.services.presences import recount_all
from webapp.services.registrations.moves import fill
from webapp.services.session_changes import renew_organiser, renew_places, renew_sessions
from webapp.services.to_many.sending import resume_late, stop_late
from webapp.templating import weekday_date


@dataclass(frozen=True, kw_only=True)
class About:
    """What an event is about; themes by their public ids."""

    title: str
    summary: str
    description: str
    themes: tuple[str, ...]
    hashtag: str
    reach: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """How people take part, where, and how they join."""

    format: Format
    venue: str
    joining_url: str
    joining_instructions: str
    joining_from: datetime | None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Who may register from when to when, and for how many places in each way; None is without limit."""

    takes_registrations: bool
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    capacity: Mapping[Mode, int | None]
    waiting_list: bool
    offer_hours: int
    needs_approval: bool


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom people write to."""

    organiser_name: str
    organiser_email: str


def edit_about(event_id: int, about: About, *, version: int, told: bool = False, actor: Actor, now: datetime) -> Event:
    """Change what the event is about. Raises ChangedMeanwhile, ConfirmationNeeded, EventRefused."""
    event = queries.lock_event(event_id)
    before = Before.of(event)
    themes = {theme.public_id: theme for theme in queries.themes_of_programme(event.programme_id)}
    chosen = [theme for public_id, theme in themes.items() if public_id in about.themes]

    wanted = asdict(about) | {"themes": [theme.name for theme in chosen]}
    stands = {field: getattr(event, field) for field in wanted} | {"themes": [theme.name for theme in event.themes]}
    changes = differences(stands, wanted)
    if not changes:
        return event
    check_version(event, version, wanted)

    for change in changes:
        if change.field != "themes":
            setattr(event, change.field, wanted[change.field])
    event.slug = slug(event.title)
    event.themes = chosen
    return finish(event, before, changes, told=told, actor=actor, now=now)


def edit_contact(
    event_id: int, contact: Contact, *, version: int, told: bool = False, actor: Actor, now: datetime
) -> Event:
    """Change whom people write to. Raises ChangedMeanwhile, and ConfirmationNeeded where the address is another."""
    event = queries.lock_event(event_id)
    before = Before.of(event)
    wanted = asdict(contact)
    changes = differences({field: getattr(event, field) for field in wanted}, wanted)
    if not changes:
        return event
    check_version(event, version, wanted)

    event.organiser_name = contact.organiser_name
    event.organiser_email = contact.organiser_email
    done = finish(event, before, changes, told=told, actor=actor, now=now)
    is_to_come = event.state is EventState.PUBLISHED and now < event.ends_at
    if is_to_come and event.organiser_email != before.facts.organiser_email:
        renew_organiser(event, now=now)
    return done


def edit_where(event_id: int, where: Where, *, version: int, told: bool = False, actor: Actor, now: datetime) -> Event:
    """Change how people take part, where, and how they join. Raises ChangedMeanwhile, ConfirmationNeeded,

    and EventRefused when somebody has registered for a way of taking part that would go.
    """
    event = queries.lock_event(event_id)
    before = Before.of(event)
    wanted = {field: getattr(where, field) for field in Where.__dataclass_fields__}
    changes = differences({field: getattr(event, field) for field in wanted}, wanted)
    if not changes:
        return event
    check_version(event, version, wanted)

    for change in changes:
        setattr(event, change.field, wanted[change.field])
    if Mode.IN_PERSON in event.modes and not event.venue and event.state is EventState.PUBLISHED:
        raise EventRefused("Enter where it takes place: the event is published, and people come in person", "venue")
    _fit_places(event, before.facts.modes)
    done = finish(event, before, changes, told=told, actor=actor, now=now)
    is_to_come = event.state is EventState.PUBLISHED and now < event.ends_at
    if is_to_come and Mode.IN_PERSON in event.modes and event.venue != before.facts.venue:
        renew_places(event, before.facts.venue, now=now)
    return done


def _fit_places(event: Event, modes_before: Sequence[Mode]) -> None:
    """Make the event's counters those of its ways of taking part.

    Raises EventRefused when somebody has registered, and not ended it, for one that goes.
    """
    rows = {places.mode: places for places in event.places}
    for mode, places in rows.items():
        if mode in event.modes:
            if mode not in modes_before:
                places.capacity = None
            continue
        active = places.confirmed + places.offered + places.waiting + places.pending
        if active:
            people = "1 person has" if active == 1 else f"{active:,} people have"
            way = mode.label.lower()
            raise EventRefused(
                f"{people} registered to take part {way}, so that way has to stay. Cancel those registrations first,"
                " or choose “Online and in person”",
                "format",
            )
        if places.last_arrival:
            # Numbers of arrival go on from it, and ended registrations are told in its words.
            places.capacity = 0
        else:
            event.places.remove(places)
    for mode in event.modes:
        if mode not in rows:
            event.places.append(Places(mode=mode, capacity=None))
    db.session.flush()


def edit_days(
    event_id: int, days: tuple[Day, ...], zone: str, *, version: int, told: bool = False, actor: Actor, now: datetime
) -> Event:
    """Change the days, their hours and the zone; sessions move with their day.

    Raises ChangedMeanwhile, ConfirmationNeeded, and EventRefused, naming the sessions of a day that would go.
    """
    event_queries.lock_all_places(event_id)
    event = queries.lock_event(event_id)
    before = Before.of(event)
    days = tuple(sorted(days, key=lambda day: day.date))
    changes = differences(
        {"days": [_told(day) for day in event.days], "zone": event.zone},
        {"days": [_told(day) for day in days], "zone": zone},
    )
    if not changes:
        return event
    check_version(event, version, ("days", "zone"))
    for problem in problems(days, zone):
        raise EventRefused(problem.sentence, f"{problem.part}_{problem.place}")
    if event.series_id is not None and len(days) > max(1, len(event.days)):
        # The entry of the series says one day of each meeting (RFC 5545, section 3.8.4.4).
        raise EventRefused("A meeting of a series is on one day. Make an event of its own for the other days", "days")
    if zone not in ZONES and zone != event.zone:
        raise EventRefused("Select a time zone from the list", "zone")

    moved = _put_days(event, days)
    # By the hours of a day it is judged who came in part.
    recount_all(event)
    if zone != event.zone:
        moved = {day.id for day in event.days if day.id}
    event.zone = zone
    follow_days(event)
    stood = _move_sessions(event, moved, now)
    done = finish(event, before, changes, told=told, actor=actor, now=now)
    if event.state is EventState.PUBLISHED and now < event.ends_at:
        renew_sessions(event, stood, now=now)
        resume_late(event, actor=actor, now=now)
        stop_late(event, actor=actor, now=now)
    return done


def follow_days(event: Event) -> None:
    """Set what follows from the days of an event, the first to the last, and its zone."""
    days = sorted(event.days, key=lambda day: day.date)
    first, last = days[0], days[-1]
    event.starts_on, event.ends_on = first.date, last.date
    event.starts_at = moment(first.date, first.starts, event.zone)
    event.ends_at = moment(last.date, last.ends, event.zone, end=True)


def _told(day: Day | EventDay) -> list[Any]:
    return [day.date, day.starts, day.ends]


def _put_days(event: Event, days: tuple[Day, ...]) -> set[int]:
    """Make the rows those of these days; gives the ids of the days whose date changed."""
    rows = {row.date: row for row in event.days}
    wanted = {day.was: day for day in days if day.was is not None and day.was in rows}
    _remove_days(event, [row for on, row in rows.items() if on not in wanted])
    moved = [(rows[was], day) for was, day in wanted.items() if day.date != was]
    for place, (row, _) in enumerate(moved):
        # Out of the way first: two days that change places would meet on one date.
        row.date = date.min + timedelta(days=place)
    db.session.flush()
    for was, day in wanted.items():
        row = rows[was]
        row.date, row.starts, row.ends = day.date, day.starts, day.ends
    event.days += [EventDay(date=day.date, starts=day.starts, ends=day.ends) for day in days if day.was not in rows]
    db.session.flush()
    event.days.sort(key=lambda row: row.date)
    return {row.id for row, _ in moved}


def _remove_days(event: Event, gone: list[EventDay]) -> None:
    planned: dict[int, list[str]] = {}
    for session in queries.sessions_on_days(event.id) if gone else ():
        planned.setdefault(session.day_id, []).append(f"“{session.title}”")
    for row in gone:
        on = weekday_date(row.date)
        if row.id in planned:
            titles = list(dict.fromkeys(planned[row.id]))
            named = ", ".join(titles[:5]) + (f" and {len(titles) - 5} more" if len(titles) > 5 else "")
            raise EventRefused(
                f"{on} cannot be removed while it has sessions: {named}. Move them to another day first", "days"
            )
        if queries.has_attendance(row.id):
            raise EventRefused(f"{on} cannot be removed: people have been checked in that day", "days")
        event.days.remove(row)
    db.session.flush()


def _move_sessions(event: Event, day_ids: set[int], now: datetime) -> dict[int, tuple[date, time | None, time | None]]:
    """Let the moments of released sessions follow their days, each in a new version for calendars.

    Gives where those that have a time stood before, by their ids.
    """
    stood: dict[int, tuple[date, time | None, time | None]] = {}
    for session in queries.released_sessions(day_ids) if day_ids else ():
        if session.starts_at and session.ends_at:
            begins, ends = (at.astimezone(event.timezone) for at in (session.starts_at, session.ends_at))
            stood[session.id] = (begins.date(), begins.time(), ends.time())
        starts_at = moment(session.day.date, session.starts, event.zone) if session.starts else None
        ends_at = moment(session.day.date, session.ends, event.zone) if session.ends else None
        session.starts_at, session.ends_at = starts_at, ends_at
        session.calendar_sequence += 1
        session.calendar_changed_at = session.updated_at = now
    return stood


def edit_settings(
    event_id: int, settings: Settings, *, version: int, told: bool = False, actor: Actor, now: datetime
) -> Event:
    """Change who may register, when, and for how many places; places that come free go to those who wait.

    Raises ChangedMeanwhile, and EventRefused when there would be fewer places than are taken.
    """
    event = queries.lock_event(event_id)
    before = Before.of(event)
    wanted, stands = _settings(settings, event)
    changes = differences(stands, wanted)
    if not changes:
        return event
    check_version(event, version, wanted)
    _check_settings(event, settings)

    for change in changes:
        if not change.field.startswith("capacity_"):
            setattr(event, change.field, wanted[change.field])
    for places in event.places:
        if places.mode in settings.capacity:
            with count_places(places, event, now):
                places.capacity = settings.capacity[places.mode]
            fill(places, event, now)
    return finish(event, before, changes, told=told, actor=actor, now=now)


def _settings(settings: Settings, event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    wanted = {field: getattr(settings, field) for field in Settings.__dataclass_fields__ if field != "capacity"}
    stands = {field: getattr(event, field) for field in wanted}
    for places in event.places:
        if places.mode in settings.capacity:
            wanted[f"capacity_{places.mode}"] = settings.capacity[places.mode]
            stands[f"capacity_{places.mode}"] = places.capacity
    return wanted, stands


def _check_settings(event: Event, settings: Settings) -> None:
    opens, closes = settings.registration_opens_at, settings.registration_closes_at
    if opens and closes and closes <= opens:
        raise EventRefused("Registration must close after it opens", "closes_on")
    if closes and closes > event.ends_at and closes != event.registration_closes_at:
        raise EventRefused("Registration must close before the event ends", "closes_on")
    if opens and opens >= event.ends_at and opens != event.registration_opens_at:
        raise EventRefused("Registration must open before the event ends", "opens_on")
    waiting = sum(places.waiting for places in event.places)
    if waiting and event.waiting_list and not settings.waiting_list:
        people = "1 person waits" if waiting == 1 else f"{waiting:,} people wait"
        raise EventRefused(
            f"{people} for a place, so the waiting list has to stay. Give them places or cancel their registrations"
            " first",
            "waiting_list",
        )
    for places in event.places:
        capacity, taken = settings.capacity.get(places.mode), places.confirmed + places.offered
        if capacity is not None and capacity < taken:
            offered = f", {places.offered:,} of them offered" if places.offered else ""
            raise EventRefused(
                f"{taken:,} places are taken{offered}, so there cannot be fewer than {taken:,}",
                f"capacity_{places.mode}",
            )
