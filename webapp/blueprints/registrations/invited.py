"""The personal link of those invited, and having it sent again."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import clock, transaction
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.registrations import bp
from webapp.blueprints.registrations.forms import OwnLinkForm
from webapp.blueprints.registrations.routes import event_of, fill_in, invited_as
from webapp.blueprints.visitors import source
from webapp.errors import DomainError, TooMany
from webapp.models.events import Admission
from webapp.queries import invitees as queries
from webapp.services import invitees as services
from webapp.services.registrations import check_open
from webapp.transaction import attempt


@bp.route("/events/<ref:event>/invited", methods=["GET", "POST"])
@allow(Who.ANYONE)
def ask_link(event: Ref) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Have one's own link sent again; the answer is the same whether or not the address is invited."""
    found, _ = event_of(event)
    put_right(event, found, ".ask_link", event=found)
    if request.method != "POST" and found.admission is Admission.INVITATION and invited_as(found, None) is not None:
        return redirect(url_for(".new", event=found))
    form, now, closed = OwnLinkForm(), clock.now(), ""
    try:
        check_open(found, now)
    except DomainError as refused:
        closed = refused.message
    if form.validate_on_submit():
        email = str(form.email.data)
        try:
            with transaction.unit():
                services.count_asked(email, source(), now=now)
        except TooMany as refused:
            form.email.errors = [refused.message]
            page = render_template("registrations/ask_link.html", event=found, form=form, closed=closed)
            return page, refused.status, refused.headers
        with attempt():
            services.send_own(found.id, email, now=now)
        flash(f"If {email} is invited, its link is on the way there. Look in the junk folder too.", "success")
        return redirect(url_for(".ask_link", event=found))
    page = render_template("registrations/ask_link.html", event=found, form=form, closed=closed)
    return page, 422 if form.is_submitted() else 200


@bp.route("/events/<ref:event>/invited/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def invited(event: Ref, token: str) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The form for somebody invited, with their address in it; reading it changes nothing, since scanners do."""
    found, _ = event_of(event)
    one = queries.get_invited_by_token(found.id, token)
    put_right(event, found, ".invited", event=found, token=token)
    if one.invitee.revoked_at is not None:
        return render_template("registrations/invited.html", event=found, registration=None), 410
    if one.registration is not None and not one.registration.state.is_ended:
        return render_template("registrations/invited.html", event=found, registration=one.registration)
    return fill_in(found, None, one.invitee)
