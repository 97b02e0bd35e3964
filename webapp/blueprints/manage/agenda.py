"""The draft agenda of an event: all of it on one page, and moving sessions about on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda.timetable import timetable
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.agenda_forms import PlaceForm
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.queries import drafts as queries
from webapp.queries.events import get_managed_event
from webapp.services import drafts as services
from webapp.transaction import attempt

bp = Blueprint("agenda", __name__, url_prefix="/events/<ref:event>/agenda")

STEP = 5


@bp.get("")
@allow(Who.ORGANISER)
def show(event: Ref) -> str:
    """The draft day by day, what is wrong with it, and what is not placed yet."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".show", event=found)
    return _page(found)


@bp.post("/open")
@allow(Who.ORGANISER)
def open_draft(event: Ref) -> Response | tuple[str, int]:
    """Begin a draft from what everybody sees."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, problem=form.problem), 422
    with attempt():
        services.open_draft(found.id, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".show", event=found))


@bp.post("/place")
@allow(Who.ORGANISER)
def place(event: Ref) -> Response | tuple[str, int]:
    """Put a session where the mouse let go of it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    form, public_id = PlaceForm(), request.form.get("session", "")
    form.offer(found.days, queries.draft_streams_of(found.id), queries.rooms_of(found.id))
    if not form.validate_on_submit():
        return _page(found, problem="; ".join(str(error) for errors in form.errors.values() for error in errors)), 422
    try:
        with attempt():
            moved = services.move(
                found,
                public_id,
                form.placement(),
                version=form.version.data,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.DraftRefused as refused:
        return _page(found, problem=refused.message), refused.status
    flash(f"“{moved.title}” is now: {services.spoken(moved)}.", "success")
    return redirect(url_for(".show", event=found, _anchor=f"s-{public_id}"))


@bp.post("/nudge")
@allow(Who.ORGANISER)
def nudge(event: Ref) -> Response | tuple[str, int]:
    """Move a session five minutes earlier or later."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    form = ButtonForm()
    public_id, by = request.form.get("earlier", ""), -STEP
    if not public_id:
        public_id, by = request.form.get("later", ""), STEP
    if not form.validate_on_submit():
        return _page(found, problem=form.problem), 422
    try:
        with attempt():
            (moved,) = services.shift(
                found, public_id, by, following=False, version=None, actor=current_user.actor, now=clock.now()
            )
    except DomainError as refused:
        return _page(found, problem=refused.message), refused.status
    flash(f"“{moved.title}” is now: {services.spoken(moved)}.", "success")
    return redirect(url_for(".show", event=found, _anchor=f"s-{public_id}"))


@bp.get("/run-sheet")
@allow(Who.ORGANISER)
def run_sheet(event: Ref) -> str:
    """The day as those see it who run it: by time, with rooms, people, needs and notes; for printing."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".run_sheet", event=found)
    sessions = [one for one in queries.draft_sessions_of(found.id, whole=True) if not one.is_cancelled]
    return render_template("manage/agenda/run_sheet.html", event=found, days=timetable(found, sessions))


def _page(event: Event, *, problem: str = "") -> str:
    draft = queries.find_draft(event.id)
    if draft is None:
        return render_template("manage/agenda/none.html", event=event, problem=problem)
    sessions = queries.draft_sessions_of(event.id)
    streams = queries.draft_streams_of(event.id)
    conflicts = services.conflicts_of(sessions, queries.session_places_of(event.id))
    wrong: dict[str, list[services.Conflict]] = {one.public_id: [] for one in sessions}
    for conflict in conflicts:
        for public_id in conflict.sessions:
            wrong[public_id].append(conflict)
    return render_template(
        "manage/agenda/show.html",
        event=event,
        draft=draft,
        days=timetable(event, [one for one in sessions if one.is_placed]),
        unplaced=[one for one in sessions if not one.is_placed],
        streams=streams,
        tones={stream.id: place % 6 + 1 for place, stream in enumerate(streams)},
        rooms=queries.rooms_of(event.id),
        conflicts=conflicts,
        wrong=wrong,
        total=len(sessions),
        step=STEP,
        problem=problem,
        now=clock.now(),
    )
