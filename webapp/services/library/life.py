"""What becomes of a resource: published, archived, brought back."""

from datetime import datetime

from webapp.models.accounts import Actor, ThingKind
from webapp.models.library import NEXT_STATES, Collection, LibraryState, Resource
from webapp.queries import library as queries
from webapp.services.activity import record
from webapp.services.library.refusals import LibraryRefused
from webapp.services.library.resources import show_anew


def publish(resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Let everybody find a draft; published already, nothing happens. Raises LibraryRefused while it leads nowhere."""
    resource = queries.lock_resource(resource_id)
    if not resource.url and resource.file_id is None:
        raise LibraryRefused("Add an address or a file first.")
    if resource.state is LibraryState.DRAFT and enter(resource, LibraryState.PUBLISHED, now):
        show_anew(resource)
        record("resource_published", ThingKind.RESOURCE, resource.id, actor=actor, now=now)


def archive(resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a published resource out of all lists; its address still works."""
    resource = queries.lock_resource(resource_id)
    if enter(resource, LibraryState.ARCHIVED, now):
        show_anew(resource)
        record("resource_archived", ThingKind.RESOURCE, resource.id, actor=actor, now=now)


def bring_back(resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Put an archived resource back into the lists."""
    resource = queries.lock_resource(resource_id)
    if resource.is_archived and enter(resource, LibraryState.PUBLISHED, now):
        show_anew(resource)
        record("resource_brought_back", ThingKind.RESOURCE, resource.id, actor=actor, now=now)


def enter(thing: Resource | Collection, state: LibraryState, now: datetime) -> bool:
    """Let it stand so if that may follow, and give whether anything changed.

    Raises LibraryRefused when it may not.
    """
    if thing.state is state:
        return False
    if state not in NEXT_STATES[thing.state]:
        raise LibraryRefused(f"What is {thing.state.value} cannot be {state.value}.")
    thing.state = state
    thing.added_at = thing.added_at or now
    thing.version += 1
    thing.updated_at = now
    return True
