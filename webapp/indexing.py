"""When something that can be found changes, its passages follow, in the same transaction.

What changed is noted as it is flushed, and the passages are made at the end, before the commit: each once, from how all
then stands, and under a lock that is the last to be taken.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, cast

from sqlalchemy import Table, delete, event, inspect
from sqlalchemy.orm import Session as DatabaseSession

from webapp import searching
from webapp.database import insert_many
from webapp.extensions import db
from webapp.models.agenda import Contribution, Session
from webapp.models.areas import Area, AreaDocument, AreaPartner, AreaStrand, Wave
from webapp.models.events import Event, EventDay
from webapp.models.library import Collection as Shelf
from webapp.models.library import Resource, ResourceAuthor, ResourceOrganisation
from webapp.models.organisations import Organisation
from webapp.models.passages import KnownWord, Passage, Source
from webapp.models.programmes import Theme
from webapp.models.publications import Article, Issue, Publication
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.models.topics import Post, Topic
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import passages as queries
from webapp.queries.batches import batched
from webapp.queries.passages import Entry

_KEY = "what changed of what can be found"
_table = cast("Table", Passage.__table__)


@dataclass
class _Noted:
    """The ids of what changed."""

    events: set[int] = field(default_factory=set)
    sessions: set[int] = field(default_factory=set)
    speakers: set[int] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)
    themes: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)
    transcripts: set[int] = field(default_factory=set)
    turns: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    titled: set[int] = field(default_factory=set)
    posts: set[int] = field(default_factory=set)
    resources: set[int] = field(default_factory=set)
    collections: set[int] = field(default_factory=set)
    issues: set[int] = field(default_factory=set)
    publications: set[int] = field(default_factory=set)
    areas: set[int] = field(default_factory=set)
    waves: set[int] = field(default_factory=set)
    # Words that were erased somewhere; no ids.
    erased: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _As:
    """What a row that changes is noted as: among what, by which column, and `only` where one of these changed."""

    what: str
    by: str = "id"
    only: tuple[str, ...] = ()


# Of a transcript and a turn much is changed that is not found, and none of it may cost anything.
_FOUND_OF_TURN = ("words", "label", "speaker_id", "removed_at", "joined_into_id")
_FOUND_OF_TOPIC = ("community_id", "theme_id", "merged_into_id", "withheld_at")
_FOUND_OF_POST = ("body", "state", "number", "topic_id", "community_id")
_NOTED_AS: Mapping[type, Sequence[_As]] = {
    Event: [_As("events")],
    Session: [_As("events", "event_id")],
    EventDay: [_As("events", "event_id")],
    Contribution: [_As("sessions", "session_id"), _As("speakers", "speaker_id")],
    Speaker: [_As("speakers"), _As("renamed", only=("name", "merged_into_id"))],
    SpeakerAlias: [_As("speakers", "speaker_id")],
    Organisation: [_As("organisations")],
    Theme: [_As("themes")],
    Transcript: [_As("transcripts", only=("state",))],
    Turn: [_As("turns", only=_FOUND_OF_TURN)],
    Topic: [_As("topics", only=_FOUND_OF_TOPIC), _As("titled", only=("title", "slug"))],
    Post: [_As("posts", only=_FOUND_OF_POST)],
    Resource: [_As("resources")],
    ResourceAuthor: [_As("resources", "resource_id")],
    ResourceOrganisation: [_As("resources", "resource_id")],
    Shelf: [_As("collections")],
    Publication: [_As("publications")],
    Issue: [_As("issues")],
    # What is kept apart from it, such as its authors, changes with its version.
    Article: [_As("issues", "issue_id")],
    Wave: [_As("waves", only=("name",))],
    Area: [_As("areas")],
    AreaPartner: [_As("areas", "area_id")],
    AreaStrand: [_As("areas", "area_id")],
    AreaDocument: [_As("areas", "area_id")],
}


@event.listens_for(DatabaseSession, "after_flush")
def _note(session: DatabaseSession, _context: Any) -> None:
    dirty = (row for row in session.dirty if type(row) in _NOTED_AS and session.is_modified(row))
    for row in (*session.new, *session.deleted, *dirty):
        for one in _NOTED_AS.get(type(row), ()):
            if ids := _ids_if(row, one.by, one.only):
                noted = session.info.setdefault(_KEY, _Noted())
                getattr(noted, one.what).update(ids)


def _ids_if(row: Any, by: str, only: Collection[str]) -> set[int]:
    """What a column of a row held and holds, where the row went or one of these columns changed, if any are named."""
    state = inspect(row)
    if only and not state.deleted and not any(state.attrs[name].history.has_changes() for name in only):
        return set()
    return {value for some in state.attrs[by].history if some for value in some if value is not None}


@event.listens_for(DatabaseSession, "before_flush")
def _note_whose_speaker_goes(session: DatabaseSession, _context: Any, _instances: Any) -> None:
    """Their turns are given to nobody by the database itself, and cannot be told afterwards."""
    going = {row.id for row in session.deleted if isinstance(row, Speaker)}
    if going:
        with session.no_autoflush:
            session.info.setdefault(_KEY, _Noted()).turns.update(queries.turns_said_by(going))


def note_turns(turn_ids: Iterable[int]) -> None:
    """Say that turns changed by a statement of their own, which no flush sees."""
    db.session.info.setdefault(_KEY, _Noted()).turns.update(turn_ids)


def note_topics(topic_ids: Iterable[int]) -> None:
    """Say that topics, or posts in them, changed by a statement of their own, which no flush sees."""
    db.session.info.setdefault(_KEY, _Noted()).topics.update(topic_ids)


def forget_words(texts: Iterable[str]) -> None:
    """Say that these texts were erased: their words are to be known no longer where no passage shows them any more."""
    db.session.info.setdefault(_KEY, _Noted()).erased.update(searching.vocabulary(*texts))


@event.listens_for(DatabaseSession, "before_commit")
def _follow(session: DatabaseSession) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    noted = session.info.pop(_KEY, None)
    if noted is not None:
        follow(noted)


@event.listens_for(DatabaseSession, "after_rollback")
def _forget(session: DatabaseSession) -> None:
    session.info.pop(_KEY, None)


def follow(noted: _Noted) -> None:
    """Make the passages anew that what was noted concerns."""
    queries.lock_index()
    speakers = noted.speakers | queries.speakers_of(noted.organisations)
    events = noted.events | queries.events_of_sessions(noted.sessions) | queries.events_with_themes(noted.themes)
    events |= queries.events_naming(noted.speakers, noted.organisations)
    write(Source.EVENT, events)
    write(Source.SPEAKER, speakers | queries.speakers_at(noted.events | events))
    transcripts = noted.transcripts | queries.reframed_transcripts(events)
    write_transcripts(transcripts)
    write_turns(noted.turns | queries.turns_said_by(noted.renamed))
    done = write_topics(noted.topics)
    write_posts((noted.posts | queries.first_posts_of(noted.titled - noted.topics)) - done)
    write(Source.RESOURCE, noted.resources | queries.resources_with(noted.organisations, noted.themes))
    write(Source.COLLECTION, noted.collections)
    issues = queries.issues_of_publications(noted.publications) | queries.issues_with_themes(noted.themes)
    write(Source.ISSUE, noted.issues | issues)
    areas = queries.areas_with(noted.waves, noted.organisations, noted.themes)
    write(Source.AREA, noted.areas | areas)
    for some in batched(queries.words_not_shown(noted.erased)):
        db.session.execute(delete(KnownWord).where(KnownWord.word.in_(some)))


def write(source: Source, ids: Collection[int], *, known_after: int = 0) -> None:
    """Make the passages of these sources what they are to be; those that are so already stay untouched.

    Of the words known, those that were noted up to `known_after` are noted again.
    """
    if ids:
        of_its_own = {Source.ISSUE: queries.entries_of_issues, Source.AREA: queries.entries_of_areas}
        entries = of_its_own[source](ids) if source in of_its_own else queries.entries_of(source, ids)
        _bring_about(source, entries, queries.passages_of(source, ids), known_after)


def write_transcripts(ids: Collection[int]) -> None:
    """Do as write() does for all turns of these transcripts."""
    if ids:
        source = Source.TRANSCRIPT
        _bring_about(source, queries.entries_of_transcripts(ids), queries.passages_of(source, ids), 0)


def write_turns(ids: Collection[int], *, known_after: int = 0) -> None:
    """Do as write() does for these turns alone."""
    if ids:
        entries, there = queries.entries_of_turns(ids), queries.passages_of_turns(ids)
        _bring_about(Source.TRANSCRIPT, entries, there, known_after)


def write_topics(ids: Collection[int]) -> set[int]:
    """Do as write() does for all posts of these topics, and give the ids of those that are found."""
    if not ids:
        return set()
    entries = queries.entries_of_topics(ids)
    written = {entry.thing_id for entry in entries}
    # Those that came from another topic have passages there.
    there = queries.passages_of(Source.TOPIC, ids) | queries.passages_of_posts(written)
    _bring_about(Source.TOPIC, entries, there, 0)
    return written


def write_posts(ids: Collection[int], *, known_after: int = 0) -> None:
    """Do as write() does for these posts, and for those to which the title of a topic came by that, or from which."""
    if ids:
        entries = queries.entries_of_posts(ids)
        topics = queries.topics_of_posts(set(ids) - {entry.thing_id for entry in entries})
        first = queries.first_posts_of(topics | {entry.source_id for entry in entries if entry.titled})
        entries += queries.entries_of_posts(first - set(ids))
        _bring_about(Source.TOPIC, entries, queries.passages_of_posts({*ids, *first}), known_after)


def _bring_about(source: Source, entries: Sequence[Entry], there: Mapping[int, str], known_after: int) -> None:
    wanted = {row["place"]: row for entry in entries for row in _rows(source, entry)}
    gone = [
        place for place, digest in sorted(there.items()) if place not in wanted or wanted[place]["digest"] != digest
    ]
    for some in batched(gone):
        db.session.execute(delete(_table).where(_table.c.place.in_(some)))
    stays = set(there) - set(gone)
    # In the order of their places, in which FTS5 takes rows without writing out those before.
    fresh = [row for place, row in sorted(wanted.items()) if place not in stays]
    insert_many(db.session, _table, fresh)
    written = {(row["kind"], row["thing_id"]) for row in fresh}
    # What is said in a community is for its readers: its words are suggested to nobody, even where it is public now.
    told = [entry for entry in entries if entry.community_id is None]
    read = [entry for entry in told if known_after or (entry.kind, entry.thing_id) in written]
    _note_words(searching.vocabulary(*(text for one in read for text in (one.title, one.text, one.also))), known_after)


def _note_words(words: Iterable[str], known_after: int) -> None:
    fresh = queries.unknown_words(words, after=known_after)
    # Without a key that two who write at once could wait for: a word that stands there twice does no harm.
    insert_many(db.session, KnownWord.__table__, [{"word": word} for word in fresh])


def _rows(source: Source, entry: Entry) -> Iterator[dict[str, Any]]:
    for part, text in enumerate(searching.parts(entry.text)):
        values: dict[str, Any] = {
            "place": _place(entry, part),
            "source": source,
            "source_id": entry.source_id,
            "kind": entry.kind,
            "thing_id": entry.thing_id,
            "part": part,
            "public_id": entry.public_id,
            "slug": entry.slug,
            "parent_public_id": entry.parent[0],
            "parent_slug": entry.parent[1],
            "event_id": entry.event_id,
            "programme_id": entry.programme_id,
            "is_private": entry.is_private,
            "day": entry.day,
            "title": entry.title,
            "text": text,
            "words": searching.stream(
                entry.title, text, entry.also, titled=entry.titled and part == 0, tags=_tags(entry)
            ),
        }
        own = blake2b(repr(list(values.values())).encode(), digest_size=16 - len(entry.frame) // 2)
        yield values | {"digest": entry.frame + own.hexdigest()}


def _place(entry: Entry, part: int) -> int:
    if entry.within is None:
        return searching.place_of(entry.day, entry.kind.number, entry.thing_id, part)
    return searching.place_within(entry.day, entry.kind.number, *entry.within, part)


def _tags(entry: Entry) -> list[str]:
    programmes = entry.programmes | ({entry.programme_id} if entry.programme_id is not None else set())
    tags = [queries.kind_tag(entry.kind)]
    tags += [queries.programme_tag(one) for one in sorted(programmes)]
    tags += [queries.theme_tag(one) for one in sorted(entry.themes)]
    tags += [queries.event_tag(entry.event_id)] if entry.event_id is not None else []
    tags += [entry.tag] if entry.tag else []
    if entry.community_id is not None:
        tags += [queries.IN_COMMUNITY, queries.community_tag(entry.community_id)]
    return [*tags, queries.PRIVATE] if entry.is_private else tags
