"""Surveys that go out by letters to many: the link, whom a reminder is for, and what stays unsaid."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.conftest import NOW
from tests.ledger import Ledger
from webapp import transaction
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.formats.messages import opened, parsed
from webapp.models.accounts import SYSTEM
from webapp.models.activity import Activity
from webapp.models.attendance import AttendanceRecord, AttendanceReport, CheckInSource, Match, ReportSource
from webapp.models.mailings import Letter, MailKind
from webapp.models.surveys import AskedOf, Privacy, SurveyEnvelope, SurveyState
from webapp.models.surveys_answered import Part
from webapp.models.to_many import Audience, Mailing, MailingState
from webapp.notices.rendering import render
from webapp.queries import to_many as queries
from webapp.queries.events import find_event
from webapp.queries.surveys.answering import get_answered_survey, get_registration_by_link
from webapp.queries.surveys.results import count_asked
from webapp.queries.surveys.standing import Answerer
from webapp.services import attendance
from webapp.services import surveys as survey_services
from webapp.services import to_many as services
from webapp.services.surveys import answering, box
from webapp.services.to_many import Words
from webapp.services.to_many.copying import copy_relative

ASKING = {"name": "Questions", "kind": MailKind.FOLLOW_UP, "subject": "Questions", "body": "[Answer]({survey_page})"}
NEWS = ASKING | {"body": "No link"}


class Desk:
    """A survey of an event with people, and letters that lead to it."""

    def __init__(self, app, make, **survey):
        self.app, self.make, self.ledger, self.event = app, make, Ledger(app), make.event()
        self.survey = make.survey(self.event, **survey)
        self.people = {
            name: make.registration(self.event, name=name, email=f"{name.lower()}@example.org") for name in "ABCDEF"
        }

    def act(self, verb, *arguments, **more):
        return self.ledger.act(verb, *arguments, now=more.pop("now", NOW), **more)

    def answer(self, *names):
        for name in names:
            who = Answerer(registration=self.people[name])
            self.act(answering.save, self.survey.id, who, given={1: (Part(value=4),)}, reached=3)
            self.act(answering.send, self.survey.id, who)

    def keep(self, *rows):
        with self.app.app_context(), transaction.unit():
            db.session.add_all(rows)
            db.session.flush()

    def about(self, which):
        return self.act(services.begin_about, self.survey.id, which, actor=SYSTEM)

    def row(self, mailing):
        with self.app.app_context():
            return queries.get_mailing(self.event.id, mailing.public_id)

    def confirm(self, mailing, number, **more):
        version = self.row(mailing).version
        return self.act(services.confirm, mailing.id, number=number, version=version, actor=SYSTEM, **more)

    def fire(self):
        with self.app.app_context():
            return services.fire_due(lambda: NOW)

    def meant(self, mailing):
        """Whom it is for: the count, the sample and the list agree."""
        row = self.row(mailing)
        with self.app.app_context():
            event = find_event(self.event.public_id)
            arguments = (event, row.people, row.kind)
            found = [one.name for one in services.each_meant(*arguments, survey=row.survey, now=NOW)]
            some = [one.name for one in services.sample(*arguments, survey=row.survey, now=NOW)]
            assert services.count(*arguments, survey=row.survey, now=NOW).going == len(found)
        assert some == found
        return "".join(found)

    def letters(self, mailing):
        return self.ledger.all(select(Letter).where(Letter.mailing_id == mailing.id).order_by(Letter.id))

    def text(self, letter):
        with self.app.app_context():
            row = db.session.scalars(
                select(Letter).where(Letter.id == letter.id).options(joinedload(Letter.mailing))
            ).one()
            return opened(parsed(render(row, self.app.config["SETTINGS"]))).plain


def test_invitation_gives_each_person_the_link_by_which_they_answer(app, make):
    desk = Desk(app, make)
    mailing = desk.about("invitation")
    assert desk.about("invitation").id == mailing.id
    desk.confirm(mailing, 6)
    desk.fire()

    letters = desk.letters(mailing)
    assert len(letters) == 6
    for letter, person in zip(letters, desk.people.values(), strict=True):
        (address,) = (word for word in desk.text(letter).split() if f"/surveys/{desk.survey.public_id}/" in word)
        token = address.rstrip(").").rpartition("/")[2]
        with app.app_context():
            survey = get_answered_survey(desk.survey.public_id)
            assert get_registration_by_link(survey, token).id == person.id


@pytest.mark.parametrize("key", ["invitation", "reminder", "thanks"])
def test_letter_names_the_last_day_to_answer(app, make, key):
    desk = Desk(app, make, closes_at=NOW + timedelta(days=4))
    verb = services.carry if key in services.CARRIERS else services.begin_about
    said = "You can answer until 10am on Friday 14 May 2027."
    assert said in desk.act(verb, desk.survey.id, key, actor=SYSTEM).body
    desk.survey = make.survey(desk.event)
    assert "until" not in desk.about("invitation").body


@pytest.mark.parametrize("reported", [True, False])
def test_survey_about_a_session_asks_those_who_came_to_it_or_missed_it(app, make, reported):
    desk = Desk(app, make)
    session = make.session(desk.event, "Listening")
    day, now = desk.event.days[0], desk.event.ends_at
    for name in "ABC":
        how = {"source": CheckInSource.NAME, "actor": SYSTEM, "now": desk.event.starts_at}
        desk.act(attendance.check_in, desk.people[name].id, day.date, **how)
    if reported:
        report = AttendanceReport(
            event_id=desk.event.id, day_id=day.id, session_id=session.id, source=ReportSource.TEAMS,
            filename="report.csv", digest="0" * 64, imported_at=now,
        )  # fmt: skip
        desk.keep(report)
        line = {"report_id": report.id, "match": Match.EMAIL, "minutes": 40}
        desk.keep(*(AttendanceRecord(name=one, registration_id=desk.people[one].id, **line) for one in "AD"))
    expected = {AskedOf.CAME: "AD" if reported else "ABC", AskedOf.MISSED: "BCEF" if reported else "DEF"}
    for asked_of, names in expected.items():
        desk.survey = make.survey(desk.event, session=session, asked_of=asked_of)
        mailing = desk.about("invitation")
        assert mailing.people.goes_by_attendance
        assert desk.meant(mailing) == names
        with app.app_context():
            survey = get_answered_survey(desk.survey.public_id)
            assert count_asked(survey) == len(names)
            asked = [one for one, row in desk.people.items() if asks(survey, row)]
        assert "".join(asked) == names


def asks(survey, registration):
    try:
        answering.check_asked(survey, Answerer(registration=registration))
    except answering.NotAsked:
        return False
    return True


@pytest.mark.parametrize("privacy", [Privacy.NAMED, Privacy.ANONYMOUS])
def test_reminder_goes_only_to_those_who_have_not_answered_when_it_goes(app, make, privacy):
    desk = Desk(app, make, privacy=privacy, threshold=3)
    desk.answer("A", "C")
    mailing = desk.about("reminder")
    assert desk.row(mailing).people.unanswered
    assert desk.meant(mailing) == "BDEF"
    with pytest.raises(services.ConfirmedNumberChanged):
        desk.confirm(mailing, 6)
    desk.confirm(mailing, 4)

    desk.answer("D")
    desk.fire()

    assert [one.recipient_name for one in desk.letters(mailing)] == ["B", "E", "F"]


def test_those_whose_envelopes_were_opened_are_not_reminded_either_and_no_row_tells_what_they_answered(app, make):
    desk = Desk(app, make, privacy=Privacy.ANONYMOUS, threshold=3)
    desk.answer("A", "B", "C", "D", "E")
    mailing = desk.about("reminder")
    assert desk.meant(mailing) == "F"
    desk.answer("F")
    # Six wait, and so three are opened: of the others only the seal tells who they are.
    assert desk.act(box.open_box, desk.survey.id) == 3
    assert len(desk.ledger.all(select(SurveyEnvelope))) == 3
    assert desk.meant(mailing) == ""

    desk.about("invitation")
    # Nothing tells that anybody answered, and when, but that they took part.
    assert {row.verb for row in desk.ledger.all(select(Activity))} == {"mailing_added", "registered"}


def test_survey_asks_by_letter_whom_it_is_for(app, make):
    desk = Desk(app, make, asked_of=AskedOf.MISSED)
    assert [one.value for one in desk.row(desk.about("reminder")).people.attendance] == ["missed"]
    came = Desk(app, make, asked_of=AskedOf.CAME)
    assert [one.value for one in came.row(came.about("invitation")).people.attendance] == ["came", "part"]


def test_link_to_no_survey_to_a_draft_or_to_anothers_is_refused_with_what_to_do(app, make):
    desk = Desk(app, make)
    draft = make.survey(desk.event, state=SurveyState.DRAFT)
    foreign = make.survey(make.event())
    for survey, said in ((None, "none is chosen"), (draft.id, "is a draft"), (foreign.id, "not one of this event")):
        with pytest.raises(services.SurveyNeeded, match=said):
            desk.act(services.begin, desk.event.id, Words(**ASKING, survey_id=survey), actor=SYSTEM)

    mailing = desk.act(services.begin, desk.event.id, Words(**NEWS), actor=SYSTEM)
    with pytest.raises(services.SurveyNeeded, match="first choose the survey"):
        desk.act(services.change_audience, mailing.id, Audience(unanswered=True), version=1, actor=SYSTEM)
    reminder = desk.about("reminder")
    with pytest.raises(services.SurveyNeeded, match="who have not answered"):
        desk.act(services.change_words, reminder.id, Words(**NEWS), version=1, actor=SYSTEM)


def test_letter_does_not_go_where_its_survey_is_closed_or_gone(app, make):
    desk = Desk(app, make, closes_at=NOW + timedelta(hours=1))
    invitation, reminder = desk.about("invitation"), desk.about("reminder")
    with pytest.raises(services.NotNow, match="is closed then"):
        desk.confirm(invitation, 6, now=NOW + timedelta(hours=1))
    desk.confirm(invitation, 6)
    desk.act(survey_services.delete, desk.survey.id, actor=SYSTEM)
    desk.fire()

    assert desk.row(invitation).state is MailingState.STOPPED
    assert "is gone" in desk.row(invitation).reason
    assert desk.letters(invitation) == []
    # Of a survey that is gone nobody can be said not to have answered it.
    assert desk.meant(reminder) == ""


@pytest.mark.parametrize("key", services.CARRIERS)
def test_rule_carries_a_survey_in_our_words_or_behind_the_organisers(app, make, key):
    desk = Desk(app, make)
    carried = desk.act(services.carry, desk.survey.id, key, actor=SYSTEM)
    again = desk.act(services.carry, desk.survey.id, key, actor=SYSTEM)
    assert (again.id, again.version, carried.survey_id) == (carried.id, carried.version, desk.survey.id)
    assert "({survey_page})" in carried.body
    assert "Please reply with a few lines" not in carried.body

    own = Words(name="Own", kind=MailKind.FOLLOW_UP, subject="Own", body="Our own words.")
    desk.act(services.change_words, carried.id, own, version=carried.version, actor=SYSTEM)
    changed = desk.act(services.carry, desk.survey.id, key, actor=SYSTEM)
    assert changed.body.startswith("Our own words.\n\n[Answer the survey]({survey_page})")


def test_letters_that_lead_to_a_survey_are_not_copied_with_their_event(app, make):
    desk = Desk(app, make)
    desk.act(services.carry, desk.survey.id, "thanks", actor=SYSTEM)
    other = make.event()
    assert desk.act(copy_relative, desk.event.id, other, actor=SYSTEM) == 0
    assert desk.ledger.all(select(Mailing).where(Mailing.event_id == other.id)) == []


def test_preview_and_rehearsal_show_the_link_and_open_nothing(app, make):
    desk = Desk(app, make)
    row = desk.row(desk.act(services.carry, desk.survey.id, "thanks", actor=SYSTEM))
    settings = app.config["SETTINGS"]
    with app.test_request_context():
        event = find_event(desk.event.public_id)
        someone = services.somebody(row, event, now=NOW)
        shown = opened(parsed(services.preview(row, event, someone, settings, now=NOW))).plain
        story = next(one for one in services.stories_at(event) if one.came)
        steps = services.rehearse(event, [row], story, now=NOW)
        (step,) = (one for one in steps if one.mailing)
        rehearsed = opened(parsed(services.made(step.notice, settings, at=step.at))).plain
    for text in (shown, rehearsed):
        assert f"/surveys/{desk.survey.public_id}/" in text
    token = shown.partition(f"/surveys/{desk.survey.public_id}/")[2][:34]
    with app.app_context(), pytest.raises(NotFound):
        get_registration_by_link(get_answered_survey(desk.survey.public_id), token)
