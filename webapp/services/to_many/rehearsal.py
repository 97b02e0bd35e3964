"""An event run through before it happens: every letter that an invented person would get, in order.

It is worked out and never acted: the notices of the service are made for people who are in no database, at the
moments at which they would be due. So nothing is sent, and nothing stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.models.accounts import Alarm
from webapp.models.attendance import Came
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, Mode
from webapp.models.mailings import MailKind
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.to_many import Audience, Mailing, MailingState
from webapp.notices import registrations as notices
from webapp.notices import to_many as words
from webapp.notices.letters import Notice, WordsFacts, dump
from webapp.services.to_many.material import material_facts
from webapp.services.to_many.rules import RULES, Rule
from webapp.services.to_many.sending import why_not
from webapp.templating import british_moment

NAME, EMAIL = "Robin Ashdown (invented)", "robin.ashdown@example.org"
# The public id and the nonce of nobody: the links in the letters open nothing.
NOBODY, NONCE = "222222222222", "rehearsed"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One way in which an event may go for somebody."""

    key: str
    title: str
    waits: bool = False
    came: Came = Came.CAME
    gives_up: bool = False


STORIES = (
    Story(key="came", title="Gets a place at once, and comes"),
    Story(key="missed", title="Gets a place at once, and misses it", came=Came.MISSED),
    Story(key="waiting", title="Waits first, then gets a place, and comes", waits=True),
    Story(key="gives_up", title="Gets a place, and gives it up", gives_up=True),
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One moment: what happens then, and the letter that it makes, if any; `off` where a rule is not switched on."""

    at: datetime
    what: str
    notice: Notice | None = None
    mailing: Mailing | None = None
    off: bool = False


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something that an organiser may not have meant."""

    text: str
    mailing: Mailing | None = None


def rehearse(event: Event, mailings: Sequence[Mailing], story: Story, *, now: datetime) -> list[Step]:
    """What one invented person would be sent, first to last; the event must have its days loaded."""
    registered = _registers_at(event, now)
    steps = list(_of_registration(event, story, registered))
    ends = RegistrationState.CANCELLED if story.gives_up else RegistrationState.CONFIRMED
    confirmed_from = registered + (timedelta(days=1) if story.waits else timedelta(0))
    for mailing in mailings:
        due = mailing.due(event)
        # What was written to real people before is no part of what is to come.
        if mailing.queued_at is not None or due is None or why_not(mailing, event, now=max(due, now)):
            continue
        state = RegistrationState.WAITING if due < confirmed_from else ends
        if due < registered or not _meant(mailing.people, state, story, event):
            continue
        off = mailing.state is not MailingState.SCHEDULED
        steps.append(Step(at=due, what=mailing.name, notice=_letter(event, mailing, state), mailing=mailing, off=off))
    return sorted(steps, key=lambda step: step.at)


def warnings(event: Event, mailings: Sequence[Mailing], *, now: datetime) -> list[Warned]:
    """What looks like a slip in how the event's letters are set up."""
    on = [(row, due) for row in mailings if row.state is MailingState.SCHEDULED and (due := row.due(event))]
    found = [Warned(text=text, mailing=row) for row, due in on for text in _slips(row, due, event, now)]
    joining = [row for row, due in on if due < event.starts_at and "{joining_page}" in row.body]
    if now < event.starts_at and not joining:
        found.append(Warned(text="No reminder is switched on that tells people how to join."))
    says_nothing = not event.joining_url and not event.joining_instructions
    if now < event.starts_at and Mode.ONLINE in event.modes and says_nothing:
        found.append(Warned(text="The joining page says nothing yet: it has no link and no instructions."))
    return found


def _slips(row: Mailing, due: datetime, event: Event, now: datetime) -> Iterator[str]:
    if row.kind is MailKind.REMINDER and due >= event.starts_at:
        yield f"“{row.name}” is a reminder, and goes after the event has begun."
    if reason := why_not(row, event, now=now):
        yield f"“{row.name}” will not go any more. {reason}"
    if row.people.attendance and due < event.ends_at:
        yield f"“{row.name}” asks who came, and goes before the event is over."
    late = event.joining_from
    if late and due < late and due < event.starts_at and "{joining_page}" in row.body:
        yield f"“{row.name}” goes before the joining page shows the link, at {british_moment(late, event.zone)}."


def not_taken_up(mailings: Sequence[Mailing]) -> list[Rule]:
    """The ready-made rules that this event does not use."""
    taken = {row.rule for row in mailings}
    return [rule for rule in RULES if rule.key not in taken]


def _registers_at(event: Event, now: datetime) -> datetime:
    opens = event.registration_opens_at
    if now < event.starts_at:
        return max(now, opens) if opens else now
    return opens or event.starts_at - timedelta(days=30)


def _of_registration(event: Event, story: Story, at: datetime) -> Iterator[Step]:
    mode = event.modes[0] if event.modes else Mode.ONLINE
    state = RegistrationState
    if event.needs_approval:
        pending = _registration(event, state.PENDING, mode, at)
        yield Step(at=at, what="Asks for a place", notice=notices.pending(pending, event))
        at += timedelta(hours=2)
    if story.waits:
        waiting = _registration(event, state.WAITING, mode, at)
        yield Step(
            at=at, what="All places are taken: goes on the waiting list", notice=notices.waiting(waiting, event, 1)
        )
        at += timedelta(days=1)
        if event.offer_hours:
            offered = _registration(event, state.OFFERED, mode, at)
            offered.offered_until = at + timedelta(hours=event.offer_hours)
            yield Step(at=at, what="A place comes free and is offered", notice=notices.offered(offered, event))
            at += timedelta(hours=1)
    confirmed = _registration(event, state.CONFIRMED, mode, at)
    invitation = _invitation(at)
    promoted = story.waits and not event.offer_hours
    letter = (notices.promoted if promoted else notices.confirmed)(confirmed, event, invitation)
    yield Step(at=at, what="A freed place goes to this person" if promoted else "Has a place", notice=letter)
    if story.gives_up:
        at += timedelta(days=2)
        given_up = _registration(event, state.CANCELLED, mode, at)
        withdrawal = _invitation(at, Method.CANCEL, 1)
        yield Step(at=at, what="Gives the place up", notice=notices.cancelled(given_up, event, withdrawal))
        return
    yield Step(at=event.starts_at, what="The event begins")
    yield Step(at=event.ends_at, what="The event ends" if story.came is Came.CAME else "The event ends, missed")


def _meant(audience: Audience, state: RegistrationState, story: Story, event: Event) -> bool:
    mode = event.modes[0] if event.modes else Mode.ONLINE
    if state not in audience.states or (audience.modes and mode not in audience.modes):
        return False
    # Whoever is chosen by what only real people have done or said is none of the invented ones.
    by_deeds = audience.sessions or audience.organisations or audience.tags or audience.answers or audience.sectors
    return not by_deeds and (not audience.attendance or story.came in audience.attendance)


def _letter(event: Event, mailing: Mailing, state: RegistrationState) -> Notice:
    mode = event.modes[0] if event.modes else Mode.ONLINE
    given = WordsFacts(subject=mailing.subject, body=mailing.body, material=material_facts(mailing.id))
    facts = words.whole(event, given, _registration(event, state, mode, event.starts_at))
    return Notice(
        name="mailing",
        recipient_name=NAME,
        recipient_email=EMAIL,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=mailing.kind,
    )


def _registration(event: Event, state: RegistrationState, mode: Mode, at: datetime) -> Registration:
    # It is given no event as an object: that would put it into the session, and so into the database.
    return Registration(
        public_id=NOBODY,
        event_id=event.id,
        person_id=0,
        state=state,
        mode=mode,
        arrival=1,
        name=NAME,
        email=EMAIL,
        organisation_name="Marlbridge Council (invented)",
        sector=Sector.LOCAL_AUTHORITY,
        link_nonce=NONCE,
        registered_at=at,
        language="en-GB",
    )


def _invitation(at: datetime, method: Method = Method.REQUEST, sequence: int = 0) -> Invitation:
    return Invitation(uid="rehearsal", sequence=sequence, method=method, changed_at=at, alarm=Alarm.NONE)


STORIES_BY_KEY: Mapping[str, Story] = {story.key: story for story in STORIES}
