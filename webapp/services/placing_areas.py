"""Which areas a programme has: what each is called, in which wave it is, who leads it, and who works there beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.folding import fold, free_slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.areas import Area, AreaPartner
from webapp.queries import waves as queries
from webapp.queries.programmes import lock_programme
from webapp.services.activity import record
from webapp.services.organisations import find_or_make_organisation
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused, listed

MOST_PARTNERS = 30


@dataclass(frozen=True)
class AreaPlace:
    """What organisers say of an area; partners by name, each with its part in a few words."""

    name: str
    wave_id: int
    organisation: str = ""
    partners: Sequence[tuple[str, str]] = ()


def create_area(programme_id: int, place: AreaPlace, *, actor: Actor, now: datetime) -> Area:
    """A new area in a wave of the programme, whose profile is still empty.

    Raises ProgrammeRefused for the name of another in that wave, and for too many partners.
    """
    lock_programme(programme_id)
    area = Area(
        programme_id=programme_id,
        wave_id=place.wave_id,
        slug=free_slug(place.name, queries.area_slugs(place.wave_id)),
        name=place.name,
        created_at=now,
        updated_at=now,
        partners=[],
    )
    _check(area, place)
    db.session.add(area)
    _put(area, place, now)
    db.session.flush()
    record("area_created", ThingKind.AREA, area.id, actor=actor, now=now, name=place.name)
    return area


def place_area(area_id: int, place: AreaPlace, *, version: int, actor: Actor, now: datetime) -> Area:
    """Say something else of an area; its people go with it into another wave.

    Raises ProgrammeChanged for another version, ProgrammeRefused as making one does.
    """
    area = _locked(area_id)
    before, after = _said(area), _told(place)
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return area
    if area.version != version:
        raise ProgrammeChanged
    _check(area, place)
    if "name" in changes or area.wave_id != place.wave_id:
        taken = queries.area_slugs(place.wave_id) - ({area.slug} if area.wave_id == place.wave_id else set())
        area.name, area.slug = place.name, free_slug(place.name, taken)
    if area.wave_id != place.wave_id:
        area.wave_id = place.wave_id
        for row in queries.belonging_to_area(area_id):
            row.wave_id = place.wave_id
    _put(area, place, now)
    area.version += 1
    area.updated_at = now
    record("area_placed", ThingKind.AREA, area.id, actor=actor, now=now, changes=changes)
    return area


def remove_area(area_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete an area that was only just made; raises ProgrammeRefused as soon as anything belongs to it."""
    area = _locked(area_id)
    held = queries.what_holds_area(area_id)
    if held:
        raise ProgrammeRefused(f"{area.name} has {listed(held)}, so it cannot be removed.")
    record("area_removed", ThingKind.AREA, area_id, actor=actor, now=now, name=area.name)
    db.session.delete(area)


def _locked(area_id: int) -> Area:
    lock_programme(queries.programme_of_area(area_id))
    return queries.lock_placed_area(area_id)


def _check(area: Area, place: AreaPlace) -> None:
    if any(fold(one.name) == fold(place.name) and one.id != area.id for one in queries.areas_in(place.wave_id)):
        raise ProgrammeRefused("Another area of this wave has this name", "name")
    if len(place.partners) > MOST_PARTNERS:
        raise ProgrammeRefused(f"An area has {MOST_PARTNERS} partners at most; there are {len(place.partners)}")


def _put(area: Area, place: AreaPlace, now: datetime) -> None:
    area.organisation_id = find_or_make_organisation(place.organisation, now=now) if place.organisation else None
    known = {one.organisation_id: one for one in area.partners}
    wanted = {find_or_make_organisation(name, now=now): part for name, part in place.partners}
    for organisation_id, part in wanted.items():
        if organisation_id in known:
            known[organisation_id].part = part
        else:
            area.partners.append(AreaPartner(organisation_id=organisation_id, part=part))
    area.partners = [one for one in area.partners if one.organisation_id in wanted]


def _said(area: Area) -> Mapping[str, Any]:
    return _told(
        AreaPlace(
            name=area.name,
            wave_id=area.wave_id,
            organisation=area.organisation.name if area.organisation else "",
            partners=[(one.organisation.name, one.part) for one in area.partners],
        )
    )


def _told(place: AreaPlace) -> Mapping[str, Any]:
    return {
        "name": place.name,
        "wave": place.wave_id,
        "organisation": place.organisation,
        "partners": sorted(f"{name}: {part}" for name, part in place.partners),
    }
