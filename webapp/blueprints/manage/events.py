"""The events that somebody looks after: all of them, and how one stands."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import page_number
from webapp.models.accounts import Power
from webapp.queries import events as queries
from webapp.queries.dashboard import dashboard_of

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All of them, latest first, with how many registered."""
    found = queries.managed_events(current_user, page=page_number(request.args.get("page", "")))
    return render_template("manage/events/index.html", found=found, now=clock.now())


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
