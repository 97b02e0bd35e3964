"""What every change of a transcript shares: its number, its entry in the history, and the record of who did it."""

from datetime import datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.transcripts import ChangeKind, Transcript, Turn, TurnChange
from webapp.services.activity import record


class TranscriptRefused(DomainError):
    """What was asked for cannot be done with this transcript; the message says why."""

    code = "transcript_refused"


class TurnChanged(DomainError):
    """Somebody else changed the turn since the page was opened."""

    code = "turn_changed"
    message = (
        "Somebody changed this turn while you were writing. Nothing of yours is saved yet, and nothing is lost:"
        " compare, then save again."
    )


class ProposalChanged(DomainError):
    """The speaker proposes something else since the page was opened."""

    code = "proposal_changed"
    message = "The speaker proposes something else by now. This is the difference that it would make."


def count_on(transcript: Transcript, *, now: datetime) -> int:
    """The number of the change that is being made."""
    transcript.version += 1
    transcript.updated_at = now
    return transcript.version


def keep(
    kind: ChangeKind,
    transcript: Transcript,
    turn: Turn | None,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Put a change of the present number into the history."""
    db.session.add(
        TurnChange(
            transcript_id=transcript.id,
            version=transcript.version,
            turn_id=turn.id if turn else None,
            kind=kind,
            at=now,
            by_id=actor.person_id,
            before=before or {},
            after=after or {},
        )
    )


def tell(transcript: Transcript, kind: ChangeKind, *, actor: Actor, now: datetime, **details: Any) -> None:
    """Record that a transcript was corrected, and by which change of its history."""
    note("transcript_corrected", transcript, actor=actor, now=now, change=kind.value, **details)


def note(verb: str, transcript: Transcript, *, actor: Actor, now: datetime, **details: Any) -> None:
    """Record that something was done to a transcript, as it stands since."""
    record(
        verb,
        ThingKind.SESSION,
        transcript.session_id,
        actor=actor,
        now=now,
        event_id=transcript.event_id,
        version=transcript.version,
        **details,
    )
