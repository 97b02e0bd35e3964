"""Finding passages: the same rows in the same order on both databases, and no more than somebody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, cast, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import TSQUERY as TSQUERY_TYPE

from webapp import searching
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.events import Event
from webapp.models.passages import Passage, PassageKind, passage_index
from webapp.models.programmes import Programme, Theme
from webapp.queries.paging import Page, nearest
from webapp.searching import MARK, Bounds, Question, Where

PAGE_SIZE = 20
COUNTED = 1000
PRIVATE = f"{MARK}x"


def kind_tag(kind: PassageKind) -> str:
    """The tag of passages of a kind."""
    return f"{MARK}k{kind.value}"


def programme_tag(programme_id: int) -> str:
    """The tag of passages of a programme."""
    return f"{MARK}p{programme_id}"


def theme_tag(theme_id: int) -> str:
    """The tag of passages on a theme."""
    return f"{MARK}t{theme_id}"


def event_tag(event_id: int) -> str:
    """The tag of passages of an event."""
    return f"{MARK}e{event_id}"


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a search is narrowed down to: a kind, a programme and a theme by their ids, and days."""

    kind: PassageKind | None = None
    programme_id: int | None = None
    theme_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all that it leaves."""
        given = (
            kind_tag(self.kind) if self.kind else "",
            programme_tag(self.programme_id) if self.programme_id is not None else "",
            theme_tag(self.theme_id) if self.theme_id is not None else "",
        )
        return tuple(tag for tag in given if tag)


@dataclass(frozen=True)
class Hit:
    """A passage that was found, and the event to which it belongs."""

    kind: PassageKind
    public_id: str
    slug: str
    parent_public_id: str
    parent_slug: str
    day: date | None
    is_private: bool
    title: str
    text: str
    event_public_id: str | None
    event_slug: str | None
    event_title: str | None


def find_passages(question: Question, narrowing: Narrowing, *, viewer: Viewer | Visitor, page: int) -> Page[Hit]:
    """Passages in which all that is asked for stands: in titles first, the newest first, 20 a page, counted to 1,000.

    Only those that this viewer may see are found and counted.
    """
    if not question.groups:
        return Page([], 1, PAGE_SIZE, 0)
    ranked = _ranked(question, narrowing, viewer)
    places = list(db.session.scalars(ranked.limit(COUNTED + 1)))
    more, total = len(places) > COUNTED, min(len(places), COUNTED)
    number = nearest(page, total, PAGE_SIZE)
    shown = places[:COUNTED][(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return Page(_hits(shown), number, PAGE_SIZE, total, more)


def _ranked(question: Question, narrowing: Narrowing, viewer: Viewer | Visitor) -> Select[int]:
    """The places of all that is found in their order, as far as anybody pages through them."""
    bounds = _bounds(narrowing, viewer)
    tiers = []
    for tier, where in enumerate((Where.IN_TITLE, Where.NOT_ALL_IN_TITLE)):
        matching = _matching(question, bounds, where, narrowing).limit(COUNTED + 1).subquery()
        tiers.append(select(literal_column(str(tier)).label("tier"), matching.c.place))
    both = union_all(*tiers).subquery()
    return select(both.c.place).order_by(both.c.tier, both.c.place.desc())


def _matching(question: Question, bounds: Bounds, where: Where, narrowing: Narrowing) -> Select[int]:
    """The places of what stands there, highest first."""
    column: Any
    if db.session.get_bind().dialect.name == "postgresql":
        asked = searching.expression(question, bounds, where, searching.TSQUERY)
        column = Passage.place
        statement = select(column.label("place")).where(Passage.words.bool_op("@@")(cast(literal(asked), TSQUERY_TYPE)))
    else:
        asked = searching.expression(question, bounds, where, searching.FTS5)
        column = passage_index.c.rowid
        statement = select(column.label("place")).where(passage_index.c.passage_index.op("MATCH")(asked))
    lowest, beyond = searching.places_between(narrowing.from_on, narrowing.to_on)
    if lowest is not None:
        statement = statement.where(column >= lowest)
    if beyond is not None:
        statement = statement.where(column < beyond)
    return statement.order_by(column.desc())


def _bounds(narrowing: Narrowing, viewer: Viewer | Visitor) -> Bounds:
    """What narrows a search down, and what this viewer must not find: whatever is private, but in their own events."""
    own = reach(viewer, Power.LOOK)
    if own.everything:
        return Bounds(narrowing.tags)
    unless = [programme_tag(one) for one in sorted(own.programmes)] + [event_tag(one) for one in sorted(own.events)]
    return Bounds(narrowing.tags, PRIVATE, tuple(unless))


def _hits(places: Sequence[int]) -> list[Hit]:
    statement = (
        select(
            Passage.kind,
            Passage.public_id,
            Passage.slug,
            Passage.parent_public_id,
            Passage.parent_slug,
            Passage.day,
            Passage.is_private,
            Passage.title,
            Passage.text,
            Event.public_id,
            Event.slug,
            Event.title,
            Passage.place,
        )
        .outerjoin(Event, Event.id == Passage.event_id)
        .where(Passage.place.in_(places))
    )
    rows: Any = db.session.execute(statement) if places else ()
    found = {row.place: Hit(*row[:-1]) for row in rows}
    return [found[place] for place in places]


def count_found(
    questions: Sequence[Question], narrowing: Narrowing, *, viewer: Viewer | Visitor, most: int
) -> list[int]:
    """How many passages each of these questions finds for this viewer, counted up to `most`."""
    bounds = _bounds(narrowing, viewer)
    counts: list[Any] = []
    for question in questions:
        if not question.groups:
            counts.append(literal(0))
            continue
        found = _matching(question, bounds, Where.ANYWHERE, narrowing).order_by(None).limit(most).subquery()
        counts.append(select(func.count()).select_from(found).scalar_subquery())
    return list(db.session.execute(select(*counts)).one()) if counts else []


def find_narrowing(programme: str, theme: str) -> tuple[int | None, int | None]:
    """The ids of a programme and a theme by their public ids; None for one not asked for, 0 for one not there."""
    if not programme and not theme:
        return None, None
    of_programme = select(Programme.id).where(Programme.public_id == programme).scalar_subquery()
    of_theme = select(Theme.id).where(Theme.public_id == theme).scalar_subquery()
    found = db.session.execute(select(of_programme, of_theme)).one()
    return (found[0] or 0) if programme else None, (found[1] or 0) if theme else None
