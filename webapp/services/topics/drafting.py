"""What somebody began to write and did not send yet: kept for them alone, until they send it or throw it away."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.topics import PostDraft


def keep_draft(
    community_id: int, content: Mapping[str, str], *, person_id: int, topic_id: int = 0, now: datetime
) -> None:
    """Keep the fields of a form, of an answer in a topic or of a topic to begin; empty ones leave no draft."""
    if not any(content.values()):
        drop_draft(community_id, person_id=person_id, topic_id=topic_id)
        return
    table = PostDraft.__table__
    adding = insert_or(db.session, table).values(
        person_id=person_id, community_id=community_id, for_topic=topic_id, content=dict(content), saved_at=now
    )
    changed = {"content": adding.excluded.content, "saved_at": adding.excluded.saved_at}
    keys = ["person_id", "community_id", "for_topic"]
    db.session.execute(adding.on_conflict_do_update(index_elements=keys, set_=changed))


def drop_draft(community_id: int, *, person_id: int, topic_id: int = 0) -> None:
    """Throw a draft away; where there is none, nothing happens."""
    # By one statement, since there mostly is none and each answer asks.
    own = (PostDraft.person_id == person_id, PostDraft.community_id == community_id, PostDraft.for_topic == topic_id)
    db.session.execute(delete(PostDraft).where(*own).execution_options(synchronize_session=False))
