"""Publications: drafts begun whole, changes kept, what is checked before publication, when each is out."""

import pytest

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.publications import ArticleKind, Issue
from webapp.queries import publications as queries
from webapp.services import publications as services
from webapp.services.publications import (
    ArticleWords,
    AuthorWords,
    DraftArticle,
    IssueWords,
    PublicationRefused,
    QuoteWords,
)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def act(now):
    return {"actor": SYSTEM, "now": now}


def test_issue_read_in_is_a_draft_with_its_articles_in_order(app, ledger, make, act):
    make.organisation("Alder Council", "Alder CC")
    journal = make.publication()
    foreword = DraftArticle(
        words=ArticleWords(title="Foreword", kind=ArticleKind.FOREWORD, body="Welcome to *all*."),
        authors=[AuthorWords(name="Ann Lee", role="Director", organisation="alder cc")],
    )
    second = DraftArticle(
        words=ArticleWords(
            title="What we tried",
            body="First.\n\n{{quote 3}}",
            key_messages=("Start small",),
            quotes=(QuoteWords(text="We listened", who="A parent", no=3), QuoteWords(text="And again")),
        )
    )
    remark = {"article": "What we tried", "sentence": "No author is named."}
    words = IssueWords(title="Beginnings", season="Autumn 2027")
    issue_id = ledger.act(services.draft_issue, journal.id, words, [foreword, second], remarks=[remark], **act).id

    with app.app_context():
        issue = db.session.get_one(Issue, issue_id)
        assert (issue.number, issue.title, issue.state.value, issue.remarks) == (1, "Beginnings", "draft", [remark])
        first, last = queries.articles_in(issue_id)
        assert [(one.title, one.kind, one.state.value) for one in (first, last)] == [
            ("Foreword", ArticleKind.FOREWORD, "draft"),
            ("What we tried", ArticleKind.ARTICLE, "draft"),
        ]
        # The name stands as it was typed, joined to the organisation that is known by it.
        (author,) = first.authors
        assert (author.name, author.organisation_name, author.organisation_id is not None) == (
            "Ann Lee", "alder cc", True
        )  # fmt: skip
        assert last.quotes == [
            {"no": 3, "text": "We listened", "who": "A parent"},
            {"no": 4, "text": "And again", "who": ""},
        ]
    # The next is the next in number, and none has the number of another.
    assert ledger.act(services.draft_issue, journal.id, IssueWords(title="More"), **act).number == 2
    with pytest.raises(PublicationRefused, match="There is an issue 1 already"):
        ledger.act(services.draft_issue, journal.id, IssueWords(title="Again", number=1), **act)
