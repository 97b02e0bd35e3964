"""Polls at the head of topics."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate
from webapp.blueprints.acting import answered, press
from webapp.blueprints.addresses import Ref
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.doors import reached, topic_at, writer
from webapp.blueprints.communities.keeping_forms import PollForm
from webapp.blueprints.forms import error_list
from webapp.blueprints.guards import State
from webapp.errors import Forbidden, NotFound
from webapp.models.communities import Community
from webapp.models.topics import Topic
from webapp.queries import topics
from webapp.services import topics as services

CANNOT_WAIT = "What may identify somebody cannot stand in a poll. Use other words."


@bp.route("/communities/<ref:community>/topics/<ref:topic>/poll", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def add_poll(community: Ref, topic: Ref) -> Response | tuple[str, int]:
    """Add a poll to a topic that one began."""
    found, row = _own_topic(community, topic)
    form = PollForm()

    def act() -> Response:
        poll = form.poll()
        if poll is None or form.guard.state is State.WAITS:
            raise services.PostRefused(CANNOT_WAIT)
        services.add_poll(row.id, poll, actor=current_user.actor, now=clock.now())
        flash("The poll stands at the head of the topic.", "success")
        return redirect(url_for(".topic", community=found, topic=row))

    shown = {"community": found, "topic": row, "form": form}
    return answered(form, act, lambda: render_template("communities/poll.html", errors=error_list(form), **shown))


@bp.post("/communities/<ref:community>/topics/<ref:topic>/poll/vote")
@allow(Who.SIGNED_IN)
def vote(community: Ref, topic: Ref) -> Response:
    """Vote, or vote otherwise; nobody is told who chose what."""
    found = reached(community, ".vote")
    writer(found)
    row, chosen = topic_at(found, topic), request.form.getlist("choice")[: services.MOST_CHOICES]
    there = url_for(".topic", community=found, topic=row, _anchor="poll")
    own = {"person_id": current_user.id, "now": clock.now()}
    return press(lambda: services.vote(row.id, chosen, **own), there, "Thank you. Your vote counts.")


@bp.post("/communities/<ref:community>/topics/<ref:topic>/poll/close")
@allow(Who.SIGNED_IN)
def close_poll(community: Ref, topic: Ref) -> Response:
    """Let nobody vote any more, so that all see the result."""
    found, row, moderates = _of_poll(community, topic, ".close_poll")
    acting = {"moderates": moderates, "actor": current_user.actor, "now": clock.now()}
    there = url_for(".topic", community=found, topic=row)
    return press(lambda: services.close_poll(row.id, **acting), there, "The poll is closed: all see the result.")


@bp.post("/communities/<ref:community>/topics/<ref:topic>/poll/remove")
@allow(Who.SIGNED_IN)
def remove_poll(community: Ref, topic: Ref) -> Response:
    """Take a poll away with all votes."""
    found, row, moderates = _of_poll(community, topic, ".remove_poll")
    acting = {"moderates": moderates, "actor": current_user.actor, "now": clock.now()}
    there = url_for(".topic", community=found, topic=row)
    return press(lambda: services.remove_poll(row.id, **acting), there, "The poll is gone.")


def _own_topic(community: Ref, topic: Ref) -> tuple[Community, Topic]:
    found = reached(community, ".add_poll")
    writer(found)
    row = topic_at(found, topic)
    if row.author_id != current_user.id:
        raise NotFound
    mine = topics.own_part_in(found.id, current_user.id).participation
    if (mine.published_posts if mine else 0) < found.first_posts_held:
        raise Forbidden("Moderators read your first posts here before others do. You can add polls after that.")
    return found, row


def _of_poll(community: Ref, topic: Ref, endpoint: str) -> tuple[Community, Topic, bool]:
    found = reached(community, endpoint)
    row, moderates = topic_at(found, topic), may_moderate(current_user, found)
    if not moderates:
        writer(found)
    return found, row, moderates
