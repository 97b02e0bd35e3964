"""The agenda as files: the draft to be edited elsewhere and read in again, and what everybody may fetch."""

from flask import Blueprint, Response, render_template
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.formats.schedule import left_out
from webapp.models.accounts import Power
from webapp.models.operations import FileType
from webapp.queries import agenda as agenda_queries
from webapp.queries import drafts as queries
from webapp.queries.events import get_managed_event
from webapp.services import imports, schedules
from webapp.templating import base_url

bp = Blueprint("agenda_files", __name__, url_prefix="/events/<ref:event>/agenda")


@bp.get("/files")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The ways to take the agenda elsewhere, and what conference apps will not show of it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".index", event=found)
    released = agenda_queries.agenda_of(found.id, whole=True)
    left = left_out(schedules.conference_of(found, released, base_url=base_url())) if found.days else []
    return render_template(
        "manage/agenda_files/index.html",
        event=found,
        draft=queries.find_draft(found.id),
        released=len(released),
        left=left,
    )


@bp.get("/draft.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(event: Ref, filetype: str) -> Response:
    """The draft in the columns that an import takes."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    queries.get_draft(found.id)
    wanted = FileType(filetype)
    response = Response(imports.draft_file(found, wanted), mimetype=wanted.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-draft-agenda.{wanted}")
    return response
