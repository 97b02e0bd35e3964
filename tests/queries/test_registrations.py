"""Finding registrations: what an organiser's list shows, whatever the filter, the order, the words and the page."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import event as events
from sqlalchemy import select

from tests.counting import statements
from tests.crowds import Member, write_crowd
from webapp.database import new_public_id
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold, name_key, words
from webapp.models.accounts import SYSTEM
from webapp.models.events import Format, Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import CARRIED, Registration, RegistrationState, RegistrationTag
from webapp.queries import registrations as queries
from webapp.queries import search
from webapp.queries.registrations import RegistrationFilter, Sort, criteria, lists
from webapp.services import registrations as services
from webapp.transaction import unit

S = RegistrationState
KEYS = {
    Sort.ARRIVAL: lambda one: one.arrival,
    Sort.NAME: lambda one: name_key(one.name),
    Sort.ORGANISATION: lambda one: fold(one.organisation),
}


FIRST, LAST = ("Ann", "Ben", "Édith", "Zoë"), ("Lee", "Osei", "O’Briain", "de Vries")


def members(number, seed=7, host="example.org", **fixed):
    """People of all sorts: few have the rarer states, and "Common" stands in every second role."""
    rng = random.Random(seed)
    return [
        Member(
            **{
                "arrival": place + 1,
                "name": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
                "email": f"p{place}@{host}",
                "organisation": f"{rng.choice(('Ashby', 'Brackwell', 'Corsham', 'Zennor'))} Council",
                "sector": rng.choice((Sector.LOCAL_AUTHORITY, Sector.LOCAL_AUTHORITY, Sector.HEALTH, Sector.POLICE)),
                "role": "Manager" if place % 9 == 0 else "Common worker",
                "state": rng.choices((S.CONFIRMED, S.WAITING, S.CANCELLED, S.DECLINED), (20, 5, 2, 0.3))[0],
                **fixed,
            }
        )
        for place in range(number)
    ]


def expected(crowd, wanted):
    """What a filter finds, worked out the slow way; the order of arrival is the order of the ids."""
    found = [
        one
        for one in crowd
        if wanted.state in {None, one.state}
        if wanted.sector in {None, one.sector}
        if all(any(word.startswith(typed) for word in one.words) for typed in words(wanted.text))
    ]
    return sorted(found, key=lambda one: (KEYS[wanted.sort](one), one.arrival), reverse=wanted.descending)


def listed(event, wanted, page=1):
    numbers = queries.get_numbers(event.id, wanted)
    found = queries.find_registrations(event.id, wanted, numbers, page=page)
    return found, [row.email for row in found.rows]


@pytest.fixture
def small(app, make, now):
    """An event with 130 registrations, beside one with others of the same names."""
    event, crowd = make.event(), members(130)
    write_crowd(app, make.event(), [Member(arrival=1, name="Ann Lee", email="other@example.org")], now)
    write_crowd(app, event, crowd, now)
    return event, crowd


@pytest.fixture
def large(app, make, now, monkeypatch):
    """An event with 330 registrations, and limits lowered so that searches for common words walk."""
    monkeypatch.setattr(search, "FEW", 60)
    monkeypatch.setattr(lists, "FEW", 60)
    event, crowd = make.event(), members(330)
    crowd[325] = Member(arrival=326, name="Quentin Rare", email="quentin@example.org", state=S.DECLINED)
    # Of those with this word a few stand first in the order by organisation, and most far behind.
    crowd += [
        Member(arrival=n, name="Ann Lee", email=f"s{n}@example.org", organisation=organisation, role="Scarce")
        for n, organisation in enumerate(["Aaa"] * 4 + ["Zzz"] * 96, start=331)
    ]
    write_crowd(app, event, crowd, now)
    return event, crowd


def test_list_follows_filter_and_order_on_every_page(context, small):
    event, crowd = small
    filters = product((None, S.CONFIRMED, S.DECLINED), (None, Sector.HEALTH), Sort, (False, True))
    for state, sector, sort, descending in filters:
        wanted = RegistrationFilter(state=state, sector=sector, sort=sort, descending=descending)
        emails = [one.email for one in expected(crowd, wanted)]
        pages = max(1, -(-len(emails) // 50))
        for number in range(1, pages + 1):
            page, shown = listed(event, wanted, number)
            assert shown == emails[(number - 1) * 50 : number * 50], (wanted, number)
            assert (page.number, page.last, page.total, page.more) == (number, pages, len(emails), False)


def test_list_of_the_event_leaves_out_other_events(context, small):
    event, _ = small
    assert db.session.scalar(select(Registration).where(Registration.email == "other@example.org")) is not None
    everybody = {email for number in (1, 2, 3) for email in listed(event, RegistrationFilter(), number)[1]}
    assert len(everybody) == 130
    assert "other@example.org" not in everybody
    assert listed(event, RegistrationFilter(text="other@example.org"))[1] == []


def test_list_gives_the_nearest_page(context, small):
    event, _ = small
    pages = {asked: listed(event, RegistrationFilter(), asked) for asked in (-1, 0, 1, 2, 3, 4, 1_000_000_000)}
    rows = {asked: (page.number, page.first_row, page.last_row, len(emails)) for asked, (page, emails) in pages.items()}
    first, last = (1, 1, 50, 50), (3, 101, 130, 30)
    assert rows == {-1: first, 0: first, 1: first, 2: (2, 51, 100, 50), 3: last, 4: last, 1_000_000_000: last}


FOUND = ("edith", "Édith", "ANN", "osei", "o'briain", "obriain", "de vries ann", "zennor", "p12", "p12@example.org")
NOT_FOUND = ("nobody", "ann nobody", "nn", "!!!", "xample", "% _")


def test_search_finds_who_has_a_word_that_begins_so_for_each_word(context, small):
    event, crowd = small
    for text, sort, state in product((*FOUND, "manager ben"), Sort, (None, S.WAITING)):
        wanted = RegistrationFilter(text=text, sort=sort, descending=sort is Sort.NAME, state=state)
        emails = [one.email for one in expected(crowd, wanted)]
        page, shown = listed(event, wanted)
        assert (shown, page.total, page.more) == (emails[:50], len(emails), False), wanted
        assert emails or state, f"{text!r} is not among the words of the crowd"


def test_search_finds_nobody_without_such_a_word(context, small):
    event, _ = small
    for text in NOT_FOUND:
        page, shown = listed(event, RegistrationFilter(text=text), 9)
        assert (shown, page.number, page.total, page.last) == ([], 1, 0, 1), text


WALKS = {
    "example": True,  # everybody
    "common": True,
    "common zennor": True,
    "common quentin": False,  # one, near the end
    "scarce": True,
    "rare": False,
}


def test_search_of_many_is_right_whether_it_walks_or_lists(context, large):
    event, crowd = large
    groups = ((None, None), (S.CONFIRMED, None), (S.DECLINED, None), (None, Sector.HEALTH), (S.WAITING, Sector.HEALTH))
    orders = ((Sort.ARRIVAL, False), (Sort.ARRIVAL, True), (Sort.NAME, True), (Sort.ORGANISATION, False))
    told = {text: set() for text in WALKS}
    for text, (sort, descending), (state, sector) in product(WALKS, orders, groups):
        wanted = RegistrationFilter(text=text, sort=sort, descending=descending, state=state, sector=sector)
        emails = [one.email for one in expected(crowd, wanted)]
        for number in (1, 2, 9):
            page, shown = listed(event, wanted, number)
            nearest = min(number, max(1, -(-len(emails) // 50)))
            assert (page.number, shown) == (nearest, emails[(nearest - 1) * 50 : nearest * 50]), (wanted, number)
            assert page.total == (nearest * 50 + 1 if page.more else len(emails)), (wanted, number)
            assert page.total <= len(emails)
            told[text].add(page.more)
    assert told == {text: {True, False} if walks else {False} for text, walks in WALKS.items()}


def test_search_of_many_lists_what_lies_behind_the_pages_that_it_walks(context, large, monkeypatch):
    monkeypatch.setattr(lists, "WALKED", 2)
    event, crowd = large
    wanted = RegistrationFilter(text="example", sort=Sort.NAME)
    for asked, number, more in ((2, 2, True), (3, 3, False), (1_000_000_000, 9, False)):
        page, shown = listed(event, wanted, asked)
        assert (page.number, page.more) == (number, more)
        assert shown == [one.email for one in expected(crowd, wanted)][(number - 1) * 50 : number * 50]


def test_page_asks_two_queries_however_many_there_are(app, make, now, monkeypatch):
    monkeypatch.setattr(search, "FEW", 60)
    monkeypatch.setattr(lists, "FEW", 60)
    filters = [
        RegistrationFilter(),
        RegistrationFilter(state=S.CONFIRMED, sort=Sort.NAME),
        RegistrationFilter(text="officer"),
        RegistrationFilter(text="example", sector=Sector.HEALTH),
    ]
    counts = []
    for number in (1, 3, 200):
        event = make.event()
        crowd = members(number, host=f"{number}.example.org", role="Officer", sector=Sector.HEALTH, state=S.CONFIRMED)
        write_crowd(app, event, crowd, now)
        with app.app_context(), statements(app) as asked:
            assert all(listed(event, wanted)[1] for wanted in filters)
        counts.append(len(asked))
    assert counts == [8, 8, 8]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # PostgreSQL plans by the size of tables: these are small
def test_list_is_read_from_its_indexes_alone(app, context, small):
    """No table is scanned, by the plan of SQLite, which shows every step."""
    event, _ = small
    plans = []

    def explain(connection, cursor, statement, parameters, *more):
        if statement.startswith("SELECT") and "registrations" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(([row[3] for row in cursor.fetchall()], statement))

    filters = product((None, S.CONFIRMED), (None, Sector.HEALTH), Sort, (False, True))
    events.listen(db.engine, "before_cursor_execute", explain)
    try:
        for state, sector, sort, descending in filters:
            listed(event, RegistrationFilter(state=state, sector=sector, sort=sort, descending=descending))
    finally:
        events.remove(db.engine, "before_cursor_execute", explain)
    scans = [step for steps, _ in plans for step in steps if step.startswith("SCAN registrations")]
    reads = {step for steps, _ in plans for step in steps if step.startswith("SEARCH registrations")}
    assert len(plans) == 24
    assert scans == []
    assert {step.partition(" (")[0] for step in reads} == {
        "SEARCH registrations USING INTEGER PRIMARY KEY",
        "SEARCH registrations USING COVERING INDEX ix_registrations_by_arrival",
        "SEARCH registrations USING COVERING INDEX ix_registrations_by_name",
        "SEARCH registrations USING COVERING INDEX ix_registrations_by_organisation",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_group_by_arrival",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_state_by_arrival",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_state_by_name",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_state_by_organisation",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_group_by_name",
        "SEARCH registrations USING COVERING INDEX ix_registrations_of_group_by_organisation",
    }


def test_numbers_count_states_sectors_and_the_largest_organisations(app, context, make, now):
    event = make.event()
    crowd = [
        Member(
            arrival=n, name="Ann Lee", email=f"p{n}-{size}@example.org", organisation=f"Org {size:02}", sector=sector
        )
        for sector, sizes in ((Sector.HEALTH, range(1, 9)), (Sector.POLICE, range(9, 18)))
        for size in sizes
        for n in range(size)
    ]
    crowd.append(Member(arrival=999, name="Ben", email="b@example.org", organisation="Elsewhere", state=S.WAITING))
    write_crowd(app, event, crowd, now)
    numbers = queries.get_numbers(event.id, RegistrationFilter())
    assert numbers.by_state == [(S.CONFIRMED, 153), (S.WAITING, 1)]
    assert numbers.by_sector(S.CONFIRMED) == [("Police", 117), ("Health", 36)]
    assert numbers.organisations == [(f"Org {size:02}", size) for size in range(17, 1, -1)]
    assert len(numbers.organisations) == queries.LARGEST + 1
    waiting = queries.get_numbers(event.id, RegistrationFilter(state=S.WAITING))
    assert (waiting.organisations, waiting.by_sector(S.WAITING)) == ([("Elsewhere", 1)], [("Local authority", 1)])


def test_numbers_forget_what_has_moved_on(context, make, now):
    event = make.event()
    row = make.registration(event, organisation_name="Ashby Council")
    with unit():
        services.cancel(row.id, actor=SYSTEM, now=now)
    numbers = queries.get_numbers(event.id, RegistrationFilter())
    assert (numbers.by_state, numbers.organisations) == ([(S.CANCELLED, 1)], [])


def test_each_registration_gives_all_in_the_order_with_answers_and_needs(app, context, small, make):
    event, crowd = small
    question = make.question(event, "Why?")
    make.registration(
        event, name="Zzz Aaa", email="last@example.org", answers={question.public_id: ["Because"]}, access="Captions"
    )
    wanted = RegistrationFilter(sort=Sort.NAME, descending=True)
    found = [
        (row.email, [a.value for a in row.answers])
        for row in queries.each_registration(event.id, wanted, with_needs=False)
    ]
    assert [email for email, _ in found if email != "last@example.org"] == [
        one.email for one in expected(crowd, wanted)
    ]
    assert ("last@example.org", [["Because"]]) in found
    narrowed = RegistrationFilter(text="zzz")
    (only,) = queries.each_registration(event.id, narrowed, with_needs=True)
    assert (only.email, only.needs.access) == ("last@example.org", "Captions")


def test_count_is_that_of_each_registration(context, small):
    event, crowd = small
    texts = ("", "common", "zennor lee", "nobody", "!!!")
    for text, state, sector in product(texts, (None, S.CONFIRMED, S.DECLINED), (None, Sector.HEALTH)):
        wanted = RegistrationFilter(text=text, state=state, sector=sector)
        number = 0 if text == "!!!" else len(expected(crowd, wanted))
        assert queries.count_registrations(event.id, wanted) == number
        assert sum(1 for _ in queries.each_registration(event.id, wanted, with_needs=False)) == number


def test_registration_of_another_event_is_not_found(context, make):
    event, other = make.event(), make.event()
    row = make.registration(other)
    assert queries.get_registration_of(other.id, row.public_id, with_needs=False).id == row.id
    for event_id, public_id in ((event.id, row.public_id), (other.id, new_public_id())):
        with pytest.raises(NotFound):
            queries.get_registration_of(event_id, public_id, with_needs=True)


# ---------------------------------------------------------------- tags, organisations, ways of taking part


def tagged_as(row, name):
    """A tag on a registration, as services would put it there."""
    carried = {one: getattr(row, one) for one in CARRIED}
    of = {"event_id": row.event_id, "registration_id": row.id}
    return RegistrationTag(**of, name=name, name_folded=fold(name), **carried)


@pytest.fixture
def marked(app, make, now):
    """An event held in both ways with 130 registrations, every third in person, every fourth with a tag."""
    event, crowd = make.event(format=Format.HYBRID, capacity=None), members(130)
    write_crowd(app, event, crowd, now)
    with app.app_context(), unit():
        rows = db.session.scalars(select(Registration).where(Registration.event_id == event.id)).all()
        for row in rows:
            row.mode = Mode.IN_PERSON if row.arrival % 3 == 0 else Mode.ONLINE
            for tag in ("Café",) * (row.arrival % 4 == 0) + ("Rare",) * (row.arrival == 77):
                db.session.add(tagged_as(row, tag))
    return event, crowd


def also(crowd, wanted):
    """What a filter finds with tag, organisation and way of taking part, worked out the slow way."""
    return [
        one.email
        for one in expected(crowd, wanted)
        if wanted.mode in {None, Mode.IN_PERSON if one.arrival % 3 == 0 else Mode.ONLINE}
        if wanted.organisation in {"", one.organisation}
        if (fold(wanted.tag), one.arrival % 4 == 0, one.arrival == 77)
        in {("", True, False), ("", False, False), ("", False, True), ("cafe", True, False), ("rare", False, True)}
    ]


@pytest.mark.parametrize("few", [1000, 20])
def test_list_is_narrowed_by_tag_organisation_and_way_whether_it_walks_or_lists(context, marked, monkeypatch, few):
    event, crowd = marked
    for module in (search, lists, criteria):
        monkeypatch.setattr(module, "FEW", few)
    asked = product(("", "CAFE", "rare", "none"), ("", "Zennor Council"), (None, *Mode), ("", "ann"), (None, S.WAITING))
    found = 0
    some = random.Random(few).sample(list(asked), 40)
    for number, (tag, organisation, mode, text, state) in enumerate(some):
        sort, descending = list(Sort)[number % 3], number % 2 == 1
        wanted = RegistrationFilter(
            tag=tag, organisation=organisation, mode=mode, text=text, state=state, sort=sort, descending=descending
        )
        emails = also(crowd, wanted)
        found += len(emails)
        for page in (1, 2):
            _, shown = listed(event, wanted, page)
            nearest = min(page, max(1, -(-len(emails) // 50)))
            assert shown == emails[(nearest - 1) * 50 : nearest * 50], (wanted, page)
        assert queries.count_registrations(event.id, wanted) == len(emails)
        assert [row.email for row in queries.each_registration(event.id, wanted, with_needs=False)] == emails
        chosen = queries.count_chosen(event.id, queries.Chosen(wanted=wanted))
        assert sum(chosen.values()) == len(emails)
    assert found > 150


def test_tags_of_an_event_are_told_once_each_and_not_those_of_others(context, marked, make):
    event, _ = marked
    other = make.event()
    row = make.registration(other)
    with unit():
        db.session.add(tagged_as(row, "Other"))
    assert [tag.name for tag in queries.tags_at(event.id)] == ["Café", "Rare"]
    assert [tag.name for tag in queries.tags_at(other.id)] == ["Other"]
    assert queries.tags_at(make.event().id) == []
    assert queries.tags_of([row.id]) == {row.id: [queries.Tag("Other", "other")]}
    assert queries.tags_of([]) == {}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_tag_is_found_by_its_index_alone(app, context, marked):
    event, _ = marked
    plans = []

    def explain(connection, cursor, statement, parameters, *more):
        if statement.startswith(("SELECT", "WITH")) and "registration" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    events.listen(db.engine, "before_cursor_execute", explain)
    try:
        for wanted in (RegistrationFilter(tag="rare"), RegistrationFilter(organisation="Zennor Council")):
            listed(event, wanted)
        queries.tags_at(event.id)
    finally:
        events.remove(db.engine, "before_cursor_execute", explain)
    scans = [step for step in plans if step.startswith("SCAN") and "registration" in step]
    assert scans == []
    assert any("ix_registration_tags_event" in step for step in plans)


# ---------------------------------------------------------------- days

# When clocks go forward and back in Britain: the day, and its first and last second in UTC.
CHANGES = [
    (date(2027, 3, 28), datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 22, 59, 59, tzinfo=UTC)),
    (date(2027, 10, 31), datetime(2027, 10, 30, 23, 0, tzinfo=UTC), datetime(2027, 10, 31, 23, 59, 59, tzinfo=UTC)),
]


@pytest.mark.parametrize(("day", "first", "last"), CHANGES)
def test_day_is_from_midnight_to_midnight_where_the_event_is(context, make, day, first, last):
    event, second = make.event(capacity=None, starts_on=date(2028, 1, 10)), timedelta(seconds=1)
    at = {"before": first - second, "first": first, "last": last, "after": last + second}
    for name, moment in at.items():
        make.registration(event, name=name, email=f"{name}@example.org", now=moment)

    def found(first_day=None, last_day=None):
        wanted = RegistrationFilter(first_day=first_day, last_day=last_day, zone=event.zone)
        return [email.partition("@")[0] for email in listed(event, wanted)[1]]

    one = timedelta(days=1)
    assert found(day, day) == ["first", "last"]
    assert found(first_day=day) == ["first", "last", "after"]
    assert found(last_day=day) == ["before", "first", "last"]
    assert (found(day - one, day - one), found(day + one, day + one)) == (["before"], ["after"])
    assert (found(day + one, day), found(day - 9 * one, day - 2 * one)) == ([], [])


@pytest.mark.parametrize("few", [1000, 20])
def test_list_is_narrowed_by_days_whether_it_walks_or_lists(app, context, make, now, monkeypatch, few):
    for module in (search, lists, criteria):
        monkeypatch.setattr(module, "FEW", few)
    event, crowd = make.event(capacity=None), members(260)
    write_crowd(app, event, crowd, now)
    with app.app_context(), unit():
        for row in db.session.scalars(select(Registration).where(Registration.event_id == event.id)):
            row.registered_at = now - timedelta(days=row.arrival % 3)
    on = now.date() - timedelta(days=1)
    for sort, descending, state, text in product(Sort, (False, True), (None, S.WAITING), ("", "ann")):
        wanted = RegistrationFilter(
            sort=sort, descending=descending, state=state, text=text, first_day=on, last_day=on, zone=event.zone
        )
        emails = [one.email for one in expected([one for one in crowd if one.arrival % 3 == 1], wanted)]
        assert 0 < len(emails) < 100
        for page in (1, 2):
            _, shown = listed(event, wanted, page)
            nearest = min(page, max(1, -(-len(emails) // 50)))
            assert shown == emails[(nearest - 1) * 50 : nearest * 50], (wanted, page)
        assert queries.count_registrations(event.id, wanted) == len(emails)
        assert [row.email for row in queries.each_registration(event.id, wanted, with_needs=False)] == emails
        assert sum(queries.count_chosen(event.id, queries.Chosen(wanted=wanted)).values()) == len(emails)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_organisation_and_days_are_found_by_their_indexes_alone(app, context, marked, now):
    event, _ = marked
    plans = []

    def explain(connection, cursor, statement, parameters, *more):
        if statement.startswith(("SELECT", "WITH")) and "registration" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    events.listen(db.engine, "before_cursor_execute", explain)
    try:
        listed(event, RegistrationFilter(organisation="Zennor Council"))
        listed(event, RegistrationFilter(first_day=now.date(), last_day=now.date(), zone=event.zone))
    finally:
        events.remove(db.engine, "before_cursor_execute", explain)
    used = {step.partition(" (")[0].partition(" USING ")[2] for step in plans if " USING " in step}
    assert "COVERING INDEX ix_registrations_of_organisation_by_arrival" in used
    assert "COVERING INDEX ix_registrations_by_day" in used


@pytest.mark.parametrize("few", [3, 1000])
@pytest.mark.parametrize("state", [None, RegistrationState.CONFIRMED])
@pytest.mark.parametrize("sort", list(Sort))
def test_those_with_a_tag_lie_in_every_order_to_the_last_page(context, marked, monkeypatch, sort, state, few):
    event, _ = marked
    for module in (criteria, lists):
        monkeypatch.setattr(module, "FEW", few)
    monkeypatch.setattr(lists, "PAGE_SIZE", 7)
    wanted = RegistrationFilter(tag="cafe", state=state, sort=sort, descending=True)
    tags = select(RegistrationTag.registration_id).where(RegistrationTag.name == "Café")
    column = {Sort.ARRIVAL: "arrival", Sort.NAME: "name_sort", Sort.ORGANISATION: "organisation_sort"}[sort]
    carriers = db.session.scalars(select(Registration).where(Registration.id.in_(tags))).all()
    carriers = [row for row in carriers if state in {None, row.state}]
    ordered = [row.id for row in sorted(carriers, key=lambda row: (getattr(row, column), row.id), reverse=True)]
    assert len(ordered) > 14
    found, numbers = [], queries.get_numbers(event.id, wanted)
    last = -(-len(ordered) // 7)
    for number in range(1, last + 1):
        page = queries.find_registrations(event.id, wanted, numbers, page=number)
        found += [row.id for row in page.rows]
        assert page.more or page.total == len(ordered)
    assert found == ordered
    beyond = queries.find_registrations(event.id, wanted, numbers, page=last + 1)
    assert (beyond.number, beyond.total, beyond.more) == (last, len(ordered), False)
