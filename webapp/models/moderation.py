"""Moderation: what was reported or held, who looks at it, and what was decided."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, string_enum
from webapp.models.accounts import Person
from webapp.models.communities import Community
from webapp.models.topics import Post

LONGEST_WORDS = 1000


class CaseReason(StrEnum):
    """Why a post waits to be looked at."""

    CHILD = "child"
    IDENTIFIES = "identifies"
    UNKIND = "unkind"
    WRONG = "wrong"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    OTHER = "other"
    # Held by the service itself.
    GUARD = "guard"
    FIRST_POST = "first_post"

    @property
    def label(self) -> str:
        return {
            "child": "Somebody is worried about a child",
            "identifies": "It may identify a child or a family",
            "unkind": "It is unkind or breaks the rules of conduct",
            "wrong": "It is wrong in a way that could do harm",
            "off_topic": "It does not belong here",
            "advertising": "It is advertising",
            "other": "Something else",
            "guard": "It may identify somebody, and its writer asked for it to stay",
            "first_post": "It is among somebody’s first posts",
        }[self]

    @property
    def is_reported(self) -> bool:
        """Whether people report by it, other than the service itself."""
        return self not in {CaseReason.GUARD, CaseReason.FIRST_POST}


class Decision(StrEnum):
    """What a moderator decided of a post."""

    PUBLISHED = "published"
    KEPT = "kept"
    REFUSED = "refused"
    REDACTED = "redacted"


_UNSEEN = text("child_at IS NOT NULL AND acknowledged_at IS NULL")


class ModerationCase(Base):
    """A post that moderators are to look at: one open case for each, however many reported it."""

    __tablename__ = "moderation_cases"
    __table_args__ = (
        Index(
            "uq_moderation_cases_open",
            "post_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_moderation_cases_queue", "community_id", "decided_at", "is_child", "opened_at", "id"),
        Index("ix_moderation_cases_post", "post_id", "id"),
        Index("ix_moderation_cases_clock", "child_at", "id", sqlite_where=_UNSEEN, postgresql_where=_UNSEEN),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    reason: Mapped[CaseReason] = mapped_column(string_enum(CaseReason))
    # Somebody is worried about a child: first in the queue, and the named lead is told.
    is_child: Mapped[bool] = mapped_column(default=False)
    # Since when it waits for the named lead, and when they were last reminded of it.
    child_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claimed_at: Mapped[datetime | None]
    # When the named lead, or a moderator in their place, said that they have seen it.
    acknowledged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    decision: Mapped[Decision | None] = mapped_column(string_enum(Decision))
    # What the writer was told.
    told: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    community: Mapped[Community] = relationship(lazy="raise_on_sql")
    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    claimed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[claimed_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])
    reports: Mapped[list["PostReport"]] = relationship(
        back_populates="case", lazy="raise_on_sql", order_by="PostReport.id", cascade="all, delete-orphan"
    )


class PostReport(Base):
    """What one person said against a post; the writer never learns who."""

    __tablename__ = "post_reports"
    __table_args__ = (UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_cases.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[CaseReason] = mapped_column(string_enum(CaseReason))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    at: Mapped[datetime]

    case: Mapped[ModerationCase] = relationship(back_populates="reports", lazy="raise_on_sql")
    reporter: Mapped[Person] = relationship(lazy="raise_on_sql")
