"""Passing one's own place on to a colleague."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import error_list
from webapp.blueprints.registrations import bp
from webapp.blueprints.registrations.people import PersonForm, identity_from
from webapp.errors import DomainError
from webapp.models.accounts import Actor, ActorKind
from webapp.queries import registrations as queries
from webapp.queries.organisations import find_organisation
from webapp.services import registrations as services
from webapp.transaction import attempt


@bp.route("/registrations/<token>/swap", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def swap(token: str) -> str | Response | tuple[str, int]:
    """Name a colleague who comes instead; the address stands in letters, so reading it only asks."""
    registration = queries.get_registration_by_token(token)
    event, now = registration.event, clock.now()
    colleague = {"organisation": registration.organisation_name, "sector": registration.sector.value}
    form, problem, status = PersonForm(data=colleague), "", 200
    if not form.is_submitted():
        try:
            services.check_swappable(registration, event, by=ActorKind.LINK, now=now)
        except DomainError as refused:
            return render_template("registrations/unchangeable.html", event=event, token=token, message=refused.message)
    if form.validate_on_submit():
        who = identity_from(form, find_organisation(form.organisation.data))
        try:
            with attempt():
                services.swap(registration.id, who, actor=Actor(ActorKind.LINK, registration.person_id), now=now)
        except services.AlreadyRegistered:
            # Whether somebody else is registered is theirs to tell.
            problem, status = services.NOT_THIS_ADDRESS, 409
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"Your place has passed to {who.name}. We have written to both of you.", "success")
            return redirect(url_for(".show", token=token))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "registrations/swap.html",
        event=event,
        token=token,
        form=form,
        errors=[{"text": problem}] if problem else error_list(form),
    )
    return page, status
