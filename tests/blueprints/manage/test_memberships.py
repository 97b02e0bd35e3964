"""The people of a programme, for who sets it up: searched, added, read in from a file, ended."""

from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.browsing import Browser
from tests.counting import statements
from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.belonging import MemberRole
from webapp.models.memberships import Membership, MembershipInvitation


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def programme(make):
    return make.programme("Families")


@pytest.fixture
def area(make, programme):
    return make.area("Marlbridge", wave=make.wave("First wave", programme_id=programme.id))


@pytest.fixture
def organiser(app, make, programme):
    person = make.person("Olu Mensah")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    return Browser(app).sign_in(make.signed_in(person))


def address(programme, rest=""):
    return f"/manage/memberships/{programme.slug}-{programme.public_id}{rest}"


def upload(browser, programme, content, **values):
    form = browser.get(address(programme, "/import")).form()
    form.fill(file="", **values)
    data = {name: value for name, value in form.values.items() if name != "file"}
    boundary, body = encode_multipart(data | {"file": FileStorage(content, filename="people.csv")})
    return browser.post(form.action, body, content_type=f'multipart/form-data; boundary="{boundary}"')


def test_people_are_found_by_words_place_and_role(organiser, programme, area, make):
    empty = organiser.get(organiser.get("/manage/events").link("People of programmes"))
    assert "Nobody belongs to this programme yet" in empty.text
    make.member(make.person("Ann Lee", "ann@example.org"), area=area, role=MemberRole.LEAD)
    make.member(make.person("Ben Osei", "ben@example.net"), programme_id=programme.id, wave_id=area.wave_id)
    make.member(make.person("Cat Ng", "cat@example.net"), programme_id=programme.id, role=MemberRole.DEPARTMENT)
    make.member(make.person("Elsewhere"), area=make.area())

    def found(query):
        page = organiser.get(address(programme, query))
        return [name for name in ("Ann Lee", "Ben Osei", "Cat Ng", "Elsewhere") if name in page.text]

    assert found("") == ["Ann Lee", "Ben Osei", "Cat Ng"]
    assert found("?q=EXAMPLE.NET") == ["Ben Osei", "Cat Ng"]
    assert found("?q=ann+lee") == ["Ann Lee"]
    assert found("?q=100%25") == []
    assert found(f"?place=wave-{area.wave_id}") == ["Ann Lee", "Ben Osei"]
    assert found(f"?place=area-{area.id}") == ["Ann Lee"]
    assert found(f"?place=programme-{programme.id}") == ["Cat Ng"]
    assert found("?role=department") == ["Cat Ng"]
    lines = organiser.get(address(programme, "/people.csv?role=lead")).body.splitlines()
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["Ann Lee", "ann@example.org", "Area lead", "Marlbridge", "First wave"]
    ]


def test_list_asks_the_same_however_many_people(app, organiser, programme, area, make):
    def asked():
        with statements(app) as seen:
            assert organiser.get(address(programme)).status == 200
        return len(seen)

    make.member(area=area)
    one = asked()
    for _ in range(5):
        make.member(area=area)
    assert (one, asked()) == (10, 10)


def test_somebody_is_asked_or_added_at_once(organiser, programme, area, ledger):
    page = organiser.get(organiser.get(address(programme)).link("Invite or add somebody"))
    who = {"name": "Ann Lee", "email": "ann@example.org"}
    assert "Member Coach Evaluator Department Area lead, where it is an area" in page.text
    assert organiser.send(page.form(), **who, place="area-0").errors == ["Select what they belong to"]
    wave = f"wave-{area.wave_id}"
    refused = organiser.send(page.form(), **who, place=wave, role="lead")
    assert refused.errors == ["Only an area has leads. Choose an area, or another role."]
    page = organiser.send(refused.form(), place=f"area-{area.id}")
    assert (page.heading, "Ann Lee" in page.text) == ("Invitations", True)
    assert ledger.one(select(MembershipInvitation)).role is MemberRole.LEAD
    page = organiser.send(organiser.get(address(programme, "/add")).form(), **who, place=wave, how="at_once")
    assert "Ann Lee is added, and told by letter." in page.text
    assert ledger.letters() == [("membership_invited", "ann"), ("membership_added", "ann")]
    page = organiser.send(organiser.get(page.link("Change the role of Ann Lee in First wave")).form(), role="coach")
    assert "Ann Lee is now coach." in page.text
    page = organiser.send(organiser.get(page.link("Remove Ann Lee from First wave")).form())
    assert "Ann Lee no longer belongs to First wave." in page.text
    page = organiser.get(address(programme, "/invitations"))
    assert "The invitation is taken back." in organiser.send(page.form("/withdraw")).text


def test_list_of_people_is_looked_through_and_confirmed(organiser, programme, area, ledger):
    page = upload(organiser, programme, BytesIO(b"Name,Role\nAnn,Member\n"))
    assert (page.status, page.errors[0][:36]) == (422, "There is no column “E-mail address”.")
    content = (
        "Name,E-mail address,Role,Area,Shoe size\n"
        "Ann Lee,ann@example.org,Area lead,Marlbridge,5\n"
        "Ben Osei,ben@,Member,Marlbridge,9\n"
        '"=HYPERLINK(""http://x"")",cat@example.org,Member,Marlbridge,9\n'
    )
    page = upload(organiser, programme, BytesIO(content.encode()))
    assert page.heading == "What would become of each row"
    assert (
        "Row 3 Member, Marlbridge (First wave) Cannot be taken “ben@” is no e-mail address, like name@example.org."
        in page.text
    )
    assert "Ann Lee Row 2 ann@example.org, Area lead, Marlbridge (First wave) Will be added" in page.text
    assert "Row 4 cat@example.org, Member, Marlbridge (First wave) Cannot be taken “=HYPERLINK" in page.text
    assert "nothing is known about this column: Shoe size" in page.text
    assert ledger.all(select(Membership)) == []
    refused = organiser.send(page.form())
    assert refused.errors[0].startswith("2 rows cannot be taken.")
    page = organiser.send(refused.form(), leave_out="1")
    assert page.heading == "What was read in"
    assert "1 letter is on its way" in page.text
    assert ledger.one(select(Membership)).role is MemberRole.LEAD
    template = organiser.get(address(programme, "/import/template.csv"))
    assert "Ann Lee,ann.lee@example.org,Area lead,Marlbridge" in template.body


def test_people_of_a_programme_are_nowhere_to_who_sets_up_another(app, programme, make):
    person = make.person()
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, make.programme().id)
    other = Browser(app).sign_in(make.signed_in(person))
    for rest in ("", "/add", "/invitations", "/import", "/people.csv", "/import/template.csv"):
        assert other.get(address(programme, rest)).status == 404
