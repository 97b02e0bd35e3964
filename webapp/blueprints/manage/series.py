"""Series of meetings on the organisers' side: made in a programme, published, and who belongs to them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.events import creatable, owner_in
from webapp.blueprints.manage.series_forms import MembersForm, NewSeriesForm
from webapp.errors import DomainError
from webapp.models.series import Series
from webapp.queries import series as queries
from webapp.services import series as services
from webapp.services import series_members as members
from webapp.services.events import EventRefused
from webapp.transaction import attempt

# The dates that not every month has.
_ORDINALS = {29: "29th", 30: "30th", 31: "31st"}
bp = Blueprint("series", __name__, url_prefix="/series")


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All series in the programmes where the viewer may set up events."""
    creatable()
    return render_template("manage/series/index.html", found=queries.managed_series(current_user))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> str | Response | tuple[str, int]:
    """A new series, with all its meetings as drafts."""
    form, status = NewSeriesForm.of(creatable(), current_user), 200
    if not form.is_submitted():
        form.every.data = 1
    if form.validate_on_submit():
        try:
            with attempt():
                made = services.create(
                    form.series(), owner_id=owner_in(form.chosen), actor=current_user.actor, now=clock.now()
                )
        except EventRefused as refused:
            form[refused.field].errors = [refused.message]
            status = refused.status
        else:
            flash("The series is made. Its meetings are drafts that only organisers see.", "success")
            if passed := [f"{month:%B %Y}" for month in services.months_passed_over(made)]:
                named = " and ".join(filter(None, (", ".join(passed[:-1]), passed[-1])))
                flash(
                    f"There is no meeting in {named}: not every month has the {_ORDINALS[made.first_on.day]}.", "info"
                )
            return redirect(url_for(".show", series=made))
    elif form.is_submitted():
        status = 422
    return render_template("manage/series/new.html", form=form, errors=error_list(form)), status


@bp.get("/<ref:series>")
@allow(Who.ORGANISER)
def show(series: Ref) -> str:
    """Its meetings and its members."""
    found = queries.get_managed_series(series.public_id, viewer=current_user)
    put_right(series, found, ".show", series=found)
    return _page(found, MembersForm())


@bp.post("/<ref:series>/publish")
@allow(Who.ORGANISER)
def publish(series: Ref) -> Response:
    """Publish all meetings to come."""
    found = queries.get_managed_series(series.public_id, viewer=current_user)
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".show", series=found))
    try:
        with attempt():
            number = services.publish(found.id, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        flash("1 meeting is published." if number == 1 else f"{number} meetings are published.", "success")
    return redirect(url_for(".show", series=found))


@bp.post("/<ref:series>/members")
@allow(Who.ORGANISER)
def add(series: Ref) -> str | Response | tuple[str, int]:
    """Add members, each by one letter."""
    found = queries.get_managed_series(series.public_id, viewer=current_user)
    form = MembersForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        with attempt():
            number = members.add_members(found.id, form.found, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        form.people.errors = [refused.message]
        return _page(found, form), refused.status
    flash(
        "1 member is added, by a letter." if number == 1 else f"{number} members are added, by a letter each.",
        "success",
    )
    return redirect(url_for(".show", series=found))


@bp.route("/<ref:series>/members/<member>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(series: Ref, member: str) -> str | Response | tuple[str, int]:
    """End somebody's membership, after one question."""
    found = queries.get_managed_series(series.public_id, viewer=current_user)
    row, form = queries.get_member_of(found.id, member), ButtonForm()
    if form.validate_on_submit():
        with attempt():
            members.leave(row.id, actor=current_user.actor, now=clock.now())
        flash(f"{row.name} no longer belongs to the series, and has been told.", "success")
        return redirect(url_for(".show", series=found))
    page = render_template("manage/series/remove.html", series=found, member=row, form=form)
    return page, 422 if form.is_submitted() else 200


def _page(series: Series, form: MembersForm) -> str:
    return render_template(
        "manage/series/show.html",
        series=series,
        meetings=queries.meetings_of(series.id),
        members=queries.members_of(series.id),
        form=form,
        now=clock.now(),
    )
