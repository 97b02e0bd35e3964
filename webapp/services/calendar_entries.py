"""Which entries of an event stand in a person's calendar: one for its days, or one for each session of theirs.

Whoever wants entries by session has all plenaries, and what they signed up for or starred; the event's own entry while
no agenda is released. `follow` makes what stands what should stand, and writes only about what differs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import outbox
from webapp.errors import DomainError
from webapp.models.accounts import Actor, Alarm, ThingKind
from webapp.models.agenda import Session
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, EventState
from webapp.models.registrations import Registration, RegistrationState
from webapp.notices import calendar_entries as notices
from webapp.notices.letters import Notice
from webapp.notices.registrations import readdressed
from webapp.queries import calendars as queries
from webapp.queries.sign_ups import sessions_by_id
from webapp.services import series_entries
from webapp.services.activity import record
from webapp.services.calendars import invite, invite_many, set_alarm, withdraw_many, withdraw_version

Thing = tuple[ThingKind, int]


def invite_to_event(
    registration: Registration, event: Event, *, now: datetime, fresh: bool = False
) -> Invitation | None:
    """The entry that goes with the letter on a place; None where letters of their own bring an entry a session."""
    found = invite_all([registration], event, now=now, fresh=fresh)
    return found.get(registration.person_id)


def invite_all(
    registrations: Sequence[Registration], event: Event, *, now: datetime, fresh: bool = False
) -> dict[int, Invitation]:
    """The same for many, by the person's id."""
    shares = share(registrations, event, now=now)
    found, others = shares.in_series, shares.others
    if fresh and others:
        found |= {person_id: invite(person_id, ThingKind.EVENT, event.id, now=now, fresh=True) for person_id in others}
    else:
        found |= invite_many(others, ThingKind.EVENT, event.id, now=now)
    follow(event, shares.by_session, now=now, is_new=True)
    return found


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who gets which entry with a place: that of the series by the person's id, one a session, or the event's own."""

    in_series: dict[int, Invitation]
    by_session: Sequence[Registration]
    # The ids of the people.
    others: Sequence[int]


def share(registrations: Sequence[Registration], event: Event, *, now: datetime) -> Shares:
    """Who gets which entry; that of the series is in its next version already."""
    apart = series_entries.by_own_sessions(event, [row.person_id for row in registrations])
    in_series = series_entries.renew_meeting(event, registrations, now=now)
    return Shares(
        in_series=in_series,
        by_session=[row for row in registrations if row.person_id in apart],
        others=[row.person_id for row in registrations if row.person_id not in in_series.keys() | apart],
    )


def withdraw_all(registrations: Sequence[Registration], event: Event, *, now: datetime) -> dict[int, Invitation]:
    """The entries of people who lose their places at the event, where one stood, by the person's id.

    To a member of its series it is that of the series, which stands but for this meeting.
    """
    found = series_entries.renew_meeting(event, registrations, now=now)
    others = [row.person_id for row in registrations if row.person_id not in found]
    return found | withdraw_many(others, ThingKind.EVENT, event.id, now=now)


def withdraw_from_event(registration: Registration, event: Event, *, now: datetime) -> Invitation | None:
    """The same for one of them; None where nothing stood."""
    return withdraw_all([registration], event, now=now).get(registration.person_id)


def follow(
    event: Event, registrations: Sequence[Registration], *, now: datetime, told: bool = True, is_new: bool = False
) -> int:
    """Make the entries of these people at the event what they should be, by a letter each; gives how many.

    The event must have its days loaded. Nothing is sent about what is over, or unless people are to be `told`. With a
    place that `is_new` the entry of a series stays as it is.
    """
    if not registrations or now >= event.ends_at:
        return 0
    rows = {row.person_id: row for row in registrations}
    standing = _standing(event, rows)
    sessions, wanted = _wanted(event, rows)
    known = {**sessions_by_id({thing for _, thing in _sessions_of(standing)} - sessions.keys()), **sessions}
    invited = _invite(wanted, standing, now=now)
    letters: list[Notice] = []
    for person_id, row in rows.items():
        had = standing.get(person_id, {})
        for thing, invitation in had.items():
            if thing not in wanted[person_id]:
                withdraw_version(invitation, now=now)
                letters += _letter(row, event, invitation, known, now)
        for thing in sorted(wanted[person_id] - had.keys()):
            letters += _letter(row, event, invited[thing][person_id], known, now)
    if not is_new:
        letters += _series(event, standing, wanted, now)
    return outbox.post_many(letters, now=now) if told else 0


def _invite(
    wanted: Mapping[int, Collection[Thing]], standing: Mapping[int, Mapping[Thing, Invitation]], *, now: datetime
) -> dict[Thing, dict[int, Invitation]]:
    """The entries that should stand and do not yet, by few statements for each thing, however many people want it."""
    people: dict[Thing, list[int]] = {}
    for person_id, things in wanted.items():
        for thing in things:
            if thing not in standing.get(person_id, {}):
                people.setdefault(thing, []).append(person_id)
    return {thing: invite_many(ids, *thing, now=now) for thing, ids in sorted(people.items())}


def _series(
    event: Event,
    standing: Mapping[int, Mapping[Thing, Invitation]],
    wanted: Mapping[int, Collection[Thing]],
    now: datetime,
) -> Iterable[Notice]:
    """The entries of the event's series from which it goes for its sessions, or to which it comes back."""
    by_session = {
        person_id
        for person_id, choice in queries.choices_of(wanted).items()
        if choice.by_session and bool(standing.get(person_id)) != bool(wanted[person_id])
    }
    for invitation in series_entries.members_at(event, by_session).values():
        yield from series_entries.renewed(invitation.thing_id, invitation, moved=True, now=now)


def withdraw_rest(event: Event, registrations: Iterable[Registration], *, now: datetime) -> None:
    """Withdraw the entries of sessions that still stand for people whose places at the event have ended."""
    rows = {row.person_id: row for row in registrations}
    left = [one for one in queries.standing_at(event.id, rows) if one.thing_kind is ThingKind.SESSION]
    if not left:
        return
    known = sessions_by_id({one.thing_id for one in left})
    letters: list[Notice] = []
    for invitation in left:
        withdraw_version(invitation, now=now)
        letters += _letter(rows[invitation.person_id], event, invitation, known, now, is_ending=True)
    outbox.post_many(letters, now=now)


def take_back(registration: Registration, event: Event, *, now: datetime) -> None:
    """Withdraw all that stands of the event at an address that was wrong, by a letter each that says no more.

    To be called while the registration is still of that address.
    """
    standing = queries.standing_at(event.id, [registration.person_id])
    left = [one for one in standing if one.thing_kind is ThingKind.SESSION]
    known = sessions_by_id({one.thing_id for one in left})
    withdrawn = withdraw_from_event(registration, event, now=now)
    letters = [readdressed(registration, event, withdrawn, None)] if withdrawn else []
    for invitation in left:
        withdraw_version(invitation, now=now)
        session = known[invitation.thing_id]
        if not session.is_over(event.zone, now):
            letters.append(readdressed(registration, event, invitation, session))
    outbox.post_many(letters, now=now)


class MoreLettersThanConfirmed(DomainError):
    """A choice brings more letters than were confirmed; `letters` is how many."""

    code = "more_letters_than_confirmed"

    def __init__(self, letters: int) -> None:
        super().__init__(f"This choice brings {letters} letters. Confirm them first.")
        self.letters = letters


def choose(
    person_id: int, *, alarm: Alarm, by_session: bool, confirmed: int | None = None, actor: Actor, now: datetime
) -> int:
    """Keep how a person wants their entries, and send those of events to come anew; gives how many were sent.

    Raises MoreLettersThanConfirmed for more than the person `confirmed`; None stands for any number.

    A reminder is no new version (RFC 5546, section 2.1.4): the same SEQUENCE goes out under a later DTSTAMP. Chosen
    already, nothing happens.
    """
    person = queries.lock_choice(person_id)
    reminded, divided = person.calendar_alarm is not alarm, person.calendar_by_session is not by_session
    if not reminded and not divided:
        return 0

    person.calendar_alarm, person.calendar_by_session = alarm, by_session
    person.updated_at = now
    set_alarm(person_id, alarm)
    rows = queries.coming_places_of(person_id, now=now)
    sent = 0
    for row in rows:
        before = queries.standing_at(row.event_id, [person_id])
        sent += follow(row.event, [row], now=now, is_new=True) if divided else 0
        if reminded:
            sent += _remind(row, before, now)
    anew = series_entries.send_anew(person_id, divided=divided, reminded=reminded, now=now)
    sent += outbox.post_many(anew, now=now)
    if confirmed is not None and sent > confirmed:
        raise MoreLettersThanConfirmed(sent)
    record(
        "calendar_chosen", ThingKind.PERSON, person_id, actor=actor, now=now, alarm=alarm.value, by_session=by_session
    )
    return sent


def _remind(registration: Registration, before: Sequence[Invitation], now: datetime) -> int:
    """Send the entries that stood and still stand with the new reminder; gives how many."""
    kept = [one for one in before if one.method is Method.REQUEST]
    known = sessions_by_id({one.thing_id for one in kept if one.thing_kind is ThingKind.SESSION})
    letters: list[Notice] = []
    for invitation in kept:
        invitation.changed_at = now
        letters += _letter(registration, registration.event, invitation, known, now)
    return outbox.post_many(letters, now=now)


def _standing(event: Event, person_ids: Collection[int]) -> dict[int, dict[Thing, Invitation]]:
    found: dict[int, dict[Thing, Invitation]] = {}
    for one in queries.standing_at(event.id, person_ids):
        found.setdefault(one.person_id, {})[one.thing_kind, one.thing_id] = one
    return found


def _sessions_of(standing: dict[int, dict[Thing, Invitation]]) -> Iterable[Thing]:
    return (thing for of_person in standing.values() for thing in of_person if thing[0] is ThingKind.SESSION)


def _wanted(event: Event, rows: dict[int, Registration]) -> tuple[dict[int, Session], dict[int, set[Thing]]]:
    """The sessions that take place, and by person what should stand in their calendar."""
    sessions, own = queries.own_sessions(event.id, rows)
    choices = queries.choices_of(rows)
    signed_up = queries.signed_up_at(event.id, rows)
    in_series = series_entries.members_at(event, rows)
    wanted: dict[int, set[Thing]] = {}
    for person_id, row in rows.items():
        stands = row.state is RegistrationState.CONFIRMED and event.state is EventState.PUBLISHED
        if not stands:
            wanted[person_id] = set()
            continue
        things = {(ThingKind.SESSION, one) for one in signed_up.get(person_id, ())}
        if choices.get(person_id, queries.Choice()).by_session and own[person_id]:
            things |= {(ThingKind.SESSION, one) for one in own[person_id]}
        elif person_id not in in_series:
            things.add((ThingKind.EVENT, event.id))
        wanted[person_id] = things
    return sessions, wanted


def _letter(
    registration: Registration,
    event: Event,
    invitation: Invitation,
    sessions: dict[int, Session],
    now: datetime,
    *,
    is_ending: bool = False,
) -> Iterable[Notice]:
    session = sessions.get(invitation.thing_id) if invitation.thing_kind is ThingKind.SESSION else None
    if session is not None and session.is_over(event.zone, now):
        return
    yield notices.entry(registration, event, invitation, session, is_ending=is_ending)
