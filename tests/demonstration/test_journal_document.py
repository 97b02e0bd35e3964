"""The document of the invented journal goes the way that every document goes."""

import pytest

from webapp.demonstration.journal_document import DOCUMENT
from webapp.formats.journals import Kind, read_journal

pytestmark = pytest.mark.memory


def test_document_of_the_journal_is_told_apart() -> None:
    reading = read_journal(DOCUMENT.encode())
    assert [(article.kind, article.title) for article in reading.articles] == [
        (Kind.FOREWORD, "Foreword"),
        (Kind.KEY_MESSAGES, "Key messages"),
        (Kind.ARTICLE, "A quiet half hour"),
        (Kind.ARTICLE, "Wednesdays at one table - how Larkstone stopped sending letters"),
        (Kind.ARTICLE, "What the counts cannot say"),
        (Kind.FAREWELL, "Farewell"),
    ]
    assert [[author.name for author in article.authors] for article in reading.articles] == [
        ["Ngozi Thistlewood"],
        [],
        ["Małgorzata Wrzesińska"],
        ["Zeynep Arkwright"],
        ["Calum Strathdearn"],
        ["Jo Lund"],
    ]
    # What makes it worth looking at: a title that stands nowhere, and a page behind the last article.
    assert [remark.line for remark in reading.remarks] == [69]
    assert [line.text for line in reading.unplaced] == [
        "Paper Kite Youth Collective",
        "The Collective lent us its printer, and would like it back.",
    ]
