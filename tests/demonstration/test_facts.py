"""What the demonstration says, read without a database and, where they are at hand, beside its sources."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from webapp.demonstration import ACCOUNTS, pathfinder
from webapp.demonstration.invented import CANCELLED, DRAFT, EARLIER, ENDED, FULL, NOT_YET_OPEN, OPEN, invented
from webapp.demonstration.past import LEARNING_EVENT, REAL
from webapp.demonstration.people import attendees
from webapp.demonstration.programme import STRENGTHENING_FAMILIES
from webapp.folding import fold
from webapp.models.agenda import SessionKind
from webapp.models.events import EventState, Format
from webapp.models.organisations import Sector
from webapp.models.programmes import Part
from webapp.services.accounts import check_password

pytestmark = pytest.mark.memory

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
NAMES = {"name", "title", "slug", "organisation", "speaker", "organisations", "aliases", "organiser_name", "job_title"}

TUESDAY = [
    "Warm welcome and introduction",
    "Family Safeguarding – Overview",
    "No Wrong Door model – Overview",
    "Family Valued model – Overview",
    "Insights into the implementation of Family Valued",
    "Insights into the implementation of No Wrong Doors",
    "Insights into the implementation of Family Safeguarding",
    "Insights from the formal evaluations",
]
WEDNESDAY = [
    "Family Valued: Implementing Family Led Decision Making",
    "No Wrong Doors: Enabling the System to Work for the Child",
    "Being Family Safeguarding: Leading system and cultural change",
    "Connecting SFPC and Supporting Families",
    "Professional and families working together in new ways",
    "Workforce and retention",
    "Exploring the role of leadership",
    "In discussion: Josh MacAlister and Isabelle Trowler",
]


def shown():
    return invented(today=TODAY, now=NOW)


def event_of(facts, title):
    return next(event for event in facts.events if event.title == title)


def seed(number):
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the source documents do not stand beside this checkout")
    return found[0].read_text(encoding="utf-8")


def texts(value):
    """Every text in the facts that is not the name of something."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NAMES:
                yield from texts(getattr(value, field.name))


def words_of(text):
    return re.findall(r"[^\W_]+", fold(text).replace("'", ""))


def runs(text, length):
    words = words_of(text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_learning_event_of_2022_has_its_sessions_in_order():
    event = event_of(REAL, LEARNING_EVENT)

    assert [day.date for day in event.days] == [date(2022, 6, 14), date(2022, 6, 15)]
    assert [session.title for session in event.sessions if session.day == 0] == TUESDAY
    assert [session.title for session in event.sessions if session.day == 1] == WEDNESDAY
    assert [session.title for session in event.sessions] == TUESDAY + WEDNESDAY
    assert [session.kind for session in event.sessions] == [
        SessionKind.PLENARY,
        *[SessionKind.SESSION] * 14,
        SessionKind.PLENARY,
    ]


def test_learning_event_of_2022_keeps_unknown_times_unknown():
    for event in REAL.events:
        assert {session.times for session in event.sessions} | {day.times for day in event.days} == {None}
        assert not event.takes_registrations


def test_learning_event_of_2022_names_who_presented():
    event = event_of(REAL, LEARNING_EVENT)

    named = {
        session.title: [contribution.speaker or contribution.organisation for contribution in session.contributions]
        for session in event.sessions
        if session.contributions
    }

    assert named == {
        TUESDAY[0]: ["Dawn Taylor", "Minister Quince"],
        TUESDAY[1]: ["Angela Clarke", "Cambridgeshire", "Lancashire"],
        TUESDAY[2]: ["Janice Nicholson", "Redcar & Cleveland", "Middlesbrough"],
        TUESDAY[3]: ["Steve Walker"],
        TUESDAY[4]: ["Warwickshire", "Coventry", "Newcastle", "Darlington"],
        TUESDAY[5]: ["Middlesbrough", "Rochdale", "Norfolk", "Warrington", "Redcar & Cleveland"],
        TUESDAY[6]: ["Walsall", "Wandsworth", "Lancashire"],
        TUESDAY[7]: ["What Works for Children’s Social Care"],
        WEDNESDAY[3]: ["Bekah Atherton"],
        WEDNESDAY[6]: ["Angela Clarke", "Saleem Tariq", "Janice Nicholson"],
        WEDNESDAY[7]: ["Josh MacAlister", "Isabelle Trowler"],
    }


def test_session_titles_stand_in_the_source_in_the_same_order():
    source = fold(seed("001"))
    at = 0
    for session in event_of(REAL, LEARNING_EVENT).sessions:
        found = source.find(fold(session.title), at)
        assert found >= 0, session.title
        at = found + len(session.title)


def test_names_of_the_past_stand_in_the_sources():
    source = fold("\n".join(seed(number) for number in ("001", "002", "003")))
    names = [facts.name for facts in REAL.speakers]
    names += [name for part in REAL.programmes[0].parts for name in part.organisations]

    assert [name for name in names if fold(name) not in source] == []


def test_sentences_are_our_own():
    of_pathfinder = (pathfinder.WAVES, pathfinder.MILESTONES, pathfinder.EMERGING)
    ours = {text for facts in (REAL, shown(), of_pathfinder) for text in texts(facts)}
    theirs = set()
    for number in ("000", "001", "002", "003", "004"):
        theirs |= runs(seed(number), 8)

    assert {text: sorted(copied) for text in ours if (copied := runs(text, 8) & theirs)} == {}


def test_programme_names_each_model_with_its_innovator_and_adopters():
    programme = next(facts for facts in REAL.programmes if facts.name == STRENGTHENING_FAMILIES)
    parts = {(part.part, part.theme): set(part.organisations) for part in programme.parts if part.theme}

    assert parts == {
        (Part.INNOVATOR, "no-wrong-door"): {"North Yorkshire"},
        (Part.INNOVATOR, "family-valued"): {"Leeds"},
        (Part.INNOVATOR, "family-safeguarding"): {"Hertfordshire"},
        (Part.ADOPTER, "no-wrong-door"): {"Middlesbrough", "Norfolk", "Redcar & Cleveland", "Rochdale", "Warrington"},
        (Part.ADOPTER, "family-valued"): {
            "Coventry",
            "Darlington",
            "Newcastle",
            "Sefton",
            "Solihull",
            "Warwickshire",
        },
        (Part.ADOPTER, "family-safeguarding"): {"Cambridgeshire", "Lancashire", "Walsall", "Wandsworth"},
    }


def test_pathfinder_tells_each_strand_of_each_area_of_its_first_wave():
    areas = pathfinder.WAVES[0].areas
    strands = [theme.slug for theme in pathfinder.PROGRAMME.themes]

    assert [area.name for area in areas] == ["Dorset", "Lincolnshire", "Wolverhampton"]
    assert [[one.theme for one in area.strands] for area in areas] == [strands] * 3
    # As many as the slides list, in the order of the strands.
    assert [[len(one.features) for one in area.strands] for area in areas] == [[4, 3, 6, 6], [3, 3, 3, 2], [2, 3, 4, 3]]
    assert [[len(one.challenges) for one in area.strands] for area in areas] == [
        [2, 2, 3, 3],
        [3, 3, 4, 5],
        [1, 2, 4, 2],
    ]
    assert Counter(strand for strand, *_ in pathfinder.EMERGING) == dict(zip(strands, (5, 2, 4, 3), strict=True))


def test_real_people_have_no_biography():
    assert {facts.biography for facts in REAL.speakers} == {""}


def test_real_and_invented_share_no_name():
    fake = shown()

    assert {fold(facts.name) for facts in REAL.organisations} & {
        fold(facts.name) for facts in fake.organisations
    } == set()
    assert {facts.name for facts in REAL.speakers} & {facts.name for facts in fake.speakers} == set()
    assert not REAL.demonstration
    assert fake.demonstration


def test_open_event_runs_three_streams_between_plenaries():
    event = event_of(shown(), OPEN)
    talks = [session for session in event.sessions if session.kind is SessionKind.SESSION]

    assert event.format is Format.HYBRID
    assert event.state is EventState.PUBLISHED
    assert len(event.days) == 2
    assert len(event.streams) == 3
    assert len(talks) == 18
    for day in (0, 1):
        slots = {session.times for session in talks if session.day == day}
        assert {
            times: [session.stream for session in talks if session.day == day and session.times == times]
            for times in slots
        } == {times: list(event.streams) for times in slots}
    assert {session.stream for session in event.sessions if session.kind is not SessionKind.SESSION} == {None}


def test_nobody_speaks_in_two_rooms_at_once():
    for event in shown().events:
        seen = set()
        for session in event.sessions:
            for contribution in session.contributions:
                key = (session.day, session.times, contribution.speaker or contribution.organisation)
                assert key not in seen
                seen.add(key)


def test_times_of_a_day_follow_one_another_within_its_hours():
    for event in shown().events:
        for number, day in enumerate(event.days):
            slots = sorted({session.times for session in event.sessions if session.day == number})
            assert all(before[1] <= after[0] for before, after in pairwise(slots))
            assert slots[0][0] >= day.times[0]
            assert slots[-1][1] <= day.times[1]


@pytest.mark.parametrize("days", range(0, 371, 7))
def test_invented_dates_follow_the_day_of_loading(days):
    today = TODAY + timedelta(days=days)
    now = NOW + timedelta(days=days)
    facts = invented(today=today, now=now)
    opening = {event.title: event.registration_opens_at for event in facts.events}

    assert [event.title for event in facts.events if event.days[0].date < today] == [ENDED, EARLIER]
    assert timedelta(days=90) < today - event_of(facts, EARLIER).days[0].date < timedelta(days=105)
    assert timedelta(days=25) < today - event_of(facts, ENDED).days[0].date < timedelta(days=40)
    assert [title for title, at in opening.items() if at and at > now] == [NOT_YET_OPEN]
    for event in facts.events:
        assert {day.date.weekday() for day in event.days} <= {0, 1, 2, 3, 4}
        if event.registration_closes_at and event.title not in {ENDED, EARLIER}:
            assert event.registration_closes_at > now


def test_invented_events_say_that_they_are_invented():
    fake = shown()

    assert [event.title for event in fake.events if "invented event" not in event.summary] == []
    assert [event.title for event in fake.events if event.venue and "an invented place" not in event.venue] == []
    assert {event.organiser_name for event in fake.events} == {"Pathways Together team (invented)"}
    assert event_of(fake, DRAFT).state is EventState.DRAFT
    assert event_of(fake, CANCELLED).state is EventState.CANCELLED
    assert event_of(fake, CANCELLED).cancelled_reason
    assert event_of(fake, FULL).offer_hours == 48


def test_every_address_is_at_example_org():
    addresses = [event.organiser_email for facts in (REAL, shown()) for event in facts.events]
    addresses += [account.email for account in ACCOUNTS]
    addresses += [attendee.email for attendee in attendees(300)]

    assert [address for address in addresses if not address.endswith("@example.org")] == []
    assert [address for address in addresses if not address.isascii()] == []


def test_attendees_are_the_same_every_time_and_of_all_sectors():
    people = attendees(300)

    assert people == attendees(300)
    assert len({attendee.email for attendee in people}) == 300
    assert {attendee.sector for attendee in people} == set(Sector)
    assert 0.08 < sum(bool(attendee.access or attendee.dietary) for attendee in people) / 300 < 0.18


def test_organisations_cover_all_sectors_and_some_have_aliases():
    fake = shown()

    assert len(fake.organisations) == 40
    assert {facts.sector for facts in fake.organisations} == set(Sector)
    assert len([facts for facts in fake.organisations if facts.aliases]) > 5


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.email)
def test_passwords_of_accounts_would_be_taken(account):
    assert len(account.password) >= 12
    check_password(account.password, email=account.email, service_name="Waymark")
