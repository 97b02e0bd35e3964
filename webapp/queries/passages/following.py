"""Which passages a change concerns, and how they stand."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.agenda import Contribution, Session
from webapp.models.areas import Area, AreaPartner, AreaStrand
from webapp.models.events import event_themes
from webapp.models.library import ResourceOrganisation, resource_themes
from webapp.models.passages import KnownWord, Passage, Source
from webapp.models.programmes import Theme
from webapp.models.speakers import Speaker
from webapp.queries.batches import batched

# Any number, the same for all who write to the index of this database.
_LOCK = 7_468_213


def lock_index() -> None:
    """Let nobody else write to the index until this unit ends; to be the last lock that a unit takes.

    Whoever has it asks for no other, so nobody can wait for one another. On SQLite one writes at a time anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def speakers_at(event_ids: Collection[int]) -> set[int]:
    """The ids of all who are named in released sessions of these events."""
    statement = select(Contribution.speaker_id).join(Contribution.session).where(Contribution.speaker_id.is_not(None))
    return _all_ids(statement.distinct(), Session.event_id, event_ids)


def events_naming(speakers: Collection[int], organisations: Collection[int]) -> set[int]:
    """The ids of the events in whose released sessions one of these speakers or organisations is named."""
    statement = select(Session.event_id).join(Contribution, Contribution.session_id == Session.id).distinct()
    return _all_ids(statement, Contribution.speaker_id, speakers) | _all_ids(
        statement, Contribution.organisation_id, organisations
    )


def events_of_sessions(session_ids: Collection[int]) -> set[int]:
    """The ids of the events to which these released sessions belong."""
    return _all_ids(select(Session.event_id).distinct(), Session.id, session_ids)


def events_with_themes(theme_ids: Collection[int]) -> set[int]:
    """The ids of the events with one of these themes, themselves or in a session."""
    of_sessions = select(Session.event_id).join(Session.themes).distinct()
    return _all_ids(select(event_themes.c.event_id).distinct(), event_themes.c.theme_id, theme_ids) | _all_ids(
        of_sessions, Theme.id, theme_ids
    )


def resources_with(organisations: Collection[int], themes: Collection[int]) -> set[int]:
    """The ids of the resources made by one of these organisations or on one of these themes."""
    made = select(ResourceOrganisation.resource_id).distinct()
    return _all_ids(made, ResourceOrganisation.organisation_id, organisations) | _all_ids(
        select(resource_themes.c.resource_id).distinct(), resource_themes.c.theme_id, themes
    )


def areas_with(waves: Collection[int], organisations: Collection[int], themes: Collection[int]) -> set[int]:
    """The ids of the areas in one of these waves, led by or with one of these organisations, or with such a strand."""
    working = select(AreaPartner.area_id).distinct()
    return (
        _all_ids(select(Area.id), Area.wave_id, waves)
        | _all_ids(select(Area.id), Area.organisation_id, organisations)
        | _all_ids(working, AreaPartner.organisation_id, organisations)
        | _all_ids(select(AreaStrand.area_id).distinct(), AreaStrand.theme_id, themes)
    )


def speakers_of(organisation_ids: Collection[int]) -> set[int]:
    """The ids of the speakers who belong to one of these organisations."""
    return _all_ids(select(Speaker.id), Speaker.organisation_id, organisation_ids)


def _all_ids(statement: Any, column: Any, ids: Collection[int]) -> set[int]:
    return {found for some in batched(sorted(ids)) for found in db.session.scalars(statement.where(column.in_(some)))}


def passages_of(source: Source, ids: Collection[int]) -> dict[int, str]:
    """The passages that there are of these sources: the digest of each by its place."""
    statement = select(Passage.place, Passage.digest).where(Passage.source == source)
    return {
        place: digest
        for some in batched(sorted(ids))
        for place, digest in db.session.execute(statement.where(Passage.source_id.in_(some)))
    }


def unknown_words(words: Iterable[str], *, after: int = 0) -> list[str]:
    """Those of these words that are not known yet, in order; what was noted up to the id `after` does not count."""
    wanted = sorted(set(words))
    statement = select(KnownWord.word).where(KnownWord.id > after)
    known = {word for some in batched(wanted) for word in db.session.scalars(statement.where(KnownWord.word.in_(some)))}
    return [word for word in wanted if word not in known]


def last_known_word() -> int:
    """The id of the word that was noted last; 0 where there is none."""
    return db.session.scalar(select(func.max(KnownWord.id))) or 0
