"""An agenda laid out: days, and in each day rows of sessions that run beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from webapp.models.agenda import Session, Stream
from webapp.models.drafts import DraftSession, DraftStream
from webapp.models.events import Event, EventDay

TONES = 6
Part = Session | DraftSession


@dataclass(frozen=True)
class Row:
    """What begins at one time: one session for all, or one for each stream that has any."""

    starts: time | None
    ends: time | None
    plenary: Part | None
    parallel: Sequence[Part]


@dataclass(frozen=True)
class DayPlan:
    """One day of an event with its rows in order; `streams` are those that have a session that day."""

    day: EventDay
    number: int
    streams: Sequence[Stream | DraftStream]
    rows: Sequence[Row]

    @property
    def has_times(self) -> bool:
        return any(row.starts for row in self.rows)


def timetable(event: Event, sessions: Sequence[Session] | Sequence[DraftSession]) -> list[DayPlan]:
    """The sessions of an event by day, and within a day by when they begin; those without times by position.

    Sessions must come in the order of days and positions, with day and stream loaded.
    """
    plans = []
    for number, day in enumerate(event.days, start=1):
        of_day: list[Part] = [session for session in sessions if session.day_id == day.id]
        streams = {session.stream.id: session.stream for session in of_day if session.stream}
        ordered = sorted(streams.values(), key=lambda stream: (stream.position, stream.id))
        plans.append(DayPlan(day, number, ordered, _rows(of_day)))
    return plans


def tones(sessions: Iterable[Session]) -> dict[int, int]:
    """The colour of each stream by its id, from 1 to 6: the same on every day, and whatever part is shown."""
    streams = {session.stream.id: session.stream for session in sessions if session.stream}
    ordered = sorted(streams.values(), key=lambda stream: (stream.position, stream.id))
    return {stream.id: place % TONES + 1 for place, stream in enumerate(ordered)}


def clashing(sessions: Iterable[Session]) -> set[int]:
    """The ids of those sessions that run while another of them does, cancelled ones and those without times aside."""
    timed = sorted(
        (one.starts_at, one.ends_at, one.id)
        for one in sessions
        if one.starts_at and one.ends_at and not one.is_cancelled
    )
    found: set[int] = set()
    for place, (_, ends, one) in enumerate(timed):
        for starts, _, other in timed[place + 1 :]:
            if starts >= ends:
                break
            found |= {one, other}
    return found


def _rows(sessions: Sequence[Part]) -> list[Row]:
    rows: list[Row] = []
    for session in sorted(sessions, key=_begin_order):
        if session.stream is None or session.starts is None:
            rows.append(Row(session.starts, session.ends, session, ()))
        elif rows and rows[-1].plenary is None and rows[-1].starts == session.starts:
            last = rows.pop()
            beside = sorted((*last.parallel, session), key=_stream_order)
            ends = max(end for end in (last.ends, session.ends) if end)
            rows.append(Row(session.starts, ends, None, beside))
        else:
            rows.append(Row(session.starts, session.ends, None, (session,)))
    return rows


def _begin_order(session: Part) -> tuple[bool, time, bool, int, int]:
    # Where no times are known the position alone says what comes first; at one time, what is for all does.
    timed = session.starts is not None
    return (timed, session.starts or time(), timed and session.stream_id is not None, session.position, session.id)


def _stream_order(session: Part) -> tuple[int, int]:
    return (session.stream.position if session.stream else 0, session.position)
