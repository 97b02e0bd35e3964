"""Beginning topics and answering in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community, Participation
from webapp.models.moderation import CaseReason
from webapp.models.topics import IssueStage, Post, PostState, Topic, TopicKind
from webapp.queries import topics as queries
from webapp.services import communities
from webapp.services.activity import record
from webapp.services.topics.attaching import NO_FILES, Enclosures, attach
from webapp.services.topics.drafting import drop_draft
from webapp.services.topics.holding import open_case
from webapp.services.topics.naming import note_names
from webapp.services.topics.polling import PollWords, put_poll
from webapp.services.topics.publishing import publish
from webapp.services.topics.refusals import TopicClosed

# Within this time the same words in the same place are a button pressed twice.
TWICE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What somebody wrote, and what the guard made of it: `waits` for a moderator, `kept` what it found and why.

    With `once`, what was sent just now in the same words is not written again: for forms, whose button may be pressed
    twice.
    """

    body: str
    waits: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)
    once: bool = False


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a topic begins with beside its first post."""

    title: str
    kind: TopicKind = TopicKind.DISCUSSION
    category_id: int | None = None
    theme_id: int | None = None
    poll: PollWords | None = None


def begin(
    community: Community,
    start: Start,
    *,
    words: Words,
    files: Enclosures = NO_FILES,
    rules: int | None = None,
    actor: Actor,
    name: str,
    now: datetime,
) -> Post:
    """Begin a topic by its first post, published unless it waits; raises RulesNotAccepted and PostRefused.

    `rules` is the number of the rules of conduct that are accepted by it.
    """
    mine = _writer(community, actor, name, now, rules)
    sent = _sent_already(mine, words, now)
    if sent is not None and sent.community_id == community.id and sent.topic.title == start.title:
        return sent
    topic = Topic(
        slug=slug(start.title),
        community_id=community.id,
        category_id=start.category_id,
        kind=start.kind,
        title=start.title,
        theme_id=start.theme_id,
        author_id=mine.person_id,
        created_at=now,
        last_post_at=now,
        stage=IssueStage.RAISED if start.kind is TopicKind.ISSUE else None,
    )
    db.session.add(topic)
    db.session.flush()
    if start.poll is not None:
        put_poll(topic, start.poll)
    record("topic_begun", ThingKind.TOPIC, topic.id, actor=actor, now=now, topic_kind=start.kind.value)
    return _write(community, queries.lock_topic(topic.id), mine, words, files, now, draft_of=0)


def reply(
    community: Community,
    topic_id: int,
    *,
    words: Words,
    files: Enclosures = NO_FILES,
    rules: int | None = None,
    actor: Actor,
    name: str,
    now: datetime,
) -> Post:
    """Answer in a topic, published unless it waits; raises TopicClosed, RulesNotAccepted and PostRefused.

    `rules` is the number of the rules of conduct that are accepted by it.
    """
    # The topic first, then the person: as wherever both are locked.
    topic = queries.lock_topic(topic_id)
    if topic.is_closed or topic.merged_into_id is not None or topic.community_id != community.id:
        raise TopicClosed
    mine = _writer(community, actor, name, now, rules)
    sent = _sent_already(mine, words, now)
    if sent is not None and sent.topic_id == topic.id:
        return sent
    return _write(community, topic, mine, words, files, now, draft_of=topic.id)


def _sent_already(mine: Participation, words: Words, now: datetime) -> Post | None:
    """What the writer sent last, if it says the same and was sent just now: whoever presses twice means it once."""
    last = queries.find_last_post(mine.person_id) if words.once else None
    if last is None or last.body != words.body or now - last.created_at > TWICE:
        return None
    return last


def _writer(community: Community, actor: Actor, name: str, now: datetime, rules: int | None) -> Participation:
    assert actor.person_id is not None
    if rules is not None:
        communities.accept_rules(community, rules, actor=actor, name=name, now=now)
    mine = communities.participation_in(community, actor.person_id, name, now=now)
    if mine.rules_accepted != community.rules_number:
        raise communities.RulesNotAccepted
    return mine


def _write(
    community: Community,
    topic: Topic,
    mine: Participation,
    words: Words,
    files: Enclosures,
    now: datetime,
    *,
    draft_of: int,
) -> Post:
    post = Post(
        topic_id=topic.id,
        community_id=community.id,
        author_id=mine.person_id,
        body=words.body,
        state=PostState.WAITING,
        created_at=now,
        kept=dict(words.kept),
    )
    db.session.add(post)
    why = _held_for(community, mine, words)
    if why is None:
        # Before it is flushed, so that it is inserted with its number.
        publish(post, topic, mine, now=now)
    else:
        db.session.flush()
        open_case(post, why, now=now)
    note_names(post)
    attach(post, files, now=now)
    drop_draft(community.id, person_id=mine.person_id, topic_id=draft_of)
    return post


def _held_for(community: Community, mine: Participation, words: Words) -> CaseReason | None:
    if words.waits:
        return CaseReason.GUARD
    return CaseReason.FIRST_POST if mine.published_posts < community.first_posts_held else None
