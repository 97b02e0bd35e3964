"""The pages on which an event is set up, as organisers go through them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.browsing import HTML, Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import EVENT_ROLES, SYSTEM, Grant, Role, ThingKind
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, EventState, Format, Mode
from webapp.models.mailings import Letter
from webapp.models.to_many import Mailing, MailingState
from webapp.queries.events import find_event
from webapp.services import to_many
from webapp.services.registrations import fill_requested, moves
from webapp.templating import british_date


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def helper(app, make):
    """Signs somebody in who holds this role at the event alone."""

    def signed_in(event, role):
        person = make.person()
        make.grant(person, role, ThingKind.EVENT, event.id)
        return Browser(app).sign_in(make.signed_in(person))

    return signed_in


def at(event, page=""):
    return f"/manage/events/{event.slug}-{event.public_id}/setup{page}"


def tags(page):
    """The checklist, as item to how it stands."""
    return {
        text_of(item.find(".//{*}a")): text_of(item.findall("./{*}div")[-1])
        for item in page.all("li", class_="govuk-task-list__item")
    }


def events(ledger):
    return ledger.all(select(Event).order_by(Event.id))


# ---------------------------------------------------------------- making


def test_event_is_made_and_leads_to_its_checklist(organiser, make, ledger):
    other = make.event()
    browser = organiser(other)
    page = browser.get(browser.get("/manage/events").link("Create an event"))
    assert page.heading == "Create an event"
    done = browser.send(
        page.form(), title="Working with fathers", format="in_person", first_day="14 June 2027", last_day="2",
        starts="9.30am", ends="1600",
    )  # fmt: skip
    assert done.heading == "Set up the event"
    assert "only organisers see" in done.text
    assert tags(done) == {
        "About": "To do", "Days and hours": "Done", "Place and format": "To do", "Contact": "Done",
        "Registration": "Needs attention", "Who may register, and questions": "Optional",
        "Joining instructions": "Optional", "Description": "Optional", "Agenda": "To do", "People": "Done",
        "Thanks, hashtag and numbers": "Optional", "Materials": "Optional", "Recordings": "Optional",
    }  # fmt: skip
    event = events(ledger)[-1]
    assert (event.title, event.state, event.organiser_name) == (
        "Working with fathers",
        EventState.DRAFT,
        "Morgan Ellery",
    )
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 6, 14, 8, 30, tzinfo=UTC),
        datetime(2027, 6, 15, 15, tzinfo=UTC),
    )
    # An organiser of the programme may not choose who helps, so the new event becomes theirs.
    assert ledger.one(select(Grant.role).where(Grant.thing_kind == ThingKind.EVENT)) is Role.OWNER


def test_owner_of_the_programme_needs_no_grant_of_their_own(organiser, make, ledger):
    browser = organiser(make.event(), Role.OWNER)
    browser.send(browser.get("/manage/events/new").form(), title="New", format="online", first_day="14/6/2027")
    assert events(ledger)[-1].title == "New"
    assert ledger.all(select(Grant).where(Grant.thing_kind == ThingKind.EVENT)) == []


def test_new_says_each_error_at_its_field_and_keeps_what_was_typed(organiser, make, ledger):
    browser = organiser(make.event())
    page = browser.send(
        browser.get("/manage/events/new").form(), title="", first_day="31/6/2027", last_day="yesterday",
        starts="half nine", organiser_email="nobody",
    )  # fmt: skip
    assert page.status == 422
    assert page.errors == [
        "Enter the title of the event",
        "Select how people take part",
        "First day must be a real date, like 14 June 2027",
        "Last day must be a real date, like 15 June 2027, or the number of days, like 2",
        "Starts at must be a time, like 9:30am or 14:00",
        "Enter an e-mail address in the correct format, like name@example.org",
    ]
    assert page.one("input", name="starts").get("value") == "half nine"
    assert len(events(ledger)) == 1


def test_programme_that_is_not_the_viewers_is_not_offered_nor_taken(organiser, make, ledger):
    mine, theirs = make.event(), make.programme("Theirs")
    browser = organiser(mine)
    page = browser.get("/manage/events/new")
    assert "Theirs" not in page.text
    sent = browser.send(page.form(), title="New", format="online", first_day="14/6/2027", programme=theirs.public_id)
    assert (sent.errors, len(events(ledger))) == (["Select the programme"], 1)


def test_who_holds_a_single_event_creates_none(helper, make):
    browser = helper(make.event(), Role.OWNER)
    assert not browser.get("/manage/events").has_link("Create an event")
    assert browser.get("/manage/events/new").status == 403


def test_who_holds_a_single_event_is_not_led_to_copying_it(helper, organiser, make):
    event = make.event()
    assert organiser(event).get(at(event)).has_link("Copy this event")
    browser = helper(event, Role.OWNER)
    assert not browser.get(at(event)).has_link("Copy this event")
    assert browser.get(f"/manage/events/{event.public_id}/copy").status == 403


def test_draft_is_not_seen_by_strangers(organiser, make, ledger, browser):
    editor = organiser(make.event())
    editor.send(editor.get("/manage/events/new").form(), title="Secret", format="online", first_day="14/6/2027")
    event = events(ledger)[-1]
    address = f"/events/{event.slug}-{event.public_id}"
    assert [browser.get(address + page).status for page in ("", "/agenda", "/join", "/register")] == [404] * 4
    assert "Secret" not in browser.get("/events").text
    assert organiser(make.event()).get(at(event)).status == 404
    assert editor.get(address).heading == "Secret"


def test_copy_takes_what_is_ticked(organiser, make, ledger):
    event = make.event("Earlier", description="Long.", hours=[(time(9), time(12))], days=1)
    make.session(event, "Opening")
    browser = organiser(event)
    page = browser.get(f"/manage/events/{event.slug}-{event.public_id}/copy")
    assert page.one("input", name="title").get("value") == "Earlier"
    done = browser.send(page.form(), title="Later", first_day="8/11/2027", parts=["texts", "hours"])
    assert (done.heading, tags(done)["Agenda"]) == ("Set up the event", "To do")
    made = events(ledger)[-1]
    assert (made.title, made.description, made.starts_at) == ("Later", "Long.", datetime(2027, 11, 8, 9, tzinfo=UTC))
    assert ledger.count(DraftSession) == 0
    again = browser.send(page.form(), first_day="14/6/1900")
    assert again.errors == ["First day: check the year 1900. It must be from 2000 to 2099"]
    again = browser.send(page.form(), first_day="")
    assert (again.status, again.errors) == (422, ["Enter the first day"])


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("role", EVENT_ROLES)
def test_pages_of_the_setup_open_to_those_who_set_up(helper, make, role):
    event = make.event()
    browser = helper(event, role)
    pages = ("", "/about", "/days", "/place", "/registration", "/contact", "/preview", "/preview/join")
    pages += ("/life", "/life/cancel", "/life/withdraw")
    opened = {browser.get(at(event, page)).status for page in pages}
    opened.add(
        browser.get(f"/manage/events/{event.public_id}/copy").status
        if role not in {Role.OWNER, Role.ORGANISER}
        else 200
    )
    assert opened == ({200} if role in {Role.OWNER, Role.ORGANISER} else {403})
    for page in ("/life/publish", "/life/archive", "/life/bring-back", "/life/cancel", "/about"):
        if role not in {Role.OWNER, Role.ORGANISER}:
            assert browser.post(at(event, page), {"reason": "x"}).status == 403


def test_pages_of_the_setup_are_not_found_by_organisers_of_other_events(organiser, make):
    event, browser = make.event(), organiser(make.event())
    assert {browser.get(at(event, page)).status for page in ("", "/about", "/life/cancel", "/preview")} == {404}


# ---------------------------------------------------------------- changing


def test_pages_save_what_was_typed(organiser, make, ledger):
    programme = make.programme(themes=["Fathers", "Schools"])
    event = make.event("Before", programme_id=programme.id, state=EventState.DRAFT)
    browser = organiser(event)
    browser.send(
        browser.get(at(event, "/about")).form(), title="After", summary="Short.",
        themes=[programme.themes[1].public_id], language="cy",
    )  # fmt: skip
    browser.send(
        browser.get(at(event, "/place")).form(), format="hybrid", venue="12 High Street", joining_on="13/6/2027",
        joining_time="18:00", joining_url="https://meet.example.org/1",
    )  # fmt: skip
    browser.send(
        browser.get(at(event, "/registration")).form(), opens_on="1 May 2027", closes_on="10/6/2027",
        closes_time="noon", capacity_online="1,000", capacity_in_person="40", offer_hours="48", needs_approval="y",
    )  # fmt: skip
    page = browser.send(
        browser.get(at(event, "/contact")).form(), organiser_name="Others", organiser_email="others@example.org"
    )
    assert "The contact is saved." in page.text
    (event,) = events(ledger)
    assert (event.title, event.summary, event.language, event.venue) == ("After", "Short.", "cy", "12 High Street")
    assert event.joining_from == datetime(2027, 6, 13, 17, tzinfo=UTC)
    assert event.registration_opens_at == datetime(2027, 4, 30, 23, tzinfo=UTC)
    assert event.registration_closes_at == datetime(2027, 6, 10, 11, tzinfo=UTC)
    assert (event.offer_hours, event.needs_approval, event.organiser_email) == (48, True, "others@example.org")
    # What was saved stands in the forms again, and sent back it changes nothing.
    for name in ("/about", "/place", "/registration", "/contact", "/days"):
        browser.send(browser.get(at(event, name)).form())
    assert events(ledger)[0].version == event.version


@pytest.mark.parametrize(
    ("page", "wrong", "said"),
    [
        ("/about", {"title": " "}, "Enter the title of the event"),
        ("/about", {"summary": "x" * 501}, "Summary must be 500 characters or fewer; it has 501"),
        ("/place", {"format": "unknown"}, "Select how people take part"),
        (
            "/place",
            {"joining_url": "javascript:alert(1)"},
            "Link must be a whole address, like https://meeting.example.org/123",
        ),
        ("/place", {"joining_time": "9am"}, "Enter the date too, or leave the time empty"),
        ("/registration", {"capacity_online": "many"}, "Places must be a whole number from 1 to 100,000"),
        ("/registration", {"capacity_online": "-1"}, "Places must be a whole number from 1 to 100,000"),
        ("/registration", {"offer_hours": ""}, "Enter for how many hours a place is held, or 0"),
        ("/registration", {"closes_on": "1/1/2030"}, "Registration must close before the event ends"),
        ("/contact", {"organiser_email": "x"}, "Enter an e-mail address in the correct format, like name@example.org"),
        ("/days", {"day0_date": "29/2/2027"}, "Date must be a real date, like 14 June 2027"),
        ("/days", {"day0_date": ""}, "Enter a date, or choose to remove this day"),
        ("/days", {"day0_date": "15/6/2027"}, "Tuesday 15 June 2027 is here twice: each day can be there once"),
        ("/days", {"day1_ends": ""}, "Enter when the day ends, or leave both times empty"),
        ("/days", {"zone": "Mars"}, "Select a time zone from the list"),
        ("/days", {"day0_gone": "y", "day1_gone": "y"}, "An event has at least one day"),
    ],
)
def test_page_says_what_is_wrong_and_keeps_what_was_typed(organiser, make, ledger, page, wrong, said):
    event = make.event()
    browser = organiser(event)
    shown = browser.send(browser.get(at(event, page)).form(), **wrong)
    assert shown.errors == [said]
    assert shown.status in {409, 422}
    assert events(ledger)[0].version == 1
    name, typed = next(iter(wrong.items()))
    kept = shown.all("input", name=name)
    if kept and kept[0].get("type") == "text":
        assert kept[0].get("value") == typed.strip()


def test_second_editor_sees_what_the_first_changed_and_loses_nothing(organiser, make, ledger):
    event = make.event("Same", summary="Old.")
    first, second = organiser(event, name="Ann First"), organiser(event, name="Ben Second")
    form = second.get(at(event, "/about")).form()
    first.send(first.get(at(event, "/about")).form(), title="Theirs", summary="Theirs too.")
    page = second.send(form, summary="Mine.", description="Mine as well.")
    assert page.status == 409
    assert page.errors == [
        "Ann First changed this page while you had it open, so nothing was saved yet. See what changed, and save again"
    ]
    told = [" ".join(part.itertext()) for part in page.one("section", class_="wm-meanwhile").iter() if len(part) == 0]
    assert told[1:10] == [
        "Title, changed by Ann First", "It was", "Same", "It is now", "Theirs", "You left it as it was",
        "So the field below now holds what stands now.", "Summary, changed by Ann First", "It was",
    ]  # fmt: skip
    assert told[10:15] == ["Old.", "It is now", "Theirs too.", "You typed", "Mine."]
    again = page.form()
    # What the second left as it was has followed the first; what they typed stands.
    assert (again.values["title"], again.values["summary"]) == (["Theirs"], ["Mine."])
    assert again.values["description"] == ["Mine as well."]
    second.send(again)
    (stands,) = events(ledger)
    assert (stands.title, stands.summary, stands.description) == ("Theirs", "Mine.", "Mine as well.")


def test_change_that_people_are_told_of_is_confirmed_first(organiser, make, ledger):
    event = make.event(venue="12 High Street", format=Format.IN_PERSON)
    make.registration(event, email="has@example.org", mode=Mode.IN_PERSON)
    browser = organiser(event)
    asked = browser.send(browser.get(at(event, "/place")).form(), venue="1 Low Street")
    assert asked.heading == "1 person will be told"
    assert all(word in asked.text for word in ("Venue", "12 High Street", "1 Low Street"))
    assert (events(ledger)[0].venue, ("event_changed", "has") in ledger.letters()) == ("12 High Street", False)
    back = browser.send(asked.form(), back="yes")
    assert (back.heading, back.form().values["venue"]) == ("Place and joining", ["1 Low Street"])
    done = browser.send(asked.form(), told="yes")
    assert "Place and joining are saved." in done.text
    assert events(ledger)[0].venue == "1 Low Street"
    assert ledger.letters()[-1] == ("event_changed", "has")


def test_move_that_leaves_a_letter_too_late_says_so_before_and_after(organiser, make, ledger, now):
    event = make.event(days=1)
    make.registration(event)
    rule = ledger.act(to_many.begin_rule, event.id, "joining_two_weeks", actor=SYSTEM, now=now)
    ledger.act(to_many.confirm, rule.id, number=1, version=rule.version, actor=SYSTEM, now=now)
    browser = organiser(event)
    soon = british_date(now + timedelta(days=10))
    asked = browser.send(browser.get(at(event, "/days")).form(), day0_date=soon)
    assert "It will not go any more: Reminder two weeks before" in asked.text
    assert ledger.one(select(Mailing)).state is MailingState.SCHEDULED
    browser.send(asked.form(), told="yes")
    left = ledger.one(select(Mailing))
    assert (left.state, left.reason[:42]) == (MailingState.STOPPED, "It will not go: the event was moved, and b")


def test_days_are_added_removed_and_moved_without_scripts(organiser, make, ledger):
    event = make.event(state=EventState.DRAFT)
    browser = organiser(event)
    page = browser.get(at(event, "/days"))
    # The Enter key presses the first button of a form: it saves.
    buttons = [one.get("name") for one in page.one("main").iter(f"{HTML}button") if one.get("type") == "submit"]
    assert buttons == [None, "more", None]
    page = browser.send(page.form(), more="yes")
    assert (page.status, page.errors) == (200, [])
    form = page.form()
    assert (form.values["day2_date"], form.values["day0_date"]) == (["16 June 2027"], ["14 June 2027"])
    form.fill(day0_gone="y", day1_date="20/6/2027", day2_starts="10", day2_ends="12:30")
    done = browser.send(form)
    assert "Days and hours are saved." in done.text
    with ledger.app.app_context():
        days = [(day.date.day, day.starts) for day in find_event(event.public_id).days]
    assert days == [(16, time(10)), (20, time(9, 30))]


def test_time_that_comes_twice_is_said_and_sessions_outside_are_named(organiser, make):
    event = make.event(starts_on=date(2027, 10, 31), days=1, state=EventState.DRAFT)
    make.session(event, "Opening")
    browser = organiser(event)
    page = browser.send(browser.get(at(event, "/days")).form(), day0_starts="1:30", day0_ends="9am")
    assert "1:30am comes twice. We take the first." in page.text
    assert tags(page)["Days and hours"] == "Needs attention"
    assert "“Opening” (10am to 11am) lies outside the hours of Sunday 31 October 2027" in page.text


def test_capacity_under_what_is_taken_is_refused_at_its_field(organiser, make):
    event = make.event(capacity=3)
    for _ in range(2):
        make.registration(event)
    browser = organiser(event)
    page = browser.send(browser.get(at(event, "/registration")).form(), capacity_online="1")
    assert page.errors == ["2 places are taken, so there cannot be fewer than 2"]
    assert page.form().values["capacity_online"] == ["1"]


# ---------------------------------------------------------------- the checklist


def test_checklist_asks_as_many_queries_for_much_as_for_little(app, organiser, make):
    event = make.event()
    browser = organiser(event)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make.session(event)
            make.question(event, "Why?")
        with statements(app) as asked:
            browser.get(at(event))
        counts.append(len(asked))
    assert counts == [5, 5]


# ---------------------------------------------------------------- life


def test_draft_is_published_from_its_checklist(organiser, make, ledger, browser):
    event = make.event("New one", state=EventState.DRAFT, summary="")
    editor = organiser(event)
    page = editor.get(at(event, "/life"))
    assert page.has_link("The summary is missing: it tells people in a list of events what this one is")
    editor.send(editor.get(at(event, "/about")).form(), summary="Short.")
    done = editor.send(editor.get(at(event)).form("/publish"))
    assert "Everybody can see the event now." in done.text
    assert "New one" in browser.get("/events").text


def test_publish_that_lacks_something_is_refused_in_words(organiser, make):
    event = make.event(state=EventState.DRAFT)
    browser = organiser(event)
    form = browser.get(at(event)).form("/publish")
    browser.send(browser.get(at(event, "/about")).form(), summary="")
    page = browser.send(form)
    assert (page.status, page.heading) == (409, "The life of the event")
    assert page.errors == ["The summary is missing: it tells people in a list of events what this one is."]


def test_cancel_counts_the_speakers_too(organiser, make, ledger, now):
    event = make.event("Told")
    make.registration(event, email="a@example.org")
    for name in ("b", "c"):
        speaker = make.speaker(name)
        ledger.change(speaker, person_id=make.person(name, f"{name}@example.org").id)
        make.contribution(make.session(event), speaker_id=speaker.id)
    editor = organiser(event)
    assert "1 person and 2 speakers will be told" in editor.get(at(event, "/life")).text
    page = editor.get(at(event, "/life/cancel"))
    assert "2 speakers are not registered: we write to them too" in page.text
    done = editor.send(page.form(), reason="No train runs.")
    assert "The event is cancelled. We are writing to 1 person and 2 speakers." in done.text
    assert sorted(name for notice, name in ledger.letters() if notice == "event_cancelled") == ["a", "b", "c"]


LIVES = {
    "draft": ({"state": EventState.DRAFT}, {"publish"}),
    "draft that lacks something": ({"state": EventState.DRAFT, "summary": ""}, set()),
    "draft of what is over": ({"state": EventState.DRAFT, "starts_on": date(2020, 6, 14)}, {"publish"}),
    "published": ({}, {"cancel", "withdraw"}),
    "published and over": ({"starts_on": date(2020, 6, 14)}, {"archive", "withdraw"}),
    "archived": ({"state": EventState.ARCHIVED, "starts_on": date(2020, 6, 14)}, {"bring-back"}),
    "cancelled": ({"state": EventState.CANCELLED}, set()),
    "cancelled and over": ({"state": EventState.CANCELLED, "starts_on": date(2020, 6, 14)}, set()),
}
BECOMES = {
    "publish": EventState.PUBLISHED, "withdraw": EventState.DRAFT, "cancel": EventState.CANCELLED,
    "archive": EventState.ARCHIVED, "bring-back": EventState.PUBLISHED,
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_life_offers_exactly_what_can_be_done(organiser, make, ledger, life):
    values, can = LIVES[life]
    for way, becomes in BECOMES.items():
        event = make.event(**values)
        browser = organiser(event)
        page = browser.get(at(event, "/life"))
        offered = {form.action.rpartition("/")[2] for form in page.forms()} & set(BECOMES)
        links = [link.get("href") for link in page.one("main").iter(f"{HTML}a")]
        offered |= {leads.rpartition("/")[2] for leads in links} & set(BECOMES)
        assert offered == can
        asks = browser.get(at(event, f"/life/{way}")) if way in {"cancel", "withdraw"} else None
        if asks:
            assert bool([form for form in asks.forms() if form.action.endswith(way)]) == (way in can)
        # Sent all the same, as by a page that was opened before.
        token = browser.get(at(event, "/about")).form().values["csrf_token"]
        done = browser.post(at(event, f"/life/{way}"), {"csrf_token": token, "reason": "No train runs."})
        stands = ledger.one(select(Event.state).where(Event.id == event.id))
        assert stands is (becomes if way in can else event.state), way
        assert done.status == (200 if way in can or event.state is becomes else 409), way
        assert bool(done.errors) == (done.status == 409)


def test_cancel_states_the_numbers_asks_why_and_tells(organiser, make, ledger, browser):
    event = make.event("Told", capacity=2)
    for name in "abcd":
        make.registration(event, email=f"{name}@example.org")
    editor = organiser(event)
    page = editor.get(at(event, "/life/cancel"))
    assert "2 people have a place: we write to them" in page.text
    assert "2 people wait for a place: we write to them" in page.text
    empty = editor.send(page.form(), reason=" ")
    assert (empty.status, empty.errors) == (422, ["Enter a reason: people want to know why"])
    done = editor.send(page.form(), reason="No train runs.")
    assert "We are writing to 4 people." in done.text
    assert sorted(ledger.letters()[-4:]) == [("event_cancelled", name) for name in "abcd"]
    public = browser.get(f"/events/{event.slug}-{event.public_id}")
    assert "This event has been cancelled. No train runs." in public.text
    twice = editor.send(page.form(), reason="Pressed twice.")
    assert twice.status == 200
    assert len(ledger.all(select(Letter).where(Letter.notice == "event_cancelled"))) == 4


def test_withdrawing_is_refused_while_somebody_is_registered(organiser, make, ledger):
    event = make.event()
    browser = organiser(event)
    page = browser.get(at(event, "/life/withdraw"))
    make.registration(event)
    refused = browser.send(page.form())
    assert refused.status == 409
    assert "1 person is registered" in refused.errors[0]
    assert "It cannot be made a draft again while 1 person is registered." in browser.get(at(event, "/life")).text


def test_event_that_is_over_is_archived_and_brought_back(organiser, make, ledger, now):
    event = make.event(starts_on=now.date() - timedelta(days=9))
    browser = organiser(event)
    browser.send(browser.get(at(event, "/life")).form("/archive"))
    assert events(ledger)[0].state is EventState.ARCHIVED
    page = browser.send(browser.get(at(event, "/life")).form("/bring-back"))
    assert (page.heading, events(ledger)[0].state) == ("The life of the event", EventState.PUBLISHED)


# ---------------------------------------------------------------- preview


def test_preview_shows_a_draft_as_it_will_be_to_each(organiser, make, ledger):
    event = make.event("New one", state=EventState.DRAFT)
    browser = organiser(event)
    seen = {view: browser.get(at(event, f"/preview?as={view}")) for view in ("visitor", "registered", "waiting", "x")}
    assert {page.heading for page in seen.values()} == {"New one"}
    assert all("Preview" in page.text and "Open for registration" in page.text for page in seen.values())
    assert seen["x"].text == seen["visitor"].text
    assert [bool(page.all("div", class_="wm-own")) for page in seen.values()] == [False, True, True, False]
    assert "Confirmed" in seen["registered"].text
    assert "On the waiting list" in seen["waiting"].text
    assert events(ledger)[0].state is EventState.DRAFT


def test_preview_of_the_joining_page_shows_link_and_instructions(organiser, make, now):
    event = make.event(
        joining_url="https://meet.example.org/1",
        joining_instructions="Bring **tea**.",
        joining_from=now + timedelta(days=1),
    )
    page = organiser(event).get(at(event, "/preview/join"))
    assert page.link("Join online") == "https://meet.example.org/1"
    assert text_of(page.one("div", class_="wm-prose")) == "Bring tea."
    assert "from 10am on Tuesday 11 May 2027 on" in page.text


# ---------------------------------------------------------------- looking for one's events


def test_events_are_found_by_words_and_by_how_they_stand(organiser, make, now):
    first = make.event("Working with fathers")
    make.event("Schools", programme_id=first.programme_id, state=EventState.DRAFT)
    make.event("Past", programme_id=first.programme_id, starts_on=now.date() - timedelta(days=9))
    make.event("Fathers elsewhere")
    browser = organiser(first)

    def found(query):
        rows = browser.get(f"/manage/events?{query}").all("th", scope="row")
        return [text_of(row.find("{*}a")) for row in rows]

    assert found("q=fathers") == ["Working with fathers"]
    assert found("state=draft") == ["Schools"]
    assert found("state=past") == ["Past"]
    assert found("state=coming&q=work") == ["Working with fathers"]
    assert found("state=nonsense") == ["Schools", "Working with fathers", "Past"]
    assert "None of your events is like that" in browser.get("/manage/events?q=zebra").text


def test_search_asks_as_many_queries_for_many_events_as_for_one(app, organiser, make):
    first = make.event("Fathers")
    browser = organiser(first)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            make.event("Fathers", programme_id=first.programme_id)
        with statements(app) as asked:
            assert len(browser.get("/manage/events?q=fathers&state=coming").all("th", scope="row")) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_places_that_many_wait_for_are_said_to_be_given_by_and_by(app, organiser, make, ledger, monkeypatch):
    monkeypatch.setattr(moves, "AT_ONCE", 2)
    event = make.event("Family hubs", capacity=1)
    for name in "abcde":
        make.registration(event, email=f"{name}@example.org")
    files = app.extensions["jobs"]["files"]
    files.flush()
    browser = organiser(event)
    page = browser.send(browser.get(at(event, "/registration")).form(), capacity_online="4")
    told = "1 person on the waiting list is still to be given a place, those who have waited longest first."
    assert told in page.text
    assert files.pending_count() == 1
    registrations = page.link("Look how far it is")
    page = browser.get(registrations)
    assert told in page.text
    with app.app_context():
        fill_requested(clock.now)
    assert "still to be" not in browser.get(registrations).text
    assert ledger.counters(event) == (4, 0, 1, 0)
