"""The page of the one search: what it says of what was typed, and to whom."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.events import EventState
from webapp.models.library import Dating, Precision, ResourceKind
from webapp.models.publications import Article
from webapp.services import publications


@pytest.fixture
def event(make):
    programme = make.programme("Birds", themes=["Waders"])
    event = make.event(
        "Avocets & <b>others</b>",
        programme_id=programme.id,
        themes=programme.themes,
        summary="How the avocet came back to one bay.",
        description="A **colony** of <i>avocets</i>.",
    )
    session = make.session(event, "Counting at low tide", summary="With a scope.")
    make.contribution(session, speaker_id=make.speaker("Małgorzata Wójcik", biography="Counts birds.").id)
    return event


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def publish(ledger, now):
    """Lets the articles of an issue be checked, and publishes it."""

    def run(issue):
        act = {"actor": SYSTEM, "now": now}
        for row in ledger.all(select(Article).where(Article.issue_id == issue.id).order_by(Article.id)):
            ledger.act(publications.approve, row.id, checked_by="Robin Vale", version=row.version, at=None, **act)
        ledger.act(publications.publish, issue.id, at=now, version=issue.version, **act)

    return run


def results(page):
    return [text_of(one) for one in page.all("h2", class_="wm-find__title")]


def test_finds_are_shown_with_their_passage_and_what_was_looked_for_marked(browser, event):
    page = browser.get("/search?q=avocets")
    assert results(page) == ["Avocets & <b>others</b>"]
    assert [text_of(mark) for mark in page.all("mark")] == ["Avocets", "avocet", "avocets"]
    passage = text_of(page.one("p", class_="wm-find__text"))
    assert passage == "How the avocet came back to one bay. A colony of <i>avocets</i>."
    assert "1 result Avocets" in page.text
    shown = browser.get(page.link("Avocets & <b>others</b>"))
    assert shown.heading == "Avocets & <b>others</b>"
    session = browser.get("/search?q=low+tide")
    assert "Session 14 June 2027 Avocets" in session.text
    assert browser.get(session.link("Counting at low tide")).heading == "Counting at low tide"
    # Without the letters of another language, and with a word of what somebody writes about themselves.
    assert results(browser.get("/search?q=malgorzata+wojcik+birds")) == ["Małgorzata Wójcik"]
    assert browser.get(browser.get("/search?q=malgorzata").link("Małgorzata Wójcik")).heading == "Małgorzata Wójcik"


def test_what_was_said_leads_to_the_turn_and_the_others_of_its_transcript_are_a_step_away(browser, event, make):
    session = make.session(event, "What we heard", day=1)
    said = [f"Małgorzata Wójcik: The dotterel, part {n}.\n\nGuest: Go on about it." for n in range(5)]
    make.transcript(session, *said, published=True)
    page = browser.get("/search?q=dotterels")
    assert results(page) == ["Małgorzata Wójcik, in “What we heard”"] * 3
    assert "Transcript 15 June 2027 Avocets" in page.text
    shown = browser.get([one.get("href") for one in page.all("a") if "/turns/" in one.get("href", "")][-1])
    assert shown.heading == "Transcript: What we heard"
    assert "The dotterel, part 2." in text_of(shown.one("li", class_="wm-turn--marked"))
    more = browser.get("/search" + page.link("2 more in this transcript"))
    assert len(results(more)) == 5
    assert "Only within the transcript of “What we heard”" in more.text
    assert results(browser.get("/search" + more.link("Look everywhere"))) == results(page)
    filtered = browser.get("/search?q=dotterels+wojcik&kind=turn")
    assert (len(results(filtered)), results(browser.get("/search?q=dotterels&kind=session"))) == (3, [])


def test_what_has_the_same_title_is_told_apart_by_what_it_came_out_in_who_wrote_it_and_when(
    app, browser, make, ledger, now, publish
):
    def cost():
        with statements(app) as asked:
            page = browser.get("/search?q=foreword")
        return len(asked), page

    for title in ("Heron", "Dunlin"):
        publish(make.issue(make.publication(title), "Foreword"))
    first, page = cost()
    assert [text_of(one) for one in page.all("p", class_="wm-facts")] == [
        "Article 10 May 2027 Heron, issue 1 Ann Lee",
        "Article 10 May 2027 Dunlin, issue 1 Ann Lee",
    ]
    dating = {"dated": Dating(date(2022, 6, 1), Precision.MONTH)}
    make.resource("Foreword", kind=ResourceKind.VIDEO, authors=["Ben Ito", "Ann Lee"], **dating)
    make.resource("Foreword", kind=ResourceKind.GUIDE)
    more, page = cost()
    told = [text_of(one) for one in page.all("p", class_="wm-facts")]
    assert (sorted(told[:3])[2], told[3], first) == ("Guide", "Video June 2022", more)
    # An author's name, which stands nowhere in the text, is marked where it is.
    page = browser.get("/search?q=lee&kind=article")
    assert ([text_of(one) for one in page.all("mark")], len(results(page))) == (["Lee", "Lee"], 2)


def test_every_page_has_the_field_and_the_search_itself_only_its_own(browser, event):
    for address in ("/", "/events", "/cookies", "/no-such-page"):
        field = browser.get(address).one("input", id="search-all")
        assert (field.get("name"), field.get("type")) == ("q", "search")
    page = browser.get("/search")
    assert page.all("input", id="search-all") == []
    assert "What you can find" in page.text
    assert page.one("meta", name="robots").get("content") == "noindex"


def test_nothing_found_says_what_may_help(browser, event):
    page = browser.get("/search?q=avocts")
    assert "Nothing found for “avocts”" in page.text
    assert results(browser.get("/search" + page.link("avocets"))) == ["Avocets & <b>others</b>"]
    assert "Without quotation marks" in browser.get("/search?q=%22bay+one%22").text
    narrowed = browser.get("/search?q=avocets&kind=speaker&from=1+May+2027")
    assert "Nothing found" in narrowed.text
    assert results(browser.get("/search" + narrowed.link("Look everywhere"))) == ["Avocets & <b>others</b>"]
    assert "Did you mean" not in narrowed.text


def test_filters_stay_and_wrong_ones_are_named(browser, event, make):
    theme = event.themes[0].public_id
    page = browser.get(f"/search?q=avocets&theme={theme}&to=20+June+2027")
    assert results(page) == ["Avocets & <b>others</b>"]
    assert [one.get("value") for one in page.all("option") if one.get("selected") is not None] == [theme]
    assert page.one("input", id="to").get("value") == "20 June 2027"
    wrong = browser.get("/search?q=avocets&from=31+June+2027&kind=dragon&page=x&theme=nobody")
    assert wrong.errors == ["“From” must be a real date, like 14 June 2027"]
    assert results(wrong) == []
    assert browser.get("/search?q=avocets&from=2+May+2027&to=1+May+2027").errors == [
        "“To” must be the same as or after “From”"
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("%22", 'There is no word in “"”'),
        ("%F0%9F%98%80", "There is no word in “😀”"),
        ("%25", "There is no word in “%”"),
        ("*", "There is no word"),
        ("NEAR(", "Nothing found for “NEAR(”"),
        ("a" * 6000, "That is more than can be looked for at once"),
        ("avocet+" * 1400, "That is more than can be looked for at once"),
        ("%3Cscript%3E", "Nothing found for “<script>”"),
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered_in_words(browser, event, typed, said):
    page = browser.get(f"/search?q={typed}")
    assert page.status == 200
    assert said in page.text


def test_what_is_cut_of_what_was_typed_is_said_at_the_field(browser, event):
    page = browser.get("/search?q=" + "+".join(["avocets"] * 1000))
    field = page.one("input", id="q")
    assert len(field.get("value")) == int(field.get("maxlength")) == 200
    assert "The field holds its first 200 characters." in text_of(page.one("p", id="q-cut"))
    assert field.get("aria-describedby") == "q-hint q-cut"
    # Spaces are not what was typed, however many there are.
    page = browser.get("/search?q=avocets" + "+" * 1000 + "dotterel")
    assert ("Nothing found for “avocets dotterel”" in page.text, page.all("p", id="q-cut")) == (True, [])


def test_drafts_are_shown_to_their_organisers_and_counted_for_nobody_else(app, browser, make, event):
    hidden = make.event("Avocets in draft", state=EventState.DRAFT)
    person = make.person()
    make.grant(person, Role.READER, ThingKind.EVENT, hidden.id)
    mine = Browser(app).sign_in(make.signed_in(person))
    page = mine.get("/search?q=avocets")
    assert results(page) == ["Avocets & <b>others</b>", "Avocets in draft"]
    assert "2 results" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert mine.get(page.link("Avocets in draft")).heading == "Avocets in draft"
    other = Browser(app).sign_in(make.signed_in(make.person()))
    for stranger in (browser, other):
        page = stranger.get("/search?q=avocets")
        assert results(page) == ["Avocets & <b>others</b>"]
        assert "1 result" in page.text


def test_page_asks_as_much_with_few_as_with_many(app, browser, make, event):
    def cost():
        with statements(app) as asked:
            page = browser.get("/search?q=avocets")
        return len(results(page)), len(asked)

    few = cost()
    for number in range(21):
        make.session(event, f"Avocets {number}")
    many = cost()
    assert (few[0], many[0]) == (1, 20)
    assert few[1] == many[1] <= 7
    page = browser.get("/search?q=avocets")
    assert "1 to 20 of 22 results" in page.text
    assert len(results(browser.get("/search?q=avocets&page=2"))) == 2


def test_abbreviations_are_looked_after_by_who_sets_up_events(app, make, browser, event):
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, event.programme_id)
    mine = Browser(app).sign_in(make.signed_in(person))
    assert results(browser.get("/search?q=CLT")) == []
    page = mine.get(mine.get("/manage/events").link("Abbreviations that the search knows"))
    page = mine.get(page.link("Add an abbreviation"))
    wrong = mine.send(page.form(), short="C L T", long="tide")
    assert (wrong.status, wrong.errors) == (
        422,
        [
            "Abbreviation must be one word of two letters or digits or more",
            "What it stands for must be two words or more",
        ],
    )
    done = mine.send(page.form(), short="CLT", long="counting at low tide")
    assert "The search knows “CLT” now." in done.text
    assert results(browser.get("/search?q=CLT")) == ["Counting at low tide"]
    twice = mine.send(page.form(), short="clt", long="Counting at low tide")
    assert twice.errors == ["This abbreviation is on the list with that meaning already"]
    change = mine.get(done.link("Change CLT: counting at low tide"))
    assert "It is saved." in mine.send(change.form(), short="LTC").text
    late = mine.send(change.form(), short="XYZ")
    assert late.status == 409
    assert results(browser.get("/search?q=LTC")) == ["Counting at low tide"]
    page = mine.get("/manage/abbreviations")
    gone = mine.send(mine.get(page.link("Take off the list: LTC, counting at low tide")).form())
    assert "The search does not know it any more." in gone.text
    assert results(browser.get("/search?q=LTC")) == []
