"""Keeps the search table in step with what it finds."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Table, delete, insert

from webapp.database import insert_columns
from webapp.extensions import db
from webapp.folding import words
from webapp.models.events import Event
from webapp.models.library import Resource
from webapp.models.organisations import Organisation
from webapp.models.registrations import Registration
from webapp.models.search import SearchKind, SearchWord
from webapp.models.speakers import Speaker
from webapp.queries.batches import batched

_table = cast("Table", SearchWord.__table__)


def index_event(event: Event, of_sessions: Iterable[str] = ()) -> None:
    """Make the event findable by the words of its title, summary, description and venue, and those of its sessions."""
    _replace(
        SearchKind.EVENT,
        0,
        event.id,
        (event.title, event.summary, event.description, event.venue, event.hashtag, *of_sessions),
    )


def index_organisation(organisation: Organisation, aliases: Iterable[str] = ()) -> None:
    """Make the organisation findable by the words of its name and of the given aliases."""
    _replace(SearchKind.ORGANISATION, 0, organisation.id, (organisation.name, *aliases))


def index_speaker(speaker: Speaker, aliases: Iterable[str] = ()) -> None:
    """Make the speaker findable by the words of the name and of its other spellings."""
    _replace(SearchKind.SPEAKER, 0, speaker.id, (speaker.name, *aliases))


def unindex_speaker(speaker: Speaker) -> None:
    """Make the speaker findable by no word any more."""
    _replace(SearchKind.SPEAKER, 0, speaker.id, ())


def index_resource(resource: Resource, names: Iterable[str]) -> None:
    """Make the resource findable by its title, summary and description, and by who made it."""
    _replace(SearchKind.RESOURCE, 0, resource.id, (resource.title, resource.summary, resource.description, *names))


def index_organisations(organisations: Iterable[Organisation]) -> None:
    """Make new organisations without aliases findable, by one statement."""
    _insert(SearchKind.ORGANISATION, 0, ((word, one.id) for one in organisations for word in words(one.name)))


def index_speakers(named: Iterable[tuple[int, str]]) -> None:
    """Make new speakers without other spellings findable, each given as id and name, by one statement."""
    _insert(SearchKind.SPEAKER, 0, ((word, speaker_id) for speaker_id, name in named for word in words(name)))


def index_registrations(event_id: int, found_by: Iterable[tuple[int, Iterable[str]]], *, fresh: bool) -> None:
    """Make registrations of an event findable by their words, by few statements.

    They come as pairs of the id and the words of what index_registration takes; fresh ones have no words yet.
    """
    pairs = [(thing_id, list(its)) for thing_id, its in found_by]
    if not fresh:
        for some in batched([thing_id for thing_id, _ in pairs]):
            db.session.execute(
                delete(SearchWord).where(
                    SearchWord.kind == SearchKind.REGISTRATION,
                    SearchWord.scope_id == event_id,
                    SearchWord.thing_id.in_(some),
                )
            )
    _insert(SearchKind.REGISTRATION, event_id, ((word, thing_id) for thing_id, its in pairs for word in its))


def _insert(kind: SearchKind, scope_id: int, pairs: Iterable[tuple[str, int]]) -> None:
    # Rows that come in the order of the table's key are written one behind the other.
    rows = sorted(pairs)
    columns: dict[str, list[Any]] = {
        "kind": [kind] * len(rows),
        "scope_id": [scope_id] * len(rows),
        "word": [word for word, _ in rows],
        "thing_id": [thing_id for _, thing_id in rows],
    }
    # Nine words a person, and whoever else writes waits for them meanwhile.
    insert_columns(db.session, _table, columns)


def index_registration(registration: Registration, *, fresh: bool = False) -> None:
    """Make the registration findable within its event by name, e-mail address, organisation and role.

    A fresh one has no words yet, which spares the look for old ones.
    """
    texts = (registration.name, registration.email, registration.organisation_name, registration.role)
    _replace(SearchKind.REGISTRATION, registration.event_id, registration.id, texts, fresh=fresh)


def _replace(kind: SearchKind, scope_id: int, thing_id: int, texts: Iterable[str], *, fresh: bool = False) -> None:
    if not fresh:
        db.session.execute(
            delete(SearchWord).where(
                SearchWord.kind == kind, SearchWord.scope_id == scope_id, SearchWord.thing_id == thing_id
            )
        )
    rows = [{"kind": kind, "scope_id": scope_id, "word": word, "thing_id": thing_id} for word in words(" ".join(texts))]
    if rows:
        db.session.execute(insert(_table), rows)
