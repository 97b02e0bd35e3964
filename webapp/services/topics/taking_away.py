"""Posts taken away: their words go from everywhere that the service keeps them, and their place in the topic stays.

What a post keeps itself goes when its writer deletes it. What a moderator redacts also leaves whatever quotes it, what
that said before, drafts, what reporters wrote of it, the title where it goes too, and the words that the one search
knows; what quotes a turn of a transcript loses it as the turn does. Letters tell of a post as it stands when they
leave, and feeds as it stands when asked. What people noted for themselves beside a saved post is theirs, and stays.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete as delete_from

from webapp import outbox
from webapp.extensions import db
from webapp.formats import posts
from webapp.indexing import forget_words
from webapp.models.accounts import Actor, ThingKind
from webapp.models.topics import Post, PostQuotation, PostState, Topic
from webapp.models.transcripts import Turn
from webapp.queries import moderation, quotations
from webapp.queries import topics as queries
from webapp.services.activity import record
from webapp.services.topics.naming import forget_names
from webapp.services.topics.polling import take_poll
from webapp.services.topics.refusals import WITHHELD, PostRefused
from webapp.services.topics.withholding import restore_quoting, take_down

TITLE_TAKEN_AWAY = "[Title taken away by a moderator]"
SLUG_TAKEN_AWAY = "title-taken-away"


def delete(post_id: int, *, topic_id: int, actor: Actor, now: datetime) -> Post:
    """Take away what its writer wrote; gone already, nothing happens. Raises PostRefused for anybody else's."""
    topic, post = queries.lock_topic(topic_id), queries.lock_post(post_id)
    if actor.person_id != post.author_id or post.topic_id != topic.id:
        raise PostRefused("You can delete only what you wrote yourself.")
    if post.state in {PostState.DELETED, PostState.REDACTED}:
        return post
    if moderation.has_child_case(post.id):
        raise PostRefused(WITHHELD)
    # What quotes it may be out of sight for that, and for nothing else any more.
    quoting = quotations.places_quoting(post) if post.is_withheld else []
    take_down(post, topic, PostState.DELETED, now=now)
    forget_words(empty(post))
    if moderation.opens_topic(post):
        take_poll(topic)
    restore_quoting(quoting)
    record("post_deleted", ThingKind.POST, post.id, actor=actor, now=now)
    db.session.flush()
    return post


def redact(post: Post, topic: Topic, *, with_title: bool, now: datetime) -> None:
    """Take the words of a post away for good, with the title of the topic that it opens where that is wanted.

    Post and topic are locked. Redacted already, nothing happens.
    """
    if post.state is PostState.REDACTED:
        return
    take_down(post, topic, PostState.REDACTED, now=now)
    erased = empty(post)
    erased += take_out_of_others([post], now=now)
    if moderation.opens_topic(post):
        take_poll(topic)
    if with_title:
        take_title(post, topic, now=now)
    for said in moderation.reports_of(post.id):
        said.words = ""
    forget_words(erased)
    db.session.flush()


def empty(post: Post) -> list[str]:
    """Take away all that a locked post keeps itself: words, versions, files, mentions; gives the words that went."""
    versions = queries.versions_of(post.id)
    erased = [post.body, *(one.body for one in versions)]
    post.body, post.kept = "", {}
    post.version += 1
    for version in versions:
        db.session.delete(version)
    for file in queries.files_of(post.id):
        erased += [file.title, file.filename]
        db.session.delete(file)
    forget_names(post)
    return erased


def take_out_of_others(quoted: Sequence[Post | Turn], *, now: datetime) -> list[str]:
    """Take what others quoted of these posts and turns out of posts, what these said before, and drafts.

    What is quoted is locked, and flushed. Gives the texts that held it.
    """
    erased: list[str] = []
    changed: list[int] = []

    def without(text: str) -> str:
        left = text
        for one in quoted:
            left = posts.without_quotations(left, one.public_id)
        if left != text:
            erased.append(text)
        return left

    for quoting in quotations.lock_quoting(quoted):
        left = without(quoting.body)
        if left != quoting.body:
            quoting.body = left
            changed.append(quoting.id)
            # Whoever has it open to edit is told that it changed, and does not bring the quotation back.
            quoting.version += 1
    outbox.recall(changed, now=now)
    for version in quotations.lock_quoting_versions(quoted):
        version.body = without(version.body)
    for draft in quotations.lock_quoting_drafts(quoted):
        draft.content = _each(draft.content, without)
    db.session.execute(delete_from(PostQuotation).where(quotations.of_quoted(quoted)))
    return erased


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The values of a form with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    return value


def take_title(post: Post, topic: Topic, *, now: datetime) -> None:
    """Take away what a topic is called, where the locked post opens it."""
    if not moderation.opens_topic(post):
        return
    before = topic.title
    topic.title, topic.slug = TITLE_TAKEN_AWAY, SLUG_TAKEN_AWAY
    topic.version += 1
    for entry in quotations.lock_entries_about(ThingKind.TOPIC, topic.id):
        # What was done stays on record; what the topic was called does not.
        if before in str(entry.details):
            entry.details, entry.redacted_at = {}, now
    forget_words([before])
