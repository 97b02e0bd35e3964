"""The record of what was done, by whom and when: only ever added to; its values can be redacted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Key, string_enum
from webapp.models.accounts import ActorKind, ThingKind


class Activity(Base):
    """One thing that happened to one object."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_thing", "thing_kind", "thing_id", "id"),
        Index("ix_activity_event", "event_id", "at", "id"),
        Index("ix_activity_event_kind", "event_id", "thing_kind", "at", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(string_enum(ActorKind))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    verb: Mapped[str] = mapped_column(String(60))
    thing_kind: Mapped[ThingKind] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    redacted_at: Mapped[datetime | None]
