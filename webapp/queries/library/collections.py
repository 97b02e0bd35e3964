"""Collections, and the resources in them."""

from collections.abc import Collection as Some

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.library import Collection, CollectionItem, LibraryState, Resource, listed
from webapp.queries.library.listing import shown_in_lists

SHOWN = 200


def find_collections(limit: int = SHOWN) -> list[tuple[Collection, int]]:
    """The published collections, the last added first, each with how many published resources are in it."""
    statement = select(Collection).where(listed(Collection))
    return _counted(statement.order_by(Collection.added_at.desc(), Collection.id.desc()).limit(limit))


def get_collection(public_id: str, *, viewer: Viewer | Visitor) -> Collection:
    """The collection with its programme; a draft only for those who look after its programme's library.

    Raises NotFound.
    """
    reached = reach(viewer, Power.SET_UP)
    seen = or_(Collection.state != LibraryState.DRAFT, Collection.programme_id.in_(sorted(reached.programmes)))
    return _one(select(Collection).where(Collection.public_id == public_id, true() if reached.everything else seen))


def resources_in(collection_id: int) -> list[Resource]:
    """The published resources of a collection in their order, with what a list shows of each."""
    statement = (
        select(Resource)
        .join(CollectionItem, CollectionItem.resource_id == Resource.id)
        .where(CollectionItem.collection_id == collection_id, listed(Resource))
        .order_by(CollectionItem.position, CollectionItem.id)
    )
    return list(db.session.scalars(shown_in_lists(statement)))


def collections_with(resource_id: int) -> list[Collection]:
    """The published collections in which a resource is, by title."""
    statement = (
        select(Collection)
        .join(CollectionItem, CollectionItem.collection_id == Collection.id)
        .where(CollectionItem.resource_id == resource_id, listed(Collection))
        .order_by(Collection.title_sort, Collection.id)
    )
    return list(db.session.scalars(statement.limit(SHOWN)))


def managed_collections(viewer: Viewer | Visitor) -> list[tuple[Collection, int]]:
    """The collections of programmes where the viewer sets up events, by title, each with its number of resources.

    Those that are drafts or archived are counted too.
    """
    reached = reach(viewer, Power.SET_UP)
    statement = select(Collection)
    if not reached.everything:
        statement = statement.where(Collection.programme_id.in_(sorted(reached.programmes)))
    return _counted(statement.order_by(Collection.title_sort, Collection.id).limit(SHOWN), whole=True)


def get_managed_collection(public_id: str, *, viewer: Viewer | Visitor) -> Collection:
    """The collection with its resources in order, for somebody who sets up events in its programme.

    Raises NotFound for all others.
    """
    statement = select(Collection).where(Collection.public_id == public_id)
    found = _one(statement.options(selectinload(Collection.items).joinedload(CollectionItem.resource)))
    reached = reach(viewer, Power.SET_UP)
    if not reached.everything and found.programme_id not in reached.programmes:
        raise NotFound
    return found


def lock_collection(collection_id: int) -> Collection:
    """The collection as it is now with its items, locked until the unit ends; raises NotFound."""
    statement = select(Collection).where(Collection.id == collection_id).with_for_update(of=Collection)
    statement = statement.options(selectinload(Collection.items)).execution_options(populate_existing=True)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _one(statement: Select[Collection]) -> Collection:
    found = db.session.scalars(statement.options(joinedload(Collection.programme))).one_or_none()
    if found is None:
        raise NotFound
    return found


def _counted(statement: Select[Collection], *, whole: bool = False) -> list[tuple[Collection, int]]:
    found = list(db.session.scalars(statement.options(joinedload(Collection.programme))))
    numbers = _numbers([one.id for one in found], whole=whole)
    return [(one, numbers.get(one.id, 0)) for one in found]


def _numbers(ids: Some[int], *, whole: bool) -> dict[int, int]:
    statement = (
        select(CollectionItem.collection_id, func.count())
        .join(CollectionItem.resource)
        .where(CollectionItem.collection_id.in_(sorted(ids)), true() if whole else listed(Resource))
        .group_by(CollectionItem.collection_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
