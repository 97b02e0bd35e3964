"""Surveys: what is asked of whom and when, and what was answered.

Of an anonymous survey no row joins the answers to who gave them: taking part and answers are written apart, with keys
drawn by chance, and no time finer than the day.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, folded, string_enum
from webapp.models.accounts import ThingKind
from webapp.models.events import Event
from webapp.models.organisations import Sector
from webapp.models.programmes import Programme
from webapp.models.surveys_asked import Asked

LONGEST_TITLE = 200
# From how many answers on anything is shown of them: as it is at first, and never fewer than the second.
THRESHOLD = 5
LEAST_THRESHOLD = 3
# So long after its end a survey may still be opened again, with all that was begun, or waits for more to come.
GRACE = timedelta(days=14)

# What stands in place of a text that was removed for good.
REMOVED = "[removed]"

# Without a rowid SQLite keeps rows in the order of their keys, and nothing tells which came first.
UNORDERED = {"sqlite_with_rowid": False}


def answering(public_id: str) -> str:
    """What the token in the address by which somebody registered answers this survey is made for."""
    return f"survey {public_id}"


class SurveyState(StrEnum):
    """What is stored of a survey's life; whether it is open follows from its dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    ARCHIVED = "archived"


class SurveyStage(StrEnum):
    """Where a survey is in its life at a moment."""

    DRAFT = "draft"
    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Privacy(StrEnum):
    """Who can know whose answers they are."""

    NAMED = "named"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class AskedOf(StrEnum):
    """Of which of an event's people a survey asks."""

    EVERYONE = "everyone"
    CAME = "came"
    MISSED = "missed"

    @property
    def label(self) -> str:
        return {
            "everyone": "Everyone with a place",
            "came": "Those who came",
            "missed": "Those who missed it",
        }[self.value]

    def label_at(self, session: object | None) -> str:
        """The same of a survey about a session: who came there, and not who came to the event."""
        if session is None or self is AskedOf.EVERYONE:
            return self.label
        return "Those who came to the session" if self is AskedOf.CAME else "Those who missed the session"


class Survey(Timestamps, Base):
    """A survey of a programme, which hangs on an event, on a session of one, or on nothing.

    `draft` is what is being written, `Asked` as plain values; what people answer is the newest version. Local times
    are of `zone`, the event's own where there is one.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("(thing_kind IS NULL) = (thing_id IS NULL)", name="kind_and_thing"),
        CheckConstraint(f"threshold >= {LEAST_THRESHOLD}", name="threshold_not_too_low"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("state = 'draft' OR number > 0", name="asked_where_published"),
        Index("ix_surveys_programme", "programme_id", "id"),
        Index("ix_surveys_event", "event_id", "id"),
        Index("ix_surveys_thing", "thing_kind", "thing_id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    # Also of a survey about one of its sessions.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    thing_kind: Mapped[ThingKind | None] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    privacy: Mapped[Privacy] = mapped_column(string_enum(Privacy))
    asked_of: Mapped[AskedOf] = mapped_column(string_enum(AskedOf), default=AskedOf.EVERYONE)
    # Whether whoever has the address may answer, too.
    open_link: Mapped[bool] = mapped_column(default=False)
    threshold: Mapped[int] = mapped_column(default=THRESHOLD)
    state: Mapped[SurveyState] = mapped_column(string_enum(SurveyState), default=SurveyState.DRAFT)
    zone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Of the newest version; 0 before the first.
    number: Mapped[int] = mapped_column(default=0)
    # Numbers of the questions whose results everybody may see.
    public_questions: Mapped[list[int]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    # Whether what was released last was made once nobody could answer any more; asked for where it is shown.
    released_over: Mapped[bool | None] = query_expression()

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")
    versions: Mapped[list["SurveyVersion"]] = relationship(
        back_populates="survey", lazy="raise_on_sql", order_by="SurveyVersion.number", cascade="all, delete-orphan"
    )

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def written(self) -> Asked:
        """What is being written, which nobody answers before it is published."""
        return Asked.of(self.draft)

    def stage(self, now: datetime) -> SurveyStage:
        """Where the survey is in its life at `now`."""
        if self.state is not SurveyState.PUBLISHED:
            return SurveyStage(self.state.value)
        if self.opens_at is not None and now < self.opens_at:
            return SurveyStage.NOT_YET_OPEN
        return SurveyStage.CLOSED if self.closes_at is not None and now >= self.closes_at else SurveyStage.OPEN

    def over_since(self, now: datetime) -> datetime:
        """Since when a survey that is over has been so: its closing date, or its last change where that came later."""
        closed = self.closes_at if self.closes_at is not None and self.closes_at <= now else self.updated_at
        return max(closed, self.updated_at)

    def grace_ends(self, now: datetime) -> datetime | None:
        """Until when what was begun and what is too little to be opened is kept for more; None while it is not over."""
        is_over = self.stage(now) in {SurveyStage.CLOSED, SurveyStage.ARCHIVED}
        return self.over_since(now) + GRACE if is_over else None

    def grace_is_over(self, now: datetime) -> bool:
        """Whether nobody can answer any more, and has not been able to for so long."""
        ends = self.grace_ends(now)
        return ends is not None and ends <= now


class SurveyVersion(Base):
    """What was asked from one publication to the next; never changed."""

    __tablename__ = "survey_versions"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    number: Mapped[int]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    survey: Mapped[Survey] = relationship(back_populates="versions", lazy="raise_on_sql")

    @property
    def document(self) -> Asked:
        """What was asked."""
        return Asked.of(self.asked)


class Participation(Base):
    """That somebody took part in a survey, by a registration or signed in; of an anonymous one, no more than that."""

    __tablename__ = "survey_participations"
    __table_args__ = (
        UniqueConstraint("survey_id", "registration_id"),
        UniqueConstraint("survey_id", "person_id"),
        CheckConstraint("(registration_id IS NULL) <> (person_id IS NULL)", name="one_of_both"),
    )

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    day: Mapped[date]


class SurveyResponse(Base):
    """What one person answered, or has answered so far where `day` is not known yet; `id` is drawn by chance.

    Sector and role are those of the registration, of who signed in, or unknown; `reached` is the number of the last
    question that was seen.
    """

    __tablename__ = "survey_responses"
    __table_args__ = (Index("ix_survey_responses_survey", "survey_id", "day", "id"),)

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    version: Mapped[int]
    day: Mapped[date | None]
    reached: Mapped[int] = mapped_column(default=0)
    sector: Mapped[Sector | None] = mapped_column(string_enum(Sector))
    role: Mapped[str] = mapped_column(String(200), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    # None where it is anonymous, or came by the open link.
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("survey_participations.id"), unique=True)


class SurveyAnswer(Base):
    """One part of an answer. Part 0 is there whenever the question was answered, so counting it counts people.

    Single values stand in `value` and texts in `text`. Further parts: a choice of several; a row of a matrix, its value
    the column; a choice of a ranking, its value the rank.
    """

    __tablename__ = "survey_answers"
    __table_args__ = UNORDERED

    response_id: Mapped[int] = mapped_column(ForeignKey("survey_responses.id"), primary_key=True)
    question: Mapped[int] = mapped_column(Integer, primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[float | None]
    text: Mapped[str | None] = mapped_column(Text)


class SurveyDraft(Base):
    """Answers saved as they are given, sealed, under a fingerprint of the token that they are answered by."""

    __tablename__ = "survey_drafts"
    __table_args__ = (Index("ix_survey_drafts_survey", "survey_id"), UNORDERED)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    day: Mapped[date]
    reached: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # Whether it changes what was sent before: who did not send it again has not left the survey.
    again: Mapped[bool] = mapped_column(default=False)


class SurveyEnvelope(Base):
    """An anonymous answer that waits, sealed with who gave it, until enough wait with it to be opened together."""

    __tablename__ = "survey_envelopes"
    __table_args__ = (UniqueConstraint("survey_id", "tag"),)

    id: Mapped[Key]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    # A keyed fingerprint of who sent it, so that a second one is refused at once.
    tag: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class SurveyTheme(Base):
    """A theme that an analyst found in the texts answered to a survey."""

    __tablename__ = "survey_themes"
    __table_args__ = (UniqueConstraint("survey_id", "question", "name_folded"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    question: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(folded(100))


class SurveyThemed(Base):
    """That a text is about a theme."""

    __tablename__ = "survey_themed"
    __table_args__ = UNORDERED

    theme_id: Mapped[int] = mapped_column(ForeignKey("survey_themes.id"), primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("survey_responses.id"), primary_key=True, index=True)
