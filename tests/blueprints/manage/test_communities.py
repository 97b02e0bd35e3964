"""Communities as organisers set them up: what they are, their rules of conduct and their categories."""

import pytest

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.communities import Category, Community, Openness
from webapp.models.topics import Topic
from webapp.services import communities


@pytest.fixture
def programme(make):
    return make.programme("Birds", themes=["Waders"])


@pytest.fixture
def organiser(browser, make, programme):
    person = make.person("Olga Organiser")
    make.grant(person, Role.ORGANISER, ThingKind.PROGRAMME, programme.id)
    browser.sign_in(make.signed_in(person))
    return person


def stands(app):
    with app.app_context():
        return db.session.query(Community).one()


def test_community_is_set_up_given_rules_and_categories_and_closed(app, browser, make, programme, organiser):
    wave = make.wave("First wave", programme_id=programme.id)
    page = browser.get(browser.get("/manage/communities").link("Set up a community"))
    bad = browser.send(page.form().fill(name="", first_posts="99", lead_email="lead@example.org"))
    assert bad.errors == [
        "Enter what the community is called",
        "Select who belongs to it",
        "Select who reads it",
        "Enter a number from 0 to 20",
        "Enter both a name and an address, or neither",
    ]
    filled = {
        "name": "Our wave",
        "of": wave.public_id,
        "openness": "programme",
        "first_posts": "2",
        "lead_name": "Lea Lead",
    }
    page = browser.send(bad.form().fill(**filled, theme=programme.themes[0].public_id))
    made = stands(app)
    assert (made.wave_id, made.theme_id, made.openness) == (wave.id, programme.themes[0].id, Openness.PROGRAMME)
    assert (made.first_posts_held, made.child_lead_email) == (2, "lead@example.org")

    page = browser.send(browser.get(page.link("Write the rules")).form().fill(body="Be **kind**."))
    assert (stands(app).rules_number, "Be kind ." in page.text) == (1, True)
    page = browser.send(browser.get(page.link("Change the rules")).form())
    assert stands(app).rules_number == 1

    for name in ("One", "Two"):
        page = browser.send(browser.get(page.link("Add a category")).form().fill(name=name))
    twice = browser.send(browser.get(page.link("Add a category")).form().fill(name="one"))
    assert twice.errors == ["There is a category of this name already."]
    page = browser.send(page.form(f"/categories/{category(app, 'Two').public_id}/move").fill(up="1"))
    assert page.text.index("Two") < page.text.index("One")
    page = browser.send(browser.get(page.link("Change “One”")).form().fill(name="First"))
    page = browser.send(browser.get(page.link("Take away “Two”")).form())
    with app.app_context():
        assert [one.name for one in db.session.query(Category)] == ["First"]

    page = browser.send(page.form("/archive"))
    assert stands(app).archived_at is not None
    page = browser.send(page.form("/bring-back"))
    assert stands(app).archived_at is None


def category(app, name):
    with app.app_context():
        return db.session.query(Category).filter_by(name=name).one()


def test_two_who_change_a_community_see_each_others_words(app, browser, make, programme, organiser):
    row = make.community("Our wave", programme_id=programme.id)
    edit = browser.get(browser.get(f"/manage/communities/{row.slug}-{row.public_id}").link("Change what it is"))
    with app.app_context(), transaction.unit():
        words = communities.CommunityWords(name="Our wave", summary="Theirs")
        communities.change(row.id, words, version=row.version, actor=SYSTEM, now=make.now)
    page = browser.send(edit.form().fill(name="My wave"))
    assert (page.status, "Theirs" in page.text) == (409, True)
    saved = browser.send(page.form())
    assert "It is saved." in saved.text, (saved.errors, page.form().values)
    assert (stands(app).name, stands(app).summary) == ("My wave", "Theirs")


def test_topics_stay_when_their_category_is_taken_away(app, make, programme):
    row = make.community("Our wave", programme_id=programme.id)
    with app.app_context(), transaction.unit():
        words = communities.CategoryWords(name="One")
        made = communities.put_category(row.id, words, actor=SYSTEM, now=make.now)
    make.topic(row, category_id=made.id)
    with app.app_context(), transaction.unit():
        communities.remove_category(row.id, made.public_id, actor=SYSTEM, now=make.now)
    with app.app_context():
        assert db.session.query(Topic).one().category_id is None
