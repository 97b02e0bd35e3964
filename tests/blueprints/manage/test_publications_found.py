"""An issue read in from a document: looked at, corrected, made a draft as a whole; what is no document is refused."""

import pytest
from sqlalchemy import select

from tests.formats.journals.written import ISSUE
from tests.formats.transcripts.written import docx, paragraph
from tests.ledger import Ledger
from tests.uploads import send
from webapp.blueprints.manage.publications import found as found_module
from webapp.models.accounts import Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.publications import Article, Author, Issue, WritingState


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def journal(make):
    return make.publication("Side by Side")


@pytest.fixture
def editor(browser, make, journal):
    person = make.person("Morgan Reed")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, journal.programme_id)
    return browser.sign_in(make.signed_in(person))


@pytest.fixture
def sending(editor, journal):
    """The page that a document is sent by, come to as an editor does."""
    page = editor.get(f"/manage/publications/{journal.slug}-{journal.public_id}")
    return editor.get(page.link("Import an issue from a document"))


def test_document_is_looked_at_corrected_and_made_a_draft(editor, make, sending, ledger):
    make.speaker("Ada Bright")
    page = send(editor, sending.form(), "file", ISSUE.encode("utf-16"), "four.txt")
    assert page.heading == "What was found"
    assert "6 articles, and 6 entries in the contents." in page.text
    assert "In the contents: Northmoor: Side by Side" in page.text
    assert "Lines 156 to 159 are in no article: it seems to stand after the last article. The first begins" in page.text
    assert "A speaker of the name Ada Bright is known." in page.text
    assert "It begins: Families told us that they want to tell their story once" in page.text
    # All of each can be read before anything is made of it.
    opened = page.all("details")[3]
    assert "Our counts show:" in " ".join(opened.itertext())
    form = page.form()
    assert form.values["a3_authors"][0].split("\n") == [
        "Cy Vane; Service Manager; Northmoor Council",
        "Di Marsh; Strategic Lead for Change – Family Services; Northmoor Council",
    ]
    # Nothing is made before that is said, and nothing that was typed is lost.
    assert ledger.count(Issue) == 0
    many = "\n".join(["Ann Lee"] * 13)
    refused = editor.send(form, a0_title="", a3_authors=many, a4_authors="; Lead", a5_take=[])
    assert refused.errors == [
        "Enter the title of article 1, or leave it out",
        "Name 12 authors of article 4 or fewer",
        "Begin each line of the authors of article 5 with a name",
    ]
    again = refused.form()
    assert again.values["a3_authors"] == [many]
    assert "a5_take" not in again.values
    page = editor.send(
        again, title="Nearer to home", a0_title="From us", a0_kind="other", a3_authors="Cy Vane", a4_authors=""
    )
    assert page.heading == "Nearer to home"
    assert "“Farewell” was left out of the issue." in page.text
    # Each thing to look at leads to its article, and is ticked off.
    doubts = [each for each in page.forms() if each.action.endswith("/remarks")]
    links = [link.get("href") for link in page.all("a") if link.text == "From us"]
    assert links[0].endswith("/write")
    page = editor.send(doubts[0], done="0")
    assert "Line 47: 1 link leads nowhere in the document" not in page.text
    assert "“Farewell” was left out of the issue." in page.text
    assert [remark.get("done") for remark in ledger.one(select(Issue.remarks))][:2] == [True, None]
    again = editor.send(doubts[0], done="0")
    assert (again.status, again.text) == (200, page.text)
    assert editor.send(doubts[0], done="99").errors == ["Choose one of the things to look at."]
    assert ledger.all(select(Activity.verb)).count("issue_remark_done") == 1
    issue = ledger.one(select(Issue))
    assert (issue.number, issue.source_name, issue.state.value) == (1, "four.txt", "draft")
    ledger.change(issue, state=WritingState.PUBLISHED, publishes_at=issue.created_at)
    assert "Look at this first" not in editor.get(f"/manage/publications/issues/{issue.public_id}").text
    articles = ledger.all(select(Article).order_by(Article.position))
    assert [(one.title, one.kind.value) for one in articles][:2] == [
        ("From us", "other"),
        ("Key Messages & Learning", "key_messages"),
    ]
    assert len(articles) == 5
    assert [one.name for one in ledger.all(select(Author).order_by(Author.article_id))] == ["Ada Bright", "Cy Vane"]


def test_same_document_is_refused_on_its_page_and_read_once(editor, sending, ledger):
    found_module.read_kept.cache_clear()
    numbers = []
    for _ in range(2):
        found = editor.send(sending.form(), text=ISSUE.replace("WORKING", "Issue 3, autumn 2026\n\nWORKING", 1))
        numbers = [*numbers, (found.form().values["number"], found.form().values["season"])]
        page = editor.send(found.form(), title="Nearer", season="Autumn")
    assert page.errors == [
        "This document was read into issue 3, “Nearer”, already. Change its articles there; nothing was read in again."
    ]
    assert page.form().values["season"] == ["Autumn"]
    # What the document says, unless an issue has that number already.
    assert numbers == [(["3"], ["Autumn 2026"]), (["4"], ["Autumn 2026"])]
    refused = editor.send(found.form(), **{f"a{place}_take": [] for place in range(6)})
    assert refused.errors == ["Choose an article at least"]
    assert ledger.count(Issue) == 1
    assert found_module.read_kept.cache_info().misses == 1


def test_line_of_twenty_thousand_letters_is_cut_as_a_title_and_kept_as_text(editor, sending, ledger):
    long = "somebody said this " * 1_050
    found = editor.send(sending.form(), text=f"{long}\n\nAnd more.")
    assert len(found.form().values["a0_title"][0]) == 200
    assert max(map(len, (" ".join(each.itertext()) for each in found.all("h3")))) < 200
    page = editor.send(found.form(), title="Long")
    assert "Its title is longer than 200 letters: it stands whole above the text." in page.text
    assert ledger.one(select(Article.body)) == f"{long.strip()}\n\nAnd more."


def test_what_is_no_document_is_refused_in_words(editor, sending):
    for content, words in (
        (b"", "There is nothing in this journal to read."),
        (b"\x07\x08\x01" * 400, "We could not read this file as a journal, because it does not contain text. Save the"),
        (docx(paragraph("a" * 9_000_000)), "This document would unpack to far more than a journal can be long."),
        (docx(paragraph("x"), **{"vbaProject.bin": b"x"}), "This document has macros, which run as programs."),
        (b"%PDF-1.7", "This file is a PDF, whatever its name says."),
    ):
        page = send(editor, sending.form(), "file", content, "four.docx", text="Typed besides")
        assert (page.status, [error[: len(words)] for error in page.errors]) == (422, [words])
        assert page.form().values["text"] == ["Typed besides"]


def test_nothing_sent_is_asked_for_and_too_much_is_told(editor, sending):
    assert editor.send(sending.form()).errors == ["Choose a document, or paste its text below"]
    page = send(editor, sending.form(), "file", b"a" * (33 * 1024 * 1024), "four.txt")
    assert page.status == 413
    assert "A document may have up to 32 MB. Nothing was saved." in page.text


def test_document_is_found_by_who_sent_it_alone(editor, make, app, journal, sending):
    found = editor.send(sending.form(), text=ISSUE)
    assert found.heading == "What was found"
    address = found.form().action
    person = make.person("Robin Vale")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, journal.programme_id)
    other = type(editor)(app).sign_in(make.signed_in(person))
    page = other.get(address)
    assert (page.status, page.errors) == (422, ["The document is no longer kept here. Choose it again."])
    stranger = type(editor)(app).sign_in(make.signed_in(make.person("Sam Hill")))
    assert stranger.get(address).status == 404
