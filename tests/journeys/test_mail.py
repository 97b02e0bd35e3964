"""Stories that go through the letter box: pages, the outbox, a real mail server, and back to the pages by the links."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import vobject

from tests.browsing import Browser
from tests.mail import MailServer
from webapp import clock, outbox
from webapp.models.mailings import Lane
from webapp.services import housekeeping


@pytest.fixture
def post(app, now):
    """The letter box of the people in a story."""
    with MailServer() as server:
        yield LetterBox(app, server)


class LetterBox:
    """Gives the letters that come, each once."""

    def __init__(self, app, server):
        self.app = app
        self.server = server
        self.read = 0

    def new(self):
        """The letters since the last time, delivered now; each has one recipient."""
        settings = self.app.config["SETTINGS"].model_copy(update=self.server.settings)
        with self.app.app_context():
            for lane in Lane:
                outbox.deliver(lane, f"worker-{lane}", settings, clock.now)
        letters = self.server.letters[self.read :]
        self.read += len(letters)
        return [Mail(letter) for letter in letters]

    def one(self):
        (letter,) = self.new()
        return letter


class Mail:
    """A letter as its recipient reads it."""

    def __init__(self, received):
        message = received.message
        assert [one.addr_spec for one in message["To"].addresses] == [received.recipient]
        self.to = received.recipient
        self.subject = str(message["Subject"])
        self.text = message.get_body(("plain",)).get_content()
        found = [part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar"]
        assert len(set(found)) <= 1
        self.calendar = vobject.readOne(found[0]) if found else None

    def link(self, part):
        """The path of the one address in the letter that has this in it."""
        (link,) = {urlsplit(found).path for found in re.findall(rf"https://\S*{part}\S*", self.text)}
        return link

    @property
    def own(self):
        """The personal link."""
        (link,) = re.findall(r"https://[^/]+(/registrations/[^/\s]+)\s", self.text)
        return link

    @property
    def entry(self):
        """What a calendar makes of it: the method, the UID and the sequence."""
        event = self.calendar.vevent_list[0]
        return self.calendar.method.value, event.uid.value, int(event.sequence.value)


def register(browser, event, name="Ada Wren", email="ada@example.org"):
    page = browser.get(f"/events/{event.slug}-{event.public_id}/register")
    page = browser.send(
        page.form(),
        name=name,
        email=email,
        organisation="Marlbridge Council",
        sector="local_authority",
        role="Family help worker",
        privacy="y",
    )
    return browser.send(page.form())


def test_place_is_confirmed_changed_given_up_and_taken_again_by_letter(app, make, browser, post):
    event = make.event("Family help in practice")
    assert register(browser, event).heading == "You have a place"
    confirmed = post.one()
    assert (confirmed.to, confirmed.subject) == ("ada@example.org", "You have a place: Family help in practice")
    method, uid, sequence = confirmed.entry
    assert method == "REQUEST"

    own = confirmed.own
    stranger = Browser(app)  # another device: the link is all that there is
    page = stranger.get(own)
    assert "Confirmed" in page.text
    page = stranger.get(page.link("Change what you told us"))
    stranger.send(page.form(), role="Team manager")
    changed = post.one()
    assert changed.subject == "Your registration was changed: Family help in practice"
    assert changed.calendar is None
    assert changed.own == own

    # What scanners do: every link is fetched, and nothing happens.
    for link in re.findall(r"https://\S+", confirmed.text):
        assert stranger.get(urlsplit(link).path).status == 200
    assert post.new() == []

    page = stranger.get(confirmed.link("/cancel"))
    stranger.send(page.form())
    cancelled = post.one()
    assert cancelled.subject == "Your registration is cancelled: Family help in practice"
    assert cancelled.entry == ("CANCEL", uid, sequence + 1)

    # Once more changes nothing.
    page = stranger.get(confirmed.link("/cancel"))
    assert "There is nothing more to cancel" in page.text
    assert post.new() == []

    assert register(browser, event).heading == "You have a place"
    again = post.one()
    assert again.entry == ("REQUEST", uid, sequence + 2)
    assert again.own != own
    assert stranger.get(own).status == 404


def test_freed_place_is_offered_by_letter_and_taken_by_its_link(make, browser, post):
    event = make.event("Small workshop", capacity=1, offer_hours=24)
    register(browser, event)
    first = post.one()
    assert register(browser, event, "Ben Fell", "ben@example.org").heading == "You are on the waiting list"
    waiting = post.one()
    assert waiting.subject == "You are on the waiting list: Small workshop"
    assert "Your number is 1." in waiting.text
    assert waiting.calendar is None

    page = browser.get(first.link("/cancel"))
    browser.send(page.form())
    cancelled, offered = post.new()
    assert (cancelled.to, offered.to) == ("ada@example.org", "ben@example.org")
    assert "hold it for you until 10am on Tuesday 11 May 2027" in offered.text
    assert offered.calendar is None

    page = browser.get(offered.own)
    browser.send(page.form("accept"))
    confirmed = post.one()
    assert (confirmed.to, confirmed.entry[0]) == ("ben@example.org", "REQUEST")


def test_offer_that_is_not_taken_is_ended_by_letter(app, make, browser, post, now):
    event = make.event("Small workshop", capacity=1, offer_hours=24)
    register(browser, event)
    first = post.one()
    register(browser, event, "Ben Fell", "ben@example.org")
    browser.send(browser.get(first.link("/cancel")).form())
    post.new()
    with clock.fixed(now + timedelta(hours=25)):
        with app.app_context():
            housekeeping.sweep(now=clock.now())
        lapsed = post.one()
    assert (lapsed.to, lapsed.calendar) == ("ben@example.org", None)
    assert lapsed.subject == "The place held for you has gone to somebody else: Small workshop"


def test_only_the_letter_tells_that_an_address_is_registered_already(make, browser, post):
    event = make.event("Family help in practice")
    first = register(browser, event)
    confirmed = post.one()
    second = register(browser, event, "Somebody Else", "ada@example.org")
    assert second.heading == first.heading
    assert second.text == first.text
    repeated = post.one()
    assert repeated.subject == "This address is registered already: Family help in practice"
    assert repeated.text.startswith("Hello Ada Wren,")  # what a stranger typed changes nothing
    assert repeated.calendar is None
    assert repeated.own == confirmed.own


def test_request_waits_for_approval_without_an_invitation(make, browser, post):
    event = make.event("By approval", needs_approval=True)
    assert register(browser, event).heading == "Your request has been sent"
    pending = post.one()
    assert pending.subject == "Your request has been sent: By approval"
    assert pending.calendar is None
    assert "no place is held for you" in pending.text


def test_link_signs_in_once(app, make, browser, post, now):
    page = browser.send(browser.get("/sign-in").form(), email="ada@example.org")
    assert page.status == 200
    mail = post.one()
    assert mail.subject == "Your link to sign in to Waymark"
    link = mail.link("/sign-in/")
    other = Browser(app)
    page = other.get(link)
    assert page.heading == "Sign in as ada@example.org"
    other.send(page.form())
    assert other.get("/account", follow=False).status == 200
    assert Browser(app).get(link).status == 410
    assert post.new() == []
