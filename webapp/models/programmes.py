"""Programmes, their themes, and the part that organisations play in them."""

from datetime import date
from enum import StrEnum
from zlib import crc32

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, string_enum
from webapp.models.organisations import Organisation

LONGEST_TASK = 200


class ThemeKind(StrEnum):
    """What sort of theme it is, in the words of the programme."""

    PRACTICE_MODEL = "practice_model"
    STRAND = "strand"
    PILLAR = "pillar"
    TOPIC = "topic"

    @property
    def label(self) -> str:
        return {"practice_model": "Practice model", "strand": "Strand of reform"}.get(self, self.capitalize())

    @property
    def plural(self) -> str:
        return {"practice_model": "Practice models", "strand": "Strands of reform"}.get(self, f"{self.label}s")

    @property
    def is_strand(self) -> bool:
        """Whether a programme is made of such, so that areas tell of their work by them."""
        return self in {ThemeKind.STRAND, ThemeKind.PRACTICE_MODEL}


class Programme(Timestamps, Base):
    """A public programme that runs learning."""

    __tablename__ = "programmes"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200), unique=True)
    summary: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)
    # Whose people count as the programme's own: the part of an e-mail address after the @.
    email_domains: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    themes: Mapped[list["Theme"]] = relationship(
        back_populates="programme", lazy="raise_on_sql", order_by="Theme.position, Theme.id"
    )
    parts: Mapped[list["ProgrammePart"]] = relationship(back_populates="programme", lazy="raise_on_sql")

    @property
    def themes_by_kind(self) -> list[tuple[ThemeKind, list["Theme"]]]:
        """Its themes in order under each kind that it has, the kind of the first theme first."""
        found: dict[ThemeKind, list[Theme]] = {}
        for theme in self.themes:
            found.setdefault(theme.kind, []).append(theme)
        return list(found.items())

    @property
    def strands(self) -> list["Theme"]:
        """Its themes that areas tell of their work by, in order."""
        return [theme for theme in self.themes if theme.kind.is_strand]


class Theme(Base):
    """What sessions, events and later resources are about."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("programme_id", "slug"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[ThemeKind] = mapped_column(string_enum(ThemeKind))
    summary: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int]

    programme: Mapped[Programme] = relationship(back_populates="themes", lazy="raise_on_sql")

    @property
    def version(self) -> int:
        """A number made of what is said of it, the same for the same, which a form carries as its version."""
        return crc32(f"{self.kind}\n{self.name}\n{self.summary}".encode()) % 999_999_937 + 1


class Part(StrEnum):
    """The part that an organisation plays in a programme."""

    INNOVATOR = "innovator"
    ADOPTER = "adopter"
    PARTNER = "partner"

    @property
    def label(self) -> str:
        return self.capitalize()


class ProgrammePart(Base):
    """One organisation, the part it plays, and for which theme if not for the whole."""

    __tablename__ = "programme_parts"
    __table_args__ = (UniqueConstraint("programme_id", "organisation_id", "theme_id", "part"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    part: Mapped[Part] = mapped_column(string_enum(Part))
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    # What it does there, in a few words.
    task: Mapped[str] = mapped_column(String(LONGEST_TASK), default="", server_default="")

    programme: Mapped[Programme] = relationship(back_populates="parts", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
