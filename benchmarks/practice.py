"""Data for the measurements of communities: topics, posts and how far each member read, made in bulk by statements.

The same few things stand in a small and in a large database: four communities of one programme, each page full.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, insert, text

from benchmarks.demonstration import signed_in
from webapp import clock
from webapp.database import is_sqlite
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Person
from webapp.models.communities import Community, Openness
from webapp.models.programmes import Programme, Theme, ThemeKind

COMMUNITIES = 4
THEMES = 6
POSTS_EACH = 10
# So many topics a member has opened, and one in so many members opened this many of the newest.
OPENED, KEEN_EVERY, KEEN_OPENED = 20, 500, 2_000
YEARS = 2 * 365 * 24 * 3600
# The topic that may have many more posts than others.
LONG = 8
NAMES = ("Across the waves", "Family help", "Early decisions", "Kinship")
BODY = (
    "We met the families first, wrote down what they asked of us, and changed the first visit. In three months the"
    " team tried it with every new family; what helped most was the same worker from the first call to the last."
)


@dataclass(frozen=True)
class Size:
    """How many topics, of ten posts each, and members there are; and how many posts more one of them has."""

    topics: int
    members: int
    long: int = 0

    @property
    def posts(self) -> int:
        return self.topics * POSTS_EACH


@dataclass(frozen=True)
class Made:
    """What the pages under measurement are asked for with."""

    size: Size
    now: datetime
    # Of the members who ask, by their ids.
    cookies: Mapping[int, str]


def public_id(prefix: str, number: int) -> str:
    """A public id made from a number."""
    return f"{prefix}{number:010d}".replace("0", "b").replace("1", "c")


def fill(app: Flask, size: Size) -> Made:
    """Fill a migrated, empty database to that size."""
    now = clock.now()
    with app.app_context():
        # An engine of its own, without the listeners that make each transaction a reading or a writing one.
        engine = create_engine(db.engine.url)
        sqlite = is_sqlite(engine.url)
        with engine.connect() as connection:
            if sqlite:
                for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
                    connection.exec_driver_sql(f"PRAGMA {pragma}")
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
                connection.exec_driver_sql("SET synchronous_commit = off")
            _add_communities(connection, now)
            for statement in _statements(size, sqlite=sqlite):
                connection.execute(text(statement), {"now": _moment(now, sqlite=sqlite)})
            connection.commit()
        if not sqlite:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table, column in (("people", "id"), ("posts", "id"), ("topics", "id"), ("participations", "id")):
                    connection.execute(
                        text(
                            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'),"
                            f" (SELECT coalesce(max({column}), 1) FROM {table}))"
                        )
                    )
                connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
        db.session.remove()
        db.engine.dispose()
    with app.app_context():
        cookies = {person_id: signed_in(app, person_id) for person_id in _sample(size)}
        db.session.remove()
        db.engine.dispose()
    return Made(size, now, cookies)


def _sample(size: Size) -> list[int]:
    """Fifty members, spread over all, among them in every database some who read much and some who never did."""
    keen = [2 + KEEN_EVERY * number for number in range(min(10, size.members // KEEN_EVERY + 1))]
    step = max(1, size.members // 40)
    return sorted({*keen, *(2 + number * step for number in range(40))})


def address_of(topic: int, rest: str = "") -> str:
    """The address of the topic of this number."""
    return f"{community_address(1 + topic % COMMUNITIES)}/topics/topic-{topic}-{public_id('tt', topic)}{rest}"


def community_address(number: int, rest: str = "") -> str:
    """The address of the community of this number, from 1."""
    return f"/communities/{slug(NAMES[number - 1])}-{public_id('cc', number)}{rest}"


def _moment(now: datetime, *, sqlite: bool) -> Any:
    return now.strftime("%Y-%m-%d %H:%M:%S.000000") if sqlite else now


def _add_communities(connection: Connection, now: datetime) -> None:
    stamps = {"created_at": now, "updated_at": now}
    programme = {"id": 1, "public_id": public_id("pp", 1), "slug": "families", "name": "Families", "summary": ""}
    connection.execute(insert(Programme), [programme | {"description": "", "demonstration": False} | stamps])
    connection.execute(
        insert(Theme),
        [
            {
                "id": n,
                "public_id": public_id("tt", n),
                "programme_id": 1,
                "slug": f"theme-{n}",
                "name": f"Theme {n}",
                "kind": ThemeKind.TOPIC,
                "summary": "",
                "position": n,
            }
            for n in range(1, THEMES + 1)
        ],
    )
    connection.execute(
        insert(Community),
        [
            {
                "id": n,
                "public_id": public_id("cc", n),
                "slug": slug(name),
                "programme_id": 1,
                "name": name,
                "openness": Openness.PRIVATE,
                **stamps,
            }
            for n, name in enumerate(NAMES, start=1)
        ],
    )
    person = {"id": 1, "public_id": public_id("nn", 1), "name": "Owen Lee", "email": "owner@example.org"}
    connection.execute(insert(Person), [person | {"email_folded": "owner@example.org"} | stamps])


def _statements(size: Size, *, sqlite: bool) -> Iterator[str]:
    """What fills the tables: rows made of numbers by the database itself."""

    def ago(seconds: str) -> str:
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', :now, '-' || ({seconds}) || ' seconds')"
        return f"(CAST(:now AS timestamptz) - ({seconds}) * interval '1 second')"

    def series(most: int, name: str = "i") -> str:
        if sqlite:
            return (
                f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})"
                f" SELECT i AS {name} FROM n)"
            )
        return f"(SELECT generate_series(1, {most}) AS {name})"

    def code(prefix: str, number: str) -> str:
        figures = f"printf('%010d', {number})" if sqlite else f"lpad(CAST({number} AS text), 10, '0')"
        return f"'{prefix}' || replace(replace({figures}, '0', 'b'), '1', 'c')"

    no, zero = ("0", "'{}'") if sqlite else ("false", "'{}'")
    step = max(1, YEARS // size.topics)
    people, topics = size.members, size.topics
    posted = f"({topics} - t) * {step} + ({POSTS_EACH} - k) * 3600"
    keen = min(KEEN_OPENED, topics)
    yield (
        "INSERT INTO people (id, public_id, name, email, email_folded, demonstration, version, calendar_alarm,"
        f" calendar_by_session, created_at, updated_at) SELECT i + 1, {code('nn', 'i + 1')}, 'Person ' || i,"
        f" 'person' || i || '@example.org', 'person' || i || '@example.org', {no}, 1, 'none', {no}, :now, :now"
        f" FROM {series(people)} AS s"
    )
    yield (
        "INSERT INTO memberships (public_id, person_id, programme_id, place, role, how, joined_at)"
        f" SELECT {code('mm', 'i')}, i + 1, 1, 'programme-1', 'member', 'added', {ago(str(YEARS))}"
        f" FROM {series(people)} AS s"
    )
    yield (
        "INSERT INTO participations (community_id, person_id, joined_at, rules_accepted, read_until, mutes, pace,"
        f" told_until, published_posts) SELECT c.id, i + 1, {ago(str(YEARS))}, 0,"
        f" {ago(f'CASE WHEN i % 10 = 0 OR i % {KEEN_EVERY} = 1 THEN {YEARS} ELSE (i % 400) * 86400 END')},"
        f" {no}, 'daily', :now, 1 FROM {series(people)} AS s CROSS JOIN communities c"
    )
    yield (
        "INSERT INTO topics (id, public_id, slug, community_id, kind, title, theme_id, author_id, created_at,"
        f" last_number, last_post_at, last_author_id, posts, is_pinned, same_questions, version)"
        f" SELECT t, {code('tt', 't')}, 'topic-' || t, 1 + t % {COMMUNITIES},"
        f" CASE t % 3 WHEN 0 THEN 'question' ELSE 'discussion' END, 'How do you begin family meeting ' || t || '?',"
        f" CASE t % 7 WHEN 0 THEN NULL ELSE t % 7 END, 2 + t % {people}, {ago(f'({topics} - t) * {step} + 36000')},"
        f" {POSTS_EACH}, {ago(f'({topics} - t) * {step}')}, 2 + (t * 7 + 1) % {people}, {POSTS_EACH}, {no}, 0, 1"
        f" FROM {series(topics, 't')} AS s"
    )
    yield (
        "INSERT INTO posts (public_id, topic_id, community_id, number, author_id, body, state, created_at,"
        f" published_at, kept, version) SELECT {code('zz', f'(t - 1) * {POSTS_EACH} + k')}, t, 1 + t % {COMMUNITIES},"
        f" k, 2 + (t * 7 + k) % {people}, '{BODY}', 'published', {ago(posted)}, {ago(posted)}, {zero}, 1"
        f" FROM {series(topics, 't')} AS s CROSS JOIN {series(POSTS_EACH, 'k')} AS q"
    )
    yield (
        "INSERT INTO topic_readings (person_id, topic_id, number, follow)"
        f" SELECT DISTINCT i + 1, 1 + (i * 7919 + k * k * 10473) % {topics}, {POSTS_EACH}, 'none'"
        f" FROM {series(people)} AS s CROSS JOIN {series(OPENED, 'k')} AS q WHERE i % {KEEN_EVERY} <> 1"
    )
    yield (
        "INSERT INTO topic_readings (person_id, topic_id, number, follow)"
        f" SELECT i + 1, {topics} + 1 - k, {POSTS_EACH}, 'none'"
        f" FROM {series(people)} AS s CROSS JOIN {series(keen, 'k')} AS q WHERE i % {KEEN_EVERY} = 1"
    )
    if size.long:
        far = f"{POSTS_EACH} + k"
        yield (
            "INSERT INTO posts (public_id, topic_id, community_id, number, author_id, body, state, created_at,"
            f" published_at, kept, version) SELECT {code('yy', 'k')}, {LONG}, 1 + {LONG} % {COMMUNITIES}, {far},"
            f" 2 + k % {people}, '{BODY}', 'published', {ago('0')}, {ago('0')}, {zero}, 1"
            f" FROM {series(size.long, 'k')} AS q"
        )
        more = f"posts = posts + {size.long}, last_number = last_number + {size.long}"
        yield f"UPDATE topics SET {more} WHERE id = {LONG}"
