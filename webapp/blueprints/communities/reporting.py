"""Reporting a post; and, for who is worried about a child, what to do now."""

from flask import current_app, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_moderate, may_withhold
from webapp.blueprints.acting import answered
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.moderating_forms import ReportForm
from webapp.blueprints.forms import error_list
from webapp.errors import NotFound
from webapp.models.moderation import CaseReason
from webapp.models.topics import Post
from webapp.queries import moderation as queries
from webapp.queries import topics
from webapp.services import moderation as services

Answer = str | Response | tuple[str, int]


@bp.route("/posts/<post>/report", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def report(post: str) -> Answer:
    """Ask moderators to look at a post, by anybody who can read it."""
    found = _read(post)
    form, withholds = ReportForm(), may_withhold(current_user, found.community)

    def act() -> Response:
        settings = current_app.config["SETTINGS"]
        contact = (settings.service_name, settings.contact_email)
        acting = {"actor": current_user.actor, "now": clock.now()}
        services.report(found.community, found.id, form.said(withholds=withholds), contact=contact, **acting)
        moderates = may_moderate(current_user, found.community)
        return redirect(url_for(".moderate" if moderates else ".reported", post=post))

    shown = {"post": found, "community": found.community, "withholds": withholds, "form": form}
    return answered(form, act, lambda: render_template("communities/report.html", errors=error_list(form), **shown))


@bp.get("/posts/<post>/reported")
@allow(Who.SIGNED_IN)
def reported(post: str) -> str:
    """What happens now with what somebody reported, and what they do themselves if they are worried about a child."""
    found = topics.find_post(post, viewer=current_user)
    own = queries.newest_report(found.id, current_user.id) if found is not None else None
    if found is None or own is None:
        raise NotFound
    return render_template(
        "communities/reported.html",
        post=found,
        community=found.community,
        about_child=own.reason is CaseReason.CHILD,
    )


@bp.get("/posts/<post>/moderate")
@allow(Who.SIGNED_IN)
def moderate(post: str) -> Response:
    """Lead a moderator to the newest case of a post, or to where one is opened by saying why."""
    found = topics.find_post(post, viewer=current_user)
    if found is None or not may_moderate(current_user, found.community):
        raise NotFound
    cases = queries.cases_of(found.id)
    if not cases or (cases[0].decided_at is not None and found.is_published):
        return redirect(url_for(".report", post=post))
    return redirect(url_for(".case", community=found.community, case=cases[0].public_id))


def _read(public_id: str) -> Post:
    """A post that the viewer reads, or read a moment ago; raises NotFound for one that was never published."""
    found = topics.find_post(public_id, viewer=current_user)
    if found is None or (found.published_at is None and not may_moderate(current_user, found.community)):
        raise NotFound
    return found
