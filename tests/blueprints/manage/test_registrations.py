from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.browsing import text_of
from tests.counting import statements
from tests.crowds import Member, write_crowd
from tests.ledger import Ledger
from tests.reading import HTML
from tests.tables import cells, headings, words
from webapp import clock
from webapp.blueprints.forms import STALE
from webapp.database import new_public_id
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role
from webapp.models.activity import Activity
from webapp.models.events import Event, EventState, Format, Mode, QuestionKind
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.notices.letters import load
from webapp.services import registrations

S = RegistrationState


@pytest.fixture
def ledger(app):
    return Ledger(app)


def address(event, row=None, verb=""):
    parts = [f"/manage/events/{event.slug}-{event.public_id}/registrations", row.public_id if row else "", verb]
    return "/".join(part for part in parts if part)


def names(page):
    """The people of the list, in its order."""
    return [row[0].partition(" ")[0] for row in cells(page)] if page.all("table", class_="wm-table") else []


@pytest.fixture
def three(make):
    """An event for which Ann, Ben and Cat registered in this order, and another programme's with Dan."""
    event = make.event("Family hubs")
    make.registration(
        event, name="Ann Zimmer", email="ann@north.example.org", organisation_name="Marlbridge Council", role="Manager"
    )
    make.registration(
        event, name="Ben Young", email="ben@south.example.org", organisation_name="Zennor Trust", sector=Sector.HEALTH
    )
    make.registration(
        event, name="Cat Xu", email="cat@south.example.org", organisation_name="Ashby Council", role="Health visitor"
    )
    make.registration(make.event("Elsewhere"), name="Dan Ward", email="dan@south.example.org")
    return event


# ---------------------------------------------------------------- who may come in


def test_index_asks_strangers_to_sign_in(browser, three):
    page = browser.get(address(three), follow=False)
    assert page.status == 302
    assert page.response.headers["Location"].startswith("/sign-in?next=/manage/events/family-hubs-")


def test_pages_are_not_found_by_those_who_may_not_see_them(organiser, three, make, ledger):
    row = ledger.registration(three, "ann@north.example.org")
    pages = [(), (row,), (row, "cancel")]
    for stranger in (organiser(), organiser(make.event(), Role.OWNER)):
        assert [stranger.get(address(three, *page)).status for page in pages] == [404, 404, 404]
        posts = [stranger.post(address(three, row, verb)) for verb in ("approve", "decline", "cancel")]
        assert [page.heading for page in posts] == ["Page not found"] * 3
    own = organiser(three)
    assert [own.get(address(three, *page)).status for page in pages] == [200, 200, 200]
    assert ledger.standing(three) == [("ann", "confirmed"), ("ben", "confirmed"), ("cat", "confirmed")]


def test_registration_of_another_event_is_not_found(organiser, three, make, ledger):
    beside = make.event(programme_id=three.programme_id)
    row = make.registration(beside, email="eve@example.org")
    browser = organiser(three)
    assert browser.get(address(beside, row)).status == 200
    assert browser.get(address(three, row)).status == 404
    assert browser.get(address(three) + f"/{new_public_id()}").status == 404
    page = browser.get(address(beside, row, "cancel"))
    form = page.form()
    form.action = address(three, row, "cancel")
    assert browser.send(form).status == 404
    assert ledger.standing(beside) == [("eve", "confirmed")]


def test_pages_lead_on_when_the_slug_is_an_old_one(organiser, three):
    browser = organiser(three)
    page = browser.get(f"/manage/events/old-{three.public_id}/registrations?q=ben", follow=False)
    assert (page.status, page.response.headers["Location"]) == (301, address(three) + "?q=ben")


# ---------------------------------------------------------------- the list


def test_index_shows_who_registered_and_nobody_else(organiser, three, ledger):
    page = organiser(three).get(address(three))
    assert page.heading == "Registrations"
    assert [row[:3] for row in cells(page)] == [
        ["Ann Zimmer ann@north.example.org", "Marlbridge Council Local authority", "Manager"],
        ["Ben Young ben@south.example.org", "Zennor Trust Health", "Social worker"],
        ["Cat Xu cat@south.example.org", "Ashby Council Local authority", "Health visitor"],
    ]
    assert [row[3:] for row in cells(page)] == [["Confirmed", "10 May 2027, 10am"]] * 3
    assert "3 registrations" in page.text
    assert "Online: 3 of 100 places confirmed" in page.text
    assert "Dan" not in page.body
    assert ledger.count(Registration) == 4
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ben", "Ben"),
        ("q=YOUNG", "Ben"),
        ("q=south", "Ben Cat"),
        ("q=ann%40north.example.org", "Ann"),
        ("q=council", "Ann Cat"),
        ("q=health", "Cat"),
        ("q=council+visit", "Cat"),
        ("q=council+ben", ""),
        ("q=dan", ""),
        ("q=%3Cscript%3E", ""),
        ("q=%E2%80%8B+", "Ann Ben Cat"),
        ("sector=health", "Ben"),
        ("sector=health&q=council", ""),
        ("sector=nonsense", "Ann Ben Cat"),
        ("state=confirmed", "Ann Ben Cat"),
        ("state=waiting", ""),
        ("state=<b>", "Ann Ben Cat"),
    ],
)
def test_index_narrowed_shows_who_matches(organiser, three, query, found):
    page = organiser(three).get(f"{address(three)}?{query}")
    assert (page.status, " ".join(names(page))) == (200, found)
    if not found:
        assert "No registration matches" in page.text
        assert page.link("see all registrations") == address(three)
    assert "<script>" not in page.body.replace('<script src="', "")


def test_index_search_form_keeps_what_was_asked(organiser, three):
    page = organiser(three).get(address(three) + "?q=co%22uncil&state=confirmed&sector=local_authority&sort=-name")
    chosen = {
        select_.get("id"): [o.get("value") for o in select_ if o.get("selected") is not None]
        for select_ in page.all("select")
    }
    assert chosen == {"state": ["confirmed"], "sector": ["local_authority"], "sort": ["-name"]}
    assert page.one("input", id="q").get("value") == 'co"uncil'
    assert page.link("Clear the search") == address(three)
    plain = organiser(three).get(address(three))
    assert not plain.has_link("Clear the search")


@pytest.mark.parametrize(
    ("column", "forwards"),
    [("Name", "Cat Ben Ann"), ("Organisation", "Cat Ann Ben"), ("Registered", "Ann Ben Cat")],
)
def test_index_sorts_both_ways_by_its_headings(organiser, three, column, forwards):
    browser = organiser(three)
    others = {"Name": "none", "Organisation": "none", "Registered": "none", "Role": None, "State": None}
    page = browser.get(address(three) + "?sort=" + ("name" if column != "Name" else "organisation"))
    page = browser.get(address(three) + page.link(column))
    assert (names(page), headings(page)) == (forwards.split(), others | {column: "ascending"})
    page = browser.get(address(three) + page.link(column))
    assert (names(page), headings(page)) == (forwards.split()[::-1], others | {column: "descending"})
    page = browser.get(address(three) + page.link(column))
    assert names(page) == forwards.split()


def test_index_of_many_is_paged_and_gives_the_nearest_page(app, organiser, make, now):
    event = make.event()
    write_crowd(app, event, [Member(arrival=n, name=f"P{n:03}", email=f"p{n}@example.org") for n in range(1, 103)], now)
    browser = organiser(event)
    seen = {}
    for asked in ("", "2", "3", "4", "-1", "x", "1000000", "9" * 30):
        page = browser.get(f"{address(event)}?page={asked}")
        seen[asked] = (names(page)[0], len(names(page)))
    first, last = ("P001", 50), ("P101", 2)
    assert seen == {
        "": first, "2": ("P051", 50), "3": last, "4": last, "-1": first, "x": first, "1000000": last, "9" * 30: last
    }  # fmt: skip
    page = browser.get(f"{address(event)}?sort=-name&page=2")
    assert "51 to 100 of 102 registrations" in page.text
    assert page.title.startswith("Registrations: ")
    assert "(page 2 of 3)" in page.title
    assert names(browser.get(address(event) + page.link("Next page"))) == ["P002", "P001"]
    assert names(browser.get(address(event) + page.link("Previous page")))[0] == "P102"


def test_index_counts_states_sectors_and_organisations(organiser, three, make, ledger, now):
    make.registration(three, name="Eve", email="eve@example.org", organisation_name="Ashby Council")
    ledger.act(registrations.cancel, ledger.registration(three, "ben@south.example.org").id, actor=SYSTEM, now=now)
    browser = organiser(three)
    page = browser.get(address(three))
    chips = [text_of(link) for link in page.all("a", class_="wm-chip")]
    assert chips == ["All 4", "Confirmed 3", "Cancelled 1"]
    assert cells(page, place=1) == [["Local authority", "3"]]
    assert cells(page, place=2) == [["Ashby Council", "2"], ["Marlbridge Council", "1"]]
    widths = [bar.get("width") for bar in page.tree.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths == ["100", "100", "50"]
    page = browser.get(address(three) + page.link("Cancelled 1"))
    assert names(page) == ["Ben"]
    assert cells(page, place=1) == [["Health", "1"]]
    assert [text_of(link) for link in page.all("a", class_="wm-chip", aria_current="true")] == ["Cancelled 1"]


def test_index_without_confirmed_places_says_so_where_it_counts_them(organiser, make):
    event = make.event(needs_approval=True)
    make.registration(event)
    page = organiser(event).get(address(event))
    assert "No registration has the state “Confirmed”" in page.text
    assert names(page) == ["Person"]


@pytest.mark.parametrize(
    ("state", "says"), [(EventState.PUBLISHED, "Send people the address"), (EventState.DRAFT, "still a draft")]
)
def test_index_says_what_to_do_while_nobody_has_registered(organiser, make, state, says):
    event = make.event(state=state)
    page = organiser(event).get(address(event))
    assert "Nobody has registered yet" in page.text
    assert says in page.text
    assert not list(page.one("main").iter(f"{HTML}form"))


def test_index_leads_to_exports_of_what_it_shows(organiser, three):
    browser = organiser(three)
    page = browser.get(address(three) + "?q=south&sort=-name&page=9")
    root = address(three).removesuffix("/registrations")
    assert page.link("CSV") == f"{root}/registrations.csv?q=south&sort=-name"
    assert page.link("XLSX") == f"{root}/registrations.xlsx?q=south&sort=-name"
    assert page.link("see all ways to export") == f"{root}/exports?q=south&sort=-name"


def test_index_asks_as_many_queries_for_many_as_for_one(app, organiser, make):
    event = make.event()
    browser = organiser(event)
    counts = []
    for number in (1, 3):
        while len(names(browser.get(address(event)))) < number:
            make.registration(event, role="Manager", sector=Sector.HEALTH)
        asked_by = []
        for query in ("", "?state=confirmed&sort=name", "?sector=health", "?q=manager", "?from=2027-05-10"):
            with statements(app) as asked:
                assert len(names(browser.get(address(event) + query))) == number
            asked_by.append(len(asked))
        counts.append(asked_by)
    assert counts == [[6, 6, 6, 6, 6], [6, 6, 6, 6, 6]]


# ---------------------------------------------------------------- one registration


def test_show_tells_what_they_said_and_what_happened(organiser, make, ledger, now):
    event = make.event(needs_approval=True)
    first = make.question(event, "What do you hope for?", QuestionKind.LONG_TEXT)
    make.question(event, "Anything else?")
    with clock.fixed(now - timedelta(hours=2)):
        row = make.registration(
            event,
            name="Ann Lee",
            email="ann@example.org",
            answers={first.public_id: ["Calm <b>"]},
            now=now - timedelta(hours=2),
        )
    browser = organiser(event)
    browser.send(browser.get(address(event, row)).form("/approve"))
    page = browser.get(address(event, row))
    assert page.heading == "Ann Lee"
    said = dict(zip([text_of(e) for e in page.all("dt")], [text_of(e) for e in page.all("dd")], strict=True))
    assert said == {
        "Full name": "Ann Lee",
        "E-mail address": "ann@example.org",
        "Organisation": "Marlbridge Council",
        "Sector": "Local authority",
        "Role": "Social worker",
        "Taking part": "Online",
        "Registered": "8am on Monday 10 May 2027",
        "What do you hope for?": "Calm <b>",
        "Anything else?": "Not given",
    }
    (history,) = page.all("ol", class_="wm-people")
    assert [words(item) for item in history] == [
        "Approved 10am on Monday 10 May 2027, by Morgan Ellery",
        "Registered 8am on Monday 10 May 2027, by the service itself",
    ]


NEEDS = {"access": "A BSL interpreter", "dietary": "No nuts"}


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.OWNER, True), (Role.ACCESS_LEAD, True), (Role.ORGANISER, False), (Role.REGISTRATIONS, False)],
)
def test_show_tells_needs_to_the_owner_and_the_access_lead_alone(organiser, make, role, sees):
    event = make.event()
    row = make.registration(event, **NEEDS)
    page = organiser(event, role).get(address(event, row))
    assert page.status == 200
    assert [need in page.body for need in (*NEEDS.values(), "Access and dietary needs")] == [sees] * 3


def test_show_numbers_the_waiting_list(organiser, make):
    event = make.event(capacity=1)
    rows = [make.registration(event) for _ in range(3)]
    page = organiser(event).get(address(event, rows[2]))
    assert "Number 2 on the waiting list" in page.text
    assert page.has_link("Cancel this registration")


def test_show_offers_no_decision_to_the_access_lead(organiser, make, ledger):
    event = make.event(needs_approval=True)
    row = make.registration(event, email="ann@example.org")
    owner = organiser(event)
    lead = organiser(event, Role.ACCESS_LEAD)
    page = lead.get(address(event, row))
    assert not page.all("button", class_="govuk-button")
    assert not page.has_link("Cancel this registration")
    for verb in ("approve", "decline"):
        form = owner.get(address(event, row, "decline" if verb == "decline" else "")).form(f"/{verb}")
        answer = lead.post(form.action, form.values)
        assert (answer.status, answer.heading) == (403, "You cannot do that")
        assert lead.get(address(event, row, "cancel" if verb == "approve" else verb)).status == 403
    assert ledger.standing(event) == [("ann", "pending")]


# ---------------------------------------------------------------- deciding


@pytest.fixture
def asked(make):
    """An event with two places that asks for approval, and Ann's request."""
    event = make.event(needs_approval=True, capacity=2)
    return event, make.registration(event, name="Ann Lee", email="ann@example.org")


def test_approve_gives_a_place_and_sends_the_invitation(organiser, asked, ledger):
    event, row = asked
    browser = organiser(event)
    page = browser.get(address(event, row))
    assert "2 of 2 places are free" in page.text
    page = browser.send(page.form("/approve"))
    assert "Approved. Ann Lee has a place, and we have sent the calendar invitation." in page.text
    assert not page.all("section", class_="wm-panel")
    assert ledger.counters(event) == (1, 0, 0, 0)
    assert ledger.letters() == [("registration_pending", "ann"), ("registration_confirmed", "ann")]
    facts = load(ledger.last_letter().facts)
    assert facts.invitation.uid == ledger.invitation(event, "ann@example.org").uid
    entry = ledger.one(select(Activity).where(Activity.verb == "approved"))
    assert (entry.actor_kind, entry.thing_id, entry.details) == ("person", row.id, {"state": "confirmed"})
    ledger.check(event)


def test_approve_twice_is_no_error_and_counts_once(organiser, asked, ledger):
    event, row = asked
    browser = organiser(event)
    form = browser.get(address(event, row)).form("/approve")
    pages = [browser.send(form), browser.send(form)]
    assert [page.status for page in pages] == [200, 200]
    assert "Approved. Ann Lee has a place" in pages[1].text
    assert (ledger.counters(event), len(ledger.letters())) == ((1, 0, 0, 0), 2)


def test_approve_when_full_puts_on_the_waiting_list(organiser, asked, make, ledger):
    event, row = asked
    ledger.act(db.session.execute, update(Event).values(needs_approval=False))
    for _ in range(2):
        make.registration(event)
    browser = organiser(event)
    page = browser.get(address(event, row))
    assert "Once approved, this person goes on the waiting list." in page.text
    page = browser.send(page.form("/approve"))
    assert "Approved. All places are taken, so Ann Lee is on the waiting list." in page.text
    assert "Approved , on to the waiting list" in page.text
    assert ledger.counters(event) == (2, 0, 1, 0)
    assert ledger.letters()[-1] == ("registration_waiting", "ann")


def test_approve_when_full_without_a_waiting_list_is_refused_on_the_page(organiser, asked, make, ledger):
    event, row = asked
    ledger.act(db.session.execute, update(Event).values(needs_approval=False, waiting_list=False))
    browser = organiser(event)
    form = browser.get(address(event, row)).form("/approve")
    for _ in range(2):
        make.registration(event)
    page = browser.send(form)
    assert page.status == 409
    assert page.errors == ["All places are taken, and this event keeps no waiting list. Cancel another place first."]
    assert (page.heading, page.title.startswith("Error: ")) == ("Ann Lee", True)
    assert "to approve, cancel another place first" in page.text
    assert dict(ledger.standing(event))["ann"] == "pending"
    assert ("registration_confirmed", "ann") not in ledger.letters()
    ledger.check(event)


def test_approve_after_the_person_cancelled_shows_how_it_stands_now(organiser, asked, ledger, now):
    event, row = asked
    browser = organiser(event)
    form = browser.get(address(event, row)).form("/approve")
    ledger.act(registrations.cancel, row.id, actor=SYSTEM, now=now)
    page = browser.send(form)
    assert (page.status, page.errors) == (
        409,
        ["This registration has changed in the meantime. Look at how it stands now."],
    )
    assert text_of(page.one("strong", class_="govuk-tag")) == "Cancelled"
    assert {form.get("action", "").rpartition("/")[2] for form in page.all("form", method="post")} == {
        "tags",
        "notes",
    }
    assert not page.has_link("Cancel this registration")
    assert ledger.counters(event) == (0, 0, 0, 0)


@pytest.mark.parametrize("verb", ["approve", "decline", "cancel"])
def test_decision_with_a_stale_token_changes_nothing_and_says_so(organiser, asked, ledger, verb):
    event, row = asked
    browser = organiser(event)
    form = browser.get(address(event, row, "" if verb == "approve" else verb)).form(f"/{verb}")
    form.fill(csrf_token="stale", **({"reason": "Keep me"} if verb == "decline" else {}))
    page = browser.send(form)
    assert (page.status, page.errors) == (422, [STALE])
    assert ledger.standing(event) == [("ann", "pending")]
    if verb == "decline":
        assert page.form("/decline").values["reason"] == ["Keep me"]


def test_decline_tells_the_person_the_reason(organiser, asked, ledger):
    event, row = asked
    browser = organiser(event)
    form = browser.get(address(event, row, "decline")).form("/decline")
    page = browser.send(form, reason="This one is for\r\n team managers.")
    assert "Declined. We have written to Ann Lee." in page.text
    assert ledger.standing(event) == [("ann", "declined")]
    assert ledger.letters()[-1] == ("registration_declined", "ann")
    assert load(ledger.last_letter().facts).reason == "This one is for\nteam managers."
    again = browser.send(form, reason="Another reason")
    assert (again.status, len(ledger.letters())) == (200, 2)
    entry = ledger.one(select(Activity).where(Activity.verb == "declined"))
    assert "managers" not in str(entry.details)


def test_decline_needs_no_reason(organiser, asked, ledger):
    event, row = asked
    browser = organiser(event)
    browser.send(browser.get(address(event, row, "decline")).form("/decline"))
    assert ledger.standing(event) == [("ann", "declined")]
    assert load(ledger.last_letter().facts).reason == ""


def test_decline_with_a_reason_too_long_keeps_what_was_typed(organiser, asked, ledger):
    event, row = asked
    browser = organiser(event)
    page = browser.send(browser.get(address(event, row, "decline")).form("/decline"), reason="a" * 501)
    assert (page.status, page.errors) == (422, ["Reason must be 500 characters or fewer; it has 501"])
    assert page.link("Reason must be 500 characters or fewer; it has 501") == "#reason"
    assert page.form("/decline").values["reason"] == ["a" * 501]
    assert ledger.standing(event) == [("ann", "pending")]


def test_decline_of_a_confirmed_place_is_refused(organiser, asked, ledger, now):
    event, row = asked
    browser = organiser(event)
    form = browser.get(address(event, row, "decline")).form("/decline")
    ledger.act(registrations.approve, row.id, actor=SYSTEM, now=now)
    page = browser.send(form)
    assert (page.status, len(page.errors)) == (409, 1)
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_cancel_asks_first_then_gives_the_place_to_the_next(organiser, make, ledger):
    event = make.event(capacity=1)
    row = make.registration(event, name="Ann Lee", email="ann@example.org")
    make.registration(event, email="ben@example.org")
    browser = organiser(event)
    page = browser.get(browser.get(address(event, row)).link("Cancel this registration"))
    assert page.heading == "Cancel the registration of Ann Lee"
    assert page.link("No, keep it") == address(event, row)
    assert ledger.standing(event)[0] == ("ann", "confirmed")
    form = page.form()
    page = browser.send(form)
    assert "The registration of Ann Lee has been cancelled." in page.text
    assert not page.has_link("Cancel this registration")
    assert ledger.standing(event) == [("ann", "cancelled"), ("ben", "confirmed")]
    assert ledger.letters()[2:] == [("registration_cancelled", "ann"), ("registration_promoted", "ben")]
    assert browser.send(form).status == 200
    assert len(ledger.letters()) == 4
    assert browser.get(address(event, row, "cancel")).heading == "Ann Lee"


def test_cancel_after_the_event_is_refused_on_the_page(organiser, make, ledger, now):
    event = make.event(starts_on=now.date(), days=1)
    row = make.registration(event, email="ann@example.org")
    browser = organiser(event)
    form = browser.get(address(event, row, "cancel")).form()
    with clock.fixed(event.ends_at):
        page = browser.send(form)
        assert page.status == 409
        assert page.errors == ["The event is over, so this registration can no longer be cancelled."]
        assert not browser.get(address(event, row)).has_link("Cancel this registration")
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_registrations_of_both_ways_show_the_places_of_their_own(organiser, make):
    event = make.event(needs_approval=True, format=Format.HYBRID, capacity=5)
    row = make.registration(event, mode=Mode.IN_PERSON)
    page = organiser(event).get(address(event, row))
    assert "5 of 5 places are free" in page.text
    assert "In person" in [text_of(e) for e in page.all("dd")]
    index = organiser(event).get(address(event))
    assert "In person: 0 of 5 places confirmed" in index.text


def test_everything_on_the_pages_is_told_without_markup_of_strangers(organiser, make):
    event = make.event("Title <i>")
    evil = '<img src=x onerror="alert(1)">'
    row = make.registration(event, name=evil, organisation_name=evil, role=evil)
    browser = organiser(event, Role.OWNER)
    for page in (
        browser.get(address(event)),
        browser.get(address(event, row)),
        browser.get(address(event, row, "cancel")),
    ):
        assert page.status == 200
        assert "<img" not in page.body
        assert evil in page.text
