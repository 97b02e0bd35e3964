"""Reflections that others may open: what they see of its history, and what is asked before they see anything."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp import clock
from webapp.models.activity import Activity
from webapp.models.reflections import ReflectionChange, ReflectionShare

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


def test_sharing_names_what_was_kept_in_private_and_asks_once_more(ann, people, entry, ledger, now):
    ben = people[1]
    page = ann.send(ann.get(entry.address).form(), p2=CHILD, p3="We listened")
    assert "Keep the text as it is: you alone can open it, and are asked once more before you share it" in page.text
    ann.send(page.form(), guard_choice="keep", guard_reason="Because private")
    sharing = f"{entry.address.partition('/entries')[0]}/sharing"
    asked = ann.send(ann.get(sharing).form("/sharing"), whom="person", email="ben@example.org", may="read")
    assert (asked.status, ledger.count(ReflectionShare)) == (422, 0)
    assert asked.errors[0].startswith("This may identify somebody: it looks like")
    assert "10 May 2027: What about 1?" in asked.text
    assert "We listened" not in asked.text
    # The way to the answer leads to its field, in a form that says again what was typed.
    looked = ann.get(asked.link("Look at this answer: 10 May 2027: What about 1?").partition("#")[0])
    assert CHILD in looked.form().values["p2"]
    assert asked.link("Look at this answer: 10 May 2027: What about 1?").endswith("#p2")
    why = ann.send(asked.form("/sharing"), guard_choice="keep")
    assert (why.errors[-1], ledger.count(ReflectionShare)) == ("Say why the text has to stay as it is", 0)
    not_yet = ann.send(asked.form("/sharing"), guard_choice="change")
    assert (not_yet.heading, "It is not shared." in not_yet.text) == ("My thoughts", True)
    assert (ledger.count(ReflectionShare), ben.get(not_yet.address).status) == (0, 404)
    # Whatever is written between the question and the answer is asked about too.
    answering = why.form("/sharing").fill(guard_choice="keep", guard_reason="Ben knows the family")
    write(ann, entry, p3="Tyrone Bell, aged 6, came along")
    again = ann.send(answering)
    assert (again.status, ledger.count(ReflectionShare)) == (422, 0)
    ann.send(again.form("/sharing"), guard_choice="keep", guard_reason="Ben knows the family")
    assert CHILD in ben.get(not_yet.address).text
    kept = ledger.all(select(Activity.details).where(Activity.verb == "text_kept").order_by(Activity.id))
    assert [one["reason"] for one in kept] == ["Because private", "Invented", "Ben knows the family"]
    page = ann.send(ann.get(entry.address).form(), p3="Tyrone Bell, aged 6, and Mia Bell, aged 3")
    assert "Keep the text as it is: everybody who can open this reflection reads it" in page.text


def test_words_that_were_kept_in_private_do_not_come_back_unasked_once_it_is_shared(ann, people, entry, now):
    for minutes, words in ((0, CHILD), (20, "We saw a family")):
        with clock.fixed(now + timedelta(minutes=minutes)):
            write(ann, entry, p2=words)
    with clock.fixed(now + timedelta(minutes=21)):
        share(ann, entry, "ben", "read")
        reflection = entry.address.partition("/entries")[0]
        page = ann.send(ann.get(f"{entry.address}/history").form())
        assert page.form().values["p2"] == [CHILD]
        assert "for you alone" in page.text
        assert "Kayleigh" not in people[1].get(reflection).text
        asked = ann.send(page.form())
        assert "everybody who can open this reflection reads it" in asked.text
        ann.send(asked.form(), guard_choice="keep", guard_reason="Ben knows the family")
        assert "Kayleigh" in people[1].get(reflection).text


def test_names_of_teams_and_reflections_pass_the_guard_and_reasons_are_recorded(ann, entry, ledger):
    sly = "Kayleigh Brown, aged 9, of 22 Hollow Lane"
    reflection = entry.address.partition("/entries")[0]
    tool = next(one for one in ann.get("/reflections").all("a") if one.get("href").startswith("/tools/"))
    tool = ann.get(tool.get("href"))
    for address, form, field in (
        ("/reflections/teams/new", None, "name"),
        (f"{reflection}/title", None, "title"),
        (tool.link("Begin a reflection"), None, "title"),
        (reflection, "/entries", "title"),
    ):
        page = ann.send(ann.get(address).form(form), **{field: sly})
        assert (page.status, page.errors[0].startswith("This may identify somebody")) == (422, True), address
        kept = ann.send(page.form(form), guard_choice="keep", guard_reason=f"Invented for {field}")
        assert kept.status == 200, address
    recorded = ledger.rows(
        select(Activity.thing_kind, Activity.details["reason"])
        .where(Activity.verb == "text_kept")
        .order_by(Activity.id)
    )
    assert [tuple(one) for one in recorded] == [
        ("team", "Invented for name"), *[("reflection", "Invented for title")] * 3
    ]  # fmt: skip
    assert sly not in str(ledger.all(select(Activity.details)))
