"""Who helps with an event: all who do, inviting more, changing what they may do, and taking it away."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.people_forms import InviteForm, RolesForm
from webapp.errors import DomainError
from webapp.models.accounts import EVENT_ROLES, Power, Role
from webapp.models.events import Event
from webapp.queries import grants as queries
from webapp.queries.events import get_managed_event
from webapp.services import grants as services
from webapp.transaction import attempt

bp = Blueprint("people", __name__, url_prefix="/events/<ref:event>/people")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Everybody who has a role, which, from where and until when; their addresses only for those who choose them."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".index", event=found)
    return render_template(
        "manage/people/index.html",
        event=found,
        helpers=queries.helpers_of(found, now=clock.now()),
        roles=EVENT_ROLES,
        may_choose=may(current_user, Power.CHOOSE_PEOPLE, found),
        may_follow=may(current_user, Power.SET_UP, found),
    )


@bp.route("/invite", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def invite(event: Ref) -> Answer:
    """Give somebody roles by name and address, and write to them; who has them already keeps them."""
    found, now = _to_choose(event), clock.now()
    form = InviteForm(zone=found.zone, now=now)
    if form.validate_on_submit():
        with attempt():
            given = services.give_roles(
                found.id,
                name=str(form.name.data),
                email=str(form.email.data),
                roles=form.chosen,
                until=form.ends,
                actor=current_user.actor,
                now=now,
            )
        flash(*_outcome(given, form.chosen))
        return redirect(url_for(".index", event=found))
    page = render_template(
        "manage/people/invite.html", event=found, form=form, roles=EVENT_ROLES, errors=error_list(form)
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/<person>/change", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def change(event: Ref, person: str) -> Answer:
    """Other roles, or another end. Whoever comes second is shown what the first made of it."""
    found, now = _to_choose(event), clock.now()
    helper = queries.get_helper(found, person, now=now)
    if not helper.here:
        flash(_from_above(helper), "error")
        return redirect(url_for(".index", event=found))
    form, problem, status = _roles_form(found, helper), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.change_roles(
                    found.id,
                    helper.person.id,
                    roles=form.chosen,
                    until=form.ends,
                    seen=str(form.seen.data),
                    actor=current_user.actor,
                    now=now,
                )
        except DomainError as refused:
            problem, status = refused.message, refused.status
            if isinstance(refused, services.RolesChanged):
                # What was typed stays, to be sent again by somebody who now knows what it replaces.
                helper = queries.get_helper(found, person, now=now)
                form.seen.data = helper.seen
        else:
            flash(f"Saved what {helper.person.name} may do.", "success")
            return redirect(url_for(".index", event=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/people/change.html",
        event=found,
        helper=helper,
        form=form,
        roles=EVENT_ROLES,
        stands=problem == services.RolesChanged.message,
        errors=[{"text": problem}] if problem else error_list(form),
    )
    return page, status


@bp.post("/<person>/letter")
@allow(Who.ORGANISER)
def letter(event: Ref, person: str) -> Response | tuple[str, int]:
    """Send the letter with the link again."""
    found, now = _to_choose(event), clock.now()
    helper = queries.get_helper(found, person, now=now)
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".index", event=found))
    with attempt():
        services.send_again(found.id, helper.person.id, actor=current_user.actor, now=now)
    flash(f"We have sent the letter to {helper.person.name} again.", "success")
    return redirect(url_for(".index", event=found))


@bp.route("/<person>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, person: str) -> Answer:
    """Take all roles at this event away: first asks, then does; taken away already, it stays so."""
    found = _to_choose(event)
    helper = queries.find_helper(found, person, now=clock.now())
    if helper is None:
        flash("This person has no role here now.", "success")
        return redirect(url_for(".index", event=found))
    if not helper.here:
        flash(_from_above(helper), "error")
        return redirect(url_for(".index", event=found))
    return _take(found, helper)


@bp.route("/leave", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def leave(event: Ref) -> Answer:
    """Give up one's own roles at this event: first asks, then does."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    helper = queries.get_helper(found, current_user.public_id, now=clock.now())
    if not helper.here:
        flash(_from_above(helper), "error")
        return redirect(url_for(".index", event=found))
    return _take(found, helper)


def _take(event: Event, helper: queries.Helper) -> Answer:
    form, problem, status = ButtonForm(), "", 200
    oneself = helper.person.id == current_user.id
    if form.validate_on_submit():
        try:
            with attempt():
                services.take_roles(event.id, helper.person.id, actor=current_user.actor, now=clock.now())
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            if oneself:
                flash(f"You no longer help with {event.title}.", "success")
                others = len(current_user.grants) > len(helper.here)
                return redirect(url_for("manage.events.index" if others else "agenda.events"))
            flash(f"{helper.person.name} no longer helps with this event.", "success")
            return redirect(url_for(".index", event=event))
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template(
        "manage/people/leave.html" if oneself else "manage/people/remove.html",
        event=event,
        helper=helper,
        problem=problem,
    )
    return page, status


def _to_choose(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.CHOOSE_PEOPLE)


def _roles_form(event: Event, helper: queries.Helper) -> RolesForm:
    # Roles that end on different days show the latest: to save is to let all end then.
    days = [grant.last_day(event.zone) for grant in helper.here]
    ends = [day for day in days if day is not None]
    return RolesForm(
        zone=event.zone,
        now=clock.now(),
        last_day=max(ends) if len(ends) == len(days) else None,
        roles=[grant.role.value for grant in helper.here],
        seen=helper.seen,
    )


def _outcome(given: services.Given, asked: list[Role]) -> tuple[str, str]:
    if not given.roles:
        labels = " and ".join(f"“{role.label}”" for role in asked)
        return f"{given.person.name} has {labels} here already. Nothing was changed, and no letter was sent.", "success"
    labels = " and ".join(f"“{role.label}”" for role in given.roles)
    return f"{given.person.name} now has {labels}. We have sent a letter with the way in.", "success"


def _from_above(helper: queries.Helper) -> str:
    name = "Your role" if helper.person.id == current_user.id else f"The role of {helper.person.name}"
    place = "the whole service" if helper.above[0].thing_id == 0 else "the programme"
    return f"{name} is given for {place}, so it cannot be changed at a single event. Write to us to change it."
