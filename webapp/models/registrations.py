"""Registrations: a place at an event, with a snapshot of what the person said then."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, Text, UniqueConstraint, inspect, update
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, folded, string_enum
from webapp.models.accounts import Person
from webapp.models.events import Event, EventQuestion, Mode
from webapp.models.organisations import Organisation, Sector

# The version of the privacy notice that is kept with a registration; a changed notice gets a new one.
PRIVACY_NOTICE_VERSION = "2026-11-30.2"


class RegistrationState(StrEnum):
    """Where a registration stands. Confirmed and offered hold a place; the others hold none."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    LAPSED = "lapsed"
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]

    @property
    def is_ended(self) -> bool:
        """Whether the person may register anew."""
        return self in ENDED_STATES


STATE_LABELS = {
    RegistrationState.PENDING: "Waiting for approval",
    RegistrationState.CONFIRMED: "Confirmed",
    RegistrationState.WAITING: "On the waiting list",
    RegistrationState.OFFERED: "Place offered",
    RegistrationState.LAPSED: "Offer lapsed",
    RegistrationState.DECLINED: "Not approved",
    RegistrationState.CANCELLED: "Cancelled",
}

ENDED_STATES = frozenset({RegistrationState.LAPSED, RegistrationState.DECLINED, RegistrationState.CANCELLED})

_R = RegistrationState
NEXT_STATES: dict[RegistrationState, frozenset[RegistrationState]] = {
    _R.PENDING: frozenset({_R.CONFIRMED, _R.WAITING, _R.DECLINED, _R.CANCELLED}),
    _R.CONFIRMED: frozenset({_R.CANCELLED}),
    _R.WAITING: frozenset({_R.OFFERED, _R.CONFIRMED, _R.CANCELLED}),
    _R.OFFERED: frozenset({_R.CONFIRMED, _R.LAPSED, _R.CANCELLED}),
    _R.LAPSED: frozenset({_R.PENDING, _R.CONFIRMED, _R.WAITING}),
    # Who was not approved may ask again, and is then judged again: never past the organiser.
    _R.DECLINED: frozenset({_R.PENDING, _R.CONFIRMED, _R.WAITING}),
    _R.CANCELLED: frozenset({_R.PENDING, _R.CONFIRMED, _R.WAITING}),
}


_TESTED = ("mode", "registered_at")


class Registration(Timestamps, Base):
    """One person at one event. The name, address, organisation, sector and role are as given then."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_registrations_queue", "event_id", "mode", "state", "arrival"),
        # What stands behind the id is tested in the index, on a walk through it that may pass over many.
        Index("ix_registrations_by_arrival", "event_id", "arrival", "id", "mode"),
        Index("ix_registrations_by_name", "event_id", "name_sort", "id", *_TESTED),
        Index("ix_registrations_by_organisation", "event_id", "organisation_sort", "id", *_TESTED),
        Index("ix_registrations_of_state_by_arrival", "event_id", "state", "arrival", "id"),
        Index("ix_registrations_of_state_by_name", "event_id", "state", "name_sort", "id", *_TESTED),
        Index("ix_registrations_of_state_by_organisation", "event_id", "state", "organisation_sort", "id", *_TESTED),
        # Filters name a state, a sector or both: the page is merged from the few of these that it can lie in.
        Index("ix_registrations_of_group_by_arrival", "event_id", "state", "sector", "arrival", "id"),
        Index("ix_registrations_of_group_by_name", "event_id", "state", "sector", "name_sort", "id"),
        Index("ix_registrations_of_group_by_organisation", "event_id", "state", "sector", "organisation_sort", "id"),
        # Of one organisation, as it is counted, where its own name gives no order; and of some days.
        Index("ix_registrations_of_organisation", "event_id", "organisation_name", "id", "state"),
        Index("ix_registrations_of_organisation_by_arrival", "event_id", "organisation_name", "arrival", "id", "state"),
        Index("ix_registrations_of_organisation_by_name", "event_id", "organisation_name", "name_sort", "id", "state"),
        Index("ix_registrations_by_day", "event_id", "registered_at", "id", "state", "mode"),
        Index("ix_registrations_person", "person_id", "event_id"),
        Index("ix_registrations_offers", "state", "offered_until"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[RegistrationState] = mapped_column(string_enum(RegistrationState))
    mode: Mapped[Mode] = mapped_column(string_enum(Mode))
    arrival: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(folded(200))
    email: Mapped[str] = mapped_column(String(254))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_name: Mapped[str] = mapped_column(String(200))
    organisation_sort: Mapped[str] = mapped_column(folded(200))
    sector: Mapped[Sector] = mapped_column(string_enum(Sector))
    role: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    notice_version: Mapped[str] = mapped_column(String(20))
    link_nonce: Mapped[str] = mapped_column(String(32))
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    answers: Mapped[list["RegistrationAnswer"]] = relationship(
        back_populates="registration", lazy="raise_on_sql", cascade="all, delete-orphan"
    )
    needs: Mapped["RegistrationNeeds | None"] = relationship(
        back_populates="registration", lazy="raise_on_sql", cascade="all, delete-orphan"
    )

    def offer_stands(self, now: datetime) -> bool:
        """Whether a place is offered that can still be taken at `now`."""
        return self.state is RegistrationState.OFFERED and (self.offered_until is None or now < self.offered_until)


def quarter_hour_of(at: datetime) -> str:
    """The quarter of an hour of a moment as tallies have it, in UTC; in every zone it lies in one day."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d %H}:{at.minute // 15 * 15:02}"


class RegistrationAnswer(Base):
    """What was answered to one of the event's own questions: a text, or several for several choices."""

    __tablename__ = "registration_answers"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("event_questions.id"), index=True)
    value: Mapped[list[str]] = mapped_column(JSON)

    registration: Mapped[Registration] = relationship(back_populates="answers", lazy="raise_on_sql")
    question: Mapped[EventQuestion] = relationship(lazy="raise_on_sql")


class RegistrationNeeds(Base):
    """Access and dietary needs: kept apart, seen by few, deleted soon after the event."""

    __tablename__ = "registration_needs"

    id: Mapped[Key]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), unique=True)
    access: Mapped[str] = mapped_column(Text, default="")
    dietary: Mapped[str] = mapped_column(Text, default="")
    delete_after: Mapped[datetime] = mapped_column(index=True)

    registration: Mapped[Registration] = relationship(back_populates="needs", lazy="raise_on_sql")


class RegistrationDraft(Base):
    """A half-finished registration, bound to the browser it was begun in and deleted after a day."""

    __tablename__ = "registration_drafts"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    browser: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RegistrationTally(Base):
    """How many registrations an event has by state and by one property, kept as they change.

    The property is the sector, the organisation, or the quarter of an hour in which they came: as `quarter_hour_of`
    writes it.
    """

    __tablename__ = "registration_tallies"
    __table_args__ = (
        UniqueConstraint("event_id", "dimension", "value", "state"),
        Index("ix_registration_tallies_largest", "event_id", "dimension", "state", "count"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    dimension: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(200))
    state: Mapped[RegistrationState] = mapped_column(string_enum(RegistrationState))
    count: Mapped[int]


class RegistrationTag(Base):
    """A word that organisers put on a registration, to find and write to those who carry it.

    It carries what registrations are sorted by, so that those of one tag lie in each order in an index.
    """

    __tablename__ = "registration_tags"
    __table_args__ = (
        UniqueConstraint("registration_id", "name_folded"),
        Index("ix_registration_tags_event", "event_id", "name_folded", "registration_id"),
        Index("ix_registration_tags_by_arrival", "event_id", "name_folded", "arrival", "registration_id"),
        Index("ix_registration_tags_by_name", "event_id", "name_folded", "name_sort", "registration_id"),
        Index(
            "ix_registration_tags_by_organisation", "event_id", "name_folded", "organisation_sort", "registration_id"
        ),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    name: Mapped[str] = mapped_column(String(60))
    name_folded: Mapped[str] = mapped_column(folded(60))
    arrival: Mapped[int]
    name_sort: Mapped[str] = mapped_column(folded(200))
    organisation_sort: Mapped[str] = mapped_column(folded(200))


# What tags carry of their registration.
CARRIED = ("arrival", "name_sort", "organisation_sort")


@listens_for(Registration, "after_update")
def _follow(_mapper: Any, connection: Connection, registration: Registration) -> None:
    """Let the tags of a registration follow its place in the orders, whoever changes it."""
    state = inspect(registration)
    changed = {name: getattr(registration, name) for name in CARRIED if state.attrs[name].history.has_changes()}
    if changed:
        tags = update(RegistrationTag).where(RegistrationTag.registration_id == registration.id)
        connection.execute(tags.values(changed))


class RegistrationNote(Base):
    """What an organiser wrote down about a registration, for the other organisers."""

    __tablename__ = "registration_notes"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise_on_sql")


class Invitee(Base):
    """Somebody invited to register; the personal link is made from the nonce and may be sent again or revoked."""

    __tablename__ = "invitees"
    __table_args__ = (UniqueConstraint("event_id", "email_folded"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    times_sent: Mapped[int] = mapped_column(default=1)
    revoked_at: Mapped[datetime | None]
    # Who registered by the link.
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
