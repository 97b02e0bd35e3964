"""A person's own check-in code, and the page on which people say that they are there."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp import clock, transaction
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.attendance import bp
from webapp.blueprints.attendance.forms import CodeForm, EmailAndCodeForm
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.visitors import source
from webapp.errors import DomainError
from webapp.formats.qr import qr_svg
from webapp.models.accounts import Actor, ActorKind, Power
from webapp.models.attendance import CheckInSource
from webapp.models.events import Event
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import attendance as queries
from webapp.queries.events import get_event
from webapp.queries.registrations import find_registration
from webapp.services import attendance as services
from webapp.templating import base_url
from webapp.transaction import attempt


@bp.route("/check-in/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def ticket(token: str) -> str | Response | tuple[str, int]:
    """A person's code, to show at the door; whoever checks people in there gets a button instead."""
    registration = queries.get_registration_by_ticket(token)
    if may(current_user, Power.CHECK_IN, registration.event):
        return _at_the_door(registration, token)
    form = CodeForm()
    if not form.validate_on_submit():
        return _ticket_page(registration, token, form), 422 if form.is_submitted() else 200
    code, now = str(form.code.data), clock.now()
    try:
        with transaction.unit():
            services.count_code(registration.event_id, registration.public_id, source(), now=now)
        with attempt():
            holder = Actor(ActorKind.LINK, registration.person_id)
            services.check_in_oneself(registration.id, code, actor=holder, now=now)
    except DomainError as refused:
        form.code.errors = [refused.message]
        return _ticket_page(registration, token, form), refused.status
    flash("You are checked in.", "success")
    return redirect(url_for(".ticket", token=token))


def _at_the_door(registration: Registration, token: str) -> str | Response | tuple[str, int]:
    event, form, now = registration.event, ButtonForm(), clock.now()
    if not form.validate_on_submit():
        page = _door_page(registration, token, form.problem if form.is_submitted() else "")
        return page, 422 if form.is_submitted() else 200
    day = services.day_of(event, request.form.get("day", ""))
    try:
        with attempt():
            arrival = services.check_in(
                registration.id, day.date, source=CheckInSource.QR_CODE, actor=current_user.actor, now=now
            )
    except DomainError as refused:
        return _door_page(registration, token, refused.message), refused.status
    flash(services.sentence(arrival, event), "success")
    return redirect(url_for("manage.check_in.scan", event=event, day=day.date.isoformat()))


def _door_page(registration: Registration, token: str, problem: str) -> str:
    event, now = registration.event, clock.now()
    day = services.day_at(event, now)
    return render_template(
        "attendance/door.html",
        event=event,
        registration=registration,
        day=day,
        check_in=queries.find_check_in(registration.id, day.id),
        confirmed=registration.state is RegistrationState.CONFIRMED,
        may_decide=may(current_user, Power.DECIDE, event),
        token=token,
        problem=problem,
        closed=services.why_closed(event, day, now),
    )


def _ticket_page(registration: Registration, token: str, form: CodeForm) -> str:
    event, now = registration.event, clock.now()
    open_day = services.find_open_day(event, now)
    return render_template(
        "attendance/ticket.html",
        event=event,
        registration=registration,
        confirmed=registration.state is RegistrationState.CONFIRMED,
        over=now >= event.ends_at,
        called_off=event.state == "cancelled",
        svg=Markup(qr_svg(f"{base_url()}/check-in/{token}", title="Check-in code")),  # noqa: S704 -- made by our format
        open_day=open_day,
        check_in=queries.find_check_in(registration.id, open_day.id) if open_day else None,
        token=token,
        form=form,
        errors=error_list(form),
    )


@bp.route("/events/<ref:event>/here", methods=["GET", "POST"])
@allow(Who.ANYONE)
def here(event: Ref) -> str | Response | tuple[str, int]:
    """Say that one is there, with the code on the screen; by address, the answer is the same for everybody."""
    found = get_event(event.public_id, viewer=current_user)
    put_right(event, found, ".here", event=found)
    mine = find_registration(found.id, current_user.id) if current_user.is_authenticated else None
    form = CodeForm() if mine is not None and not mine.state.is_ended else EmailAndCodeForm()
    if not form.validate_on_submit():
        return _here_page(found, mine, form), 422 if form.is_submitted() else 200
    try:
        said = _say_here(found, mine, form)
    except DomainError as refused:
        form.code.errors = [refused.message]
        return _here_page(found, mine, form), refused.status
    flash(said, "success")
    return redirect(url_for(".here", event=found))


def _say_here(event: Event, mine: Registration | None, form: CodeForm) -> str:
    """Check in whoever this is, and give what to answer. Raises DomainError."""
    now, code = clock.now(), str(form.code.data)
    by_email = form if isinstance(form, EmailAndCodeForm) else None
    who = str(by_email.email.data) if by_email else current_user.email
    with transaction.unit():
        services.count_code(event.id, who, source(), now=now)
    with attempt():
        if by_email or mine is None:
            services.check_in_by_email(event.id, who, code, actor=current_user.actor, now=now)
            return f"Thank you. If {who} has a place today, it is now checked in."
        services.check_in_oneself(mine.id, code, actor=current_user.actor, now=now)
    return "You are checked in."


def _here_page(event: Event, mine: Registration | None, form: CodeForm) -> str:
    now = clock.now()
    day = services.find_open_day(event, now)
    return render_template(
        "attendance/here.html",
        event=event,
        day=day,
        mine=mine,
        check_in=queries.find_check_in(mine.id, day.id) if mine and day else None,
        hours=[(one, *services.own_hours(event, one)) for one in event.days],
        now=now,
        form=form,
        errors=error_list(form),
    )
