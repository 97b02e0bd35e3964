"""Who registered for an event, one by one, and what an organiser decides about them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.forms import ORDERS, DeclineForm, RegistrationSearch
from webapp.blueprints.manage.questions import answering_form
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.events import Event
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.queries.activity import history_of
from webapp.services import exports
from webapp.services import registrations as services
from webapp.services.questions import shown
from webapp.transaction import attempt

bp = Blueprint("registrations", __name__, url_prefix="/events/<ref:event>/registrations")


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Who registered, searched, filtered and sorted, with the numbers of the whole event."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    search = RegistrationSearch(request.args)
    numbers = queries.get_numbers(found.id, search.wanted())
    return render_template(
        "manage/registrations/index.html",
        event=found,
        search=search,
        numbers=numbers,
        found=queries.find_registrations(found.id, search.wanted(), numbers, page=search.page),
        orders=ORDERS,
        states=list(RegistrationState),
        sectors=list(Sector),
        counted=search.state or RegistrationState.CONFIRMED,
        largest=queries.LARGEST,
        at_once=exports.AT_ONCE,
        now=clock.now(),
    )


@bp.get("/<registration>")
@allow(Who.ORGANISER)
def show(event: Ref, registration: str) -> str:
    """One registration: what they said, how it stands, what happened, and what can be decided."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".show", event=found, registration=registration)
    return _page(found, registration)


@bp.post("/<registration>/approve")
@allow(Who.ORGANISER)
def approve(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Approve a request; approved already, it stays so."""
    found, row = _to_decide(event, registration)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, registration, problem=form.problem), 422
    try:
        with attempt():
            approved = services.approve(row.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return _page(found, registration, problem=refused.message), refused.status
    if approved.state is RegistrationState.WAITING:
        flash(f"Approved. All places are taken, so {approved.name} is on the waiting list.", "success")
    else:
        flash(f"Approved. {approved.name} has a place, and we have sent the calendar invitation.", "success")
    return redirect(url_for(".show", event=found, registration=registration))


@bp.route("/<registration>/decline", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def decline(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Decline a request, with a reason or without: first asks, then does; declined already, it stays so."""
    found, row = _to_decide(event, registration)
    form, problem, status = DeclineForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                reason = str(form.reason.data or "")
                services.decline(row.id, reason=reason, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"Declined. We have written to {row.name}.", "success")
            return redirect(url_for(".show", event=found, registration=registration))
    elif form.is_submitted():
        status = 422
    elif row.state is not RegistrationState.PENDING:
        return redirect(url_for(".show", event=found, registration=registration))
    page = render_template(
        "manage/registrations/decline.html", event=found, registration=row, form=form, problem=problem
    )
    return page, status


@bp.route("/<registration>/cancel", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def cancel(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Give the place up for somebody: first asks, then does; cancelled already, it stays so."""
    found, row = _to_decide(event, registration)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.cancel(row.id, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"The registration of {row.name} has been cancelled.", "success")
            return redirect(url_for(".show", event=found, registration=registration))
    elif form.is_submitted():
        problem, status = form.problem, 422
    elif row.state.is_ended:
        return redirect(url_for(".show", event=found, registration=registration))
    return render_template("manage/registrations/cancel.html", event=found, registration=row, problem=problem), status


def _to_decide(event: Ref, registration: str) -> tuple[Event, Registration]:
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    return found, queries.get_registration_of(found.id, registration, with_needs=False)


def _page(event: Event, public_id: str, *, problem: str = "") -> str:
    """The page of a registration as it stands now, since a refusal often means that somebody else was quicker."""
    with_needs, now = may(current_user, Power.SEE_NEEDS, event), clock.now()
    registration = queries.get_registration_of(event.id, public_id, with_needs=with_needs)
    waits = registration.state is RegistrationState.WAITING
    given = {answer.question_id: answer.value for answer in registration.answers}
    return render_template(
        "manage/registrations/show.html",
        event=event,
        registration=registration,
        needs=registration.needs if with_needs else None,
        said=shown(event.questions, given),
        answering=answering_form(event, registration) if may(current_user, Power.DECIDE, event) else None,
        history=history_of(ThingKind.REGISTRATION, registration.id),
        position=queries.waiting_position(registration) if waits else None,
        places=next(p for p in event.places if p.mode is registration.mode and p.session_id is None),
        may_decide=may(current_user, Power.DECIDE, event),
        now=now,
        over=now >= event.ends_at,
        problem=problem,
    )
