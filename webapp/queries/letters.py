"""Finding letters: those of an event as its organisers follow them, and those that one person was sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, literal, select, union_all
from sqlalchemy.orm import selectinload, undefer

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import words
from webapp.models.mailings import Letter, LetterState
from webapp.models.registrations import Registration
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
# More letters than anybody is sent; of one who was, the latest are told.
MOST_OF_ONE = 500


@dataclass(frozen=True, kw_only=True)
class LetterFilter:
    """Which of an event's letters; empty finds all, and `letter` names a single one."""

    text: str = ""
    state: LetterState | None = None
    uncertain: bool = False
    notice: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Numbers:
    """How many letters an event has in each state and of each kind, and how many may have arrived twice or not."""

    states: dict[LetterState, int]
    notices: dict[str, int]
    uncertain: int

    @property
    def total(self) -> int:
        return sum(self.states.values())


@dataclass(frozen=True)
class Row:
    """A letter of a list, and the public id of its recipient's registration, empty where there is none."""

    letter: Letter
    registration: str


def count_letters(event_id: int) -> Numbers:
    """The numbers at the top of the list, by one statement that reads nothing but indexes."""
    state = select(
        literal("state").label("what"), cast(Letter.state, String).label("value"), func.count().label("number")
    )
    notice = select(literal("notice"), Letter.notice, func.count())
    uncertain = select(literal("uncertain"), literal(""), func.count())
    rows: Sequence[Any] = db.session.execute(
        union_all(
            state.where(Letter.event_id == event_id).group_by(Letter.state),
            notice.where(Letter.event_id == event_id).group_by(Letter.notice),
            uncertain.select_from(Letter).where(Letter.event_id == event_id, Letter.uncertain > 0),
        )
    ).all()
    return Numbers(
        states={LetterState(value): number for what, value, number in rows if what == "state"},
        notices={value: number for what, value, number in rows if what == "notice"},
        uncertain=sum(number for what, _, number in rows if what == "uncertain"),
    )


def find_letters(event_id: int, wanted: LetterFilter, *, page: int) -> Page[Row]:
    """An event's letters, the latest first, 50 a page, without their bytes."""
    ids = select(Letter.id).where(*_conditions(event_id, wanted)).order_by(Letter.id.desc())
    if wanted.text:
        # A search looks at every recipient: what it found is counted and shown without a second look.
        found = db.session.scalars(ids).all()
        total, number = len(found), nearest(page, len(found), PAGE_SIZE)
        shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    else:
        total = count_in(event_id, wanted)
        number = nearest(page, total, PAGE_SIZE)
        shown = db.session.scalars(ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    statement = select(Letter, Registration.public_id).where(Letter.id.in_(shown)).order_by(Letter.id.desc())
    own = and_(Registration.event_id == Letter.event_id, Registration.person_id == Letter.person_id)
    rows = db.session.execute(statement.outerjoin(Registration, own))
    return Page([Row(letter, registration or "") for letter, registration in rows], number, PAGE_SIZE, total)


def count_in(event_id: int, wanted: LetterFilter, *further: ColumnElement[bool]) -> int:
    """How many of these letters meet the further conditions."""
    statement = select(func.count()).select_from(Letter).where(*_conditions(event_id, wanted), *further)
    return db.session.scalar(statement) or 0


def lock_letters(event_id: int, wanted: LetterFilter, condition: ColumnElement[bool]) -> list[int]:
    """The ids of these letters that meet a further condition, locked in the order in which workers lock them."""
    statement = select(Letter.id).where(*_conditions(event_id, wanted), condition)
    return list(db.session.scalars(statement.order_by(Letter.id).with_for_update()))


def get_letter(event_id: int, public_id: str) -> Letter:
    """One letter of an event, with its bytes; raises NotFound."""
    return _one(Letter.event_id == event_id, Letter.public_id == public_id)


def get_letter_to(person_id: int, public_id: str) -> Letter:
    """One letter to a person, with its bytes; raises NotFound."""
    return _one(Letter.person_id == person_id, Letter.public_id == public_id)


def letters_to(person_id: int, *, event_id: int | None = None) -> list[Letter]:
    """What a person was sent, at one event or at all, the latest first, without the bytes."""
    statement = select(Letter).where(Letter.person_id == person_id)
    if event_id is not None:
        statement = statement.where(Letter.event_id == event_id)
    return list(db.session.scalars(statement.order_by(Letter.id.desc()).limit(MOST_OF_ONE)))


def with_content(letter_ids: Collection[int]) -> list[Letter]:
    """These letters with their bytes, where they are kept, and what they share with others; for one page of a list."""
    statement = select(Letter).where(Letter.id.in_(letter_ids)).order_by(Letter.id)
    return list(db.session.scalars(statement.options(undefer(Letter.message), selectinload(Letter.mailing))))


def _one(*conditions: ColumnElement[bool]) -> Letter:
    statement = select(Letter).where(*conditions).options(undefer(Letter.message), selectinload(Letter.mailing))
    letter = db.session.scalars(statement).one_or_none()
    if letter is None:
        raise NotFound
    return letter


def _conditions(event_id: int, wanted: LetterFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Letter.event_id == event_id]
    if wanted.letter:
        found.append(Letter.public_id == wanted.letter)
    if wanted.state:
        found.append(Letter.state == wanted.state)
    if wanted.uncertain:
        found.append(Letter.uncertain > 0)
    if wanted.notice:
        found.append(Letter.notice == wanted.notice)
    if wanted.text:
        typed = words(wanted.text)
        found += [Letter.recipient_words.contains(f" {word}", autoescape=True) for word in typed] or [false()]
    return found
