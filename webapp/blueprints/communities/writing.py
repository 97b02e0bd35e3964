"""Writing in communities: a topic begun, an answer given."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at, writer
from webapp.blueprints.communities.forms import BeginForm, PostForm, ReplyForm
from webapp.blueprints.forms import error_list
from webapp.errors import DomainError
from webapp.models.communities import Community
from webapp.models.topics import Post, TopicKind
from webapp.queries import topics
from webapp.queries.programmes import themes_of
from webapp.services import communities as joining
from webapp.services import topics as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int] | tuple[Response, int]


@bp.route("/communities/<ref:community>/topics/new", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def begin(community: Ref) -> Answer:
    """Begin a topic."""
    found = reached(community, ".begin")
    writer(found)
    own = topics.own_part_in(found.id, current_user.id)
    form, status = BeginForm(), 200
    form.ask_for_rules(found, own.participation)
    form.offer(found, themes_of(found.programme_id), moderates=may_moderate(current_user, found))
    form.to_begin_with(_asked_for(found))
    if form.validate_on_submit():
        try:
            with attempt():
                _accept(found, form)
                post = services.begin(
                    found,
                    form.start(),
                    words=form.words(),
                    actor=current_user.actor,
                    name=current_user.name,
                    now=clock.now(),
                )
        except DomainError as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            return _written(post)
    elif form.is_submitted():
        status = 422
    page = render_template("communities/begin.html", community=found, form=form, errors=error_list(form))
    return page, status


@bp.route("/communities/<ref:community>/topics/<ref:topic>/reply", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def reply(community: Ref, topic: Ref) -> Answer:
    """Answer in a topic."""
    found = reached(community, ".reply")
    writer(found)
    row = topic_at(found, topic)
    own = topics.own_part_in(found.id, current_user.id, topic_id=row.id)
    form, status = ReplyForm(), 200
    form.ask_for_rules(found, own.participation)
    if form.validate_on_submit():
        try:
            with attempt():
                _accept(found, form)
                post = services.reply(
                    found,
                    row.id,
                    words=form.words(),
                    actor=current_user.actor,
                    name=current_user.name,
                    now=clock.now(),
                )
        except DomainError as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            return _written(post)
    elif form.is_submitted():
        status = 422
    page = render_template("communities/reply.html", community=found, topic=row, form=form, errors=error_list(form))
    return page, status


def _asked_for(community: Community) -> dict[str, str]:
    """What the address says that the topic is to be."""
    kind, category = request.args.get("kind", ""), request.args.get("category", "")
    return {
        "kind": kind if kind in set(TopicKind) else TopicKind.DISCUSSION.value,
        "category": category if category in {one.public_id for one in community.categories} else "",
    }


def _accept(community: Community, form: PostForm) -> None:
    if form.asks_for_rules:
        number = form.rules_number.data or 0
        acting = {"actor": current_user.actor, "name": current_user.name, "now": clock.now()}
        joining.accept_rules(community, number, **acting)


def _written(post: Post) -> Response:
    if not post.is_published:
        flash("Thank you. A moderator reads it before anybody else does, and you will hear of it.", "success")
    return redirect(url_for(".post", post=post.public_id))
