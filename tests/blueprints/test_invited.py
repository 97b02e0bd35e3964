"""Who may register, as the public pages say it, keep to it, and lead those invited in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.blueprints.test_registrations import ANN, address, fill, register, rows, told, written
from tests.browsing import Browser
from tests.counting import statements
from tests.ledger import Ledger
from webapp import tokens
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM, Role, ThingKind
from webapp.models.events import Admission, EventState, QuestionKind
from webapp.models.programmes import Programme
from webapp.models.registrations import Invitee, Registration
from webapp.services import invitees as services


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def invite(ledger, now):
    """Invites somebody and gives the address of their own link."""

    def run(event, email="dina@example.org", name="Dina Okafor"):
        ledger.act(services.invite, event.id, [Mailbox(name, email)], actor=SYSTEM, now=now)
        row = ledger.one(select(Invitee).where(Invitee.event_id == event.id, Invitee.email == email))
        with ledger.app.app_context():
            return f"{address(event)}/invited/{tokens.make('invited', row.public_id, row.nonce)}"

    return run


def revoke(ledger, now, email="dina@example.org"):
    row = ledger.one(select(Invitee).where(Invitee.email == email))
    ledger.act(services.revoke, row.id, actor=SYSTEM, now=now)


# ---------------------------------------------------------------- by domain


def test_event_page_says_which_addresses_may_register(make, browser, ledger):
    event = make.event(admission=Admission.DOMAINS, admitted_domains=["example.org", "marlbridge.example"])
    assert "Who may register People with an e-mail address at example.org or marlbridge.example" in told(
        browser.get(address(event))
    )
    ledger.change(event, admission=Admission.ANYONE)
    assert "Who may register" not in told(browser.get(address(event)))


def test_address_elsewhere_is_refused_at_its_field_and_nothing_typed_is_lost(make, browser, ledger):
    event = make.event(admission=Admission.DOMAINS, admitted_domains=["example.org"])
    page = fill(browser, event, email="ann@example.com", role="Health visitor")
    assert page.status == 422
    assert page.errors == [
        (
            "Only people with an e-mail address at example.org can register for this event. Enter such an address."
            " If you were invited at another address, use the link in that letter."
        )
    ]
    assert (written(page)["email"], written(page)["role"]) == (["ann@example.com"], ["Health visitor"])
    browser.send(browser.send(page.form(), email="ann@team.example.org").form())
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_address_admitted_when_typed_is_refused_when_that_changed_before_it_was_sent(make, browser, ledger):
    event = make.event(admission=Admission.DOMAINS, admitted_domains=["example.org"])
    check = fill(browser, event)
    ledger.change(event, admitted_domains=["example.com"])
    page = browser.send(check.form())
    assert page.status == 403
    assert page.errors[0].startswith("Only people with an e-mail address at example.com can register")
    assert ledger.count(Registration) == 0


# ---------------------------------------------------------------- by programme


def test_people_of_the_programme_register_by_its_domains_or_signed_in_with_a_role(app, make, browser, ledger):
    programme = make.programme("Family help")
    ledger.change(programme, email_domains=["example.org"])
    event = make.event(programme_id=programme.id, admission=Admission.PROGRAMME)
    person = make.person("Kit Moor", "kit@example.com")
    make.grant(person, Role.READER, ThingKind.PROGRAMME, programme.id)

    assert register(browser, event).heading == "You have a place"
    # Typed by a stranger, the address of somebody with a role tells nothing about them.
    assert fill(Browser(app), event, email="kit@example.com").status == 422
    own = Browser(app).sign_in(make.signed_in(person))
    assert register(own, event, email="kit@example.com").heading == "You have a place"
    assert ledger.standing(event) == [("ann", "confirmed"), ("kit", "confirmed")]


def test_role_at_the_programme_that_ended_lets_nobody_in(app, make, ledger, now):
    event = make.event(admission=Admission.PROGRAMME)
    person = make.person("Kit Moor", "kit@example.com")
    make.grant(person, Role.READER, ThingKind.PROGRAMME, event.programme_id, until=now)
    page = fill(Browser(app).sign_in(make.signed_in(person)), event, email="kit@example.com")
    assert page.errors[0].startswith("Only people of the programme can register")


# ---------------------------------------------------------------- by invitation


def test_event_by_invitation_offers_no_form_without_a_link(make, browser, ledger):
    event = make.event("Closed circle", admission=Admission.INVITATION)
    page = browser.get(address(event))
    assert "This event is by invitation." in told(page)
    assert not page.has_link("Register")
    asked = browser.get(f"{address(event)}/register")
    assert asked.heading == "By invitation: Closed circle"
    assert list(asked.form().values) == ["csrf_token", "email"]


def test_invited_person_registers_by_the_link_with_the_address_fixed(make, browser, ledger, invite):
    event = make.event("Closed circle", admission=Admission.INVITATION)
    link = invite(event)
    form = browser.get(link)
    assert form.heading == "Register: Closed circle"
    assert written(form)["name"] == ["Dina Okafor"]
    assert "email" not in written(form)
    assert "dina@example.org" in told(form)
    values = {name: value for name, value in ANN.items() if name not in {"name", "email"}}
    check = browser.send(form.form(), **values)
    assert rows(check)["E-mail address"] == "dina@example.org"
    # Back to change an answer, the address is still fixed.
    again = browser.get(check.link("Change your role"))
    assert "email" not in written(again)
    done = browser.send(browser.send(again.form(), role="Team manager").form())
    assert done.heading == "You have a place"
    row = ledger.registration(event, "dina@example.org")
    assert (row.name, row.role) == ("Dina Okafor", "Team manager")
    assert ledger.one(select(Invitee.registration_id)) == row.id
    assert browser.get(link).heading == "You have used this link to register"


def test_address_of_another_sent_with_a_link_is_not_taken(make, browser, ledger, invite):
    event = make.event(admission=Admission.INVITATION)
    values = {name: value for name, value in ANN.items() if name != "name"} | {"email": "mallory@example.com"}
    browser.send(browser.send(browser.get(invite(event)).form(), **values).form())
    assert ledger.standing(event) == [("dina", "confirmed")]


def test_reading_the_link_changes_nothing(make, browser, ledger, invite):
    event = make.event(admission=Admission.INVITATION)
    link, before = invite(event), ledger.letters()
    for _ in range(2):
        browser.get(link)
    assert (ledger.letters(), ledger.count(Registration)) == (before, 0)


def test_link_that_was_revoked_says_so_and_its_draft_goes_no_further(make, browser, ledger, invite, now):
    event = make.event(admission=Admission.INVITATION)
    link = invite(event)
    check = browser.send(browser.get(link).form(), **{k: v for k, v in ANN.items() if k not in {"name", "email"}})
    revoke(ledger, now)
    gone = browser.get(link)
    assert (gone.status, gone.heading) == (410, "This invitation was taken back")
    page = browser.send(check.form())
    assert page.errors[0].startswith("This event is by invitation.")
    assert ledger.count(Registration) == 0


@pytest.mark.parametrize("token", ["x", "23456789bcdf" + "A" * 22])
def test_link_that_is_forged_leads_nowhere(make, browser, invite, token):
    event = make.event(admission=Admission.INVITATION)
    own = invite(event).rpartition("/")[2]
    assert browser.get(f"{address(event)}/invited/{token}").status == 404
    assert browser.get(f"{address(event)}/invited/{own[:12]}{'A' * 22}").status == 404


def test_link_of_another_event_leads_nowhere(make, browser, invite):
    event, other = make.event(admission=Admission.INVITATION), make.event()
    token = invite(event).rpartition("/")[2]
    assert browser.get(f"{address(other)}/invited/{token}").status == 404


def test_link_works_only_while_the_event_takes_registrations(make, browser, invite, ledger, now):
    event = make.event(admission=Admission.INVITATION)
    link = invite(event)
    ledger.change(event, registration_closes_at=now - timedelta(hours=1))
    assert "Registration for this event has closed." in told(browser.get(link))
    ledger.change(event, state=EventState.CANCELLED)
    assert "This event has been cancelled" in told(browser.get(link))


def test_invited_person_signed_in_needs_no_link(app, make, ledger, invite):
    event = make.event(admission=Admission.INVITATION)
    invite(event)
    own = Browser(app).sign_in(make.signed_in(make.person("Dina Okafor", "dina@example.org")))
    form = own.get(f"{address(event)}/register")
    assert "email" not in written(form)
    values = {name: value for name, value in ANN.items() if name not in {"name", "email"}}
    assert own.send(own.send(form.form(), **values).form()).heading == "You have a place"


def test_person_signed_in_and_not_invited_is_told_so(app, make):
    event = make.event(admission=Admission.INVITATION)
    own = Browser(app).sign_in(make.signed_in(make.person("Kit Moor", "kit@example.org")))
    assert "You are signed in as kit@example.org, which is not among the addresses invited." in told(
        own.get(f"{address(event)}/register")
    )


def test_invitation_opens_an_event_for_certain_addresses_to_another(make, browser, ledger, invite):
    event = make.event(admission=Admission.DOMAINS, admitted_domains=["example.org"])
    link = invite(event, "dina@example.com")
    assert fill(browser, event, email="dina@example.com").status == 422
    values = {name: value for name, value in ANN.items() if name not in {"name", "email"}}
    assert browser.send(browser.send(browser.get(link).form(), **values).form()).heading == "You have a place"


def test_own_link_is_sent_again_and_the_answer_is_the_same_for_everybody(app, make, ledger, invite, now):
    event = make.event(admission=Admission.INVITATION)
    invite(event)
    invite(event, "rita@example.org")
    revoke(ledger, now, "rita@example.org")
    before = len(ledger.letters())
    answers = []
    for email in ("dina@example.org", "rita@example.org", "nobody@example.org"):
        person = Browser(app)
        page = person.send(person.get(f"{address(event)}/invited").form(), email=email)
        answers.append((page.status, told(page).replace(email, "…")))
    assert len(set(answers)) == 1
    # Dina was written to a moment ago, which counts as a double click; nothing more goes out.
    assert len(ledger.letters()) == before
    row = ledger.one(select(Invitee).where(Invitee.email == "dina@example.org"))
    ledger.change(row, sent_at=now - timedelta(hours=1))
    person = Browser(app)
    person.send(person.get(f"{address(event)}/invited").form(), email="Dina@example.org")
    assert ledger.letters()[before:] == [("invited", "dina")]


def test_own_link_asked_for_too_often_is_refused_for_everybody_alike(app, make):
    event = make.event(admission=Admission.INVITATION)
    statuses = []
    for _ in range(services.PER_ADDRESS + 1):
        person = Browser(app)
        statuses.append(person.send(person.get(f"{address(event)}/invited").form(), email="nobody@example.org").status)
    assert statuses == [200] * services.PER_ADDRESS + [429]


# ---------------------------------------------------------------- kept pages and speed


def test_change_of_who_may_register_shows_at_once(app, make, browser, ledger):
    event = make.event()
    assert browser.get(f"{address(event)}/register").heading.startswith("Register: ")
    ledger.change(event, admission=Admission.INVITATION)
    assert browser.get(f"{address(event)}/register").heading.startswith("By invitation: ")


def test_change_of_the_programmes_domains_shows_at_once(make, browser, ledger):
    event = make.event(admission=Admission.PROGRAMME)
    for path in ("", "/register"):
        assert "example.com" not in browser.get(address(event) + path).text
    programme = ledger.one(select(Programme).where(Programme.id == event.programme_id))
    ledger.change(programme, email_domains=["example.com"])
    for path in ("", "/register"):
        assert "with an e-mail address at example.com" in told(browser.get(address(event) + path))


def test_event_for_anyone_asks_no_more_of_the_database_for_its_invitations(app, make, ledger, invite):
    counts = []
    for invited in (False, True):
        event = make.event()
        make.question(event, "Team", QuestionKind.SHORT_TEXT)
        if invited:
            invite(event)
        person = Browser(app)
        with statements(app) as asked:
            register(person, event, email=f"person{invited}@example.net")
        counts.append(len(asked))
    assert counts[0] == counts[1]
