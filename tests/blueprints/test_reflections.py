"""Reflections at the door: begun, written together, looked through, shared and taken back, taken away as documents."""

import json
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp import clock
from webapp.models.accounts import Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.mailings import Letter
from webapp.models.reflections import (
    LONGEST_ANSWER,
    Reflection,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionDocument,
    ReflectionEntry,
)
from webapp.services import reflections as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def signed_in(app, make):
    """Gives a browser in which the person of this name is signed in."""

    def browser(name):
        return Browser(app).sign_in(make.signed_in(make.person(name.capitalize(), f"{name}@example.org")))

    return browser


@pytest.fixture
def tool(make):
    return make.framework("A tool to think with")


@pytest.fixture
def ann(signed_in):
    return signed_in("ann")


@pytest.fixture
def writing(ann, tool, browser):
    """The page of the first entry of Ann's reflection, begun from the public page of the tool."""
    page = browser.get(browser.get("/").link("Reflective tools"))
    assert page.heading == "Reflective tools"
    page = browser.get(page.link("A tool to think with"))
    assert "What about 1?" in page.text
    page = ann.get(page.link("Begin a reflection"))
    return ann.send(page.form(), title="My thoughts")


def texts(ledger):
    return dict(ledger.rows(select(ReflectionAnswer.prompt, ReflectionAnswer.text)))


def autosaved(browser, form, **values):
    """What a script sends as somebody types, and the answer."""
    page = browser.post(form.fill(**values).action, form.values, headers={"Accept": "application/json"})
    return page.status, json.loads(page.body)


def test_reflection_is_written_without_scripts_and_seen_beside_the_earlier_entry(writing, ann, ledger):
    page = ann.send(writing.form(), p2="We <b>listen</b>", title="Supervision", held_on="3 May 2027")
    assert page.heading == "My thoughts"
    assert "Only you can see it." in page.text
    assert "3 May 2027: Supervision We <b>listen</b>" in page.text

    page = ann.send(page.form("/entries"), held_on="10/5/2027", title="")
    assert "What stands on 3 May 2027: Supervision We <b>listen</b>" in page.text
    page = ann.send(page.form(), p2="We listen longer")

    assert "3 May 2027: Supervision We <b>listen</b> 10 May 2027 We listen longer" in page.text
    assert [one.get("href") for one in ann.get("/reflections").all("a") if one.text == "My thoughts"] == [page.address]
    assert ledger.all(select(ReflectionEntry.checked)) == [True, True]


def test_stranger_visitor_and_organiser_find_no_page_of_it(writing, ann, signed_in, browser, ledger, make, app):
    ann.send(writing.form(), p2="Ours alone")
    entry = writing.form().action
    base = entry.partition("/entries")[0]
    pages = [
        base,
        entry,
        f"{entry}/history",
        f"{entry}/delete",
        *(f"{base}/{one}" for one in ("word", "sharing", "title", "delete")),
    ]
    owner = make.person("Owner", "owner@example.org")
    make.grant(owner, Role.OWNER, ThingKind.SITE, 0)
    for looker in (signed_in("ben"), Browser(app).sign_in(make.signed_in(owner))):
        assert [looker.get(one).status for one in pages] == [404] * len(pages)
        assert looker.post(entry, {"p2": "x"}).status == 404
        assert "My thoughts" not in looker.get("/reflections").text
    assert {browser.get(one, follow=False).response.location.partition("?")[0] for one in pages} == {"/sign-in"}
    assert ledger.count(Reflection) == 1


def test_autosave_keeps_what_is_typed_and_brings_what_others_wrote(writing, ann, signed_in, ledger, now):
    page = ann.send(writing.form(), p2="Hers", p3="Hers too")
    ann.send(ann.get(page.link("Share")).form("/sharing"), whom="person", email="ben@example.org", may="write")
    ben = signed_in("ben")
    hers, his = (one.get(writing.form().action).form() for one in (ann, ben))

    assert autosaved(ann, hers, p2="Hers, longer")[0] == 200
    status, told = autosaved(ben, his, p3="His")
    assert (status, told["saved"], told["fields"]) == (200, "Saved at 10am", {"p2": "Hers, longer"})
    assert texts(ledger) == {2: "Hers, longer", 3: "His"}
    assert ledger.one(select(ReflectionEntry.checked)) is True

    # Both in the same answer: neither is lost, and whoever comes second sees both.
    status, told = autosaved(ben, his, version=str(told["version"]), opened=told["opened"], p2="His now")
    assert status == 200
    status, told = autosaved(ann, hers, p2="Hers, longest")
    assert (status, told["problem"]) == (409, "Somebody else changed the same answer. Press Save to see both.")
    page = ann.send(hers, p2="Hers, longest")
    assert page.status == 409
    assert page.errors == ["Ben changed this too. Choose which is to stand, and save"]
    assert "It is now His now You typed Hers, longest" in page.text
    page = ann.send(page.form(), p2="His now. Hers, longest")
    assert page.heading == "My thoughts"
    assert texts(ledger) == {2: "His now. Hers, longest", 3: "His"}

    with clock.fixed(now + timedelta(hours=1)):
        assert autosaved(ann, ann.get(hers.action).form(), p2="x" * (LONGEST_ANSWER + 1))[0] == 422
    assert texts(ledger)[2] == "His now. Hers, longest"


def test_history_shows_what_was_added_and_taken_out_and_gives_it_back(writing, ann, ledger, now):
    ann.send(writing.form(), p2="We listen to families")
    with clock.fixed(now + timedelta(hours=1)):
        ann.send(ann.get(writing.form().action).form(), p2="We listen to children first")
        page = ann.get(f"{writing.form().action}/history")
        assert [one.text for one in page.all("del", class_="wm-removed")][1:] == ["families"]
        assert [one.text for one in page.all("ins", class_="wm-added")][1:] == [
            "children first",
            "We listen to families",
        ]
        assert page.text.count("Stands now") == 1
        page = ann.send(page.form())
    assert texts(ledger) == {2: "We listen to families"}
    assert page.text.count("Stands now") == 1


def test_words_that_may_identify_a_child_are_asked_about_and_kept_with_a_reason(writing, ann, ledger):
    sly = "I visited Kayleigh Ashdown, aged 7, at 12 Harbour Road."
    page = ann.send(writing.form(), p2=sly)
    assert page.status == 422
    assert texts(ledger) == {}
    assert page.form().values["p2"] == [sly]

    assert "Nothing was saved yet." in page.text
    assert ann.get(page.link("what to do now")).heading == "Worried about a child?"

    status, told = autosaved(ann, writing.form(), p2=sly)
    assert (status, texts(ledger)) == (200, {})
    assert told["saved"].startswith("Saved at 10am for you alone: some of it may identify somebody.")
    page = ann.send(ann.get(writing.form().action).form())
    assert page.status == 422, "saved as it was typed, it is looked through when Save is pressed"
    assert "What you typed is kept, and goes no further until you decide." in page.text

    page = ann.send(page.form(), guard_choice="keep", guard_reason="Invented for training")
    assert page.heading == "My thoughts"
    assert ledger.one(select(ReflectionEntry.checked)) is True
    (details,) = ledger.all(select(Activity.details).where(Activity.verb == "text_kept"))
    assert details["reason"] == "Invented for training"
    assert "Kayleigh" not in str(details)


SLY = "We saw Kayleigh Ashdown, aged 7, at 12 Harbour Road."


def test_words_in_which_the_guard_finds_something_wait_beside_what_stands(writing, ann, signed_in, ledger, app, now):
    shown = ann.send(writing.form(), p2="We saw a family")
    ann.send(ann.get(shown.link("Share")).form("/sharing"), whom="person", email="ben@example.org", may="write")
    ben, entry = signed_in("ben"), writing.form().action
    reads = (shown.address, entry, f"{entry}/history")
    hers = ann.get(entry).form()

    status, told = autosaved(ann, hers, p2=SLY, p3="More time", title="About Kayleigh Ashdown, 7")
    assert (status, texts(ledger)) == (200, {2: "We saw a family", 3: "More time"})
    assert [any(word in ben.get(one).body for word in ("Kayleigh", "Harbour Road")) for one in reads] == [False] * 3
    assert "Harbour" not in str(
        [p.text for p in docx.Document(BytesIO(ben.get(f"{shown.address}/word").response.data)).paragraphs]
    )
    # To her they are there: in the form on any device, among what is written, in the history.
    assert ["Harbour Road" in ann.get(one).text for one in reads] == [True] * 3
    assert ann.get(entry).form().values["title"] == ["About Kayleigh Ashdown, 7"]
    # A page of hers that never saw them leaves them alone, and goes on by itself.
    assert (
        autosaved(
            ann,
            writing.form(),
            p2="We saw a family",
            version=str(told["version"]),
            opened=hers.values["opened"][0],
            p3="More time",
        )[0]
        == 200
    )
    assert SLY in ann.get(entry).text
    # Nor does it help to claim that they stood there as the page was opened.
    sly = ann.get(entry).form()
    claimed = json.dumps(json.loads(sly.values["opened"][0]) | {"p3": SLY})
    assert autosaved(ann, sly, opened=claimed, unfinished="", p3=SLY)[1]["unfinished"] == "title p2 p3"
    assert autosaved(ann, ann.get(entry).form(), p3="More time")[0] == 200
    # Put right while it is typed, it stands for all; what waited is hers to see.
    after = {name: str(told[name]) for name in ("version", "opened", "unfinished")}
    autosaved(ann, hers, **after, p2="We saw a child at home", title="")
    assert texts(ledger)[2] == "We saw a child at home"
    assert ["Harbour Road" in one.get(reads[2]).text for one in (ann, ben)] == [True, False]
    assert "Only you see this" in ann.get(reads[2]).text
    assert not ann.get(entry).form().values["unfinished"][0]
    # Back from the history they wait again, and stand once she says why.
    back = next(
        one
        for one in ann.get(reads[2]).forms()
        if SLY
        in ledger.one(select(ReflectionChange.text).where(ReflectionChange.public_id == one.action.rpartition("/")[2]))
    )
    assert ben.post(back.action, ben.get(entry).form().values).status == 404
    page = ann.send(back)
    assert (texts(ledger)[2], page.form().values["p2"]) == ("We saw a child at home", [SLY])
    page = ann.send(ann.send(page.form()).form(), guard_choice="keep", guard_reason="Invented for training")
    assert (page.heading, texts(ledger)[2]) == ("My thoughts", SLY)
    assert ["Harbour Road" in ben.get(one).text for one in reads] == [True] * 3
    # What was decided is not doubted anew as she goes on.
    autosaved(ann, ann.get(entry).form(), p2=f"{SLY} We listened.")
    assert texts(ledger)[2] == f"{SLY} We listened."


def test_words_that_wait_meet_what_another_wrote_meanwhile(writing, ann, signed_in, ledger, now):
    shown = ann.send(writing.form(), p2="We saw a family")
    ann.send(ann.get(shown.link("Share")).form("/sharing"), whom="person", email="ben@example.org", may="write")
    ben, entry = signed_in("ben"), writing.form().action
    autosaved(ann, ann.get(entry).form(), p2=SLY)
    with clock.fixed(now + timedelta(minutes=1)):
        autosaved(ben, ben.get(entry).form(), p2="By Ben", p3="Ben too")
        page = ann.get(entry)
        assert page.form().values["p2"] == [SLY]
        page = ann.send(page.form(), p2="By Ann")
        assert (page.status, texts(ledger)[2]) == (409, "By Ben")
        assert "It is now By Ben You typed By Ann" in page.text
        ann.send(page.form(), p2="By both")
    assert texts(ledger) == {2: "By both", 3: "Ben too"}
    assert not ann.get(entry).form().values["unfinished"][0]


def test_waiting_words_that_go_at_once_are_laid_aside_for_their_writer(writing, ann, ledger):
    form = writing.form()
    _, told = autosaved(ann, form, p2=SLY)
    after = {name: str(told[name]) for name in ("version", "opened", "unfinished")}
    autosaved(ann, form, **after, p2="")
    assert (texts(ledger), "Harbour Road" in ann.get(f"{form.action}/history").text) == ({}, True)


def test_sharing_opens_to_read_then_closes_at_once_and_its_letter_holds_nothing_of_it(writing, ann, signed_in, ledger):
    page = ann.send(writing.form(), p2="Ours")
    ben = signed_in("ben")
    assert ben.get(page.address).status == 404
    share = ann.get(page.link("Share"))
    assert ann.send(share.form("/sharing"), whom="person", email="not an address", may="read").status == 422
    share = ann.send(share.form("/sharing"), whom="person", email="Ben@example.org", may="read")
    assert "Ben@example.org : read, since 10 May 2027" in share.text

    assert "It is shared with you: you can read it." in ben.get(page.address).text
    assert ben.get(writing.form().action).status == 403
    assert ben.get(f"{page.address}/sharing").status == 403
    assert docx.Document(BytesIO(ben.get(f"{page.address}/word").response.data)).paragraphs[0].text == "My thoughts"
    (letter,) = ledger.all(select(Letter).where(Letter.notice == "reflection_shared"))
    assert "My thoughts" not in str(letter.facts)

    ann.send(share.form("/stop"))
    assert [ben.get(one).status for one in (page.address, f"{page.address}/word", writing.form().action)] == [404] * 3
    assert "My thoughts" not in ben.get("/reflections").text


def test_team_is_made_and_writes_together(ann, signed_in, tool, ledger):
    page = ann.send(ann.get("/reflections/teams/new").form(), name="Harbour")
    page = ann.send(page.form(), email="ben@example.org")
    assert "ben@example.org" in page.text
    ben = signed_in("ben")
    begin = ann.get(f"/tools/{tool.slug}-{tool.public_id}/begin")
    team = next(one.get("value") for one in begin.all("input", name="who") if one.get("value") != "alone")
    page = ann.send(begin.form(), who=team)
    assert ben.send(ben.get(page.form().action).form(), p2="By Ben").heading == "A tool to think with"
    assert "Changed last by Ben" in ann.get(page.address.partition("/entries")[0]).text

    at_home = ben.get("/reflections")
    assert "Written by the team “Harbour”. Begun by Ann; you can write in it." in at_home.text
    left = ben.send(ben.get(at_home.link("Harbour")).form())
    assert "You belong to none yet." in left.text
    assert ben.get(page.form().action).status == 404
    ended = ann.send(ann.get(ann.get(ann.get("/reflections").link("Harbour")).link("End the team")).form())
    assert "The team is ended." in ended.text
    assert ledger.one(select(Reflection.team_id)) is None


def test_document_is_fetched_by_who_asked_while_they_may_open_it(writing, ann, app, ledger, now):
    page = ann.send(writing.form(), p2="We <b>listen</b>")
    waiting = ann.send(page.form("/pdf"))
    assert waiting.heading == "The PDF is being made"
    assert ann.get(f"{waiting.address}/file").status == 404
    with app.app_context():
        assert services.make_pending(lambda: now) == 1
    ready = ann.get(waiting.address)
    answer = ann.get(ready.link("Download the PDF")).response
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-thoughts.pdf"
    assert answer.headers["Cache-Control"] == "no-store"

    ann.send(ann.get(page.link("Delete")).form())
    assert ann.get(waiting.address).status == 404
    assert (ledger.count(Reflection), ledger.count(ReflectionDocument)) == (0, 0)


def test_blank_tool_is_taken_into_a_meeting(browser, tool):
    page = browser.get(f"/tools/{tool.slug}-{tool.public_id}")
    answer = browser.get(page.link("Take it into a meeting as a Word document")).response
    read = [one.text for one in docx.Document(BytesIO(answer.data)).paragraphs if one.text.strip()]
    assert read == ["A tool to think with", "To think", "Families stay together", "What about 1?", "What about 2?"]


def test_bad_input_is_refused_and_changes_nothing(writing, ann, ledger):
    form = writing.form()
    assert ann.send(form, held_on="someday").errors == ["Day must be a real date, like 14 June 2027"]
    # What the page held is not known, so what was typed is put beside what stands, and saved at the next press.
    again = ann.send(writing.form(), opened="[" * 5000, version="x", p2="Kept")
    assert (again.status, again.form().values["p2"], texts(ledger)) == (409, ["Kept"], {})
    ann.send(again.form())
    assert texts(ledger) == {2: "Kept"}
    base = form.action.partition("/entries")[0]
    assert ann.get(f"{base}/entries/bcdfghjkmnpq").status == 404
    assert ann.post(form.action, {"p2": "without a token"}).status == 422
    assert ann.post(f"{form.action}/history/bcdfghjkmnpq", writing.form().values).status == 404
    assert texts(ledger) == {2: "Kept"}
