"""Inviting people on the organisers' side: the list, the letters, and taking an invitation back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.counting import statements
from tests.ledger import Ledger
from tests.tables import cells
from webapp.models.accounts import Role
from webapp.models.events import EventState
from webapp.models.registrations import Invitee


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Family hubs")


@pytest.fixture
def own(organiser, event):
    """The browser of somebody who decides about registrations, and no more."""
    return organiser(event, Role.REGISTRATIONS)


def address(event, end=""):
    return f"/manage/events/{event.slug}-{event.public_id}/invitees{end}"


def invite(own, event, text):
    return own.send(own.get(address(event, "/new")).form(), people=text)


def said(page):
    return [" ".join("".join(one.itertext()).split()) for one in page.all("div", class_="wm-message")]


def test_invitees_are_for_those_who_decide(make, organiser, browser, event):
    assert organiser(event, Role.READER).get(address(event)).status == 403
    assert organiser(make.event()).get(address(event)).status == 404
    assert browser.get(address(event)).heading == "Sign in"


def test_people_are_invited_and_listed(own, event, ledger):
    assert "Nobody is invited yet" in own.get(address(event)).text
    page = invite(own, event, "Dina Okafor <dina@example.org>\nbob@example.org; Dina <DINA@example.org>")
    assert said(page) == ["We are writing to 2 people."]
    assert [row[0] for row in cells(page)] == ["bob@example.org", "Dina Okafor dina@example.org"]
    assert sorted(ledger.letters()) == [("invited", "bob"), ("invited", "dina")]
    again = invite(own, event, "bob@example.org\nann@example.org")
    assert said(again) == ["We are writing to one person. One was invited already and not written to again."]


def test_every_line_that_cannot_be_read_is_named_and_nothing_typed_is_lost(own, event, ledger):
    typed = "Dina Okafor <dina@example.org>\nBob\nx@\n"
    page = invite(own, event, typed)
    assert page.errors == [
        "Line 2: “Bob” has no e-mail address",
        "Line 3: “x@” is not an e-mail address like name@example.org",
    ]
    assert page.form().values["people"] == [typed.strip()]
    assert ledger.count(Invitee) == 0
    assert invite(own, event, " ").errors == ["Enter at least one e-mail address"]


def test_more_than_five_hundred_are_refused_with_their_number(own, event, ledger):
    page = invite(own, event, "\n".join(f"p{n}@example.org" for n in range(501)))
    assert page.errors == ["Invite 500 people or fewer at once; there are 501"]
    page = invite(own, event, "\n".join(f"p{n}@example.org" for n in range(500)))
    assert said(page) == ["We are writing to 500 people."]
    assert "1 to 50 of 500 people" in page.text
    assert "51 to 100 of 500 people" in own.get(address(event, "?page=2")).text


def test_draft_says_why_nobody_can_be_invited_yet(make, organiser):
    event = make.event(state=EventState.DRAFT)
    page = organiser(event).get(address(event, "/new"))
    assert "Publish the event first" in page.text
    assert page.all("textarea") == []


def test_link_is_sent_again_revoked_and_brought_back(own, event, ledger, now):
    page = invite(own, event, "Dina Okafor <dina@example.org>")
    ledger.change(ledger.one(select(Invitee)), sent_at=now - timedelta(hours=1))
    page = own.send(page.form("/send"))
    assert said(page) == ["We are sending the link to dina@example.org again."]
    assert ledger.letters() == [("invited", "dina")] * 2
    page = own.send(page.form("/revoke"))
    assert cells(page)[0][1] == "Revoked"
    page = own.send(page.form("/restore"))
    assert cells(page)[0][1] == "Not yet registered"


def test_link_of_an_event_that_is_over_is_not_sent(own, event, ledger, now):
    page = invite(own, event, "dina@example.org")
    ledger.change(event, registration_closes_at=now)
    refused = own.send(page.form("/send"))
    assert (refused.status, refused.errors) == (
        409,
        ["Registration for this event is over, so nobody can be invited to it."],
    )


def test_writing_again_to_all_asks_first_with_their_number(make, own, event, ledger, now):
    invite(own, event, "ann@example.org\nbob@example.org\ncat@example.org")
    for row in ledger.all(select(Invitee)):
        ledger.change(row, sent_at=now - timedelta(hours=1))
    make.registration(event, email="cat@example.org")
    asked = own.get(address(event, "/send"))
    assert asked.heading == "Write again to 2 people?"
    before = len(ledger.letters())
    page = own.send(asked.form())
    assert said(page) == ["We are writing to 2 people."]
    assert sorted(ledger.letters()[before:]) == [("invited", "ann"), ("invited", "bob")]
    assert said(own.send(asked.form())) == ["All of them were written to just now."]


def test_list_is_searched_and_narrowed(make, own, event):
    invite(own, event, "Ann Lee <ann@example.org>\nBob Day <bob@example.org>")
    make.registration(event, name="Ann Lee", email="ann@example.org")
    assert [row[0] for row in cells(own.get(address(event, "?q=LEE")))] == ["Ann Lee ann@example.org"]
    assert [row[1] for row in cells(own.get(address(event, "?standing=registered")))] == ["Registered"]
    assert "Nobody invited matches" in own.get(address(event, "?q=zzz")).text
    assert own.get(address(event, "?q=bob&standing=x&page=99")).status == 200


def test_invitee_of_another_event_is_not_found(make, own, organiser, event, ledger):
    page = invite(own, event, "dina@example.org")
    other = make.event()
    row = ledger.one(select(Invitee))
    stranger = organiser(other)
    token = stranger.get(f"/manage/events/{other.slug}-{other.public_id}/invitees/new").form().values["csrf_token"]
    assert stranger.post(address(other, f"/{row.public_id}/revoke"), {"csrf_token": token}).status == 404
    assert cells(own.get(page.address))[0][1] == "Not yet registered"


def test_list_asks_the_database_the_same_however_many_there_are(app, own, event):
    counts = []
    for text in ("ann@example.org", "\n".join(f"p{n}@example.org" for n in range(20))):
        invite(own, event, text)
        with statements(app) as asked:
            own.get(address(event))
        counts.append(len(asked))
    assert counts == [5, 5]
