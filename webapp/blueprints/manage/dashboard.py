"""The numbers of an event beyond its overview: all organisations, and everything as a file."""

from collections.abc import Iterator

from flask import Blueprint, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.formats.spreadsheets import Cell, csv_bytes, xlsx_bytes
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.queries import dashboard as queries
from webapp.queries.events import get_managed_event

bp = Blueprint("dashboard", __name__, url_prefix="/events/<ref:event>")
HEADER = ("About", "Which", "From", "Until", "Number", "So far or registered")


@bp.get("/organisations")
@allow(Who.ORGANISER)
def organisations(event: Ref) -> str:
    """Every organisation with people who have a place, the largest first."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".organisations", event=found)
    rows = queries.organisations_of(found.id)
    return render_template("manage/dashboard/organisations.html", event=found, rows=rows)


@bp.get("/numbers.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(event: Ref, filetype: str) -> Response:
    """Every number of the overview as a file."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    rows = _rows(found)
    whole = csv_bytes(HEADER, rows) if filetype == FileType.CSV else xlsx_bytes(found.title, HEADER, rows)
    response = Response(whole, mimetype=FileType(filetype).mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-numbers.{filetype}")
    return response


def _rows(event: Event) -> Iterator[list[Cell]]:
    numbers = queries.dashboard_of(event, clock.now())
    for period in numbers.over_time:
        yield ["Registered", "", period.first, period.last, period.number, period.so_far]
    for state, number in numbers.by_state:
        yield ["State", state.label, None, None, number, None]
    for sector, number in numbers.by_sector:
        yield ["Sector of those with a place", sector.label, None, None, number, None]
    for area, number in numbers.by_area:
        yield ["Area of those with a place", f"{area.name} ({area.wave.name})", None, None, number, None]
    for places in numbers.by_mode:
        yield ["Taking part", places.mode.label, None, None, places.confirmed, None]
        yield ["Waiting", places.mode.label, None, None, places.waiting, None]
    for organisation, number in queries.organisations_of(event.id):
        yield ["Organisation of those with a place", organisation, None, None, number, None]
    for day in numbers.by_day:
        yield ["Were there", "", day.day.date, day.day.date, day.here, day.registered]
