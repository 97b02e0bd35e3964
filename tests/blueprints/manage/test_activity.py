import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.tables import words
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import VISITOR, Actor, ActorKind, Role, ThingKind
from webapp.models.activity import Activity
from webapp.services import grants, registrations
from webapp.services.activity import record

R = Role


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Ours", needs_approval=True)


@pytest.fixture
def olu(make, event):
    person = make.person("Olu Mensah", "olu@example.org")
    make.grant(person, R.OWNER, ThingKind.EVENT, event.id)
    return person


@pytest.fixture
def browser(app, make, olu):
    return Browser(app).sign_in(make.signed_in(olu))


@pytest.fixture
def page(event):
    return f"/manage/events/ours-{event.public_id}/activity"


@pytest.fixture
def note(app, event, olu, now):
    """Records something at the event, Olu's doing unless said otherwise."""

    def write(verb, kind=ThingKind.EVENT, thing_id=None, *, actor=None, at=now, event_id=None, **details):
        actor = actor or Actor(ActorKind.PERSON, olu.id)
        with app.app_context(), transaction.unit():
            record(verb, kind, thing_id or event.id, actor=actor, now=at, event_id=event_id or event.id, **details)

    return write


def told(shown):
    """Each entry: its time, its sentence and its changes."""
    return [words(one) for one in shown.all("li", class_="wm-log__entry")]


def test_index_tells_who_did_what_latest_first(browser, ledger, make, event, olu, page, now):
    dina = make.registration(event, name="Dina Okafor", email="dina@example.org", now=now - timedelta(days=1))
    actor = Actor(ActorKind.PERSON, olu.id)
    ledger.act(registrations.approve, dina.id, actor=actor, now=now - timedelta(hours=1))
    link = Actor(ActorKind.LINK, dina.person_id)
    ledger.act(registrations.cancel, dina.id, actor=link, now=now)
    ledger.act(
        grants.give_roles,
        event.id,
        name="Sam Patel",
        email="sam@example.org",
        roles=[R.AGENDA],
        until=datetime(2027, 6, 14, 23, tzinfo=UTC),
        actor=actor,
        now=now + timedelta(minutes=5),
    )
    shown = browser.get(page)
    assert shown.heading == "Activity"
    changes = "Roles from nothing to “Agenda only” Until the end of from nothing to “14 June 2027”"
    assert told(shown) == [
        f"10:05am Olu Mensah gave Sam Patel a role {changes}",
        "10am Dina Okafor (by their personal link) cancelled the registration of Dina Okafor",
        "9am Olu Mensah approved the registration of Dina Okafor State confirmed",
        "10am The service made the registration of Dina Okafor State pending",
    ]
    assert [text_of(day) for day in shown.all("h2", class_="wm-log__day")] == [
        "Monday 10 May 2027", "Sunday 9 May 2027"
    ]  # fmt: skip
    assert shown.link("Olu Mensah") == f"{page}/people/{olu.public_id}"
    links = {
        text_of(a): a.get("href") for a in shown.one("main").iter() if (a.get("href") or "").endswith(dina.public_id)
    }
    assert list(links) == ["Dina Okafor"]
    assert browser.get(links["Dina Okafor"]).heading == "Dina Okafor"


def test_index_tells_changes_from_what_to_what_and_folds_long_ones(browser, note, page):
    long = "A long text about fathers. " * 20
    note(
        "changed",
        changes={
            "title": ["Fathers", "Fathers & sons"],
            "description": ["", long],
            "starts_on": ["2027-06-14", "2027-06-15"],
            "starts": ["09:30:00", None],
            "waiting_list": [False, True],
            "format": ["in_person", "online"],
            "capacity": [None, 12000],
            "rooms": [["A", "B"], []],
        },
    )
    shown = browser.get(page)
    changes = {text_of(row[0]): text_of(row[1]) for one in shown.all("dl") for row in one}
    folded = changes.pop("Description")
    assert changes == {
        "Title": "from “Fathers” to “Fathers & sons”",
        "Starts on": "from “14 June 2027” to “15 June 2027”",
        "Starts": "from “9:30am” to nothing",
        "Waiting list": "from “No” to “Yes”",
        "Format": "from “In person” to “online”",
        "Capacity": "from nothing to “12,000”",
        "Rooms": "from “A, B” to nothing",
    }
    assert folded.startswith("from nothing to “A long text about fathers.")
    (details,) = shown.all("details", class_="wm-value")
    assert text_of(details[1]) == long.strip()


def test_index_tells_what_it_has_no_words_for_and_what_is_gone(browser, note, page):
    note("room_deleted", ThingKind.ROOM, 99, changes={"name": ["Room 4", None]})
    note("stirred", ThingKind.DRAFT_SESSION, 98, minutes=5)
    note("cancelled", ThingKind.REGISTRATION, 97)
    assert told(browser.get(page)) == [
        "10am Olu Mensah cancelled a registration",
        "10am Olu Mensah stirred: a session Minutes 5",
        "10am Olu Mensah room deleted: the room “Room 4” Name from “Room 4” to nothing",
    ]


def test_index_hides_what_was_redacted(browser, ledger, note, page, now):
    note("changed", changes={"title": ["Secret", "Open"]})
    ledger.change(ledger.one(db.select(Activity).where(Activity.verb == "changed")), redacted_at=now)
    shown = browser.get(page)
    assert "Secret" not in shown.body
    assert "What it said was taken out" in shown.text


def test_index_finds_words_in_sentences_people_and_things(browser, make, event, note, page, now):
    dina = make.registration(event, name="Dína Okafor", email="d1@example.org")
    session = make.session(event, "Opening words")
    helper = make.person("Sam Patel")
    make.grant(helper, R.READER, ThingKind.PROGRAMME, event.programme_id)
    note("approved", ThingKind.REGISTRATION, dina.id)
    note("changed", ThingKind.SESSION, session.id, actor=Actor(ActorKind.PERSON, helper.id))
    note("changed", ThingKind.REGISTRATION, dina.id, actor=VISITOR)

    def found(**query):
        return [text_of(p) for p in browser.get(page, query_string=query).all("p", class_="wm-log__sentence")]

    approved = "Olu Mensah approved the registration of Dína Okafor"
    opening = "Sam Patel changed the released session “Opening words”"
    visited = "A visitor changed the registration of Dína Okafor"
    made = "The service made the registration of Dína Okafor"
    assert found() == [visited, opening, approved, made]
    assert found(q="dina") == found(q="OKAF") == [visited, approved, made]
    assert found(q="dina approved") == found(q="app okafor") == [approved]
    assert found(q="opening") == found(q="released sessions") == found(q="patel") == [opening]
    assert found(q="olu") == [approved]
    assert found(q="visitor") == [visited]
    assert found(q="service") == [made]
    assert found(q="nobody") == found(q="!?") == found(q="dina opening") == []
    assert found(kind="session") == [opening]
    assert found(kind="nonsense") == [visited, opening, approved, made]
    assert found(actor=helper.public_id) == [opening]
    assert found(actor="participants") == [visited]
    assert found(actor="service", q="dina", kind="registration") == [made]
    nothing = browser.get(page, query_string={"q": "nobody"})
    assert ("Nothing matches" in nothing.text, nothing.link("see everything")) == (True, page)


def test_index_finds_days_as_they_are_in_the_events_zone(browser, note, page):
    for day, hour in ((8, 22), (8, 23), (9, 22), (9, 23)):
        note(f"at_{day}_{hour}", at=datetime(2027, 5, day, hour, tzinfo=UTC))

    def found(**query):
        return [one.split()[-4:-2] for one in told(browser.get(page, query_string=query))]

    first, second, third, fourth = (["8", "22:"], ["8", "23:"], ["9", "22:"], ["9", "23:"])
    assert found(**{"from": "9 May 2027", "to": "2027-05-09"}) == [third, second]
    assert found(to="8/5/2027") == [first]
    assert found(**{"from": "10 may 2027"}) == [fourth]
    wrong = browser.get(page, query_string={"from": "31 6 2027", "to": "1 1 0001"})
    assert wrong.errors == [
        "“From” must be a real date, like 14 June 2027",
        "“To” must be a real date, like 14 June 2027",
    ]
    assert len(told(wrong)) == 4
    turned = browser.get(page, query_string={"from": "9 May 2027", "to": "8 May 2027"})
    assert turned.errors == ["“To” must be the same as or after “From”"]


def test_index_leaves_out_other_events(browser, make, note, page):
    note("changed", event_id=make.event().id)
    shown = browser.get(page)
    assert "Nothing has happened yet" in shown.text
    assert told(shown) == []


def test_index_is_paged_and_gives_the_nearest_page(app, browser, event, olu, page, now):
    write_many(app, event, olu, 120, now)
    shown = {asked: browser.get(f"{page}?page={asked}") for asked in ("", "2", "3", "99", "x")}
    assert {asked: (len(told(one)), one.title.split(" – ")[0]) for asked, one in shown.items()} == {
        "": (50, "Activity: Ours (page 1 of 3)"),
        "2": (50, "Activity: Ours (page 2 of 3)"),
        "3": (20, "Activity: Ours (page 3 of 3)"),
        "99": (20, "Activity: Ours (page 3 of 3)"),
        "x": (50, "Activity: Ours (page 1 of 3)"),
    }
    assert "51 to 100 of 120 entries" in shown["2"].text
    assert len(set(told(shown[""]) + told(shown["2"]) + told(shown["3"]))) == 120
    narrowed = browser.get(f"{page}?q=changed&page=2")
    assert (len(told(narrowed)), narrowed.link("Next page")) == (50, "?q=changed&page=3")


def test_index_asks_as_many_queries_for_many_entries_as_for_one(app, browser, make, event, note, olu, page, now):
    make.registration(event)
    counts = []
    for more in (0, 30):
        for number in range(more):
            registration = make.registration(event)
            note("changed", ThingKind.REGISTRATION, registration.id, changes={"role": ["", f"Role {number}"]})
        with statements(app) as asked:
            assert len(told(browser.get(page))) > more
        counts.append(len(asked))
    assert counts == [6, 6]


def test_person_shows_what_one_person_did_here_and_no_other(app, browser, make, event, note, olu, page):
    helper = make.person("Sam Patel")
    make.grant(helper, R.READER, ThingKind.EVENT, event.id)
    note("changed", actor=Actor(ActorKind.PERSON, helper.id), changes={"title": ["A", "B"]})
    note("changed", changes={"title": ["B", "C"]})
    shown = browser.get(f"{page}/people/{helper.public_id}")
    assert shown.heading == "What Sam Patel did"
    assert told(shown) == ["10am Sam Patel changed the event Title from “A” to “B”"]
    assert "Sam Patel helps with this event: Read only." in shown.text
    people = browser.get(f"/manage/events/ours-{event.public_id}/people")
    assert people.link("What they did: Sam Patel") == f"{page}/people/{helper.public_id}"
    stranger = make.person()
    assert browser.get(f"{page}/people/{stranger.public_id}").status == 404
    quiet = make.person("Quiet")
    make.grant(quiet, R.READER, ThingKind.EVENT, event.id)
    assert "Quiet has done nothing here yet" in browser.get(f"{page}/people/{quiet.public_id}").text


def test_download_gives_what_the_page_shows_and_runs_no_formulas(browser, make, event, note, page):
    dina = make.registration(event, name="=1+1", email="d1@example.org")
    note("approved", ThingKind.REGISTRATION, dina.id)
    note("changed", changes={"title": ["Fathers", "=cmd()"], "summary": ["", "Two"]})
    shown = browser.get(page)
    answer = browser.client.get(shown.link("Download all as CSV"))
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.headers["Content-Disposition"] == "attachment; filename=ours-activity.csv"
    assert rows[0] == ["When (Europe/London)", "Who", "What happened", "Kind of thing", "Thing", "Changes"]
    assert rows[1:] == [
        ["2027-05-10 10:00", "Olu Mensah", "Olu Mensah changed the event", "The event itself", "",
         "Title: from “Fathers” to “=cmd()”\nSummary: from nothing to “Two”"],
        ["2027-05-10 10:00", "Olu Mensah", "Olu Mensah approved the registration of =1+1", "Registrations",
         "'=1+1", ""],
        ["2027-05-10 10:00", "The service", "The service made the registration of =1+1", "Registrations", "'=1+1",
         "State: pending"],
    ]  # fmt: skip
    narrowed = browser.client.get(browser.get(f"{page}?q=approved").link("Download these as CSV"))
    assert len(narrowed.get_data(as_text=True).splitlines()) == 2


def test_download_of_more_than_fits_asks_for_dates(app, browser, event, olu, page, now):
    write_many(app, event, olu, 10_001, now)
    shown = browser.get(page)
    assert "1 to 50 of more than 10,000 entries: choose dates to see older ones" in shown.text
    assert not shown.has_link("Download all as CSV")
    refused = browser.get(page.replace("/activity", "/activity.csv"))
    assert "A file holds 10,000 entries at most. Choose a shorter time, then download it." in refused.text
    assert len(told(browser.get(f"{page}?page=9999"))) == 50


def write_many(app, event, person, count, now):
    """Entries that stand in no other order than that of their moments."""
    rows = [
        {
            "at": now - timedelta(minutes=number),
            "actor_kind": ActorKind.PERSON,
            "actor_id": person.id,
            "verb": "changed",
            "thing_kind": ThingKind.EVENT,
            "thing_id": event.id,
            "event_id": event.id,
            "details": {"step": number + 1},
        }
        for number in range(count)
    ]
    with app.app_context(), transaction.unit():
        db.session.execute(db.insert(Activity), rows)
