"""The numbers that say whether a kept page is still true; read on every visit."""

from sqlalchemy import bindparam, func, select

from webapp.models.events import Event, EventState
from webapp.models.operations import Revision
from webapp.queries.direct import Direct

_SHARED = select(Revision.number).where(Revision.scope == "shared").scalar_subquery()
_EVENT = Direct(
    select(Event.public_revision, func.coalesce(_SHARED, 0)).where(
        Event.public_id == bindparam("event"), Event.state != EventState.DRAFT
    )
)
_SITE = Direct(select(Revision.number).where(Revision.scope == "site"))


def event_revision(public_id: str) -> str | None:
    """The revision of an event's pages, as text; None when there is no such public event."""
    row = _EVENT.first(event=public_id)
    return f"{row[0]}.{row[1]}" if row else None


def site_revision() -> str:
    """The revision of the lists that show events, programmes and speakers, as text."""
    row = _SITE.first()
    return str(row[0]) if row else "0"
