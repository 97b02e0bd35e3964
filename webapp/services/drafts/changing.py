"""What every change to the draft agenda begins and ends with: one at a time, and none of them unseen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from webapp.errors import DomainError
from webapp.models.drafts import DraftSession
from webapp.queries import drafts as queries
from webapp.services.activity import recorded


class DraftRefused(DomainError):
    """A change to the draft agenda that cannot be made; the sentence says why and what to do."""

    code = "draft_refused"


class ChangedMeanwhile(DraftRefused):
    """Somebody else changed the session since it was shown."""

    code = "changed_meanwhile"
    message = (
        "Somebody else has changed this session since you opened the page, so nothing was saved. Look at how it stands"
        " now beside what you typed, then save again."
    )


@contextmanager
def changing(event_id: int, now: datetime) -> Iterator[None]:
    """Hold the draft's lock; what is recorded inside makes a new version of the draft. Raises NotFound without one."""
    draft = queries.lock_draft(event_id)
    before = recorded()
    yield
    if recorded() > before:
        draft.version += 1
        draft.changed_at = now


def check_version(session: DraftSession, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the session is still of the version that was shown; None asks for none."""
    if version is not None and session.version != version:
        raise ChangedMeanwhile


def touch(session: DraftSession, now: datetime) -> None:
    """Note that the session was changed."""
    session.version += 1
    session.updated_at = now
