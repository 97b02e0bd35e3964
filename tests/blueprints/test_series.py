"""The public page of a series, and each member's own page by their personal link."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM
from webapp.models.events import Event, Format
from webapp.models.series import Repeat, SeriesMember
from webapp.services import events, series_members
from webapp.services import series as services
from webapp.services.events import NewEvent


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def group(make, ledger, now):
    """A series of three meetings at the end of each month, all drafts."""
    first = NewEvent(
        title="Reference group", programme_id=make.programme().id, format=Format.ONLINE,
        first_day=date(2027, 5, 27), last_day=date(2027, 5, 27), starts=time(10), ends=time(12), zone="Europe/London",
        organiser_name="Learning team", organiser_email="learning@example.org",
    )  # fmt: skip
    new = services.NewSeries(first=first, summary="Monthly.", venue="", repeat=Repeat.LAST_WEEKDAY, every=1, number=3)
    return ledger.act(services.create, new, owner_id=None, actor=SYSTEM, now=now)


@pytest.fixture
def link(group, ledger, now):
    """The path of Ann's own page, once she belongs to the published series."""
    ledger.act(services.publish, group.id, actor=SYSTEM, now=now)
    ledger.act(series_members.add_members, group.id, [Mailbox("Ann Lee", "ann@example.org")], actor=SYSTEM, now=now)
    with ledger.app.app_context():
        return f"/series/members/{series_members.member_token(ledger.one(select(SeriesMember)))}"


def meeting(ledger, month):
    (found,) = [one for one in ledger.all(select(Event)) if one.series_on.month == month]
    return found


def test_series_is_found_once_a_meeting_is_public_and_names_all_of_them(group, browser, ledger, now):
    path = f"/series/{group.slug}-{group.public_id}"
    assert browser.get(path).status == 404
    ledger.act(services.publish, group.id, actor=SYSTEM, now=now)
    page = browser.get(path)
    assert page.heading == "Reference group"
    for day in ("Thursday 27 May 2027", "Thursday 24 June 2027", "Thursday 29 July 2027"):
        assert page.has_link(day)
    page = browser.get(page.link("Thursday 24 June 2027"))
    assert page.link("Reference group") == path
    assert page.has_link("Thursday 29 July 2027")
    assert not page.has_link("Thursday 24 June 2027"), "it is this one"


def test_event_page_of_a_series_follows_its_other_meetings(link, browser, ledger, now):
    june, july = meeting(ledger, 6), meeting(ledger, 7)
    path = f"/events/{june.slug}-{june.public_id}"
    assert "Cancelled" not in browser.get(path).text
    ledger.act(events.cancel, july.id, reason="", actor=SYSTEM, now=now + timedelta(minutes=1))
    assert "Thursday 29 July 2027 Cancelled" in browser.get(path).text


def test_member_gives_up_one_meeting_and_stays_a_member(link, browser, ledger):
    page = browser.get(link)
    assert "You belong to this series as Ann Lee." in page.text
    page = browser.get(page.link("I cannot come on Thursday 24 June 2027"))
    browser.send(page.form())
    page = browser.get(link)
    assert page.text.count("Given up") == 1
    assert page.has_link("I cannot come on Thursday 29 July 2027")
    assert [ledger.standing(meeting(ledger, month)) for month in (5, 6, 7)] == [
        [("ann", "confirmed")],
        [("ann", "cancelled")],
        [("ann", "confirmed")],
    ]
    assert ledger.letters()[-1] == ("registration_cancelled", "ann")


def test_member_leaves_after_one_question(link, browser, ledger):
    page = browser.get(browser.get(link).link("Leave the series"))
    browser.client.head(f"{link}/leave")
    assert ledger.one(select(SeriesMember)).left_at is None
    page = browser.send(page.form())
    assert "You no longer belong to this series." in page.text
    assert ledger.letters()[-1] == ("series_left", "ann")
    assert browser.get(f"{link}/leave").heading == "You have left this series"


def test_member_page_of_a_forged_link_is_not_found(link, browser):
    for path in (link[:-1] + ("A" if link[-1] != "A" else "B"), "/series/members/x", f"{link[:-3]}/leave"):
        assert browser.get(path).status == 404
