"""Beginning a draft: empty for a new event, or with the agenda as it is released."""

from datetime import datetime

from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import Session
from webapp.models.drafts import AgendaDraft, DraftContribution, DraftSession, DraftStream, Room
from webapp.models.events import Mode
from webapp.queries import agenda as agenda_queries
from webapp.queries import drafts as queries
from webapp.services.activity import record

LONGEST_ROOM = 120


def open_draft(event_id: int, *, actor: Actor, now: datetime) -> AgendaDraft:
    """The draft agenda of the event, begun from what is released if there is none yet; begun already, as it is."""
    draft = queries.find_draft_row(event_id)
    if draft is not None:
        return draft
    begun = insert_or(db.session, AgendaDraft).values(event_id=event_id, version=1, changed_at=now)
    is_first = db.session.scalar(
        begun.on_conflict_do_nothing(index_elements=["event_id"]).returning(AgendaDraft.event_id)
    )
    draft = queries.lock_draft(event_id)
    if is_first is None:
        # Somebody else began it at the same moment, and it has its sessions by now.
        return draft
    released = agenda_queries.agenda_of(event_id, whole=True)
    draft.released_version = 1 if released else None
    rooms = _rooms(event_id, released)
    streams = {
        stream.id: DraftStream(
            public_id=stream.public_id,
            event_id=event_id,
            stream_id=stream.id,
            name=stream.name,
            position=stream.position,
        )
        for stream in agenda_queries.streams_of(event_id)
    }
    db.session.add_all([*rooms.values(), *streams.values()])
    limits = {(places.session_id, places.mode): places.capacity for places in queries.session_places_of(event_id)}
    for session in released:
        row = _draft_of(session, now)
        row.stream = streams[session.stream_id] if session.stream_id else None
        row.room = rooms.get(session.room[:LONGEST_ROOM])
        row.capacity_online = limits.get((session.id, Mode.ONLINE))
        row.capacity_in_person = limits.get((session.id, Mode.IN_PERSON))
        db.session.add(row)
    db.session.flush()
    record("draft_opened", ThingKind.EVENT, event_id, actor=actor, now=now, event_id=event_id)
    return draft


def _rooms(event_id: int, released: list[Session]) -> dict[str, Room]:
    names = sorted({session.room[:LONGEST_ROOM] for session in released if session.room})
    return {name: Room(event_id=event_id, name=name, position=place) for place, name in enumerate(names, start=1)}


def _draft_of(session: Session, now: datetime) -> DraftSession:
    return DraftSession(
        public_id=session.public_id,
        event_id=session.event_id,
        session_id=session.id,
        day_id=session.day_id,
        position=session.position,
        kind=session.kind,
        state=session.state,
        title=session.title,
        summary=session.summary,
        description=session.description,
        language=session.language,
        starts=session.starts,
        ends=session.ends,
        takes_sign_ups=session.takes_sign_ups,
        joining_instructions=session.joining_instructions,
        joining_url=session.joining_url,
        is_not_recorded=session.is_not_recorded,
        created_at=now,
        updated_at=now,
        themes=list(session.themes),
        contributions=[
            DraftContribution(
                speaker_id=one.speaker_id, organisation_id=one.organisation_id, role=one.role, position=one.position
            )
            for one in session.contributions
        ],
    )
