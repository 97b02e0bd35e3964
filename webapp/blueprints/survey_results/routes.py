"""Results that everybody may see: of the questions that organisers chose, once nobody can answer any more."""

from flask import render_template

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.survey_results import bp
from webapp.errors import NotFound
from webapp.queries.surveys import results
from webapp.queries.surveys.published import Results


@bp.get("")
@allow(Who.ANYONE)
def show(survey: str) -> str:
    """The chosen questions in numbers; without any there is no such page."""
    found = results.get_public_survey(survey)
    release = results.find_release(found.id)
    if release is None or not release.over or found.stage(clock.now()) not in results.OVER:
        raise NotFound
    whole = Results.of(release.published)
    chosen = [one for one in whole.results if one.no in found.public_questions]
    return render_template("survey_results/show.html", survey=found, results=whole, chosen=chosen)
