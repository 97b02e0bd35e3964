import csv
import io
import zipfile
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.browsing import text_of
from tests.ledger import Ledger
from webapp import clock
from webapp.formats.spreadsheets import xlsx_bytes
from webapp.models.accounts import SYSTEM, Role
from webapp.models.activity import Activity
from webapp.models.drafts import AgendaDraft, DraftSession, DraftStream, Room
from webapp.models.events import EventState, Format, QuestionKind
from webapp.models.imports import Import, ImportRow, ImportState
from webapp.models.mailings import Letter
from webapp.models.registrations import Registration, RegistrationAnswer, RegistrationTag
from webapp.models.speakers import Speaker
from webapp.services import imports
from webapp.services.imports import applying
from webapp.services.registrations import cancel

AGENDA = ["Id", "Title", "Day", "Start", "End", "Stream", "Room", "Speakers"]
ROWS = [
    ["1", "Welcome", "14 June 2027", "9:30am", "10:00", "", "Main hall", "Ann Lee (Marlbridge Council) [chair]"],
    ["2", "Kinship care", "2027-06-14", "10:00", "11:00", "Practice", "Room 1", "Ben Osei; Cara Dunn (Hope Trust)"],
    ["3", "Family hubs", "Day 2", "10.30", "11am", "Leadership", "", ""],
]
PEOPLE = ["Name", "E-mail address", "Organisation", "Sector", "Role", "State", "Tags"]


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs", capacity=3)


def address(event, kind="agenda", rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/imports/{kind}{rest}"


def a_csv(*rows):
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    return page.getvalue().encode()


def upload(browser, event, content, kind="agenda", *, filename="list.csv", **values):
    form = browser.get(address(event, kind)).form()
    form.fill(file="", **values)
    data = {name: value for name, value in form.values.items() if name != "file"}
    # The client would put a large body into a file that it never closes.
    boundary, body = encode_multipart({**data, "file": FileStorage(io.BytesIO(content), filename)})
    return browser.post(form.action, body, content_type=f'multipart/form-data; boundary="{boundary}"')


def confirm(browser, page, **values):
    return browser.send(page.form(), **values)


def table(page):
    """Each row as (what it is called, its fate, why)."""
    rows = []
    for row in page.one("tbody"):
        title, fate, why = list(row)
        rows.append((title.text, text_of(fate), text_of(why)))
    return rows


def sessions(ledger, event):
    statement = select(DraftSession).where(DraftSession.event_id == event.id).order_by(DraftSession.id)
    return ledger.all(statement)


# ---------------------------------------------------------------- agenda


def test_import_of_an_agenda_shows_each_row_then_adds_it_whole(organiser, event, ledger):
    browser = organiser(event)
    page = upload(browser, event, a_csv(AGENDA, *ROWS))
    assert page.heading == "What would become of each row"
    assert [row[:2] for row in table(page)] == [(row[1], "Will be added") for row in ROWS]
    assert "2 streams will be made: Practice, Leadership." in page.text
    assert "2 rooms will be made: Main hall, Room 1." in page.text
    assert "3 speakers are new, and get profiles: Ann Lee, Ben Osei, Cara Dunn." in page.text
    assert [row[2] for row in table(page)] == [
        "Monday 14 June 2027, 9:30am to 10am, Main hall.",
        "Monday 14 June 2027, 10am to 11am, Practice, Room 1.",
        "Tuesday 15 June 2027, 10:30am to 11am, Leadership.",
    ]
    assert sessions(ledger, event) == []
    done = confirm(browser, page)
    assert (done.status, done.heading) == (200, "What was read in")
    welcome, kinship, hubs = sessions(ledger, event)
    assert (welcome.title, welcome.starts, welcome.ends, welcome.minutes) == ("Welcome", time(9, 30), time(10), 30)
    assert (hubs.starts, hubs.ends, hubs.source_key) == (time(10, 30), time(11), "3")
    assert (welcome.position, kinship.position, hubs.position) == (1, 2, 1)
    assert sorted(one.name for one in ledger.all(select(Speaker))) == ["Ann Lee", "Ben Osei", "Cara Dunn"]
    assert [one.name for one in ledger.all(select(DraftStream).order_by(DraftStream.position))] == [
        "Practice",
        "Leadership",
    ]
    assert [one.name for one in ledger.all(select(Room).order_by(Room.position))] == ["Main hall", "Room 1"]
    verbs = ledger.all(select(Activity.verb).where(Activity.event_id == event.id).order_by(Activity.id))
    assert verbs == ["draft_opened", *["session_added"] * 3, "agenda_imported"]


def test_import_calls_only_those_speakers_new_whom_nobody_knows(organiser, event, make):
    make.speaker("Ben Osei")
    make.speaker("Ann Lee")
    browser = organiser(event)
    page = upload(browser, event, a_csv(AGENDA, *ROWS[:2], ["4", "Later", "", "", "", "", "", "Ann Lee"]))
    assert "1 speaker is new, and gets a profile: Cara Dunn." in page.text
    assert table(page)[2][2] == "Not placed yet."
    assert "1 speaker was new, and got a profile: Cara Dunn." in confirm(browser, page).text


def test_import_button_states_the_numbers(organiser, event):
    page = upload(organiser(event), event, a_csv(AGENDA, *ROWS))
    assert [text_of(one) for one in page.all("button", class_="govuk-button")] == ["Add 3 sessions"]


def test_same_agenda_again_changes_nothing(organiser, event, ledger):
    browser = organiser(event)
    confirm(browser, upload(browser, event, a_csv(AGENDA, *ROWS)))
    page = upload(browser, event, a_csv(AGENDA, *ROWS))
    assert {row[1] for row in table(page)} == {"Stays as it is"}
    assert "There is nothing to do" in page.text
    assert len(sessions(ledger, event)) == 3


def test_same_agenda_without_ids_doubles_nothing(organiser, event, ledger):
    browser = organiser(event)
    without = [row[1:] for row in (AGENDA, *ROWS)]
    confirm(browser, upload(browser, event, a_csv(*without)))
    moved = [*without[:3], ["Family hubs", "14/6/2027", "15:00", "15:30", "Leadership", "", ""]]
    page = upload(browser, event, a_csv(*moved))
    assert [row[1] for row in table(page)] == ["Stays as it is", "Stays as it is", "Will be changed"]
    confirm(browser, page)
    assert len(sessions(ledger, event)) == 3


def test_import_tells_what_changes_from_what_to_what(organiser, event, ledger):
    browser = organiser(event)
    confirm(browser, upload(browser, event, a_csv(AGENDA, *ROWS)))
    changed = ["2", "Kinship care today", "2027-06-14", "10:15", "11:00", "Leadership", "Room 1", "Ben Osei"]
    page = upload(browser, event, a_csv(AGENDA, ROWS[0], changed, ROWS[2]))
    _, (_, fate, why), _ = table(page)
    assert fate == "Will be changed"
    assert why == (
        "Time10am to 11am → becomes 10:15am to 11amStreamPractice → becomes Leadership"
        "TitleKinship care → becomes Kinship care today"
        "SpeakersBen Osei; Cara Dunn (Hope Trust) → becomes Ben Osei"
    )
    before = sessions(ledger, event)[1]
    confirm(browser, page)
    after = sessions(ledger, event)[1]
    assert (after.id, after.title, after.starts, after.minutes) == (before.id, "Kinship care today", time(10, 15), 45)
    assert after.version == before.version + 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "Late", "14 June 2027", "10:00", "9:30"], "It would end at 9:30am, and it starts at 10am."),
        (["", "", "14 June 2027", "10:00", "11:00"], "It has no title."),
        (["", "Away", "20 June 2027", "10:00", "11:00"], "The event does not take place on Sunday 20 June 2027."),
        (["", "Odd", "14 June 2027", "25:00", "x"], "Its start “25:00” is no time."),
        (["", "No day", "", "10:00", "11:00"], "It has a start and no day."),
    ],
)
def test_row_that_cannot_be_taken_says_why(organiser, event, row, why):
    page = upload(organiser(event), event, a_csv(AGENDA[:5], row))
    ((_, fate, said),) = table(page)
    assert fate == "Cannot be taken"
    assert why in said


def test_row_says_all_its_problems_at_once(organiser, event):
    page = upload(organiser(event), event, a_csv(["Title", "Start", "Kind", "Minutes"], ["", "noonish", "party", "0"]))
    ((_, _, said),) = table(page)
    assert "It has no title." in said
    assert "“noonish” is no time" in said
    assert "“party” is no kind of session" in said
    assert "between 1 and 1,439 minutes" in said


def test_session_over_midnight_and_in_the_hour_that_is_not_are_refused(organiser, make):
    event = make.event("Spring", starts_on=date(2028, 3, 26), days=1, hours=[None])
    rows = [["Night", "26 March 2028", "23:30", "60"], ["Gap", "26 March 2028", "1:30", "30"]]
    page = upload(organiser(event), event, a_csv(["Title", "Day", "Start", "Minutes"], *rows))
    night, gap = table(page)
    assert "It would end after midnight." in night[2]
    assert "There is no 1:30am on that day: the clocks go forward over it." in gap[2]


def test_repeated_rows_name_the_row_they_repeat(organiser, event):
    page = upload(organiser(event), event, a_csv(AGENDA, ROWS[0], ROWS[1], ["1", "Other", *ROWS[0][2:]]))
    assert table(page)[2][1:] == ("Cannot be taken", "It has the same id as row 2.")


def test_refused_row_keeps_all_from_being_done_until_it_is_left_out(organiser, event, ledger):
    browser = organiser(event)
    page = upload(browser, event, a_csv(AGENDA, *ROWS, ["9", "", *ROWS[0][2:]]))
    refused = confirm(browser, page)
    assert refused.status == 409
    assert refused.errors == [
        "1 row cannot be taken. Put the file right and upload it again, or tick that you want to leave them out."
    ]
    assert sessions(ledger, event) == []
    done = confirm(browser, refused, leave_out="1")
    assert done.heading == "What was read in"
    assert len(sessions(ledger, event)) == 3


def test_draft_changed_meanwhile_is_judged_anew_and_nothing_done(organiser, event, ledger):
    one, other = organiser(event, name="One"), organiser(event, name="Other")
    first, second = (upload(browser, event, a_csv(AGENDA, *ROWS)) for browser in (one, other))
    confirm(one, first)
    page = confirm(other, second)
    assert page.heading == "What would become of each row"
    assert "Something has changed since this list was made, so nothing was read in." in page.text
    assert {row[1] for row in table(page)} == {"Stays as it is"}
    assert len(sessions(ledger, event)) == 3


def test_confirmed_twice_it_is_done_once(organiser, event, ledger):
    browser = organiser(event)
    page = upload(browser, event, a_csv(AGENDA, *ROWS))
    confirm(browser, page)
    assert confirm(browser, page).heading == "What was read in"
    assert len(sessions(ledger, event)) == 3
    assert ledger.one(select(AgendaDraft)).version == 2


def test_rows_can_be_filtered_and_paged(organiser, event):
    browser = organiser(event)
    rows = [["", f"Session {number}"] for number in range(60)] + [["x", ""]]
    page = upload(browser, event, a_csv(AGENDA[:2], *rows))
    assert len(table(page)) == 50
    assert len(table(browser.get(page.address.split("?")[0] + "?page=2"))) == 11
    assert [row[1] for row in table(browser.get(page.address.split("?")[0] + "?fate=refused"))] == ["Cannot be taken"]


@pytest.mark.parametrize("filetype", ["csv", "xlsx"])
def test_draft_exported_and_read_in_again_stays_the_same(organiser, make, event, ledger, filetype):
    browser = organiser(event)
    headings = ["Description", "Notes", "Summary", "Minutes", "Sign-up", "Places online"]
    texts = ["- one\n- two", "=1+1", "“Hm”", "", "yes", "12"]
    content = a_csv([*AGENDA, *headings], [*ROWS[1], *texts], [*ROWS[0], *[""] * 6])
    confirm(browser, upload(browser, event, content))
    confirm(browser, upload(browser, event, a_csv(["Title", "Minutes"], ["To be placed", "20"])))
    files = browser.get(f"/manage/events/{event.slug}-{event.public_id}/agenda/files")
    content = browser.get(files.link(f"Download the draft as {filetype.upper()}")).response.get_data()
    page = upload(browser, event, content, filename=f"draft.{filetype}")
    assert {row[1] for row in table(page)} == {"Stays as it is"}
    assert len(table(page)) == 3


def test_agenda_of_released_sessions_goes_round_too(organiser, make, event):
    speaker, trust = make.speaker("Dan (Danny) Ward"), make.organisation("Hope Trust", "HT")
    theme = make.programme(themes=["Kinship"])
    session = make.session(event, "Opening", room="Hall")
    make.contribution(session, speaker_id=speaker.id, organisation_id=trust.id)
    make.contribution(session, organisation_id=trust.id)
    browser = organiser(event)
    assert theme
    content = a_csv(["Title", "Speakers"], ["Opening", "Dan (Danny) Ward (HT); (Hope Trust)"])
    page = upload(browser, event, content)
    assert [row[1] for row in table(page)] == ["Stays as it is"]


@pytest.mark.parametrize("filetype", ["csv", "xlsx"])
def test_template_can_be_read_in(organiser, event, filetype):
    browser = organiser(event)
    page = browser.get(address(event, rest=f"/template.{filetype}"))
    read = upload(browser, event, page.response.get_data(), filename=f"t.{filetype}")
    assert [row[1] for row in table(read)] == ["Will be added"] * 2


# ---------------------------------------------------------------- bad input


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 300_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7 ...", "agenda.pdf"),
        (b"", "empty.csv"),
        (b"\x00\x01\x02" * 50, "broken.csv"),
        (b"Title\n" + b"x\n" * 3001, "long.csv"),
        ("Title\nÄrger über Öl und Übung\n".encode() + b"caf\xe9\n", "mixed.csv"),
        (b'Title\n"never closed\n', "quote.csv"),
    ],
)
def test_file_that_gives_no_table_is_refused_in_words(organiser, event, ledger, content, name):
    page = upload(organiser(event), event, content, filename=name)
    assert (page.status, len(page.errors)) == (422, 1)
    assert page.errors[0].endswith(".")
    assert ledger.count(Import) == 0


def test_bomb_is_refused_in_words(organiser, event, ledger):
    page = upload(organiser(event), event, bomb(), filename="agenda.xlsx")
    assert (page.status, len(page.errors)) == (422, 1)
    assert ledger.count(Import) == 0


def test_file_too_large_is_refused_in_words(organiser, event):
    page = upload(organiser(event), event, b"x" * (10 * 1024 * 1024 + 1))
    assert page.status == 413
    assert page.errors == [
        "The file is larger than 10 MB. Leave out what is not needed, such as pictures, or upload it in parts."
    ]


def test_file_larger_than_other_pages_take_is_read(organiser, event):
    content = a_csv(["Title", "Other"], *[["Welcome", "y" * 999]] * 600)
    page = upload(organiser(event), event, content)
    assert page.status == 200
    assert "Left aside, since nothing is known about this column: Other." in page.text


def test_table_without_titles_is_refused(organiser, event):
    page = upload(organiser(event), event, a_csv(["What", "When"], ["a", "b"]))
    assert page.errors == [
        "There is no column “Title”. The first row of the table must hold the headings; the template has them all."
    ]


def test_formulas_of_a_workbook_are_taken_as_what_they_show(organiser, event, ledger):
    browser = organiser(event)
    content = xlsx_bytes("Agenda", ["Title", "Minutes"], [["=SUM(1;2)", 30]])
    confirm(browser, upload(browser, event, content, filename="a.xlsx"))
    assert [one.title for one in sessions(ledger, event)] == ["=SUM(1;2)"]


def test_name_of_the_file_is_shown_without_folders_escaped_and_short(organiser, event, ledger):
    name = "../../etc/<script>alert(1)</script>" + "x" * 300 + ".csv"
    page = upload(organiser(event), event, a_csv(["Title"], ["Welcome"]), filename=name)
    kept = ledger.one(select(Import)).filename
    assert "/" not in kept
    assert len(kept) == 200
    assert "<script>alert" not in page.body


def test_no_file_chosen_is_a_form_error(organiser, event):
    browser = organiser(event)
    page = browser.send(browser.get(address(event)).form())
    assert (page.status, page.errors) == (422, ["Choose a CSV or Excel file"])


# ---------------------------------------------------------------- registrations


def people(*rows):
    return a_csv(PEOPLE, *rows)


def person(name, **more):
    email = more.pop("email", f"{name.partition(' ')[0].lower()}@example.org")
    said = dict.fromkeys(("organisation", "sector", "role", "state", "tags"), "")
    said |= {"organisation": "Marlbridge Council", "sector": "Local authority"} | more
    return [name, email, *said.values()]


def test_import_of_people_registers_them_within_the_places_and_writes(organiser, event, ledger, make):
    make.registration(event, name="Zoe Ash", email="zoe@example.org")
    browser = organiser(event)
    content = people(
        person("Ann Lee", tags="first; VIP"),
        person("Ben Osei", sector="health", state="Approved"),
        person("Cara Dunn"),
        person("Dan Ward", state="waiting list"),
        person("Zoe Ash"),
    )
    page = upload(browser, event, content, "registrations")
    assert [row[1] for row in table(page)] == [
        "Will be added",
        "Will be added",
        "Cannot be taken",
        "Will be added",
        "Stays as it is",
    ]
    assert "There is no place left (online)." in table(page)[2][2]
    assert "Each of the 3 people gets the usual letter." in page.text
    done = confirm(browser, page, leave_out="1")
    assert "3 letters are on their way." in done.text
    assert ledger.standing(event) == [
        ("zoe", "confirmed"),
        ("ann", "confirmed"),
        ("ben", "confirmed"),
        ("dan", "waiting"),
    ]
    ledger.check(event)
    assert ledger.letters()[1:] == [
        ("registration_confirmed", "ann"),
        ("registration_confirmed", "ben"),
        ("registration_waiting", "dan"),
    ]
    assert ledger.invitation(event, "ann@example.org") is not None
    assert ledger.invitation(event, "dan@example.org") is None
    assert sorted(ledger.all(select(RegistrationTag.name))) == ["VIP", "first"]
    found = browser.get(f"/manage/events/{event.slug}-{event.public_id}/registrations?q=osei")
    assert found.has_link("Ben Osei")


def test_personal_link_of_somebody_imported_opens(organiser, browser, event, ledger):
    ours = organiser(event)
    confirm(ours, upload(ours, event, people(person("Ann Lee")), "registrations"))
    page = browser.get(f"/registrations/{ledger.token(event, 'ann@example.org')}")
    assert page.status == 200


def test_same_list_of_people_again_changes_nothing(organiser, event, ledger):
    browser = organiser(event)
    content = people(person("Ann Lee"), person("Ben Osei"))
    confirm(browser, upload(browser, event, content, "registrations"))
    page = upload(browser, event, content, "registrations", updates="y")
    assert {row[1] for row in table(page)} == {"Stays as it is"}
    assert ledger.count(Registration) == 2


def test_who_cancelled_is_not_brought_back(organiser, event, ledger, make):
    row = make.registration(event, name="Ann Lee", email="ann@example.org")
    ledger.act(cancel, row.id, actor=SYSTEM, now=make.now)
    page = upload(organiser(event), event, people(person("Ann Lee")), "registrations")
    ((_, fate, why),) = table(page)
    assert (fate, "An import brings nobody back" in why) == ("Stays as it is", True)


@pytest.mark.parametrize("letters", [True, False])
def test_what_was_said_is_updated_when_wanted(organiser, make, event, ledger, letters):
    question = make.question(event, "Which day?", QuestionKind.ONE_CHOICE, choices=["Monday", "Tuesday"])
    row = make.registration(event, name="Ann Lee", email="ann@example.org", answers={question.public_id: ["Monday"]})
    content = a_csv([*PEOPLE, "Which day?"], [*person("Ann Lee-Hart", role="Head", tags="VIP"), "tuesday"])
    browser = organiser(event)
    before = upload(browser, event, content, "registrations")
    assert [one[1] for one in table(before)] == ["Stays as it is"]
    page = upload(browser, event, content, "registrations", updates="y")
    ((_, fate, why),) = table(page)
    assert fate == "Will be changed"
    assert "NameAnn Lee → becomes Ann Lee-Hart" in why
    assert "Which day?Monday → becomes Tuesday" in why
    confirm(browser, page)
    after = ledger.registration(event, "ann@example.org")
    assert (after.id, after.name, after.role, after.state) == (row.id, "Ann Lee-Hart", "Head", row.state)
    assert ledger.all(select(RegistrationAnswer.value)) == [["Tuesday"]]
    assert len(ledger.letters()) == 1
    ledger.check(event)
    assert browser.get(f"/manage/events/{event.slug}-{event.public_id}/registrations?q=hart").has_link("Ann Lee-Hart")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (person("Ann Lee", email="ann at example"), "is no e-mail address"),
        (person("Ann Lee", sector="Circus"), "“Circus” is no sector."),
        (person("", email="x@example.org"), "It has no name."),
        (person("Ann Lee", organisation=""), "It has no organisation."),
        (person("Ann Lee", state="Cancelled"), "Nobody can be added as “Cancelled”."),
        (person("Ann Lee", state="perhaps"), "“perhaps” is no state"),
    ],
)
def test_person_who_cannot_be_taken_says_why(organiser, event, row, why):
    page = upload(organiser(event), event, people(row), "registrations")
    ((_, fate, said),) = table(page)
    assert (fate, why in said) == ("Cannot be taken", True)


def test_person_twice_in_a_file_names_the_row(organiser, event):
    content = people(person("Ann Lee"), person("A Lee", email="ANN@example.org"))
    page = upload(organiser(event), event, content, "registrations")
    assert table(page)[1][2] == "It is the same person as in row 2."


def test_letters_are_not_sent_when_not_wanted(organiser, event, ledger):
    browser = organiser(event)
    page = upload(browser, event, people(person("Ann Lee")), "registrations", letters=[])
    assert "Nobody is told by letter." in page.text
    confirm(browser, page)
    assert ledger.count(Letter) == 0
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_people_of_a_draft_event_are_not_written_to(organiser, make, ledger):
    event = make.event("Soon", state=EventState.DRAFT)
    browser = organiser(event)
    confirm(browser, upload(browser, event, people(person("Ann Lee")), "registrations"))
    assert ledger.count(Letter) == 0


def test_way_of_taking_part_must_be_said_where_there_are_two(organiser, make, ledger):
    event = make.event("Both", format=Format.HYBRID)
    browser = organiser(event)
    content = a_csv([*PEOPLE, "Taking part"], [*person("Ann Lee"), "In person"], [*person("Ben Osei"), ""])
    page = upload(browser, event, content, "registrations")
    assert table(page)[1][2] == "It does not say how this person takes part: write online or in person."
    confirm(browser, page, leave_out="1")
    ledger.check(event)


def test_place_taken_meanwhile_is_not_given_twice(organiser, make, ledger):
    event = make.event("Small", capacity=1)
    browser = organiser(event)
    page = upload(browser, event, people(person("Ann Lee")), "registrations")
    make.registration(event, email="zoe@example.org")
    again = confirm(browser, page)
    assert "so nothing was read in" in again.text
    assert table(again)[0][1] == "Cannot be taken"
    assert ledger.standing(event) == [("zoe", "confirmed")]
    ledger.check(event)


def test_long_list_is_read_in_by_the_worker_with_its_progress(organiser, make, ledger, app, monkeypatch):
    monkeypatch.setitem(applying.AT_ONCE, applying.ImportKind.REGISTRATIONS, 1)
    event = make.event("Long", capacity=None)
    browser = organiser(event)
    page = upload(browser, event, people(person("Ann Lee"), person("Ben Osei")), "registrations")
    waiting = confirm(browser, page)
    assert waiting.heading == "The file is being read in"
    assert "It waits for its turn." in waiting.text
    assert ledger.standing(event) == []
    with app.app_context():
        assert imports.apply_requested(clock.now) == 1
    assert browser.get(waiting.link("Look how far it is")).heading == "What was read in"
    assert ledger.standing(event) == [("ann", "confirmed"), ("ben", "confirmed")]
    ledger.check(event)
    with app.app_context():
        assert imports.apply_requested(clock.now) == 0


def test_event_cancelled_before_the_worker_comes_fails_in_words(organiser, make, ledger, app, monkeypatch):
    monkeypatch.setitem(applying.AT_ONCE, applying.ImportKind.REGISTRATIONS, 1)
    event = make.event("Long", capacity=None)
    browser = organiser(event)
    page = confirm(browser, upload(browser, event, people(person("Ann Lee"), person("Ben Osei")), "registrations"))
    ledger.change(event, state=EventState.CANCELLED)
    with app.app_context():
        imports.apply_requested(clock.now)
    failed = browser.get(page.address)
    assert failed.heading == "The file could not be read in"
    assert "The event is cancelled or archived" in failed.text
    assert ledger.one(select(Import)).state is ImportState.FAILED
    assert ledger.standing(event) == []


# ---------------------------------------------------------------- who may, and for how long


@pytest.mark.parametrize(
    ("role", "agenda", "registrations"),
    [(Role.AGENDA, 200, 403), (Role.REGISTRATIONS, 403, 200), (Role.READER, 403, 403)],
)
def test_roles_reach_what_they_may_read_in(organiser, event, role, agenda, registrations):
    browser = organiser(event, role)
    assert browser.get(address(event)).status == agenda
    assert browser.get(address(event, "registrations")).status == registrations


def test_import_of_another_event_is_not_found(organiser, make, event):
    browser = organiser(event)
    page = upload(browser, event, a_csv(["Title"], ["Welcome"]))
    other = make.event("Elsewhere", programme_id=event.programme_id)
    assert browser.get(address(other, rest="/" + page.address.rsplit("/", 1)[1])).status == 404
    assert browser.get(address(event, "registrations", "/" + page.address.rsplit("/", 1)[1])).status == 404


def test_imports_are_deleted_after_seven_days(organiser, event, ledger, make):
    upload(organiser(event), event, a_csv(["Title"], *[[f"S{number}"] for number in range(5)]))
    week = make.now + timedelta(days=7)
    assert ledger.act(imports.forget_expired, now=week, limit=3) == 0
    later = week + timedelta(seconds=1)
    assert ledger.act(imports.forget_expired, now=later, limit=3) == 3
    assert ledger.one(select(func.count()).select_from(ImportRow)) == 2
    assert ledger.act(imports.forget_expired, now=later, limit=3) == 2
    assert (ledger.count(ImportRow), ledger.count(Import)) == (0, 0)
