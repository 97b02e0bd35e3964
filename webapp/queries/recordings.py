"""Reading recordings: those of a session, those of an event, and the one whose file somebody asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Session, SessionKind
from webapp.models.events import Event, EventDay, EventState
from webapp.models.files import FileReach, StoredFile
from webapp.models.recordings import Recording, RecordingState, Unrecorded
from webapp.models.transcripts import Transcript, TranscriptState
from webapp.queries.direct import Direct

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A session with its recordings in order, or what it says of there being none; `session` has its day."""

    session: Session
    recordings: Sequence[Recording] = ()
    unrecorded: Unrecorded | None = None

    @property
    def is_told(self) -> bool:
        """Whether there is a recording of which people who do not organise the event are told."""
        return any(one.reach is not FileReach.ORGANISERS for one in self.recordings)

    @property
    def is_not_recorded(self) -> bool:
        """Whether it is said that there is no recording, afterwards or in the agenda, and there is none."""
        return not self.recordings and (self.unrecorded is not None or self.session.is_not_recorded)


@dataclass(frozen=True)
class Playable:
    """A file to be played: where its content lies, what it is, and whether everybody may play it."""

    digest: str
    media_type: str
    size: int
    is_public: bool


def recordings_of_event(event_id: int) -> list[Recorded]:
    """The sessions of an event that have published recordings or were not recorded, by day and time.

    Who may see each recording its `reach` says; files come along. It is one query.
    """
    known = or_(Recording.id.is_not(None), Unrecorded.id.is_not(None), Session.is_not_recorded)
    return _recorded(_with_recordings(published_only=True).where(Session.event_id == event_id, known))


def sessions_to_record(event_id: int) -> list[Recorded]:
    """All released sessions of an event but breaks, by day and time, each with its recordings, drafts as well."""
    sessions = _with_recordings(published_only=False).where(Session.event_id == event_id)
    return _recorded(sessions.where(Session.kind != SessionKind.BREAK))


def recordings_of(session: Session, *, published_only: bool = True) -> Recorded:
    """The recordings of one session in order, with their files, and what it says of there being none."""
    (found,) = _recorded(_with_recordings(published_only=published_only).where(Session.id == session.id))
    return Recorded(session=session, recordings=found.recordings, unrecorded=found.unrecorded)


def get_session_to_record(event_id: int, public_id: str) -> Session:
    """A released session of the event with its day; raises NotFound."""
    statement = select(Session).where(Session.public_id == public_id, Session.event_id == event_id)
    return _found(db.session.scalars(statement.options(joinedload(Session.day))).one_or_none())


def get_session_of_address(public_id: str) -> Session:
    """A released session of any event, for commands; raises NotFound."""
    found = db.session.scalars(select(Session).where(Session.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound("No released session has this address.")
    return found


def get_managed_recording(event_id: int, public_id: str) -> Recording:
    """A recording of the event with its session, day and file; raises NotFound."""
    statement = _with_file().where(Recording.public_id == public_id, Recording.event_id == event_id)
    statement = statement.options(joinedload(Recording.session).joinedload(Session.day))
    return _found(db.session.scalars(statement).one_or_none())


_PUBLIC_FILE = Direct(
    select(StoredFile.digest, StoredFile.media_type, StoredFile.size, Recording.reach, Event.state, Recording.state)
    .join(Recording, Recording.file_id == StoredFile.id)
    .join(Event, Event.id == Recording.event_id)
    .where(Event.public_id == bindparam("event"), Recording.public_id == bindparam("recording"))
)


def find_public_file(event_public_id: str, public_id: str) -> Playable | None:
    """The file of a recording that everybody may see, by one narrow query; None where this is not so."""
    row = _PUBLIC_FILE.first(event=event_public_id, recording=public_id)
    if row is None or row[3] is not FileReach.PUBLIC or row[4] is EventState.DRAFT:
        return None
    return Playable(row[0], row[1], row[2], is_public=True) if row[5] is RecordingState.PUBLISHED else None


def playable(recording: Recording) -> Playable:
    """The file of a recording, to be played by who was found to reach it; raises NotFound where it has none."""
    file = _found(recording.file)
    return Playable(file.digest, file.media_type, file.size, is_public=False)


def get_recording(event_id: int, public_id: str) -> Recording:
    """A recording of the event with its file, whoever may see it; raises NotFound."""
    return _found(
        db.session.scalars(
            _with_file().where(Recording.public_id == public_id, Recording.event_id == event_id)
        ).one_or_none()
    )


def find_published_transcript(session_id: int) -> Transcript | None:
    """The transcript of a session as everybody may read it."""
    statement = select(Transcript).where(
        Transcript.session_id == session_id, Transcript.state == TranscriptState.PUBLISHED
    )
    return db.session.scalars(statement.options(defer(Transcript.unread))).one_or_none()


def reaches_of_published(session_id: int) -> list[FileReach]:
    """Whom the published recordings of a session are for, each once, the widest first."""
    statement = select(Recording.reach).where(
        Recording.session_id == session_id, Recording.state == RecordingState.PUBLISHED
    )
    found = set(db.session.scalars(statement))
    return [reach for reach in FileReach if reach in found]


def lock_session(session_id: int) -> Session:
    """A released session, locked until the unit ends: whoever changes its recordings takes this first.

    Raises NotFound.
    """
    return _found(db.session.scalars(select(Session).where(Session.id == session_id).with_for_update()).one_or_none())


def recordings_to_change(session_id: int) -> list[Recording]:
    """The recordings of a locked session as they are now, in order."""
    statement = _with_file().where(Recording.session_id == session_id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def find_unrecorded(session_id: int) -> Unrecorded | None:
    """What a session says of not having been recorded."""
    statement = select(Unrecorded).where(Unrecorded.session_id == session_id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _with_recordings(*, published_only: bool) -> Any:
    its = Recording.session_id == Session.id
    return (
        select(Session, Recording, Unrecorded)
        .join(Session.day)
        .outerjoin(Recording, and_(its, Recording.state == RecordingState.PUBLISHED) if published_only else its)
        .outerjoin(Recording.file)
        .outerjoin(Unrecorded, Unrecorded.session_id == Session.id)
        .options(
            contains_eager(Session.day), contains_eager(Recording.file), defer(Session.description, raiseload=True)
        )
        .order_by(
            EventDay.date, Session.starts.nulls_last(), Session.position, Session.id, Recording.position, Recording.id
        )
    )


def _recorded(statement: Any) -> list[Recorded]:
    found: dict[Session, tuple[list[Recording], Unrecorded | None]] = {}
    for session, recording, unrecorded in db.session.execute(statement):
        recordings, _ = found.setdefault(session, ([], unrecorded))
        if recording is not None:
            recordings.append(recording)
    return [Recorded(session=one, recordings=rows, unrecorded=said) for one, (rows, said) in found.items()]


def _with_file() -> Select[Recording]:
    return select(Recording).options(joinedload(Recording.file)).order_by(Recording.position, Recording.id)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
