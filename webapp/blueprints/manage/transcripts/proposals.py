"""Corrections that speakers propose, for an editor to accept or decline; and asking the speakers to look."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, page_number
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, names_of, transcript_to_edit
from webapp.blueprints.manage.transcripts.forms import ProposalButtonForm
from webapp.blueprints.reflections.differences import compare
from webapp.models.events import Event
from webapp.models.transcripts import Transcript
from webapp.queries import transcripts as queries
from webapp.services import transcripts as services
from webapp.transaction import attempt


@bp.get("/<transcript>/proposals")
@allow(Who.ORGANISER)
def proposals(event: Ref, transcript: str) -> str:
    """What speakers propose, each beside what stands now."""
    return _page(*transcript_to_edit(event, transcript))


@bp.post("/<transcript>/proposals/<proposal>/accept")
@allow(Who.ORGANISER)
def accept(event: Ref, transcript: str, proposal: str) -> Answer:
    """Make the turn say what its speaker proposed."""
    form = ProposalButtonForm()
    values = {"version": form.version.data or 0}
    return _decided(event, transcript, form, services.accept, proposal, values, "The correction is taken over.")


@bp.post("/<transcript>/proposals/<proposal>/decline")
@allow(Who.ORGANISER)
def decline(event: Ref, transcript: str, proposal: str) -> Answer:
    """Leave the turn as it is."""
    told = "The turn stays as it is. Its speaker sees that."
    return _decided(event, transcript, ProposalButtonForm(), services.decline, proposal, {}, told)


@bp.post("/<transcript>/ask-to-check")
@allow(Who.ORGANISER)
def ask_to_check(event: Ref, transcript: str) -> Answer:
    """Write to the speakers that they can look through the transcript."""
    found, row = transcript_to_edit(event, transcript)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, row, form.problem), 422
    try:
        with attempt():
            letters = services.ask_to_check(row.id, actor=current_user.actor, now=clock.now())
    except services.TranscriptRefused as refused:
        return _page(*transcript_to_edit(event, transcript), refused.message), refused.status
    flash(f"A letter goes to {letters} {'speaker' if letters == 1 else 'speakers'}.", "success")
    return redirect(url_for(".proposals", event=found, transcript=row.public_id))


def _decided(
    event: Ref,
    transcript: str,
    form: ProposalButtonForm,
    verb: Callable[..., Any],
    proposal: str,
    values: dict[str, int],
    told: str,
) -> Answer:
    found, row = transcript_to_edit(event, transcript)
    if not form.validate_on_submit():
        return _page(found, row, form.problem), 422
    try:
        with attempt():
            verb(row.id, proposal, mark=form.mark.data or "", **values, actor=current_user.actor, now=clock.now())
    except services.TurnChanged:
        again = "Somebody changed the turn meanwhile. This is the difference to how it stands now."
        return _page(*transcript_to_edit(event, transcript), again), services.TurnChanged.status
    except (services.ProposalChanged, services.TranscriptRefused) as refused:
        return _page(*transcript_to_edit(event, transcript), refused.message), refused.status
    flash(told, "success")
    return redirect(url_for(".proposals", event=found, transcript=row.public_id))


def _page(event: Event, transcript: Transcript, problem: str = "") -> str:
    page = queries.open_proposals(transcript.id, page=page_number(request.args.get("page", "")))
    asked = queries.invitations_to_check(event.id, transcript.id, transcript.session_id)
    return render_template(
        "manage/transcripts/proposals.html",
        event=event,
        transcript=transcript,
        page=page,
        names=names_of([one.turn for one in page.rows]),
        pieces={one.id: compare(one.turn.words, one.words) for one in page.rows},
        not_asked=queries.names_without_link(event.id, transcript.id, transcript.session_id),
        asked=[one.speaker.name for one in asked],
        problem=problem,
    )
