"""Releasing the draft agenda: what it would change and whom it concerns, then its numbered versions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.agenda_forms import NoteForm
from webapp.models.accounts import Power
from webapp.models.drafts import ReleaseRequest, RequestState
from webapp.models.events import Event
from webapp.queries import drafts as queries
from webapp.queries.events import get_managed_event
from webapp.services import drafts as services
from webapp.transaction import attempt

bp = Blueprint("releases", __name__, url_prefix="/events/<ref:event>/releases")


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """What was released, latest first."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.LOOK)
    put_right(event, found, ".index", event=found)
    return render_template("manage/releases/index.html", event=found, releases=queries.releases_of(found.id))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> str | Response | tuple[str, int]:
    """Read what a release would do, then release."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    form = NoteForm()
    if not form.validate_on_submit():
        return (_page(found, form), 422) if form.is_submitted() else _ask(found, form)
    try:
        with attempt():
            made = services.ask(
                found.id,
                version=form.version.data or 0,
                people=form.people.data or 0,
                note=form.note.data or "",
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.DraftRefused as refused:
        return _page(found, form, problem=refused.message), refused.status
    if isinstance(made, ReleaseRequest):
        return redirect(url_for(".under_way", event=found))
    told = made.people_told
    people = f" {told:,} {'person is' if told == 1 else 'people are'} being told." if told else ""
    flash(f"Version {made.number} of the agenda has been released.{people}", "success")
    return redirect(url_for("manage.agenda.show", event=found))


@bp.get("/under-way")
@allow(Who.ORGANISER)
def under_way(event: Ref) -> str | Response:
    """How far the release is that was last asked for, what came of it, or why nothing did."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
    put_right(event, found, ".under_way", event=found)
    asked = queries.find_request(found.id)
    if asked is None:
        return redirect(url_for(".index", event=found))
    return render_template("manage/releases/under_way.html", event=found, asked=asked)


def _ask(event: Event, form: NoteForm) -> str | Response:
    asked = queries.find_request(event.id)
    if asked is not None and asked.state.is_under_way:
        return redirect(url_for(".under_way", event=event))
    if asked is not None and asked.state is RequestState.REFUSED:
        # What was typed for a release that came to nothing is not to be typed again.
        form.note.data = asked.note
    return _page(event, form)


def _page(event: Event, form: NoteForm, *, problem: str = "") -> str:
    review = services.review(event, now=clock.now())
    for field, stands in ((form.version, review.version), (form.people, review.audience.people)):
        field.raw_data, field.data = [str(stands)], stands
    errors = [{"text": problem}] if problem else error_list(form)
    changes = [change.plain() for change in review.changes]
    return render_template(
        "manage/releases/new.html", event=event, form=form, review=review, changes=changes, errors=errors
    )
