"""The one search: what is to be found, finding it, and what was meant where nothing is found."""

from webapp.queries.passages.abbreviations import (
    abbreviation_exists,
    abbreviations,
    get_abbreviation,
    known_abbreviations,
    lock_abbreviation,
)
from webapp.queries.passages.building import Entry, entries_of, next_sources
from webapp.queries.passages.finding import (
    PRIVATE,
    Hit,
    Narrowing,
    count_found,
    event_tag,
    find_narrowing,
    find_passages,
    kind_tag,
    programme_tag,
    theme_tag,
)
from webapp.queries.passages.following import (
    events_naming,
    events_of_sessions,
    events_with_themes,
    last_known_word,
    lock_index,
    passages_of,
    speakers_at,
    speakers_of,
    unknown_words,
)
from webapp.queries.passages.meaning import did_you_mean

__all__ = [
    "PRIVATE",
    "Entry",
    "Hit",
    "Narrowing",
    "abbreviation_exists",
    "abbreviations",
    "count_found",
    "did_you_mean",
    "entries_of",
    "event_tag",
    "events_naming",
    "events_of_sessions",
    "events_with_themes",
    "find_narrowing",
    "find_passages",
    "get_abbreviation",
    "kind_tag",
    "known_abbreviations",
    "last_known_word",
    "lock_abbreviation",
    "lock_index",
    "next_sources",
    "passages_of",
    "programme_tag",
    "speakers_at",
    "speakers_of",
    "theme_tag",
    "unknown_words",
]
