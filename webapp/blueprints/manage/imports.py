"""Files read in: uploaded, looked through row by row, confirmed; agendas and lists of people alike."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list, page_number
from webapp.blueprints.manage.import_forms import ConfirmForm, PeopleUploadForm, UploadForm
from webapp.formats.tables import UnreadableTableError
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.imports import Fate, Import, ImportKind, ImportState
from webapp.models.operations import FileType
from webapp.queries import imports as queries
from webapp.queries.events import get_managed_event
from webapp.services import imports as services
from webapp.transaction import attempt

bp = Blueprint("imports", __name__, url_prefix="/events/<ref:event>/imports/<any(agenda, registrations):kind>")

NEEDED = {ImportKind.AGENDA: Power.EDIT_AGENDA, ImportKind.REGISTRATIONS: Power.DECIDE}
LARGEST = 10 * 1024 * 1024
TOO_LARGE = "The file is larger than 10 MB. Leave out what is not needed, such as pictures, or upload it in parts."

Answer = str | AnyResponse | tuple[str, int]


@bp.route("", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref, kind: str) -> Answer:
    """Upload a file; what would become of its rows is shown next."""
    found, wanted = _event(event, kind), ImportKind(kind)
    put_right(event, found, ".new", event=found, kind=kind)
    if not file_fits():
        return _new_page(found, wanted, _form(wanted, empty=True), problem=TOO_LARGE), 413
    form = _form(wanted)
    if not form.validate_on_submit():
        return _new_page(found, wanted, form), 422 if form.is_submitted() else 200
    try:
        # A large one lies in a file of its own, which is not to stay open until somebody sweeps.
        with form.file.data.stream as stream:
            content = stream.read()
        reading = services.read(wanted, found, content, filename=form.file.data.filename or "")
        with attempt():
            made = services.stage(
                found,
                reading,
                form.options(),
                person_id=current_user.id,
                actor=current_user.actor,
                now=clock.now(),
            )
    except UnreadableTableError as unreadable:
        return _new_page(found, wanted, form, problem=str(unreadable)), 422
    except services.ImportRefused as refused:
        return _new_page(found, wanted, form, problem=refused.message), 422
    return redirect(url_for(".show", event=found, kind=kind, file=made.public_id))


@bp.get("/template.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def template(event: Ref, kind: str, filetype: str) -> Response:
    """A file with the right headings to begin with."""
    found, wanted = _event(event, kind), FileType(filetype)
    response = Response(services.template_file(ImportKind(kind), found, wanted), mimetype=wanted.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-{kind}-template.{wanted}")
    return response


@bp.get("/<file>")
@allow(Who.ORGANISER)
def show(event: Ref, kind: str, file: str) -> str:
    """What would become of each row, how far it is, or what was done."""
    found = _event(event, kind)
    put_right(event, found, ".show", event=found, kind=kind, file=file)
    row = queries.get_import(found.id, ImportKind(kind), file, now=clock.now())
    return _show_page(found, row, ConfirmForm(formdata=None))


@bp.post("/<file>")
@allow(Who.ORGANISER)
def confirm(event: Ref, kind: str, file: str) -> AnyResponse | tuple[str, int]:
    """Do what was shown."""
    found, now = _event(event, kind), clock.now()
    row = queries.get_import(found.id, ImportKind(kind), file, now=now)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _show_page(found, row, form), 422
    try:
        with attempt():
            row = services.confirm(row.id, leaving_out=form.leave_out.data, actor=current_user.actor, now=now)
    except services.ImportRefused as refused:
        row = queries.get_import(found.id, ImportKind(kind), file, now=now)
        return _show_page(found, row, form, problem=refused.message), refused.status
    if row.state is ImportState.APPLIED:
        flash("The file has been read in.", "success")
    return redirect(url_for(".show", event=found, kind=kind, file=file))


def _event(event: Ref, kind: str) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=NEEDED[ImportKind(kind)])


def file_fits() -> bool:
    """Whether what was sent is no larger than a file may be; the limit of all other pages is far lower."""
    request.max_content_length = LARGEST
    try:
        return request.files is not None
    except RequestEntityTooLarge:
        return False


def _form(kind: ImportKind, *, empty: bool = False) -> UploadForm:
    chosen = UploadForm if kind is ImportKind.AGENDA else PeopleUploadForm
    return chosen(formdata=None) if empty else chosen()


def _new_page(event: Event, kind: ImportKind, form: UploadForm, *, problem: str = "") -> str:
    now = clock.now()
    errors = [{"text": problem, "href": f"#{form.file.id}"}] if problem else error_list(form)
    return render_template(
        "manage/imports/new.html",
        event=event,
        kind=kind,
        form=form,
        errors=errors,
        file_problem=problem or "; ".join(str(error) for error in form.file.errors),
        columns=list(services.offered(kind, event).values()),
        most=services.MOST_ROWS[kind],
        may_write=services.may_write_to(event, now),
        imports=queries.imports_of(event.id, kind, now=now),
    )


def _show_page(event: Event, row: Import, form: ConfirmForm, *, problem: str = "") -> str:
    asked = request.args.get("fate", "")
    fate = Fate(asked) if asked in list(Fate) else None
    found = queries.find_rows(row.id, fate, page=page_number(request.args.get("page", "")))
    return render_template(
        "manage/imports/show.html",
        event=event,
        file=row,
        kind=row.kind,
        fate=fate,
        fates=list(Fate),
        found=found,
        form=form,
        may_write=services.may_write_to(event, clock.now()),
        errors=[{"text": problem}] if problem else error_list(form),
    )
