"""The draft agenda: what organisers work on and nobody else sees, until a release makes it the agenda."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, Leased, PublicId, Timestamps, string_enum
from webapp.models.agenda import ContributionRole, SessionKind, SessionState
from webapp.models.events import EventDay, Mode
from webapp.models.organisations import Organisation
from webapp.models.programmes import Theme
from webapp.models.speakers import Speaker

draft_session_themes = Table(
    "draft_session_themes",
    Base.metadata,
    Column("draft_session_id", ForeignKey("draft_sessions.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class AgendaDraft(Base):
    """The one draft of an event's agenda: its version grows with each change, and it is locked to make one."""

    __tablename__ = "agenda_drafts"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    # The version that was released last; None while none was.
    released_version: Mapped[int | None]
    changed_at: Mapped[datetime]


class Room(Base):
    """Where sessions of an event take place: a room, or a meeting online; with how many it holds."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("event_id", "name"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int | None]
    position: Mapped[int]


class DraftStream(Base):
    """A stream as it is planned; `stream_id` is the released one that it becomes."""

    __tablename__ = "draft_streams"
    __table_args__ = NEVER_AGAIN

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    stream_id: Mapped[int | None] = mapped_column(ForeignKey("streams.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]


class DraftSession(Timestamps, Base):
    """A session as it is planned: without a day it is not placed yet; `session_id` is the released one it becomes."""

    __tablename__ = "draft_sessions"
    __table_args__ = (
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both_times_or_none"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index("ix_draft_sessions_event_day", "event_id", "day_id", "position"),
        UniqueConstraint("event_id", "source_key"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), unique=True)
    day_id: Mapped[int | None] = mapped_column(ForeignKey("event_days.id"), index=True)
    stream_id: Mapped[int | None] = mapped_column(ForeignKey("draft_streams.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    position: Mapped[int]
    kind: Mapped[SessionKind] = mapped_column(string_enum(SessionKind), default=SessionKind.SESSION)
    state: Mapped[SessionState] = mapped_column(string_enum(SessionState), default=SessionState.SCHEDULED)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    # How long it is to be when it is placed.
    minutes: Mapped[int] = mapped_column(default=45)
    takes_sign_ups: Mapped[bool] = mapped_column(default=False)
    capacity_online: Mapped[int | None]
    capacity_in_person: Mapped[int | None]
    joining_instructions: Mapped[str] = mapped_column(Text, default="")
    joining_url: Mapped[str] = mapped_column(String(500), default="")
    is_not_recorded: Mapped[bool] = mapped_column(default=False)
    # For the team alone: the run sheet shows them.
    notes: Mapped[str] = mapped_column(Text, default="")
    technical_needs: Mapped[str] = mapped_column(Text, default="")
    # The row of a file that it came from, so that the same file changes it and adds nothing.
    source_key: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)

    day: Mapped[EventDay | None] = relationship(lazy="raise_on_sql")
    stream: Mapped[DraftStream | None] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")
    themes: Mapped[list[Theme]] = relationship(
        secondary=draft_session_themes, lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )
    contributions: Mapped[list["DraftContribution"]] = relationship(
        back_populates="session",
        lazy="raise_on_sql",
        order_by="DraftContribution.position, DraftContribution.id",
        cascade="all, delete-orphan",
    )

    @property
    def is_cancelled(self) -> bool:
        return self.state is SessionState.CANCELLED

    @property
    def is_placed(self) -> bool:
        return self.day_id is not None

    def capacity(self, mode: Mode) -> int | None:
        """How many may sign up in this way; None when there is no limit."""
        return self.capacity_online if mode is Mode.ONLINE else self.capacity_in_person


class SpeakerAnswer(StrEnum):
    """What a speaker said to being named on a session."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class DraftContribution(Base):
    """Who is planned to contribute: a speaker, for an organisation or not, or an organisation by itself."""

    __tablename__ = "draft_contributions"
    __table_args__ = (
        CheckConstraint("speaker_id IS NOT NULL OR organisation_id IS NOT NULL", name="somebody"),
        UniqueConstraint("draft_session_id", "speaker_id", "organisation_id", "role"),
    )

    id: Mapped[Key]
    draft_session_id: Mapped[int] = mapped_column(ForeignKey("draft_sessions.id"))
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[ContributionRole] = mapped_column(string_enum(ContributionRole), default=ContributionRole.PRESENTER)
    position: Mapped[int]
    answer: Mapped[SpeakerAnswer] = mapped_column(string_enum(SpeakerAnswer), default=SpeakerAnswer.NOT_ASKED)
    answered_at: Mapped[datetime | None]

    session: Mapped[DraftSession] = relationship(back_populates="contributions", lazy="raise_on_sql")
    speaker: Mapped[Speaker | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class AgendaRelease(Base):
    """A numbered version of the agenda as it was released: what changed by it, and all of it as it then was."""

    __tablename__ = "agenda_releases"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    number: Mapped[int]
    released_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    agenda: Mapped[dict[str, Any]] = mapped_column(JSON)
    people_told: Mapped[int] = mapped_column(default=0)
    organisations_told: Mapped[int] = mapped_column(default=0)
    clashes: Mapped[int] = mapped_column(default=0)


class RequestState(StrEnum):
    """How far a release is that the worker was asked for."""

    WAITING = "waiting"
    CHECKING = "checking"
    WRITING = "writing"
    RELEASED = "released"
    REFUSED = "refused"

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to be done."""
        return self in UNDER_WAY


UNDER_WAY = (RequestState.WAITING, RequestState.CHECKING, RequestState.WRITING)


class ReleaseRequest(Leased, Base):
    """The release of each event that was last asked for: what was confirmed, and what became of it."""

    __tablename__ = "release_requests"
    __table_args__ = (Index("ix_release_requests_waiting", "state", "asked_at", "event_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    # The draft, and how many are to be told, as they stood in the summary that was read.
    version: Mapped[int]
    people: Mapped[int]
    # Emptied by the release, which keeps it.
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[RequestState] = mapped_column(string_enum(RequestState), default=RequestState.WAITING)
    problem: Mapped[str] = mapped_column(String(500), default="")
    # The number of the release that came of it.
    number: Mapped[int | None]

    @property
    def was_at_once(self) -> bool:
        """Whether it was done in the request for it, without a worker."""
        return self.state is RequestState.RELEASED and self.attempts == 0
