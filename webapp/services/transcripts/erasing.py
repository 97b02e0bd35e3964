"""Words that were taken out of a transcript, struck out of its history for good; and the file it was read from.

Struck out means that as many signs stand there as before: lasting addresses count letters, and those of what was said
before and after must go on leading where they led. What posts quote of a turn in which the words stood goes from them.
"""

from collections.abc import Sequence
from datetime import datetime
from math import inf

from webapp.extensions import db
from webapp.indexing import forget_words
from webapp.models.accounts import Actor, ThingKind
from webapp.models.transcripts import ERASED, ChangeKind, ProposalState, Transcript, Turn, TurnChange
from webapp.queries import transcripts as queries
from webapp.services import saved
from webapp.services.topics.taking_away import take_out_of_others
from webapp.services.transcripts.recording import TranscriptRefused, count_on, keep, note


def erase(transcript_id: int, public_id: str, *, actor: Actor, now: datetime) -> Turn:
    """Strike out the words of a turn that was removed, wherever the transcript keeps them; nothing brings them back.

    Erased already, it changes nothing. Raises TranscriptRefused for a turn that was not removed.
    """
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    if turn.erased_at is not None:
        return turn
    if turn.removed_at is None:
        raise TranscriptRefused("Only what was taken out can be erased. Take the turn out first.")
    history = _History(transcript.id)
    history.strike(turn.id, 0, len(turn.words))
    turn.erased_at = now
    saved.forget(ThingKind.TURN, turn.id)
    turn.pieces = []
    _finish(history, transcript, turn, actor=actor, now=now)
    return turn


def erase_taken_out(transcript_id: int, public_id: str, version: int, *, actor: Actor, now: datetime) -> Turn:
    """Strike out what the correction of this version took out of a turn's words, there and in all that came before.

    Erased already, it changes nothing. Raises TranscriptRefused where no words were taken out.
    """
    transcript = queries.lock_transcript(transcript_id)
    turn = queries.lock_turn(transcript_id, public_id)
    history = _History(transcript.id)
    taken_out = history.taken_out(turn.id, version)
    if not taken_out:
        raise TranscriptRefused("That change took no words out, so there is nothing to erase.")
    if history.strike_before(turn.id, version, taken_out):
        _finish(history, transcript, turn, actor=actor, now=now)
    return turn


def _finish(history: "_History", transcript: Transcript, turn: Turn, *, actor: Actor, now: datetime) -> None:
    """Let go of what was proposed in those words, and record who erased them and when, and not what."""
    for proposal in queries.lock_proposals_to(sorted({turn.id, *history.turns_struck})):
        is_later = proposal.turn_version >= history.turns_struck.get(proposal.turn_id, 0)
        is_open = proposal.state is ProposalState.OPEN
        if not (is_open and is_later) or any(one in proposal.words for one in history.texts):
            db.session.delete(proposal)
    # What posts quote of any of these turns may hold the words, cut and written in another way.
    db.session.flush()
    quoted = [history.turns[one] for one in sorted({turn.id, *history.turns_struck})]
    forget_words([*history.struck, *take_out_of_others(quoted, now=now)])
    turn.version = count_on(transcript, now=now)
    keep(ChangeKind.ERASED, transcript, turn, actor=actor, now=now)
    note("transcript_erased", transcript, actor=actor, now=now, turn=turn.public_id)


def delete_source(transcript_id: int, *, actor: Actor, now: datetime) -> Transcript:
    """Let go of the file that a transcript was read from, and of its lines that were not read.

    The file itself is deleted within two days, unless something else refers to the same content.
    """
    transcript = queries.lock_transcript(transcript_id)
    if transcript.source_id is None:
        return transcript
    transcript.source_id, transcript.source_deleted_at = None, now
    transcript.unread = []
    transcript.updated_at = now
    note("transcript_source_deleted", transcript, actor=actor, now=now)
    return transcript


class _History:
    """The history of a locked transcript, walked back from where some words stand to all places where they stood."""

    def __init__(self, transcript_id: int) -> None:
        self.changes = queries.lock_changes(transcript_id)
        self.turns = {one.id: one for one in queries.lock_turns(transcript_id)}
        # By turn the first version after those in which the words stood; and the words, as they stood anywhere.
        self.turns_struck: dict[int, float] = {}
        self.texts: set[str] = set()
        self.struck: set[str] = set()

    def strike(self, turn_id: int, start: int, end: int) -> None:
        """Strike out a stretch of a turn as it stands, and the same words in all that came before."""
        turn = self.turns[turn_id]
        self.texts |= {turn.words[start:end].strip()} - {""}
        self.struck |= {turn.words[start:end]}
        turn.words = _struck(turn.words, start, end)
        self._back(turn_id, len(self.changes), start, end)

    def taken_out(self, turn_id: int, version: int) -> list[tuple[int, int]]:
        """The stretches of a turn's words that the correction of this version took out."""
        place = self._place(turn_id, version)
        if place is None:
            return []
        before, after = str(self.changes[place].before["words"]), str(self.changes[place].after["words"])
        return [(a, b) for kept, a, b, _, _ in queries.blocks(before, after) if not kept and before[a:b].strip()]

    def strike_before(self, turn_id: int, version: int, stretches: Sequence[tuple[int, int]]) -> bool:
        """Strike out stretches of what stood before the correction of this version; gives whether any was left."""
        place = self._place(turn_id, version)
        if place is None:
            return False
        change = self.changes[place]
        words = str(change.before["words"])
        left = [(a, b) for a, b in stretches if words[a:b].strip(ERASED)]
        for start, end in left:
            self.texts |= {words[start:end].strip()}
            self._strike(change, "before", start, end)
            self._back(turn_id, place, start, end)
        return bool(left)

    def _place(self, turn_id: int, version: int) -> int | None:
        return next(
            (
                place
                for place, one in enumerate(self.changes)
                if (one.turn_id, one.version) == (turn_id, version)
                and one.kind in {ChangeKind.WORDS, ChangeKind.IMPORTED}
                and "words" in one.after
            ),
            None,
        )

    def _back(self, turn_id: int, before: int, start: int, end: int) -> None:
        """Strike out a stretch of a turn, as it stood before the change at this place, in all earlier changes."""
        until = self.changes[before].version if before < len(self.changes) else inf
        self.turns_struck[turn_id] = max(until, self.turns_struck.get(turn_id, 0))
        for place in range(before - 1, -1, -1):
            change = self.changes[place]
            after = change.after
            if change.turn_id == turn_id and "words" in after:
                moved = self._through(change, start, end)
                self._strike(change, "after", start, end)
                if moved is None:
                    return
                start, end = moved
                self._strike(change, "before", start, end)
            elif change.turn_id == turn_id and "into" in after:
                self._strike(change, "before", start, end)
            elif change.kind is ChangeKind.SPLIT and after.get("other") == turn_id:
                # It began here, as the end of another.
                begins = int(after["from"])
                self._strike(change, "before", begins + start, begins + end)
                self._back(change.turn_id or 0, place, begins + start, begins + end)
                return

    def _through(self, change: TurnChange, start: int, end: int) -> tuple[int, int] | None:
        """Where the stretch stood before a change of its turn's words; None where all of it came with that change."""
        before, after = str(change.before["words"]), str(change.after["words"])
        if change.kind is ChangeKind.SPLIT:
            return start, end
        if change.kind is ChangeKind.JOINED:
            at = len(before) + 1
            if end > at:
                self.strike(change.after["other"], max(start - at, 0), end - at)
            return (start, min(end, len(before))) if start < len(before) else None
        # Where it cannot be told which words these were, all of them go.
        first, last = queries.carried(after, before, start, end) or (0, len(before))
        return 0 if start == 0 else first, len(before) if end >= len(after) else last

    def _strike(self, change: TurnChange, side: str, start: int, end: int) -> None:
        held = getattr(change, side)
        words = str(held["words"])
        self.struck |= {words[start:end]}
        # Another dictionary, since a change within one is not seen.
        setattr(change, side, held | {"words": _struck(words, start, end)})


def _struck(words: str, start: int, end: int) -> str:
    end = min(end, len(words))
    return words[:start] + ERASED * (end - start) + words[end:]
