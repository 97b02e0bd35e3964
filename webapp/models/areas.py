"""Waves of a programme, the areas in them, and the local model of each area, strand by strand."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.accounts import Person
from webapp.models.files import StoredFile
from webapp.models.library import Precision
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, Theme
from webapp.models.spans import Span

LONGEST_POINT = 300
MOST_POINTS = 20
LONGEST_MODEL = 10_000


class Wave(Timestamps, Base):
    """A round of a programme, such as wave 1 or a pilot, with dates as far as they are known."""

    __tablename__ = "waves"
    __table_args__ = (UniqueConstraint("programme_id", "slug"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # How exactly the dates are known.
    precision: Mapped[Precision] = mapped_column(string_enum(Precision), default=Precision.MONTH)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    areas: Mapped[list["Area"]] = relationship(
        back_populates="wave", lazy="raise_on_sql", order_by="Area.name, Area.id"
    )
    stages: Mapped[list["WaveStage"]] = relationship(
        back_populates="wave",
        lazy="raise_on_sql",
        order_by="WaveStage.position, WaveStage.id",
        cascade="all, delete-orphan",
    )

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on, self.precision)


class WaveStage(Base):
    """A stage that a wave goes through, such as co-design or delivery."""

    __tablename__ = "wave_stages"

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    precision: Mapped[Precision] = mapped_column(string_enum(Precision), default=Precision.MONTH)

    wave: Mapped[Wave] = relationship(back_populates="stages", lazy="raise_on_sql")

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on, self.precision)


class Milestone(Base):
    """Something on a programme's timeline: a day, or a span, of the whole programme or of one wave."""

    __tablename__ = "milestones"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_milestones_programme", "programme_id", "starts_on", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    precision: Mapped[Precision] = mapped_column(string_enum(Precision), default=Precision.MONTH)

    wave: Mapped[Wave | None] = relationship(lazy="raise_on_sql")

    @property
    def span(self) -> Span:
        """When it is; without an end it is at one time."""
        return Span(self.starts_on, self.ends_on or self.starts_on, self.precision)


class Area(Timestamps, Base):
    """A place in a wave of a programme, most often that of a local authority; its own people keep its profile."""

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("wave_id", "slug"),
        Index("ix_areas_programme", "programme_id", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    # The authority that leads it.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(500), default="")
    # What was there already: the local conditions for success. Markdown.
    conditions: Mapped[str] = mapped_column(Text, default="")
    # Whoever has an address there may join by themselves: the part of an e-mail address after the @.
    email_domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    wave: Mapped[Wave] = relationship(back_populates="areas", lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    partners: Mapped[list["AreaPartner"]] = relationship(
        back_populates="area", lazy="raise_on_sql", order_by="AreaPartner.id", cascade="all, delete-orphan"
    )
    strands: Mapped[list["AreaStrand"]] = relationship(
        back_populates="area", lazy="raise_on_sql", order_by="AreaStrand.id", cascade="all, delete-orphan"
    )
    contacts: Mapped[list["AreaContact"]] = relationship(
        back_populates="area",
        lazy="raise_on_sql",
        order_by="AreaContact.position, AreaContact.id",
        cascade="all, delete-orphan",
    )
    documents: Mapped[list["AreaDocument"]] = relationship(
        back_populates="area", lazy="raise_on_sql", order_by="AreaDocument.position, AreaDocument.id"
    )


class AreaPartner(Base):
    """An organisation that works in an area beside the authority that leads it, and its part in a few words."""

    __tablename__ = "area_partners"
    __table_args__ = (UniqueConstraint("area_id", "organisation_id"),)

    id: Mapped[Key]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    part: Mapped[str] = mapped_column(String(120), default="")

    area: Mapped[Area] = relationship(back_populates="partners", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class AreaStrand(Base):
    """An area's local model in one strand: in prose, its key features, and its key challenges."""

    __tablename__ = "area_strands"
    __table_args__ = (UniqueConstraint("area_id", "theme_id"),)

    id: Mapped[Key]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), index=True)
    # Markdown.
    model: Mapped[str] = mapped_column(Text, default="")
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    challenges: Mapped[list[str]] = mapped_column(JSON, default=list)

    area: Mapped[Area] = relationship(back_populates="strands", lazy="raise_on_sql")
    theme: Mapped[Theme] = relationship(lazy="raise_on_sql")


class AreaContact(Base):
    """Whom to ask about an area; they agreed to stand there."""

    __tablename__ = "area_contacts"

    id: Mapped[Key]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")

    area: Mapped[Area] = relationship(back_populates="contacts", lazy="raise_on_sql")


class AreaReach(StrEnum):
    """Who may fetch a document of an area."""

    PUBLIC = "public"
    PROGRAMME = "programme"
    AREA = "area"

    @property
    def label(self) -> str:
        return {"public": "Everybody", "programme": "Members of the programme", "area": "People of this area"}[self]


class AreaDocument(Timestamps, Base):
    """A file or a link that an area shares."""

    __tablename__ = "area_documents"
    __table_args__ = (CheckConstraint("(file_id IS NULL) = (url <> '')", name="file_or_link"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    filename: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    reach: Mapped[AreaReach] = mapped_column(string_enum(AreaReach), default=AreaReach.PUBLIC)

    area: Mapped[Area] = relationship(back_populates="documents", lazy="raise_on_sql")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")


class AreaVersion(Base):
    """What an area's profile said before it was changed, and who changed it."""

    __tablename__ = "area_versions"
    __table_args__ = (UniqueConstraint("area_id", "number"),)

    id: Mapped[Key]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    changed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
