"""Taking a published post out of sight while somebody looks at it, and letting it come back in its place.

Letters tell of a post as it stands when they leave; those that were made already are made anew.
"""

from collections.abc import Collection
from datetime import datetime

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ThingKind
from webapp.models.topics import IssueStage, Post, PostState, Topic
from webapp.queries import moderation as queries
from webapp.queries import quotations, withheld
from webapp.queries.topics import is_looked_at, lock_post, lock_topic
from webapp.services.activity import record


def withhold(post: Post, topic: Topic, *, now: datetime) -> bool:
    """Let nobody but its writer and moderators read a post until it is published again; gives whether anybody could.

    Post and topic are locked. It keeps its number. Where it opens its topic nobody sees the topic, whose title goes
    with it.
    """
    if post.state is not PostState.PUBLISHED:
        return False
    post.state = PostState.WAITING
    topic.posts -= 1
    opens = queries.opens_topic(post)
    if opens:
        topic.withheld_at = now
    settle(topic)
    outbox.recall(queries.post_ids_in(topic.id) if opens else [post.id], now=now)
    return True


def restore(post: Post, topic: Topic) -> None:
    """Let a withheld post be read again in its place; nobody is told of it twice."""
    post.state = PostState.PUBLISHED
    topic.posts += 1
    if queries.opens_topic(post):
        topic.withheld_at = None
    settle(topic)


def take_down(post: Post, topic: Topic, state: PostState, *, now: datetime) -> None:
    """Let a locked post end as refused, redacted or deleted: nobody reads it any more, and it answers no question.

    Where it opened its topic, what others wrote there is read again.
    """
    withhold(post, topic, now=now)
    post.state = state
    if post.number is not None and topic.accepted_number == post.number:
        unanswer(topic, actor=SYSTEM, now=now)
    if queries.opens_topic(post):
        topic.withheld_at = None


def unanswer(topic: Topic, *, actor: Actor, now: datetime) -> None:
    """Let nothing answer a locked topic any longer; an issue that was answered is looked at again, and says by whom."""
    topic.accepted_number, topic.answered_at = None, None
    if topic.stage is IssueStage.ANSWERED:
        topic.stage = IssueStage.LOOKED_AT
        moved = [IssueStage.ANSWERED.value, IssueStage.LOOKED_AT.value]
        record("issue_moved", ThingKind.TOPIC, topic.id, actor=actor, now=now, stage=moved)


def withhold_quoting(post: Post, *, now: datetime) -> None:
    """Let nobody read what quotes a locked post either, until that is decided about: its words stand there, too."""
    for topic_id, post_id in quotations.places_quoting(post):
        topic, quoting = lock_topic(topic_id), lock_post(post_id)
        withhold(quoting, topic, now=now)


def restore_quoting(places: Collection[tuple[int, int]]) -> None:
    """Let what quoted a post be read again, given by topic and post, with what was out of sight for quoting that.

    Not what moderators look at for itself, nor what names something else that is withheld still.
    """
    held: dict[int, tuple[Post, Topic]] = {}
    for topic_id, post_id in withheld.with_what_waits_behind(places):
        topic, quoting = lock_topic(topic_id), lock_post(post_id)
        if quoting.is_withheld and not is_looked_at(quoting.id):
            held[quoting.id] = (quoting, topic)
    # They may name one another, so all come back together; whatever names something that stays, stays with it.
    while staying := [one for one, (post, _) in held.items() if withheld.names_withheld(post, but=held)]:
        for post_id in staying:
            del held[post_id]
    for quoting, topic in held.values():
        restore(quoting, topic)


def settle(topic: Topic) -> None:
    """Let a locked topic say when and by whom its newest published post was written."""
    db.session.flush()
    newest = queries.newest_published(topic.id)
    if newest is not None and newest.published_at is not None:
        topic.last_post_at, topic.last_author_id = newest.published_at, newest.author_id
