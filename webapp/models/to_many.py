"""Letters to many: what an organiser writes to some of an event's people, to whom, and when it goes.

A rule is such a letter with a time relative to its event: the moment is worked out from the event each time it is
asked for and never stored, so it moves when the event does.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Compressed, Key, PublicId, Timestamps, string_enum
from webapp.models.accounts import Person
from webapp.models.attendance import Came
from webapp.models.events import Event, Mode, moment
from webapp.models.mailings import MailKind
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.models.surveys import Survey

LONGEST_NAME = 120
LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000


class MailingState(StrEnum):
    """Where a letter to many is in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_open(self) -> bool:
        """Whether its words, its people and its time can still be changed."""
        return self in {MailingState.DRAFT, MailingState.SCHEDULED, MailingState.CANCELLED, MailingState.STOPPED}


class Timing(StrEnum):
    """What decides when a letter to many goes."""

    NOW = "now"
    AT = "at"
    BEFORE_START = "before_start"
    AFTER_END = "after_end"

    @property
    def is_relative(self) -> bool:
        """Whether it moves when the event moves."""
        return self in {Timing.BEFORE_START, Timing.AFTER_END}


class Chosen(StrEnum):
    """How somebody chose a session, or whether they came to it."""

    SIGNED_UP = "signed_up"
    STARRED = "starred"
    CAME = "came"
    MISSED = "missed"

    @property
    def label(self) -> str:
        return {"signed_up": "Signed up", "starred": "In My agenda", "came": "Came to it", "missed": "Missed it"}[
            self.value
        ]


# What is meant where nothing is said about it.
CHOSE = (Chosen.SIGNED_UP, Chosen.STARRED)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom of an event's people a letter is for: all that is asked for must hold, of several values of one thing any.

    Sessions, questions and areas go by their public ids, so that they stay when they are renamed.
    """

    states: tuple[RegistrationState, ...] = (RegistrationState.CONFIRMED,)
    modes: tuple[Mode, ...] = ()
    sectors: tuple[Sector, ...] = ()
    attendance: tuple[Came, ...] = ()
    sessions: tuple[str, ...] = ()
    chosen: tuple[Chosen, ...] = CHOSE
    organisations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    # Pairs of a question's public id and an answer.
    answers: tuple[tuple[str, str], ...] = ()
    # Only who has not answered the survey that the letter leads to.
    unanswered: bool = False

    @property
    def goes_by_attendance(self) -> bool:
        """Whether it must be known who came before anybody is meant."""
        return bool(self.attendance or (self.sessions and {Chosen.CAME, Chosen.MISSED} & set(self.chosen)))

    def plain(self) -> dict[str, Any]:
        """The audience as values for a JSON column."""
        return {
            name: [list(one) if isinstance(one, tuple) else one for one in value] if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Audience":
        """The audience from a JSON column."""
        return cls(
            states=tuple(RegistrationState(one) for one in plain["states"]),
            modes=tuple(Mode(one) for one in plain["modes"]),
            sectors=tuple(Sector(one) for one in plain["sectors"]),
            attendance=tuple(Came(one) for one in plain["attendance"]),
            sessions=tuple(plain["sessions"]),
            chosen=tuple(Chosen(one) for one in plain["chosen"]),
            organisations=tuple(plain["organisations"]),
            areas=tuple(plain.get("areas", ())),
            tags=tuple(plain["tags"]),
            answers=tuple((question, answer) for question, answer in plain["answers"]),
            unanswered=plain.get("unanswered", False),
        )


class Mailing(Timestamps, Base):
    """A letter from the organisers of an event to some of its people; a rule where `rule` names one.

    `facts` are what all its letters share, kept when it was queued: from then on nothing about it changes.
    """

    __tablename__ = "mailings"
    __table_args__ = (
        # A rule is switched on once at an event, and so fires once.
        UniqueConstraint("event_id", "rule"),
        Index("ix_mailings_state", "state", "id"),
        Index("ix_mailings_event", "event_id", "id"),
        CheckConstraint("days >= 0 AND minutes >= 0", name="distance_not_negative"),
        CheckConstraint("timing <> 'at' OR (on_day IS NOT NULL AND at_time IS NOT NULL)", name="moment_where_at"),
        CheckConstraint("state NOT IN ('sending', 'sent') OR queued_at IS NOT NULL", name="queued_where_sending"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    rule: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[MailKind] = mapped_column(string_enum(MailKind))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The survey that its words lead to.
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("surveys.id"), index=True)
    timing: Mapped[Timing] = mapped_column(string_enum(Timing))
    # A local day and time, in the event's zone.
    on_day: Mapped[date | None]
    at_time: Mapped[time | None]
    # How long before the start or after the end: days by the calendar, then minutes by the clock.
    days: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    state: Mapped[MailingState] = mapped_column(string_enum(MailingState), default=MailingState.DRAFT)
    reason: Mapped[str] = mapped_column(String(300), default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_number: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    queued_at: Mapped[datetime | None]
    queued_number: Mapped[int | None]
    # Who belonged to its people then and had declined this kind of letter.
    declined_number: Mapped[int | None]
    # The registrations of its people of that moment whose letters are still to be put into the outbox, as a JSON list;
    # none once all are there. Not read with the letter: there may be 60,000.
    still_to_queue: Mapped[bytes | None] = deferred(mapped_column(Compressed))
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    survey: Mapped[Survey | None] = relationship(lazy="raise_on_sql")
    written_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[written_by_id])
    changed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[changed_by_id])
    confirmed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by_id])

    @property
    def people(self) -> Audience:
        """Whom it is for."""
        return Audience.of(self.audience)

    def due(self, event: Event) -> datetime | None:
        """When it goes, as the event now stands; None at once when it is confirmed."""
        if self.timing is Timing.AT and self.on_day is not None and self.at_time is not None:
            return moment(self.on_day, self.at_time, event.zone)
        if self.timing is Timing.BEFORE_START:
            return _moved(event.starts_at, event, -self.days) - timedelta(minutes=self.minutes)
        if self.timing is Timing.AFTER_END:
            return _moved(event.ends_at, event, self.days) + timedelta(minutes=self.minutes)
        return None

    def last_chance(self, event: Event) -> datetime | None:
        """Until when it may still go, where it did not go when it was due; None where it goes at once."""
        due = self.due(event)
        if due is None:
            return None
        if self.timing is Timing.BEFORE_START:
            return min(due + (FEW_DAYS if self.days >= 7 else HALF_A_DAY if self.days else HOUR), event.starts_at)
        return due + (WEEK if self.timing is Timing.AFTER_END else FEW_DAYS)

    def expiry(self, event: Event, now: datetime) -> datetime:
        """When its letters are of no more use: a reminder's when the event begins."""
        return event.starts_at if self.timing is Timing.BEFORE_START else now + 2 * WEEK


HOUR, HALF_A_DAY, FEW_DAYS, WEEK = timedelta(hours=1), timedelta(hours=12), timedelta(days=3), timedelta(days=7)


def _moved(at: datetime, event: Event, days: int) -> datetime:
    """So many days by the calendar of the event's zone: 9:30am stays 9:30am when the clocks change in between."""
    local = at.astimezone(event.timezone)
    return moment(local.date() + timedelta(days=days), local.time(), event.zone)
