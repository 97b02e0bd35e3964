"""Digests: at seven in the morning each is told what is new in their communities since they were last told.

Some hundreds of people at a time: what is new is read and put together outside the unit, which then posts the letters,
notes until when each was told, and whom it came to. A worker that dies leaves the rest to the next, and nobody gets a
digest twice, or none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update

from webapp import outbox, transaction
from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.communities import Participation
from webapp.models.community_letters import DIGEST_HOUR, DIGEST_ZONE, DigestRun
from webapp.models.mailings import MailKind
from webapp.notices import communities as notices
from webapp.notices.letters import Notice
from webapp.queries import community_letters as queries
from webapp.queries.community_letters import Fresh, Reader
from webapp.queries.preferences import who_declined

AT_ONCE = 500
# Of each community so many topics, and of each topic so many posts, stand in a digest; of the others it says how many.
MOST_TOPICS = 10
MOST_POSTS = 3
FORGOTTEN = timedelta(days=60)


def last_morning(now: datetime) -> datetime:
    """The last moment, in UTC, at which digests were due: seven in the morning."""
    local = now.astimezone(ZoneInfo(DIGEST_ZONE))
    today = datetime.combine(local.date(), time(DIGEST_HOUR), ZoneInfo(DIGEST_ZONE))
    found = today if today <= local else datetime.combine(local.date() - timedelta(days=1), today.timetz())
    return found.astimezone(now.tzinfo)


def last_week(morning: datetime) -> datetime:
    """The last moment, up to this one, at which weekly digests were due: that of a Monday."""
    local = morning.astimezone(ZoneInfo(DIGEST_ZONE))
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(DIGEST_HOUR), ZoneInfo(DIGEST_ZONE)).astimezone(morning.tzinfo)


def make_due(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Post the digests of this morning that were not posted yet; gives how many. To be called every minute."""
    daily = last_morning(clock())
    run = queries.find_run(daily)
    db.session.rollback()
    if run is None:
        _begin(daily)
    elif run.finished_at is not None:
        return 0
    morning = _Morning(daily)
    posted, more = 0, True
    while more and not stopping():
        number, more = _make_some(morning, clock())
        posted += number
    return posted


def _begin(daily: datetime) -> None:
    with transaction.unit():
        adding = insert_or(db.session, DigestRun.__table__).values(due_at=daily, looked_person_id=0, letters=0)
        db.session.execute(adding.on_conflict_do_nothing())
        db.session.execute(delete(DigestRun).where(DigestRun.due_at < daily - FORGOTTEN))


def _make_some(morning: "_Morning", now: datetime) -> tuple[int, bool]:
    """Post the digests of the next few hundred people; gives how many, and whether more people are left."""
    run = queries.find_run(morning.daily)
    looked = run.looked_person_id if run else 0
    due = {"daily": morning.daily, "weekly": morning.weekly}
    ids = queries.people_due(after=looked, limit=AT_ONCE, **due)
    readers = queries.readers_of(ids, now=now, **due) if ids else []
    declined = who_declined(MailKind.COMMUNITY, ids)
    made = morning.letters_to([one for one in readers if one.person_id not in declined], now=now)
    rows = [outbox.row_of(one, now) for one in made]
    db.session.rollback()
    with transaction.unit():
        run = queries.lock_run(morning.daily)
        if run is None or run.finished_at is not None or run.looked_person_id != looked:
            return 0, False  # another worker is about it
        if not ids:
            run.finished_at = now
            return 0, False
        told = queries.lock_due(ids, **due)
        own = update(Participation).where(Participation.id.in_(told)).execution_options(synchronize_session=False)
        db.session.execute(own.values(told_until=morning.daily))
        run.looked_person_id = ids[-1]
        run.letters += len(rows)
        return outbox.post_rows(rows), True


@dataclass(frozen=True)
class _News:
    """What is new in a community since a time: its topics, the one written in last first, and what all are told."""

    topics: Sequence[Sequence[Fresh]]
    authors: frozenset[int]
    facts: dict[str, Any] | None


class _Morning:
    """The digests of one morning; what many are told alike is read and put together once."""

    def __init__(self, daily: datetime) -> None:
        self.daily = daily
        self.weekly = last_week(daily)
        self._fresh: dict[int, tuple[datetime, list[Fresh]]] = {}
        self._news: dict[tuple[int, datetime], _News] = {}

    def letters_to(self, readers: Sequence[Reader], *, now: datetime) -> list[Notice]:
        """The digests of these people, those apart of whom nothing is new."""
        for one in readers:
            self._read(one.community_id, one.told_until)
        news = {one: self._since(one.community_id, one.told_until) for one in readers}
        topics = {posts[0].topic_id for one in news.values() for posts in one.topics}
        ids = [one.person_id for one in readers]
        readings = queries.readings_of(ids, topics) if topics else {}
        people: dict[int, tuple[Reader, list[dict[str, Any]]]] = {}
        for reader, new in news.items():
            facts = _facts_for(reader, new, readings.get(reader.person_id, {}))
            if facts is not None:
                people.setdefault(reader.person_id, (reader, []))[1].append(facts)
        return [notices.digest(one.person_id, one.name, one.email, told, now=now) for one, told in people.values()]

    def _read(self, community_id: int, since: datetime) -> None:
        known = self._fresh.get(community_id)
        if known is None or known[0] > since:
            found = queries.fresh_posts(community_id, since=since, until=self.daily)
            self._fresh[community_id] = since, found

    def _since(self, community_id: int, since: datetime) -> _News:
        key = community_id, since
        if key not in self._news:
            by_topic: dict[int, list[Fresh]] = {}
            for one in self._fresh[community_id][1]:
                if one.published_at > since:
                    by_topic.setdefault(one.topic_id, []).append(one)
            topics = _newest_first(list(by_topic.values()))
            authors = frozenset(one.author_id for posts in topics for one in posts)
            self._news[key] = _News(topics=topics, authors=authors, facts=_facts(community_id, topics))
        return self._news[key]


def _facts_for(reader: Reader, news: _News, readings: dict[int, tuple[int, bool]]) -> dict[str, Any] | None:
    """What is new to one person: not their own posts, nor what they have read or mute."""
    if not readings and reader.person_id not in news.authors:
        return news.facts
    left = []
    for posts in news.topics:
        number, mutes = readings.get(posts[0].topic_id, (0, False))
        new = [one for one in posts if one.number > number and one.author_id != reader.person_id]
        if new and not mutes:
            left.append(new)
    return _facts(reader.community_id, _newest_first(left))


def _newest_first(topics: Sequence[Sequence[Fresh]]) -> Sequence[Sequence[Fresh]]:
    return sorted(topics, key=lambda posts: (posts[-1].published_at, posts[-1].post_id), reverse=True)


def _facts(community_id: int, topics: Sequence[Sequence[Fresh]]) -> dict[str, Any] | None:
    if not topics:
        return None
    told = [([one.post_id for one in posts[:MOST_POSTS]], len(posts)) for posts in topics[:MOST_TOPICS]]
    return notices.community_news(community_id, told, max(0, len(topics) - MOST_TOPICS))
