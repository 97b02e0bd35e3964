from datetime import timedelta

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.making import FIRST_DAY
from tests.tables import cells
from webapp.models.accounts import Role, ThingKind
from webapp.models.events import EventState, Format


def test_index_asks_strangers_to_sign_in(browser, make):
    make.event()
    page = browser.get("/manage/events?page=2", follow=False)
    assert (page.status, page.response.headers["Location"]) == (302, "/sign-in?next=/manage/events?page%3D2")


def test_index_is_not_found_by_who_organises_nothing(organiser, make):
    make.event()
    page = organiser().get("/manage/events")
    assert (page.status, page.heading) == (404, "Page not found")


def test_index_is_not_found_once_the_grant_has_run_out(app, make, now):
    person, event = make.person(), make.event()
    make.grant(person, Role.OWNER, ThingKind.EVENT, event.id, until=now)
    assert Browser(app).sign_in(make.signed_in(person)).get("/manage/events").status == 404


def test_index_shows_the_events_of_the_programme_latest_first_with_their_numbers(organiser, make):
    later = make.event("Later", capacity=1, starts_on=FIRST_DAY + timedelta(days=30))
    earlier = make.event(
        "Earlier", programme_id=later.programme_id, state=EventState.DRAFT, format=Format.HYBRID, days=1, capacity=None
    )
    asking = make.event("Asking", programme_id=later.programme_id, needs_approval=True)
    make.event("Of another programme")
    for _ in range(3):
        make.registration(later)
    make.registration(asking)
    page = organiser(later).get("/manage/events")
    assert [row[0].split(" 1")[0] for row in cells(page)] == ["Later", "Asking", "Earlier"]
    assert cells(page)[0][1:] == ["Full: waiting list open", "1 of 1", "2", "0"]
    assert cells(page)[1][1:] == ["Open for registration", "0 of 100", "0", "1"]
    assert cells(page)[2][1:] == ["Draft", "In person: 0 Online: 0", "0", "0"]
    assert page.link("Later").endswith(f"/manage/events/later-{later.public_id}")
    assert f"earlier-{earlier.public_id}" in page.link("Earlier")
    assert "Of another programme" not in page.body


def test_index_shows_one_event_once_to_who_holds_it_and_its_programme(app, make):
    event, other = make.event("Held twice"), make.event("Held alone")
    make.event("Beside it", programme_id=other.programme_id)
    person = make.person()
    make.grant(person, Role.OWNER, ThingKind.PROGRAMME, event.programme_id)
    make.grant(person, Role.REGISTRATIONS, ThingKind.EVENT, event.id)
    make.grant(person, Role.REGISTRATIONS, ThingKind.EVENT, other.id)
    page = Browser(app).sign_in(make.signed_in(person)).get("/manage/events")
    assert [row[0].split(" 14")[0] for row in cells(page)] == ["Held alone", "Held twice"]


def test_index_says_what_to_do_while_there_is_no_event(make, app):
    person, programme = make.person(), make.programme()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    page = Browser(app).sign_in(make.signed_in(person)).get("/manage/events")
    assert page.heading == "Your events"
    assert "There are no events for you to look after yet" in page.text
    assert page.link("write to us") == "/contact"


def test_index_of_many_events_is_paged_and_gives_the_nearest_page(organiser, make):
    first = make.event("Event 00")
    for number in range(1, 21):
        make.event(f"Event {number:02}", programme_id=first.programme_id, starts_on=FIRST_DAY + timedelta(days=number))
    browser = organiser(first)
    shown = {}
    for asked in ("", "1", "2", "3", "-1", "x", "1.5", "1000000", "9" * 40, "²"):
        page = browser.get(f"/manage/events?page={asked}")
        shown[asked] = (page.title.split(" – ")[0], len(cells(page)), cells(page)[0][0].split(" 2027")[0])
    top, end = ("Your events (page 1 of 2)", 20), ("Your events (page 2 of 2)", 1)
    assert {asked: (title, number) for asked, (title, number, _) in shown.items()} == {
        "": top,
        "1": top,
        "2": end,
        "3": end,
        "-1": top,
        "x": top,
        "1.5": top,
        "1000000": end,
        "9" * 40: end,
        "²": top,
    }
    assert (shown["1"][2], shown["2"][2]) == ("Event 20 4 and 5 July", "Event 00 14 and 15 June")
    assert browser.get("/manage/events").link("Next page") == "?page=2"


def test_index_asks_as_many_queries_for_many_events_as_for_one(app, organiser, make):
    first = make.event()
    browser = organiser(first)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            make.event(programme_id=first.programme_id)
        with statements(app) as asked:
            assert len(cells(browser.get("/manage/events"))) == 1 + more
        counts.append(len(asked))
    assert counts == [4, 4]


def test_show_gives_figures_and_the_way_to_the_parts(organiser, make):
    event = make.event("Ours", format=Format.HYBRID, capacity=1)
    for _ in range(3):
        make.registration(event)
    page = organiser(event).get(f"/manage/events/{event.public_id}")
    assert page.heading == "Ours"
    assert page.address == f"/manage/events/ours-{event.public_id}"
    figures = {text_of(one[0]): text_of(one[1]) for one in page.all("dl")[0]}
    assert figures == {
        "Confirmed, in person": "0 of 1",
        "Confirmed, online": "1 confirmed, online of 1",
        "On the waiting list": "2 on the waiting list",
        "To approve": "0",
    }
    assert page.link("Registrations").endswith(f"/ours-{event.public_id}/registrations")
    assert page.link("See its page as a visitor does") == f"/events/ours-{event.public_id}"


def test_show_leaves_out_the_parts_that_a_role_does_not_open(app, make):
    event, person = make.event(), make.person()
    make.grant(person, Role.CHECK_IN, ThingKind.EVENT, event.id)
    browser = Browser(app).sign_in(make.signed_in(person))
    page = browser.get(f"/manage/events/{event.public_id}")
    assert "Registrations" not in [text_of(link) for link in page.all("a")]
    refused = browser.get(f"/manage/events/{event.public_id}/registrations")
    assert (refused.status, refused.heading) == (403, "You cannot do that")
    assert "does not let you see who registered" in refused.text
    assert browser.get(f"/manage/events/{make.event().public_id}").status == 404
