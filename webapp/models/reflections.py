"""Reflective tools: frameworks of outcomes and prompts, and what people and teams write about them over time."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, Leased, PublicId, Timestamps, string_enum
from webapp.models.accounts import Person
from webapp.models.programmes import Programme

LONGEST_TITLE = 200
LONGEST_PROMPT = 500
LONGEST_ABOUT = 2_000
LONGEST_ANSWER = 20_000
# In place of the number of a prompt: what an entry is about.
TITLE = 0


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One question to think about; its number is its own in the framework for ever."""

    no: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One outcome of a framework, with the prompts that belong to it."""

    no: int
    title: str
    about: str = ""
    prompts: tuple[Prompt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a framework asks: outcomes with their prompts in order, and the last number that was given to one."""

    outcomes: tuple[Outcome, ...] = ()
    last_no: int = 0

    def plain(self) -> dict[str, Any]:
        """The same as values for a JSON column."""
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Asked":
        """What is asked, from a JSON column."""
        outcomes = (
            Outcome(
                no=one["no"],
                title=one["title"],
                about=one["about"],
                prompts=tuple(Prompt(no=prompt["no"], text=prompt["text"]) for prompt in one["prompts"]),
            )
            for one in plain["outcomes"]
        )
        return cls(outcomes=tuple(outcomes), last_no=plain["last_no"])

    @property
    def prompts(self) -> Iterator[Prompt]:
        """All prompts in order."""
        return (prompt for outcome in self.outcomes for prompt in outcome.prompts)


class Framework(Timestamps, Base):
    """A reflective tool of a programme: `draft` is what organisers edit, `published` the number of what stands.

    A retired one can be begun no more; what was begun goes on.
    """

    __tablename__ = "frameworks"
    __table_args__ = (Index("ix_frameworks_programme", "programme_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    summary: Mapped[str] = mapped_column(Text)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The number of the version that stands; 0 before the first.
    published: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")

    @property
    def drafted(self) -> Asked:
        """What is being edited."""
        return Asked.of(self.draft)

    @property
    def is_offered(self) -> bool:
        """Whether people can begin with it."""
        return self.published > 0 and self.retired_at is None


class FrameworkVersion(Base):
    """What a framework asked from then on; it never changes, so answers stay with what was asked."""

    __tablename__ = "framework_versions"
    __table_args__ = (UniqueConstraint("framework_id", "number"),)

    id: Mapped[Key]
    framework_id: Mapped[int] = mapped_column(ForeignKey("frameworks.id"))
    number: Mapped[int]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    @property
    def asks(self) -> Asked:
        """What it asks."""
        return Asked.of(self.asked)


class Team(Timestamps, Base):
    """People who reflect together; whoever made it chooses who belongs to it."""

    __tablename__ = "teams"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)

    owner: Mapped[Person] = relationship(lazy="raise_on_sql")


class TeamMember(Base):
    """Somebody who belongs to a team, by the address that they sign in with.

    Kept by the address and not by the person, so that the list never tells whether somebody is known here.
    """

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("team_id", "email_folded"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    added_at: Mapped[datetime]


class Standing(StrEnum):
    """What somebody may do with a reflection that they can open."""

    OWNER = "owner"
    WRITER = "writer"
    READER = "reader"

    @property
    def writes(self) -> bool:
        """Whether they may change what stands in it."""
        return self is not Standing.READER


class Reflection(Timestamps, Base):
    """What one person, or a team together, thinks about a framework over time; others see it only if it is shared."""

    __tablename__ = "reflections"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    framework_id: Mapped[int] = mapped_column(ForeignKey("frameworks.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))

    framework: Mapped[Framework] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class ReflectionShare(Base):
    """A reflection shared with a team, or with somebody by the address that they sign in with."""

    __tablename__ = "reflection_shares"
    __table_args__ = (
        UniqueConstraint("reflection_id", "email_folded"),
        UniqueConstraint("reflection_id", "team_id"),
        CheckConstraint("(team_id IS NULL) <> (email_folded IS NULL)", name="with_team_or_person"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    reflection_id: Mapped[int] = mapped_column(ForeignKey("reflections.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_folded: Mapped[str | None] = mapped_column(String(254), index=True)
    may_write: Mapped[bool]
    shared_at: Mapped[datetime]

    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")


class ReflectionEntry(Timestamps, Base):
    """What was written on one occasion, answering one version of the framework.

    `checked` says whether its words were looked through for what could identify a child since they last changed.
    """

    __tablename__ = "reflection_entries"
    __table_args__ = (Index("ix_reflection_entries_order", "reflection_id", "held_on", "id"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    reflection_id: Mapped[int] = mapped_column(ForeignKey("reflections.id"))
    asked_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    held_on: Mapped[date]
    checked: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class ReflectionAnswer(Base):
    """What an entry says to one prompt, and who wrote there last."""

    __tablename__ = "reflection_answers"
    __table_args__ = (UniqueConstraint("entry_id", "prompt"),)

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("reflection_entries.id"))
    prompt: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    changed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class ChangeState(StrEnum):
    """What became of words: they stood for all, wait for their writer to decide, were laid aside by them, or erased."""

    STOOD = "stood"
    WAITS = "waits"
    ASIDE = "aside"
    ERASED = "erased"


class ReflectionChange(Base):
    """How an answer stood after somebody wrote there; what one person writes in a few minutes is one change.

    Words in which the guard found something as they were typed wait, beside what stands: until they stood, nobody but
    their writer sees them. For each prompt, and for the title, at most one change of a person waits. Of an erased one
    no text is left.
    """

    __tablename__ = "reflection_changes"
    __table_args__ = (Index("ix_reflection_changes_order", "entry_id", "prompt", "id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    entry_id: Mapped[int] = mapped_column(ForeignKey("reflection_entries.id"))
    prompt: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[ChangeState] = mapped_column(string_enum(ChangeState), default=ChangeState.STOOD)

    by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class ReflectionDocument(Leased, Base):
    """A reflection as a PDF, made by the worker and fetched by the one who asked; deleted after a day."""

    __tablename__ = "reflection_documents"
    __table_args__ = (
        Index("ix_reflection_documents_waiting", "finished_at", "failed_at", "id"),
        Index("ix_reflection_documents_own", "reflection_id", "person_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    reflection_id: Mapped[int] = mapped_column(ForeignKey("reflections.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
