"""Members read in from a file: uploaded, looked through row by row, confirmed."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list, page_number
from webapp.blueprints.manage.import_forms import ConfirmForm
from webapp.blueprints.manage.imports import TOO_LARGE, file_fits
from webapp.blueprints.manage.membership_forms import MembersUploadForm
from webapp.blueprints.manage.memberships import managed
from webapp.formats.tables import UnreadableTableError
from webapp.models.imports import Fate, Import, ImportState
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.queries import imports as queries
from webapp.services import memberships as services
from webapp.services.imports import ImportRefused
from webapp.transaction import attempt

bp = Blueprint("member_imports", __name__, url_prefix="/memberships/<ref:programme>/import")

Answer = str | AnyResponse | tuple[str, int]


@bp.route("", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(programme: Ref) -> Answer:
    """Upload a list of members; what would become of its rows is shown next."""
    found = managed(programme)
    put_right(programme, found, ".new", programme=found)
    if not file_fits():
        return _new_page(found, MembersUploadForm(formdata=None), problem=TOO_LARGE), 413
    form = MembersUploadForm()
    if not form.validate_on_submit():
        return _new_page(found, form), 422 if form.is_submitted() else 200
    try:
        # A large one lies in a file of its own, which is not to stay open until somebody sweeps.
        with form.file.data.stream as stream:
            content = stream.read()
        reading = services.read_members(found, content, filename=form.file.data.filename or "")
        with attempt():
            letters, now = form.letters.data, clock.now()
            made = services.stage_members(found, reading, letters=letters, person_id=current_user.id, now=now)
    except UnreadableTableError as unreadable:
        return _new_page(found, form, problem=str(unreadable)), 422
    except ImportRefused as refused:
        return _new_page(found, form, problem=refused.message), 422
    return redirect(url_for(".show", programme=found, file=made.public_id))


@bp.get("/template.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def template(programme: Ref, filetype: str) -> Response:
    """A file with the right headings to begin with."""
    found, wanted = managed(programme), FileType(filetype)
    response = Response(services.template_file(found, wanted), mimetype=wanted.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-members-template.{wanted}")
    return response


@bp.get("/<file>")
@allow(Who.ORGANISER)
def show(programme: Ref, file: str) -> str:
    """What would become of each row, or what was done."""
    found = managed(programme)
    put_right(programme, found, ".show", programme=found, file=file)
    row = queries.get_members_import(found.id, file, now=clock.now())
    return _show_page(found, row, ConfirmForm(formdata=None))


@bp.post("/<file>")
@allow(Who.ORGANISER)
def confirm(programme: Ref, file: str) -> AnyResponse | tuple[str, int]:
    """Do what was shown."""
    found, now = managed(programme), clock.now()
    row = queries.get_members_import(found.id, file, now=now)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _show_page(found, row, form), 422
    try:
        with attempt():
            row = services.confirm_members(row.id, leaving_out=form.leave_out.data, actor=current_user.actor, now=now)
    except ImportRefused as refused:
        row = queries.get_members_import(found.id, file, now=now)
        return _show_page(found, row, form, problem=refused.message), refused.status
    if row.state is ImportState.APPLIED:
        flash("The file has been read in.", "success")
    return redirect(url_for(".show", programme=found, file=file))


def _new_page(programme: Programme, form: MembersUploadForm, *, problem: str = "") -> str:
    return render_template(
        "manage/member_imports/new.html",
        programme=programme,
        form=form,
        errors=[{"text": problem, "href": f"#{form.file.id}"}] if problem else error_list(form),
        file_problem=problem or "; ".join(str(error) for error in form.file.errors),
        columns=services.columns_offered(),
        most=services.MOST_ROWS,
        imports=queries.members_imports_of(programme.id, now=clock.now()),
    )


def _show_page(programme: Programme, row: Import, form: ConfirmForm, *, problem: str = "") -> str:
    asked = request.args.get("fate", "")
    fate = Fate(asked) if asked in list(Fate) else None
    return render_template(
        "manage/member_imports/show.html",
        programme=programme,
        file=row,
        fate=fate,
        fates=list(Fate),
        found=queries.find_rows(row.id, fate, page=page_number(request.args.get("page", ""))),
        form=form,
        errors=[{"text": problem}] if problem else error_list(form),
    )
