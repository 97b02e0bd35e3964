"""Teams that reflect together: made, their members, left, ended."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.forms import MemberForm, TeamForm
from webapp.blueprints.reflections.routes import Answer, keep_reason
from webapp.errors import DomainError, Forbidden
from webapp.folding import fold_email
from webapp.models.accounts import ThingKind
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.transaction import attempt


@bp.route("/reflections/teams/new", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def new_team() -> Answer:
    """Make a team."""
    form = TeamForm()
    if form.validate_on_submit():
        with attempt():
            team = services.make_team(str(form.name.data), viewer=current_user, now=clock.now())
            keep_reason(form.guard, ThingKind.TEAM, team.id)
        flash("The team is made. Add those who belong to it.", "success")
        return redirect(url_for(".team", team=team.public_id))
    page = render_template("reflections/new_team.html", form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.route("/reflections/teams/<team>", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def team(team: str) -> Answer:
    """Who belongs to a team, and adding somebody for who made it."""
    found = queries.get_team(team, viewer=current_user)
    form, status = MemberForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.add_member(found.id, str(form.email.data), viewer=current_user, now=clock.now())
        except DomainError as refused:
            form.email.errors = [refused.message]
            status = refused.status
        else:
            flash(f"{form.email.data} belongs to the team. If the address is known here, they are told.", "success")
            return redirect(url_for(".team", team=team))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "reflections/team.html",
        team=found,
        is_owner=found.owner_id == current_user.id,
        own=fold_email(current_user.email),
        members=queries.members_of(found.id),
        form=form,
        errors=error_list(form),
    )
    return page, status


@bp.post("/reflections/teams/<team>/members/<member>/remove")
@allow(Who.SIGNED_IN)
def remove_member(team: str, member: str) -> Response:
    """End a membership: one's own, or as who made the team another's."""
    found = queries.get_team(team, viewer=current_user)
    form, own = ButtonForm(), found.owner_id != current_user.id
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".team", team=team))
    with attempt():
        services.remove_member(found.id, member, viewer=current_user, now=clock.now())
    flash("You have left the team." if own else "They no longer belong to the team.", "success")
    return redirect(url_for(".index") if own else url_for(".team", team=team))


@bp.route("/reflections/teams/<team>/delete", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def delete_team(team: str) -> Answer:
    """End a team, after one question."""
    found = queries.get_team(team, viewer=current_user)
    if found.owner_id != current_user.id:
        raise Forbidden("Only whoever made a team can end it.")
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.delete_team(found.id, viewer=current_user, now=clock.now())
        flash("The team is ended. What it wrote stays with those who began it.", "success")
        return redirect(url_for(".index"))
    page = render_template("reflections/delete_team.html", team=found, form=form)
    return page, 422 if form.is_submitted() else 200
