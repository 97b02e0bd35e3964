"""Who signed up for single sessions: the numbers of each, its list, and what an organiser changes in it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, page_number
from webapp.errors import DomainError, NotFound
from webapp.folding import clean_line
from webapp.models.accounts import Power
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.sign_ups import SignUpState
from webapp.queries import registrations as registration_queries
from webapp.queries import sign_ups as queries
from webapp.queries.agenda import get_session
from webapp.queries.events import get_managed_event
from webapp.queries.registrations import RegistrationFilter
from webapp.services import session_lists
from webapp.services import sign_ups as services
from webapp.transaction import attempt

bp = Blueprint("sign_ups", __name__, url_prefix="/events/<ref:event>/sign-ups")

TYPES = {
    FileType.CSV: "text/csv",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_TEXT = 100
SHOWN = 20


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The sessions that take sign-ups, with how many are in each, wait for it, and fit into it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".index", event=found)
    return render_template("manage/sign_ups/index.html", event=found, counts=queries.counts_of(found.id))


@bp.get("/<ref:session>")
@allow(Who.ORGANISER)
def show(event: Ref, session: Ref) -> str:
    """Who signed up for one session and who waits, and somebody to add looked for by name."""
    found, part = _session(event, session, Power.SEE_REGISTRATIONS)
    put_right(event, found, ".show", event=found, session=part)
    return _page(found, part)


@bp.post("/<ref:session>/add")
@allow(Who.ORGANISER)
def add(event: Ref, session: Ref) -> Response | tuple[str, int]:
    """Sign somebody up by hand, by the rules that hold for all; a clash is put to the organiser."""
    found, part = _session(event, session, Power.DECIDE)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, part, problem=form.problem), 422
    row = _registration(found, request.form.get("registration", ""))
    title, name = part.title, row.name
    try:
        with attempt():
            made = services.sign_up(
                row.id,
                part.id,
                instead_of=request.form.getlist("instead"),
                actor=current_user.actor,
                now=clock.now(),
            )
            waits = made.state is SignUpState.WAITING
    except services.Clash as clash:
        page = render_template(
            "manage/sign_ups/clash.html", event=found, session=part, registration=row, beside=clash.beside
        )
        return page, clash.status
    except DomainError as refused:
        return _page(found, part, problem=refused.message), refused.status
    if waits:
        flash(f"All places in “{title}” are taken, so {name} is on its waiting list. We have told them.", "success")
    else:
        flash(f"{name} is signed up for “{title}”. We have sent the calendar invitation.", "success")
    return redirect(url_for(".show", event=found, session=part))


@bp.route("/<ref:session>/remove/<registration>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, session: Ref, registration: str) -> str | Response | tuple[str, int]:
    """Take somebody out of a session: first asks, then does; out already, they stay so."""
    found, part = _session(event, session, Power.DECIDE)
    row = _registration(found, registration)
    form, problem, status, name = ButtonForm(), "", 200, row.name
    if form.validate_on_submit():
        try:
            with attempt():
                services.leave(row.id, part.id, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"{name} is no longer signed up. We have written to them.", "success")
            return redirect(url_for(".show", event=found, session=part))
    elif form.is_submitted():
        problem, status = form.problem, 422
    sign_up = queries.find_sign_up(row.id, part.id)
    if sign_up is None or not sign_up.state.is_held:
        return redirect(url_for(".show", event=found, session=part))
    page = render_template(
        "manage/sign_ups/remove.html", event=found, session=part, registration=row, sign_up=sign_up, problem=problem
    )
    return page, status


@bp.get("/<ref:session>/door")
@allow(Who.ORGANISER)
def door(event: Ref, session: Ref) -> str:
    """Who is expected, by name, to be printed and ticked off at the door."""
    found, part = _session(event, session, Power.CHECK_IN)
    put_right(event, found, ".door", event=found, session=part)
    return render_template("manage/sign_ups/door.html", event=found, session=part, people=queries.expected_at(part.id))


@bp.get("/<ref:session>.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(event: Ref, session: Ref, filetype: str) -> Response:
    """One session's list as a file."""
    found, part = _session(event, session, Power.SEE_REGISTRATIONS)
    return _file(found, part.slug, FileType(filetype), part)


@bp.get("/all.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download_all(event: Ref, filetype: str) -> Response:
    """The lists of all sessions as one file."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    return _file(found, f"{found.slug}-sign-ups", FileType(filetype), None)


def _session(event: Ref, session: Ref, needing: Power) -> tuple[Event, Session]:
    found = get_managed_event(event.public_id, viewer=current_user, needing=needing)
    return found, get_session(found, session.public_id)


def _registration(event: Event, public_id: str) -> Registration:
    if not public_id:
        raise NotFound
    return registration_queries.get_registration_of(event.id, public_id, with_needs=False)


def _page(event: Event, session: Session, *, problem: str = "") -> str:
    text = clean_line(request.args.get("q", ""))[:LONGEST_TEXT]
    candidates = _candidates(event, text) if text else []
    return render_template(
        "manage/sign_ups/show.html",
        event=event,
        session=session,
        found=queries.find_people(session.id, page=page_number(request.args.get("page", ""))),
        counters=queries.counters_of(event.id, [session.id]).get(session.id, []),
        text=text,
        candidates=candidates,
        holding=queries.holders_among(session.id, [row.id for row in candidates]) if candidates else set(),
        may_decide=may(current_user, Power.DECIDE, event),
        open=session.takes_sign_ups_at(event, clock.now()),
        problem=problem,
    )


def _candidates(event: Event, text: str) -> list[Registration]:
    """Those with a place at the event who match what was typed."""
    wanted = RegistrationFilter(text=text, state=RegistrationState.CONFIRMED)
    numbers = registration_queries.get_numbers(event.id, wanted)
    return list(registration_queries.find_registrations(event.id, wanted, numbers, page=1).rows[:SHOWN])


def _file(event: Event, name: str, filetype: FileType, session: Session | None) -> Response:
    whole = session_lists.whole_file(event, filetype, session_id=session.id if session else None)
    response = Response(whole, mimetype=TYPES[filetype])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{filetype}")
    return response
