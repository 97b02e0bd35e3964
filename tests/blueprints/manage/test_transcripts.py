"""Transcripts on the organisers' side: read in by upload and by paste, given to speakers, corrected by forms alone."""

import pytest
from sqlalchemy import select

from tests.browsing import text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.uploads import PDF, send
from webapp.models.accounts import Role
from webapp.models.agenda import ContributionRole
from webapp.models.files import FileReach
from webapp.models.speakers import SpeakerAlias
from webapp.models.transcripts import Fidelity, Transcript, Turn

VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Ann Lee>Good morning.

00:00:04.000 --> 00:00:04.500
<i></i>

00:00:05.000 --> 00:00:06.000
<v Bn Itoh>Yes.
"""


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def session(make, event):
    session = make.session(event, "Opening")
    for name, role in (("Ann Lee", ContributionRole.CHAIR), ("Ben Ito", ContributionRole.PRESENTER)):
        make.contribution(session, speaker_id=make.speaker(name).id, role=role)
    return session


def address(event, rest=""):
    return f"/manage/events/{event.slug}-{event.public_id}/transcripts{rest}"


def said(ledger):
    statement = select(Turn).where(Turn.removed_at.is_(None), Turn.joined_into_id.is_(None))
    return [one.words for one in ledger.all(statement.order_by(Turn.position))]


def reading(organiser, event):
    """The page that reads a transcript in, come to as an organiser does."""
    index = organiser.get(
        organiser.get(organiser.get(f"/manage/events/{event.public_id}").link("Record")).link("Transcripts")
    )
    return organiser.get(index.link("Read one in for “Opening”"))


def test_file_is_read_in_its_names_answered_and_it_is_published(organiser, event, session, ledger):
    editor = organiser(event)
    page = send(editor, reading(editor, event).form(), "file", VTT.encode(), "said.vtt", fidelity="verbatim")
    assert page.heading == "Who speaks?"
    assert "2 lines of the file were not read" in page.text
    assert "the cue has no words" in page.text
    transcript = ledger.one(select(Transcript))
    assert (transcript.fidelity, transcript.source_name, transcript.source_kind) == (
        Fidelity.VERBATIM,
        "said.vtt",
        "webvtt",
    )
    page = editor.send(page.form())
    assert "Word for word" in page.text
    with editor.get(page.link("said.vtt")).response as file:
        assert file.get_data() == VTT.encode()
    page = editor.get(page.link("Publish it"))
    refused = editor.send(page.form(), checked_by="")
    assert (refused.status, refused.errors) == (422, ["Enter the name of the person who checked it"])
    assert page.form().values["checked_by"] == ["Morgan Ellery"]
    page = editor.send(page.form(), checked_by="Robin Vale")
    assert "checked by Robin Vale" in page.text
    public = page.link("See what everybody sees")
    assert not editor.get(address(event)).has_link("Read another in for “Opening”")
    assert 'Nothing was found for “"”.' in editor.get(f"{address(event)}/{transcript.public_id}?find=%22").text
    assert "Good morning." in editor.get(public).text
    editor.send(page.form("/take-back"))
    assert editor.get(public).status == 404
    lived = editor.get(address(event, f"/{transcript.public_id}/history")).text
    assert "Checked by Robin Vale" in lived
    assert lived.index("Taken back by Morgan Ellery") < lived.index("Published by Morgan Ellery")


def test_transcript_of_a_restricted_recording_is_published_only_when_all_may_read_it(
    organiser, make, event, session, ledger
):
    transcript = make.transcript(session)
    make.recording(session, reach=FileReach.REGISTERED)
    make.recording(session, address="https://example.org/draft", reach=FileReach.ATTENDED, published=False)
    editor = organiser(event)
    page = editor.get(address(event, f"/{transcript.public_id}/publish"))
    assert (
        "The recording is for people with a place; a published transcript is read, searched and downloaded by everybody"
        in page.text
    )
    refused = editor.send(page.form())
    assert refused.status == 409
    assert refused.errors == ["Say that everybody may read what was said in a recording that is not for everybody"]
    assert not ledger.one(select(Transcript)).is_published
    editor.send(refused.form(), for_all="y")
    assert ledger.one(select(Transcript)).is_published


def test_editor_hears_what_is_corrected_and_drafts_too(organiser, make, event, session, ledger):
    transcript = make.transcript(
        session, *[f"Ann Lee (0:{n:02}:00): Number {n}.\n\nBen Ito: Yes." for n in range(1, 40)]
    )
    top = address(event, f"/{transcript.public_id}")
    editor = organiser(event)
    silent = editor.get(top)
    assert (silent.all("audio"), silent.all("a", data_jump=True)) == ([], [])
    make.recording(session, reach=FileReach.ORGANISERS, published=False, zero=30_000)
    page = editor.get(top)
    assert page.one("audio").get("src").endswith("/file")
    assert "Recording (draft)" in page.text
    assert "media-src 'self'" in page.response.headers["Content-Security-Policy"]
    assert page.one("a", aria_label="0:01:00: go to this moment").get("data-jump") == "60000"
    assert page.one("input", name="t").get("id") == "go-to-time"
    later = editor.get(f"{top}?t=31:00")
    assert "Number 31." in later.text
    assert later.one("audio").get("src").endswith("#t=1830.0")
    page = editor.get(later.link("Change what Ann Lee says at 0:31:00"))
    assert page.one("audio").get("src").endswith("#t=1830.0")
    assert page.has_link("0:31:00")


def test_pasted_text_is_read_in_and_takes_the_place_of_a_draft_only_when_that_is_said(
    organiser, event, session, ledger
):
    editor = organiser(event)
    page = reading(editor, event)
    refused = editor.send(page.form())
    assert (refused.status, refused.errors) == (422, ["Choose a file, or paste the transcript below"])
    page = editor.send(page.form(), text="Ann Lee: One.\n\nBen Ito: Two.\n\nSam Oak: Three.")
    assert "Line 5: “Sam Oak” stands before a colon once, and was taken for a speaker." in page.text
    assert said(ledger) == ["One.", "Two.", "Three."]
    page = editor.get(editor.get(address(event)).link("Read another in for “Opening”"))
    refused = editor.send(page.form(), text="Ann Lee: Nothing alike.\n\nBen Ito: Two.\n\nSam Oak: Three.")
    assert refused.status == 409
    assert refused.has_link(refused.errors[0])
    assert refused.link(refused.errors[0]).endswith("#replaces")
    assert refused.form().values["text"] == ["Ann Lee: Nothing alike.\n\nBen Ito: Two.\n\nSam Oak: Three."]
    assert said(ledger) == ["One.", "Two.", "Three."]
    page = editor.send(refused.form(), replaces="y")
    assert "Turns: 2 as before, 1 new, 1 taken out." in page.text
    assert said(ledger) == ["Nothing alike.", "Two.", "Three."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(PDF, "a PDF"), (b"\x01\x02" * 400, "it does not contain text"), (b"Nobody speaks here.", "No turn of anybody")],
)
def test_file_that_is_no_transcript_is_refused_in_words(organiser, event, session, ledger, content, sentence):
    editor = organiser(event)
    page = send(editor, reading(editor, event).form(), "file", content, "said.vtt")
    assert page.status in {409, 422}
    assert sentence in page.errors[0]
    assert ledger.all(select(Transcript)) == []


class Zeros:
    """A body that goes on and on, and counts how much of it was read."""

    read_so_far = 0

    def read(self, size=-1):
        self.read_so_far += max(size, 0)
        return b"0" * size


def test_three_gigabytes_are_answered_with_the_limit_and_not_read(organiser, event, session, ledger):
    editor = organiser(event)
    action = reading(editor, event).form().action
    headers, body = {"Content-Type": "multipart/form-data; boundary=b"}, Zeros()
    sent = {"CONTENT_LENGTH": str(3 * 2**30), "wsgi.input": body}
    answer = editor.client.post(action, headers=headers, environ_overrides=sent)
    assert (answer.status_code, "A transcript may have up to 32 MB. Nothing was saved." in answer.text) == (413, True)
    assert body.read_so_far < 100 * 2**20
    assert ledger.all(select(Transcript)) == []


def test_unsure_name_is_answered_once_for_all_its_turns(organiser, make, event, session, ledger):
    transcript = make.transcript(session, "Anneliese Lehmann: One.", "Ben Ito: Two.", "Anneliese Lehmann: Three.")
    editor = organiser(event)
    top = address(event, f"/{transcript.public_id}")
    page = editor.get(top)
    assert "1 name needs you to say who is meant." in page.text
    page = editor.get(page.link("Say who speaks"))
    ann = next(o.get("value") for o in page.all("option") if "".join(o.itertext()) == "Ann Lee")
    page = editor.send(page.form(), speaker0=ann)
    assert "2 turns have another speaker now" in page.text
    assert "needs you to say" not in page.text
    assert [one.name for one in ledger.all(select(SpeakerAlias))] == ["Anneliese Lehmann"]
    page = editor.send(editor.get(f"{top}/labels").form(), speaker0="", remember=[])
    assert "2 turns have another speaker now" in page.text


def test_likely_speaker_stands_first_and_is_chosen_where_the_file_means_them_already(
    organiser, make, event, session, ledger
):
    other = make.session(event, "Closing")
    tobias = make.speaker("Tobias Quennell")
    make.contribution(other, speaker_id=tobias.id, role=ContributionRole.PRESENTER)
    transcript = make.transcript(session, "Tobias Quennel: One.", "Ann Lee: Two.")
    editor, top = organiser(event), address(event, f"/{transcript.public_id}/labels")
    page = editor.get(top)
    first = [(text_of(one), one.get("selected") is not None) for one in page.all("select")[0][:2]]
    assert first == [("Not answered yet", True), ("Tobias Quennell", False)]
    assert "It may be Tobias Quennell" in page.text
    again = make.transcript(other, "Tobias Quennell: One.", "Ann Lee: Two.", "TQ: Three.")
    ledger.change(ledger.one(select(Turn).where(Turn.label == "TQ", Turn.transcript_id == again.id)), speaker_id=None)
    page = editor.get(address(event, f"/{again.public_id}/labels"))
    chosen = [text_of(one) for one in page.all("option") if one.get("selected") is not None]
    assert chosen == ["Tobias Quennell", "Ann Lee (another session)", "Tobias Quennell"]


def test_turn_is_corrected_by_two_and_nothing_typed_is_lost(organiser, make, event, session, ledger):
    transcript = make.transcript(session)
    editor = organiser(event)
    page = editor.get(address(event, f"/{transcript.public_id}"))
    page = editor.get(page.link("Change what Ann Lee says"))
    first, second = page.form(f"/{ledger.all(select(Turn).order_by(Turn.position))[0].public_id}"), None
    second = page.form(first.action.rpartition("/")[2])
    editor.send(first, words="Theirs.")
    merged = editor.send(second, words="Mine.")
    assert merged.status == 409
    assert "Theirs." in merged.text
    again = merged.form(first.action.rpartition("/")[2])
    assert again.values["words"] == ["Mine."]
    page = editor.send(again)
    assert said(ledger) == ["Mine.", "Good morning to you."]
    history = editor.get(page.link("History"))
    assert ["".join(one.itertext()) for one in history.all("del")][1:] == ["Theirs.", "Good morning."]


def test_turn_is_given_to_another_split_joined_taken_out_and_put_back(organiser, make, event, session, ledger):
    transcript = make.transcript(session, "Ann Lee: One. Two. One.", "Ben Ito: Four.")
    editor = organiser(event)
    top = address(event, f"/{transcript.public_id}")
    page = editor.get(editor.get(top).link("Split what Ann Lee says"))
    refused = editor.send(page.form())
    assert refused.errors == ["Select the sentence with which the new turn begins"]
    assert editor.send(page.form(), words="One").errors == [
        "These words stand there more than once. Copy a few more from the turn"
    ]
    ben = next(o.get("value") for o in page.all("option") if "".join(o.itertext()) == "Ben Ito")
    page = editor.send(page.form(), words="Two", speaker=ben)
    assert said(ledger) == ["One.", "Two. One.", "Four."]
    page = editor.get(page.link("Split what Ben Ito says"))
    page = editor.send(page.form(), sentence="5")
    assert said(ledger) == ["One.", "Two.", "One.", "Four."]
    turn = ledger.all(select(Turn).order_by(Turn.position))[1]
    page = editor.get(f"{top}/turns/{turn.public_id}")
    page = editor.send(page.form("/join"))
    assert said(ledger) == ["One. Two.", "One.", "Four."]
    assert "This turn was joined to another." in editor.get(f"{top}/turns/{turn.public_id}").text
    last = ledger.all(select(Turn).order_by(Turn.position))[-1]
    page = editor.send(editor.get(f"{top}/turns/{last.public_id}").form("/remove"))
    assert said(ledger) == ["One. Two.", "One."]
    assert "2 turns and 1 taken out." in page.text
    only = editor.get(page.link("Show only what stands"))
    assert ("2 turns." in only.text, len(only.all("li", class_="wm-turn"))) == (True, 2)
    page = editor.get(only.link("Show 1 taken out as well"))
    editor.send(page.form("/put-back"))
    assert said(ledger) == ["One. Two.", "One.", "Four."]
    kinds = [
        one for one in ("Put back", "Removed", "Joined", "Split", "Read in") if one in editor.get(f"{top}/history").text
    ]
    assert kinds == ["Put back", "Removed", "Joined", "Split", "Read in"]


def test_words_are_found_and_what_it_says_of_itself_is_changed(organiser, make, event, session, ledger):
    transcript = make.transcript(session, "Of the first day", "Ann Lee: A café.", "Ben Ito: Two.")
    editor = organiser(event)
    page = editor.get(address(event, f"/{transcript.public_id}?find=CAFE"))
    assert "1 turn says “CAFE”." in page.text
    assert "Two." not in page.text
    page = editor.get(page.link("About"))
    assert page.form().values["introduction"] == ["Of the first day"]
    first, second = page.form(), page.form()
    editor.send(first, introduction="Of both days", fidelity="verbatim")
    page = editor.send(second, introduction="Of the second day")
    assert (page.status, "Of both days" in page.text) == (409, True)
    assert page.form().values["introduction"] == ["Of the second day"]
    found = ledger.one(select(Transcript))
    assert (found.introduction, found.fidelity) == ("Of both days", Fidelity.VERBATIM)


def test_words_that_may_identify_somebody_are_shown_to_who_publishes(organiser, make, event, session):
    transcript = make.transcript(session, "Ann Lee: Ring her on 07700 900123, please.", "Ben Ito: Yes.")
    editor = organiser(event)
    page = editor.get(address(event, f"/{transcript.public_id}/publish"))
    page = editor.get(page.link("look through words that may identify somebody"))
    assert "1 turn to look at." in page.text
    assert [text_of(one) for one in page.all("mark")] == ["07700 900123"]
    page = editor.get(page.link("Change what Ann Lee says, 1"))
    editor.send(page.forms()[0], words="Ring her, please.")
    assert "Nothing was found." in editor.get(address(event, f"/{transcript.public_id}/doubts")).text


def test_reader_and_strangers_do_not_edit(organiser, make, event, session):
    transcript = make.transcript(session)
    assert organiser(event, Role.READER).get(address(event)).status == 403
    other = make.event("Other")
    assert organiser(other).get(address(other, f"/{transcript.public_id}")).status == 404


@pytest.mark.parametrize("many", [2, 40])
def test_editor_asks_as_often_for_two_turns_as_for_many(app, organiser, make, event, session, many):
    lines = [f"{('Ann Lee', 'Ben Ito')[number % 2]}: Number {number}." for number in range(many)]
    transcript = make.transcript(session, *lines)
    editor = organiser(event)
    with statements(app) as asked:
        editor.get(address(event, f"/{transcript.public_id}"))
    assert len(asked) == 14


def test_what_was_taken_out_is_erased_for_good_and_so_is_the_file(organiser, make, event, session, ledger):
    transcript = make.transcript(session, "Ann Lee: Robin came.", "Ben Ito: Mill Lane is the street.", name="all.txt")
    editor, there = organiser(event, name="Kit Vale"), address(event, f"/{transcript.public_id}")
    first, second = ledger.all(select(Turn.public_id).order_by(Turn.position))
    turn = editor.get(f"{there}/turns/{first}")
    editor.send(turn.form(turn.address), words="Somebody came.")
    editor.send(editor.get(f"{there}/turns/{second}").form("/remove"))
    page = editor.get(f"{there}/history")
    asked = editor.get(page.link("Erase what was taken out in version 2, 2"))
    assert text_of(asked.one("div", class_="govuk-inset-text")) == "Robin"
    assert "The file that the transcript was read from still holds them." in asked.text
    done = editor.send(asked.form())
    assert "The words are erased." in done.text
    assert [text_of(one) for one in done.all("del")[1:]] == ["(5 characters erased)"]
    assert not done.has_link("Erase what was taken out in version 2, 3")
    assert "no words here that were taken out" in editor.get(asked.address).text
    standing = editor.get(f"{there}/turns/{first}/erase").text
    assert "The turn itself still stands in the text" in standing
    assert "were taken out of what" not in standing
    shown = editor.get(editor.get(there).link("Show 1 taken out as well"))
    page = editor.get(shown.link("Erase for good: what Ben Ito said, 2"))
    done = editor.send(page.form())
    assert "Erased for good Version 5, Kit Vale" in done.text
    assert "Mill Lane" not in done.text
    shown = editor.get(f"{there}?all=1")
    assert "(24 characters erased)" in shown.text
    assert "Mill Lane" not in shown.text
    assert not shown.has_link("Erase for good: what Ben Ito said, 2")
    page = editor.get(shown.link("delete this file"))
    assert "Read from" not in editor.send(page.form()).text
    assert "The original it was read from was deleted at" in editor.get(there).text
    assert "There is no file to delete." in editor.get(page.address).text
    assert editor.get(f"{there}/source").status == 404
