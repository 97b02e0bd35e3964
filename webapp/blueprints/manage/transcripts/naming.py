"""Whom the labels of a transcript mean, and what of the file could not be read."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, transcript_to_edit
from webapp.blueprints.manage.transcripts.forms import NOBODY
from webapp.models.events import Event
from webapp.models.transcripts import Transcript
from webapp.queries import transcripts as queries
from webapp.services import transcripts as services
from webapp.transaction import attempt

UNANSWERED = "-"


@bp.route("/<transcript>/labels", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def labels(event: Ref, transcript: str) -> Answer:
    """The labels of the transcript with their speakers; each is asked about once, for all its turns."""
    found, row = transcript_to_edit(event, transcript)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, row, form.problem), 422 if form.is_submitted() else 200
    people = {one.speaker.public_id: one.speaker for one in queries.candidates(found.id, row.session_id)}
    answers = []
    for number, asked in enumerate(services.to_ask(row)):
        chosen = request.form.get(f"speaker{number}", UNANSWERED)
        # The page may have been opened before labels changed; an answer stands only for the label it was given to.
        if request.form.get(f"label{number}") != asked.label.text or chosen == UNANSWERED:
            continue
        speaker = people.get(chosen)
        stands = asked.speaker.public_id if asked.speaker else (UNANSWERED if asked.is_open else NOBODY)
        if (speaker is not None or chosen == NOBODY) and (chosen != stands or _is_partly(asked)):
            answers.append(services.Answer(asked.label.text, speaker))
    with attempt():
        changed = services.answer(
            row.id, answers, remember=request.form.get("remember") == "1", actor=current_user.actor, now=clock.now()
        )
    flash(f"It is saved: {changed:,} {'turn has' if changed == 1 else 'turns have'} another speaker now.", "success")
    return redirect(url_for(".show", event=found, transcript=row.public_id))


def _is_partly(asked: services.Asked) -> bool:
    """Whether some of the turns of the label are another's."""
    return asked.label.linked != asked.label.turns


def _page(event: Event, transcript: Transcript, problem: str) -> str:
    people = queries.candidates(event.id, transcript.session_id)
    asked = services.to_ask(transcript)
    return render_template(
        "manage/transcripts/labels.html",
        event=event,
        transcript=transcript,
        asked=asked,
        open_ones=sum(one.is_open for one in asked),
        unnamed=sum(one.turns for one in queries.labels_of(transcript.id) if not one.text),
        people=people,
        unanswered=UNANSWERED,
        problem=problem,
    )
