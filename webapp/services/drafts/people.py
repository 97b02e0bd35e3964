"""Who is planned to contribute to a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.extensions import db
from webapp.folding import clean_line, name_key, slug
from webapp.models.agenda import ContributionRole
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.speakers import Speaker
from webapp.queries import speakers as queries
from webapp.services.organisations import find_or_make_organisation
from webapp.services.search import index_speaker


@dataclass(frozen=True, kw_only=True)
class Part:
    """Somebody who contributes: a speaker, an organisation they speak for, or an organisation by itself.

    `speaker_id` is the public id of the profile that is meant, where it is known; a name alone finds the profile of
    that name, or makes one.
    """

    speaker: str = ""
    speaker_id: str = ""
    organisation: str = ""
    role: ContributionRole = ContributionRole.PRESENTER


def write_parts(session: DraftSession, parts: Sequence[Part], *, now: datetime) -> None:
    """Name those who contribute, in this order; who is named already keeps what they answered."""
    standing = {_key(one): one for one in session.contributions}
    kept: dict[tuple[int | None, int | None, ContributionRole], DraftContribution] = {}
    for part in parts:
        speaker, is_new = _speaker(part, now) if part.speaker else (None, False)
        organisation_id = find_or_make_organisation(part.organisation, now=now) if part.organisation else None
        if speaker is None and organisation_id is None:
            continue
        # A profile that was there may be public: what is private yet changes nothing about it.
        if speaker is not None and is_new:
            speaker.organisation_id = organisation_id
        key = (speaker.id if speaker else None, organisation_id, part.role)
        kept[key] = standing.get(key) or DraftContribution(
            speaker_id=key[0], organisation_id=organisation_id, role=part.role
        )
    for position, row in enumerate(kept.values(), start=1):
        row.position = position
    session.contributions = list(kept.values())


def _key(one: DraftContribution) -> tuple[int | None, int | None, ContributionRole]:
    return one.speaker_id, one.organisation_id, one.role


def _speaker(part: Part, now: datetime) -> tuple[Speaker, bool]:
    """The profile that is meant, by its id if the name is still its own, else by the name; else a new one, and True."""
    if part.speaker_id:
        known = queries.find_speaker(part.speaker_id)
        if known is not None and name_key(known.name) == name_key(part.speaker):
            return known, False
    found = queries.speakers_named(part.speaker)
    if found:
        return found[0], False
    name = clean_line(part.speaker)
    speaker = Speaker(name=name, name_sort=name_key(name), slug=slug(name), created_at=now, updated_at=now)
    db.session.add(speaker)
    db.session.flush()
    index_speaker(speaker)
    return speaker, True
