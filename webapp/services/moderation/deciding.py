"""What moderators do with a case: take it, give it back, say that it was seen, and decide."""

from dataclasses import dataclass
from datetime import datetime

from webapp import outbox
from webapp.extensions import db
from webapp.indexing import forget_words
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import Community
from webapp.models.moderation import Decision, ModerationCase
from webapp.models.topics import Post, PostState, Topic
from webapp.notices import communities as notices
from webapp.notices.letters import Notice
from webapp.queries import accounts as account_queries
from webapp.queries import moderation as queries
from webapp.queries.communities import lock_participation
from webapp.queries.quotations import places_quoting
from webapp.services.activity import record
from webapp.services.moderation.refusals import CannotDecideSo, CaseClaimed, CaseDecided, OwnPost, PostChanged
from webapp.services.topics.publishing import publish
from webapp.services.topics.taking_away import redact, take_out_of_others, take_title
from webapp.services.topics.withholding import restore_quoting, take_down


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a moderator decides: with the words for the writer, the version of the post that was read, and the title.

    `with_title` takes the topic's title away as well, where the post opens its topic.
    """

    decision: Decision
    told: str = ""
    post_version: int
    with_title: bool = False


def claim(case_id: int, *, taking_over: bool = False, actor: Actor, now: datetime) -> None:
    """Say that one looks at a case, so that nobody else need; raises CaseClaimed, CaseDecided and OwnPost."""
    case = _open(case_id, actor)
    if case.claimed_by_id == actor.person_id:
        return
    if case.claimed_by_id is not None and not taking_over:
        raise CaseClaimed(_name(case.claimed_by_id))
    case.claimed_by_id, case.claimed_at = actor.person_id, now
    case.version += 1
    record("case_claimed", ThingKind.POST, case.post_id, actor=actor, now=now)


def release(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Give a case back to all; who has not taken it gives nothing back."""
    case = queries.lock_case(case_id)
    if case.decided_at is None and case.claimed_by_id == actor.person_id:
        case.claimed_by_id, case.claimed_at = None, None
        case.version += 1
        record("case_released", ThingKind.POST, case.post_id, actor=actor, now=now)


def acknowledge(case_id: int, *, actor: Actor, now: datetime) -> None:
    """Take note that the named lead, or somebody in their place, has seen that somebody is worried about a child."""
    case = queries.lock_case(case_id)
    if case.is_child and case.acknowledged_at is None:
        case.acknowledged_at = now
        record("child_concern_acknowledged", ThingKind.POST, case.post_id, actor=actor, now=now)


def decide(community: Community, case_id: int, ruling: Ruling, *, actor: Actor, now: datetime) -> None:
    """Decide what becomes of a post, and tell its writer where it concerns them.

    Decided the same way by the same person already, nothing happens. Raises CaseDecided, CaseClaimed, PostChanged,
    OwnPost, and CannotDecideSo for what does not fit the post as it stands.
    """
    post_id = queries.post_of(case_id)
    post, topic = queries.lock_with_topic(post_id)
    case = queries.lock_case(case_id)
    if case.decided_at is not None and (case.decided_by_id, case.decision) == (actor.person_id, ruling.decision):
        return
    _check(case, post, ruling, actor)

    _carry_out(community, post, topic, ruling, now)
    case.decided_at, case.decided_by_id, case.decision, case.told = now, actor.person_id, ruling.decision, ruling.told
    case.acknowledged_at = case.acknowledged_at or (now if case.is_child else None)
    case.version += 1
    if ruling.decision is not Decision.KEPT:
        # Of a report that came to nothing the writer never learns.
        outbox.post(_word_for_the_writer(community, post, topic, ruling), now=now)
    record(f"post_{ruling.decision.value}", ThingKind.POST, post.id, actor=actor, now=now)


def _check(case: ModerationCase, post: Post, ruling: Ruling, actor: Actor) -> None:
    _check_open(case, actor, post.author_id)
    if case.claimed_by_id is not None and case.claimed_by_id != actor.person_id:
        raise CaseClaimed(_name(case.claimed_by_id))
    if post.version != ruling.post_version:
        raise PostChanged
    wants_words = {Decision.REFUSED, Decision.REDACTED}
    gone = post.state not in {PostState.PUBLISHED, PostState.WAITING}
    # What others quoted of it stands where they did, and its title stays.
    left = {Decision.KEPT} if post.state is PostState.REDACTED else {Decision.KEPT, Decision.REDACTED}
    if gone and ruling.decision not in left:
        raise CannotDecideSo("The post was taken away already. Close this, or redact what is left of it.")
    if ruling.decision is Decision.KEPT and post.state is PostState.WAITING:
        raise CannotDecideSo("This post is out of sight: let it be read, refuse it or redact it.")
    if ruling.decision is Decision.PUBLISHED and post.state is PostState.PUBLISHED:
        raise CannotDecideSo("This post can be read already: let it stand, refuse it or redact it.")
    if ruling.decision in wants_words and not ruling.told:
        raise CannotDecideSo("Tell the writer why.")


def _carry_out(community: Community, post: Post, topic: Topic, ruling: Ruling, now: datetime) -> None:
    # Asked before what they quote is taken out of them.
    quoting = places_quoting(post)
    if ruling.decision is Decision.PUBLISHED:
        if topic.merged_into_id is not None:
            raise CannotDecideSo("The topic was merged into another meanwhile, so this post has no place there.")
        mine = lock_participation(community.id, post.author_id)
        assert mine is not None, "who wrote takes part"
        publish(post, topic, mine, now=now)
    elif ruling.decision is Decision.REFUSED:
        take_down(post, topic, PostState.REFUSED, now=now)
        forget_words(take_out_of_others([post], now=now))
        if ruling.with_title:
            take_title(post, topic, now=now)
    elif ruling.decision is Decision.REDACTED:
        redact(post, topic, with_title=ruling.with_title, now=now)
    if ruling.decision is not Decision.KEPT:
        restore_quoting(quoting)
    db.session.flush()


def _word_for_the_writer(community: Community, post: Post, topic: Topic, ruling: Ruling) -> Notice:
    writer = account_queries.get_person(post.author_id)
    if ruling.decision is Decision.PUBLISHED:
        return notices.post_published(writer, community, topic=topic.title, post=post.public_id)
    tells = notices.post_refused if ruling.decision is Decision.REFUSED else notices.post_redacted
    return tells(writer, community, topic=topic.title, reason=ruling.told)


def _open(case_id: int, actor: Actor) -> ModerationCase:
    case = queries.lock_case(case_id)
    _check_open(case, actor, queries.author_of(case.post_id))
    return case


def _check_open(case: ModerationCase, actor: Actor, author_id: int) -> None:
    if case.decided_at is not None:
        raise CaseDecided(_name(case.decided_by_id), case.decision)
    if author_id == actor.person_id:
        raise OwnPost


def _name(person_id: int | None) -> str:
    return account_queries.get_person(person_id).name if person_id is not None else ""
