"""Making an event from a copy of another, choosing what comes along; registrations never do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from webapp.extensions import db
from webapp.models.accounts import Actor, Grant, Role, ThingKind
from webapp.models.agenda import Contribution, Session, SessionState
from webapp.models.drafts import DraftContribution, DraftSession, DraftStream, Room
from webapp.models.events import Event, EventDay, EventQuestion, Format, moment
from webapp.queries import setting_up as queries
from webapp.services.activity import record
from webapp.services.events.changes import EventRefused
from webapp.services.events.creating import NewEvent, add_event, begin
from webapp.services.events.hours import Day, problems
from webapp.services.to_many.copying import copy_relative
from webapp.services.wordings import copy_wordings

MINUTES = 45
LONGEST_ROOM = 120


class Part(StrEnum):
    """What may come along when an event is copied."""

    TEXTS = "texts"
    HOURS = "hours"
    REGISTRATION = "registration"
    QUESTIONS = "questions"
    STREAMS = "streams"
    SESSIONS = "sessions"
    SPEAKERS = "speakers"
    PEOPLE = "people"
    LETTERS = "letters"


@dataclass(frozen=True, kw_only=True)
class CopyOf:
    """What the copy is called, whose it is, when it begins, and what comes along."""

    title: str
    programme_id: int
    first_day: date
    parts: frozenset[Part]


def copy(source_id: int, wanted: CopyOf, *, owner_id: int | None, actor: Actor, now: datetime) -> Event:
    """A new draft, made like another event; its days keep their distances, and times their place on the clock.

    Raises NotFound, and EventRefused for hours that there are not on the new days.
    """
    source = queries.lock_event(source_id)
    shift = wanted.first_day - source.days[0].date
    days = _days(source, wanted)
    for problem in problems(days, source.zone):
        raise EventRefused(problem.sentence, "first_day")

    event = begin(_new(source, wanted, days), days, now)
    _copy_facts(source, event, wanted.parts, shift)
    if source.programme_id == wanted.programme_id and Part.TEXTS in wanted.parts:
        event.themes = list(source.themes)
    add_event(event, owner_id, now)
    if Part.QUESTIONS in wanted.parts:
        _copy_questions(source, event)
    _copy_agenda(source, event, wanted, now)
    if Part.PEOPLE in wanted.parts:
        _copy_people(source, event, owner_id, shift, now)
    if Part.LETTERS in wanted.parts:
        copy_relative(source.id, event, actor=actor, now=now)
        copy_wordings(source.id, event, actor=actor, now=now)

    record(
        "event_copied", ThingKind.EVENT, event.id, actor=actor, now=now, event_id=event.id,
        source=source.public_id, parts=sorted(part.value for part in wanted.parts),
    )  # fmt: skip
    return event


def _days(source: Event, wanted: CopyOf) -> list[Day]:
    if Part.HOURS not in wanted.parts:
        return [Day(date=wanted.first_day)]
    shift = wanted.first_day - source.days[0].date
    return [Day(date=row.date + shift, starts=row.starts, ends=row.ends) for row in source.days]


def _new(source: Event, wanted: CopyOf, days: Sequence[Day]) -> NewEvent:
    return NewEvent(
        title=wanted.title,
        programme_id=wanted.programme_id,
        # How one of long ago was held may not be known; a new one is online until somebody says otherwise.
        format=Format.ONLINE if source.format is Format.UNKNOWN else source.format,
        first_day=days[0].date,
        last_day=days[-1].date,
        starts=None,
        ends=None,
        zone=source.zone,
        organiser_name=source.organiser_name,
        organiser_email=source.organiser_email,
    )


def _copy_facts(source: Event, event: Event, parts: frozenset[Part], shift: timedelta) -> None:
    if Part.TEXTS in parts:
        # Not what was said afterwards, nor the link of a meeting that is over.
        for field in ("summary", "description", "language", "hashtag", "venue", "joining_instructions"):
            setattr(event, field, getattr(source, field))
    if Part.REGISTRATION in parts:
        fields = "takes_registrations needs_approval waiting_list offer_hours admission admitted_domains"
        for field in fields.split():
            setattr(event, field, getattr(source, field))
        for field in ("registration_opens_at", "registration_closes_at", "joining_from"):
            setattr(event, field, _shifted(getattr(source, field), shift, source))
        capacities = {places.mode: places.capacity for places in source.places}
        for places in event.places:
            places.capacity = capacities.get(places.mode)


def _shifted(at: datetime | None, shift: timedelta, source: Event) -> datetime | None:
    """The same time on the clock so many days later: not the same number of hours, when summer time lies between."""
    if at is None:
        return None
    local = at.astimezone(source.timezone)
    return moment(local.date() + shift, local.time(), source.zone)


def _copy_questions(source: Event, event: Event) -> None:
    made: dict[int, EventQuestion] = {}
    for question in source.questions:
        if question.retired_at is not None:
            continue
        row = EventQuestion(
            event_id=event.id,
            position=question.position,
            kind=question.kind,
            label=question.label,
            help=question.help,
            required=question.required,
            choices=list(question.choices),
            for_organisers=question.for_organisers,
        )
        made[question.id] = row
        db.session.add(row)
    db.session.flush()
    for question in source.questions:
        if question.id in made and question.depends_on_id in made:
            made[question.id].depends_on_id = made[question.depends_on_id].id
            made[question.id].depends_on_values = list(question.depends_on_values)


def _copy_agenda(source: Event, event: Event, wanted: CopyOf, now: datetime) -> None:
    if not wanted.parts & {Part.STREAMS, Part.SESSIONS}:
        return
    agenda = queries.agenda_to_copy(source.id)
    streams, rooms = _copy_streams(agenda, event) if Part.STREAMS in wanted.parts else ({}, {})
    if Part.SESSIONS not in wanted.parts:
        return
    is_placed = Part.HOURS in wanted.parts
    days = {old.id: new for old, new in zip(source.days, event.days, strict=True)} if is_placed else {}
    names = {room.id: room.name for room in agenda.rooms}
    for session in agenda.sessions:
        if session.state is SessionState.CANCELLED:
            continue
        row = _session(session, event, days.get(session.day_id or 0), now)
        row.stream = streams.get(session.stream_id or 0)
        row.room = rooms.get(_room_name(session, names))
        if source.programme_id == event.programme_id:
            row.themes = list(session.themes)
        if Part.SPEAKERS in wanted.parts:
            row.contributions = [_contribution(one) for one in session.contributions]
        db.session.add(row)
    db.session.flush()


def _copy_streams(agenda: queries.AgendaToCopy, event: Event) -> tuple[dict[int, DraftStream], dict[str, Room]]:
    """The streams by the ids of the old ones, and the rooms by their names; a released session only names its room."""
    streams = {
        stream.id: DraftStream(event_id=event.id, name=stream.name, position=stream.position)
        for stream in agenda.streams
    }
    rooms = {
        room.name: Room(event_id=event.id, name=room.name, capacity=room.capacity, position=room.position)
        for room in agenda.rooms
    }
    for session in agenda.sessions:
        name = _room_name(session, {})
        if name and name not in rooms:
            rooms[name] = Room(event_id=event.id, name=name, position=len(rooms) + 1)
    db.session.add_all([*streams.values(), *rooms.values()])
    db.session.flush()
    return streams, rooms


def _room_name(session: DraftSession | Session, names: Mapping[int, str]) -> str:
    if isinstance(session, Session):
        return session.room[:LONGEST_ROOM]
    return names.get(session.room_id or 0, "")


def _session(session: DraftSession | Session, event: Event, day: EventDay | None, now: datetime) -> DraftSession:
    planned = session if isinstance(session, DraftSession) else None
    is_timed = day is not None and session.starts is not None
    return DraftSession(
        event_id=event.id,
        day=day,
        position=session.position,
        kind=session.kind,
        title=session.title,
        summary=session.summary,
        description=session.description,
        language=session.language,
        starts=session.starts if is_timed else None,
        ends=session.ends if is_timed else None,
        minutes=_minutes(session),
        takes_sign_ups=session.takes_sign_ups,
        capacity_online=planned.capacity_online if planned else None,
        capacity_in_person=planned.capacity_in_person if planned else None,
        joining_instructions=session.joining_instructions,
        is_not_recorded=session.is_not_recorded,
        notes=planned.notes if planned else "",
        created_at=now,
        updated_at=now,
    )


def _minutes(session: DraftSession | Session) -> int:
    if session.starts is not None and session.ends is not None:
        begins, ends = (datetime.combine(date.min, at) for at in (session.starts, session.ends))
        return int((ends - begins).total_seconds() // 60) or 1
    return session.minutes if isinstance(session, DraftSession) else MINUTES


def _contribution(one: DraftContribution | Contribution) -> DraftContribution:
    return DraftContribution(
        speaker_id=one.speaker_id, organisation_id=one.organisation_id, role=one.role, position=one.position
    )


def _copy_people(source: Event, event: Event, owner_id: int | None, shift: timedelta, now: datetime) -> None:
    for grant in queries.grants_at(source.id, now=now):
        if (grant.person_id, grant.role) != (owner_id, Role.OWNER):
            db.session.add(
                Grant(
                    person_id=grant.person_id,
                    role=grant.role,
                    thing_kind=ThingKind.EVENT,
                    thing_id=event.id,
                    until=_shifted(grant.until, shift, source),
                    created_at=now,
                )
            )
    db.session.flush()
