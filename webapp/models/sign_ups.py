"""Sign-ups: places in single sessions, for those who take part in the event."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, string_enum
from webapp.models.agenda import Session
from webapp.models.events import Mode
from webapp.models.registrations import Registration


class SignUpState(StrEnum):
    """Where a sign-up stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {"confirmed": "Signed up", "waiting": "On the waiting list"}.get(self.value, "Cancelled")

    @property
    def is_held(self) -> bool:
        """Whether it is a place, or a number on the waiting list."""
        return self is not SignUpState.CANCELLED


HELD = (SignUpState.CONFIRMED, SignUpState.WAITING)


class SignUp(Timestamps, Base):
    """One person's place in one session, or number on its waiting list."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        UniqueConstraint("session_id", "registration_id"),
        Index("ix_sign_ups_queue", "session_id", "mode", "state", "arrival"),
        Index("ix_sign_ups_person", "person_id", "event_id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[SignUpState] = mapped_column(string_enum(SignUpState))
    mode: Mapped[Mode] = mapped_column(string_enum(Mode))
    arrival: Mapped[int]
    ended_at: Mapped[datetime | None]

    session: Mapped[Session] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")
