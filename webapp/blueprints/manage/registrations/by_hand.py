"""Writing down, for somebody else, who takes part: adding, correcting, and passing a place on to a colleague."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.registrations import bp
from webapp.blueprints.manage.registrations.forms import (
    CorrectionForm,
    adding_form,
    application_of,
)
from webapp.blueprints.merging import Difference, merge, who_changed
from webapp.blueprints.registrations.people import PersonForm, identity_from
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.events import Event
from webapp.models.registrations import PRIVACY_NOTICE_VERSION, Registration, RegistrationState
from webapp.queries import events as event_queries
from webapp.queries import registrations as queries
from webapp.queries.activity import history_of
from webapp.queries.organisations import find_organisation
from webapp.services import registrations as services
from webapp.services.guarding import record_kept
from webapp.services.registrations import AlreadyRegistered
from webapp.transaction import attempt


@bp.route("/add", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def add(event: Ref) -> str | Response | tuple[str, int]:
    """Register somebody by hand, by the rules that hold for everybody."""
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    put_right(event, found, ".add", event=found)
    form = adding_form(found, event_queries.asked_questions(found))
    refused = None
    if form.validate_on_submit():
        who = identity_from(form, find_organisation(form.organisation.data))
        application = application_of(form, found, who, notice_version=PRIVACY_NOTICE_VERSION)
        past_queue = bool(form.data["past_queue"])
        try:
            with attempt():
                who_adds, now = current_user.actor, clock.now()
                outcome = services.add(found.id, application, past_queue=past_queue, actor=who_adds, now=now)
                thing = (ThingKind.REGISTRATION, outcome.registration.id)
                record_kept(form.guard.record, *thing, actor=who_adds, now=now, event_id=found.id)
        except DomainError as error:
            refused = error
        else:
            gets = "has a place, and we have sent the calendar invitation"
            if outcome.state is RegistrationState.WAITING:
                gets = f"is number {outcome.position:,} on the waiting list, and we have written so"
            flash(f"Added. {who.name} {gets}.", "success")
            return redirect(url_for(".show", event=found, registration=outcome.registration.public_id))
    page = render_template(
        "manage/registrations/add.html",
        event=found,
        form=form,
        errors=_errors(form, refused),
        other=_other(found, refused),
        now=clock.now(),
    )
    return page, refused.status if refused else 422 if form.is_submitted() else 200


@bp.route("/<registration>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Change what somebody said of themselves, on their behalf, or put a mistyped address right."""
    found, row = _to_change(event, registration)
    form, refused = CorrectionForm(data=_said(row)), None
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        who = identity_from(form, find_organisation(form.organisation.data))
        try:
            with attempt():
                version = int(form.version.data or 0)
                services.correct(row.id, who, version=version, actor=current_user.actor, now=clock.now())
        except DomainError as error:
            refused = error
            row = queries.get_registration_of(found.id, registration, with_needs=False)
            if isinstance(refused, services.ChangedMeanwhile):
                fresh = CorrectionForm(formdata=None, data=_said(row))
                theirs = merge(form, fresh, who=_who_changed(row))
        else:
            flash("Saved.", "success")
            return redirect(url_for(".show", event=found, registration=registration))
    elif not form.is_submitted() and (row.state.is_ended or clock.now() >= found.ends_at):
        return redirect(url_for(".show", event=found, registration=registration))
    page = render_template(
        "manage/registrations/edit.html",
        event=found,
        registration=row,
        form=form,
        errors=_errors(form, refused),
        other=_other(found, refused),
        theirs=theirs,
    )
    return page, refused.status if refused else 422 if form.is_submitted() else 200


@bp.route("/<registration>/swap", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def swap(event: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Give the place, or the number on the waiting list, to a colleague."""
    found, row = _to_change(event, registration)
    colleague = {"organisation": row.organisation_name, "sector": row.sector.value}
    form, refused = PersonForm(data=colleague), None
    if form.validate_on_submit():
        who = identity_from(form, find_organisation(form.organisation.data))
        try:
            with attempt():
                new = services.swap(row.id, who, actor=current_user.actor, now=clock.now())
        except DomainError as error:
            refused = error
        else:
            flash(f"{who.name} takes over from {row.name}. We have written to both.", "success")
            return redirect(url_for(".show", event=found, registration=new.public_id))
    elif not form.is_submitted() and row.state not in services.SWAPPED:
        return redirect(url_for(".show", event=found, registration=registration))
    page = render_template(
        "manage/registrations/swap.html",
        event=found,
        registration=row,
        form=form,
        errors=_errors(form, refused),
        other=_other(found, refused),
    )
    return page, refused.status if refused else 422 if form.is_submitted() else 200


def _to_change(event: Ref, registration: str) -> tuple[Event, Registration]:
    found = event_queries.get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    put_right(event, found, f".{(request.endpoint or '').rpartition('.')[2]}", event=found, registration=registration)
    return found, queries.get_registration_of(found.id, registration, with_needs=False)


def _errors(form: PersonForm, refused: DomainError | None) -> list[dict[str, str]]:
    return [{"text": refused.message}] if refused else list(error_list(form))


def _other(event: Event, refused: DomainError | None) -> str:
    """The address of the registration that is in the way."""
    if not isinstance(refused, AlreadyRegistered):
        return ""
    return url_for(".show", event=event, registration=refused.public_id)


def _said(registration: Registration) -> dict[str, str | int]:
    return {
        "name": registration.name,
        "email": registration.email,
        "organisation": registration.organisation_name,
        "sector": registration.sector.value,
        "role": registration.role,
        "version": registration.version,
    }


def _who_changed(registration: Registration) -> Callable[[str], str]:
    return who_changed(history_of(ThingKind.REGISTRATION, registration.id), {})
