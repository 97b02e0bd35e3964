"""Digests of a morning: made, written and sent for 50,000 members, beside a bare script that sends the same letters."""

import smtplib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import delete, insert, select, update

from benchmarks.figures import Figure, at_least, at_most, exactly, middle_ratio
from benchmarks.letters import sink
from benchmarks.run import Run
from benchmarks.servers import Installation
from webapp import clock, outbox, transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community, MailPace, Participation
from webapp.models.community_letters import PostTelling
from webapp.models.mailings import Lane, Letter, LetterState
from webapp.models.memberships import How, Membership
from webapp.models.programmes import Programme
from webapp.models.topics import Follow, Post, TopicReading
from webapp.notices.rendering import render
from webapp.outbox.standing import standing
from webapp.services import community_letters, topics

COMMUNITIES, TOPICS, ANSWERS = 3, 30, 4
FOLLOWERS, ROUNDS = 5_000, 20
WORDS = (
    "We ask the family first, and write down **what they say** in their own words.\n\n- Then we meet.\n- Then again."
)


def measure(run: Run) -> Iterator[Figure]:
    """On each database: digests as a part of a bare script, and how long a post with thousands of followers takes."""
    people, slice_size = run.quick_or(2_000, 50_000), run.quick_or(100, 250)
    for database in run.databases:
        with sink(run) as port:
            installation = Installation(f"digests-{database}", run.folder, run.database("digests", database), port)
            app = installation.migrate()
            with app.app_context():
                communities, author = _populate(people, clock.now())
                begin = time.perf_counter()
                made = community_letters.make_due(clock.now)
                making = (time.perf_counter() - begin) / made
                run.say(f"digests on {database}: {made:,} made in {making * made:.1f} s")
                yield exactly(f"digests made, {database}", made, people, "letters")
                ratio, words = _compare(app, making, run.quick_or(500, 3_000), slice_size)
                run.say(f"digests on {database}: {words}")
                yield at_least(f"digests for {people:,} members, {database}", ratio, 0.3, "of a bare script")
                yield _post(run, database, communities[0], author, min(people, FOLLOWERS))


def _populate(people: int, now: datetime) -> tuple[list[int], Actor]:
    """So many members who take part in one or two communities, in which there were posts since the morning before."""
    morning = community_letters.last_morning(now)
    wrote, told = morning - timedelta(hours=3), morning - timedelta(days=1)
    stamps = {"created_at": now, "updated_at": now}
    with transaction.unit():
        programme = Programme(name="Benchmark", slug="benchmark", summary="", **stamps)
        db.session.add(programme)
        db.session.flush()
        own = [
            Community(name=f"Strand {number}", slug=f"strand-{number}", programme_id=programme.id, **stamps)
            for number in range(COMMUNITIES)
        ]
        db.session.add_all(own)
        db.session.flush()
        ids = [one.id for one in own]
        named = [(f"Person {number} of Marlbridge", f"to{number}@example.org") for number in range(people)]
        rows = [{"name": name, "email": at, "email_folded": at, **stamps} for name, at in named]
        db.session.execute(insert(Person), rows)
        keys = list(db.session.scalars(select(Person.id).order_by(Person.id)))
        belongs = {"programme_id": programme.id, "role": MemberRole.MEMBER, "how": How.IMPORTED, "joined_at": told}
        db.session.execute(insert(Membership), [{"person_id": key, **belongs} for key in keys])
        takes = dict.fromkeys(("joined_at", "read_until", "told_until"), told) | {"pace": MailPace.DAILY}
        db.session.execute(
            insert(Participation),
            [
                {"person_id": key, "community_id": community, **takes}
                for key in keys
                for community in ids[key % COMMUNITIES : key % COMMUNITIES + 1 + key % 2]
            ],
        )
    author = _author(wrote)
    for number in range(COMMUNITIES * TOPICS):
        with transaction.unit():
            _begin(ids[number % COMMUNITIES], author, number, wrote)
    with transaction.unit():
        db.session.execute(delete(PostTelling))
        # A fifth of them have read or muted something.
        first = list(db.session.scalars(select(Post.topic_id).where(Post.number == 1).order_by(Post.id)))
        db.session.execute(
            insert(TopicReading),
            [
                {"person_id": key, "topic_id": topic, "number": 2, "follow": Follow.MUTES if key % 10 else Follow.NONE}
                for key in keys[::5]
                for topic in (first[key % len(first)], first[(key + 7) % len(first)])
            ],
        )
    return ids, author


def _author(now: datetime) -> Actor:
    with transaction.unit():
        row = Person(
            name="Ann Writer", email="ann@example.org", email_folded="ann@example.org", created_at=now, updated_at=now
        )
        db.session.add(row)
        db.session.flush()
        return Actor(ActorKind.PERSON, row.id)


def _begin(community_id: int, author: Actor, number: int, now: datetime) -> None:
    community = db.session.get_one(Community, community_id)
    words = topics.Words(body=f"{WORDS} ({number})")
    writing: dict[str, Any] = {"words": words, "actor": author, "name": "Ann Writer", "now": now}
    post = topics.begin(community, topics.Start(title=f"How do you do part {number} of it?"), **writing)
    for _ in range(ANSWERS):
        topics.reply(community, post.topic_id, **writing)


def _compare(app: Flask, making: float, count: int, slice_size: int) -> tuple[float, str]:
    """How fast digests are made and sent as a part of a bare script that writes and sends the same; that in words."""
    settings = app.config["SETTINGS"]
    due = select(Letter.id).where(Letter.lane == Lane.MAILING, Letter.state == LetterState.WAITING)
    ids = list(db.session.scalars(due.order_by(Letter.id).limit(count)))
    in_memory = list(db.session.scalars(select(Letter).where(Letter.id.in_(ids[:slice_size])).order_by(Letter.id)))
    told = standing(in_memory, now=clock.now())
    for letter in in_memory:
        db.session.expunge(letter)
    db.session.rollback()
    with transaction.unit():
        db.session.execute(update(Letter).values(next_attempt_at=clock.now() + timedelta(days=365)))
    ours, bare = [], []
    for start in range(0, len(ids), slice_size):
        part = ids[start : start + slice_size]
        with transaction.unit():
            again = update(Letter).where(Letter.id.between(part[0], part[-1]))
            db.session.execute(again.values(next_attempt_at=clock.now()))
        begin = time.perf_counter()
        sent = outbox.deliver(Lane.MAILING, "benchmark", settings, clock.now)
        ours.append(sent / (time.perf_counter() - begin + making * sent))
        if sent != len(part):
            raise RuntimeError(f"{sent} of {len(part)} digests were sent")
        begin = time.perf_counter()
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, local_hostname="localhost") as server:
            for letter in in_memory:
                made = render(letter, settings, None, told[letter.id])
                server.sendmail(settings.mail_from, [letter.recipient_email], made)
        bare.append(len(in_memory) / (time.perf_counter() - begin))
    return middle_ratio(ours, bare), f"{median(ours):.0f}/s, bare script {median(bare):.0f}/s"


def _post(run: Run, database: str, community_id: int, author: Actor, followers: int) -> Figure:
    """How many times as long a post takes with thousands who want each at once, as with nobody who does."""
    now = clock.now()
    took: dict[bool, list[float]] = {False: [], True: []}
    some = select(Participation.id).where(Participation.community_id == community_id).limit(followers)
    for turn in range(ROUNDS):
        many = turn % 2 == 1
        with transaction.unit():
            pace = MailPace.IMMEDIATE if many else MailPace.DAILY
            db.session.execute(update(Participation).where(Participation.id.in_(some)).values(pace=pace))
        begin = time.perf_counter()
        with transaction.unit():
            _begin(community_id, author, turn, now)
        took[many].append(time.perf_counter() - begin)
        if turn < ROUNDS - 1:
            with transaction.unit():
                db.session.execute(delete(PostTelling))
    begin = time.perf_counter()
    posted = community_letters.tell_followers(clock.now)
    run.say(f"{posted:,} letters to followers on {database} in {time.perf_counter() - begin:.1f} s")
    return at_most(
        f"a post with {followers:,} followers, {database}",
        median(took[True]) / median(took[False]),
        1.3,
        "times one without",
    )
