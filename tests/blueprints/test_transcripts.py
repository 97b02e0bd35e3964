"""The transcript as everybody reads it: in pages, found in, quoted, fetched, and addresses that outlive corrections."""

import io
import json

import docx
import pytest
from flask import Flask

from tests.browsing import text_of
from tests.counting import statements
from webapp import transaction
from webapp.models.accounts import SYSTEM
from webapp.models.events import EventState
from webapp.queries import transcripts as queries
from webapp.services import transcripts as services

VTT = (
    "WEBVTT\n\n01:00:01.000 --> 01:00:04.000\n<v Ann Lee>Good morning. We begin.\n\n"
    "01:00:05.000 --> 01:00:06.000\n<v Somebody>Yes & no.\n"
)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def session(make, event):
    session = make.session(event, "Opening")
    make.contribution(session, speaker_id=make.speaker("Ann Lee").id)
    return session


@pytest.fixture
def transcript(make, session):
    return make.transcript(session, VTT, published=True)


@pytest.fixture
def change(app: Flask, transcript, now):
    """Does something to the transcript."""

    def act(verb, number, **values):
        with app.app_context(), transaction.unit():
            turn = queries.lock_turns(transcript.id)[number]
            if verb is services.change:
                values.setdefault("speaker_id", turn.speaker_id)
            return verb(transcript.id, turn.public_id, version=turn.version, **values, actor=SYSTEM, now=now)

    return act


def top(event, session, rest=""):
    return f"/events/{event.slug}-{event.public_id}/sessions/{session.slug}-{session.public_id}/transcript{rest}"


def first_turn(app, transcript):
    with app.app_context():
        return queries.all_turns(transcript.id)[0].public_id


def marked(page):
    return [text_of(one) for one in page.all("mark")]


def test_session_leads_to_its_transcript_once_it_is_published(browser, make, event, session):
    page = browser.get(top(event, session).removesuffix("/transcript"))
    assert not page.has_link("Read the transcript")
    make.transcript(session)
    assert browser.get(top(event, session)).status == 404
    other = make.session(event, "Closing")
    make.transcript(other, VTT, published=True)
    page = browser.get(browser.get(top(event, other).removesuffix("/transcript")).link("Read the transcript"))
    assert page.heading == "Transcript: Closing"
    assert "Checked by Robin Vale on 10 May 2027." in page.text
    assert not browser.get(top(event, session).removesuffix("/transcript")).has_link("Read the transcript")


def test_turns_have_speaker_time_words_and_links(browser, event, session, transcript):
    page = browser.get(top(event, session))
    assert browser.get(page.link("Ann Lee")).heading == "Ann Lee"
    assert "Ann Lee 1:00:01 Good morning. We begin." in page.text
    assert "Somebody 1:00:05 Yes & no." in page.text


def test_transcript_of_a_draft_event_is_for_its_organisers(browser, make):
    event = make.event("Soon", state=EventState.DRAFT)
    session = make.session(event, "Opening")
    transcript = make.transcript(session, published=True)
    for rest in (
        "",
        f"/turns/{first_turn(make.app, transcript)}",
        f"/turns/{first_turn(make.app, transcript)}/quotation",
        ".txt",
    ):
        assert browser.get(top(event, session, rest)).status == 404


def test_correction_shows_at_once_and_is_told_of(browser, event, session, transcript, change):
    assert "corrected since" not in browser.get(top(event, session)).text
    change(services.change, 0, words="Good evening.")
    page = browser.get(top(event, session))
    assert "Good evening." in page.text
    assert "Checked by Robin Vale on 10 May 2027, corrected since." in page.text


def test_words_are_found_and_marked(browser, event, session, transcript):
    page = browser.get(top(event, session))
    page = browser.get(f"{page.address}?find=we+BEGIN")
    assert (marked(page), "1 turn says “we BEGIN”." in page.text) == (["We begin"], True)
    page = browser.get(page.link("Read it in its place: what Ann Lee says at 1:00:01"))
    assert "Yes & no." in page.text
    assert len(page.all("li", class_="wm-turn--marked")) == 1
    for nothing in ('"', "*", "NEAR(", "%", "😀", "x" * 10_000):
        assert "Nothing was found for" in browser.get(top(event, session), query_string={"find": nothing}).text


def test_long_transcript_comes_in_pages_and_a_turn_leads_to_its_own(app, browser, make, event, session):
    lines = [f"{('Ann Lee', 'Somebody')[number % 2]}: Number {number}." for number in range(250)]
    transcript = make.transcript(session, *lines, published=True)
    with app.app_context():
        last = queries.all_turns(transcript.id)[-1].public_id
    page = browser.get(top(event, session))
    assert "250 turns, 1 to 200 on this page." in page.text
    assert "Number 249." not in page.text
    response = browser.get(top(event, session, f"/turns/{last}"), follow=False).response
    assert response.headers["Location"].endswith(f"?page=2&at={last}#t-{last}")
    page = browser.get(response.headers["Location"])
    assert text_of(page.one("li", class_="wm-turn--marked")).startswith("Somebody Number 249.")


def test_passage_is_quoted_with_its_source_and_found_again_after_corrections(
    app, browser, event, session, transcript, change
):
    turn = first_turn(app, transcript)
    page = browser.get(top(event, session, f"/turns/{turn}/quotation?v=1&from=14&to=22"))
    address = f"https://waymark.example.org{top(event, session)}/turns/{turn}?v=1&from=14&to=22"
    assert text_of(page.one("textarea")) == (
        f"“We begin” — Ann Lee, in “Opening”, Family hubs, 14 June 2027, 1:00:01 {address}"
    )
    lasting = page.link(address).removeprefix("https://waymark.example.org")
    assert marked(browser.get(lasting)) == ["We begin"]
    change(services.change, 0, words="A very good morning to you. We will begin.")
    page = browser.get(lasting)
    assert marked(page) == ["We will begin"]
    assert "was corrected since it was quoted" in page.text
    change(services.split, 0, at=28, speaker_id=None)
    assert marked(browser.get(lasting)) == ["We will begin"]
    change(services.change, 1, words="Nothing of the kind.")
    page = browser.get(lasting)
    assert marked(page) == []
    assert "was rewritten or taken out" in page.text
    change(services.remove, 0)
    gone = browser.get(lasting)
    assert (gone.status, gone.heading) == (410, "This passage was taken out")
    assert browser.get(top(event, session, f"/turns/{turn}/quotation")).status == 410


@pytest.mark.parametrize(
    "query",
    ["v=1&from=9&to=3", "v=1&from=9999&to=99999", "v=x&from=0&to=4", "v=99999999999&from=0&to=4", "from=0&to=4"],
)
def test_address_of_no_passage_leads_to_the_turn(app, browser, event, session, transcript, query):
    page = browser.get(top(event, session, f"/turns/{first_turn(app, transcript)}?{query}"))
    assert (page.status, marked(page)) == (200, [])
    assert len(page.all("li", class_="wm-turn--marked")) == 1


def test_whole_turn_is_quoted_without_a_version(app, browser, event, session, transcript):
    page = browser.get(browser.get(top(event, session)).link("Quote what Ann Lee says at 1:00:01"))
    assert "v=1" not in text_of(page.one("textarea"))
    assert "“Good morning. We begin.”" in text_of(page.one("textarea"))
    assert browser.get(top(event, session, "/turns/23456789bcdf")).status == 404


def test_transcript_is_fetched_for_other_programs(browser, event, session, transcript):
    page = browser.get(top(event, session))
    text = browser.get(page.link("Text")).response
    assert text.get_data(as_text=True).startswith("Opening: transcript\n\nAnn Lee (1:00:01): Good morning.")
    assert text.headers["Content-Disposition"] == "attachment; filename=opening-transcript.txt"
    assert "<v Ann Lee>Good morning. We begin." in browser.get(page.link("WebVTT")).body
    assert "01:00:05,000 --> 01:00:06,000\nSomebody: Yes & no." in browser.get(page.link("SubRip")).body
    said = json.loads(browser.get(page.link("JSON")).body)
    assert [one["speaker"] for one in said["turns"]] == ["Ann Lee", "Somebody"]
    document = docx.Document(io.BytesIO(browser.get(page.link("Word")).response.get_data()))
    assert [one.text for one in document.paragraphs][:3] == [
        "Opening: transcript",
        "Family hubs, 14 June 2027",
        "Edited for reading. Checked by Robin Vale on 10 May 2027.",
    ]
    again = {"If-None-Match": text.headers["ETag"]}
    assert browser.get(page.link("Text"), headers=again).status == 304


def test_captions_are_offered_only_where_words_have_times(browser, make, event, session):
    make.transcript(session, published=True)
    page = browser.get(top(event, session))
    names = ("Text", "Word", "WebVTT", "SubRip", "JSON")
    assert [name for name in names if page.has_link(name)] == ["Text", "Word", "JSON"]


@pytest.mark.parametrize("many", [2, 40])
def test_page_asks_as_often_for_two_turns_as_for_many(app, browser, make, event, session, many):
    lines = [f"{('Ann Lee', 'Somebody')[number % 2]}: Number {number}." for number in range(many)]
    make.transcript(session, *lines, published=True)
    with statements(app) as asked:
        browser.get(top(event, session))
    assert len(asked) == 6
