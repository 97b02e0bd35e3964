"""Erasing for good: a turn that was taken out, words that a correction took out, and the file it all was read from."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, names_of, transcript_to_edit
from webapp.models.accounts import Actor
from webapp.models.transcripts import Transcript
from webapp.queries import transcripts as queries
from webapp.services import transcripts as services
from webapp.transaction import attempt


@bp.route("/<transcript>/turns/<turn>/erase", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def erase(event: Ref, transcript: str, turn: str) -> Answer:
    """Strike out a turn that was taken out, for good: first asks, then does."""
    _, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    gone = said.words if said.removed_at is not None and said.erased_at is None else ""
    return _asked(event, transcript, gone, partial(services.erase, row.id, turn), turn=turn)


@bp.route("/<transcript>/turns/<turn>/history/<int:version>/erase", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def erase_words(event: Ref, transcript: str, turn: str, version: int) -> Answer:
    """Strike out the words that a correction took out, for good: first asks, then does."""
    _, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    gone = queries.words_taken_out(said, version)
    return _asked(
        event, transcript, " … ".join(gone), partial(services.erase_taken_out, row.id, turn, version), turn=turn
    )


def _asked(event: Ref, transcript: str, words: str, verb: Callable[..., object], *, turn: str) -> Answer:
    found, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        problem, status = _try(verb, actor=current_user.actor, now=clock.now())
        if not problem:
            flash("The words are erased.", "success")
            return redirect(url_for(".history", event=found, transcript=row.public_id))
        _, row = transcript_to_edit(event, transcript)
    elif form.is_submitted():
        problem, status = form.problem, 422
    page = render_template(
        "manage/transcripts/erase.html",
        event=found,
        transcript=row,
        turn=said,
        words=words,
        names=names_of([said]),
        problem=problem,
    )
    return page, status


@bp.route("/<transcript>/source/delete", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def delete_source(event: Ref, transcript: str) -> Answer:
    """Delete the file that the transcript was read from: first asks, then does."""
    found, row = transcript_to_edit(event, transcript)
    form, problem, status = ButtonForm(), "", 200
    if form.validate_on_submit():
        problem, status = _try(partial(services.delete_source, row.id), actor=current_user.actor, now=clock.now())
        if not problem:
            flash("The file is deleted.", "success")
            return redirect(url_for(".show", event=found, transcript=row.public_id))
    elif form.is_submitted():
        problem, status = form.problem, 422
    return _source_page(event, row, problem), status


def _source_page(event: Ref, row: Transcript, problem: str) -> str:
    found, _ = transcript_to_edit(event, row.public_id)
    return render_template("manage/transcripts/delete_source.html", event=found, transcript=row, problem=problem)


def _try(verb: Callable[..., object], *, actor: Actor, now: datetime) -> tuple[str, int]:
    try:
        with attempt():
            verb(actor=actor, now=now)
    except services.TranscriptRefused as refused:
        return refused.message, refused.status
    return "", 200
