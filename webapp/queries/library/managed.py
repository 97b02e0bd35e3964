"""Resources as those see them who look after the library of a programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold, name_key
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.library import LibraryState, Resource, ResourceKind, listed, today
from webapp.models.organisations import Organisation, OrganisationAlias
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.queries.library.listing import with_words
from webapp.queries.library.single import find_whole
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class ManagedFilter:
    """What somebody looks for among the resources that they look after."""

    text: str = ""
    state: LibraryState | None = None
    kind: ResourceKind | None = None
    to_review: bool = False


def managed_resources(viewer: Viewer | Visitor, wanted: ManagedFilter, *, page: int, now: datetime) -> Page[Resource]:
    """The resources of programmes where the viewer sets up events, 50 a page; those to be reviewed the longest first.

    All others come by title.
    """
    statement = select(Resource).where(_reached(viewer))
    if wanted.state:
        statement = statement.where(Resource.state == wanted.state)
    if wanted.kind:
        statement = statement.where(Resource.kind == wanted.kind)
    if wanted.to_review:
        statement = statement.where(_to_review(now))
    if wanted.text:
        statement = statement.where(with_words(wanted.text))
    total = db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Resource.id).subquery()))
    number = nearest(page, total or 0, PAGE_SIZE)
    order = (Resource.review_on, Resource.id) if wanted.to_review else (Resource.title_sort, Resource.id)
    rows = statement.options(joinedload(Resource.programme)).order_by(*order)
    rows = rows.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(list(db.session.scalars(rows)), number, PAGE_SIZE, total or 0)


def count_to_review(viewer: Viewer | Visitor, *, now: datetime) -> int:
    """How many published resources that the viewer looks after were to be reviewed by now."""
    statement = select(func.count()).select_from(Resource).where(_reached(viewer), _to_review(now))
    return db.session.scalar(statement) or 0


def get_managed_resource(public_id: str, *, viewer: Viewer | Visitor) -> Resource:
    """The resource with all about it, for somebody who sets up events in its programme; raises NotFound for others."""
    statement = select(Resource).where(Resource.public_id == public_id, _reached(viewer))
    found = find_whole(statement.options(selectinload(Resource.sessions).joinedload(Session.event)))
    if found is None:
        raise NotFound
    return found


def lock_resource(resource_id: int) -> Resource:
    """The resource as it is now with all about it, locked until the unit ends; raises NotFound."""
    statement = select(Resource).where(Resource.id == resource_id).with_for_update(of=Resource)
    statement = statement.options(selectinload(Resource.sessions)).execution_options(populate_existing=True)
    found = find_whole(statement)
    if found is None:
        raise NotFound
    return found


def events_to_relate(programme_id: int) -> list[Event]:
    """The events of a programme that have released sessions, the latest 200 first."""
    released = select(Session.id).where(Session.event_id == Event.id).exists()
    statement = select(Event).where(Event.programme_id == programme_id, released)
    return list(db.session.scalars(statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(200)))


def namesakes(names: Iterable[str]) -> dict[str, list[Speaker]]:
    """The speakers known under each of these names or another spelling of it, with organisation, by the folded name.

    Names that nobody goes by are left out, and so are merged profiles.
    """
    keys = {name_key(name): fold(name) for name in names}
    also = select(SpeakerAlias.speaker_id, SpeakerAlias.name_folded).where(SpeakerAlias.name_folded.in_(keys.values()))
    by_alias: dict[int, list[str]] = {}
    for speaker_id, plain in db.session.execute(also):
        by_alias.setdefault(speaker_id, []).append(plain)
    statement = (
        select(Speaker)
        .where(or_(Speaker.name_sort.in_(keys), Speaker.id.in_(by_alias)), Speaker.merged_into_id.is_(None))
        .options(joinedload(Speaker.organisation))
        .order_by(Speaker.id)
    )
    found: dict[str, list[Speaker]] = {}
    for speaker in db.session.scalars(statement.limit(100)):
        own = [keys[speaker.name_sort]] if speaker.name_sort in keys else []
        for plain in dict.fromkeys(own + by_alias.get(speaker.id, [])):
            found.setdefault(plain, []).append(speaker)
    return found


def names_of_organisations(ids: Iterable[int]) -> list[str]:
    """The names and the aliases of these organisations, to find by."""
    wanted = sorted(ids)
    names = db.session.scalars(select(Organisation.name).where(Organisation.id.in_(wanted)).order_by(Organisation.id))
    aliases = select(OrganisationAlias.name).where(OrganisationAlias.organisation_id.in_(wanted))
    return [*names, *db.session.scalars(aliases.order_by(OrganisationAlias.id))]


def _reached(viewer: Viewer | Visitor) -> ColumnElement[bool]:
    reached = reach(viewer, Power.SET_UP)
    return true() if reached.everything else Resource.programme_id.in_(sorted(reached.programmes))


def _to_review(now: datetime) -> ColumnElement[bool]:
    return and_(Resource.__table__.c.review_on < today(now), listed(Resource))
