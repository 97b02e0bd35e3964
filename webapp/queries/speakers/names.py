"""Finding speakers by the names people know them under."""

from difflib import SequenceMatcher

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.folding import fold, name_key
from webapp.models.search import SearchKind
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.queries.search import condition, matching_ids

SUGGESTED = 8
LOOKED_AT = 200
# How alike two surnames are that may be one: MacAlister and McAllister, but not Ashdown and Ashworth.
NEAR = 0.8
# What some write before a name, and others do not.
TITLES = frozenset(
    {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "lord", "lady", "baroness", "rev"}
    | {"cllr", "councillor", "minister"}
)


def suggest_speakers(text: str, limit: int = SUGGESTED) -> list[Speaker]:
    """Speakers who have, in their name or another spelling of it, a word beginning with each word typed.

    With their organisations, by surname; merged profiles are left out.
    """
    ids = matching_ids(SearchKind.SPEAKER, 0, text)
    if ids is not None and not ids:
        return []
    found = condition(SearchKind.SPEAKER, 0, text, Speaker.__table__.c.id) if ids is None else Speaker.id.in_(ids)
    statement = (
        select(Speaker)
        .where(found, Speaker.merged_into_id.is_(None))
        .options(joinedload(Speaker.organisation))
        .order_by(Speaker.name_sort, Speaker.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def speakers_alike(name: str, *, but: int | None = None, limit: int = SUGGESTED) -> list[Speaker]:
    """Speakers who may be the same person: of this name or spelling, or of a surname and first name alike.

    With their organisations, by surname; merged profiles are left out, and so is the one whose id is `but`.
    """
    folded = fold(name)
    if not folded:
        return []
    called = [word for word in folded.split(" ") if word.strip(".") not in TITLES] or [folded]
    first, last = called[0], called[-1]
    known_as = select(SpeakerAlias.speaker_id).where(SpeakerAlias.name_folded == folded)
    statement = (
        select(Speaker)
        .where(
            or_(
                Speaker.name_sort == name_key(name),
                Speaker.id.in_(known_as),
                # By the initial, since people are called both Josh and Joshua, and a title may stand before either.
                Speaker.name_sort.startswith(f"{last} ", autoescape=True)
                & Speaker.name_sort.contains(f" {first[0]}", autoescape=True),
                # By the first name, if the surname is nearly the same, which is seen below.
                Speaker.name_sort.startswith(last[0], autoescape=True)
                & Speaker.name_sort.contains(f" {first} ", autoescape=True),
            ),
            Speaker.merged_into_id.is_(None),
        )
        .options(joinedload(Speaker.organisation), selectinload(Speaker.aliases))
        .order_by(Speaker.name_sort, Speaker.id)
        .limit(LOOKED_AT)
    )
    found = db.session.scalars(statement if but is None else statement.where(Speaker.id != but))
    return [speaker for speaker in found if _is_near(speaker, folded, last)][:limit]


def _is_near(speaker: Speaker, folded: str, last: str) -> bool:
    if folded in {alias.name_folded for alias in speaker.aliases}:
        return True
    surname = speaker.name_sort.split(" ")[0]
    return surname == last or SequenceMatcher(None, surname, last).ratio() >= NEAR
