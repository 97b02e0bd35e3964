"""One speaker under a lock, and what they are planned to contribute."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.speakers import Speaker


def get_merged_into(speaker_id: int) -> Speaker:
    """The profile that another was merged into; raises NotFound."""
    found = db.session.scalars(select(Speaker).where(Speaker.id == speaker_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_speaker(speaker_id: int) -> Speaker:
    """The speaker with names, organisation and photograph, locked until the unit ends; raises NotFound."""
    return lock_speakers([speaker_id])[0]


def lock_speakers(speaker_ids: Iterable[int]) -> list[Speaker]:
    """The speakers in the order of their ids, which is the order in which they are locked.

    Raises NotFound when one of them does not exist.
    """
    wanted = sorted(set(speaker_ids))
    statement = (
        select(Speaker)
        .where(Speaker.id.in_(wanted))
        .order_by(Speaker.id)
        .options(selectinload(Speaker.aliases), selectinload(Speaker.organisation), selectinload(Speaker.photo))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = list(db.session.scalars(statement))
    if len(found) != len(wanted):
        raise NotFound
    return found


def lock_spoken(event_id: int, speaker_id: int) -> list[DraftContribution]:
    """What the speaker is planned to contribute to the event, with the sessions, locked until the unit ends."""
    statement = (
        select(DraftContribution)
        .join(DraftContribution.session)
        .where(DraftSession.event_id == event_id, DraftContribution.speaker_id == speaker_id)
        .options(contains_eager(DraftContribution.session).joinedload(DraftSession.day))
        .order_by(DraftContribution.id)
        .with_for_update(of=[DraftContribution, DraftSession])
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))
