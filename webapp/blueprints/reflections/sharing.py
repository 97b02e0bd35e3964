"""With whom a reflection is shared, and taking it back."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.forms import SharingForm
from webapp.blueprints.reflections.routes import Answer, owned
from webapp.errors import DomainError
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.transaction import attempt


@bp.route("/reflections/<reflection>/sharing", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def share(reflection: str) -> Answer:
    """Share a reflection with a person or a team, to read it or to write in it."""
    found = owned(reflection).reflection
    teams = [team for team in queries.teams_of(current_user) if team.id != found.team_id]
    form, status = SharingForm(data={"whom": "person", "may": "read"}), 200
    form.offer(teams)
    if form.validate_on_submit():
        may_write = form.may.data == "write"
        team = next((one for one in teams if one.public_id == form.whom.data), None)
        try:
            with attempt():
                if team is not None:
                    services.share_with_team(
                        found.id, team.id, may_write=may_write, viewer=current_user, now=clock.now()
                    )
                else:
                    services.share_with_person(
                        found.id, str(form.email.data), may_write=may_write, viewer=current_user, now=clock.now()
                    )
        except DomainError as refused:
            (form.whom if team else form.email).errors = [refused.message]
            status = refused.status
        else:
            flash("It is shared." if team else "It is shared. If the address is known here, they are told.", "success")
            return redirect(url_for(".share", reflection=reflection))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "reflections/share.html",
        reflection=found,
        shares=queries.shares_of(found.id),
        form=form,
        errors=error_list(form),
    )
    return page, status


@bp.post("/reflections/<reflection>/sharing/<share>/stop")
@allow(Who.SIGNED_IN)
def stop_sharing(reflection: str, share: str) -> Response:
    """Take a share back: from the next moment on they find nothing here."""
    found = owned(reflection).reflection
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.stop_sharing(found.id, share, viewer=current_user, now=clock.now())
        flash("It is taken back. They cannot open it any more.", "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for(".share", reflection=reflection))
