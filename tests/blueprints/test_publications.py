"""Publications as everybody reads them: what is out, what is not, figures and quotes, feeds, citations."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import inspect, select

from tests.counting import statements
from tests.ledger import Ledger
from tests.uploads import picture
from webapp import clock
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.publications import Article, ArticleKind, Issue
from webapp.queries import publications as queries
from webapp.services import files
from webapp.services import publications as services
from webapp.services.publications import (
    ArticleWords,
    AuthorWords,
    DraftArticle,
    Drawn,
    FigureWords,
    IssueWords,
    QuoteWords,
)

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def act(now):
    return {"actor": SYSTEM, "now": now}


@pytest.fixture
def publish(ledger, act, now):
    """Lets all articles of an issue be checked, and publishes it in so many days."""

    def run(issue, days=0, later=None):
        for row in ledger.all(select(Article).where(Article.issue_id == issue.id).order_by(Article.id)):
            at = now + later[row.title] if later and row.title in later else None
            ledger.act(services.approve, row.id, checked_by="Robin Vale", version=row.version, at=at, **act)
        at = now + timedelta(days=days)
        return ledger.act(services.publish, issue.id, at=at, version=issue.version, **act)

    return run


def test_issue_is_read_from_its_contents_to_its_last_article(app, browser, make, ledger, act, now, publish):
    programme = make.programme("Pathways", themes=("Family help",))
    journal = make.publication("Learning <together>", programme_id=programme.id)
    articles = [
        DraftArticle(
            words=ArticleWords(title="Foreword", kind=ArticleKind.FOREWORD, body="Welcome."),
            authors=[AuthorWords(name="Cass Doe")],
        ),
        DraftArticle(
            words=ArticleWords(
                title="What we tried",
                standfirst="Three teams & a kettle.",
                body="# How\n\nIt began.\n\n{{figure 1}}\n\n{{quote 7}}\n\nIt went on.",
                key_messages=("Start small",),
                quotes=(QuoteWords(text="We listened", who="A parent", no=7), QuoteWords(text="At the end")),
            ),
            authors=[
                AuthorWords(name="Ann Lee", role="Team manager", organisation="Alder Council"),
                AuthorWords(name="Ben Ito"),
            ],
        ),
    ]
    words = IssueWords(title="Beginnings", season="Autumn 2027", number=4, key_messages=("Listen first",))
    issue = ledger.act(services.draft_issue, journal.id, words, articles, **act)
    tried = ledger.one(select(Article).where(Article.title == "What we tried"))
    with app.app_context():
        folder = app.config["SETTINGS"].files_path
        drawn = Drawn(
            written=files.write(picture(kind="JPEG"), "image/jpeg", folder=folder, now=now), width=4, height=3
        )
    described = FigureWords(alt="Two columns", caption="Calls by month", credit="Drawn by the team")
    ledger.act(services.add_figure, tried.id, drawn, described, **act)
    shown = f"/publications/pictures/{drawn.written.digest}.jpg"
    assert [browser.get(address).status for address in ("/publications", shown)] == [200, 404]
    publish(issue)

    page = browser.get(browser.get("/publications").link("Learning <together>"))
    page = browser.get(page.link("Beginnings"))
    assert "Listen first" in page.text
    assert page.text.index("Foreword Cass Doe") < page.text.index("What we tried Ann Lee, Alder Council; Ben Ito")
    page = browser.get(page.link("What we tried"))
    assert page.heading == "What we tried"
    order = ["Three teams & a kettle.", "By Ann Lee, Alder Council; Ben Ito", "Start small", "It began.", "Figure 1."]
    order += ["We listened", "It went on.", "At the end", "The authors", "Team manager, Alder Council", "Cite this"]
    places = [page.text.index(one) for one in order]
    assert places == sorted(places)
    citation = "".join(page.one("p", class_="wm-cite__text").itertext())
    start, _, address = citation.partition("https://")
    assert start == "Ann Lee and Ben Ito (2027), ‘What we tried’, Learning <together>, issue 4, Autumn 2027, "
    assert address == f"waymark.example.org/publications/articles/what-we-tried-{tried.public_id}"
    assert page.one("figure", class_="wm-plate").find(".//*[@alt]").get("alt") == "Two columns"
    assert browser.get(shown).response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.has_link("Previous article Foreword")
    assert not any(text.startswith("Next article") for text in (" ".join(a.itertext()) for a in page.all("a")))

    whole = browser.get(page.link("The whole issue on one page"))
    assert [" ".join(one.itertext()) for one in whole.all("h2") if "title" in one.get("class")] == [
        "Foreword", "What we tried"
    ]  # fmt: skip
    assert [one.text for one in whole.all("h3")] == [
        "The author", "What to take from this", "How", "The authors"
    ]  # fmt: skip

    # A slug that was renamed leads on.
    moved = browser.get(f"/publications/articles/old-name-{tried.public_id}", follow=False)
    assert (moved.status, moved.response.location) == (301, f"/publications/articles/what-we-tried-{tried.public_id}")


def test_what_is_not_out_yet_is_seen_by_its_editors_alone(app, browser, make, ledger, now, publish, act):
    journal = make.publication("Journal")
    first, second = make.issue(journal, "Out", "Late", title="First"), make.issue(journal, "Ahead", title="Second")
    publish(first, later={"Late": timedelta(days=2)})
    publish(second, days=3)
    addresses = {row.title: f"/publications/articles/{row.slug}-{row.public_id}" for row in ledger.all(select(Article))}
    addresses["Second"] = f"/publications/issues/second-{second.public_id}"
    addresses["Whole"] = f"{addresses['Second']}/print"

    def found(who):
        return {title for title, address in addresses.items() if who.get(address).status == 200}

    assert found(browser) == {"Out"}
    page = browser.get(f"/publications/issues/first-{first.public_id}")
    assert ("Out" in page.text, "Late" in page.text, "Second" in page.text) == (True, False, False)
    with clock.fixed(now + timedelta(days=2)):
        assert found(browser) == {"Out", "Late"}
    with clock.fixed(now + timedelta(days=3)):
        assert found(browser) == set(addresses)
        assert "Second" in browser.get(f"/publications/journal-{journal.public_id}").text
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, journal.programme_id)
    editor = browser.sign_in(make.signed_in(person))
    assert found(editor) == set(addresses)
    assert "This is a preview." in editor.get(addresses["Late"]).text

    ledger.act(services.take_back, first.id, **act)
    assert "Nothing has been published yet." in editor.get("/publications").text


def test_feeds_tell_of_what_came_out_last(browser, make, ledger, now, publish):
    one, other = make.publication("One & only"), make.publication("Other")
    publish(make.issue(one, "First <b>", "Ahead"), later={"Ahead": timedelta(days=1)})
    publish(make.issue(other, "Elsewhere"))
    feed = browser.get(f"/publications/one-only-{one.public_id}/articles.atom")
    assert feed.response.mimetype == "application/atom+xml"
    tree = ET.fromstring(feed.body)
    assert tree.findtext(f"{ATOM}title") == "One & only"
    (entry,) = tree.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "First <b>"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ann Lee"
    assert entry.findtext(f"{ATOM}published") == now.isoformat(timespec="seconds")
    etag = feed.response.headers["ETag"]
    address = f"/publications/one-only-{one.public_id}/articles.atom"
    assert browser.get(address, headers={"If-None-Match": etag}).status == 304
    with clock.fixed(now + timedelta(days=1)):
        assert browser.get(address, headers={"If-None-Match": etag}).status == 200
        everything = ET.fromstring(browser.get("/publications.atom").body)
    assert [one.findtext(f"{ATOM}title") for one in everything.iter(f"{ATOM}entry")] == [
        "Ahead", "Elsewhere", "First <b>"
    ]  # fmt: skip


def test_survey_is_offered_with_its_issue_while_it_is_open(browser, make, ledger, now, publish, act):
    journal = make.publication("Journal")
    survey = make.survey(title="On this issue", programme_id=journal.programme_id, open_link=True)
    issue = make.issue(journal, "One", survey_id=survey.id)
    publish(issue)
    page = browser.get(f"/publications/issues/x-{issue.public_id}")
    assert browser.get(page.link("Take the short survey: On this issue")).status == 200
    ledger.change(survey, closes_at=now)
    assert not browser.get(page.address).has_link("Take the short survey: On this issue")


def test_pages_cost_the_same_with_one_article_and_with_many(app, browser, make, ledger, now, publish):
    def cost(issue):
        with statements(app) as asked:
            browser.get(f"/publications/issues/{issue.slug}-{issue.public_id}/print")
            browser.get(f"/publications/issues/{issue.slug}-{issue.public_id}")
        return len(asked)

    journal = make.publication()
    few, many = make.issue(journal, "One"), make.issue(journal, *(f"Number {number}" for number in range(8)))
    publish(few)
    publish(many)
    assert cost(few) == cost(many) == 10


def test_latest_issue_stands_on_the_front_page_and_that_of_its_programme_from_its_time_on(
    browser, make, ledger, now, publish, act
):
    programme = make.programme("Pathways")
    issue = make.issue(make.publication("Journal", programme_id=programme.id), "One", title="Ahead")
    publish(issue, days=2)
    pages = ("/", f"/programmes/pathways-{programme.public_id}")

    def shown():
        return [browser.get(page).has_link("Ahead") for page in pages]

    assert shown() == [False, False]
    with clock.fixed(now + timedelta(days=2)):
        assert shown() == [True, True]
        ledger.act(services.take_back, issue.id, **act)
        assert shown() == [False, False]


def test_list_of_publications_loads_the_latest_of_each_and_no_long_text(app, make, publish, now):
    first, second = make.publication("Almanac"), make.publication("Bulletin")
    for number in (1, 2, 3):
        latest = publish(make.issue(first, f"One {number}", introduction="Long. " * 100))
    only = publish(make.issue(second, "Two"))
    make.issue(second, "Not out")
    with app.app_context():
        listed = queries.publications_out(now=now)
        assert [(one.publication.title, one.latest.id, one.issues) for one in listed] == [
            ("Almanac", latest.id, 3), ("Bulletin", only.id, 1)
        ]  # fmt: skip
        assert len([one for one in db.session.identity_map.values() if isinstance(one, Issue)]) == 2
        assert "introduction" in inspect(listed[0].latest).unloaded
