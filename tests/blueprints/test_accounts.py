"""Signing in by link or password, signing out, and one's own account."""

from datetime import timedelta
from urllib.parse import unquote, urlencode

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, tokens
from webapp.blueprints.accounts.routes import WRONG
from webapp.blueprints.forms import STALE
from webapp.models.accounts import Account, Person, Role, SignInLink, ThingKind, WebSession
from webapp.models.mailings import Letter
from webapp.services import accounts as services

# What a form refuses is refused before any database is asked: one of them is enough.
ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PASSWORD = "correct horse battery"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def link(app, ledger):
    """The address in the newest letter that signs in."""

    def read():
        row = ledger.one(select(SignInLink).order_by(SignInLink.id.desc()).limit(1))
        with app.app_context():
            return f"/sign-in/{tokens.make('sign-in', row.public_id, row.nonce)}"

    return read


@pytest.fixture
def signed_in(app, make):
    """The browser of somebody of that address."""
    return lambda email="ann@example.org": Browser(app).sign_in(make.signed_in(make.person("Ann Lee", email)))


def ask(browser, email="ann@example.org", query=""):
    return browser.send(browser.get(f"/sign-in{query}").form(), email=email)


def enter(browser, email="ann@example.org", password=PASSWORD, query=""):
    return browser.send(browser.get(f"/sign-in/password{query}").form(), email=email, password=password)


def is_signed_in(browser):
    return browser.get("/account").heading == "Your account"


# ---------------------------------------------------------------- by link


def test_link_signs_in_and_leads_on_to_where_somebody_wanted_to_go(make, browser, link):
    make.person("Ann Lee", "ann@example.org")
    page = browser.get("/my/agenda?a=1")
    sent = browser.send(page.form(), email="ann@example.org")
    assert sent.heading == "Check your e-mail"
    assert "It works once, within 15 minutes." in sent.text
    assert not is_signed_in(browser)
    use = browser.get(link())
    assert use.heading == "Sign in as ann@example.org"
    after = browser.send(use.form())
    assert (after.address, after.heading) == ("/my/agenda?a=1", "My agenda")
    assert is_signed_in(browser)
    assert browser.get("/sign-in").address == "/my/events"


def test_link_without_a_wish_leads_to_my_events(browser, link, now):
    ask(browser)
    assert browser.send(browser.get(link()).form()).address == "/my/events"


def test_link_opened_by_a_mail_scanner_is_not_used_up(app, browser, ledger, link, now):
    ask(browser)
    for _ in range(3):
        assert Browser(app).get(link()).status == 200
        assert Browser(app).client.head(link()).status_code == 200
    assert ledger.count(WebSession) == 0
    assert browser.send(browser.get(link()).form()).address == "/my/events"


def test_link_is_for_one_use(app, browser, ledger, link, now):
    ask(browser)
    first, second = browser.get(link()), Browser(app)
    form = second.get(link()).form()
    browser.send(first.form())
    page = second.send(form)
    assert (page.status, page.heading) == (410, "This link no longer works")
    assert second.get(link()).status == 410
    assert (is_signed_in(second), ledger.count(WebSession)) == (False, 1)


def test_link_whose_button_was_pressed_twice_signs_in(app, browser, ledger, link, now):
    ask(browser)
    form, cookie = browser.get(link()).form(), browser.client.get_cookie("waymark").value
    second = Browser(app)
    second.client.set_cookie("waymark", cookie)  # the second click leaves before the first was answered
    for clicked in (browser, second):
        assert clicked.send(form).address == "/my/events"
        assert is_signed_in(clicked)
    assert browser.get(link()).address == "/my/events"


def test_link_after_15_minutes_offers_a_new_one(browser, link, now):
    ask(browser)
    form = browser.get(link()).form()
    with clock.fixed(now + 15 * MINUTE):
        for page in (browser.get(link()), browser.send(form)):
            assert (page.status, page.heading) == (410, "This link no longer works")
        assert browser.get(page.link("Get a new link")).heading == "Sign in"


@ONE_DATABASE
@pytest.mark.parametrize("token", ["x", "2" * 34, "2" * 12 + "A" * 22, "%00", "é" * 34, "..%2f..%2fetc"])
def test_link_forged_is_not_found(browser, ledger, now, token):
    ask(browser)
    for page in (browser.get(f"/sign-in/{token}"), browser.post(f"/sign-in/{token}")):
        assert (page.status, page.heading) == (404, "Page not found")
    assert ledger.count(WebSession) == 0


def test_link_with_a_stale_token_is_not_used_up(browser, ledger, link, now):
    ask(browser)
    page = browser.send(browser.get(link()).form(), csrf_token="stale")
    assert (page.status, page.errors, ledger.count(WebSession)) == (422, [STALE], 0)
    assert browser.send(page.form()).address == "/my/events"


def test_asking_for_a_link_is_answered_alike_for_known_and_unknown(app, make, ledger):
    make.person("Known", "known@example.org", password=PASSWORD)
    pages = {}
    for name in ("known", "other"):
        browser = Browser(app)
        answer = browser.send(browser.get("/sign-in").form(), follow=False, email=f"{name}@example.org").response
        page = browser.get(answer.headers["Location"])
        pages[name] = (
            answer.status_code,
            answer.headers["Location"],
            sorted(answer.headers.keys()),
            page.body.replace(f"{name}@", "X@"),
        )
    assert pages["known"] == pages["other"]
    assert [notice for notice, _ in ledger.letters()] == ["password_changed", "sign_in_link", "sign_in_link"]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Enter your e-mail address"),
        ("ann", "Enter an e-mail address in the correct format, like name@example.org"),
        ("x" * 250 + "@example.org", "E-mail address must be 254 characters or fewer; it has 262"),
    ],
)
def test_asking_for_a_link_without_an_address_is_refused_and_keeps_what_was_typed(browser, now, email, sentence):
    page = ask(browser, email, "?next=/my/agenda")
    assert (page.status, page.errors) == (422, [sentence])
    assert (page.form().values["email"], page.form().values["next"]) == ([email], ["/my/agenda"])


@ONE_DATABASE
def test_asking_for_a_link_with_a_stale_token_keeps_what_was_typed(browser, ledger, now):
    page = browser.send(browser.get("/sign-in").form(), email="ann@example.org", csrf_token="stale")
    assert (page.status, page.errors, page.form().values["email"]) == (422, [STALE], ["ann@example.org"])
    assert ledger.count(Letter) == 0
    assert browser.send(page.form()).heading == "Check your e-mail"


def test_asking_too_often_for_one_address_is_refused_from_wherever(app, make, ledger, now):
    for n in range(8):
        assert ask(Browser(app, f"192.0.2.{n}"), "Ann@example.org").heading == "Check your e-mail"
    browser = Browser(app, "192.0.2.99")
    page = ask(browser)
    assert (page.status, page.heading, page.response.headers["Retry-After"]) == (429, "Sign in", "900")
    assert page.errors == ["That was tried too often. Wait 15 minutes, then try again."]
    assert page.form().values["email"] == ["ann@example.org"]
    assert len(ledger.letters()) == 8
    assert ask(browser, "bob@example.org").heading == "Check your e-mail"
    with clock.fixed(now + 15 * MINUTE):
        assert ask(browser).heading == "Check your e-mail"


def test_asking_too_often_from_one_source_is_refused_for_whomever(app, make, now):
    browser = Browser(app)
    Ledger(app).act(lambda: [services.count_link(f"p{n}@example.org", browser.source, now=now) for n in range(200)])
    assert ask(browser, "last@example.org").status == 429
    assert ask(Browser(app, "192.0.2.1"), "last@example.org").heading == "Check your e-mail"


# ---------------------------------------------------------------- leading away


AWAY = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "evil.example",
    "@evil.example",
]


@ONE_DATABASE
@pytest.mark.parametrize("wish", AWAY)
def test_signing_in_never_leads_away(make, browser, link, wish):
    make.person(email="ann@example.org", password=PASSWORD)
    ask(browser, query="?" + urlencode({"next": wish}))
    by_link = browser.send(browser.get(link()).form(), follow=False)
    assert by_link.response.headers["Location"] == "/my/events"
    again = Browser(browser.app)
    form = again.get("/sign-in/password").form()
    by_password = again.send(form, follow=False, email="ann@example.org", password=PASSWORD, next=wish)
    assert by_password.response.headers["Location"] == "/my/events"
    already = again.get("/sign-in?" + urlencode({"next": wish}), follow=False)
    assert already.response.headers["Location"] == "/my/events"


@ONE_DATABASE
@pytest.mark.parametrize("wish", ["/%5Cevil.example/..//evil", "/my/agenda?next=//evil.example#part", "/" + "x" * 600])
def test_signing_in_leads_on_to_any_place_of_ours(browser, link, now, wish):
    ask(browser, query="?" + urlencode({"next": wish}))
    answer = browser.send(browser.get(link()).form(), follow=False).response
    assert answer.headers["Location"] == wish[:500]


# ---------------------------------------------------------------- by password


def test_password_signs_in_where_one_was_set(make, browser):
    make.person(email="ann@example.org", password=PASSWORD)
    page = enter(browser, "ANN@example.org ", query="?next=/my/agenda")
    assert (page.address, is_signed_in(browser)) == ("/my/agenda", True)


def test_password_refused_never_tells_whether_there_is_an_account(make, app):
    make.person(email="ann@example.org", password=PASSWORD)
    make.person(email="bob@example.org")
    seen = set()
    for email, password in (
        ("ann@example.org", "wrong horse battery"),
        ("bob@example.org", "wrong horse battery"),
        ("nobody@example.org", "wrong horse battery"),
    ):
        browser = Browser(app)
        page = enter(browser, email, password)
        assert (page.status, page.errors) == (422, [WRONG])
        assert page.form().values["email"] == [email]
        token = page.form().values["csrf_token"][0]
        seen.add(page.body.replace(email, "E").replace(token, "T"))
        assert password not in page.body
    assert len(seen) == 1


@ONE_DATABASE
def test_password_left_empty_is_asked_for(browser, now):
    page = enter(browser, password="")
    assert (page.status, page.errors, page.form().values["email"]) == (
        422,
        ["Enter your password"],
        ["ann@example.org"],
    )


def test_password_tried_too_often_is_refused_even_when_it_is_right(app, make, now):
    make.person(email="ann@example.org", password=PASSWORD)
    browser = Browser(app, "192.0.2.99")
    for n in range(8):
        assert enter(browser, password=f"wrong number {n}").status == 422
    page = enter(browser)
    assert (page.status, page.heading, page.response.headers["Retry-After"]) == (429, "Sign in with a password", "900")
    assert page.errors == ["That was tried too often. Wait 15 minutes, then try again."]
    assert not is_signed_in(browser)
    # The stranger who tried used up nobody's tries but their own.
    assert enter(Browser(app, "192.0.2.1")).address == "/my/events"
    assert ask(browser).heading == "Check your e-mail"
    with clock.fixed(now + 15 * MINUTE):
        assert enter(browser).address == "/my/events"


@ONE_DATABASE
def test_password_with_a_stale_token_signs_nobody_in(make, browser):
    make.person(email="ann@example.org", password=PASSWORD)
    form = browser.get("/sign-in/password").form()
    page = browser.send(form, email="ann@example.org", password=PASSWORD, csrf_token="stale")
    assert (page.status, page.errors) == (422, [STALE])
    assert (page.form().values["email"], PASSWORD in page.body) == (["ann@example.org"], False)


# ---------------------------------------------------------------- sessions


def cookie(browser):
    return browser.client.get_cookie("waymark").value


def test_signing_in_leaves_behind_what_the_browser_held(make, app, link):
    victim = Browser(app)
    ask(victim)
    with victim.client.session_transaction() as session:
        session["browser"] = "prepared-by-somebody-else"
        before = dict(session)
    victim.send(victim.get(link()).form())
    with victim.client.session_transaction() as session:
        assert set(session) & (set(before) - {"_fresh"}) <= {"csrf_token", "_flashes"}
        assert session.get("browser") != "prepared-by-somebody-else"
        assert session.get("csrf_token") != before["csrf_token"]


def test_signing_out_ends_the_session_on_the_server_too(app, ledger, link, now):
    browser = Browser(app)
    ask(browser)
    browser.send(browser.get(link()).form())
    copied = cookie(browser)
    page = browser.send(browser.get("/sign-out").form())
    assert page.heading == "You have signed out"
    thief = Browser(app)
    thief.client.set_cookie("waymark", copied)
    assert (is_signed_in(browser), is_signed_in(thief)) == (False, False)
    assert ledger.one(select(WebSession.ended_at)) == now


def test_signing_out_asks_first_and_a_stale_token_does_not(signed_in):
    ann = signed_in()
    page = ann.send(ann.get("/sign-out").form(), csrf_token="stale")
    assert (page.status, page.errors, is_signed_in(ann)) == (422, [STALE], True)


def test_signing_out_twice_or_as_a_visitor_is_no_error(browser, now):
    page = browser.get("/sign-out")
    assert "You are not signed in." in page.text
    assert browser.send(page.form()).heading == "You have signed out"


def test_session_ends_after_12_hours(signed_in, now):
    ann = signed_in()
    with clock.fixed(now + timedelta(hours=12, seconds=-1)):
        assert is_signed_in(ann)
    with clock.fixed(now + timedelta(hours=12)):
        assert not is_signed_in(ann)


@ONE_DATABASE
@pytest.mark.parametrize("value", ["", "nonsense", "1", None])
def test_cookie_of_another_kind_signs_nobody_in(make, browser, value):
    make.signed_in(make.person())
    with browser.client.session_transaction() as session:
        session["_user_id"] = value
    assert not is_signed_in(browser)


def test_cookie_changed_by_hand_signs_nobody_in(signed_in):
    ann = signed_in()
    ann.get("/account")
    value = cookie(ann)
    ann.client.set_cookie("waymark", value[:-2] + ("AA" if value[-2:] != "AA" else "BB"))
    assert not is_signed_in(ann)


# ---------------------------------------------------------------- the account


def test_account_page_changes_the_name_on_the_profile(ledger, signed_in):
    ann = signed_in()
    page = ann.send(ann.get("/account").form(), name=" Ann\u202e  Day ")
    assert "Your name has been changed." in page.text
    assert page.form().values["name"] == ["Ann Day"]
    assert ledger.one(select(Person.name)) == "Ann Day"
    assert "Your name has been changed." not in ann.get("/account").text


@ONE_DATABASE
@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Enter your full name"), ("x" * 201, "Full name must be 200 characters or fewer; it has 201")],
)
def test_account_page_refuses_a_name_and_keeps_what_was_typed(ledger, signed_in, name, sentence):
    ann = signed_in()
    page = ann.send(ann.get("/account").form(), name=name)
    assert (page.status, page.errors, page.form().values["name"]) == (422, [sentence], [name])
    stale = ann.send(page.form(), name="Ann Day", csrf_token="stale")
    assert (stale.status, stale.errors, stale.form().values["name"]) == (422, [STALE], ["Ann Day"])
    assert ledger.one(select(Person.name)) == "Ann Lee"


def test_account_page_is_my_own(make, signed_in):
    ann, bob = signed_in("ann@example.org"), signed_in("bob@example.org")
    assert "You are signed in as ann@example.org" in ann.get("/account").text
    assert "ann@example.org" not in bob.get("/account").body
    assert "since 10am" in ann.get("/account").text.lower()
    assert len([li for li in ann.get("/account").all("li") if text_of(li).startswith("Since")]) == 1


def test_password_set_signs_out_everywhere_else_and_is_told_by_letter(app, make, ledger):
    person = make.person("Ann Lee", "ann@example.org")
    here, there = (Browser(app).sign_in(make.signed_in(person)) for _ in range(2))
    assert "No password is set" in here.get("/account").text
    page = here.send(here.get("/account/password").form(), password=PASSWORD)
    assert "Your password is set. You have been signed out everywhere else." in page.text
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert ledger.letters() == [("password_changed", "ann")]
    assert enter(Browser(app)).address == "/my/events"
    assert "A password is set." in here.get("/account").text
    here.send(here.get("/account/password").form(), password="another horse battery")
    assert (enter(Browser(app)).status, enter(Browser(app), password="another horse battery").status) == (422, 200)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Enter a new password"),
        ("short", "Password must be 10 characters or more"),
        ("Password1234", "Password is too easy to guess. Three random words make a good one"),
    ],
)
def test_password_that_is_no_good_is_refused_and_not_shown(ledger, signed_in, password, sentence):
    ann = signed_in()
    page = ann.send(ann.get("/account/password").form(), password=password)
    assert (page.status, page.errors) == (422, [sentence])
    assert not password or password not in page.body
    assert ledger.one(select(Account.password_hash)) is None
    stale = ann.send(page.form(), password=PASSWORD, csrf_token="stale")
    assert (stale.status, stale.errors) == (422, [STALE])


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/account", "/account/password", "/my/events", "/my/agenda", "/my/agenda.ics"])
def test_private_page_asks_a_visitor_to_sign_in(browser, now, path):
    page = browser.get(path)
    assert (page.heading, page.form().values["next"]) == ("Sign in", [path])
    posted = browser.post(path)
    assert posted.heading == "Sign in" or posted.status == 405


def test_header_shows_the_ways_that_are_open_to_who_looks(app, make, browser, signed_in):
    event, organiser = make.event(), make.person()
    make.grant(organiser, Role.REGISTRATIONS, ThingKind.EVENT, event.id)
    one, ann = Browser(app).sign_in(make.signed_in(organiser)), signed_in()
    for path in ("/events", "/sign-out"):
        shown = [
            [text_of(li) for li in who.get(path).all("li", class_="govuk-service-navigation__item")][4:]
            for who in (browser, ann, one)
        ]
        own = ["My events", "My agenda", "My reflections", "Your account", "Sign out"]
        assert shown == [["Sign in"], own, [*own[:3], "Organise", *own[3:]]]


def test_account_page_asks_the_same_however_often_somebody_is_signed_in(app, make):
    asked = []
    for n in (1, 3):
        person = make.person()
        browsers = [Browser(app).sign_in(make.signed_in(person)) for _ in range(n)]
        with statements(app) as found:
            browsers[0].get("/account")
        asked.append(len(found))
    assert asked == [4, 4]


# ---------------------------------------------------------------- buttons pressed when the session is over


@ONE_DATABASE
@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://localhost/events/x/agenda?theme=1", "/sign-in?next=/events/x/agenda"),
        ("http://elsewhere.example/events", "/sign-in"),
        ("http://[", "/sign-in"),
        ("", "/sign-in"),
    ],
)
def test_button_pressed_when_the_session_is_over_leads_back_to_its_page(browser, referer, leads_to):
    page = browser.post("/my/feed", headers={"Referer": referer}, follow=False)
    assert unquote(page.response.headers["Location"]) == leads_to
    assert "You are no longer signed in, so nothing was changed." in browser.get("/sign-in").text


@ONE_DATABASE
def test_head_of_a_private_page_says_nothing_of_changes(browser):
    answer = browser.client.head("/my/agenda")
    assert (answer.status_code, unquote(answer.headers["Location"])) == (302, "/sign-in?next=/my/agenda")
    assert "no longer signed in" not in browser.get("/sign-in").text


@ONE_DATABASE
def test_page_to_lead_on_to_that_is_no_address_is_forgotten(browser):
    assert browser.get("/sign-in?next=//[").form().values["next"] == [""]
