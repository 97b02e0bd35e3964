"""Letting a letter to many go: confirmed with the number, tried on oneself, taken back before or stopped on its way."""

from dataclasses import replace
from datetime import datetime

from webapp import outbox
from webapp.errors import DomainError
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.mailings import Lane
from webapp.models.surveys import SurveyStage
from webapp.models.to_many import Mailing, MailingState, Timing
from webapp.notices import to_many as notices
from webapp.notices.letters import LetterFacts
from webapp.queries import to_many as queries
from webapp.queries.to_many import Someone
from webapp.services.activity import record
from webapp.services.to_many.audiences import count
from webapp.services.to_many.material import enclosed_size, material_facts
from webapp.services.to_many.writing import MailingChanged, leads_to_survey, lock_open
from webapp.templating import british_moment

# Files inside letters are for a group, not for a crowd: what goes to more is linked to.
MOST_WITH_FILES = 2_000
MAY_WRITE = frozenset({EventState.PUBLISHED, EventState.ARCHIVED})

OVER = frozenset({SurveyStage.CLOSED, SurveyStage.ARCHIVED})

_S = MailingState


class ConfirmedNumberChanged(DomainError):
    """Since the number of people was read, it has become another."""

    code = "number_changed"
    status = 409

    def __init__(self, number: int) -> None:
        super().__init__(
            "Nothing was sent: since you opened the page, the number of people has changed. Read it again, then"
            " confirm."
        )
        self.number = number


class NobodyMeant(DomainError):
    """There is nobody to write to."""

    code = "nobody_meant"
    status = 409
    message = "Nobody belongs to the people that you chose, so there is nobody to write to. Choose others."


class NotNow(DomainError):
    """As the event stands, the letter cannot go."""

    code = "not_now"
    status = 409


def confirm(mailing_id: int, *, number: int, version: int, actor: Actor, now: datetime) -> Mailing:
    """Let a letter go when its time comes, or at once; to exactly so many where that is not in the future.

    Confirmed already, it stays so. Raises ConfirmedNumberChanged, MailingChanged, NobodyMeant, NotNow and NotOpen.
    """
    # The event first, as whoever moves it takes them: two orders could wait for each other.
    event = queries.lock_event_to_write_to(queries.event_of(mailing_id))
    mailing = queries.lock_mailing(mailing_id)
    if mailing.state is _S.SCHEDULED:
        return mailing
    mailing = lock_open(mailing_id)
    if mailing.version != version:
        raise MailingChanged
    check_confirmable(mailing, event, now=now)
    meant = count(event, mailing.people, mailing.kind, survey=mailing.survey, now=now)
    if not mailing.timing.is_relative:
        if not meant.going:
            raise NobodyMeant
        if meant.going != number:
            raise ConfirmedNumberChanged(meant.going)
    if meant.going > MOST_WITH_FILES and enclosed_size(queries.material_of(mailing.id)):
        raise NotNow(
            f"Files go inside a letter to {MOST_WITH_FILES:,} people at most; this one goes to {meant.going:,}. Let the"
            " letter link to them instead."
        )

    mailing.state, mailing.reason = _S.SCHEDULED, ""
    mailing.confirmed_by_id, mailing.confirmed_at, mailing.confirmed_number = actor.person_id, now, meant.going
    mailing.version += 1
    mailing.updated_at = now
    details = {"number": meant.going}
    record(
        "mailing_confirmed", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id, **details
    )
    outbox.awaken({Lane.MAILING})
    return mailing


def check_confirmable(mailing: Mailing, event: Event, *, now: datetime) -> None:
    """Raise NotNow, with what is to be done, unless the letter could go by itself as the event stands."""
    if event.state is EventState.CANCELLED:
        raise NotNow("The event was cancelled. Its people have been told, and no more letters go to many.")
    if event.state not in MAY_WRITE:
        raise NotNow("The event is a draft. Publish it first.")
    due = mailing.due(event)
    if due is not None and due <= now:
        raise NotNow(f"Its time has passed: {british_moment(due, event.zone)}. Choose another.")
    if hindrance := survey_hindrance(mailing, at=due or now):
        raise NotNow(hindrance)


def survey_hindrance(mailing: Mailing, *, at: datetime) -> str:
    """Why a letter cannot lead to its survey at a moment, as a sentence; empty where it can, or leads to none."""
    if not leads_to_survey(mailing):
        return ""
    survey = mailing.survey
    if survey is None:
        return "It leads to a survey, and none is chosen. Choose one where you write the letter."
    stage = survey.stage(at)
    if stage is SurveyStage.DRAFT:
        return f"“{survey.title}” is a draft, so its link leads nowhere. Publish it first."
    if stage is SurveyStage.NOT_YET_OPEN and survey.opens_at is not None:
        return f"“{survey.title}” opens {british_moment(survey.opens_at, survey.zone)}. Choose a time after that."
    return "" if stage is SurveyStage.OPEN else f"“{survey.title}” is closed then, so nobody could answer it."


def why_not(mailing: Mailing, event: Event, *, now: datetime) -> str:
    """Why a letter will not go any more, as a sentence; empty where it can."""
    if event.state is EventState.CANCELLED:
        return "The event was cancelled, so it was not sent."
    if leads_to_survey(mailing) and (mailing.survey is None or mailing.survey.stage(now) in OVER):
        return "The survey that it leads to has closed, or is gone, so it was not sent."
    last, due = mailing.last_chance(event), mailing.due(event)
    if last is None or due is None or now <= last:
        return ""
    was = f"It was due {british_moment(due, event.zone)}"
    if event.state not in MAY_WRITE:
        return f"{was}, when the event was not published."
    if mailing.timing is Timing.BEFORE_START and now >= event.starts_at:
        return f"{was}, and could not be sent before the event began."
    return f"{was}, and could not be sent until it was too late."


def left_too_late(event: Event, *, now: datetime) -> list[Mailing]:
    """The letters before the start or after the end that are still to go and for which it is too late as it stands."""
    rows = [row for row in queries.mailings_of(event.id) if row.state is _S.SCHEDULED and row.timing.is_relative]
    return [row for row in rows if (last := row.last_chance(event)) is not None and now > last]


def stop_late(event: Event, *, actor: Actor, now: datetime) -> int:
    """Stop the letters for which it is too late since the event has moved, and say so on each.

    Gives how many. To be called under the lock of the event.
    """
    stopped = 0
    for row in left_too_late(event, now=now):
        # What a worker has in hand it stops by itself.
        mailing, due = queries.lock_scheduled(row.id), row.due(event)
        if mailing is None or due is None:
            continue
        was = british_moment(due, event.zone)
        mailing.state = _S.STOPPED
        mailing.reason = f"It will not go: the event was moved, and by then its new time, {was}, had passed."
        mailing.version += 1
        mailing.updated_at = now
        record("mailing_stopped", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=event.id)
        stopped += 1
    return stopped


def resume_late(event: Event, *, actor: Actor, now: datetime) -> int:
    """Let letters go after all that were stopped as too late, where the event has moved and their time is to come.

    Gives how many. To be called under the lock of the event.
    """
    resumed = 0
    for mailing in queries.mailings_of(event.id):
        due = mailing.due(event) if mailing.timing.is_relative else None
        if mailing.state is _S.STOPPED and mailing.queued_at is None and due is not None and due > now:
            mailing.state, mailing.reason = _S.SCHEDULED, ""
            mailing.version += 1
            mailing.updated_at = now
            record("mailing_resumed", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=event.id)
            resumed += 1
    return resumed


def cancel(mailing_id: int, *, actor: Actor, now: datetime) -> Mailing:
    """Take a letter back before it goes, or switch a rule off; cancelled, it stays so. Raises NotOpen."""
    mailing = lock_open(mailing_id)
    if mailing.state is not _S.SCHEDULED:
        return mailing
    mailing.state = _S.CANCELLED
    mailing.version += 1
    mailing.updated_at = now
    record("mailing_cancelled", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id)
    return mailing


def stop(mailing_id: int, *, actor: Actor, now: datetime) -> int:
    """Stop what has not left of a letter on its way; gives how many letters that were."""
    mailing = queries.lock_mailing(mailing_id)
    if mailing.state is not _S.SENDING:
        return 0
    reason = "An organiser stopped this letter before its turn came."
    stopped = outbox.stop_mailings(mailing.event_id, reason, now=now, mailing_id=mailing.id)
    mailing.state, mailing.reason = _S.STOPPED, "An organiser stopped it on its way."
    mailing.still_to_queue = None
    mailing.ended_at = mailing.updated_at = now
    mailing.version += 1
    details = {"letters_stopped": stopped}
    record("mailing_stopped", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id, **details)
    return stopped


def send_test(
    mailing: Mailing, event: Event, someone: Someone, *, name: str, email: str, actor: Actor, now: datetime
) -> None:
    """Send the letter, as it now stands and as one recipient would read it, to its writer alone, marked as a test."""
    if actor.person_id is not None:
        facts = facts_for(mailing, event, someone, test=True)
        notice = notices.to_writer(event, facts, name=name, email=email, person_id=actor.person_id)
        outbox.post(notice, now=now)


def facts_for(mailing: Mailing, event: Event, someone: Someone, *, test: bool = False) -> LetterFacts:
    """What a letter would say to one recipient as it now stands; the event must have its days loaded."""
    words = notices.words_of(mailing, material_facts(mailing.id), test=test)
    # A personal link is for its owner's eyes: the one shown here opens nothing.
    return replace(notices.whole(event, words, someone), link_nonce="shown-to-organisers")
