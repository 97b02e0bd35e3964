"""Which questions' results everybody may see."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.survey_results import bp, doors
from webapp.models.accounts import Power
from webapp.services.surveys import choose_public
from webapp.transaction import attempt


@bp.route("/public", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def public(survey: str) -> Response | str | tuple[str, int]:
    """Choose the questions of the survey that everybody may see the results of."""
    found, form = doors.looking(survey, Power.SET_UP), ButtonForm()
    if form.validate_on_submit():
        numbers = [int(text) for text in request.form.getlist("question") if text.isascii() and text.isdigit()]
        with attempt():
            choose_public(found.id, numbers, actor=current_user.actor, now=clock.now())
        flash("Saved.")
        return redirect(url_for(".public", survey=survey))
    page = render_template(
        "manage/survey_results/public.html",
        survey=found,
        questions=[one for one in doors.asked_of(found).questions if not one.kind.is_text],
        over=doors.is_over(found),
        errors=error_list(form),
    )
    return (page, 422) if form.is_submitted() else page
