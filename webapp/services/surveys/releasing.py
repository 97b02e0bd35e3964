"""Results are released in steps, so that nobody learns from two of them what few people answered in between."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp import transaction
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import Privacy, Survey
from webapp.queries.surveys import lock_survey, releases, results
from webapp.queries.surveys.published import Results, plain_lists
from webapp.queries.surveys.publishing import Earlier, asked_over_time, publish

logger = logging.getLogger(__name__)


def release_due(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Release what is due of every survey, each in a unit of its own; gives how many there were.

    What takes long, the counting, is done before anything is locked, and is thrown away if somebody was quicker.
    """
    ids = [survey.id for survey in releases.surveys_to_release(now=clock()) if _is_due(survey, now=clock())]
    done = 0
    for survey_id in ids:
        if stopping():
            break
        try:
            done += _release_one(survey_id, now=clock())
        except (DomainError, IntegrityError):  # one survey's trouble is not to hold up all others
            logger.exception("The results of the survey %s could not be released", survey_id)
    db.session.rollback()
    return done


def _release_one(survey_id: int, *, now: datetime) -> int:
    made = _step(results.get_survey(survey_id), now=now)
    sent = results.count_responses(survey_id)
    db.session.rollback()
    if made is None:
        return 0
    with transaction.unit():
        lock_survey(survey_id)
        last = releases.last_released(survey_id)
        if sent != results.count_responses(survey_id) or made.number != (last.number + 1 if last else 1):
            return 0
        db.session.add(made)
    return 1


def release(survey_id: int, *, now: datetime) -> SurveyRelease | None:
    """Release the results of a survey as they stand, where that is a step: None where it is none.

    A step has at least as many new answers as the threshold, and splits are made once, when nobody can answer any more.
    Raises NotFound.
    """
    made = _step(lock_survey(survey_id), now=now)
    if made is not None:
        db.session.add(made)
        db.session.flush()
    return made


def _step(survey: Survey, *, now: datetime) -> SurveyRelease | None:
    if not _is_due(survey, now=now):
        return None
    last = results.find_release(survey.id)
    over = survey.stage(now) in results.OVER
    asked, wordings = asked_over_time([(one.number, one.document) for one in survey.versions])
    whole = results.tally_of(survey.id, asked)
    # Once a number was hidden, a lower threshold must not show it beside what was hidden with it.
    threshold = max(survey.threshold, releases.highest_threshold(survey.id))
    if last is not None and whole.responses != last.responses and whole.responses - last.responses < threshold:
        # Whoever came since then would be too few among themselves: what was shown last stays.
        published, lists, responses = Results.of(last.published), last.lists, last.responses
    else:
        was = releases.results_when_first_over(survey.id)
        splits, answers = {}, {}
        if over and was is None:
            titles = dict.fromkeys((section.session for section in asked.sections), "")
            names = [one.by for one in results.splittings_of(survey, asked, titles)]
            own = {by: int(by.removeprefix("question-")) for by in names if by.startswith("question-")}
            splits = {by: results.tallies_by(survey.id, asked, by, whole) for by in names if by not in own}
            answers = {no: results.tallies_by_answer(survey.id, asked, no) for no in own.values()}
        published, made = publish(
            asked,
            whole,
            threshold,
            wordings=wordings,
            earlier=Earlier(Results.of(last.published), releases.lists_before(survey.id)) if last is not None else None,
            last=over,
            splits=splits,
            answers=answers,
        )
        lists, responses = plain_lists(made), whole.responses
        if was is not None:
            published = Results(**(published.__dict__ | {"splits": was.splits}))
    return SurveyRelease(
        survey_id=survey.id,
        number=last.number + 1 if last is not None else 1,
        responses=responses,
        over=over,
        day=now.astimezone(survey.timezone).date(),
        published=published.plain(),
        lists=lists,
    )


def _is_due(survey: Survey, *, now: datetime) -> bool:
    over = survey.stage(now) in results.OVER
    if not over and survey.privacy is not Privacy.ANONYMOUS:
        return False
    if over and results.count_in_box(survey.id) >= survey.threshold:
        # The last ones are taken out first: splits are made but once.
        return False
    sent = results.count_responses(survey.id)
    last = releases.last_released(survey.id)
    if last is None:
        return sent >= survey.threshold
    return (over and not last.over) or sent - last.responses >= survey.threshold
