"""Profiles: added, and changed by organisers and by the speakers themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import fold, name_key, slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.organisations import Sector
from webapp.models.speakers import ProfileLink, Speaker, SpeakerAlias
from webapp.queries import speakers as queries
from webapp.queries.organisations import find_organisation
from webapp.services import files
from webapp.services.activity import record
from webapp.services.organisations import add_organisation
from webapp.services.search import index_speaker


class SpeakerChanged(DomainError):
    """Somebody else changed the profile since the page was opened."""

    code = "speaker_changed"
    message = (
        "Somebody changed this profile while you were writing. Nothing of yours is saved yet, and nothing is lost:"
        " compare, then save again."
    )


class ProfileGone(DomainError):
    """The profile was merged into another."""

    code = "profile_gone"
    message = "This profile was merged into another one. Open that one, and change it there."


class OrganisationUnknown(DomainError):
    """No organisation of this name is on the list, and nobody said what sector it belongs to."""

    code = "organisation_unknown"
    message = (
        "This organisation is not on our list yet. Check how it is spelt, or select its sector so that it is added"
    )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a profile is to say; a photograph that is not given stays as it is, unless it is to be removed."""

    name: str
    other_names: tuple[str, ...] = ()
    job_title: str = ""
    organisation: str = ""
    sector: Sector | None = None
    biography: str = ""
    links: tuple[ProfileLink, ...] = ()
    photo: files.Written | None = None
    photo_alt: str = ""
    removes_photo: bool = False


def add(profile: Profile, *, actor: Actor, now: datetime, event_id: int | None = None) -> Speaker:
    """A new profile. Raises OrganisationUnknown."""
    speaker = Speaker(
        slug=slug(profile.name),
        name=profile.name,
        name_sort=name_key(profile.name),
        links=[],
        photo_alt="",
        aliases=[],
        version=1,
        created_at=now,
        updated_at=now,
    )
    _write(speaker, profile, now=now)
    db.session.add(speaker)
    db.session.flush()
    index_speaker(speaker, profile.other_names)
    record("speaker_added", ThingKind.SPEAKER, speaker.id, actor=actor, now=now, event_id=event_id)
    return speaker


def change(
    speaker_id: int, profile: Profile, *, version: int, actor: Actor, now: datetime, event_id: int | None = None
) -> Speaker:
    """Make the profile say this; what it says already is no change, whatever the version.

    Raises SpeakerChanged when `version` is not the present one, ProfileGone and OrganisationUnknown.
    """
    speaker = queries.lock_speaker(speaker_id)
    if speaker.merged_into_id is not None:
        raise ProfileGone
    before = _told(speaker)
    present = speaker.version
    with db.session.no_autoflush:
        _write(speaker, profile, now=now)
        changes = {name: [before[name], said] for name, said in _told(speaker).items() if said != before[name]}
    if not changes:
        return speaker
    if present != version:
        # What was written into the row above goes with the savepoint or unit that this refusal ends.
        raise SpeakerChanged
    speaker.version += 1
    speaker.updated_at = now
    db.session.flush()
    index_speaker(speaker, (alias.name for alias in speaker.aliases))
    record(
        "speaker_changed",
        ThingKind.SPEAKER,
        speaker.id,
        actor=actor,
        now=now,
        event_id=event_id,
        changes=_briefly(changes),
    )
    return speaker


def _write(speaker: Speaker, profile: Profile, *, now: datetime) -> None:
    speaker.name = profile.name
    speaker.slug = slug(profile.name)
    speaker.name_sort = name_key(profile.name)
    speaker.job_title = profile.job_title
    speaker.biography = profile.biography
    speaker.organisation_id = _organisation_id(profile, now=now)
    if list(speaker.links) != list(profile.links):
        speaker.links = list(profile.links)
    set_aliases(speaker, profile.other_names)
    if profile.removes_photo and profile.photo is None:
        speaker.photo_id, speaker.photo_alt = None, ""
    else:
        if profile.photo is not None:
            speaker.photo_id = files.keep(profile.photo, now=now).id
        speaker.photo_alt = profile.photo_alt if speaker.photo_id is not None else ""


def set_aliases(speaker: Speaker, names: Iterable[str]) -> None:
    """Make these the other spellings of a speaker's name, each once; `speaker` must have its aliases loaded."""
    wanted: dict[str, str] = {}
    for name in names:
        folded = fold(name)[:200]
        if folded and folded != fold(speaker.name):
            wanted.setdefault(folded, name)
    for alias in list(speaker.aliases):
        if alias.name_folded in wanted:
            alias.name = wanted.pop(alias.name_folded)
        else:
            speaker.aliases.remove(alias)
    speaker.aliases.extend(SpeakerAlias(name=name, name_folded=folded) for folded, name in wanted.items())


def _organisation_id(profile: Profile, *, now: datetime) -> int | None:
    if not profile.organisation:
        return None
    known = find_organisation(profile.organisation)
    if known is not None:
        return known.id
    if profile.sector is None:
        raise OrganisationUnknown
    return add_organisation(profile.organisation, profile.sector, now=now)


def _told(speaker: Speaker) -> dict[str, Any]:
    return {
        "name": speaker.name,
        "other_names": sorted(alias.name for alias in speaker.aliases),
        "job_title": speaker.job_title,
        "organisation": speaker.organisation_id,
        "biography": speaker.biography,
        "links": [dict(link) for link in speaker.links],
        "photo": speaker.photo_id,
        "photo_alt": speaker.photo_alt,
    }


def _briefly(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The changes as they are recorded: of long texts, only that they were changed."""
    return {name: [] if name in {"biography", "links", "photo_alt"} else said for name, said in changes.items()}
