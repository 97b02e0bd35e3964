"""The transcripts of an event, and reading one in from a file or from what was pasted."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, event_to_edit
from webapp.blueprints.manage.transcripts.forms import ReadInForm
from webapp.blueprints.uploads import expect
from webapp.formats.transcripts import Reading, UnreadableTranscriptError, read_pasted, read_transcript
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.transcripts import Fidelity
from webapp.queries import transcripts as queries
from webapp.services import files
from webapp.services import transcripts as services
from webapp.transaction import attempt

LARGEST = 32 * 1024 * 1024


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """The sessions of the event, and how the transcript of each stands."""
    found = event_to_edit(event)
    put_right(event, found, ".index", event=found)
    return render_template(
        "manage/transcripts/index.html",
        event=found,
        sessions=queries.sessions_to_transcribe(found.id),
        turns=queries.turns_per_transcript(found.id),
    )


@bp.route("/read-in/<session>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def read_in(event: Ref, session: str) -> Answer:
    """Read a transcript in; one that stands as a draft is replaced only when that is said."""
    expect(LARGEST, "A transcript")
    found = event_to_edit(event)
    part = queries.get_session_to_transcribe(found.id, session)
    form = ReadInForm(data={"version": part.transcript.version if part.transcript else 0})
    if not form.validate_on_submit():
        return _page(found, part, form), 422 if form.is_submitted() else 200
    try:
        reading, source = _read(form, queries.names_at(found.id, part.id))
        with attempt():
            taken = services.take_in(
                part.id,
                reading,
                source,
                replacing=form.version.data if form.replaces.data else None,
                fidelity=Fidelity(form.fidelity.data),
                actor=current_user.actor,
                now=clock.now(),
            )
    except UnreadableTranscriptError as unreadable:
        return _page(found, part, form, str(unreadable)), 422
    except services.TranscriptRefused as refused:
        again = queries.get_session_to_transcribe(found.id, session)
        form.version.raw_data = None
        form.version.data = again.transcript.version if again.transcript else 0
        if isinstance(refused, services.StandsAlready):
            form.replaces.errors = [refused.message]
            return _page(found, again, form), refused.status
        return _page(found, again, form, refused.message), refused.status
    flash(_sentence(taken.counts), "success")
    return redirect(url_for(".labels", event=found, transcript=taken.transcript.public_id))


def _read(form: ReadInForm, known: list[str]) -> tuple[Reading, services.Source]:
    """What was sent, read, and put into the folder as it came."""
    name = getattr(form.file.data, "filename", "") or ""
    if name:
        with form.file.data.stream as stream:
            content = stream.read()
        reading, media_type = read_transcript(content, known=known), "application/octet-stream"
    else:
        text = form.text.data or ""
        content, reading, media_type = text.encode(), read_pasted(text, known=known), "text/plain"
    written = files.write(content, media_type, folder=files_folder(), now=clock.now())
    return reading, services.Source(written=written, name=name)


def _sentence(counts: object) -> str:
    numbers = dict(counts) if isinstance(counts, dict) else {}
    if set(numbers) == {"new"}:
        return f"It is read in: {numbers['new']:,} {'turn' if numbers['new'] == 1 else 'turns'}."
    words = {"same": "as before", "changed": "changed", "new": "new", "gone": "taken out"}
    return (
        "It is read in. Turns: "
        + ", ".join(f"{numbers[key]:,} {text}" for key, text in words.items() if numbers.get(key))
        + "."
    )


def _page(event: Event, part: Session, form: ReadInForm, problem: str = "") -> str:
    errors = [{"text": problem, "href": f"#{form.file.id}"}] if problem else error_list(form)
    return render_template(
        "manage/transcripts/read_in.html",
        event=event,
        session=part,
        transcript=part.transcript,
        form=form,
        errors=errors,
        file_problem=problem or "; ".join(str(error) for error in form.file.errors),
        most=LARGEST // 1024 // 1024,
    )
