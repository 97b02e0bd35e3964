"""The outbox: a letter exists if and only if the change that it tells of does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from webapp.database import Base, Key, PublicId, string_enum
from webapp.models.events import Mode


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to be told: as registered for the event where they are, else as in their profile.

    `link_id` and `link_nonce` make the personal link; they are empty for who has no registration.
    """

    person_id: int | None
    name: str
    email: str
    organisation: str = ""
    mode: Mode | None = None
    link_id: str = ""
    link_nonce: str = ""


class Lane(StrEnum):
    """Letters that somebody is waiting for have a lane of their own."""

    URGENT = "urgent"
    ORDINARY = "ordinary"


class LetterState(StrEnum):
    """Where a letter is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


class Letter(Base):
    """One letter to one recipient: the notice's name and the facts as they were, then the bytes as sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "lane", "state", "next_attempt_at", "id"),
        Index("ix_outbox_taken", "state", "taken_by"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    notice: Mapped[str] = mapped_column(String(60))
    lane: Mapped[Lane] = mapped_column(string_enum(Lane))
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_email: Mapped[str] = mapped_column(String(254))
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    state: Mapped[LetterState] = mapped_column(string_enum(LetterState), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    taken_by: Mapped[str] = mapped_column(String(40), default="")
    message: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
