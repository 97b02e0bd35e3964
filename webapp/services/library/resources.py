"""Resources: what is said of each, who made it, its file, and the sessions that it belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.library import Dating, Resource, ResourceAuthor, ResourceKind, ResourceOrganisation
from webapp.queries import library as queries
from webapp.queries.agenda import agenda_of
from webapp.queries.programmes import themes_of
from webapp.queries.speakers import find_speaker
from webapp.revisions import grow
from webapp.services import files
from webapp.services.activity import record
from webapp.services.files import Written
from webapp.services.library.refusals import LibraryChanged, LibraryRefused
from webapp.services.organisations import find_or_make_organisation
from webapp.services.search import index_resource


@dataclass(frozen=True, kw_only=True)
class ResourceWords:
    """What is said of a resource; authors and organisations by name in their order, themes by their public ids."""

    kind: ResourceKind
    title: str
    summary: str = ""
    description: str = ""
    url: str = ""
    dated: Dating | None = None
    review_on: date | None = None
    authors: Sequence[str] = ()
    organisations: Sequence[str] = ()
    themes: Sequence[str] = ()


def create(programme_id: int, words: ResourceWords, *, actor: Actor, now: datetime) -> Resource:
    """A new resource of a programme as a draft; an organisation that nobody knew is put on the list."""
    made_by = _organisations(words, now)
    resource = Resource(
        programme_id=programme_id, kind=words.kind, title="", title_sort="", slug="", created_at=now, updated_at=now
    )
    _write(resource, words, made_by)
    db.session.add(resource)
    db.session.flush()
    _index(resource, words, made_by)
    record("resource_created", ThingKind.RESOURCE, resource.id, actor=actor, now=now, title=resource.title)
    return resource


def change(resource_id: int, words: ResourceWords, *, version: int, actor: Actor, now: datetime) -> Resource:
    """Let a resource say this; said already, nothing happens.

    Raises LibraryChanged when `version` is not the present one, and LibraryRefused when a published one would lead
    nowhere.
    """
    made_by = _organisations(words, now)
    resource = queries.lock_resource(resource_id)
    before = _said(resource)
    if resource.version != version and before != _wanted(resource, words, made_by):
        raise LibraryChanged
    if not words.url and resource.file_id is None and resource.added_at is not None:
        raise LibraryRefused("Enter an address: without one, and without a file, the resource leads nowhere", "url")
    _write(resource, words, made_by)
    db.session.flush()
    after = _said(resource)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        _touch(resource, now)
        _index(resource, words, made_by)
        record("resource_changed", ThingKind.RESOURCE, resource.id, actor=actor, now=now, changes=changes)
    return resource


def attach_file(resource_id: int, written: Written, filename: str, *, actor: Actor, now: datetime) -> Resource:
    """Let a resource have this file, in the place of another that it may have."""
    resource = queries.lock_resource(resource_id)
    kept = files.keep(written, now=now)
    if (resource.file_id, resource.filename) != (kept.id, filename):
        resource.file_id, resource.filename = kept.id, filename
        _touch(resource, now)
        record("resource_file_added", ThingKind.RESOURCE, resource.id, actor=actor, now=now, file=filename)
    return resource


def remove_file(resource_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the file of a resource away; gone already, nothing happens.

    Raises LibraryRefused where it has no address and was published.
    """
    resource = queries.lock_resource(resource_id)
    if resource.file_id is None:
        return
    if not resource.url and resource.added_at is not None:
        raise LibraryRefused("Enter an address first: without one, and without a file, the resource leads nowhere.")
    record("resource_file_removed", ThingKind.RESOURCE, resource.id, actor=actor, now=now, file=resource.filename)
    resource.file_id, resource.filename = None, ""
    _touch(resource, now)


def link_author(resource_id: int, name: str, speaker_public_id: str, *, actor: Actor, now: datetime) -> None:
    """Say which speaker an author of this name is, or with an empty id that it is none; raises NotFound."""
    speaker = find_speaker(speaker_public_id) if speaker_public_id else None
    if speaker_public_id and speaker is None:
        raise NotFound
    resource = queries.lock_resource(resource_id)
    author = next((one for one in resource.authors if fold(one.name) == fold(name)), None)
    if author is None:
        raise NotFound
    speaker_id = speaker.id if speaker else None
    if author.speaker_id != speaker_id:
        author.speaker_id = speaker_id
        _touch(resource, now)
        record("resource_changed", ThingKind.RESOURCE, resource.id, actor=actor, now=now, author=author.name)


def relate(resource_id: int, event_id: int, session_ids: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Let a resource belong to these sessions of an event, by their public ids, and to no others of it."""
    wanted = set(session_ids)
    sessions = [one for one in agenda_of(event_id) if one.public_id in wanted]
    resource = queries.lock_resource(resource_id)
    before = [one.id for one in resource.sessions if one.event_id == event_id]
    if set(before) == {one.id for one in sessions}:
        return
    resource.sessions = [one for one in resource.sessions if one.event_id != event_id] + sessions
    _touch(resource, now)
    grow(db.session(), {event_id}, listed=False)
    record("resource_related", ThingKind.RESOURCE, resource.id, actor=actor, now=now, sessions=len(resource.sessions))


def show_anew(resource: Resource) -> None:
    """Let no kept page of a session that it belongs to be shown as it was."""
    grow(db.session(), {session.event_id for session in resource.sessions}, listed=False)


def _organisations(words: ResourceWords, now: datetime) -> list[int]:
    ids = [find_or_make_organisation(name, now=now) for name in words.organisations]
    return list(dict.fromkeys(ids))


def _write(resource: Resource, words: ResourceWords, made_by: Sequence[int]) -> None:
    resource.kind, resource.title = words.kind, words.title
    resource.slug, resource.title_sort = slug(words.title), fold(words.title)[:200]
    resource.summary, resource.description, resource.url = words.summary, words.description, words.url
    resource.published_on = words.dated.on if words.dated else None
    resource.published_precision = words.dated.precision if words.dated else None
    resource.review_on = words.review_on
    resource.themes = _themes(resource, words)
    known = {one.organisation_id: one for one in resource.publishers}
    resource.publishers = [known.get(one) or ResourceOrganisation(organisation_id=one) for one in made_by]
    # Who was told apart from namesakes stays so.
    named = {fold(one.name): one for one in resource.authors}
    authors = []
    for name in words.authors:
        author = named.pop(fold(name)) if fold(name) in named else ResourceAuthor()
        author.name = name
        authors.append(author)
    resource.authors = authors
    for position, publisher in enumerate(resource.publishers, start=1):
        publisher.position = position
    for position, author in enumerate(authors, start=1):
        author.position = position


def _themes(resource: Resource, words: ResourceWords) -> list[Any]:
    return [theme for theme in themes_of(resource.programme_id) if theme.public_id in words.themes]


def _said(resource: Resource) -> dict[str, Any]:
    """What is said of a resource, as the record keeps it."""
    return {
        "kind": resource.kind.value,
        "title": resource.title,
        "summary": resource.summary,
        "description": resource.description,
        "url": resource.url,
        "published": str(resource.dated or ""),
        "review_on": resource.review_on.isoformat() if resource.review_on else None,
        "themes": [theme.name for theme in resource.themes],
        "authors": [author.name for author in resource.authors],
        "organisations": [one.organisation_id for one in resource.publishers],
    }


def _wanted(resource: Resource, words: ResourceWords, made_by: Sequence[int]) -> dict[str, Any]:
    """The same as it is to become."""
    return {
        "kind": words.kind.value,
        "title": words.title,
        "summary": words.summary,
        "description": words.description,
        "url": words.url,
        "published": str(words.dated or ""),
        "review_on": words.review_on.isoformat() if words.review_on else None,
        "themes": [theme.name for theme in _themes(resource, words)],
        "authors": list(words.authors),
        "organisations": list(made_by),
    }


def _touch(resource: Resource, now: datetime) -> None:
    resource.version += 1
    resource.updated_at = now
    if resource.added_at is not None:
        show_anew(resource)


def _index(resource: Resource, words: ResourceWords, made_by: Sequence[int]) -> None:
    index_resource(resource, (*words.authors, *queries.names_of_organisations(made_by)))
