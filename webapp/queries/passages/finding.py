"""Finding passages: the same rows in the same order on both databases, and no more than somebody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal_column, select, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

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
_LAST = 2**63 - 1
_EACH_ITS_PLAN = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


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
    bounds = _bounds(narrowing, viewer)
    asked = {
        "in_title": _expression(question, bounds, Where.IN_TITLE),
        "anywhere": _expression(question, bounds, Where.ANYWHERE),
        **_days(narrowing),
    }
    number = min(max(1, page), COUNTED // PAGE_SIZE)
    statement = _statements()["phrases" if any(len(phrase) > 1 for phrase in question.phrases) else "words"]
    hits, total = _page(statement, asked, number)
    if not hits and number > 1:
        number = nearest(number, _page(statement, asked, 1)[1], PAGE_SIZE)
        hits, total = _page(statement, asked, number)
    return Page(hits, number, PAGE_SIZE, min(total, COUNTED), total > COUNTED)


def _page(statement: Any, asked: dict[str, Any], number: int) -> tuple[list[Hit], int]:
    """The rows of a page, and how many there are on all pages, up to 1,001; 0 if the page is empty."""
    rows = db.session.execute(statement, {**asked, "most": COUNTED + 1, "first": (number - 1) * PAGE_SIZE}).all()
    return [Hit(*row[1:]) for row in rows], min(rows[0][0], COUNTED + 1) if rows else 0


def _days(narrowing: Narrowing) -> dict[str, int]:
    lowest, beyond = searching.places_between(narrowing.from_on, narrowing.to_on)
    return {"lowest": lowest or 0, "beyond": _LAST if beyond is None else beyond}


def _expression(question: Question, bounds: Bounds, where: Where) -> str:
    language = searching.TSQUERY if _is_postgresql() else searching.FTS5
    return searching.expression(question, bounds, where, language)


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _statements() -> dict[str, Any]:
    """The statements of this database, built once: building them takes as long as a quick search."""
    if _is_postgresql():
        # The plan that fits rare words does not fit common ones, so none may be kept for all.
        db.session.execute(_EACH_ITS_PLAN)
        return _ON_POSTGRESQL
    return _ON_SQLITE


def _matching(asked: str, *, on_postgresql: bool) -> tuple[Any, Any]:
    """The select of the places at which a question is answered, and its column of places."""
    column: Any
    if on_postgresql:
        column = Passage.place
        statement = select(column.label("place")).where(
            Passage.words.bool_op("@@")(cast(bindparam(asked, type_=String), TSQUERY))
        )
    else:
        column = passage_index.c.rowid
        statement = select(column.label("place")).where(passage_index.c.passage_index.op("MATCH")(bindparam(asked)))
    return statement.where(column >= bindparam("lowest"), column < bindparam("beyond")), column


def _highest(asked: str, *, on_postgresql: bool, walks: bool = True) -> Any:
    """The places of what answers a question, highest first, up to `most`.

    PostgreSQL finds many that come often by walking down the places, and few by the words. It takes phrases, and what
    stands in titles, for more common than they are, and would walk through all: then it must not.
    """
    statement, column = _matching(asked, on_postgresql=on_postgresql)
    ordered = statement.order_by(column.desc() if walks or not on_postgresql else (column + 0).desc())
    return ordered.limit(bindparam("most")).subquery()


def _page_statement(*, on_postgresql: bool, walks: bool) -> Any:
    tiers = []
    for tier, asked in enumerate(("in_title", "anywhere")):
        some = _highest(asked, on_postgresql=on_postgresql, walks=walks and tier > 0)
        tiers.append(select(literal_column(str(tier)).label("tier"), some.c.place))
    both = union_all(*tiers).subquery()
    # What has all of it in its title is found again among what has it anywhere.
    found = select(func.min(both.c.tier).label("tier"), both.c.place).group_by(both.c.place).cte("found")
    ranked = select(found.c.tier, found.c.place).order_by(found.c.tier, found.c.place.desc())
    shown = ranked.limit(PAGE_SIZE).offset(bindparam("first")).subquery()
    return (
        select(
            select(func.count()).select_from(found).scalar_subquery(),
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
        )
        .select_from(shown)
        .join(Passage, Passage.place == shown.c.place)
        .outerjoin(Event, Event.id == Passage.event_id)
        .order_by(shown.c.tier, shown.c.place.desc())
    )


def _built(*, on_postgresql: bool) -> dict[str, Any]:
    counted = _highest("anywhere", on_postgresql=on_postgresql)
    return {
        "words": _page_statement(on_postgresql=on_postgresql, walks=True),
        "phrases": _page_statement(on_postgresql=on_postgresql, walks=False),
        "count": select(func.count()).select_from(counted),
    }


def _bounds(narrowing: Narrowing, viewer: Viewer | Visitor) -> Bounds:
    """What narrows a search down, and what this viewer must not find: whatever is private, but in their own events."""
    own = reach(viewer, Power.LOOK)
    if own.everything:
        return Bounds(narrowing.tags)
    unless = [programme_tag(one) for one in sorted(own.programmes)] + [event_tag(one) for one in sorted(own.events)]
    return Bounds(narrowing.tags, PRIVATE, tuple(unless))


def count_found(
    questions: Sequence[Question], narrowing: Narrowing, *, viewer: Viewer | Visitor, most: int
) -> list[int]:
    """How many passages each of these questions finds for this viewer, counted up to `most`."""
    bounds, days = _bounds(narrowing, viewer), _days(narrowing)
    counts = []
    for question in questions:
        number = 0
        if question.groups:
            # Looking for the first alone, PostgreSQL would walk through all for a word that stands nowhere.
            limit = COUNTED + 1 if _is_postgresql() else most
            asked = {"anywhere": _expression(question, bounds, Where.ANYWHERE), "most": limit, **days}
            number = min(most, db.session.scalar(_statements()["count"], asked) or 0)
        counts.append(number)
    return counts


def find_narrowing(programme: str, theme: str) -> tuple[int | None, int | None]:
    """The ids of a programme and a theme by their public ids; None for one not asked for, 0 for one not there."""
    if not programme and not theme:
        return None, None
    of_programme = select(Programme.id).where(Programme.public_id == programme).scalar_subquery()
    of_theme = select(Theme.id).where(Theme.public_id == theme).scalar_subquery()
    found = db.session.execute(select(of_programme, of_theme)).one()
    return (found[0] or 0) if programme else None, (found[1] or 0) if theme else None


_ON_SQLITE, _ON_POSTGRESQL = _built(on_postgresql=False), _built(on_postgresql=True)
