"""The events page, each event's page, and its joining page."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import insert, select, update

from tests.answered import answer
from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept, transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.agenda import SessionKind
from webapp.models.attendance import ALL_DAYS, Presence
from webapp.models.events import Admission, Event, EventState, Format, Mode
from webapp.services import registrations, surveys
from webapp.services.surveys import life

ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def signed_in(app, make):
    """The browser of somebody of that address."""
    return lambda email="ann@example.org": Browser(app).sign_in(make.signed_in(make.person(email=email)))


def address(event):
    return f"/events/{event.slug}-{event.public_id}"


def titles(page):
    return [text_of(heading) for heading in page.all("h2", class_="wm-card__title")]


def tags(page):
    return [text_of(tag) for tag in page.one("main").iter() if "govuk-tag" in tag.get("class", "").split()]


# ---------------------------------------------------------------- the list


def test_events_page_shows_what_is_to_come_and_leads_to_the_past(make, browser):
    make.event("Spring event", summary="About spring.")
    make.event("Old event", starts_on=date(2022, 6, 14))
    make.event("Draft event", state=EventState.DRAFT)
    page = browser.get("/events")
    assert (page.heading, titles(page)) == ("Events", ["Spring event"])
    assert "14 and 15 June 2027 Online" in page.text
    assert "Draft event" not in page.body
    past = browser.get(page.address + page.link("Past"))
    assert (past.heading, titles(past), tags(past)) == ("Past events", ["Old event"], ["Past event"])
    assert titles(browser.get("/events" + past.link("To come"))) == ["Spring event"]


@ONE_DATABASE
def test_events_page_without_any_says_what_to_do(browser, now):
    page = browser.get("/events")
    assert "There is nothing here yet." in page.text
    assert browser.get(page.link("Read the records of past events")).heading == "Past events"


def test_events_page_that_finds_nothing_leads_on_with_the_same_words(make, browser):
    make.event("Kinship day", starts_on=date(2024, 4, 30))
    page = browser.get("/events?q=kinship")
    assert titles(page) == []
    assert "Nothing to come matches your search." in page.text
    assert titles(browser.get("/events" + page.link("look among past events"))) == ["Kinship day"]
    assert browser.get(page.link("Clear the search")).address == "/events"


def test_search_stands_in_the_form_and_in_every_link(make, browser):
    programme = make.programme("Families", themes=["Leeds"])
    theme = programme.themes[0]
    for n in range(21):
        make.event(f"Kinship {n}", programme_id=programme.id, themes=[theme], format=Format.HYBRID)
    query = urlencode(
        {
            "q": "kin",
            "from": "1/6/2027",
            "to": "2027-06-30",
            "programme": programme.public_id,
            "theme": theme.public_id,
            "format": "hybrid",
        }
    )
    page = browser.get(f"/events?{query}")
    assert (page.title.partition(" –")[0], len(titles(page))) == ("Events (page 1 of 2)", 20)
    assert "1 to 20 of 21 events" in page.text
    assert [field.get("value") for field in (page.one("input", id=name) for name in ("q", "from", "to"))] == [
        "kin",
        "1/6/2027",
        "2027-06-30",
    ]
    chosen = [text_of(option) for option in page.all("option") if option.get("selected") is not None]
    assert chosen == ["Families", "Leeds", "Online and in person"]
    for name in ("Next page", "Past"):
        asked = parse_qs(urlsplit(page.link(name)).query)
        assert {key: asked[key] for key in parse_qs(query)} == parse_qs(query)
    second = browser.get("/events" + page.link("Next page"))
    assert (titles(second), "Page 2 of 2" in second.text) == (["Kinship 20"], True)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("from=31+2+2027", ["“From” must be a real date, like 14 June 2027"]),
        ("to=tomorrow", ["“To” must be a real date, like 14 June 2027"]),
        ("from=1+1+99999999999999", ["“From” must be a real date, like 14 June 2027"]),
        ("from=0+0+0", ["“From” must be a real date, like 14 June 2027"]),
        (
            "from=x&to=y",
            ["“From” must be a real date, like 14 June 2027", "“To” must be a real date, like 14 June 2027"],
        ),
        ("from=2+6+2027&to=1+6+2027", ["“To” must be the same as or after “From”"]),
    ],
)
@ONE_DATABASE
def test_date_that_is_none_is_named_and_left_out(make, browser, query, errors):
    make.event("Event")
    page = browser.get(f"/events?{query}")
    assert (page.status, page.errors) == (200, errors)
    assert titles(page) == ["Event"]
    typed = parse_qs(query)
    assert page.one("input", id="from").get("value") == typed.get("from", [""])[0]


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=1000000",
        "page=99999999999999999999999",
        "page=x",
        "page=%D9%A1",
        "page=1.5",
        "page=",
        "format=nonsense",
        "when=never",
        "from=1+1+1",
        "to=31+12+9999",
        "from=%01x",
        "unknown=1&q=",
    ],
)
@ONE_DATABASE
def test_query_that_makes_no_sense_shows_the_nearest_page(make, browser, query):
    make.event("Event")
    page = browser.get(f"/events?{query}")
    assert (page.status, titles(page)) == (200, ["Event"])
    assert page.all("li", class_="govuk-service-navigation__item")[2:] != []


@pytest.mark.parametrize("query", ["programme=x", "q=%FF%FE", "theme=" + "2" * 5000, "q=%25", "q=" + "x" * 5000])
@ONE_DATABASE
def test_query_that_matches_nothing_shows_the_empty_page(make, browser, query):
    make.event("Event")
    page = browser.get(f"/events?{query}")
    assert (page.status, titles(page)) == (200, [])


@ONE_DATABASE
def test_words_looked_for_are_shown_and_never_run(make, browser):
    words = "\"><script>alert(1)</script>'"
    page = browser.get("/events?" + urlencode({"q": words, "from": words}))
    assert page.one("input", id="q").get("value") == words
    assert page.one("input", id="from").get("value") == words[:20]
    assert len(page.all("script")) == 2


def test_events_page_asks_the_same_however_many_there_are(app, make, browser):
    asked = []
    programme = make.programme(themes=["One", "Two"])
    for n in (1, 3):
        for _ in range(n):
            make.event("Kinship", programme_id=programme.id, themes=programme.themes)
        for path in ("/events", "/events?q=kinship", f"/events?theme={programme.themes[0].public_id}"):
            kept.clear()
            with statements(app) as found:
                browser.get(path)
            asked.append(len(found))
    assert asked[:3] == asked[3:] == [7, 9, 8]


# ---------------------------------------------------------------- one event


def test_event_page_tells_what_when_where_for_whom_and_how(make, browser):
    programme = make.programme("Families", themes=["Leeds"])
    event = make.event(
        "Spring event",
        programme_id=programme.id,
        themes=programme.themes,
        format=Format.HYBRID,
        venue="Hall 3",
        summary="About spring.",
        description="**Bold** words. [Link](https://example.org)",
        hours=[(time(9, 30), time(16)), (time(10), time(12, 15))],
    )
    session = make.session(event, "Kinship", day=1)
    page = browser.get(address(event))
    assert (page.heading, tags(page)) == ("Spring event", ["Open for registration"])
    facts = {text_of(dt) for dt in page.all("dd")}
    assert facts >= {
        "Monday 14 June 2027, 9:30am to 4pm",
        "Tuesday 15 June 2027, 10am to 12:15pm",
        "Online and in person: Hall 3",
        "Families",
        "Leeds",
        "Learning teamlearning@example.org",
    }
    assert page.link("Register") == f"{address(event)}/register"
    assert page.link("Kinship") == f"{address(event)}/sessions/kinship-{session.public_id}"
    assert (page.link("Link"), [text_of(strong) for strong in page.all("strong")][-1:]) == (
        "https://example.org",
        ["Bold"],
    )
    assert browser.get(page.link("Leeds")).one("main") is not None
    assert "Day 1: Monday 14 June 2027" in page.text


@ONE_DATABASE
def test_event_page_says_what_is_not_known(make, browser):
    event = make.event(hours=[None, None], zone="America/New_York")
    page = browser.get(address(event))
    assert "Monday 14 June 2027 , times not known" in page.text
    assert "The agenda has not been published yet." in page.text


@ONE_DATABASE
def test_event_page_names_a_zone_that_is_not_ours(make, browser):
    page = browser.get(address(make.event(zone="America/New_York")))
    assert "9:30am to 4pm (America/New York time)" in page.text


@pytest.mark.parametrize(
    ("values", "tag", "sentence"),
    [
        ({"capacity": None}, "Open for registration", "Register"),
        ({"capacity": 11}, "Few places left", "Register"),
        ({"capacity": 10}, "Full: waiting list open", "whoever has waited longest gets it at once"),
        ({"capacity": 10, "offer_hours": 48}, "Full: waiting list open", "waited longest, for 48 hours"),
        ({"capacity": 10, "waiting_list": False}, "Full", "All places are taken, and there is no waiting list."),
        ({"admission": Admission.INVITATION}, "By invitation", "This event is by invitation."),
        ({"takes_registrations": False}, "Registration closed", "Registration has closed."),
        ({"state": EventState.ARCHIVED}, "Past event", "This event is over."),
        ({"state": EventState.CANCELLED, "cancelled_reason": "Snow."}, "Cancelled", "has been cancelled. Snow."),
    ],
)
def test_event_page_says_how_it_stands_and_never_how_many_places(make, browser, values, tag, sentence):
    event = make.event("Event", **values)
    if values.keys() & {"capacity"}:
        for _ in range(10):
            make.registration(event)
    page = browser.get(address(event))
    assert tags(page) == [tag]
    assert sentence in page.text
    assert page.has_link("Register") is (sentence == "Register")
    assert page.has_link("Join the waiting list") is tag.endswith("list open")
    assert " 10 " not in page.text
    assert " 11 " not in page.text


def test_event_page_reads_otherwise_at_each_boundary_though_nothing_is_written(app, make, browser, now):
    event = make.event(
        registration_opens_at=now + MINUTE, registration_closes_at=now + 2 * MINUTE, days=1, hours=[None]
    )
    assert "Registration opens at 10:01am on Monday 10 May 2027." in browser.get(address(event)).text
    seen = []
    moments = (now, now + MINUTE, now + 2 * MINUTE, event.starts_at, event.ends_at)
    for moment in moments:
        with clock.fixed(moment):
            seen += tags(browser.get(address(event)))
    assert seen == [
        "Opens soon",
        "Open for registration",
        "Registration closed",
        "Taking place now",
        "Past event",
    ]


@ONE_DATABASE
def test_event_page_afterwards_is_its_record(make, browser):
    event = make.event(
        "National event",
        starts_on=date(2022, 6, 14),
        reach="More than 600 people.",
        thanks="Thanks to **all**.",
        hashtag="#Families",
    )
    page = browser.get(address(event))
    for sentence in ("This event is over.", "More than 600 people.", "Thanks to all", "#Families"):
        assert sentence in page.text
    assert not page.has_link("Add the dates to a calendar (.ics)")


@ONE_DATABASE
def test_event_page_hides_markup_in_what_organisers_write(make, browser):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> # Head\n\n# Heading"
    event = make.event("<i>Event</i>", summary=text[:60], description=text, venue=text[:60])
    page = browser.get(address(event))
    assert page.heading == "<i>Event</i>"
    assert (page.all("img"), len(page.all("script")), len(page.all("i"))) == ([], 2, 0)
    assert [a.get("href") for a in page.all("a") if (a.get("href") or "").startswith("javascript")] == []
    assert "Heading" in [text_of(heading) for heading in page.all("h2")]


def test_event_address_with_another_name_leads_to_the_present_one(make, browser, ledger):
    event = make.event("Spring event")
    ledger.act(db.session.execute, update(Event).values(slug="summer-event"))
    query = "a=1&a=2&event=x&endpoint=y&_external=1&_scheme=evil&b=%26"
    for old in (f"spring-event-{event.public_id}", event.public_id, f"x-{event.public_id}"):
        for path in ("", "/agenda", "/join", "/register"):
            answer = browser.client.get(
                f"/events/{old}{path}?a=1&a=2&event=x&endpoint=y&_external=1&_scheme=evil&b=%26"
            )
            assert answer.status_code == 301
            assert answer.headers["Location"] == f"/events/summer-event-{event.public_id}{path}?{query}"


@pytest.mark.parametrize("ref", ["2" * 12, "event-" + "2" * 12, "event", "a" * 12, "event-222", "%00" * 12, "é" * 12])
@ONE_DATABASE
def test_event_that_never_was_is_not_found(browser, now, ref):
    for path in ("", "/agenda", "/register", "/join", "/calendar.ics", f"/sessions/{ref}"):
        page = browser.get(f"/events/{ref}{path}")
        assert (page.status, page.heading) == (404, "Page not found")


def test_draft_is_shown_to_its_organisers_and_never_kept(app, make, browser):
    event, person = make.event("Secret", state=EventState.DRAFT), make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, event.id)
    session = make.session(event, "Secret session")
    organiser = Browser(app).sign_in(make.signed_in(person))
    stranger = Browser(app).sign_in(make.signed_in(make.person()))
    paths = (
        address(event),
        f"{address(event)}/agenda",
        f"{address(event)}/sessions/{session.slug}-{session.public_id}",
    )
    for path in paths:
        page = organiser.get(path)
        assert page.status == 200
        assert "Secret" in page.heading
        assert page.response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in page.response.headers
        for other in (stranger, browser):
            seen = other.get(address(event) + path)
            assert (seen.status, "Secret" in seen.body) == (404, False)
    assert "Only organisers see this page. Nobody can register yet." in organiser.get(address(event)).text
    bare = organiser.client.get(f"/events/{event.public_id}")
    assert (bare.status_code, bare.headers["Location"]) == (301, address(event))


def test_event_page_shows_me_my_own_registration_and_nobody_elses(app, make, ledger, signed_in):
    event = make.event(capacity=1)
    people = {name: signed_in(f"{name}@example.org") for name in ("ann", "bob", "cat")}
    make.registration(event, email="ann@example.org")
    make.registration(event, email="bob@example.org")
    pages = {name: browser.get(address(event)) for name, browser in people.items()}
    assert (tags(pages["ann"])[1], tags(pages["bob"])[1]) == ("Confirmed", "On the waiting list")
    for name, other in (("ann", "bob"), ("bob", "ann")):
        own = f"/registrations/{ledger.token(event, f'{name}@example.org')}"
        assert pages[name].link("See, change or cancel your registration") == own
        assert ledger.token(event, f"{other}@example.org") not in pages[name].body
    for page in (pages["cat"], Browser(app).get(address(event))):
        assert "/registrations/" not in page.body
    ledger.act(registrations.cancel, ledger.registration(event, "ann@example.org").id, actor=SYSTEM, now=make.now)
    assert not people["ann"].get(address(event)).has_link("See, change or cancel your registration")


def test_event_page_signed_in_asks_at_most_five_cold_and_the_same_however_much_there_is(app, make, signed_in):
    counts = []
    for n in (1, 3):
        programme = make.programme(themes=[f"{n}-{m}" for m in range(n)])
        event = make.event(programme_id=programme.id, themes=programme.themes)
        for _ in range(n):
            make.contribution(make.session(event, themes=programme.themes), speaker_id=make.speaker().id)
            make.registration(event)
        browser = signed_in(f"ann{n}@example.org")
        make.registration(event, email=f"ann{n}@example.org")
        for number in range(n):
            make.survey(event, open_link=bool(number), asked_of="missed")
        for path in (address(event), f"{address(event)}/agenda"):
            kept.clear()
            with statements(app) as cold:
                browser.get(path)
            with statements(app) as warm:
                browser.get(path)
            counts.append((len(cold), len(warm)))
    # And before these the revision of the page, which is read past SQLAlchemy.
    assert counts[:2] == counts[2:] == [(5, 3), (5, 3)]


# ---------------------------------------------------------------- surveys


def answers(page):
    return [text_of(link) for link in page.all("a") if text_of(link).startswith("Answer: ")]


def test_survey_open_by_link_is_offered_from_its_opening_to_its_close(make, browser, ledger, now):
    event = make.event()
    session = make.session(event)
    opens, closes = now + timedelta(hours=1), now + timedelta(hours=2)
    survey = make.survey(event, title="How was it?", open_link=True, opens_at=opens, closes_at=closes)
    make.survey(event, session=session, open_link=True, title="And the session?")
    make.survey(event, title="By letter only")
    make.survey(event, title="Being written", open_link=True, state="draft")
    assert answers(browser.get(address(event))) == []
    at = f"{address(event)}/sessions/{session.slug}-{session.public_id}"
    assert answers(browser.get(at)) == ["Answer: And the session?"]
    with clock.fixed(opens):
        page = browser.get(address(event))
        assert answers(page) == ["Answer: How was it?"]
        assert "Answer: How was it? , until midday on Monday 10 May 2027" in page.text
        assert browser.get(page.link("Answer: How was it?")).heading == "How was it?"
    with clock.fixed(closes):
        assert answers(browser.get(address(event))) == []
    # What organisers do shows on the very next visit, what they write in a draft changes nothing.
    with clock.fixed(opens):
        revision = ledger.one(select(Event.public_revision))
        ledger.change(survey, draft={"sections": [], "last": 9})
        assert ledger.one(select(Event.public_revision)) == revision
        ledger.act(life.close, survey.id, actor=SYSTEM, now=opens)
        assert answers(browser.get(address(event))) == []
        ledger.act(life.reopen, survey.id, actor=SYSTEM, now=opens)
        assert answers(browser.get(address(event))) == ["Answer: How was it?"]


def test_surveys_of_people_with_a_place_are_offered_to_those_they_ask(app, make, browser, signed_in, ledger):
    event = make.event()
    session = make.session(event)
    at = f"{address(event)}/sessions/{session.slug}-{session.public_id}"
    make.survey(event, title="All")
    make.survey(event, title="Who came", asked_of="came")
    make.survey(event, title="Who missed it", asked_of="missed")
    make.survey(event, title="The session", session=session)
    ann, ben = signed_in(), signed_in("ben@example.org")
    make.registration(event, email="ann@example.org")
    his = make.registration(event, email="ben@example.org")
    with app.app_context(), transaction.unit():
        seen = {"day_id": ALL_DAYS, "how": "came", "checked_in": True, "placed": True}
        db.session.add(Presence(event_id=event.id, registration_id=his.id, **seen))
    assert answers(ann.get(address(event))) == ["Answer: All", "Answer: Who missed it"]
    assert answers(ben.get(address(event))) == ["Answer: All", "Answer: Who came"]
    assert answers(ben.get(at)) == ["Answer: The session"]
    assert [answers(one.get(address(event))) for one in (browser, signed_in("cat@example.org"))] == [[], []]
    page = ann.get(ann.get(address(event)).link("Answer: All"))
    assert (page.heading, page.has_link("Start")) == ("All", True)
    with statements(app) as found:
        ann.get(address(event))
    assert len(found) == 3


def test_results_that_everybody_may_see_are_led_to_once_released(app, make, browser, ledger, now):
    event = make.event()
    closes = now + timedelta(hours=1)
    survey = make.survey(event, title="How was it?", closes_at=closes, public_questions=[1])
    make.survey(event, title="Nothing chosen", closes_at=closes)
    with app.app_context():
        answer(survey, *[{1: 4}] * 6)
    assert not browser.get(address(event)).has_link("Results: How was it?")
    later = now + timedelta(hours=2)
    with clock.fixed(later):
        assert not browser.get(address(event)).has_link("Results: How was it?")
        with app.app_context():
            surveys.release_due(lambda: later)
        page = browser.get(address(event))
        assert browser.get(page.link("Results: How was it?")).heading == "Results"
        assert not page.has_link("Results: Nothing chosen")


# ---------------------------------------------------------------- joining


def test_joining_page_gives_the_instructions_to_those_with_a_place_alone(app, make, ledger, signed_in):
    event = make.event(
        "Event", capacity=1, joining_instructions="Go to https://meet.example.org/secret", venue="Room 1"
    )
    ann, bob, stranger = (signed_in(f"{name}@example.org") for name in ("ann", "bob", "cat"))
    rows = {name: make.registration(event, email=f"{name}@example.org") for name in ("ann", "bob")}
    visitor = Browser(app)
    path = f"{address(event)}/join"
    assert "https://meet.example.org/secret" in ann.get(path).text
    said = {
        "bob": "Your registration stands as “on the waiting list”.",
        "cat": "You are signed in as cat@example.org, and there is no registration with that address.",
        "visitor": "Sign in with the e-mail address that you registered with",
    }
    for name, browser in (("bob", bob), ("cat", stranger), ("visitor", visitor)):
        page = browser.get(path)
        assert (said[name] in page.text, "secret" in page.body) == (True, False)
        assert page.response.headers["Cache-Control"] == "no-store"
    assert visitor.get(visitor.get(path).link("Sign in")).heading == "Sign in"
    ledger.act(registrations.cancel, rows["ann"].id, actor=SYSTEM, now=make.now)
    assert ("secret" in ann.get(path).body, "secret" in bob.get(path).body) == (False, True)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": EventState.CANCELLED, "cancelled_reason": "Snow."}, "so there is nothing to join. Snow."),
        ({"starts_on": date(2027, 5, 1)}, "This event is over."),
    ],
)
def test_joining_page_of_what_does_not_take_place_gives_nothing(make, ledger, signed_in, values, sentence):
    event, browser = make.event(joining_instructions="secret"), signed_in()
    make.registration(event, email="ann@example.org")
    starts_on = values.get("starts_on", event.starts_on)
    change = values | {"starts_on": starts_on, "ends_at": datetime.combine(starts_on, time(), UTC)}
    ledger.act(db.session.execute, update(Event).values(**change))
    page = browser.get(f"{address(event)}/join")
    assert sentence in page.text
    assert "secret" not in page.body


def test_joining_page_before_the_instructions_are_written_says_so(make, signed_in):
    event, browser = make.event(), signed_in()
    make.registration(event, email="ann@example.org")
    page = browser.get(f"{address(event)}/join")
    assert "The organiser has not written the joining instructions yet." in page.text


def test_events_page_with_more_than_are_counted_says_so(app, make, browser):
    model = make.event("Model")
    columns = {c.key: getattr(model, c.key) for c in Event.__table__.c if c.key not in {"id", "public_id"}}
    with app.app_context(), transaction.unit():
        db.session.execute(insert(Event), [columns | {"public_id": f"x{n:011}"} for n in range(1000)])
    page = browser.get("/events?page=1000000")
    assert "More than 500 events: narrow the search to see fewer." in page.text
    assert "Page 25 of 25 or more" in page.text


def test_agenda_at_a_glance_goes_by_the_clock_and_says_what_runs_side_by_side(make, browser):
    event = make.event()
    north, south = make.stream(event, "North"), make.stream(event, "South")
    make.session(event, "After", hours=(time(11), time(12)))
    make.session(event, "In the north", hours=(time(10), time(11)), stream_id=north.id)
    make.session(event, "In the south", hours=(time(10), time(11)), stream_id=south.id)
    make.session(event, "Coffee", hours=(time(9, 30), time(10)), kind=SessionKind.BREAK)
    make.session(event, "Before", hours=(time(9), time(9, 30)))
    glance = browser.get(address(event)).one("ul", class_="wm-glance")
    assert [text_of(line) for line in glance] == [
        "9am Before",
        "10am, side by side In the north In the south",
        "11am After",
    ]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("query", "is_open"),
    [("", False), ("q=kinship", False), ("when=past", False), ("format=online", True), ("from=x", True)],
)
def test_filters_stand_open_only_where_one_was_chosen(browser, query, is_open):
    details = browser.get(f"/events?{query}").one("details", class_="wm-filters")
    assert (details.get("open") is not None) is is_open


@pytest.mark.parametrize("mode", list(Mode))
def test_joining_page_shows_the_link_to_those_online_from_the_set_time_on(make, signed_in, now, mode):
    event = make.event(
        format=Format.HYBRID, joining_url="https://meet.example.org/1", joining_instructions="Bring tea.",
        joining_from=now + timedelta(hours=1),
    )  # fmt: skip
    browser = signed_in("ann@example.org")
    make.registration(event, email="ann@example.org", mode=mode)
    page = f"{address(event)}/join"
    before = browser.get(page)
    assert "How to join is shown here from 11am on Monday 10 May 2027" in before.text
    assert ("meet.example.org" in before.body, "Bring tea." in before.text) == (False, False)
    with clock.fixed(event.joining_from):
        after = browser.get(page)
    assert ("https://meet.example.org/1" in after.body, "Bring tea." in after.text) == (mode is Mode.ONLINE, True)
