"""Reflections that others may open: what they see of its history, and what is asked before they see anything."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp import clock
from webapp.models.activity import Activity
from webapp.models.reflections import ReflectionChange

CHILD = "We saw Kayleigh Ashdown, aged 7, at 12 Harbour Road."


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def people(app, make):
    """Browsers in which Ann, Ben and Cem are signed in."""
    return [
        Browser(app).sign_in(make.signed_in(make.person(name, f"{name.lower()}@example.org")))
        for name in ("Ann", "Ben", "Cem")
    ]


@pytest.fixture
def ann(people):
    return people[0]


@pytest.fixture
def entry(ann, make):
    """The page to write in of Ann's first entry."""
    tool = make.framework("A tool to think with")
    return ann.send(ann.get(f"/tools/{tool.slug}-{tool.public_id}/begin").form(), title="My thoughts")


def write(browser, entry, **values):
    """Write in an entry and keep what the guard asks about."""
    page = browser.send(browser.get(entry.address).form(), **values)
    return browser.send(page.form(), guard_choice="keep", guard_reason="Invented") if page.status == 422 else page


def share(ann, entry, name, may):
    address = f"{entry.address.partition('/entries')[0]}/sharing"
    page = ann.send(ann.get(address).form("/sharing"), whom="person", email=f"{name}@example.org", may=may)
    return ann.send(page.form("/sharing"), guard_choice="keep", guard_reason="Invented") if page.status == 422 else page


def test_history_begins_for_others_with_what_stood_when_they_could_open_it(ann, people, entry, now):
    _, ben, cem = people
    history = f"{entry.address}/history"
    for minutes, words in ((0, CHILD), (20, "We saw a family")):
        with clock.fixed(now + timedelta(minutes=minutes)):
            write(ann, entry, p2=words)
    with clock.fixed(now + timedelta(minutes=25)):
        share(ann, entry, "ben", "write")
        share(ann, entry, "cem", "read")
        # What she went on with at once is one change, and what stood before it is not shown with it.
        write(ann, entry, p2="We saw a family at home")
    with clock.fixed(now + timedelta(minutes=45)):
        write(ben, entry, p2="We listened")
        assert ["Kayleigh" in one.get(history).text for one in (ann, ben)] == [True, False]
        assert [one.text for one in ben.get(history).all("del", class_="wm-removed")][1:] == ["saw a family at home"]
        hidden = ann.get(history).forms()[-1]
        assert ben.post(hidden.action, ben.get(entry.address).form().values).status == 404
        # Who can only read it is not shown how it came to be.
        assert cem.get(history).status == 403
        page = cem.get(entry.address.partition("/entries")[0])
    assert ("We listened" in page.text, page.has_link("History of the entry of 10 May 2027")) == (True, False)


def test_one_version_is_erased_for_good_by_its_writer_or_the_owner(ann, people, entry, ledger, now):
    ben, history = people[1], f"{entry.address}/history"
    share(ann, entry, "ben", "write")
    for minutes, writer, words in ((0, ann, CHILD), (20, ben, "Ben listened"), (40, ann, "We listened")):
        with clock.fixed(now + timedelta(minutes=minutes)):
            write(writer, entry, p2=words)
    with clock.fixed(now + timedelta(minutes=41)):
        hers, his = (ledger.one(select(ReflectionChange.public_id).where(ReflectionChange.text == words))
                     for words in (CHILD, "Ben listened"))  # fmt: skip
        stands = ledger.one(select(ReflectionChange.public_id).where(ReflectionChange.text == "We listened"))
        erasing = ann.get(f"{history}/{hers}/erase")
        assert (erasing.heading, CHILD in erasing.text) == ("Erase these words?", True)
        # Another's words are not his to erase, and what stands is changed in the entry.
        assert ben.send(ben.get(f"{history}/{hers}/erase").form()).status == 403
        assert ann.send(ann.get(f"{history}/{stands}/erase").form()).status == 409
        after = ann.send(erasing.form())
        assert (after.heading, "These words were erased." in after.text) == ("History of 10 May 2027", True)
        assert [("Kayleigh" in one.get(history).text) for one in (ann, ben)] == [False, False]
        assert ann.post(f"{history}/{hers}", erasing.form().values).status == 404
        ben.send(ben.get(f"{history}/{his}/erase").form())
        ann.send(erasing.form())
    assert ledger.all(select(ReflectionChange.text).order_by(ReflectionChange.id)) == ["", "", "We listened"]
    recorded = ledger.all(select(Activity.details).where(Activity.verb == "words_erased"))
    assert recorded == [{}, {}]
