"""Letters in the words of organisers: one wording of one letter, for one event or for all events of a programme."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, Timestamps
from webapp.models.accounts import Person

LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000


class LetterWording(Timestamps, Base):
    """A letter reworded; without a row the next wider words stand: the programme's, then the original ones."""

    __tablename__ = "letter_wordings"
    __table_args__ = (
        UniqueConstraint("event_id", "notice"),
        UniqueConstraint("programme_id", "notice"),
        CheckConstraint("(event_id IS NULL) <> (programme_id IS NULL)", name="of_event_or_programme"),
    )

    id: Mapped[Key]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programmes.id"))
    notice: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)

    changed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
