"""The recordings of an event by session, and what adds one: an address or a file; or that there is none."""

from typing import BinaryIO, cast

from flask import current_app, flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.recordings import bp
from webapp.blueprints.manage.recordings.doors import Answer, event_to_edit, session_to_edit
from webapp.blueprints.manage.recordings.forms import AddressForm, UnrecordedForm, UploadForm
from webapp.blueprints.uploads import expect, stream_to
from webapp.errors import DomainError
from webapp.formats.media import UnusableMediaError, read_media
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.files import FileReach
from webapp.models.recordings import Recording
from webapp.queries import recordings as queries
from webapp.services import recordings as services
from webapp.services.incoming import Incoming
from webapp.transaction import attempt


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The sessions of the event, and what recordings each has."""
    found = event_to_edit(event)
    put_right(event, found, ".index", event=found)
    sessions = queries.sessions_to_record(found.id)
    return render_template("manage/recordings/index.html", event=found, sessions=sessions)


@bp.get("/sessions/<session>")
@allow(Who.ORGANISER)
def show(event: Ref, session: str) -> str:
    """The recordings of a session in their order, with what can be done with each."""
    found, part = session_to_edit(event, session)
    recorded = queries.recordings_of(part, published_only=False)
    return render_template("manage/recordings/show.html", event=found, session=part, recorded=recorded)


@bp.route("/sessions/<session>/add", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def add(event: Ref, session: str) -> Answer:
    """Add a recording that is watched elsewhere."""
    found, part = session_to_edit(event, session)
    form = AddressForm()
    if not form.validate_on_submit() or form.video is None:
        return _address_page(found, part, form), 422 if form.is_submitted() else 200
    about = services.About(title=form.title.data or "", reach=FileReach(form.reach.data), language=part.language)
    try:
        with attempt():
            services.add_address(part.id, form.video, about, actor=current_user.actor, now=clock.now())
    except services.RecordingRefused as refused:
        form.form_errors = [refused.message]
        return _address_page(*session_to_edit(event, session), form), refused.status
    flash("It is added as a draft: look at it, then publish it.", "success")
    return redirect(url_for(".show", event=found, session=part.public_id))


@bp.route("/sessions/<session>/upload", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def upload(event: Ref, session: str) -> Answer:
    """Add a recording as a file, which goes to the disk as it comes in."""
    most = _most()
    expect(most, "A recording", swallow=0)
    found, part = session_to_edit(event, session)
    with stream_to(files_folder()):
        form = UploadForm()
        if not form.validate_on_submit():
            # Much may have changed while the file came in.
            again = session_to_edit(event, session) if form.is_submitted() else (found, part)
            return _upload_page(*again, form), 422 if form.is_submitted() else 200
        try:
            row = _taken(cast("Incoming", form.file.data.stream), part)
        except (UnusableMediaError, DomainError) as refused:
            again = session_to_edit(event, session)
            return _upload_page(*again, form, str(refused)), getattr(refused, "status", 422)
    flash("It is received and kept as a draft. Say what it is, then publish it.", "success")
    return redirect(url_for(".edit", event=found, recording=row.public_id))


def _taken(content: Incoming, part: Session) -> Recording:
    now = clock.now()
    media = read_media(cast("BinaryIO", content))
    kept = content.keep(media.kind.media_type, now=now)
    about = services.About(language=part.language)
    with attempt():
        return services.add_file(part.id, kept, media, about, actor=current_user.actor, now=now)


@bp.route("/sessions/<session>/none", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def none(event: Ref, session: str) -> Answer:
    """Say that a session was not recorded, and why."""
    found, part = session_to_edit(event, session)
    recorded = queries.recordings_of(part, published_only=False)
    form = UnrecordedForm(data={"reason": recorded.unrecorded.reason if recorded.unrecorded else ""})
    if not form.validate_on_submit():
        return _none_page(found, part, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            services.say_unrecorded(part.id, form.reason.data or "", actor=current_user.actor, now=clock.now())
    except services.RecordingRefused as refused:
        form.form_errors = [refused.message]
        return _none_page(*session_to_edit(event, session), form), refused.status
    flash("The page of the session says that it was not recorded.", "success")
    return redirect(url_for(".index", event=found))


@bp.post("/sessions/<session>/recorded")
@allow(Who.ORGANISER)
def recorded(event: Ref, session: str) -> Answer:
    """Say nothing any more of a session's not having been recorded."""
    found, part = session_to_edit(event, session)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.unsay_unrecorded(part.id, actor=current_user.actor, now=clock.now())
        flash("It is taken back.", "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for(".show", event=found, session=part.public_id))


def _most() -> int:
    megabytes: int = current_app.config["SETTINGS"].recording_most_mb
    return megabytes * 1024 * 1024


def _address_page(event: Event, part: Session, form: AddressForm) -> str:
    return render_template("manage/recordings/add.html", event=event, session=part, form=form, errors=error_list(form))


def _upload_page(event: Event, part: Session, form: UploadForm, problem: str = "") -> str:
    problem = problem or "; ".join(str(error) for error in form.file.errors)
    others = [error for error in error_list(form) if error.get("href") != f"#{form.file.id}"]
    return render_template(
        "manage/recordings/upload.html",
        event=event,
        session=part,
        form=form,
        problem=problem,
        errors=[*others, *([{"text": problem, "href": f"#{form.file.id}"}] if problem else [])],
        most=_most(),
    )


def _none_page(event: Event, part: Session, form: UnrecordedForm) -> str:
    return render_template("manage/recordings/none.html", event=event, session=part, form=form, errors=error_list(form))
