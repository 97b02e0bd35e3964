"""Recordings in Chromium: played in step with the transcript by keyboard; no provider is asked before the reader is."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import DESK, PHONE, check_accessible, sign_in

pytestmark = pytest.mark.browser

# What stands in for the provider's page: it tells what it was sent, and answers as the provider's own does.
FRAME = """<!DOCTYPE html><html lang="en"><title>Video</title><p id="said"></p><script>
const heard = []
addEventListener('message', (event) => {
  const data = JSON.parse(event.data)
  if (data.event === 'listening') tell({ event: 'initialDelivery', info: { currentTime: 0 } })
  if (data.func) heard.push([data.func, ...data.args])
  if (data.func === 'seekTo') tell({ event: 'infoDelivery', info: { currentTime: data.args[0] } })
  document.getElementById('said').textContent = JSON.stringify(heard)
})
const tell = (data) => parent.postMessage(JSON.stringify(data), '*')
</script></html>"""


SHOW_CAPTIONS = """() => new Promise((done) => {
  const track = document.querySelector('audio').textTracks[0]
  track.addEventListener('cuechange', () => {
    if (track.activeCues.length) done(track.activeCues[0].getCueAsHTML().textContent)
  })
  track.mode = 'showing'
})"""


def both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        check_accessible(page)


def session(page: Page, title: str) -> None:
    page.goto("/events?when=past")
    page.get_by_role("link", name="Listening to children").click()
    page.goto(f"{page.url}/agenda")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def stop_out_of_sight(page: Page, turn: Locator) -> None:
    """On a phone, where the player is far above what is read: what stops it stands at the top, and hides nothing."""
    page.set_viewport_size(PHONE)
    page.get_by_label("Move the transcript along with the recording").press("Space")
    turn.locator(".wm-turn__time").press("Enter")
    bar = page.get_by_role("group", name="Recording, out of sight")
    expect(bar).to_contain_text(re.compile(r"0:00:\d\d"))
    check_accessible(page)
    page.evaluate("document.activeElement.scrollIntoView()")
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(
            "document.activeElement.getBoundingClientRect().top"
            " >= document.querySelector('.wm-playing').getBoundingClientRect().bottom"
        )
    bar.get_by_role("button", name="Pause").press("Enter")
    assert page.evaluate("document.querySelector('audio').paused")
    bar.get_by_role("button", name="Play", exact=True).press("Enter")
    bar.get_by_role("button", name="Close").press("Enter")
    expect(bar).to_be_hidden()
    expect(turn).to_be_focused()
    assert page.evaluate("document.querySelector('audio').paused")


def test_transcript_runs_along_with_its_recording_and_leads_to_each_moment(open_page: Callable[..., Page]) -> None:
    page = open_page()
    session(page, "From words to plans")
    both_sizes(page)
    page.get_by_role("link", name="Read the transcript").press("Enter")
    expect(page.locator("audio")).to_be_visible()
    both_sizes(page)
    turns = page.locator(".wm-turn")
    assert page.evaluate("document.querySelector('audio').textTracks[0].mode") == "disabled"

    # By Tab to the time of the fourth turn, and by Enter there.
    fourth = turns.nth(3)
    turns.nth(3).get_by_role("link").first.focus()
    page.keyboard.press("Tab")
    time = fourth.locator(".wm-turn__time")
    expect(time).to_be_focused()
    page.keyboard.press("Enter")
    expect(fourth).to_have_attribute("aria-current", "true")
    expect(page.locator("[aria-current=true].wm-turn")).to_have_count(1)
    starts = float(fourth.get_attribute("data-starts") or 0) / 1000
    assert page.evaluate("document.querySelector('audio').currentTime") >= starts
    assert page.evaluate("location.search") == ""

    # Captions are offered, and say what is being said.
    cue = page.evaluate(SHOW_CAPTIONS)
    words = " ".join(fourth.locator(".wm-turn__words").inner_text().split())
    assert " ".join(cue.split()) in words

    # It scrolls only for who wishes it.
    page.evaluate("document.querySelector('audio').pause()")
    page.evaluate("scrollTo(0, 0)")
    last = turns.last
    moment = float(last.get_attribute("data-starts") or 0) / 1000 + 1
    page.evaluate("moment => { document.querySelector('audio').currentTime = moment }", moment)
    expect(last).to_have_attribute("aria-current", "true")
    assert page.evaluate("scrollY") == 0
    page.get_by_label("Move the transcript along with the recording").press("Space")
    expect(last).to_be_in_viewport(ratio=1)

    stop_out_of_sight(page, fourth)

    # The address of a turn leads to its moment, with scripts and without.
    address = fourth.get_by_role("link", name="Link to").get_attribute("href") or ""
    lasting = fourth.locator(".wm-turn__time").get_attribute("href") or ""
    for scripts in (True, False):
        again = open_page(scripts=scripts)
        for where in (address, f"{urlsplit(page.url).path}{lasting}"):
            again.goto(where)
            expect(again.locator(".wm-turn--marked")).to_have_attribute("id", fourth.get_attribute("id") or "")
            source = again.locator("audio").get_attribute("src") or ""
            assert int(float(source.partition("#t=")[2])) == int(starts)


def add_video(editor: Page) -> str:
    """Add a video at a provider by forms alone; gives the path of the session."""
    sign_in(editor, "organiser@example.org")
    session(editor, "From words to plans")
    path = urlsplit(editor.url).path
    event, part = re.findall(r"-([a-z0-9]{12})(?:/|$)", path)
    editor.goto(f"/manage/events/{event}/recordings")
    editor.goto(f"/manage/events/{event}/recordings/sessions/{part}/add")
    editor.get_by_label("Address of the recording").fill("https://youtu.be/demonstrati")
    editor.get_by_label("Title (optional)").fill("As a video")
    editor.get_by_role("button", name="Add it").press("Enter")
    editor.get_by_role("button", name="Publish As a video").press("Enter")
    expect(editor.get_by_text("It is published.")).to_be_visible()
    return path


def test_provider_is_asked_for_nothing_before_the_reader_agrees(open_page: Callable[..., Page]) -> None:
    editor = open_page(scripts=False)
    path = add_video(editor)
    page = open_page()
    asked: list[str] = []

    def elsewhere(route: Route) -> None:
        if route.request.url.startswith(f"http://{urlsplit(editor.url).netloc}/"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.fulfill(body=FRAME, content_type="text/html")

    page.context.route("**/*", elsewhere)
    page.goto(f"{path}/transcript")
    page.get_by_role("link", name="As a video").press("Enter")
    both_sizes(page)
    load = page.get_by_role("button", name="Load the video from YouTube")
    expect(load).to_be_visible()
    along = page.get_by_label("Move the transcript along with the recording")
    expect(along).to_be_hidden()
    # A jump without a video leads to the question.
    page.locator(".wm-turn").nth(2).locator(".wm-turn__time").press("Enter")
    expect(load).to_be_focused()
    assert asked == []
    load.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#said")).to_have_text("[]")
    starts = int(page.locator(".wm-turn").nth(2).get_attribute("data-starts") or 0) / 1000
    assert [one.partition("?")[0] for one in asked] == ["https://www.youtube-nocookie.com/embed/demonstrati"]
    assert f"start={int(starts)}&" in asked[0]
    check_accessible(page)

    fifth = page.locator(".wm-turn").nth(4)
    seconds = int(fifth.get_attribute("data-starts") or 0) / 1000
    fifth.locator(".wm-turn__time").press("Enter")
    expect(frame.locator("#said")).to_have_text(json.dumps([["seekTo", seconds, True], ["playVideo"]]).replace(" ", ""))
    expect(fifth).to_have_attribute("aria-current", "true")
    expect(along).to_be_visible()

    # It is remembered for this visit, and can be taken back.
    page.reload()
    page.get_by_role("button", name="Remove the video and ask again").press("Enter")
    expect(load).to_be_focused()
    expect(page.locator("iframe")).to_have_count(0)
    page.reload()
    expect(load).to_be_visible()
    assert len(asked) == 2

    # Without scripts the way there is a link.
    plain = open_page(scripts=False)
    plain.goto(urlsplit(page.url).path + "?" + urlsplit(page.url).query)
    link = plain.get_by_role("link", name="Watch on YouTube")
    expect(link).to_have_attribute("href", re.compile("^https://www.youtube.com/watch[?]v=demonstrati"))
    expect(plain.get_by_role("button", name="Load the video")).to_have_count(0)


def test_pages_of_those_who_look_after_recordings(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sign_in(page, "organiser@example.org")
    page.goto("/events?when=past")
    address = page.get_by_role("link", name="Listening to children").get_attribute("href") or ""
    page.goto(f"/manage{address}/recordings")
    both_sizes(page)
    page.get_by_role("link", name="In their own words", exact=True).click()
    both_sizes(page)
    top = page.url
    for name in ("Change A video", "Remove A video", "An address at YouTube", "A film or sound as a file"):
        page.goto(top)
        page.get_by_role("link", name=name).click()
        both_sizes(page)
    # A file that is too large is not even begun to be sent.
    page.get_by_label("Film or sound").evaluate("input => { input.dataset.most = 3 }")
    page.get_by_label("Film or sound").set_input_files({"name": "a.wav", "mimeType": "audio/wav", "buffer": b"RIFF"})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("a recording may have up to")).to_be_visible()
    assert page.url.endswith("/upload")
