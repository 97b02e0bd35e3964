"""What passages there are to be, made from the rows that they tell of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.models.agenda import Contribution, Session, SessionKind
from webapp.models.areas import Area
from webapp.models.events import Event, EventState, event_themes
from webapp.models.library import Collection as Shelf
from webapp.models.library import Resource, ResourceOrganisation, listed
from webapp.models.organisations import Organisation
from webapp.models.passages import Passage, PassageKind, Source
from webapp.models.publications import Issue
from webapp.models.speakers import Speaker
from webapp.queries.batches import batched
from webapp.searching import joined, plain


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that is to be found, and shown among results; `also` is found and not shown.

    A private one is for those who look after its event. A part of something else is not `titled`: that its title, which
    is the other's, holds what was looked for puts it before nothing.
    """

    kind: PassageKind
    source_id: int
    thing_id: int
    public_id: str
    slug: str
    title: str
    text: str
    also: str = ""
    titled: bool = True
    parent: tuple[str, str] = ("", "")
    event_id: int | None = None
    programme_id: int | None = None
    # In a community it is for those who read that, and none of its words are known to others.
    community_id: int | None = None
    is_private: bool = False
    day: date | None = None
    # For what lies in great numbers within a thing: its id, and the number within; and what all in it have in common.
    within: tuple[int, int] | None = None
    frame: str = ""
    # By which alone a private one may be let through.
    tag: str = ""
    # By which it can be narrowed down, beside its own.
    programmes: frozenset[int] = field(default_factory=frozenset)
    themes: frozenset[int] = field(default_factory=frozenset)


def entries_of(source: Source, ids: Collection[int]) -> list[Entry]:
    """What is to be found of the sources with these ids; nothing of those that are no more or not to be found."""
    builder = {
        Source.EVENT: _of_events,
        Source.SPEAKER: _of_speakers,
        Source.RESOURCE: _of_resources,
        Source.COLLECTION: _of_collections,
    }[source]
    return [entry for some in batched(sorted(ids)) for entry in builder(some)]


def _of_events(ids: Sequence[int]) -> list[Entry]:
    events = db.session.scalars(select(Event).where(Event.id.in_(ids)).options(selectinload(Event.themes)))
    found = []
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in db.session.scalars(_sessions().where(Session.event_id.in_(ids))):
        sessions[session.event_id].append(session)
    for event in events:
        found.append(_event(event))
        found += [_session(one, event) for one in sessions[event.id]]
    return found


def _sessions() -> Select[Session]:
    return (
        select(Session)
        .where(Session.kind != SessionKind.BREAK)
        .options(
            joinedload(Session.day),
            selectinload(Session.themes),
            selectinload(Session.contributions).options(
                joinedload(Contribution.speaker), joinedload(Contribution.organisation)
            ),
        )
        .order_by(Session.id)
    )


def _event(event: Event) -> Entry:
    return Entry(
        kind=PassageKind.EVENT,
        source_id=event.id,
        thing_id=event.id,
        public_id=event.public_id,
        slug=event.slug,
        title=event.title,
        text=joined(event.summary, plain(event.description), plain(event.thanks)),
        also=joined(event.venue, event.hashtag, event.organiser_name, *(theme.name for theme in event.themes)),
        event_id=event.id,
        programme_id=event.programme_id,
        is_private=is_private(event),
        day=event.starts_on,
        themes=frozenset(theme.id for theme in event.themes),
    )


def is_private(event: Event) -> bool:
    """Whether what is said of an event is found only by those who look after it."""
    return not (event.is_public and event.listed)


def _session(session: Session, event: Event) -> Entry:
    people = [
        ", ".join(who.name for who in (one.speaker, one.organisation) if who is not None)
        for one in session.contributions
    ]
    return Entry(
        kind=PassageKind.SESSION,
        source_id=event.id,
        thing_id=session.id,
        public_id=session.public_id,
        slug=session.slug,
        title=session.title,
        text=joined(session.summary, plain(session.description), "; ".join(people)),
        also=joined(*(theme.name for theme in session.themes)),
        event_id=event.id,
        programme_id=event.programme_id,
        is_private=is_private(event),
        day=session.day.date,
        themes=frozenset(theme.id for theme in (*event.themes, *session.themes)),
    )


@dataclass
class _Named:
    """Where a speaker is named in public."""

    programmes: set[int] = field(default_factory=set)
    themes: set[int] = field(default_factory=set)
    days: set[date] = field(default_factory=set)


def _of_speakers(ids: Sequence[int]) -> list[Entry]:
    named = _named_in_public(ids)
    statement = (
        select(Speaker)
        .where(Speaker.id.in_(sorted(named)), Speaker.merged_into_id.is_(None))
        .options(joinedload(Speaker.organisation), selectinload(Speaker.aliases))
        .order_by(Speaker.id)
    )
    return [_speaker(speaker, named[speaker.id]) for speaker in db.session.scalars(statement)]


def _named_in_public(ids: Sequence[int]) -> Mapping[int, _Named]:
    found: dict[int, _Named] = defaultdict(_Named)
    public = (
        select(Contribution.speaker_id, Event.programme_id, Event.id, Event.starts_on)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id.in_(ids), Event.state != EventState.DRAFT)
        .distinct()
    )
    events: dict[int, set[int]] = defaultdict(set)
    for speaker_id, programme_id, event_id, starts_on in db.session.execute(public):
        if speaker_id is None:
            continue
        found[speaker_id].programmes |= {programme_id}
        found[speaker_id].days |= {starts_on}
        events[event_id] |= {speaker_id}
    themes = select(event_themes.c.event_id, event_themes.c.theme_id)
    for some in batched(sorted(events)):
        for event_id, theme_id in db.session.execute(themes.where(event_themes.c.event_id.in_(some))):
            for speaker_id in events[event_id]:
                found[speaker_id].themes |= {theme_id}
    return found


def _speaker(speaker: Speaker, named: _Named) -> Entry:
    organisation = speaker.organisation.name if speaker.organisation else ""
    work = ", ".join(part for part in (speaker.job_title, organisation) if part)
    return Entry(
        kind=PassageKind.SPEAKER,
        source_id=speaker.id,
        thing_id=speaker.id,
        public_id=speaker.public_id,
        slug=speaker.slug,
        title=speaker.name,
        text=joined(work, plain(speaker.biography)),
        also=joined(*(alias.name for alias in speaker.aliases)),
        day=max(named.days),
        programmes=frozenset(named.programmes),
        themes=frozenset(named.themes),
    )


def _of_resources(ids: Sequence[int]) -> list[Entry]:
    statement = (
        select(Resource)
        .where(Resource.id.in_(ids), listed(Resource))
        .options(
            selectinload(Resource.themes),
            selectinload(Resource.authors),
            selectinload(Resource.publishers)
            .joinedload(ResourceOrganisation.organisation)
            .selectinload(Organisation.aliases),
        )
        .order_by(Resource.id)
    )
    return [_resource(one) for one in db.session.scalars(statement)]


def _resource(resource: Resource) -> Entry:
    made_by = [one.organisation for one in resource.publishers]
    people = "; ".join([*(one.name for one in resource.authors), *(one.name for one in made_by)])
    return Entry(
        kind=PassageKind.RESOURCE,
        source_id=resource.id,
        thing_id=resource.id,
        public_id=resource.public_id,
        slug=resource.slug,
        title=resource.title,
        text=joined(resource.summary, plain(resource.description), people),
        also=joined(
            resource.kind.label,
            *(theme.name for theme in resource.themes),
            *(alias.name for one in made_by for alias in one.aliases),
        ),
        programme_id=resource.programme_id,
        # Where nothing is known of when it was made, it is as new as it is here.
        day=resource.published_on or (resource.added_at.date() if resource.added_at else None),
        themes=frozenset(theme.id for theme in resource.themes),
    )


def _of_collections(ids: Sequence[int]) -> list[Entry]:
    found = db.session.scalars(select(Shelf).where(Shelf.id.in_(ids), listed(Shelf)))
    return [
        Entry(
            kind=PassageKind.COLLECTION,
            source_id=one.id,
            thing_id=one.id,
            public_id=one.public_id,
            slug=one.slug,
            title=one.title,
            text=plain(one.introduction),
            programme_id=one.programme_id,
            day=one.added_at.date() if one.added_at else None,
        )
        for one in found
    ]


def next_sources(source: Source, after: int, limit: int) -> list[int]:
    """The next ids after this one of what passages are made from, or were made from that is no more."""
    models: dict[Source, type[Event | Speaker | Resource | Shelf | Issue | Area]] = {
        Source.EVENT: Event,
        Source.SPEAKER: Speaker,
        Source.RESOURCE: Resource,
        Source.COLLECTION: Shelf,
        Source.ISSUE: Issue,
        Source.AREA: Area,
    }
    model = models[source]
    there = select(model.id).where(model.id > after).order_by(model.id).limit(limit)
    made = select(Passage.source_id).where(Passage.source == source, Passage.source_id > after).distinct()
    made = made.order_by(Passage.source_id).limit(limit)
    return sorted({*db.session.scalars(there), *db.session.scalars(made)})[:limit]
