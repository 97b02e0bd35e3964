"""Headers that every answer carries, and cookies that give nothing away."""

import re

import pytest
from flask import request

from tests.browsing import Browser
from tests.conftest import settings_for
from webapp import create_app
from webapp.headers import POLICY

FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def production(tmp_path):
    """A browser at a program set up as in production, behind a proxy, on a database of its own."""
    settings = settings_for(
        tmp_path,
        f"sqlite:///{tmp_path / 'none.db'}",
        env="production",
        secret_keys="a-key-of-more-than-thirty-two-characters",
        smtp_host="mail.example.org",
        trusted_proxies=1,
    )
    return Browser(create_app(settings))


def test_every_kind_of_answer_carries_the_headers(make, browser):
    event = make.event("Event")
    path = f"/events/event-{event.public_id}"
    etag = browser.client.get(path).headers["ETag"]
    answers = {
        "a kept page": browser.client.get(path),
        "not changed": browser.client.get(path, headers={"If-None-Match": etag}),
        "a form": browser.client.get(f"{path}/register"),
        "a form refused": browser.client.post(f"{path}/register"),
        "a redirect": browser.client.get(f"/events/{event.public_id}"),
        "not found": browser.client.get("/nowhere"),
        "not allowed": browser.client.post("/events"),
        "a calendar": browser.client.get(f"{path}/calendar.ics"),
        "a list": browser.client.get("/organisations/suggest?q=ma"),
        "a file": browser.client.get("/static/waymark.css", buffered=True),
        "health": browser.client.get("/healthz"),
    }
    assert [answers[name].status_code for name in ("not changed", "a form refused", "a redirect")] == [304, 422, 301]
    for name, answer in answers.items():
        assert {header: answer.headers.getlist(header) for header in FIXED} == {
            header: [value] for header, value in FIXED.items()
        }, name
        assert "Strict-Transport-Security" not in answer.headers
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]
        assert len(answer.headers.getlist("Cache-Control")) == 1, name


def test_policy_lets_nothing_in_from_elsewhere_and_nothing_inline():
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}
    assert rules["form-action"] == "'self'"


def test_private_pages_are_stored_nowhere(make, browser, app):
    event = make.event()
    person = make.person(email="ann@example.org")
    ann = Browser(app).sign_in(make.signed_in(person))
    path = f"/events/{event.slug}-{event.public_id}"
    for page in ("/my/events", "/my/agenda", "/my/agenda.ics", "/account", "/account/password", f"{path}/join"):
        assert ann.client.get(page).headers["Cache-Control"] == "no-store"
    assert ann.client.get(path).headers["Cache-Control"] == "private, no-store"
    for page in ("/sign-in", "/sign-in/password", "/sign-in/sent", "/sign-out", f"{path}/register", f"{path}/join"):
        assert browser.client.get(page).headers["Cache-Control"] == "no-store"


def test_files_of_ours_are_kept_for_a_year_and_named_by_the_build(make, browser):
    page = browser.get("/events")
    files = [link.get("href") for link in page.all("link")] + [script.get("src") for script in page.all("script")]
    assert len(files) >= 4
    for path in files:
        assert re.fullmatch(r"/static/[\w./-]+\?v=[0-9a-f]{10}", path)
        answer = browser.client.get(path, buffered=True)
        assert (answer.status_code, "max-age=31536000" in answer.headers["Cache-Control"]) == (200, True)
        assert "Set-Cookie" not in answer.headers


def test_cookie_in_production_is_for_this_host_and_https_alone(production):
    answer = production.client.get("/sign-in", base_url="https://waymark.example.org")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *flags = [part.strip() for part in cookie.split(";")]
    assert name.startswith("__Host-waymark=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_cookie_elsewhere_is_hidden_from_scripts_and_other_sites_too(browser, now):
    answer = browser.client.get("/sign-in")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *flags = [part.strip() for part in cookie.split(";")]
    assert name.startswith("waymark=")
    assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=Lax"]


def test_addresses_in_answers_never_come_from_the_host_that_was_asked(make, browser):
    event = make.event("Event")
    for path in (f"/events/{event.public_id}", "/my/agenda"):
        answer = browser.client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert answer.headers["Location"].startswith("/")
    calendar = browser.client.get(f"/events/event-{event.public_id}/calendar.ics", headers={"Host": "evil.example"})
    assert "evil.example" not in calendar.get_data(as_text=True)


def test_source_behind_a_proxy_is_the_one_that_the_proxy_names(production):
    app = production.app
    app.add_url_rule("/source", "source", _source)
    forwarded = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7", "X-Forwarded-Proto": "https"}
    assert app.test_client().get("/source", headers=forwarded).text == "192.0.2.7 https"


def _source():
    return f"{request.remote_addr} {request.scheme}"
