"""Speakers look through what they said and propose corrections, which an editor accepts or declines."""

from datetime import datetime, timedelta

from webapp import outbox
from webapp.extensions import db
from webapp.folding import clean_text
from webapp.models.accounts import Actor
from webapp.models.transcripts import LONGEST_WORDS, ProposalState, Turn, TurnProposal
from webapp.notices import speakers as notices
from webapp.queries import events as event_queries
from webapp.queries import transcripts as queries
from webapp.services.transcripts.editing import change
from webapp.services.transcripts.recording import ProposalChanged, TranscriptRefused, TurnChanged, note

# Within this time the same people are not written to again: a double click is one letter.
AT_ONCE = timedelta(minutes=1)


def ask_to_check(transcript_id: int, *, actor: Actor, now: datetime) -> int:
    """Write to those who speak in a transcript and have a personal link that it can be checked; gives to how many.

    Asked again within a minute, nothing happens. Raises TranscriptRefused where nobody has a link.
    """
    transcript = queries.lock_transcript(transcript_id)
    asked = queries.invitations_to_check(transcript.event_id, transcript.id, transcript.session_id)
    if not asked:
        raise TranscriptRefused("None of its speakers has a link of their own. Invite them from the speakers’ page.")
    if transcript.check_asked_at is not None and now - transcript.check_asked_at < AT_ONCE:
        return len(asked)
    transcript.check_asked_at = transcript.updated_at = now
    event = event_queries.get_fresh_event(transcript.event_id)
    session = queries.get_session_spoken_in(transcript.session_id)
    for invitation in asked:
        outbox.post(notices.to_check(invitation, invitation.speaker, event, session), now=now)
    note("transcript_check_asked", transcript, actor=actor, now=now, letters=len(asked))
    return len(asked)


def propose(
    transcript_id: int, public_id: str, words: str, *, speaker_id: int, version: int, actor: Actor, now: datetime
) -> TurnProposal | None:
    """Let a speaker propose that a turn of theirs reads so, in place of what they proposed before.

    What it says already is no proposal, and takes one back; then there is None. Raises TurnChanged when `version` is
    not that of the turn, and TranscriptRefused for a turn that is not theirs or does not stand, or would say nothing.
    """
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    _check_own(turn, speaker_id)
    words = clean_text(words)
    found = queries.lock_open_proposal(turn.id, speaker_id)
    if found is not None and found.words == words and found.turn_version == turn.version:
        return found
    if turn.version != version:
        raise TurnChanged
    if not words:
        raise TranscriptRefused("A turn says something. To have it taken out, write to the organisers")
    if len(words) > LONGEST_WORDS:
        raise TranscriptRefused(f"A turn must be {LONGEST_WORDS:,} characters or fewer")
    if words == turn.words:
        if found is not None:
            db.session.delete(found)
            note("transcript_proposal_taken_back", transcript, actor=actor, now=now, turn=turn.public_id)
        return None
    if found is None:
        found = TurnProposal(
            transcript_id=transcript.id, turn_id=turn.id, speaker_id=speaker_id, created_at=now, words=words
        )
        db.session.add(found)
    found.words, found.turn_version, found.updated_at = words, turn.version, now
    db.session.flush()
    note("transcript_proposed", transcript, actor=actor, now=now, turn=turn.public_id, speaker=speaker_id)
    return found


def _check_own(turn: Turn, speaker_id: int) -> None:
    if not turn.stands:
        raise TranscriptRefused("This turn is not part of the transcript any more.")
    speaking = queries.speakers_by_id([turn.speaker_id]).get(turn.speaker_id or 0)
    if speaking is None or speaking.speaker.id != speaker_id:
        raise TranscriptRefused("Somebody else says this. Write to the organisers if that is wrong.")


def accept(transcript_id: int, public_id: str, *, mark: str, version: int, actor: Actor, now: datetime) -> TurnProposal:
    """Make a turn say what its speaker proposed; the history tells who did. Accepted already, nothing happens.

    Raises ProposalChanged when `mark` is not that of the words proposed, TurnChanged when `version` is not that of the
    turn, and TranscriptRefused for what was declined, or for a turn that does not stand.
    """
    queries.lock_transcript(transcript_id)
    proposal = queries.lock_proposal(transcript_id, public_id)
    if proposal.state is ProposalState.ACCEPTED:
        return proposal
    if proposal.state is ProposalState.DECLINED:
        raise TranscriptRefused("This was declined already. Its speaker can propose it again.")
    _check_seen(proposal, mark)
    turn = proposal.turn
    change(
        transcript_id,
        turn.public_id,
        words=proposal.words,
        speaker_id=turn.speaker_id,
        version=version,
        proposed_by=proposal.speaker_id,
        actor=actor,
        now=now,
    )
    _decide(proposal, ProposalState.ACCEPTED, actor=actor, now=now)
    return proposal


def decline(transcript_id: int, public_id: str, *, mark: str, actor: Actor, now: datetime) -> TurnProposal:
    """Leave a turn as it is; its speaker sees that. Declined already, nothing happens.

    Raises ProposalChanged when `mark` is not that of the words proposed, and TranscriptRefused for what was accepted.
    """
    transcript = queries.lock_transcript(transcript_id)
    proposal = queries.lock_proposal(transcript_id, public_id)
    if proposal.state is ProposalState.DECLINED:
        return proposal
    if proposal.state is ProposalState.ACCEPTED:
        raise TranscriptRefused("This was accepted already. You can correct the turn again.")
    _check_seen(proposal, mark)
    _decide(proposal, ProposalState.DECLINED, actor=actor, now=now)
    note("transcript_proposal_declined", transcript, actor=actor, now=now, turn=proposal.turn.public_id)
    return proposal


def _check_seen(proposal: TurnProposal, mark: str) -> None:
    # While it is open its speaker may put other words in its place.
    if proposal.mark != mark:
        raise ProposalChanged


def _decide(proposal: TurnProposal, state: ProposalState, *, actor: Actor, now: datetime) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by_id = state, now, actor.person_id
    proposal.updated_at = now
