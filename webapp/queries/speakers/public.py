"""A speaker as everybody sees them."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold, name_key
from webapp.models.agenda import Contribution, Session
from webapp.models.events import Event, EventDay, EventState
from webapp.models.speakers import Speaker, SpeakerAlias
from webapp.queries.batches import batched


def get_speaker(public_id: str) -> Speaker:
    """The speaker with organisation and photograph; a profile that was merged leads to the one that stayed.

    Raises NotFound unless named in a session of a public event.
    """
    asked = aliased(Speaker)
    named = (
        select(Contribution.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id == Speaker.id, Event.state != EventState.DRAFT)
    )
    statement = (
        select(Speaker)
        .join(asked, func.coalesce(asked.merged_into_id, asked.id) == Speaker.id)
        .where(asked.public_id == public_id, named.exists())
        .options(joinedload(Speaker.organisation), joinedload(Speaker.photo))
    )
    speaker = db.session.scalars(statement).one_or_none()
    if speaker is None:
        raise NotFound
    return speaker


def profiles_of(speaker_ids: Iterable[int | None]) -> dict[int, Speaker]:
    """The profiles that a page for everybody may lead to, by the ids under which they are known; merged ones lead on.

    They are of those who are named in a listed event, so that nothing tells of one that is not.
    """
    asked = aliased(Speaker)
    named = (
        select(Contribution.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id == Speaker.id, Event.state != EventState.DRAFT, Event.listed)
    )
    statement = (
        select(asked.id, Speaker)
        .join(Speaker, func.coalesce(asked.merged_into_id, asked.id) == Speaker.id)
        .where(named.exists())
    )
    found: dict[int, Speaker] = {}
    for some in batched(sorted({one for one in speaker_ids if one is not None})):
        found |= {row[0]: row[1] for row in db.session.execute(statement.where(asked.id.in_(some)))}
    return found


def find_speaker(public_id: str) -> Speaker | None:
    """The speaker of this id, for organisers; None when there is none or it was merged into another."""
    statement = select(Speaker).where(Speaker.public_id == public_id, Speaker.merged_into_id.is_(None))
    return db.session.scalars(statement).one_or_none()


def speakers_named(name: str) -> list[Speaker]:
    """The speakers known under this name or another spelling of it, the oldest profile first; merged ones aside."""
    also = select(SpeakerAlias.speaker_id).where(SpeakerAlias.name_folded == fold(name))
    statement = select(Speaker).where(
        or_(Speaker.name_sort == name_key(name), Speaker.id.in_(also)), Speaker.merged_into_id.is_(None)
    )
    return list(db.session.scalars(statement.order_by(Speaker.id).limit(20)))


def speaker_ids_by_name(names: Iterable[str]) -> dict[str, list[int]]:
    """The ids of the speakers known under each of these names or another spelling of it, the oldest profile first.

    By the folded name; names that nobody goes by are left out, and so are merged profiles.
    """
    folded = {fold(name): name_key(name) for name in names}
    found: dict[str, set[int]] = defaultdict(set)
    by_key = {key: plain for plain, key in folded.items()}
    own = select(Speaker.name_sort, Speaker.id).where(Speaker.merged_into_id.is_(None))
    for some in batched(sorted(by_key)):
        for key, speaker_id in db.session.execute(own.where(Speaker.name_sort.in_(some))):
            found[by_key[key]] |= {speaker_id}
    also = select(SpeakerAlias.name_folded, Speaker.id).join(SpeakerAlias.speaker)
    for some in batched(sorted(folded)):
        unmerged = also.where(SpeakerAlias.name_folded.in_(some), Speaker.merged_into_id.is_(None))
        for plain, speaker_id in db.session.execute(unmerged):
            found[plain] |= {speaker_id}
    return {plain: sorted(ids) for plain, ids in found.items()}


def contributions_of(speaker_id: int) -> list[Contribution]:
    """What a speaker contributes to public events, latest first, with session, event and organisation."""
    statement = (
        select(Contribution)
        .join(Contribution.session)
        .join(Session.event)
        .join(Session.day)
        .where(Contribution.speaker_id == speaker_id, Event.state != EventState.DRAFT)
        .options(
            contains_eager(Contribution.session).contains_eager(Session.event),
            contains_eager(Contribution.session).contains_eager(Session.day),
            joinedload(Contribution.organisation),
        )
        .order_by(EventDay.date.desc(), Session.starts.nulls_first(), Session.position, Contribution.id)
        .limit(500)
    )
    return list(db.session.scalars(statement).unique())
