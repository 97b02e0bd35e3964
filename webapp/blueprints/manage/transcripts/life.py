"""What a transcript says of itself, its history, the file it was read from, and its publication."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import ButtonForm, error_list, page_number
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, transcript_to_edit
from webapp.blueprints.manage.transcripts.forms import AboutForm, PublishForm
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.reflections.differences import Piece, compare
from webapp.errors import NotFound
from webapp.models.events import Event
from webapp.models.transcripts import ERASED, ChangeKind, Fidelity, Transcript, TurnChange
from webapp.queries import transcripts as queries
from webapp.services import files
from webapp.services import transcripts as services
from webapp.transaction import attempt


@bp.route("/<transcript>/about", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def about(event: Ref, transcript: str) -> Answer:
    """Say how closely the transcript keeps to what was said, and what stands before it."""
    found, row = transcript_to_edit(event, transcript)
    form = AboutForm.of(row)
    if not form.validate_on_submit():
        return _about_page(found, row, form), 422 if form.is_submitted() else 200
    theirs = merge(form, AboutForm.of(row, fresh=True))
    if any(one.typed is not None for one in theirs):
        return _about_page(found, row, form, theirs), 409
    try:
        with attempt():
            services.describe(
                row.id,
                fidelity=Fidelity(form.fidelity.data),
                introduction=form.introduction.data or "",
                instead_of=(row.fidelity, row.introduction),
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.TranscriptRefused as refused:
        form.form_errors = [refused.message]
        return _about_page(found, transcript_to_edit(event, transcript)[1], form), refused.status
    flash("It is saved.", "success")
    return redirect(url_for(".show", event=found, transcript=row.public_id))


@bp.get("/<transcript>/history")
@allow(Who.ORGANISER)
def history(event: Ref, transcript: str) -> str:
    """Every change with who made it and what it changed, latest first."""
    found, row = transcript_to_edit(event, transcript)
    page = queries.changes_of(row.id, page=page_number(request.args.get("page", "")))
    told = [(change.before, change.after) for change in page.rows]
    ids = {one.get(name) for pair in told for one in pair for name in ("speaker", "proposed_by")}
    names = {key: one.speaker.name for key, one in queries.speakers_by_id(ids).items()}
    pieces = {
        change.id: compare(str(change.before["words"]), str(change.after["words"]))
        for change in page.rows
        if "words" in change.before and "words" in change.after
    }
    return render_template(
        "manage/transcripts/history.html",
        event=found,
        transcript=row,
        page=page,
        publications=queries.publications_of(row.session_id),
        names=names,
        pieces=pieces,
        erasable={change.id for change in page.rows if _took_out(change, pieces.get(change.id, ()))},
    )


def _took_out(change: TurnChange, pieces: Sequence[Piece]) -> bool:
    """Whether it took words out that are not erased."""
    corrected = change.kind in {ChangeKind.WORDS, ChangeKind.IMPORTED}
    return corrected and any(one.kind == "removed" and one.text.strip(f" \n{ERASED}") for one in pieces)


@bp.get("/<transcript>/source")
@allow(Who.ORGANISER)
def source(event: Ref, transcript: str) -> Response:
    """The file that the transcript was read from, as it came."""
    _, row = transcript_to_edit(event, transcript)
    if row.source is None:
        raise NotFound
    response = send_file(
        files.find_path(row.source.digest, files_folder()),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=row.source_name or "pasted.txt",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/<transcript>/publish", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def publish(event: Ref, transcript: str) -> Answer:
    """Publish the transcript, once somebody named has checked it."""
    found, row = transcript_to_edit(event, transcript)
    form = PublishForm(data={"checked_by": current_user.name, "version": row.version})
    if not form.validate_on_submit():
        return _publish_page(found, row, form, error_list(form)), 422 if form.is_submitted() else 200
    try:
        with attempt():
            services.publish(
                row.id,
                checked_by=form.checked_by.data,
                version=form.version.data or 0,
                may_be_read_by_all=bool(form.for_all.data),
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.TranscriptRefused as refused:
        _, row = transcript_to_edit(event, transcript)
        form.version.raw_data, form.version.data = None, row.version
        return _publish_page(found, row, form, [{"text": refused.message}]), refused.status
    flash(
        "The transcript is published." if found.is_public else "It is published, and seen once the event is.", "success"
    )
    return redirect(url_for(".show", event=found, transcript=row.public_id))


@bp.post("/<transcript>/take-back")
@allow(Who.ORGANISER)
def take_back(event: Ref, transcript: str) -> Answer:
    """Let nobody but its editors read the transcript any more."""
    found, row = transcript_to_edit(event, transcript)
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".show", event=found, transcript=row.public_id))
    with attempt():
        services.take_back(row.id, actor=current_user.actor, now=clock.now())
    flash("Only its editors see the transcript now. Its addresses stay the same.", "success")
    return redirect(url_for(".show", event=found, transcript=row.public_id))


def _about_page(event: Event, transcript: Transcript, form: AboutForm, theirs: Sequence[Difference] = ()) -> str:
    return render_template(
        "manage/transcripts/about.html",
        event=event,
        transcript=transcript,
        form=form,
        theirs=theirs,
        errors=error_list(form),
    )


def _publish_page(event: Event, transcript: Transcript, form: PublishForm, errors: Sequence[dict[str, str]]) -> str:
    asked = services.to_ask(transcript)
    return render_template(
        "manage/transcripts/publish.html",
        event=event,
        transcript=transcript,
        form=form,
        errors=errors,
        turns=queries.find_turns(transcript.id, page=1, size=1).total,
        unlinked=queries.count_unlinked(transcript.id),
        open_labels=sum(one.is_open for one in asked),
        kept_for=[one.label for one in services.recordings_not_for_all(transcript)],
    )
