"""The life of a transcript: what it says of itself, published once somebody named has checked it, taken back."""

from datetime import datetime

from webapp.folding import clean_line, clean_text
from webapp.models.accounts import Actor
from webapp.models.files import FileReach
from webapp.models.transcripts import Fidelity, Transcript, TranscriptState
from webapp.queries import transcripts as queries
from webapp.queries.recordings import reaches_of_published
from webapp.services.transcripts.recording import TranscriptRefused, note

NOT_FOR_ALL = "Say that everybody may read what was said in a recording that is not for everybody"


def describe(
    transcript_id: int,
    *,
    fidelity: Fidelity,
    introduction: str,
    instead_of: tuple[Fidelity, str],
    actor: Actor,
    now: datetime,
) -> Transcript:
    """Say how closely a transcript keeps to what was said, and what stands before the first turn.

    Raises TranscriptRefused when it does not say any more what it says `instead_of`.
    """
    transcript = queries.lock_transcript(transcript_id)
    introduction = clean_text(introduction)
    stands = (transcript.fidelity, transcript.introduction)
    if (fidelity, introduction) == stands:
        return transcript
    if stands != instead_of:
        raise TranscriptRefused("Somebody changed this while you were writing. Compare, then save again.")
    transcript.fidelity, transcript.introduction = fidelity, introduction
    transcript.updated_at = now
    note("transcript_described", transcript, actor=actor, now=now)
    return transcript


def recordings_not_for_all(transcript: Transcript) -> list[FileReach]:
    """Whom those published recordings of its session are for that not everybody may see; the transcript tells all."""
    found = reaches_of_published(transcript.session_id)
    return [reach for reach in found if reach is not FileReach.PUBLIC]


def publish(
    transcript_id: int,
    *,
    checked_by: str,
    version: int,
    may_be_read_by_all: bool = False,
    actor: Actor,
    now: datetime,
) -> Transcript:
    """Let everybody who may see the event read the transcript, which this person has checked.

    Published already, it changes nothing. Raises TranscriptRefused without a name, without a turn, when it was changed
    since the `version` that was shown, and unless `may_be_read_by_all` where a recording of the session is not for all.
    """
    transcript = queries.lock_transcript(transcript_id)
    if transcript.is_published:
        return transcript
    name = clean_line(checked_by)[:200]
    if not name:
        raise TranscriptRefused("Enter the name of the person who checked it")
    if transcript.version != version:
        raise TranscriptRefused(
            "The transcript was changed since you opened the page. Look at what changed, then publish it."
        )
    if not queries.find_turns(transcript.id, page=1, size=1).total:
        raise TranscriptRefused("The transcript has no turn that stands, so there is nothing to read")
    if not may_be_read_by_all and recordings_not_for_all(transcript):
        raise TranscriptRefused(NOT_FOR_ALL)
    transcript.state = TranscriptState.PUBLISHED
    transcript.checked_by, transcript.checked_at, transcript.checked_version = name, now, transcript.version
    transcript.published_at = transcript.updated_at = now
    note("transcript_published", transcript, actor=actor, now=now)
    return transcript


def take_back(transcript_id: int, *, actor: Actor, now: datetime) -> Transcript:
    """Let nobody but its editors read the transcript any more; its turns keep their addresses."""
    transcript = queries.lock_transcript(transcript_id)
    if transcript.is_published:
        transcript.state = TranscriptState.DRAFT
        transcript.updated_at = now
        note("transcript_taken_back", transcript, actor=actor, now=now)
    return transcript
