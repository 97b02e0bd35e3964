"""The demonstration in a database: loaded once by each database's fixture, then only read."""

import shutil
from collections import Counter
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from tests.conftest import EMPTY, NOW, settings_for
from webapp import create_app, demonstration, transaction
from webapp.database import Base
from webapp.demonstration.invented import BY_APPROVAL, CANCELLED, DRAFT, EARLIER, ENDED, FULL, NOT_YET_OPEN, OPEN
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.meetings import GROUP
from webapp.demonstration.past import LEARNING_EVENT, NETWORK_EVENT
from webapp.demonstration.pathfinder import PATHFINDER
from webapp.demonstration.programme import SOCIAL_CARE_REFORM, STRENGTHENING_FAMILIES
from webapp.demonstration.publishing import SURVEY
from webapp.demonstration.recording import chimes
from webapp.demonstration.said import FIRST_THING
from webapp.demonstration.shelf import FOLKLORE
from webapp.extensions import db
from webapp.formats.media import Media, MediaType, read_media
from webapp.formats.messages import subject_in
from webapp.models import publications
from webapp.models.accounts import Account, Grant, Person, Role, ThingKind
from webapp.models.activity import Activity
from webapp.models.agenda import Contribution, Session, Star
from webapp.models.areas import Area, AreaContact, AreaDocument, AreaStrand, AreaVersion
from webapp.models.communities import Community
from webapp.models.events import Availability, Event, Stage
from webapp.models.files import FileReach
from webapp.models.library import Collection, LibraryState, Resource, ResourceKind, ResourceOrganisation
from webapp.models.mailings import Letter, LetterState
from webapp.models.memberships import Membership
from webapp.models.organisations import Organisation, Sector
from webapp.models.programmes import Part, Programme, ProgrammePart, ThemeKind
from webapp.models.publications import Author, Issue
from webapp.models.recordings import Place
from webapp.models.reflections import Framework, Reflection
from webapp.models.registrations import Registration, RegistrationAnswer, RegistrationNeeds, RegistrationState
from webapp.models.saved import SavedItem
from webapp.models.spans import Standing
from webapp.models.speakers import Speaker
from webapp.models.surveys import (
    AskedOf,
    Participation,
    Privacy,
    Survey,
    SurveyAnswer,
    SurveyDraft,
    SurveyEnvelope,
    SurveyResponse,
    SurveyStage,
    SurveyState,
)
from webapp.models.surveys_asked import Kind
from webapp.models.to_many import Mailing, MailingState
from webapp.models.topics import Topic, TopicKind
from webapp.models.transcripts import Transcript
from webapp.queries import library, transcripts
from webapp.queries.agenda import agenda_of, starred_sessions
from webapp.queries.comparison import compare
from webapp.queries.organisations import find_organisation, suggest_organisations
from webapp.queries.recordings import recordings_of_event
from webapp.queries.reflections import answers_of, entries_of
from webapp.queries.registrations import RegistrationFilter, get_numbers
from webapp.queries.surveys import results, texts
from webapp.queries.surveys.published import Results
from webapp.queries.waves import milestones_of, waves_of
from webapp.services.accounts import password_matches

_S = RegistrationState


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request, folder):
    """An application whose database holds the demonstration, loaded at NOW."""
    app = request.getfixturevalue(f"{request.param}_app")
    if request.param == "sqlite":
        shutil.copyfile(folder / "template.db", folder / "demonstration.db")
        app = create_app(settings_for(folder, f"sqlite:///{folder / 'demonstration.db'}"))
    with app.app_context():
        if request.param == "postgresql":
            with transaction.writing(), db.engine.begin() as connection:
                connection.exec_driver_sql(EMPTY)
        assert demonstration.is_empty()
        with transaction.unit():
            demonstration.load(today=NOW.date(), now=NOW, settings=app.config["SETTINGS"])
    yield app
    with app.app_context():
        db.session.remove()
        if request.param == "sqlite":
            db.engine.dispose()


@pytest.fixture
def context(loaded):
    with loaded.app_context():
        yield loaded
        db.session.remove()


def event_of(title):
    statement = select(Event).where(Event.title == title)
    return db.session.scalars(
        statement.options(joinedload(Event.programme), selectinload(Event.days), selectinload(Event.places))
    ).one()


def states_of(title):
    return dict(get_numbers(event_of(title).id, RegistrationFilter()).by_state)


def counts():
    tables = Base.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


def test_load_again_on_a_later_day_adds_and_changes_nothing(context):
    before = counts()
    dates = db.session.execute(select(Event.title, Event.starts_at, Event.ends_at).order_by(Event.id)).all()
    db.session.remove()

    with transaction.unit():
        again = demonstration.load(today=NOW.date() + timedelta(days=9), now=NOW + timedelta(days=9))

    assert not demonstration.is_empty()
    assert again == demonstration.Summary(events=0, organisations=0, registrations=0)
    assert counts() == before
    assert db.session.execute(select(Event.title, Event.starts_at, Event.ends_at).order_by(Event.id)).all() == dates


def test_every_stage_of_an_event_is_shown(context):
    events = db.session.scalars(select(Event).order_by(Event.id)).all()

    assert {event.title: event.stage(NOW) for event in events} == {
        LEARNING_EVENT: Stage.ENDED,
        NETWORK_EVENT: Stage.ENDED,
        OPEN: Stage.OPEN,
        FULL: Stage.OPEN,
        DRAFT: Stage.DRAFT,
        BY_APPROVAL: Stage.OPEN,
        CANCELLED: Stage.CANCELLED,
        ENDED: Stage.ENDED,
        EARLIER: Stage.ENDED,
        NOT_YET_OPEN: Stage.NOT_YET_OPEN,
        # Of a group that meets monthly, the last meeting.
        GROUP: Stage.OPEN,
    }
    assert {event.title for event in events if not event.listed} == {DRAFT}


def test_learning_event_of_2022_is_a_record_without_times(context):
    event = event_of(LEARNING_EVENT)
    sessions = agenda_of(event.id)

    assert (event.programme.name, event.hashtag) == (STRENGTHENING_FAMILIES, "#SFPCLearningEvent")
    assert [(day.date.isoformat(), day.starts, day.ends) for day in event.days] == [
        ("2022-06-14", None, None),
        ("2022-06-15", None, None),
    ]
    assert [sum(session.day.date == day.date for session in sessions) for day in event.days] == [8, 8]
    assert (sessions[0].title, sessions[-1].title) == (
        "Warm welcome and introduction",
        "In discussion: Josh MacAlister and Isabelle Trowler",
    )
    assert {(session.starts, session.ends, session.starts_at, session.ends_at) for session in sessions} == {(None,) * 4}
    assert [contribution.speaker.name for contribution in sessions[0].contributions] == [
        "Dawn Taylor",
        "Minister Quince",
    ]
    assert not event.takes_registrations
    assert not event.demonstration


def test_network_event_of_2024_is_in_a_programme_of_six_pillars(context):
    event = event_of(NETWORK_EVENT)
    themes = db.session.scalars(
        select(Programme).where(Programme.name == SOCIAL_CARE_REFORM).options(selectinload(Programme.themes))
    ).one()

    assert event.programme_id == themes.id
    assert [theme.kind for theme in themes.themes] == [ThemeKind.PILLAR] * 6
    assert [(day.date.isoformat(), day.starts) for day in event.days] == [("2024-04-30", None)]
    assert {contribution.speaker.name for session in agenda_of(event.id) for contribution in session.contributions} == {
        "Isabelle Trowler"
    }


def test_adopters_are_parts_of_the_programme_by_model(context):
    parts = db.session.scalars(
        select(ProgrammePart)
        .join(Programme)
        .where(Programme.name == STRENGTHENING_FAMILIES, ProgrammePart.part == Part.ADOPTER)
        .options(joinedload(ProgrammePart.organisation), joinedload(ProgrammePart.theme))
    ).all()

    found = {}
    for part in parts:
        found.setdefault(part.theme.name, set()).add(part.organisation.name)
    assert {theme: len(names) for theme, names in found.items()} == {
        "No Wrong Door": 5,
        "Family Valued": 6,
        "Family Safeguarding": 4,
    }
    assert "Wandsworth" in found["Family Safeguarding"]


def test_what_is_invented_is_marked_and_what_is_real_is_not(context):
    invented = select(Programme.id).where(Programme.demonstration)
    of_invented = Session.event_id.in_(select(Event.id).where(Event.demonstration))

    def speakers(*conditions):
        statement = select(Speaker.demonstration).join(Contribution).join(Session).where(*conditions)
        return set(db.session.scalars(statement))

    assert db.session.scalars(select(Programme.name).where(Programme.demonstration)).all() == [PATHWAYS]
    assert set(db.session.scalars(select(Event.demonstration).where(Event.programme_id.in_(invented)))) == {True}
    assert set(db.session.scalars(select(Event.demonstration).where(Event.programme_id.not_in(invented)))) == {False}
    assert speakers(of_invented) == {True}
    assert speakers(~of_invented) == {False}
    assert set(db.session.scalars(select(Person.demonstration))) == {True}
    assert set(db.session.scalars(select(Organisation.demonstration).join(Registration).distinct())) == {True}


def test_every_address_ends_at_example_org(context):
    columns = (Person.email, Registration.email, Letter.recipient_email, Event.organiser_email)

    assert {
        address.rpartition("@")[2] for column in columns for address in db.session.scalars(select(column).distinct())
    } == {"example.org"}


def test_real_events_have_no_registrations(context):
    assert set(db.session.scalars(select(Event.demonstration).join(Registration).distinct())) == {True}


def test_open_event_has_registrations_over_all_sectors(context):
    event = event_of(OPEN)
    sectors = dict(get_numbers(event.id, RegistrationFilter()).by_sector(_S.CONFIRMED))
    answered = select(func.count()).select_from(RegistrationAnswer).join(Registration)

    assert states_of(OPEN) == {_S.CONFIRMED: 210}
    assert set(sectors) == {sector.label for sector in Sector}
    assert max(sectors, key=sectors.get) == Sector.LOCAL_AUTHORITY.label
    assert {places.availability for places in event.places} == {Availability.OPEN}
    assert sum(places.confirmed for places in event.places) == 210
    assert db.session.scalar(answered.where(Registration.event_id == event.id)) > 210


def test_full_event_is_full_with_people_waiting_and_offers_that_stand(context):
    event = event_of(FULL)
    (places,) = event.places
    offered = db.session.scalars(
        select(Registration).where(Registration.event_id == event.id, Registration.state == _S.OFFERED)
    ).all()

    assert (places.capacity, places.confirmed, places.offered, places.waiting) == (60, 58, 2, 25)
    assert places.confirmed == places.capacity - places.offered
    assert places.availability is Availability.FULL
    assert states_of(FULL) == {_S.CONFIRMED: 58, _S.OFFERED: 2, _S.WAITING: 25, _S.CANCELLED: 2}
    assert [row.offer_stands(NOW) for row in offered] == [True, True]


def test_event_by_approval_has_requests_in_every_state(context):
    assert states_of(BY_APPROVAL) == {_S.PENDING: 8, _S.CONFIRMED: 8, _S.DECLINED: 1}


def test_registrations_came_over_past_weeks_in_the_order_of_their_arrival(context):
    rows = db.session.execute(
        select(Event.title, Registration.mode, Event.registration_opens_at, Registration.registered_at)
        .join(Event)
        .order_by(Registration.event_id, Registration.mode, Registration.arrival)
    ).all()

    assert [row for row in rows if not row.registration_opens_at <= row.registered_at < NOW] == []
    assert [
        (before, after)
        for before, after in pairwise(rows)
        if (before.title, before.mode) == (after.title, after.mode) and before.registered_at > after.registered_at
    ] == []
    assert min(row.registered_at for row in rows if row.title == OPEN) < NOW - timedelta(days=21)
    assert db.session.scalar(select(func.max(Activity.at))) <= NOW


def test_few_have_needs_and_none_for_a_day_that_is_over(context):
    share = db.session.scalar(select(func.count(RegistrationNeeds.id))) / 210
    ended = select(RegistrationNeeds.id).join(Registration).where(Registration.event_id == event_of(ENDED).id)

    assert 0.08 < share < 0.25
    assert db.session.scalars(ended).all() == []


def test_no_letter_of_the_demonstration_goes_out(context):
    to_many = Letter.mailing_id.is_not(None)
    counted = select(to_many, Letter.state, func.count()).group_by(to_many, Letter.state)
    letters = {(bool(many), state): number for many, state, number in db.session.execute(counted)}

    states = {LetterState.WAITING, LetterState.DEFERRED, LetterState.FAILED, LetterState.HELD, LetterState.SENT}
    assert set(letters) == {*((False, state) for state in states), (True, LetterState.SENT)}
    assert letters[False, LetterState.SENT] > 300
    # What still waits is of no more use by the time at which it is due.
    still = [LetterState.WAITING, LetterState.DEFERRED]
    rows = db.session.scalars(select(Letter).where(Letter.state.in_(still))).all()
    assert [one.next_attempt_at > one.expires_at for one in rows] == [True, True]


def test_letters_of_the_demonstration_can_be_read(context):
    unread = (Letter.state == LetterState.SENT, Letter.message.is_(None))
    assert db.session.scalar(select(func.count(Letter.id)).where(*unread)) == 0
    latest = select(Letter).where(Letter.notice == "registration_confirmed", Letter.state == LetterState.SENT)
    letter = db.session.scalars(latest.options(undefer(Letter.message)).order_by(Letter.id.desc()).limit(1)).one()
    assert subject_in(letter.message).startswith("You have a place: ")


@pytest.mark.parametrize("account", demonstration.ACCOUNTS, ids=lambda account: account.email)
def test_account_opens_with_its_password(context, account):
    person = db.session.scalars(
        select(Person).where(Person.email == account.email).options(joinedload(Person.account))
    ).one()

    assert person.email_verified_at is not None
    assert password_matches(person, account.password, memory_kib=64)


def test_accounts_may_do_what_they_are_for(context):
    programme_id = db.session.scalar(select(Programme.id).where(Programme.name == PATHWAYS))
    rows = db.session.execute(select(Person.email, Grant.role, Grant.thing_kind, Grant.thing_id).join(Grant))

    given = {tuple(row) for row in rows}
    moderate = {row for row in given if row[2] is ThingKind.COMMUNITY}
    assert {row[:2] for row in moderate} == {("huw.pentreath@example.org", Role.MODERATOR)}
    assert given - moderate == {
        ("admin@example.org", Role.OWNER, ThingKind.SITE, 0),
        ("organiser@example.org", Role.ORGANISER, ThingKind.PROGRAMME, programme_id),
        ("access.lead@example.org", Role.ACCESS_LEAD, ThingKind.PROGRAMME, programme_id),
        ("access.lead@example.org", Role.REGISTRATIONS, ThingKind.PROGRAMME, programme_id),
        ("analyst@example.org", Role.ANALYST, ThingKind.PROGRAMME, programme_id),
    }
    assert db.session.scalar(select(func.count(Account.id))) == len(demonstration.ACCOUNTS)


def test_practitioner_has_a_place_waits_for_another_and_starred_sessions(context):
    person_id = db.session.scalar(select(Person.id).where(Person.email == "practitioner@example.org"))
    rows = db.session.execute(
        select(Event.title, Registration.state).join(Registration).where(Registration.person_id == person_id)
    )

    assert {row.title: row.state for row in rows} == {OPEN: _S.CONFIRMED, FULL: _S.WAITING, ENDED: _S.CONFIRMED}
    assert db.session.scalar(select(func.count(Star.id))) == 5
    assert {session.event.title for session in starred_sessions(person_id)} == {OPEN}


def test_organisations_are_found_by_name_and_alias(context):
    assert find_organisation("DFE").name == "Department for Education"
    assert find_organisation("leeds city council").name == "Leeds"
    assert find_organisation("TQC").name == "Tarnhollow and Quillhaven Council"
    assert [row.name for row in suggest_organisations("marlbridge cons")] == ["Marlbridge Constabulary"]


def test_letters_to_many_are_marked_and_none_of_them_waits_to_be_sent(context):
    rows = db.session.scalars(select(Mailing).join(Mailing.event).where(Event.title == OPEN).order_by(Mailing.id)).all()
    assert [(row.rule, row.state) for row in rows] == [
        (None, MailingState.SENT),
        (None, MailingState.SCHEDULED),
        ("joining_day_before", MailingState.SCHEDULED),
        ("thanks", MailingState.SCHEDULED),
    ]
    assert [row.name for row in rows if "(for demonstration)" not in row.name or "demonstration" not in row.body] == []
    letters = select(Letter.state, func.count()).where(Letter.mailing_id == rows[0].id).group_by(Letter.state)
    assert [tuple(row) for row in db.session.execute(letters)] == [(LetterState.SENT, rows[0].queued_number)]
    assert rows[0].queued_number == rows[0].confirmed_number > 100
    event = get_event_of(OPEN)
    assert all(due > NOW for row in rows[1:] if (due := row.due(event)))
    (asking,) = db.session.scalars(select(Mailing).where(Mailing.survey_id.is_not(None)))
    assert (asking.state, "(for demonstration)" in asking.name, "demonstration" in asking.body) == (
        MailingState.DRAFT,
        True,
        True,
    )


def test_surveys_are_marked_and_one_of_them_is_open_to_those_who_came(context):
    rows = db.session.scalars(select(Survey).options(joinedload(Survey.event)).order_by(Survey.id)).all()
    assert [(row.privacy, row.stage(NOW), row.event and row.event.title) for row in rows] == [
        (Privacy.ANONYMOUS, SurveyStage.OPEN, ENDED),
        (Privacy.CONFIDENTIAL, SurveyStage.DRAFT, ENDED),
        (Privacy.NAMED, SurveyStage.DRAFT, None),
        (Privacy.CONFIDENTIAL, SurveyStage.CLOSED, EARLIER),
        (Privacy.ANONYMOUS, SurveyStage.CLOSED, EARLIER),
        # On the current issue of the journal.
        (Privacy.ANONYMOUS, SurveyStage.OPEN, None),
    ]
    assert {row.asked_of for row in rows if row.number and row.event_id} == {AskedOf.CAME}
    assert "Drawing, walking, waiting" in [section.title for section in rows[0].written.sections]
    assert [row.title for row in rows if "demonstration" not in row.written.introduction] == []


def test_survey_is_answered_and_its_box_opened_as_far_as_it_may_be(context):
    survey = survey_of(ENDED, SurveyState.PUBLISHED)

    def count(table, *conditions):
        statement = select(func.count()).select_from(table).where(table.survey_id == survey.id, *conditions)
        return db.session.scalar(statement)

    sent = SurveyResponse.day.is_not(None)
    # As many as the threshold wait for others.
    assert count(SurveyEnvelope) == survey.threshold
    assert 60 <= count(SurveyResponse, sent) == count(Participation) <= 120
    assert count(SurveyDraft) == 0
    responses = db.session.scalars(select(SurveyResponse).where(SurveyResponse.survey_id == survey.id)).all()
    assert {(row.participation_id, row.sector, row.role) for row in responses} == {(None, None, "")}
    asked = survey.written
    answered = select(SurveyAnswer.question).join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
    assert set(db.session.scalars(answered.where(SurveyResponse.survey_id == survey.id))) == {
        question.no for question in asked.questions if question.kind.is_asked
    }
    assert results.find_release(survey.id).responses == count(SurveyResponse, sent)


def test_closed_survey_shows_what_results_can_show(context):
    survey = survey_of(EARLIER, SurveyState.PUBLISHED, Privacy.CONFIDENTIAL)
    release = results.find_release(survey.id)
    shown = Results.of(release.published)
    lists = [listed for one in shown.results for listed in one.lists]

    assert release.over
    assert 60 <= shown.responses <= 120
    assert {one.kind for one in shown.results} >= {
        Kind.RATING, Kind.MATRIX, Kind.SEVERAL_CHOICES, Kind.LIKERT, Kind.YES_NO, Kind.RECOMMENDATION, Kind.RANKING,
        Kind.LONG_TEXT,
    }  # fmt: skip
    # Some numbers are hidden, most are not, in all and in groups.
    assert 0 < sum(listed.hides for listed in lists) < len(lists) / 3
    assert any(listed.mean is not None and not listed.hides for listed in lists)
    by_sector = [table for tables in shown.split("sector").tables.values() for table in tables]
    cells = [cell for table in by_sector for _, row in table.rows for cell in row]
    assert 0 < cells.count(None) < len(cells) / 2
    assert [len(shown.split(by).groups) >= 2 for by in ("sector", "role")] == [True, True]
    assert sum(split.by.startswith("session-") for split in shown.splits) == 2
    assert {one.kind for one in shown.results if one.no in survey.public_questions} >= {Kind.RATING, Kind.MATRIX}
    wrote = next(one for one in survey.written.questions if one.label == FIRST_THING)
    assert texts.counts_of_texts(survey.id).get(wrote.no, 0) >= 10
    assert all(number > 0 for _, number in texts.themes_of(survey.id, wrote.no))
    stops = results.drop_off(survey, survey.written, shown.responses)
    assert any(stop.left for stop in stops) or any(stop.left is None for stop in stops)


def test_anonymous_survey_is_split_by_what_people_said_of_themselves(context):
    survey = survey_of(EARLIER, SurveyState.PUBLISHED)
    shown = Results.of(results.find_release(survey.id).published)

    assert [len(split.groups) >= 3 for split in shown.splits] == [True, True]
    cells = [
        cell for tables in shown.splits[0].tables.values() for one in tables for _, row in one.rows for cell in row
    ]
    assert 0 < cells.count(None) < len(cells) / 2


def survey_of(title, state, privacy=Privacy.ANONYMOUS):
    statement = select(Survey).join(Survey.event).where(Event.title == title, Survey.privacy == privacy)
    return db.session.scalars(
        statement.where(Survey.state == state).options(selectinload(Survey.versions)).order_by(Survey.id)
    ).one()


def get_event_of(title):
    return db.session.scalars(select(Event).where(Event.title == title)).one()


def test_reflections_are_of_invented_people_and_answer_a_tool_on_the_four_outcomes(context):
    tool = db.session.scalars(select(Framework)).one()
    reflections = db.session.scalars(select(Reflection).order_by(Reflection.id)).all()
    owners = {person.id: person for person in db.session.scalars(select(Person))}

    assert (tool.demonstration, tool.published, len(tool.drafted.outcomes)) == (True, 1, 4)
    assert [(owners[one.owner_id].demonstration, one.team_id is None) for one in reflections] == [
        (True, True),
        (True, False),
    ]
    entries = [entries_of(one.id) for one in reflections]
    assert [len(one) for one in entries] == [2, 2]
    answers = answers_of([entry.id for both in entries for entry in both])
    assert all(answers.values())
    assert (
        db.session.scalars(select(Letter.state).where(Letter.notice == "team_joined")).all() == [LetterState.SENT] * 2
    )


def test_transcript_of_the_event_that_is_over_is_published_and_its_speakers_known(context):
    transcript = db.session.scalars(select(Transcript)).one()
    turns = transcripts.all_turns(transcript.id)
    names = {key: one.speaker.name for key, one in transcripts.speakers_by_id(row.speaker_id for row in turns).items()}
    assert transcript.is_published
    assert len(turns) == 14
    assert {(row.label, names.get(row.speaker_id)) for row in turns} == {
        ("Rhodri Pembury", "Rhodri Pembury"),
        ("Rhodri Penbury", "Rhodri Pembury"),
        ("Tobias Quennell", "Tobias Quennell"),
        ("Audience member", None),
    }
    assert all(before.ends < after.starts for before, after in pairwise(turns))


def test_recordings_of_the_event_that_is_over_are_of_nothing_real(context):
    event = get_event_of(ENDED)
    found = {one.session.title: one for one in recordings_of_event(event.id)}
    assert {title: [row.place for row in one.recordings] for title, one in found.items()} == {
        "In their own words": [Place.YOUTUBE],
        "Drawing, walking, waiting": [],
        "The school as a witness": [Place.ELSEWHERE],
    }
    assert found["Drawing, walking, waiting"].is_not_recorded
    assert found["The school as a witness"].recordings[0].address.startswith("https://media.example.org/")
    # Eleven letters of six bits are 66 of 64: the last letter of a real one is one of sixteen.
    assert found["In their own words"].recordings[0].video[-1] not in "AEIMQUYcgkosw048"
    assert {row.reach for one in found.values() for row in one.recordings} == {FileReach.PUBLIC, FileReach.REGISTERED}


@pytest.mark.memory
def test_sound_of_the_recording_has_a_chime_for_each_voice_where_it_begins():
    content = chimes([(0, 1), (1500, 2), (3000, 1)], 4000)
    assert read_media(BytesIO(content)) == Media(MediaType.WAV, 4000)
    samples = content[44:]
    first, second, third = (samples[at * 8 : at * 8 + 4000] for at in (0, 1500, 3000))
    assert first == third != second
    assert set(samples[4000:12000]) == {128}
    assert (min(samples) < 100, max(samples) > 150) == (True, True)


def test_library_is_invented_of_every_kind_and_its_people_are_known(context):
    rows = db.session.scalars(
        select(Resource).options(
            selectinload(Resource.authors),
            selectinload(Resource.publishers).joinedload(ResourceOrganisation.organisation),
        )
    ).all()
    published = [one for one in rows if one.is_published]
    made_by = {one.organisation for row in rows for one in row.publishers}
    collections = db.session.scalars(select(Collection)).all()

    assert {one.kind for one in published} == set(ResourceKind)
    assert {one.state for one in rows} == set(LibraryState)
    assert (len(rows), len(made_by), len(collections)) == (14, 14, 2)
    assert all(one.demonstration for one in (*rows, *made_by, *collections))
    assert len({one.sector for one in made_by}) >= 5
    authors = [author for row in rows for author in row.authors]
    assert (len(authors), all(author.speaker_id for author in authors)) == (15, True)
    assert [one.title for one in published if one.is_to_be_reviewed(NOW)] == [FOLKLORE]
    assert [len(library.resources_in(one.id)) for one in collections] == [5, 3]
    saved = db.session.execute(
        select(Person.email, SavedItem.note).join(Person, Person.id == SavedItem.person_id)
    ).all()
    assert {email for email, _ in saved} == {"practitioner@example.org"}
    assert any(note for _, note in saved)


def test_journal_has_a_back_issue_a_current_one_and_articles_to_come(context):
    issues = db.session.scalars(
        select(Issue)
        .order_by(Issue.number)
        .options(joinedload(Issue.publication), joinedload(Issue.survey), selectinload(Issue.articles))
    ).all()

    assert [(one.number, one.title, one.stage(NOW)) for one in issues] == [
        (1, "Starting small", publications.Stage.OUT),
        (2, "Words that stay", publications.Stage.OUT),
    ]
    assert {one.publication.demonstration for one in issues} == {True}
    survey = issues[1].survey
    assert (survey.title, survey.open_link, survey.stage(NOW)) == (SURVEY, True, SurveyStage.OPEN)
    assert Counter(article.stage(issues[1], NOW) for article in issues[1].articles) == {
        publications.Stage.OUT: 4, publications.Stage.SCHEDULED: 1, publications.Stage.DRAFT: 1
    }  # fmt: skip
    authors = db.session.scalars(select(Author).options(joinedload(Author.speaker))).all()
    assert {author.speaker.demonstration for author in authors} == {True}


def test_pathfinder_has_its_waves_areas_dates_and_issues(context):
    programme_id = db.session.scalar(select(Programme.id).where(Programme.name == PATHFINDER))
    waves = waves_of(programme_id)
    compared = compare(programme_id, waves[:1])
    issues = select(Topic).where(Topic.kind == TopicKind.ISSUE).join(Community)

    assert [(wave.name, str(wave.span), len(wave.areas)) for wave in waves] == [
        ("Wave 1", "From 2023", 3),
        ("Wave 2", "From 2024", 0),
        ("Family networks pilot", "From 2023", 0),
    ]
    assert [area.name for area in compared.areas] == ["Dorset", "Lincolnshire", "Wolverhampton"]
    assert len(compared.strands) == 4
    # Of no strand is nothing known; of none is more said than the sources tell.
    gaps = [gap for _, missing in compared.missing for gap in missing]
    assert {gap.rpartition(" (")[2] for gap in gaps} <= {"local model)"}
    assert str(milestones_of(programme_id)[-1].span) == "June to August 2024"
    assert len(db.session.scalars(issues.where(Community.programme_id == programme_id)).all()) == 14


def test_areas_of_the_invented_programme_say_what_they_do_and_how_that_came_about(context):
    invented = select(Area).where(Area.demonstration, Area.version > 1).options(joinedload(Area.programme))
    written = db.session.scalars(invented.order_by(Area.id)).all()
    ids = [one.id for one in written]

    def of_these(model):
        return db.session.scalars(select(model).where(model.area_id.in_(ids)).order_by(model.area_id, model.id)).all()

    strands, versions, contacts = of_these(AreaStrand), of_these(AreaVersion), of_these(AreaContact)
    documents = of_these(AreaDocument)

    assert {(one.programme.name, one.demonstration) for one in written} == {(PATHWAYS, True)}
    assert {one.name for one in written} == {"Marlbridge", "Brackenshire", "Eastmere"}
    assert len(strands) == 11
    told = [(one.area_id, one.at) for one in versions]
    assert told == sorted(told)
    assert {db.session.get_one(Person, one.changed_by_id).demonstration for one in versions} == {True}
    # Files there are only where there is a folder for them.
    assert [one.url.partition("/a-")[0] for one in documents] == ["https://films.example.org"]
    assert {one.email.rpartition("@")[2] for one in contacts if one.email} == {"example.org"}
    # None of them is without somebody to ask.
    assert {one.area_id for one in contacts} == set(ids)
    practitioner = db.session.scalars(select(Person).where(Person.email == "practitioner@example.org")).one()
    of_areas = select(Area.name).join(Membership, Membership.area_id == Area.id)
    assert db.session.scalars(of_areas.where(Membership.person_id == practitioner.id)).all() == ["Eastmere"]


def test_invented_areas_have_a_model_and_one_page_shows_what_they_leave_out(context):
    programme_id = db.session.scalar(select(Programme.id).where(Programme.name == PATHWAYS))
    waves = waves_of(programme_id)
    compared = compare(programme_id, waves)

    assert [len(wave.stages) for wave in waves] == [3, 3]
    assert [wave.span.standing(NOW.date()) for wave in waves] == [Standing.NOW, Standing.NOW]
    # Wholly left out; of what is there, parts may be missing.
    left_out = [(area.name, sum("(" not in one for one in gaps)) for area, gaps in compared.missing]
    assert [one for one in left_out if one[1]] == [
        ("Brackenshire", 1),
        ("Larkstone", 3),
        ("Oxenvale", 2),
        ("Saltmarch", 2),
    ]
