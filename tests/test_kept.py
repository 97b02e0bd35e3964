"""Kept pages: alike for all visitors, true at every moment, and never anybody's own."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.agenda import Contribution
from webapp.models.events import EventState
from webapp.services import registrations

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def world(make):
    """An event with a session, a stream, a theme and a speaker of an organisation, and all pages that show them."""
    programme = make.programme("Families", themes=["Leeds"])
    event = make.event("Spring event", programme_id=programme.id, themes=programme.themes, capacity=11)
    stream, trust = make.stream(event, "North"), make.organisation("Hill Trust")
    session = make.session(event, "Kinship", stream_id=stream.id, themes=programme.themes)
    ann = make.speaker("Ann Lee", organisation_id=trust.id)
    make.contribution(session, speaker_id=ann.id, organisation_id=trust.id)
    home = f"/events/spring-event-{event.public_id}"
    pages = {
        "list": "/events",
        "event": home,
        "agenda": f"{home}/agenda",
        "session": f"{home}/sessions/kinship-{session.public_id}",
        "speaker": f"/speakers/ann-lee-{ann.public_id}",
        "programme": f"/programmes/families-{programme.public_id}",
        "programmes": "/programmes",
        "home": "/",
    }
    things = {
        "programme": programme,
        "theme": programme.themes[0],
        "event": event,
        "stream": stream,
        "organisation": trust,
        "session": session,
        "speaker": ann,
    }
    return things, pages


def asked(browser, path, etag):
    return browser.client.get(path, headers={"If-None-Match": etag})


# ---------------------------------------------------------------- for visitors


def test_page_for_a_visitor_may_be_kept_and_has_nothing_of_a_person(app, make, browser, world):
    things, pages = world
    make.registration(things["event"], name="Zebedee", email="zebedee@example.org")
    for path in pages.values():
        first, other = browser.client.get(path), Browser(app).client.get(path)
        assert (first.status_code, first.data) == (200, other.data)
        assert first.headers["Cache-Control"] == "no-cache"
        assert first.headers["Vary"] == "Cookie"
        assert first.headers["ETag"] == other.headers["ETag"]
        assert "Set-Cookie" not in first.headers
        text = first.get_data(as_text=True)
        assert "csrf" not in text
        assert "zebedee" not in text.lower()
        assert "\x00" not in text


def test_page_that_the_browser_has_already_is_not_sent_again(app, browser, world):
    _, pages = world
    for path in pages.values():
        first = browser.client.get(path)
        again = asked(browser, path, first.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers[name] == first.headers[name]
        assert "Set-Cookie" not in again.headers
        assert asked(browser, path, '"something-else"').status_code == 200
        assert asked(browser, path, f'"x", {first.headers["ETag"]}').status_code == 304


def test_page_kept_is_answered_by_one_statement(app, browser, world):
    _, pages = world
    for path in pages.values():
        browser.client.get(path)
    with statements(app) as found:
        for path in pages.values():
            assert browser.client.get(path).status_code == 200
    assert [
        statement.startswith(("SELECT revisions.number", "SELECT events.public_revision")) for statement in found
    ] == [True] * len(pages)


def test_visitor_with_a_cookie_from_a_form_is_a_visitor_still(browser, world):
    _, pages = world
    before = browser.client.get(pages["event"])
    browser.get(f"{pages['event']}/register")
    assert browser.client.get_cookie("waymark") is not None
    after = browser.client.get(pages["event"])
    assert (after.data, after.headers["ETag"], "Set-Cookie" in after.headers) == (
        before.data,
        before.headers["ETag"],
        False,
    )


def test_page_kept_is_sent_by_the_short_way_as_by_the_long(app, browser, world):
    _, pages = world
    for path in pages.values():
        long = [browser.client.get(path), asked(browser, path, "")]
        etag = long[0].headers["ETag"]
        with_cookie = Browser(app)
        with_cookie.client.set_cookie("waymark", "whatever")
        for short in (browser.client.get(path), with_cookie.client.get(path)):
            assert (short.status, short.data) == (long[0].status, long[0].data)
            assert sorted(short.headers) == sorted(long[0].headers)
        known, known_long = asked(browser, path, etag), asked(with_cookie, path, etag)
        assert (known.status, known.data) == (known_long.status, known_long.data) == ("304 NOT MODIFIED", b"")
        assert sorted(known.headers) == sorted(known_long.headers)
        head = browser.client.head(path)
        assert (head.status_code, head.data, sorted(head.headers)) == (200, b"", sorted(long[0].headers))


def test_page_known_by_a_weakened_etag_is_not_sent_again(app, browser, world):
    _, pages = world
    first = browser.client.get(pages["event"])
    weak = f"W/{first.headers['ETag']}"
    with_cookie = Browser(app)
    with_cookie.client.set_cookie("waymark", "whatever")
    assert [asked(one, pages["event"], weak).status_code for one in (browser, with_cookie)] == [304, 304]


def test_short_way_is_not_taken_when_the_database_is_away(app, browser, world, monkeypatch):
    _, pages = world
    browser.client.get(pages["event"])
    assert browser.client.get(pages["event"]).status_code == 200
    with app.app_context():
        db.engine.dispose()
        monkeypatch.setattr(db.engine.dialect, "connect", _away)
    answer = browser.client.get(pages["event"])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def _away(*_arguments, **_options):
    raise OperationalError("SELECT 1", {}, Exception("gone away"))


# ---------------------------------------------------------------- a change shows at once


CHANGES = [
    ("session", {"title": "Kinship care"}, ["event", "agenda", "session", "speaker"], "Kinship care"),
    ("session", {"state": "cancelled"}, ["event", "agenda", "session", "speaker"], "ancelled"),
    ("stream", {"name": "Northern"}, ["agenda", "session"], "Northern"),
    ("speaker", {"name": "Ann Day"}, ["agenda", "session", "speaker"], "Ann Day"),
    ("organisation", {"name": "Dale Trust"}, ["agenda", "session", "speaker"], "Dale Trust"),
    (
        "theme",
        {"name": "Leeds model"},
        ["list", "event", "agenda", "session", "programme", "programmes"],
        "Leeds model",
    ),
    ("programme", {"name": "Families first"}, ["list", "event", "programme", "programmes"], "Families first"),
    ("event", {"title": "Summer event"}, ["list", "event", "agenda", "speaker", "programme", "home"], "Summer event"),
    ("event", {"state": "cancelled"}, ["list", "event", "agenda", "session", "programme"], "ancelled"),
]


@pytest.mark.parametrize(("thing", "values", "shown_on", "words"), CHANGES)
def test_change_shows_on_the_very_next_request(browser, ledger, world, thing, values, shown_on, words):
    things, pages = world
    before = {name: browser.client.get(pages[name]) for name in shown_on}
    assert [name for name, page in before.items() if words in page.get_data(as_text=True)] == []
    ledger.change(things[thing], **values)
    for name in shown_on:
        page = asked(browser, pages[name], before[name].headers["ETag"])
        assert (name, page.status_code) == (name, 200)
        assert words in page.get_data(as_text=True)


def test_thing_added_or_taken_away_shows_on_the_very_next_request(make, browser, ledger, world):
    things, pages = world
    for path in pages.values():
        browser.client.get(path)
    bob = make.speaker("Bob Day")
    second = make.session(things["event"], "Second session")
    added = make.contribution(things["session"], speaker_id=bob.id)
    make.event("Another event", programme_id=things["programme"].id)
    assert "Second session" in browser.get(pages["agenda"]).text
    assert "Bob Day" in browser.get(pages["session"]).text
    assert "Another event" in browser.get(pages["list"]).text
    assert "Another event" in browser.get(pages["programme"]).text
    ledger.act(lambda: db.session.delete(db.session.get_one(Contribution, added.id)))
    assert "Bob Day" not in browser.get(pages["session"]).text
    ledger.act(lambda: db.session.delete(db.session.merge(second)))
    assert "Second session" not in browser.get(pages["agenda"]).text


def test_event_taken_back_into_draft_is_gone_at_once(browser, ledger, world):
    things, pages = world
    for path in pages.values():
        assert browser.client.get(path).status_code == 200
    ledger.change(things["event"], state=EventState.DRAFT, listed=False)
    for name in ("event", "agenda", "session", "speaker"):
        page = browser.get(pages[name])
        assert (page.status, "Spring event" in page.body) == (404, False)
    for name in ("list", "programme", "home"):
        assert "Spring event" not in browser.get(pages[name]).body


def test_places_running_out_show_on_the_very_next_request(make, browser, ledger, world):
    things, pages = world
    event = things["event"]

    def tag():
        shown = [text_of(browser.get(pages[name]).all("strong", class_="govuk-tag")[0]) for name in ("list", "event")]
        assert shown[0] == shown[1]
        return shown[0]

    seen = [tag()]
    for n in range(11):
        make.registration(event, email=f"p{n}@example.org")
        if tag() != seen[-1]:
            seen.append(f"{n + 1}: {tag()}")
            seen.append(tag())
    assert seen[::2] == ["Open for registration", "Few places left", "Full: waiting list open"]
    assert seen[1::2] == ["10: Few places left", "11: Full: waiting list open"]
    row = ledger.registration(event, "p0@example.org")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=make.now)
    assert tag() == "Few places left"


def test_places_taken_without_a_change_of_words_keep_the_page(make, browser, world):
    things, pages = world
    before = browser.client.get(pages["event"])
    make.registration(things["event"])
    assert asked(browser, pages["event"], before.headers["ETag"]).status_code == 304


def test_change_within_a_unit_that_is_given_up_changes_no_page(browser, ledger, world):
    things, pages = world
    before = browser.client.get(pages["event"])

    def change_and_break():
        db.session.get_one(type(things["event"]), things["event"].id).title = "Never"
        db.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.act(change_and_break)
    assert asked(browser, pages["event"], before.headers["ETag"]).status_code == 304


# ---------------------------------------------------------------- the clock


def test_page_reads_otherwise_when_a_boundary_passes_though_nothing_is_written(make, browser, now):
    event = make.event("Event", registration_opens_at=now + MINUTE)
    path = f"/events/event-{event.public_id}"
    pages = {name: browser.client.get(name) for name in (path, f"{path}/agenda", "/events", "/")}
    for name, page in pages.items():
        with clock.fixed(now + MINUTE - timedelta(microseconds=1)):
            assert asked(browser, name, page.headers["ETag"]).status_code == 304
        with clock.fixed(now + MINUTE):
            later = asked(browser, name, page.headers["ETag"])
            assert (later.status_code, "Open for registration" in later.get_data(as_text=True)) == (200, True)


def test_past_events_page_gains_an_event_the_moment_it_ends(make, browser):
    event = make.event("Event")
    assert "Event" not in browser.get("/events?when=past").one("main").itertext()
    assert not browser.get("/events?when=past").has_link("Event")
    with clock.fixed(event.ends_at):
        assert browser.get("/events?when=past").has_link("Event")
        assert not browser.get("/events").has_link("Event")


def test_second_page_of_events_moves_up_when_one_on_the_first_ends(make, browser):
    first = make.event("First", days=1, hours=[None])
    for n in range(21):
        make.event(f"Event {n}", starts_on=first.starts_on + timedelta(days=30 + n))
    assert browser.get("/events?page=2").link("Event 20")
    with clock.fixed(first.ends_at):
        page = browser.get("/events?page=2")
        assert (page.has_link("Event 20"), "21 to 21 of 21 events" in page.text) == (True, True)
        assert not page.has_link("Event 19")


# ---------------------------------------------------------------- signed in


def test_page_for_somebody_signed_in_is_private_and_never_leaks(app, make, browser, ledger, world):
    things, pages = world
    event, organiser = things["event"], make.person("Olu", "olu@example.org")
    make.grant(organiser, Role.OWNER, ThingKind.SITE, 0)
    people = {name: make.person(name, f"{name}@example.org") for name in ("ann", "bob")}
    make.registration(event, email="ann@example.org")
    token = ledger.token(event, "ann@example.org")
    browsers = {name: Browser(app).sign_in(make.signed_in(one)) for name, one in (people | {"olu": organiser}).items()}
    kept.clear()
    # Ann's page is built first, and must not be what others then get.
    for name, path in pages.items():
        mine = browsers["ann"].client.get(path)
        assert mine.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in mine.headers
        others = {who: browsers[who].client.get(path).get_data(as_text=True) for who in ("bob", "olu")}
        visitor = browser.client.get(path).get_data(as_text=True)
        assert (token in mine.get_data(as_text=True)) is (name == "event")
        for text in (*others.values(), visitor):
            assert token not in text
            assert "ann@example.org" not in text
        organise = [">Organise<" in text for text in (others["olu"], others["bob"], visitor)]
        assert organise == [True, False, False]
        assert ("Sign out" in others["bob"], "Sign out" in visitor, "Sign in" in visitor) == (True, False, True)
        starred = {"agenda", "session"}
        assert ("wm-star" in others["bob"], "wm-star" in visitor) == (name in starred, False)


def test_page_for_somebody_signed_in_is_never_answered_with_304(app, make, browser, world):
    _, pages = world
    ann = Browser(app).sign_in(make.signed_in(make.person()))
    etag = browser.client.get(pages["event"]).headers["ETag"]
    answer = asked(ann, pages["event"], etag)
    assert (answer.status_code, "Sign out" in answer.get_data(as_text=True)) == (200, True)


def test_page_after_signing_out_is_that_of_a_visitor(app, make, browser, world):
    _, pages = world
    ann = Browser(app).sign_in(make.signed_in(make.person()))
    assert "Sign out" in ann.client.get(pages["event"]).get_data(as_text=True)
    ann.send(ann.get("/sign-out").form())
    assert ann.client.get(pages["event"]).data == browser.client.get(pages["event"]).data


# ---------------------------------------------------------------- the store


def one_kept(revision, plain):
    return kept._Kept(revision=revision, ask=lambda: revision, until=None, parts=("x",), own={}, plain=plain, etag="e")


@pytest.mark.memory
def test_store_forgets_what_was_asked_for_longest_ago():
    store = kept._Store()
    page = one_kept("1", b"x" * 100)
    for n in range(kept.MOST_PAGES):
        store.put(f"page {n}", page)
    store.get("page 0")
    store.put("one more", page)
    assert (store.get("page 0"), store.get("page 1"), store.get("one more")) == (page, None, page)
    for n in range(3):
        store.put("the same", one_kept(str(n), b"y" * 100))
    assert store._bytes == sum(one.size for one in store._pages.values())
    huge = one_kept("1", b"z" * (kept.MOST_BYTES - 100))
    store.put("huge", huge)
    assert list(store._pages) == ["huge"]
    assert kept.MOST_BYTES - 100 < store._bytes == huge.size <= kept.MOST_BYTES
    store.clear()
    assert (store._bytes, store.get("huge")) == (0, None)


@pytest.mark.memory
def test_opening_that_nobody_fills_stays_empty():
    parts = tuple(f"a{kept.opening('one')}b{kept.opening('two')}c".split(kept._MARK))
    assert kept._filled(parts, {"two": "2"}) == "ab2c"
    assert kept._filled(parts, {}) == "abc"
