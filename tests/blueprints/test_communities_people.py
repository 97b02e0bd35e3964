"""The people of communities: their profiles, the directory, mentions, and who does the same elsewhere."""

import json

import pytest

from tests.browsing import text_of
from tests.counting import statements
from webapp import transaction
from webapp.extensions import db
from webapp.folding import fold
from webapp.models.accounts import Actor, ActorKind
from webapp.models.belonging import MemberRole
from webapp.models.communities import MemberProfile, Openness
from webapp.services import communities, memberships


@pytest.fixture
def area(make):
    return make.area("Northby", wave=make.wave("Wave 1"))


@pytest.fixture
def community(make, area):
    return make.community("Wave one", programme_id=area.programme_id, wave_id=area.wave_id)


@pytest.fixture
def listed(app, make):
    """Somebody of an area with a profile."""

    def make_one(name, area, role=MemberRole.MEMBER, **says):
        person = make.person(name)
        membership = make.member(person, area=area, role=role)
        with app.app_context(), transaction.unit():
            profile = communities.profile_of(person.id, person.name, now=make.now)
            for field, value in says.items():
                setattr(profile, field, value)
            profile.job_title_folded = fold(profile.job_title)
            return person, membership, str(profile.public_id)

    return make_one


def at(community, more=""):
    return f"/communities/{community.slug}-{community.public_id}{more}"


def names_on(page):
    return [text_of(one) for level in ("h2", "h3") for one in page.all(level, class_="wm-entry__name")]


def test_profile_shows_what_its_owner_chooses_to_those_who_share_something(browser, make, area, community):
    person = make.person("Mia Member", "mia@example.org")
    make.member(person, area=area)
    make.member(person, area=make.area("Elsewhere"))
    other = make.person()
    make.member(other, area=area)
    browser.sign_in(make.signed_in(person))

    form = browser.get("/my/profile").form("/my/profile")
    again = browser.get("/my/profile").form("/my/profile")
    page = browser.send(form.fill(job_title="Social Worker", about="Ask me.\nI answer."))
    assert (page.heading, "Social Worker" in page.text, "Ask me." in page.text) == ("Mia Member", True, True)
    assert ("mia@example.org" in page.text, "Northby" in page.text, "@mia-member" in page.text) == (False, True, True)
    address = page.address

    page = browser.send(again.fill(job_title="Nurse"))
    assert (page.status, "You typed" in page.text) == (409, True)
    page = browser.send(page.form("/my/profile").fill(shows_email="y", shows_places=[]))
    assert ("Nurse" in page.text, "Ask me." in page.text) == (True, True)

    browser.sign_in(make.signed_in(other))
    page = browser.get(address)
    assert ("mia@example.org" in page.text, "Northby" in page.text, "Elsewhere" in page.text) == (True, False, False)
    browser.sign_in(make.signed_in(make.person()))
    assert (browser.get(address).status, browser.get(at(community, "/people")).status) == (404, 404)


def test_profile_that_may_identify_a_child_is_not_kept(app, browser, make):
    browser.sign_in(make.signed_in(make.person("Mia Member")))
    form = browser.get("/my/profile").form("/my/profile").fill(about="I work with Callum, aged 9, at 14 Mill Road.")
    page = browser.send(form)
    assert (page.status, "Could this identify a child or a family?" in page.text) == (422, True)
    page = browser.send(page.form("/my/profile").fill(guard_choice="keep"))
    assert page.status == 422
    with app.app_context():
        assert db.session.query(MemberProfile).count() == 0


def test_directory_lists_who_takes_part_and_wants_to_be_found(app, browser, make, area, community, listed):
    south = make.area("Southby", wave=make.wave(programme_id=area.programme_id))
    mia, _, _ = listed("Mia Member", area, job_title="Sociál worker")
    _, leaving, gone = listed("Lee Leaver", area)
    listed("Leo Lead", area, MemberRole.LEAD, shows_places=False)
    listed("Una Unlisted", area, listed=False)
    listed("Sue South", south)
    browser.sign_in(make.signed_in(mia))
    page = browser.get(browser.get(at(community)).link("People of this community"))
    assert names_on(page) == ["Lee Leaver", "Leo Lead", "Mia Member"]
    assert [text_of(one) for one in page.all("ul", class_="wm-entry__places")] == ["Member, Northby (Wave 1)"] * 2

    with app.app_context(), transaction.unit():
        memberships.end(leaving.id, actor=Actor(ActorKind.PERSON, mia.id), now=make.now)
    assert browser.get(f"/communities/people/{gone}").status == 404
    found = {
        query: names_on(browser.get(at(community, f"/people?{query}")))
        for query in ("q=SOCIAL+mia", "q=nobody", "role=lead", f"area={area.public_id}", f"area={south.public_id}")
    }
    assert list(found.values()) == [["Mia Member"], [], [], ["Mia Member"], ["Leo Lead", "Mia Member"]]


def test_directory_asks_as_many_questions_for_one_as_for_many(app, browser, make, area, community, listed):
    mia, _, _ = listed("Mia Member", area)
    browser.sign_in(make.signed_in(mia))
    counted = []
    for more in (0, 8):
        for number in range(more):
            listed(f"Member {number}", area)
        with statements(app) as asked:
            assert len(names_on(browser.get(at(community, "/people")))) == 1 + more
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_people_are_offered_to_who_writes_and_mentions_lead_to_profiles(app, browser, make, area, community, listed):
    mia, _, profile = listed("Mia Member", area, job_title="Nurse")
    _, leaving, _ = listed("Mio Leaver", area)
    listed("Mia Unlisted", area, listed=False)
    first = make.topic(community, mia, body="Ask @mio-leaver, and @mia-member.")
    browser.sign_in(make.signed_in(mia))

    def offered(typed):
        return json.loads(browser.get(at(community, f"/people/mention?q={typed}")).body)

    assert offered("mi") == [
        {"handle": "mia-member", "name": "Mia Member", "detail": "Nurse"},
        {"handle": "mio-leaver", "name": "Mio Leaver", "detail": ""},
    ]
    assert (offered("m"), offered("%25%25"), offered("NONE")) == ([], [], [])
    page = browser.get(f"/posts/{first.public_id}")
    assert page.link("Mia Member") == f"/communities/people/{profile}"
    assert page.all("div", data_people=at(community, "/people/mention"))

    with app.app_context(), transaction.unit():
        memberships.end(leaving.id, actor=Actor(ActorKind.PERSON, mia.id), now=make.now)
    assert [one["handle"] for one in offered("mi")] == ["mia-member"]
    mentions = [one.get("href") for one in browser.get(f"/posts/{first.public_id}").all("a", class_="wm-post__mention")]
    assert mentions == ["/communities", f"/communities/people/{profile}"]


def test_profiles_are_not_led_to_from_a_public_community_for_a_stranger(browser, make, area, listed):
    public = make.community("For all", programme_id=area.programme_id, openness=Openness.PUBLIC)
    mia, _, profile = listed("Mia Member", area)
    first = make.topic(public, mia, body="I am @mia-member.")
    for who in (None, make.person()):
        if who:
            browser.sign_in(make.signed_in(who))
        page = browser.get(f"/posts/{first.public_id}")
        assert ("Mia Member" in page.text, profile in page.body) == (True, False)


def test_others_in_my_role_are_those_of_other_areas_who_show_it(browser, make, area, listed):
    south = make.area("Southby", wave=make.wave(programme_id=area.programme_id))
    mia, _, _ = listed("Mia Member", area, job_title="Family Help Lead")
    browser.sign_in(make.signed_in(mia))
    assert "Nobody in another area" in browser.get("/communities/people/in-my-role").text
    listed("Sue South", south, job_title="family help  lead")
    listed("Sam South", south, job_title="Nurse")
    listed("Ned North", area, job_title="Family help lead")
    listed("Hal Hidden", south, job_title="Family help lead", shows_places=False)
    listed("Ann Other", make.area("Westby"), job_title="Family help lead")
    page = browser.get("/communities/people/in-my-role")
    assert (names_on(page), "Southby" in page.text) == (["Sue South"], True)
