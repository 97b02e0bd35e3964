"""An event run through before it happens: every letter that an invented person would get, in order.

It is worked out and never acted: the notices of the service are made for people who are in no database, at the
moments at which they would be due. So nothing is sent, and nothing stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.models.events import Event, Mode
from webapp.models.mailings import MailKind
from webapp.models.registrations import RegistrationState
from webapp.models.to_many import Audience, Mailing, MailingState
from webapp.notices import to_many as words
from webapp.notices.letters import Notice, dump
from webapp.services.to_many.material import material_facts
from webapp.services.to_many.rules import RULES, Rule
from webapp.services.to_many.sending import survey_hindrance, why_not
from webapp.services.to_many.stories import EMAIL, NAME, STORIES, Moment, Story, mode_at, registration, told
from webapp.templating import british_moment


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
    moments = sorted(told(event, story, _begins_at(event, now)), key=lambda one: one.at)
    steps = [Step(at=one.at, what=one.what, notice=one.notice) for one in moments]
    for mailing in mailings:
        due = mailing.due(event)
        # What was written to real people before is no part of what is to come.
        if mailing.queued_at is not None or due is None or why_not(mailing, event, now=max(due, now)):
            continue
        state = _stands(moments, due)
        if state is None or not _meant(mailing.people, state, story, event):
            continue
        off = mailing.state is not MailingState.SCHEDULED
        steps.append(Step(at=due, what=mailing.name, notice=_letter(event, mailing, state), mailing=mailing, off=off))
    return sorted(steps, key=lambda step: step.at)


def stories_at(event: Event) -> list[Story]:
    """The ways in which this event may go for somebody, as it is set up."""
    return [story for story in STORIES if story.fits(event)]


def _stands(moments: Sequence[Moment], at: datetime) -> RegistrationState | None:
    """How the registration stands then; None before there is one, and once nothing is sent for it any more."""
    return next((one.state for one in reversed(moments) if one.at <= at), None)


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
    if (hindrance := survey_hindrance(row, at=due)) and not reason:
        yield f"“{row.name}” will not go as it stands. {hindrance}"
    if row.people.goes_by_attendance and due < event.ends_at:
        yield f"“{row.name}” asks who came, and goes before the event is over."
    late = event.joining_from
    if late and due < late and due < event.starts_at and "{joining_page}" in row.body:
        yield f"“{row.name}” goes before the joining page shows the link, at {british_moment(late, event.zone)}."


def not_taken_up(mailings: Sequence[Mailing]) -> list[Rule]:
    """The ready-made rules that this event does not use."""
    taken = {row.rule for row in mailings}
    return [rule for rule in RULES if rule.key not in taken]


def _begins_at(event: Event, now: datetime) -> datetime:
    opens = event.registration_opens_at
    if now < event.starts_at:
        return max(now, opens) if opens else now
    return opens or event.starts_at - timedelta(days=30)


def _meant(audience: Audience, state: RegistrationState, story: Story, event: Event) -> bool:
    if state not in audience.states or (audience.modes and mode_at(event) not in audience.modes):
        return False
    # Whoever is chosen by what only real people have done or said is none of the invented ones.
    by_deeds = (
        *(*audience.sessions, *audience.organisations, *audience.areas),
        *(*audience.tags, *audience.answers, *audience.sectors),
    )
    return not by_deeds and (not audience.attendance or story.came in audience.attendance)


def _letter(event: Event, mailing: Mailing, state: RegistrationState) -> Notice:
    given = words.words_of(mailing, material_facts(mailing.id))
    facts = words.whole(event, given, registration(event, state, event.starts_at))
    return Notice(
        name="mailing",
        recipient_name=NAME,
        recipient_email=EMAIL,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=mailing.kind,
    )
