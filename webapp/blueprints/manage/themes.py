"""Strands, practice models, pillars and topics of a programme on the organisers' side."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.programmes import Answer, managed
from webapp.blueprints.manage.theme_forms import ThemeForm
from webapp.blueprints.merging import Difference, merge
from webapp.models.programmes import Programme
from webapp.queries import programmes as queries
from webapp.services import themes as services
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused
from webapp.transaction import attempt

bp = Blueprint("themes", __name__, url_prefix="/programmes/<ref:programme>/themes")


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(programme: Ref) -> Answer:
    """A new theme, after all others of the programme."""
    found = managed(programme)
    form, status = ThemeForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.add_theme(found.id, form.words(), actor=current_user.actor, now=clock.now())
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash(f"“{made.name}” is added.", "success")
            return _back(found, made.public_id)
    elif form.is_submitted():
        status = 422
    return render_template("manage/themes/new.html", programme=found, form=form, errors=error_list(form)), status


@bp.route("/<theme>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(programme: Ref, theme: str) -> Answer:
    """Change what a theme is called and about."""
    found = managed(programme)
    row = queries.get_theme_of(found.id, theme)
    form, status = ThemeForm.of(row), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        acting = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.change_theme(found.id, row.id, form.words(), version=form.version.data or 0, **acting)
        except ProgrammeChanged as changed:
            found = managed(programme)
            row = queries.get_theme_of(found.id, theme)
            theirs, status = merge(form, ThemeForm.of(row, fresh=True)), changed.status
            form.form_errors = [changed.message]
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return _back(found, theme)
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/themes/edit.html", programme=found, theme=row, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.post("/<theme>/move")
@allow(Who.ORGANISER)
def move(programme: Ref, theme: str) -> Answer:
    """Move a theme up or down by one among those of its kind."""
    found, form = managed(programme), ButtonForm()
    row, up = queries.get_theme_of(found.id, theme), bool(request.form.get("up"))
    if form.validate_on_submit():
        with attempt():
            services.move_theme(found.id, row.id, up=up, actor=current_user.actor, now=clock.now())
    else:
        flash(form.problem, "error")
    return _back(found, theme)


@bp.route("/<theme>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(programme: Ref, theme: str) -> Answer:
    """Delete a theme after one question; one to which something refers stays."""
    found, form, problem, status = managed(programme), ButtonForm(), "", 200
    row = queries.get_theme_of(found.id, theme)
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_theme(found.id, row.id, actor=current_user.actor, now=clock.now())
        except ProgrammeRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{row.name}” is removed.", "success")
            return redirect(url_for("manage.programmes.show", programme=found, _anchor="themes"))
    elif form.is_submitted():
        problem, status = form.problem, 422
    return render_template("manage/themes/remove.html", programme=found, theme=row, problem=problem), status


def _back(programme: Programme, theme: str) -> Response:
    return redirect(url_for("manage.programmes.show", programme=programme, _anchor=f"theme-{theme}"))
