"""Letters to speakers, and to organisers about them."""

from collections.abc import Sequence

from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.notices.letters import EventFacts, LetterFacts, Notice, SpokenFacts, dump


def invited(invitation: SpeakerInvitation, speaker: Speaker, event: Event, sessions: Sequence[DraftSession]) -> Notice:
    """To a speaker: on what they are planned to speak, and the link to look at it, answer and give what they have."""
    facts = LetterFacts(
        event=EventFacts.of(event),
        link_id=invitation.public_id,
        link_nonce=invitation.nonce,
        spoken=[SpokenFacts.of(session) for session in sessions],
    )
    return Notice(
        name="speaker_invited",
        recipient_name=speaker.name,
        recipient_email=invitation.email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=MailKind.ASKING,
        person_id=speaker.person_id,
        event_id=event.id,
    )


def to_check(invitation: SpeakerInvitation, speaker: Speaker, event: Event, session: Session) -> Notice:
    """To a speaker: that the transcript of a session can be looked through, and the link to do it."""
    facts = LetterFacts(
        event=EventFacts.of(event),
        link_id=invitation.public_id,
        link_nonce=invitation.nonce,
        spoken=[SpokenFacts(title=session.title, date=session.day.date, starts=session.starts, ends=session.ends)],
    )
    return Notice(
        name="transcript_to_check",
        recipient_name=speaker.name,
        recipient_email=invitation.email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=MailKind.ASKING,
        person_id=speaker.person_id,
        event_id=event.id,
    )


def declined(
    invitation: SpeakerInvitation, speaker: Speaker, event: Event, session: DraftSession, message: str
) -> Notice:
    """To the organisers: who will not speak on what, with the speaker's own words if there were any."""
    facts = LetterFacts(
        event=EventFacts.of(event),
        reason=message,
        speaker=speaker.name,
        address=invitation.email,
        spoken=[SpokenFacts.of(session)],
    )
    return Notice(
        name="speaker_declined",
        recipient_name=event.organiser_name,
        recipient_email=event.organiser_email,
        reply_to=event.organiser_email,
        facts=dump(facts),
        kind=MailKind.ASKING,
        event_id=event.id,
    )
