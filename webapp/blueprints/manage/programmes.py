"""Programmes on the organisers' side: what each is for, its waves, timeline, areas, and the parts of its partners."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_create_programme
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.programme_forms import PartForm, ProgrammeForm
from webapp.blueprints.merging import Difference, merge
from webapp.models.library import today
from webapp.models.programmes import Part, Programme, ThemeKind
from webapp.queries import programmes as programme_queries
from webapp.queries import waves as queries
from webapp.queries.memberships import led_in
from webapp.services import programmes as services
from webapp.services.waves import ProgrammeChanged, ProgrammeRefused
from webapp.transaction import attempt

bp = Blueprint("programmes", __name__, url_prefix="/programmes")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """The programmes that the viewer sets up; who may set up new ones finds the page before there is one, too."""
    is_founder = may_create_programme(current_user)
    found = programme_queries.programmes() if is_founder else creatable()
    return render_template("manage/programmes/index.html", found=found, is_founder=is_founder)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """Set up a programme, with nothing in it yet."""
    if not may_create_programme(current_user):
        abort(403)
    form, status = ProgrammeForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.create_programme(
                    name=str(form.name.data),
                    summary=str(form.summary.data),
                    description=str(form.description.data),
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash(f"“{made.name}” is set up. Now name its strands, waves and areas.", "success")
            return redirect(url_for(".show", programme=made))
    elif form.is_submitted():
        status = 422
    return render_template("manage/programmes/new.html", form=form, errors=error_list(form)), status


@bp.get("/<ref:programme>")
@allow(Who.ORGANISER)
def show(programme: Ref) -> str:
    """A programme's waves and areas, its timeline, and who plays a part in it."""
    found = managed(programme)
    put_right(programme, found, ".show", programme=found)
    return _page(found, _part_form(found))


@bp.route("/<ref:programme>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(programme: Ref) -> Answer:
    """Change what a programme is called and for."""
    found = managed(programme)
    form, status = ProgrammeForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.describe_programme(
                    found.id,
                    name=str(form.name.data),
                    summary=str(form.summary.data),
                    description=str(form.description.data),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except ProgrammeChanged as changed:
            found = managed(programme)
            theirs, status = merge(form, ProgrammeForm.of(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        except ProgrammeRefused as refused:
            form[refused.field].errors, status = [refused.message], refused.status
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", programme=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/programmes/edit.html", programme=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.post("/<ref:programme>/parts")
@allow(Who.ORGANISER)
def add_part(programme: Ref) -> Answer:
    """Say what part an organisation plays; one that plays it already is given the new task."""
    found = managed(programme)
    form = _part_form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with attempt():
            services.add_part(
                found.id,
                str(form.organisation.data),
                part=Part(form.part.data),
                theme_id=form.theme_id,
                task=str(form.task.data),
                actor=current_user.actor,
                now=clock.now(),
            )
    except ProgrammeRefused as refused:
        form[refused.field].errors = [refused.message]
        return _page(found, form), refused.status
    flash("The part is saved.", "success")
    return redirect(url_for(".show", programme=found, _anchor="partners"))


@bp.post("/<ref:programme>/parts/remove")
@allow(Who.ORGANISER)
def remove_part(programme: Ref) -> Answer:
    """Take the part away that an organisation played; not there any more, nothing happens."""
    found = managed(programme)
    form, wanted = ButtonForm(), request.form.get("part", "")
    if not form.validate_on_submit():
        return _page(found, _part_form(found, sent=False), form.problem), 422
    part_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    with attempt():
        services.remove_part(found.id, part_id, actor=current_user.actor, now=clock.now())
    flash("It no longer stands there.", "success")
    return redirect(url_for(".show", programme=found, _anchor="partners"))


def managed(programme: Ref) -> Programme:
    """The programme, for who sets it up; raises NotFound for all others."""
    return queries.get_managed_programme(programme.public_id, viewer=current_user)


def _part_form(found: Programme, *, sent: bool = True) -> PartForm:
    form = PartForm() if sent else PartForm(formdata=None)
    form.offer(found)
    return form


def _page(found: Programme, form: PartForm, problem: str = "") -> str:
    return render_template(
        "manage/programmes/show.html",
        programme=found,
        kinds=[(kind, [one for one in found.themes if one.kind is kind]) for kind in ThemeKind],
        waves=queries.waves_of(found.id),
        led=led_in(found.id),
        milestones=queries.milestones_of(found.id),
        form=form,
        errors=[{"text": problem}] if problem else error_list(form),
        today=today(clock.now()),
    )
