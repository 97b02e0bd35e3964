"""One resource as everybody sees it, and what it has to do with sessions."""

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.agenda import Session
from webapp.models.events import Event, EventDay, EventState
from webapp.models.library import LibraryState, Resource, ResourceOrganisation, listed, resource_sessions


def get_resource(public_id: str, *, viewer: Viewer | Visitor) -> Resource:
    """The resource with all that its page shows; a draft only for those who look after its programme's library.

    Raises NotFound.
    """
    reached = reach(viewer, Power.SET_UP)
    seen = or_(Resource.state != LibraryState.DRAFT, Resource.programme_id.in_(sorted(reached.programmes)))
    found = find_whole(select(Resource).where(Resource.public_id == public_id, true() if reached.everything else seen))
    if found is None:
        raise NotFound
    return found


def find_whole(statement: Select[Resource]) -> Resource | None:
    """The one resource of a statement with programme, file, themes, authors and organisations; None without one."""
    statement = statement.options(
        joinedload(Resource.programme),
        joinedload(Resource.file),
        selectinload(Resource.themes),
        selectinload(Resource.authors),
        selectinload(Resource.publishers).joinedload(ResourceOrganisation.organisation),
    )
    return db.session.scalars(statement).one_or_none()


def sessions_about(resource_id: int) -> list[Session]:
    """The sessions of listed events that a resource belongs to, with event and day, latest first; 100 at most."""
    statement = (
        select(Session)
        .join(Session.event)
        .join(Session.day)
        .join(resource_sessions, resource_sessions.c.session_id == Session.id)
        .where(resource_sessions.c.resource_id == resource_id, Event.state != EventState.DRAFT, Event.listed)
        .options(contains_eager(Session.event), contains_eager(Session.day))
        .order_by(EventDay.date.desc(), Session.position, Session.id)
    )
    return list(db.session.scalars(statement.limit(100)))


def resources_about(session_id: int) -> list[Resource]:
    """The published resources that belong to a session, by title; 100 at most."""
    statement = (
        select(Resource)
        .join(resource_sessions, resource_sessions.c.resource_id == Resource.id)
        .where(resource_sessions.c.session_id == session_id, listed(Resource))
        .options(load_only(Resource.public_id, Resource.slug, Resource.title, Resource.kind))
        .order_by(Resource.title_sort, Resource.id)
    )
    return list(db.session.scalars(statement.limit(100)))


def events_related(resource_id: int) -> set[int]:
    """The ids of the events whose sessions a resource belongs to."""
    statement = (
        select(Session.event_id)
        .join(resource_sessions, resource_sessions.c.session_id == Session.id)
        .where(resource_sessions.c.resource_id == resource_id)
    )
    return set(db.session.scalars(statement.distinct()))
