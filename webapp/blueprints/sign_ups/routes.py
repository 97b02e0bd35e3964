"""Signing up for single sessions, and leaving them: signed in, or by the personal link of a registration."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.sign_ups import bp
from webapp.errors import DomainError
from webapp.models.accounts import Actor, ActorKind
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import SignUpState
from webapp.queries import agenda as agenda_queries
from webapp.queries import events as event_queries
from webapp.queries import sign_ups as queries
from webapp.queries.registrations import find_registration_at, get_registration_by_token
from webapp.services import sign_ups as services
from webapp.transaction import attempt


@bp.post("/events/<ref:event>/sessions/<ref:session>/sign-up")
@allow(Who.SIGNED_IN)
def new(event: Ref, session: Ref) -> Response | tuple[str, int]:
    """Sign up, or join the waiting list; a clash is put to the person, who can leave the other in one step."""
    found, part, registration = _own(event, session)
    if registration is None:
        flash("To sign up for a session you need a place at the event. Register for it first.", "error")
        return redirect(url_for("agenda.session", event=found, session=part))
    beside = queries.chosen_at_the_time_of(part, current_user.id)
    address = url_for(".new", event=found, session=part)
    return _sign_up(registration, found, part, current_user.actor, address, _back(found, part), beside)


@bp.post("/events/<ref:event>/sessions/<ref:session>/leave")
@allow(Who.SIGNED_IN)
def leave(event: Ref, session: Ref) -> Response:
    """Leave a session, or its waiting list."""
    found, part, registration = _own(event, session)
    if registration is not None:
        _leave(registration, part, current_user.actor)
    return redirect(_back(found, part))


@bp.get("/registrations/<token>/sessions")
@allow(Who.LINK_HOLDER)
def index(token: str) -> str:
    """The sessions that one can sign up for, with how one stands in each."""
    registration = get_registration_by_token(token)
    event, now = registration.event, clock.now()
    own = queries.sign_ups_of_registration(registration.id)
    sessions = {part.id: part for part in queries.sessions_to_choose(event.id)}
    others = [row.session for row in own if row.session_id not in sessions]
    counters = queries.counters_of(event.id)
    return render_template(
        "sign_ups/index.html",
        event=event,
        confirmed=registration.state is RegistrationState.CONFIRMED,
        days=_by_day([*sessions.values(), *others]),
        own={row.session_id: row for row in own},
        numbers=queries.places_waited_for(own),
        counters={
            part: next((row for row in rows if row.mode is registration.mode), None) for part, rows in counters.items()
        },
        token=token,
        now=now,
    )


@bp.post("/registrations/<token>/sessions/<ref:session>/sign-up")
@allow(Who.LINK_HOLDER)
def take(token: str, session: Ref) -> Response | tuple[str, int]:
    """The same as signing up when signed in."""
    registration = get_registration_by_token(token)
    part = agenda_queries.get_session(registration.event, session.public_id)
    address, back = url_for(".take", token=token, session=part), url_for(".index", token=token)
    return _sign_up(registration, registration.event, part, _holder(registration), address, back, [])


@bp.route("/registrations/<token>/sessions/<ref:session>/leave", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def give_up(token: str, session: Ref) -> str | Response:
    """Leave a session. The address stands in letters, so reading it only asks."""
    registration = get_registration_by_token(token)
    part = agenda_queries.get_session(registration.event, session.public_id)
    if request.method == "POST":
        _leave(registration, part, _holder(registration))
        return redirect(url_for(".index", token=token))
    row = queries.find_sign_up(registration.id, part.id)
    held = row is not None and row.state.is_held and part.begins_at(registration.event.zone) > clock.now()
    return render_template(
        "sign_ups/give_up.html",
        event=registration.event,
        session=part,
        waits=row is not None and row.state is SignUpState.WAITING,
        held=held,
        token=token,
    )


def _own(event: Ref, session: Ref) -> tuple[Event, Session, Registration | None]:
    found = event_queries.get_event(event.public_id, viewer=current_user)
    part = agenda_queries.get_session(found, session.public_id)
    return found, part, find_registration_at(found.public_id, current_user.id)


def _sign_up(
    registration: Registration, event: Event, part: Session, actor: Actor, address: str, back: str, beside: list[str]
) -> Response | tuple[str, int]:
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(back)
    title, instead_of = part.title, request.form.getlist("instead")
    try:
        with attempt():
            row = services.sign_up(registration.id, part.id, instead_of=instead_of, actor=actor, now=clock.now())
            state, number = row.state, queries.places_waited_for([row]).get(row.id)
    except services.Clash as clash:
        page = render_template(
            "sign_ups/clash.html", event=event, session=part, clash=clash, address=address, back=back
        )
        return page, clash.status
    except DomainError as refused:
        flash(refused.message, "error")
        return redirect(back)
    if state is SignUpState.CONFIRMED:
        also = f" In your agenda there is also, at that time: {', '.join(beside)}." if beside else ""
        flash(f"You are signed up for “{title}”. We have sent you the calendar invitation.{also}", "success")
    else:
        flash(
            f"All places in “{title}” are taken. You are on the waiting list with number {number}, and move up when a"
            " place comes free and you are signed up for nothing else at that time.",
            "success",
        )
    return redirect(back)


def _leave(registration: Registration, part: Session, actor: Actor) -> None:
    form, title = ButtonForm(), part.title
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return
    try:
        with attempt():
            services.leave(registration.id, part.id, actor=actor, now=clock.now())
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        flash(f"You have left “{title}”.", "success")


def _back(event: Event, part: Session) -> str:
    back = request.form.get("back", "")
    if back == "mine":
        return url_for("agenda.mine")
    if back == "session":
        return url_for("agenda.session", event=event, session=part)
    return url_for("agenda.show", event=event, _anchor=f"s-{part.public_id}")


def _by_day(sessions: list[Session]) -> list[list[Session]]:
    days: dict[int, list[Session]] = {}
    for part in sessions:
        days.setdefault(part.day_id, []).append(part)
    return sorted(days.values(), key=lambda of_day: of_day[0].day.date)


def _holder(registration: Registration) -> Actor:
    return Actor(ActorKind.LINK, registration.person_id)
