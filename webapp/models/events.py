"""Learning events: their life, their days, the places they have and what they ask."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.programmes import Programme, Theme
from webapp.models.series import Series


class EventState(StrEnum):
    """What is stored of an event's life; open, closed, live and ended follow from its dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


NEXT_STATES: dict[EventState, set[EventState]] = {
    EventState.DRAFT: {EventState.PUBLISHED},
    EventState.PUBLISHED: {EventState.DRAFT, EventState.CANCELLED, EventState.ARCHIVED},
    # A cancelled event stays cancelled: its people have been told.
    EventState.CANCELLED: set(),
    EventState.ARCHIVED: {EventState.PUBLISHED},
}


class Format(StrEnum):
    """How people take part."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {
            "online": "Online",
            "in_person": "In person",
            "hybrid": "Online and in person",
            "unknown": "Place not known",
        }[self.value]


class Mode(StrEnum):
    """How one person takes part; places are counted for each."""

    ONLINE = "online"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        return {"online": "Online", "in_person": "In person"}[self]


class Admission(StrEnum):
    """Who may register for an event."""

    ANYONE = "anyone"
    DOMAINS = "domains"
    PROGRAMME = "programme"
    INVITATION = "invitation"

    @property
    def label(self) -> str:
        return ADMISSION_LABELS[self]


ADMISSION_LABELS = {
    Admission.ANYONE: "Anyone",
    Admission.DOMAINS: "People with certain e-mail addresses",
    Admission.PROGRAMME: "People of the programme",
    Admission.INVITATION: "People who are invited",
}


class Stage(StrEnum):
    """Where an event is in its life at a moment."""

    DRAFT = "draft"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    CLOSED = "closed"
    LIVE = "live"
    ENDED = "ended"


event_themes = Table(
    "event_themes",
    Base.metadata,
    Column("event_id", ForeignKey("events.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Event(Timestamps, Base):
    """A learning event. Local dates and times with the zone are the truth; `starts_at` and `ends_at` follow."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("offer_hours >= 0", name="offer_hours_not_negative"),
        Index("ix_events_series", "series_id", "series_on", unique=True),
        # The start is there to be read without the row.
        Index("ix_events_listed", "listed", "ends_at", "id", "starts_at"),
        Index("ix_events_to_come", "listed", "starts_at", "ends_at", "id"),
        Index("ix_events_format", "listed", "format", "ends_at", "id"),
        Index("ix_events_format_to_come", "listed", "format", "starts_at", "ends_at", "id"),
        Index("ix_events_programme", "programme_id", "listed", "ends_at", "id"),
        Index("ix_events_programme_to_come", "programme_id", "listed", "starts_at", "ends_at", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    # The date on which the rule of the series has this meeting, wherever it moved since.
    series_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    state: Mapped[EventState] = mapped_column(string_enum(EventState), default=EventState.DRAFT)
    listed: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    format: Mapped[Format] = mapped_column(string_enum(Format))
    zone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    venue: Mapped[str] = mapped_column(String(300), default="")
    hashtag: Mapped[str] = mapped_column(String(60), default="")
    reach: Mapped[str] = mapped_column(String(300), default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    joining_instructions: Mapped[str] = mapped_column(Text, default="")
    organiser_name: Mapped[str] = mapped_column(String(200))
    organiser_email: Mapped[str] = mapped_column(String(254))
    takes_registrations: Mapped[bool] = mapped_column(default=True)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    waiting_list: Mapped[bool] = mapped_column(default=True)
    offer_hours: Mapped[int] = mapped_column(default=0)
    admission: Mapped[Admission] = mapped_column(
        string_enum(Admission), default=Admission.ANYONE, server_default="anyone"
    )
    # The part of an e-mail address after the @, in lower case; with those below them.
    admitted_domains: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    joining_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # From when the confirmed see how to join; at once when there is none.
    joining_from: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(String(500), default="")
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    calendar_changed_at: Mapped[datetime]
    public_revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    has_materials: Mapped[bool | None] = query_expression()

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    series: Mapped[Series | None] = relationship(lazy="raise_on_sql")
    days: Mapped[list["EventDay"]] = relationship(
        back_populates="event", lazy="raise_on_sql", order_by="EventDay.date", cascade="all, delete-orphan"
    )
    # Its own; those of its sessions are counted apart.
    places: Mapped[list["Places"]] = relationship(
        back_populates="event",
        lazy="raise_on_sql",
        primaryjoin="and_(Event.id == Places.event_id, Places.session_id.is_(None))",
        order_by="Places.mode",
        cascade="all, delete-orphan",
    )
    questions: Mapped[list["EventQuestion"]] = relationship(
        back_populates="event",
        lazy="raise_on_sql",
        order_by="EventQuestion.position, EventQuestion.id",
        cascade="all, delete-orphan",
    )
    themes: Mapped[list[Theme]] = relationship(
        secondary=event_themes, lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_public(self) -> bool:
        """Whether a visitor may see it; a cancelled event stays to be seen."""
        return self.state is not EventState.DRAFT

    @property
    def modes(self) -> list[Mode]:
        """The ways in which a person may take part, online first; none where it is not known how it was held."""
        ways = {Format.HYBRID: [Mode.ONLINE, Mode.IN_PERSON], Format.UNKNOWN: []}
        return ways[self.format] if self.format in ways else [Mode(self.format.value)]

    def stage(self, now: datetime) -> Stage:
        """Where the event is in its life at `now`."""
        if self.state is not EventState.PUBLISHED:
            return Stage(self.state.value)
        if now >= self.ends_at:
            return Stage.ENDED
        if now >= self.starts_at:
            return Stage.LIVE
        if self.takes_registrations_at(now):
            return Stage.OPEN
        opens_later = self.takes_registrations and self.registration_opens_at and now < self.registration_opens_at
        return Stage.NOT_YET_OPEN if opens_later else Stage.CLOSED

    def takes_registrations_at(self, now: datetime) -> bool:
        """Whether somebody may register at `now`: published, opened, not closed, not ended."""
        return (
            self.state is EventState.PUBLISHED
            and self.takes_registrations
            and self.format is not Format.UNKNOWN
            and (self.registration_opens_at is None or now >= self.registration_opens_at)
            and now < (self.registration_closes_at or self.ends_at)
            and now < self.ends_at
        )

    def has_queue_at(self, now: datetime) -> bool:
        """Whether somebody who finds no place may wait for one: nobody is called once the event has begun."""
        return self.waiting_list and now < self.starts_at

    def has_room_at(self, places: "Places", now: datetime) -> bool:
        """Whether the next person gets one of these places at once; those who waited are passed over in the end."""
        return places.has_room if now < self.starts_at else places.is_free

    def availability_at(self, places: "Places", now: datetime) -> "Availability":
        """What the public page says of these places."""
        return places.availability if now < self.starts_at else places.late_availability

    def boundaries(self) -> list[datetime]:
        """The moments at which the public page changes by itself."""
        moments = (self.registration_opens_at, self.registration_closes_at, self.starts_at, self.ends_at)
        return sorted(moment for moment in moments if moment)


class EventDay(Base):
    """One day of an event, with its hours where they are known."""

    __tablename__ = "event_days"
    __table_args__ = (
        UniqueConstraint("event_id", "date"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="both_times_or_none"),
        CheckConstraint("ends > starts", name="ends_after_start"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    date: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    # What is shown on the screen that day, for people to say that they are there.
    check_in_code: Mapped[str | None] = mapped_column(String(8))

    event: Mapped[Event] = relationship(back_populates="days", lazy="raise_on_sql")


class Availability(StrEnum):
    """How places are spoken of in public: never as an exact number."""

    OPEN = "open"
    FEW = "few"
    FULL = "full"


class Places(Base):
    """The one counter of places for an event (or a session) and mode; locked before it is changed."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("event_id", "session_id", "mode"),
        # NULLs are all different to a unique constraint, so an event's own counters need an index of their own.
        Index(
            "uq_places_event_own",
            "event_id",
            "mode",
            unique=True,
            sqlite_where=Column("session_id").is_(None),
            postgresql_where=Column("session_id").is_(None),
        ),
        Index("ix_places_filling", "id", sqlite_where=Column("filling"), postgresql_where=Column("filling")),
        CheckConstraint("capacity IS NULL OR confirmed + offered <= capacity", name="never_oversold"),
        CheckConstraint("confirmed >= 0 AND offered >= 0 AND waiting >= 0 AND pending >= 0", name="not_negative"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    mode: Mapped[Mode] = mapped_column(string_enum(Mode))
    capacity: Mapped[int | None]
    confirmed: Mapped[int] = mapped_column(default=0)
    offered: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    last_arrival: Mapped[int] = mapped_column(default=0)
    # More of those who wait are to be called than were in one go: the worker calls the others.
    filling: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship(back_populates="places", lazy="raise_on_sql")

    @property
    def free(self) -> int | None:
        """Places neither taken nor offered; None when there is no limit."""
        return None if self.capacity is None else self.capacity - self.confirmed - self.offered

    @property
    def to_call(self) -> int:
        """How many of those who wait there is a place for."""
        return self.waiting if self.free is None else max(0, min(self.waiting, self.free))

    @property
    def has_room(self) -> bool:
        """Whether the next person gets a place at once: one is free and nobody waits for it."""
        return self.free is None or (self.free > 0 and self.waiting == 0)

    @property
    def is_free(self) -> bool:
        """Whether there is a place that nobody has, whoever waits."""
        return self.free is None or self.free > 0

    @property
    def availability(self) -> Availability:
        """What the public page says: few means under a tenth of the places."""
        return self.late_availability if self.has_room else Availability.FULL

    @property
    def late_availability(self) -> Availability:
        """The same once the event has begun, when nobody is called from the waiting list any more."""
        if not self.is_free:
            return Availability.FULL
        if self.free is not None and self.capacity is not None and self.free * 10 < self.capacity:
            return Availability.FEW
        return Availability.OPEN


class QuestionKind(StrEnum):
    """Kinds of questions that an event may ask of those who register."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    ONE_CHOICE = "one_choice"
    SEVERAL_CHOICES = "several_choices"
    YES_NO = "yes_no"
    CONSENT = "consent"

    @property
    def label(self) -> str:
        return "Yes or no" if self is QuestionKind.YES_NO else self.value.replace("_", " ").capitalize()

    @property
    def has_choices(self) -> bool:
        """Whether the organiser writes what may be chosen."""
        return self in {QuestionKind.ONE_CHOICE, QuestionKind.SEVERAL_CHOICES}


class EventQuestion(Base):
    """A question of the event's own; one that was answered is retired, not destroyed."""

    __tablename__ = "event_questions"
    __table_args__ = NEVER_AGAIN

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(string_enum(QuestionKind))
    label: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(String(500), default="")
    required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Asked only of those who gave one of these answers to an earlier question.
    depends_on_id: Mapped[int | None] = mapped_column(ForeignKey("event_questions.id"))
    depends_on_values: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # Answered by organisers about the person, and never seen by them.
    for_organisers: Mapped[bool] = mapped_column(default=False, server_default=false())
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    event: Mapped[Event] = relationship(back_populates="questions", lazy="raise_on_sql")


def moment(day: date, at: time | None, zone: str, *, end: bool = False) -> datetime:
    """The moment in UTC of a local time; without one, the start of the day, or its end when `end` is set."""
    if at is None:
        day, at = (day + timedelta(days=1), time()) if end else (day, time())
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
