"""Communities of the invented programme made into rows: waves, areas, members, and what they wrote to one another."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from webapp.demonstration.communities_facts import COMMUNITIES, EXCHANGE, MEMBERS, MORGAN, WAVE_ONE, WAVES
from webapp.demonstration.communities_for_all import FOR_ALL
from webapp.demonstration.communities_of_wave_one import OF_WAVE_ONE
from webapp.demonstration.communities_of_wave_two import OF_WAVE_TWO
from webapp.demonstration.communities_shapes import CommunityFacts, MemberFacts, PostFacts, TopicFacts
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.loading import Loaded
from webapp.demonstration.meetings import GROUP
from webapp.extensions import db
from webapp.folding import fold, fold_email, slug
from webapp.formats import posts
from webapp.formats.documents import DocumentType
from webapp.formats.papers import Paper, Section, to_word
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.areas import Area, Wave
from webapp.models.belonging import MemberRole
from webapp.models.communities import Category, Community, Participation
from webapp.models.community_letters import PostTelling
from webapp.models.events import Event
from webapp.models.memberships import How, Membership
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, Theme
from webapp.models.series import Series
from webapp.models.topics import Post, SameQuestion, Topic
from webapp.queries import topics as queries
from webapp.services import communities, files, topics

__all__ = ["load_communities"]

_QUOTE = re.compile(r"\{quote ([0-9]+)\}")
_JOINED_DAYS = 130
_READ_DAYS = 14
_FIRST_HOUR, _LAST_HOUR = 8, 18


@dataclass
class _Made:
    """What there is already, by name."""

    programme: Programme
    themes: dict[str, Theme]
    organiser: Person
    folder: Path | None
    now: datetime
    waves: dict[str, Wave] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)


def load_communities(loaded: Loaded, *, organiser: Person, folder: Path | None, now: datetime) -> None:
    """Set up the communities of the invented programme; where it has one already, nothing happens.

    Without a `folder` no post has a document.
    """
    programme = loaded.programmes[PATHWAYS]
    if db.session.scalar(select(Community.id).where(Community.programme_id == programme.id).limit(1)) is not None:
        return
    themes = {one.slug: one for (name, _), one in loaded.themes.items() if name == PATHWAYS}
    made = _Made(programme, themes, organiser, folder, now)
    _load_waves(made)
    made.people[MORGAN] = organiser
    for member in MEMBERS:
        _load_member(member, made)
    for number, community in enumerate(COMMUNITIES):
        _load_community(community, made, _by_day(now - timedelta(days=_JOINED_DAYS - number)))
    # In the order in which they were written, so that the newest stands first.
    for topic in sorted((*OF_WAVE_ONE, *OF_WAVE_TWO, *FOR_ALL), key=lambda one: -one.days):
        _load_topic(topic, made)
    _settle(made)
    _choose_meetings(made)
    for community_facts in COMMUNITIES:
        made.communities[community_facts.name].first_posts_held = community_facts.first_posts_held
    db.session.flush()


def _choose_meetings(made: _Made) -> None:
    """Let the group that meets monthly and an event that is over be meetings of communities."""
    acting: dict[str, Any] = {"actor": Actor(ActorKind.PERSON, made.organiser.id), "now": made.now}
    of_programme = Event.programme_id == made.programme.id
    monthly = select(Series.public_id).where(Series.programme_id == made.programme.id, Series.title == GROUP)
    past = select(Event.public_id).where(of_programme, Event.listed, Event.ends_at < made.now)
    newest = past.order_by(Event.ends_at.desc(), Event.id).limit(2)
    for public_id in db.session.scalars(monthly.limit(1)).all():
        communities.choose_series(made.communities[WAVE_ONE].id, public_id, wanted=True, **acting)
    for name, public_id in zip((WAVE_ONE, EXCHANGE), db.session.scalars(newest).all(), strict=False):
        communities.choose_meetings(made.communities[name].id, offered=[public_id], chosen=[public_id], **acting)


def _settle(made: _Made) -> None:
    """Let nobody be written to about what was written before the demonstration was loaded, and much of it be read."""
    ids = [one.id for one in made.communities.values()]
    of_them = select(Post.id).where(Post.community_id.in_(ids))
    db.session.execute(delete(PostTelling).where(PostTelling.post_id.in_(of_them)))
    for row in db.session.scalars(select(Participation).where(Participation.community_id.in_(ids))):
        row.told_until, row.read_until = made.now, made.now - timedelta(days=_READ_DAYS)


def _load_waves(made: _Made) -> None:
    since = made.now - timedelta(days=_JOINED_DAYS)
    stamps: dict[str, Any] = {"created_at": since, "updated_at": since}
    for position, facts in enumerate(WAVES, 1):
        wave = Wave(
            programme_id=made.programme.id,
            slug=slug(facts.name),
            name=facts.name,
            summary=facts.summary,
            position=position,
            starts_on=(since + timedelta(days=300 * (position - 2))).date(),
            **stamps,
        )
        db.session.add(wave)
        db.session.flush()
        made.waves[facts.name] = wave
        for name, authority, summary in facts.areas:
            organisation = db.session.scalar(select(Organisation).where(Organisation.name_folded == fold(authority)))
            area = Area(
                programme_id=made.programme.id,
                wave_id=wave.id,
                organisation_id=organisation.id if organisation else None,
                slug=slug(name),
                name=name,
                summary=summary,
                demonstration=True,
                **stamps,
            )
            db.session.add(area)
            made.areas[name] = area
    db.session.flush()


def _load_member(facts: MemberFacts, made: _Made) -> None:
    since = made.now - timedelta(days=_JOINED_DAYS)
    person = _person(facts, since)
    made.people[facts.name] = person
    area = made.areas[facts.area]
    row = Membership(
        person_id=person.id,
        programme_id=area.programme_id,
        wave_id=area.wave_id,
        area_id=area.id,
        organisation_id=area.organisation_id,
        role=facts.role,
        how=How.ADDED,
        joined_at=since,
    )
    db.session.add(row)
    profile = communities.profile_of(person.id, person.name, now=since)
    if not profile.job_title:
        profile.job_title, profile.job_title_folded, profile.about = facts.job_title, fold(facts.job_title), facts.about


def _person(facts: MemberFacts, since: datetime) -> Person:
    email = facts.email or f"{slug(facts.name).replace('-', '.')}@example.org"
    found = db.session.scalar(select(Person).where(Person.email_folded == fold_email(email)))
    if found is None:
        found = Person(
            name=facts.name,
            email=email,
            email_folded=fold_email(email),
            email_verified_at=since,
            demonstration=True,
            created_at=since,
            updated_at=since,
        )
        db.session.add(found)
        db.session.flush()
    return found


def _load_community(facts: CommunityFacts, made: _Made, at: datetime) -> None:
    organiser = Actor(ActorKind.PERSON, made.organiser.id)
    words = communities.CommunityWords(
        name=facts.name,
        summary=facts.summary,
        openness=facts.openness,
        wave_id=made.waves[facts.wave].id if facts.wave else None,
        theme_id=made.themes[facts.strand].id if facts.strand else None,
        is_group=bool(facts.members),
        child_lead_name="Pathways duty lead (invented)",
        child_lead_email="duty.lead@example.org",
        # Those of the demonstration are all old hands; whoever comes new is held.
        first_posts_held=0,
    )
    row = communities.create(made.programme.id, words, actor=organiser, now=at)
    row.demonstration = True
    for category in facts.categories:
        named = communities.CategoryWords(name=category.name, summary=category.summary)
        communities.put_category(row.id, named, actor=organiser, now=at)
    communities.set_rules(row.id, facts.rules, number=0, actor=organiser, now=at)
    made.communities[facts.name] = row
    for name in facts.members:
        member = Membership(
            person_id=made.people[name].id,
            programme_id=made.programme.id,
            community_id=row.id,
            role=MemberRole.MEMBER,
            how=How.INVITED,
            added_by_id=made.organiser.id,
            joined_at=at,
        )
        db.session.add(member)
    db.session.flush()


def _load_topic(facts: TopicFacts, made: _Made) -> None:
    community, at = made.communities[facts.community], made.now - timedelta(days=facts.days)
    written: list[Post] = []
    for number, post in enumerate(facts.posts):
        # Nobody writes later than now, however the hours add up.
        at = min(_by_day(at + timedelta(hours=post.hours if number else 0)), made.now - timedelta(minutes=5))
        written.append(_write(facts, post, written, community, made, at))
    topic = db.session.get_one(Topic, written[0].topic_id)
    _vote(facts, topic, made, at)
    topic.is_pinned = facts.pinned
    topic.closed_at = at if facts.closed else None
    topic.accepted_number = facts.accepted
    topic.answered_at = written[facts.accepted - 1].published_at if facts.accepted else None
    for name in facts.same:
        db.session.add(SameQuestion(topic_id=topic.id, person_id=made.people[name].id))
    topic.same_questions = len(facts.same)
    if facts.stage is not None:
        topic.stage = facts.stage
        topic.owner_id = made.people[facts.owner].id if facts.owner else None
        topic.due_on = (made.now + timedelta(days=facts.due_in)).date() if facts.due_in else None
    db.session.flush()


def _by_day(at: datetime) -> datetime:
    """The same moment, or else one of the next working hours."""
    if _FIRST_HOUR <= at.hour < _LAST_HOUR:
        return at
    day = at + timedelta(days=1) if at.hour >= _LAST_HOUR else at
    return day.replace(hour=_FIRST_HOUR + at.hour % 3, minute=(at.minute * 7 + at.hour * 11) % 60)


def _write(
    topic: TopicFacts, facts: PostFacts, before: list[Post], community: Community, made: _Made, at: datetime
) -> Post:
    person = made.people[facts.by]
    actor = Actor(ActorKind.PERSON, person.id)
    acting: dict[str, Any] = {"actor": actor, "name": person.name, "now": at}
    communities.accept_rules(community, community.rules_number, **acting)
    body = _QUOTE.sub(lambda found: _quotation(before[int(found[1]) - 1], made), facts.words)
    words = topics.Words(body=posts.clean(facts.before or body))
    enclosed = topics.Enclosures(added=_paper(facts, made))
    if before:
        post = topics.reply(community, before[0].topic_id, words=words, files=enclosed, **acting)
    else:
        category = next((one for one in _categories(community) if one.name == topic.category), None)
        start = topics.Start(
            title=topic.title,
            kind=topic.kind,
            category_id=category.id if category else None,
            theme_id=made.themes[topic.strand].id if topic.strand else None,
            poll=_poll(topic),
        )
        post = topics.begin(community, start, words=words, files=enclosed, **acting)
    later: dict[str, Any] = {
        "topic_id": post.topic_id,
        "actor": actor,
        "now": min(at + timedelta(minutes=25), made.now),
    }
    if facts.before:
        topics.edit(post.id, topics.Words(body=posts.clean(body)), version=post.version, **later)
    if facts.deleted:
        topics.delete(post.id, **later)
    return post


def _poll(topic: TopicFacts) -> topics.PollWords | None:
    if topic.poll is None:
        return None
    return topics.PollWords(question=topic.poll.question, choices=topic.poll.choices, most=topic.poll.most)


def _vote(facts: TopicFacts, topic: Topic, made: _Made, at: datetime) -> None:
    poll = queries.find_poll(topic.id)
    for name, places in facts.poll.votes if facts.poll and poll else ():
        chosen = [one.public_id for one in poll.options if one.position in places] if poll else []
        topics.vote(topic.id, chosen, person_id=made.people[name].id, now=at)


def _quotation(post: Post, made: _Made) -> str:
    writer = next(name for name, person in made.people.items() if person.id == post.author_id)
    return posts.quotation(post.body, said_by=writer, address=f"/posts/{post.public_id}")


def _categories(community: Community) -> list[Category]:
    return list(db.session.scalars(select(Category).where(Category.community_id == community.id)))


def _paper(facts: PostFacts, made: _Made) -> list[topics.Enclosure]:
    if facts.paper is None or made.folder is None:
        return []
    title, words = facts.paper
    kind = DocumentType.DOCX
    paper = Paper(title=title, sections=[Section(title="In short", about=words)], made_at=made.now)
    written = files.write(to_word(paper), kind.media_type, folder=made.folder, now=made.now)
    return [topics.Enclosure(written=written, title=title, filename=f"{slug(title)}.{kind.extension}")]
