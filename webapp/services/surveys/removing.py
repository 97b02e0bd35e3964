"""Removing what somebody wrote for good, where it may identify a child or a family."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete

from webapp import sealing
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.surveys import REMOVED, Survey, SurveyThemed
from webapp.models.surveys_answered import plain
from webapp.queries.surveys import lock_survey, standing, texts
from webapp.services.activity import record


class TextChanged(DomainError):
    """Its writer changed the text since it was read."""

    code = "changed_meanwhile"
    message = "Whoever wrote this changed it a moment ago. Read it as it is now."


def remove_text(survey_id: int, question: int, response_id: int, *, text: str, actor: Actor, now: datetime) -> None:
    """Put "[removed]" in place of a text, take its themes off, and record that, without the text.

    What its writer saved of it and has not sent goes as well, where it is known who they are. Removed already, nothing
    happens. Raises TextChanged where it no longer says `text`.
    """
    survey = lock_survey(survey_id)
    row = texts.find_text(survey.id, question, response_id)
    if row is None or row.text == REMOVED:
        return
    if row.text != text:
        raise TextChanged
    row.text = REMOVED
    themes = [theme.id for theme, _ in texts.themes_of(survey.id, question)]
    db.session.execute(
        delete(SurveyThemed).where(SurveyThemed.response_id == response_id, SurveyThemed.theme_id.in_(themes))
    )
    _forget_saved(survey, question, response_id, text)
    record("text_removed", ThingKind.SURVEY, survey.id, actor=actor, now=now, event_id=survey.event_id)
    db.session.flush()


def _forget_saved(survey: Survey, question: int, response_id: int, text: str) -> None:
    who = standing.find_answerer(response_id)
    draft = standing.lock_draft(survey, who) if who is not None else None
    if draft is None:
        return
    given, kept = standing.opened_draft(draft.sealed)
    given[question] = tuple(replace(one, text=REMOVED) if one.text == text else one for one in given.get(question, ()))
    draft.sealed = sealing.seal(standing.DRAFT, plain({no: parts for no, parts in given.items() if parts}, kept))
    draft.version += 1
