"""Registering without an account, and the personal link to see, change or cancel."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from webapp import clock, kept, transaction
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.registrations import bp
from webapp.blueprints.registrations.forms import (
    RegistrationForm,
    answers_of,
    application_from,
    asked_by,
    form_for,
)
from webapp.blueprints.registrations.materials import materials_for
from webapp.blueprints.registrations.recordings import recordings_for
from webapp.blueprints.registrations.said import own_rows, rows, said
from webapp.blueprints.surveys.answering import invited_to
from webapp.blueprints.visitors import browser, source
from webapp.errors import DomainError, NotFound
from webapp.folding import fold_email
from webapp.models.accounts import Actor, ActorKind, ThingKind, Visitor
from webapp.models.events import Admission, Event
from webapp.models.registrations import PRIVACY_NOTICE_VERSION, Invitee, Registration, RegistrationState
from webapp.queries import events as event_queries
from webapp.queries import invitees as invitee_queries
from webapp.queries import registrations as queries
from webapp.queries import sign_ups as sign_up_queries
from webapp.queries.organisations import find_organisation
from webapp.queries.registrations import Draft
from webapp.queries.revisions import event_revision
from webapp.services import registrations as services
from webapp.services.admission import NotAdmitted, admit
from webapp.services.attendance import ticket_token
from webapp.services.guarding import record_kept
from webapp.transaction import attempt


@bp.route("/events/<ref:event>/register", methods=["GET", "POST"])
@allow(Who.ANYONE)
def new(event: Ref) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The questions; what was filled in is kept for a day, so that the answers can be checked before sending."""
    found, revision = event_of(event)
    put_right(event, found, ".new", event=found)
    if revision is not None and found.admission is not Admission.INVITATION and _is_like_everybody():
        build = partial(_empty_form, found)
        return kept.form(request.path, revision, build, lambda: {"csrf": generate_csrf()})
    draft = _find_draft(request.args.get("draft", ""), found)
    if draft is not None and draft.outcome is not None:
        draft = None  # finished: who comes back to the form registers somebody else
    invitee = invited_as(found, draft)
    if found.admission is Admission.INVITATION and invitee is None and request.method != "POST":
        return redirect(url_for(".ask_link", event=found))
    return fill_in(found, draft, invitee)


def fill_in(
    event: Event, draft: Draft | None, invitee: Invitee | None
) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """The form and what is sent by it; for an invitee the address stands fixed."""
    now, questions = clock.now(), event_queries.asked_questions(event)
    email = invitee.email if invitee else ""
    form = form_for(event, questions, now=now, data=draft.answers if draft else _prefilled(invitee), fixed_email=email)
    try:
        services.check_open(event, now)
        services.check_room(event, now)
        if event.admission is Admission.INVITATION and invitee is None:
            raise NotAdmitted.at(event, ())
    except DomainError as refused:
        if request.method == "POST":
            return _form_page(event, form, draft, closed=f"{refused.message} Nothing was sent."), 409
        return _form_page(event, form, draft, closed=refused.message)
    if not form.validate_on_submit():
        return _form_page(event, form, draft), 422 if form.is_submitted() else 200
    kept_as_it_is = form.guard.record or (draft.answers.get("text_kept", {}) if draft else {})
    answers = answers_of(form) | {"asked": asked_by(event, questions), "text_kept": kept_as_it_is}
    if invitee is not None:
        answers |= {"email": email, "invited": invitee.public_id}
    try:
        admit(
            event, answers["email"], invited=answers.get("invited", ""), person_id=_owner_of(answers["email"]), now=now
        )
    except NotAdmitted as refused:
        form.email.errors = [refused.message]
        return _form_page(event, form, draft), 422
    draft_id = draft.id if draft else None
    try:
        with attempt():
            begun = services.keep_draft(
                event.id, answers, browser=browser(), source=source(), now=now, draft_id=draft_id
            )
    except DomainError as refused:
        return _form_page(event, form, draft, closed=refused.message), refused.status, refused.headers
    return redirect(url_for(".check", event=event, draft=begun.public_id))


def invited_as(event: Event, draft: Draft | None) -> Invitee | None:
    """As whom somebody fills in the form: by the link they came by, or signed in where there is no other way in."""
    if draft is not None and draft.answers.get("invited"):
        invitee = invitee_queries.find_invitee_of(event.id, draft.answers["invited"])
    elif event.admission is Admission.INVITATION and current_user.is_authenticated:
        invitee = invitee_queries.find_invitee(event.id, current_user.email)
    else:
        return None
    return invitee if invitee is not None and invitee.revoked_at is None else None


def _owner_of(email: str) -> int | None:
    """The person who is signed in, if the address is their own."""
    is_own = current_user.is_authenticated and fold_email(current_user.email) == fold_email(email)
    return current_user.id if is_own else None


def _is_like_everybody() -> bool:
    """Whether nothing that the form shows belongs to this visitor alone."""
    fresh = request.method in {"GET", "HEAD"} and not request.args.get("draft") and "_flashes" not in session
    return fresh and not current_user.is_authenticated


def _empty_form(event: Event, now: datetime) -> kept.Page:
    form = form_for(event, event_queries.asked_questions(event), now=now)
    form.csrf_token.current_token = kept.opening("csrf")
    closed = ""
    try:
        services.check_open(event, now)
        services.check_room(event, now)
    except DomainError as refused:
        closed = refused.message
    return kept.Page(_form_page(event, form, None, closed), event.boundaries())


@bp.route("/events/<ref:event>/register/<draft>", methods=["GET", "POST"])
@allow(Who.ANYONE)
def check(event: Ref, draft: str) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Check the answers, then send them; sent twice, they count once."""
    found, _ = event_of(event)
    begun = _find_draft(draft, found)
    if begun is None:
        return render_template("registrations/gone.html", event=found), 410
    if begun.outcome is not None:
        return redirect(url_for(".done", event=found, draft=draft))
    questions = event_queries.asked_questions(found)
    if begun.answers.get("asked") != asked_by(found, questions):
        flash("The organiser has changed the questions since. Look through your answers, then continue.", "error")
        return redirect(url_for(".new", event=found, draft=draft))
    form = ButtonForm()
    if form.validate_on_submit():
        organisation = find_organisation(begun.answers["organisation"])
        application = application_from(
            begun.answers, found, questions, organisation, notice_version=PRIVACY_NOTICE_VERSION
        )
        who, now = current_user.actor, clock.now()
        try:
            with attempt():
                as_it_is = begun.answers.get("text_kept", {})
                services.finish_draft(begun.id, application, actor=who, source=source(), now=now)
                record_kept(as_it_is, ThingKind.EVENT, found.id, actor=who, now=now, event_id=found.id)
        except DomainError as refused:
            with transaction.unit():
                services.count_refused(application.email, source(), now=now)
            closed = isinstance(refused, services.RegistrationRefused)
            problem = f"{refused.message} Nothing was sent." if closed else refused.message
            return _check_page(found, begun, form, problem), refused.status, refused.headers
        return redirect(url_for(".done", event=found, draft=draft))
    return _check_page(found, begun, form, form.problem), 422 if form.is_submitted() else 200


@bp.get("/events/<ref:event>/register/<draft>/done")
@allow(Who.ANYONE)
def done(event: Ref, draft: str) -> str | Response | tuple[str, int]:
    """What happens next."""
    found, _ = event_of(event)
    begun = _find_draft(draft, found)
    if begun is None:
        return render_template("registrations/gone.html", event=found), 410
    if begun.outcome is None:
        return redirect(url_for(".check", event=found, draft=draft))
    state = RegistrationState(begun.outcome["state"])
    return render_template("registrations/done.html", event=found, outcome=begun.outcome, state=state)


@bp.get("/registrations/<token>")
@allow(Who.LINK_HOLDER)
def show(token: str) -> str:
    """One's own registration: how it stands, and what can be done."""
    return _own_page(token, ButtonForm())


@bp.route("/registrations/<token>/change", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def change(token: str) -> str | Response | tuple[str, int]:
    """Change what was said; the address and the way of taking part stay."""
    registration = queries.get_registration_by_token(token)
    event = registration.event
    questions = event_queries.asked_questions(event)
    told = said(registration) | {"version": registration.version}
    form = form_for(event, questions, now=clock.now(), changing=True, data=told)
    problem = ""
    standing: list[tuple[str, str]] = []
    if not form.is_submitted():
        try:
            services.check_changeable(registration, event, clock.now())
        except DomainError as refused:
            return render_template("registrations/unchangeable.html", event=event, token=token, message=refused.message)
    if form.validate_on_submit():
        organisation = find_organisation(form.organisation.data)
        application = application_from(
            answers_of(form), event, questions, organisation, notice_version=registration.notice_version
        )
        try:
            with attempt():
                version, who, now = int(form.version.data or 0), _holder(registration), clock.now()
                services.change(registration.id, application, version=version, actor=who, now=now)
                thing = (ThingKind.REGISTRATION, registration.id)
                record_kept(form.guard.record, *thing, actor=who, now=now, event_id=event.id)
        except DomainError as refused:
            problem = refused.message
            registration = queries.get_registration_by_token(token)
            form.version.raw_data = None  # or the page would show the version that was sent
            form.version.data = registration.version
            typed = own_rows(registration, answers_of(form))
            standing = [row for row in own_rows(registration, said(registration)) if row not in typed]
        else:
            flash("Your registration has been changed.", "success")
            return redirect(url_for(".show", token=token))
    page = render_template(
        "registrations/change.html", form=form, event=event, token=token, problem=problem, standing=standing
    )
    return page, 409 if problem else 422 if form.is_submitted() else 200


@bp.route("/registrations/<token>/cancel", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def cancel(token: str) -> str | Response | tuple[str, int]:
    """Give the place up. The address stands in letters, so reading it only asks."""
    registration = queries.get_registration_by_token(token)
    form, problem = ButtonForm(), ""
    if form.validate_on_submit():
        try:
            with attempt():
                services.cancel(registration.id, actor=_holder(registration), now=clock.now())
        except DomainError as refused:
            problem = refused.message
        else:
            flash("Your registration has been cancelled.", "success")
            return redirect(url_for(".show", token=token))
    page = render_template(
        "registrations/cancel.html",
        registration=registration,
        event=registration.event,
        over=registration.state.is_ended or clock.now() >= registration.event.ends_at,
        form=form,
        token=token,
        problem=problem or form.problem,
    )
    return page, 409 if problem else 422 if form.is_submitted() else 200


@bp.post("/registrations/<token>/accept")
@allow(Who.LINK_HOLDER)
def accept(token: str) -> Response | tuple[str, int]:
    """Take the place that was offered."""
    registration = queries.get_registration_by_token(token)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _own_page(token, form, form.problem), 422
    try:
        with attempt():
            services.accept_offer(registration.id, actor=_holder(registration), now=clock.now())
    except DomainError as refused:
        return _own_page(token, form, refused.message), refused.status
    flash("The place is yours. We have sent you the calendar invitation.", "success")
    return redirect(url_for(".show", token=token))


def _own_page(token: str, form: ButtonForm, problem: str = "") -> str:
    registration = queries.get_registration_by_token(token)
    waits = registration.state is RegistrationState.WAITING
    takes_sign_ups = sign_up_queries.takes_sign_ups(registration.event_id)
    own = sign_up_queries.sign_ups_of_registration(registration.id) if takes_sign_ups else []
    return render_template(
        "registrations/show.html",
        sign_ups=own,
        numbers=sign_up_queries.places_waited_for(own),
        takes_sign_ups=takes_sign_ups,
        registration=registration,
        event=registration.event,
        rows=own_rows(registration, said(registration)),
        position=queries.waiting_position(registration) if waits else None,
        token=token,
        ticket=ticket_token(registration),
        surveys=invited_to(registration, now=clock.now()),
        materials=materials_for(registration, token),
        recordings=recordings_for(registration, token, clock.now()),
        now=clock.now(),
        form=form,
        problem=problem,
    )


def _form_page(event: Event, form: RegistrationForm, draft: Draft | None, closed: str = "") -> str:
    now = clock.now()
    return render_template(
        "registrations/new.html",
        event=event,
        form=form,
        draft=draft,
        closed=closed,
        rooms=[event.availability_at(places, now).value for places in event.places],
        queue=event.has_queue_at(now),
        now=now,
    )


def _check_page(event: Event, draft: Draft, form: ButtonForm, problem: str) -> str:
    organisation = find_organisation(draft.answers["organisation"])
    mode, now = draft.answers.get("mode") or event.modes[0], clock.now()
    has_room = any(event.has_room_at(places, now) for places in event.places if places.mode == mode)
    return render_template(
        "registrations/check.html",
        waits=not has_room and event.has_queue_at(now),
        can_send=has_room or event.needs_approval or event.has_queue_at(now),
        event=event,
        draft=draft,
        rows=rows(event, draft.answers, organisation.name if organisation else draft.answers["organisation"]),
        form=form,
        problem=problem,
    )


def _prefilled(invitee: Invitee | None) -> dict[str, Any]:
    if invitee is not None:
        return {"name": invitee.name, "email": invitee.email}
    if not current_user.is_authenticated:
        return {}
    return {"name": current_user.name, "email": current_user.email}


def event_of(ref: Ref) -> tuple[Event, str | None]:
    """The event with what a registration asks about it; of a public one, which has a revision, one for all requests."""
    revision = event_revision(ref.public_id)
    if revision is None:
        return event_queries.get_event_for_registration(ref.public_id, viewer=current_user), None
    read = partial(event_queries.get_event_for_registration, ref.public_id, viewer=Visitor())
    return kept.thing(f"event {ref.public_id}", revision, read), revision


def _find_draft(public_id: str, event: Event) -> Draft | None:
    if not public_id:
        return None
    draft = queries.find_draft(public_id, browser=browser(), now=clock.now())
    if draft is not None and draft.event_id != event.id:
        raise NotFound
    return draft


def _holder(registration: Registration) -> Actor:
    return Actor(ActorKind.LINK, registration.person_id)
