"""What becomes of the rows of a list of people: registered, registered already, or not to be taken."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.folding import fold, fold_email
from webapp.models.events import Event, Mode, Places
from webapp.models.imports import Fate
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import imports as queries
from webapp.queries.imports import Registered
from webapp.queries.organisations import Listed, organisations_by_name
from webapp.services.imports.columns import PEOPLE
from webapp.services.imports.rows import Change, Given, Judged

_S = RegistrationState
NEW_STATES = (_S.CONFIRMED, _S.WAITING, _S.PENDING)


@dataclass(kw_only=True)
class Standing:
    """What the rows meet: who is known, who is registered, which organisations are, and which places are free."""

    event: Event
    people: Mapping[str, int]
    registered: Mapping[int, Registered]
    organisations: Mapping[str, Listed]
    places: Mapping[Mode, Places]
    # Of those registered, read only where what they said is to be updated.
    answers: Mapping[int, Mapping[int, list[str]]]
    tags: Mapping[int, list[str]]
    updates: bool
    now: datetime


def standing_of(
    event: Event, givens: Sequence[Given], places: Iterable[Places], *, updates: bool, now: datetime
) -> Standing:
    """What the rows meet at this moment, read by few queries; `event` must have its questions loaded."""
    people = queries.people_by_email(given.values["email"] for given in givens if given.values["email"])
    registered = queries.registered_at(event.id, set(people.values()))
    ids = {one.id for one in registered.values()} if updates else set()
    return Standing(
        event=event,
        people=people,
        registered=registered,
        organisations=organisations_by_name({given.values["organisation"] for given in givens}),
        places={one.mode: one for one in places},
        answers=queries.answers_at(ids),
        tags=queries.tags_at(ids),
        updates=updates,
        now=now,
    )


def judge(givens: Sequence[Given], standing: Standing) -> list[Judged]:
    """What becomes of each row, in the order of the file: who stands first in it gets the last place."""
    rows = [Judged(given=given, problems=list(given.problems)) for given in givens]
    first: dict[Any, int] = {}
    given_away: Counter[Mode] = Counter()
    for row in rows:
        _judge(row, standing, first, given_away)
        if row.problems:
            row.fate = Fate.REFUSED
            row.changes = []
    return rows


def _judge(row: Judged, standing: Standing, first: dict[Any, int], given_away: Counter[Mode]) -> None:
    values = row.given.values
    if values["email"]:
        folded = fold_email(values["email"])
        whose: Any = standing.people.get(folded, folded)
        if whose in first:
            row.problems.append(f"It is the same person as in row {first[whose]:,}.")
        first.setdefault(whose, row.given.number)
        row.target = standing.registered.get(whose) if isinstance(whose, int) else None
    if row.problems:
        return
    if row.target is not None:
        _compare(row, standing)
    else:
        _admit(row, standing, given_away)


def _admit(row: Judged, standing: Standing, given_away: Counter[Mode]) -> None:
    """Whether somebody new can have what the row asks for."""
    values, event = row.given.values, standing.event
    mode, state = Mode(values["mode"]), RegistrationState(values["state"])
    if state not in NEW_STATES:
        row.problems.append(f"Nobody can be added as “{state.label}”. Take the row out, or change its state.")
        return
    if mode not in event.modes or mode not in standing.places:
        row.problems.append(f"Nobody can take part {mode.label.lower()} in this event any more.")
        return
    if state is _S.CONFIRMED:
        free = standing.places[mode].free
        if free is not None and given_away[mode] >= free:
            waits = " Put “waiting list” as the state, or raise the number of places." if event.waiting_list else ""
            row.problems.append(f"There is no place left ({mode.label.lower()}).{waits}")
            return
        given_away[mode] += 1
    if state is _S.WAITING and not event.has_queue_at(standing.now):
        row.problems.append("This event keeps no waiting list, or it has begun.")
        return
    known = standing.organisations.get(fold(values["organisation"]))
    row.write = {
        "organisation_id": known.id if known else None,
        "organisation_name": known.name if known else values["organisation"],
        "sector": Sector(values["sector"]) if values["sector"] else known.sector if known else Sector.OTHER,
        "mode": mode,
        "state": state,
    }


def _compare(row: Judged, standing: Standing) -> None:
    """Find out what the row says otherwise than the registration that there is; its state and mode are left alone."""
    target: Registered = row.target
    row.fate = Fate.SAME
    if target.state.is_ended:
        row.note = (
            f"Registered before, and now “{target.state.label}”. An import brings nobody back: register them by hand."
        )
        return
    wanted = RegistrationState(row.given.values["state"])
    if target.state is not wanted:
        row.note = f"Registered already, and “{target.state.label}”. An import decides about nobody."
    if not standing.updates:
        return
    row.changes = list(_said_otherwise(row, target, standing))
    row.fate = Fate.CHANGED if row.changes else Fate.SAME


def _said_otherwise(row: Judged, target: Registered, standing: Standing) -> Iterator[Change]:
    """What an import may change: what is empty in the file stays as it is, and tags are only added."""
    values, write = row.given.values, row.write
    known = standing.organisations.get(fold(values["organisation"]))
    said = {
        "name": values["name"],
        "organisation_name": known.name if known else values["organisation"],
        "sector": Sector(values["sector"]) if values["sector"] else target.sector,
        "role": values["role"] or target.role,
    }
    for name, after in said.items():
        before = getattr(target, name)
        if before != after:
            write[name] = after
            shown = [one.label if isinstance(one, Sector) else one for one in (before, after)]
            yield Change(what=PEOPLE[name.removesuffix("_name")].heading, before=shown[0], after=shown[1])
    if "organisation_name" in write:
        write["organisation_id"] = known.id if known else None
    yield from _answered_otherwise(row, target, standing)
    before_tags = standing.tags.get(target.id, [])
    has = {fold(tag) for tag in before_tags}
    added = [tag for tag in values["tags"] if fold(tag) not in has]
    if added:
        write["tags"] = added
        yield Change(what="Tags", before="; ".join(before_tags), after="; ".join([*before_tags, *added]))


def _answered_otherwise(row: Judged, target: Registered, standing: Standing) -> Iterator[Change]:
    before = standing.answers.get(target.id, {})
    for question in standing.event.questions:
        after = row.given.values["answers"].get(question.public_id)
        if after and after != before.get(question.id):
            row.write.setdefault("answers", {})[question.id] = after
            yield Change(what=question.label, before="; ".join(before.get(question.id, [])), after="; ".join(after))
