"""Areas on the organisers' side: put into a wave, with who leads them and who works there beside."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.programme_forms import AreaForm
from webapp.blueprints.manage.programmes import Answer, managed
from webapp.blueprints.merging import Difference, merge
from webapp.errors import NotFound
from webapp.models.areas import Area, Wave
from webapp.models.programmes import Programme
from webapp.queries import waves as queries
from webapp.services import placing_areas as services
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused
from webapp.transaction import attempt

bp = Blueprint("areas", __name__)


@bp.route("/programmes/<ref:programme>/areas/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(programme: Ref) -> Answer:
    """A new area in a wave of the programme."""
    found = managed(programme)
    waves = queries.waves_of(found.id)
    if not waves:
        raise NotFound
    form, status = AreaForm(data={"wave": request.args.get("wave", "")[:12]}), 200
    form.offer(waves)
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.create_area(found.id, form.place(), actor=current_user.actor, now=clock.now())
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash(f"{made.name} is added. Its own people can now say what it does.", "success")
            return _back(form.waves[form.wave.data], found)
    elif form.is_submitted():
        status = 422
    return render_template("manage/areas/new.html", programme=found, form=form, errors=error_list(form)), status


@bp.route("/areas/<ref:area>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(area: Ref) -> Answer:
    """Change where an area belongs and who works there."""
    found = _managed(area)
    form, status = _form(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        acting = {"actor": current_user.actor, "now": clock.now()}
        try:
            with attempt():
                services.place_area(found.id, form.place(), version=form.version.data or 0, **acting)
        except ProgrammeChanged as changed:
            found = _managed(area)
            theirs, status = merge(form, _form(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return _back(form.waves[form.wave.data], found.programme)
    elif form.is_submitted():
        status = 422
    page = render_template("manage/areas/edit.html", area=found, form=form, theirs=theirs, errors=error_list(form))
    return page, status


@bp.route("/areas/<ref:area>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(area: Ref) -> Answer:
    """Delete an area after one question; one to which something belongs stays."""
    found, form, problem, status = _managed(area), ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.remove_area(found.id, actor=current_user.actor, now=clock.now())
        except ProgrammeRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"{found.name} is removed.", "success")
            return _back(found.wave, found.programme)
    elif form.is_submitted():
        problem, status = form.problem, 422
    return render_template("manage/areas/remove.html", area=found, problem=problem), status


def _managed(area: Ref) -> Area:
    return queries.get_managed_area(area.public_id, viewer=current_user)


def _form(found: Area, *, fresh: bool = False) -> AreaForm:
    form = AreaForm.of(found, fresh=fresh)
    form.offer(queries.waves_of(found.programme_id))
    return form


def _back(wave: Wave, programme: Programme) -> Response:
    return redirect(url_for("manage.programmes.show", programme=programme, _anchor=f"wave-{wave.public_id}"))
