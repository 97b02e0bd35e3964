"""What an event's page shows of what came of it: recordings, transcripts and materials by session, numbers, thanks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from webapp.blueprints.materials.offering import MARK, Offered, offered
from webapp.models.agenda import Session
from webapp.models.events import Event, EventState
from webapp.models.files import FileReach
from webapp.queries.materials import offered_materials
from webapp.queries.recordings import Recorded, recordings_of_event
from webapp.queries.records import find_record, transcribed_sessions

# More than these have a page of their own, and each session says how many it has.
MOST_SHOWN = 15
# From so many on the page that has all of them is worth a link.
FEW = 3
_NUMBERS = {
    "registered": "people registered",
    "came": "people came",
    "organisations": "organisations",
    "authorities": "local authorities",
}


@dataclass(frozen=True)
class Seen:
    """The recordings of a session in one line: how many are told of, whether all are sound, who at most sees any.

    `reason` is why there are none, where somebody wrote it.
    """

    number: int
    is_sound: bool = False
    reach: FileReach = FileReach.PUBLIC
    reason: str = ""

    def opening(self, session: Session) -> str:
        """The name of the place on the page in which stands what the viewer may see, where not everybody may."""
        return f"{MARK}{self.reach.value} {session.id} recordings"


@dataclass(frozen=True)
class Record:
    """What came of an event, as its page tells it; `sessions` are those of which there is anything, in their order."""

    is_over: bool
    sessions: Sequence[Session]
    recorded: Mapping[int, Seen]
    transcribed: frozenset[int]
    materials: Offered
    numbers: Sequence[tuple[str, int]]
    counted_at: datetime | None

    own: Mapping[str, tuple[str, str]]
    visitors: Mapping[str, str]

    @property
    def lists_materials(self) -> bool:
        """Whether they are so few that each stands on the page itself."""
        return self.materials.total <= MOST_SHOWN

    @property
    def has_page(self) -> bool:
        """Whether a page of all materials is worth going to."""
        return self.materials.total > FEW


def record_of(event: Event, sessions: Sequence[Session], now: datetime) -> Record:
    """What there is of an event at `now`, whose sessions these are; before its end only the materials."""
    over = now >= event.ends_at and event.state is not EventState.CANCELLED
    rows = offered_materials(event.id) if event.has_materials is not False else []
    materials = offered(event, rows, over=now >= event.ends_at)
    recorded = {one.session.id: seen for one in recordings_of_event(event.id) if (seen := _seen(one))} if over else {}
    transcribed = transcribed_sessions(event.id) if over else frozenset()
    kept = find_record(event.id) if over else None
    shown = kept.numbers if kept is not None and kept.shows_numbers else {}
    own, visitors = _openings(event, sessions, recorded)
    return Record(
        is_over=over,
        sessions=[one for one in sessions if one.id in transcribed or one.id in recorded or materials.of(one)],
        recorded=recorded,
        transcribed=transcribed,
        materials=materials,
        numbers=[(label, shown[name]) for name, label in _NUMBERS.items() if name in shown],
        counted_at=kept.counted_at if kept is not None else None,
        own={**materials.own, **own},
        visitors={**materials.visitors, **visitors},
    )


def _seen(recorded: Recorded) -> Seen | None:
    """How the recordings of a session are told of; None where there are only such as organisers keep."""
    if recorded.is_not_recorded:
        return Seen(0, reason=recorded.unrecorded.reason if recorded.unrecorded else "")
    told = [one for one in recorded.recordings if one.reach is not FileReach.ORGANISERS]
    if not told:
        return None
    reaches = {one.reach for one in told}
    widest = next(one for one in (FileReach.PUBLIC, FileReach.REGISTERED, FileReach.ATTENDED) if one in reaches)
    return Seen(len(told), is_sound=all(one.is_sound for one in told), reach=widest)


def _openings(
    event: Event, sessions: Sequence[Session], recorded: Mapping[int, Seen]
) -> tuple[Mapping[str, tuple[str, str]], Mapping[str, str]]:
    """What of recordings those find on the page who see them, and those who signed in and do not; and visitors."""
    own: dict[str, tuple[str, str]] = {}
    visitors: dict[str, str] = {}
    for session in sessions:
        seen = recorded.get(session.id)
        if seen is not None and seen.reach is not FileReach.PUBLIC:
            reached, signed_in, visitor = (
                render_template("components/own_recording.html", event=event, session=session, seen=seen, seen_by=who)
                for who in ("reached", "signed_in", "visitor")
            )
            own[seen.opening(session)], visitors[seen.opening(session)] = (reached, signed_in), visitor
    return own, visitors
