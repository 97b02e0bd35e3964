"""What somebody asks for, when it is refused, and what is kept of it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp import tokens
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import fold, name_key
from webapp.models.events import Event, EventState, Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import (
    Registration,
    RegistrationAnswer,
    RegistrationNeeds,
    RegistrationState,
)
from webapp.queries import registrations as queries
from webapp.queries.registrations import Standing

NEEDS_KEPT = timedelta(days=30)


class RegistrationRefused(DomainError):
    """Nobody can register for this event now."""

    code = "registration_refused"


class EventFull(DomainError):
    """All places are taken and there is no waiting list."""

    code = "event_full"
    message = "All places are taken, and this event keeps no waiting list."

    @classmethod
    def at(cls, event: Event, advice: str = "") -> "EventFull":
        """The refusal in the words that fit the event: its list may have ended, or never been."""
        began = "All places are taken, and the waiting list ended when the event began."
        return cls(" ".join(filter(None, (began if event.waiting_list else cls.message, advice))))


class ChangedMeanwhile(DomainError):
    """Somebody, or the same person in another window, changed it since it was shown."""

    code = "changed_meanwhile"
    message = (
        "Your registration has changed since you opened this page, in another window or by the organiser, so nothing"
        " was sent. Look through what you typed and what stands now, then send it again."
    )


class OfferGone(DomainError):
    """The place that was offered is no longer held for this person."""

    code = "offer_gone"
    message = "This place is no longer held for you: the time to take it has passed."


class NotPossible(DomainError):
    """The registration stands differently by now."""

    code = "not_possible"
    message = "This registration has changed in the meantime. Look at how it stands now."


class AlreadyRegistered(DomainError):
    """Somebody has a registration under this address already; `public_id` is that of theirs, ended or not."""

    code = "already_registered"

    def __init__(self, registration: Registration, message: str = "") -> None:
        super().__init__(message or f"{registration.email} is registered for this event already.")
        self.public_id = registration.public_id


class NumberChanged(DomainError):
    """Since the number of registrations to be changed was confirmed, it has become another."""

    code = "number_changed"

    def __init__(self, number: int) -> None:
        super().__init__(
            "Nothing was changed: since you opened the page, registrations have changed, and the number with them."
            " Read it again, then confirm."
        )
        self.number = number


class TooManyAtOnce(DomainError):
    """More than are changed in one go, while everybody else waits."""

    code = "too_many_at_once"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most:,} are changed so at once. Narrow the search, and do the rest after it.")


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody filled in, checked by the form; `answers` go by the public id of the question.

    `invited` is the public id of the invitee by whose personal link it came.
    """

    name: str
    email: str
    organisation_name: str
    organisation_id: int | None
    sector: Sector
    role: str
    mode: Mode
    access: str = ""
    dietary: str = ""
    answers: Mapping[str, list[str]] = field(default_factory=dict)
    notice_version: str
    language: str = "en-GB"
    invited: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who somebody is, as another says it for them."""

    name: str
    email: str
    organisation_name: str
    organisation_id: int | None
    sector: Sector
    role: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the page may say afterwards: the same whether or not the address was registered already."""

    registration: Registration
    state: RegistrationState
    position: int | None = None
    already: bool = False


def personal_token(registration: Registration | Standing) -> str:
    """The secret part of the personal link of a registration."""
    return tokens.make("registration", registration.public_id, registration.link_nonce)


def check_open(event: Event, now: datetime) -> None:
    """Raise RegistrationRefused, with the reason, unless somebody may register for the event at `now`."""
    if event.takes_registrations_at(now):
        return
    if event.state is EventState.CANCELLED:
        reason = "This event has been cancelled, so you cannot register for it."
    elif event.state is not EventState.PUBLISHED:
        reason = "This event does not take registrations."
    elif now >= event.ends_at:
        reason = "This event is over, so you can no longer register for it."
    elif event.registration_opens_at and now < event.registration_opens_at:
        reason = "Registration for this event has not opened yet."
    elif not event.takes_registrations:
        reason = "This event does not take registrations."
    else:
        reason = "Registration for this event has closed."
    raise RegistrationRefused(reason)


def check_changeable(registration: Registration, event: Event, now: datetime) -> None:
    """Raise NotPossible once what the person said can no longer be changed."""
    if registration.state.is_ended or now >= event.ends_at or event.state is not EventState.PUBLISHED:
        raise NotPossible("This registration can no longer be changed.")


def check_room(event: Event, now: datetime) -> None:
    """Raise EventFull unless there is a place, a waiting list or a decision to wait for; places must be loaded."""
    has_room = any(event.has_room_at(places, now) for places in event.places)
    if not (has_room or event.needs_approval or event.has_queue_at(now)):
        raise EventFull.at(event)


def identify(registration: Registration, said: Identity | Application) -> None:
    """Write down who somebody is, on the registration alone: no profile is touched, and not the address."""
    registration.name = said.name
    registration.name_sort = name_key(said.name)
    registration.organisation_id = said.organisation_id
    registration.organisation_name = said.organisation_name
    registration.organisation_sort = fold(said.organisation_name)[:200]
    registration.sector = said.sector
    registration.role = said.role


def snapshot(registration: Registration, application: Application) -> None:
    """Write down who the person said they are, as identify() does, and what they had read."""
    identify(registration, application)
    registration.language = application.language
    registration.notice_version = application.notice_version


def said_already(registration: Registration, event: Event, application: Application, *, kept: AbstractSet[int]) -> bool:
    """Whether the application says what the registration says, answers to the questions `kept` aside.

    The registration must have its answers and needs loaded.
    """
    asked = {question.id: question.public_id for question in event.questions}
    given = {asked[row.question_id]: row.value for row in registration.answers if row.question_id not in kept}
    needs = registration.needs
    said = (registration.name, registration.organisation_id, registration.organisation_name, registration.sector)
    return (
        said == (application.name, application.organisation_id, application.organisation_name, application.sector)
        and registration.role == application.role
        and (needs.access if needs else "", needs.dietary if needs else "") == (application.access, application.dietary)
        and given == {public_id: value for public_id, value in application.answers.items() if value}
    )


def answer(
    registration: Registration, event: Event, application: Application, *, kept: AbstractSet[int] = frozenset()
) -> None:
    """Replace answers and needs with those given now; answers to the questions `kept` stay."""
    locked = queries.lock_registration(registration.id) if registration.version > 1 else None
    if locked is not None:
        for answer in locked.answers:
            if answer.question_id not in kept:
                db.session.delete(answer)
        if locked.needs is not None:
            db.session.delete(locked.needs)
        db.session.flush()
    asked = {question.public_id: question for question in event.questions}
    for public_id, value in application.answers.items():
        if value and public_id in asked:
            row = RegistrationAnswer(registration_id=registration.id, question_id=asked[public_id].id, value=value)
            db.session.add(row)
    if application.access or application.dietary:
        needs = RegistrationNeeds(
            registration_id=registration.id,
            access=application.access,
            dietary=application.dietary,
            delete_after=event.ends_at + NEEDS_KEPT,
        )
        db.session.add(needs)
