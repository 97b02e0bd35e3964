"""The events whose registrations somebody may see."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import page_number
from webapp.queries import events as queries

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All of them, latest first, with how many registered."""
    found = queries.managed_events(current_user, page=page_number(request.args.get("page", "")))
    return render_template("manage/events/index.html", found=found, now=clock.now())
