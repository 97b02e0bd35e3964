"""Who belongs to what: added, invited, joined, given another role, left and ended, and read in from a file."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.ledger import Ledger
from tests.making import Maker
from webapp import access
from webapp.errors import NotFound
from webapp.models.accounts import Actor, ActorKind, Person, ThingKind, Viewer
from webapp.models.activity import Activity
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.imports import Fate, Import, ImportState
from webapp.models.memberships import INVITATION_DAYS, How, Membership, MembershipInvitation, Where
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.queries import accounts as account_queries
from webapp.queries import communities as community_queries
from webapp.queries import imports as import_queries
from webapp.queries import memberships as queries
from webapp.services import memberships as services
from webapp.services.imports import ImportRefused

R = MemberRole


@pytest.fixture
def ledger(app: Flask) -> Ledger:
    return Ledger(app)


@pytest.fixture
def area(make: Maker) -> Area:
    return make.area("Marlbridge", email_domains=["marlbridge.example.org"])


@pytest.fixture
def lead(make: Maker) -> Actor:
    return acting(make.person("Lee Ward"))


def acting(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, person.id)


def belonging(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Who belongs where now, and by which role."""
    statement = select(Person.name, Membership.place, Membership.role).join_from(
        Membership, Person, Person.id == Membership.person_id
    )
    return [
        tuple(map(str, row))
        for row in ledger.rows(statement.where(Membership.ended_at.is_(None)).order_by(Membership.id))
    ]


def verbs(ledger: Ledger) -> list[str]:
    return ledger.all(select(Activity.verb).where(Activity.verb.startswith("member")).order_by(Activity.id))


@pytest.fixture
def add(ledger: Ledger, area: Area, lead: Actor, make: Maker) -> Any:
    def act(email: str = "ann@example.org", role: R = R.MEMBER, where: Where | None = None) -> Membership:
        values: dict[str, Any] = {"name": "Ann Lee", "email": email, "role": role, "actor": lead, "now": make.now}
        return ledger.act(services.add, where or queries.where_of(area), **values)

    return act


@pytest.fixture
def invite(ledger: Ledger, area: Area, lead: Actor, make: Maker) -> Any:
    def act(email: str = "ann@example.org", role: R = R.MEMBER, **more: Any) -> MembershipInvitation:
        values: dict[str, Any] = {"name": "Ann Lee", "email": email, "role": role, "actor": lead, "now": make.now}
        return ledger.act(services.invite, queries.where_of(area), **values | more)

    return act


def test_who_is_added_belongs_once_and_is_told_once(ledger: Ledger, area: Area, add: Any) -> None:
    first, second = add(), add()

    assert first.id == second.id
    assert belonging(ledger) == [("Ann Lee", f"area-{area.id}", "member")]
    assert ledger.letters() == [("membership_added", "ann")]
    assert verbs(ledger) == ["membership_added"]


def test_who_belongs_by_another_role_is_changed_and_not_added(
    ledger: Ledger, add: Any, lead: Actor, make: Maker
) -> None:
    row = add()
    with pytest.raises(services.MembershipRefused, match="Ann Lee belongs to Marlbridge already, as member"):
        add(role=R.LEAD)

    for _ in range(2):
        ledger.act(services.change_role, row.id, R.LEAD, actor=lead, now=make.now)
    assert [role for _, _, role in belonging(ledger)] == ["lead"]
    assert verbs(ledger) == ["membership_added", "membership_changed"]
    assert ledger.letters() == [("membership_added", "ann"), ("membership_changed", "ann")]
    # Who gives up being lead knows it.
    ledger.act(services.change_role, row.id, R.MEMBER, actor=Actor(ActorKind.PERSON, row.person_id), now=make.now)
    assert len(ledger.letters()) == 2


def test_only_an_area_has_leads(ledger: Ledger, area: Area, add: Any, lead: Actor, make: Maker) -> None:
    wave = Where(area.programme_id, area.wave_id)
    with pytest.raises(services.MembershipRefused, match="Only an area has leads"):
        add(role=R.LEAD, where=wave)
    row = add(where=wave)
    with pytest.raises(services.MembershipRefused, match="Only an area has leads"):
        ledger.act(services.change_role, row.id, R.LEAD, actor=lead, now=make.now)
    assert [role for _, _, role in belonging(ledger)] == ["member"]


def test_who_left_reaches_nothing_with_the_next_request(app: Flask, ledger: Ledger, area: Area, make: Maker) -> None:
    ann = make.person("Ann Lee")
    row = make.member(ann, area=area, role=R.LEAD)
    community = make.community(programme_id=area.programme_id, wave_id=area.wave_id)
    secret = make.signed_in(ann)

    def looking() -> Viewer:
        found = account_queries.find_viewer(secret, now=make.now)
        assert found is not None
        return found

    with app.app_context():
        assert community_queries.get_community(community.public_id, viewer=looking()).id == community.id
        assert access.leads_area(looking(), area)
    assert ledger.act(services.end, row.id, actor=acting(ann), now=make.now)
    assert not ledger.act(services.end, row.id, actor=acting(ann), now=make.now)
    with app.app_context():
        assert looking().belongs == frozenset()
        assert not access.leads_area(looking(), area)
        with pytest.raises(NotFound):
            community_queries.get_community(community.public_id, viewer=looking())
    # Nobody writes to who left by themselves.
    assert (ledger.letters(), verbs(ledger)) == ([], ["membership_left"])


def test_whose_membership_somebody_ended_is_told_and_comes_back_by_no_link_of_before(
    app: Flask, ledger: Ledger, area: Area, add: Any, invite: Any, lead: Actor, make: Maker
) -> None:
    invitation = invite()
    row = add()
    ledger.act(services.end, row.id, actor=lead, now=make.now)

    assert belonging(ledger) == []
    assert [name for name, _ in ledger.letters()] == ["membership_invited", "membership_added", "membership_ended"]
    with app.app_context():
        token = services.invitation_token(invitation)
    with pytest.raises(services.InvitationSpent, match="taken back"):
        ledger.act(services.accept, token, actor=Actor(ActorKind.PERSON, row.person_id), now=make.now)
    with pytest.raises(services.MembershipRefused, match="does not belong to Marlbridge any more"):
        ledger.act(services.change_role, row.id, R.LEAD, actor=lead, now=make.now)
    # They can be added again, as a new row.
    assert add().id != row.id


def test_area_is_joined_by_a_proven_address_at_its_domain_alone(
    ledger: Ledger, area: Area, lead: Actor, make: Maker
) -> None:
    def join(person: Person) -> Membership:
        return ledger.act(services.join, area, person=person, actor=acting(person), now=make.now)

    proven = make.person("Ann Lee", "ann@social.marlbridge.example.org")
    unproven = make.person("Ben Osei", "ben@marlbridge.example.org")
    stranger = make.person("Cat Ng", "cat@notmarlbridge.example.org")
    for person in (proven, stranger):
        ledger.change(person, email_verified_at=make.now)
        person.email_verified_at = make.now
    for person in (unproven, stranger):
        with pytest.raises(services.MembershipRefused, match="not at one of the domains"):
            join(person)

    one, another = make.person("Lee Ward", "lee@example.org"), make.person("Mo", "mo@example.org")
    for person in (one, another):
        make.member(person, area=area, role=R.LEAD)
    make.member(make.person(), area=area)
    row = join(proven)
    assert ledger.letters() == [("membership_joined", "lee"), ("membership_joined", "mo")]
    assert join(proven).id == row.id
    assert (row.role, row.how) == (R.MEMBER, How.DOMAIN)
    assert belonging(ledger)[3:] == [("Ann Lee", f"area-{area.id}", "member")]
    # Who left comes back; whom somebody else took out does not by themselves.
    ledger.act(services.end, row.id, actor=acting(proven), now=make.now)
    again = join(proven)
    ledger.act(services.end, again.id, actor=lead, now=make.now)
    with pytest.raises(services.MembershipRefused, match="ended your membership"):
        join(proven)
    assert len(belonging(ledger)) == 3
    # What was kept before such domains were refused opens nothing.
    ledger.change(area, email_domains=["co.uk", "gmail.com"])
    for address in ("dee@anything.co.uk", "dee@gmail.com"):
        person = make.person("Dee Ray", address)
        ledger.change(person, email_verified_at=make.now)
        person.email_verified_at = make.now
        with pytest.raises(services.MembershipRefused, match="not at one of the domains"):
            join(person)


def test_invitation_is_accepted_once_by_who_signs_in_at_its_address(
    app: Flask, ledger: Ledger, area: Area, invite: Any, lead: Actor, make: Maker
) -> None:
    invitation = invite("Ann@Example.org", R.LEAD)
    ann, ben = make.person("Ann Lee", "ann@example.org"), make.person("Ben Osei", "ben@example.org")
    with app.app_context():
        token = services.invitation_token(invitation)

    def accept(person: Person) -> Membership:
        return ledger.act(services.accept, token, actor=acting(person), now=make.now)

    with pytest.raises(services.WrongAccount, match="another address"):
        accept(ben)
    first, second = accept(ann), accept(ann)
    assert (first.id, first.role, first.how, first.added_by_id) == (second.id, R.LEAD, How.INVITED, lead.person_id)
    assert belonging(ledger) == [("Ann Lee", f"area-{area.id}", "lead")]
    assert verbs(ledger) == ["membership_invited", "membership_accepted"]
    with pytest.raises(NotFound):
        ledger.act(services.accept, token[:-1] + "A-"[token.endswith("A")], actor=acting(ann), now=make.now)
    # Who left does not come back by the link.
    ledger.act(services.end, first.id, actor=acting(ann), now=make.now)
    with pytest.raises(services.InvitationSpent, match="was accepted"):
        accept(ann)
    with pytest.raises(services.InvitationSpent):
        ledger.act(services.send_again, invitation.id, actor=lead, now=make.now)
    with pytest.raises(services.InvitationSpent):
        ledger.act(services.withdraw, invitation.id, actor=lead, now=make.now)


def test_old_invitation_does_not_take_back_what_was_given_since(
    app: Flask, ledger: Ledger, invite: Any, add: Any, lead: Actor, make: Maker
) -> None:
    invitation, row = invite(), add()
    ledger.act(services.change_role, row.id, R.LEAD, actor=lead, now=make.now)
    with app.app_context():
        token = services.invitation_token(invitation)
    kept = ledger.act(services.accept, token, actor=Actor(ActorKind.PERSON, row.person_id), now=make.now)
    assert (kept.id, [role for _, _, role in belonging(ledger)]) == (row.id, ["lead"])


def test_invitation_runs_out_and_is_sent_again_and_withdrawn(
    app: Flask, ledger: Ledger, invite: Any, lead: Actor, make: Maker
) -> None:
    invitation = invite()
    ann = make.person("Ann Lee", "ann@example.org")
    with app.app_context():
        token = services.invitation_token(invitation)
    later = make.now + timedelta(days=INVITATION_DAYS)

    with pytest.raises(services.InvitationSpent, match="30 days, which are over"):
        ledger.act(services.accept, token, actor=acting(ann), now=later)
    for _ in range(2):
        ledger.act(services.send_again, invitation.id, actor=lead, now=later)
    assert [name for name, _ in ledger.letters()] == ["membership_invited"] * 2
    with app.app_context():
        assert services.check_invitation(token, now=later).id == invitation.id
    for _ in range(2):
        ledger.act(services.withdraw, invitation.id, actor=lead, now=later)
    with pytest.raises(services.InvitationSpent, match="taken back"):
        ledger.act(services.accept, token, actor=acting(ann), now=later)
    assert belonging(ledger) == []
    assert verbs(ledger) == ["membership_invited", "membership_letter_sent", "membership_invitation_withdrawn"]


def test_who_was_invited_and_did_not_answer_is_asked_again_by_one_invitation(
    ledger: Ledger, invite: Any, add: Any, make: Maker
) -> None:
    first, second = invite(), invite()
    third = invite(role=R.LEAD)
    assert first.id == second.id == third.id
    row = ledger.one(select(MembershipInvitation))
    assert (row.role, row.nonce) == (R.LEAD, first.nonce)
    assert [name for name, _ in ledger.letters()] == ["membership_invited"] * 2
    add("ben@example.org")
    with pytest.raises(services.MembershipRefused, match="belongs to Marlbridge already"):
        invite("Ben@example.org")


def test_same_person_added_by_two_at_once_belongs_once(ledger: Ledger, area: Area, lead: Actor, make: Maker) -> None:
    values: dict[str, Any] = {"name": "Ann Lee", "email": "ann@example.org", "role": R.MEMBER}
    where = queries.where_of(area)
    ledger.together([lambda: services.add(where, **values, actor=lead, now=make.now)] * 2)
    assert belonging(ledger) == [("Ann Lee", f"area-{area.id}", "member")]


HEADER = "Name,E-mail address,Role,Area,Wave,Group,Organisation\n"
BROKEN = f"""{HEADER}Ann Lee,ann@example.org,Area lead,Marlbridge,,,
Ben Osei,ben@example.org,,,First wave,,
Cat Ng,cat@example,Member,Marlbridge,,,
,dee@example.org,Member,Marlbridge,,,
Eve Hall,eve@example.org,Queen,Marlbridge,,,
Flo Day,flo@example.org,Member,Nowhere,,,
Gus Ray,gus@example.org,Area lead,,First wave,,
Ann Lee,Ann@example.org,Member,Marlbridge,,,
Hal Fox,hal@example.org,Department,,,,Alder Council
Ida Orr,ida@example.org,Coach,Marlbridge,Second wave,,
Jon Poe,jon@example.org,,Marlbridge,,Peers,
Kit Low,kit@example.org,coach,,,peers,Unheard of Ltd
"""


@pytest.fixture
def programme(make: Maker) -> Programme:
    programme = make.programme()
    first = make.wave("First wave", programme_id=programme.id)
    make.wave("Second wave", programme_id=programme.id)
    make.area("Marlbridge", wave=first)
    make.community("Peers", programme_id=programme.id, is_group=True)
    make.organisation("Alder Council")
    return programme


@pytest.fixture
def stage(ledger: Ledger, programme: Programme, lead: Actor, make: Maker) -> Any:
    def act(content: str, *, letters: bool = True) -> Import:
        with ledger.app.app_context():
            reading = services.read_members(programme, content.encode(), filename="people.csv")
        values: dict[str, Any] = {"letters": letters, "person_id": lead.person_id, "now": make.now}
        return ledger.act(services.stage_members, programme, reading, **values)

    return act


def fates(ledger: Ledger, row: Import) -> dict[int, tuple[str, str]]:
    with ledger.app.app_context():
        return {one.number: (one.fate.value, one.message) for one in import_queries.rows_of(row.id)}


def test_broken_rows_are_named_with_their_reason_and_nothing_is_done_before_it_is_confirmed(
    ledger: Ledger, stage: Any, lead: Actor, make: Maker
) -> None:
    row = stage(BROKEN)

    assert fates(ledger, row) == {
        2: ("new", ""),
        3: ("new", ""),
        4: ("refused", "“cat@example” is no e-mail address, like name@example.org."),
        5: ("refused", "It has no name."),
        6: (
            "refused",
            "“Queen” is no role. The roles are: Area lead; Member; Coach; Evaluator; Department.",
        ),
        7: ("refused", "There is no area “Nowhere” in this programme. Make it first, or correct its name."),
        8: ("refused", "Only an area has leads: put an area into the row, or another role."),
        9: ("refused", "It is the same person in the same place as in row 2."),
        10: ("new", ""),
        11: ("refused", "The area “Marlbridge” is not in the wave “Second wave”."),
        12: ("refused", "It names a group and an area or wave: put each into a row of its own."),
        13: ("new", "“Unheard of Ltd” is not on our list of organisations, so it is left open."),
    }
    assert (belonging(ledger), ledger.letters()) == ([], [])
    with pytest.raises(ImportRefused, match="8 rows cannot be taken"):
        ledger.act(services.confirm_members, row.id, leaving_out=False, actor=lead, now=make.now)
    assert belonging(ledger) == []


def test_confirmed_list_adds_what_was_shown_once(ledger: Ledger, stage: Any, lead: Actor, make: Maker) -> None:
    row = stage(BROKEN)
    for _ in range(2):
        done = ledger.act(services.confirm_members, row.id, leaving_out=True, actor=lead, now=make.now)
        assert done.state is ImportState.APPLIED
    added = {name: (place.partition("-")[0], role) for name, place, role in belonging(ledger)}
    assert added == {
        "Ann Lee": ("area", "lead"),
        "Ben Osei": ("wave", "member"),
        "Hal Fox": ("programme", "department"),
        "Kit Low": ("group", "coach"),
    }
    assert ledger.letters() == [("membership_added", name) for name in ("ann", "ben", "hal", "kit")]
    (hal,) = ledger.all(select(Membership).where(Membership.role == R.DEPARTMENT))
    assert (hal.how, hal.added_by_id, hal.organisation_id is not None) == (How.IMPORTED, lead.person_id, True)
    assert sorted(verbs(ledger)) == ["members_imported", *["membership_added"] * 4]


def test_list_read_in_again_changes_roles_and_leaves_the_others(
    ledger: Ledger, stage: Any, programme: Programme, lead: Actor, make: Maker
) -> None:
    rows = "Ann Lee,ann@example.org,Area lead,Marlbridge,,,\nBen Osei,ben@example.org,,,First wave,,\n"
    first = stage(HEADER + rows)
    ledger.act(services.confirm_members, first.id, leaving_out=False, actor=lead, now=make.now)
    with ledger.app.app_context():
        whole = queries.all_members(programme.id, queries.Wanted(), most=10)
        same = services.members_file(programme, whole, FileType.CSV)
    again = stage(same.decode("utf-8-sig"))
    assert {fate for fate, _ in fates(ledger, again).values()} == {"same"}
    with pytest.raises(ImportRefused, match="nothing to do"):
        ledger.act(services.confirm_members, again.id, leaving_out=False, actor=lead, now=make.now)

    changed = stage(HEADER + rows.replace("Area lead", "Member"), letters=False)
    with ledger.app.app_context():
        (shown, _) = import_queries.rows_of(changed.id)
    assert (shown.fate, shown.data["changes"]) == (Fate.CHANGED, [["Role", "Area lead", "Member"]])
    ledger.act(services.confirm_members, changed.id, leaving_out=False, actor=lead, now=make.now)
    assert [(name, role) for name, _, role in belonging(ledger)] == [("Ann Lee", "member"), ("Ben Osei", "member")]
    assert len(ledger.letters()) == 2
    told = stage(HEADER + rows.replace("Area lead", "Coach"))
    ledger.act(services.confirm_members, told.id, leaving_out=False, actor=lead, now=make.now)
    assert ledger.letters()[2:] == [("membership_changed", "ann")]


def test_list_is_not_applied_when_things_stand_otherwise_than_it_was_shown(
    ledger: Ledger, stage: Any, programme: Programme, lead: Actor, make: Maker
) -> None:
    row = stage(f"{HEADER}Ann Lee,ann@example.org,Member,,,,\nBen Osei,ben@example.org,Member,,,,\n")
    ann = make.person("Ann Lee", "ann@example.org")
    make.member(ann, programme_id=programme.id, role=R.COACH)

    asked = ledger.act(services.confirm_members, row.id, leaving_out=False, actor=lead, now=make.now)
    assert (asked.state, asked.problem[:44]) == (ImportState.STAGED, "Something has changed since this list was ma")
    assert [fate for fate, _ in fates(ledger, row).values()] == ["changed", "new"]
    assert [name for name, _, _ in belonging(ledger)] == ["Ann Lee"]
    done = ledger.act(services.confirm_members, row.id, leaving_out=False, actor=lead, now=make.now)
    assert (done.state, len(belonging(ledger))) == (ImportState.APPLIED, 2)


def test_domains_of_an_area_are_set_once(ledger: Ledger, area: Area, lead: Actor, make: Maker) -> None:
    for _ in range(2):
        ledger.act(services.set_domains, area.id, ["a.example.org"], actor=lead, now=make.now)
    row = ledger.one(select(Area))
    assert (row.email_domains, row.version) == (["a.example.org"], area.version + 1)
    (entry,) = ledger.all(select(Activity).where(Activity.thing_kind == ThingKind.AREA))
    assert entry.details["changes"] == {"domains": [["marlbridge.example.org"], ["a.example.org"]]}
    with pytest.raises(services.MembershipRefused, match="Nearly anybody has an address"):
        ledger.act(services.set_domains, area.id, ["a.example.org", "gov.uk", "gmail.com"], actor=lead, now=make.now)
    assert ledger.one(select(Area)).email_domains == ["a.example.org"]
