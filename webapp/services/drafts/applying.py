"""Writes the draft into the agenda that everybody sees, row by row, so that kept pages hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.agenda import Contribution, Session, SessionState, Stream
from webapp.models.drafts import DraftSession, DraftStream
from webapp.models.events import Event, Mode, Places, moment
from webapp.queries import agenda as agenda_queries
from webapp.services.drafts.differences import Change, ChangeKind

COPIED = (
    "kind",
    "state",
    "title",
    "summary",
    "description",
    "language",
    "position",
    "takes_sign_ups",
    "joining_url",
    "joining_instructions",
    "is_not_recorded",
)
# What makes an entry in a calendar one of a new SEQUENCE (RFC 5546, section 2.1.4), and what only gives it other words,
# which a later DTSTAMP tells (section 2.1.5).
MOVES = ("state", "starts_at", "ends_at", "room", "joining_url")
WORDS = ("title", "summary")


def write_streams(event: Event, drafts: Sequence[DraftStream]) -> dict[int, Stream]:
    """Make the released streams those of the draft; gives them by the id of the draft's own."""
    released = {stream.id: stream for stream in agenda_queries.streams_of(event.id)}
    found = {}
    for draft in drafts:
        stream = released.get(draft.stream_id or 0)
        if stream is None:
            stream = Stream(public_id=draft.public_id, event_id=event.id, name=draft.name, position=draft.position)
            db.session.add(stream)
        stream.name, stream.position = draft.name, draft.position
        found[draft.id] = stream
    db.session.flush()
    for draft in drafts:
        draft.stream_id = found[draft.id].id
    return found


def drop_streams(event: Event, drafts: Sequence[DraftStream], sessions: Sequence[Session]) -> None:
    """Take away the released streams that the draft no longer has and no session, cancelled or not, still names."""
    wanted = {draft.stream_id for draft in drafts} | {session.stream_id for session in sessions}
    for stream in agenda_queries.streams_of(event.id):
        if stream.id not in wanted:
            db.session.delete(stream)


def write_sessions(
    event: Event,
    changes: Sequence[Change],
    streams: Mapping[int, Stream],
    *,
    now: datetime,
) -> list[Session]:
    """Write each change; gives the sessions that changed, new ones among them, each with its day."""
    written = []
    for change in changes:
        session = change.released or _new(change.draft, event, now)
        before = _values(session, MOVES), _values(session, WORDS)
        if change.kind is ChangeKind.CANCELLED:
            session.state = SessionState.CANCELLED
        else:
            _write(session, change.draft, event, streams)
        after = _values(session, MOVES), _values(session, WORDS)
        if change.released is not None and before != after:
            session.calendar_sequence += before[0] != after[0]
            session.calendar_changed_at = now
        session.updated_at = now
        session.version += 1 if change.released is not None else 0
        written.append(session)
    db.session.flush()
    for change, session in zip(changes, written, strict=True):
        change.draft.session_id = session.id
    return written


def _values(session: Session, names: Sequence[str]) -> list[Any]:
    return [getattr(session, name) for name in names]


def write_places(event: Event, drafts: Sequence[DraftSession], places: Sequence[Places]) -> list[Places]:
    """Give the sessions that take sign-ups the limits of the draft; gives the counters that have more room by it."""
    counters = {(row.session_id, row.mode): row for row in places}
    roomier = []
    for draft in drafts:
        for mode in event.modes if draft.takes_sign_ups and not draft.is_cancelled and draft.is_placed else ():
            row, limit = counters.get((draft.session_id, mode)), draft.capacity(mode)
            if row is None:
                db.session.add(_no_places_taken(event, draft, mode))
            elif row.capacity != limit:
                if limit is None or (row.capacity is not None and limit > row.capacity):
                    roomier.append(row)
                row.capacity = limit
    return roomier


def _no_places_taken(event: Event, draft: DraftSession, mode: Mode) -> Places:
    return Places(
        event_id=event.id,
        session_id=draft.session_id,
        mode=mode,
        capacity=draft.capacity(mode),
        confirmed=0,
        offered=0,
        waiting=0,
        pending=0,
        last_arrival=0,
    )


def _new(draft: DraftSession, event: Event, now: datetime) -> Session:
    session = Session(
        public_id=draft.public_id,
        event_id=event.id,
        event=event,
        calendar_sequence=0,
        calendar_changed_at=now,
        created_at=now,
        updated_at=now,
        version=1,
        themes=[],
        contributions=[],
    )
    db.session.add(session)
    return session


def _write(session: Session, draft: DraftSession, event: Event, streams: Mapping[int, Stream]) -> None:
    for name in COPIED:
        setattr(session, name, getattr(draft, name))
    if draft.day is None:
        raise ValueError("only a session that is placed can be released")
    session.slug = slug(draft.title)
    session.day_id, session.day = draft.day.id, draft.day
    session.stream = streams[draft.stream_id] if draft.stream_id is not None else None
    session.stream_id = session.stream.id if session.stream else None
    session.starts, session.ends = draft.starts, draft.ends
    session.starts_at = moment(draft.day.date, draft.starts, event.zone) if draft.starts else None
    session.ends_at = moment(draft.day.date, draft.ends, event.zone) if draft.ends else None
    session.room = draft.room.name if draft.room else ""
    session.themes = list(draft.themes)
    _write_contributions(session, draft)


def _write_contributions(session: Session, draft: DraftSession) -> None:
    """Name who contributes; who was named before keeps what their work was called then."""
    standing = {(one.speaker_id, one.organisation_id, one.role): one for one in session.contributions}
    rows = []
    for one in draft.contributions:
        row = standing.get((one.speaker_id, one.organisation_id, one.role))
        if row is None:
            row = Contribution(
                speaker_id=one.speaker_id,
                organisation_id=one.organisation_id,
                role=one.role,
                job_title=one.speaker.job_title if one.speaker else "",
            )
        row.position = one.position
        rows.append(row)
    if [id(row) for row in session.contributions] != [id(row) for row in rows]:
        session.contributions = rows
