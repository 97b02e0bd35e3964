"""Reading materials: those of an event in their order, one by its address, and what speakers handed in."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import EventDay
from webapp.models.files import Attachment, FileReach
from webapp.models.materials import Material
from webapp.models.recordings import Recording, RecordingState
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript, TranscriptState


@dataclass(frozen=True)
class Given:
    """A file that a speaker handed in for a session, as it is planned and as it is released; and what became of it."""

    attachment: Attachment
    planned: DraftSession
    speaker: Speaker
    session: Session | None
    material: Material | None


def materials_of(event_id: int) -> list[Material]:
    """All materials of an event with their files, whoever may have them, in their order."""
    statement = _with_file(select(Material)).where(Material.event_id == event_id)
    return list(db.session.scalars(statement.order_by(Material.position, Material.id)))


def offered_materials(event_id: int) -> list[Material]:
    """The materials that the pages of an event speak of, with their sessions, in order: none for organisers alone."""
    statement = (
        _with_file(select(Material))
        .options(joinedload(Material.session))
        .where(Material.event_id == event_id, Material.reach != FileReach.ORGANISERS)
    )
    return list(db.session.scalars(statement.order_by(Material.position, Material.id)))


def offered_of_session(session_id: int) -> list[Material]:
    """The same of one session."""
    statement = _with_file(select(Material)).where(
        Material.session_id == session_id, Material.reach != FileReach.ORGANISERS
    )
    return list(db.session.scalars(statement.order_by(Material.position, Material.id)))


def get_material(event_id: int, public_id: str) -> Material:
    """A material of this event with its file and session, whoever may have it; raises NotFound."""
    statement = _with_file(select(Material)).options(joinedload(Material.session))
    statement = statement.where(Material.public_id == public_id, Material.event_id == event_id)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_materials(event_id: int) -> list[Material]:
    """All materials of an event in their order, locked until the unit ends."""
    statement = select(Material).where(Material.event_id == event_id).order_by(Material.position, Material.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def sessions_to_choose(event_id: int) -> list[Session]:
    """The released sessions of an event with their days, in the order of the agenda."""
    statement = (
        select(Session)
        .join(Session.day)
        .where(Session.event_id == event_id)
        .options(contains_eager(Session.day))
        .order_by(EventDay.date, Session.position, Session.id)
    )
    return list(db.session.scalars(statement))


def given_for(event_id: int) -> list[Given]:
    """What speakers handed in for the sessions of an event, by title of the session and in the order it came."""
    statement = (
        _of_drafts()
        .where(Attachment.event_id == event_id)
        .order_by(DraftSession.title, DraftSession.id, Attachment.id)
        .options(contains_eager(Attachment.file))
    )
    return [Given(*row) for row in db.session.execute(statement)]


def get_given(event_id: int, public_id: str) -> Given:
    """One file that a speaker handed in for a session of this event; raises NotFound."""
    statement = _of_drafts().where(Attachment.event_id == event_id, Attachment.public_id == public_id)
    row = db.session.execute(statement.options(contains_eager(Attachment.file))).one_or_none()
    if row is None:
        raise NotFound
    return Given(*row)


def find_made_of(attachment_id: int) -> Material | None:
    """The material that was made of what a speaker handed in."""
    return db.session.scalars(select(Material).where(Material.given_id == attachment_id)).one_or_none()


def counts_of_events(event_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """How many recordings, transcripts, files and links, in this order, each event offers to anybody; by its id."""
    found: dict[int, Counter[str]] = {}
    if not event_ids:
        return found
    published = (
        select(Transcript.event_id, literal("transcript"), func.count())
        .where(Transcript.event_id.in_(event_ids), Transcript.state == TranscriptState.PUBLISHED)
        .group_by(Transcript.event_id)
    )
    recorded = (
        select(Recording.event_id, literal("recording"), func.count())
        .where(
            Recording.event_id.in_(event_ids),
            Recording.state == RecordingState.PUBLISHED,
            Recording.reach != FileReach.ORGANISERS,
        )
        .group_by(Recording.event_id)
    )
    kind = case((Material.url != "", literal("link")), else_=literal("file"))
    offered = (
        select(Material.event_id, kind, func.count())
        .where(Material.event_id.in_(event_ids), Material.reach != FileReach.ORGANISERS)
        .group_by(Material.event_id, kind)
    )
    for event_id, name, number in db.session.execute(union_all(recorded, published, offered)):
        found.setdefault(event_id, Counter())[name] = number
    order = ("recording", "transcript", "file", "link")
    return {event_id: {kind: counts[kind] for kind in order if counts[kind]} for event_id, counts in found.items()}


def _with_file(statement: Select[Material]) -> Select[Material]:
    return statement.options(joinedload(Material.file))


def _of_drafts() -> Select[Attachment, DraftSession, Speaker, Session, Material]:
    of_one = and_(DraftSession.id == Attachment.thing_id, Attachment.thing_kind == ThingKind.DRAFT_SESSION)
    return (
        select(Attachment, DraftSession, Speaker, Session, Material)
        .join(Attachment.file)
        .join(DraftSession, of_one)
        .join(Speaker, Speaker.id == Attachment.speaker_id)
        .outerjoin(Session, Session.id == DraftSession.session_id)
        .outerjoin(Material, Material.given_id == Attachment.id)
    )
