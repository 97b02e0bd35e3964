"""The meetings of a community: chosen by those who set it up, listed for its readers, and in its calendar."""

from datetime import date, time

import pytest
import vobject

from tests.browsing import Browser
from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.communities import CommunityEvent, Openness
from webapp.models.events import EventState
from webapp.models.series import Repeat, Series
from webapp.services import calendars, memberships


@pytest.fixture
def community(make):
    return make.community("Learning from wave one")


def at(community, more=""):
    return f"/communities/{community.slug}-{community.public_id}{more}"


def meet(app, community, *events):
    with app.app_context(), transaction.unit():
        db.session.add_all(CommunityEvent(event_id=one.id, community_id=community.id) for one in events)


def meetings(app):
    with app.app_context():
        return {row.event_id: row.community_id for row in db.session.query(CommunityEvent)}


def entries(page):
    """The titles of a calendar's entries, and whether anybody may keep it."""
    assert page.response.mimetype == "text/calendar"
    found = vobject.readOne(page.body).contents.get("vevent", [])
    return sorted(one.summary.value for one in found), page.response.headers["Cache-Control"]


def a_series(app, make, **own):
    hours = {"starts": time(10), "ends": time(11), "zone": "Europe/London"}
    row = Series(
        title="Group",
        slug="group",
        first_on=date(2027, 6, 14),
        repeat=Repeat.WEEKS,
        every=1,
        number=2,
        organiser_name="Ann",
        organiser_email="ann@example.org",
        created_at=make.now,
        **hours,
        **own,
    )
    with app.app_context(), transaction.unit():
        db.session.add(row)
        db.session.flush()
        return row.id


def test_organiser_chooses_meetings_one_by_one_and_by_series(app, browser, make, community):
    own = {"programme_id": community.programme_id}
    organiser = make.person("Olu Organiser")
    make.grant(organiser, Role.ORGANISER, ThingKind.PROGRAMME, community.programme_id)
    plain, draft = make.event("Plain", **own), make.event("Draft", state=EventState.DRAFT, **own)
    taken, strange = make.event("Taken", **own), make.event("Strange")
    other = make.community("Other", **own)
    meet(app, other, taken)
    series = a_series(app, make, **own)
    pair = [make.event(f"Group {n}", series_id=series, series_on=date(2027, 6, n), **own) for n in (14, 21)]

    address = "/manage" + at(community, "/meetings")
    browser.sign_in(make.signed_in(organiser))
    page = browser.get(address)
    assert ("Strange" in page.text, page.text.endswith(": Other")) == (False, True)
    by_series, one_by_one = page.forms()[-2:]
    assert one_by_one.values["offered"] == [one.public_id for one in (plain, draft, *pair)]
    # What was not offered is not taken: a meeting of another community, an event of another programme.
    asked = [one.public_id for one in (plain, draft, taken, strange)]
    page = browser.send(one_by_one.fill(event=asked))
    assert "Saved: 2 events changed." in page.text
    assert meetings(app) == {plain.id: community.id, draft.id: community.id, taken.id: other.id}

    page = browser.send(by_series.fill(wanted="yes"))
    assert "2 of 2 are meetings here" in page.text
    page = browser.send(page.forms()[-1].fill(event=[plain.public_id, pair[0].public_id]))
    assert meetings(app) == {plain.id: community.id, pair[0].id: community.id, taken.id: other.id}
    page = browser.send(page.forms()[-2].fill(wanted="no"))
    assert meetings(app) == {plain.id: community.id, taken.id: other.id}


def test_members_find_meetings_to_come_and_past_and_no_drafts(app, browser, make, community):
    own = {"programme_id": community.programme_id}
    soon, draft = make.event("Soon", **own), make.event("Draft", state=EventState.DRAFT, **own)
    gone = make.event("Gone", starts_on=date(2020, 1, 6), **own)
    meet(app, community, soon, draft, gone)
    assert browser.get(at(community, "/meetings")).status == 404

    member = make.person()
    make.member(member, programme_id=community.programme_id)
    browser.sign_in(make.signed_in(member))
    page = browser.get(browser.get(at(community)).link("Meetings and calendar"))
    listed = page.text
    assert listed.index("To come") < listed.index("Soon") < listed.index("Past") < listed.index("Gone")
    assert ("Draft" in listed, page.has_link("Choose which events are its meetings")) == (False, False)


def test_calendar_of_a_private_community_is_by_a_secret_address_that_ends_with_belonging(
    app, browser, make, community, now
):
    own = {"programme_id": community.programme_id}
    meet(app, community, make.event("Soon", **own), make.event("Draft", state=EventState.DRAFT, **own))
    member = make.person()
    membership = make.member(member, programme_id=community.programme_id)
    assert browser.get(at(community, "/calendar.ics")).status == 404
    reader = Browser(app).sign_in(make.signed_in(member))
    page = reader.get(at(community, "/meetings"))
    page = reader.send(page.form("/address"))
    shown = page.one("input", id="feed-address").get("value")
    secret = shown.removeprefix("https://waymark.example.org")
    assert shown.startswith("https://waymark.example.org/feeds/")
    assert entries(browser.get(secret)) == (["Soon"], "private, no-cache")
    # It opens nothing else: not another community that the same person reads, nor their own events.
    other = make.community("Other", **own)
    assert browser.get(secret.replace(f"{community.slug}-{community.public_id}", f"x-{other.public_id}")).status == 404
    assert browser.get(secret.partition("/communities")[0] + ".ics").status == 404
    with app.app_context(), transaction.unit():
        token = calendars.feed_token(calendars.open_feed(member.id, actor=SYSTEM, now=now))
    assert browser.get(f"/feeds/{token}.ics").status == 200
    assert browser.get(f"/feeds/{token}{at(community)}.ics").status == 404

    with app.app_context(), transaction.unit():
        memberships.end(membership.id, actor=SYSTEM, now=now)
    assert browser.get(secret).status == 404
    make.member(member, programme_id=community.programme_id)
    assert browser.get(secret).status == 200
    with app.app_context(), transaction.unit():
        calendars.revoke_feed(member.id, actor=SYSTEM, now=now)
    assert browser.get(secret).status == 404


def test_calendar_of_a_public_community_is_for_anybody(app, browser, make):
    community = make.community("For all", openness=Openness.PUBLIC)
    meet(app, community, make.event("Soon", programme_id=community.programme_id))
    page = browser.get(at(community, "/meetings"))
    address = page.one("input", id="feed-address").get("value").removeprefix("https://waymark.example.org")
    assert address == at(community, "/calendar.ics")
    assert entries(browser.get(address)) == (["Soon"], "public, no-cache")
