"""What happens in the library: resources described, published and archived, and collections of them put in order."""

from webapp.services.library.collections import (
    add,
    archive_collection,
    bring_back_collection,
    create_collection,
    describe_collection,
    move,
    publish_collection,
    remove,
)
from webapp.services.library.life import archive, bring_back, publish
from webapp.services.library.refusals import LibraryChanged, LibraryRefused
from webapp.services.library.resources import (
    ResourceWords,
    attach_file,
    change,
    create,
    link_author,
    relate,
    remove_file,
)

__all__ = [
    "LibraryChanged",
    "LibraryRefused",
    "ResourceWords",
    "add",
    "archive",
    "archive_collection",
    "attach_file",
    "bring_back",
    "bring_back_collection",
    "change",
    "create",
    "create_collection",
    "describe_collection",
    "link_author",
    "move",
    "publish",
    "publish_collection",
    "relate",
    "remove",
    "remove_file",
]
