"""Reading letters in the words of organisers."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models.events import Event
from webapp.models.wordings import LetterWording

# Subject and body, by the event's id and the letter's name.
Reworded = Mapping[tuple[int, str], tuple[str, str]]


def reworded(wanted: Collection[tuple[int, str]]) -> Reworded:
    """The words that hold for these letters of these events, by one query: the event's own, else its programme's."""
    events, notices = ({pair[place] for pair in wanted} for place in (0, 1))
    statement = (
        select(Event.id, LetterWording.notice, LetterWording.event_id, LetterWording.subject, LetterWording.body)
        .join(
            LetterWording,
            or_(LetterWording.event_id == Event.id, LetterWording.programme_id == Event.programme_id),
        )
        .where(Event.id.in_(events), LetterWording.notice.in_(notices))
        # Those of the programme come first, so that the event's own replace them.
        .order_by(LetterWording.event_id.is_not(None), LetterWording.id)
    )
    return {(event, notice): (subject, body) for event, notice, _, subject, body in db.session.execute(statement)}


def wordings_of_event(event: Event) -> dict[str, LetterWording]:
    """The words that hold at an event, by the letter's name, with who wrote them: its own, else its programme's."""
    own = or_(LetterWording.event_id == event.id, LetterWording.programme_id == event.programme_id)
    statement = select(LetterWording).where(own).order_by(LetterWording.event_id.is_not(None), LetterWording.id)
    return {one.notice: one for one in db.session.scalars(statement.options(joinedload(LetterWording.changed_by)))}


def own_wordings(event_id: int) -> list[LetterWording]:
    """The words that were written for one event alone, by the letter's name."""
    statement = select(LetterWording).where(LetterWording.event_id == event_id)
    return list(db.session.scalars(statement.order_by(LetterWording.notice, LetterWording.id)))


def wordings_of_programme(programme_id: int) -> dict[str, LetterWording]:
    """The words written for a programme, by the letter's name, with who wrote them."""
    statement = select(LetterWording).where(LetterWording.programme_id == programme_id).order_by(LetterWording.id)
    return {one.notice: one for one in db.session.scalars(statement.options(joinedload(LetterWording.changed_by)))}


def lock_wording(notice: str, *, event_id: int | None, programme_id: int | None) -> LetterWording | None:
    """The words of one letter for exactly this event or this programme, locked; None where there are none."""
    place = LetterWording.event_id == event_id if event_id else LetterWording.programme_id == programme_id
    return db.session.scalars(
        select(LetterWording).where(place, LetterWording.notice == notice).with_for_update()
    ).one_or_none()
