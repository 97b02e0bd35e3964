"""What can happen to a place in a single session, and that the books are right after each of it."""

import random
from collections import Counter
from datetime import time, timedelta
from functools import partial
from itertools import combinations

import pytest
from sqlalchemy import select

from tests.counting import statements
from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Session, SessionState
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftSession
from webapp.models.events import EventState, Format, Mode, Places, moment
from webapp.models.mailings import Letter
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration
from webapp.models.sign_ups import SignUp, SignUpState
from webapp.queries import sign_ups as queries
from webapp.queries.drafts import lock_draft
from webapp.queries.events import get_fresh_event
from webapp.queries.registrations import Chosen, RegistrationFilter
from webapp.services import drafts, registrations
from webapp.services import sign_ups as services
from webapp.services.sign_ups import Clash, SessionFull, SignUpRefused

MINUTE = timedelta(minutes=1)


class Desk:
    """Signs people up by the part of their address before the @, and reads what became of it."""

    def __init__(self, app, make, now, event):
        self.ledger = Ledger(app)
        self.make, self.now, self.event = make, now, event

    def register(self, *names, **values):
        for name in names:
            self.make.registration(self.event, email=f"{name}@example.org", name=name.title(), **values)

    def row(self, name):
        return self.ledger.registration(self.event, f"{name}@example.org")

    def sign_up(self, name, session, *, at=None, instead_of=()):
        wanted = [one.public_id for one in instead_of]
        return self.ledger.act(
            services.sign_up, self.row(name).id, session.id, instead_of=wanted, actor=SYSTEM, now=at or self.now
        )

    def leave(self, name, session, *, at=None):
        return self.ledger.act(services.leave, self.row(name).id, session.id, actor=SYSTEM, now=at or self.now)

    def cancel(self, name):
        self.ledger.act(registrations.cancel, self.row(name).id, actor=SYSTEM, now=self.now)

    def move(self, session, hours):
        """What a release does to one session, with the hand-over that follows."""

        def run():
            queries.lock_counters(self.event.id, ())
            found = db.session.get_one(Session, session.id)
            day = self.event.starts_on
            found.starts_at, found.ends_at = (moment(day, time(hour), self.event.zone) for hour in hours)
            db.session.flush()
            services.fill_all(get_fresh_event(self.event.id), now=self.now)

        self.ledger.act(run)

    def resize(self, session, capacity):
        def run():
            queries.lock_counters(self.event.id, ())
            for row in db.session.scalars(select(Places).where(Places.session_id == session.id)):
                row.capacity = capacity
            services.fill_all(get_fresh_event(self.event.id), now=self.now)

        self.ledger.act(run)

    def standing(self, session):
        """Who stands how, as (name, state), by arrival, without those who left."""
        statement = (
            select(Registration.email, SignUp.state)
            .join(SignUp, SignUp.registration_id == Registration.id)
            .where(SignUp.session_id == session.id, SignUp.state != SignUpState.CANCELLED)
            .order_by(SignUp.arrival)
        )
        return [(email.partition("@")[0], state.value) for email, state in self.ledger.rows(statement)]

    def letters(self):
        """The letters about sessions, as (notice, name), oldest first."""
        return [pair for pair in self.ledger.letters() if not pair[0].startswith("registration")]

    def invitation(self, name, session):
        statement = select(Invitation).where(
            Invitation.thing_kind == ThingKind.SESSION,
            Invitation.thing_id == session.id,
            Invitation.person_id == self.row(name).person_id,
        )
        return self.ledger.one(statement)

    def check(self, *, moved=frozenset()):
        """Fail unless counters are what the rows say and nothing is oversold.

        Nor may anybody wait while they and a place are free, or be in two places at once; those who were `moved` there
        may. Gives who is, as (registration, session, session).
        """
        rows = self.ledger.all(select(SignUp).where(SignUp.event_id == self.event.id))
        sessions = {one.id: one for one in self.ledger.all(select(Session).where(Session.event_id == self.event.id))}
        confirmed = {row.id for row in self.ledger.all(select(Registration).where(Registration.state == "confirmed"))}
        of_sessions = select(Places).where(Places.event_id == self.event.id, Places.session_id.is_not(None))
        places = self.ledger.all(of_sessions)
        taken: dict[int, list[Session]] = {}
        for row in rows:
            assert row.state is SignUpState.CANCELLED or row.registration_id in confirmed
            if row.state is SignUpState.CONFIRMED:
                taken.setdefault(row.registration_id, []).append(sessions[row.session_id])
        for counter in places:
            of = [row for row in rows if (row.session_id, row.mode) == (counter.session_id, counter.mode)]
            states = Counter(row.state.value for row in of)
            assert (counter.confirmed, counter.waiting) == (states["confirmed"], states["waiting"])
            assert counter.capacity is None or counter.confirmed <= counter.capacity
            assert len({row.arrival for row in of}) == len(of), "a number was given twice"
            if counter.is_free:
                mine = sessions[counter.session_id]
                waiting = [row for row in of if row.state is SignUpState.WAITING]
                assert [
                    row for row in waiting if not any(mine.overlaps(s) for s in taken.get(row.registration_id, []))
                ] == []
        twice = {
            (person, one.id, other.id)
            for person, of_person in taken.items()
            for one, other in combinations(sorted(of_person, key=lambda session: session.id), 2)
            if one.overlaps(other)
        }
        assert moved is None or twice <= moved, "somebody is in two places at once"
        return twice


@pytest.fixture
def desk(app, make, now):
    return Desk(app, make, now, make.event("Spring event"))


@pytest.fixture
def small(make, desk):
    """A session with one place, from 10 to 11, and one beside it with many."""
    return make.session(desk.event, "Small", places=1), make.session(desk.event, "Large", places=50)


# ---------------------------------------------------------------- whose place it is


ZOE = registrations.Identity(
    name="Zoe Quill",
    email="zoe@example.org",
    organisation_name="Quay Trust",
    organisation_id=None,
    sector=Sector.VCSE,
    role="Coach",
)


def test_place_at_the_event_that_a_colleague_takes_ends_the_places_in_sessions(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.ledger.act(registrations.swap, desk.row("ann").id, ZOE, actor=SYSTEM, now=desk.now)
    assert desk.standing(small[0]) == [("ben", "confirmed")]
    assert desk.invitation("ann", small[0]).method is Method.CANCEL
    assert desk.row("zoe").state.value == "confirmed"
    desk.check()


def test_address_that_is_corrected_takes_places_along_and_leaves_a_withdrawal(desk, small):
    desk.register("ann")
    desk.sign_up("ann", small[0])
    before, row = desk.invitation("ann", small[0]), desk.row("ann")
    desk.ledger.act(registrations.correct, row.id, ZOE, version=row.version, actor=SYSTEM, now=desk.now)
    assert desk.standing(small[0]) == [("zoe", "confirmed")]
    after, left = (
        desk.invitation("zoe", small[0]),
        desk.ledger.one(select(Invitation).where(Invitation.id == before.id)),
    )
    assert (after.sequence, after.method, after.uid != before.uid) == (0, Method.REQUEST, True)
    assert (left.sequence, left.method, left.person_id) == (1, Method.CANCEL, before.person_id)
    assert desk.ledger.one(select(SignUp.person_id)) == desk.row("zoe").person_id
    desk.check()


# ---------------------------------------------------------------- taking a place


def test_sign_up_gives_a_place_and_one_letter_with_an_invitation(desk, small, now):
    desk.register("ann")
    row = desk.sign_up("ann", small[0])
    assert (row.state, row.arrival, row.mode) == (SignUpState.CONFIRMED, 1, Mode.ONLINE)
    assert desk.letters() == [("signed_up", "ann")]
    sent, letter = desk.invitation("ann", small[0]), desk.ledger.last_letter()
    assert (sent.sequence, sent.method) == (0, Method.REQUEST)
    assert (letter.facts["invitation"]["uid"], letter.facts["session"]["title"]) == (sent.uid, "Small")
    (entry,) = desk.ledger.all(select(Activity).where(Activity.verb == "signed_up_for_session"))
    assert entry.details == {"session": small[0].public_id, "state": "confirmed"}
    desk.check()


def test_sign_up_twice_gives_one_place_and_one_letter(desk, small):
    desk.register("ann", "ben")
    for _ in range(2):
        desk.sign_up("ann", small[0])
        desk.sign_up("ben", small[0])
    assert desk.standing(small[0]) == [("ann", "confirmed"), ("ben", "waiting")]
    assert desk.letters() == [("signed_up", "ann"), ("sign_up_waiting", "ben")]
    desk.check()


def test_sign_up_when_full_waits_with_a_number(desk, small):
    desk.register("ann", "ben", "cas")
    for name in ("ann", "ben", "cas"):
        desk.sign_up(name, small[0])
    assert desk.standing(small[0]) == [("ann", "confirmed"), ("ben", "waiting"), ("cas", "waiting")]
    assert desk.ledger.last_letter().facts["position"] == 2
    assert "invitation" not in desk.ledger.last_letter().facts
    desk.check()


def test_sign_up_counts_each_way_of_taking_part_by_itself(app, make, now):
    desk = Desk(app, make, now, make.event(format=Format.HYBRID))
    session = make.session(desk.event, places=1)
    desk.register("ann", "ben")
    desk.register("cas", mode=Mode.IN_PERSON)
    assert [desk.sign_up(name, session).state.value for name in ("ann", "ben", "cas")] == [
        "confirmed",
        "waiting",
        "confirmed",
    ]
    desk.leave("cas", session)
    assert ("ben", "waiting") in desk.standing(session)
    desk.check()


def test_sign_up_of_who_has_no_place_at_the_event_is_refused(app, make, now):
    desk = Desk(app, make, now, make.event(capacity=1))
    session = make.session(desk.event, places=5)
    desk.register("ann", "ben", "cas")
    desk.cancel("cas")
    for name in ("ben", "cas"):
        with pytest.raises(SignUpRefused, match="Only people who have a place"):
            desk.sign_up(name, session)
    assert desk.standing(session) == []


def test_sign_up_is_refused_for_what_takes_none_is_cancelled_or_has_begun(make, desk, small):
    desk.register("ann")
    plain, called_off = make.session(desk.event), make.session(desk.event, places=3, state=SessionState.CANCELLED)
    begins = small[0].starts_at
    for session, when, words in (
        (plain, None, "takes no sign-ups"),
        (called_off, None, "has been cancelled"),
        (small[0], begins, "has begun"),
    ):
        with pytest.raises(SignUpRefused, match=words):
            desk.sign_up("ann", session, at=when)
    assert desk.sign_up("ann", small[0], at=begins - MINUTE).state is SignUpState.CONFIRMED


def test_sign_up_for_a_session_of_another_event_is_not_found(make, desk):
    desk.register("ann")
    with pytest.raises(NotFound):
        desk.sign_up("ann", make.session(make.event(), places=3))


def test_sign_up_for_a_cancelled_event_is_refused(desk, small):
    desk.register("ann")
    desk.ledger.change(desk.event, state=EventState.CANCELLED)
    with pytest.raises(SignUpRefused, match="has been cancelled"):
        desk.sign_up("ann", small[0])


# ---------------------------------------------------------------- clashes


def test_sign_up_at_the_time_of_another_is_refused_naming_it_and_its_times(desk, small):
    desk.register("ann")
    desk.sign_up("ann", small[0])
    with pytest.raises(Clash) as refused:
        desk.sign_up("ann", small[1])
    assert refused.value.message == (
        "“Large” runs from 10am to 11am on Monday 14 June 2027. You are signed up for “Small” (from 10am to 11am) at"
        " that time."
    )
    assert [one.public_id for one in refused.value.beside] == [small[0].public_id]
    assert desk.standing(small[1]) == []


def test_sign_up_for_what_begins_as_another_ends_is_no_clash(make, desk, small):
    desk.register("ann")
    desk.sign_up("ann", small[0])
    after = make.session(desk.event, places=1, hours=(small[0].ends, time(12)))
    assert desk.sign_up("ann", after).state is SignUpState.CONFIRMED
    desk.check()


def test_sign_up_instead_of_another_leaves_it_in_the_same_step_and_hands_it_on(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.sign_up("ann", small[1], instead_of=[small[0]])
    assert desk.standing(small[0]) == [("ben", "confirmed")]
    assert desk.standing(small[1]) == [("ann", "confirmed")]
    assert desk.letters()[2:] == [("sign_up_left", "ann"), ("signed_up", "ann"), ("sign_up_promoted", "ben")]
    assert desk.invitation("ann", small[0]).method is Method.CANCEL
    desk.check()


def test_sign_up_instead_of_another_is_refused_once_the_place_is_gone(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[1])
    desk.sign_up("ben", small[0])
    with pytest.raises(SessionFull, match="so you keep your place in “Large”"):
        desk.sign_up("ann", small[0], instead_of=[small[1]])
    assert desk.standing(small[1]) == [("ann", "confirmed")]
    assert desk.sign_up("ann", small[0]).state is SignUpState.WAITING
    desk.check()


# ---------------------------------------------------------------- leaving


def test_leave_withdraws_the_invitation_and_signing_up_again_keeps_its_uid(desk, small):
    desk.register("ann")
    desk.sign_up("ann", small[0])
    first = desk.invitation("ann", small[0])
    assert [desk.leave("ann", small[0]), desk.leave("ann", small[0])] == [True, False]
    gone = desk.invitation("ann", small[0])
    assert (gone.uid, gone.sequence, gone.method) == (first.uid, 1, Method.CANCEL)
    desk.sign_up("ann", small[0])
    again = desk.invitation("ann", small[0])
    assert (again.uid, again.sequence, again.method) == (first.uid, 2, Method.REQUEST)
    assert desk.letters() == [("signed_up", "ann"), ("sign_up_left", "ann"), ("signed_up", "ann")]
    desk.check()


def test_leave_passes_over_who_is_not_free_and_tells_them_nothing(desk, small):
    desk.register("ann", "ben", "cas")
    for name in ("ann", "ben", "cas"):
        desk.sign_up(name, small[0])
    desk.sign_up("ben", small[1])
    before = len(desk.letters())
    desk.leave("ann", small[0])
    assert desk.standing(small[0]) == [("ben", "waiting"), ("cas", "confirmed")]
    assert desk.letters()[before:] == [("sign_up_left", "ann"), ("sign_up_promoted", "cas")]
    desk.leave("cas", small[0])
    assert desk.standing(small[0]) == [("ben", "waiting")], "ben is still elsewhere"
    desk.leave("ben", small[1])
    assert desk.standing(small[0]) == [("ben", "confirmed")], "ben is free by now"
    desk.check()


def test_sign_up_takes_a_free_place_past_those_who_wait_and_are_not_free(desk, small):
    desk.register("ann", "ben", "cas")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.sign_up("ben", small[1])
    desk.leave("ann", small[0])
    assert desk.sign_up("cas", small[0]).state is SignUpState.CONFIRMED
    desk.check()


def test_leave_the_waiting_list_tells_without_a_calendar(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.leave("ben", small[0])
    assert desk.letters()[-1] == ("sign_up_left", "ben")
    assert "invitation" not in desk.ledger.last_letter().facts
    desk.check()


def test_leave_once_the_session_has_begun_is_refused(desk, small):
    desk.register("ann")
    desk.sign_up("ann", small[0])
    with pytest.raises(SignUpRefused, match="has begun"):
        desk.leave("ann", small[0], at=small[0].starts_at)


# ---------------------------------------------------------------- what happens elsewhere


def test_cancelled_registration_ends_all_sign_ups_and_hands_them_on(make, desk, small):
    desk.register("ann", "ben")
    later = make.session(desk.event, "Later", places=1, day=1)
    for session in (small[0], later):
        desk.sign_up("ann", session)
        desk.sign_up("ben", session)
    desk.cancel("ann")
    assert desk.standing(small[0]) == desk.standing(later) == [("ben", "confirmed")]
    told = [pair for pair in desk.ledger.letters() if pair[1] == "ann"][-3:]
    assert told == [("sign_up_left", "ann"), ("sign_up_left", "ann"), ("registration_cancelled", "ann")]
    desk.check()


def test_cancelled_registration_of_who_only_waits_sends_no_letter_about_the_session(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.cancel("ben")
    assert desk.ledger.letters()[-1] == ("registration_cancelled", "ben")
    assert ("sign_up_left", "ben") not in desk.ledger.letters()
    desk.check()


def test_many_cancelled_at_once_leave_what_cancelling_one_by_one_leaves(app, make, now):
    left = []
    for at_once in (False, True):
        desk = Desk(app, make, now, make.event())
        early, late = make.session(desk.event, "Early", places=2), make.session(desk.event, "Late", places=1, day=1)
        names = ("ann", "ben", "cas", "dan", "eve")
        desk.register(*names)
        for name in names:
            desk.sign_up(name, early)
        for name in ("ben", "ann", "eve"):
            desk.sign_up(name, late)
        sent = len(desk.ledger.letters())
        if at_once:
            chosen = Chosen(public_ids=tuple(desk.row(name).public_id for name in names[:3]))
            decide = partial(registrations.decide, registrations.Decision.CANCEL, desk.event.id, chosen, number=3)
            assert desk.ledger.act(decide, actor=SYSTEM, now=now) == 3
        else:
            for name in ("cas", "ann", "ben"):
                desk.cancel(name)
        assert desk.standing(early) == [("dan", "confirmed"), ("eve", "confirmed")]
        assert desk.standing(late) == [("eve", "confirmed")]
        desk.check()
        invited = select(Invitation.thing_id, Registration.email, Invitation.method)
        invited = invited.join(Registration, Registration.person_id == Invitation.person_id).where(
            Invitation.thing_kind == ThingKind.SESSION, Registration.event_id == desk.event.id
        )
        titles = {early.id: "Early", late.id: "Late"}
        methods = {
            (email.partition("@")[0], titles[session]): method
            for session, email, method in desk.ledger.rows(invited)
            if session in titles
        }
        entries = select(Activity.verb, Activity.actor_kind, Activity.details["state"].as_string())
        entries = entries.where(Activity.event_id == desk.event.id, Activity.verb.in_(("left_session", "cancelled")))
        left.append((Counter(desk.ledger.letters()[sent:]), methods, Counter(map(tuple, desk.ledger.rows(entries)))))
    assert left[0] == left[1]
    assert left[1][1]["ann", "Early"] is left[1][1]["ben", "Late"] is Method.CANCEL


def test_places_in_sessions_pass_to_nobody_who_is_cancelled_at_the_same_time(desk, small):
    desk.register("ann", "ben", "cas")
    for name in ("ann", "ben", "cas"):
        desk.sign_up(name, small[0])
    chosen = Chosen(public_ids=(desk.row("ann").public_id, desk.row("ben").public_id))
    decide = partial(registrations.decide, registrations.Decision.CANCEL, desk.event.id, chosen, number=2)
    desk.ledger.act(decide, actor=SYSTEM, now=desk.now)
    assert desk.standing(small[0]) == [("cas", "confirmed")]
    told = [notice for notice, name in desk.letters() if name == "ben"]
    assert "sign_up_promoted" not in told
    desk.check()


def test_many_cancelled_at_once_ask_as_often_for_few_sign_ups_as_for_many(app, make, now):
    asked = []
    for count in (3, 30):
        desk = Desk(app, make, now, make.event())
        session = make.session(desk.event, "Talk", places=50)
        names = [f"p{n}" for n in range(count)]
        desk.register(*names)
        for name in names:
            desk.sign_up(name, session)
        with statements(app) as found:
            desk.ledger.act(
                registrations.decide,
                registrations.Decision.CANCEL,
                desk.event.id,
                Chosen(wanted=RegistrationFilter()),
                number=count,
                actor=SYSTEM,
                now=now,
            )
        asked.append(len(found))
    assert asked[1] <= asked[0] + 2


def test_more_room_is_given_to_who_waits(desk, small):
    desk.register("ann", "ben", "cas")
    for name in ("ann", "ben", "cas"):
        desk.sign_up(name, small[0])
    desk.resize(small[0], 2)
    assert desk.standing(small[0]) == [("ann", "confirmed"), ("ben", "confirmed"), ("cas", "waiting")]
    desk.resize(small[0], None)
    assert ("cas", "confirmed") in desk.standing(small[0])
    desk.check()


def test_more_room_is_given_by_as_many_statements_to_few_as_to_many(app, make, now):
    asked = []
    for count in (3, 30):
        desk = Desk(app, make, now, make.event())
        session = make.session(desk.event, "Talk", places=1)
        beside = make.session(desk.event, "Beside", places=50)
        names = [f"p{n}" for n in range(count)]
        desk.register(*names)
        for name in names:
            desk.sign_up(name, session)
        desk.sign_up(names[1], beside)
        sent = len(desk.letters())
        with statements(app) as found:
            desk.resize(session, count - 1)
        asked.append(len(found))
        # The second is busy at that time and keeps the number; all others get in, in their order.
        assert desk.letters()[sent:] == [("sign_up_promoted", name) for name in names[2:]]
        assert dict(desk.standing(session))[names[1]] == "waiting"
        desk.check()
    assert asked[0] == asked[1]


def test_session_that_moves_away_frees_who_waits_beside_it(desk, small):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[0])
    desk.sign_up("ben", small[1])
    desk.leave("ann", small[0])
    desk.move(small[1], (14, 15))
    assert desk.standing(small[0]) == [("ben", "confirmed")]
    desk.check()


@pytest.fixture
def release(desk):
    """Opens the draft if need be, plans a session anew, and releases that."""

    def run(session, **values):
        def plan():
            drafts.open_draft(desk.event.id, actor=SYSTEM, now=desk.now)
            row = db.session.scalars(select(DraftSession).where(DraftSession.session_id == session.id)).one()
            for name, value in values.items():
                setattr(row, name, value)
            draft = lock_draft(desk.event.id)
            draft.version += 1
            return draft.version

        version = desk.ledger.act(plan)
        return desk.ledger.act(drafts.release, desk.event.id, version=version, note="", actor=SYSTEM, now=desk.now)

    return run


def test_release_with_more_room_gives_it_to_who_waits(desk, small, release):
    desk.register("ann", "ben", "cas")
    for name in ("ann", "ben", "cas"):
        desk.sign_up(name, small[0])
    release(small[0], capacity_online=2)
    assert desk.standing(small[0]) == [("ann", "confirmed"), ("ben", "confirmed"), ("cas", "waiting")]
    assert desk.letters()[-1] == ("sign_up_promoted", "ben")
    desk.check()


def test_release_that_moves_a_session_tells_the_clash_and_frees_who_waited_beside_it(make, desk, small, release):
    later = make.session(desk.event, "Later", places=5, hours=(time(13), time(14)))
    desk.register("ann", "ben", "cas")
    desk.sign_up("ann", small[0])
    desk.sign_up("ann", later)
    desk.sign_up("ben", small[0])
    desk.sign_up("ben", small[1])
    desk.sign_up("cas", small[0])
    release(small[1], starts=time(13), ends=time(14))
    assert desk.letters()[-1] == ("session_changed", "ben"), "the small one is full, so ben is not promoted"
    desk.leave("ann", small[0])
    assert desk.standing(small[0])[0] == ("ben", "confirmed")
    before = len(desk.letters())
    release(small[0], starts=time(13), ends=time(14))
    told = desk.letters()[before:]
    assert ("session_changed", "ben") in told
    letter = [one for one in desk.ledger.all(select(Letter).order_by(Letter.id)) if one.notice == "session_changed"][-1]
    assert letter.facts["clashes"] == [["Small", "Large"]]
    assert len(desk.check(moved=None)) == 1


def test_release_that_cancels_a_session_frees_who_waits_beside_it(desk, small, release):
    desk.register("ann", "ben")
    desk.sign_up("ann", small[0])
    desk.sign_up("ben", small[1])
    desk.sign_up("ben", small[0])
    desk.leave("ann", small[0])
    release(small[1], state=SessionState.CANCELLED)
    assert desk.standing(small[0]) == [("ben", "confirmed")]
    assert desk.letters()[-2:] == [("session_changed", "ben"), ("sign_up_promoted", "ben")]
    assert desk.invitation("ben", small[1]).method is Method.CANCEL


def test_release_and_sign_ups_at_once_never_lock_up(desk, small, release):
    names = [f"p{number}" for number in range(6)]
    desk.register(*names)
    release(small[1], summary="New words")
    jobs = [
        partial(desk.ledger.act, services.sign_up, desk.row(name).id, small[0].id, actor=SYSTEM, now=desk.now)
        for name in names
    ]
    found = desk.ledger.at_once([*jobs, lambda: release(small[0], capacity_online=3)])
    assert [one for one in found if isinstance(one, Exception)] == []
    assert Counter(state for _, state in desk.standing(small[0])) == {"confirmed": 3, "waiting": 3}
    desk.check()


def test_revision_grows_only_when_the_public_page_reads_otherwise(make, desk):
    session = make.session(desk.event, places=2)
    desk.register("ann", "ben", "cas")
    revisions = []
    for name in ("ann", "ben", "cas"):
        before = desk.ledger.revision(desk.event)
        desk.sign_up(name, session)
        revisions.append(desk.ledger.revision(desk.event) - before)
    assert revisions == [0, 1, 0]
    before = desk.ledger.revision(desk.event)
    desk.leave("cas", session)
    assert desk.ledger.revision(desk.event) == before
    desk.leave("ann", session)
    assert desk.ledger.revision(desk.event) == before + 1


# ---------------------------------------------------------------- at once, and at random


def test_rush_for_few_places_sells_each_once_and_queues_the_rest(make, desk):
    session = make.session(desk.event, places=3)
    names = [f"p{number}" for number in range(10)]
    desk.register(*names)
    ids = [desk.row(name).id for name in names]
    found = desk.ledger.together(
        [partial(services.sign_up, one, session.id, actor=SYSTEM, now=desk.now) for one in ids]
    )
    assert [one for one in found if isinstance(one, Exception)] == []
    assert Counter(state for _, state in desk.standing(session)) == {"confirmed": 3, "waiting": 7}
    desk.check()


def test_same_person_signing_up_for_two_sessions_of_one_time_at_once_gets_one(make, desk, small):
    desk.register("ann")
    one = desk.row("ann").id
    found = desk.ledger.together(
        [partial(services.sign_up, one, session.id, actor=SYSTEM, now=desk.now) for session in small * 3]
    )
    assert {type(each) for each in found} == {SignUp, Clash}
    assert len(desk.standing(small[0]) + desk.standing(small[1])) == 1
    desk.check()


def test_leaving_cancelling_and_signing_up_at_once_never_locks_up(make, desk):
    sessions = [make.session(desk.event, places=1) for _ in range(3)]
    names = [f"p{number}" for number in range(8)]
    desk.register(*names)
    for place, name in enumerate(names):
        desk.sign_up(name, sessions[place % 3])
    jobs = []
    for place, name in enumerate(names):
        one, mine, other = desk.row(name).id, sessions[place % 3], sessions[(place + 1) % 3]
        if place % 4 == 0:
            jobs.append(partial(registrations.cancel, one, actor=SYSTEM, now=desk.now))
        elif place % 4 == 1:
            jobs.append(partial(services.leave, one, mine.id, actor=SYSTEM, now=desk.now))
        else:
            jobs.append(partial(services.sign_up, one, other.id, actor=SYSTEM, now=desk.now))
    found = desk.ledger.together(jobs)
    assert [each for each in found if isinstance(each, Exception) and not isinstance(each, SignUpRefused)] == []
    desk.check()
    desk.ledger.check(desk.event)


@pytest.mark.parametrize("seed", range(4))
def test_books_are_right_after_each_step_of_a_walk_at_random(make, desk, seed):
    chance, twice = random.Random(seed), set()
    hours = [(9, 10), (9, 11), (10, 11), (10, 12), (11, 12), (13, 14)]
    sessions = [
        make.session(desk.event, places=chance.choice([1, 1, 2]), hours=tuple(map(time, span))) for span in hours
    ]
    names = [f"p{number}" for number in range(7)]
    desk.register(*names)
    happened = Counter()
    for _ in range(70):
        name, session = chance.choice(names), chance.choice(sessions)
        verb = chance.choices(["up", "instead", "leave", "cancel", "back", "room", "move"], [45, 10, 18, 4, 6, 5, 4])[0]
        try:
            if verb == "up":
                desk.sign_up(name, session)
            elif verb == "instead":
                desk.sign_up(name, session, instead_of=sessions)
            elif verb == "leave":
                desk.leave(name, session)
            elif verb == "cancel":
                desk.cancel(name)
            elif verb == "back":
                desk.register(name)
            elif verb == "room":
                desk.resize(session, 3)
            else:
                desk.move(session, chance.choice(hours))
        except SignUpRefused as refused:
            happened[type(refused).__name__] += 1
        else:
            happened[verb] += 1
        # A release may move somebody into two places at once, and nothing else may.
        twice = desk.check(moved=None if verb == "move" else twice)
    assert {"up", "leave", "Clash"} <= set(happened), happened
    assert [one for one in desk.letters() if one[0] == "sign_up_promoted"] != []
