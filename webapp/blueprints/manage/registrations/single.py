"""One registration as an organiser reads it, and what is decided about it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.forms import DeclineForm
from webapp.blueprints.manage.questions import answering_form
from webapp.blueprints.manage.registrations import bp
from webapp.blueprints.manage.registrations.forms import NoteForm, TagForm
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.events import Event, EventState
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.queries.activity import history_of
from webapp.services import registrations as services
from webapp.services.questions import shown
from webapp.transaction import attempt


@bp.get("/<registration>")
@allow(Who.ORGANISER)
def show(event: Ref, registration: str) -> str:
    """One registration: what they said, how it stands, what happened, and what can be decided."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".show", event=found, registration=registration)
    return show_page(found, registration)


@bp.post("/<registration>/approve")
@allow(Who.ORGANISER)
def approve(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Approve a request; approved already, it stays so."""
    found, row = to_decide(event, registration)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, registration, problem=form.problem), 422
    try:
        with attempt():
            approved = services.approve(row.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return show_page(found, registration, problem=refused.message), refused.status
    if approved.state is RegistrationState.WAITING:
        flash(f"Approved. All places are taken, so {approved.name} is on the waiting list.", "success")
    else:
        flash(f"Approved. {approved.name} has a place, and we have sent the calendar invitation.", "success")
    return redirect(url_for(".show", event=found, registration=registration))


@bp.route("/<registration>/decline", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def decline(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Decline a request, with a reason or without: first asks, then does; declined already, it stays so."""
    found, row = to_decide(event, registration)
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
    found, row = to_decide(event, registration)
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


@bp.post("/<registration>/send-again")
@allow(Who.ORGANISER)
def send_again(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Send the letter that tells how it stands once more."""
    found, row = to_decide(event, registration)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, registration, problem=form.problem), 422
    try:
        with attempt():
            services.send_again(row.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return show_page(found, registration, problem=refused.message), refused.status
    flash(f"We have sent the letter to {row.email} again.", "success")
    return redirect(url_for(".show", event=found, registration=registration))


def to_decide(event: Ref, registration: str) -> tuple[Event, Registration]:
    """The event and one of its registrations, for somebody who may decide about it."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    return found, queries.get_registration_of(found.id, registration, with_needs=False)


def show_page(
    event: Event,
    public_id: str,
    *,
    problem: str = "",
    errors: Sequence[dict[str, str]] = (),
    note: NoteForm | None = None,
    tag: TagForm | None = None,
) -> str:
    """The page of a registration as it stands now, since a refusal often means that somebody else was quicker."""
    with_needs, now = may(current_user, Power.SEE_NEEDS, event), clock.now()
    registration = queries.get_registration_of(event.id, public_id, with_needs=with_needs)
    state, decides = registration.state, may(current_user, Power.DECIDE, event)
    pending = sum(places.pending for places in event.places) - (state is RegistrationState.PENDING)
    over = now >= event.ends_at
    given = {answer.question_id: answer.value for answer in registration.answers}
    return render_template(
        "manage/registrations/show.html",
        event=event,
        registration=registration,
        needs=registration.needs if with_needs else None,
        said=shown(event.questions, given),
        answering=answering_form(event, registration) if decides else None,
        history=history_of(ThingKind.REGISTRATION, registration.id),
        position=queries.waiting_position(registration) if state is RegistrationState.WAITING else None,
        places=next(p for p in event.places if p.mode is registration.mode and p.session_id is None),
        may_decide=decides,
        tags=queries.tags_of([registration.id]).get(registration.id, []),
        tags_known=queries.tags_at(event.id) if decides else [],
        notes=queries.notes_of(registration.id),
        next_request=queries.next_request(registration) if decides and pending > 0 else None,
        requests_left=pending,
        note=note or NoteForm(formdata=None),
        tag=tag or TagForm(formdata=None),
        states={one.value: one.label for one in RegistrationState},
        sectors={one.value: one.label for one in Sector},
        now=now,
        over=over,
        changeable=decides and not state.is_ended and not over and event.state is EventState.PUBLISHED,
        errors=[{"text": problem}] if problem else list(errors),
    )
