"""What waits for the moderators of the invented communities, and what they have decided. Nobody in it is real."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from config import Settings
from webapp.demonstration.communities_facts import (
    EXCHANGE,
    FERN,
    GRACE,
    HUW,
    IDRIS,
    KWAME,
    LARKSTONE,
    LEON,
    NETWORKS,
    ROBIN,
    RUTH,
    SORCHA,
    TOMASZ,
    WAVE_ONE,
    WAVE_TWO,
)
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.letters import settle
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community
from webapp.models.mailings import Letter
from webapp.models.memberships import How, Membership
from webapp.models.moderation import CaseReason, Decision, ModerationCase
from webapp.models.topics import Post, Topic
from webapp.services import communities, moderation, topics
from webapp.services.accounts import find_or_make_person

__all__ = ["load_moderation"]

WREN = "Wren Castellane"
_CONTACT = ("Waymark", "contact@example.org")
_NOTICES = (
    "child_concern",
    "moderator_chosen",
    "post_published",
    "post_redacted",
    "post_refused",
    "something_waits",
)


@dataclass(frozen=True)
class _Reported:
    """An answer or, with a title, a topic that somebody wrote, so many minutes ago; and what became of it."""

    community: str
    by: str
    words: str
    minutes: int
    title: str = ""
    waits_for: str = ""
    reporter: str = ""
    reason: CaseReason = CaseReason.OTHER
    said: str = ""
    decision: Decision | None = None
    told: str = ""


_REPORTED = (
    _Reported(
        NETWORKS,
        TOMASZ,
        "We had exactly this with the family from Chandler’s Row whose eldest plays for the county. Ring me.",
        60 * 24 * 9,
        reporter=SORCHA,
        reason=CaseReason.IDENTIFIES,
        said="Anybody from there knows at once who it is.",
        decision=Decision.REDACTED,
        told="It tells where a family lives and what their eldest is known for. Please write it again without both.",
    ),
    _Reported(
        EXCHANGE,
        LEON,
        "Anybody who still needs this explained should not be leading a team.",
        60 * 24 * 4,
        reporter=FERN,
        reason=CaseReason.UNKIND,
        decision=Decision.REFUSED,
        told="You may well be right about the question. Please say it to the idea and not to the person who asked.",
    ),
    _Reported(
        EXCHANGE,
        KWAME,
        "Has anybody a recipe for forty people and one oven? It is for the summer meeting, and I promise that it is"
        " about practice in the end.",
        60 * 24 * 3,
        reporter=HUW,
        reason=CaseReason.OFF_TOPIC,
        decision=Decision.KEPT,
    ),
    _Reported(
        EXCHANGE,
        IDRIS,
        "We have found a very good two-day course for this. Places are going fast, and there is a price for areas that"
        " book together: write to me for the code.",
        60 * 20,
        reporter=ROBIN,
        reason=CaseReason.ADVERTISING,
        said="It reads like an advertisement, though he may only be pleased with it.",
    ),
    _Reported(
        WAVE_TWO,
        WREN,
        "Hello, everybody. I am new here. We asked young people what they would call the first meeting, and none of"
        " them said “assessment”. Shall I put the list here?",
        60 * 5,
    ),
    _Reported(
        NETWORKS,
        RUTH,
        "The head of Harbour Lane Primary School came to the meeting herself, stayed for two hours, and took minutes.",
        60 * 2,
        waits_for="The school is named as thanks, and agreed to it.",
    ),
    _Reported(
        WAVE_ONE,
        IDRIS,
        "Yesterday somebody at our front desk was told of a small child who is alone in the evenings. Two teams each"
        " thought that the other had it, so nobody had. How do you make sure that somebody has it the same day?",
        40,
        title="Who has it, the same day?",
        reporter=GRACE,
        reason=CaseReason.CHILD,
        said="Has anybody been to see this child? It does not say so.",
    ),
)


def load_moderation(loaded: Loaded, *, organiser: Person, settings: Settings | None, now: datetime) -> None:
    """Let something wait for moderators, and some be decided; where anything was before them, nothing happens."""
    programme = loaded.programmes[PATHWAYS]
    rows = db.session.scalars(select(Community).where(Community.programme_id == programme.id).order_by(Community.id))
    places = {one.name: one for one in rows}
    if not {NETWORKS, EXCHANGE, WAVE_ONE, WAVE_TWO} <= set(places) or _known(places):
        return
    coach = _person(HUW)
    then = now - timedelta(days=90)
    for name in (EXCHANGE, WAVE_TWO):
        moderation.appoint(places[name].id, name=coach.name, email=coach.email, actor=_actor(organiser), now=then)
    _join_anew(now - timedelta(days=1))
    for facts in _REPORTED:
        _load(facts, places[facts.community], organiser, now)
    settle(Letter.notice.in_(_NOTICES), settings, now=now)


def _join_anew(since: datetime) -> None:
    """Somebody who came yesterday, so that their first post is held."""
    area = db.session.scalars(select(Area).where(Area.name == LARKSTONE, Area.demonstration).order_by(Area.id)).first()
    assert area is not None, "the invented waves are there"
    person_id, _ = find_or_make_person(WREN, "wren.castellane@example.org", now=since)
    person = db.session.get_one(Person, person_id)
    person.demonstration = True
    row = Membership(
        person_id=person_id,
        programme_id=area.programme_id,
        wave_id=area.wave_id,
        area_id=area.id,
        organisation_id=area.organisation_id,
        role=MemberRole.MEMBER,
        how=How.ADDED,
        joined_at=since,
    )
    db.session.add(row)
    db.session.flush()


def _known(places: dict[str, Community]) -> bool:
    ids = [one.id for one in places.values()]
    return db.session.scalar(select(ModerationCase.id).where(ModerationCase.community_id.in_(ids)).limit(1)) is not None


def _load(facts: _Reported, community: Community, organiser: Person, now: datetime) -> None:
    written = now - timedelta(minutes=facts.minutes)
    post = _write(facts, community, written)
    if facts.reporter:
        said = moderation.Said(reason=facts.reason, words=facts.said, withholds=True)
        at = written + timedelta(minutes=min(20, facts.minutes // 2))
        reporter = _actor(_person(facts.reporter))
        case = moderation.report(community, post.id, said, contact=_CONTACT, actor=reporter, now=at)
        if facts.decision is not None:
            ruling = moderation.Ruling(decision=facts.decision, told=facts.told, post_version=post.version)
            decided = at + timedelta(hours=2)
            moderation.decide(community, case.id, ruling, actor=_actor(organiser), now=decided)


def _write(facts: _Reported, community: Community, now: datetime) -> Post:
    writer = _person(facts.by)
    kept = {"kinds": ["school"], "reason": facts.waits_for} if facts.waits_for else {}
    words = topics.Words(body=facts.words, waits=bool(kept), kept=kept)
    communities.accept_rules(community, community.rules_number, actor=_actor(writer), name=writer.name, now=now)
    if facts.title:
        start = topics.Start(title=facts.title)
        return topics.begin(community, start, words=words, actor=_actor(writer), name=writer.name, now=now)
    talked = select(Topic.id).where(Topic.community_id == community.id, Topic.closed_at.is_(None), ~Topic.is_pinned)
    newest = talked.where(Topic.last_post_at <= now, Topic.posts > 0).order_by(Topic.last_post_at.desc(), Topic.id)
    topic_id = db.session.scalars(newest.limit(1)).one()
    return topics.reply(community, topic_id, words=words, actor=_actor(writer), name=writer.name, now=now)


def _person(name: str) -> Person:
    statement = select(Person).where(Person.name == name, Person.email.endswith("@example.org")).order_by(Person.id)
    return db.session.scalars(statement.limit(1)).one()


def _actor(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.id)
