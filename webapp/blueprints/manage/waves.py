"""Waves on the organisers' side: made, changed, put in order, removed while nothing belongs to them."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.programme_forms import WaveForm
from webapp.blueprints.manage.programmes import Answer, managed
from webapp.blueprints.merging import Difference, merge
from webapp.models.areas import Wave
from webapp.models.programmes import Programme
from webapp.queries import waves as queries
from webapp.services import waves as services
from webapp.transaction import attempt

bp = Blueprint("waves", __name__)


@bp.route("/programmes/<ref:programme>/waves/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(programme: Ref) -> Answer:
    """A new wave, after all others of the programme."""
    found = managed(programme)
    form, status = WaveForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.create_wave(found.id, form.words(), actor=current_user.actor, now=clock.now())
        except services.ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash(f"“{made.name}” is added. Now name its areas.", "success")
            return _back(made, found)
    elif form.is_submitted():
        status = 422
    return render_template("manage/waves/new.html", programme=found, form=form, errors=error_list(form)), status


@bp.route("/waves/<ref:wave>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(wave: Ref) -> Answer:
    """Change what a wave is called, its dates and its stages."""
    found = _managed(wave)
    form, status = WaveForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        acting = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.change_wave(found.id, form.words(), version=form.version.data or 0, **acting)
        except services.ProgrammeChanged as changed:
            found = _managed(wave)
            theirs, status = merge(form, WaveForm.of(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        except services.ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return _back(found, found.programme)
    elif form.is_submitted():
        status = 422
    page = render_template("manage/waves/edit.html", wave=found, form=form, theirs=theirs, errors=error_list(form))
    return page, status


@bp.post("/waves/<ref:wave>/move")
@allow(Who.ORGANISER)
def move(wave: Ref) -> Answer:
    """Move a wave up or down by one."""
    found, form = _managed(wave), ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.move_wave(found.id, up=bool(request.form.get("up")), actor=current_user.actor, now=clock.now())
    else:
        flash(form.problem, "error")
    return _back(found, found.programme)


@bp.route("/waves/<ref:wave>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(wave: Ref) -> Answer:
    """Delete a wave after one question; one to which something belongs stays."""
    found, form, problem, status = _managed(wave), ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_wave(found.id, actor=current_user.actor, now=clock.now())
        except services.ProgrammeRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{found.name}” is removed.", "success")
            return redirect(url_for("manage.programmes.show", programme=found.programme))
    elif form.is_submitted():
        problem, status = form.problem, 422
    return render_template("manage/waves/remove.html", wave=found, problem=problem), status


def _managed(wave: Ref) -> Wave:
    return queries.get_managed_wave(wave.public_id, viewer=current_user)


def _back(wave: Wave, programme: Programme) -> Response:
    return redirect(url_for("manage.programmes.show", programme=programme, _anchor=f"wave-{wave.public_id}"))
