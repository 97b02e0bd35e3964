"""Attendance: who was checked in, and what the meeting's own report says; each figure keeps its source."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, string_enum
from webapp.models.registrations import Registration


class CheckInSource(StrEnum):
    """How somebody was checked in."""

    NAME = "name"
    QR_CODE = "qr_code"
    SELF = "self"

    @property
    def label(self) -> str:
        return {"name": "By name", "qr_code": "By QR code", "self": "By themselves"}[self.value]


class CheckIn(Base):
    """One person on one day of an event, there from this moment."""

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("registration_id", "day_id"),
        Index("ix_check_ins_day", "event_id", "day_id", "at"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    day_id: Mapped[int] = mapped_column(ForeignKey("event_days.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    at: Mapped[datetime]
    source: Mapped[CheckInSource] = mapped_column(string_enum(CheckInSource))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")


class ReportSource(StrEnum):
    """Which program made an attendance report."""

    TEAMS = "teams"
    ZOOM = "zoom"

    @property
    def label(self) -> str:
        return {"teams": "Microsoft Teams", "zoom": "Zoom"}[self.value]


class AttendanceReport(Base):
    """A file that a meeting program made of who took part, for one day of an event or one session of it."""

    __tablename__ = "attendance_reports"
    __table_args__ = (UniqueConstraint("event_id", "day_id", "session_id", "digest"), NEVER_AGAIN)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("event_days.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    source: Mapped[ReportSource] = mapped_column(string_enum(ReportSource))
    filename: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300), default="")
    digest: Mapped[str] = mapped_column(String(64))
    # What could not be read, by line, and how many rows are of another date: nothing is dropped silently.
    unread: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Match(StrEnum):
    """How a line of a report was put together with a registration."""

    EMAIL = "email"
    NAME = "name"
    ORGANISER = "organiser"
    UNSURE = "unsure"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        return MATCH_LABELS[self]


MATCH_LABELS = {
    Match.EMAIL: "Same e-mail address",
    Match.NAME: "Same name",
    Match.ORGANISER: "Put together by an organiser",
    Match.UNSURE: "Not sure: for you to say",
    Match.NOBODY: "Not registered",
}


class Came(StrEnum):
    """Whether somebody took part in a day."""

    CAME = "came"
    IN_PART = "part"
    MISSED = "missed"
    NOT_YET = "not_yet"

    @property
    def label(self) -> str:
        return {"came": "Came", "part": "In part", "missed": "Missed", "not_yet": "Not yet"}[self.value]


def took_part(*, checked_in: bool, minutes: int | None, day_minutes: int | None, begun: bool) -> Came:
    """Whether somebody came: checked in, or there for half of the day's hours; whenever hours are not known.

    `minutes` are those of the reports, None where none names the person.
    """
    if checked_in or (minutes is not None and minutes * 2 >= (day_minutes or 0)):
        return Came.CAME
    if minutes is not None:
        return Came.IN_PART
    return Came.MISSED if begun else Came.NOT_YET


class AttendanceRecord(Base):
    """One attendee of a report: name and address as the report gives them, and the time of all stays together."""

    __tablename__ = "attendance_records"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
        Index("ix_attendance_records_registration", "registration_id", "report_id"),
        Index("ix_attendance_records_match", "report_id", "match", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    report_id: Mapped[int] = mapped_column(ForeignKey("attendance_reports.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    match: Mapped[Match] = mapped_column(string_enum(Match))
    # The registrations that it may be, where that is for an organiser to say.
    candidates: Mapped[list[int]] = mapped_column(JSON, default=list)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    minutes: Mapped[int]
    # Each stay as [joined, left, minutes], local times as the report gives them.
    stays: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)

    report: Mapped[AttendanceReport] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")


# In place of a day: all days of the event together.
ALL_DAYS = 0


class Presence(Base):
    """How one person took part in a day, or in all days together: what check-ins and reports come to, kept as they
    change. Whoever was not there has none.
    """

    __tablename__ = "presences"
    __table_args__ = (
        UniqueConstraint("registration_id", "day_id"),
        Index("ix_presences_of_day", "event_id", "day_id", "placed", "how", "registration_id"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    # No key of another table, for the sake of 0.
    day_id: Mapped[int]
    how: Mapped[Came] = mapped_column(string_enum(Came))
    checked_in: Mapped[bool]
    # Whether the registration has a confirmed place.
    placed: Mapped[bool]


class Counted(StrEnum):
    """What is counted of those who were there: how they took part, and what check-in and registered ones differ by."""

    CAME = "came"
    IN_PART = "part"
    CHECKED_IN = "checked_in"
    WITHOUT_PLACE = "no_place"
    CHECKED_IN_WITHOUT_PLACE = "checked_in_no_place"


class AttendanceTally(Base):
    """How many were there on a day of an event, or on any, by sector and by organisation: kept as they change."""

    __tablename__ = "attendance_tallies"
    __table_args__ = (
        UniqueConstraint("event_id", "day_id", "dimension", "value", "what"),
        Index("ix_attendance_tallies_largest", "event_id", "day_id", "dimension", "what", "count"),
    )

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    day_id: Mapped[int]
    dimension: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(200))
    what: Mapped[Counted] = mapped_column(string_enum(Counted))
    count: Mapped[int]
