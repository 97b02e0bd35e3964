"""What is wrong with a draft agenda, in words: errors keep it from being released, warnings do not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from webapp.models.agenda import SessionKind
from webapp.models.drafts import DraftSession, SpeakerAnswer
from webapp.models.events import Places
from webapp.templating import british_time


class Severity(StrEnum):
    """Whether it must be put right before a release."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Conflict:
    """One thing that is wrong: a sentence, and the public ids of the sessions that it is about."""

    severity: Severity
    sentence: str
    sessions: tuple[str, ...]

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def conflicts_of(sessions: Sequence[DraftSession], places: Iterable[Places]) -> list[Conflict]:
    """All that is wrong, errors first, in the order of the agenda.

    Sessions must have day, stream, room and contributions loaded; `places` are the counters of those that take
    sign-ups. Cancelled sessions are in nobody's way.
    """
    standing = [one for one in sessions if not one.is_cancelled]
    signed_up: dict[int, list[Places]] = defaultdict(list)
    for counter in places:
        if counter.session_id is not None:
            signed_up[counter.session_id].append(counter)
    found = [*_twice(standing), *_outside(standing), *_lost(standing), *_too_many(standing, signed_up)]
    found += [*_unsure(standing), *_beside(standing)]
    return sorted(found, key=lambda conflict: not conflict.is_error)


def _twice(sessions: Sequence[DraftSession]) -> Iterator[Conflict]:
    """The same speaker, room or stream in two sessions at once."""
    for one, other in _at_once(sessions):
        when = _when(one, other)
        shared = _speakers(one).items() & _speakers(other).items()
        for _, name in sorted(shared, key=lambda pair: pair[1]):
            yield _error(f"{name} is in “{one.title}” and in “{other.title}”, both {when}.", one, other)
        if one.room is not None and one.room_id == other.room_id:
            yield _error(f"{one.room.name} holds “{one.title}” and “{other.title}”, both {when}.", one, other)
        if one.stream is not None and one.stream_id == other.stream_id:
            sentence = f"“{one.title}” and “{other.title}” are both in the stream {one.stream.name} {when}."
            yield _warning(sentence, one, other)


def _beside(sessions: Sequence[DraftSession]) -> Iterator[Conflict]:
    """What is for all while something else runs."""
    for one, other in _at_once(sessions):
        if (one.stream_id is None) == (other.stream_id is None):
            if one.stream_id is None and SessionKind.BREAK not in {one.kind, other.kind}:
                yield _warning(
                    f"“{one.title}” and “{other.title}” are both for all streams {_when(one, other)}.", one, other
                )
            continue
        for_all, part = (one, other) if one.stream_id is None else (other, one)
        sentence = f"“{for_all.title}” is for all streams while “{part.title}” runs, {_when(one, other)}."
        yield _warning(sentence, for_all, part)


def _outside(sessions: Iterable[DraftSession]) -> Iterator[Conflict]:
    for one in sessions:
        day = one.day
        if day is None or not (one.starts and one.ends and day.starts and day.ends):
            continue
        if one.starts < day.starts or one.ends > day.ends:
            runs = f"from {british_time(one.starts)} to {british_time(one.ends)}"
            hours = f"from {british_time(day.starts)} to {british_time(day.ends)}"
            yield _error(
                f"“{one.title}” runs {runs}, and the event on {day.date.day} {day.date:%B} {hours}. Move the session,"
                " or change the hours of the day in the set-up.",
                one,
            )


def _lost(sessions: Iterable[DraftSession]) -> Iterator[Conflict]:
    """What was released and stands nowhere now."""
    for one in sessions:
        if not one.is_placed and one.session_id is not None:
            yield _error(f"“{one.title}” was released and is not placed any more. Place it, or cancel it.", one)


def _too_many(sessions: Iterable[DraftSession], signed_up: Mapping[int, Sequence[Places]]) -> Iterator[Conflict]:
    """More people than the room, the meeting or the session's own limit."""
    for one in sessions:
        counters = signed_up.get(one.session_id or 0, ())
        count = sum(counter.confirmed for counter in counters)
        if one.room is not None and one.room.capacity is not None and count > one.room.capacity:
            yield _warning(
                f"{count:,} people have signed up for “{one.title}”, and {one.room.name} holds {one.room.capacity:,}.",
                one,
            )
        for counter in counters:
            limit = one.capacity(counter.mode)
            if one.takes_sign_ups and limit is not None and counter.confirmed > limit:
                yield _error(
                    f"{counter.confirmed:,} people have a place in “{one.title}” ({counter.mode.label.lower()}), so it"
                    f" cannot be limited to {limit:,}. Raise the limit.",
                    one,
                )


def _unsure(sessions: Iterable[DraftSession]) -> Iterator[Conflict]:
    for one in sessions:
        for contribution in one.contributions:
            if contribution.answer is SpeakerAnswer.DECLINED and contribution.speaker is not None:
                yield _warning(f"{contribution.speaker.name} has declined to contribute to “{one.title}”.", one)


def _at_once(sessions: Iterable[DraftSession]) -> Iterator[tuple[DraftSession, DraftSession]]:
    """Pairs of sessions that run at the same time, each once, in the order of the agenda."""
    days: dict[int, list[DraftSession]] = defaultdict(list)
    for one in sessions:
        if one.day_id is not None and one.starts is not None and one.ends is not None:
            days[one.day_id].append(one)
    for of_day in days.values():
        running: list[DraftSession] = []
        for one in sorted(of_day, key=lambda session: (session.starts, session.id)):
            running = [other for other in running if _after(other.ends, one.starts)]
            for other in running:
                yield other, one
            running.append(one)


def _after(ends: time | None, starts: time | None) -> bool:
    return ends is not None and starts is not None and ends > starts


def _speakers(session: DraftSession) -> dict[int, str]:
    return {one.speaker.id: one.speaker.name for one in session.contributions if one.speaker is not None}


def _when(one: DraftSession, other: DraftSession) -> str:
    begins = max(filter(None, (one.starts, other.starts)))
    ends = min(filter(None, (one.ends, other.ends)))
    day = one.day.date if one.day else None
    on = f" on {day.day} {day:%B}" if day else ""
    return f"at {british_time(begins)} to {british_time(ends)}{on}"


def _error(sentence: str, *sessions: DraftSession) -> Conflict:
    return Conflict(Severity.ERROR, sentence, tuple(one.public_id for one in sessions))


def _warning(sentence: str, *sessions: DraftSession) -> Conflict:
    return Conflict(Severity.WARNING, sentence, tuple(one.public_id for one in sessions))
