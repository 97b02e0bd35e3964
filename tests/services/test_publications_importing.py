"""Issues that were read from documents: whole or not at all, each document once, and all that is in doubt is told."""

from dataclasses import replace

import pytest

from tests.formats.journals.written import BODY, ISSUE, MORE
from tests.ledger import Ledger
from webapp.extensions import db
from webapp.formats.journals import read_pasted
from webapp.models.accounts import SYSTEM
from webapp.models.publications import LONGEST_BODY, ArticleKind, Issue
from webapp.queries import publications as queries
from webapp.services import files
from webapp.services.publications import AuthorWords, IssueWords, PublicationRefused, importing

READING = read_pasted(ISSUE)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def read_in(app, ledger, now):
    def read(publication, reading=READING, chosen=None, words=None, *, content=ISSUE):
        folder = app.config["SETTINGS"].files_path
        written = files.write(content.encode(), "text/plain", folder=folder, now=now)
        return ledger.act(
            importing.read_in,
            publication.id,
            reading,
            (written, "issue four.txt"),
            importing.suggested(reading) if chosen is None else chosen,
            words or importing.issue_words(reading),
            actor=SYSTEM,
            now=now,
        )

    return read


def test_document_becomes_a_draft_issue_with_all_its_articles(app, make, read_in):
    make.organisation("Northmoor Council")
    issue_id = read_in(make.publication()).id
    with app.app_context():
        issue = db.session.get_one(Issue, issue_id)
        assert (issue.title, issue.number, issue.state.value) == ("Nearer to Home: Working Side by Side", 1, "draft")
        assert issue.acknowledgements == "The invented programme thanks all who wrote for this issue."
        assert issue.key_messages == ["Leaders say what they value", "Teams learn from families"]
        assert (issue.source_name, issue.source_id is not None) == ("issue four.txt", True)
        articles = queries.articles_in(issue_id)
        assert [(one.title, one.kind) for one in articles] == [
            ("Foreword", ArticleKind.FOREWORD),
            ("Key Messages & Learning", ArticleKind.KEY_MESSAGES),
            ("Starting small", ArticleKind.ARTICLE),
            ("A first year in a quiet town - Northmoor's journey to Side by Side", ArticleKind.ARTICLE),
            ("What you need to know before learning together in Eastvale", ArticleKind.ARTICLE),
            ("Farewell", ArticleKind.FAREWELL),
        ]
        town = articles[3]
        # A line beside the title stands below it unless the contents say it, and a quote where it stood.
        assert [one.standfirst for one in articles[2:4]] == ["The programme shaped the plan", ""]
        words = "They listened, and then they did what they had said."
        assert town.quotes == [{"no": 1, "text": words, "who": "MESSAGE FROM A PARENT TO THE TEAM"}]
        assert "they chose" not in town.body
        assert town.body.split("\n\n")[3] == "{{quote 1}}"
        assert words not in town.body
        assert [(one.name, one.organisation_name, one.organisation_id is not None) for one in town.authors] == [
            ("Cy Vane", "Northmoor Council", True),
            ("Di Marsh", "Northmoor Council", True),
        ]


def test_what_is_in_doubt_is_told_with_its_lines(app, make, read_in):
    issue_id = read_in(make.publication(), chosen=importing.suggested(READING)[:5]).id
    with app.app_context():
        remarks = db.session.get_one(Issue, issue_id).remarks
    assert [(remark["article"], remark["sentence"].rstrip(".").split(". ")[0]) for remark in remarks] == [
        ("Foreword", "Line 47: 1 link leads nowhere in the document; only the words were kept"),
        (
            "A first year in a quiet town - Northmoor's journey to Side by Side",
            "“Northmoor: Side by Side.” beside its title is what the contents call it, and was left out of the text",
        ),
        ("", "Line 65: “Starting small” stands nowhere in the text"),
        ("", "Lines 156 to 159 are in no article: it seems to stand after the last article"),
        ("", "“Farewell” was left out of the issue"),
    ]


def test_editor_corrects_titles_and_authors(app, make, read_in):
    suggested = importing.suggested(READING)
    author = AuthorWords(name="Ada Brighton", role="Director")
    chosen = [
        replace(suggested[4], title="Learning together"),
        replace(suggested[0], kind=ArticleKind.OTHER, authors=[author]),
    ]
    issue_id = read_in(make.publication(), chosen=chosen, words=IssueWords(title="Four", number=4)).id
    with app.app_context():
        assert db.session.get_one(Issue, issue_id).number == 4
        first, second = queries.articles_in(issue_id)
        assert [(one.name, one.role) for one in first.authors] == [("Ada Brighton", "Director")]
        assert (first.kind, second.title) == (ArticleKind.OTHER, "Learning together")


def test_same_document_is_not_read_in_twice(app, make, read_in):
    journal, other = make.publication(), make.publication()
    read_in(journal)
    with pytest.raises(importing.ReadAlready, match="into issue 1, “Nearer to Home: Working Side by Side”, already"):
        read_in(journal)
    with app.app_context():
        assert len(queries.issues_of(journal.id)) == 1
    # Another document is another issue, and another publication may reprint the first.
    assert read_in(journal, content=f"{ISSUE} ").number == 2
    assert read_in(other).number == 1


def test_issue_is_read_in_whole_or_not_at_all(app, make, read_in):
    journal = make.publication()
    long = read_pasted(f"# One\n\n{BODY}\n\n# Two\n\n" + f"{MORE}\n\n" * (LONGEST_BODY // len(MORE)) + MORE)
    with pytest.raises(PublicationRefused, match="characters or fewer"):
        read_in(journal, long)
    with pytest.raises(PublicationRefused, match="Choose an article at least"):
        read_in(journal, chosen=[])
    with app.app_context():
        assert queries.issues_of(journal.id) == []


def test_sentence_set_apart_is_a_quote_below_what_it_repeats(app, make, read_in):
    reading = read_pasted(
        f"# One\n\n{MORE}\n\n{BODY}\n\nsomebody they know should listen to it\n\n{MORE}\n\n# Two\n\n{BODY}"
    )
    issue_id = read_in(make.publication(), reading, words=IssueWords(title="x")).id
    with app.app_context():
        article = queries.articles_in(issue_id)[0]
    assert article.body == f"{MORE}\n\n{BODY}\n\n{{{{quote 1}}}}\n\n{MORE}"
    assert article.quotes == [{"no": 1, "text": "somebody they know should listen to it", "who": ""}]
