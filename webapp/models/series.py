"""Series of meetings, such as a group that meets monthly, and those who belong to it."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, string_enum
from webapp.models.accounts import Person
from webapp.models.programmes import Programme


class Repeat(StrEnum):
    """How the meetings of a series follow one another."""

    WEEKS = "weeks"
    DATE = "date"
    WEEKDAY = "weekday"
    LAST_WEEKDAY = "last_weekday"

    @property
    def label(self) -> str:
        return {
            "weeks": "Every so many weeks, on the same weekday",
            "date": "Monthly, on the same date",
            "weekday": "Monthly, on the same weekday, such as the second Tuesday",
            "last_weekday": "Monthly, on the last such weekday",
        }[self]


class Series(Base):
    """Events that belong together, such as a group that meets monthly: the rule as it was made, local to its zone.

    Each meeting is an event, which may move; `Event.series_on` says on which date the rule has it.
    """

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("every >= 1 AND number >= 1", name="goes_on"),
        CheckConstraint("ends > starts", name="ends_after_start"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"), index=True)
    first_on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    zone: Mapped[str] = mapped_column(String(60))
    repeat: Mapped[Repeat] = mapped_column(string_enum(Repeat))
    # Every so many weeks, or months.
    every: Mapped[int]
    # How many meetings the rule has.
    number: Mapped[int]
    organiser_name: Mapped[str] = mapped_column(String(200))
    organiser_email: Mapped[str] = mapped_column(String(254))
    venue: Mapped[str] = mapped_column(String(300), default="")
    demonstration: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")


class SeriesMember(Base):
    """One person in one series; the link to their own page is made from the nonce. Who left may be added again."""

    __tablename__ = "series_members"
    __table_args__ = (UniqueConstraint("series_id", "person_id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(32))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    series: Mapped[Series] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
