"""What organisers see of sign-ups, and what they change in them."""

import csv
import io
from datetime import time

import pytest

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM, Role
from webapp.models.sign_ups import SignUp
from webapp.services import sign_ups


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def put(ledger, make, now):
    """Registers people and signs them up for the session, in this order."""

    def run(event, session, *names):
        for name in names:
            row = make.registration(event, name=name, email=f"{name.split()[0].lower()}@example.org")
            ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=now)

    return run


@pytest.fixture
def plan(make, put):
    event = make.event("Spring event")
    small = make.session(event, "Small", places=1)
    large = make.session(event, "Large", places=50)
    put(event, small, "Ann Lee", "Ben Zimmer")
    make.registration(event, name="Cas Abel", email="cas@example.org")
    return event, small, large


def at(event, session=None, tail=""):
    base = f"/manage/events/{event.slug}-{event.public_id}/sign-ups"
    return f"{base}/{session.slug}-{session.public_id}{tail}" if session else base + tail


def cells(page):
    return [[text_of(cell) for cell in row] for row in page.all("tr")[1:]]


def test_index_shows_each_session_with_its_numbers(organiser, plan):
    page = organiser(plan[0]).get(at(plan[0]))
    assert cells(page) == [
        ["Small", "Monday 14 June 2027, 10am to 11am", "1 of 1", "1", "Not known"],
        ["Large", "Monday 14 June 2027, 10am to 11am", "0 of 50", "0", "Not known"],
    ]


def test_index_of_an_event_without_sign_ups_says_how_to_take_some(organiser, make):
    event = make.event()
    assert "tick “People sign up for this session”" in organiser(event).get(at(event)).text


def test_list_shows_who_is_in_then_who_waits_in_order(organiser, plan):
    event, small, _ = plan
    page = organiser(event).get(at(event, small))
    assert [row[0].split(" ")[0] + "/" + row[3] for row in cells(page)] == ["Ann/Signed up", "Ben/On the waiting list"]
    assert "Online: 1 of 1 signed up, 1 waiting" in page.text


def test_add_finds_somebody_with_a_place_and_signs_them_up(organiser, ledger, plan):
    event, _, large = plan
    morgan = organiser(event)
    page = morgan.get(f"{at(event, large)}?q=abel")
    page = morgan.send(page.form("/add"))
    assert "Cas Abel is signed up for “Large”." in page.text
    assert ledger.letters()[-1] == ("signed_up", "cas")
    assert "Is in the list" in morgan.get(f"{at(event, large)}?q=abel").text
    assert "Nobody with a place at the event matches" in morgan.get(f"{at(event, large)}?q=zzz").text


def test_add_who_is_elsewhere_at_that_time_asks_first(organiser, ledger, plan):
    event, _, large = plan
    morgan = organiser(event)
    page = morgan.send(morgan.get(f"{at(event, large)}?q=ann").form("/add"))
    assert (page.status, page.heading) == (409, "Ann Lee is in another session at that time")
    before = len(ledger.letters())
    page = morgan.send(page.form())
    assert "Ann Lee is signed up for “Large”." in page.text
    assert ledger.letters()[before:] == [("sign_up_left", "ann"), ("signed_up", "ann"), ("sign_up_promoted", "ben")]


def test_take_out_asks_then_hands_the_place_on_once(organiser, ledger, plan):
    event, small, _ = plan
    morgan = organiser(event)
    page = morgan.get(morgan.get(at(event, small)).link("Take out: Ann Lee"))
    assert page.heading == "Take Ann Lee out of “Small”"
    form = page.form()
    assert "Ann Lee is no longer signed up." in morgan.send(form).text
    morgan.send(form)
    assert [pair for pair in ledger.letters() if pair[0] == "sign_up_left"] == [("sign_up_left", "ann")]
    assert ledger.letters()[-1] == ("sign_up_promoted", "ben")


def test_door_lists_who_has_a_place_by_surname(organiser, make, put):
    event = make.event()
    session = make.session(event, "Small", places=2)
    put(event, session, "Zoe Abel", "Abe Zimmer", "Dan Waits")
    page = organiser(event).get(at(event, session, "/door"))
    assert [row[1] for row in cells(page)] == ["Zoe Abel", "Abe Zimmer"]
    assert "2 people signed up" in page.text


@pytest.mark.parametrize("whole", [True, False])
def test_export_holds_one_row_for_each_person(organiser, plan, whole):
    event, small, _ = plan
    base = at(event, tail="/all") if whole else at(event, small)
    morgan = organiser(event)
    text = morgan.client.get(f"{base}.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Session"], row["Name"], row["State"], row["Number of arrival"]) for row in rows] == [
        ("Small", "Ann Lee", "Signed up", "1"),
        ("Small", "Ben Zimmer", "On the waiting list", "2"),
    ]
    assert morgan.client.get(f"{base}.xlsx").data[:2] == b"PK"


@pytest.mark.parametrize(
    ("role", "sees", "changes", "door"),
    [(Role.REGISTRATIONS, 200, 200, 200), (Role.READER, 200, 403, 403), (Role.CHECK_IN, 403, 403, 200)],
)
def test_roles_see_and_change_what_they_may(organiser, ledger, plan, role, sees, changes, door):
    event, small, _ = plan
    someone = organiser(event, role)
    ann = ledger.registration(event, "ann@example.org").public_id
    found = [someone.get(at(event, small, tail)).status for tail in ("", ".csv", f"/remove/{ann}", "/door")]
    assert found == [sees, sees, changes, door]
    assert someone.get(at(event)).status == sees
    stranger = organiser()
    assert [stranger.get(at(event, small, tail)).status for tail in ("", ".csv", "/door")] == [404] * 3
    assert ledger.count(SignUp) == 2


def test_pages_ask_the_same_however_many_there_are(app, organiser, make, put):
    asked = []
    for n in (1, 4):
        event = make.event()
        sessions = [make.session(event, places=2, hours=(time(9 + k), time(10 + k))) for k in range(n)]
        put(event, sessions[0], *(f"n{n}p{k} Lee" for k in range(n)))
        morgan, counts = organiser(event), []
        for path in (at(event), at(event, sessions[0]), at(event, sessions[0], "/door"), at(event, tail="/all.csv")):
            with statements(app) as found:
                morgan.client.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1]
