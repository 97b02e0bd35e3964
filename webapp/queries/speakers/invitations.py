"""The link of a speaker's own."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp import tokens
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.drafts import DraftContribution, DraftSession
from webapp.models.events import Event
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.queries.speakers.single import lock_speakers


class LinkTakenBack(DomainError):
    """The link was a good one, until an organiser took it back."""

    code = "link_taken_back"
    status = 410
    message = "The organiser took this link back. If you speak at the event, ask them for a new one."


def get_invitation_by_token(token: str) -> tuple[SpeakerInvitation, Event]:
    """The invitation that a personal link opens, with the speaker's whole profile, and the event with days.

    Raises NotFound when the link is forged or was replaced by a newer one, and LinkTakenBack.
    """
    public_id = tokens.public_id(token)
    statement = (
        select(SpeakerInvitation, Event)
        .join(Event, Event.id == SpeakerInvitation.event_id)
        .where(SpeakerInvitation.public_id == public_id)
        .options(
            joinedload(SpeakerInvitation.speaker).options(
                joinedload(Speaker.organisation), joinedload(Speaker.photo), selectinload(Speaker.aliases)
            ),
            selectinload(Event.days),
            joinedload(Event.programme),
        )
    )
    row = db.session.execute(statement).one_or_none() if public_id else None
    if row is None or not tokens.proves(token, "speaker", row[0].nonce):
        raise NotFound
    if row[0].revoked_at is not None:
        raise LinkTakenBack
    return row[0], row[1]


def get_spoken_session(public_id: str, *, event_id: int, speaker_id: int) -> DraftContribution:
    """What the speaker is planned to contribute to a session of the event, with the session; raises NotFound."""
    statement = (
        select(DraftContribution)
        .join(DraftContribution.session)
        .where(
            DraftSession.public_id == public_id,
            DraftSession.event_id == event_id,
            DraftContribution.speaker_id == speaker_id,
        )
        .options(joinedload(DraftContribution.session).joinedload(DraftSession.day))
        .order_by(DraftContribution.id)
        .limit(1)
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_invitation(invitation_id: int) -> SpeakerInvitation:
    """The invitation with its speaker, both locked until the unit ends; raises NotFound.

    The speaker first, as everybody does who changes what hangs on a profile, so that nobody waits in a ring.
    """
    speaker_id = db.session.scalar(select(SpeakerInvitation.speaker_id).where(SpeakerInvitation.id == invitation_id))
    lock_speakers([] if speaker_id is None else [speaker_id])
    statement = select(SpeakerInvitation).where(SpeakerInvitation.id == invitation_id)
    found = db.session.scalars(
        statement.options(selectinload(SpeakerInvitation.speaker))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_invitation_of(event_id: int, speaker_id: int) -> SpeakerInvitation | None:
    """The speaker's invitation to the event, locked until the unit ends; None while they were not asked."""
    statement = select(SpeakerInvitation).where(
        SpeakerInvitation.event_id == event_id, SpeakerInvitation.speaker_id == speaker_id
    )
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
