"""What somebody belongs to: all of it, left, joined by one's own address, and invitations accepted."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, leads_area
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.memberships import bp
from webapp.blueprints.memberships.forms import JoinForm
from webapp.errors import DomainError
from webapp.models.areas import Area
from webapp.queries import accounts as account_queries
from webapp.queries import communities as community_queries
from webapp.queries import memberships as queries
from webapp.services import memberships as services
from webapp.services.accounts import rename
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]


@bp.get("/memberships")
@allow(Who.SIGNED_IN)
def index() -> str:
    """What the viewer belongs to, invitations that wait for them, and areas that they may join by their address."""
    mine = queries.memberships_of(current_user.id)
    return render_template(
        "memberships/index.html",
        mine=mine,
        leads={one.id for one in mine if one.area is not None and leads_area(current_user, one.area)},
        invitations=queries.open_invitations_to(current_user.email, now=clock.now()),
        token=services.invitation_token,
        communities=community_queries.own_communities(current_user),
        joinable=_joinable({one.area_id for one in mine}),
    )


@bp.route("/memberships/<membership>/leave", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def leave(membership: str) -> Answer:
    """Leave what one belongs to: first asks, then does; left already, it stays so."""
    row = queries.get_own(membership, current_user.id)
    form, problem, status = ButtonForm(), "", 200
    if row.ended_at is not None:
        flash(f"You do not belong to {row.of_what} any more.", "success")
        return redirect(url_for(".index"))
    if form.validate_on_submit():
        with attempt():
            services.end(row.id, actor=current_user.actor, now=clock.now())
        flash(f"You have left {row.of_what}.", "success")
        return redirect(url_for(".index"))
    if form.is_submitted():
        problem, status = form.problem, 422
    last = queries.is_last_lead(row)
    return render_template("memberships/leave.html", row=row, problem=problem, is_last_lead=last), status


@bp.route("/areas/<ref:area>/join", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def join(area: Ref) -> Answer:
    """Join an area by one's own address at one of its domains."""
    found = queries.get_area(area.public_id)
    put_right(area, found, ".join", area=found)
    problem, status = "", 200
    person = account_queries.get_person(current_user.id)
    fits = person.email_verified_at is not None and services.may_join_by(person.email, found.email_domains)
    asked = JoinForm() if person.is_named_by_address else None
    form = asked or ButtonForm()
    if form.validate_on_submit():
        try:
            with attempt():
                if asked is not None and fits:
                    rename(person.id, str(asked.name.data), actor=current_user.actor, now=clock.now())
                services.join(found, person=person, actor=current_user.actor, now=clock.now())
        except services.MembershipRefused as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"You belong to {found.name}.", "success")
            return redirect(url_for(".index"))
    elif form.is_submitted():
        problem, status = form.problem if isinstance(form, ButtonForm) else "", 422
    errors = [{"text": problem}] if problem else error_list(form)
    return render_template("memberships/join.html", area=found, fits=fits, errors=errors, form=asked), status


@bp.route("/memberships/invitations/<token>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def invitation(token: str) -> Answer:
    """Show an invitation; its button accepts it for who is signed in at the address that it went to."""
    now = clock.now()
    try:
        row = services.check_invitation(token, now=now)
    except services.InvitationSpent as spent:
        return render_template("memberships/spent.html", problem=spent.message), spent.status
    form, problem, status = ButtonForm(), "", 200
    back = url_for(".invitation", token=token)
    if form.validate_on_submit():
        if not current_user.is_authenticated:
            return redirect(url_for("accounts.sign_in", next=back))
        try:
            with attempt():
                services.accept(token, actor=current_user.actor, now=now)
        except DomainError as refused:
            problem, status = refused.message, refused.status
        else:
            flash(f"You belong to {row.of_what}.", "success")
            return redirect(url_for(".index"))
    elif form.is_submitted():
        problem, status = form.problem, 422
    fits = current_user.is_authenticated and account_queries.find_person_id(row.email) == current_user.id
    return render_template("memberships/invitation.html", row=row, fits=fits, problem=problem, back=back), status


def _joinable(belongs: set[int | None]) -> list[Area]:
    person = account_queries.get_person(current_user.id)
    if person.email_verified_at is None:
        return []
    left_out = belongs | queries.taken_out_of(current_user.id)
    return [
        one
        for one in queries.areas_with_domains()
        if one.id not in left_out and services.may_join_by(person.email, one.email_domains)
    ]
