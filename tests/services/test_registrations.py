"""What can happen to a place, and that the books are right after each of it."""

import random
import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import monotonic

import psycopg
import pytest
from sqlalchemy import select, update

from tests.ledger import Ledger
from webapp import outbox
from webapp.errors import NotFound, TooMany
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, VISITOR, Person
from webapp.models.activity import Activity
from webapp.models.calendars import Invitation, Method
from webapp.models.events import Event, EventQuestion, EventState, Format, Mode, Places, QuestionKind
from webapp.models.mailings import Letter
from webapp.models.organisations import Sector
from webapp.models.registrations import (
    Registration,
    RegistrationAnswer,
    RegistrationDraft,
    RegistrationNeeds,
    RegistrationState,
    RegistrationTally,
)
from webapp.models.search import SearchKind, SearchWord
from webapp.queries.registrations import get_registration_by_token, waiting_position
from webapp.services import registrations as services
from webapp.services import throttling
from webapp.services.registrations import EventFull, NotPossible, OfferGone, RegistrationRefused

S = RegistrationState
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def apply(ledger, make, now):
    """Registers by the service, as the door does: by the part of the address before the @."""

    def run(event, who, *, at=now, source=None, **values):
        application = make.application(email=f"{who}@example.org", **values)
        return ledger.act(services.register, event.id, application, actor=VISITOR, source=source, now=at)

    return run


@pytest.fixture
def do(ledger, now):
    """Runs a verb on somebody's registration."""

    def run(verb, event, who, *, at=now, **more):
        found = ledger.registration(event, f"{who}@example.org")
        return ledger.act(verb, found.id, actor=SYSTEM, now=at, **more)

    return run


# ---------------------------------------------------------------- registering


def test_register_gives_a_place_and_one_letter_with_an_invitation(make, ledger, apply, now):
    event = make.event("Spring event", capacity=2)
    outcome = apply(event, "ann", name="Ann Lee", role="Social worker")
    assert (outcome.state, outcome.position, outcome.already) == (S.CONFIRMED, None, False)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.name_sort, row.arrival, row.confirmed_at) == ("Ann Lee", "lee ann lee", 1, now)
    assert (row.organisation_name, row.organisation_sort) == ("Marlbridge Council", "marlbridge council")
    assert (row.sector, row.role, row.mode) == (Sector.LOCAL_AUTHORITY, "Social worker", Mode.ONLINE)
    assert (row.registered_at, row.ended_at, row.version, row.notice_version) == (now, None, 1, "test")
    assert ledger.counters(event) == (1, 0, 0, 0)
    assert ledger.letters() == [("registration_confirmed", "ann")]
    letter, sent = ledger.last_letter(), ledger.invitation(event, "ann@example.org")
    assert (sent.sequence, sent.method) == (0, Method.REQUEST)
    assert letter.facts["invitation"]["uid"] == sent.uid
    assert (letter.reply_to, letter.event_id, letter.person_id) == ("learning@example.org", event.id, row.person_id)
    ledger.check(event)


def test_register_records_who_did_it_and_nothing_that_was_typed(make, ledger, apply, now):
    event = make.event()
    apply(event, "ann", name="Ann Lee")
    (entry,) = ledger.all(select(Activity).where(Activity.verb == "registered"))
    assert (entry.actor_kind, entry.actor_id, entry.at, entry.event_id) == ("visitor", None, now, event.id)
    assert entry.details == {"state": "confirmed"}


def test_register_makes_the_registration_findable(make, ledger, apply):
    event = make.event()
    apply(event, "ann", name="Ann O’Leary", role="Health visitor")
    words = ledger.all(
        select(SearchWord.word).where(SearchWord.kind == SearchKind.REGISTRATION, SearchWord.scope_id == event.id)
    )
    assert sorted(words) == ["ann", "council", "example", "health", "marlbridge", "oleary", "org", "visitor"]


def test_register_keeps_answers_and_needs_apart_and_says_until_when(make, ledger, apply):
    event = make.event(format=Format.IN_PERSON)
    team, meal = make.question(event, "Your team"), make.question(event, "Days", QuestionKind.SEVERAL_CHOICES)
    apply(
        event,
        "ann",
        mode=Mode.IN_PERSON,
        access="BSL",
        dietary="No nuts",
        answers={team.public_id: ["North"], meal.public_id: [], "unknown": ["x"]},
    )
    assert [(a.question_id, a.value) for a in ledger.all(select(RegistrationAnswer))] == [(team.id, ["North"])]
    needs = ledger.one(select(RegistrationNeeds))
    assert (needs.access, needs.dietary) == ("BSL", "No nuts")
    assert needs.delete_after == event.ends_at + timedelta(days=30)


def test_register_without_needs_keeps_no_row_of_needs(make, ledger, apply):
    apply(make.event(), "ann")
    assert ledger.count(RegistrationNeeds) == 0


def test_register_never_changes_the_profile_of_the_person(make, ledger, apply):
    event, person = make.event(), make.person("Ann Lee", "ann@example.org")
    apply(event, "ann", name="Somebody Else")
    assert ledger.one(select(Person.name)) == "Ann Lee"
    row = ledger.registration(event, "ann@example.org")
    assert (row.person_id, row.name) == (person.id, "Somebody Else")


@pytest.mark.parametrize(
    ("first", "second", "people"),
    [
        ("Ann.Lee@example.org", "ann.lee@EXAMPLE.ORG", 1),
        ("ann@bücher.example", "ANN@BÜCHER.example", 1),
        # A letter for one must never reach the other.
        ("jose@example.org", "josé@example.org", 2),
        ("ann@bucher.example", "ann@bücher.example", 2),
        ("ann@strasse.example", "ann@straße.example", 2),
    ],
)
def test_address_is_compared_without_case_and_with_accents(make, ledger, now, first, second, people):
    event = make.event()
    for email in (first, second):
        ledger.act(services.register, event.id, make.application(email=email), actor=VISITOR, source=None, now=now)
    assert ledger.count(Person) == ledger.count(Registration) == people
    assert ledger.counters(event) == (people, 0, 0, 0)


def test_name_and_organisation_of_characters_that_fold_to_several_are_kept_whole(make, ledger, apply):
    event = make.event()
    apply(event, "ann", name="ﬃ" * 200, organisation_name="ß" * 200, role="㌀" * 200)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.organisation_name, row.role) == ("ﬃ" * 200, "ß" * 200, "㌀" * 200)
    assert len(row.organisation_sort) == len(row.name_sort) == 200
    ledger.check(event)


CLOSED = [
    ({"state": EventState.DRAFT}, "This event does not take registrations."),
    ({"state": EventState.ARCHIVED}, "This event does not take registrations."),
    (
        {"state": EventState.CANCELLED},
        "This event has been cancelled, so you cannot register for it.",
    ),
    ({"takes_registrations": False}, "This event does not take registrations."),
    (
        {"starts_on": date(2027, 5, 6)},
        "This event is over, so you can no longer register for it.",
    ),
    (
        {"registration_opens_at": datetime.fromisoformat("2027-05-10T09:00:01+00:00")},
        "Registration for this event has not opened yet.",
    ),
    (
        {"registration_closes_at": datetime.fromisoformat("2027-05-10T09:00:00+00:00")},
        "Registration for this event has closed.",
    ),
]


@pytest.mark.parametrize(("values", "sentence"), CLOSED)
def test_register_for_an_event_that_takes_none_is_refused_with_the_reason(make, ledger, apply, values, sentence):
    event = make.event(**values)
    with pytest.raises(RegistrationRefused) as refused:
        apply(event, "ann")
    assert refused.value.message == sentence
    assert (ledger.count(Registration), ledger.count(Person), ledger.letters()) == (0, 0, [])


def test_register_at_the_very_moment_of_opening_is_taken(make, apply, now):
    event = make.event(registration_opens_at=now, registration_closes_at=now + MINUTE)
    assert apply(event, "ann").state is S.CONFIRMED


def test_register_during_the_event_is_taken_unless_registration_has_closed(make, apply, now):
    event = make.event(starts_on=now.date())
    assert apply(event, "ann", at=event.starts_at + HOUR).state is S.CONFIRMED


@pytest.mark.parametrize("mode", [Mode.IN_PERSON, None])
def test_register_for_what_does_not_exist_is_not_found(make, ledger, now, mode):
    event = make.event()
    application = make.application(mode=mode or Mode.ONLINE)
    with pytest.raises(NotFound):
        ledger.act(
            services.register, event.id if mode else event.id + 99, application, actor=VISITOR, source=None, now=now
        )


def test_register_without_limit_is_never_full(make, ledger, apply):
    event = make.event(capacity=None)
    assert [apply(event, f"p{n}").state for n in range(4)] == [S.CONFIRMED] * 4
    assert ledger.counters(event) == (4, 0, 0, 0)


def test_register_when_full_waits_with_a_number(make, ledger, apply):
    event = make.event(capacity=1)
    outcomes = [apply(event, name) for name in ("ann", "bob", "cat")]
    assert [(o.state, o.position) for o in outcomes] == [(S.CONFIRMED, None), (S.WAITING, 1), (S.WAITING, 2)]
    assert ledger.letters()[1:] == [("registration_waiting", "bob"), ("registration_waiting", "cat")]
    letter = ledger.last_letter()
    assert (letter.facts["position"], "invitation" in letter.facts) == (2, False)
    assert ledger.invitation(event, "cat@example.org") is None
    ledger.check(event)


def test_register_once_the_event_has_begun_gives_a_place_but_no_number(make, ledger, apply):
    event = make.event(capacity=1)
    assert apply(event, "ann", at=event.starts_at).state is S.CONFIRMED
    with pytest.raises(EventFull) as refused:
        apply(event, "bob", at=event.starts_at)
    assert refused.value.message == "All places are taken, and the waiting list ended when the event began."
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_register_after_the_start_takes_a_freed_place_past_those_who_wait(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
    before = ledger.revision(event)
    do(services.cancel, event, "ann", at=event.starts_at)
    assert ledger.revision(event) > before  # the page of the live event says that there is a place again
    assert apply(event, "cat", at=event.starts_at).state is S.CONFIRMED
    assert ledger.standing(event) == [("ann", "cancelled"), ("bob", "waiting"), ("cat", "confirmed")]
    ledger.check(event)


def test_event_of_which_nobody_knows_how_it_is_held_takes_no_registrations(make, apply):
    event = make.event()
    event.format = Format.UNKNOWN
    assert not event.takes_registrations_at(event.starts_at - HOUR)
    assert event.modes == []


def test_refused_tries_count_too(make, ledger, apply, now):
    event = make.event()
    for _ in range(12):
        ledger.act(services.count_refused, "ann@example.org", "192.0.2.1", now=now)
    with pytest.raises(TooMany):
        apply(event, "ann", source="192.0.2.2")
    assert apply(event, "bob", source="192.0.2.1").state is S.CONFIRMED


def test_register_when_full_without_waiting_list_is_refused(make, ledger, apply):
    event = make.event(capacity=0, waiting_list=False)
    with pytest.raises(EventFull):
        apply(event, "ann")
    assert (ledger.count(Registration), ledger.letters()) == (0, [])


def test_register_counts_each_way_of_taking_part_by_itself(make, ledger, apply):
    event = make.event(format=Format.HYBRID, capacity=1)
    apply(event, "ann", mode=Mode.ONLINE)
    assert apply(event, "bob", mode=Mode.IN_PERSON).state is S.CONFIRMED
    assert apply(event, "cat", mode=Mode.IN_PERSON).position == 1
    assert apply(event, "dan", mode=Mode.ONLINE).position == 1
    assert ledger.counters(event, Mode.ONLINE) == ledger.counters(event, Mode.IN_PERSON) == (1, 0, 1, 0)
    with ledger.app.app_context():
        rows = [ledger.registration(event, f"{who}@example.org") for who in ("cat", "dan")]
        assert [waiting_position(row) for row in rows] == [1, 1]
    ledger.check(event)


def test_freed_place_goes_to_who_waits_for_the_same_way_of_taking_part(make, ledger, apply, do):
    event = make.event(format=Format.HYBRID, capacity=1)
    for who, mode in (("ann", Mode.ONLINE), ("bob", Mode.IN_PERSON), ("cat", Mode.IN_PERSON), ("dan", Mode.ONLINE)):
        apply(event, who, mode=mode)
    do(services.cancel, event, "ann")
    assert dict(ledger.standing(event)) == {
        "ann": "cancelled",
        "bob": "confirmed",
        "cat": "waiting",
        "dan": "confirmed",
    }
    ledger.check(event)


# ---------------------------------------------------------------- registering twice


def test_register_again_with_the_same_address_changes_nothing_and_only_the_letter_tells(make, ledger, apply, now):
    event = make.event(capacity=5)
    apply(event, "ann", name="Ann Lee")
    outcome = apply(event, "ann", name="Mallory", organisation_name="Other", at=now + HOUR)
    assert (outcome.state, outcome.position) == (S.CONFIRMED, None)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.organisation_name, row.version) == ("Ann Lee", "Marlbridge Council", 1)
    assert ledger.letters() == [("registration_confirmed", "ann"), ("registration_repeated", "ann")]
    letter = ledger.last_letter()
    assert (letter.recipient_name, letter.facts["state"]) == ("Ann Lee", "confirmed")
    ledger.check(event)


def test_register_again_on_a_full_event_tells_what_a_newcomer_would_read(make, ledger, apply):
    event = make.event(capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    assert (apply(event, "ann").state, apply(event, "ann").position) == (S.WAITING, 3)
    assert apply(event, "bob").position == 3
    assert ledger.last_letter().facts["position"] == 1
    assert apply(event, "new").position == 3
    ledger.check(event)


def test_register_again_while_pending_tells_what_a_newcomer_would_read(make, ledger, apply):
    event = make.event(needs_approval=True)
    apply(event, "ann")
    assert apply(event, "ann").state is S.PENDING
    assert ledger.letters()[-1] == ("registration_repeated", "ann")


def test_register_after_cancelling_keeps_the_entry_with_a_higher_sequence(make, ledger, apply, do, now):
    event = make.event()
    question = make.question(event, "Team")
    apply(event, "ann", access="Captions", answers={question.public_id: ["North"]})
    first = ledger.invitation(event, "ann@example.org")
    old_link = ledger.token(event, "ann@example.org")
    do(services.cancel, event, "ann", at=now + HOUR)
    outcome = apply(event, "ann", name="Ann Day", organisation_name="New Council", at=now + 2 * HOUR)
    assert outcome.state is S.CONFIRMED
    sent = ledger.invitation(event, "ann@example.org")
    assert (sent.uid, sent.sequence, sent.method) == (first.uid, 2, Method.REQUEST)
    assert ledger.last_letter().facts["invitation"] == {
        "uid": first.uid,
        "sequence": 2,
        "method": "request",
        "stamp": (now + 2 * HOUR).isoformat().replace("+00:00", "Z"),
    }
    row = ledger.registration(event, "ann@example.org")
    assert (row.arrival, row.name, row.ended_at, row.confirmed_at) == (2, "Ann Day", None, now + 2 * HOUR)
    assert (ledger.count(Registration), ledger.count(RegistrationNeeds), ledger.count(RegistrationAnswer)) == (1, 0, 0)
    assert ledger.token(event, "ann@example.org") != old_link
    with ledger.app.app_context(), pytest.raises(NotFound):
        get_registration_by_token(old_link)
    ledger.check(event)


def test_register_after_cancelling_goes_to_the_end_of_the_queue(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "bob")
    assert apply(event, "bob").position == 2
    assert ledger.standing(event) == [("ann", "confirmed"), ("cat", "waiting"), ("bob", "waiting")]
    ledger.check(event)


def test_register_after_cancelling_in_another_way_moves_between_the_counters(make, ledger, apply, do):
    event = make.event(format=Format.HYBRID, capacity=1)
    apply(event, "ann", mode=Mode.ONLINE)
    do(services.cancel, event, "ann")
    apply(event, "ann", mode=Mode.IN_PERSON)
    assert ledger.counters(event, Mode.ONLINE) == (0, 0, 0, 0)
    assert ledger.counters(event, Mode.IN_PERSON) == (1, 0, 0, 0)
    ledger.check(event)


def test_register_after_being_declined_is_judged_again(make, ledger, apply, do):
    event = make.event(needs_approval=True)
    apply(event, "ann")
    do(services.decline, event, "ann", reason="")
    assert apply(event, "ann").state is S.PENDING
    assert ledger.counters(event) == (0, 0, 0, 1)
    ledger.check(event)


# ---------------------------------------------------------------- throttling


def test_register_is_refused_for_an_address_tried_too_often(make, ledger, apply, now):
    events = [make.event() for _ in range(9)]
    for event in events[:8]:
        apply(event, "ann", source="192.0.2.1")
    with pytest.raises(TooMany) as refused:
        apply(events[8], "ANN", source="192.0.2.2")
    assert refused.value.retry_after == 600
    assert refused.value.message == "That was tried too often. Wait 10 minutes, then try again."
    assert len(ledger.letters()) == 8
    apply(events[8], "bob", source="192.0.2.1")
    assert apply(events[8], "ann", source="192.0.2.1", at=now + timedelta(minutes=10)).state is S.CONFIRMED


def test_register_is_refused_for_a_source_that_tries_too_often(make, ledger, apply, now):
    event = make.event()
    ledger.act(_used_up, "register:source", "192.0.2.1", 199, now)
    apply(event, "ann", source="192.0.2.1")
    with pytest.raises(TooMany):
        apply(event, "bob", source="192.0.2.1")
    assert apply(event, "bob", source="192.0.2.2").state is S.CONFIRMED


def _used_up(kind, key, times, now):
    for _ in range(times):
        throttling.count(throttling.Limit(kind, key, 200), window=services.WINDOW, now=now)


# ---------------------------------------------------------------- half-finished registrations


def _draft(make, ledger, event, now, **answers):
    keep = partial(services.keep_draft, event.id, answers or {"name": "Ann"}, browser="b1", source="192.0.2.1", now=now)
    return ledger.act(keep)


def test_draft_is_refused_from_a_source_that_begins_too_many(make, ledger, now):
    event = make.event()
    _draft(make, ledger, event, now)
    limit = throttling.Limit("draft:source", "192.0.2.1", 600)
    ledger.act(lambda: [throttling.count(limit, window=services.WINDOW, now=now) for _ in range(599)])
    with pytest.raises(TooMany):
        _draft(make, ledger, event, now)
    assert ledger.count(RegistrationDraft) == 1


def test_draft_is_kept_for_a_day_and_renewed_when_it_is_kept_again(make, ledger, now):
    event = make.event()
    draft = _draft(make, ledger, event, now)
    assert draft.expires_at == now + timedelta(days=1)
    ledger.act(
        services.keep_draft,
        event.id,
        {"name": "Bea"},
        browser="b1",
        source="192.0.2.1",
        now=now + HOUR,
        draft_id=draft.id,
    )
    row = ledger.one(select(RegistrationDraft))
    assert (row.answers, row.expires_at, row.created_at) == ({"name": "Bea"}, now + HOUR + timedelta(days=1), now)


def test_draft_finished_twice_counts_once_and_gives_the_same_outcome(make, ledger, now):
    event = make.event(capacity=0)
    draft, application = _draft(make, ledger, event, now), make.application(email="ann@example.org")
    finish = partial(services.finish_draft, draft.id, application, actor=VISITOR, source="192.0.2.1", now=now)
    first, second = ledger.act(finish), ledger.act(finish)
    assert first.outcome == second.outcome == {"state": "waiting", "position": 1, "email": "ann@example.org"}
    assert ledger.standing(event) == [("ann", "waiting")]
    assert ledger.letters() == [("registration_waiting", "ann")]
    assert ledger.one(select(RegistrationDraft)).answers == {}


def test_draft_finished_cannot_be_filled_again(make, ledger, now):
    event = make.event()
    draft = _draft(make, ledger, event, now)
    ledger.act(services.finish_draft, draft.id, make.application(), actor=VISITOR, source=None, now=now)
    ledger.act(
        services.keep_draft, event.id, {"name": "Secret"}, browser="b1", source="192.0.2.1", now=now, draft_id=draft.id
    )
    assert ledger.one(select(RegistrationDraft)).answers == {}


def test_draft_refused_keeps_what_was_typed(make, ledger, now):
    event = make.event(registration_closes_at=now + HOUR)
    draft = _draft(make, ledger, event, now)
    with pytest.raises(RegistrationRefused):
        ledger.act(services.finish_draft, draft.id, make.application(), actor=VISITOR, source="s", now=now + HOUR)
    row = ledger.one(select(RegistrationDraft))
    assert (row.answers, row.outcome) == ({"name": "Ann"}, None)


def test_draft_that_is_gone_is_not_found(make, ledger, now):
    with pytest.raises(NotFound):
        ledger.act(services.finish_draft, 99, make.application(), actor=VISITOR, source=None, now=now)


# ---------------------------------------------------------------- giving up


def test_cancel_gives_the_place_to_the_next_at_once_with_an_invitation(make, ledger, apply, do, now):
    event = make.event(capacity=1, offer_hours=0)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "ann", at=now + HOUR)
    assert ledger.standing(event) == [("ann", "cancelled"), ("bob", "confirmed"), ("cat", "waiting")]
    assert ledger.letters()[3:] == [("registration_cancelled", "ann"), ("registration_promoted", "bob")]
    assert ledger.last_letter().facts["invitation"]["uid"] == ledger.invitation(event, "bob@example.org").uid
    row = ledger.registration(event, "bob@example.org")
    assert (row.confirmed_at, row.offered_until) == (now + HOUR, None)
    assert ledger.registration(event, "ann@example.org").ended_at == now + HOUR
    ledger.check(event)


def test_cancel_withdraws_the_invitation_with_a_higher_sequence(make, ledger, apply, do, now):
    event = make.event()
    apply(event, "ann")
    do(services.cancel, event, "ann", at=now + HOUR)
    sent = ledger.invitation(event, "ann@example.org")
    assert (sent.sequence, sent.method, sent.changed_at) == (1, Method.CANCEL, now + HOUR)
    facts = ledger.last_letter().facts["invitation"]
    assert (facts["uid"], facts["sequence"], facts["method"]) == (sent.uid, 1, "cancel")


def test_cancel_twice_does_it_once(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "ann")
    before = ledger.letters()
    assert do(services.cancel, event, "ann").state is S.CANCELLED
    assert ledger.letters() == before
    assert ledger.invitation(event, "ann@example.org").sequence == 1
    ledger.check(event)


def test_cancel_after_the_event_is_refused(make, ledger, apply, do):
    event = make.event()
    apply(event, "ann")
    with pytest.raises(NotPossible) as refused:
        do(services.cancel, event, "ann", at=event.ends_at)
    assert refused.value.message == "The event is over, so this registration can no longer be cancelled."
    assert ledger.standing(event) == [("ann", "confirmed")]


def test_cancel_after_the_event_has_begun_calls_nobody(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
    do(services.cancel, event, "ann", at=event.starts_at)
    assert ledger.standing(event) == [("ann", "cancelled"), ("bob", "waiting")]
    assert ledger.letters()[-1] == ("registration_cancelled", "ann")
    ledger.check(event)


def test_cancel_a_second_before_the_event_still_calls_the_next(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
    do(services.cancel, event, "ann", at=event.starts_at - timedelta(seconds=1))
    assert ledger.standing(event)[1] == ("bob", "confirmed")


def test_cancel_while_waiting_moves_the_others_up(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "bob")
    with ledger.app.app_context():
        assert waiting_position(ledger.registration(event, "cat@example.org")) == 1
    assert "invitation" not in ledger.last_letter().facts
    assert ledger.counters(event) == (1, 0, 1, 0)


def test_cancel_while_pending_withdraws_nothing_and_calls_nobody(make, ledger, apply, do):
    event = make.event(needs_approval=True, capacity=0)
    for who in ("ann", "bob"):
        apply(event, who)
    do(services.cancel, event, "ann")
    assert ledger.counters(event) == (0, 0, 0, 1)
    assert (ledger.letters()[-1], "invitation" in ledger.last_letter().facts) == (
        ("registration_cancelled", "ann"),
        False,
    )
    assert ledger.count(Invitation) == 0
    ledger.check(event)


def test_cancel_when_the_event_was_cancelled_calls_nobody(make, ledger, apply, do):
    event = make.event(capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
    ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED))
    do(services.cancel, event, "ann")
    assert ledger.standing(event) == [("ann", "cancelled"), ("bob", "waiting")]


def test_cancel_an_offered_place_passes_it_on(make, ledger, apply, do):
    event = make.event(capacity=1, offer_hours=24)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "ann")
    do(services.cancel, event, "bob")
    assert ledger.standing(event) == [("ann", "cancelled"), ("bob", "cancelled"), ("cat", "offered")]
    assert ledger.registration(event, "bob@example.org").offered_until is None
    ledger.check(event)


# ---------------------------------------------------------------- offers


@pytest.fixture
def offered(make, apply, do):
    """An event with one place, given up by Ann, offered to Bob, with Cat waiting behind."""
    event = make.event(capacity=1, offer_hours=24)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "ann")
    return event


def test_offer_is_held_for_the_hours_of_the_event_and_told_without_an_invitation(ledger, offered, now):
    row = ledger.registration(offered, "bob@example.org")
    assert (row.state, row.offered_until) == (S.OFFERED, now + timedelta(hours=24))
    assert ledger.counters(offered) == (0, 1, 1, 0)
    letter = ledger.last_letter()
    assert (letter.notice, letter.recipient_email) == ("registration_offered", "bob@example.org")
    assert letter.facts["offered_until"] == "2027-05-11T09:00:00Z"
    assert ledger.invitation(offered, "bob@example.org") is None
    ledger.check(offered)


def test_offer_never_stands_beyond_the_beginning_of_the_event(make, ledger, apply, do):
    event = make.event(capacity=1, offer_hours=48)
    for who in ("ann", "bob"):
        apply(event, who)
    do(services.cancel, event, "ann", at=event.starts_at - HOUR)
    assert ledger.registration(event, "bob@example.org").offered_until == event.starts_at


def test_offered_place_is_not_given_to_a_newcomer(ledger, offered, apply):
    assert apply(offered, "new").position == 2
    assert ledger.standing(offered)[-1] == ("new", "waiting")


def test_accept_takes_the_place_and_sends_the_invitation(ledger, offered, do, now):
    do(services.accept_offer, offered, "bob", at=now + HOUR)
    row = ledger.registration(offered, "bob@example.org")
    assert (row.state, row.offered_until, row.confirmed_at) == (S.CONFIRMED, None, now + HOUR)
    assert ledger.letters()[-1] == ("registration_confirmed", "bob")
    assert ledger.last_letter().facts["invitation"]["sequence"] == 0
    assert ledger.counters(offered) == (1, 0, 1, 0)
    ledger.check(offered)


def test_accept_twice_does_it_once(ledger, offered, do):
    do(services.accept_offer, offered, "bob")
    before = ledger.letters()
    assert do(services.accept_offer, offered, "bob").state is S.CONFIRMED
    assert ledger.letters() == before


@pytest.mark.parametrize(("late", "taken"), [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)])
def test_accept_at_the_edge_of_the_time(ledger, offered, do, now, late, taken):
    if taken:
        do(services.accept_offer, offered, "bob", at=now + late)
    else:
        with pytest.raises(OfferGone):
            do(services.accept_offer, offered, "bob", at=now + late)
    assert dict(ledger.standing(offered))["bob"] == ("confirmed" if taken else "offered")


@pytest.mark.parametrize("who", ["ann", "cat"])
def test_accept_without_an_offer_is_refused(ledger, offered, do, who):
    before = ledger.standing(offered)
    with pytest.raises(OfferGone):
        do(services.accept_offer, offered, who)
    assert ledger.standing(offered) == before


def test_accept_for_an_event_that_was_cancelled_is_refused(ledger, offered, do):
    ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED))
    with pytest.raises(OfferGone):
        do(services.accept_offer, offered, "bob")


def test_lapse_passes_the_place_on_and_tells_both(ledger, offered, do, now):
    later = now + timedelta(hours=24)
    assert do(services.lapse_offer, offered, "bob", at=later) is True
    assert ledger.standing(offered) == [("ann", "cancelled"), ("bob", "lapsed"), ("cat", "offered")]
    assert ledger.letters()[-2:] == [("registration_lapsed", "bob"), ("registration_offered", "cat")]
    assert ledger.registration(offered, "cat@example.org").offered_until == later + timedelta(hours=24)
    ledger.check(offered)


def test_lapse_before_its_time_or_twice_does_nothing(ledger, offered, do, now):
    assert do(services.lapse_offer, offered, "bob", at=now + timedelta(hours=23)) is False
    do(services.lapse_offer, offered, "bob", at=now + timedelta(hours=24))
    before = ledger.letters()
    assert do(services.lapse_offer, offered, "bob", at=now + timedelta(hours=24)) is False
    assert ledger.letters() == before


def test_lapse_refuses_who_comes_too_late_and_lets_them_register_again(ledger, offered, do, apply, now):
    later = now + timedelta(hours=24)
    do(services.lapse_offer, offered, "bob", at=later)
    with pytest.raises(OfferGone):
        do(services.accept_offer, offered, "bob", at=later)
    assert apply(offered, "bob", at=later).position == 1
    ledger.check(offered)


def test_lapse_at_a_cancelled_event_tells_nobody(ledger, offered, do, now):
    ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED))
    before = ledger.letters()
    assert do(services.lapse_offer, offered, "bob", at=now + timedelta(hours=24)) is True
    assert ledger.letters() == before
    ledger.check(offered)


# ---------------------------------------------------------------- approval


def test_request_holds_no_place_and_has_no_invitation(make, ledger, apply):
    event = make.event(needs_approval=True, capacity=1)
    assert (apply(event, "ann").state, apply(event, "bob").state) == (S.PENDING, S.PENDING)
    assert ledger.counters(event) == (0, 0, 0, 2)
    assert ledger.letters() == [("registration_pending", "ann"), ("registration_pending", "bob")]
    assert (ledger.count(Invitation), "invitation" in ledger.last_letter().facts) == (0, False)
    ledger.check(event)


def test_approve_gives_a_place_then_a_number_on_the_waiting_list(make, ledger, apply, do):
    event = make.event(needs_approval=True, capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    # The number on the waiting list goes by when a request was approved, not by when it was made.
    assert [do(services.approve, event, who).state for who in ("cat", "bob", "ann")] == [
        S.CONFIRMED,
        S.WAITING,
        S.WAITING,
    ]
    assert ledger.letters()[3:] == [
        ("registration_confirmed", "cat"),
        ("registration_waiting", "bob"),
        ("registration_waiting", "ann"),
    ]
    assert ledger.last_letter().facts["position"] == 2
    do(services.cancel, event, "cat")
    assert dict(ledger.standing(event)) == {"cat": "cancelled", "bob": "confirmed", "ann": "waiting"}
    ledger.check(event)


def test_approve_twice_does_it_once(make, ledger, apply, do):
    event = make.event(needs_approval=True, capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
        do(services.approve, event, who)
    before = ledger.letters()
    for who in ("ann", "bob"):
        do(services.approve, event, who)
    assert ledger.letters() == before


def test_approve_when_full_without_waiting_list_is_refused(make, ledger, apply, do):
    event = make.event(needs_approval=True, capacity=0, waiting_list=False)
    apply(event, "ann")
    with pytest.raises(EventFull) as refused:
        do(services.approve, event, "ann")
    assert "Cancel another place first." in refused.value.message
    assert ledger.standing(event) == [("ann", "pending")]


def test_approve_after_the_start_gives_a_freed_place_past_those_who_wait(make, ledger, apply, do):
    event = make.event(needs_approval=True, capacity=1)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    for who in ("ann", "bob"):
        do(services.approve, event, who)
    do(services.cancel, event, "ann", at=event.starts_at)
    do(services.approve, event, "cat", at=event.starts_at)
    assert sorted(ledger.standing(event)) == [("ann", "cancelled"), ("bob", "waiting"), ("cat", "confirmed")]
    ledger.check(event)


def test_approve_what_was_taken_back_or_declined_or_is_over_is_refused(make, ledger, apply, do):
    event = make.event(needs_approval=True)
    for who in ("ann", "bob", "cat"):
        apply(event, who)
    do(services.cancel, event, "ann")
    do(services.decline, event, "bob", reason="")
    for who, at in (("ann", event.starts_at), ("bob", event.starts_at), ("cat", event.ends_at)):
        with pytest.raises(NotPossible):
            do(services.approve, event, who, at=at)
    ledger.check(event)


def test_decline_tells_the_reason_once(make, ledger, apply, do):
    event = make.event(needs_approval=True)
    apply(event, "ann")
    do(services.decline, event, "ann", reason="Only for area leads.")
    do(services.decline, event, "ann", reason="Other words.")
    assert ledger.letters()[1:] == [("registration_declined", "ann")]
    assert ledger.last_letter().facts["reason"] == "Only for area leads."
    assert (ledger.standing(event), ledger.counters(event)) == ([("ann", "declined")], (0, 0, 0, 0))
    ledger.check(event)


def test_decline_what_has_a_place_is_refused(make, ledger, apply, do):
    event = make.event()
    apply(event, "ann")
    with pytest.raises(NotPossible):
        do(services.decline, event, "ann", reason="")
    assert ledger.standing(event) == [("ann", "confirmed")]


# ---------------------------------------------------------------- changing


@pytest.fixture
def change(ledger, make, now):
    def run(event, who, *, at=now, version=None, **values):
        found = ledger.registration(event, f"{who}@example.org")
        version = found.version if version is None else version
        return ledger.act(services.change, found.id, make.application(**values), version=version, actor=SYSTEM, now=at)

    return run


def test_change_replaces_what_was_said_and_keeps_address_and_place(make, ledger, apply, change, now):
    event = make.event()
    team, day = make.question(event, "Team"), make.question(event, "Day")
    apply(event, "ann", name="Ann Lee", access="Captions", answers={team.public_id: ["North"]})
    values = {"name": "Ann Day", "organisation_name": "Hill Trust", "sector": Sector.VCSE, "role": "Lead"}
    change(event, "ann", at=now + HOUR, answers={day.public_id: ["Monday"]}, **values)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.name_sort, row.organisation_name, row.organisation_sort) == (
        "Ann Day",
        "day ann day",
        "Hill Trust",
        "hill trust",
    )
    assert (row.sector, row.role, row.state, row.version) == (Sector.VCSE, "Lead", S.CONFIRMED, 2)
    assert (row.updated_at, row.registered_at, row.confirmed_at, row.arrival) == (now + HOUR, now, now, 1)
    assert [(a.question_id, a.value) for a in ledger.all(select(RegistrationAnswer))] == [(day.id, ["Monday"])]
    assert ledger.count(RegistrationNeeds) == 0
    assert ledger.letters()[-1] == ("registration_changed", "ann")
    words = set(ledger.all(select(SearchWord.word).where(SearchWord.kind == SearchKind.REGISTRATION)))
    assert ("day" in words, "lee" in words, "hill" in words, "marlbridge" in words) == (True, False, True, False)
    ledger.check(event)


def test_change_keeps_answers_to_questions_no_longer_asked(make, ledger, apply, change, now):
    event = make.event()
    team, day = make.question(event, "Team"), make.question(event, "Day")
    apply(event, "ann", answers={team.public_id: ["North"], day.public_id: ["Monday"]})
    ledger.act(db.session.execute, update(EventQuestion).where(EventQuestion.id == team.id).values(retired_at=now))
    change(event, "ann", answers={day.public_id: ["Tuesday"]})
    kept = {answer.question_id: answer.value for answer in ledger.all(select(RegistrationAnswer))}
    assert kept == {team.id: ["North"], day.id: ["Tuesday"]}


def test_change_replaces_needs(make, ledger, apply, change):
    event = make.event()
    apply(event, "ann", access="Captions")
    change(event, "ann", access="Large print")
    assert [row.access for row in ledger.all(select(RegistrationNeeds))] == ["Large print"]


def test_change_to_what_was_said_before_changes_nothing_and_sends_no_letter(make, ledger, apply, change, now):
    event = make.event()
    team = make.question(event, "Team")
    said = {"name": "Ann Lee", "access": "Captions", "answers": {team.public_id: ["North"]}}
    apply(event, "ann", **said)
    change(event, "ann", at=now + HOUR, **said)
    row = ledger.registration(event, "ann@example.org")
    assert (row.version, row.updated_at, len(ledger.letters())) == (1, now, 1)
    change(event, "ann", at=now + HOUR, **(said | {"answers": {team.public_id: ["South"]}}))
    assert (ledger.registration(event, "ann@example.org").version, len(ledger.letters())) == (2, 2)
    ledger.check(event)


def test_change_of_what_was_changed_in_another_window_is_refused(make, ledger, apply, change):
    event = make.event()
    apply(event, "ann", name="Ann Lee", role="Nurse")
    change(event, "ann", name="Ann Lee", role="Lead", version=1)
    with pytest.raises(services.ChangedMeanwhile):
        change(event, "ann", name="Ann Day", role="Nurse", version=1)
    row = ledger.registration(event, "ann@example.org")
    assert (row.name, row.role, row.version, len(ledger.letters())) == ("Ann Lee", "Lead", 2, 2)
    change(event, "ann", name="Ann Lee", role="Lead", version=1)  # sent twice, it counts once
    assert len(ledger.letters()) == 2
    ledger.check(event)


def test_change_while_waiting_keeps_the_number(make, ledger, apply, change):
    event = make.event(capacity=0)
    for who in ("ann", "bob"):
        apply(event, who)
    change(event, "ann", name="Ann Day")
    assert ledger.standing(event) == [("ann", "waiting"), ("bob", "waiting")]
    ledger.check(event)


@pytest.mark.parametrize("case", ["cancelled", "over", "event cancelled"])
def test_change_of_what_has_ended_is_refused(make, ledger, apply, do, change, case):
    event = make.event()
    apply(event, "ann", name="Ann Lee")
    if case == "cancelled":
        do(services.cancel, event, "ann")
    if case == "event cancelled":
        ledger.act(db.session.execute, update(Event).values(state=EventState.CANCELLED))
    with pytest.raises(NotPossible) as refused:
        change(event, "ann", name="New", at=event.ends_at if case == "over" else event.starts_at)
    assert refused.value.message == "This registration can no longer be changed."
    assert ledger.registration(event, "ann@example.org").name == "Ann Lee"
    ledger.check(event)


# ---------------------------------------------------------------- what the public page says


def test_revision_grows_only_when_the_public_page_reads_otherwise(make, ledger, apply, do):
    event = make.event(capacity=11)
    seen = [ledger.revision(event)]

    def grew():
        seen.append(ledger.revision(event))
        return seen[-1] - seen[-2]

    steps = []
    for n in range(1, 14):
        apply(event, f"p{n}")
        steps.append(grew())
    # Few from the tenth of eleven on (one is left), full from the eleventh on; nothing more after that.
    assert steps == [0] * 9 + [1, 1, 0, 0]
    apply(event, "p1")
    assert grew() == 0
    do(services.cancel, event, "p12")
    assert grew() == 0
    do(services.cancel, event, "p1")
    # The place went on to who waited, within the same unit: nobody could have seen it free.
    assert (grew(), dict(ledger.standing(event))["p13"]) == (0, "confirmed")
    do(services.cancel, event, "p2")
    assert grew() == 1
    do(services.cancel, event, "p3")
    assert grew() == 1


def test_revision_stays_when_a_request_is_made(make, ledger, apply):
    event = make.event(needs_approval=True, capacity=1)
    before = ledger.revision(event)
    apply(event, "ann")
    assert ledger.revision(event) == before


# ---------------------------------------------------------------- a walk at random


VERBS = ("register", "register", "register", "cancel", "accept", "lapse", "approve", "decline", "change")
ALWAYS = {"registered", "cancelled", "promoted", "changed"}


@pytest.mark.parametrize(
    ("seed", "values", "happens"),
    [
        (1, {"offer_hours": 0}, ALWAYS),
        (4, {"offer_hours": 72}, ALWAYS | {"offer_accepted"}),
        (2, {"offer_hours": 24, "needs_approval": True}, ALWAYS | {"approved", "declined"}),
        (3, {"offer_hours": 24, "format": Format.HYBRID}, ALWAYS | {"offer_lapsed"}),
    ],
)
def test_books_are_right_after_each_step_of_a_walk_at_random(make, ledger, now, seed, values, happens):
    event = make.event(capacity=2, **values)
    chance = random.Random(seed)
    at, waiting = now, set()
    for _ in range(50):
        at += timedelta(minutes=chance.randrange(1600))
        before, moved = waiting, _step(make, ledger, event, chance, at)
        waiting = ledger.check(event)
        assert ledger.free(event) == 0
        for mode in event.modes:
            called = [n for m, n in before - waiting if m is mode and n != moved]
            stayed = [n for m, n in before & waiting if m is mode]
            assert max(called, default=0) < min(stayed, default=10**6), "called out of turn"
    assert at < event.starts_at
    assert set(ledger.all(select(Activity.verb))) >= happens


FITTING = {"accept": S.OFFERED, "lapse": S.OFFERED, "approve": S.PENDING, "decline": S.PENDING, "cancel": S.CONFIRMED}
ACTS = {
    "cancel": services.cancel,
    "accept": services.accept_offer,
    "lapse": services.lapse_offer,
    "approve": services.approve,
    "decline": partial(services.decline, reason=""),
}


def _step(make, ledger, event, chance, at):
    """Do one thing, to somebody whom it fits or to anybody; gives the number of whom it was done to."""
    verb = chance.choice(VERBS)
    rows = ledger.all(select(Registration).where(Registration.event_id == event.id).order_by(Registration.arrival))
    application = make.application(
        email=f"p{chance.randrange(8)}@example.org",
        mode=chance.choice(event.modes),
        sector=chance.choice(list(Sector)[:2]),
        organisation_name=chance.choice(["Marlbridge Council", "Hill Trust"]),
    )
    if verb == "register" or not rows:
        ledger.act(services.register, event.id, application, actor=VISITOR, source=None, now=at)
        return None
    fitting = [row for row in rows if row.state is FITTING.get(verb)]
    row = chance.choice(fitting if fitting and chance.random() < 0.7 else rows)
    try:
        if verb == "change":
            ledger.act(services.change, row.id, application, version=row.version, actor=SYSTEM, now=at)
        else:
            ledger.act(ACTS[verb], row.id, actor=SYSTEM, now=at)
    except (NotPossible, OfferGone, EventFull):
        pass
    return row.arrival


# ---------------------------------------------------------------- at the same time


def test_rush_for_few_places_sells_each_once_and_queues_the_rest(make, ledger, now):
    event = make.event(capacity=10)
    applications = [make.application() for _ in range(30)]
    jobs = [
        partial(services.register, event.id, one, actor=VISITOR, source=f"192.0.2.{n}", now=now)
        for n, one in enumerate(applications)
    ]
    outcomes = ledger.together(jobs)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    rows = ledger.all(select(Registration).order_by(Registration.arrival))
    assert [row.arrival for row in rows] == list(range(1, 31))
    assert [row.state for row in rows] == [S.CONFIRMED] * 10 + [S.WAITING] * 20
    told = {outcome.registration.id: outcome.position for outcome in outcomes}
    assert [told[row.id] for row in rows] == [None] * 10 + list(range(1, 21))
    assert len(ledger.letters()) == 30
    ledger.check(event)


def test_same_person_registering_in_many_tabs_at_once_registers_once(make, ledger, now):
    event = make.event(format=Format.HYBRID, capacity=10)
    jobs = [
        partial(
            services.register,
            event.id,
            make.application(email="ann@example.org", mode=event.modes[n % 2]),
            actor=VISITOR,
            source=None,
            now=now,
        )
        for n in range(6)
    ]
    outcomes = ledger.together(jobs)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sorted(outcome.already for outcome in outcomes) == [False] + [True] * 5
    assert (
        sorted(notice for notice, _ in ledger.letters()) == ["registration_confirmed"] + ["registration_repeated"] * 5
    )
    ledger.check(event)


def test_newcomer_registering_for_two_events_at_once_is_one_person(make, ledger, now):
    events = [make.event() for _ in range(6)]
    jobs = [
        partial(
            services.register,
            event.id,
            make.application(email="Ann@example.org" if event.id % 2 else "ann@example.org"),
            actor=VISITOR,
            source=None,
            now=now,
        )
        for event in events
    ]
    outcomes = ledger.together(jobs)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert (ledger.count(Person), ledger.count(Registration)) == (1, 6)


def test_same_draft_sent_twice_at_once_counts_once(make, ledger, now):
    event = make.event(capacity=0)
    draft = _draft(make, ledger, event, now)
    application = make.application()
    finish = partial(services.finish_draft, draft.id, application, actor=VISITOR, source="192.0.2.1", now=now)
    first, second = ledger.together([finish, finish])
    assert first.outcome == second.outcome == {"state": "waiting", "position": 1, "email": application.email}
    assert len(ledger.letters()) == 1
    ledger.check(event)


def test_giving_up_and_taking_an_offer_at_the_same_time_leaves_one_of_them(make, ledger, apply, do, now):
    event = make.event(capacity=4, offer_hours=24)
    for n in range(12):
        apply(event, f"p{n}")
    for n in range(4):
        do(services.cancel, event, f"p{n}")
    offered = [ledger.registration(event, f"p{n}@example.org") for n in range(4, 8)]
    jobs = [partial(verb, row.id, actor=SYSTEM, now=now) for row in offered for verb in PAIR]
    outcomes = ledger.together(jobs)
    assert [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, OfferGone)
    ] == []
    states = dict(ledger.standing(event))
    assert {states[f"p{n}"] for n in range(4, 8)} == {"cancelled"}
    assert {states[f"p{n}"] for n in range(8, 12)} == {"offered"}
    ledger.check(event)


PAIR = (services.cancel, services.accept_offer)


def test_giving_up_places_of_both_kinds_at_the_same_time_never_locks_up(make, ledger, apply, now):
    event = make.event(format=Format.HYBRID, capacity=4)
    # Who gives up and who comes after differ in sector, crosswise, so that the tallies are wanted in both orders.
    crosswise = {Mode.ONLINE: list(Sector)[:2], Mode.IN_PERSON: list(Sector)[1::-1]}
    for mode, sectors in crosswise.items():
        for n in range(8):
            sector = sectors[n // 4]
            apply(event, f"{mode}{n}", mode=mode, sector=sector, organisation_name=sector.label)
    rows = [ledger.registration(event, f"{mode}{n}@example.org") for n in range(4) for mode in event.modes]
    outcomes = ledger.together([partial(services.cancel, row.id, actor=SYSTEM, now=now) for row in rows])
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    states = [state for _, state in ledger.standing(event)]
    assert states == ["cancelled"] * 8 + ["confirmed"] * 8 or sorted(states) == ["cancelled"] * 8 + ["confirmed"] * 8
    ledger.check(event)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_giving_up_what_is_just_being_taken_anew_in_another_way_counts_in_the_right_place(
    app, make, ledger, apply, do, now
):
    event = make.event(format=Format.HYBRID)
    apply(event, "ann", mode=Mode.ONLINE)
    do(services.cancel, event, "ann")
    row = ledger.registration(event, "ann@example.org")
    taken, address = threading.Event(), app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")

    def take_anew():
        application = make.application(email="ann@example.org", mode=Mode.IN_PERSON)
        services.register(event.id, application, actor=VISITOR, source=None, now=now)
        taken.set()
        # Until the other, who has read the old way already, stands waiting for the lock.
        with psycopg.connect(address, autocommit=True) as watch:
            until = monotonic() + 10
            while monotonic() < until and not watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                continue

    def give_up():
        taken.wait()
        return services.cancel(row.id, actor=SYSTEM, now=now)

    _, given_up = ledger.together([take_anew, give_up])
    assert (given_up.state, given_up.mode) == (S.CANCELLED, Mode.IN_PERSON)
    assert ledger.counters(event, Mode.ONLINE) == ledger.counters(event, Mode.IN_PERSON) == (0, 0, 0, 0)
    ledger.check(event)


def test_letter_is_posted_if_and_only_if_the_change_is_kept(make, ledger, now):
    event = make.event()

    def registers_then_breaks():
        services.register(event.id, make.application(), actor=VISITOR, source=None, now=now)
        db.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.act(registers_then_breaks)
    assert (ledger.count(Registration), ledger.count(Letter), ledger.count(RegistrationTally)) == (0, 0, 0)
    assert ledger.one(select(Places.confirmed)) == 0
    ledger.act(outbox.take_posted_lanes)


def test_cancel_just_before_an_event_without_hours_calls_the_next(make, ledger, apply, do):
    event = make.event(hours=[None], days=1, capacity=1)
    for who in ("ann", "bob"):
        apply(event, who)
    # Without hours it begins at midnight, British summer time.
    assert event.starts_at == datetime(2027, 6, 13, 23, tzinfo=UTC)
    do(services.cancel, event, "ann", at=event.starts_at - MINUTE)
    assert ledger.standing(event)[1] == ("bob", "confirmed")


def test_numbers_of_arrival_run_through_all_ways_of_taking_part(make):
    event = make.event(format=Format.HYBRID)

    modes = (Mode.ONLINE, Mode.IN_PERSON, Mode.IN_PERSON, Mode.ONLINE)
    arrivals = [make.registration(event, mode=mode).arrival for mode in modes]

    assert arrivals == [1, 2, 3, 4]
