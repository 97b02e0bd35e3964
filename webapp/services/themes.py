"""The strands, practice models, pillars and topics of a programme: named, described, put in order, removed."""

from dataclasses import dataclass
from datetime import datetime

from webapp.extensions import db
from webapp.folding import fold, free_slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.programmes import Theme, ThemeKind
from webapp.queries import programmes as queries
from webapp.services.activity import record
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused, listed

MOST_THEMES = 100


@dataclass(frozen=True)
class ThemeWords:
    """All that is said of a theme."""

    kind: ThemeKind
    name: str
    summary: str = ""


def add_theme(programme_id: int, words: ThemeWords, *, actor: Actor, now: datetime) -> Theme:
    """A new theme of a programme, after all others; raises ProgrammeRefused for a name taken, or too many."""
    queries.lock_programme(programme_id)
    known = queries.themes_of(programme_id)
    if len(known) >= MOST_THEMES:
        raise ProgrammeRefused(f"A programme has {MOST_THEMES} strands, models, pillars and topics at most.", "name")
    _check_name(words.name, known)
    theme = Theme(
        programme_id=programme_id,
        slug=free_slug(words.name, {one.slug for one in known}),
        name=words.name,
        kind=words.kind,
        summary=words.summary,
        position=max((one.position for one in known), default=0) + 1,
    )
    db.session.add(theme)
    db.session.flush()
    record("theme_added", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, name=words.name)
    return theme


def change_theme(
    programme_id: int, theme_id: int, words: ThemeWords, *, version: int, actor: Actor, now: datetime
) -> Theme:
    """Say something else of a theme.

    Raises ProgrammeChanged for another version, ProgrammeRefused for a name taken, or for a kind that areas do not tell
    of while some tell of this theme, and NotFound when it is gone.
    """
    queries.lock_programme(programme_id)
    theme = queries.lock_theme(theme_id)
    facts = ("kind", "name", "summary")
    changes = {key: [getattr(theme, key), getattr(words, key)] for key in facts}
    changes = {key: change for key, change in changes.items() if change[0] != change[1]}
    if not changes:
        return theme
    if theme.version != version:
        raise ProgrammeChanged
    _check_name(words.name, [one for one in queries.themes_of(programme_id) if one.id != theme_id])
    if theme.kind.is_strand and not words.kind.is_strand and queries.areas_tell_of(theme_id):
        raise ProgrammeRefused("Areas tell of their work by it, so it stays a strand or a practice model", "kind")
    # Its slug stands in no address, so it stays.
    theme.kind, theme.name, theme.summary = words.kind, words.name, words.summary
    record("theme_changed", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, changes=changes)
    return theme


def move_theme(programme_id: int, theme_id: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move a theme up or down by one among those of its kind; at the end of them, it stays."""
    queries.lock_programme(programme_id)
    moved = queries.lock_theme(theme_id)
    themes = queries.themes_of(programme_id)
    alike = [place for place, one in enumerate(themes) if one.kind is moved.kind]
    at = next(place for place, index in enumerate(alike) if themes[index].id == theme_id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(alike):
        return
    first, second = alike[at], alike[to]
    themes[first], themes[second] = themes[second], themes[first]
    for position, one in enumerate(themes, start=1):
        one.position = position
    record("theme_moved", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, name=moved.name)


def remove_theme(programme_id: int, theme_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a theme to which nothing refers; raises ProgrammeRefused while something does, NotFound once gone."""
    queries.lock_programme(programme_id)
    theme = queries.lock_theme(theme_id)
    held = queries.what_holds_theme(theme_id)
    if held:
        raise ProgrammeRefused(f"“{theme.name}” stands with {listed(held)}, so it cannot be removed.")
    record("theme_removed", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, name=theme.name)
    db.session.delete(theme)


def _check_name(name: str, others: list[Theme]) -> None:
    if any(fold(one.name) == fold(name) for one in others):
        raise ProgrammeRefused("Another strand, model, pillar or topic of this programme has this name", "name")
