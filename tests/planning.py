"""Plans a draft agenda for tests, row by row."""

from datetime import time
from typing import Any

from sqlalchemy import select

from tests.making import Maker
from webapp import transaction
from webapp.extensions import db
from webapp.models.agenda import Session
from webapp.models.drafts import AgendaDraft, DraftContribution, DraftSession
from webapp.models.events import Event
from webapp.models.speakers import Speaker


def _kept(make: Maker, *rows: Any) -> Any:
    with make.app.app_context(), transaction.unit():
        db.session.add_all(rows)
        db.session.flush()
    return rows[0]


def _has_draft(make: Maker, event: Event) -> bool:
    with make.app.app_context():
        return db.session.scalar(select(AgendaDraft.event_id).where(AgendaDraft.event_id == event.id)) is not None


def plan(make: Maker, event: Event, title: str = "Planned", *, released: Session | None = None, **more: Any) -> Any:
    """A planned session on the first day, 10:00 to 11:00; `released` is the one that it became."""
    if not _has_draft(make, event):
        _kept(make, AgendaDraft(event_id=event.id, changed_at=make.now))
    hours = more.pop("hours", (time(10), time(11)))
    day = more.pop("day", 0)
    return _kept(
        make,
        DraftSession(
            event_id=event.id,
            title=title,
            session_id=released.id if released else None,
            day_id=event.days[day].id if day is not None else None,
            starts=hours[0],
            ends=hours[1],
            position=make._next(),
            created_at=make.now,
            updated_at=make.now,
            **more,
        ),
    )


def name(make: Maker, session: DraftSession, speaker: Speaker, **more: Any) -> DraftContribution:
    """Put a speaker on a planned session."""
    return _kept(
        make,
        DraftContribution(draft_session_id=session.id, speaker_id=speaker.id, position=make._next(), **more),
    )
