"""Speakers: a profile that stands by itself, with or without an account behind it."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, folded
from webapp.models.organisations import Organisation


class Speaker(Timestamps, Base):
    """Somebody named on an agenda."""

    __tablename__ = "speakers"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(folded(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
