"""Finding speakers by the names people know them under."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.folding import fold, name_key
from webapp.models.search import SearchKind
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.queries.search import condition, matching_ids

SUGGESTED = 8


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
    """Speakers who may be the same person: of this name or spelling, or of this surname and a first name alike.

    With their organisations, by surname; merged profiles are left out, and so is the one whose id is `but`.
    """
    folded = fold(name)
    if not folded:
        return []
    first, last = folded.split(" ")[0], folded.rsplit(" ", 1)[-1]
    known_as = select(SpeakerAlias.speaker_id).where(SpeakerAlias.name_folded == folded)
    statement = (
        select(Speaker)
        .where(
            or_(
                Speaker.name_sort == name_key(name),
                Speaker.id.in_(known_as),
                # The initial, since people are called both Josh and Joshua; and the beginning of the surname, since
                # it is spelt in many ways.
                Speaker.name_sort.startswith(f"{last} {first[0]}", autoescape=True),
                Speaker.name_sort.startswith(last[:3], autoescape=True)
                & Speaker.name_sort.contains(f" {first} ", autoescape=True),
            ),
            Speaker.merged_into_id.is_(None),
        )
        .options(joinedload(Speaker.organisation))
        .order_by(Speaker.name_sort, Speaker.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement if but is None else statement.where(Speaker.id != but)))
