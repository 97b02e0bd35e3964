"""Reading the library: lists, pages, what belongs to whom, and rows to be changed."""

from webapp.queries.library.collections import (
    collections_with,
    find_collections,
    get_collection,
    get_managed_collection,
    lock_collection,
    managed_collections,
    resources_in,
)
from webapp.queries.library.listing import (
    ResourceFilter,
    find_resources,
    newest_resources,
    newest_titles,
    organisations_listed,
    years_listed,
)
from webapp.queries.library.managed import (
    ManagedFilter,
    count_to_review,
    events_to_relate,
    get_managed_resource,
    lock_resource,
    managed_resources,
    names_of_organisations,
    namesakes,
)
from webapp.queries.library.single import (
    events_related,
    get_resource,
    resources_about,
    sessions_about,
)

__all__ = [
    "ManagedFilter",
    "ResourceFilter",
    "collections_with",
    "count_to_review",
    "events_related",
    "events_to_relate",
    "find_collections",
    "find_resources",
    "get_collection",
    "get_managed_collection",
    "get_managed_resource",
    "get_resource",
    "lock_collection",
    "lock_resource",
    "managed_collections",
    "managed_resources",
    "names_of_organisations",
    "namesakes",
    "newest_resources",
    "newest_titles",
    "organisations_listed",
    "resources_about",
    "resources_in",
    "sessions_about",
    "years_listed",
]
