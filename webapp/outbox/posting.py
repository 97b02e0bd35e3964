"""Letters written as rows, in the unit of the change that they tell of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Table

from webapp.database import insert_many
from webapp.extensions import db
from webapp.folding import words
from webapp.models.mailings import Lane, Letter, MailKind
from webapp.notices.letters import Notice
from webapp.queries import preferences

AT_ONCE = 1_000
_table = cast("Table", Letter.__table__)


def post(notice: Notice, *, now: datetime) -> Letter | None:
    """Add a letter to the outbox, in the unit of the change that it tells of; none where its kind was declined."""
    if preferences.declined_of(declinable([notice])):
        return None
    letter = Letter(**row_of(notice, now))
    db.session.add(letter)
    awaken({notice.lane})
    return letter


def post_many(notices: Iterable[Notice], *, now: datetime) -> int:
    """Add letters to many by few statements, in the unit of the change that they tell of; gives how many.

    Who declined that kind gets none.
    """
    # What was posted one by one before is told before.
    db.session.flush()
    given, posted = iter(notices), 0
    # Some at a time: however many there are, they are never in memory together.
    while some := list(islice(given, AT_ONCE)):
        declined = preferences.declined_of(declinable(some))
        rows = [row_of(notice, now) for notice in some if (notice.person_id, notice.kind) not in declined]
        posted += post_rows(rows)
    return posted


def post_rows(rows: Sequence[Mapping[str, Any]]) -> int:
    """Add letters that were made by row_of() before the unit, a thousand at most; gives how many.

    Whether their kind was declined is for the caller to ask; the worker asks again when it takes them.
    """
    if rows:
        insert_many(db.session, _table, rows)
        awaken({row["lane"] for row in rows})
    return len(rows)


def declinable(letters: Iterable[Notice | Letter]) -> list[tuple[int, MailKind]]:
    return [(one.person_id, one.kind) for one in letters if one.kind.may_be_declined and one.person_id is not None]


def row_of(notice: Notice, now: datetime) -> dict[str, Any]:
    """A letter as its row, waiting to be sent from now on."""
    return {
        "notice": notice.name,
        "lane": notice.lane,
        "kind": notice.kind,
        "recipient_name": notice.recipient_name,
        "recipient_email": notice.recipient_email,
        "recipient_words": recipient_words(notice.recipient_name, notice.recipient_email),
        "reply_to": notice.reply_to,
        "facts": notice.facts,
        "person_id": notice.person_id,
        "event_id": notice.event_id,
        "mailing_id": notice.mailing_id,
        "post_id": notice.post_id,
        "expires_at": notice.expires_at,
        "next_attempt_at": now,
        "created_at": now,
    }


def recipient_words(name: str, email: str) -> str:
    """The words by which a recipient is searched for, each after a space."""
    return "".join(f" {word}" for word in words(f"{name} {email}"))[:500]


def awaken(lanes: Iterable[Lane]) -> None:
    """Have workers look at these lanes after the commit of this unit."""
    db.session.info.setdefault("posted_lanes", set()).update(lanes)


def take_posted_lanes() -> set[Lane]:
    """The lanes in which this unit posted letters, asked for once after the commit."""
    lanes: set[Lane] = db.session.info.pop("posted_lanes", set())
    return lanes
