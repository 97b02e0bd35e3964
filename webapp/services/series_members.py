"""Who belongs to a series: a place at each of its coming meetings, and one entry in the calendar for all of them."""

from collections.abc import Sequence
from datetime import datetime

from webapp import outbox, tokens
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import Actor, ThingKind
from webapp.models.calendars import Method
from webapp.models.events import Event
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration
from webapp.models.series import Series, SeriesMember
from webapp.notices import series as notices
from webapp.queries import series as queries
from webapp.queries.calendars import find_invitation
from webapp.services import registrations
from webapp.services.accounts import find_or_make_person
from webapp.services.activity import record
from webapp.services.calendars import facts_of_series, invite, withdraw
from webapp.services.registrations import AlreadyRegistered, Application, EventFull

# Nobody showed them a privacy notice: an organiser wrote them down.
NOTICE_NOT_SHOWN = "member"
MOST = 200
# Places at meetings that are given in one unit: a dozen statements each, which others wait for.
MOST_PLACES = 240


class MembersRefused(DomainError):
    """Nobody can be added to the series so."""

    code = "members_refused"


def add_members(series_id: int, people: Sequence[Mailbox], *, actor: Actor, now: datetime) -> int:
    """Give each a place at every coming meeting, by one letter with one entry; gives how many are new.

    Who belongs to it already is left alone. Raises MembersRefused while no meeting to come is published, and for more
    people than can be given their places at once.
    """
    if len(people) > MOST:
        raise MembersRefused(f"At most {MOST} people are added at once.")
    series = queries.lock_series(series_id)
    meetings = queries.meetings_to_come(series_id, now=now)
    if not meetings:
        raise MembersRefused("Publish the meetings first: there is none to come that members could have a place at.")
    most = max(1, MOST_PLACES // len(meetings))
    if len(people) > most:
        number = "1 person is" if most == 1 else f"{most} people are"
        raise MembersRefused(
            f"At most {number} added at once to {len(meetings)} meetings. Add the first of them, then the others."
        )

    added = 0
    for one in people:
        person_id, _is_new = find_or_make_person(one.name or one.address, one.address, now=now)
        member = _enter(queries.find_member(series_id, person_id), series, person_id, one, now)
        if member is None:
            continue
        added += 1
        for meeting in meetings:
            register(meeting, member, actor=actor, now=now, told=False)
        invitation = invite(person_id, ThingKind.SERIES, series_id, now=now)
        record("member_added", ThingKind.SERIES, series_id, actor=actor, now=now, member=member.public_id)
        outbox.post(notices.joined(member, facts_of_series(series, person_id), invitation), now=now)
    return added


def leave(member_id: int, *, actor: Actor, now: datetime) -> bool:
    """End a membership: the places at coming meetings go to others, the entry out of the calendar, by one letter.

    Gives whether there was anything to end.
    """
    member = queries.lock_member(member_id)
    if member.left_at is not None:
        return False

    facts = facts_of_series(member.series, member.person_id)
    member.left_at = now
    invitation = withdraw(member.person_id, ThingKind.SERIES, member.series_id, now=now)
    rows = queries.registrations_in(member.series_id, member.person_id)
    for meeting in queries.meetings_to_come(member.series_id, now=now):
        row = rows.get(meeting.id)
        if row is not None and not row.state.is_ended:
            # One that they had made by themselves before stands in their calendar beside that of the series.
            alone = find_invitation(member.person_id, ThingKind.EVENT, meeting.id)
            told = alone is not None and alone.method is Method.REQUEST
            registrations.cancel(row.id, actor=actor, now=now, told=told)
    record("member_left", ThingKind.SERIES, member.series_id, actor=actor, now=now, member=member.public_id)
    outbox.post(notices.left(member, facts, invitation), now=now)
    return True


def welcome(event: Event, *, actor: Actor, now: datetime) -> None:
    """Give the members of its series a place at a meeting that is published now, each by a letter."""
    if event.series_id is None or now >= event.ends_at:
        return
    for member in queries.members_of(event.series_id):
        register(event, member, actor=actor, now=now, told=True)


def register(event: Event, member: SeriesMember, *, actor: Actor, now: datetime, told: bool) -> Registration | None:
    """A member's place at one meeting; None where they registered by themselves, or there is no room."""
    application = Application(
        name=member.name,
        email=member.email,
        organisation_name="",
        organisation_id=None,
        sector=Sector.OTHER,
        role="",
        mode=event.modes[0],
        notice_version=NOTICE_NOT_SHOWN,
    )
    try:
        with db.session.begin_nested():
            outcome = registrations.add(event.id, application, past_queue=True, actor=actor, now=now, told=told)
    except (AlreadyRegistered, EventFull):
        return None
    return outcome.registration


def member_token(member: SeriesMember) -> str:
    """The secret part of the address of a member's own page."""
    return tokens.make("series", member.public_id, member.nonce)


def _enter(
    member: SeriesMember | None, series: Series, person_id: int, one: Mailbox, now: datetime
) -> SeriesMember | None:
    if member is not None and member.left_at is None:
        return None
    if member is None:
        member = SeriesMember(series_id=series.id, series=series, person_id=person_id)
        db.session.add(member)
    member.name, member.email, member.nonce = one.name or one.address, one.address, tokens.new_nonce()
    member.joined_at, member.left_at = now, None
    db.session.flush()
    return member
