"""How an emerging issue goes on: its stage, who answers for it, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import IssueStage, Topic, TopicKind
from webapp.queries import community_letters as reading
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.refusals import PostRefused


class IssueChanged(DomainError):
    """Somebody else changed the issue since the page was opened."""

    code = "issue_changed"
    status = 409
    message = "Somebody else changed this issue meanwhile. Look at how it stands, then make your change again."


@dataclass(frozen=True, kw_only=True)
class IssueState:
    """How an issue is to stand."""

    stage: IssueStage
    owner_id: int | None = None
    due_on: date | None = None


def move_issue(
    topic_id: int, wanted: IssueState, *, version: int, moderates: bool, actor: Actor, now: datetime
) -> Topic:
    """Let an issue stand otherwise; as it stands already, nothing happens. It is on record who did it, and when.

    Moderators do, and who answers for it, who cannot hand it to others. Raises PostRefused, and IssueChanged.
    """
    topic = queries.lock_topic(topic_id)
    if topic.kind is not TopicKind.ISSUE or topic.merged_into_id is not None:
        raise PostRefused("This is no emerging issue any more.")
    if not moderates and actor.person_id != topic.owner_id:
        raise PostRefused("Moderators move an issue on, and whoever answers for it.")
    changes = _changes(topic, wanted)
    if not changes:
        return topic
    if topic.version != version:
        raise IssueChanged
    if not moderates and wanted.owner_id != topic.owner_id:
        raise PostRefused("A moderator chooses who answers for an issue.")
    _check_owner(topic, wanted, now)
    topic.stage, topic.owner_id, topic.due_on = wanted.stage, wanted.owner_id, wanted.due_on
    if wanted.stage in {IssueStage.RAISED, IssueStage.LOOKED_AT}:
        topic.answered_at, topic.accepted_number = None, None
    elif wanted.stage is IssueStage.ANSWERED and topic.answered_at is None:
        topic.answered_at = now
    topic.version += 1
    record("issue_moved", ThingKind.TOPIC, topic.id, actor=actor, now=now, **changes)
    db.session.flush()
    return topic


def _check_owner(topic: Topic, wanted: IssueState, now: datetime) -> None:
    owner = wanted.owner_id
    if owner is None or owner == topic.owner_id:
        return
    if not reading.who_reads([(owner, topic.community_id)], now=now):
        raise PostRefused("This person does not read the community, so they cannot answer for an issue in it.")


def _changes(topic: Topic, wanted: IssueState) -> dict[str, Any]:
    assert topic.stage is not None
    day = (topic.due_on.isoformat() if topic.due_on else None, wanted.due_on.isoformat() if wanted.due_on else None)
    pairs: dict[str, tuple[str | int | None, str | int | None]] = {
        "stage": (topic.stage.value, wanted.stage.value),
        "owner_id": (topic.owner_id, wanted.owner_id),
        "due_on": day,
    }
    return {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
