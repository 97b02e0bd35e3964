"""What somebody belongs to, the people of an area for its leads, and invitations by a link."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from tests.making import Maker
from webapp import clock
from webapp.models.accounts import Person, Role, ThingKind
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.memberships import Membership, MembershipInvitation
from webapp.services import memberships as services


@pytest.fixture
def ledger(app: Flask) -> Ledger:
    return Ledger(app)


@pytest.fixture
def area(make: Maker) -> Area:
    return make.area("Marlbridge", wave=make.wave("First wave", programme_id=make.programme("Families").id))


@pytest.fixture
def sign_in(app: Flask, make: Maker) -> Callable[[Person], Browser]:
    return lambda person: Browser(app).sign_in(make.signed_in(person))


@pytest.fixture
def lead(make: Maker, area: Area, sign_in: Callable[[Person], Browser]) -> Browser:
    person = make.person("Lee Ward", "lee@example.org")
    make.member(person, area=area, role=MemberRole.LEAD)
    return sign_in(person)


def people(area: Area, rest: str = "") -> str:
    return f"/areas/{area.slug}-{area.public_id}/people{rest}"


def test_lead_invites_and_who_signs_in_at_the_address_accepts(
    app: Flask,
    lead: Browser,
    browser: Browser,
    area: Area,
    ledger: Ledger,
    make: Maker,
    sign_in: Callable[..., Browser],
) -> None:
    page = lead.get(lead.get("/my/events").link("What you belong to"))
    page = lead.get(page.link("People of Marlbridge"))
    assert page.heading == "People of Marlbridge"
    page = lead.get(page.link("Invite somebody"))
    assert lead.send(page.form(), email="ann").errors == [
        "Enter their full name",
        "Enter an e-mail address in the correct format, like name@example.org",
    ]
    page = lead.send(page.form(), name="Ann Lee", email="ann@example.org", role="lead")
    assert "We have sent Ann Lee an invitation." in page.text
    assert "Ann Lee ann@example.org Area lead Open until 10am on Wednesday 9 June 2027" in page.text
    assert ledger.letters() == [("membership_invited", "ann")]

    with app.app_context():
        address = f"/memberships/invitations/{services.invitation_token(ledger.one(select(MembershipInvitation)))}"
    shown = browser.get(address)
    assert shown.heading == "Invitation to Marlbridge"
    assert "Sign in with the address that the letter came to." in shown.text
    asked = browser.send(shown.form())
    assert asked.heading == "Sign in"
    assert asked.form().values["next"] == [address]

    other = sign_in(make.person("Ben Osei", "ben@example.org"))
    refused = other.get(address)
    assert "You are signed in with ben@example.org, and this invitation went to another address." in refused.text
    assert [one for one in refused.forms() if one.action.endswith(address)] == []
    assert len(ledger.all(select(Membership))) == 1

    # Who only ever signed in by a link is called by their address, until somebody says what they are called.
    ann = sign_in(make.person("ann", "ann@example.org"))
    waiting = ann.get("/memberships")
    page = ann.get(waiting.link("Look at the invitation to Marlbridge"))
    form = page.form()
    make.community("Peers of the first wave", programme_id=area.programme_id, wave_id=area.wave_id)
    make.community("Of others")
    for _ in range(2):
        page = ann.send(form)
        assert "You belong to Marlbridge." in page.text
    assert [ann.get(page.link(name)).heading for name in ("Marlbridge", "Families", "Peers of the first wave")] == [
        "Marlbridge",
        "Families",
        "Peers of the first wave",
    ]
    assert not page.has_link("Of others")
    assert "Ann Lee (you)" in ann.get(people(area)).text
    assert "You have accepted it." in ann.get(address).text
    assert ann.get(people(area)).heading == "People of Marlbridge"


def test_invitation_that_is_over_says_why(
    app: Flask, lead: Browser, browser: Browser, area: Area, ledger: Ledger, make: Maker
) -> None:
    page = lead.send(lead.get(people(area, "/invite")).form(), name="Ann Lee", email="ann@example.org", role="member")
    with app.app_context():
        token = services.invitation_token(ledger.one(select(MembershipInvitation)))
    with clock.fixed(make.now + timedelta(days=31)):
        over = browser.get(f"/memberships/invitations/{token}")
    assert (over.status, over.heading) == (410, "This invitation is over")
    assert "30 days, which are over" in over.text

    page = lead.send(page.form("/send"))
    assert "We have sent the invitation again." in page.text
    page = lead.send(page.form("/withdraw"))
    assert "The invitation is taken back." in page.text
    assert "Ann Lee" not in page.text
    assert "This invitation was taken back." in browser.get(f"/memberships/invitations/{token}").text
    assert browser.get(f"/memberships/invitations/{token[:-2]}xx").status == 404


def test_lead_makes_leads_and_ends_memberships_but_not_those_that_the_programme_chooses(
    lead: Browser, area: Area, ledger: Ledger, make: Maker
) -> None:
    ann = make.member(make.person("Ann Lee"), area=area)
    coach = make.member(make.person("Cat Ng"), area=area, role=MemberRole.COACH)

    page = lead.get(people(area))
    page = lead.send(lead.get(page.link("Change the role of Ann Lee")).form(), role="lead")
    assert "Ann Lee is now area lead." in page.text
    assert lead.send(lead.get(people(area, f"/{ann.public_id}/role")).form(), role="coach").errors == ["Select a role"]
    assert "The programme chooses" in page.text
    for door in ("role", "end"):
        refused = lead.get(people(area, f"/{coach.public_id}/{door}"))
        assert (refused.status, "The programme chooses who is coach." in refused.text) == (403, True)
    asked = lead.get(page.link("Remove Ann Lee"))
    assert "Nobody would lead" not in asked.text
    page = lead.send(asked.form())
    assert "Ann Lee no longer belongs to Marlbridge." in page.text
    assert "Ann Lee does not belong to Marlbridge any more." in lead.get(people(area, f"/{ann.public_id}/end")).text
    assert ledger.letters()[-1][0] == "membership_ended"
    assert "Only those who set up the programme" in lead.get(people(area, "/domains")).text


def test_list_of_people_is_nowhere_to_members_and_to_leads_of_another_area(
    area: Area, make: Maker, sign_in: Callable[..., Browser]
) -> None:
    member, other = make.person(), make.person()
    row = make.member(member, area=area)
    make.member(other, area=make.area(wave=None), role=MemberRole.LEAD)
    for person in (member, other, make.person()):
        browser = sign_in(person)
        for rest in ("", "/invite", "/domains", f"/{row.public_id}/role", f"/{row.public_id}/end"):
            assert browser.get(people(area, rest)).status == 404


def test_who_leaves_reaches_nothing_with_the_next_request(
    lead: Browser, area: Area, ledger: Ledger, make: Maker
) -> None:
    open_page = lead.get(people(area, "/invite")).form()
    page = lead.get(lead.get("/memberships").link("Leave Marlbridge"))
    assert "Nobody would lead Marlbridge then." in page.text
    address = page.address
    page = lead.send(page.form())
    assert "You have left Marlbridge." in page.text
    assert "You do not belong to an area, a wave or a group yet" in page.text

    assert lead.get(people(area)).status == 404
    assert lead.send(open_page, name="Ann Lee", email="ann@example.org", role="member").status == 404
    assert ledger.all(select(MembershipInvitation)) == []
    assert "You do not belong to Marlbridge any more." in lead.get(address).text


def test_area_is_joined_by_ones_own_address(
    area: Area, ledger: Ledger, make: Maker, sign_in: Callable[..., Browser]
) -> None:
    organiser = make.person("Olu Mensah")
    make.grant(organiser, Role.ORGANISER, ThingKind.PROGRAMME, area.programme_id)
    keeper = sign_in(organiser)
    page = keeper.get(keeper.get(people(area)).link("Change by which addresses people join"))
    assert keeper.send(page.form(), domains="not a domain").status == 422
    for typed in ("gmail.com", "@gov.uk", "sch.uk"):
        refused = keeper.send(page.form(), domains=f"marlbridge.example.org\n{typed}")
        assert refused.errors == [f"Nearly anybody has an address at {typed.strip('@')}. Enter the domain of one body"]
    asked = keeper.send(page.form(), domains="trust.nhs.net")
    assert asked.errors == ["People all over the country have addresses at trust.nhs.net: say whether all may join"]
    assert "Whoever has an address at trust.nhs.net." in keeper.send(asked.form(), all_over="y").text
    page = keeper.send(page.form(), domains="@marlbridge.example.org")
    assert "Whoever has an address at marlbridge.example.org." in page.text

    ann, ben = make.person("Ann Lee", "ann@marlbridge.example.org"), make.person("Ben Osei", "ben@example.org")
    for person in (ann, ben):
        ledger.change(person, email_verified_at=make.now)
    ledger.change(ann, name="ann")
    mine = sign_in(ann)
    page = mine.get(mine.get("/memberships").link("Join Marlbridge"))
    door = page.address
    assert mine.send(page.form(), name=" ").errors == ["Enter your full name"]
    page = mine.send(page.form(), name="Ann Lee")
    assert ledger.one(select(Person.name).where(Person.id == ann.id)) == "Ann Lee"
    assert "You belong to Marlbridge." in page.text
    profile = f"/areas/{area.slug}-{area.public_id}"
    assert not mine.get(profile).has_link("Join Marlbridge")
    theirs = sign_in(ben)
    assert not theirs.get(profile).has_link("Join Marlbridge")
    assert not theirs.get("/memberships").has_link("Join Marlbridge")
    page = theirs.get(door)
    assert "That address is not at one of the domains" in page.text
    assert ledger.one(select(Membership)).person_id == ann.id
    # To whom somebody else took out it is not offered again; who left may come back.
    keeper.send(keeper.get(keeper.get(people(area)).link("Remove Ann Lee")).form())
    assert not mine.get("/memberships").has_link("Join Marlbridge")
    assert not mine.get(profile).has_link("Join Marlbridge")
    ledger.change(ledger.one(select(Membership)), ended_by_id=ann.id)
    assert mine.get(profile).has_link("Join Marlbridge")
    assert mine.get("/memberships").has_link("Join Marlbridge")
