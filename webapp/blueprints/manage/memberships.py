"""The people of a programme, for who sets it up: listed, added, invited, given a role, ended."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, transaction
from webapp.access import Who, allow, may_create
from webapp.blueprints.acting import press
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.membership_forms import ASK, AddForm, MemberSearch
from webapp.blueprints.memberships.forms import RoleForm
from webapp.errors import NotFound, TooMany
from webapp.models.belonging import MemberRole
from webapp.models.memberships import Membership, Where
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.queries import memberships as queries
from webapp.queries.programmes import get_programme
from webapp.services import memberships as services
from webapp.transaction import attempt

bp = Blueprint("memberships", __name__, url_prefix="/memberships")

Answer = str | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]
MOST_IN_A_FILE = 50_000


@bp.get("")
@allow(Who.ORGANISER)
def index() -> Answer:
    """The programmes that the viewer sets up, with how many people belong to each; one alone is led on to."""
    offered = creatable()
    if len(offered) == 1:
        return redirect(url_for(".show", programme=offered[0]))
    numbers = queries.count_members([one.id for one in offered])
    return render_template("manage/memberships/index.html", programmes=offered, numbers=numbers)


@bp.get("/<ref:programme>")
@allow(Who.ORGANISER)
def show(programme: Ref) -> str:
    """The people of a programme, by what they belong to and by which role."""
    found = managed(programme)
    put_right(programme, found, ".show", programme=found)
    spots = queries.spots_in(found)
    search = MemberSearch(request.args, spots)
    return render_template(
        "manage/memberships/show.html",
        programme=found,
        search=search,
        spots=spots,
        roles=list(MemberRole),
        found=queries.find_members(found.id, search.wanted(), page=search.page),
        unanswered=queries.count_unanswered(Where(found.id)),
    )


@bp.get("/<ref:programme>/people.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(programme: Ref, filetype: str) -> Response:
    """The people looked for as a file, in the columns in which it could be read in again."""
    found, wanted = managed(programme), FileType(filetype)
    search = MemberSearch(request.args, queries.spots_in(found))
    rows = queries.all_members(found.id, search.wanted(), most=MOST_IN_A_FILE)
    response = Response(services.members_file(found, rows, wanted), mimetype=wanted.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-people.{wanted}")
    return response


@bp.route("/<ref:programme>/add", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def add(programme: Ref) -> Answer:
    """Invite somebody to something of the programme, or add them at once."""
    found, now = managed(programme), clock.now()
    form, status = AddForm(role=MemberRole.MEMBER.value, place=request.args.get("place", "")), 200
    form.offer_roles()
    form.offer_places(queries.spots_in(found))
    if form.validate_on_submit():
        asks = form.how.data == ASK
        verb: Callable[..., object] = services.invite if asks else services.add
        try:
            with transaction.unit():
                services.count_invitation(current_user.id, now=now)
            with attempt():
                verb(
                    form.spot.where,
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
            name = form.name.data
            flash(f"We have sent {name} an invitation." if asks else f"{name} is added, and told by letter.", "success")
            return redirect(url_for(".invitations" if asks else ".show", programme=found))
    elif form.is_submitted():
        status = 422
    return render_template("manage/memberships/add.html", programme=found, form=form, errors=error_list(form)), status


@bp.route("/<ref:programme>/people/<membership>/role", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def role(programme: Ref, membership: str) -> Answer:
    """Give somebody another role where they belong."""
    found = managed(programme)
    row = queries.get_member(membership, Where(found.id))
    form, status = RoleForm(role=row.role.value), 200
    form.offer(one for one in MemberRole if row.where.takes(one))
    if form.validate_on_submit():
        try:
            with attempt():
                services.change_role(row.id, form.chosen, actor=current_user.actor, now=clock.now())
        except services.MembershipRefused as refused:
            form.role.errors, status = [refused.message], refused.status
        else:
            flash(f"{row.person.name} is now {form.chosen.label.lower()}.", "success")
            return redirect(url_for(".show", programme=found))
    elif form.is_submitted():
        status = 422
    errors = error_list(form)
    return render_template("manage/memberships/role.html", programme=found, row=row, form=form, errors=errors), status


@bp.route("/<ref:programme>/people/<membership>/end", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def end(programme: Ref, membership: str) -> Answer:
    """End somebody's membership: first asks, then does; over already, it stays so."""
    found = managed(programme)
    row: Membership = queries.get_member(membership, Where(found.id))
    form, problem, status = ButtonForm(), "", 200
    if row.ended_at is not None:
        flash(f"{row.person.name} does not belong to {row.of_what} any more.", "success")
        return redirect(url_for(".show", programme=found))
    if form.validate_on_submit():
        with attempt():
            services.end(row.id, actor=current_user.actor, now=clock.now())
        flash(f"{row.person.name} no longer belongs to {row.of_what}.", "success")
        return redirect(url_for(".show", programme=found))
    if form.is_submitted():
        problem, status = form.problem, 422
    values = {"programme": found, "row": row, "problem": problem, "is_last_lead": queries.is_last_lead(row)}
    return render_template("manage/memberships/end.html", **values), status


@bp.get("/<ref:programme>/invitations")
@allow(Who.ORGANISER)
def invitations(programme: Ref) -> str:
    """Who was invited to anything of the programme and did not answer yet."""
    found = managed(programme)
    rows = queries.unanswered_in(Where(found.id))
    return render_template("manage/memberships/invitations.html", programme=found, invitations=rows, now=clock.now())


@bp.post("/<ref:programme>/invitations/<invitation>/send")
@allow(Who.ORGANISER)
def send(programme: Ref, invitation: str) -> AnyResponse:
    """Send the letter with the link again."""
    return _press(programme, invitation, services.send_again, "We have sent the invitation again.")


@bp.post("/<ref:programme>/invitations/<invitation>/withdraw")
@allow(Who.ORGANISER)
def withdraw(programme: Ref, invitation: str) -> AnyResponse:
    """Take an invitation back."""
    said = "The invitation is taken back. Its link opens nothing any more."
    return _press(programme, invitation, services.withdraw, said)


def managed(programme: Ref) -> Programme:
    """The programme, for who sets it up; to all others there is nothing here."""
    found = get_programme(programme.public_id)
    if not may_create(current_user, found.id):
        raise NotFound
    return found


def _press(programme: Ref, invitation: str, act: Callable[..., None], said: str) -> AnyResponse:
    found = managed(programme)
    row = queries.get_invitation(invitation, Where(found.id))
    there = url_for(".invitations", programme=found)
    return press(lambda: act(row.id, actor=current_user.actor, now=clock.now()), there, said)
