"""The agenda laid out, each session's page, My agenda and My events."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from tests.browsing import Browser, text_of
from tests.counting import statements
from tests.ledger import Ledger
from webapp import clock, kept
from webapp.blueprints.agenda.timetable import clashing, timetable, tones
from webapp.blueprints.forms import STALE
from webapp.extensions import db
from webapp.models.accounts import SYSTEM
from webapp.models.agenda import ContributionRole, Session, SessionKind, SessionState, Star, Stream
from webapp.models.events import Event, EventDay, EventState
from webapp.models.surveys import AskedOf, Privacy
from webapp.models.surveys_answered import Part
from webapp.queries.surveys.standing import Answerer
from webapp.services import registrations
from webapp.services.surveys import answering

NINE, TEN, ELEVEN, NOON = (time(hour) for hour in (9, 10, 11, 12))


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def signed_in(app, make):
    """The browser of somebody of that address."""
    return lambda email="ann@example.org": Browser(app).sign_in(make.signed_in(make.person(email=email)))


def address(event):
    return f"/events/{event.slug}-{event.public_id}"


def of(event, session):
    return f"{address(event)}/sessions/{session.slug}-{session.public_id}"


# ---------------------------------------------------------------- the layout


class Plan:
    """An event in memory, with as many days as wanted, and sessions added one by one."""

    def __init__(self, days=1):
        self.event = Event(days=[EventDay(id=n, date=date(2027, 6, 13 + n)) for n in range(1, days + 1)])
        self.streams = {name: Stream(id=n, name=name, position=9 - n) for n, name in enumerate("CBA", start=1)}
        self.sessions = []

    def add(self, title, *, starts=None, ends=None, stream=None, day=1, position=None, kind=SessionKind.SESSION):
        number = len(self.sessions) + 1
        self.sessions.append(
            Session(
                id=number,
                title=title,
                day_id=day,
                position=number if position is None else position,
                starts=starts,
                ends=ends,
                stream=self.streams.get(stream),
                stream_id=self.streams[stream].id if stream else None,
                kind=kind,
            )
        )
        return self

    def rows(self, day=1):
        """Each row as (when, what is for all, what runs beside one another)."""
        plan = timetable(self.event, self.sessions)[day - 1]
        return [
            (
                f"{row.starts:%H}-{row.ends:%H}" if row.starts else "",
                row.plenary.title if row.plenary else "",
                [session.title for session in row.parallel],
            )
            for row in plan.rows
        ]


@pytest.mark.memory
def test_timetable_puts_what_begins_together_into_one_row_in_the_order_of_the_streams():
    plan = Plan()
    plan.add("in C", starts=TEN, ends=NOON, stream="C").add("Opening", starts=NINE, ends=TEN)
    plan.add("in A", starts=TEN, ends=ELEVEN, stream="A").add("in B", starts=TEN, ends=ELEVEN, stream="B")
    assert plan.rows() == [("09-10", "Opening", []), ("10-12", "", ["in A", "in B", "in C"])]
    (day,) = timetable(plan.event, plan.sessions)
    assert [stream.name for stream in day.streams] == ["A", "B", "C"]


@pytest.mark.memory
def test_timetable_gives_what_begins_later_a_row_of_its_own():
    plan = Plan()
    plan.add("long", starts=NINE, ends=NOON, stream="A").add("later", starts=TEN, ends=ELEVEN, stream="B")
    assert plan.rows() == [("09-12", "", ["long"]), ("10-11", "", ["later"])]


@pytest.mark.memory
def test_timetable_puts_what_is_for_all_before_what_runs_beside_it():
    plan = Plan()
    plan.add("in A", starts=TEN, ends=ELEVEN, stream="A").add("Lunch", starts=TEN, ends=ELEVEN, kind=SessionKind.BREAK)
    assert plan.rows() == [("10-11", "Lunch", []), ("10-11", "", ["in A"])]


@pytest.mark.memory
def test_timetable_keeps_two_of_one_stream_at_one_time_in_their_positions():
    plan = Plan()
    plan.add("second", starts=TEN, ends=ELEVEN, stream="A", position=2)
    plan.add("first", starts=TEN, ends=ELEVEN, stream="A", position=1)
    assert plan.rows() == [("10-11", "", ["first", "second"])]


@pytest.mark.memory
def test_timetable_without_times_goes_by_position_whatever_the_stream():
    plan = Plan()
    plan.add("Opening", position=1).add("in B", stream="B", position=3)
    plan.add("in A", stream="A", position=2).add("Closing", position=4)
    assert plan.rows() == [("", title, []) for title in ("Opening", "in A", "in B", "Closing")]
    assert timetable(plan.event, plan.sessions)[0].has_times is False


@pytest.mark.memory
def test_timetable_keeps_days_apart_and_shows_empty_ones():
    plan = Plan(days=3)
    plan.add("on 2", day=2, starts=NINE, ends=TEN, stream="A").add("on 1", starts=TEN, ends=ELEVEN)
    days = timetable(plan.event, plan.sessions)
    assert [(day.number, day.day.date.day, len(day.rows), len(day.streams)) for day in days] == [
        (1, 14, 1, 0),
        (2, 15, 1, 1),
        (3, 16, 0, 0),
    ]
    assert (days[0].has_times, days[2].has_times) == (True, False)


# ---------------------------------------------------------------- the page


@pytest.fixture
def full(make):
    """Two days: an opening, two streams beside one another, a break; nothing on the second."""
    programme = make.programme(themes=["Leeds", "Hertfordshire"])
    leeds, herts = programme.themes
    event = make.event("Spring event", programme_id=programme.id)
    north, south = make.stream(event, "North"), make.stream(event, "South")
    make.session(event, "Opening", hours=(time(9, 30), TEN), kind=SessionKind.PLENARY)
    kinship = make.session(event, "Kinship", stream_id=south.id, themes=[leeds], room="Room 2")
    make.session(event, "Coaching", stream_id=north.id, themes=[herts, leeds])
    make.session(event, "Lunch", hours=(NOON, time(13)), kind=SessionKind.BREAK)
    trust = make.organisation("Hill Trust")
    ann = make.speaker("Ann Lee", job_title="Lead")
    make.contribution(kinship, speaker_id=ann.id, organisation_id=trust.id)
    make.contribution(kinship, organisation_id=trust.id, role=ContributionRole.CHAIR)
    return event, kinship, ann


def sessions(page):
    return [text_of(title) for title in page.all("h3", class_="wm-session__title")]


def test_agenda_page_shows_each_day_with_its_times_and_streams(browser, full):
    event, kinship, _ = full
    page = browser.get(f"{address(event)}/agenda")
    assert page.heading == "Agenda: Spring event"
    assert sessions(page) == ["Opening", "Coaching", "Kinship", "Lunch"]
    assert [text_of(p) for p in page.all("p", class_="wm-row__time")] == [
        "9:30am to 10am",
        "10am to 11am",
        "midday to 1pm",
    ]
    assert [text_of(p) for p in page.all("p", class_="wm-session__stream")] == ["North", "South"]
    assert "Ann Lee, Hill Trust; Hill Trust (chair)" in page.text
    assert "Room 2" in page.text
    assert page.link("Kinship") == of(event, kinship)
    assert not page.has_link("Lunch")
    assert "Nothing is planned for this day yet." in page.text
    assert page.link("Day 1: Monday") == "#day-1"


def test_agenda_page_shows_one_theme_or_all(browser, full):
    event, *_ = full
    page = browser.get(f"{address(event)}/agenda")
    herts = browser.get(page.link("Hertfordshire"))
    assert sessions(herts) == ["Coaching"]
    assert "No session about Hertfordshire on this day." in herts.text
    assert [text_of(a) for a in herts.all("a") if a.get("aria-current") == "true" and a.get("class") == "wm-chip"] == [
        "Hertfordshire"
    ]
    assert sessions(browser.get(herts.link("All themes"))) == ["Opening", "Coaching", "Kinship", "Lunch"]
    for theme in ("unknown", "", "x" * 300):
        assert len(sessions(browser.get(f"{address(event)}/agenda?theme={theme}"))) == 4


def test_agenda_page_says_when_times_are_not_known(make, browser):
    event = make.event(hours=[None, None], starts_on=date(2022, 6, 14))
    for title in ("Second", "First"):
        make.session(event, title, hours=(None, None), position=1 if title == "First" else 2)
    page = browser.get(f"{address(event)}/agenda")
    assert sessions(page) == ["First", "Second"]
    assert "The times of this day are not known; the sessions stand in their order." in page.text
    assert "None" not in page.body


def test_session_page_tells_what_when_where_and_who(browser, full, ledger):
    event, kinship, ann = full
    page = browser.get(of(event, kinship))
    assert page.heading == "Kinship"
    assert [text_of(dd) for dd in page.all("dd")] == [
        "Monday 14 June 2027, 10am to 11am",
        "South",
        "Room 2",
        "Leeds",
    ]
    assert page.link("Ann Lee") == f"/speakers/ann-lee-{ann.public_id}"
    assert "Hill Trust Chair" in page.text
    ledger.change(kinship, state=SessionState.CANCELLED)
    assert "This session has been cancelled." in browser.get(of(event, kinship)).text


def test_session_page_of_an_event_that_was_cancelled_says_so(make, browser):
    event = make.event(state=EventState.CANCELLED)
    session = make.session(event, hours=(None, None))
    page = browser.get(of(event, session))
    assert "The whole event has been cancelled." in page.text
    assert "Monday 14 June 2027 ; the time is not known" in page.text


def test_session_is_not_found_under_another_event_and_led_to_under_another_name(make, browser):
    event, other = make.event(), make.event()
    session = make.session(event, "Kinship")
    assert browser.get(of(other, session)).status == 404
    old = f"{address(event)}/sessions/old-{session.public_id}?a=1"
    assert browser.client.get(old).headers["Location"] == f"{of(event, session)}?a=1"
    both = f"/events/x-{event.public_id}/sessions/y-{session.public_id}"
    assert browser.get(both).address == of(event, session)


# ---------------------------------------------------------------- stars


def stars(page):
    """For each star button its session and whether it is set."""
    found = {}
    for button in page.all("button", class_="wm-star__button"):
        said, _, title = text_of(button).partition(": ")
        found[title] = (button.get("aria-pressed"), said)
    return found


SET, NOT_SET = ("true", "★ In my agenda"), ("false", "☆ Add to my agenda")


def test_stars_are_there_for_who_is_signed_in_alone(app, browser, full, signed_in):
    event, *_ = full
    for path in ("agenda", "agenda", f"sessions/{full[1].slug}-{full[1].public_id}"):
        assert stars(browser.get(f"{address(event)}/{path}")) == {}
    assert stars(signed_in().get(f"{address(event)}/agenda")) == {
        "Opening": NOT_SET,
        "Coaching": NOT_SET,
        "Kinship": NOT_SET,
    }


def test_star_set_and_taken_away_from_the_agenda_is_mine_alone(ledger, full, signed_in):
    event, kinship, _ = full
    ann, bob = signed_in("ann@example.org"), signed_in("bob@example.org")
    page = ann.get(f"{address(event)}/agenda")
    after = ann.send(page.form(f"{kinship.public_id}/star"))
    assert (after.address, stars(after)["Kinship"], stars(after)["Coaching"]) == (
        f"{address(event)}/agenda",
        SET,
        NOT_SET,
    )
    assert stars(bob.get(f"{address(event)}/agenda"))["Kinship"] == NOT_SET
    assert text_of(ann.get("/my/agenda").one("a", href=of(event, kinship))) == "Kinship"
    assert "Nothing in your agenda yet" in bob.get("/my/agenda").text
    ann.send(page.form(f"{kinship.public_id}/star"))
    assert ledger.count(Star) == 1
    ann.send(after.form("/unstar"))
    assert ledger.count(Star) == 0


def test_star_set_on_the_page_of_a_session_leads_back_to_it(full, signed_in):
    event, kinship, _ = full
    ann = signed_in()
    page = ann.get(of(event, kinship))
    after = ann.send(page.form("/star"))
    assert (after.address, stars(after)) == (of(event, kinship), {"Kinship": SET})
    again = ann.send(after.form("/unstar"))
    assert (again.address, stars(again)) == (of(event, kinship), {"Kinship": NOT_SET})


def test_star_of_a_visitor_leads_to_signing_in(browser, ledger, full):
    event, kinship, _ = full
    page = browser.post(f"{of(event, kinship)}/star")
    assert (page.heading, ledger.count(Star)) == ("Sign in", 0)


@pytest.mark.parametrize("token", ["stale", None])
def test_star_with_a_stale_token_changes_nothing_and_says_so(ledger, full, signed_in, token):
    event, kinship, _ = full
    ann = signed_in()
    form = ann.get(of(event, kinship)).form("/star")
    page = ann.send(form, csrf_token=[] if token is None else token)
    assert (STALE in page.text, ledger.count(Star)) == (True, 0)


def test_star_of_what_is_not_there_is_not_found(make, full, signed_in):
    event, kinship, _ = full
    draft = make.event(state=EventState.DRAFT)
    hidden = make.session(draft)
    ann = signed_in()
    for wrong in (of(draft, hidden), of(make.event(), kinship), f"{address(event)}/sessions/x-{'2' * 12}"):
        assert ann.post(f"{wrong}/star").status == 404


# ---------------------------------------------------------------- My agenda and My events


def test_my_agenda_goes_by_day_whatever_was_made_first(app, make, signed_in):
    late, early = make.event("Late", starts_on=date(2027, 9, 1)), make.event("Early", starts_on=date(2027, 8, 1))
    ann = signed_in()
    wanted = [
        make.session(late, "Third"),
        make.session(early, "Second", day=1),
        make.session(early, "First", hours=(None, None)),
    ]
    for event, session in zip((late, early, early), wanted, strict=True):
        ann.send(ann.get(of(event, session)).form("/star"))
    page = ann.get("/my/agenda")
    assert [text_of(h) for h in page.all("h3")] == [
        "Sunday 1 August 2027 Early",
        "Monday 2 August 2027 Early",
        "Wednesday 1 September 2027 Late",
    ]
    shown = [text_of(a) for a in page.one("main").iter() if "/sessions/" in a.get("href", "")]
    assert shown == ["First", "Second", "Third"]
    assert "Time not known" in page.text


def test_my_agenda_puts_what_is_over_aside_and_removes_what_is_not_wanted(make, signed_in, now):
    event = make.event("Event")
    session = make.session(event, "Kinship")
    ann = signed_in()
    ann.send(ann.get(of(event, session)).form("/star"))
    assert "From past events" not in ann.get("/my/agenda").text
    # The session of the browser lasts 12 hours, so the event is moved and not the clock.
    Ledger(ann.app).act(db.session.execute, update(Event).values(ends_at=now))
    page = ann.get("/my/agenda")
    assert "From past events" in page.text
    after = ann.send(page.form("/unstar"))
    assert (after.address, "Nothing in your agenda yet" in after.text) == ("/my/agenda", True)


def test_my_events_show_how_each_registration_stands_soonest_first(make, ledger, signed_in):
    ann, bob = signed_in("ann@example.org"), signed_in("bob@example.org")
    titles = {"Later": date(2027, 8, 1), "Sooner": date(2027, 7, 1), "Full": date(2027, 7, 5)}
    events = {name: make.event(name, starts_on=on, capacity=int(name != "Full")) for name, on in titles.items()}
    for event in events.values():
        make.registration(event, email="ann@example.org")
    past = make.event("Past")
    make.registration(past, email="ann@example.org")
    ledger.act(db.session.execute, update(Event).where(Event.id == past.id).values(ends_at=make.now))
    page = ann.get("/my/events")
    assert [text_of(h) for h in page.all("h3")] == ["Sooner", "Full", "Later", "Past"]
    assert [text_of(tag) for tag in page.all("strong", class_="govuk-tag")] == [
        "Confirmed",
        "On the waiting list",
        "Confirmed",
        "Confirmed",
    ]
    own = f"/registrations/{ledger.token(events['Sooner'], 'ann@example.org')}"
    assert page.link("See or change your registration for Sooner") == own
    assert page.response.headers["Cache-Control"] == "no-store"
    empty = bob.get("/my/events")
    assert "You are not registered for anything to come" in empty.text
    assert "/registrations/" not in empty.body


def test_my_events_lead_to_the_surveys_that_wait_for_an_answer(make, ledger, signed_in, now):
    ann = signed_in()
    counts, titles = [], []
    for n in (1, 2):
        event = make.event(f"Hubs {n}")
        own = make.registration(event, email="ann@example.org")
        make.registration(event, email="bob@example.org")
        make.survey(event, title=f"Waits {n}", privacy=Privacy.ANONYMOUS)
        make.survey(event, title=f"For those who came {n}", asked_of=AskedOf.CAME)
        make.survey(event, title=f"Closed {n}", closes_at=now)
        for privacy in (Privacy.NAMED, Privacy.ANONYMOUS):
            sent = make.survey(event, title=f"Sent {n}", privacy=privacy)
            who = Answerer(registration=own)
            ledger.act(answering.save, sent.id, who, given={1: (Part(value=4),)}, reached=3, now=now)
            ledger.act(answering.send, sent.id, who, now=now)
        titles.append(f"Tell us how it was: Waits {n}")
        with statements(ann.app) as found:
            page = ann.get("/my/events")
        counts.append(len(found))
        links = [text_of(a) for a in page.all("a") if text_of(a).startswith("Tell us")]
        assert sorted(links) == titles
        assert ann.get(page.link(titles[-1])).heading == f"Waits {n}"
    assert counts == [5, 5]


def test_my_events_offer_a_place_and_say_what_was_called_off(make, ledger, signed_in, now):
    ann = signed_in()
    event, off = make.event("Offered", capacity=1, offer_hours=24), make.event("Off")
    first = make.registration(event)
    for one in (event, off):
        make.registration(one, email="ann@example.org")
    ledger.act(registrations.cancel, first.id, actor=SYSTEM, now=now)
    ledger.act(db.session.execute, update(Event).where(Event.id == off.id).values(state=EventState.CANCELLED))
    page = ann.get("/my/events")
    assert [text_of(tag) for tag in page.all("strong", class_="govuk-tag")] == ["Place offered", "Event cancelled"]
    assert page.has_link("Take the place your registration for Offered")


@pytest.mark.parametrize("path", ["/my/events", "/my/agenda"])
def test_my_pages_ask_a_visitor_to_sign_in_and_lead_back(browser, now, path):
    page = browser.get(f"{path}?a=1")
    assert (page.heading, page.form().values["next"]) == ("Sign in", [f"{path}?a=1"])


def test_my_pages_ask_the_same_however_much_there_is(make, signed_in):
    asked = []
    for n in (1, 3):
        ann = signed_in(f"ann{n}@example.org")
        for _ in range(n):
            event = make.event()
            session = make.session(event)
            make.registration(event, email=f"ann{n}@example.org")
            ann.send(ann.get(of(event, session)).form("/star"))
        counts = []
        for path in ("/my/events", "/my/agenda"):
            with statements(ann.app) as found:
                ann.get(path)
            counts.append(len(found))
        asked.append(counts)
    assert asked[0] == asked[1] == [4, 4]


def test_pages_for_a_visitor_ask_the_same_however_much_there_is(make, browser):
    asked = []
    for n in (1, 3):
        programme = make.programme(themes=[f"{n}-{m}" for m in range(n)])
        event = make.event(programme_id=programme.id, themes=programme.themes)
        for _ in range(n):
            session = make.session(event, themes=programme.themes, stream_id=make.stream(event, "North").id)
            for _ in range(n):
                make.contribution(session, speaker_id=make.speaker().id, organisation_id=make.organisation().id)
        counts = []
        for path in (address(event), f"{address(event)}/agenda", of(event, session)):
            kept.clear()
            with statements(browser.app) as cold:
                browser.get(path)
            with statements(browser.app) as warm:
                browser.get(path)
            counts.append((len(cold), len(warm)))
        asked.append(counts)
    # The session also shows what the library has about it.
    assert asked[0] == asked[1] == [(3, 1), (3, 1), (5, 1)]


def test_session_of_a_browser_that_ran_out_leads_to_signing_in(signed_in, now):
    ann = signed_in()
    with clock.fixed(now + timedelta(hours=12)):
        assert ann.get("/my/agenda").heading == "Sign in"


def test_star_of_a_past_session_stays(make, ledger, signed_in, now):
    event = make.event(starts_on=date(2027, 5, 1))
    session = make.session(event)
    ann = signed_in()
    ann.send(ann.get(of(event, session)).form("/star"))
    assert ledger.one(select(Star.created_at)) == now


@pytest.mark.memory
def test_stream_has_one_colour_on_every_day_and_whatever_part_is_shown():
    plan = Plan().add("1", stream="A").add("2", stream="B").add("3", stream="C")
    everything = tones(plan.sessions)
    assert sorted(everything.values()) == [1, 2, 3]
    assert [everything[session.stream.id] for session in plan.sessions] == [1, 2, 3]


@pytest.mark.memory
@pytest.mark.parametrize(
    ("hours", "clash"),
    [
        ([(9, 10), (10, 11)], []),
        ([(9, 11), (10, 12)], [0, 1]),
        ([(9, 12), (10, 11), (11, 13), (13, 14)], [0, 1, 2]),
    ],
)
def test_sessions_that_run_at_one_time_clash(hours, clash):
    day = datetime(2027, 6, 14, tzinfo=UTC)
    sessions = [
        Session(id=n, starts_at=day.replace(hour=starts), ends_at=day.replace(hour=ends), state=SessionState.SCHEDULED)
        for n, (starts, ends) in enumerate(hours)
    ]
    assert clashing(sessions) == set(clash)
    sessions[0].starts_at = sessions[0].ends_at = None
    assert 0 not in clashing(sessions)
