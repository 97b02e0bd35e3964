"""Recordings: added by address or as a file, described, ordered, published, taken back, removed; or there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import clean_line
from webapp.formats.media import Media
from webapp.formats.transcripts import Piece, Turn, as_webvtt
from webapp.formats.videos import Video
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import Session
from webapp.models.files import FileReach
from webapp.models.recordings import (
    LONGEST_ADDRESS,
    LONGEST_REASON,
    LONGEST_TITLE,
    MOST_OF_A_SESSION,
    Place,
    Recording,
    RecordingState,
    Unrecorded,
)
from webapp.queries import recordings as queries
from webapp.queries import transcripts as transcript_queries
from webapp.services import files
from webapp.services.activity import record
from webapp.services.files import Written
from webapp.services.transcripts.exporting import written

_PLACES = {"youtube": Place.YOUTUBE, "vimeo": Place.VIMEO, "": Place.ELSEWHERE}
# No recording is longer than a week, nor begins further than that from what was said in it.
FURTHEST = 7 * 24 * 3_600_000


class RecordingRefused(DomainError):
    """What was asked for cannot be done with this recording; the message says why."""

    code = "recording_refused"


@dataclass(frozen=True, kw_only=True)
class About:
    """What is said of a recording; times in milliseconds."""

    title: str = ""
    reach: FileReach = FileReach.PUBLIC
    language: str = "en-GB"
    duration: int | None = None
    zero: int = 0


def add_address(session_id: int, video: Video, about: About, *, actor: Actor, now: datetime) -> Recording:
    """Add a video at a provider, or an address elsewhere, as a draft; one that the session has already stays as it is.

    Raises RecordingRefused when the session has as many as it may, or the address is too long.
    """
    if len(video.address) > LONGEST_ADDRESS:
        raise RecordingRefused(f"The address must be {LONGEST_ADDRESS} characters or fewer")
    session = queries.lock_session(session_id)
    there = queries.recordings_to_change(session.id)
    found = next((row for row in there if row.address == video.address), None)
    if found is not None:
        return found
    row = _new(session, there, about, now)
    row.place, row.address, row.video = _PLACES[video.provider], video.address, video.video
    return _added(row, session, actor=actor, now=now)


def add_file(
    session_id: int, content: Written, media: Media, about: About, *, actor: Actor, now: datetime
) -> Recording:
    """Add a file that lies in the folder as a draft; the same file again changes nothing.

    Raises RecordingRefused when the session has as many as it may.
    """
    session = queries.lock_session(session_id)
    there = queries.recordings_to_change(session.id)
    found = next((row for row in there if row.file is not None and row.file.digest == content.digest), None)
    if found is not None:
        return found
    row = _new(session, there, about, now)
    row.place, row.file = Place.FILE, files.keep(content, now=now)
    row.duration = media.duration or about.duration
    return _added(row, session, actor=actor, now=now)


def describe(recording: Recording, about: About, *, version: int, actor: Actor, now: datetime) -> Recording:
    """Change what is said of a recording; raises RecordingRefused when it was changed since this `version`."""
    row = _locked(recording)
    wanted = _values(about)
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return row
    if row.version != version:
        raise RecordingRefused("Somebody changed this recording while you were writing. Look again, then save.")
    for name in changed:
        setattr(row, name, wanted[name])
    _count_on(row, now)
    _note("recording_changed", row, actor=actor, now=now)
    return row


def publish(recording: Recording, *, actor: Actor, now: datetime) -> Recording:
    """Let those whom it is for see a recording; published already, it changes nothing."""
    row = _locked(recording)
    if not row.is_published:
        row.state, row.published_at = RecordingState.PUBLISHED, now
        _count_on(row, now)
        _note("recording_published", row, actor=actor, now=now)
    return row


def take_back(recording: Recording, *, actor: Actor, now: datetime) -> Recording:
    """Let nobody but organisers see a recording any more."""
    row = _locked(recording)
    if row.is_published:
        row.state = RecordingState.DRAFT
        _count_on(row, now)
        _note("recording_taken_back", row, actor=actor, now=now)
    return row


def remove(recording: Recording, *, actor: Actor, now: datetime) -> None:
    """Take a recording out; a file that nothing else refers to is deleted with the next sweep.

    Removed already, it changes nothing.
    """
    try:
        row = _locked(recording)
    except NotFound:
        return
    _note("recording_removed", row, actor=actor, now=now)
    db.session.delete(row)


def move(recording: Recording, by: int, *, actor: Actor, now: datetime) -> None:
    """Put a recording so many places later in its session; less than nothing is earlier, and the ends are the ends."""
    queries.lock_session(recording.session_id)
    rows = queries.recordings_to_change(recording.session_id)
    here = next((place for place, row in enumerate(rows) if row.id == recording.id), None)
    if here is None:
        raise NotFound
    there = min(max(here + by, 0), len(rows) - 1)
    if there == here:
        return
    rows.insert(there, rows.pop(here))
    for place, row in enumerate(rows):
        row.position = place
    record(
        "recordings_ordered", ThingKind.SESSION, recording.session_id,
        actor=actor, now=now, event_id=recording.event_id,
    )  # fmt: skip


def say_unrecorded(session_id: int, reason: str, *, actor: Actor, now: datetime) -> Unrecorded:
    """Say that a session was not recorded, and why; raises RecordingRefused when it has a recording."""
    session = queries.lock_session(session_id)
    if queries.recordings_to_change(session.id):
        raise RecordingRefused("This session has a recording. Remove it before you say that there is none.")
    reason = clean_line(reason)[:LONGEST_REASON]
    row = queries.find_unrecorded(session.id)
    if row is not None and row.reason == reason:
        return row
    if row is None:
        row = Unrecorded(session_id=session.id, event_id=session.event_id)
        db.session.add(row)
    row.reason, row.said_at = reason, now
    record("session_not_recorded", ThingKind.SESSION, session.id, actor=actor, now=now, event_id=session.event_id)
    return row


def unsay_unrecorded(session_id: int, *, actor: Actor, now: datetime) -> None:
    """Say nothing any more of a session's not having been recorded."""
    session = queries.lock_session(session_id)
    row = queries.find_unrecorded(session.id)
    if row is not None:
        db.session.delete(row)
        record("session_recorded", ThingKind.SESSION, session.id, actor=actor, now=now, event_id=session.event_id)


def captions(recording: Recording) -> bytes:
    """The published transcript of the session as WebVTT, at the times of this recording; raises NotFound without one.

    What was said before it begins, or after it ends, is left out.
    """
    transcript = queries.find_published_transcript(recording.session_id)
    if transcript is None:
        raise NotFound
    rows = transcript_queries.all_turns(transcript.id)
    speakers = transcript_queries.speakers_by_id(row.speaker_id for row in rows)
    turns = written(rows, {key: one.speaker.name for key, one in speakers.items()})
    within = [_within(turn, recording) for turn in turns]
    return as_webvtt([turn for turn in within if turn], title="Captions", language=transcript.language).encode()


def _within(turn: Turn, recording: Recording) -> Turn | None:
    end = recording.duration or FURTHEST
    pieces: list[Piece] = []
    inside = False
    for piece in turn.pieces:
        begins = None if piece.start is None else piece.start - recording.zero
        ends = None if piece.end is None else piece.end - recording.zero
        # Words without a time of their own stand with those before them.
        inside = 0 <= begins < end if begins is not None else inside
        if inside:
            pieces.append(replace(piece, start=begins, end=ends))
    return replace(turn, pieces=tuple(pieces)) if pieces and pieces[0].start is not None else None


def _new(session: Session, there: list[Recording], about: About, now: datetime) -> Recording:
    if len(there) >= MOST_OF_A_SESSION:
        raise RecordingRefused(f"A session may have up to {MOST_OF_A_SESSION} recordings. Remove one first.")
    position = there[-1].position + 1 if there else 0
    return Recording(
        session_id=session.id,
        event_id=session.event_id,
        position=position,
        state=RecordingState.DRAFT,
        version=1,
        created_at=now,
        updated_at=now,
        **_values(about),
    )


def _values(about: About) -> Mapping[str, Any]:
    duration = about.duration if about.duration and 0 < about.duration <= FURTHEST else None
    return {
        "title": clean_line(about.title)[:LONGEST_TITLE],
        "reach": about.reach,
        "language": about.language,
        "duration": duration,
        "zero": min(max(about.zero, -FURTHEST), FURTHEST),
    }


def _added(row: Recording, session: Session, *, actor: Actor, now: datetime) -> Recording:
    # Whoever adds a recording means that there is one.
    said = queries.find_unrecorded(session.id)
    if said is not None:
        db.session.delete(said)
    db.session.add(row)
    db.session.flush()
    _note("recording_added", row, actor=actor, now=now)
    return row


def _locked(recording: Recording) -> Recording:
    queries.lock_session(recording.session_id)
    rows = queries.recordings_to_change(recording.session_id)
    found = next((row for row in rows if row.id == recording.id), None)
    if found is None:
        raise NotFound
    return found


def _count_on(row: Recording, now: datetime) -> None:
    row.version += 1
    row.updated_at = now


def _note(verb: str, row: Recording, *, actor: Actor, now: datetime) -> None:
    record(
        verb,
        ThingKind.SESSION,
        row.session_id,
        actor=actor,
        now=now,
        event_id=row.event_id,
        place=row.place.value,
        reach=row.reach.value,
    )
