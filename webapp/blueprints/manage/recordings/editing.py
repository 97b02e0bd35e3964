"""One recording: what is said of it, its place among others, published, taken back, removed."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.recordings import bp
from webapp.blueprints.manage.recordings.doors import Answer, recording_to_edit
from webapp.blueprints.manage.recordings.forms import AboutForm
from webapp.models.events import Event
from webapp.models.recordings import Recording
from webapp.services import recordings as services
from webapp.transaction import attempt


@bp.route("/<recording>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, recording: str) -> Answer:
    """Say what a recording is, whom it is for, and how it lies beside the transcript."""
    found, row = recording_to_edit(event, recording)
    form = AboutForm.of(row)
    if not form.validate_on_submit():
        return _page(found, row, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            version = form.version.data or 0
            services.describe(row, form.about, version=version, actor=current_user.actor, now=clock.now())
    except services.RecordingRefused as refused:
        found, row = recording_to_edit(event, recording)
        form.form_errors = [refused.message]
        form.version.raw_data, form.version.data = None, row.version
        return _page(found, row, form), refused.status
    flash("It is saved.", "success")
    return redirect(url_for(".show", event=found, session=row.session.public_id))


@bp.post("/<recording>/publish")
@allow(Who.ORGANISER)
def publish(event: Ref, recording: str) -> Answer:
    """Let those whom it is for see a recording."""
    return _pressed(event, recording, lambda row, now: services.publish(row, actor=current_user.actor, now=now),
                    "It is published.")  # fmt: skip


@bp.post("/<recording>/take-back")
@allow(Who.ORGANISER)
def take_back(event: Ref, recording: str) -> Answer:
    """Let nobody but organisers see a recording any more."""
    return _pressed(event, recording, lambda row, now: services.take_back(row, actor=current_user.actor, now=now),
                    "Only organisers see it now.")  # fmt: skip


@bp.post("/<recording>/move")
@allow(Who.ORGANISER)
def move(event: Ref, recording: str) -> Answer:
    """Put a recording one place earlier or later."""
    by = -1 if request.form.get("to") == "earlier" else 1
    return _pressed(event, recording, lambda row, now: services.move(row, by, actor=current_user.actor, now=now), "")


@bp.route("/<recording>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, recording: str) -> Answer:
    """Ask, then take a recording out."""
    found, row = recording_to_edit(event, recording)
    form = ButtonForm()
    if not form.validate_on_submit():
        page = render_template("manage/recordings/remove.html", event=found, recording=row, problem=form.problem)
        return page, 422 if form.is_submitted() else 200
    session = row.session.public_id
    with attempt():
        services.remove(row, actor=current_user.actor, now=clock.now())
    flash("The recording is removed.", "success")
    return redirect(url_for(".show", event=found, session=session))


def _pressed(event: Ref, recording: str, act: Callable[[Recording, datetime], object], done: str) -> Answer:
    found, row = recording_to_edit(event, recording)
    session, form = row.session.public_id, ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
    else:
        with attempt():
            act(row, clock.now())
        if done:
            flash(done if found.is_public else f"{done} The event itself is not published yet.", "success")
    return redirect(url_for(".show", event=found, session=session))


def _page(event: Event, recording: Recording, form: AboutForm) -> str:
    return render_template(
        "manage/recordings/edit.html", event=event, recording=recording, form=form, errors=error_list(form)
    )
