"""The agenda: streams, sessions, and who contributes to them; and what people starred."""

from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, string_enum
from webapp.models.events import Event, EventDay, EventState, moment
from webapp.models.organisations import Organisation
from webapp.models.programmes import Theme
from webapp.models.speakers import Speaker

if TYPE_CHECKING:
    from webapp.models.transcripts import Transcript

session_themes = Table(
    "session_themes",
    Base.metadata,
    Column("session_id", ForeignKey("sessions.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Stream(Base):
    """One of several lines of sessions that run beside each other."""

    __tablename__ = "streams"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]


class SessionKind(StrEnum):
    """What a session is to those who plan their day."""

    PLENARY = "plenary"
    SESSION = "session"
    BREAK = "break"


class SessionState(StrEnum):
    """Whether a session takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Session(Timestamps, Base):
    """A part of an event: on a day, at a position, at times that may be unknown; without a stream it is for all."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both_times_or_none"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        Index("ix_sessions_event_day", "event_id", "day_id", "position"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    day_id: Mapped[int] = mapped_column(ForeignKey("event_days.id"), index=True)
    stream_id: Mapped[int | None] = mapped_column(ForeignKey("streams.id"), index=True)
    position: Mapped[int]
    kind: Mapped[SessionKind] = mapped_column(string_enum(SessionKind), default=SessionKind.SESSION)
    state: Mapped[SessionState] = mapped_column(string_enum(SessionState), default=SessionState.SCHEDULED)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room: Mapped[str] = mapped_column(String(200), default="")
    # Whether people sign up for it by itself; its places are counted as those of an event are.
    takes_sign_ups: Mapped[bool] = mapped_column(default=False, server_default=false())
    joining_instructions: Mapped[str] = mapped_column(Text, default="", server_default="")
    joining_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    is_not_recorded: Mapped[bool] = mapped_column(default=False, server_default=false())
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    calendar_changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    day: Mapped[EventDay] = relationship(lazy="raise_on_sql")
    stream: Mapped[Stream | None] = relationship(lazy="raise_on_sql")
    themes: Mapped[list[Theme]] = relationship(
        secondary=session_themes, lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )
    contributions: Mapped[list["Contribution"]] = relationship(
        back_populates="session",
        lazy="raise_on_sql",
        order_by="Contribution.position, Contribution.id",
        cascade="all, delete-orphan",
    )
    transcript: Mapped["Transcript | None"] = relationship(back_populates="session", lazy="raise_on_sql")

    @property
    def is_cancelled(self) -> bool:
        return self.state is SessionState.CANCELLED

    def begins_at(self, zone: str) -> datetime:
        """The moment at which it begins; the start of its day where its time is not known. Its day must be loaded."""
        return self.starts_at or moment(self.day.date, self.day.starts, zone)

    def over_at(self, zone: str) -> datetime:
        """The moment at which it ends; the end of its day where its time is not known. Its day must be loaded."""
        return self.ends_at or moment(self.day.date, self.day.ends, zone, end=True)

    def is_over(self, zone: str, now: datetime) -> bool:
        """Whether it has ended; with its day where its time is not known. Its day must be loaded."""
        return self.over_at(zone) <= now

    def takes_sign_ups_at(self, event: Event, now: datetime) -> bool:
        """Whether somebody may sign up for it at `now`: until it begins."""
        stands = self.takes_sign_ups and not self.is_cancelled and event.state is EventState.PUBLISHED
        return stands and now < self.begins_at(event.zone)

    def overlaps(self, other: "Session") -> bool:
        """Whether both run at the same time, as far as their times are known."""
        if not (self.starts_at and self.ends_at and other.starts_at and other.ends_at):
            return False
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class ContributionRole(StrEnum):
    """What somebody does in a session."""

    PRESENTER = "presenter"
    PANELLIST = "panellist"
    CHAIR = "chair"
    FACILITATOR = "facilitator"

    @property
    def label(self) -> str:
        return self.capitalize()


class Contribution(Base):
    """A speaker in a session, speaking for an organisation; or an organisation without a named speaker."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint("speaker_id IS NOT NULL OR organisation_id IS NOT NULL", name="somebody"),
        UniqueConstraint("session_id", "speaker_id", "organisation_id", "role"),
    )

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[ContributionRole] = mapped_column(string_enum(ContributionRole), default=ContributionRole.PRESENTER)
    position: Mapped[int]
    # What the speaker's work was called then; empty where nobody wrote it down.
    job_title: Mapped[str] = mapped_column(String(200), default="", server_default="")

    session: Mapped[Session] = relationship(back_populates="contributions", lazy="raise_on_sql")
    speaker: Mapped[Speaker | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class Star(Base):
    """A session that a person put into My agenda."""

    __tablename__ = "stars"
    __table_args__ = (UniqueConstraint("person_id", "session_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), index=True)
    created_at: Mapped[datetime]
