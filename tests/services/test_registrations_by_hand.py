"""What organisers write down for somebody, and places passed on: by the rules that hold for everybody."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from tests.ledger import Ledger
from tests.notices.examples import notice
from webapp import outbox
from webapp.errors import NotFound, TooMany
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind, Person
from webapp.models.activity import Activity
from webapp.models.calendars import Method
from webapp.models.events import Admission, EventState, Places
from webapp.models.mailings import Letter, LetterState
from webapp.models.organisations import Sector
from webapp.models.registrations import (
    CARRIED,
    Registration,
    RegistrationNote,
    RegistrationState,
    RegistrationTag,
)
from webapp.models.search import SearchKind, SearchWord
from webapp.notices.rendering import render
from webapp.queries.registrations import Chosen, get_registration_by_token
from webapp.services import registrations as services
from webapp.services import sign_ups
from webapp.services.admission import NotAdmitted
from webapp.services.registrations import (
    AlreadyRegistered,
    ChangedMeanwhile,
    EventFull,
    Identity,
    NotPossible,
    RegistrationRefused,
)

S = RegistrationState
ZOE = Identity(
    name="Zoë Zimmer",
    email="zoe@example.org",
    organisation_name="Zennor Trust",
    organisation_id=None,
    sector=Sector.HEALTH,
    role="Health visitor",
)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def add(ledger, make, now):
    """Adds somebody by hand."""

    def run(event, who, *, past_queue=False, at=now, actor=SYSTEM, **values):
        application = make.application(email=f"{who}@example.org", **values)
        return ledger.act(services.add, event.id, application, past_queue=past_queue, actor=actor, now=at)

    return run


@pytest.fixture
def do(ledger, now):
    """Runs a verb on somebody's registration."""

    def run(verb, event, who, *args, at=now, actor=SYSTEM, **more):
        found = ledger.registration(event, f"{who}@example.org")
        return ledger.act(verb, found.id, *args, actor=actor, now=at, **more)

    return run


def entry_of(letter):
    """What a letter brings to a calendar, or takes out of it."""
    sent = letter.facts["invitation"]
    return sent["uid"], sent["sequence"], sent["method"]


def said(row, **changes):
    same = Identity(
        name=row.name,
        email=row.email,
        organisation_name=row.organisation_name,
        organisation_id=row.organisation_id,
        sector=row.sector,
        role=row.role,
    )
    return replace(same, **changes)


# ---------------------------------------------------------------- adding


def test_add_gives_a_place_tells_by_the_usual_letter_and_records_who_did_it(make, ledger, add):
    event = make.event(needs_approval=True, registration_closes_at=make.now)
    morgan = make.person()
    outcome = add(event, "ann", actor=Actor(ActorKind.PERSON, morgan.id))
    assert (outcome.state, outcome.position) == (S.CONFIRMED, None)
    assert ledger.letters() == [("registration_confirmed", "ann")]
    (entry,) = ledger.all(select(Activity).where(Activity.verb == "added"))
    assert (entry.actor_id, entry.details) == (morgan.id, {"state": "confirmed"})
    ledger.check(event)


def test_add_waits_when_others_do_unless_a_free_place_is_given_past_them(make, ledger, add):
    event = make.event(capacity=1)
    add(event, "ann")
    add(event, "ben")
    with pytest.raises(EventFull) as refused:
        add(event, "cat", past_queue=True)
    assert "All 1 places" in refused.value.message
    assert ledger.count(Registration) == 2
    ledger.act(lambda: db.session.execute(update(Places).where(Places.event_id == event.id).values(capacity=2)))
    assert add(event, "dan").state is S.WAITING
    assert add(event, "cat", past_queue=True).state is S.CONFIRMED
    assert ledger.counters(event) == (2, 0, 2, 0)
    ledger.check(event)


def test_add_of_an_address_registered_already_changes_nothing(make, ledger, add, do):
    event = make.event()
    add(event, "ann", name="Ann Lee")
    letters = ledger.letters()
    with pytest.raises(AlreadyRegistered) as refused:
        add(event, "ANN", name="Other")
    assert refused.value.public_id == ledger.registration(event, "ann@example.org").public_id
    assert refused.value.message == "ann@example.org is registered for this event already."
    assert (ledger.letters(), ledger.registration(event, "ann@example.org").name) == (letters, "Ann Lee")
    do(services.cancel, event, "ann")
    assert add(event, "ann").registration.version > 1
    assert ledger.invitation(event, "ann@example.org").sequence == 2
    ledger.check(event)


@pytest.mark.parametrize("values", [{"state": EventState.DRAFT}, {"state": EventState.CANCELLED}])
def test_add_to_what_is_not_published_or_over_is_refused(make, ledger, add, values):
    with pytest.raises(RegistrationRefused):
        add(make.event(**values), "ann")
    event = make.event()
    with pytest.raises(RegistrationRefused):
        add(event, "ann", at=event.ends_at)
    assert ledger.count(Registration) == 0


def test_add_at_once_by_two_never_oversells(make, ledger, now):
    event = make.event(capacity=1, waiting_list=False)
    jobs = [
        partial(services.add, event.id, make.application(), past_queue=True, actor=SYSTEM, now=now) for _ in range(3)
    ]
    results = ledger.together(jobs)
    assert sorted(type(result).__name__ for result in results) == ["EventFull", "EventFull", "Outcome"]
    ledger.check(event)


# ---------------------------------------------------------------- correcting


def test_correct_changes_what_was_said_and_says_from_what_to_what(make, ledger, do):
    event = make.event()
    row = make.registration(event, name="Ann Lea", email="ann@example.org")
    do(services.correct, event, "ann", said(row, name="Ann Lee", sector=Sector.HEALTH), version=1)
    now_is = ledger.registration(event, "ann@example.org")
    assert (now_is.name, now_is.name_sort, now_is.sector, now_is.version) == (
        "Ann Lee",
        "lee ann lee",
        Sector.HEALTH,
        2,
    )
    (entry,) = ledger.all(select(Activity).where(Activity.verb == "corrected"))
    assert entry.details == {"changes": {"name": ["Ann Lea", "Ann Lee"], "sector": ["local_authority", "health"]}}
    assert ledger.letters()[-1] == ("registration_changed", "ann")
    words = ledger.all(select(SearchWord.word).where(SearchWord.kind == SearchKind.REGISTRATION))
    assert "lee" in words
    assert "lea" not in words
    assert now_is.link_nonce == row.link_nonce
    ledger.check(event)


def test_correct_with_nothing_new_does_nothing(make, ledger, do):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    letters = ledger.letters()
    do(services.correct, event, "ann", said(row), version=99)
    assert (ledger.letters(), ledger.registration(event, "ann@example.org").version) == (letters, 1)


def test_correct_address_sends_the_letter_there_and_shuts_the_old_link(make, ledger, do):
    event = make.event()
    row = make.registration(event, email="anm@example.org")
    old, sent = ledger.token(event, "anm@example.org"), ledger.invitation(event, "anm@example.org")
    do(services.correct, event, "anm", said(row, name="Ann Lee", email="ann@example.org"), version=1)
    assert ledger.letters()[-2:] == [("registration_readdressed", "anm"), ("registration_confirmed", "ann")]
    unsent, withdrawal, letter = ledger.all(select(Letter).order_by(Letter.id))
    # What had not left for the old address yet stays here, and only word that it was the wrong one goes.
    assert [one.state for one in (unsent, withdrawal, letter)] == [
        LetterState.CANCELLED,
        LetterState.WAITING,
        LetterState.WAITING,
    ]
    assert unsent.last_error == "The address was put right before it was sent."
    # Both addresses may lead to one calendar: the new entry must not be the one that goes.
    assert entry_of(withdrawal) == (sent.uid, 1, "cancel")
    assert entry_of(letter)[0] != sent.uid
    assert entry_of(letter)[1:] == (0, "request")
    with ledger.app.test_request_context():
        read = render(withdrawal, ledger.app.config["SETTINGS"]).decode()
    hidden = ("ann@example.org", "Ann Lee", ledger.token(event, "ann@example.org"), "/registrations/")
    assert [one for one in hidden if one in read] == []
    with ledger.app.app_context():
        with pytest.raises(NotFound):
            get_registration_by_token(old)
        assert get_registration_by_token(ledger.token(event, "ann@example.org")).person.email == "ann@example.org"
    assert ledger.invitation(event, "anm@example.org").method is Method.CANCEL
    ledger.check(event)


def test_correct_address_takes_the_sessions_along_and_back_again(make, ledger, do):
    event = make.event()
    session = make.session(event, "Kinship", places=5)
    row = make.registration(event, email="anm@example.org")
    ledger.act(sign_ups.sign_up, row.id, session.id, actor=SYSTEM, now=make.now)
    sent = len(ledger.letters())
    for turn, (was, becomes) in enumerate([("anm", "ann"), ("ann", "anm")]):
        do(services.correct, event, was, said(row, email=f"{becomes}@example.org"), version=1 + turn)
        letters = ledger.all(select(Letter).order_by(Letter.id))[sent + 4 * turn :]
        told = [
            (one.notice, one.recipient_email.partition("@")[0], "session" in one.facts, *entry_of(one)[1:])
            for one in letters
        ]
        assert told == [
            ("registration_readdressed", was, False, 1, "cancel"),
            ("registration_readdressed", was, True, 1, "cancel"),
            ("registration_confirmed", becomes, False, 2 * turn, "request"),
            ("signed_up", becomes, True, 2 * turn, "request"),
        ]
    ledger.check(event)


def test_correct_address_of_one_who_waits_tells_the_old_one_nothing(make, ledger, do):
    event = make.event(capacity=0)
    row = make.registration(event, email="anm@example.org")
    asked = notice(recipient_email="anm@example.org", person_id=row.person_id, event_id=event.id)
    ledger.act(outbox.post, asked, now=make.now)
    do(services.correct, event, "anm", said(row, email="ann@example.org"), version=1)
    assert ledger.letters() == [
        ("registration_waiting", "anm"), (asked.name, "anm"), ("registration_waiting", "ann")
    ]  # fmt: skip
    # A letter about something else, such as speaking, is not touched.
    assert [one.state for one in ledger.all(select(Letter).order_by(Letter.id))] == [
        LetterState.CANCELLED,
        LetterState.WAITING,
        LetterState.WAITING,
    ]


def test_correct_to_the_same_address_in_capitals_keeps_person_and_link(make, ledger, do):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    do(services.correct, event, "ann", said(row, email="Ann@example.org"), version=1)
    now_is = ledger.registration(event, "Ann@example.org")
    assert (now_is.person_id, now_is.link_nonce) == (row.person_id, row.link_nonce)
    assert ledger.count(Person) == 1


def test_correct_to_an_address_of_another_registration_is_refused(make, ledger, do):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    make.registration(event, email="ben@example.org")
    do(services.cancel, event, "ben")
    with pytest.raises(AlreadyRegistered) as refused:
        do(services.correct, event, "ann", said(row, email="ben@example.org"), version=1)
    assert "ben@example.org" in refused.value.message
    assert ledger.registration(event, "ann@example.org").person_id == row.person_id


def test_correct_what_changed_meanwhile_or_ended_is_refused(make, ledger, do):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    with pytest.raises(ChangedMeanwhile):
        do(services.correct, event, "ann", said(row, name="Other"), version=0)
    do(services.cancel, event, "ann")
    with pytest.raises(NotPossible):
        do(services.correct, event, "ann", said(row, name="Other"), version=2)


def test_send_again_sends_the_same_invitation_three_times_at_most(make, ledger, do):
    event = make.event(capacity=1)
    make.registration(event, email="ann@example.org")
    make.registration(event, email="ben@example.org")
    do(services.send_again, event, "ann")
    first, second = ledger.all(select(Letter).where(Letter.recipient_email == "ann@example.org").order_by(Letter.id))
    assert first.facts["invitation"] == second.facts["invitation"]
    do(services.send_again, event, "ben")
    assert ledger.letters()[-1] == ("registration_waiting", "ben")
    for _ in range(2):
        do(services.send_again, event, "ann")
    with pytest.raises(TooMany):
        do(services.send_again, event, "ann")
    do(services.cancel, event, "ann", at=make.now + timedelta(hours=1))
    with pytest.raises(NotPossible):
        do(services.send_again, event, "ann", at=make.now + timedelta(hours=1))


# ---------------------------------------------------------------- passing on


def test_swap_gives_the_place_with_its_number_and_changes_nobody_elses(make, ledger, do):
    event = make.event(capacity=1)
    make.registration(event, name="Ann Lee", email="ann@example.org")
    make.registration(event, email="ben@example.org")
    before, sent = ledger.counters(event), len(ledger.letters())
    new = do(services.swap, event, "ann", ZOE)
    assert (new.state, new.arrival, new.organisation_name) == (S.CONFIRMED, 1, "Zennor Trust")
    assert ledger.counters(event) == before
    assert dict(ledger.standing(event)) == {"zoe": "confirmed", "ben": "waiting", "ann": "cancelled"}
    assert ledger.letters()[sent:] == [("registration_swapped", "ann"), ("registration_confirmed", "zoe")]
    old, fresh = ledger.all(select(Letter).order_by(Letter.id))[sent:]
    assert (old.facts["colleague"], old.facts["invitation"]["method"]) == ("Zoë Zimmer", "cancel")
    assert (fresh.facts["colleague"], fresh.facts["invitation"]["method"]) == ("Ann Lee", "request")
    assert ledger.invitation(event, "ann@example.org").method is Method.CANCEL
    ledger.check(event)


def test_swap_on_the_waiting_list_keeps_the_position(make, ledger, do):
    event = make.event(capacity=1)
    for who in ("ann", "ben", "cat"):
        make.registration(event, email=f"{who}@example.org")
    do(services.swap, event, "ben", ZOE)
    assert ledger.letters()[-2:] == [("registration_swapped", "ben"), ("registration_waiting", "zoe")]
    assert ledger.last_letter().facts["position"] == 1
    assert ledger.all(select(Letter).order_by(Letter.id))[-2].facts.get("invitation") is None
    do(services.cancel, event, "ann")
    assert ledger.registration(event, "zoe@example.org").state is S.CONFIRMED
    ledger.check(event)


def test_swap_to_somebody_who_cancelled_before_renews_their_registration(make, ledger, do):
    event = make.event()
    make.registration(event, email="ann@example.org")
    make.registration(event, email="zoe@example.org")
    do(services.cancel, event, "zoe")
    do(services.swap, event, "ann", ZOE)
    assert dict(ledger.standing(event)) == {"ann": "cancelled", "zoe": "confirmed"}
    assert ledger.invitation(event, "zoe@example.org").sequence == 2
    ledger.check(event)


def test_swap_to_somebody_registered_or_to_oneself_is_refused(make, ledger, do):
    event = make.event()
    make.registration(event, email="ann@example.org")
    make.registration(event, email="zoe@example.org")
    letters = ledger.letters()
    for colleague in (ZOE, replace(ZOE, email="ANN@example.org")):
        with pytest.raises(AlreadyRegistered):
            do(services.swap, event, "ann", colleague)
    assert ledger.letters() == letters
    assert ledger.counters(event) == (2, 0, 0, 0)


def test_swap_is_refused_when_it_is_too_late_or_there_is_nothing_to_pass_on(make, ledger, do):
    event = make.event(needs_approval=True)
    row = make.registration(event, email="ann@example.org")
    with pytest.raises(NotPossible):
        do(services.swap, event, "ann", ZOE)
    do(services.approve, event, "ann")
    holder = Actor(ActorKind.LINK, row.person_id)
    for at, actor in ((event.ends_at, SYSTEM), (event.starts_at, holder)):
        with pytest.raises(NotPossible):
            do(services.swap, event, "ann", ZOE, at=at, actor=actor)
    assert do(services.swap, event, "ann", ZOE, at=event.starts_at).state is S.CONFIRMED
    ledger.check(event)


@pytest.mark.parametrize("admission", [Admission.DOMAINS, Admission.PROGRAMME, Admission.INVITATION])
@pytest.mark.parametrize("is_registered", [False, True])
def test_swap_by_link_lets_in_only_whom_the_event_admits(make, ledger, do, admission, is_registered):
    event = make.event()
    row = make.registration(event, email="ann@example.org")
    if is_registered:
        make.registration(event, email="zoe@example.org")
    ledger.change(event, admission=admission, admitted_domains=["trust.example.org"])
    letters = ledger.letters()
    holder = Actor(ActorKind.LINK, row.person_id)
    with pytest.raises(NotAdmitted, match="organiser"):
        do(services.swap, event, "ann", ZOE, actor=holder)
    assert ledger.letters() == letters
    assert dict(ledger.standing(event))["ann"] == "confirmed"
    yan = replace(ZOE, email="yan@trust.example.org")
    if admission is Admission.DOMAINS:
        do(services.swap, event, "ann", yan, actor=holder)
    else:
        do(services.swap, event, "ann", yan)
    assert dict(ledger.standing(event))["yan"] == "confirmed"


def test_swap_at_once_by_two_passes_the_place_on_once(make, ledger, now):
    event = make.event(capacity=1)
    row = make.registration(event, email="ann@example.org")
    jobs = [
        partial(services.swap, row.id, replace(ZOE, email=f"{who}@example.org"), actor=SYSTEM, now=now)
        for who in ("zoe", "yan")
    ]
    results = ledger.together(jobs)
    assert sorted(type(result).__name__ for result in results) == ["NotPossible", "Registration"]
    assert ledger.counters(event) == (1, 0, 0, 0)
    ledger.check(event)


# ---------------------------------------------------------------- notes


def test_note_is_deleted_by_its_author_alone_and_both_are_recorded(make, ledger, do, now):
    event = make.event()
    make.registration(event, email="ann@example.org")
    author, other = make.person(), make.person()
    do(services.add_note, event, "ann", "Needs a parking space", author_id=author.id)
    note = ledger.one(select(RegistrationNote))
    assert (note.author_id, note.text, note.created_at) == (author.id, "Needs a parking space", now)
    delete = partial(ledger.act, services.delete_note, event.id, note.public_id, actor=SYSTEM, now=now)
    with pytest.raises(services.MarkRefused):
        delete(author_id=other.id)
    delete(author_id=author.id)
    assert ledger.count(RegistrationNote) == 0
    verbs = [entry.verb for entry in ledger.all(select(Activity).order_by(Activity.id))]
    assert verbs == ["registered", "noted", "note_deleted"]
    assert all("parking" not in str(entry.details) for entry in ledger.all(select(Activity)))


def test_tags_follow_their_registration_in_every_order(make, do, ledger, now):
    event = make.event(capacity=None)
    rows = {who: make.registration(event, name=who.title(), email=f"{who}@example.org") for who in ("ann", "ben")}
    for row in rows.values():
        of = {"number": 1, "actor": SYSTEM, "now": now}
        ledger.act(services.add_tag, event.id, Chosen(public_ids=(row.public_id,)), "Café", **of)

    def carried():
        with_tags = select(Registration, RegistrationTag).join(
            RegistrationTag, RegistrationTag.registration_id == Registration.id
        )
        found = ledger.rows(with_tags.order_by(Registration.id))
        return [[[getattr(one, name) for name in CARRIED] for one in pair] for pair in found]

    assert [tag for _, tag in carried()] == [
        [1, "ann ann", "marlbridge council"],
        [2, "ben ben", "marlbridge council"],
    ]
    row = ledger.registration(event, "ann@example.org")
    do(services.correct, event, "ann", said(row, name="Zoë Yew", organisation_name="Éclair"), version=1)
    do(services.cancel, event, "ben")
    make.registration(event, name="Ben", email="ben@example.org")
    after = carried()
    assert [registration for registration, _ in after] == [tag for _, tag in after]
    assert [tag[0] for _, tag in after] == [1, 3]
    assert after[0][1][1:] == ["yew zoe yew", "eclair"]


def test_address_that_was_put_right_can_be_registered_by_its_owner(make, ledger, now):
    event = make.event()
    row = make.registration(event, email="wrong@example.org")
    said = Identity(
        name=row.name, email="right@example.org", organisation_name=row.organisation_name, organisation_id=None,
        sector=row.sector, role=row.role,
    )  # fmt: skip
    ledger.act(services.correct, row.id, said, version=row.version, actor=SYSTEM, now=now)
    owner = make.registration(event, email="wrong@example.org")
    assert (owner.id != row.id, owner.state) == (True, RegistrationState.CONFIRMED)
    emails = ledger.all(select(Registration.email).order_by(Registration.id))
    assert emails == ["right@example.org", "wrong@example.org"]
