"""Communities in Chromium: a member by keyboard and without scripts, a moderator, and a stranger."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PASSWORD, PHONE, Running, check_accessible, sign_in
from tests.browser.test_journeys import letter_to

pytestmark = pytest.mark.browser

MEMBER = "practitioner@example.org"
PRIVATE = "Wave one: what we would do again"
TOPIC = "What we tell wave two on their first day"
PUBLIC = "Pathways exchange"
MODERATOR = "organiser@example.org"
SAY, ANSWER = "What do you want to say?", "Your answer"
FARTHEST = 120


def both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus, as somebody does who has no mouse."""
    target.wait_for()
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"not reached by Tab: {target}")


def press(page: Page, target: Locator) -> None:
    go_to(page, target)
    page.keyboard.press("Enter")


def test_member_reads_on_answers_and_mutes_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, MEMBER)
    page.goto("/communities")
    both_sizes(page)
    press(page, page.get_by_role("link", name=PRIVATE, exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(PRIVATE)
    both_sizes(page)
    press(page, page.get_by_role("link", name=f"new posts in {TOPIC}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TOPIC)
    # The first that is new has the place from which the keyboard goes on.
    new = page.locator(page.url[page.url.index("#") :])
    expect(new).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert new.evaluate("one => one.contains(document.activeElement)")
    both_sizes(page)

    field = page.get_by_label(ANSWER, exact=True)
    go_to(page, page.get_by_role("toolbar").get_by_role("button", name="Bold"))
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type("Say who answers the telephone")
    for _ in "telephone":
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Say who answers the **telephone**")
    press(page, page.get_by_role("button", name="Preview"))
    expect(page.locator("#preview strong")).to_have_text("telephone")
    press(page, page.get_by_role("button", name="Send the answer"))
    sent = page.locator(".wm-post", has_text="Say who answers the telephone")
    expect(sent.locator("strong")).to_have_text("telephone")
    expect(sent).to_be_in_viewport()

    press(page, page.get_by_role("button", name="Mute", exact=True))
    expect(page.get_by_text("You muted it: you get no e-mails about it.")).to_be_visible()

    press(page, page.get_by_label("Breadcrumb").get_by_role("link", name=PRIVATE))
    press(page, page.get_by_role("button", name="Begin a topic"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin a topic")
    both_sizes(page)
    page.go_back()
    press(page, page.get_by_role("link", name="Board of emerging issues"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Emerging issues")
    both_sizes(page)


def test_member_asks_without_scripts_and_accepts_an_answer(open_page: Callable[..., Page]) -> None:
    asker = open_page(scripts=False, phone=True)
    sign_in(asker, MEMBER)
    asker.goto("/communities")
    asker.get_by_role("link", name=PUBLIC, exact=True).click()
    asker.get_by_role("button", name="Begin a topic").click()
    asker.get_by_label("Question", exact=False).first.check()
    asker.get_by_label("Title").fill("Who brings the biscuits?")
    asker.get_by_label(SAY, exact=True).fill("Kayleigh Ashdown, aged 7, asks who **brings** them.")
    accepts = asker.get_by_label("I have read the rules of conduct")
    if accepts.count():
        accepts.check()
    asker.get_by_role("button", name="Publish the topic").click()
    expect(asker.get_by_role("heading", name="Could this identify a child or a family?")).to_be_visible()
    expect(asker.get_by_label("Change the text above myself")).to_be_checked()
    asker.get_by_label(SAY, exact=True).fill("A child asks who **brings** them.")
    asker.get_by_role("button", name="Preview").click()
    expect(asker.locator("#preview strong")).to_have_text("brings")
    asker.get_by_role("button", name="Publish the topic").click()
    expect(asker.get_by_role("heading", level=1)).to_have_text("Who brings the biscuits?")
    expect(asker.locator(".wm-post")).to_contain_text(["A child asks who brings them."])

    other = open_page(scripts=False)
    sign_in(other, MODERATOR)
    other.goto(asker.url)
    other.get_by_role("button", name="I have this question too").click()
    other.get_by_label(ANSWER, exact=True).fill("Whoever comes last.")
    other.get_by_role("button", name="Send the answer").click()
    expect(other.locator(".wm-post")).to_contain_text(["A child asks", "Whoever comes last."])

    asker.reload()
    expect(asker.get_by_text("1 other has this question too")).to_be_visible()
    asker.get_by_role("button", name="This answers it").click()
    expect(asker.locator(".wm-post--answer")).to_contain_text("Whoever comes last.")
    expect(asker.locator(".wm-topic-head")).to_contain_text("Answered")


def test_moderator_takes_a_reported_post_away_and_keeps_the_topic(
    open_page: Callable[..., Page], running: Running
) -> None:
    page = open_page()
    sign_in(page, MODERATOR)
    page.goto("/communities")
    page.get_by_role("link", name="What waits for moderators").click()
    page.get_by_role("link", name="written by Idris Quayle").filter(has_text="dvertis").click()
    words = page.get_by_role("article").inner_text()
    assert "a very good two-day course" in words
    page.get_by_role("button", name="I will look at it").click()
    expect(page.get_by_text("You do, since")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Redact it").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("Tell the writer why")
    page.get_by_label("What do you tell its writer?").fill("Prices have no place here. Tell what you learnt there.")
    page.get_by_role("button", name="Decide").click()
    told = letter_to(running, "idris.quayle@example.org", PUBLIC).get_body(("plain",))
    assert told is not None
    assert "Prices have no place here." in told.get_content()

    page.get_by_role("article").get_by_role("link").first.click()
    posts = page.get_by_role("list", name="Posts")
    expect(posts).to_contain_text("A moderator took this post away.")
    expect(posts).not_to_contain_text("two-day course")
    head = page.locator(".wm-topic-head")
    page.get_by_role("button", name="Pin this topic").click()
    expect(head).to_contain_text("Pinned")
    page.get_by_role("button", name="Close this topic").click()
    expect(head).to_contain_text("Closed")
    expect(page.get_by_label(ANSWER, exact=True)).to_have_count(0)
    check_accessible(page)


def test_stranger_reads_what_is_public_and_signs_in_for_the_rest(open_page: Callable[..., Page]) -> None:
    member = open_page(scripts=False)
    sign_in(member, MEMBER)
    member.goto("/communities")
    address = member.get_by_role("link", name=PRIVATE, exact=True).get_attribute("href")
    member.goto(str(address))
    topic = str(member.get_by_role("link", name=TOPIC, exact=True).get_attribute("href"))

    page = open_page(phone=True)
    page.goto("/communities")
    expect(page.get_by_role("link", name=PRIVATE)).to_have_count(0)
    page.get_by_role("link", name=PUBLIC, exact=True).click()
    page.get_by_role("link", name="What is a lead practitioner?", exact=True).click()
    expect(page.locator(".wm-post--answer")).to_contain_text("Amina Falkirk-Osei")
    expect(page.get_by_text("Sign in to write here.")).to_be_visible()
    check_accessible(page)

    for text, found in ((TOPIC, 0), ("What is a lead practitioner?", 1)):
        page.goto(f"/search?{urlencode({'q': text})}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Search")
        expect(page.locator(".wm-finds").get_by_role("link", name=text)).to_have_count(found)

    page.goto(topic)
    expect(page.get_by_role("main")).not_to_contain_text(TOPIC)
    page.get_by_role("main").get_by_role("link", name="sign in").click()
    page.get_by_role("link", name="Sign in with a password instead").click()
    page.get_by_label("E-mail address").fill(MEMBER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TOPIC)
