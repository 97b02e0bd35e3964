"""What people say about the letters that they want."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base, Key, string_enum
from webapp.models.mailings import MailKind


class DeclinedMail(Base):
    """One kind of letter that one person does not want, since when; wanting it again deletes the row."""

    __tablename__ = "declined_mail"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[MailKind] = mapped_column(string_enum(MailKind))
    declined_at: Mapped[datetime]
