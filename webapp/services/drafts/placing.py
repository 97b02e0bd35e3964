"""Where a session stands: moved to a day and time, earlier or later, exchanged with another, with all that follows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from webapp.models.accounts import Actor, ThingKind
from webapp.models.drafts import DraftSession, DraftStream, Room
from webapp.models.events import Event, EventDay, moment
from webapp.queries import drafts as queries
from webapp.services.activity import record
from webapp.services.drafts.changing import DraftRefused, changing, check_version, touch
from webapp.services.events import is_skipped
from webapp.templating import british_time, weekday_date

LONGEST = 24 * 60 - 1
STEPS = (5, 10, 15, 30, 60)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a session is to stand: without a date it is not placed, without a time its time is not known yet.

    `minutes` is its length; stream and room go by their public ids, empty for all streams and for no room.
    """

    date: date | None
    starts: time | None
    minutes: int
    stream: str = ""
    room: str = ""


def move(
    event: Event, public_id: str, to: Placement, *, version: int | None, actor: Actor, now: datetime
) -> DraftSession:
    """Move a session of the draft to a place. Raises DraftRefused, ChangedMeanwhile and NotFound."""
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        check_version(session, version)
        before = where(session)
        place(session, to, event)
        _record_moved(session, before, event, actor, now)
    return session


def place(session: DraftSession, to: Placement, event: Event) -> None:
    """Put the placement on a session; asked under the lock of the draft. Raises DraftRefused."""
    day = day_of(event, to.date)
    starts, ends = span(to, event) if day else (None, None)
    if not 0 < to.minutes <= LONGEST:
        raise DraftRefused("A session lasts between 1 minute and a day.")
    if session.day_id != (day.id if day else None):
        session.position = _last_position(event.id, day.id if day else None) + 1
    session.day_id, session.day = (day.id, day) if day else (None, None)
    session.starts, session.ends = starts, ends
    session.minutes = to.minutes
    session.stream = _stream(event.id, to.stream)
    session.room = _room(event.id, to.room)


def day_of(event: Event, wanted: date | None) -> EventDay | None:
    """The day of the event at this date, None for none; raises DraftRefused when the event has no such day."""
    if wanted is None:
        return None
    for day in queries.days_of(event.id):
        if day.date == wanted:
            return day
    raise DraftRefused(
        "The event does not take place on that day. Choose one of its days, or add the day in the set-up."
    )


def span(to: Placement, event: Event) -> tuple[time | None, time | None]:
    """When it begins and ends, local; it lasts as long as it lasts, whatever the clocks do meanwhile.

    Raises DraftRefused for an end past midnight, a beginning that the clocks leave out, and an end in the hour that
    they show a second time.
    """
    if to.starts is None or to.date is None:
        return None, None
    if is_skipped(to.date, to.starts, event.zone):
        raise DraftRefused(
            f"There is no {british_time(to.starts)} on that day: the clocks go forward over it. "
            "Choose a time before or after."
        )
    until = moment(to.date, to.starts, event.zone) + timedelta(minutes=to.minutes)
    ends = until.astimezone(event.timezone)
    if ends.date() != to.date:
        raise DraftRefused(
            "It would end after midnight. Let it end by 11:59pm, and put what comes after midnight on the next day."
        )
    if ends.fold:
        raise DraftRefused(
            f"It would end at the second {british_time(ends.time())} of that day: the clocks go back, and nobody could "
            "tell which is meant. Let it end earlier or later."
        )
    return to.starts, ends.time()


def shift(
    event: Event, public_id: str, by: int, *, following: bool, version: int | None, actor: Actor, now: datetime
) -> list[DraftSession]:
    """Move a session by minutes, and if `following` all that begin after it that day in its stream and for all.

    A session for all streams takes with it what follows in each. Gives those that moved; raises DraftRefused when
    any of them cannot, and then none has moved.
    """
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        check_version(session, version)
        if session.starts is None:
            raise DraftRefused(
                f"“{session.title}” has no time yet, so it cannot be moved by minutes. Move it to a time."
            )
        moved = [session]
        if following:
            moved += _following(event.id, session)
        for one in moved:
            before = where(one)
            to = placement_of(one, event.zone)
            begins = datetime.combine(to.date or date.min, to.starts or time()) + timedelta(minutes=by)
            if begins.date() != to.date:
                raise DraftRefused(f"“{one.title}” would leave its day. Move it to another day instead.")
            place(one, Placement(**{**vars(to), "starts": begins.time()}), event)
            _record_moved(one, before, event, actor, now)
    return moved


def swap(
    event: Event, public_id: str, other_id: str, *, version: int | None, actor: Actor, now: datetime
) -> tuple[DraftSession, DraftSession]:
    """Exchange two sessions: each takes the other's day, beginning, stream and room, and keeps its own length.

    Raises DraftRefused, ChangedMeanwhile and NotFound.
    """
    if public_id == other_id:
        raise DraftRefused("Choose another session to exchange this one with.")
    with changing(event.id, now):
        session = queries.lock_draft_session(event.id, public_id)
        check_version(session, version)
        other = queries.lock_draft_session(event.id, other_id)
        one, two = placement_of(session, event.zone), placement_of(other, event.zone)
        befores, positions = (where(session), where(other)), (session.position, other.position)
        place(session, Placement(**{**vars(two), "minutes": one.minutes}), event)
        place(other, Placement(**{**vars(one), "minutes": two.minutes}), event)
        session.position, other.position = positions[1], positions[0]
        _record_moved(session, befores[0], event, actor, now)
        _record_moved(other, befores[1], event, actor, now)
    return session, other


def where(session: DraftSession) -> str:
    """Where a session stands, in one line for the record of changes."""
    if session.day is None:
        return "not placed"
    parts = [session.day.date.isoformat()]
    if session.starts and session.ends:
        parts.append(f"{session.starts:%H:%M} to {session.ends:%H:%M}")
    return ", ".join([*parts, session.stream.name if session.stream else "all streams", *_room_of(session)])


def spoken(session: DraftSession) -> str:
    """Where a session stands, in one line for people."""
    if session.day is None:
        return "not placed yet"
    when = weekday_date(session.day.date)
    if session.starts and session.ends:
        when += f", {british_time(session.starts)} to {british_time(session.ends)}"
    return ", ".join([when, session.stream.name if session.stream else "all streams", *_room_of(session)])


def _room_of(session: DraftSession) -> list[str]:
    return [session.room.name] if session.room else []


def length(session: DraftSession, zone: str) -> int:
    """How many minutes a session lasts in this zone, or is to last once it has a time."""
    if session.day and session.starts and session.ends:
        lasts = moment(session.day.date, session.ends, zone) - moment(session.day.date, session.starts, zone)
        return int(lasts.total_seconds()) // 60
    return session.minutes


def placement_of(session: DraftSession, zone: str) -> Placement:
    """Where a session stands in this zone, as it may be given back."""
    return Placement(
        date=session.day.date if session.day else None,
        starts=session.starts,
        minutes=length(session, zone),
        stream=session.stream.public_id if session.stream else "",
        room=session.room.public_id if session.room else "",
    )


def _following(event_id: int, session: DraftSession) -> list[DraftSession]:
    return [
        one
        for one in queries.draft_sessions_of(event_id)
        if one.day_id == session.day_id
        and one.id != session.id
        and one.starts is not None
        and session.starts is not None
        and (one.starts, one.id) > (session.starts, 0)
        and (session.stream_id is None or one.stream_id in {None, session.stream_id})
    ]


def _last_position(event_id: int, day_id: int | None) -> int:
    return max((one.position for one in queries.draft_sessions_of(event_id) if one.day_id == day_id), default=0)


def _stream(event_id: int, public_id: str) -> DraftStream | None:
    if not public_id:
        return None
    for stream in queries.draft_streams_of(event_id):
        if stream.public_id == public_id:
            return stream
    raise DraftRefused("That stream is no longer there. Choose another.")


def _room(event_id: int, public_id: str) -> Room | None:
    if not public_id:
        return None
    for room in queries.rooms_of(event_id):
        if room.public_id == public_id:
            return room
    raise DraftRefused("That room is no longer there. Choose another.")


def _record_moved(session: DraftSession, before: str, event: Event, actor: Actor, now: datetime) -> None:
    after = where(session)
    if after == before:
        return
    touch(session, now)
    record(
        "session_moved",
        ThingKind.DRAFT_SESSION,
        session.id,
        actor=actor,
        now=now,
        event_id=event.id,
        title=session.title,
        changes={"place": [before, after]},
    )
