"""What moderators do with topics: pin, close, move, merge and split them."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints.acting import answered, press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import moderated, topic_at
from webapp.blueprints.communities.keeping_forms import MergeForm, MoveForm, SplitForm
from webapp.blueprints.forms import error_list, page_number
from webapp.formats import posts
from webapp.models.topics import POSTS_A_PAGE
from webapp.queries import topics
from webapp.queries.paging import Page, nearest
from webapp.services import topics as services

EXCERPT = 160


@bp.post("/communities/<ref:community>/topics/<ref:topic>/pin")
@allow(Who.SIGNED_IN)
def pin(community: Ref, topic: Ref) -> Response:
    """Let a topic stand before all others, or in its place again."""
    found = moderated(community)
    row, pinned = topic_at(found, topic), request.form.get("pinned") != "no"
    acting = {"pinned": pinned, "actor": current_user.actor, "now": clock.now()}
    said = "The topic stands before all others." if pinned else "The topic stands in its place again."
    return press(lambda: services.pin(row.id, **acting), url_for(".topic", community=found, topic=row), said)


@bp.post("/communities/<ref:community>/topics/<ref:topic>/close")
@allow(Who.SIGNED_IN)
def close(community: Ref, topic: Ref) -> Response:
    """Let nobody write in a topic any more, or again."""
    found = moderated(community)
    row, closed = topic_at(found, topic), request.form.get("closed") != "no"
    acting = {"closed": closed, "actor": current_user.actor, "now": clock.now()}
    said = "The topic is closed. It can still be read." if closed else "The topic is open again."
    return press(lambda: services.close(row.id, **acting), url_for(".topic", community=found, topic=row), said)


@bp.route("/communities/<ref:community>/topics/<ref:topic>/move", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def move(community: Ref, topic: Ref) -> Response | tuple[str, int]:
    """Put a topic into another category, or another community of the programme that one moderates, too."""
    found = moderated(community)
    row = topic_at(found, topic)
    places = [one for one in topics.destinations(found, viewer=current_user) if may_moderate(current_user, one)]
    form = MoveForm().offer(row, places)

    def act() -> Response:
        into, category_id = form.place()
        said = f"The topic stands in {into.name} now." if into.id != found.id else "The topic is moved."
        if (into.id, category_id) == (row.community_id, row.category_id):
            said = "The topic is there already, so nothing was moved."
        services.move(row.id, into, category_id, actor=current_user.actor, now=clock.now())
        flash(said, "success")
        return redirect(url_for(".topic", community=into, topic=row))

    shown = {"community": found, "topic": row, "form": form, "places": places}
    return answered(form, act, lambda: render_template("communities/move.html", errors=error_list(form), **shown))


@bp.route("/communities/<ref:community>/topics/<ref:topic>/merge", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def merge(community: Ref, topic: Ref) -> Response | tuple[str, int]:
    """Put all posts of a topic behind those of another."""
    found = moderated(community)
    row = topic_at(found, topic)
    form = MergeForm().offer(topics.topics_beside(row))

    def act() -> Response:
        into = topics.find_topic_in(found.id, form.public_id)
        if into is None:
            raise services.PostRefused("Select a topic of this community, or give its address.")
        services.merge(row.id, into.id, actor=current_user.actor, now=clock.now())
        flash("Both are one topic now. The address of the other leads here.", "success")
        return redirect(url_for(".topic", community=found, topic=into))

    shown = {"community": found, "topic": row, "form": form}
    return answered(form, act, lambda: render_template("communities/merge.html", errors=error_list(form), **shown))


@bp.route("/communities/<ref:community>/topics/<ref:topic>/split", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def split(community: Ref, topic: Ref) -> Response | tuple[str, int]:
    """Let some posts of a topic stand in a new one."""
    found = moderated(community)
    row = topic_at(found, topic)
    number = nearest(page_number(request.args.get("page", "")), row.last_number, POSTS_A_PAGE)
    shown = [one.post for one in topics.posts_of(row.id, page=number)]
    form, first = SplitForm(), topics.first_number(row.id)
    form.posts.choices = [
        (one.public_id, f"{one.author.name}: {posts.excerpt(one.body, EXCERPT)}")
        for one in shown
        if one.is_published and one.number != first
    ]

    def act() -> Response:
        new = services.split(
            row.id,
            form.posts.data or [],
            title=str(form.title.data),
            and_later=bool(form.and_later.data),
            actor=current_user.actor,
            now=clock.now(),
        )
        flash("The posts stand in a topic of their own. Their addresses lead there.", "success")
        return redirect(url_for(".topic", community=found, topic=new))

    seen = {"community": found, "topic": row, "form": form, "page": Page(shown, number, POSTS_A_PAGE, row.last_number)}
    return answered(form, act, lambda: render_template("communities/split.html", errors=error_list(form), **seen))
