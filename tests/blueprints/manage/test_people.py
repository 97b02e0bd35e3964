from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from tests.tables import cells
from webapp import clock, tokens
from webapp.models.accounts import Grant, Person, Role, ThingKind
from webapp.models.registrations import Registration, RegistrationState

R = Role


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def event(make):
    return make.event("Ours")


@pytest.fixture
def enter(app, make, event):
    """Signs in somebody who holds these roles at the event itself."""

    def signed_in(name, *roles, until=None):
        person = make.person(name, f"{name.split()[0].lower()}@example.org")
        for role in roles:
            make.grant(person, role, ThingKind.EVENT, event.id, until=until)
        return Browser(app).sign_in(make.signed_in(person))

    return signed_in


@pytest.fixture
def people(event):
    return f"/manage/events/ours-{event.public_id}/people"


def roles_of(ledger, event, email):
    statement = select(Grant).join(Person, Person.id == Grant.person_id).where(Person.email == email)
    return {grant.role for grant in ledger.all(statement.where(Grant.thing_kind == ThingKind.EVENT))}


def address(ledger, people, email, page):
    return f"{people}/{ledger.one(select(Person.public_id).where(Person.email == email))}/{page}"


def test_index_says_who_may_do_what_from_where_and_until_when(enter, make, event, people, now):
    browser = enter("Olu Mensah", R.OWNER)
    enter("Ana Reader", R.READER, R.CHECK_IN, until=now + timedelta(days=1, hours=14))
    make.grant(make.person("Pru Above"), R.ORGANISER, ThingKind.PROGRAMME, event.programme_id)
    make.grant(make.person("Sue Site"), R.OWNER, ThingKind.SITE, 0)
    make.grant(make.person("Past"), R.READER, ThingKind.EVENT, event.id, until=now)
    make.grant(make.person("Elsewhere"), R.READER, ThingKind.EVENT, make.event().id)
    page = browser.get(people)
    assert page.heading == "People"
    rows = [[cell.split(" Has not")[0] for cell in row[:4]] for row in cells(page)]
    assert rows == [
        ["Olu Mensah (you) olu@example.org", "Owner", "This event", "No end"],
        [rows[1][0], "Owner", "The whole service", "No end"],
        [rows[2][0], "Organiser", "The programme", "No end"],
        ["Ana Reader ana@example.org", "Check-in only, Read only", "This event", "11 May 2027"],
    ]
    assert [rows[1][0][:8], rows[2][0][:9]] == ["Sue Site", "Pru Above"]
    assert page.link("People") == people


def test_index_shows_helpers_no_addresses_and_nothing_to_press(enter, people):
    enter("Olu Mensah", R.OWNER)
    page = enter("Ana Reader", R.READER).get(people)
    assert "Olu Mensah" in page.text
    assert "@example.org" not in page.text
    assert [text_of(link) for row in page.all("table") for link in row.iter() if link.tag.endswith("}a")] == [
        "Give up your role"
    ]
    assert not page.has_link("Invite somebody")


def test_index_asks_as_many_queries_for_many_helpers_as_for_one(app, enter, people):
    browser = enter("Olu Mensah", R.OWNER)
    counts = []
    for names in ((), ("Ana", "Ben", "Cy")):
        for name in names:
            enter(name, R.READER, R.AGENDA)
        with statements(app) as asked:
            assert len(cells(browser.get(people))) == 1 + len(names)
        counts.append(len(asked))
    assert counts == [3, 3]


def test_invited_helper_gets_a_letter_and_a_role_that_holds_at_once(enter, ledger, event, people):
    browser = enter("Olu Mensah", R.OWNER)
    form = browser.get(f"{people}/invite").form()
    page = browser.send(form, name="Sam  Patel", email="Sam@Example.org", roles=["agenda", "reader"], until="14/6/2027")
    assert page.address == people
    assert "Sam Patel now has “Agenda only” and “Read only”. We have sent a letter with the way in." in page.text
    assert [row[0] for row in cells(page)][1] == "Sam Patel Sam@example.org Has not signed in yet"
    assert cells(page)[1][3] == "14 June 2027"
    assert ledger.letters() == [("helper_invited", "Sam")]

    page = browser.send(form, name="Sam Patel", email="sam@example.org", roles=["agenda"], until="")
    assert "Sam Patel has “Agenda only” here already. Nothing was changed, and no letter was sent." in page.text
    assert ledger.letters() == [("helper_invited", "Sam")]


def test_invited_helper_comes_in_by_the_letter(app, enter, ledger, make, event, people):
    browser = enter("Olu Mensah", R.OWNER)
    form = browser.get(f"{people}/invite").form()
    browser.send(form, name="Sam Patel", email="sam@example.org", roles=["agenda"])
    mine = f"/manage/events/ours-{event.public_id}"
    guest = Browser(app)
    page = guest.get(f"/sign-in?next={mine}")
    guest.send(page.form(), email="sam@example.org")
    facts = ledger.last_letter().facts
    with app.app_context():
        token = tokens.make("sign-in", facts["link_id"], facts["link_nonce"])
    page = guest.send(guest.get(f"/sign-in/{token}").form())
    assert (page.address, page.heading) == (mine, "Ours")
    assert cells(browser.get(people))[1][0] == "Sam Patel sam@example.org"


def test_invite_refused_keeps_what_was_typed(enter, ledger, people):
    browser = enter("Olu Mensah", R.OWNER)
    page = browser.send(browser.get(f"{people}/invite").form(), email="sam@", until="9 May 2027", roles=[])
    assert page.status == 422
    assert page.errors == [
        "Enter their full name",
        "Enter an e-mail address in the correct format, like name@example.org",
        "Choose what they may do",
        "“Until” must be today or later",
    ]
    page = browser.send(page.form(), name="Sam", email="sam@example.org", roles=["king"], until="31 6 2027")
    assert page.errors == ["Choose from the list", "“Until” must be a real date, like 14 June 2027"]
    assert page.form().values["email"] == ["sam@example.org"]
    page = browser.send(page.form(), roles=["agenda"], until="1.1.9999")
    assert page.errors == ["“Until” must be in 2199 or earlier"]
    assert (ledger.letters(), page.form().values["roles"]) == ([], ["agenda"])


def test_letter_goes_again_to_who_has_not_signed_in(enter, ledger, people, now):
    browser = enter("Olu Mensah", R.OWNER)
    browser.send(browser.get(f"{people}/invite").form(), name="Sam Patel", email="sam@example.org", roles=["agenda"])
    with clock.fixed(now + timedelta(hours=1)):
        page = browser.send(browser.get(people).form(address(ledger, people, "sam@example.org", "letter")))
        assert "We have sent the letter to Sam Patel again." in page.text
        browser.send(page.form(address(ledger, people, "sam@example.org", "letter")))
    assert ledger.letters() == [("helper_invited", "sam")] * 2
    refused = browser.post(address(ledger, people, "sam@example.org", "letter"))
    assert "The page was open for too long" in refused.text
    assert len(ledger.letters()) == 2


def test_change_shows_what_is_and_saves_what_is_wanted(enter, ledger, event, people):
    enter("Ana Reader", R.READER)
    browser = enter("Olu Mensah", R.OWNER)
    page = browser.get(address(ledger, people, "ana@example.org", "change"))
    assert page.heading == "What Ana Reader may do"
    form = page.form()
    assert (form.values["roles"], form.values["until"]) == (["reader"], [""])
    page = browser.send(form, roles=["check_in"], until="1 July 2027")
    assert "Saved what Ana Reader may do." in page.text
    assert roles_of(ledger, event, "ana@example.org") == {R.CHECK_IN}
    page = browser.get(address(ledger, people, "ana@example.org", "change"))
    assert page.form().values["until"] == ["1 July 2027"]


def test_change_by_two_shows_the_second_what_the_first_made_of_it(enter, ledger, event, people):
    enter("Ana Reader", R.READER)
    first, second = enter("Olu Mensah", R.OWNER), enter("Bo Second", R.OWNER)
    where = address(ledger, people, "ana@example.org", "change")
    theirs, mine = first.get(where).form(), second.get(where).form()
    first.send(theirs, roles=["agenda"])
    page = second.send(mine, roles=["check_in"], until="1 July 2027")
    assert (page.status, page.errors) == (
        409,
        ["Somebody else changed these roles in the meantime. Look at how they stand now, and choose again."],
    )
    assert "How it stands now. Below is what you chose; save it to put it in place of this. Agenda only" in page.text
    assert (page.form().values["roles"], page.form().values["until"]) == (["check_in"], ["1 July 2027"])
    assert roles_of(ledger, event, "ana@example.org") == {R.AGENDA}
    second.send(page.form())
    assert roles_of(ledger, event, "ana@example.org") == {R.CHECK_IN}


def test_roles_from_above_are_not_changed_here(enter, make, ledger, event, people):
    person = make.person("Pru Above", "pru@example.org")
    make.grant(person, R.ORGANISER, ThingKind.PROGRAMME, event.programme_id)
    browser = enter("Olu Mensah", R.OWNER)
    for page in ("change", "remove"):
        shown = browser.get(address(ledger, people, "pru@example.org", page))
        assert "The role of Pru Above is given for the programme, so it cannot be changed" in shown.text
    assert ledger.count(Grant) == 2


def test_remove_asks_first_and_twice_is_no_error(enter, ledger, event, people):
    enter("Ana Reader", R.READER, R.AGENDA)
    browser = enter("Olu Mensah", R.OWNER)
    where = address(ledger, people, "ana@example.org", "remove")
    page = browser.get(where)
    assert page.heading == "Take the roles of Ana Reader away"
    assert roles_of(ledger, event, "ana@example.org") == {R.READER, R.AGENDA}
    form = page.form()
    assert "Ana Reader no longer helps with this event." in browser.send(form).text
    assert "This person has no role here now." in browser.send(form).text
    assert roles_of(ledger, event, "ana@example.org") == set()


def test_last_owner_stays_and_is_told_why(enter, ledger, event, people):
    browser = enter("Olu Mensah", R.OWNER)
    page = browser.send(browser.get(f"{people}/leave").form())
    why = "This event must keep an owner. First make somebody else owner for at least as long."
    assert (page.status, page.errors, page.heading) == (409, [why], "Give up your role")
    page = browser.send(browser.get(address(ledger, people, "olu@example.org", "change")).form(), roles=["reader"])
    assert (page.status, page.errors, page.form().values["roles"]) == (409, [why], ["reader"])
    assert roles_of(ledger, event, "olu@example.org") == {R.OWNER}


def test_leaving_leads_to_where_one_may_still_be(enter, make, ledger, event, people):
    enter("Olu Mensah", R.OWNER)
    browser = enter("Ana Reader", R.READER)
    page = browser.send(browser.get(people + "/leave").form())
    assert page.heading == "My events"
    assert "You no longer help with Ours." in page.text
    gone = browser.get(people)
    assert (gone.status, gone.heading) == (403, "You cannot do that")
    assert "You gave up your role at this event at 10am on Monday 10 May 2027." in gone.text


def test_organiser_removed_while_editing_changes_nothing_and_is_told(enter, make, ledger, event, people, now):
    owner, organiser = enter("Olu Mensah", R.OWNER), enter("Bo Busy", R.ORGANISER)
    event_page = f"/manage/events/ours-{event.public_id}"
    registration = make.registration(event, email="dina@example.org")
    form = organiser.get(f"{event_page}/registrations/{registration.public_id}/cancel").form()
    described = organiser.get(f"{event_page}/setup/about").form()
    owner.send(owner.get(address(ledger, people, "bo@example.org", "remove")).form())

    refused = organiser.send(form)

    assert (refused.status, refused.heading) == (403, "You cannot do that")
    assert (
        "You no longer have a role at this event: it was taken away at 10am on Monday 10 May 2027. What you sent was"
        " not saved. If you still help with it, ask one of its owners to invite you again." in refused.text
    )
    states = ledger.all(select(Registration.state))
    assert states == [RegistrationState.CONFIRMED]
    kept = organiser.send(described, summary="Two hours of\nwriting & thinking.")
    shown = dict(zip(map(text_of, kept.all("dt")), map(text_of, kept.all("dd")), strict=True))
    assert shown["Summary"] == "Two hours of writing & thinking."
    assert shown.keys().isdisjoint({"Csrf token", "Version", "Opened"})
    read = organiser.get(event_page)
    assert (read.status, "What you sent" in read.text) == (403, False)


def test_role_that_ran_out_is_told_to_who_had_it_and_to_nobody_else(app, enter, make, event, now):
    page = f"/manage/events/ours-{event.public_id}"
    late = enter("Ana Late", R.READER, until=now)
    stranger = make.person()
    make.grant(stranger, R.OWNER, ThingKind.EVENT, make.event().id)
    told = late.get(page)
    assert (told.status, "Your role at this event ended at 10am on Monday 10 May 2027." in told.text) == (403, True)
    refused = Browser(app).sign_in(make.signed_in(stranger)).get(page)
    unknown = late.get("/manage/events/ours-23456789bcdf")
    assert (refused.status, refused.heading, refused.text) == (404, "Page not found", unknown.text)


def test_what_is_not_there_stays_not_found_for_who_has_a_role_again(enter, ledger, people):
    owner, back = enter("Olu Mensah", R.OWNER), enter("Ana Reader", R.OWNER)
    owner.send(owner.get(address(ledger, people, "ana@example.org", "remove")).form())
    assert back.get(f"{people}/23456789bcdf/change").status == 403
    form = owner.get(f"{people}/invite").form()
    owner.send(form, name="Ana Reader", email="ana@example.org", roles=["owner"])
    page = back.get(f"{people}/23456789bcdf/change")
    assert (page.status, page.heading) == (404, "Page not found")
