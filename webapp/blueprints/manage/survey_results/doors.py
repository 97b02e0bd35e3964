"""What the pages of results share: the survey for who may see them, and what that viewer is shown of it."""

from dataclasses import dataclass
from datetime import date

from flask_login import current_user

from webapp import clock
from webapp.errors import NotFound
from webapp.models.accounts import Power, reach
from webapp.models.surveys import Privacy, Survey
from webapp.models.surveys_asked import Asked, Question
from webapp.queries.surveys import get_managed_survey, results, sessions_to_ask_about, texts
from webapp.queries.surveys.published import Results
from webapp.queries.surveys.publishing import asked_over_time, others_over_time
from webapp.suppression import Count


def looking(public_id: str, needing: Power = Power.SEE_RESULTS) -> Survey:
    """The survey, for who has this power over it; a draft has no results."""
    survey = get_managed_survey(public_id, viewer=current_user, needing=needing)
    if not survey.number:
        raise NotFound
    return survey


def has(power: Power, survey: Survey) -> bool:
    """Whether the viewer has this power over the survey."""
    return reach(current_user, power).covers(survey.programme_id, survey.event_id or 0)


def sees_answers(survey: Survey) -> bool:
    """Whether the viewer may see what each person answered: never of an anonymous survey."""
    if survey.privacy is Privacy.ANONYMOUS:
        return False
    return has(Power.ANALYSE if survey.privacy is Privacy.CONFIDENTIAL else Power.READ_ANSWERS, survey)


def is_over(survey: Survey) -> bool:
    """Whether nobody can answer any more."""
    return survey.stage(clock.now()) in results.OVER


def asked_of(survey: Survey) -> Asked:
    """All that the survey asks and ever asked."""
    return asked_over_time([(one.number, one.document) for one in survey.versions])[0]


def titles_of(survey: Survey) -> dict[str, str]:
    """The titles of the sessions of the survey's event, by their public ids."""
    return {session.public_id: session.title for session in sessions_to_ask_about(survey.event_id)}


def questions_with_texts(survey: Survey) -> list[Question]:
    """The questions that people answer in their own words, in whole or beside the choices."""
    return [question for question in asked_of(survey).questions if question.kind.is_text or question.other]


def may_read(survey: Survey) -> bool:
    """Whether the viewer is one who may read what was written; of an anonymous survey once it is over."""
    if survey.privacy is not Privacy.ANONYMOUS:
        return sees_answers(survey)
    return is_over(survey) and has(Power.READ_ANSWERS, survey)


def readable_texts(survey: Survey) -> frozenset[int]:
    """The questions of which the viewer may read what was written in answer.

    Of an anonymous survey these are, once it is over, those of which the results show how many answered so.
    """
    if not may_read(survey):
        return frozenset()
    questions = questions_with_texts(survey)
    if survey.privacy is not Privacy.ANONYMOUS:
        return frozenset(one.no for one in questions)
    release = results.find_release(survey.id)
    if release is None or not release.over:
        return frozenset()
    shown, written = Results.of(release.published), texts.counts_of_texts(survey.id)
    others = others_over_time([(one.number, one.document) for one in survey.versions])
    return frozenset(
        one.no
        for one in questions
        if texts.texts_tell_no_more(one, others.get(one.no, ()), shown, written.get(one.no, 0))
    )


def themes_of(survey: Survey, readable: frozenset[int]) -> dict[int, list[tuple[str, Count]]]:
    """The themes of the texts that may be read, by their questions, with how many texts carry each; None are few."""
    return {
        no: [(name, number if number >= survey.threshold else None) for name, number in found]
        for no, found in texts.themes_by_question(survey.id).items()
        if no in readable
    }


def shows_texts(survey: Survey, question: int) -> bool:
    """Whether the viewer may read what was written in answer to a question."""
    return question in readable_texts(survey)


@dataclass(frozen=True)
class Sight:
    """The results as the viewer may see them, and from when on they are so; None for as they stand this moment."""

    results: Results
    since: date | None


def sight_of(survey: Survey, *by: str) -> Sight | None:
    """What the viewer is shown: the results as they stand for who sees each answer, else as last released; None yet."""
    if sees_answers(survey):
        return Sight(results.live_results(survey, *by), None)
    release = results.find_release(survey.id)
    return None if release is None else Sight(Results.of(release.published), release.day)
