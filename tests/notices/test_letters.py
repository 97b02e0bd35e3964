"""Each kind of letter: what it says in both forms, against what was agreed, and where its links lead."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest

from config import ROOT
from tests.notices.examples import ABROAD, EVENT, FACTS, PLACE, letter
from webapp.models.events import Mode

pytestmark = pytest.mark.memory

SNAPSHOTS = Path(__file__).parent / "snapshots"
HTML = "{http://www.w3.org/1999/xhtml}"
BASE = "https://waymark.example.org"
SESSION_PLACE = {"events.join", "sign_ups.give_up"}
OF_POST = {"communities.post", "communities.letters", "communities.stop_letters"}
PLACE_PAGES = {"events.join", "registrations.show", "registrations.cancel"}
# Where the links of a letter lead, beside home; those that are not listed lead to one's own registration.
WANTED = {
    "registration_confirmed": PLACE_PAGES,
    "registration_promoted": PLACE_PAGES,
    "event_changed": PLACE_PAGES,
    "mailing": PLACE_PAGES,
    "mailing-brief": {"registrations.cancel"},
    "mailing-brief-waiting": set(),
    "mailing-test-in-person": PLACE_PAGES | {"events.material"},
    "mailing-enclosing": PLACE_PAGES | {"events.material"},
    "registration_declined": {"events.index"},
    "event_cancelled": {"events.index"},
    "registration_swapped": {"events.show"},
    "helper_invited": {"accounts.sign_in"},
    "registration_cancelled": {"events.show"},
    "registration_readdressed": set(),
    "registration_lapsed": {"events.show", "registrations.show"},
    "speaker_invited": {"speakers.speaking"},
    "transcript_to_check": {"speakers.speaking"},
    "speaker_declined": {"manage.speakers.index"},
    "agenda_changed": {"agenda.show", "agenda.changes", "registrations.cancel"},
    "agenda_changed-speaker": {"agenda.show", "agenda.changes"},
    "session_changed": {"agenda.show", "agenda.changes", "sign_ups.give_up"},
    "agenda_changed-link": {"agenda.show", "agenda.changes", "events.join", "registrations.cancel"},
    "session_changed-link": {"agenda.show", "agenda.changes", "sign_ups.give_up", "events.join"},
    "session_changed-everybodys": {"agenda.show", "agenda.changes"},
    "session_changed-cancelled": {"agenda.show", "agenda.changes"},
    "series_joined": {"series.member", "series.show"},
    "series_entry": {"series.member"},
    "series_left": {"series.show"},
    "calendar_entry": {"events.join", "registrations.cancel", "calendars.choose_by_link"},
    "calendar_entry-withdrawn": {"calendars.choose_by_link"},
    "calendar_entry-ended": {"calendars.choose_by_link"},
    "invited": {"events.show", "registrations.invited"},
    "sign_in_link": {"accounts.use_link", "accounts.sign_in"},
    "signed_up": SESSION_PLACE,
    "sign_up_promoted": SESSION_PLACE,
    "sign_up_waiting": {"sign_ups.index"},
    "sign_up_left": {"sign_ups.index"},
    "sign_up_left-registration-ended": set(),
    "password_changed": {"accounts.sign_in"},
    "reflection_shared": {"reflections.show"},
    "team_joined": {"reflections.index"},
    "membership_invited": {"memberships.invitation"},
    "membership_invited-programme": {"memberships.invitation"},
    "membership_added": {"areas.show", "memberships.index"},
    "membership_changed": {"memberships.index"},
    "membership_joined": {"memberships.people"},
    "membership_ended": set(),
    "child_concern": {"communities.case"},
    "child_concern-in-sight": {"communities.case"},
    "child_concern_unseen": {"communities.case"},
    "something_waits": {"communities.moderation"},
    "moderator_chosen": {"communities.moderation"},
    "post_written": OF_POST,
    "post_mention": OF_POST,
    "answer_accepted": OF_POST,
    "communities_digest": OF_POST | {"communities.show"},
    "post_published": {"communities.post"},
    "post_refused": {"communities.show"},
    "post_redacted": {"communities.show"},
}
WEB = re.compile(r"https?://[^\s<>\"]+")


def read(made):
    message = message_from_bytes(made, policy=policy.default)
    text, html = (message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    return message, text, html


def words(html):
    """What a page of HTML says, spaces single; parsed strictly, so that a slip in it fails."""
    return " ".join(" ".join(html5lib.HTMLParser(strict=True).parse(html).find(f"{HTML}body").itertext()).split())


@pytest.mark.parametrize("name", FACTS)
def test_text_is_as_agreed(rendered, name):
    message, text, _ = read(rendered(letter(name)))
    told = f"Subject: {message['Subject']}\n\n{text}"
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


def test_every_notice_has_an_example_and_every_snapshot_a_letter():
    folders = {path.name for path in (ROOT / "templates" / "letters").iterdir() if path.is_dir()}
    # Letters to many have no words but those of who wrote them.
    assert {name.partition("-")[0] for name in FACTS} == folders | {"mailing"}
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(FACTS)
    source = "".join(path.read_text() for path in (ROOT / "webapp" / "notices").glob("**/*.py"))
    assert {folder for folder in folders if f'"{folder}"' not in source} == set()


@pytest.mark.parametrize("name", FACTS)
def test_html_stands_alone_and_tells_what_the_text_tells(rendered, name):
    message, text, html = read(rendered(letter(name)))
    tree = html5lib.HTMLParser(strict=True).parse(html)
    assert tree.get("lang") == "en-GB"
    (heading,) = tree.iter(f"{HTML}h1")
    (title,) = tree.iter(f"{HTML}title")
    assert heading.text == title.text
    event = FACTS[name].event
    assert title.text.endswith(event.title if event else str(message["Subject"]))
    used = {str(element.tag).removeprefix(HTML) for element in tree.iter()}
    allowed = "html head meta title body div h1 h2 p a ul li strong span br"
    assert used <= set(allowed.split())
    assert not any(element.get("src") or element.get("background") for element in tree.iter())
    assert [element for element in tree.iter(f"{HTML}a") if not "".join(element.itertext()).strip()] == []

    said, links = words(html), {element.get("href") for element in tree.iter(f"{HTML}a")}
    for fact in re.findall(r"\w+ \d+ \w+ 20\d\d(?:, [\w:]+ to [\w:]+)?|[\w.]+@[\w.]+\w", text):
        assert fact in said
    assert {link for link in links if not link.startswith("mailto:")} == set(WEB.findall(text))


# Where a letter leads, besides home; where nothing is said, to the person's own registration.


@pytest.mark.parametrize("name", FACTS)
def test_links_lead_to_pages_that_there_are(rendering_app, rendered, name):
    _, text, _ = read(rendered(letter(name)))
    pages = rendering_app.url_map.bind("waymark.example.org", url_scheme="https")
    endpoints = set()
    for link in WEB.findall(text):
        assert link.startswith(BASE)
        endpoint, arguments = pages.match(urlsplit(link).path, method="GET")
        endpoints.add(endpoint)
        if "event" in arguments:
            assert arguments["event"].public_id == EVENT.public_id
    wanted = WANTED.get(name, WANTED.get(name.partition("-")[0], {"registrations.show"}))
    if name.startswith(("registration_confirmed", "registration_promoted")) and FACTS[name].mode is Mode.IN_PERSON:
        wanted = wanted | {"attendance.ticket"}
    assert endpoints == wanted | {"pages.home"}


def test_letter_to_many_offers_to_give_the_place_up_until_the_event_begins(rendered):
    for shift, offered in ((-1, True), (0, False)):
        row = letter("mailing-brief")
        row.created_at = datetime(2027, 6, 14, 8, 30, tzinfo=UTC) + timedelta(seconds=shift)
        for said in read(rendered(row))[1:]:
            assert ("/cancel" in said) is offered


@pytest.mark.parametrize("name", FACTS)
def test_subject_says_which_event(rendered, name):
    message, _, _ = read(rendered(letter(name)))
    event = FACTS[name].event
    assert message["Subject"].endswith(f": {event.title}" if event else message["Subject"])
    assert "\n" not in message["Subject"]


def test_text_is_not_escaped_and_html_is(rendered):
    _, text, html = read(rendered(letter()))
    assert "what helps & what hinders" in text
    assert "what helps &amp; what hinders" in html
    assert "&amp;amp;" not in html


def test_title_in_another_language_says_so(rendered):
    _, _, html = read(rendered(letter("registration_confirmed-abroad")))
    assert f'<span lang="cy">{ABROAD.title.replace(chr(39), "&#39;")}</span>' in html


@pytest.mark.parametrize(
    "name",
    [
        "Win money at https://evil.example",
        "www.evil.example",
        "evil.example",
        "mail me@evil.example",
        "x" * 81,
        "",
        " ",
    ],
)
def test_name_that_is_an_advertisement_is_not_greeted(rendered, name):
    _, text, html = read(rendered(letter(to=name)))
    assert text.startswith("Hello,\n")
    assert "<p>Hello,</p>" in html
    assert "evil" not in text + html


@pytest.mark.parametrize("name", ["Dina Okafor", "J. R. O'Neill-Smith", "Dr. Zoë Ó Briain", "李小龙", "Ann (Leeds)"])
def test_name_is_greeted(rendered, name):
    _, text, html = read(rendered(letter(to=name)))
    assert text.startswith(f"Hello {name},\n")
    assert f"Hello {name}," in words(html)


def test_reason_keeps_its_lines_and_no_markup(rendered):
    facts = replace(PLACE, invitation=None, state="declined", reason="No <b>room</b>\nleft & right")
    _, text, html = read(rendered(letter("registration_declined", facts)))
    assert "No <b>room</b>\nleft & right\n" in text
    assert "No &lt;b&gt;room&lt;/b&gt;\nleft &amp; right</p>" in html


def test_letter_to_many_leads_each_to_the_materials_that_are_for_them(rendered):
    body = "[Slides and notes]({materials_page}) are there for you."
    facts = FACTS["mailing-brief"]
    sent = rendered(letter("mailing", replace(facts, words=replace(facts.words, body=body))))
    text = message_from_bytes(sent, policy=policy.default).get_body(("plain",)).get_content()
    assert re.search(rf"{re.escape(BASE)}/registrations/\S+#materials", text)
