"""One material: changed, replaced by a newer version, put at another place, taken away, fetched."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref
from webapp.blueprints.dates import NumberField
from webapp.blueprints.downloads import as_download
from webapp.blueprints.forms import ButtonForm, Form, error_list
from webapp.blueprints.manage.materials import bp
from webapp.blueprints.manage.materials.adding import Answer, event_to_edit, index_page
from webapp.blueprints.manage.materials.forms import LARGEST, MaterialForm
from webapp.blueprints.merging import Difference, merge, who_changed
from webapp.models.accounts import ThingKind
from webapp.models.events import Event
from webapp.models.materials import Material
from webapp.queries import materials as queries
from webapp.queries.activity import history_of
from webapp.services import materials as services
from webapp.transaction import attempt


class PlaceForm(Form):
    """Put a material at another place."""

    place = NumberField("Place", most=1000)


@bp.route("/<item>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, item: str) -> Answer:
    """Change what is said of a material, or put a newer version in its place."""
    uploads.expect(LARGEST, "A file")
    found = event_to_edit(event, "edit", item=item)
    row, sessions = queries.get_material(found.id, item), queries.sessions_to_choose(found.id)
    form = MaterialForm.of(row, sessions).held_by(found.public_id, f"person {current_user.id}")
    if not form.validate_on_submit():
        return _edit_page(found, row, form), 422 if form.is_submitted() else 200
    theirs: Sequence[Difference] = ()
    if form.version.data != row.version:
        who = who_changed(history_of(ThingKind.MATERIAL, row.id), {})
        theirs = merge(form, MaterialForm.of(row, sessions, formdata=None), who=who)
    if any(one.typed is not None for one in theirs):
        return _edit_page(found, row, form, theirs), 409
    try:
        with attempt():
            services.change(
                found.id, item, form.offer(form.title.data), url=form.url.data or "", upload=form.upload,
                version=form.version.data or 0, actor=current_user.actor, now=clock.now(),
            )  # fmt: skip
    except (services.MaterialRefused, services.MaterialChanged) as refused:
        form.form_errors = [refused.message]
        return _edit_page(found, row, form), refused.status
    flash(f"“{form.title.data}” is saved.", "success")
    return redirect(url_for(".index", event=found) + f"#m-{item}")


@bp.post("/<item>/move")
@allow(Who.ORGANISER)
def move(event: Ref, item: str) -> Answer:
    """Put a material at another place among those of the same part."""
    found = event_to_edit(event, "move", item=item)
    form = PlaceForm()
    if not form.validate_on_submit() or form.place.data is None:
        return index_page(found, problem=error_list(form)[0]["text"] if form.errors else "Choose a place"), 422
    with attempt():
        services.move(found.id, item, form.place.data, actor=current_user.actor, now=clock.now())
    return redirect(url_for(".index", event=found) + f"#m-{item}")


@bp.route("/<item>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, item: str) -> Answer:
    """Ask whether a material is to be taken away, and do it."""
    found = event_to_edit(event, "remove", item=item)
    row = queries.get_material(found.id, item)
    form = ButtonForm()
    if not form.validate_on_submit():
        page = render_template("manage/materials/remove.html", event=found, material=row, problem=form.problem)
        return page, 422 if form.is_submitted() else 200
    with attempt():
        services.withdraw(found.id, item, actor=current_user.actor, now=clock.now())
    flash(f"“{row.title}” is taken away.", "success")
    return redirect(url_for(".index", event=found))


@bp.get("/<item>/file")
@allow(Who.ORGANISER)
def fetch(event: Ref, item: str) -> Response:
    """The file of a material, whomever it is for."""
    found = event_to_edit(event, "fetch", item=item)
    return as_download(queries.get_material(found.id, item))


def _edit_page(event: Event, material: Material, form: MaterialForm, theirs: Sequence[Difference] = ()) -> str:
    return render_template(
        "manage/materials/edit.html",
        event=event,
        material=material,
        form=form,
        theirs=theirs,
        errors=error_list(form),
        taken=[one.filename for one in form.kept] if form.is_submitted() else [],
        largest=LARGEST // 1024 // 1024,
    )
