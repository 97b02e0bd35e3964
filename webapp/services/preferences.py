"""What people say about the letters that they want."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.mailings import DECLINABLE, MailKind
from webapp.models.preferences import DeclinedMail


class MustBeSent(DomainError):
    """Letters of this kind cannot be declined."""

    code = "must_be_sent"
    message = "These letters tell you of your own places and cannot be declined."


def decline(person_id: int, kind: MailKind, *, now: datetime) -> None:
    """Send this person no more letters of this kind; asked twice it is as asked once. Raises MustBeSent."""
    if not kind.may_be_declined:
        raise MustBeSent
    row = {"person_id": person_id, "kind": kind, "declined_at": now}
    db.session.execute(insert_or(db.session, DeclinedMail).values(row).on_conflict_do_nothing())


def want_again(person_id: int, kind: MailKind) -> None:
    """Send this person letters of this kind again."""
    db.session.execute(delete(DeclinedMail).where(DeclinedMail.person_id == person_id, DeclinedMail.kind == kind))


def choose(person_id: int, wanted: Collection[MailKind], *, now: datetime) -> None:
    """Send this person those kinds, and none of the others that may be declined."""
    for kind in DECLINABLE:
        if kind in wanted:
            want_again(person_id, kind)
        else:
            decline(person_id, kind, now=now)
