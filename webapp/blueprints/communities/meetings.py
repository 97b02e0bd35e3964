"""The meetings of a community, to come and past, and the address of its calendar."""

from flask import render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached
from webapp.models.communities import Openness
from webapp.queries import community_meetings as queries
from webapp.queries.calendars import find_feed
from webapp.services import calendars as services


@bp.get("/communities/<ref:community>/meetings")
@allow(Who.ANYONE)
def meetings(community: Ref) -> str:
    """The meetings of a community: those to come, and those that are over."""
    found = reached(community, ".meetings")
    now = clock.now()
    is_open = found.openness is Openness.PUBLIC
    own = find_feed(current_user.id) if current_user.is_authenticated and not is_open else None
    address = ""
    if is_open:
        address = url_for("calendars.community_feed", community=found)
    elif own is not None:
        token = services.community_token(own, found)
        address = url_for("calendars.own_community_feed", token=token, community=found)
    return render_template(
        "communities/meetings.html",
        community=found,
        to_come=queries.meetings_to_come(found.id, now=now),
        past=queries.past_meetings(found.id, now=now),
        address=address,
        is_open=is_open,
        chooses=may_create(current_user, found.programme_id),
    )


@bp.post("/communities/<ref:community>/meetings/address")
@allow(Who.SIGNED_IN)
def open_calendar(community: Ref) -> Response:
    """Make one's own secret address of the meetings, which the feed of one's events shares its life with."""
    found = reached(community, ".open_calendar")
    there, said = url_for(".meetings", community=found, _anchor="calendar"), "Your calendar address is ready."
    return press(lambda: services.open_feed(current_user.id, actor=current_user.actor, now=clock.now()), there, said)
