"""What stands on a programme's timeline beside its waves and their stages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.areas import Milestone
from webapp.models.library import Precision
from webapp.models.spans import Span
from webapp.queries import waves as queries
from webapp.services.activity import record


@dataclass(frozen=True)
class MilestoneWords:
    """All that is said of a milestone; without a wave it is of the whole programme."""

    title: str
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.MONTH
    summary: str = ""
    wave_id: int | None = None


def add_milestone(programme_id: int, words: MilestoneWords, *, actor: Actor, now: datetime) -> Milestone:
    """Put something on the timeline of a programme; a wave must be of the same programme."""
    made = Milestone(programme_id=programme_id, **asdict(words))
    db.session.add(made)
    db.session.flush()
    record("milestone_added", ThingKind.MILESTONE, made.id, actor=actor, now=now, title=words.title)
    return made


def change_milestone(milestone_id: int, words: MilestoneWords, *, actor: Actor, now: datetime) -> Milestone:
    """Say something else of a milestone; what was said already changes nothing."""
    found = queries.lock_milestone(milestone_id)
    before, after = _said(_words_of(found)), _said(words)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    for name, value in asdict(words).items():
        setattr(found, name, value)
    if changes:
        record("milestone_changed", ThingKind.MILESTONE, found.id, actor=actor, now=now, changes=changes)
    return found


def remove_milestone(milestone_id: int, *, actor: Actor, now: datetime) -> None:
    """Take something off the timeline."""
    found = queries.lock_milestone(milestone_id)
    record("milestone_removed", ThingKind.MILESTONE, found.id, actor=actor, now=now, title=found.title)
    db.session.delete(found)


def _words_of(found: Milestone) -> MilestoneWords:
    return MilestoneWords(**{name: getattr(found, name) for name in MilestoneWords.__dataclass_fields__})


def _said(words: MilestoneWords) -> Mapping[str, Any]:
    return {
        "title": words.title,
        "dates": str(Span(words.starts_on, words.ends_on or words.starts_on, words.precision)),
        "summary": words.summary,
        "wave": words.wave_id,
    }
