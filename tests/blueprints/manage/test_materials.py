"""Materials on the organisers' side: added by forms, refused in words, changed by two at once, and the set-up page."""

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.uploads import PDF, archive, send, slides
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.models.files import Attachment, FileReach, StoredFile
from webapp.models.materials import Material
from webapp.models.records import EventRecord
from webapp.services import files, materials


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def own(organiser, event):
    return organiser(event)


def at(event, rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/materials{rest}"


def send_several(browser, form, *given, **values):
    """Send the form that adds files with these (content, name) in it."""
    form.fill(**values)
    sent = [(name, value) for name, held in form.values.items() if name != "files" for value in held]
    sent += [("files", FileStorage(io.BytesIO(content), name, "files")) for content, name in given]
    boundary, body = encode_multipart(MultiDict(sent))
    return browser.post(form.action, body, content_type=f"multipart/form-data; boundary={boundary}")


def test_several_files_are_added_to_a_session_and_stand_under_it(make, own, event, ledger):
    session = make.session(event, "Opening")
    index = own.get(own.get(own.get(f"/manage/events/{event.public_id}").link("Record")).link("Materials"))
    assert "This event has no materials yet" in index.text
    form = own.get(index.link("Add files")).form()
    talk = slides()
    both = (PDF, "hub_slides.pdf"), (talk, "Hubs.exe")
    page = send_several(own, form, *both, session=session.public_id, reach="registered")
    assert "2 files are added." in page.text
    rows = ledger.all(select(Material).order_by(Material.position))
    assert [(row.title, row.filename, row.reach, row.session_id) for row in rows] == [
        ("hub slides", "hub_slides.pdf", FileReach.REGISTERED, session.id),
        ("Hubs.exe", "Hubs.exe.pptx", FileReach.REGISTERED, session.id),
    ]
    assert [text_of(one) for one in page.all("h2")] == ["Opening", "About this service"]
    answer = own.client.get(page.link("Hubs.exe"))
    assert (answer.data, answer.headers["Cache-Control"]) == (talk, "private, no-store")
    answer.close()
    again = send_several(own, own.get(at(event, "/files")).form(), *both, session=session.public_id)
    assert "This is there already, so nothing was added." in again.text


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "empty": (b"", "empty.pdf", "This file is empty"),
    "program called pdf": (b"MZ" + b"\x00" * 100, "slides.pdf", "a program"),
    "page called pdf": (b"\n <!DOCTYPE html><script>alert(1)</script>", "slides.pdf", "a web page"),
    "svg with a script": (SVG, "picture.svg", "an SVG drawing"),
    "svg called pdf": (SVG, "picture.pdf", "an SVG drawing"),
    "bomb": (archive(("[Content_Types].xml", b"0" * 200_000_000)), "bomb.docx", "unpack to far more"),
    "macros": (slides(**{"ppt/vbaProject.bin": b"x"}), "talk.docx", "macros"),
    "folders": (PDF, "../../../etc/cron.d/x.pdf", "has folders in it"),
    "unknown": (b"\x89PNG\r\n\x1a\n", "picture.pdf", "none that we can take"),
}


@pytest.mark.parametrize("case", BAD)
def test_file_that_is_no_document_is_refused_in_words_and_nothing_typed_is_lost(own, event, ledger, case):
    content, name, says = BAD[case]
    page = send(own, own.get(at(event, "/files")).form(), "files", content, name, title="My title", reach="attended")
    assert (page.status, len(page.errors)) == (422, 1)
    assert says in page.errors[0]
    values = page.form().values
    assert (values["title"], values["reach"]) == (["My title"], ["attended"])
    assert (ledger.count(Material), ledger.count(StoredFile)) == (0, 0)


def test_good_files_are_kept_while_a_bad_one_is_mended_and_belong_to_who_sent_them(organiser, own, event, ledger, make):
    page = send_several(own, own.get(at(event, "/files")).form(), (PDF, "good.pdf"), (SVG, "bad.svg"))
    assert (page.status, page.errors) == (422, [f"“bad.svg”: {page.errors[0].partition(': ')[2]}"])
    assert "good.pdf" in page.text
    taken = page.form().values["taken"]
    elsewhere = organiser(event, name="Other")
    refused = send_several(elsewhere, elsewhere.get(at(event, "/files")).form(), taken=taken)
    assert refused.errors == ["Choose a file"]
    assert "1 file" not in own.get(at(event)).text
    done = send_several(own, page.form(), title="The good one")
    assert "“The good one” is added." in done.text
    assert ledger.all(select(Material.filename)) == ["good.pdf"]


def test_more_than_is_taken_at_a_time_is_refused(own, event, ledger):
    many = [(PDF + bytes([n]), f"{n}.pdf") for n in range(11)]
    page = send_several(own, own.get(at(event, "/files")).form(), *many)
    assert page.errors == ["Choose 10 files or fewer at a time"]
    page = send(own, own.get(at(event, "/files")).form(), "files", PDF + b"0" * (50 * 1024 * 1024), "large.pdf")
    assert (page.status, page.errors) == (422, ["The file must be 50 MB or smaller"])
    large = {"wsgi.input": _Endless(), "CONTENT_LENGTH": str(60 * 1024 * 1024)}
    page = own.post(at(event, "/files"), content_type="multipart/form-data; boundary=x", environ_overrides=large)
    assert page.status == 413
    assert "Files sent together may have up to 50 MB. Nothing was saved." in page.text
    assert ledger.count(Material) == 0


class _Endless:
    def read(self, size=-1):
        return b"0" * (size if size > 0 else 65536)

    def close(self):
        pass


PLAIN = "Enter an address that begins with https://, such as https://example.org/report"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("javascript:alert(1)", PLAIN),
        ("http://example.org", PLAIN),
        ("example.org", PLAIN),
        ("https://localhost", PLAIN),
        (f"https://example.org/{'x' * 2980}", "The address must be 500 characters or fewer; it has 3000"),
    ],
)
def test_link_that_is_no_plain_address_is_refused(own, event, ledger, url, says):
    form = own.get(own.get(at(event)).link("Add a link")).form()
    page = own.send(form, url=url, title="The guide")
    assert (page.status, page.errors) == (422, [says])
    assert page.form().values["title"] == ["The guide"]
    assert ledger.count(Material) == 0


@pytest.fixture
def links(own, event):
    """Two links, added by their form."""
    for number in (1, 2):
        page = own.send(own.get(at(event, "/link")).form(), url=f"https://example.org/{number}", title=f"Link {number}")
        assert f"“Link {number}” is added." in page.text


def test_material_is_changed_moved_and_taken_away(make, own, event, ledger, links):
    first, second = ledger.all(select(Material).order_by(Material.position))
    index = own.send(own.get(at(event)).form(f"{second.public_id}/move"), place="1")
    assert [text_of(one) for one in index.all("h3")] == ["Link 2", "Link 1"]
    page = own.get(at(event, f"/{first.public_id}"))
    done = own.send(page.form(), title="The guide", reach="organisers")
    assert "“The guide” is saved." in done.text
    assert ledger.all(select(Material.reach).order_by(Material.id)) == [FileReach.ORGANISERS, FileReach.PUBLIC]
    asked = own.get(at(event, f"/{first.public_id}/remove"))
    assert "Links to it, in letters too, will lead nowhere." in asked.text
    assert "“The guide” is taken away." in own.send(asked.form()).text
    assert own.send(asked.form()).status == 404
    told = own.get(f"/manage/events/{event.slug}-{event.public_id}/activity").text
    for sentence in ("added the material “Link 2”", "changed the order of the material “Link 2”"):
        assert sentence in told
    assert "took the material “The guide” away" in told


def test_newer_file_takes_the_place_of_the_old_one(own, event, ledger):
    send(own, own.get(at(event, "/files")).form(), "files", PDF, "old.pdf")
    row = ledger.one(select(Material))
    page = own.get(at(event, f"/{row.public_id}"))
    refused = send(own, page.form(), "newer", SVG, "new.svg", title="Better")
    assert (refused.status, refused.form().values["title"]) == (422, ["Better"])
    # What was taken is kept while the title is mended.
    kept = send(own, refused.form(), "newer", PDF + b"2", "new.pdf", title="")
    assert kept.errors == ["Enter a title"]
    assert "We keep new.pdf" in kept.text
    done = own.send(kept.form(), title="Better")
    assert "“Better” is saved." in done.text
    changed = ledger.one(select(Material))
    assert (changed.public_id, changed.filename, changed.title) == (row.public_id, "new.pdf", "Better")


def test_two_at_once_lose_nothing(organiser, own, event, ledger, links):
    first = ledger.all(select(Material.public_id).order_by(Material.id))[0]
    other = organiser(event, name="Robin Vale")
    mine, theirs, third = (one.get(at(event, f"/{first}")).form() for one in (own, other, own))
    other.send(theirs, title="Their title", reach="registered")
    page = own.send(mine, title="My title")
    assert page.status == 409
    assert "Title, changed by Robin Vale" in page.text
    assert page.form().values["title"] == ["My title"]
    assert page.form().values["reach"] == ["registered"]
    # What only one changed is put together without a question.
    done = own.send(third, url="https://example.org/new")
    assert "“Their title” is saved." in done.text
    own.send(page.form())
    row = ledger.one(select(Material).where(Material.public_id == first))
    assert (row.title, row.reach) == ("My title", FileReach.REGISTERED)


def test_what_a_speaker_handed_in_waits_to_be_made_available(app, make, own, event, ledger, now, browser):
    session = make.session(event, "Opening")
    make.draft(event)
    planned, speaker = ledger.one(select(DraftSession)), make.speaker("Ann Lee")
    written = files.write(PDF, "application/pdf", folder=app.config["SETTINGS"].files_path, now=now)
    kept = ledger.act(files.keep, written, now=now)
    make._kept(
        Attachment(
            file_id=kept.id, event_id=event.id, speaker_id=speaker.id, thing_kind=ThingKind.DRAFT_SESSION,
            thing_id=planned.id, title="My talk.pdf", filename="My talk.pdf", added_at=now,
        )
    )  # fmt: skip
    index = own.get(at(event))
    assert "By Ann Lee for “Opening”" in index.text
    page = own.get(index.link("Make available: My talk.pdf"))
    assert page.form().values["title"] == ["My talk"]
    done = own.send(page.form(), reach="public")
    assert "“My talk” is available now." in done.text
    assert "Handed in by speakers" not in done.text
    public = browser.get(f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}")
    answer = browser.client.get(public.link("My talk"))
    assert answer.data == PDF
    answer.close()
    assert "is available already" in own.get(page.address).text


def test_lists_ask_the_same_however_much_there_is(app, make, own, event, ledger, now):
    counts = []
    for number in (1, 4):
        for _ in range(number):
            session = make.session(event)
            offer = materials.Offer(title="x", reach=FileReach.REGISTERED, session=session.public_id)
            url = f"https://example.org/{session.public_id}"
            ledger.act(materials.add_link, event.id, url, offer, actor=SYSTEM, now=now)
        asked = []
        for path in (at(event), f"/events/{event.slug}-{event.public_id}/materials"):
            with statements(app) as some:
                own.get(path)
            asked.append(len(some))
        counts.append(asked)
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- what stands on the page afterwards


def test_thanks_hashtag_and_numbers_are_written_in_the_set_up(make, organiser, ledger, browser):
    event = make.event("Past", starts_on=date(2026, 6, 15))
    for _ in range(5):
        make.registration(event, now=event.starts_at - timedelta(days=9))
    own = organiser(event)
    setup = own.get(f"/manage/events/{event.slug}-{event.public_id}/setup")
    page = own.get(setup.link("Thanks, hashtag and numbers"))
    assert "5 people registered" in page.text
    assert "1 local authorities (not shown)" in page.text
    said = {"thanks": "Thank you, **all**.", "hashtag": "#Hubs", "reach": "", "shows_numbers": "y"}
    assert "is saved" in own.send(page.form(), **said).text
    row = ledger.one(select(Event).where(Event.id == event.id))
    assert (row.thanks, row.hashtag) == ("Thank you, **all**.", "#Hubs")
    assert ledger.one(select(EventRecord.numbers)) == {"registered": 5}
    public = browser.get(f"/events/{event.slug}-{event.public_id}").text
    assert re.search(r"people registered 5 .* Thank you, all ?\. .* #Hubs", public)
    stale = own.send(page.form(), thanks="Mine")
    assert stale.status == 409
    assert "Morgan Ellery changed this page while you had it open" in stale.errors[0]
    own.send(stale.form(), shows_numbers=[])
    assert ledger.one(select(EventRecord.numbers)) == {}
    assert "people registered" not in browser.get(f"/events/{event.slug}-{event.public_id}").text


def test_numbers_wait_until_the_event_is_over(own, event, ledger):
    page = own.get(f"/manage/events/{event.slug}-{event.public_id}/setup/afterwards")
    assert "When the event is over, you can decide here" in page.text
    refused = own.send(page.form(), shows_numbers="y")
    assert refused.errors == ["Numbers can be shown once the event is over"]
    assert ledger.count(EventRecord) == 0


def test_readers_of_an_event_cannot_change_its_materials(organiser, event):
    assert organiser(event, Role.READER).get(at(event)).status == 403
