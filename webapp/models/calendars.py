"""Calendars: the entry that a person was sent, and the feeds that people subscribe to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, string_enum
from webapp.models.accounts import Alarm, Person, ThingKind


class Method(StrEnum):
    """The iTIP method last sent (RFC 5546, section 1.4)."""

    REQUEST = "request"
    CANCEL = "cancel"


class Invitation(Base):
    """One person and one thing: who cancels and registers again keeps the UID, with a higher sequence."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("person_id", "thing_kind", "thing_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    thing_kind: Mapped[ThingKind] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int]
    uid: Mapped[str] = mapped_column(String(200), unique=True)
    sequence: Mapped[int]
    method: Mapped[Method] = mapped_column(string_enum(Method))
    changed_at: Mapped[datetime]
    # As the person chose, and changed with their choice.
    alarm: Mapped[Alarm] = mapped_column(string_enum(Alarm), default=Alarm.NONE, server_default="none")


class CalendarFeed(Base):
    """A person's own feed; its address is made from the nonce, and a revoked one answers no more."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
