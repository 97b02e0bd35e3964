"""Letters to many: who is meant, what is confirmed, and that each of them gets one letter, once."""

import itertools
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import selectinload, undefer

from tests.conftest import NOW
from tests.killing import dying, places_to_die
from tests.ledger import Ledger
from tests.mail import MailServer
from webapp import clock, jobs, transaction
from webapp.database import insert_or
from webapp.extensions import db
from webapp.models.accounts import SYSTEM, Actor, ActorKind
from webapp.models.agenda import Star
from webapp.models.attendance import Came, CheckIn, CheckInSource
from webapp.models.events import Event, EventState, Format, Mode, QuestionKind
from webapp.models.mailings import Lane, Letter, LetterState, MailKind
from webapp.models.organisations import Sector
from webapp.models.preferences import DeclinedMail
from webapp.models.registrations import CARRIED, Registration, RegistrationState, RegistrationTag
from webapp.models.sign_ups import SignUp, SignUpState
from webapp.models.to_many import Audience, Chosen, Mailing, MailingState, Timing
from webapp.models.wordings import LetterWording
from webapp.notices.originals import original
from webapp.notices.wording import WordingRefused
from webapp.outbox import delivering
from webapp.queries import to_many as queries
from webapp.queries.events import find_event
from webapp.services import attendance, registrations, wordings
from webapp.services import events as event_services
from webapp.services import letters as letter_services
from webapp.services import to_many as services
from webapp.services.registrations import Identity
from webapp.services.to_many import When, Words, queueing

S = MailingState
WORDS = Words(name="News", kind=MailKind.NEWS, subject="News of {event}", body="Dear {name},\n\n{days}")
DAY = timedelta(days=1)


@pytest.fixture
def ledger(app):
    return Ledger(app)


class Desk:
    """One event with people, and a letter to them."""

    def __init__(self, app, make, ledger, event):
        self.app, self.make, self.ledger, self.event = app, make, ledger, event
        self.now = NOW

    def person(self, name, **more):
        return self.make.registration(self.event, name=name, email=f"{name.lower()}@example.org", **more)

    def put(self, *rows):
        with self.app.app_context(), transaction.unit():
            db.session.add_all(rows)

    def begin(self, words=WORDS, audience=None, when=None):
        mailing = self.ledger.act(services.begin, self.event.id, words, actor=SYSTEM, now=self.now)
        for verb, value in ((services.change_audience, audience), (services.change_when, when)):
            if value is not None:
                version = self.mailing(mailing).version
                self.ledger.act(verb, mailing.id, value, version=version, actor=SYSTEM, now=self.now)
        return self.mailing(mailing)

    def mailing(self, mailing):
        return self.ledger.one(select(Mailing).where(Mailing.id == mailing.id))

    def confirm(self, mailing, number):
        version = self.mailing(mailing).version
        return self.ledger.act(services.confirm, mailing.id, number=number, version=version, actor=SYSTEM, now=self.now)

    def fire(self, at=None):
        with self.app.app_context():
            return services.fire_due(lambda: at or self.now)

    def again(self, mailing):
        """Have the letter be a draft of which nothing was queued."""
        fresh = {"state": S.DRAFT, "queued_at": None, "queued_number": None, "declined_number": None}
        with self.app.app_context(), transaction.unit():
            db.session.execute(delete(Letter).where(Letter.mailing_id == mailing.id))
            db.session.execute(update(Mailing).where(Mailing.id == mailing.id).values(still_to_queue=None, **fresh))

    def letters(self, mailing=None):
        of = Letter.mailing_id == mailing.id if mailing else Letter.mailing_id.is_not(None)
        statement = select(Letter).where(of).order_by(Letter.id)
        return [one.recipient_email.partition("@")[0] for one in self.ledger.all(statement)]

    def meant(self, **asked):
        with self.app.app_context():
            event = find_event(self.event.public_id)
            audience = Audience(**asked)
            found = [one.name for one in services.each_meant(event, audience, MailKind.NEWS, now=self.now)]
            count = services.count(event, audience, MailKind.NEWS, now=self.now)
        assert count.going + count.declined == len(found)
        return found


@pytest.fixture
def desk(app, make, ledger):
    return Desk(app, make, ledger, make.event(format=Format.HYBRID, capacity=3, waiting_list=True))


def test_people_are_chosen_by_state_mode_sector_organisation_and_tag(desk):
    a = desk.person("Ada", organisation_name="Marlbridge Council")
    desk.person("Ben", sector=Sector.HEALTH, organisation_name="Northern Trust")
    desk.person("Cleo", mode=Mode.IN_PERSON, sector=Sector.POLICE, organisation_name="Marlbridge Council")
    desk.person("Dev", sector=Sector.HEALTH)
    waiting = desk.person("Eve")
    assert waiting.state is RegistrationState.WAITING
    carried = {name: getattr(a, name) for name in CARRIED}
    tag = {"event_id": desk.event.id, "registration_id": a.id, "name": "Table 1", "name_folded": "table 1"}
    desk.put(RegistrationTag(**tag, **carried))

    assert sorted(desk.meant()) == ["Ada", "Ben", "Cleo", "Dev"]
    assert desk.meant(states=(RegistrationState.WAITING,)) == ["Eve"]
    assert desk.meant(modes=(Mode.IN_PERSON,)) == ["Cleo"]
    assert sorted(desk.meant(sectors=(Sector.HEALTH, Sector.POLICE))) == ["Ben", "Cleo", "Dev"]
    assert desk.meant(organisations=("Northern Trust",)) == ["Ben"]
    assert sorted(desk.meant(organisations=("Northern Trust", "Marlbridge Council"), modes=(Mode.ONLINE,))) == [
        "Ada", "Ben", "Dev"
    ]  # fmt: skip
    assert desk.meant(tags=("TABLE 1", "Nobody has it")) == ["Ada"]
    assert desk.meant(tags=("Nobody has it",)) == []


def test_people_are_chosen_by_the_area_of_their_organisation(desk, make):
    lead, partner = make.organisation("Marlbridge Council"), make.organisation("Northern Trust")
    programme = {"programme_id": desk.event.programme_id}
    area = make.area(wave=make.wave(**programme), organisation_id=lead.id)
    other = make.area(wave=make.wave(**programme))
    make.area_partner(area, partner)
    for name, organisation in (("Ada", lead.name), ("Ben", partner.name), ("Cleo", "Elsewhere")):
        desk.person(name, organisation_name=organisation)

    assert sorted(desk.meant(areas=(area.public_id,))) == ["Ada", "Ben"]
    assert sorted(desk.meant(areas=(area.public_id, other.public_id))) == ["Ada", "Ben"]
    assert desk.meant(areas=(other.public_id,)) == []
    assert Audience.of(Audience(areas=(area.public_id,)).plain()).areas == (area.public_id,)


def test_people_are_chosen_by_session_and_by_answer(desk, make):
    session, other = make.session(desk.event), make.session(desk.event)
    question = make.question(
        desk.event, "What for?", QuestionKind.SEVERAL_CHOICES, choices=['Say "hi"', "Kin", "Kinship"]
    )
    a = desk.person("Ada", answers={question.public_id: ["Kin", 'Say "hi"']})
    b = desk.person("Ben", answers={question.public_id: ["Kinship"]})
    desk.person("Cleo")
    shared = {"created_at": NOW, "updated_at": NOW, "event_id": desk.event.id, "mode": Mode.ONLINE, "arrival": 1}
    desk.put(
        SignUp(
            session_id=session.id, registration_id=a.id, person_id=a.person_id, state=SignUpState.CONFIRMED, **shared
        ),
        SignUp(session_id=other.id, registration_id=b.id, person_id=b.person_id, state=SignUpState.CANCELLED, **shared),
        Star(person_id=b.person_id, session_id=session.id, created_at=NOW),
    )

    assert sorted(desk.meant(sessions=(session.public_id,))) == ["Ada", "Ben"]
    assert desk.meant(sessions=(session.public_id,), chosen=(Chosen.STARRED,)) == ["Ben"]
    assert desk.meant(sessions=(other.public_id,), chosen=(Chosen.SIGNED_UP,)) == []
    assert desk.meant(answers=((question.public_id, "Kin"),)) == ["Ada"]
    assert desk.meant(answers=((question.public_id, 'Say "hi"'), (question.public_id, "Kinship"))) == ["Ada", "Ben"]
    assert desk.meant(answers=((question.public_id, "hi"),)) == []


def test_people_are_chosen_by_whether_they_came(desk):
    a, _ = desk.person("Ada"), desk.person("Ben")
    day = desk.event.days[0]
    desk.now = desk.event.ends_at
    there = {"source": CheckInSource.NAME, "actor": SYSTEM, "now": desk.event.starts_at}
    desk.ledger.act(attendance.check_in, a.id, day.date, **there)
    assert desk.meant(attendance=(Came.CAME, Came.IN_PART)) == ["Ada"]
    assert desk.meant(attendance=(Came.MISSED,)) == ["Ben"]


def test_who_declined_the_kind_is_left_out_and_counted_apart(desk):
    a, _ = desk.person("Ada"), desk.person("Ben")
    desk.put(DeclinedMail(person_id=a.person_id, kind=MailKind.NEWS, declined_at=NOW))
    mailing = desk.begin()
    desk.confirm(mailing, 1)
    assert desk.fire() == 1
    row = desk.mailing(mailing)
    assert desk.letters() == ["ben"]
    assert (row.queued_number, row.declined_number) == (1, 1)

    place = desk.begin(Words(name="Place", kind=MailKind.PLACE, subject="A", body="B"))
    desk.confirm(place, 2)
    desk.fire()
    assert desk.letters() == ["ben", "ada", "ben"]


def test_letter_goes_to_the_number_that_was_confirmed_or_asks_again(desk):
    desk.person("Ada")
    mailing = desk.begin()
    desk.person("Ben")
    with pytest.raises(services.ConfirmedNumberChanged) as refused:
        desk.confirm(mailing, 1)
    assert refused.value.number == 2
    assert desk.mailing(mailing).state is S.DRAFT
    desk.confirm(mailing, 2)
    again = desk.confirm(mailing, 2)
    assert (again.state, again.confirmed_number) == (S.SCHEDULED, 2)


def test_letter_to_nobody_is_refused(desk):
    mailing = desk.begin()
    with pytest.raises(services.NobodyMeant):
        desk.confirm(mailing, 0)


def test_letter_of_a_draft_or_cancelled_event_is_refused(desk, ledger):
    desk.person("Ada")
    mailing = desk.begin()
    for state in (EventState.DRAFT, EventState.CANCELLED):
        ledger.change(desk.event, state=state)
        with pytest.raises(services.NotNow):
            desk.confirm(mailing, 1)


def test_words_that_cannot_be_filled_in_are_refused(desk):
    with pytest.raises(WordingRefused, match="nonsense"):
        desk.begin(Words(name="A", kind=MailKind.NEWS, subject="A", body="{nonsense}"))


def test_each_person_gets_one_letter_with_shared_words_kept_once(desk):
    desk.person("Ada"), desk.person("Ben")
    mailing = desk.begin()
    desk.confirm(mailing, 2)
    assert (desk.fire(), desk.fire()) == (1, 0)
    row = desk.mailing(mailing)
    assert desk.letters() == ["ada", "ben"]
    assert (row.state, row.queued_number, row.queued_at) == (S.SENDING, 2, NOW)
    assert row.facts["words"]["subject"] == "News of {event}"
    (letter, _) = desk.ledger.all(select(Letter).where(Letter.mailing_id == mailing.id).order_by(Letter.id))
    assert (letter.lane, letter.kind) == (Lane.MAILING, MailKind.NEWS)
    assert set(letter.facts) == {"mode", "link_id", "link_nonce", "state"}

    with pytest.raises(services.NotOpen):
        desk.ledger.act(services.change_words, mailing.id, WORDS, version=row.version, actor=SYSTEM, now=NOW)
    desk.ledger.act(lambda: db.session.execute(update(Letter).values(state=LetterState.SENT)))
    desk.fire()
    assert desk.mailing(mailing).state is S.SENT


def test_two_workers_queue_a_letter_once(desk, ledger):
    for number in range(8):
        desk.person(f"P{number}", mode=Mode.ONLINE if number % 2 else Mode.IN_PERSON)
    mailing = desk.begin(audience=Audience(states=tuple(RegistrationState)))
    desk.confirm(mailing, 8)
    fired = ledger.at_once([desk.fire] * 4)
    assert sum(one for one in fired if isinstance(one, int)) == 1
    assert sorted(desk.letters()) == [f"p{number}" for number in range(8)]


def test_worker_killed_at_any_line_while_queueing_loses_nobody_and_writes_to_nobody_twice(desk, tmp_path):
    people = [f"p{number}" for number in range(5)]
    for name in people:
        desk.person(name.capitalize())
    first, mailing = (desk.begin(audience=Audience(states=tuple(RegistrationState))) for _ in range(2))
    desk.confirm(first, 5)

    def left():
        row = desk.mailing(mailing)
        return row.state, row.confirmed_number, row.queued_number, sorted(desk.letters(mailing))

    with dying(desk.app, tmp_path, "queue") as worker:
        worker.live(left)  # of the first
        desk.confirm(mailing, 5)
        seen = worker.live(left)
        whole = (S.SENDING, 5, 5, people)
        for number in places_to_die(seen):
            desk.again(mailing)
            desk.confirm(mailing, 5)
            worker.die(number)
            assert left() == seen[number - 1]
            desk.fire()
            assert left() == whole
    # It died before and after each of the short units.
    assert len(seen) > 60
    assert [number for number, _ in itertools.groupby(len(names) for *_, names in seen)] == [0, 2, 4, 5]


def test_letter_half_queued_goes_on_to_those_of_its_first_moment_unless_it_is_stopped(desk, ledger, monkeypatch):
    monkeypatch.setattr(queueing, "AT_ONCE", 1)
    desk.person("Ada"), desk.person("Ben")

    def half_queued(number):
        mailing = desk.begin(audience=Audience(states=tuple(RegistrationState)))
        desk.confirm(mailing, number)
        assert ledger.act(services.fire, mailing.id, now=NOW)
        assert ledger.act(services.queue_some, mailing.id, now=NOW)
        return mailing

    going, stopped = half_queued(2), half_queued(2)
    desk.person("Cleo")
    assert ledger.act(services.stop, stopped.id, actor=SYSTEM, now=NOW) == 1
    # Of the other nothing is on its way for the moment, and yet it is not over.
    ledger.act(lambda: db.session.execute(update(Letter).values(state=LetterState.SENT)))
    with desk.app.app_context():
        services.finish(now=NOW)
    assert desk.mailing(going).state is S.SENDING
    assert desk.fire() == 0
    assert (desk.letters(going), desk.mailing(going).queued_number) == (["ada", "ben"], 2)
    assert (desk.letters(stopped), desk.mailing(stopped).state) == (["ada"], S.STOPPED)

    withdrawn = half_queued(3)
    ledger.act(event_services.cancel, desk.event.id, reason="", actor=SYSTEM, now=NOW)
    desk.fire()
    row = desk.mailing(withdrawn)
    assert (desk.letters(withdrawn), row.state) == (["ada"], S.STOPPED)
    assert row.reason == "The event was cancelled while it was being sent."


def corrected(desk, registration, email):
    """Put an address right by the verb that organisers use."""
    row = desk.ledger.one(select(Registration).where(Registration.id == registration.id))
    said = Identity(
        name=row.name, email=email, organisation_name="", organisation_id=None, sector=row.sector, role=row.role
    )
    desk.ledger.act(registrations.correct, row.id, said, version=row.version, actor=SYSTEM, now=desk.now)


def test_letter_being_queued_goes_on_though_addresses_are_put_right_and_places_given_up(desk, ledger, monkeypatch):
    monkeypatch.setattr(queueing, "AT_ONCE", 1)
    ada, ben, cleo, _dev = (desk.person(name, mode=Mode.ONLINE) for name in ("Ada", "Ben", "Cleo", "Dev"))
    mailing = desk.begin(audience=Audience(states=(RegistrationState.CONFIRMED, RegistrationState.WAITING)))
    desk.confirm(mailing, 4)
    ledger.act(services.fire, mailing.id, now=NOW)
    ledger.act(services.queue_some, mailing.id, now=NOW)
    corrected(desk, ada, "ada.new@example.org")
    corrected(desk, ben, "ada@example.org")
    ledger.act(registrations.cancel, cleo.id, actor=SYSTEM, now=NOW)
    desk.fire()
    row = desk.mailing(mailing)
    assert (desk.letters(), row.queued_number, row.state) == (["ada", "dev"], 2, S.SENDING)


def test_database_holds_one_letter_of_a_mailing_for_each_person(desk, app):
    a = desk.person("Ada")
    mailing = desk.begin()
    desk.confirm(mailing, 1)
    desk.fire()
    values = {
        "public_id": "zzzzzzzzzzzz", "notice": "mailing", "lane": Lane.MAILING, "recipient_name": "",
        "recipient_email": "",
        "recipient_words": "", "reply_to": "", "facts": {}, "state": LetterState.WAITING, "attempts": 0, "uncertain": 0,
        "next_attempt_at": NOW, "created_at": NOW, "tries": [], "last_error": "", "taken_by": "",
        "person_id": a.person_id, "mailing_id": mailing.id,
    }  # fmt: skip
    with app.app_context(), transaction.unit():
        doubled = insert_or(db.session, Letter).values(values).on_conflict_do_nothing()
        db.session.execute(doubled)
    assert desk.letters() == ["ada"]


def test_rule_moves_with_its_event_and_fires_once(desk, ledger):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    assert ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW).id == rule.id
    desk.confirm(rule, 0)
    first = desk.event.starts_at - 14 * DAY
    assert desk.mailing(rule).due(desk.event) == first
    ledger.change(desk.event, starts_at=desk.event.starts_at + 7 * DAY, ends_at=desk.event.ends_at + 7 * DAY)
    assert desk.fire(first) == 0
    assert desk.fire(first + 7 * DAY - timedelta(seconds=1)) == 0
    assert desk.fire(first + 7 * DAY) == 1
    ledger.change(desk.event, starts_at=desk.event.starts_at + 30 * DAY, ends_at=desk.event.ends_at + 30 * DAY)
    assert desk.fire(first + 30 * DAY) == 0
    assert desk.letters() == ["ada"]


@pytest.mark.parametrize(
    ("key", "late", "said"),
    [
        ("joining_hour_before", timedelta(hours=1, seconds=1), "could not be sent before the event began"),
        ("joining_two_weeks", 3 * DAY + timedelta(seconds=1), "could not be sent until it was too late"),
        ("thanks", 8 * DAY, "could not be sent until it was too late"),
    ],
)
def test_rule_is_not_sent_long_after_its_time_and_says_so(desk, ledger, key, late, said):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, key, actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    due = rule.due(desk.event)
    assert desk.fire(due + late) == 0
    row = desk.mailing(rule)
    assert row.state is S.STOPPED
    assert said in row.reason
    assert desk.letters() == []


def test_worker_that_was_away_for_a_day_still_sends_the_reminder_of_two_weeks_before(desk, ledger):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    assert desk.fire(rule.due(desk.event) + DAY) == 1


def test_letters_of_a_cancelled_event_stop_and_the_cancellation_goes(desk, ledger):
    desk.person("Ada"), desk.person("Ben")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_day_before", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    mailing = desk.begin()
    desk.confirm(mailing, 2)
    desk.fire()
    ledger.act(event_services.cancel, desk.event.id, reason="Ill", actor=SYSTEM, now=NOW)
    desk.fire()
    assert {one.state for one in ledger.all(select(Letter).where(Letter.mailing_id.is_not(None)))} == {
        LetterState.CANCELLED
    }
    assert [(row.state, row.reason) for row in ledger.all(select(Mailing).order_by(Mailing.id))] == [
        (S.STOPPED, "The event was cancelled, so it was not sent."),
        (S.STOPPED, "The event was cancelled while it was being sent."),
    ]
    waiting = select(func.count()).where(Letter.notice == "event_cancelled", Letter.state == LetterState.WAITING)
    assert ledger.one(waiting) == 2


def test_event_cancelled_while_a_letter_is_queued_stops_all_of_it(desk, ledger):
    desk.person("Ada"), desk.person("Ben")
    mailing = desk.begin()
    desk.confirm(mailing, 2)
    ledger.act(services.fire, mailing.id, now=NOW)
    cancel = partial(ledger.act, event_services.cancel, desk.event.id, reason="", actor=SYSTEM, now=NOW)
    with ThreadPoolExecutor(1) as thread:
        with desk.app.app_context(), transaction.unit():
            services.queue_some(mailing.id, now=NOW)
            db.session.flush()
            cancelled = thread.submit(cancel)
            # It waits for the end of this unit, so that it finds what is queued here.
            wait([cancelled], timeout=0.3)
        cancelled.result()
    states = ledger.all(select(Letter.state).where(Letter.mailing_id.is_not(None)))
    assert states == [LetterState.CANCELLED] * 2


def test_rule_waits_while_the_event_is_a_draft(desk, ledger):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    due = rule.due(desk.event)
    ledger.change(desk.event, state=EventState.DRAFT)
    assert desk.fire(due) == 0
    ledger.change(desk.event, state=EventState.PUBLISHED)
    assert desk.fire(due + timedelta(hours=1)) == 1


def test_letter_confirmed_before_its_event_became_a_draft_is_not_asked_for_again_and_again(desk, ledger):
    desk.person("Ada")
    mailing = desk.begin()
    desk.confirm(mailing, 1)
    ledger.change(desk.event, state=EventState.DRAFT)
    with desk.app.app_context():
        assert queries.due_to_fire(now=NOW) == []
    ledger.change(desk.event, state=EventState.PUBLISHED)
    with desk.app.app_context():
        assert queries.due_to_fire(now=NOW) == [mailing.id]


def test_reminder_that_becomes_due_while_a_letter_goes_out_goes_before_the_rest_of_it(app, desk, monkeypatch):
    for number in range(3):
        desk.person(f"P{number}")
    news = desk.begin()
    desk.confirm(news, 3)
    minutes_left = (desk.event.starts_at - NOW) // timedelta(minutes=1)
    reminder = desk.begin(when=When(timing=Timing.BEFORE_START, minutes=minutes_left - 60))
    desk.confirm(reminder, 3)
    at = {"now": desk.now}
    monkeypatch.setattr(clock, "now", lambda: at["now"])
    monkeypatch.setattr(delivering, "BATCH", 1)
    with MailServer() as server:
        settings = app.config["SETTINGS"].model_copy(update=server.settings)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        # The first letter takes until after the reminder is due.
        server.before_answer = lambda: at.update(now=NOW + timedelta(minutes=61))
        jobs._deliver(app, Lane.MAILING)
    letters = {one.public_id: one.mailing_id for one in desk.ledger.all(select(Letter))}
    went = [letters[one.message["Message-ID"][1:].partition("@")[0]] for one in server.letters]
    assert went == [news.id] + [reminder.id] * 3 + [news.id] * 2


def test_fault_in_queueing_keeps_no_letter_that_is_queued_already(app, desk, monkeypatch, caplog):
    desk.person("Ada")
    mailing = desk.begin()
    desk.confirm(mailing, 1)
    desk.fire()

    def broken(**_more):
        return db.session.scalars(text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(queries, "due_to_fire", broken)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with MailServer() as server:
        settings = app.config["SETTINGS"].model_copy(update=server.settings)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        jobs._deliver(app, Lane.MAILING)
    assert server.addresses == ["ada@example.org"]
    assert "it tries again" in caplog.text


def test_letter_about_who_came_waits_until_that_is_known(desk, ledger):
    a, _ = desk.person("Ada"), desk.person("Ben")
    rules = [ledger.act(services.begin_rule, desk.event.id, key, actor=SYSTEM, now=NOW) for key in ("thanks", "missed")]
    for rule in rules:
        desk.confirm(rule, 0)
    due = rules[0].due(desk.event)
    assert desk.fire(due) == 0
    assert desk.letters() == []
    day = desk.event.days[0]
    desk.put(CheckIn(event_id=desk.event.id, day_id=day.id, registration_id=a.id, at=NOW, source=CheckInSource.NAME))
    assert desk.fire(due + DAY) == 2
    assert desk.letters() == ["ada", "ben"]


def test_clock_going_back_an_hour_fires_nothing_twice(desk, app):
    desk.person("Ada")
    # 1:30am on 31 October 2027 comes twice in London.
    when = When(timing=Timing.AT, on_day=date(2027, 10, 31), at_time=time(1, 30))
    mailing = desk.begin(when=when)
    desk.confirm(mailing, 1)
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert mailing.due(desk.event) == first
    assert desk.fire(first - timedelta(seconds=1)) == 0
    assert desk.fire(first) == 1
    assert desk.fire(first + timedelta(hours=1)) == 0
    # Nor does a clock that is put back by hand.
    assert desk.fire(first - DAY) == 0
    assert desk.letters() == ["ada"]


def test_rule_of_days_before_keeps_the_hour_when_the_clocks_change(make):
    event = make.event(starts_on=date(2027, 11, 2), days=1)
    mailing = Mailing(timing=Timing.BEFORE_START, days=14, minutes=0)
    assert mailing.due(event) == datetime(2027, 10, 19, 8, 30, tzinfo=UTC)
    assert event.starts_at == datetime(2027, 11, 2, 9, 30, tzinfo=UTC)


def test_second_of_two_writers_is_told_and_nothing_is_overwritten(desk, ledger):
    mailing = desk.begin()
    other = Words(name="News", kind=MailKind.NEWS, subject="Other", body="Other")
    ledger.act(services.change_words, mailing.id, other, version=1, actor=SYSTEM, now=NOW)
    mine = Words(name="News", kind=MailKind.NEWS, subject="Mine", body="Mine")
    with pytest.raises(services.MailingChanged):
        ledger.act(services.change_words, mailing.id, mine, version=1, actor=SYSTEM, now=NOW)
    assert desk.mailing(mailing).subject == "Other"


def test_confirmed_letter_whose_people_change_asks_again_and_a_rule_does_not(desk, ledger):
    desk.person("Ada")
    later = When(timing=Timing.AT, on_day=date(2027, 6, 1), at_time=time(9))
    mailing = desk.begin(when=later)
    desk.confirm(mailing, 1)
    version = desk.mailing(mailing).version
    all_states = Audience(states=tuple(RegistrationState))
    ledger.act(services.change_audience, mailing.id, all_states, version=version, actor=SYSTEM, now=NOW)
    assert desk.mailing(mailing).state is S.DRAFT

    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    version = desk.mailing(rule).version
    ledger.act(services.change_audience, rule.id, all_states, version=version, actor=SYSTEM, now=NOW)
    assert desk.mailing(rule).state is S.SCHEDULED


def test_letter_is_cancelled_before_it_goes_and_stopped_on_its_way(desk, ledger):
    desk.person("Ada"), desk.person("Ben")
    mailing = desk.begin()
    desk.confirm(mailing, 2)
    ledger.act(services.cancel, mailing.id, actor=SYSTEM, now=NOW)
    assert (desk.fire(), desk.mailing(mailing).state) == (0, S.CANCELLED)

    desk.confirm(mailing, 2)
    other = desk.begin()
    desk.confirm(other, 2)
    desk.fire()
    assert ledger.act(services.stop, mailing.id, actor=SYSTEM, now=NOW) == 2
    states = select(Letter.mailing_id, Letter.state).where(Letter.mailing_id.is_not(None)).distinct()
    assert sorted(ledger.rows(states)) == [
        (mailing.id, LetterState.CANCELLED), (other.id, LetterState.WAITING)
    ]  # fmt: skip
    assert desk.mailing(mailing).state is S.STOPPED


def test_test_goes_to_its_writer_alone_and_is_marked(desk, ledger, make):
    ada, writer = desk.person("Ada"), make.person("Morgan Ellery", "morgan@example.org")
    mailing = desk.begin()
    event = find_event_of(desk)
    someone = found(desk, ada)
    actor = Actor(ActorKind.PERSON, writer.id)
    ledger.act(services.send_test, mailing, event, someone, name=writer.name, email=writer.email, actor=actor, now=NOW)
    letter = ledger.last_letter()
    assert (letter.notice, letter.recipient_email, letter.mailing_id) == ("mailing", "morgan@example.org", None)
    assert letter.facts["words"]["test"] is True
    assert letter.facts["link_nonce"] != ada.link_nonce


def find_event_of(desk):
    with desk.app.app_context():
        return find_event(desk.event.public_id)


def found(desk, registration):
    with desk.app.app_context():
        return queries.find_someone(desk.event.id, registration.public_id, MailKind.NEWS)


def moved(ledger, event, days, at):
    """Move the event by the verb that organisers use."""
    row = ledger.one(select(Event).where(Event.id == event.id).options(selectinload(Event.days)))
    wanted = tuple(
        event_services.Day(was=day.date, date=day.date + timedelta(days=days), starts=day.starts, ends=day.ends)
        for day in row.days
    )
    ledger.act(event_services.edit_days, row.id, wanted, row.zone, version=row.version, told=True, actor=SYSTEM, now=at)


def test_rule_follows_an_event_that_moves_before_and_after_and_fires_once_by_all_workers(desk, ledger):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    first = rule.due(desk.event)
    moved(ledger, desk.event, 7, NOW)
    assert sum(ledger.at_once([partial(desk.fire, first)] * 2)) == 0
    assert sum(ledger.at_once([partial(desk.fire, first + 7 * DAY)] * 3)) == 1
    for days in (-3, 20):
        moved(ledger, desk.event, days, first + 7 * DAY)
        assert sum(ledger.at_once([partial(desk.fire, first + (7 + max(days, 0)) * DAY)] * 2)) == 0
    assert desk.letters() == ["ada"]


def test_rule_that_a_move_left_too_late_goes_when_the_event_moves_on(desk, ledger):
    desk.person("Ada")
    rule = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    desk.confirm(rule, 0)
    at = desk.event.starts_at - 30 * DAY
    moved(ledger, desk.event, -25, at)
    assert desk.fire(at) == 0
    assert desk.mailing(rule).state is S.STOPPED
    moved(ledger, desk.event, 25, at)
    assert (desk.mailing(rule).state, desk.mailing(rule).reason) == (S.SCHEDULED, "")
    assert desk.fire(desk.event.starts_at - 14 * DAY) == 1
    assert desk.letters() == ["ada"]


def test_rules_come_along_with_a_copy_to_be_switched_on_and_go_by_its_own_days(desk, ledger):
    desk.person("Ada")
    sent = ledger.act(services.begin_rule, desk.event.id, "joining_two_weeks", actor=SYSTEM, now=NOW)
    version = desk.mailing(sent).version
    words = Words(name="Two weeks", kind=MailKind.REMINDER, subject="Soon: {event}", body="We have moved the desks.")
    ledger.act(services.change_words, sent.id, words, version=version, actor=SYSTEM, now=NOW)
    desk.confirm(sent, 0)
    assert desk.fire(sent.due(desk.event)) == 1
    ledger.act(services.begin_rule, desk.event.id, "thanks", actor=SYSTEM, now=NOW)
    relative = When(timing=Timing.AFTER_END, days=2)
    desk.begin(audience=Audience(sessions=("bcdfghjkmnpq",)), when=relative)
    desk.begin(when=When(timing=Timing.AT, on_day=date(2027, 6, 1), at_time=time(9)))
    wanted = event_services.CopyOf(
        title="Again", programme_id=desk.event.programme_id, first_day=desk.event.days[0].date + 60 * DAY,
        parts=frozenset({event_services.Part.HOURS, event_services.Part.LETTERS}),
    )  # fmt: skip
    copy = ledger.act(event_services.copy, desk.event.id, wanted, owner_id=None, actor=SYSTEM, now=NOW)
    rows = ledger.all(select(Mailing).where(Mailing.event_id == copy.id).order_by(Mailing.id))
    assert [(row.rule, row.state, row.subject, row.queued_at) for row in rows] == [
        ("joining_two_weeks", S.DRAFT, "Soon: {event}", None),
        ("thanks", S.DRAFT, "Thank you for coming: {event}", None),
    ]
    assert rows[0].due(copy) - sent.due(desk.event) == 60 * DAY
    assert rows[1].people.attendance == (Came.CAME, Came.IN_PART)
    ledger.change(copy, state=EventState.PUBLISHED)
    desk.make.registration(copy, name="Ben", email="ben@example.org")
    desk.confirm(rows[0], 0)
    assert desk.fire(rows[0].due(copy)) == 1
    assert desk.letters() == ["ada", "ben"]


def test_words_written_for_an_event_come_along_with_its_copy_and_are_read_before_they_go(desk, ledger):
    letter = wordings.Words(subject="So long: {event}", body=original("event_cancelled").body)
    desk.person("Ada")
    ledger.act(
        lambda: wordings.reword(
            find_event(desk.event.public_id), "event_cancelled", letter, for_programme=False, version=0,
            actor=SYSTEM, now=NOW,
        )
    )  # fmt: skip
    wanted = event_services.CopyOf(
        title="Again", programme_id=desk.event.programme_id, first_day=desk.event.days[0].date + 60 * DAY,
        parts=frozenset({event_services.Part.LETTERS}),
    )  # fmt: skip
    copy = ledger.act(event_services.copy, desk.event.id, wanted, owner_id=None, actor=SYSTEM, now=NOW)
    row = ledger.one(select(LetterWording).where(LetterWording.event_id == copy.id))
    assert (row.notice, row.subject, row.body) == ("event_cancelled", letter.subject, letter.body)
    # They are read on its page too while it waits.
    ledger.act(event_services.cancel, desk.event.id, reason="", actor=SYSTEM, now=NOW)
    with desk.app.test_request_context():
        waiting = db.session.scalars(
            select(Letter).where(Letter.notice == "event_cancelled").options(undefer(Letter.message))
        )
        shown = letter_services.read(waiting.one(), desk.app.config["SETTINGS"])
    assert (b"Subject: So long: " in shown.content, shown.exact) == (True, False)
