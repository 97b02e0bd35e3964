"""Registering through the pages, and the personal link: what they say, what they keep, and what they refuse."""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest
from sqlalchemy import select, update

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, tokens
from webapp.blueprints import visitors
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind, Throttle
from webapp.models.events import Event, EventState, Format, Mode, Places, QuestionKind
from webapp.models.organisations import Sector
from webapp.models.registrations import (
    PRIVACY_NOTICE_VERSION,
    Registration,
    RegistrationAnswer,
    RegistrationDraft,
    RegistrationNeeds,
)
from webapp.notices.rendering import render
from webapp.services import registrations as services
from webapp.services import throttling

# What a form refuses is refused before any database is asked: one of them is enough.
ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ANN = {
    "name": "Ann Lee",
    "email": "ann@example.org",
    "organisation": "Marlbridge Council",
    "sector": "local_authority",
    "role": "Social worker",
    "privacy": "y",
}


@pytest.fixture
def ledger(app):
    return Ledger(app)


def address(event):
    return f"/events/{event.slug}-{event.public_id}"


def fill(browser, event, **values):
    """Open the form of an event, fill it in and send it."""
    return browser.send(browser.get(f"{address(event)}/register").form(), **(ANN | values))


def register(browser, event, **values):
    """The whole way to the last page."""
    return browser.send(fill(browser, event, **values).form())


def told(page):
    """What a page says, as it is read: no space before a comma or full stop."""
    return re.sub(r" (?=[.,;:])", "", page.text)


def written(page):
    """What a page's form holds, without its token."""
    return {name: values for name, values in page.form().values.items() if name != "csrf_token"}


def rows(page):
    """A summary list: what was asked, and what is answered."""
    found = page.one("dl", class_="govuk-summary-list")
    cells = [text_of(cell) for cell in found.iter() if cell.tag.endswith(("}dt", "}dd"))]
    step = 3 if "Change" in cells[2] else 2
    return dict(zip(cells[::step], cells[1::step], strict=True))


# ---------------------------------------------------------------- the way through


def test_registering_asks_shows_and_confirms(make, browser, ledger):
    event = make.event("Spring event")
    form = browser.get(f"{address(event)}/register")
    assert form.heading == "Register: Spring event"
    check = browser.send(form.form(), **ANN, access="Captions,\nplease")
    assert check.heading == "Check your answers"
    assert rows(check) == {
        "Full name": "Ann Lee",
        "E-mail address": "ann@example.org",
        "Organisation": "Marlbridge Council",
        "Sector": "Local authority",
        "Your role": "Social worker",
        "Access needs": "Captions, please",
    }
    assert (ledger.count(Registration), ledger.letters()) == (0, [])
    done = browser.send(check.form())
    assert done.heading == "You have a place"
    assert "We are sending a letter to ann@example.org." in told(done)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.role, row.notice_version) == ("Ann Lee", "Social worker", PRIVACY_NOTICE_VERSION)
    assert ledger.one(select(RegistrationNeeds.access)) == "Captions,\nplease"
    assert ledger.letters() == [("registration_confirmed", "ann")]
    # The half-finished registration has done its work: what was typed is not kept twice.
    assert ledger.one(select(RegistrationDraft.answers)) == {}


def test_registering_goes_back_to_change_an_answer_and_keeps_the_others(make, browser, ledger):
    event = make.event()
    check = fill(browser, event, role="Socal worker")
    form = browser.get(check.link("Change your role"))
    assert written(form) == {name: [value] for name, value in (ANN | {"role": "Socal worker", "access": ""}).items()}
    again = browser.send(form.form(), role="Social worker")
    assert rows(again)["Your role"] == "Social worker"
    assert again.address == check.address
    browser.send(again.form())
    assert ledger.one(select(Registration.role)) == "Social worker"
    assert ledger.count(RegistrationDraft) == 1


def test_registering_knows_an_organisation_by_its_other_name(make, browser, ledger):
    event, trust = make.event(), make.organisation("Hill Trust", "HT")
    assert rows(fill(browser, event, organisation="ht"))["Organisation"] == "Hill Trust"
    register(browser, event, organisation="ht")
    row = ledger.one(select(Registration))
    assert (row.organisation_id, row.organisation_name) == (trust.id, "Hill Trust")


def test_registering_while_signed_in_begins_with_what_is_known(make, browser):
    event = make.event()
    browser.sign_in(make.signed_in(make.person("Ann Lee", "ann@example.org")))
    form = browser.get(f"{address(event)}/register")
    assert (written(form)["name"], written(form)["email"]) == (["Ann Lee"], ["ann@example.org"])


def test_registering_asks_the_questions_of_the_event(make, browser, ledger):
    event = make.event(format=Format.HYBRID)
    short = make.question(event, "Your team", required=True)
    long = make.question(event, "Your hopes", QuestionKind.LONG_TEXT)
    one = make.question(event, "Your area", QuestionKind.ONE_CHOICE, choices=["North", "South"], required=True)
    many = make.question(event, "Days", QuestionKind.SEVERAL_CHOICES, choices=["One", "Two", "Three"])
    yes = make.question(event, "First time?", QuestionKind.YES_NO)
    make.question(event, "Retired", required=True, retired_at=make.now)
    names = [f"q_{row.public_id}" for row in (short, long, one, many, yes)]
    answers = dict(zip(names, ["Duty team", "To learn\nand meet", "South", ["One", "Three"], "Yes"], strict=True))
    check = fill(browser, event, mode="in_person", dietary="No nuts", **answers)
    assert list(rows(check).items())[5:] == [
        ("How you will take part", "In person"),
        ("Your team", "Duty team"),
        ("Your hopes", "To learn and meet"),
        ("Your area", "South"),
        ("Days", "One Three"),
        ("First time?", "Yes"),
        ("Access needs", "Not given"),
        ("Dietary needs", "No nuts"),
    ]
    browser.send(check.form())
    kept = {row.question_id: row.value for row in ledger.all(select(RegistrationAnswer))}
    assert kept == {
        short.id: ["Duty team"],
        long.id: ["To learn\nand meet"],
        one.id: ["South"],
        many.id: ["One", "Three"],
        yes.id: ["Yes"],
    }
    assert (ledger.one(select(Registration.mode)), ledger.one(select(RegistrationNeeds.dietary))) == (
        Mode.IN_PERSON,
        "No nuts",
    )


@ONE_DATABASE
def test_registering_leaves_optional_questions_out_when_they_are_left_empty(make, browser, ledger):
    event = make.event()
    for kind in QuestionKind:
        make.question(event, f"About {kind}", kind, choices=["One", "Two"])
    assert register(browser, event).heading == "You have a place"
    assert ledger.count(RegistrationAnswer) == 0


@ONE_DATABASE
def test_done_page_on_a_full_event_tells_the_number_and_the_rule(make, browser):
    event = make.event("Full event", capacity=0, offer_hours=24)
    make.registration(event)
    page = browser.get(f"{address(event)}/register")
    assert page.heading == "Join the waiting list: Full event"
    assert "offered to whoever has waited longest, and held for 24 hours" in told(page)
    done = register(browser, event)
    assert done.heading == "You are on the waiting list"
    assert "Your number on the waiting list is 2" in told(done)
    assert "by letter, and held for 24 hours" in told(done)


@ONE_DATABASE
def test_done_page_where_organisers_approve_promises_no_place(make, browser):
    event = make.event("Small event", needs_approval=True)
    assert browser.get(f"{address(event)}/register").heading == "Ask for a place: Small event"
    done = register(browser, event)
    assert done.heading == "Your request has been sent"
    assert "Until then no place is held, and there is no calendar invitation." in told(done)


# ---------------------------------------------------------------- wrong input


REQUIRED = [
    ("name", "Enter your full name"),
    ("email", "Enter your e-mail address"),
    ("organisation", "Enter the organisation you work for"),
    ("sector", "Select the sector you work in"),
    ("role", "Enter your role"),
    ("privacy", "Confirm that you have read how your information is used"),
]


@ONE_DATABASE
@pytest.mark.parametrize(("name", "sentence"), REQUIRED)
@pytest.mark.parametrize("given", [[], "", " \t\u200b "])
def test_form_without_an_answer_says_which_and_keeps_the_others(make, browser, ledger, name, sentence, given):
    if name == "privacy" and given:
        given = ""
    page = fill(browser, make.event(), **{name: given})
    assert (page.status, page.errors) == (422, [sentence])
    (link,) = [a for a in page.all("a") if text_of(a) == sentence]
    assert page.one(link_target(page, link).tag.rpartition("}")[2], id=link.get("href")[1:]) is not None
    kept = {key: [value] for key, value in ANN.items() if key != name}
    assert {key: value for key, value in written(page).items() if key in kept} == kept
    assert ledger.count(RegistrationDraft) == 0


def link_target(page, link):
    (found,) = [element for element in page.tree.iter() if element.get("id") == link.get("href")[1:]]
    return found


@ONE_DATABASE
def test_form_with_no_answer_at_all_names_each_in_the_order_of_the_page(make, browser):
    event = make.event(format=Format.HYBRID)
    team = make.question(event, "Your team", required=True)
    days = make.question(event, "Days", QuestionKind.SEVERAL_CHOICES, choices=["One"], required=True)
    page = browser.send(browser.get(f"{address(event)}/register").form())
    assert page.errors == [
        *[sentence for _, sentence in REQUIRED[:5]],
        "Select how you will take part",
        f"Answer this question: {team.label}",
        f"Select at least one: {days.label}",
        REQUIRED[5][1],
    ]
    order = [element.get("id") for element in page.tree.iter() if element.get("id")]
    places = [
        order.index(link.get("href")[1:])
        for link in page.one("div", class_="govuk-error-summary").iter()
        if link.get("href")
    ]
    assert places == sorted(places)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("name", "length", "sentence"),
    [
        ("name", 201, "Full name must be 200 characters or fewer; it has 201"),
        ("organisation", 201, "Organisation must be 200 characters or fewer; it has 201"),
        ("role", 5000, "Role must be 200 characters or fewer; it has 5000"),
        ("access", 2001, "Access needs must be 2000 characters or fewer; it has 2001"),
    ],
)
def test_answer_that_is_too_long_is_refused_and_still_there(make, browser, name, length, sentence):
    page = fill(browser, make.event(), **{name: "x" * length})
    assert (page.status, page.errors) == (422, [sentence])
    assert written(page)[name] == ["x" * length]


@pytest.mark.parametrize("name", ["name", "organisation", "role"])
def test_answer_that_just_fits_is_taken(make, browser, ledger, name):
    register(browser, make.event(), **{name: "ﬃ" * 200})
    assert ledger.count(Registration) == 1


@ONE_DATABASE
def test_form_larger_than_the_service_takes_is_refused_with_a_page(make, browser, ledger):
    page = fill(browser, make.event(), access="x" * 600_000)
    assert (page.status, page.heading) == (413, "That was too long")
    assert ledger.count(RegistrationDraft) == 0


MARKUP = "<script>alert('x')</script> & \"Lee\" {{ 7*7 }} ${7*7}"


@ONE_DATABASE
def test_markup_is_shown_as_it_was_typed_on_every_page(make, browser, ledger):
    event = make.event('<b>Event</b> & "more"', summary=MARKUP)
    values = {"name": MARKUP, "organisation": MARKUP, "role": MARKUP, "access": MARKUP}
    form = fill(browser, event, **values, email="nonsense")
    assert written(form)["name"] == [MARKUP]
    check = fill(browser, event, **values)
    assert rows(check)["Full name"] == rows(check)["Access needs"] == MARKUP
    browser.send(check.form())
    own = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}")
    assert rows(own)["Organisation"] == MARKUP
    for page in (form, check, own):
        assert "alert" not in "".join(text_of(script) for script in page.all("script"))


def test_text_that_runs_the_other_way_or_hides_loses_its_marks(make, browser, ledger):
    event = make.event()
    register(browser, event, name="Ann\u202e eeL\u202c\u200b", role="Lead\u2066\u0007", organisation="\ufeffשלום עולם")
    row = ledger.one(select(Registration))
    assert (row.name, row.role, row.organisation_name) == ("Ann eeL", "Lead", "שלום עולם")


@ONE_DATABASE
def test_name_cannot_break_out_of_a_header_of_the_letter(app, make, browser, ledger):
    event = make.event()
    register(browser, event, name="Ann\r\nBcc: evil@example.net\r\n\r\nBuy")
    assert ledger.one(select(Registration.name)) == "Ann Bcc: evil@example.net Buy"
    with app.test_request_context():
        message = message_from_bytes(render(ledger.last_letter(), app.config["SETTINGS"]), policy=default)
    assert message["Bcc"] is None
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [
        ("Ann Bcc: evil@example.net Buy", "ann@example.org")
    ]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ann.Lee@Example.ORG ", "Ann.Lee@example.org"),
        ("ann @ example . org", "ann@example.org"),
        ("ann@\u200bexample.org", "ann@example.org"),
        ("ann@BÜCHER.example", "ann@bücher.example"),
        ("ann@xn--bcher-kva.example", "ann@bücher.example"),
        ("jörg@example.org", "jörg@example.org"),
        ("ann+events@example.org", "ann+events@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_email_is_taken_as_people_type_it(make, browser, ledger, typed, kept):
    assert register(browser, make.event(), email=typed).heading == "You have a place"
    assert ledger.one(select(Registration.email)) == ledger.last_letter().recipient_email == kept


@ONE_DATABASE
@pytest.mark.parametrize(
    "typed",
    [
        "ann",
        "ann@",
        "@example.org",
        "ann@example",
        "ann@@example.org",
        "ann@example..org",
        "ann@-example.org",
        "Ann <ann@example.org>",
        "ann@example.org, bob@example.org",
        "ann@example.org\r\nBcc: x@example.org",
        '"<script>"@example.org',
        "ann@[127.0.0.1]",
    ],
)
def test_email_that_is_none_is_refused_with_an_example(make, browser, typed):
    page = fill(browser, make.event(), email=typed)
    assert (page.status, page.errors) == (
        422,
        ["Enter an e-mail address in the correct format, like name@example.org"],
    )


@ONE_DATABASE
def test_email_that_is_too_long_is_refused_once(make, browser):
    page = fill(browser, make.event(), email="a" * 250 + "@example.org")
    assert page.errors == ["E-mail address must be 254 characters or fewer; it has 262"]


@ONE_DATABASE
def test_choice_that_was_not_offered_is_refused(make, browser):
    event = make.event(format=Format.HYBRID)
    area = make.question(event, "Your area", QuestionKind.ONE_CHOICE, choices=["North"], required=True)
    some = make.question(event, "Days", QuestionKind.SEVERAL_CHOICES, choices=["One"])
    name = f"q_{area.public_id}"
    page = fill(browser, event, sector="royal", mode="by_post", **{name: "West", f"q_{some.public_id}": ["Nine"]})
    assert page.errors == [
        "Select the sector you work in",
        "Select how you will take part",
        "Select an answer: Your area",
    ]
    assert page.status == 422


# ---------------------------------------------------------------- the form and time


CLOSED = [
    ({"state": EventState.CANCELLED}, "This event has been cancelled, so you cannot register for it."),
    ({"starts_on": date(2027, 5, 1)}, "This event is over, so you can no longer register for it."),
    ({"takes_registrations": False}, "This event does not take registrations."),
    ({"state": EventState.ARCHIVED}, "This event does not take registrations."),
]


@ONE_DATABASE
@pytest.mark.parametrize(("values", "sentence"), CLOSED)
def test_form_of_an_event_that_takes_none_says_why_and_asks_nothing(make, browser, values, sentence):
    page = browser.get(f"{address(make.event(**values))}/register")
    assert page.status == 200
    assert sentence in told(page)
    assert page.all("form", method="post") == []


@ONE_DATABASE
@pytest.mark.parametrize("values", [{"registration_opens_at": MINUTE}, {"registration_closes_at": -MINUTE}])
def test_form_before_opening_and_after_closing_asks_nothing(make, browser, now, values):
    page = browser.get(f"{address(make.event(**{name: now + value for name, value in values.items()}))}/register")
    assert ("has not opened yet" in told(page)) is ("registration_opens_at" in values)
    assert ("has closed" in told(page)) is ("registration_closes_at" in values)
    assert page.all("form", method="post") == []


def test_form_left_open_over_the_closing_time_still_has_the_answers(make, browser, ledger, now):
    event = make.event(registration_closes_at=now + MINUTE)
    form = browser.get(f"{address(event)}/register").form()
    with clock.fixed(now + MINUTE):
        page = browser.send(form, **ANN)
    assert (page.status, page.errors) == (409, ["Registration for this event has closed. Nothing was sent."])
    assert {name: written(page)[name] for name in ANN} == {name: [value] for name, value in ANN.items()}
    assert ledger.count(RegistrationDraft) == 0


def test_answers_left_to_be_checked_over_the_closing_time_are_still_there(make, browser, ledger, now):
    event = make.event(registration_closes_at=now + MINUTE)
    check = fill(browser, event)
    with clock.fixed(now + MINUTE):
        page = browser.send(check.form())
    assert (page.status, page.errors) == (409, ["Registration for this event has closed. Nothing was sent."])
    assert rows(page) == rows(check)
    assert (ledger.count(Registration), ledger.letters()) == (0, [])


def test_answers_being_checked_when_the_event_is_cancelled_are_refused(make, browser, ledger):
    event = make.event()
    check = fill(browser, event)
    ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED))
    page = browser.send(check.form())
    assert page.errors == ["This event has been cancelled, so you cannot register for it. Nothing was sent."]
    assert rows(page)["Full name"] == "Ann Lee"


def test_event_in_draft_is_not_there_for_a_visitor_whatever_they_ask(make, browser):
    event = make.event("Secret", state=EventState.DRAFT)
    for path in ("", "/register", "/register/222222222222", "/register/222222222222/done", "/join", "/agenda"):
        page = browser.get(address(event) + path)
        assert (page.status, page.heading) == (404, "Page not found")
        assert "Secret" not in page.body


def test_event_in_draft_takes_no_registration_of_an_organiser_either(make, browser):
    event, person = make.event(state=EventState.DRAFT), make.person()
    make.grant(person, Role.ORGANISER, ThingKind.EVENT, event.id)
    browser.sign_in(make.signed_in(person))
    assert "This event does not take registrations." in browser.get(f"{address(event)}/register").text


@ONE_DATABASE
def test_form_of_a_full_event_without_waiting_list_says_so(make, browser, ledger):
    event = make.event(capacity=1, waiting_list=False)
    check = fill(browser, event)
    make.registration(event)
    page = browser.send(check.form())
    assert (page.status, page.errors) == (
        409,
        ["All places are taken, and this event keeps no waiting list."],
    )
    assert rows(page) == rows(check)
    form = browser.get(f"{address(event)}/register")
    assert "All places are taken, and this event keeps no waiting list." in form.text
    assert "waiting list:" not in form.heading
    assert form.all("form", method="post") == []
    assert len(ledger.letters()) == 1


def test_event_renamed_while_the_form_was_open_still_takes_it(make, browser, ledger):
    event = make.event("Old name")
    form = browser.get(f"{address(event)}/register").form()
    ledger.change(event, title="New name", slug="new-name")
    check = browser.send(form, **ANN)
    assert (check.heading, "New name" in check.text) == ("Check your answers", True)


def test_questions_changed_while_the_answers_were_checked_are_asked_anew(make, browser, ledger):
    event = make.event()
    check = fill(browser, event)
    make.question(event, "Team", required=True)
    ledger.change(event, summary="Changed")
    page = browser.send(check.form())
    assert (page.address.partition("?")[0], ledger.count(Registration)) == (f"{address(event)}/register", 0)
    assert "The organiser has changed the questions since." in page.text
    assert written(page)["email"] == ["ann@example.org"]
    again = browser.send(page.form(), privacy="y")
    assert again.errors == ["Answer this question: Team"]


def test_way_of_taking_part_taken_away_while_the_answers_were_checked_is_asked_anew(make, browser, ledger):
    event = make.event(format=Format.HYBRID)
    check = fill(browser, event, mode="in_person")
    ledger.change(event, format=Format.ONLINE)
    assert "The organiser has changed the questions since." in browser.send(check.form()).text


def test_check_page_when_full_without_a_list_offers_none(make, browser, ledger):
    event = make.event(capacity=1, waiting_list=False)
    check = fill(browser, event)
    make.registration(event, email="bob@example.org")
    for page in (browser.get(check.address), browser.send(check.form())):
        assert "waiting list yet" not in page.text
        assert [text_of(button) for button in page.all("button", class_="govuk-button")] == []


def test_refused_tries_are_counted_for_the_source(make, browser, ledger, now):
    event = make.event(capacity=1, waiting_list=False)
    check = fill(browser, event)
    make.registration(event, email="bob@example.org")
    assert browser.send(check.form()).status == 409
    assert ledger.one(select(Throttle.count).where(Throttle.kind == "register:source")) == 1


def test_form_of_a_hybrid_event_says_which_way_is_full(make, browser, ledger):
    event = make.event(format=Format.HYBRID)
    in_person = ledger.one(select(Places).where(Places.mode == Mode.IN_PERSON))
    ledger.change(in_person, capacity=0)
    ledger.change(event, summary="Changed")
    labels = [text_of(label) for label in browser.get(f"{address(event)}/register").all("label")]
    assert [label for label in labels if label.startswith(("Online", "In person"))] == [
        "Online",
        "In person (full: waiting list)",
    ]


@pytest.mark.parametrize(
    ("address_given", "source"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("nonsense", "unknown"),
    ],
)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_source_is_the_network_that_somebody_can_choose_addresses_from(app, address_given, source):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address_given}):
        assert visitors.source() == source


# ---------------------------------------------------------------- an address that is registered already


@pytest.mark.parametrize(
    "values", [{}, {"capacity": 3}, {"capacity": 0, "offer_hours": 24}, {"capacity": 0}, {"needs_approval": True}]
)
def test_page_for_an_address_that_is_registered_already_is_that_of_a_newcomer(app, make, ledger, values):
    event = make.event(**values)
    make.registration(event)
    register(Browser(app), event, email="known@example.org")
    before = ledger.standing(event)
    again, new = Browser(app), Browser(app)
    # The one who is known first: a newcomer would move the numbers.
    seen = [register(again, event, email="known@example.org"), register(new, event, email="other@example.org")]
    bodies = [page.body.replace("known@example.org", "E").replace("other@example.org", "E") for page in seen]
    assert bodies[0] == bodies[1]
    assert (seen[0].status, sorted(seen[0].response.headers.keys())) == (
        seen[1].status,
        sorted(seen[1].response.headers.keys()),
    )
    assert ledger.standing(event)[:-1] == before
    assert ledger.letters()[-2:] == [("registration_repeated", "known"), (ledger.letters()[1][0], "other")]


def test_letter_to_an_address_that_is_registered_already_tells_how_it_stands(app, make, browser, ledger):
    event = make.event(capacity=0)
    for _ in range(2):
        register(browser, event)
    with app.test_request_context():
        message = message_from_bytes(render(ledger.last_letter(), app.config["SETTINGS"]), policy=default)
    text = message.get_body(("plain",)).get_content()
    assert f"/registrations/{ledger.token(event, 'ann@example.org')}" in text


# ---------------------------------------------------------------- twice


def test_same_answers_sent_twice_register_once_and_lead_to_the_same_page(make, browser, ledger):
    event = make.event(capacity=0)
    check = fill(browser, event)
    first, second = browser.send(check.form()), browser.send(check.form())
    assert first.heading == second.heading == "You are on the waiting list"
    assert (first.address, first.text) == (second.address, second.text)
    assert browser.get(check.address).address == first.address
    assert ledger.letters() == [("registration_waiting", "ann")]


def test_same_form_in_two_tabs_makes_two_answers_of_which_the_second_repeats(make, browser, ledger):
    event = make.event()
    tabs = [fill(browser, event), fill(browser, event)]
    assert tabs[0].address != tabs[1].address
    assert [browser.send(tab.form()).heading for tab in tabs] == ["You have a place"] * 2
    assert [notice for notice, _ in ledger.letters()] == ["registration_confirmed", "registration_repeated"]


def test_form_gone_back_to_after_the_end_registers_the_next_person(make, browser, ledger):
    event = make.event()
    check = fill(browser, event)
    form = browser.get(check.link("Change full name"))
    browser.send(check.form())
    # The browser's Back button shows the form of the draft that is finished by now.
    second = browser.send(form.form(), name="Bob Day", email="bob@example.org", privacy="y")
    assert (second.heading, rows(second)["Full name"]) == ("Check your answers", "Bob Day")
    assert "bob@example.org" in browser.send(second.form()).text
    assert ledger.standing(event) == [("ann", "confirmed"), ("bob", "confirmed")]


# ---------------------------------------------------------------- drafts


def test_draft_of_another_browser_is_gone(app, make, browser):
    event = make.event()
    check = fill(browser, event)
    other = Browser(app)
    for path in ("", "/done"):
        page = other.get(check.address + path)
        assert (page.status, page.heading) == (410, "Your answers are no longer kept")
        assert "Ann Lee" not in page.body
    form = other.get(check.link("Change full name"))
    assert written(form)["name"] == [""]
    assert browser.get(check.address).heading == "Check your answers"


def test_draft_after_a_day_is_gone_even_before_it_is_swept(make, browser, ledger, now):
    check = fill(browser, make.event())
    with clock.fixed(now + DAY):
        assert (browser.get(check.address).status, browser.send(check.form()).status) == (410, 410)
    assert ledger.count(Registration) == 0


@ONE_DATABASE
def test_draft_of_another_event_is_not_found(make, browser):
    first, second = make.event(), make.event()
    draft = fill(browser, first).address.rpartition("/")[2]
    for path in (f"/register/{draft}", f"/register/{draft}/done", f"/register?draft={draft}"):
        assert browser.get(address(second) + path).status == 404


@ONE_DATABASE
@pytest.mark.parametrize("draft", ["2" * 12, "x", "..%2f", "é", "0" * 300])
def test_draft_that_never_was_is_gone(make, browser, draft):
    page = browser.get(f"{address(make.event())}/register/{draft}")
    assert page.status in {404, 410}


@ONE_DATABASE
def test_last_page_before_the_end_leads_back_to_the_answers(make, browser):
    check = fill(browser, make.event())
    assert browser.get(f"{check.address}/done").address == check.address


# ---------------------------------------------------------------- a token gone stale


@ONE_DATABASE
@pytest.mark.parametrize("token", ["", "nonsense", None])
def test_form_with_a_stale_token_comes_back_filled(make, browser, ledger, token):
    event = make.event()
    question = make.question(event, "Your team")
    form = browser.get(f"{address(event)}/register").form()
    values = ANN | {"access": "Captions", f"q_{question.public_id}": "Duty team"}
    page = browser.send(form, **values, csrf_token=[] if token is None else token)
    assert (page.status, page.errors) == (422, [STALE])
    assert written(page) == {name: [value] for name, value in values.items()}
    assert ledger.count(RegistrationDraft) == 0
    assert browser.send(page.form()).heading == "Check your answers"


@ONE_DATABASE
def test_form_left_open_for_more_than_12_hours_comes_back_filled(make, browser, monkeypatch):
    event = make.event()
    form = browser.get(f"{address(event)}/register").form()
    monkeypatch.setitem(browser.app.config, "WTF_CSRF_TIME_LIMIT", -1)
    page = browser.send(form, **ANN)
    assert (page.status, page.errors) == (422, [STALE])
    assert written(page)["name"] == ["Ann Lee"]


@ONE_DATABASE
@pytest.mark.parametrize("token", ["", "nonsense"])
def test_check_page_with_a_stale_token_keeps_the_answers(make, browser, ledger, token):
    check = fill(browser, make.event())
    page = browser.send(check.form(), csrf_token=token)
    assert (page.status, page.errors) == (422, [STALE])
    assert rows(page) == rows(check)
    assert ledger.count(Registration) == 0
    assert browser.send(page.form()).heading == "You have a place"


# ---------------------------------------------------------------- throttled


def test_address_tried_too_often_is_refused_with_the_answers_kept(app, make, ledger, now):
    events = [make.event() for _ in range(9)]
    for n, event in enumerate(events[:8]):
        assert register(Browser(app, f"192.0.2.{n}"), event).heading == "You have a place"
    browser = Browser(app, "192.0.2.9")
    check = fill(browser, events[8], email="ANN@example.org")
    page = browser.send(check.form())
    assert (page.status, page.response.headers["Retry-After"]) == (429, "600")
    assert page.errors == ["That was tried too often. Wait 10 minutes, then try again."]
    assert rows(page) == rows(check)
    assert len(ledger.letters()) == 8
    with clock.fixed(now + timedelta(minutes=10)):
        assert browser.send(page.form()).heading == "You have a place"


def test_source_that_tries_too_often_is_refused_and_others_are_not(app, make, ledger, now):
    event = make.event()
    tries = partial(throttling.count, throttling.Limit("register:source", "192.0.2.1", 200), window=services.WINDOW)
    ledger.act(lambda: [tries(now=now) for _ in range(200)])
    page = register(Browser(app, "192.0.2.1"), event)
    assert (page.status, page.heading) == (429, "Check your answers")
    assert register(Browser(app, "192.0.2.2"), event).heading == "You have a place"


# ---------------------------------------------------------------- the personal link


@pytest.fixture
def own(app, make, ledger):
    """Registers somebody by the service, and gives the address of the personal page."""

    def run(event, email="ann@example.org", **values):
        make.registration(event, email=email, **values)
        return f"/registrations/{ledger.token(event, email)}"

    return run


@pytest.fixture
def do(ledger, now):
    def run(verb, event, email="ann@example.org", **more):
        return ledger.act(verb, ledger.registration(event, email).id, actor=SYSTEM, now=now, **more)

    return run


def test_personal_page_shows_what_was_said_and_nobody_else(make, browser, own):
    event = make.event("Spring event", venue="Hall", format=Format.IN_PERSON)
    question = make.question(event, "Your team")
    own(event, "bob@example.org", name="Bob Day", mode=Mode.IN_PERSON)
    link = own(
        event,
        name="Ann Lee",
        mode=Mode.IN_PERSON,
        dietary="No nuts",
        sector=Sector.HEALTH,
        answers={question.public_id: ["Duty team"]},
    )
    page = browser.get(link)
    assert page.heading == "Your registration: Spring event"
    assert "Confirmed" in told(page)
    assert "You have a place." in told(page)
    assert "Monday 14 June 2027, 9:30am to 4pm" in told(page)
    assert rows(page) == {
        "Full name": "Ann Lee",
        "E-mail address": "ann@example.org",
        "Organisation": "Marlbridge Council",
        "Sector": "Health",
        "Your role": "Social worker",
        "How you will take part": "In person",
        "Your team": "Duty team",
        "Access needs": "Not given",
        "Dietary needs": "No nuts",
    }
    assert "Bob" not in page.body
    assert page.response.headers["Cache-Control"] == "no-store"


def test_personal_page_of_who_waits_shows_the_number_now(make, browser, own, do):
    event = make.event(capacity=0)
    own(event, "bob@example.org")
    link = own(event)
    assert "Your number on the waiting list is 2." in told(browser.get(link))
    do(services.cancel, event, "bob@example.org")
    assert "Your number on the waiting list is 1." in told(browser.get(link))


@ONE_DATABASE
@pytest.mark.parametrize("link", ["forged", "of another kind", "of another registration", "cut", "nonsense"])
def test_personal_link_that_is_not_right_is_not_found(app, make, browser, ledger, own, link):
    event = make.event()
    right, other = own(event), own(event, "bob@example.org")
    row = ledger.registration(event, "ann@example.org")
    with app.app_context():
        of_another_kind = tokens.make("sign-in", row.public_id, row.link_nonce)
    wrong = {
        "forged": right[:-1] + ("A" if right[-1] != "A" else "B"),
        "of another kind": f"/registrations/{of_another_kind}",
        "of another registration": right[: -len("x" * 22)] + other[-22:],
        "cut": right[:-1],
        "nonsense": "/registrations/%00%C3%A9",
    }[link]
    for path in ("", "/change", "/cancel"):
        page = browser.get(wrong + path)
        assert (page.status, page.heading) == (404, "Page not found")
    for path in ("/change", "/cancel", "/accept"):
        assert browser.post(wrong + path).status == 404
    assert ledger.standing(event) == [("ann", "confirmed"), ("bob", "confirmed")]


def test_personal_link_is_replaced_when_somebody_registers_again(make, browser, own, do):
    event = make.event()
    old = own(event)
    do(services.cancel, event)
    assert "Register again" in browser.get(old).text
    new = own(event)
    assert (browser.get(old).status, browser.get(new).status) == (404, 200)


def test_cancelling_asks_first_since_mail_scanners_follow_links(make, browser, ledger, own):
    event = make.event()
    link = own(event)
    page = browser.get(f"{link}/cancel")
    assert page.heading == "Give up your place?"
    assert ledger.standing(event) == [("ann", "confirmed")]
    after = browser.send(page.form())
    assert (after.address, "Your registration has been cancelled." in told(after)) == (link, True)
    assert ledger.standing(event) == [("ann", "cancelled")]
    assert browser.send(page.form()).status == 200
    assert [notice for notice, _ in ledger.letters()] == ["registration_confirmed", "registration_cancelled"]
    assert browser.get(f"{link}/cancel").heading == "This registration has ended"


@ONE_DATABASE
def test_cancelling_speaks_of_what_is_given_up(make, browser, own):
    waiting, pending = make.event(capacity=0), make.event(needs_approval=True)
    assert browser.get(own(waiting)).has_link("Leave the waiting list")
    link = own(pending)
    assert browser.get(link).has_link("Take back the request")
    page = browser.get(f"{link}/cancel")
    assert page.heading == "Take back your request?"
    assert "list" not in told(page)


def test_cancelling_after_the_event_is_refused_with_the_reason(make, browser, ledger, own):
    event = make.event()
    link = own(event)
    form = browser.get(f"{link}/cancel").form()
    with clock.fixed(event.ends_at):
        assert not browser.get(link).has_link("I cannot come")
        page = browser.send(form)
    assert (page.status, page.errors) == (
        409,
        ["The event is over, so this registration can no longer be cancelled."],
    )
    assert ledger.standing(event) == [("ann", "confirmed")]


@pytest.mark.parametrize("action", ["cancel", "change", "accept"])
def test_personal_page_with_a_stale_token_changes_nothing(make, browser, ledger, own, do, action):
    event = make.event(capacity=1, offer_hours=24)
    own(event, "bob@example.org")
    link = own(event)
    do(services.cancel, event, "bob@example.org")
    before = ledger.standing(event)
    form = browser.get(link if action == "accept" else f"{link}/{action}").form(f"/{action}")
    page = browser.send(form, csrf_token="stale")
    assert (page.status, page.errors) == (422, [STALE])
    assert ledger.standing(event) == before
    again = browser.send(page.form(f"/{action}"))
    assert (again.status, again.address) == (200, link)
    assert ledger.standing(event) != before or action == "change"


def test_changing_begins_with_what_was_said_and_saves_what_is_said_now(make, browser, ledger, own):
    event = make.event(format=Format.HYBRID)
    one = make.question(event, "Your area", QuestionKind.ONE_CHOICE, choices=["North", "South"])
    many = make.question(event, "Days", QuestionKind.SEVERAL_CHOICES, choices=["One", "Two", "Three"])
    names = f"q_{one.public_id}", f"q_{many.public_id}"
    link = own(
        event,
        name="Ann Lee",
        access="Captions",
        mode=Mode.IN_PERSON,
        answers={one.public_id: ["South"], many.public_id: ["One", "Three"]},
    )
    page = browser.get(f"{link}/change")
    assert written(page) == {
        "name": ["Ann Lee"],
        "organisation": ["Marlbridge Council"],
        "sector": ["local_authority"],
        "role": ["Social worker"],
        "access": ["Captions"],
        "dietary": [""],
        names[0]: ["South"],
        names[1]: ["One", "Three"],
        "version": ["1"],
    }
    after = browser.send(page.form(), name="Ann Day", access="", **{names[0]: "North", names[1]: []})
    assert "Your registration has been changed." in told(after)
    assert (rows(after)["Full name"], rows(after)["Your area"], rows(after)["Days"]) == (
        "Ann Day",
        "North",
        "Not given",
    )
    assert (ledger.count(RegistrationNeeds), ledger.letters()[-1]) == (0, ("registration_changed", "ann"))


@ONE_DATABASE
def test_changing_to_something_wrong_says_so_and_keeps_what_was_typed(make, browser, ledger, own):
    event = make.event()
    link = own(event, name="Ann Lee")
    page = browser.send(browser.get(f"{link}/change").form(), name="", role="x" * 201, access="Captions")
    assert page.status == 422
    assert page.errors == ["Enter your full name", "Role must be 200 characters or fewer; it has 201"]
    assert (written(page)["role"], written(page)["access"]) == (["x" * 201], ["Captions"])
    assert ledger.one(select(Registration.name)) == "Ann Lee"


def test_changing_cannot_move_to_another_address_or_way_of_taking_part(make, browser, ledger, own):
    event = make.event(format=Format.HYBRID)
    link = own(event)
    browser.send(browser.get(f"{link}/change").form(), email="evil@example.org", mode="in_person")
    row = ledger.one(select(Registration))
    assert (row.email, row.mode) == ("ann@example.org", Mode.ONLINE)


def test_changing_what_was_cancelled_meanwhile_is_refused_with_the_answers_kept(make, browser, own, do):
    event = make.event()
    link = own(event)
    form = browser.get(f"{link}/change").form()
    do(services.cancel, event)
    page = browser.send(form, name="Ann Day")
    assert (page.status, page.errors) == (409, ["This registration can no longer be changed."])
    assert written(page)["name"] == ["Ann Day"]
    assert browser.get(f"{link}/change").heading == "This registration has ended"


def test_changing_in_two_windows_loses_neither_without_a_word(make, browser, ledger, own):
    link = own(make.event())
    first, second = (browser.get(f"{link}/change").form() for _ in range(2))
    assert browser.send(first, role="Lead").address == link
    page = browser.send(second, access="Captions")
    assert (page.status, page.heading, len(page.errors)) == (409, "Change what you told us", 1)
    assert page.errors[0].startswith("Your registration has changed since you opened this page")
    assert (
        text_of(page.one("div", class_="govuk-inset-text")).partition(":")[2].strip()
        == "Your roleLeadAccess needsNot given"
    )
    assert (written(page)["access"], ledger.one(select(Registration.role))) == (["Captions"], "Lead")
    assert browser.send(page.form()).address == link
    assert ledger.one(select(RegistrationNeeds.access)) == "Captions"


@pytest.fixture
def offered(make, own, do):
    """The personal address of Ann, to whom the only place is offered."""
    event = make.event("Spring event", capacity=1, offer_hours=24)
    own(event, "bob@example.org")
    link = own(event)
    do(services.cancel, event, "bob@example.org")
    return event, link


def test_offer_is_shown_with_its_end_and_taken_by_a_button(browser, ledger, offered):
    event, link = offered
    page = browser.get(link)
    assert "A place is held for you until 10am on Tuesday 11 May 2027." in told(page)
    taken = browser.send(page.form("/accept"))
    assert "The place is yours." in told(taken)
    assert dict(ledger.standing(event))["ann"] == "confirmed"
    assert "The place is yours." in browser.send(page.form("/accept")).text
    assert [notice for notice, _ in ledger.letters()].count("registration_confirmed") == 2


def test_offer_that_has_lapsed_is_refused_with_the_reason(browser, ledger, offered, now):
    event, link = offered
    form = browser.get(link).form("/accept")
    with clock.fixed(now + DAY):
        assert "The time to take the place has passed." in told(browser.get(link))
        page = browser.send(form)
    assert (page.status, page.errors) == (
        409,
        ["This place is no longer held for you: the time to take it has passed."],
    )
    assert dict(ledger.standing(event))["ann"] == "offered"


def test_personal_page_of_a_cancelled_event_offers_nothing(browser, ledger, offered):
    _, link = offered
    ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED, cancelled_reason="Snow."))
    page = browser.get(link)
    assert "This event has been cancelled. Snow." in told(page)
    assert page.all("form", method="post") == []
    assert not page.has_link("Turn the place down")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("verb", "values", "sentence"),
    [
        (services.cancel, {}, "You gave this place up."),
        (services.decline, {"needs_approval": True}, "The organiser did not approve this request."),
        (None, {"needs_approval": True}, "An organiser has not decided yet."),
    ],
)
def test_personal_page_says_how_the_registration_stands(make, browser, own, do, verb, values, sentence):
    event = make.event(**values)
    link = own(event)
    if verb:
        do(verb, event, **({"reason": ""} if verb is services.decline else {}))
    assert sentence in told(browser.get(link))


# ---------------------------------------------------------------- how much is asked of the database


def test_pages_ask_the_database_the_same_however_much_there_is(app, make, ledger, own):
    asked = []
    for n in (1, 3):
        event = make.event(format=Format.HYBRID)
        for _ in range(n):
            make.question(event, "Team", QuestionKind.SEVERAL_CHOICES, choices=["One", "Two"])
            make.registration(event)
        link, browser, counts = own(event, f"ann{n}@example.org"), Browser(app), []
        for path in (f"{address(event)}/register", link, f"{link}/change", f"{link}/cancel"):
            with statements(app) as found:
                browser.get(path)
            counts.append(len(found))
        with statements(app) as found:
            check = fill(browser, event, mode="online", email=f"bob{n}@example.org")
        counts.append(len(found))
        with statements(app) as found:
            browser.send(check.form())
        counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1] == [2, 6, 3, 3, 8, 23]
