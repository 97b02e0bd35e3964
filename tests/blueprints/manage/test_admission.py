"""Choosing who may register, on the organisers' side."""

import pytest
from sqlalchemy import select

from tests.browsing import Browser
from tests.ledger import Ledger
from webapp.models.accounts import Role, ThingKind
from webapp.models.events import Admission, Event
from webapp.models.programmes import Programme


@pytest.fixture
def ledger(app):
    return Ledger(app)


def address(event):
    return f"/manage/events/{event.slug}-{event.public_id}/admission"


def test_admission_is_for_those_who_set_the_event_up(make, organiser, browser):
    event = make.event()
    assert organiser(event, Role.REGISTRATIONS).get(address(event)).status == 403
    assert organiser(make.event()).get(address(event)).status == 404
    assert browser.get(address(event)).heading == "Sign in"


def test_organiser_lets_certain_addresses_in(make, organiser, ledger):
    event, own = make.event(), organiser()
    own = organiser(event)
    page = own.get(address(event))
    assert page.form("/admission").values["admission"] == ["anyone"]
    saved = own.send(page.form("/admission"), admission="domains", domains="@Example.ORG\nexample.com")
    assert "those registered already keep their places" in saved.text
    assert saved.form("/admission").values["domains"] == ["example.org\nexample.com"]
    assert ledger.one(select(Event.admission)) is Admission.DOMAINS


def test_what_is_no_domain_is_named_and_what_was_typed_stays(make, organiser, ledger):
    event = make.event()
    own = organiser(event)
    page = own.send(own.get(address(event)).form("/admission"), admission="domains", domains="example.org\nnonsense\n?")
    assert page.status == 422
    assert [error.partition(" is not")[0] for error in page.errors] == ["“nonsense”", "“?”"]
    assert page.form("/admission").values["domains"] == ["example.org\nnonsense\n?"]
    again = own.send(page.form("/admission"), domains="")
    assert again.errors == ["Enter at least one domain, like example.org"]
    # Where domains do not count, what stands in their box is no matter.
    assert own.send(page.form("/admission"), admission="invitation").status == 200
    assert ledger.one(select(Event.admission)) is Admission.INVITATION


def test_choice_that_there_is_not_is_refused(make, organiser):
    event = make.event()
    own = organiser(event)
    assert own.send(own.get(address(event)).form("/admission"), admission="x").errors == ["Select who may register"]


def test_second_of_two_organisers_sees_what_stands_now(make, organiser, ledger):
    event = make.event()
    own = organiser(event)
    first, second = own.get(address(event)), own.get(address(event))
    own.send(first.form("/admission"), admission="invitation")
    page = own.send(second.form("/admission"), admission="domains", domains="example.org")
    assert page.status == 409
    assert "What stands now: Only those who were invited." in page.text
    said = "It was Anyone It is now People who are invited You typed People with certain e-mail addresses"
    assert said in page.text
    assert page.form("/admission").values["domains"] == ["example.org"]
    own.send(page.form("/admission"))
    assert ledger.one(select(Event.admission)) is Admission.DOMAINS


def test_domains_of_the_programme_are_set_by_those_whose_role_reaches_it(app, make, organiser, ledger):
    event = make.event(admission=Admission.PROGRAMME)
    own = organiser(event)
    page = own.get(address(event))
    assert "one event now" in page.text
    own.send(page.form("/programme"), programme_domains="example.org")
    assert ledger.one(select(Programme.email_domains)) == ["example.org"]
    refused = own.send(own.get(address(event)).form("/programme"), programme_domains="nonsense")
    assert (refused.status, len(refused.errors)) == (422, 1)

    of_event = make.person()
    make.grant(of_event, Role.OWNER, ThingKind.EVENT, event.id)
    narrow = Browser(app).sign_in(make.signed_in(of_event))
    page = narrow.get(address(event))
    assert "example.org . Whoever sets up events for the whole programme can change them." in page.text
    token = page.form("/admission").values["csrf_token"]
    sent = narrow.post(f"{address(event)}/programme", {"csrf_token": token, "programme_domains": "example.com"})
    assert sent.status == 403
    assert ledger.one(select(Programme.email_domains)) == ["example.org"]
