"""The people of an area, for its leads: all of them, invited, made lead or member, and ended."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock, transaction
from webapp.access import Who, allow, leads_area, may_create, roles_to_give
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.memberships import bp
from webapp.blueprints.memberships.forms import DomainsForm, InviteForm, RoleForm
from webapp.errors import Forbidden, NotFound, TooMany
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.memberships import Membership
from webapp.queries import memberships as queries
from webapp.queries.memberships import Spot, Wanted, where_of
from webapp.services import memberships as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
MOST_SHOWN = 500


@bp.get("/areas/<ref:area>/people")
@allow(Who.SIGNED_IN)
def people(area: Ref) -> str:
    """Everybody who belongs to the area, and who was invited and did not answer yet."""
    found = _led(area)
    put_right(area, found, ".people", area=found)
    spot = Spot(where_of(found), found.name)
    return render_template(
        "memberships/people.html",
        area=found,
        members=queries.all_members(found.programme_id, Wanted(spot=spot), most=MOST_SHOWN),
        invitations=queries.unanswered_in(spot.where),
        roles=roles_to_give(current_user, found),
        chooses_domains=may_create(current_user, found.programme_id),
        now=clock.now(),
    )


@bp.route("/areas/<ref:area>/people/invite", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def invite(area: Ref) -> Answer:
    """Invite somebody to the area by a letter with a link."""
    found, now = _led(area), clock.now()
    form, status = InviteForm(role=MemberRole.MEMBER.value), 200
    form.offer(roles_to_give(current_user, found))
    if form.validate_on_submit():
        try:
            with transaction.unit():
                services.count_invitation(current_user.id, now=now)
            with attempt():
                services.invite(
                    where_of(found),
                    name=str(form.name.data),
                    email=str(form.email.data),
                    role=form.chosen,
                    actor=current_user.actor,
                    now=now,
                )
        except TooMany as refused:
            form.form_errors, status = [refused.message], refused.status
        except services.MembershipRefused as refused:
            form.email.errors, status = [refused.message], refused.status
        else:
            flash(f"We have sent {form.name.data} an invitation.", "success")
            return redirect(url_for(".people", area=found))
    elif form.is_submitted():
        status = 422
    return render_template("memberships/invite.html", area=found, form=form, errors=error_list(form)), status


@bp.route("/areas/<ref:area>/people/<membership>/role", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def role(area: Ref, membership: str) -> Answer:
    """Make somebody of the area its lead, or a member again."""
    found = _led(area)
    row = _member(found, membership)
    form, status = RoleForm(role=row.role.value), 200
    form.offer(roles_to_give(current_user, found))
    if form.validate_on_submit():
        try:
            with attempt():
                services.change_role(row.id, form.chosen, actor=current_user.actor, now=clock.now())
        except services.MembershipRefused as refused:
            form.role.errors, status = [refused.message], refused.status
        else:
            flash(f"{row.person.name} is now {form.chosen.label.lower()}.", "success")
            return redirect(_back(found, row))
    elif form.is_submitted():
        status = 422
    return render_template("memberships/role.html", area=found, row=row, form=form, errors=error_list(form)), status


@bp.route("/areas/<ref:area>/people/<membership>/end", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def end(area: Ref, membership: str) -> Answer:
    """End somebody's membership of the area: first asks, then does; over already, it stays so."""
    found = _led(area)
    row = _member(found, membership)
    form, problem, status = ButtonForm(), "", 200
    if row.ended_at is not None:
        flash(f"{row.person.name} does not belong to {found.name} any more.", "success")
        return redirect(url_for(".people", area=found))
    if form.validate_on_submit():
        with attempt():
            services.end(row.id, actor=current_user.actor, now=clock.now())
        flash(f"{row.person.name} no longer belongs to {found.name}.", "success")
        return redirect(_back(found, row))
    if form.is_submitted():
        problem, status = form.problem, 422
    last = queries.is_last_lead(row)
    return render_template("memberships/end.html", area=found, row=row, problem=problem, is_last_lead=last), status


@bp.post("/areas/<ref:area>/invitations/<invitation>/send")
@allow(Who.SIGNED_IN)
def send(area: Ref, invitation: str) -> Response:
    """Send the letter with the link again."""
    return _press(area, invitation, services.send_again, "We have sent the invitation again.")


@bp.post("/areas/<ref:area>/invitations/<invitation>/withdraw")
@allow(Who.SIGNED_IN)
def withdraw(area: Ref, invitation: str) -> Response:
    """Take an invitation back."""
    return _press(area, invitation, services.withdraw, "The invitation is taken back. Its link opens nothing any more.")


@bp.route("/areas/<ref:area>/people/domains", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def domains(area: Ref) -> Answer:
    """Choose at which domains an address lets its owner join; for who sets the programme up."""
    found = _led(area)
    if not may_create(current_user, found.programme_id):
        raise Forbidden("Only those who set up the programme choose by which addresses people join.")
    form, status = DomainsForm(domains="\n".join(found.email_domains)), 200
    form.kept = found.email_domains
    if form.validate_on_submit():
        with attempt():
            services.set_domains(found.id, form.cleaned, actor=current_user.actor, now=clock.now())
        flash("Saved.", "success")
        return redirect(url_for(".people", area=found))
    if form.is_submitted():
        status = 422
    return render_template("memberships/domains.html", area=found, form=form, errors=error_list(form)), status


def _led(area: Ref) -> Area:
    """The area, for those who choose its people; to all others its list of people is nowhere."""
    found = queries.get_area(area.public_id)
    if not leads_area(current_user, found):
        raise NotFound
    return found


def _member(area: Area, public_id: str) -> Membership:
    """Somebody of the area whose membership the viewer decides about."""
    row = queries.get_member(public_id, where_of(area))
    if row.role not in roles_to_give(current_user, area):
        raise Forbidden(f"The programme chooses who is {row.role.label.lower()}. Ask those who set it up.")
    return row


def _back(area: Area, row: Membership) -> str:
    """Where to go on to: who gave up being its lead sees the list of the area no more."""
    return url_for(".index") if row.person_id == current_user.id else url_for(".people", area=area)


def _press(area: Ref, invitation: str, act: Callable[..., None], said: str) -> Response:
    found = _led(area)
    row = queries.get_invitation(invitation, where_of(found))
    there = url_for(".people", area=found)
    return press(lambda: act(row.id, actor=current_user.actor, now=clock.now()), there, said)
