"""Asking a speaker by e-mail, taking the link back, and what they gave."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import as_download
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.speakers import bp
from webapp.blueprints.manage.speakers.forms import InvitationForm
from webapp.blueprints.manage.speakers.profiles import find, show_page
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.queries import files as file_queries
from webapp.queries import speakers as queries
from webapp.queries.events import get_managed_event
from webapp.services import speakers as services
from webapp.transaction import attempt


@bp.route("/events/<ref:event>/speakers/<speaker>/invite", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def invite(event: Ref, speaker: str) -> str | Response | tuple[str, int]:
    """Send the speaker the link to their sessions, for the first time or again."""
    found, row = find(event, speaker, ".invite", editing=True)
    named = queries.get_named(found.id, row)
    form = InvitationForm(data={"email": named.invitation.email if named.invitation else ""})
    problem, status = "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.invite(found.id, row.id, form.email.data, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"We have written to {form.email.data}.", "success")
            return redirect(url_for(".show", event=found, speaker=row.public_id))
    elif form.is_submitted():
        status = 422
    errors = [{"text": problem}] if problem else error_list(form)
    page = render_template(
        "manage/speakers/invite.html", event=found, speaker=row, named=named, form=form, errors=errors
    )
    return page, status


@bp.post("/events/<ref:event>/speakers/<speaker>/revoke")
@allow(Who.ORGANISER)
def revoke(event: Ref, speaker: str) -> Response | tuple[str, int]:
    """Take the link back; taken back already, it stays so."""
    found, row = find(event, speaker, ".revoke")
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, row, problem=form.problem), 422
    with attempt():
        services.revoke(found.id, row.id, actor=current_user.actor, now=clock.now())
    flash("The link opens nothing any more. Ask again to send a new one.", "success")
    return redirect(url_for(".show", event=found, speaker=row.public_id))


@bp.get("/events/<ref:event>/slides/<attachment>")
@allow(Who.ORGANISER)
def slides(event: Ref, attachment: str) -> Response:
    """A file that was given for a session."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    put_right(event, found, ".slides", event=found, attachment=attachment)
    return as_download(file_queries.get_attachment(attachment, event_id=found.id))
