"""The timeline of a programme on the organisers' side: milestones put on it, changed and taken off."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.programme_forms import MilestoneForm
from webapp.blueprints.manage.programmes import Answer, managed
from webapp.models.programmes import Programme
from webapp.queries import waves as queries
from webapp.services import milestones as services
from webapp.transaction import attempt

bp = Blueprint("milestones", __name__)

_OF_NONE = "The whole programme"


@bp.route("/programmes/<ref:programme>/milestones/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(programme: Ref) -> Answer:
    """Something new on the timeline."""
    found = managed(programme)
    form = MilestoneForm()
    form.offer(queries.waves_of(found.id), none=_OF_NONE)
    if form.validate_on_submit():
        with attempt():
            services.add_milestone(found.id, form.words(), actor=current_user.actor, now=clock.now())
        flash("It is on the timeline.", "success")
        return _back(found)
    page = render_template("manage/milestones/new.html", programme=found, form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.route("/programmes/<ref:programme>/milestones/<milestone>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(programme: Ref, milestone: str) -> Answer:
    """Change what is said of a milestone."""
    found = managed(programme)
    row = queries.get_milestone_of(found.id, milestone)
    form = MilestoneForm.of(row)
    form.offer(queries.waves_of(found.id), none=_OF_NONE)
    if form.validate_on_submit():
        with attempt():
            services.change_milestone(row.id, form.words(), actor=current_user.actor, now=clock.now())
        flash("It is saved.", "success")
        return _back(found)
    page = render_template(
        "manage/milestones/edit.html", programme=found, milestone=row, form=form, errors=error_list(form)
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/programmes/<ref:programme>/milestones/<milestone>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(programme: Ref, milestone: str) -> Answer:
    """Take a milestone off the timeline after one question."""
    found = managed(programme)
    row, form = queries.get_milestone_of(found.id, milestone), ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.remove_milestone(row.id, actor=current_user.actor, now=clock.now())
        flash(f"“{row.title}” is no longer on the timeline.", "success")
        return _back(found)
    page = render_template("manage/milestones/remove.html", programme=found, milestone=row, problem=form.problem)
    return page, 422 if form.is_submitted() else 200


def _back(programme: Programme) -> Response:
    return redirect(url_for("manage.programmes.show", programme=programme, _anchor="timeline"))
