"""Publications on the organisers' side: written, checked and published; two editors; pictures; times that are none."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from tests.uploads import picture, send
from webapp import clock
from webapp.models.accounts import Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.publications import Article, ArticleVersion, Author, Figure, Issue, Publication


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Pathways", themes=("Family help", "Kinship"))


@pytest.fixture
def editor(browser, make, programme):
    person = make.person("Morgan Reed")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return browser.sign_in(make.signed_in(person))


def at(thing, part=""):
    kind = {Publication: "", Issue: "issues/", Article: "articles/"}[type(thing)]
    return f"/manage/publications/{kind}{thing.slug}-{thing.public_id}{part}"


def test_issue_is_written_checked_and_published(app, editor, make, programme, ledger):
    make.organisation("Alder Council")
    page = editor.get(editor.get("/manage/publications").link("Create a publication"))
    page = editor.send(page.form(), title="Learning together", description="About learning.")
    page = editor.send(editor.get(page.link("Create an issue")).form(), title="Beginnings", season="Autumn 2027")
    assert page.errors == []
    assert "There is no article yet." in page.text
    page = editor.send(editor.get(page.link("Add an article")).form(), title="What we tried")
    article = ledger.one(select(Article))

    # What is typed is shown as it will be read, and not saved by that.
    text = "# How it began\n\nWe <b>met</b> [here](http://example.org).\n\n{{quote 1}}\n\n{{figure 1}}\n"
    typed = {"body": text, "new1_text": "We listened", "new1_who": "A parent", "key_messages": "Start small\nGo on"}
    preview = editor.send(page.form(), preview="1", **typed)
    assert preview.heading == "Preview of “What we tried”"
    assert "How it began" in [heading.text for heading in preview.all("h3")]
    assert "We <b>met</b> [here](http://example.org)." in preview.text
    assert "is not a link: the address must begin with https:// or mailto:" in preview.text
    assert ledger.one(select(Article.body)) == ""
    form = preview.form()
    assert form.values.pop("preview", None) is None
    page = editor.send(form)
    assert ledger.one(select(Article.quotes)) == [{"no": 1, "text": "We listened", "who": "A parent"}]
    assert "The text has a place for figure 1, which is not there." in page.text
    assert "No author is named." in page.text

    page = editor.get(page.link("Change authors and themes"))
    page = editor.send(page.form(), a1_name="Ann Lee", a1_organisation="Alder Council", themes=[])
    page = editor.get(page.link("Add a figure"))
    refused = send(editor, page.form(), "picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", alt="A house")
    assert refused.errors == ["This is an SVG drawing, not a picture. Choose a JPEG, PNG or WebP file."]
    kept = send(editor, refused.form(), "picture", picture(size=(400, 200)), "a.png", alt="A" * 1001)
    # The picture waits while the words are put right.
    neither = editor.send(kept.form(), alt="", caption="A house")
    assert neither.errors == ["Enter the alternative text, or say that the picture only decorates"]
    both = editor.send(neither.form(), alt="A house", is_decoration="y")
    assert both.errors == ["Empty the alternative text, or do not say that the picture only decorates"]
    page = editor.send(both.form(), alt="", is_decoration="y")
    page = editor.send(editor.get(page.link("Change figure 1")).form(), alt="A house with a door", is_decoration=[])
    figure = ledger.one(select(Figure))
    assert (figure.no, figure.width, figure.height, figure.alt) == (1, 400, 200, "A house with a door")

    page = editor.send(editor.get(page.link("Approve")).form(), when="now")
    assert "It is approved. It comes out with its issue." in page.text
    assert "Checked by Morgan Reed" in page.text
    issue = ledger.one(select(Issue))
    public = f"/publications/articles/what-we-tried-{article.public_id}"
    assert "This is a preview." in editor.get(public).text
    later = editor.send(editor.get(at(issue, "/publish")).form(), when="later", day="1 June 2027", at="9am")
    assert "The issue is scheduled. It comes out at 9am on Tuesday 1 June 2027." in later.text
    assert "This is a preview." in editor.get(public).text
    with clock.fixed(clock.now() + timedelta(days=30)):
        read = editor.get(public)
    assert "This is a preview." not in read.text
    assert read.one("img", class_="wm-plate__picture").get("alt") == "A house with a door"
    assert ledger.count(ArticleVersion) == 3


def test_change_of_an_approved_article_has_it_checked_anew_until_it_is_out(editor, make, programme, ledger):
    issue = make.issue(make.publication(programme_id=programme.id), "One")
    article = ledger.one(select(Article))
    sent = editor.get(at(article, "/figures/new")).form()
    send(editor, sent, "picture", picture(), "a.png", alt="A house")
    editor.send(editor.get(at(article, "/write")).form(), body="Words.\n\n{{figure 1}}")
    page = editor.send(editor.get(at(article, "/approve")).form(), when="now")
    assert "If it is changed, it goes back to review." in page.text
    page = editor.send(editor.get(page.link("Change figure 1")).form(), caption="A house in spring")
    assert "The article had been approved before this change, so it is in review again." in page.text
    assert "Checked by" not in page.text

    editor.send(editor.get(at(article, "/approve")).form(), when="now")
    editor.send(editor.get(at(issue, "/publish")).form(), when="now")
    refused = editor.send(editor.get(at(article, "/figures/1/remove")).form())
    assert "The text has a place for figure 1, which is not there." in " ".join(refused.errors)
    refused = editor.send(editor.get(at(article, "/write")).form(), body="Less.\n\n{{figure 2}}")
    assert "The text has a place for figure 2, which is not there." in " ".join(refused.errors)
    assert refused.form().values["body"] == ["Less.\n\n{{figure 2}}"]
    public = f"/publications/articles/one-{article.public_id}"
    assert "Corrected on" not in editor.get(public).text
    page = editor.send(editor.get(at(article, "/figures/1")).form(), caption="A house in autumn")
    assert "in review" not in page.text
    assert "Corrected on" in editor.get(public).text


def test_picture_on_the_cover_is_described_or_said_to_decorate(editor, make, programme, ledger):
    issue = make.issue(make.publication(programme_id=programme.id), "One")
    refused = send(editor, editor.get(at(issue, "/cover")).form(), "picture", picture(), "a.png")
    assert refused.errors == ["Enter the alternative text, or say that the picture only decorates"]
    assert "The cover is saved." in editor.send(refused.form(), is_decoration="y").text
    assert ledger.one(select(Issue.cover_alt)) == ""
    editor.send(editor.get(at(issue, "/cover")).form(), alt="A harbour", is_decoration=[])
    assert ledger.one(select(Issue.cover_alt)) == "A harbour"
    editor.send(editor.get(at(issue, "/cover")).form(), alt="", removes="y")
    assert ledger.one(select(Issue.cover_id)) is None


def test_times_that_are_none_or_past_are_refused(editor, make, programme, ledger):
    issue = make.issue(make.publication(programme_id=programme.id), "One")
    editor.send(editor.get(at(ledger.one(select(Article)), "/approve")).form(), when="now")
    publishing = editor.get(at(issue, "/publish"))
    refused = editor.send(publishing.form(), when="later", day="28 March 2027", at="1:30am")
    assert refused.errors == [
        "On Sunday 28 March 2027 the clocks go forward, and there is no 1:30am: choose another time"
    ]
    assert editor.send(publishing.form(), when="later", day="", at="soon").errors == [
        "Enter the day on which it comes out",
        "Time must be a time, like 9:30am or 14:00",
    ]
    past = editor.send(refused.form(), day="3 March 2020", at="9am")
    assert (past.status, past.errors) == (
        422, ["The time must be in the future. Choose “Now” if it is to come out at once"]
    )  # fmt: skip
    assert [past.form().values[name] for name in ("when", "day", "at")] == [["later"], ["3 March 2020"], ["9am"]]


def test_approving_says_what_it_does_and_what_happened(editor, make, programme, ledger):
    issue = make.issue(make.publication(programme_id=programme.id), "One", "Two")
    one, two = ledger.all(select(Article).order_by(Article.id))
    waiting = editor.get(at(one, "/approve"))
    assert "Approve and publish" not in waiting.text
    assert "is kept with the article for its editors, and is not shown to readers." in waiting.text
    later = editor.send(waiting.form(), when="later", day="3 March 2028", at="9am")
    assert "It comes out with its issue, but not before 9am on Friday 3 March 2028." in later.text
    editor.send(editor.get(at(one, "/approve")).form(), when="now")
    live = editor.send(editor.get(at(issue, "/publish")).form(), when="now")
    assert "The issue is published. It is live now." in live.text
    approving = editor.get(at(two, "/approve"))
    assert "Approve and publish" in approving.text
    later = editor.send(approving.form(), when="later", day="3 March 2028", at="9am")
    assert "It is approved. It comes out at 9am on Friday 3 March 2028." in later.text
    assert "It is approved. It is live now." in editor.send(editor.get(at(two, "/approve")).form(), when="now").text


def test_two_who_write_at_once_lose_nothing(editor, make, programme, ledger):
    make.issue(make.publication(programme_id=programme.id), "One")
    article = ledger.one(select(Article))
    page = editor.get(at(article, "/write"))
    mine, theirs = page.form(), page.form()
    editor.send(theirs, standfirst="Theirs", new1_text="Their quote", body="Their text")
    conflict = editor.send(mine, title="Mine", new1_text="My quote", body="My text")

    assert conflict.status == 409
    assert "Somebody else changed this since you opened the page." in " ".join(conflict.errors)
    assert "Their text" in conflict.text
    assert "My text" in conflict.text
    form = conflict.form()
    assert (form.values["standfirst"], form.values["q1_text"]) == (["Theirs"], ["Their quote"])
    editor.send(form)
    stands = ledger.one(select(Article))
    assert (stands.title, stands.standfirst, stands.body) == ("Mine", "Theirs", "My text")
    assert [quote["text"] for quote in stands.quotes] == ["Their quote", "My quote"]
    # What the other wrote is kept, too.
    said = [one.said["body"] for one in ledger.all(select(ArticleVersion).order_by(ArticleVersion.number))]
    assert said == ["What One says.", "Their text", "My text"]
    history = editor.get(at(stands, "/history"))
    assert "Earlier figures are not kept, so their numbers are missing from this list." in history.text
    page = editor.get(history.link("Version 2"))
    assert "Their text" in page.text
    assert "Morgan Reed" in page.text

    # They are erased for good when that is asked for, and what was erased stands nowhere.
    asked = editor.get(editor.get(at(stands, "/history")).link("Erase the words of all earlier versions"))
    history = editor.send(asked.form())
    assert "The words of the earlier versions are erased." in history.text
    assert history.text.count("Its words were erased") == 2
    assert history.has_link("Version 3")
    assert not history.has_link("Erase the words of all earlier versions")
    assert [editor.get(f"{page.address}{part}").status for part in ("", "/bring-back")] == [404, 404]
    assert "What changed since" not in editor.get(history.link("Version 3")).text
    editor.send(asked.form())
    said = ledger.all(select(ArticleVersion.said).order_by(ArticleVersion.number))
    assert [one.get("body") for one in said] == [None, None, "My text"]
    details = ledger.all(select(Activity.details).where(Activity.verb == "article_versions_erased"))
    assert details == [{}]


def test_text_that_two_change_is_brought_together_by_paragraphs(editor, make, programme, ledger):
    make.issue(make.publication(programme_id=programme.id), "One")
    article = ledger.one(select(Article))
    body = "First {}.\n\nSecond {}.\n\nThird {}.\n\nFourth {}."
    editor.send(editor.get(at(article, "/write")).form(), body=body.format("a", "b", "c", "d"))
    mine, theirs = editor.get(at(article, "/write")).form(), editor.get(at(article, "/write")).form()
    editor.send(theirs, body=body.format("THEIRS", "b", "their c", "their d"))
    conflict = editor.send(mine, body=body.format("a", "MINE", "my c", "my d"))

    assert (conflict.status, conflict.errors[-1]) == (
        409, "Somebody else changed the same passages. Choose which are to stand, and save"
    )  # fmt: skip
    # What overlaps is marked and asked of; of the rest nothing is lost.
    legends = [legend.text for legend in conflict.all("legend")]
    assert legends[:2] == [
        f"You both changed this passage ({no} of 2). Which is to stand?" for no in (1, 2)
    ]  # fmt: skip
    assert [[one.text for one in conflict.all(tag)][1:] for tag in ("ins", "del")] == [
        ["their ", "my ", "their ", "my ", "THEIRS."], ["a."]
    ]  # fmt: skip
    form = conflict.form()
    assert form.values["body"][0].splitlines()[::2] == ["First THEIRS.", "Second MINE.", "Third my c.", "Fourth my d."]
    # A passage that was changed by hand as well is not overwritten.
    by_hand = form.values["body"][0].replace("my d", "by hand")
    refused = editor.send(form, body=by_hand, passage1_take="theirs", passage2_take="theirs")
    assert refused.status == 422
    assert refused.errors[0].startswith("You changed a passage below for which you chose the other words.")
    again = refused.form()
    assert "Third their c.\n\nFourth by hand." in again.values["body"][0].replace("\r", "")
    editor.send(again)
    assert ledger.one(select(Article.body)) == "First THEIRS.\n\nSecond MINE.\n\nThird their c.\n\nFourth by hand."


def test_version_says_what_it_changed_and_is_brought_back(editor, make, programme, ledger):
    make.issue(make.publication(programme_id=programme.id), "One")
    article = ledger.one(select(Article))
    quoted = editor.send(editor.get(at(article, "/write")).form(), body="Old a.\n\nSame b.", new1_text="We listened")
    editor.send(editor.get(quoted.link("Change authors and themes")).form(), a1_name="Ann Bell")
    editor.send(
        editor.get(at(article, "/write")).form(), title="Uno", body="Old new a.\n\nSame b.", q1_text="", kind="foreword"
    )
    page = editor.get(at(ledger.one(select(Article)), "/history/4"))
    assert "What changed since version 3" in page.text
    assert [heading.text for heading in page.all("h3")] == ["Title", "What it is", "Pull quotes", "Text"]
    assert [one.text for one in page.all("ins")][1:] == ["Uno", "Foreword", "new "]
    assert [one.text for one in page.all("del")][1:] == ["One", "Article", "1. “We listened”"]

    assert "This is what the article says now." in page.text
    second = editor.get(at(ledger.one(select(Article)), "/history/2"))
    asking = editor.get(second.link("Bring back the text of this version"))
    assert asking.heading == "Bring back the text of version 2?"
    assert [heading.text for heading in asking.all("h3")] == ["Title", "What it is", "Pull quotes", "Text"]
    form = asking.form()
    editor.send(editor.get(at(ledger.one(select(Article)), "/write")).form(), standfirst="Meanwhile")
    meanwhile = editor.send(form)
    assert (meanwhile.status, meanwhile.errors) == (409, ["Somebody changed the article since you opened the page."])
    assert "The text of version 2 is back, as a new version." in editor.send(meanwhile.form()).text
    stands = ledger.one(select(Article))
    assert (stands.title, stands.standfirst, stands.body, stands.quotes, stands.version) == (
        "One", "", "Old a.\n\nSame b.", [{"no": 1, "text": "We listened", "who": ""}], 6
    )  # fmt: skip
    assert ledger.all(select(Author.name)) == ["Ann Bell"]


def test_articles_are_put_in_order_credited_and_deleted(editor, make, programme, ledger):
    speaker = make.speaker("Ann Lee")
    issue = make.issue(make.publication(programme_id=programme.id), "One", "Two")
    page = editor.get(at(issue))
    moving = page.forms()
    down = next(form for form in moving if form.action.endswith("/move"))
    page = editor.send(down, down=ledger.all(select(Article.public_id).order_by(Article.id))[0])
    assert [" ".join(heading.itertext()) for heading in page.all("h3")] == ["Two", "One"]

    one = ledger.one(select(Article).where(Article.title == "One"))
    form = editor.get(at(one, "/authors")).form()
    assert form.values["a1_name"] == ["Ann Lee"]
    (theme, _) = editor.get(at(one, "/authors")).all("input", name="themes")
    page = editor.send(
        form, a2_name="Ben Ito", a2_place="", a1_speaker=speaker.public_id, a1_place="2", themes=[theme.get("value")]
    )
    assert "About: Family help" in page.text
    again = editor.get(at(one, "/authors")).form()
    assert [again.values[name] for name in ("a1_name", "a2_name")] == [["Ann Lee"], ["Ben Ito"]]
    page = editor.send(again, a1_place="2", a2_place="1")
    again = editor.get(at(one, "/authors")).form()
    assert [again.values[name] for name in ("a1_name", "a2_name", "a2_speaker")] == [
        ["Ben Ito"], ["Ann Lee"], [speaker.public_id]
    ]  # fmt: skip

    page = editor.send(editor.get(page.link("Delete this draft")).form())
    assert "“One” is deleted." in page.text
    assert ledger.all(select(Article.title)) == ["Two"]


def test_editors_of_other_programmes_find_nothing(browser, make, ledger):
    issue = make.issue(None, "One")
    article = ledger.one(select(Article))
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, make.programme().id)
    browser.sign_in(make.signed_in(person))
    for address in (at(issue), at(article), at(article, "/write"), f"/publications/articles/one-{article.public_id}"):
        page = browser.get(address)
        assert (page.status, "One" in page.text) == (404, False)
    assert "Learning" not in browser.get("/manage/publications").text
