"""Finding passages: the same rows in the same order on both databases, and no more than somebody may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, func, literal_column, select, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from webapp import searching
from webapp.extensions import db
from webapp.models.accounts import Power, Viewer, Visitor, reach
from webapp.models.agenda import Session
from webapp.models.events import Event, EventDay
from webapp.models.passages import KnownWord, Passage, PassageKind, passage_index
from webapp.models.programmes import Programme, Theme
from webapp.models.topics import Topic
from webapp.models.transcripts import Transcript
from webapp.queries.batches import batched
from webapp.queries.communities import ids_readable
from webapp.queries.paging import Page, nearest
from webapp.searching import MARK, Bounds, Question, Where

PAGE_SIZE = 20
COUNTED = 1000
# Of the turns of one transcript, or the posts of one topic, so many are shown, and the others counted, so that they
# leave room for all else.
OF_ONE = 3
# What is told beside a topic.
BESIDE = (PassageKind.ARTICLE, PassageKind.TURN)
# In so many passages a word is looked for as it is written.
LOOKED_AT = 50
PRIVATE = f"{MARK}x"
# Of all that stands in communities; each passage carries the tag of its own, too.
IN_COMMUNITY = f"{MARK}c"
_LAST = 2**63 - 1
_GROUPED = (PassageKind.TURN, PassageKind.TOPIC)
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


def community_tag(community_id: int) -> str:
    """The tag of passages of a community."""
    return f"{IN_COMMUNITY}{community_id}"


def event_tag(event_id: int) -> str:
    """The tag of passages of an event."""
    return f"{MARK}e{event_id}"


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What a search is narrowed down to: a kind, a programme, a theme, a community by their ids, days, and one thing.

    A transcript or a topic is given as the places that its turns or posts lie between. `let_through` widens it.
    """

    kind: PassageKind | None = None
    programme_id: int | None = None
    theme_id: int | None = None
    community_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    within: tuple[int, int] | None = None
    # Tags of private passages that anybody may find by now.
    let_through: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of all that it leaves."""
        given = (
            kind_tag(self.kind) if self.kind else "",
            programme_tag(self.programme_id) if self.programme_id is not None else "",
            theme_tag(self.theme_id) if self.theme_id is not None else "",
            community_tag(self.community_id) if self.community_id is not None else "",
        )
        return tuple(tag for tag in given if tag)


@dataclass(frozen=True)
class Hit:
    """A passage that was found, the event to which it belongs, and the session, if it was said in one.

    `others` are the turns of the same transcript, or posts of the same topic, that were found, too, and are not shown.
    """

    kind: PassageKind
    thing_id: int
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
    session_slug: str | None
    session_title: str | None
    others: int


def find_passages(question: Question, narrowing: Narrowing, *, viewer: Viewer | Visitor, page: int) -> Page[Hit]:
    """Passages in which all that is asked for stands: in titles first, the newest first, 20 a page, counted to 1,000.

    Of one transcript or topic the first three are among them, and only those are counted, unless it alone is asked.
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
    statement = _statements()[
        "phrases" if any(len(phrase) > 1 for phrase in question.phrases) else "words",
        narrowing.within is None and narrowing.kind in {None, *_GROUPED},
    ]
    hits, total, more = _page(statement, asked, number)
    if not hits and number > 1:
        number = nearest(number, _page(statement, asked, 1)[1], PAGE_SIZE)
        hits, total, more = _page(statement, asked, number)
    return Page(hits, number, PAGE_SIZE, min(total, COUNTED), more)


def _page(statement: Any, asked: dict[str, Any], number: int) -> tuple[list[Hit], int, bool]:
    """The rows of a page, how many there are on all pages, and whether more were found than are counted.

    There are 0 if the page is empty.
    """
    rows = db.session.execute(statement, {**asked, "most": COUNTED + 1, "first": (number - 1) * PAGE_SIZE}).all()
    return [Hit(*row[2:]) for row in rows], rows[0][0] if rows else 0, bool(rows) and rows[0][1] > COUNTED


def _days(narrowing: Narrowing) -> dict[str, int]:
    lowest, beyond = searching.places_between(narrowing.from_on, narrowing.to_on)
    first, last = narrowing.within or (0, _LAST)
    return {"lowest": max(lowest or 0, first), "beyond": min(_LAST if beyond is None else beyond, last)}


def _expression(question: Question, bounds: Bounds, where: Where) -> str:
    language = searching.TSQUERY if _is_postgresql() else searching.FTS5
    return searching.expression(question, bounds, where, language)


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _statements() -> dict[Any, Any]:
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


def _together(place: Any) -> Any:
    """What is the same for all turns of a transcript or posts of a topic, and for nothing else."""
    # Written out, since PostgreSQL shifts by nothing but an integer.
    kind = place.op(">>")(literal_column(str(searching.KIND_SHIFT))).op("&")(literal_column("15"))
    is_part = kind.in_([literal_column(str(searching.kind_sign(one.number))) for one in _GROUPED])
    return case((is_part, place.op(">>")(literal_column(str(searching.GROUP_SHIFT)))), else_=place)


def _page_statement(*, on_postgresql: bool, walks: bool, grouped: bool) -> Any:
    tiers = []
    for tier, asked in enumerate(("in_title", "anywhere")):
        some = _highest(asked, on_postgresql=on_postgresql, walks=walks and tier > 0)
        tiers.append(select(literal_column(str(tier)).label("tier"), some.c.place))
    both = union_all(*tiers).subquery()
    # What has all of it in its title is found again among what has it anywhere.
    found = select(func.min(both.c.tier).label("tier"), both.c.place).group_by(both.c.place).cte("found")
    listed: Any = found
    others: Any = literal_column("0")
    if grouped:
        order = (found.c.tier, found.c.place.desc())
        nth = func.row_number().over(partition_by=_together(found.c.place), order_by=order).label("nth")
        alike = func.count().over(partition_by=_together(found.c.place)).label("alike")
        numbered = select(found.c.tier, found.c.place, nth, alike).subquery()
        listed = select(numbered).where(numbered.c.nth <= OF_ONE).cte("listed")
        others = case((listed.c.nth == OF_ONE, listed.c.alike - OF_ONE), else_=0)
    ranked = select(listed.c.tier, listed.c.place, others.label("others"))
    ranked = ranked.order_by(listed.c.tier, listed.c.place.desc())
    shown = ranked.limit(PAGE_SIZE).offset(bindparam("first")).subquery()
    counted = [select(func.count()).select_from(some).scalar_subquery() for some in (listed, found)]
    return _as_hits(shown, *counted).order_by(shown.c.tier, shown.c.place.desc())


def _as_hits(shown: Any, *counted: Any) -> Any:
    """What a hit tells of each of these places, after what was counted."""
    is_said = and_(Passage.kind == PassageKind.TURN, Session.public_id == Passage.parent_public_id)
    return (
        select(
            *counted,
            Passage.kind,
            Passage.thing_id,
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
            Session.slug,
            Session.title,
            shown.c.others,
        )
        .select_from(shown)
        .join(Passage, Passage.place == shown.c.place)
        .outerjoin(Event, Event.id == Passage.event_id)
        .outerjoin(Session, is_said)
    )


def _beside_statement(*, on_postgresql: bool) -> Any:
    some = [
        select(_highest(f"of_{kind}", on_postgresql=on_postgresql).c.place, literal_column("0").label("others"))
        for kind in BESIDE
    ]
    shown = union_all(*some).subquery()
    return _as_hits(shown).order_by(Passage.place.desc())


def _built(*, on_postgresql: bool) -> dict[Any, Any]:
    counted = _highest("anywhere", on_postgresql=on_postgresql)
    places = select(counted.c.place).cte("places").prefix_with("MATERIALIZED")
    texts = select(Passage.title, Passage.text).join(places, places.c.place == Passage.place)
    found: dict[Any, Any] = {
        "count": select(func.count()).select_from(counted),
        "texts": texts.order_by(Passage.place.desc()).limit(LOOKED_AT),
        "beside": _beside_statement(on_postgresql=on_postgresql),
    }
    for grouped in (False, True):
        for name, walks in (("words", True), ("phrases", False)):
            found[name, grouped] = _page_statement(on_postgresql=on_postgresql, walks=walks, grouped=grouped)
    return found


def _bounds(narrowing: Narrowing, viewer: Viewer | Visitor, *, in_communities: bool = True) -> Bounds:
    """What narrows a search down, and what this viewer must not find.

    That is whatever is private, but in their own events, and whatever stands in communities that they do not read: who
    looks after the events of a programme need not read what is said in its communities.
    """
    but: list[tuple[str, tuple[str, ...]]] = []
    own = reach(viewer, Power.LOOK)
    if not own.everything:
        unless = [programme_tag(one) for one in sorted(own.programmes)] + [event_tag(one) for one in sorted(own.events)]
        but.append((PRIVATE, (*unless, *narrowing.let_through)))
    if in_communities and not reach(viewer, Power.MODERATE).everything:
        but.append((IN_COMMUNITY, tuple(community_tag(one) for one in ids_readable(viewer))))
    return Bounds(narrowing.tags, tuple(but))


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


def find_beside(question: Question, theme_id: int, *, viewer: Viewer | Visitor, most: int) -> list[Hit]:
    """The newest articles and turns of a theme that answer a question, up to so many of each; by one statement."""
    if not question.groups:
        return []
    asked: dict[str, Any] = {"most": most, **_days(Narrowing())}
    for kind in BESIDE:
        # Of these kinds there is nothing in communities.
        bounds = _bounds(Narrowing(kind=kind, theme_id=theme_id), viewer, in_communities=False)
        asked[f"of_{kind}"] = _expression(question, bounds, Where.ANYWHERE)
    return [Hit(*row) for row in db.session.execute(_statements()["beside"], asked)]


def words_not_shown(words: Collection[str]) -> list[str]:
    """Those of these words that are known and that no passage shows any more as they are written, in order.

    Where more than 50 passages show others of the same stem, only the latest of them are looked at.
    """
    known = select(KnownWord.word).distinct()
    left = {one for some in batched(sorted(words)) for one in db.session.scalars(known.where(KnownWord.word.in_(some)))}
    gone = []
    for word in sorted(left):
        if word not in left:
            continue
        # What only stands in communities is known to nobody else.
        asked = _expression(searching.ask(word), Bounds(but=((IN_COMMUNITY, ()),)), Where.ANYWHERE)
        values = {"anywhere": asked, "most": COUNTED + 1, **_days(Narrowing())}
        for title, shown in db.session.execute(_statements()["texts"], values):
            left -= searching.vocabulary(title, shown)
            if word not in left:
                break
        else:
            gone.append(word)
    return gone


def find_narrowing(programme: str, theme: str) -> tuple[int | None, int | None]:
    """The ids of a programme and a theme by their public ids; None for one not asked for, 0 for one not there."""
    if not programme and not theme:
        return None, None
    of_programme = select(Programme.id).where(Programme.public_id == programme).scalar_subquery()
    of_theme = select(Theme.id).where(Theme.public_id == theme).scalar_subquery()
    found = db.session.execute(select(of_programme, of_theme)).one()
    return (found[0] or 0) if programme else None, (found[1] or 0) if theme else None


def find_places_said(session: str) -> tuple[int, int]:
    """Between which places the turns lie that are found of the session of this public id; none where it has none."""
    statement = (
        select(Transcript.id, EventDay.date)
        .join(Session, Session.id == Transcript.session_id)
        .join(EventDay, EventDay.id == Session.day_id)
        .where(Session.public_id == session)
    )
    row = db.session.execute(statement).one_or_none()
    return searching.places_within(row[1], PassageKind.TURN.number, row[0]) if row else (0, 0)


def find_places_written(topic: str) -> tuple[int, int]:
    """Between which places the posts lie that are found of the topic of this public id; none where there is none."""
    row = db.session.execute(select(Topic.id, Topic.created_at).where(Topic.public_id == topic)).one_or_none()
    return searching.places_within(row[1].date(), PassageKind.TOPIC.number, row[0]) if row else (0, 0)


_ON_SQLITE, _ON_POSTGRESQL = _built(on_postgresql=False), _built(on_postgresql=True)
