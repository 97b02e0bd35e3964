"""What a programme says of itself, and which organisations play a part in the whole of it."""

from datetime import datetime

from webapp.extensions import db
from webapp.folding import fold, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.programmes import Part, Programme, ProgrammePart
from webapp.queries import programmes as queries
from webapp.services.activity import record
from webapp.services.organisations import find_or_make_organisation
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused

MOST_PARTS = 200


def create_programme(*, name: str, summary: str, description: str, actor: Actor, now: datetime) -> Programme:
    """A new programme with nothing in it yet; raises ProgrammeRefused for a name that another programme has."""
    _check_name(name)
    programme = Programme(
        name=name, slug=slug(name), summary=summary, description=description, created_at=now, updated_at=now
    )
    db.session.add(programme)
    db.session.flush()
    record("programme_created", ThingKind.PROGRAMME, programme.id, actor=actor, now=now, name=name)
    return programme


def describe_programme(
    programme_id: int, *, name: str, summary: str, description: str, version: int, actor: Actor, now: datetime
) -> Programme:
    """Say what a programme is called and for.

    Raises ProgrammeChanged for another version, ProgrammeRefused for a name that another programme has.
    """
    programme = queries.lock_programme(programme_id)
    before = {"name": programme.name, "summary": programme.summary, "description": programme.description}
    after = {"name": name, "summary": summary, "description": description}
    changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if not changes:
        return programme
    if programme.version != version:
        raise ProgrammeChanged
    _check_name(name, but=programme_id)
    programme.name, programme.slug = name, slug(name)
    programme.summary, programme.description = summary, description
    programme.version += 1
    programme.updated_at = now
    record("programme_changed", ThingKind.PROGRAMME, programme.id, actor=actor, now=now, changes=changes)
    return programme


def add_part(
    programme_id: int, organisation: str, *, part: Part, theme_id: int | None, task: str, actor: Actor, now: datetime
) -> ProgrammePart:
    """Let an organisation, by its name, play a part in a programme or in one theme of it; there already, its task is.

    Raises ProgrammeRefused when there are too many.
    """
    queries.lock_programme(programme_id)
    organisation_id = find_or_make_organisation(organisation, now=now)
    known = queries.parts_of(programme_id)
    found = next(
        (row for row in known if (row.organisation_id, row.theme_id, row.part) == (organisation_id, theme_id, part)),
        None,
    )
    if found is None and len(known) >= MOST_PARTS:
        raise ProgrammeRefused(f"{MOST_PARTS} organisations at most play a part in a programme.", "organisation")
    if found is None:
        found = ProgrammePart(
            programme_id=programme_id, organisation_id=organisation_id, theme_id=theme_id, part=part, task=task
        )
        db.session.add(found)
    elif found.task == task:
        return found
    found.task = task
    record("part_added", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, organisation=organisation, part=part)
    return found


def remove_part(programme_id: int, part_id: int, *, actor: Actor, now: datetime) -> None:
    """Let an organisation no longer play a part; not there any more, nothing happens."""
    queries.lock_programme(programme_id)
    found = next((row for row in queries.parts_of(programme_id) if row.id == part_id), None)
    if found is None:
        return
    name, part = found.organisation.name, found.part
    record("part_removed", ThingKind.PROGRAMME, programme_id, actor=actor, now=now, organisation=name, part=part)
    db.session.delete(found)


def _check_name(name: str, *, but: int | None = None) -> None:
    if any(fold(one.name) == fold(name) and one.id != but for one in queries.programmes()):
        raise ProgrammeRefused("Another programme has this name", "name")
