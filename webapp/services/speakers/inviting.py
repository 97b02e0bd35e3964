"""Asking speakers by e-mail, and taking the link back."""

from datetime import datetime, timedelta

from webapp import outbox, tokens
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ThingKind
from webapp.models.drafts import SpeakerAnswer
from webapp.models.speakers import SpeakerInvitation
from webapp.notices import speakers as notices
from webapp.queries import events as event_queries
from webapp.queries import speakers as queries
from webapp.services.activity import record
from webapp.services.speakers.answering import check_open
from webapp.services.speakers.profiles import ProfileGone

# Within this time the same address is not written to again: a double click is one letter.
AT_ONCE = timedelta(minutes=1)


class NothingToAsk(DomainError):
    """The speaker is named on no session that is planned."""

    code = "nothing_to_ask"
    message = "This speaker is on no session of the agenda that is being planned, so there is nothing to ask yet."


def personal_token(invitation: SpeakerInvitation) -> str:
    """The secret part of the personal link."""
    return tokens.make("speaker", invitation.public_id, invitation.nonce)


def invite(event_id: int, speaker_id: int, email: str, *, actor: Actor, now: datetime) -> SpeakerInvitation:
    """Send the speaker the link to their sessions, for the first time or again.

    A link that was taken back or sent to another address is replaced; the same letter twice in a minute is one.
    Raises NothingToAsk, ProfileGone and SpeakingOver.
    """
    queries.lock_draft(event_id)
    speaker = queries.lock_speaker(speaker_id)
    if speaker.merged_into_id is not None:
        raise ProfileGone
    event = event_queries.get_fresh_event(event_id)
    check_open(event, now)
    row = queries.lock_invitation_of(event_id, speaker_id)
    spoken = queries.lock_spoken(event_id, speaker_id)
    if not spoken:
        raise NothingToAsk
    if row is None:
        row = SpeakerInvitation(
            speaker_id=speaker_id,
            event_id=event_id,
            email=email,
            nonce=tokens.new_nonce(),
            created_at=now,
            sent_at=now,
            times_sent=1,
        )
        db.session.add(row)
    else:
        same = row.revoked_at is None and fold_email(row.email) == fold_email(email)
        if same and now - row.sent_at < AT_ONCE:
            return row
        if not same:
            row.nonce, row.revoked_at = tokens.new_nonce(), None
        row.email, row.sent_at, row.times_sent = email, now, row.times_sent + 1
    for contribution in spoken:
        if contribution.answer is SpeakerAnswer.NOT_ASKED:
            contribution.answer = SpeakerAnswer.ASKED
    db.session.flush()
    record(
        "speaker_invited", ThingKind.SPEAKER, speaker_id, actor=actor, now=now, event_id=event_id, times=row.times_sent
    )
    outbox.post(notices.invited(row, speaker, event, [one.session for one in spoken]), now=now)
    return row


def revoke(event_id: int, speaker_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the link back; taken back already, or never sent, nothing happens."""
    row = queries.lock_invitation_of(event_id, speaker_id)
    if row is None or row.revoked_at is not None:
        return
    row.revoked_at = now
    record("speaker_link_revoked", ThingKind.SPEAKER, speaker_id, actor=actor, now=now, event_id=event_id)
