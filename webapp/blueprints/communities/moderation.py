"""What moderators see: what waits for them, and one case at a time."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_create, may_moderate, may_read_community
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.moderating_forms import DecisionForm
from webapp.blueprints.forms import error_list, page_number
from webapp.errors import DomainError, NotFound
from webapp.formats import posts
from webapp.models.moderation import Decision, ModerationCase
from webapp.queries import moderation as queries
from webapp.queries.community_letters import told_of
from webapp.services import moderation as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]
_SAID = {
    Decision.PUBLISHED: "The post can be read. Its writer is told.",
    Decision.KEPT: "Closed. The post stays as it is, and its writer is not told.",
    Decision.REFUSED: "The post was refused. Its writer is told why.",
    Decision.REDACTED: "The post was redacted, and its words are gone. Its writer is told why.",
}


@bp.get("/communities/moderation")
@allow(Who.SIGNED_IN)
def moderation_everywhere() -> str:
    """What waits in all communities that one looks after; nowhere to who looks after none."""
    if not queries.looks_after_any(current_user):
        raise NotFound
    decided = request.args.get("show") == "decided"
    found = queries.queue(current_user, decided=decided, page=page_number(request.args.get("page", "")))
    return render_template(
        "communities/moderation.html",
        community=None,
        cases=found,
        waiting=queries.count_waiting(current_user),
        decided=decided,
        may_choose=False,
        now=clock.now(),
    )


@bp.get("/communities/<ref:community>/moderation")
@allow(Who.SIGNED_IN)
def moderation(community: Ref) -> str:
    """What waits in a community, first where somebody is worried about a child; or what was decided."""
    found = queries.get_looked_after(community.public_id, viewer=current_user)
    put_right(community, found, ".moderation", community=found)
    decided = request.args.get("show") == "decided"
    page = page_number(request.args.get("page", ""))
    return render_template(
        "communities/moderation.html",
        community=found,
        cases=queries.queue(current_user, community_id=found.id, decided=decided, page=page),
        waiting=queries.count_waiting(current_user, community_id=found.id),
        decided=decided,
        may_choose=may_create(current_user, found.programme_id),
        now=clock.now(),
    )


@bp.route("/communities/<ref:community>/moderation/<case>", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def case(community: Ref, case: str) -> Answer:
    """A case: what was written, why somebody looks at it, and what becomes of it."""
    found = queries.get_case(case, community=community.public_id, viewer=current_user)
    put_right(community, found.community, ".case", community=found.community, case=case)
    opens = queries.opens_topic(found.post)
    form, status = DecisionForm().of(found.post, opens=opens), 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.decide(found.community, found.id, form.ruling(), actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            form.form_errors, status = [refused.message], refused.status
            found = queries.get_case(case, community=community.public_id, viewer=current_user)
            form.post_version.data = found.post.version
        else:
            flash(_SAID[Decision(form.decision.data)], "success")
            return redirect(url_for(".case", community=found.community, case=case))
    elif form.is_submitted():
        status = 422
    return _case_page(found, form, opens=opens), status


def _case_page(found: ModerationCase, form: DecisionForm, *, opens: bool) -> str:
    return render_template(
        "communities/case.html",
        case=found,
        post=found.post,
        community=found.community,
        words=posts.render(found.post.body, people={}),
        others=[one for one in queries.cases_of(found.post_id) if one.id != found.id],
        opens=opens,
        reads=may_read_community(current_user, found.community),
        moderates=may_moderate(current_user, found.community),
        form=form,
        errors=error_list(form),
        now=clock.now(),
    )


@bp.get("/communities/<ref:community>/moderation/<case>/received")
@allow(Who.SIGNED_IN)
def received(community: Ref, case: str) -> str:
    """Who is known to have had the post already: by letter, or by reading its topic as far as it."""
    found = queries.get_case(case, community=community.public_id, viewer=current_user)
    put_right(community, found.community, ".received", community=found.community, case=case)
    return render_template(
        "communities/received.html",
        case=found,
        post=found.post,
        community=found.community,
        told=told_of(found.post),
        readers=queries.read_by(found.post),
        now=clock.now(),
    )


@bp.post("/communities/<ref:community>/moderation/<case>/claim")
@allow(Who.SIGNED_IN)
def claim(community: Ref, case: str) -> Response:
    """Take a case, so that nobody else need look at it; or take it over from who has it."""
    taking_over = request.form.get("over") == "yes"
    return _press(community, case, services.claim, taking_over=taking_over, now=clock.now())


@bp.post("/communities/<ref:community>/moderation/<case>/release")
@allow(Who.SIGNED_IN)
def release(community: Ref, case: str) -> Response:
    """Give a case back to all."""
    return _press(community, case, services.release, now=clock.now())


@bp.post("/communities/<ref:community>/moderation/<case>/acknowledge")
@allow(Who.SIGNED_IN)
def acknowledge(community: Ref, case: str) -> Response:
    """Say that one has seen that somebody is worried about a child."""
    return _press(community, case, services.acknowledge, now=clock.now())


def _press(community: Ref, case: str, verb: Callable[..., None], **values: Any) -> Response:
    found = queries.get_case(case, community=community.public_id, viewer=current_user)
    there = url_for(".case", community=found.community, case=case)
    return press(lambda: verb(found.id, actor=current_user.actor, **values), there)
