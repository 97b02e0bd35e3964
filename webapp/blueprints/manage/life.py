"""The life of an event: where it stands, what each stage allows, and the way on."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.setup_forms import CancelForm
from webapp.errors import DomainError
from webapp.models.accounts import Power
from webapp.models.events import Event, EventState, Stage
from webapp.queries.events import get_managed_event
from webapp.services import events as services
from webapp.transaction import attempt

bp = Blueprint("life", __name__, url_prefix="/events/<ref:event>/setup/life")


@dataclass(frozen=True)
class Step:
    """One stage of an event's life: what it is called, what it allows, and what the public page says then."""

    text: str
    stages: frozenset[Stage]
    allows: str
    page: str


STEPS = (
    Step(
        "Draft",
        frozenset({Stage.DRAFT}),
        "You write everything, and nobody is told of anything.",
        "Organisers alone see it. It stands in no list.",
    ),
    Step(
        "Published, registration not open yet",
        frozenset({Stage.NOT_YET_OPEN}),
        "People see the event and can put its dates into their calendars.",
        "It says when registration opens.",
    ),
    Step(
        "Open for registration",
        frozenset({Stage.OPEN}),
        "People register, wait and give places up. Who has a place is told when date or place change.",
        "It leads to registration, and says when few places are left.",
    ),
    Step(
        "Registration closed",
        frozenset({Stage.CLOSED}),
        "Nobody registers any more. Places that come free still go to who waits.",
        "It says that registration has closed.",
    ),
    Step(
        "Taking place",
        frozenset({Stage.LIVE}),
        "People join and are checked in. Nobody is called from the waiting list any more.",
        "It leads to the joining page.",
    ),
    Step(
        "Over",
        frozenset({Stage.ENDED}),
        "You add whom it reached. No change is told to anybody.",
        "It stands among past events, with what you say afterwards.",
    ),
    Step(
        "Archived",
        frozenset({Stage.ARCHIVED}),
        "It is put away, and can be brought back.",
        "It stays as it was when the event was over.",
    ),
    Step(
        "Cancelled",
        frozenset({Stage.CANCELLED}),
        "Everybody was told. It stays cancelled; a copy of it can begin anew.",
        "It says that the event is cancelled, and why.",
    ),
)


@bp.get("")
@allow(Who.ORGANISER)
def show(event: Ref) -> str:
    """Where the event stands in its life, and where it can go."""
    found = _found(event, "show")
    return _page(found)


@bp.post("/publish")
@allow(Who.ORGANISER)
def publish(event: Ref) -> Response | tuple[str, int]:
    """Let everybody see the event."""
    return _act(event, services.publish, "Published. Everybody can see the event now.")


@bp.post("/archive")
@allow(Who.ORGANISER)
def archive(event: Ref) -> Response | tuple[str, int]:
    """Put an event that is over away."""
    return _act(event, services.archive, "The event is in the archive.")


@bp.post("/bring-back")
@allow(Who.ORGANISER)
def bring_back(event: Ref) -> Response | tuple[str, int]:
    """Take an event out of the archive."""
    return _act(event, services.bring_back, "The event is out of the archive.")


@bp.route("/withdraw", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def withdraw(event: Ref) -> str | Response | tuple[str, int]:
    """Make it a draft again: first asks, then does."""
    found, form, problem, status = _found(event, "withdraw"), ButtonForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.withdraw(found.id, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash("The event is a draft again. Only organisers see it.", "success")
            return redirect(url_for(".show", event=found))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template(
        "manage/life/withdraw.html",
        event=found,
        now=clock.now(),
        people=services.registered(found),
        problem=problem,
    )
    return page, status


@bp.route("/cancel", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def cancel(event: Ref) -> str | Response | tuple[str, int]:
    """Cancel the event: first says who will be told, and asks why; then does."""
    found, form, problem, status = _found(event, "cancel"), CancelForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                reason = str(form.reason.data)
                services.cancel(found.id, reason=reason, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            people = services.registered(found)
            who = _who(people, services.count_speakers_to_tell(found))
            flash("The event is cancelled." + (f" We are writing to {who}." if who else ""), "success")
            return redirect(url_for(".show", event=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/life/cancel.html",
        event=found,
        form=form,
        ways=services.ways_on(found, clock.now()),
        speakers=services.count_speakers_to_tell(found),
        problem=problem,
        now=clock.now(),
    )
    return page, status


def _found(event: Ref, endpoint: str) -> Event:
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, f"manage.life.{endpoint}", event=found)
    return found


def _act(event: Ref, verb: Callable[..., Event], said: str) -> Response | tuple[str, int]:
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, problem=form.problem), 422
    try:
        with attempt():
            verb(found.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return _page(_found(event, "show"), problem=refused.message), refused.status
    flash(said, "success")
    return redirect(url_for(".show", event=found))


def _page(event: Event, *, problem: str = "") -> str:
    now = clock.now()
    ways, people = services.ways_on(event, now), services.registered(event)
    return render_template(
        "manage/life/show.html",
        event=event,
        steps=STEPS,
        stage=event.stage(now),
        lacks=services.lacks(event, now) if event.state is EventState.DRAFT else [],
        ways=ways,
        people=people,
        told=_who(people, services.count_speakers_to_tell(event)) if services.Way.CANCEL in ways else "",
        now=now,
        problem=problem,
    )


def _who(people: int, speakers: int) -> str:
    """So many people and so many speakers, in words; empty for nobody."""
    parts = [f"{people:,} {'person' if people == 1 else 'people'}"] if people else []
    parts += [f"{speakers:,} speaker{'' if speakers == 1 else 's'}"] if speakers else []
    return " and ".join(parts)
