"""Tags and notes on one registration."""

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.registrations import bp
from webapp.blueprints.manage.registrations.forms import NoteForm, TagForm
from webapp.blueprints.manage.registrations.single import show_page, to_decide
from webapp.errors import DomainError
from webapp.models.accounts import ThingKind
from webapp.queries.registrations import Chosen
from webapp.services import registrations as services
from webapp.services.guarding import record_kept
from webapp.transaction import attempt


@bp.post("/<registration>/notes")
@allow(Who.ORGANISER)
def add_note(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Write a note for the other organisers."""
    found, row = to_decide(event, registration)
    form = NoteForm()
    if not form.validate_on_submit():
        return show_page(found, registration, errors=error_list(form), note=form), 422
    who, now = current_user.actor, clock.now()
    with attempt():
        services.add_note(row.id, str(form.text.data), author_id=current_user.id, actor=who, now=now)
        record_kept(form.guard.record, ThingKind.REGISTRATION, row.id, actor=who, now=now, event_id=found.id)
    return redirect(url_for(".show", event=found, registration=registration) + "#notes")


@bp.post("/<registration>/notes/<note>/delete")
@allow(Who.ORGANISER)
def delete_note(event: Ref, registration: str, note: str) -> Response | tuple[str, int]:
    """Delete a note of one's own."""
    found, _row = to_decide(event, registration)
    form = ButtonForm()
    if not form.validate_on_submit():
        return show_page(found, registration, problem=form.problem), 422
    try:
        with attempt():
            services.delete_note(found.id, note, author_id=current_user.id, actor=current_user.actor, now=clock.now())
    except services.MarkRefused as refused:
        return show_page(found, registration, problem=refused.message), refused.status
    flash("The note is deleted.", "success")
    return redirect(url_for(".show", event=found, registration=registration) + "#notes")


@bp.post("/<registration>/tags")
@allow(Who.ORGANISER)
def add_tag(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Put a tag on it; there already, it stays."""
    found, _row = to_decide(event, registration)
    form = TagForm()
    if not form.validate_on_submit():
        return show_page(found, registration, errors=error_list(form), tag=form), 422
    try:
        with attempt():
            services.add_tag(
                found.id, _only(registration), str(form.word.data), number=1, actor=current_user.actor, now=clock.now()
            )
    except DomainError as refused:
        return show_page(found, registration, problem=refused.message, tag=form), refused.status
    return redirect(url_for(".show", event=found, registration=registration) + "#tags")


@bp.post("/<registration>/tags/remove")
@allow(Who.ORGANISER)
def remove_tag(event: Ref, registration: str) -> Response | tuple[str, int]:
    """Take a tag off it; gone already, it stays so."""
    found, _row = to_decide(event, registration)
    form = TagForm()
    if not form.validate_on_submit():
        return show_page(found, registration, errors=error_list(form), tag=form), 422
    with attempt():
        services.remove_tag(
            found.id, _only(registration), str(form.word.data), number=1, actor=current_user.actor, now=clock.now()
        )
    return redirect(url_for(".show", event=found, registration=registration) + "#tags")


def _only(registration: str) -> Chosen:
    return Chosen(public_ids=(registration,))
