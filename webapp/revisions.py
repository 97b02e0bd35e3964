"""When something public changes, a number grows, so that no kept page is shown after it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session as DatabaseSession

from webapp.database import insert_or
from webapp.models.agenda import Contribution, Session, Stream
from webapp.models.events import Event, EventDay, EventQuestion
from webapp.models.operations import Revision
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, ProgrammePart, Theme
from webapp.models.speakers import Speaker

SITE = "site"
SHARED = "shared"
_OF_MANY_PAGES = (Speaker, Organisation, Programme, ProgrammePart, Theme)
_OF_ONE_EVENT = (Session, Stream, EventDay, EventQuestion)
PUBLIC = (Event, Contribution, *_OF_ONE_EVENT, *_OF_MANY_PAGES)


def grow(session: DatabaseSession, event_ids: set[int], *, shared: bool = False) -> None:
    """Raise the revision of these events and of the lists that show them; of every kept page when shared."""
    if event_ids:
        statement = update(Event).where(Event.id.in_(sorted(event_ids)))
        session.execute(
            statement.values(public_revision=Event.public_revision + 1).execution_options(synchronize_session=False)
        )
    for scope in (SHARED, SITE) if shared else (SITE,):
        insert = insert_or(session, Revision).values(scope=scope, number=1)
        session.execute(insert.on_conflict_do_update(index_elements=["scope"], set_={"number": Revision.number + 1}))


@event.listens_for(DatabaseSession, "before_flush")
def _notice(session: DatabaseSession, _context: Any, _instances: Any) -> None:
    changed = [row for row in (*session.new, *session.deleted) if _is_public(row)]
    changed += [row for row in session.dirty if _is_public(row) and session.is_modified(row)]
    if changed:
        with session.no_autoflush:
            ids = {event_id for row in changed for event_id in _events_of(session, row) if event_id}
            grow(session, ids, shared=any(isinstance(row, _OF_MANY_PAGES) for row in changed))


def _is_public(row: Any) -> bool:
    return isinstance(row, PUBLIC)


def _events_of(session: DatabaseSession, row: Any) -> Iterator[int | None]:
    if isinstance(row, Event):
        yield row.id
    elif isinstance(row, _OF_ONE_EVENT):
        yield row.event_id
    elif isinstance(row, Contribution) and row.session_id:
        yield session.scalar(select(Session.event_id).where(Session.id == row.session_id))
