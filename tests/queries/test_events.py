"""Finding events: what is found, in which order, and what must not be."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.event import listen, remove

from tests.ledger import Ledger
from webapp import transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import Role, ThingKind, Viewer, Visitor
from webapp.models.events import Event, EventState, Format, Mode
from webapp.models.programmes import Programme
from webapp.models.search import SearchKind, SearchWord
from webapp.queries import events as queries
from webapp.queries.accounts import find_viewer
from webapp.queries.events import EventFilter

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ONE_DAY = {"days": 1, "hours": [(time(10), time(12))]}


@pytest.fixture
def find(app, now):
    """The titles found, with the page they stand on."""

    def run(*, page=1, at=now, **wanted):
        with app.app_context():
            found = queries.find_events(EventFilter(**wanted), page=page, now=at)
            return [event.title for event in found.rows]

    return run


def test_find_events_gives_listed_ones_to_come_by_when_they_begin(make, find):
    make.event("Later", starts_on=date(2027, 7, 1))
    make.event("Long", starts_on=date(2027, 6, 1), days=20)
    make.event("Sooner", starts_on=date(2027, 6, 2))
    make.event("Draft", state=EventState.DRAFT)
    make.event("Unlisted", listed=False)
    make.event("Past", starts_on=date(2027, 4, 1))
    make.event("Cancelled", starts_on=date(2027, 6, 3), state=EventState.CANCELLED)
    assert find() == ["Long", "Sooner", "Cancelled", "Later"]


def test_find_events_gives_past_ones_latest_first(make, find):
    make.event("Older", starts_on=date(2022, 6, 14))
    make.event("Newer", starts_on=date(2024, 4, 30))
    make.event("To come")
    assert find(past=True) == ["Newer", "Older"]


def test_find_events_moves_an_event_to_the_past_at_the_moment_it_ends(make, find):
    event = make.event("Event")
    assert (find(at=event.ends_at - SECOND), find(at=event.ends_at - SECOND, past=True)) == (["Event"], [])
    assert (find(at=event.ends_at), find(at=event.ends_at, past=True)) == ([], ["Event"])


def test_find_events_that_end_together_have_one_order(make, find):
    titles = [f"Event {n}" for n in range(5)]
    for title in titles:
        make.event(title)
    assert find() == titles
    assert find(past=True, at=datetime.fromisoformat("2028-01-01T00:00:00+00:00")) == titles[::-1]


BY_TEXT = [
    ("kinship", ["Kinship care", "Kinship carers’ day"]),
    ("KINSHIP car", ["Kinship care", "Kinship carers’ day"]),
    ("carers'", ["Kinship carers’ day"]),
    ("care kin", ["Kinship care", "Kinship carers’ day"]),
    ("cafe", ["Café talk"]),
    ("CAFÉ", ["Café talk"]),
    ("inship", []),
    ("kinship cafe", []),
    ("%", []),
    ("_", []),
    ("'; drop table events; --", []),
    ("\u202e", []),
    ("", ["Kinship care", "Kinship carers’ day", "Café talk"]),
    ("a " * 50, []),
    ("k" * 100, []),
]


def test_find_events_by_text_needs_every_word_to_begin_one(make, find):
    for title in ("Kinship care", "Kinship carers’ day", "Café talk"):
        make.event(title, summary="")
    assert [(text, find(text=text)) for text, _ in BY_TEXT] == BY_TEXT


def test_find_events_by_date_counts_the_days_given_in(make, find):
    make.event("14 June", starts_on=date(2027, 6, 14), **ONE_DAY)
    make.event("15 June", starts_on=date(2027, 6, 15), days=1, hours=[None])
    make.event("15 to 17 June", starts_on=date(2027, 6, 15), days=3, hours=[None] * 3)
    assert find(from_on=date(2027, 6, 14), to_on=date(2027, 6, 14)) == ["14 June"]
    assert find(from_on=date(2027, 6, 15)) == ["15 June", "15 to 17 June"]
    # An event without hours lasts until midnight, and is not of the day that then begins.
    assert find(from_on=date(2027, 6, 16)) == ["15 to 17 June"]
    assert find(from_on=date(2027, 6, 18)) == []
    assert find(to_on=date(2027, 6, 15)) == ["14 June", "15 June", "15 to 17 June"]
    assert find(to_on=date(2027, 6, 13)) == []


def test_find_events_by_programme_theme_and_format(make, find):
    programme = make.programme("Families", themes=["Leeds", "Hertfordshire"])
    leeds, herts = programme.themes
    make.event("One", programme_id=programme.id, themes=[leeds])
    make.event("Two", programme_id=programme.id, themes=[leeds, herts], format=Format.HYBRID)
    make.event("Three", format=Format.IN_PERSON)
    assert find(programme=programme.public_id) == ["One", "Two"]
    assert find(programme="unknown") == []
    assert find(theme=leeds.public_id) == ["One", "Two"]
    assert find(theme=herts.public_id) == ["Two"]
    assert find(theme="unknown") == []
    assert find(format=Format.IN_PERSON) == ["Three"]
    assert find(theme=leeds.public_id, format=Format.ONLINE, text="one") == ["One"]


def test_filter_is_empty_whichever_list_is_looked_at():
    assert EventFilter().is_empty
    assert EventFilter(past=True).is_empty
    assert not EventFilter(text="x", past=True).is_empty


@pytest.mark.parametrize(
    ("asked", "number", "first"), [(-1, 1, 0), (0, 1, 0), (1, 1, 0), (2, 2, 20), (3, 3, 40), (10**6, 3, 40)]
)
def test_find_events_gives_the_nearest_page(app, make, now, asked, number, first):
    model = make.event("Model", listed=False)
    with app.app_context(), transaction.unit():
        _many(model, 41)
    with app.app_context():
        found = queries.find_events(EventFilter(), page=asked, now=now)
    assert (found.number, found.last, found.total, found.more) == (number, 3, 41, False)
    assert [event.title for event in found.rows] == [f"Event {n}" for n in range(first, min(first + 20, 41))]
    assert (found.first_row, found.last_row) == (first + 1, min(first + 20, 41))


def test_find_events_beyond_what_is_counted_says_so_and_finds_the_same_words(app, make, now):
    model = make.event("Model", listed=False)
    with app.app_context(), transaction.unit():
        ids = _many(model, 1001)
        words = [("annual", i) for i in ids] + [("kinship", i) for i in ids[-2:]]
        db.session.execute(
            insert(SearchWord), [{"kind": "event", "scope_id": 0, "word": word, "thing_id": i} for word, i in words]
        )
    with app.app_context():
        everything = queries.find_events(EventFilter(text="ann"), page=10**6, now=now)
        assert (everything.total, everything.more, everything.number) == (200, True, 10)
        assert [event.title for event in everything.rows] == [f"Event {n}" for n in range(180, 200)]
        few = queries.find_events(EventFilter(text="annual kin"), page=1, now=now)
        assert ([event.title for event in few.rows], few.total, few.more) == (["Event 999", "Event 1000"], 2, False)


def _many(model, number):
    columns = {c.key: getattr(model, c.key) for c in Event.__table__.c if c.key not in {"id", "public_id", "title"}}
    rows = [
        columns
        | {"public_id": f"x{n:011}", "title": f"Event {n}", "listed": True, "ends_at": model.ends_at + n * SECOND}
        for n in range(number)
    ]
    db.session.execute(insert(Event), rows)
    return list(db.session.scalars(select(Event.id).where(Event.public_id.like("x0%")).order_by(Event.ends_at)))


def test_upcoming_events_are_the_soonest_that_take_place(app, make, now):
    make.event("Third", starts_on=date(2027, 7, 3))
    make.event("First", starts_on=date(2027, 7, 1))
    make.event("Off", state=EventState.CANCELLED)
    make.event("Draft", state=EventState.DRAFT)
    make.event("Past", starts_on=date(2027, 5, 1))
    make.event("Second", starts_on=date(2027, 7, 2), days=4)
    with app.app_context():
        assert [event.title for event in queries.upcoming_events(limit=2, now=now)] == ["First", "Second"]


def test_boundaries_of_a_list_hold_the_next_end_even_of_what_it_does_not_show(app, make, now):
    first = make.event(starts_on=date(2027, 6, 1))
    shown = make.event(registration_opens_at=now + DAY, registration_closes_at=now + 2 * DAY)
    make.event(starts_on=date(2027, 5, 12), listed=False)
    with app.app_context():
        moments = queries.boundaries([shown], now=now)
        assert sorted(moments) == sorted([now + DAY, now + 2 * DAY, shown.starts_at, shown.ends_at, first.ends_at])
        assert queries.boundaries([], now=shown.ends_at) == []


# ---------------------------------------------------------------- who may see what


@pytest.fixture
def viewers(app, make, now):
    """A draft, and people who may see it or not, for a reason."""
    programme, other = make.programme(), make.programme()
    draft = make.event("Draft", state=EventState.DRAFT, programme_id=programme.id)
    another = make.event(programme_id=programme.id)
    grants = {
        "of the event": (Role.ORGANISER, ThingKind.EVENT, draft.id, None),
        "of the programme": (Role.OWNER, ThingKind.PROGRAMME, programme.id, None),
        "of the site": (Role.ACCESS_LEAD, ThingKind.SITE, 0, None),
        "of another event": (Role.OWNER, ThingKind.EVENT, another.id, None),
        "of another programme": (Role.OWNER, ThingKind.PROGRAMME, other.id, None),
        "of a session of that number": (Role.OWNER, ThingKind.SESSION, draft.id, None),
        "no longer": (Role.OWNER, ThingKind.EVENT, draft.id, now),
        "for a while": (Role.OWNER, ThingKind.EVENT, draft.id, now + SECOND),
    }
    found = {"a visitor": Visitor(), "somebody": None}
    for name in (*grants, "somebody"):
        person = make.person()
        if name in grants:
            make.grant(person, *grants[name])
        secret = make.signed_in(person)
        with app.app_context():
            found[name] = find_viewer(secret, now=now)
    return draft, found


SEEING = {"of the event", "of the programme", "of the site", "for a while"}


@pytest.mark.parametrize("load", [queries.get_event, queries.get_event_for_registration])
def test_draft_is_found_by_its_organisers_alone(app, viewers, load):
    draft, people = viewers
    seen = set()
    for name, viewer in people.items():
        with app.app_context():
            try:
                seen.add(name) if load(draft.public_id, viewer=viewer).id == draft.id else None
            except NotFound:
                continue
    assert seen == SEEING
    assert all(isinstance(people[name], Viewer) for name in SEEING)


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.CANCELLED, EventState.ARCHIVED])
def test_event_that_is_public_is_found_by_everybody_even_unlisted(app, make, state):
    event = make.event(state=state, listed=False)
    with app.app_context():
        assert queries.get_event(event.public_id, viewer=Visitor()).id == event.id
        with pytest.raises(NotFound):
            queries.get_event("2" * 12, viewer=Visitor())


def test_get_event_for_registration_asks_what_is_not_retired_in_order(app, make, now):
    event = make.event()
    second = make.question(event, "Second")
    make.question(event, "Retired", retired_at=now)
    third = make.question(event, "Third")
    with app.app_context():
        found = queries.get_event_for_registration(event.public_id, viewer=Visitor())
        assert [row.id for row in queries.asked_questions(found)] == [second.id, third.id]


def test_lock_places_gives_the_counter_of_that_mode_alone(app, make):
    event = make.event(format=Format.HYBRID)
    make.event(format=Format.HYBRID)
    ledger = Ledger(app)
    for mode in Mode:
        places = ledger.act(queries.lock_places, event.id, mode)
        assert (places.event_id, places.mode, places.session_id) == (event.id, mode, None)
    with pytest.raises(NotFound):
        ledger.act(queries.lock_places, make.event().id, Mode.IN_PERSON)


def test_search_words_of_other_kinds_do_not_find_events(app, make, find):
    event = make.event("Event", summary="")
    with app.app_context(), transaction.unit():
        db.session.add(SearchWord(kind=SearchKind.ORGANISATION, scope_id=0, word="kinship", thing_id=event.id))
        db.session.add(SearchWord(kind=SearchKind.REGISTRATION, scope_id=event.id, word="kinship", thing_id=event.id))
    assert find(text="kinship") == []


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "ix_events_to_come"),
        ({"format": Format.HYBRID}, "ix_events_format_to_come"),
        ({"programme": ""}, "ix_events_programme_to_come"),
    ],
)
def test_events_to_come_are_walked_by_when_they_begin_within_one_index(app, make, now, wanted, index):
    """Whatever is to come and not on the page is neither read nor sorted: only who walks an index can stop."""
    made = make.event("Hybrid", format=Format.HYBRID)
    lists = []

    def note(_connection, _cursor, statement, values, *_):
        if "LIMIT" in statement and "ORDER BY" in statement:
            lists.append((statement, values))

    with app.app_context():
        if "programme" in wanted:
            wanted = {"programme": db.session.get_one(Programme, made.programme_id).public_id}
        listen(db.engine, "before_cursor_execute", note)
        queries.find_events(EventFilter(**wanted), page=1, now=now)
        queries.upcoming_events(limit=5, now=now)
        remove(db.engine, "before_cursor_execute", note)
        found, *soonest = lists
        for (statement, values), by in [(found, index), *((one, "ix_events_to_come") for one in soonest)]:
            steps = plan(statement, values)
            assert any(f" {by} " in step for step in steps), steps
            # No more than the one page is put in order, once it is read.
            assert len([step for step in steps if "ORDER BY" in step or "Sort  (" in step]) == 1, steps
    assert len(soonest) == 1


def plan(statement, values):
    """What the database means to do, where it does without reading all: these tables are small."""
    if db.engine.dialect.name == "sqlite":
        return [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    for name in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
        db.session.execute(text(f"SET LOCAL enable_{name} = off"))
    return [row[0] for row in db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", values)]
