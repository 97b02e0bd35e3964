"""Themes are put on what people wrote, by hand."""

from collections.abc import Mapping

from sqlalchemy import delete

from webapp.database import insert_or
from webapp.extensions import db
from webapp.folding import clean_line, fold
from webapp.models.surveys import SurveyTheme, SurveyThemed
from webapp.queries.surveys import lock_survey, texts
from webapp.services.surveys.refusals import SurveyRefused

MOST_THEMES = 50
LONGEST_THEME = 100


def add_theme(survey_id: int, question: int, name: str) -> SurveyTheme:
    """Name a theme of the answers to a question; a name that stands there already gives the theme of that name.

    Raises SurveyRefused.
    """
    survey = lock_survey(survey_id)
    name = clean_line(name)
    if not name:
        raise SurveyRefused("Enter a theme", "name")
    if len(name) > LONGEST_THEME:
        raise SurveyRefused(f"Theme must be {LONGEST_THEME} characters or fewer", "name")
    found = texts.find_theme(survey.id, question, fold(name)[:LONGEST_THEME])
    if found is not None:
        return found
    if len(texts.themes_of(survey.id, question)) >= MOST_THEMES:
        raise SurveyRefused(f"A question has at most {MOST_THEMES} themes: remove one first", "name")
    theme = SurveyTheme(survey_id=survey.id, question=question, name=name, name_folded=fold(name)[:LONGEST_THEME])
    db.session.add(theme)
    db.session.flush()
    return theme


def remove_theme(survey_id: int, public_id: str) -> None:
    """Remove a theme from all texts and for good. Raises NotFound."""
    survey = lock_survey(survey_id)
    theme = texts.get_theme(survey.id, public_id)
    db.session.execute(delete(SurveyThemed).where(SurveyThemed.theme_id == theme.id))
    db.session.delete(theme)


def put_themes(survey_id: int, question: int, changes: Mapping[int, tuple[set[int], set[int]]]) -> None:
    """Put themes on texts and take others off: by the id of the response, the ids of themes to put on and take off.

    What is of another question or survey is passed over.
    """
    locked = lock_survey(survey_id)
    known = {theme.id for theme, _ in texts.themes_of(locked.id, question)}
    there = texts.ids_of_texts(locked.id, question, list(changes))
    rows = [
        {"theme_id": theme, "response_id": one}
        for one, (put_on, _) in changes.items()
        for theme in put_on & known
        if one in there
    ]
    if rows:
        db.session.execute(insert_or(db.session, SurveyThemed).values(rows).on_conflict_do_nothing())
    for one, (_, take_off) in changes.items():
        gone = take_off & known
        if gone and one in there:
            db.session.execute(
                delete(SurveyThemed).where(SurveyThemed.response_id == one, SurveyThemed.theme_id.in_(sorted(gone)))
            )
