"""Recordings of the invented event that is over: chimes in place of voices, and a video that does not exist."""

import math
import struct
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp.demonstration.invented import ENDED
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.formats.media import Media, MediaType
from webapp.formats.videos import read_address
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.agenda import Session
from webapp.models.files import FileReach
from webapp.models.recordings import Recording
from webapp.models.transcripts import Transcript
from webapp.queries import transcripts as transcript_queries
from webapp.services import files, recordings
from webapp.services.recordings import About

SPOKEN, SHOWN, UNSEEN, KEPT = (
    "From words to plans",
    "In their own words",
    "Drawing, walking, waiting",
    "The school as a witness",
)
# No video has this name: the last letter of YouTube's carries four bits, and is never an i.
NO_VIDEO = "https://www.youtube.com/watch?v=demonstrati"
ELSEWHERE = "https://media.example.org/the-school-as-a-witness"
RATE = 8000
_CHIME = RATE // 2
# A pitch for each voice, in the order in which they come in: a chord that goes on.
_PITCHES = (440, 554, 659, 740)


def load_recordings(
    loaded: Loaded, transcript: Transcript | None, organiser: Person, *, folder: Path | None, now: datetime
) -> None:
    """Give the sessions of the event, where it is new, their recordings; there is no sound without a `folder`."""
    event = loaded.new_events.get(ENDED)
    if event is None:
        return
    actor = Actor(ActorKind.PERSON, organiser.id)
    then = min(now, event.ends_at + timedelta(days=3))
    sessions = {row.title: row for row in db.session.scalars(select(Session).where(Session.event_id == event.id))}
    added: list[Recording] = []
    if folder is not None and transcript is not None:
        turns = transcript_queries.all_turns(transcript.id)
        voices = [(turn.starts or 0, turn.speaker_id) for turn in turns]
        ends = max(turn.ends or 0 for turn in turns) + 2000
        content = chimes(voices, ends)
        written = files.write(content, MediaType.WAV.media_type, folder=folder, now=now)
        about = About(title="Chimes in place of voices, to show how a recording is played")
        added.append(
            recordings.add_file(sessions[SPOKEN].id, written, Media(MediaType.WAV, ends), about, actor=actor, now=then)
        )
    none = About(title="A video that does not exist, to show how others are asked for", duration=3_540_000)
    added.append(recordings.add_address(sessions[SHOWN].id, read_address(NO_VIDEO), none, actor=actor, now=then))
    kept = About(title="At an address that is nobody’s", reach=FileReach.REGISTERED)
    added.append(recordings.add_address(sessions[KEPT].id, read_address(ELSEWHERE), kept, actor=actor, now=then))
    for row in added:
        recordings.publish(row, actor=actor, now=then)
    reason = "Children’s drawings were shown, on condition that nobody films them."
    recordings.say_unrecorded(sessions[UNSEEN].id, reason, actor=actor, now=then)


def chimes(voices: Iterable[tuple[int, int | None]], lasts: int) -> bytes:
    """A WAV file of so many milliseconds: silence, and a soft chime where each turn begins, by who speaks in it."""
    samples = bytearray(b"\x80" * (lasts * RATE // 1000))
    pitches: dict[int | None, bytes] = {}
    for starts, voice in voices:
        chime = pitches.setdefault(voice, _chime(_PITCHES[len(pitches) % len(_PITCHES)]))
        at = starts * RATE // 1000
        samples[at : at + len(chime)] = chime[: len(samples) - at]
    about = struct.pack("<HHIIHH", 1, 1, RATE, RATE, 1, 8)
    chunks = b"WAVE" + _chunk(b"fmt ", about) + _chunk(b"data", bytes(samples))
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def _chime(pitch: int) -> bytes:
    fading = ((place, 40 * (1 - place / _CHIME) ** 2) for place in range(_CHIME))
    return bytes(128 + round(loud * math.sin(2 * math.pi * pitch * place / RATE)) for place, loud in fading)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
