"""Inviting people: who is written to, who is not, and what taking an invitation back does."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.events import EventState
from webapp.models.registrations import Invitee
from webapp.queries import invitees as queries
from webapp.queries.invitees import Standing
from webapp.services import invitees as services

HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def invite(ledger, now):
    def run(event, *who, at=now):
        people = [Mailbox(name.capitalize(), f"{name}@example.org") for name in who]
        return ledger.act(services.invite, event.id, people, actor=SYSTEM, now=at)

    return run


def row(ledger, who):
    return ledger.one(select(Invitee).where(Invitee.email == f"{who}@example.org"))


def test_invitation_goes_to_each_once(make, ledger, invite):
    event = make.event()
    assert invite(event, "ann", "bob") == services.Outcome(sent=2, known=0, registered=0, revoked=0)
    assert invite(event, "bob", "cat") == services.Outcome(sent=1, known=1, registered=0, revoked=0)
    assert ledger.letters() == [("invited", "ann"), ("invited", "bob"), ("invited", "cat")]
    assert [
        a.details for a in ledger.all(select(Activity).where(Activity.verb == "invited").order_by(Activity.id))
    ] == [
        {"number": 2, "sent": 2},
        {"number": 1, "sent": 1},
    ]


def test_who_is_registered_already_is_listed_and_not_written_to(make, ledger, invite):
    event = make.event()
    make.registration(event, email="Ann@example.org")
    before = len(ledger.letters())
    assert invite(event, "ann") == services.Outcome(sent=0, known=0, registered=1, revoked=0)
    assert len(ledger.letters()) == before
    assert (row(ledger, "ann").times_sent, row(ledger, "ann").registration_id) == (0, 1)


def test_two_organisers_at_once_invite_each_person_once(make, ledger, invite):
    event = make.event()
    outcomes = ledger.at_once([partial(invite, event, "ann", "bob", "cat") for _ in range(3)])
    assert sum(outcome.sent for outcome in outcomes) == 3
    assert sorted(ledger.letters()) == [("invited", "ann"), ("invited", "bob"), ("invited", "cat")]


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        ({"state": EventState.DRAFT}, "Publish the event first"),
        ({"state": EventState.CANCELLED}, "The event has been cancelled"),
        ({"state": EventState.ARCHIVED}, "Registration for this event is over"),
        ({"takes_registrations": False}, "This event does not take registrations"),
    ],
)
def test_nobody_is_invited_where_the_link_would_lead_nowhere(make, ledger, invite, values, begins):
    event = make.event(**values)
    with pytest.raises(services.NotNow, match=begins):
        invite(event, "ann")
    assert (ledger.count(Invitee), ledger.letters()) == (0, [])


def test_event_whose_registration_has_not_opened_may_be_prepared(make, invite, now):
    assert invite(make.event(registration_opens_at=now + HOUR), "ann").sent == 1


def test_letter_is_sent_again_with_the_same_link_and_a_double_click_sends_it_once(make, ledger, invite, now):
    event = make.event()
    invite(event, "ann")
    again = partial(ledger.act, services.send_again, row(ledger, "ann").id, actor=SYSTEM)
    again(now=now)  # a moment after the first letter
    again(now=now + HOUR)
    again(now=now + HOUR)
    assert ledger.letters() == [("invited", "ann")] * 2
    assert row(ledger, "ann").times_sent == 2


def test_revoked_invitation_is_not_sent_until_it_is_brought_back(make, ledger, invite, now):
    event = make.event()
    invite(event, "ann")
    one = row(ledger, "ann").id
    for _ in range(2):
        ledger.act(services.revoke, one, actor=SYSTEM, now=now)
    with pytest.raises(services.LinkRevoked):
        ledger.act(services.send_again, one, actor=SYSTEM, now=now + HOUR)
    assert invite(event, "ann") == services.Outcome(sent=0, known=0, registered=0, revoked=1)
    ledger.act(services.restore, one, actor=SYSTEM, now=now)
    ledger.act(services.send_again, one, actor=SYSTEM, now=now + HOUR)
    verbs = ledger.all(select(Activity.verb).where(Activity.verb.like("invitation_%")).order_by(Activity.id))
    assert verbs == ["invitation_revoked", "invitation_restored", "invitation_sent"]


def test_all_who_have_not_registered_are_written_to_again(make, ledger, invite, now):
    event, other = make.event(), make.event()
    invite(event, "ann", "bob", "cat")
    invite(other, "dan")
    ledger.act(services.revoke, row(ledger, "bob").id, actor=SYSTEM, now=now)
    make.registration(event, email="cat@example.org")  # by the public form, without the link
    send = partial(ledger.act, services.send_to_unregistered, event.id, actor=SYSTEM, now=now + HOUR)
    before = len(ledger.letters())
    assert (send(), send()) == (1, 0)
    assert ledger.letters()[before:] == [("invited", "ann")]


def test_counts_and_list_tell_who_registered_in_either_way(app, make, ledger, invite, now):
    event = make.event()
    invite(event, "ann", "bob", "cat", "dan")
    make.registration(event, email="ann@example.org")
    make.registration(event, email="bob@example.org", invited=row(ledger, "bob").public_id)
    ledger.act(services.revoke, row(ledger, "cat").id, actor=SYSTEM, now=now)
    assert row(ledger, "bob").registration_id == ledger.registration(event, "bob@example.org").id
    with app.app_context():
        assert queries.count_invitees(event.id) == {
            Standing.REGISTERED: 2,
            Standing.REVOKED: 1,
            Standing.NOT_YET: 1,
        }
        found = queries.find_invitees(event.id, text="", standing=None, page=1).rows
        assert [(one.invitee.name, one.standing.value) for one in found] == [
            ("Ann", "registered"),
            ("Bob", "registered"),
            ("Cat", "revoked"),
            ("Dan", "not_yet"),
        ]
        sought = queries.find_invitees(event.id, text="AN", standing=Standing.NOT_YET, page=1)
        assert [one.invitee.name for one in sought.rows] == ["Dan"]
        assert queries.find_invitees(event.id, text="%", standing=None, page=1).total == 0
