"""Files that go with posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.extensions import db
from webapp.models.topics import MOST_FILES, Post, PostFile
from webapp.queries import topics as queries
from webapp.services import files
from webapp.services.files import Written
from webapp.services.topics.refusals import PostRefused


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file that was sent along: its content as it lies, and what it is called."""

    written: Written
    title: str
    filename: str


@dataclass(frozen=True, kw_only=True)
class Enclosures:
    """What comes to the files of a post, and the public ids of those that go."""

    added: Sequence[Enclosure] = ()
    removed: Collection[str] = ()


NO_FILES = Enclosures()


def attach(post: Post, enclosures: Enclosures, *, now: datetime) -> None:
    """Put files to a locked post and take others away; raises PostRefused for more than it may have."""
    if not (enclosures.added or enclosures.removed):
        return
    there = queries.files_of(post.id)
    kept = [one for one in there if one.public_id not in enclosures.removed]
    if len(kept) + len(enclosures.added) > MOST_FILES:
        raise PostRefused(f"A post may have up to {MOST_FILES} files.")
    for one in there:
        if one not in kept:
            db.session.delete(one)
    position = max((one.position for one in kept), default=0)
    for place, given in enumerate(enclosures.added, position + 1):
        stored = files.keep(given.written, now=now)
        db.session.add(
            PostFile(
                post_id=post.id, position=place, file_id=stored.id, title=given.title[:200], filename=given.filename
            )
        )
    db.session.flush()
