"""The events that somebody looks after: all of them, how one stands, and how a new one begins."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list, page_number
from webapp.blueprints.manage.event_forms import PARTS, STATES, CopyForm, ManagedSearch, NewEventForm
from webapp.models.accounts import Power, reach
from webapp.models.events import Event
from webapp.models.programmes import Programme
from webapp.queries import events as queries
from webapp.queries import setting_up
from webapp.queries.dashboard import dashboard_of
from webapp.queries.programmes import programmes
from webapp.services import events as services
from webapp.transaction import attempt

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All of them, latest first, with how many registered; or those that are looked for."""
    search, now = ManagedSearch(request.args), clock.now()
    wanted = search.wanted()
    if wanted.is_empty:
        found = queries.managed_events(current_user, page=page_number(request.args.get("page", "")))
    else:
        found = setting_up.search_managed_events(current_user, wanted, page=search.page, now=now)
    return render_template(
        "manage/events/index.html",
        found=found,
        search=search,
        states=STATES,
        is_narrowed=not wanted.is_empty,
        now=now,
    )


@bp.get("/<ref:event>")
@allow(Who.ORGANISER)
def show(event: Ref) -> str:
    """How an event stands, and the way to all of its parts."""
    found = queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".show", event=found)
    now = clock.now()
    # Its numbers lead to people, and name organisations.
    dashboard = dashboard_of(found, now) if may(current_user, Power.SEE_REGISTRATIONS, found) else None
    return render_template("manage/events/show.html", event=found, dashboard=dashboard, now=now)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> str | Response | tuple[str, int]:
    """A new event, with what it takes to begin."""
    offered = creatable()
    form, status = NewEventForm.of(offered, current_user), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.create(
                    form.values(), owner_id=owner_in(form.chosen), actor=current_user.actor, now=clock.now()
                )
        except services.EventRefused as refused:
            form[refused.field].errors = [refused.message]
            status = refused.status
        else:
            return _begun(made, "The event is begun. It is a draft that only organisers see.")
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/events/new.html", form=form, errors=error_list(form), earlier=setting_up.events_to_copy(current_user)
    )
    return page, status


@bp.route("/<ref:event>/copy", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def copy(event: Ref) -> str | Response | tuple[str, int]:
    """A new event from a copy of this one, with what comes along."""
    found = queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".copy", event=found)
    form, status = CopyForm.of(found, creatable()), 200
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.copy(
                    found.id, form.values(), owner_id=owner_in(form.chosen), actor=current_user.actor, now=clock.now()
                )
        except services.EventRefused as refused:
            form[refused.field].errors = [refused.message]
            status = refused.status
        else:
            return _begun(made, "The copy is made. It is a draft that only organisers see.")
    elif form.is_submitted():
        status = 422
    return render_template(
        "manage/events/copy.html", event=found, form=form, parts=PARTS, errors=error_list(form)
    ), status


def _begun(event: Event, said: str) -> Response:
    flash(said, "success")
    for note in services.notes(
        (services.Day(date=d.date, starts=d.starts, ends=d.ends) for d in event.days), event.zone
    ):
        flash(note, "info")
    return redirect(url_for("manage.setup.show", event=event))


def creatable() -> list[Programme]:
    """The programmes in which the viewer may set up an event; who may in none finds no page."""
    found = [row for row in programmes() if may_create(current_user, row.id)]
    if not found:
        abort(403)
    return found


def owner_in(programme: Programme) -> int | None:
    """Whose the new event becomes: the viewer's, unless a wider role lets them choose its people already."""
    reached = reach(current_user, Power.CHOOSE_PEOPLE)
    return None if reached.everything or programme.id in reached.programmes else current_user.id
