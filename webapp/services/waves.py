"""The waves of a programme: their names, dates and stages, and their order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import free_slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.areas import Wave, WaveStage
from webapp.models.library import Precision
from webapp.models.spans import Span
from webapp.queries import waves as queries
from webapp.queries.programmes import lock_programme
from webapp.services.activity import record

MOST_STAGES = 12


class ProgrammeChanged(DomainError):
    """Somebody else changed it since the page was opened."""

    code = "changed_meanwhile"
    message = "Somebody else changed this since you opened the page. What stands now is shown beside your words."


class ProgrammeRefused(DomainError):
    """It cannot be done as things are; the message says why, and `field` names where on a form it belongs."""

    code = "programme_refused"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class StageWords:
    """A stage of a wave: its name, and when it is so far as that is known."""

    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    precision: Precision = Precision.MONTH

    def __str__(self) -> str:
        return f"{self.name}: {Span(self.starts_on, self.ends_on, self.precision)}"


@dataclass(frozen=True)
class WaveWords:
    """All that is said of a wave, its stages in order."""

    name: str
    summary: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    precision: Precision = Precision.MONTH
    stages: Sequence[StageWords] = ()


def create_wave(programme_id: int, words: WaveWords, *, actor: Actor, now: datetime) -> Wave:
    """A new wave of a programme, after all others of it; raises ProgrammeRefused for too many stages."""
    lock_programme(programme_id)
    wave = Wave(
        programme_id=programme_id,
        slug=free_slug(words.name, queries.wave_slugs(programme_id)),
        position=queries.last_position(programme_id) + 1,
        created_at=now,
        updated_at=now,
    )
    _say(wave, words)
    db.session.add(wave)
    db.session.flush()
    record("wave_created", ThingKind.WAVE, wave.id, actor=actor, now=now, name=words.name)
    return wave


def change_wave(wave_id: int, words: WaveWords, *, version: int, actor: Actor, now: datetime) -> Wave:
    """Say something else of a wave; raises ProgrammeChanged for another version, ProgrammeRefused for its stages."""
    wave = _locked(wave_id)
    before, after = _said(_words_of(wave)), _said(words)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return wave
    if wave.version != version:
        raise ProgrammeChanged
    if "name" in changes:
        wave.slug = free_slug(words.name, queries.wave_slugs(wave.programme_id) - {wave.slug})
    _say(wave, words)
    wave.version += 1
    wave.updated_at = now
    record("wave_changed", ThingKind.WAVE, wave.id, actor=actor, now=now, changes=changes)
    return wave


def move_wave(wave_id: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move a wave up or down by one among those of its programme; at the end of them, it stays."""
    waves = queries.waves_of(_locked(wave_id).programme_id)
    at = next(place for place, one in enumerate(waves) if one.id == wave_id)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(waves):
        return
    waves[at], waves[to] = waves[to], waves[at]
    for position, one in enumerate(waves, start=1):
        one.position = position
    record("wave_moved", ThingKind.WAVE, wave_id, actor=actor, now=now)


def remove_wave(wave_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a wave to which nothing belongs; raises ProgrammeRefused while something does."""
    wave = _locked(wave_id)
    held = queries.what_holds_wave(wave_id)
    if held:
        raise ProgrammeRefused(f"“{wave.name}” has {listed(held)}, so it cannot be removed.")
    record("wave_removed", ThingKind.WAVE, wave_id, actor=actor, now=now, name=wave.name)
    db.session.delete(wave)


def listed(names: Sequence[str]) -> str:
    """Names as they stand in a sentence."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _locked(wave_id: int) -> Wave:
    # First the programme, then what is in it: whoever puts waves in order holds them all.
    lock_programme(queries.programme_of_wave(wave_id))
    return queries.lock_wave(wave_id)


def _say(wave: Wave, words: WaveWords) -> None:
    if len(words.stages) > MOST_STAGES:
        raise ProgrammeRefused(f"A wave has {MOST_STAGES} stages at most; there are {len(words.stages)}.", "stages")
    wave.name, wave.summary, wave.precision = words.name, words.summary, words.precision
    wave.starts_on, wave.ends_on = words.starts_on, words.ends_on
    if list(words.stages) != _stages_of(wave):
        wave.stages = [WaveStage(position=place, **asdict(one)) for place, one in enumerate(words.stages, start=1)]


def _words_of(wave: Wave) -> WaveWords:
    return WaveWords(wave.name, wave.summary, wave.starts_on, wave.ends_on, wave.precision, _stages_of(wave))


def _stages_of(wave: Wave) -> list[StageWords]:
    return [StageWords(one.name, one.starts_on, one.ends_on, one.precision) for one in wave.stages]


def _said(words: WaveWords) -> Mapping[str, Any]:
    return {
        "name": words.name,
        "summary": words.summary,
        "dates": str(Span(words.starts_on, words.ends_on, words.precision)),
        "stages": [str(one) for one in words.stages],
    }
