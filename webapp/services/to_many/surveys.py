"""Surveys that go out by letters to many: what such a letter needs, and ready words to invite and to remind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.errors import DomainError
from webapp.models.accounts import Actor
from webapp.models.attendance import Came
from webapp.models.events import Event
from webapp.models.mailings import MailKind
from webapp.models.surveys import AskedOf, Privacy, Survey, SurveyStage, SurveyState
from webapp.models.to_many import LONGEST_NAME, Audience, Chosen, Mailing, MailingState
from webapp.notices import to_many as notices
from webapp.queries import surveys as survey_queries
from webapp.queries import to_many as queries
from webapp.queries.to_many import Count
from webapp.services.to_many.audiences import count
from webapp.services.to_many.rules import begin_rule, paragraphs, rule_of
from webapp.services.to_many.writing import Words, begin, change_words
from webapp.templating import british_moment

_ATTENDANCE: Mapping[AskedOf, tuple[Came, ...]] = {
    AskedOf.EVERYONE: (),
    AskedOf.CAME: (Came.CAME, Came.IN_PART),
    AskedOf.MISSED: (Came.MISSED,),
}
_LINK = "[Answer the survey]({survey_page})"
_PROMISES = {
    Privacy.NAMED: "Those who organise the event see your answers with your name.",
    Privacy.CONFIDENTIAL: "Your answers are confidential: only the analyst can see which are yours.",
    Privacy.ANONYMOUS: (
        "Your answers are anonymous: once enough people have answered, nobody can tell which are yours. It is noted"
        " only that you took part, so that you"
        " are not reminded."
    ),
}
_YOURS = "The link is yours alone. You can stop at any time and go on later, on another device too."
_NO_NAMES = "Please name no child and no family."


class NoLetterNow(DomainError):
    """No letter leads to this survey as it stands."""

    code = "no_letter_now"
    status = 409


@dataclass(frozen=True)
class Ready:
    """A ready letter about a survey: what it is, and whether it goes only to those who have not answered."""

    name: str
    subject: str
    body: str
    unanswered: bool = False


READY: Mapping[str, Ready] = {
    "invitation": Ready(
        "Invitation",
        "A few questions about {event}",
        paragraphs("We would like to hear from you about **{event}**.", _LINK, "%s", _YOURS, _NO_NAMES),
    ),
    "reminder": Ready(
        "Reminder",
        "There is still time: questions about {event}",
        paragraphs(
            "We asked you about **{event}**, and have no answers from you yet. There is still time.",
            _LINK,
            "%s",
            _YOURS,
            _NO_NAMES,
            "If you have answered meanwhile, thank you: then our letters crossed.",
        ),
        unanswered=True,
    ),
}
# The ready-made rules that can carry a survey.
CARRIERS = ("thanks", "practice_ten_weeks")


def asked_by(survey: Survey, *, unanswered: bool = False) -> Audience:
    """Whom of its event a survey asks: of one about a session those who came to that, or missed it."""
    session = survey_queries.session_of(survey)
    if session is not None and survey.asked_of is not AskedOf.EVERYONE:
        how = Chosen.CAME if survey.asked_of is AskedOf.CAME else Chosen.MISSED
        return Audience(sessions=(session.public_id,), chosen=(how,), unanswered=unanswered)
    return Audience(attendance=_ATTENDANCE[survey.asked_of], unanswered=unanswered)


def count_asked(survey: Survey, event: Event, *, unanswered: bool, now: datetime) -> Count:
    """How many a survey asks by letter, or is still to hear from; the event's days must be loaded."""
    audience = asked_by(survey, unanswered=unanswered)
    return count(event, audience, MailKind.FOLLOW_UP, survey=survey, now=now)


def check_takes_letters(survey: Survey, *, now: datetime) -> None:
    """Raise NoLetterNow, with a sentence that says why, unless letters can lead people to this survey."""
    if survey.event_id is None:
        raise NoLetterNow("This survey is about no event, so there is nobody to write to.")
    if survey.state is SurveyState.DRAFT:
        raise NoLetterNow("This survey is a draft. Publish it first, then write to people.")
    if survey.stage(now) in {SurveyStage.CLOSED, SurveyStage.ARCHIVED}:
        raise NoLetterNow("This survey has closed, so nobody can answer it any more.")


def begin_about(survey_id: int, which: str, *, actor: Actor, now: datetime) -> Mailing:
    """A draft in ready words that leads to a survey: to all it asks, or a reminder to those who have not answered.

    One that still is a draft is given back. Raises NoLetterNow.
    """
    ready = READY[which]
    survey = survey_queries.lock_survey(survey_id)
    check_takes_letters(survey, now=now)
    event_id = survey.event_id or 0
    name = f"{ready.name}: {survey.title}"[:LONGEST_NAME]
    for one in queries.mailings_about(survey.id):
        if one.state is MailingState.DRAFT and one.name == name:
            return one
    body = ready.body % _told(survey)
    words = Words(name=name, kind=MailKind.FOLLOW_UP, subject=ready.subject, body=body, survey_id=survey.id)
    mailing = begin(event_id, words, actor=actor, now=now)
    mailing.audience = asked_by(survey, unanswered=ready.unanswered).plain()
    return mailing


def _told(survey: Survey) -> str:
    """What becomes of the answers, and until when they are taken, as the survey stands while the letter is written."""
    promise = _PROMISES[survey.privacy]
    if survey.closes_at is None:
        return promise
    return paragraphs(promise, f"You can answer until {british_moment(survey.closes_at, survey.zone)}.").rstrip("\n")


def carry(survey_id: int, key: str, *, actor: Actor, now: datetime) -> Mailing:
    """Let the event's letter of a ready-made rule lead to a survey: by our words while they stand, else at its end.

    Led there already, it stays as it is. Raises NoLetterNow, and NotOpen once the letter was sent.
    """
    rule = rule_of(key)
    survey = survey_queries.lock_survey(survey_id)
    check_takes_letters(survey, now=now)
    event_id = survey.event_id or 0
    mailing = queries.find_mailing_of_rule(event_id, key) or begin_rule(event_id, key, actor=actor, now=now)
    body = mailing.body
    if "survey_page" not in notices.check(mailing.subject, body):
        asking = rule.asking if body == rule.body else paragraphs(body.rstrip(), _LINK)
        body = asking.rstrip("\n") + "\n\n" + _told(survey) + "\n"
    words = Words(name=mailing.name, kind=mailing.kind, subject=mailing.subject, body=body, survey_id=survey.id)
    return change_words(mailing.id, words, version=mailing.version, actor=actor, now=now)
