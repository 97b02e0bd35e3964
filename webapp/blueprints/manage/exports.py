"""Lists of registrations as files for spreadsheet programs."""

from flask import Blueprint, flash, redirect, render_template, request, stream_with_context, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.forms import ExportForm, RegistrationSearch
from webapp.errors import NotFound
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.queries import exports as queries
from webapp.queries.events import get_managed_event
from webapp.queries.registrations import count_registrations
from webapp.services import exports as services
from webapp.transaction import attempt

bp = Blueprint("exports", __name__, url_prefix="/events/<ref:event>")


@bp.get("/exports")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """What can be exported, and the long files that one asked for."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    return _page(found, ExportForm(formdata=None))


@bp.get("/registrations.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(event: Ref, filetype: str) -> Response:
    """The list without needs, while it is short enough to be answered at once."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    search = RegistrationSearch(request.args, found.zone)
    wanted = search.wanted()
    if count_registrations(found.id, wanted) > services.AT_ONCE:
        flash("This list is too long to be answered at once: ask for a file below.", "error")
        return redirect(url_for(".index", event=found) + f"?{search.query(page=None)}")
    if filetype == FileType.CSV:
        return _file(found, FileType.CSV, Response(stream_with_context(services.csv_in_pieces(found, wanted))))
    return _file(found, FileType.XLSX, Response(services.whole_file(found, wanted, FileType.XLSX, with_needs=False)))


@bp.post("/exports")
@allow(Who.ORGANISER)
def create(event: Ref) -> Response | tuple[str, int]:
    """A list with needs, which is recorded, or one that the worker makes because it is long."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    form, search, now = ExportForm(), RegistrationSearch(request.args, found.zone), clock.now()
    if not form.validate_on_submit():
        return _page(found, form), 422
    wanted, filetype, needs = search.wanted(), FileType(form.filetype.data), bool(form.needs.data)
    if needs and not may(current_user, Power.SEE_NEEDS, found):
        raise NotFound
    if needs and count_registrations(found.id, wanted) <= services.AT_ONCE:
        # Made before the lock is taken, so that nobody waits for it.
        whole = services.whole_file(found, wanted, filetype, with_needs=True)
        with attempt():
            services.record_needs_exported(found.id, actor=current_user.actor, now=now)
        return _file(found, filetype, Response(whole))
    with attempt():
        services.request_export(
            found.id,
            wanted,
            filetype,
            with_needs=needs,
            person_id=current_user.id,
            actor=current_user.actor,
            now=now,
        )
    return redirect(url_for(".index", event=found) + f"?{search.query(page=None)}#files")


@bp.get("/exports/<export>")
@allow(Who.ORGANISER)
def show(event: Ref, export: str) -> Response:
    """A long file, for the one who asked for it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    row = queries.get_export(export, person_id=current_user.id, event_id=found.id, now=clock.now())
    if row.with_needs and not may(current_user, Power.SEE_NEEDS, found):
        raise NotFound
    response = Response(stream_with_context(queries.each_part(row.id)))
    response.content_length = row.size
    return _file(found, row.filetype, response)


def _page(event: Event, form: ExportForm) -> str:
    search, now = RegistrationSearch(request.args, event.zone), clock.now()
    return render_template(
        "manage/exports/index.html",
        event=event,
        search=search,
        count=count_registrations(event.id, search.wanted()),
        at_once=services.AT_ONCE,
        exports=queries.exports_of(current_user.id, event.id, now=now),
        sees_needs=may(current_user, Power.SEE_NEEDS, event),
        errors=error_list(form),
    )


def _file(event: Event, filetype: FileType, response: Response) -> Response:
    response.mimetype = filetype.mimetype
    name = f"{event.slug}-registrations.{filetype}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
