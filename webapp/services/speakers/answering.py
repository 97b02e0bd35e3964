"""What speakers do by their own link: answer, say what they need, and give slides.

Each verb is given the invitation as it was read, and locks it.
"""

from datetime import datetime

from webapp import outbox
from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.drafts import DraftContribution, SpeakerAnswer
from webapp.models.events import Event, EventState
from webapp.models.files import Attachment, FileReach
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.notices import speakers as notices
from webapp.queries import events as event_queries
from webapp.queries import files as file_queries
from webapp.queries import speakers as queries
from webapp.queries.speakers.invitations import LinkTakenBack
from webapp.services import files, materials
from webapp.services.activity import record
from webapp.services.speakers.profiles import Profile, change

MOST_FILES = 10


class SpeakingOver(DomainError):
    """The event has ended or was cancelled: everything can be read, and nothing changed."""

    code = "speaking_over"
    message = "The event has ended, so nothing can be changed here any more."


class TooManySlides(DomainError):
    """A speaker gave as many files for a session as are kept."""

    code = "too_many_slides"
    message = f"You gave {MOST_FILES} files for this session, which is all we keep. Remove one first."


class NeedsChanged(DomainError):
    """The session was changed since the page was opened."""

    code = "needs_changed"
    message = (
        "Somebody changed this session while you were writing. What you typed is still there, and not saved yet:"
        " compare, then save again."
    )


def check_open(event: Event, now: datetime) -> None:
    """Raise SpeakingOver when the event was cancelled or has ended."""
    if event.state is EventState.CANCELLED:
        raise SpeakingOver("The event was cancelled, so nothing can be changed here any more.")
    if now >= event.ends_at:
        raise SpeakingOver


def answer(
    asked: SpeakerInvitation, session: str, said: SpeakerAnswer, *, message: str = "", actor: Actor, now: datetime
) -> None:
    """Confirm or decline one session, named by its public id; said already, nothing happens.

    A speaker may think again until the event has ended. Organisers are written to when one declines. Raises NotFound
    for a session that is not the speaker's, LinkTakenBack and SpeakingOver.
    """
    invitation, event, rows = _lock(asked, session, now)
    if all(row.answer is said for row in rows):
        return
    before = rows[0].answer
    for row in rows:
        row.answer, row.answered_at = said, now
    invitation.answered_at = now
    _record(f"speaker_{said.value}", invitation, rows[0], actor=actor, now=now, before=before.value)
    if said is SpeakerAnswer.DECLINED:
        outbox.post(notices.declined(invitation, invitation.speaker, event, rows[0].session, message), now=now)


def set_technical_needs(
    asked: SpeakerInvitation, session: str, needs: str, *, version: int, actor: Actor, now: datetime
) -> None:
    """Say what a session needs in the room; `version` is that of the session when it was read.

    Raises NeedsChanged when somebody else wrote there since, and as answer() does.
    """
    invitation, _, rows = _lock(asked, session, now)
    planned = rows[0].session
    if planned.technical_needs == needs:
        return
    if planned.version != version:
        raise NeedsChanged
    planned.technical_needs = needs
    planned.version += 1
    planned.updated_at = now
    _record("technical_needs_changed", invitation, rows[0], actor=actor, now=now)


def change_own(asked: SpeakerInvitation, profile: Profile, *, version: int, actor: Actor, now: datetime) -> Speaker:
    """Change the holder's own profile. Raises as change() does, LinkTakenBack and SpeakingOver."""
    invitation = queries.lock_invitation(asked.id)
    if invitation.revoked_at is not None:
        raise LinkTakenBack
    check_open(event_queries.get_fresh_event(invitation.event_id), now)
    return change(invitation.speaker_id, profile, version=version, actor=actor, now=now, event_id=invitation.event_id)


def add_slides(
    asked: SpeakerInvitation, session: str, written: files.Written, filename: str, *, actor: Actor, now: datetime
) -> Attachment:
    """Give a file for a session; the same content given again is the same file, under its new name.

    Raises TooManySlides, and as answer() does.
    """
    invitation, event, rows = _lock(asked, session, now)
    planned = rows[0].session
    given = file_queries.attachments_of([planned.id], event_id=event.id)
    own = [one for one in given if one.speaker_id == invitation.speaker_id]
    kept = files.keep(written, now=now)
    for one in own:
        if one.file_id == kept.id:
            one.filename = one.title = filename
            return one
    if len(own) >= MOST_FILES:
        raise TooManySlides
    row = Attachment(
        file_id=kept.id,
        event_id=event.id,
        speaker_id=invitation.speaker_id,
        thing_kind=ThingKind.DRAFT_SESSION,
        thing_id=planned.id,
        title=filename,
        filename=filename,
        reach=FileReach.ORGANISERS,
        added_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _record("slides_added", invitation, rows[0], actor=actor, now=now, size=written.size)
    return row


def remove_slides(asked: SpeakerInvitation, session: str, attachment: str, *, actor: Actor, now: datetime) -> None:
    """Take back a file that this speaker gave, and what was made of it; gone already, nothing happens.

    Raises as answer() does.
    """
    invitation, _, rows = _lock(asked, session, now)
    for one in file_queries.attachments_of([rows[0].session.id], event_id=invitation.event_id):
        if one.public_id == attachment and one.speaker_id == invitation.speaker_id:
            materials.withdraw_given(one.id, actor=actor, now=now)
            db.session.delete(one)
            _record("slides_removed", invitation, rows[0], actor=actor, now=now)


def _lock(
    asked: SpeakerInvitation, session: str, now: datetime
) -> tuple[SpeakerInvitation, Event, list[DraftContribution]]:
    queries.lock_draft(asked.event_id)
    invitation = queries.lock_invitation(asked.id)
    if invitation.revoked_at is not None:
        raise LinkTakenBack
    event = event_queries.get_fresh_event(invitation.event_id)
    check_open(event, now)
    spoken = queries.lock_spoken(invitation.event_id, invitation.speaker_id)
    rows = [row for row in spoken if row.session.public_id == session]
    if not rows:
        raise NotFound
    return invitation, event, rows


def _record(
    verb: str, invitation: SpeakerInvitation, row: DraftContribution, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        verb,
        ThingKind.DRAFT_SESSION,
        row.draft_session_id,
        actor=actor,
        now=now,
        event_id=invitation.event_id,
        speaker=invitation.speaker_id,
        **details,
    )
