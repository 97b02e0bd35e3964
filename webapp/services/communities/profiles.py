"""What somebody tells others of themselves in communities: as much as they choose."""

from dataclasses import dataclass
from datetime import datetime

from webapp.errors import DomainError
from webapp.folding import fold
from webapp.models.accounts import Actor, ThingKind
from webapp.models.communities import MemberProfile
from webapp.queries import communities as queries
from webapp.services.activity import record
from webapp.services.communities.taking_part import profile_of

_LONGEST_FOLDED = 120


class ProfileChanged(DomainError):
    """The profile is no longer of the version that was shown."""

    code = "profile_changed"
    status = 409
    message = "Your profile was changed meanwhile, on another page of yours. Look at it once more."


@dataclass(frozen=True, kw_only=True)
class ProfileWords:
    """What others are to see."""

    job_title: str = ""
    about: str = ""
    shows_places: bool = True
    shows_organisation: bool = False
    shows_email: bool = False
    listed: bool = True


def change_profile(
    person_id: int, name: str, words: ProfileWords, *, version: int, actor: Actor, now: datetime
) -> MemberProfile:
    """Let others see this of the person; raises ProfileChanged unless it is of the version that was shown."""
    profile_of(person_id, name, now=now)
    found = queries.lock_profile(person_id)
    if found.version != version:
        raise ProfileChanged
    changed = [one for one, value in vars(words).items() if getattr(found, one) != value]
    if not changed:
        return found
    for one in changed:
        setattr(found, one, getattr(words, one))
    found.job_title_folded = fold(found.job_title)[:_LONGEST_FOLDED]
    found.version, found.updated_at = found.version + 1, now
    record("profile_changed", ThingKind.PERSON, person_id, actor=actor, now=now)
    return found
