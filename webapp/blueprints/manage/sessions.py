"""One session of the draft agenda: added, edited, moved, exchanged, cancelled."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.agenda_forms import (
    EMPTY_PARTS,
    MOST_PARTS,
    PlaceForm,
    SessionForm,
    content_of,
    place_of,
)
from webapp.blueprints.merging import Difference, merge, who_changed
from webapp.errors import DomainError
from webapp.models.accounts import Power, ThingKind
from webapp.models.agenda import ContributionRole
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.queries import drafts as queries
from webapp.queries.activity import history_of
from webapp.queries.events import get_managed_event
from webapp.queries.programmes import themes_of
from webapp.services import drafts as services
from webapp.services.drafts import Part
from webapp.transaction import attempt

bp = Blueprint("sessions", __name__, url_prefix="/events/<ref:event>/sessions")

Answer = str | Response | tuple[str, int]


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> Answer:
    """Add a session to the draft."""
    found = _event(event)
    asked = request.args.get("day", "")
    form = SessionForm(data={"day": asked, "minutes": 45, "stream": request.args.get("stream", "")})
    _offer(form, found)
    if "more" in request.form:
        return _form_page(found, form, more=True), 422
    if not form.validate_on_submit():
        return _form_page(found, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            made = services.add(found, form.content(), form.placement(), actor=current_user.actor, now=clock.now())
    except services.DraftRefused as refused:
        return _form_page(found, form, problem=refused.message), refused.status
    flash(f"“{made.title}” has been added to the draft.", "success")
    return redirect(url_for("manage.agenda.show", event=found, _anchor=f"s-{made.public_id}"))


@bp.route("/<session>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, session: str) -> Answer:
    """Change a session: what it is, where it stands, who contributes."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form = SessionForm(data=content_of(row, found.zone))
    _offer(form, found)
    if "more" in request.form:
        return _form_page(found, form, row=row, more=True), 422
    if not form.validate_on_submit():
        return _form_page(found, form, row=row), 422 if form.is_submitted() else 200
    try:
        with attempt():
            services.edit(
                found,
                session,
                form.content(),
                form.placement(),
                version=form.version.data,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.ChangedMeanwhile as refused:
        row = queries.get_draft_session(found.id, session)
        theirs = merge(form, _filled(row, found), who=_who_changed(row))
        return _form_page(found, form, row=row, problem=refused.message, theirs=theirs), refused.status
    except services.DraftRefused as refused:
        return _form_page(found, form, row=row, problem=refused.message), refused.status
    flash(f"“{form.title.data}” has been saved. Nobody else sees it before you release the agenda.", "success")
    return redirect(url_for("manage.agenda.show", event=found, _anchor=f"s-{session}"))


@bp.route("/<session>/move", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def move(event: Ref, session: str) -> Answer:
    """Move a session to a day, time, stream and room."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form = PlaceForm(data=place_of(row, found.zone))
    _offer(form, found)
    if not form.validate_on_submit():
        return _move_page(found, row, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            moved = services.move(
                found, session, form.placement(), version=form.version.data, actor=current_user.actor, now=clock.now()
            )
    except services.DraftRefused as refused:
        return _refused_move(found, session, form, refused)
    return _moved(found, moved, session)


@bp.post("/<session>/shift")
@allow(Who.ORGANISER)
def shift(event: Ref, session: str) -> Answer:
    """Move a session, and if asked all that follows it, by some minutes."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form, button = _place_form(found, row), ButtonForm()
    by = next((step for step in services.STEPS if str(step) == request.form.get("by")), 0)
    if not button.validate_on_submit() or not by:
        return _move_page(found, row, form, problem=button.problem or "Choose by how many minutes"), 422
    by = -by if request.form.get("direction") == "earlier" else by
    try:
        with attempt():
            moved = services.shift(
                found,
                session,
                by,
                following="following" in request.form,
                version=None,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.DraftRefused as refused:
        return _refused_move(found, session, form, refused)
    if len(moved) > 1:
        flash(f"{len(moved)} sessions have moved by {abs(by)} minutes.", "success")
        return redirect(url_for("manage.agenda.show", event=found, _anchor=f"s-{session}"))
    return _moved(found, moved[0], session)


@bp.post("/<session>/swap")
@allow(Who.ORGANISER)
def swap(event: Ref, session: str) -> Answer:
    """Exchange a session with another."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form, button = _place_form(found, row), ButtonForm()
    other = request.form.get("other", "")
    if not button.validate_on_submit() or not other:
        return _move_page(found, row, form, problem=button.problem or "Choose the session to exchange it with"), 422
    try:
        with attempt():
            one, two = services.swap(found, session, other, version=None, actor=current_user.actor, now=clock.now())
    except DomainError as refused:
        return _refused_move(found, session, form, refused)
    flash(f"“{one.title}” and “{two.title}” have changed places.", "success")
    return redirect(url_for("manage.agenda.show", event=found, _anchor=f"s-{session}"))


@bp.route("/<session>/cancel", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def cancel(event: Ref, session: str) -> Answer:
    """Cancel a session in the draft, or take out one that nobody has seen: first asks, then does."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form = ButtonForm()
    if not form.validate_on_submit():
        page = render_template("manage/sessions/cancel.html", event=found, session=row, problem=form.problem)
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.cancel(found, session, actor=current_user.actor, now=clock.now())
    if row.session_id is None:
        flash(f"“{row.title}” has been taken out of the draft.", "success")
    else:
        flash(f"“{row.title}” is cancelled in the draft. People are told when you release it.", "success")
    return redirect(url_for("manage.agenda.show", event=found))


@bp.post("/<session>/restore")
@allow(Who.ORGANISER)
def restore(event: Ref, session: str) -> Answer:
    """Let a cancelled session take place after all."""
    found = _event(event)
    row = queries.get_draft_session(found.id, session)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _form_page(found, _filled(row, found), row=row, problem=form.problem), 422
    with attempt():
        services.restore(found, session, actor=current_user.actor, now=clock.now())
    flash(f"“{row.title}” takes place after all. Release the agenda to tell people.", "success")
    return redirect(url_for("manage.agenda.show", event=found, _anchor=f"s-{session}"))


def _event(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)


def _offer(form: PlaceForm, event: Event) -> None:
    form.offer(event.days, queries.draft_streams_of(event.id), queries.rooms_of(event.id))
    if isinstance(form, SessionForm):
        form.offer_themes(themes_of(event.programme_id))


def _filled(row: DraftSession, event: Event) -> SessionForm:
    form = SessionForm(formdata=None, data=content_of(row, event.zone))
    _offer(form, event)
    return form


def _place_form(event: Event, row: DraftSession) -> PlaceForm:
    form = PlaceForm(formdata=None, data=place_of(row, event.zone))
    _offer(form, event)
    return form


def _moved(event: Event, moved: DraftSession, session: str) -> Response:
    flash(f"“{moved.title}” is now: {services.spoken(moved)}.", "success")
    return redirect(url_for("manage.agenda.show", event=event, _anchor=f"s-{session}"))


def _refused_move(event: Event, session: str, form: PlaceForm, refused: DomainError) -> tuple[str, int]:
    row = queries.get_draft_session(event.id, session)
    theirs: Sequence[Difference] = ()
    if isinstance(refused, services.ChangedMeanwhile):
        theirs = merge(form, _place_form(event, row), who=_who_changed(row))
    return _move_page(event, row, form, problem=refused.message, theirs=theirs), refused.status


def _who_changed(row: DraftSession) -> Callable[[str], str]:
    names = dict.fromkeys(("day", "starts", "minutes", "stream", "room"), "place") | {"parts": "speakers"}
    return who_changed(history_of(ThingKind.DRAFT_SESSION, row.id), names)


def _move_page(
    event: Event, row: DraftSession, form: PlaceForm, *, problem: str = "", theirs: Sequence[Difference] = ()
) -> str:
    return render_template(
        "manage/sessions/move.html",
        event=event,
        session=row,
        form=form,
        stands=services.spoken(row),
        others=[one for one in queries.draft_sessions_of(event.id) if one.id != row.id and not one.is_cancelled],
        steps=services.STEPS,
        theirs=theirs,
        errors=[{"text": problem}] if problem else error_list(form),
    )


def _form_page(
    event: Event,
    form: SessionForm,
    *,
    row: DraftSession | None = None,
    problem: str = "",
    more: bool = False,
    theirs: Sequence[Difference] = (),
) -> str:
    parts = form.parts.data
    # Asked for more, the form comes back with more than it had, empty rows among them.
    shown = len(request.form.getlist("speaker")) if more else 0
    empty = max(EMPTY_PARTS if more or not parts else 1, shown - len(parts) + EMPTY_PARTS if more else 0)
    rows: list[Any] = [*parts, *(Part() for _ in range(min(empty, MOST_PARTS)))]
    return render_template(
        "manage/sessions/edit.html",
        event=event,
        form=form,
        session=row,
        parts=rows,
        roles=list(ContributionRole),
        theirs=theirs,
        history=history_of(ThingKind.DRAFT_SESSION, row.id) if row else [],
        errors=[{"text": problem}] if problem else [] if more else error_list(form),
    )
