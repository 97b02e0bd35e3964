"""Calendar files and feeds."""

import hashlib

from flask import Response, current_app, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.calendars import bp
from webapp.blueprints.forms import ButtonForm
from webapp.errors import NotFound
from webapp.queries import agenda as agenda_queries
from webapp.queries import events as event_queries
from webapp.queries.calendars import find_feed_by_token
from webapp.services import calendars as services
from webapp.templating import base_url
from webapp.transaction import attempt


@bp.get("/events/<ref:event>/calendar.ics")
@allow(Who.ANYONE)
def event(event: Ref) -> Response:
    """An event as a calendar file."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    return _file(services.event_file(found, base_url=base_url()), found.slug)


@bp.get("/events/<ref:event>/sessions/<ref:session>/calendar.ics")
@allow(Who.ANYONE)
def session(event: Ref, session: Ref) -> Response:
    """A session as a calendar file."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    part = agenda_queries.get_session(found, session.public_id)
    return _file(services.session_file(part, base_url=base_url()), part.slug)


@bp.get("/my/agenda.ics")
@allow(Who.SIGNED_IN)
def agenda() -> Response:
    """My agenda as a calendar file."""
    return _file(services.agenda_file(current_user.id, base_url=base_url()), "my-agenda")


@bp.get("/feeds/<token>.ics")
@allow(Who.LINK_HOLDER)
def feed(token: str) -> Response:
    """My agenda as a calendar to subscribe to; answers 304 when nothing changed."""
    found = find_feed_by_token(token)
    if found is None:
        raise NotFound
    settings = current_app.config["SETTINGS"]
    content = services.feed_file(found, service_name=settings.service_name, base_url=base_url())
    response = Response(content, mimetype="text/calendar")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@bp.post("/my/feed")
@allow(Who.SIGNED_IN)
def open_feed() -> AnyResponse:
    """Make the address of one's own feed."""
    return _change_feed("Your calendar address is ready.", opening=True)


@bp.post("/my/feed/revoke")
@allow(Who.SIGNED_IN)
def revoke_feed() -> AnyResponse:
    """Make the address answer no more."""
    return _change_feed("The old calendar address no longer works.", opening=False)


def _change_feed(message: str, *, opening: bool) -> AnyResponse:
    form = ButtonForm()
    if form.validate_on_submit():
        act = services.open_feed if opening else services.revoke_feed
        with attempt():
            act(current_user.id, actor=current_user.actor, now=clock.now())
        flash(message, "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for("agenda.mine", _anchor="calendar"))


def _file(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
