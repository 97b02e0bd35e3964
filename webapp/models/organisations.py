"""Organisations, the names they go by, and the sector they belong to."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, folded, string_enum


class Sector(StrEnum):
    """The part of public life that an organisation belongs to."""

    LOCAL_AUTHORITY = "local_authority"
    CENTRAL_GOVERNMENT = "central_government"
    VCSE = "vcse"
    HEALTH = "health"
    POLICE = "police"
    EDUCATION = "education"
    OTHER = "other"

    @property
    def label(self) -> str:
        return SECTOR_LABELS[self]


SECTOR_LABELS = {
    Sector.LOCAL_AUTHORITY: "Local authority",
    Sector.CENTRAL_GOVERNMENT: "Central government",
    Sector.VCSE: "Voluntary, community and social enterprise (VCSE)",
    Sector.HEALTH: "Health",
    Sector.POLICE: "Police",
    Sector.EDUCATION: "Education",
    Sector.OTHER: "Other",
}


class Organisation(Timestamps, Base):
    """An employer or partner. An organisation is not an area: areas are places in a wave of a programme."""

    __tablename__ = "organisations"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(folded(200), unique=True)
    sector: Mapped[Sector] = mapped_column(string_enum(Sector))
    existed_from: Mapped[date | None]
    existed_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    demonstration: Mapped[bool] = mapped_column(default=False)

    aliases: Mapped[list["OrganisationAlias"]] = relationship(
        back_populates="organisation", lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class OrganisationAlias(Base):
    """Another name under which people know an organisation."""

    __tablename__ = "organisation_aliases"
    __table_args__ = (UniqueConstraint("organisation_id", "name_folded"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(folded(200), index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="aliases", lazy="raise_on_sql")
