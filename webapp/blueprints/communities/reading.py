"""Reading in communities: what is new, where to read on, what is quoted from elsewhere, and a public feed."""

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_write_in
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at
from webapp.errors import NotFound
from webapp.formats import posts
from webapp.models.communities import Openness
from webapp.queries import communities as queries
from webapp.queries import quoting, readings
from webapp.services import topics as services

FED = 30
EXCERPT = 300


@bp.get("/communities/<ref:community>/unread")
@allow(Who.SIGNED_IN)
def unread(community: Ref) -> str:
    """The topics of a community in which there is something new to who is signed in."""
    found = reached(community, ".unread")
    rows = readings.unread_topics(current_user.id, found.id)
    return render_template(
        "communities/unread.html",
        community=found,
        topics=rows[: readings.MOST_COUNTED],
        is_more=len(rows) > readings.MOST_COUNTED,
        unread=readings.unread_of(current_user.id, rows),
    )


@bp.post("/communities/<ref:community>/read")
@allow(Who.SIGNED_IN)
def read_all(community: Ref) -> Response:
    """Mark all that stands in a community as read."""
    found = reached(community, ".read_all")
    acting = {"actor": current_user.actor, "name": current_user.name, "now": clock.now()}
    there, said = url_for(".show", community=found), "Everything here is marked as read."
    return press(lambda: services.read_everything(found, **acting), there, said)


@bp.get("/communities/<ref:community>/topics/<ref:topic>/unread")
@allow(Who.ANYONE)
def read_on(community: Ref, topic: Ref) -> Response:
    """Lead to the first post of a topic that the viewer has not read, or to the last."""
    found = reached(community, ".read_on")
    row = topic_at(found, topic)
    post = readings.first_unread(current_user.id, row) if current_user.is_authenticated else None
    if post is None:
        return redirect(url_for(".topic", community=found, topic=row))
    return redirect(url_for(".post", post=post.public_id))


@bp.get("/communities/<ref:community>/feed.atom")
@allow(Who.ANYONE)
def feed(community: Ref) -> Response:
    """The posts published last in a public community, for programs that follow them."""
    found = reached(community, ".feed")
    if found.openness is not Openness.PUBLIC:
        raise NotFound
    rows = readings.newest_posts(found.id, limit=FED)
    text = render_template(
        "communities/feed.atom",
        community=found,
        entries=[(one, posts.excerpt(one.body, EXCERPT)) for one in rows],
        updated=max((one.edited_at or one.published_at or found.created_at for one in rows), default=found.created_at),
    )
    response = FlaskResponse(text, mimetype="application/atom+xml")
    # What is taken away here is to be gone elsewhere soon, too.
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/communities/quote")
@allow(Who.SIGNED_IN)
def quote() -> str:
    """Choose where to quote what somebody said in a session: in a topic that one has opened, or in a new one."""
    said = quoting.get_said(request.args.get("turn", "")[:12])
    writes = [one for one in queries.communities(current_user) if may_write_in(current_user, one)]
    topics = [one for one in quoting.topics_opened_by(current_user.id, viewer=current_user) if one.is_seen]
    ids = {one.id for one in writes}
    return render_template(
        "communities/quote.html",
        said=said,
        excerpt=posts.excerpt(posts.as_typed(said.words), EXCERPT),
        communities=writes,
        topics=[one for one in topics if one.community_id in ids],
    )
