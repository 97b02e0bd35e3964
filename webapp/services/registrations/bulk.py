"""Deciding about many registrations at once: what was counted and confirmed, or nothing.

Each row changes, is recorded and is told of as if it had been decided alone, in one unit and a few statements.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from webapp import outbox
from webapp.models.accounts import SYSTEM, Actor, ThingKind
from webapp.models.events import Event, Mode, Places
from webapp.models.registrations import Registration, RegistrationState
from webapp.notices import registrations as notices
from webapp.notices.letters import Notice
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.queries.registrations import Chosen
from webapp.services.activity import record_many
from webapp.services.calendar_entries import invite_all, withdraw_all
from webapp.services.places import count_many_tallies, count_places
from webapp.services.registrations.applications import NotPossible, NumberChanged, TooManyAtOnce
from webapp.services.registrations.forecasts import Decision, Forecast, forecast
from webapp.services.registrations.moves import count, fill, turn
from webapp.services.sign_ups import end_all

# A third of a millisecond each was measured: with the places given on by it, less than two seconds.
MOST = 4000
_S = RegistrationState
_IN_TURN = (_S.CONFIRMED, _S.WAITING, _S.DECLINED, _S.CANCELLED)
_VERBS = {
    Decision.APPROVE: "approved",
    Decision.DECLINE: "declined",
    Decision.PROMOTE: "promoted",
    Decision.CANCEL: "cancelled",
}
# Who changes, by the state before, the way of taking part and the state after.
Changing = Mapping[tuple[RegistrationState, Mode, RegistrationState], Sequence[Registration]]


def decide(
    decision: Decision,
    event_id: int,
    chosen: Chosen,
    *,
    number: int,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> int:
    """Approve, decline, promote or cancel those chosen whose state allows it; gives how many were changed.

    Each is told by the letter that it would have got alone; places given up go to those who wait, and to nobody chosen.
    Raises NumberChanged unless as many change as were confirmed, NotPossible when there is none, and TooManyAtOnce.
    """
    places = {one.mode: one for one in event_queries.lock_all_places(event_id)}
    event = event_queries.get_fresh_event(event_id)

    # Nobody's state changes without the lock of the places, so that it is counted before a row is read.
    ahead = forecast(decision, queries.count_chosen(event_id, chosen), event, places.values(), now)
    if ahead.number != number:
        raise NumberChanged(ahead.number)
    if not ahead.number:
        raise NotPossible("None of these registrations can be changed so.")
    if ahead.number > MOST:
        raise TooManyAtOnce(MOST)

    rows = _lock(event_id, chosen, ahead)
    if len(rows) != number:  # somebody's words, and with them what a search finds, changed meanwhile
        raise NumberChanged(len(rows))
    changing = _share_out(rows, ahead)
    losing = [some for (before, _, after), some in changing.items() if before is _S.CONFIRMED and after.is_ended]
    if losing:
        end_all(chain.from_iterable(losing), event, actor=SYSTEM, now=now)
    positions = _move(changing, places, event, now)
    _record(decision, changing, event, actor, now)
    outbox.post_many(_notices(changing, event, positions, reason, now), now=now)
    if decision is Decision.CANCEL:
        # Only now, when nobody who was chosen waits any more.
        for one in places.values():
            fill(one, event, now)
    return ahead.number


def _lock(event_id: int, chosen: Chosen, ahead: Forecast) -> list[Registration]:
    """Those who change, in order of arrival."""
    numbers: Counter[tuple[RegistrationState, Mode]] = Counter()
    for (before, mode, _), number in ahead.changing.items():
        numbers[before, mode] += number
    rows: list[Registration] = []
    for (before, mode), number in sorted(numbers.items()):
        rows += queries.lock_chosen(event_id, chosen, before, mode, number=number)
    return sorted(rows, key=lambda row: (row.arrival, row.id))


def _share_out(rows: Sequence[Registration], ahead: Forecast) -> Changing:
    """Who changes to what: in the order of arrival, as long as there is room."""
    left = Counter(ahead.changing)
    changing: dict[tuple[RegistrationState, Mode, RegistrationState], list[Registration]] = defaultdict(list)
    for row in rows:
        after = next((one for one in _IN_TURN if left[row.state, row.mode, one]), None)
        if after is not None:
            left[row.state, row.mode, after] -= 1
            changing[row.state, row.mode, after].append(row)
    return changing


def _move(changing: Changing, places: Mapping[Mode, Places], event: Event, now: datetime) -> dict[int, int]:
    """Change the rows with all that is counted; gives the numbers on the waiting list, by the registration's id."""
    positions = {}
    for (before, mode, after), rows in changing.items():
        of_mode = places[mode]
        with count_places(of_mode, event, now):
            for row in rows:
                turn(row, after, now)
                count(of_mode, before, -1)
                count(of_mode, after, 1)
                if after is _S.WAITING:
                    row.arrival = of_mode.last_arrival = 1 + max(one.last_arrival for one in places.values())
                    positions[row.id] = of_mode.waiting
            count_many_tallies(rows, before, after)
    return positions


def _record(decision: Decision, changing: Changing, event: Event, actor: Actor, now: datetime) -> None:
    for (_, _, after), rows in changing.items():
        details = {"state": after} if decision is Decision.APPROVE else {}
        things = [row.id for row in rows]
        record_many(
            _VERBS[decision], ThingKind.REGISTRATION, things, actor=actor, now=now, event_id=event.id, **details
        )


def _notices(
    changing: Changing, event: Event, positions: Mapping[int, int], reason: str, now: datetime
) -> Iterator[Notice]:
    """One letter for each who changed, the same that is sent when it is decided about alone."""
    for (before, _, after), rows in changing.items():
        if after is _S.CONFIRMED:
            build = notices.promoted if before is _S.WAITING else notices.confirmed
            invitations = invite_all(rows, event, now=now)
            yield from (build(row, event, invitations.get(row.person_id)) for row in rows)
        elif after is _S.CANCELLED:
            withdrawn = withdraw_all(rows, event, now=now)
            yield from (notices.cancelled(row, event, withdrawn.get(row.person_id)) for row in rows)
        elif after is _S.WAITING:
            yield from (notices.waiting(row, event, positions[row.id]) for row in rows)
        else:
            yield from (notices.declined(row, event, reason) for row in rows)
