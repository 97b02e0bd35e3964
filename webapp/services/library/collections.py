"""Collections: what each is called and for, which resources are in it, and in which order."""

from datetime import datetime

from webapp.extensions import db
from webapp.folding import fold, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.library import Collection, CollectionItem, LibraryState
from webapp.queries import library as queries
from webapp.services.activity import record
from webapp.services.library.life import enter
from webapp.services.library.refusals import LibraryChanged, LibraryRefused

MOST_ITEMS = 100


def create_collection(programme_id: int, *, title: str, introduction: str, actor: Actor, now: datetime) -> Collection:
    """A new collection of a programme as a draft, with nothing in it."""
    collection = Collection(
        programme_id=programme_id,
        slug=slug(title),
        title=title,
        title_sort=fold(title)[:200],
        introduction=introduction,
        created_at=now,
        updated_at=now,
    )
    db.session.add(collection)
    db.session.flush()
    record("collection_created", ThingKind.COLLECTION, collection.id, actor=actor, now=now, title=title)
    return collection


def describe_collection(
    collection_id: int, *, title: str, introduction: str, version: int, actor: Actor, now: datetime
) -> Collection:
    """Change what a collection is called and its introduction; raises LibraryChanged for another version."""
    collection = queries.lock_collection(collection_id)
    before = {"title": collection.title, "introduction": collection.introduction}
    after = {"title": title, "introduction": introduction}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return collection
    if collection.version != version:
        raise LibraryChanged
    collection.title, collection.slug, collection.title_sort = title, slug(title), fold(title)[:200]
    collection.introduction = introduction
    _touch(collection, now)
    record("collection_changed", ThingKind.COLLECTION, collection.id, actor=actor, now=now, changes=changes)
    return collection


def add(collection_id: int, resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a published resource at the end of a collection; in it already, nothing happens.

    Raises LibraryRefused when it is full, or when the resource is a draft or archived.
    """
    collection = queries.lock_collection(collection_id)
    if any(one.resource_id == resource_id for one in collection.items):
        return
    if len(collection.items) >= MOST_ITEMS:
        raise LibraryRefused(f"A collection holds {MOST_ITEMS} resources at most.")
    resource = queries.lock_resource(resource_id)
    if resource.state is not LibraryState.PUBLISHED:
        raise LibraryRefused(f"“{resource.title}” is not in the lists, so it cannot be put in.")
    last = max((one.position for one in collection.items), default=0)
    collection.items.append(CollectionItem(resource_id=resource_id, position=last + 1))
    _touch(collection, now)
    record("collection_filled", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def remove(collection_id: int, resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a resource out of a collection; not in it, nothing happens."""
    collection = queries.lock_collection(collection_id)
    item = next((one for one in collection.items if one.resource_id == resource_id), None)
    if item is None:
        return
    collection.items.remove(item)
    _touch(collection, now)
    record("collection_emptied", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def move(collection_id: int, resource_id: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move a resource up or down by one in its collection; at the end of it, it stays."""
    collection = queries.lock_collection(collection_id)
    items = list(collection.items)
    at = next((place for place, one in enumerate(items) if one.resource_id == resource_id), None)
    to = -1 if at is None else at - 1 if up else at + 1
    if at is None or not 0 <= to < len(items):
        return
    items[at].position, items[to].position = items[to].position, items[at].position
    _touch(collection, now)
    record("collection_ordered", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def publish_collection(collection_id: int, *, actor: Actor, now: datetime) -> None:
    """Let everybody find a draft; published already, nothing happens.

    Raises LibraryRefused while nothing that is published is in it.
    """
    collection = queries.lock_collection(collection_id)
    if collection.state is LibraryState.DRAFT and _shows(collection, now):
        record("collection_published", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def archive_collection(collection_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a published collection out of all lists; its address still works."""
    collection = queries.lock_collection(collection_id)
    if enter(collection, LibraryState.ARCHIVED, now):
        record("collection_archived", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def bring_back_collection(collection_id: int, *, actor: Actor, now: datetime) -> None:
    """Put an archived collection back into the lists; raises LibraryRefused as publishing it does."""
    collection = queries.lock_collection(collection_id)
    if collection.is_archived and _shows(collection, now):
        record("collection_brought_back", ThingKind.COLLECTION, collection.id, actor=actor, now=now)


def _shows(collection: Collection, now: datetime) -> bool:
    """Let it stand in the lists, unless its page would be empty."""
    if not collection.items:
        raise LibraryRefused("Put a resource into the collection first.")
    if not queries.resources_in(collection.id):
        raise LibraryRefused("None of its resources is in the lists. Put one in, or bring one back, first.")
    return enter(collection, LibraryState.PUBLISHED, now)


def _touch(collection: Collection, now: datetime) -> None:
    collection.version += 1
    collection.updated_at = now
