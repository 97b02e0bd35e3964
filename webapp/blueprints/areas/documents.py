"""What an area shares: its people add files and links, say whom each is for, put newer ones in their place."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.acting import answered
from webapp.blueprints.addresses import Ref
from webapp.blueprints.areas import bp
from webapp.blueprints.areas.document_forms import AddFileForm, AddLinkForm, DocumentForm, PlaceForm
from webapp.blueprints.areas.doors import Answer, kept_area, who_changed
from webapp.blueprints.areas.showing import shared
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.materials.forms import LARGEST
from webapp.blueprints.merging import Difference, merge
from webapp.models.areas import Area, AreaDocument
from webapp.queries import area_profiles as queries
from webapp.services import area_documents as services
from webapp.services.area_profiles import AreaChanged
from webapp.transaction import attempt


@bp.get("/<ref:area>/documents")
@allow(Who.SIGNED_IN)
def documents(area: Ref) -> str:
    """All that the area shares, for its people to keep in order."""
    return _list_page(kept_area(area, "documents"))


@bp.route("/<ref:area>/documents/new-file", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def add_file(area: Ref) -> Answer:
    """Add a file."""
    uploads.expect(LARGEST, "A file")
    found = kept_area(area, "add_file")
    form = AddFileForm().held_by(found.public_id, f"person {current_user.id}")
    if not form.validate_on_submit():
        return _file_page(found, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            row = services.add_file(found.id, form.upload, form.reaches, actor=current_user.actor, now=clock.now())
    except services.DocumentRefused as refused:
        form.form_errors = [refused.message]
        return _file_page(found, form), refused.status
    return _done(found, f"“{row.title}” is added.", row)


@bp.route("/<ref:area>/documents/new-link", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def add_link(area: Ref) -> Answer:
    """Add a link."""
    found = kept_area(area, "add_link")
    form = AddLinkForm()

    def act() -> Response:
        given, acting = (str(form.url.data), str(form.title.data)), {"actor": current_user.actor, "now": clock.now()}
        row = services.add_link(found.id, *given, form.reaches, **acting)
        return _done(found, f"“{row.title}” is added.", row)

    shown = {"area": found, "form": form}
    return answered(form, act, lambda: render_template("areas/add_link.html", errors=error_list(form), **shown))


@bp.route("/<ref:area>/documents/<item>/change", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def document(area: Ref, item: str) -> Answer:
    """Change what is said of a document, or put a newer version in its place."""
    uploads.expect(LARGEST, "A file")
    found = kept_area(area, "document", item=item)
    row = queries.get_document(found.id, item)
    form = DocumentForm.of(found, row).held_by(found.public_id, f"person {current_user.id}")
    if not form.validate_on_submit():
        return _document_page(found, row, form), 422 if form.is_submitted() else 200
    theirs: Sequence[Difference] = ()
    since = form.version.data or 0
    if since != found.version:
        theirs = merge(form, DocumentForm.of(found, row, formdata=None), who=who_changed(found, since, {}))
    if any(one.typed is not None for one in theirs):
        return _document_page(found, row, form, theirs), 409
    try:
        with attempt():
            services.change(
                found.id, item, form.sharing, version=form.version.data or 0, actor=current_user.actor, now=clock.now()
            )
    except (services.DocumentRefused, AreaChanged) as refused:
        form.form_errors = [refused.message]
        return _document_page(found, row, form), refused.status
    return _done(found, f"“{form.title.data}” is saved.", row)


@bp.post("/<ref:area>/documents/<item>/move")
@allow(Who.SIGNED_IN)
def move_document(area: Ref, item: str) -> Answer:
    """Put a document at another place among those of the area."""
    found = kept_area(area, "move_document", item=item)
    form = PlaceForm()
    if not form.validate_on_submit() or form.place.data is None:
        return _list_page(found, problem=error_list(form)[0]["text"] if form.errors else "Choose a place"), 422
    with attempt():
        services.move(found.id, item, form.place.data, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".documents", area=found, _anchor=f"d-{item}"))


@bp.route("/<ref:area>/documents/<item>/remove", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def remove_document(area: Ref, item: str) -> Answer:
    """Ask whether a document is to be taken away, and do it."""
    found = kept_area(area, "remove_document", item=item)
    row = queries.get_document(found.id, item)
    form = ButtonForm()
    if not form.validate_on_submit():
        page = render_template("areas/remove_document.html", area=found, document=row, problem=form.problem)
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.withdraw(found.id, item, actor=current_user.actor, now=clock.now())
    flash(f"“{row.title}” is taken away.", "success")
    return redirect(url_for(".documents", area=found))


def _list_page(area: Area, problem: str = "") -> str:
    items = [shared(one, area, current_user) for one in area.documents]
    return render_template("areas/documents.html", area=area, items=items, problem=problem)


def _file_page(area: Area, form: AddFileForm) -> str:
    return render_template(
        "areas/add_file.html",
        area=area,
        form=form,
        errors=error_list(form),
        taken=[one.filename for one in form.kept] if form.is_submitted() else [],
        largest=LARGEST // 1024 // 1024,
    )


def _document_page(area: Area, row: AreaDocument, form: DocumentForm, theirs: Sequence[Difference] = ()) -> str:
    return render_template(
        "areas/document.html",
        area=area,
        document=row,
        form=form,
        theirs=theirs,
        errors=error_list(form),
        taken=[one.filename for one in form.kept] if form.is_submitted() else [],
        largest=LARGEST // 1024 // 1024,
    )


def _done(area: Area, sentence: str, row: AreaDocument) -> Response:
    flash(sentence, "success")
    return redirect(url_for(".documents", area=area, _anchor=f"d-{row.public_id}"))
