"""Who may register: domains as people type them, what counts as lying below one, and what a change leaves alone."""

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.models.accounts import SYSTEM, VISITOR, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.events import Admission, Event
from webapp.models.programmes import Programme
from webapp.models.registrations import Registration
from webapp.services import admission as services
from webapp.services import registrations


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.mark.memory
def test_domains_are_cleaned_and_kept_once():
    typed = "@Example.ORG\nhttps://www.marlbridge.example/about, *.leeds.example\nname@example.org\n\nbücher.example"
    assert services.clean_domains(typed) == ["example.org", "marlbridge.example", "leeds.example", "bücher.example"]


@pytest.mark.memory
@pytest.mark.parametrize("typed", ["nonsense", "a b.org", "-.org", "10.0.0.1", "x..org", "über", "a" * 64 + ".org"])
def test_what_is_no_domain_is_refused_and_named(typed):
    with pytest.raises(services.DomainsRefused) as refused:
        services.clean_domains(f"example.org\n{typed}")
    (problem,) = refused.value.problems
    assert problem == f"“{typed}” is not a domain. Enter the part of the address after the @, like example.org"


@pytest.mark.memory
@pytest.mark.parametrize(
    ("email", "below"),
    [
        ("a@example.org", True),
        ("a@EXAMPLE.ORG", True),
        ("a@team.example.org", True),
        ("a@badexample.org", False),
        ("a@example.org.evil.example", False),
        ("a@xn--bcher-kva.example", True),
        ("a@org", False),
    ],
)
def test_address_lies_at_a_domain_or_below_it(email, below):
    assert services.lies_below(email, ["example.org", "bücher.example"]) is below


def test_change_is_recorded_and_leaves_those_registered(make, ledger, now):
    event = make.event()
    make.registration(event, email="ann@example.com")
    ledger.act(services.set_admission, event.id, Admission.DOMAINS, ["example.org"], version=1, actor=SYSTEM, now=now)
    row = ledger.one(select(Event))
    assert (row.admission, row.admitted_domains, row.version) == (Admission.DOMAINS, ["example.org"], 2)
    assert ledger.standing(event) == [("ann", "confirmed")]
    assert ledger.one(select(Activity.details).where(Activity.verb == "admission_changed")) == {
        "changes": {"admission": ["anyone", "domains"], "domains": [[], ["example.org"]]}
    }
    # Said again, from the page as it was: nothing more happens.
    ledger.act(services.set_admission, event.id, Admission.DOMAINS, ["example.org"], version=1, actor=SYSTEM, now=now)
    assert ledger.one(select(Event.version)) == 2


def test_change_of_what_somebody_else_changed_is_refused(make, ledger, now):
    event = make.event()
    change = services.set_admission
    ledger.act(change, event.id, Admission.INVITATION, [], version=1, actor=SYSTEM, now=now)
    with pytest.raises(services.AdmissionChanged):
        ledger.act(change, event.id, Admission.PROGRAMME, [], version=1, actor=SYSTEM, now=now)
    assert ledger.one(select(Event.admission)) is Admission.INVITATION


def test_domains_without_any_are_refused_and_those_of_before_stand_ready(make, ledger, now):
    event = make.event(admission=Admission.DOMAINS, admitted_domains=["example.org"])
    change = services.set_admission
    with pytest.raises(services.DomainsRefused):
        ledger.act(change, event.id, Admission.DOMAINS, [], version=1, actor=SYSTEM, now=now)
    ledger.act(change, event.id, Admission.ANYONE, [], version=1, actor=SYSTEM, now=now)
    assert ledger.one(select(Event.admitted_domains)) == ["example.org"]


def test_domains_of_the_programme_are_set_for_all_its_events(make, ledger, now):
    programme = make.programme()
    event = make.event(programme_id=programme.id, admission=Admission.PROGRAMME)
    before = ledger.revision(event)
    ledger.act(services.set_programme_domains, programme.id, ["example.org"], actor=SYSTEM, now=now)
    assert ledger.one(select(Programme.email_domains)) == ["example.org"]
    assert ledger.revision(event) == before  # the programme's own pages and the events' share another number
    assert make.registration(event, email="a@example.org").email == "a@example.org"
    with pytest.raises(services.NotAdmitted):
        make.registration(event, email="a@example.com")


def test_typed_address_of_a_role_holder_is_proven_by_signing_in_alone(make, ledger, now):
    event = make.event(admission=Admission.PROGRAMME)
    person = make.person("Kit Moor", "kit@example.com")
    make.grant(person, Role.AGENDA, ThingKind.PROGRAMME, event.programme_id)
    application = make.application(email="kit@example.com")
    with pytest.raises(services.NotAdmitted):
        ledger.act(registrations.register, event.id, application, actor=VISITOR, source=None, now=now)
    assert ledger.count(Registration) == 0


def test_organiser_puts_in_whom_they_like(make, ledger, now):
    event = make.event(admission=Admission.INVITATION)
    application = make.application(email="ann@example.com")
    ledger.act(registrations.register, event.id, application, actor=SYSTEM, source=None, now=now, admitted=True)
    assert ledger.standing(event) == [("ann", "confirmed")]
