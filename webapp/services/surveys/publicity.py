"""Which results of a survey everybody may see."""

from collections.abc import Iterable
from datetime import datetime

from webapp.models.accounts import Actor, ThingKind
from webapp.models.surveys import Survey
from webapp.queries.surveys import lock_survey
from webapp.queries.surveys.publishing import asked_over_time
from webapp.services.activity import record


def choose_public(survey_id: int, questions: Iterable[int], *, actor: Actor, now: datetime) -> Survey:
    """Show the results of these questions to everybody once the survey is over, and of no others. Raises NotFound.

    What people wrote is never shown.
    """
    survey = lock_survey(survey_id)
    asked, _ = asked_over_time([(one.number, one.document) for one in survey.versions])
    wanted = set(questions)
    chosen = [one.no for one in asked.questions if one.no in wanted and not one.kind.is_text]
    if chosen != survey.public_questions:
        survey.public_questions = chosen
        survey.updated_at = now
        record(
            "survey_results_chosen",
            ThingKind.SURVEY,
            survey.id,
            actor=actor,
            now=now,
            event_id=survey.event_id,
            number=len(chosen),
        )
    return survey
