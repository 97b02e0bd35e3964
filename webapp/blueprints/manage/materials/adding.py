"""The materials of an event, and adding to them: files, links, and what speakers handed in."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.materials import bp
from webapp.blueprints.manage.materials.forms import (
    LARGEST,
    MOST_FILES,
    WHOLE_EVENT,
    FilesForm,
    GivenForm,
    LinkForm,
)
from webapp.blueprints.materials.offering import item_of
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.files import FileReach
from webapp.queries import materials as queries
from webapp.queries.events import get_managed_event
from webapp.services import materials as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]


def event_to_edit(ref: Ref, endpoint: str, **values: str) -> Event:
    """The event of an address whose materials the viewer may change. Raises NotFound and Forbidden."""
    event = get_managed_event(ref.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    put_right(ref, event, f"manage.materials.{endpoint}", event=event, **values)
    return event


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """All materials by the part they belong to, with what speakers handed in and nobody has made available yet."""
    return index_page(event_to_edit(event, "index"))


def index_page(event: Event, problem: str = "") -> str:
    """The same, with what was refused."""
    rows = queries.materials_of(event.id)
    sessions = queries.sessions_to_choose(event.id)
    parts = [("", WHOLE_EVENT, [row for row in rows if row.session_id is None])]
    parts += [(one.public_id, one.title, [row for row in rows if row.session_id == one.id]) for one in sessions]
    return render_template(
        "manage/materials/index.html",
        event=event,
        parts=[(key, title, [item_of(row) for row in held]) for key, title, held in parts if held],
        given=[one for one in queries.given_for(event.id) if one.material is None],
        problem=problem,
    )


@bp.route("/files", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def add_files(event: Ref) -> Answer:
    """Add one file or several."""
    uploads.expect(LARGEST, "Files sent together")
    found = event_to_edit(event, "add_files")
    form = FilesForm(data={"session": request.args.get("session", ""), "reach": FileReach.PUBLIC.value})
    form.choose_from(queries.sessions_to_choose(found.id))
    form.held_by(found.public_id, f"person {current_user.id}")
    if not form.validate_on_submit():
        return _files_page(found, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            made = services.add_files(found.id, form.uploads, form.offer(""), actor=current_user.actor, now=clock.now())
    except services.MaterialRefused as refused:
        return _files_page(found, form, refused.message), refused.status
    if not made:
        flash("This is there already, so nothing was added.", "info")
    else:
        flash(f"“{made[0].title}” is added." if len(made) == 1 else f"{len(made)} files are added.", "success")
    return redirect(url_for(".index", event=found))


@bp.route("/link", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def add_link(event: Ref) -> Answer:
    """Add a link."""
    found = event_to_edit(event, "add_link")
    form = LinkForm(data={"session": request.args.get("session", ""), "reach": FileReach.PUBLIC.value})
    form.choose_from(queries.sessions_to_choose(found.id))
    problem, status = "", 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.add_link(
                    found.id, form.url.data, form.offer(form.title.data), actor=current_user.actor, now=clock.now()
                )
        except services.MaterialRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{made.title}” is added.", "success")
            return redirect(url_for(".index", event=found) + f"#m-{made.public_id}")
    errors = [{"text": problem}] if problem else error_list(form)
    return render_template("manage/materials/add_link.html", event=found, form=form, errors=errors), status


@bp.route("/given/<attachment>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def offer_given(event: Ref, attachment: str) -> Answer:
    """Make what a speaker handed in available, to those whom it is for."""
    found = event_to_edit(event, "offer_given", attachment=attachment)
    given = queries.get_given(found.id, attachment)
    form = GivenForm(data={"title": given.attachment.title.rpartition(".")[0] or given.attachment.title})
    problem, status = "", 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.offer_given(
                    found.id, attachment, form.title.data, FileReach(form.reach.data),
                    actor=current_user.actor, now=clock.now(),
                )  # fmt: skip
        except services.MaterialRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"“{made.title}” is available now. The page of the session offers it.", "success")
            return redirect(url_for(".index", event=found) + f"#m-{made.public_id}")
    errors = [{"text": problem}] if problem else error_list(form)
    page = render_template("manage/materials/offer_given.html", event=found, given=given, form=form, errors=errors)
    return page, status


def _files_page(event: Event, form: FilesForm, problem: str = "") -> str:
    return render_template(
        "manage/materials/add_files.html",
        event=event,
        form=form,
        taken=[one.filename for one in form.kept] if form.is_submitted() else [],
        errors=[{"text": problem}] if problem else error_list(form),
        largest=LARGEST // 1024 // 1024,
        most=MOST_FILES,
    )
