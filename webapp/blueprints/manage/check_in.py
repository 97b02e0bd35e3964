"""Checking people in on the day: by name, by their code, or by themselves with the code on the screen."""

from urllib.parse import urlencode

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import Response as Answer
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, page_number
from webapp.blueprints.manage.forms import LONGEST_TEXT
from webapp.errors import DomainError, NotFound
from webapp.folding import clean_line
from webapp.formats.qr import qr_svg
from webapp.headers import with_camera
from webapp.models.accounts import Power
from webapp.models.attendance import CheckIn, CheckInSource
from webapp.models.events import Event, EventDay
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import attendance as queries
from webapp.queries.events import get_managed_event
from webapp.queries.paging import Page
from webapp.queries.registrations import (
    RegistrationFilter,
    Sort,
    find_registrations,
    get_numbers,
    get_registration_of,
)
from webapp.services import attendance as services
from webapp.templating import base_url
from webapp.transaction import attempt

bp = Blueprint("check_in", __name__, url_prefix="/events/<ref:event>/check-in")
FOUND = 20


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Who is there and who is not yet, on one day, found by name."""
    found = _event(event, ".index")
    return _page(found)


@bp.post("/<day>/<registration>")
@allow(Who.ORGANISER)
def add(event: Ref, day: str, registration: str) -> Response | tuple[str, int]:
    """Somebody is there; noted already, it stays."""
    found = _event(event, ".index")
    one, row = services.day_of(found, day), get_registration_of(found.id, registration, with_needs=False)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    try:
        with attempt():
            arrival = services.check_in(
                row.id, one.date, source=CheckInSource.NAME, actor=current_user.actor, now=clock.now()
            )
    except DomainError as refused:
        return _page(found, refused.message), refused.status
    flash(services.sentence(arrival, found), "success")
    return redirect(url_for(".index", event=found, day=day))


@bp.post("/<day>/<registration>/undo")
@allow(Who.ORGANISER)
def remove(event: Ref, day: str, registration: str) -> Response | tuple[str, int]:
    """Somebody is not there after all; taken back already, it stays."""
    found = _event(event, ".index")
    one, row = services.day_of(found, day), get_registration_of(found.id, registration, with_needs=False)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    with attempt():
        services.undo_check_in(row.id, one.date, actor=current_user.actor, now=clock.now())
    flash(f"{row.name} is no longer checked in.", "success")
    return redirect(url_for(".index", event=found, day=day))


@bp.get("/scan")
@allow(Who.ORGANISER)
def scan(event: Ref) -> Answer | Response:
    """Check in by code: with the camera where the browser reads codes, else pasted or typed."""
    found = _event(event, ".scan")
    text, problem = clean_line(request.args.get("code", ""))[:500], ""
    if text:
        row = _meant(found, text)
        if row is not None:
            return redirect(url_for("attendance.ticket", token=services.ticket_token(row)))
        problem = "No registration for this event has that code. Check it, or look for the person by name"
    day = _day(found)
    page = render_template("manage/check_in/scan.html", event=found, day=day, text=text, problem=problem)
    return with_camera(make_response(page))


@bp.get("/screen")
@allow(Who.ORGANISER)
def screen(event: Ref) -> str:
    """The code with which people check themselves in, large, to be shown to the room."""
    found = _event(event, ".screen")
    return _screen(found, _day(found))


@bp.post("/<day>/code")
@allow(Who.ORGANISER)
def new_code(event: Ref, day: str) -> Response | tuple[str, int]:
    """A new code for the screen, in place of the one that was seen."""
    found = _event(event, ".screen")
    one, form = services.day_of(found, day), ButtonForm()
    if not form.validate_on_submit():
        return _screen(found, one, form.problem), 422
    with attempt():
        replacing = request.form.get("replacing", "")
        services.new_code(found.id, one.date, replacing=replacing, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".screen", event=found, day=day))


def _event(ref: Ref, endpoint: str) -> Event:
    found = get_managed_event(ref.public_id, viewer=current_user, needing=Power.CHECK_IN)
    put_right(ref, found, endpoint, event=found)
    return found


def _day(event: Event) -> EventDay:
    """The day in the address, or the one that is most likely meant."""
    asked = request.args.get("day", "") or (request.view_args or {}).get("day", "")
    try:
        return services.day_of(event, asked)
    except NotFound:
        return services.day_at(event, clock.now())


def _page(event: Event, problem: str = "") -> str:
    day, now = _day(event), clock.now()
    text = clean_line(request.args.get("q", ""))[:LONGEST_TEXT]
    listed = "here" if request.args.get("list") == "here" else "expected"
    number = page_number(request.args.get("page", ""))
    confirmed = sum(places.confirmed for places in event.places)
    people: Page[Registration] = Page([], 1, FOUND, 0)
    arrived: Page[CheckIn] = Page([], 1, FOUND, 0)
    if text:
        people = _found(event, text)
    elif listed == "expected":
        people = queries.people_expected(event.id, day.id, confirmed=confirmed, page=number)
    else:
        arrived = queries.people_here(event.id, day.id, page=number)
    return render_template(
        "manage/check_in/index.html",
        event=event,
        day=day,
        text=text,
        listed=listed,
        people=people,
        arrived=arrived,
        noted=queries.check_ins_among(day.id, [row.id for row in people.rows]) if text else {},
        count=queries.count_checked_in(event.id, day.id)[0],
        confirmed=confirmed,
        closed=services.why_closed(event, day, now),
        may_decide=may(current_user, Power.DECIDE, event),
        may_see=may(current_user, Power.SEE_REGISTRATIONS, event),
        query=lambda **changes: urlencode({"day": day.date.isoformat(), "list": listed} | changes),
        problem=problem,
    )


def _found(event: Event, text: str) -> Page[Registration]:
    """The first whom these words find, those with a place before the others."""
    wanted = RegistrationFilter(text=text, sort=Sort.NAME)
    found = find_registrations(event.id, wanted, get_numbers(event.id, wanted), page=1)
    rows = sorted(found.rows, key=lambda row: row.state is not RegistrationState.CONFIRMED)
    return Page(rows[:FOUND], 1, FOUND, found.total, found.more)


def _screen(event: Event, day: EventDay, problem: str = "") -> str:
    address = f"{base_url()}/events/{event.public_id}/here"
    opens, closes = services.own_hours(event, day)
    return render_template(
        "manage/check_in/screen.html",
        event=event,
        day=day,
        address=address.partition("://")[2],
        svg=Markup(qr_svg(address, title="The address to open, as a square code")),  # noqa: S704 -- made by our format
        opens=opens.astimezone(event.timezone),
        closes=closes.astimezone(event.timezone),
        problem=problem,
    )


def _meant(event: Event, text: str) -> Registration | None:
    """Whom a code is for that was scanned, pasted or typed: the whole address, its secret part, or the short code."""
    token = text.rstrip("/").rpartition("/")[2]
    try:
        row = queries.get_registration_by_ticket(token)
    except NotFound:
        return queries.find_registration_by_short_code(event.id, text)
    return row if row.event_id == event.id else None
