"""What can happen to an area's profile: its people say what is done there, whom to ask, and what was wrong to keep.

Each change keeps what stood before, in the fields that it changed alone. Of the people to ask nothing is kept: who no
longer stands there is gone at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.areas import Area, AreaContact, AreaStrand, AreaVersion
from webapp.queries import area_profiles as queries
from webapp.services.activity import record

MOST_CONTACTS = 10


class AreaChanged(DomainError):
    """Somebody else changed the profile since it was shown."""

    code = "changed_meanwhile"
    message = "Somebody else changed this at the same moment, so nothing was saved. Look at what stands now, then save."


@dataclass(frozen=True, kw_only=True)
class StrandWords:
    """An area's local model in one strand: in prose (Markdown), its key features and its key challenges."""

    model: str = ""
    features: Sequence[str] = ()
    challenges: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is said."""
        return not (self.model or self.features or self.challenges)


@dataclass(frozen=True, kw_only=True)
class ContactWords:
    """Somebody to ask about an area, who agreed to stand there; `id` is that of who stands there already."""

    id: int | None = None
    name: str
    job_title: str = ""
    email: str = ""
    telephone: str = ""


def describe(area_id: int, *, summary: str, conditions: str, version: int, actor: Actor, now: datetime) -> Area:
    """Say in short what the area does, and what was there already; said already, nothing happens.

    Raises AreaChanged when `version` is not the present one.
    """
    area = _lock(area_id, version)
    before = {"summary": area.summary, "conditions": area.conditions}
    area.summary, area.conditions = summary, conditions
    said = _changed(before, {"summary": summary, "conditions": conditions})
    if said:
        keep_version(area, actor=actor, now=now, said=said)
        record("area_described", ThingKind.AREA, area.id, actor=actor, now=now, fields=sorted(said))
    return area


def say_strand(
    area_id: int, theme_public_id: str, words: StrandWords, *, version: int, actor: Actor, now: datetime
) -> Area:
    """Say what the area's local model is in one strand of its programme; said already, nothing happens.

    A strand of which nothing is said any more is missing again. Raises AreaChanged, and NotFound for any other theme.
    """
    area = _lock(area_id, version)
    theme = next((one for one in queries.strands_of(area.programme_id) if one.public_id == theme_public_id), None)
    if theme is None:
        raise NotFound
    row = next((one for one in area.strands if one.theme_id == theme.id), None)
    stood = StrandWords(model=row.model, features=row.features, challenges=row.challenges) if row else StrandWords()
    said = _changed(_told(theme_public_id, stood), _told(theme_public_id, words))
    if not said:
        return area
    if words.is_empty and row is not None:
        area.strands.remove(row)
    else:
        if row is None:
            row = AreaStrand(area_id=area.id, theme_id=theme.id)
            area.strands.append(row)
        row.model, row.features, row.challenges = words.model, list(words.features), list(words.challenges)
    keep_version(area, actor=actor, now=now, said=said)
    record("area_strand_said", ThingKind.AREA, area.id, actor=actor, now=now, strand=theme.name)
    return area


def name_contacts(area_id: int, contacts: Sequence[ContactWords], *, version: int, actor: Actor, now: datetime) -> Area:
    """Say whom to ask about the area, in order, ten at most; named so already, nothing happens.

    Of who stood there before nothing is kept. Raises AreaChanged.
    """
    area = _lock(area_id, version)
    stand = {one.id: one for one in area.contacts}
    before = [_named(one) for one in area.contacts]
    rows = []
    for place, words in enumerate(contacts[:MOST_CONTACTS], start=1):
        row = stand.pop(words.id or 0, None) or AreaContact()
        row.position, row.name, row.job_title = place, words.name, words.job_title
        row.email, row.telephone = words.email, words.telephone
        rows.append(row)
    if before == [_named(one) for one in rows]:
        return area
    area.contacts = rows
    keep_version(area, actor=actor, now=now, did="contacts")
    record("area_contacts_named", ThingKind.AREA, area.id, actor=actor, now=now, number=len(rows))
    return area


def erase_version(area_id: int, number: int, *, actor: Actor, now: datetime) -> None:
    """Erase for good what stood before one change of the profile, and was kept; where nothing is, nothing happens.

    Raises NotFound where no change has this number.
    """
    queries.lock_area(area_id)
    row = queries.get_version(area_id, number)
    said: Mapping[str, Any] = row.content.get("said", {})
    if row.content.get("erased") or not any((row.content.get("title"), *said.values())):
        return
    row.content = {"said": dict.fromkeys(said), "did": row.content.get("did", ""), "erased": True}
    record("area_version_erased", ThingKind.AREA, area_id, actor=actor, now=now, number=number)


def keep_version(
    area: Area, *, actor: Actor, now: datetime, said: Mapping[str, Any] | None = None, did: str = "", title: str = ""
) -> None:
    """Keep what stood in the fields that are changed, or what was done otherwise, and count the change."""
    content = {"said": dict(said or {}), "did": did, "title": title}
    db.session.add(
        AreaVersion(area_id=area.id, number=area.version, at=now, changed_by_id=actor.person_id, content=content)
    )
    area.version += 1
    area.updated_at = now
    db.session.flush()


def _lock(area_id: int, version: int) -> Area:
    area = queries.lock_area(area_id)
    if area.version != version:
        raise AreaChanged
    return area


def _named(row: AreaContact) -> tuple[str, ...]:
    return row.name, row.job_title, row.email, row.telephone


def _told(theme_public_id: str, words: StrandWords) -> dict[str, Any]:
    parts = {"model": words.model, "features": list(words.features), "challenges": list(words.challenges)}
    return {f"{theme_public_id} {name}": value for name, value in parts.items()}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What stood in those fields that are changed."""
    return {name: value for name, value in before.items() if value != after[name]}
