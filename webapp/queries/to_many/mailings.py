"""The letters to many themselves: of an event, under a lock, due, and how far each has come."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import ThingKind
from webapp.models.events import Event, EventState
from webapp.models.files import Attachment, FileReach
from webapp.models.mailings import ENDED, Letter, LetterState
from webapp.models.to_many import Mailing, MailingState
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
# By a statement of its own, where there is any: PostgreSQL locks no row that an outer join may lack.
_SURVEY = selectinload(Mailing.survey)
_BEING_QUEUED = and_(Mailing.state == MailingState.SENDING, Mailing.still_to_queue.is_not(None))


def get_mailing(event_id: int, public_id: str) -> Mailing:
    """A letter to many of this event, with who wrote, changed and confirmed it; raises NotFound."""
    statement = select(Mailing).where(Mailing.event_id == event_id, Mailing.public_id == public_id)
    mailing = db.session.scalars(_with_people(statement)).one_or_none()
    if mailing is None:
        raise NotFound
    return mailing


def find_mailing_of_rule(event_id: int, rule: str) -> Mailing | None:
    """What an event has of a ready-made rule; None where it was never switched on."""
    statement = select(Mailing).where(Mailing.event_id == event_id, Mailing.rule == rule).options(_SURVEY)
    return db.session.scalars(statement).one_or_none()


def mailings_of(event_id: int) -> list[Mailing]:
    """All letters to many of an event, in the order in which they were begun."""
    statement = select(Mailing).where(Mailing.event_id == event_id)
    return list(db.session.scalars(_with_people(statement).order_by(Mailing.id)))


def mailings_about(survey_id: int) -> list[Mailing]:
    """The letters to many that lead to a survey, in the order in which they were begun."""
    statement = select(Mailing).where(Mailing.survey_id == survey_id).options(_SURVEY)
    return list(db.session.scalars(statement.order_by(Mailing.id)))


def event_of(mailing_id: int) -> int:
    """The id of the event that a letter belongs to; raises NotFound."""
    found = db.session.scalar(select(Mailing.event_id).where(Mailing.id == mailing_id))
    if found is None:
        raise NotFound
    return found


def lock_mailing(mailing_id: int) -> Mailing:
    """The letter as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Mailing).where(Mailing.id == mailing_id).options(_SURVEY).with_for_update()
    mailing = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if mailing is None:
        raise NotFound
    return mailing


def lock_scheduled(mailing_id: int) -> Mailing | None:
    """The letter, locked, if it still waits for its time; None where it does not, or another worker has it in hand."""
    statement = select(Mailing).where(Mailing.id == mailing_id, Mailing.state == MailingState.SCHEDULED)
    statement = statement.options(_SURVEY).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalars(statement).one_or_none()


def find_being_queued(mailing_id: int) -> Mailing | None:
    """The letter with the list of its people still to come, and its event; None where there are none."""
    statement = select(Mailing).where(Mailing.id == mailing_id, _BEING_QUEUED)
    return db.session.scalars(
        statement.options(undefer(Mailing.still_to_queue), joinedload(Mailing.event))
    ).one_or_none()


def lock_being_queued(mailing_id: int) -> Mailing | None:
    """The letter with the list of its people still to come, locked; None where there are none, or another has it."""
    statement = select(Mailing).where(Mailing.id == mailing_id, _BEING_QUEUED).options(undefer(Mailing.still_to_queue))
    statement = statement.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalars(statement).one_or_none()


def lock_event_to_write_to(event_id: int) -> Event:
    """The event with its days as it is now, so locked that it is not changed before the unit ends.

    Shared with others who write to its people. To be called before the letter itself is locked by whoever may change
    one that a move of its event lets go again. Raises NotFound.
    """
    statement = select(Event).where(Event.id == event_id).with_for_update(read=True)
    event = db.session.scalars(
        statement.options(selectinload(Event.days)).execution_options(populate_existing=True)
    ).one_or_none()
    if event is None:
        raise NotFound
    return event


def written_to(mailing_id: int, person_ids: Collection[int]) -> set[int]:
    """Who of these people has a letter of that one already; a thousand at most."""
    statement = select(Letter.person_id).where(Letter.mailing_id == mailing_id, Letter.person_id.in_(person_ids))
    return {person_id for person_id in db.session.scalars(statement) if person_id is not None}


def due_to_fire(*, now: datetime) -> list[int]:
    """The letters whose time has come, the one due longest first, and those that will not go any more.

    Those of a draft wait until it is published or their last chance is over.
    """
    statement = select(Mailing).join(Mailing.event).where(Mailing.state == MailingState.SCHEDULED)
    rows = db.session.scalars(statement.options(contains_eager(Mailing.event)).order_by(Mailing.id))
    found = []
    for row in rows:
        due, last = row.due(row.event) or row.confirmed_at or now, row.last_chance(row.event)
        waits = row.event.state is EventState.DRAFT and (last is None or now <= last)
        if row.event.state is EventState.CANCELLED or (due <= now and not waits):
            found.append((due, row.id))
    return [mailing_id for _, mailing_id in sorted(found)]


def being_queued() -> list[int]:
    """The letters to many that not all of their people have been queued a letter of, the first begun first."""
    return list(db.session.scalars(select(Mailing.id).where(_BEING_QUEUED).order_by(Mailing.queued_at, Mailing.id)))


def underway() -> list[int]:
    """The letters that were queued and of which nothing is left to be sent."""
    left = select(Letter.id).where(Letter.mailing_id == Mailing.id, Letter.state.not_in(ENDED))
    whole = (Mailing.state == MailingState.SENDING, Mailing.still_to_queue.is_(None))
    statement = select(Mailing.id).where(*whole, ~left.exists())
    return list(db.session.scalars(statement.order_by(Mailing.id)))


def progress_of(mailing_ids: Collection[int]) -> Mapping[int, Mapping[LetterState, int]]:
    """How many letters of each of these are in which state."""
    statement = select(Letter.mailing_id, Letter.state, func.count()).where(Letter.mailing_id.in_(mailing_ids))
    found: dict[int, dict[LetterState, int]] = {one: {} for one in mailing_ids}
    for mailing_id, state, number in db.session.execute(statement.group_by(Letter.mailing_id, Letter.state)):
        if mailing_id is not None:
            found[mailing_id][state] = number
    return found


def letters_of(mailing_id: int, state: LetterState | None, *, page: int) -> Page[Letter]:
    """The letters of one mailing, of one state or all, in the order in which they were queued; 50 a page."""
    wanted = [Letter.mailing_id == mailing_id] + ([Letter.state == state] if state else [])
    total = db.session.scalar(select(func.count()).select_from(Letter).where(*wanted)) or 0
    number = nearest(page, total, PAGE_SIZE)
    statement = select(Letter).where(*wanted).order_by(Letter.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(db.session.scalars(statement).all(), number, PAGE_SIZE, total)


def material_of(mailing_id: int) -> list[Attachment]:
    """The files that go with a letter, with their content's row, in the order in which they were added."""
    statement = _material().where(Attachment.thing_id == mailing_id)
    return list(db.session.scalars(statement.order_by(Attachment.id)))


def get_material(public_id: str) -> Attachment:
    """A file that letters lead to, for whoever has its address; raises NotFound, for those inside letters too."""
    statement = _material().where(Attachment.public_id == public_id, Attachment.reach == FileReach.PUBLIC)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def _material() -> Select[Attachment]:
    of_one = and_(Mailing.id == Attachment.thing_id, Attachment.thing_kind == ThingKind.MAILING)
    joined = select(Attachment).join(Attachment.file).join(Mailing, of_one)
    return joined.options(contains_eager(Attachment.file))


def _with_people(statement: Select[Mailing]) -> Select[Mailing]:
    return statement.options(
        joinedload(Mailing.written_by), joinedload(Mailing.changed_by), joinedload(Mailing.confirmed_by), _SURVEY
    )
