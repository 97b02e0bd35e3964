"""Who moderates a community, as those who set its programme up choose them."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.communities import bp
from webapp.blueprints.communities.moderating_forms import ModeratorForm
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.errors import NotFound
from webapp.models.communities import Community
from webapp.queries import communities
from webapp.queries import moderation as queries
from webapp.services import moderation as services
from webapp.transaction import attempt


@bp.route("/communities/<ref:community>/moderators", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def moderators(community: Ref) -> Response | tuple[str, int]:
    """Everybody who moderates the community, and choosing one more."""
    found = _set_up(community)
    put_right(community, found, ".moderators", community=found)
    form, status = ModeratorForm(), 200
    if form.validate_on_submit():
        with attempt():
            person, is_new = services.appoint(
                found.id,
                name=str(form.name.data),
                email=str(form.email.data),
                actor=current_user.actor,
                now=clock.now(),
            )
        told = "now moderates this community. We have sent a letter with the way in."
        flash(f"{person.name} {told if is_new else 'moderates this community already.'}", "success")
        return redirect(url_for(".moderators", community=found))
    if form.is_submitted():
        status = 422
    page = render_template(
        "communities/moderators.html",
        community=found,
        appointments=queries.appointments_of(found, now=clock.now()),
        form=form,
        errors=error_list(form),
    )
    return page, status


@bp.post("/communities/<ref:community>/moderators/<person>/dismiss")
@allow(Who.SIGNED_IN)
def dismiss_moderator(community: Ref, person: str) -> Response:
    """Let somebody no longer moderate the community."""
    found, form = _set_up(community), ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".moderators", community=found))
    for _, one in queries.appointments_of(found, now=clock.now()):
        if one.public_id == person:
            with attempt():
                services.dismiss(found.id, one.id, actor=current_user.actor, now=clock.now())
            flash(f"{one.name} no longer moderates this community.", "success")
            break
    return redirect(url_for(".moderators", community=found))


def _set_up(ref: Ref) -> Community:
    found = communities.get_community(ref.public_id, viewer=current_user)
    if not may_create(current_user, found.programme_id):
        raise NotFound
    return found
