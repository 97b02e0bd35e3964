"""Which questions' results everybody may see."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.survey_results import bp, doors
from webapp.models.accounts import Power
from webapp.models.surveys import Survey
from webapp.queries.surveys import get_managed_survey
from webapp.services.surveys import choose_public
from webapp.transaction import attempt


@bp.get("/public")
@allow(Who.ORGANISER)
def public(survey: str) -> str:
    """The questions of the survey, those ticked that everybody may see the results of."""
    return _page(_building(survey), ButtonForm(formdata=None))


@bp.post("/public")
@allow(Who.ORGANISER)
def choose_questions(survey: str) -> Response | tuple[str, int]:
    """Choose them."""
    found, form = _building(survey), ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    numbers = [int(text) for text in request.form.getlist("question") if text.isascii() and text.isdigit()]
    with attempt():
        choose_public(found.id, numbers, actor=current_user.actor, now=clock.now())
    flash("Saved.")
    return redirect(url_for(".public", survey=survey))


def _building(public_id: str) -> Survey:
    get_managed_survey(public_id, viewer=current_user, needing=Power.SET_UP)
    return doors.looking(public_id)


def _page(survey: Survey, form: ButtonForm) -> str:
    return render_template(
        "manage/survey_results/public.html",
        survey=survey,
        questions=[one for one in doors.asked_of(survey).questions if not one.kind.is_text],
        over=doors.is_over(survey),
        errors=error_list(form),
        may_build=True,
    )
