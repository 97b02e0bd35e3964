"""Writes the judged rows of a list of people as registrations, by few statements however many they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from webapp import outbox, tokens
from webapp.database import insert_many, new_public_id
from webapp.extensions import db
from webapp.folding import fold, fold_email, name_key, words
from webapp.models.accounts import Actor, Alarm, Person, ThingKind
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, EventState, Mode, Places
from webapp.models.imports import Fate
from webapp.models.registrations import (
    CARRIED,
    Registration,
    RegistrationAnswer,
    RegistrationState,
    RegistrationTag,
)
from webapp.notices import registrations as notices
from webapp.notices.letters import Notice
from webapp.queries import imports as queries
from webapp.queries.calendars import choices_of
from webapp.services.activity import record_each
from webapp.services.calendar_entries import follow, share
from webapp.services.imports.inserting import insert_with_ids
from webapp.services.imports.people_judging import Standing
from webapp.services.imports.rows import Given, Judged
from webapp.services.places import count_new_tallies, count_places, count_tallies
from webapp.services.search import index_registrations

_S = RegistrationState
# Whoever is read in from a file was told about their information elsewhere, if at all.
NOTICE_NOT_SHOWN = "imported"
_COUNTED = {_S.CONFIRMED: "confirmed", _S.WAITING: "waiting", _S.PENDING: "pending"}


def make_people(givens: Iterable[Given], *, now: datetime) -> None:
    """Make a person of each address that nobody has yet; to be called before the lock of the places is taken.

    Whoever registers makes their person before they wait for that lock: the other way round two would wait for
    each other.
    """
    wanted = {fold_email(given.values["email"]): given.values for given in givens}
    known = queries.people_by_email(wanted)
    rows = [
        {
            "public_id": new_public_id(),
            "name": values["name"],
            "email": values["email"],
            "email_folded": folded,
            "demonstration": False,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for folded, values in sorted(wanted.items())
        if folded not in known
    ]
    insert_many(db.session, Person.__table__, rows, unless="email_folded")


def write(
    rows: Sequence[Judged],
    standing: Standing,
    *,
    letters: bool,
    prepared: Mapping[int, Any],
    actor: Actor,
    now: datetime,
) -> int:
    """Do what was judged, refused rows aside, and give how many letters were posted; asked under the lock of places.

    `prepared` is what prepare() gave for these rows.
    """
    event = standing.event
    new = [row for row in rows if row.fate is Fate.NEW]
    posted = _add(new, standing, prepared, actor, now, letters=letters and may_write_to(event, now)) if new else 0
    changed = [row for row in rows if row.fate is Fate.CHANGED]
    if changed:
        _change(changed, standing, actor, now)
    return posted


def may_write_to(event: Event, now: datetime) -> bool:
    """Whether those who are registered are told of it by letter: not while it is a draft, and not once it is over."""
    return event.state is EventState.PUBLISHED and now < event.ends_at


def prepare(given: Given) -> dict[str, Any]:
    """What can be made of a row before anything is locked, since it takes longest."""
    values = given.values
    organisation = values["organisation"]
    return {
        "public_id": new_public_id(),
        "name_sort": name_key(values["name"]),
        "link_nonce": tokens.new_nonce(),
        "words": words(f"{values['name']} {values['email']} {organisation} {values['role']}"),
        "uid": str(uuid4()),
    }


def _add(
    new: Sequence[Judged],
    standing: Standing,
    prepared: Mapping[int, Any],
    actor: Actor,
    now: datetime,
    *,
    letters: bool,
) -> int:
    event = standing.event
    last = max((one.last_arrival for one in standing.places.values()), default=0)
    made = [
        _registration(row, standing, prepared[row.given.number], last + place, now)
        for place, row in enumerate(new, start=1)
    ]
    positions = _waiting_numbers(made, standing.places)
    with ExitStack() as counting:
        for counter in standing.places.values():
            counting.enter_context(count_places(counter, event, now))
        for row in made:
            counter = standing.places[row["mode"]]
            counter.last_arrival = row["arrival"]
            name = _COUNTED[row["state"]]
            setattr(counter, name, getattr(counter, name) + 1)
    ids = insert_with_ids(Registration, made)
    _add_answers(new, ids, event)
    tagged = zip(ids, made, new, strict=True)
    _add_tags(((row_id, values, row.given.values["tags"]) for row_id, values, row in tagged), event.id)
    found_by = [(row_id, _words(row, prepared[row.given.number])) for row_id, row in zip(ids, new, strict=True)]
    index_registrations(event.id, found_by, fresh=True)
    count_new_tallies(event.id, ((row["organisation_name"], row["sector"].value, row["state"]) for row in made), now)
    details = [(row_id, {"state": row["state"].value, "imported": True}) for row_id, row in zip(ids, made, strict=True)]
    record_each("registered", ThingKind.REGISTRATION, details, actor=actor, now=now, event_id=event.id)
    uids = {row["person_id"]: prepared[one.given.number]["uid"] for row, one in zip(made, new, strict=True)}
    placed = [_lent(row) for row in made if row["state"] is _S.CONFIRMED]
    if may_write_to(event, now):
        shares = share(placed, event, now=now)
        invitations = shares.in_series | _invite(shares.others, uids, event, now)
        follow(event, shares.by_session, now=now, told=letters, is_new=True)
    else:
        invitations = _invite([row.person_id for row in placed], uids, event, now)
    return outbox.post_many(_notices(made, positions, invitations, event), now=now) if letters else 0


def _lent(row: Mapping[str, Any]) -> Registration:
    """No row of the session: it only lends its words to the letter, and a real one costs as much as the letter."""
    return cast("Registration", SimpleNamespace(**row))


def _words(row: Judged, ready: Mapping[str, Any]) -> Iterable[str]:
    """The words it is found by; an organisation that goes by another name on our list is found by that."""
    name = row.write["organisation_name"]
    if name == row.given.values["organisation"]:
        found: Iterable[str] = ready["words"]
        return found
    values = row.given.values
    return words(f"{values['name']} {values['email']} {name} {values['role']}")


def _registration(
    row: Judged, standing: Standing, ready: Mapping[str, Any], arrival: int, now: datetime
) -> dict[str, Any]:
    values, write, event = row.given.values, row.write, standing.event
    return {
        "public_id": ready["public_id"],
        "event_id": event.id,
        "person_id": standing.people[fold_email(values["email"])],
        "state": write["state"],
        "mode": write["mode"],
        "arrival": arrival,
        "name": values["name"],
        "name_sort": ready["name_sort"],
        "email": values["email"],
        "organisation_id": write["organisation_id"],
        "organisation_name": write["organisation_name"],
        "organisation_sort": fold(write["organisation_name"])[:200],
        "sector": write["sector"],
        "role": values["role"],
        "language": event.language,
        "notice_version": NOTICE_NOT_SHOWN,
        "link_nonce": ready["link_nonce"],
        "registered_at": now,
        "confirmed_at": now if write["state"] is _S.CONFIRMED else None,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def _waiting_numbers(made: Iterable[Mapping[str, Any]], places: Mapping[Mode, Places]) -> dict[str, int]:
    """The number on the waiting list of each who waits, by the public id."""
    waiting = {mode: one.waiting for mode, one in places.items()}
    numbers = {}
    for row in made:
        if row["state"] is _S.WAITING:
            waiting[row["mode"]] += 1
            numbers[row["public_id"]] = waiting[row["mode"]]
    return numbers


def _add_answers(new: Iterable[Judged], ids: Iterable[int], event: Event) -> None:
    asked = {question.public_id: question.id for question in event.questions}
    rows = [
        {"registration_id": row_id, "question_id": asked[public_id], "value": value}
        for row_id, row in zip(ids, new, strict=True)
        for public_id, value in row.given.values["answers"].items()
        if public_id in asked
    ]
    insert_many(db.session, RegistrationAnswer.__table__, rows)


def _add_tags(tagged: Iterable[tuple[int, Mapping[str, Any], Iterable[str]]], event_id: int) -> None:
    """Add tags to registrations, each given by its id, what it is sorted by, and its new tags."""
    rows = [
        {
            "event_id": event_id,
            "registration_id": row_id,
            "name": tag,
            "name_folded": fold(tag)[:60],
            **{name: values[name] for name in CARRIED},
        }
        for row_id, values, tags in tagged
        for tag in tags
    ]
    insert_many(db.session, RegistrationTag.__table__, rows)


def _invite(person_ids: Sequence[int], uids: Mapping[int, str], event: Event, now: datetime) -> dict[int, Invitation]:
    """The invitations of these people, new or with a higher sequence, by the person's id."""
    before = {one.person_id: one for one in queries.invitations_to(event.id, person_ids)}
    choices = choices_of(person_ids)
    for old in before.values():
        old.sequence += 1
        old.method = Method.REQUEST
        old.changed_at = now
    fresh: dict[int, dict[str, Any]] = {
        person_id: {
            "person_id": person_id,
            "thing_kind": ThingKind.EVENT,
            "thing_id": event.id,
            "uid": uids[person_id],
            "sequence": 0,
            "method": Method.REQUEST,
            "changed_at": now,
            "alarm": choices[person_id].alarm if person_id in choices else Alarm.NONE,
        }
        for person_id in person_ids
        if person_id not in before
    }
    insert_many(db.session, Invitation.__table__, list(fresh.values()))
    made: dict[int, Invitation] = {
        person_id: cast("Invitation", SimpleNamespace(**row)) for person_id, row in fresh.items()
    }
    return before | made


def _notices(
    made: Iterable[Mapping[str, Any]], positions: Mapping[str, int], invitations: Mapping[int, Invitation], event: Event
) -> Iterator[Notice]:
    for row in made:
        registration = _lent(row)
        if registration.state is _S.CONFIRMED:
            yield notices.confirmed(registration, event, invitations.get(registration.person_id))
        elif registration.state is _S.PENDING:
            yield notices.pending(registration, event)
        else:
            yield notices.waiting(registration, event, positions[registration.public_id])


def _change(changed: Sequence[Judged], standing: Standing, actor: Actor, now: datetime) -> None:
    """Update what people said; no letter tells of it, since the organiser said it for them."""
    event = standing.event
    found = {one.id: one for one in queries.registrations_with_answers({row.target.id for row in changed})}
    for row in changed:
        registration, write = found[row.target.id], row.write
        moved = {"organisation_name", "sector"} & write.keys()
        if moved:
            count_tallies(registration, registration.state, None)
        for name in ("name", "organisation_name", "organisation_id", "sector", "role"):
            if name in write:
                setattr(registration, name, write[name])
        registration.name_sort = name_key(registration.name)
        registration.organisation_sort = fold(registration.organisation_name)[:200]
        if moved:
            count_tallies(registration, None, registration.state)
        answers = {answer.question_id: answer for answer in registration.answers}
        for question_id, value in write.get("answers", {}).items():
            if question_id in answers:
                answers[question_id].value = value
            else:
                registration.answers.append(RegistrationAnswer(question_id=question_id, value=value))
        registration.version += 1
        registration.updated_at = now
    db.session.flush()
    tagged = ((found[row.target.id], row.write.get("tags", ())) for row in changed)
    _add_tags(((one.id, {name: getattr(one, name) for name in CARRIED}, tags) for one, tags in tagged), event.id)
    found_by = [(one.id, words(f"{one.name} {one.email} {one.organisation_name} {one.role}")) for one in found.values()]
    index_registrations(event.id, found_by, fresh=False)
    details = [(row.target.id, {"fields": [change.what for change in row.changes]}) for row in changed]
    record_each("changed", ThingKind.REGISTRATION, details, actor=actor, now=now, event_id=event.id)
