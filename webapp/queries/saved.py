"""What people saved: what can be saved, and each person's own list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Person, ThingKind, Viewer, Visitor
from webapp.models.agenda import Session
from webapp.models.communities import Community
from webapp.models.events import Event, EventState
from webapp.models.library import Collection, LibraryState, Resource
from webapp.models.publications import Article, Issue, Publication
from webapp.models.saved import SavedItem
from webapp.models.speakers import Speaker
from webapp.models.topics import Post, Topic
from webapp.models.transcripts import Transcript, TranscriptState, Turn
from webapp.queries.communities import readable
from webapp.queries.paging import Page, nearest
from webapp.queries.publications.reading import article_out
from webapp.queries.topics import published

PAGE_SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Savable:
    """A thing that can be saved, as a list shows it: what its address is made of, and what stands beside its title."""

    kind: ThingKind
    id: int
    public_id: str
    slug: str
    title: str
    what: str
    within: str = ""
    # Those of the event, and of the session within it, at which it stands.
    event_public_id: str = ""
    event_slug: str = ""
    session_public_id: str = ""
    session_slug: str = ""
    is_archived: bool = False


Finder = Callable[[ThingKind, Any, datetime, Viewer | Visitor], dict[int, Savable]]


def _of_library(model: Any, what: Callable[[Any], str]) -> Finder:
    def found(kind: ThingKind, wanted: Any, _now: datetime, _viewer: Viewer | Visitor) -> dict[int, Savable]:
        columns = [getattr(model, name) for name in ("id", "public_id", "slug", "title", "state")]
        # A collection has no kind of its own.
        columns += [getattr(model, "kind", model.state)]
        statement = select(*columns).where(wanted(model), model.state != LibraryState.DRAFT)
        return {
            row[0]: Savable(
                kind=kind,
                id=row[0],
                public_id=row[1],
                slug=row[2],
                title=row[3],
                is_archived=row[4] is LibraryState.ARCHIVED,
                what=what(row[5]),
            )
            for row in db.session.execute(statement)
        }

    return found


def _of_sessions(kind: ThingKind, wanted: Any, _now: datetime, _viewer: Viewer | Visitor) -> dict[int, Savable]:
    statement = (
        select(Session.id, Session.public_id, Session.slug, Session.title, Event.public_id, Event.slug, Event.title)
        .join(Session.event)
        .where(wanted(Session), Event.state != EventState.DRAFT)
    )
    return {
        row[0]: Savable(
            kind=kind,
            id=row[0],
            public_id=row[1],
            slug=row[2],
            title=row[3],
            what="Session",
            event_public_id=row[4],
            event_slug=row[5],
            within=row[6],
        )
        for row in db.session.execute(statement)
    }


def _of_articles(kind: ThingKind, wanted: Any, now: datetime, _viewer: Viewer | Visitor) -> dict[int, Savable]:
    statement = (
        select(Article.id, Article.public_id, Article.slug, Article.title, Issue.number, Publication.title)
        .join(Article.issue)
        .join(Issue.publication)
        .where(wanted(Article), article_out(now))
    )
    return {
        row[0]: Savable(
            kind=kind,
            id=row[0],
            public_id=row[1],
            slug=row[2],
            title=row[3],
            what="Article",
            within=f"{row[5]}, issue {row[4]}",
        )
        for row in db.session.execute(statement)
    }


def _of_turns(kind: ThingKind, wanted: Any, _now: datetime, _viewer: Viewer | Visitor) -> dict[int, Savable]:
    own = aliased(Speaker)
    statement = (
        select(Turn.id, Turn.public_id, func.coalesce(Speaker.name, Turn.label))
        .add_columns(Session.public_id, Session.slug, Session.title, Event.public_id, Event.slug, Event.title)
        .join(Transcript, Transcript.id == Turn.transcript_id)
        .join(Transcript.session)
        .join(Session.event)
        .outerjoin(own, own.id == Turn.speaker_id)
        .outerjoin(Speaker, Speaker.id == func.coalesce(own.merged_into_id, own.id))
        .where(wanted(Turn), Turn.removed_at.is_(None))
        .where(Transcript.state == TranscriptState.PUBLISHED, Event.state != EventState.DRAFT)
    )
    return {
        row[0]: Savable(
            kind=kind,
            id=row[0],
            public_id=row[1],
            slug="",
            title=f"What {row[2] or 'somebody'} said in “{row[5]}”",
            what="Transcript",
            within=row[8],
            event_public_id=row[6],
            event_slug=row[7],
            session_public_id=row[3],
            session_slug=row[4],
        )
        for row in db.session.execute(statement)
    }


def _of_posts(kind: ThingKind, wanted: Any, _now: datetime, viewer: Viewer | Visitor) -> dict[int, Savable]:
    statement = (
        select(Post.id, Post.public_id, Post.number, Topic.title, Community.name, Person.name)
        .join(Topic, Topic.id == Post.topic_id)
        .join(Community, Community.id == Topic.community_id)
        .join(Person, Person.id == Post.author_id)
        .where(wanted(Post), published(), readable(viewer))
    )
    return {
        row[0]: Savable(
            kind=kind,
            id=row[0],
            public_id=row[1],
            slug="",
            title=row[3] if row[2] == 1 else f"{row[5]} in “{row[3]}”",
            what="Topic" if row[2] == 1 else "Post",
            within=row[4],
        )
        for row in db.session.execute(statement)
    }


# Whatever else is to be saved needs a line here, and an address in the door.
_FINDERS: Mapping[ThingKind, Finder] = {
    ThingKind.RESOURCE: _of_library(Resource, lambda kind: str(kind.label)),
    ThingKind.COLLECTION: _of_library(Collection, lambda _: "Collection"),
    ThingKind.SESSION: _of_sessions,
    ThingKind.ARTICLE: _of_articles,
    ThingKind.TURN: _of_turns,
    ThingKind.POST: _of_posts,
}


def get_savable(kind: str, public_id: str, *, viewer: Viewer | Visitor, now: datetime) -> Savable:
    """The thing of this kind, which the viewer may open; raises NotFound, also for kinds that cannot be saved."""
    finder = _FINDERS.get(ThingKind(kind)) if kind in set(ThingKind) else None
    found = finder(ThingKind(kind), lambda model: model.public_id == public_id, now, viewer) if finder else {}
    if not found:
        raise NotFound
    return next(iter(found.values()))


def find_saved(person_id: int, kind: ThingKind, thing_id: int) -> SavedItem | None:
    """What this person saved of a thing; None when nothing."""
    statement = select(SavedItem).where(
        SavedItem.person_id == person_id, SavedItem.thing_kind == kind, SavedItem.thing_id == thing_id
    )
    return db.session.scalars(statement).one_or_none()


def get_saved(viewer: Viewer, public_id: str, *, now: datetime) -> tuple[SavedItem, Savable | None]:
    """Something that somebody saved, with the thing as it is now, or None when they can open that no more.

    Raises NotFound.
    """
    statement = select(SavedItem).where(SavedItem.public_id == public_id, SavedItem.person_id == viewer.id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return _with_things([found], viewer, now)[0]


def saved_by(viewer: Viewer, *, page: int, now: datetime) -> Page[tuple[SavedItem, Savable | None]]:
    """All that somebody saved, the last first, 20 a page, each with the thing as it is now."""
    total = count_saved(viewer.id)
    number = nearest(page, total, PAGE_SIZE)
    statement = select(SavedItem).where(SavedItem.person_id == viewer.id)
    statement = statement.order_by(SavedItem.saved_at.desc(), SavedItem.id.desc())
    shown = statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(_with_things(list(db.session.scalars(shown)), viewer, now), number, PAGE_SIZE, total)


def count_saved(person_id: int) -> int:
    """How many things a person saved."""
    return db.session.scalar(select(func.count()).where(SavedItem.person_id == person_id)) or 0


def lock_saved(person_id: int, public_id: str) -> SavedItem | None:
    """Something that this person saved, locked until the unit ends; None when it is gone."""
    statement = select(SavedItem).where(SavedItem.public_id == public_id, SavedItem.person_id == person_id)
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _with_things(items: list[SavedItem], viewer: Viewer, now: datetime) -> list[tuple[SavedItem, Savable | None]]:
    things: dict[tuple[ThingKind, int], Savable] = {}
    for kind, finder in _FINDERS.items():
        ids = sorted(one.thing_id for one in items if one.thing_kind is kind)
        if ids:
            found = finder(kind, lambda model, ids=ids: model.id.in_(ids), now, viewer)
            things |= {(kind, thing_id): thing for thing_id, thing in found.items()}
    return [(one, things.get((one.thing_kind, one.thing_id))) for one in items]
