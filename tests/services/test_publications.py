"""Publications: drafts begun whole, changes kept, what is checked before publication, when each is out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind, Viewer, Visitor
from webapp.models.activity import Activity
from webapp.models.publications import Article, ArticleKind, Figure, Issue
from webapp.queries import passages
from webapp.queries import publications as queries
from webapp.queries.passages import Narrowing
from webapp.searching import ask
from webapp.services import files
from webapp.services import publications as services
from webapp.services.publications import (
    ArticleWords,
    AuthorWords,
    DraftArticle,
    IssueWords,
    NotReady,
    PublicationChanged,
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


def titles(text, now, viewer=None):
    narrowing = Narrowing(let_through=passages.tags_come_out(now=now))
    found = passages.find_passages(ask(text), narrowing, viewer=viewer or Visitor(), page=1)
    counted = passages.count_found([ask(text)], narrowing, viewer=viewer or Visitor(), most=100)
    assert counted == [found.total]
    db.session.rollback()
    return [hit.title for hit in found.rows]


def test_article_is_found_once_it_is_out_and_not_before(context, ledger, make, act, now):
    journal = make.publication("Almanac")
    words = IssueWords(title="Kestrels", introduction="On falcons.")
    texts = {"Curlews": "Of *whimbrels* and\n\n{{quote 1}}", "Herons": "Of bitterns.", "Terns": "Of skuas."}
    drafts = [
        DraftArticle(
            words=ArticleWords(title=title, body=body, quotes=(QuoteWords(text="An avocet"),)),
            authors=[AuthorWords(name="Ines Okafor", organisation="Heron Council")],
        )
        for title, body in texts.items()
    ]
    issue = ledger.act(services.draft_issue, journal.id, words, drafts, **act)
    rows = ledger.all(select(Article).order_by(Article.id))
    for row, days in zip(rows[:2], (None, 5), strict=True):
        at = now + timedelta(days=days) if days else None
        ledger.act(services.approve, row.id, checked_by="Robin Vale", version=1, at=at, **act)
    assert titles("okafor", now) == titles("falcons", now) == []
    ledger.act(services.publish, issue.id, at=now + timedelta(days=2), version=1, **act)

    assert titles("okafor", now) == titles("falcons", now) == titles("kestrels", now) == []
    editor = Viewer(
        id=1, public_id="b" * 12, name="Ann", email="ann@example.org", session_token="s",
        grants=frozenset({(Role.ORGANISER, ThingKind.PROGRAMME, journal.programme_id)}),
    )  # fmt: skip
    assert titles("bittern", now, editor) == ["Herons"]
    then = now + timedelta(days=2)
    assert titles("okafor", then) == titles("whimbrel", then) == titles("avocet", then) == ["Curlews"]
    assert titles("falcon", then) == ["Kestrels: Almanac, issue 1"]
    assert titles("bittern", now + timedelta(days=5)) == ["Herons"]

    # What came out long ago is settled, and found without being asked for; nothing else changed by that.
    assert ledger.act(services.settle, now=then) == 1
    with context.app_context():
        assert passages.tags_come_out(now=then) == ()
    assert (titles("okafor", then), titles("bittern", then)) == (["Curlews"], [])
    assert ledger.act(services.settle, now=then) == 0
    later = {"actor": SYSTEM, "now": then}
    ledger.act(services.write, rows[0].id, ArticleWords(title="Dunlins", body="Of knots."), version=1, **later)
    assert (titles("whimbrel", then), titles("knots", then)) == ([], ["Dunlins"])
    ledger.act(services.take_article_back, rows[0].id, **act)
    assert titles("knots", then) == []
    ledger.act(services.take_back, issue.id, **act)
    assert titles("falcon", then) == []


def test_what_is_missing_stands_in_the_way_and_who_checked_is_kept(ledger, make, act, now):
    issue = make.issue(None, "One")
    (article,) = ledger.all(select(Article))
    with pytest.raises(NotReady, match="No article is checked and ready yet"):
        ledger.act(services.publish, issue.id, at=now, version=1, **act)
    ledger.act(services.write, article.id, ArticleWords(title="One", body="{{figure 2}}"), version=1, **act)
    with pytest.raises(NotReady, match="The text has a place for figure 2, which is not there"):
        ledger.act(services.approve, article.id, checked_by="Robin Vale", version=2, **act)
    ledger.act(services.write, article.id, ArticleWords(title="One", body="Words."), version=2, **act)
    with pytest.raises(PublicationChanged):
        ledger.act(services.approve, article.id, checked_by="Robin Vale", version=2, **act)
    for _ in range(2):
        ledger.act(services.approve, article.id, checked_by="Robin Vale", version=3, **act)
        ledger.act(services.publish, issue.id, at=now, version=1, **act)
    stands = ledger.one(select(Article))
    assert (stands.checked_by, stands.checked_version, stands.was_corrected) == ("Robin Vale", 3, False)
    with pytest.raises(PublicationRefused, match="out already"):
        ledger.act(services.publish, issue.id, at=now + timedelta(days=1), version=2, **act)
    with pytest.raises(PublicationRefused, match="Return the article to draft"):
        ledger.act(services.remove, article.id, **act)
    ledger.act(services.write, article.id, ArticleWords(title="One", body="Better words."), version=3, **act)
    assert ledger.one(select(Article)).was_corrected
    verbs = ledger.all(select(Activity.verb).where(Activity.thing_kind != ThingKind.PUBLICATION).order_by(Activity.id))
    assert verbs == [
        "issue_created", "article_changed", "article_changed", "article_approved", "issue_published", "article_changed"
    ]  # fmt: skip


def test_pictures_of_publications_are_not_swept(app, ledger, make, act, now, tmp_path):
    issue = make.issue(None, "One")
    (article,) = ledger.all(select(Article))
    for number, content in enumerate((b"figure", b"cover", b"nobody's")):
        written = files.write(content, "image/jpeg", folder=tmp_path, now=now)
        if number == 0:
            drawn = services.Drawn(written=written, width=4, height=3)
            ledger.act(services.add_figure, article.id, drawn, services.FigureWords(alt="A"), **act)
        elif number == 1:
            ledger.act(services.set_cover, issue.id, written, "A", **act)
        else:
            ledger.act(files.keep, written, now=now)
    assert ledger.act(files.forget_unused, now=now + timedelta(days=2)) == 1
    # A number that was given is not given again, and what is taken out goes.
    ledger.act(services.remove_figure, article.id, 1, **act)
    written = files.write(b"figure", "image/jpeg", folder=tmp_path, now=now)
    drawn = services.Drawn(written=written, width=4, height=3)
    assert ledger.act(services.add_figure, article.id, drawn, services.FigureWords(), **act).no == 2


def test_what_was_checked_is_what_comes_out(ledger, make, act, now, tmp_path):
    issue = make.issue(None, "One")
    (article,) = ledger.all(select(Article))
    drawn = services.Drawn(written=files.write(b"figure", "image/jpeg", folder=tmp_path, now=now), width=4, height=3)
    described = services.FigureWords(alt="A house")
    unchecked = ArticleWords(title="One", body="Nobody checked this.")
    changes = [
        (services.write, {"words": unchecked}),
        (services.credit, {"authors": [AuthorWords(name="Ben Ito")], "theme_ids": []}),
        (services.add_figure, {"picture": drawn, "words": described}),
        (services.change_figure, {"no": 1, "words": services.FigureWords(alt="A door")}),
        (services.remove_figure, {"no": 1}),
    ]
    for number, (change, words) in enumerate(changes, start=1):
        ledger.act(services.approve, article.id, checked_by="Robin Vale", version=number, **act)
        # The same once more is no change, and takes nobody's check away.
        ledger.act(services.write, article.id, ArticleWords(title="One", body=ledger.one(select(Article.body))),
                   version=number, **act)  # fmt: skip
        assert ledger.one(select(Article)).checked_version == number
        version = {} if change in {services.add_figure, services.remove_figure} else {"version": number}
        ledger.act(change, article.id, **words, **version, **act)
        stands = ledger.one(select(Article))
        assert (stands.version, stands.state.value, stands.checked_by, stands.checked_version) == (
            number + 1, "review", "", None
        )  # fmt: skip
        assert ledger.all(select(Activity.verb).order_by(Activity.id))[-1] == "article_back_in_review"
        with pytest.raises(NotReady, match="No article is checked and ready yet"):
            ledger.act(services.publish, issue.id, at=now, version=1, **act)


def test_change_of_what_is_out_leaves_nothing_missing(ledger, make, act, now, tmp_path):
    issue = make.issue(None, "One")
    (article,) = ledger.all(select(Article))
    drawn = services.Drawn(written=files.write(b"figure", "image/jpeg", folder=tmp_path, now=now), width=4, height=3)
    ledger.act(services.add_figure, article.id, drawn, services.FigureWords(alt="A house"), **act)
    placed = ArticleWords(title="One", body="Words.\n\n{{figure 1}}")
    ledger.act(services.write, article.id, placed, version=2, **act)
    ledger.act(services.approve, article.id, checked_by="Robin Vale", version=3, **act)
    ledger.act(services.publish, issue.id, at=now, version=1, **act)
    for change, words, missing in (
        (services.add_figure, {"picture": drawn, "words": services.FigureWords()}, "Figure 2 has no alternative text"),
        (services.change_figure, {"no": 1, "words": services.FigureWords(), "version": 3}, "Figure 1 has no alternat"),
        (services.remove_figure, {"no": 1}, "The text has a place for figure 1, which is not there"),
        (services.write, {"words": ArticleWords(title="One", body="{{quote 4}}"), "version": 3}, "place for quote 4"),
        (services.credit, {"authors": [], "theme_ids": [], "version": 3}, "No author is named"),
    ):
        with pytest.raises(PublicationRefused, match=f"would leave something missing. .*{missing}"):
            ledger.act(change, article.id, **words, **act)
    assert not ledger.one(select(Article)).was_corrected
    # What was missing before may be put right bit by bit.
    ledger.change(ledger.one(select(Figure)), alt="")
    ledger.act(services.write, article.id, ArticleWords(title="One", body="{{figure 1}}"), version=3, **act)
    stands = ledger.one(select(Article))
    assert (stands.version, stands.state.value, stands.checked_version, stands.was_corrected) == (
        4, "published", 3, True
    )  # fmt: skip
