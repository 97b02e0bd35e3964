"""Questions and issues answered, and who else has them."""

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at, writer
from webapp.errors import NotFound
from webapp.queries import topics
from webapp.services import topics as services


@bp.post("/communities/<ref:community>/topics/<ref:topic>/accept")
@allow(Who.SIGNED_IN)
def accept(community: Ref, topic: Ref) -> Response:
    """Choose the post that answers a question or an issue; or, without one, none."""
    found = reached(community, ".accept")
    row, moderates = topic_at(found, topic), may_moderate(current_user, found)
    if not moderates:
        writer(found)
    acting = {"moderates": moderates, "actor": current_user.actor, "now": clock.now()}
    named = request.form.get("post", "")
    there = url_for(".topic", community=found, topic=row)
    if not named:
        return press(lambda: services.take_back(row.id, **acting), there, "Nothing answers it any more.")
    post = topics.find_post(named, viewer=current_user)
    if post is None or post.topic_id != row.id:
        raise NotFound
    said = "This post answers it now, and those who asked are told."
    back = url_for(".post", post=post.public_id)
    return press(lambda: services.accept(post.id, topic_id=row.id, **acting), back, said)


@bp.post("/communities/<ref:community>/topics/<ref:topic>/too")
@allow(Who.SIGNED_IN)
def have_too(community: Ref, topic: Ref) -> Response:
    """Say that one has the question or met the issue, too; or no longer."""
    found = reached(community, ".have_too")
    writer(found)
    row, has = topic_at(found, topic), request.form.get("has") != "no"
    said = "Thank you. You are counted, and hear of the answer." if has else "You are counted no longer."
    there = url_for(".topic", community=found, topic=row)
    return press(lambda: services.have_too(row.id, person_id=current_user.id, has=has), there, said)
