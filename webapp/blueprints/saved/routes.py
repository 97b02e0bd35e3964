"""What somebody saved: put there by one button, listed, with a note of one's own, and taken out again."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import ButtonForm, error_list, page_number
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.saved import bp
from webapp.blueprints.saved.forms import NoteForm
from webapp.models.accounts import ThingKind
from webapp.queries import saved as queries
from webapp.queries.saved import Savable
from webapp.services import saved as services
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.SIGNED_IN)
def index() -> str:
    """All that whoever is signed in saved."""
    found = queries.saved_by(current_user, page=page_number(request.args.get("page", "")), now=clock.now())
    rows = [(item, thing, address(thing) if thing else "") for item, thing in found.rows]
    return render_template("saved/index.html", found=found, rows=rows, query="page={page}".format)


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def new() -> Answer:
    """Save a thing, with a note or without; a thing that is saved already leads to its note."""
    thing = queries.get_savable(
        request.args.get("kind", ""), request.args.get("id", ""), viewer=current_user, now=clock.now()
    )
    form, status = NoteForm(), 200
    if form.validate_on_submit():
        try:
            with attempt():
                services.save(current_user.id, thing.kind, thing.id, note=form.note.data or "", now=clock.now())
        except services.TooManySaved as refused:
            form.form_errors, status = [refused.message], refused.status
        else:
            flash(f"“{thing.title}” is saved. You find it under “Saved” in your account.", "success")
            return redirect(address(thing))
    elif form.is_submitted():
        status = 422
    else:
        saved = queries.find_saved(current_user.id, thing.kind, thing.id)
        if saved is not None:
            return redirect(url_for(".note", item=saved.public_id))
    page = render_template("saved/new.html", form=form, thing=thing, back=address(thing), errors=error_list(form))
    return page, status


@bp.route("/<item>/note", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def note(item: str) -> Answer:
    """Change the note beside something saved."""
    saved, thing = queries.get_saved(current_user, item, now=clock.now())
    form = NoteForm(data={"note": saved.note})
    theirs: Sequence[Difference] = ()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        before = str(form.as_opened().get("note", ""))
        try:
            with attempt():
                services.write_note(current_user.id, item, form.note.data or "", instead_of=before)
        except services.NoteChanged as changed:
            now_there, _ = queries.get_saved(current_user, item, now=clock.now())
            fresh = NoteForm(formdata=None, data={"note": now_there.note})
            theirs, status = merge(form, fresh, who=lambda _name: "You"), changed.status
            form.form_errors = [changed.message]
        else:
            flash("Your note is saved.", "success")
            return redirect(url_for(".index"))
    errors = error_list(form)
    page = render_template("saved/note.html", form=form, saved=saved, thing=thing, theirs=theirs, errors=errors)
    return page, status


@bp.post("/<item>/remove")
@allow(Who.SIGNED_IN)
def remove(item: str) -> Response:
    """Take something out of what one saved."""
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".index"))
    with attempt():
        services.remove(current_user.id, item)
    flash("It is no longer among what you saved.", "success")
    return redirect(url_for(".index"))


def address(thing: Savable) -> str:
    """Where the page of a thing is that was saved."""
    own = Ref(thing.slug, thing.public_id)
    event = Ref(thing.event_slug, thing.event_public_id)
    match thing.kind:
        case ThingKind.RESOURCE:
            return url_for("library.show", resource=own)
        case ThingKind.COLLECTION:
            return url_for("library.collection", collection=own)
        case ThingKind.ARTICLE:
            return url_for("publications.article", article=own)
        case ThingKind.POST:
            return url_for("communities.post", post=thing.public_id)
        case ThingKind.TURN:
            session = Ref(thing.session_slug, thing.session_public_id)
            return url_for("transcripts.turn", event=event, session=session, turn=thing.public_id)
        case _:
            return url_for("agenda.session", event=event, session=own)
