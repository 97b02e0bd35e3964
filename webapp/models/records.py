"""What an event keeps of itself once it is over, beside its own words."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base


class EventRecord(Base):
    """Whether numbers of the event are shown, and those that were counted when organisers decided so."""

    __tablename__ = "event_records"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    shows_numbers: Mapped[bool] = mapped_column(default=False, server_default=false())
    # By name, none that is small; kept, so that the page moves only when somebody decides it.
    numbers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    counted_at: Mapped[datetime | None]
