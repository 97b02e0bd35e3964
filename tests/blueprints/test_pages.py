import hashlib
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest

from config import ROOT
from tests.browsing import Browser, text_of
from tests.conftest import settings_for
from webapp import clock, create_app
from webapp.access import Who
from webapp.blueprints.pages import gaps
from webapp.extensions import db
from webapp.models import personal
from webapp.models.accounts import Person
from webapp.models.registrations import PRIVACY_NOTICE_VERSION, Registration

STATEMENTS = ("/accessibility", "/cookies", "/privacy", "/contact", "/security-policy", "/worried-about-a-child")
SECRET = "a-key-of-at-least-thirty-two-characters"


@pytest.fixture
def app_with(tmp_path: Path):
    """Makes an application with other settings, on a database that nothing is asked of."""

    def make_app(**changes):
        return create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", **changes))

    return make_app


def flat(text):
    return " ".join(text.split())


def registered(browser, event):
    """Fill in and send the registration form of an event, through its pages."""
    page = browser.get(f"/events/{event.public_id}/register")
    page = browser.send(
        page.form(),
        name="Ada Osei",
        email="ada@example.org",
        organisation="Marlbridge Council",
        sector="local_authority",
        role="Social worker",
        privacy="y",
    )
    return browser.send(page.form())


def cookie_names(browser):
    return {cookie.key for cookie in browser.client._cookies.values()}


# ---------------------------------------------------------------- all of them


def test_footer_leads_to_statements_whose_headings_say_what_was_chosen(browser, now):
    home = browser.get("/")
    headings = {
        name: browser.get(home.link(name)).heading
        for name in ("Worried about a child?", "Reflective tools", "Accessibility", "Cookies", "Privacy", "Contact")
    }
    assert headings == {
        "Worried about a child?": "Worried about a child?",
        "Reflective tools": "Reflective tools",
        "Accessibility": "Accessibility statement",
        "Cookies": "Cookies",
        "Privacy": "Privacy notice",
        "Contact": "Contact",
    }


@pytest.mark.parametrize("address", STATEMENTS)
def test_statement_asked_for_again_is_known_to_be_unchanged(browser, now, address):
    first = browser.get(address)
    again = browser.get(address, headers={"If-None-Match": first.response.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, "")
    assert first.response.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("address", STATEMENTS)
def test_statement_names_the_service_and_the_address_of_the_settings(app_with, address):
    app = app_with(service_name="Learning Together", contact_email="ask@example.net")
    page = Browser(app).get(address)
    assert page.title.endswith("– Learning Together")
    assert "Waymark" not in page.text
    if address != "/cookies":
        assert page.link("ask@example.net") == "mailto:ask@example.net"


# ---------------------------------------------------------------- accessibility statement


@pytest.mark.memory
def test_gaps_changed_are_reviewed_on_a_day_of_their_own():
    assert gaps.fingerprint() == gaps.FINGERPRINT, (
        "The list of gaps has changed. Set REVIEWED in webapp/blueprints/pages/gaps.py to the day of the review, then "
        f"set FINGERPRINT to what gaps.fingerprint() gives, now {gaps.fingerprint()!r}."
    )


@pytest.mark.memory
def test_every_gap_is_complete_and_ours_have_a_day_after_their_review():
    for gap in gaps.GAPS:
        assert re.fullmatch(r"[1-4]\.\d\.\d{1,2} [A-Z].+", gap.criterion), gap
        assert gap.level in {"A", "AA"}, gap
        assert all((gap.short, gap.what, gap.where, gap.why)), gap
        if gap.kind is gaps.Kind.FAILURE:
            assert gap.until is not None, gap
            assert gap.until > gaps.REVIEWED, gap
        else:
            assert gap.until is None, gap


def test_accessibility_statement_tells_every_gap_in_full(browser, now):
    page = browser.get("/accessibility")
    for gap in gaps.GAPS:
        told = (gap.what, gap.where, f"WCAG 2.2, {gap.criterion} (level {gap.level})", gap.why)
        assert [text for text in told if flat(text) not in page.text] == []
    assert "partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard" in page.text
    assert page.text.count("By 31 March 2027") == sum(str(gap.until) == "2027-03-31" for gap in gaps.GAPS)


def test_accessibility_statement_says_who_enforces_it_and_when_it_was_prepared(browser, now):
    page = browser.get("/accessibility")
    assert page.link("contact the Equality Advisory and Support Service (EASS)") == (
        "https://www.equalityadvisoryservice.com/"
    )
    assert "prepared on 22 November 2026." in page.text
    assert f"next review is due by {gaps.REVIEW_DUE.day} {gaps.REVIEW_DUE:%B %Y}." in page.text


def test_accessibility_statement_past_its_review_says_so_from_that_moment(browser):
    due = datetime.combine(gaps.REVIEW_DUE, time(), UTC)
    with clock.fixed(due - timedelta(seconds=1)):
        before = browser.get("/accessibility").text
    with clock.fixed(due):
        after = browser.get("/accessibility").text
    assert ("That review is overdue." in before, "That review is overdue." in after) == (False, True)


# ---------------------------------------------------------------- cookies


def test_reading_public_pages_sets_no_cookie(browser, make):
    event = make.event()
    session = make.session(event)
    speaker = make.speaker()
    make.contribution(session, speaker_id=speaker.id)
    addresses = [
        "/",
        "/events",
        "/events?q=learning&when=past",
        "/programmes",
        f"/events/{event.public_id}",
        f"/events/{event.public_id}/agenda",
        f"/events/{event.public_id}/sessions/{session.public_id}",
        f"/speakers/{speaker.public_id}",
        f"/events/{event.public_id}/calendar.ics",
        "/robots.txt",
        "/.well-known/security.txt",
        *STATEMENTS,
    ]
    pages = [browser.get(address) for address in addresses]
    assert [page.status for page in pages] == [200] * len(addresses)
    assert [page.address for page in pages if page.response.headers.getlist("Set-Cookie")] == []


def test_registering_and_signing_in_sets_the_one_cookie_that_the_page_names(browser, make):
    told = browser.get("/cookies").one("code").text
    registered(browser, make.event())
    assert cookie_names(browser) == {told}
    make.person(email="bo@example.org", password="three random words")
    page = browser.get("/sign-in/password")
    page = browser.send(page.form(), email="bo@example.org", password="three random words")
    assert page.has_link("Sign out")
    browser.send(browser.get("/account").form("/account"), name="Bo Ferry")
    assert cookie_names(browser) == {told}
    [cookie] = browser.client._cookies.values()
    # Without an end of its own, a browser drops it when it is closed, as the page says.
    assert (cookie.expires, cookie.max_age, cookie.http_only, cookie.same_site) == (None, None, True, "Lax")
    browser.send(browser.get("/sign-out").form())
    assert cookie_names(browser) <= {told}


def test_cookie_in_production_goes_by_the_name_that_the_page_tells(app_with):
    app = app_with(env="production", secret_keys=SECRET, smtp_host="smtp.example.org")
    browser = Browser(app)
    told = browser.get("/cookies").one("code").text
    assert told == "__Host-waymark"
    page = browser.get("/sign-in", base_url="https://waymark.example.org")
    [cookie] = page.response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-waymark=")
    assert set(cookie.split("; ")[1:]) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.memory
def test_scripts_and_pages_save_nothing_in_the_browser_but_what_the_page_names():
    storing = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|cookieStore|caches\.open")
    ours = [*(ROOT / "webapp" / "static").glob("*.js"), *(ROOT / "templates").rglob("*.html")]
    assert {path.name for path in ours} >= {"waymark.js", "base.html"}
    assert [path.name for path in ours if storing.search(path.read_text("utf-8"))] == ["player.js"]
    player = (ROOT / "webapp" / "static" / "player.js").read_text("utf-8")
    assert set(storing.findall(player)) == {"sessionStorage"}
    assert re.findall(r"`(waymark-[^`]*)`", player) == ["waymark-video-${box.dataset.player}"]
    told = (ROOT / "templates" / "pages" / "cookies.html").read_text("utf-8")
    assert [name in told for name in ("waymark-video-youtube", "waymark-video-vimeo")] == [True, True]
    # Of the design system's components one alone saves something, and no page of ours has it.
    assert [path.name for path in ours if "govuk-accordion" in path.read_text("utf-8")] == []


# ---------------------------------------------------------------- privacy notice


def test_privacy_notice_tells_everything_in_the_map(browser, now):
    page = browser.get("/privacy")
    titles = [text_of(heading) for heading in page.all("h3")]
    assert titles == [keeping.title for keeping in personal.KEEPINGS]
    for keeping in personal.KEEPINGS:
        told = (keeping.what, keeping.why, keeping.until, keeping.erasure.sentence)
        assert [text for text in told if flat(f"{text}.") not in page.text] == []


def test_privacy_notice_says_who_sees_needs_and_when_they_are_deleted(browser, now):
    page = browser.get("/privacy")
    assert "Only the event’s owner and its access lead see it." in page.text
    assert "It is kept until 30 days after the event, then deleted by the service itself." in page.text


def test_registration_keeps_the_version_of_the_notice_that_was_shown(app, browser, make):
    shown = re.search(r"Version (\S+)\. ", browser.get("/privacy").text)[1]
    registered(browser, make.event())
    with app.app_context():
        kept = db.session.scalars(
            db.select(Registration.notice_version).join(Person).where(Person.email_folded == "ada@example.org")
        ).all()
    assert kept == [shown]


@pytest.mark.memory
def test_what_speakers_need_is_told_of_as_theirs_and_not_as_a_text():
    held = personal.TABLES["draft_sessions"]["technical_needs"]
    assert held is personal.SPEAKER_ASKED
    assert "what they need for a session" in held.what


def test_privacy_notice_changed_has_a_new_version(browser, now):
    digest = hashlib.sha256(browser.get("/privacy").text.encode()).hexdigest()[:16]
    assert (PRIVACY_NOTICE_VERSION, digest) == ("2026-11-30.2", "a452d7609ca953e5"), (
        "The notice reads otherwise. Give PRIVACY_NOTICE_VERSION in webapp/models/registrations.py a new value, "
        "unless this version was never shown to anybody, and write both down here."
    )


# ---------------------------------------------------------------- worried about a child


def test_page_for_worries_says_first_whom_to_call_and_where_to_report(browser, now):
    page = browser.get("/worried-about-a-child")
    headings = [text_of(heading) for heading in page.all("h2")]
    assert headings[:3] == [
        "If a child is in danger now",
        "If you are worried and it is not an emergency",
        "If you work with children",
    ]
    assert page.text.index("Call 999") < page.text.index("0808 800 5000") < page.text.index("0800 1111")
    assert page.link("0808 800 5000") == "tel:08088005000"
    assert page.link("find the council’s number on GOV.UK") == "https://www.gov.uk/report-child-abuse-to-local-council"
    assert page.link("Report child abuse (GOV.UK)") == "https://www.gov.uk/report-child-abuse"
    assert "do not report a worry here" in page.text


# ---------------------------------------------------------------- for programs


def test_security_file_names_whom_to_tell_for_less_than_a_year(browser, now):
    answer = browser.get("/.well-known/security.txt")
    assert answer.response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.body.splitlines() == [
        "Contact: mailto:help@example.org",
        "Expires: 2027-11-06T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://waymark.example.org/.well-known/security.txt",
        "Policy: https://waymark.example.org/security-policy",
    ]


def test_security_file_later_runs_out_later(browser):
    with clock.fixed(datetime(2031, 1, 1, 23, 30, tzinfo=UTC)):
        expires = browser.get("/.well-known/security.txt").body.splitlines()[1]
    assert expires == "Expires: 2031-06-30T00:00:00Z"


def test_robots_leave_alone_every_page_that_is_not_for_everybody(app, browser):
    answer = browser.get("/robots.txt")
    assert answer.response.headers["Content-Type"] == "text/plain; charset=utf-8"
    robots = RobotFileParser()
    robots.parse(answer.body.splitlines())
    private = {Who.LINK_HOLDER, Who.SIGNED_IN, Who.ORGANISER}
    pages = {
        rule.rule: robots.can_fetch("anybody", re.sub(r"<[^>]*>", "x", rule.rule))
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and getattr(app.view_functions[rule.endpoint], "who", None) in private
    }
    assert {"/account", "/my/events", "/registrations/<token>"} <= set(pages)
    # The parser knows no stars, which search engines do (RFC 9309, section 2.2.3).
    starred = [line.split()[1].replace("*", ".*") for line in answer.body.splitlines() if "*" in line and "/" in line]
    allowed = [page for page, allowed in pages.items() if allowed]
    assert [page for page in allowed if not any(re.match(one, page) for one in starred)] == []
    public = ("/", "/events", "/events/x/agenda", "/programmes", "/speakers/x", *STATEMENTS)
    assert [page for page in public if not robots.can_fetch("anybody", page)] == []
    assert "Disallow: /events/*/register" in answer.body
