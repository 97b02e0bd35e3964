"""How to join, for who has no account and comes by the personal link."""

from flask import render_template

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.joining import joining
from webapp.blueprints.registrations import bp
from webapp.queries.registrations import get_registration_by_token


@bp.get("/registrations/<token>/join")
@allow(Who.LINK_HOLDER)
def join(token: str) -> str:
    """How to join, where the registration has a place."""
    registration, now = get_registration_by_token(token), clock.now()
    event = registration.event
    return render_template(
        "registrations/join.html",
        event=event,
        stage=event.stage(now),
        registration=registration,
        found=joining(registration, event, now),
        token=token,
    )
