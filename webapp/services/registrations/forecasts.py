"""What a decision about many registrations would do, counted before it is made and again under the lock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.models.events import Event, EventState, Mode, Places
from webapp.models.registrations import RegistrationState
from webapp.queries.registrations import Counts

_S = RegistrationState


class Decision(StrEnum):
    """What can be decided about many registrations at once."""

    APPROVE = "approve"
    DECLINE = "decline"
    PROMOTE = "promote"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """How many of each way of taking part change to which state, and how many are left out for which reason."""

    changing: Mapping[tuple[RegistrationState, Mode, RegistrationState], int]
    left_out: Sequence[tuple[str, int]]

    @property
    def number(self) -> int:
        """How many registrations change."""
        return sum(self.changing.values())

    def becoming(self, state: RegistrationState) -> int:
        """How many change to a state."""
        return sum(number for (_, _, after), number in self.changing.items() if after == state)

    def leaving(self, state: RegistrationState) -> int:
        """How many change from a state."""
        return sum(number for (before, _, _), number in self.changing.items() if before == state)


def forecast(decision: Decision, counts: Counts, event: Event, places: Iterable[Places], now: datetime) -> Forecast:
    """What a decision does at `now` to so many registrations of each state and way of taking part."""
    of_mode = {one.mode: one for one in places}
    changing: Counter[tuple[RegistrationState, Mode, RegistrationState]] = Counter()
    left_out: Counter[str] = Counter()
    closed = _closed(decision, event, now)
    for (state, mode), number in sorted(counts.items()):
        if closed or state not in FROM[decision]:
            left_out[closed or _ALREADY[state]] += number
            continue
        for after, some in _shares(decision, state, number, event, of_mode[mode], now):
            if after is None:
                left_out[_NO_PLACE] += some
            elif some:
                changing[state, mode, after] += some
    return Forecast(changing=changing, left_out=[(reason, number) for reason, number in left_out.items() if number])


FROM: Mapping[Decision, frozenset[RegistrationState]] = {
    Decision.APPROVE: frozenset({_S.PENDING}),
    Decision.DECLINE: frozenset({_S.PENDING}),
    Decision.PROMOTE: frozenset({_S.WAITING, _S.OFFERED}),
    Decision.CANCEL: frozenset({_S.PENDING, _S.CONFIRMED, _S.WAITING, _S.OFFERED}),
}
_ALREADY = {
    _S.PENDING: "Still waiting for approval",
    _S.CONFIRMED: "Has a place already",
    _S.WAITING: "On the waiting list",
    _S.OFFERED: "A place is offered already",
    _S.LAPSED: "Offer lapsed",
    _S.DECLINED: "Not approved",
    _S.CANCELLED: "Cancelled",
}
_NO_PLACE = "No place is free"


def _closed(decision: Decision, event: Event, now: datetime) -> str:
    """Why nothing of the kind can be decided any more, or nothing."""
    if decision is Decision.DECLINE:
        return ""
    if now >= event.ends_at:
        return "The event is over"
    if decision is not Decision.CANCEL and event.state is not EventState.PUBLISHED:
        return "The event is not published"
    return ""


def _shares(
    decision: Decision, state: RegistrationState, number: int, event: Event, places: Places, now: datetime
) -> list[tuple[RegistrationState | None, int]]:
    """The states that so many of one state come to, each with how many; None for those who find no place."""
    if decision is Decision.DECLINE:
        return [(_S.DECLINED, number)]
    if decision is Decision.CANCEL:
        return [(_S.CANCELLED, number)]
    if state is _S.OFFERED:
        return [(_S.CONFIRMED, number)]
    free = number if places.free is None else min(number, places.free)
    if decision is Decision.PROMOTE:
        return [(_S.CONFIRMED, free), (None, number - free)]
    # Who is approved does not pass those who wait.
    free = free if event.has_room_at(places, now) else 0
    return [(_S.CONFIRMED, free), (_S.WAITING if event.has_queue_at(now) else None, number - free)]
