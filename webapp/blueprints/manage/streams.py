"""The streams and rooms of an event's draft agenda."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.agenda_forms import NameForm
from webapp.errors import NotFound
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.queries import drafts as queries
from webapp.queries.events import get_managed_event
from webapp.services import drafts as services
from webapp.transaction import attempt

bp = Blueprint("streams", __name__, url_prefix="/events/<ref:event>/streams")

Answer = str | Response | tuple[str, int]


@bp.route("", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def index(event: Ref) -> Answer:
    """All streams and rooms; adds one of either."""
    found = _event(event)
    put_right(event, found, ".index", event=found)
    form = NameForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            _add(found, form)
    except services.DraftRefused as refused:
        return _page(found, form, problem=refused.message), refused.status
    flash(f"“{form.name.data}” has been added.", "success")
    return redirect(url_for(".index", event=found))


@bp.route("/<stream>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def stream(event: Ref, stream: str) -> Answer:
    """Rename a stream."""
    found = _event(event)
    row = next((one for one in queries.draft_streams_of(found.id) if one.public_id == stream), None)
    if row is None:
        raise NotFound
    form, problem, status = NameForm(data={"name": row.name}), "", 422
    if form.validate_on_submit():
        try:
            with attempt():
                services.rename_stream(found.id, stream, form.name.data, actor=current_user.actor, now=clock.now())
        except services.DraftRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"The stream is now called “{form.name.data}” in the draft.", "success")
            return redirect(url_for(".index", event=found))
    errors = [{"text": problem}] if problem else error_list(form)
    page = render_template("manage/streams/stream.html", event=found, stream=row, form=form, errors=errors)
    return page, status if form.is_submitted() else 200


@bp.post("/<stream>/move")
@allow(Who.ORGANISER)
def move(event: Ref, stream: str) -> Answer:
    """Move a stream before or behind its neighbour."""
    found, form = _event(event), ButtonForm()
    by = -1 if request.form.get("direction") == "earlier" else 1
    if not form.validate_on_submit():
        return _page(found, NameForm(formdata=None), problem=form.problem), 422
    with attempt():
        services.move_stream(found.id, stream, by=by, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".index", event=found))


@bp.route("/<stream>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, stream: str) -> Answer:
    """Take a stream away, and say where its sessions go."""
    found, form, problem, status = _event(event), ButtonForm(), "", 422
    streams = queries.draft_streams_of(found.id)
    row = next((one for one in streams if one.public_id == stream), None)
    if row is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            with attempt():
                moved = services.remove_stream(
                    found.id, stream, into=request.form.get("into"), actor=current_user.actor, now=clock.now()
                )
        except services.DraftRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(
                f"“{row.name}” has been taken away."
                + (f" {moved} session{'s have' if moved > 1 else ' has'} moved." if moved else ""),
                "success",
            )
            return redirect(url_for(".index", event=found))
    page = render_template(
        "manage/streams/remove.html",
        event=found,
        stream=row,
        others=[one for one in queries.draft_streams_of(found.id) if one.public_id != stream],
        sessions=[one for one in queries.draft_sessions_of(found.id) if one.stream_id == row.id],
        problem=problem or form.problem,
    )
    return page, status if form.is_submitted() else 200


@bp.route("/rooms/<room>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def room(event: Ref, room: str) -> Answer:
    """Change a room, or take it away."""
    found = _event(event)
    row = next((one for one in queries.rooms_of(found.id) if one.public_id == room), None)
    if row is None:
        raise NotFound
    form, problem, status = NameForm(data={"name": row.name, "capacity": row.capacity}), "", 422
    if form.validate_on_submit():
        actor, now = current_user.actor, clock.now()
        try:
            with attempt():
                if "remove" in request.form:
                    services.remove_room(found.id, room, actor=actor, now=now)
                else:
                    services.change_room(found.id, room, form.name.data, form.capacity.data, actor=actor, now=now)
        except services.DraftRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash("The room has been " + ("taken away." if "remove" in request.form else "saved."), "success")
            return redirect(url_for(".index", event=found))
    errors = [{"text": problem}] if problem else error_list(form)
    used = [one for one in queries.draft_sessions_of(found.id) if one.room_id == row.id]
    page = render_template("manage/streams/room.html", event=found, room=row, form=form, errors=errors, used=used)
    return page, status if form.is_submitted() else 200


def _event(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)


def _add(event: Event, form: NameForm) -> None:
    actor, now = current_user.actor, clock.now()
    if request.form.get("what") == "room":
        services.add_room(event.id, form.name.data, form.capacity.data, actor=actor, now=now)
    else:
        services.add_stream(event.id, form.name.data, actor=actor, now=now)


def _page(event: Event, form: NameForm, *, problem: str = "") -> str:
    return render_template(
        "manage/streams/index.html",
        event=event,
        form=form,
        streams=queries.draft_streams_of(event.id),
        rooms=queries.rooms_of(event.id),
        sessions=queries.draft_sessions_of(event.id),
        what=request.form.get("what", ""),
        errors=[{"text": problem}] if problem else _errors(form),
    )


def _errors(form: NameForm) -> list[dict[str, str]]:
    """The errors of one of the two forms of the page, each leading to its own field."""
    what = "room" if request.form.get("what") == "room" else "stream"
    return [
        {**error, "href": f"{error['href']}-{what}"} if "href" in error else {**error} for error in error_list(form)
    ]
