"""Collections on the organisers' side: made, filled, put in order, published, archived."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list, page_number
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.library_forms import CollectionForm, NewCollectionForm
from webapp.blueprints.merging import Difference, merge
from webapp.folding import clean_line
from webapp.models.accounts import Visitor
from webapp.models.library import Collection
from webapp.queries import library as queries
from webapp.queries.library import ResourceFilter
from webapp.services import library as services
from webapp.transaction import attempt

bp = Blueprint("collections", __name__, url_prefix="/collections")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """The collections of all programmes where the viewer may set up events."""
    creatable()
    return render_template("manage/collections/index.html", found=queries.managed_collections(current_user))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """A new collection, with nothing in it."""
    form = NewCollectionForm()
    form.offer(creatable())
    if form.validate_on_submit():
        with attempt():
            made = services.create_collection(
                form.chosen.id,
                title=str(form.title.data),
                introduction=str(form.introduction.data),
                actor=current_user.actor,
                now=clock.now(),
            )
        flash("The collection is a draft. Put resources into it, then publish it.", "success")
        return redirect(url_for(".show", collection=made))
    page = render_template("manage/collections/new.html", form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:collection>")
@allow(Who.ORGANISER)
def show(collection: Ref) -> str:
    """A collection: its resources in order, and a search for others to put into it."""
    found = _managed(collection)
    put_right(collection, found, ".show", collection=found)
    return _page(found)


@bp.route("/<ref:collection>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(collection: Ref) -> Answer:
    """Change what a collection is called and its introduction."""
    found = _managed(collection)
    form, status = CollectionForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.describe_collection(
                    found.id,
                    title=str(form.title.data),
                    introduction=str(form.introduction.data),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.LibraryChanged as changed:
            found = _managed(collection)
            theirs, status = merge(form, CollectionForm.of(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", collection=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/collections/edit.html", collection=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.post("/<ref:collection>/add")
@allow(Who.ORGANISER)
def add(collection: Ref) -> Answer:
    """Put a published resource at the end of a collection."""
    resource = queries.get_resource(request.form.get("resource", ""), viewer=Visitor())

    def act(collection_id: int, **acting: Any) -> None:
        services.add(collection_id, resource.id, **acting)

    return _do(collection, act, f"“{resource.title}” is in the collection.")


@bp.post("/<ref:collection>/move")
@allow(Who.ORGANISER)
def move(collection: Ref) -> Answer:
    """Move a resource up or down by one, or take it out."""
    found = _managed(collection)
    verb = next((one for one in ("up", "down", "out") if request.form.get(one)), "")
    wanted = request.form.get(verb, "")
    item = next((one for one in found.items if one.resource.public_id == wanted), None)
    resource_id = item.resource_id if item is not None else 0

    def act(collection_id: int, **acting: Any) -> None:
        if verb == "out":
            services.remove(collection_id, resource_id, **acting)
        else:
            services.move(collection_id, resource_id, up=verb == "up", **acting)

    title = item.resource.title if item is not None else "It"
    return _do(collection, act, f"“{title}” is taken out." if verb == "out" else "", anchor=f"n-{wanted}")


@bp.post("/<ref:collection>/publish")
@allow(Who.ORGANISER)
def publish(collection: Ref) -> Answer:
    """Let everybody find a draft."""
    return _do(collection, services.publish_collection, "The collection is published.")


@bp.post("/<ref:collection>/archive")
@allow(Who.ORGANISER)
def archive(collection: Ref) -> Answer:
    """Take a collection out of all lists."""
    return _do(collection, services.archive_collection, "The collection is archived. Its address still works.")


@bp.post("/<ref:collection>/bring-back")
@allow(Who.ORGANISER)
def bring_back(collection: Ref) -> Answer:
    """Put an archived collection back into the lists."""
    return _do(collection, services.bring_back_collection, "The collection is in the lists again.")


def _managed(collection: Ref) -> Collection:
    return queries.get_managed_collection(collection.public_id, viewer=current_user)


def _do(collection: Ref, act: Callable[..., Any], said: str, anchor: str | None = None) -> Answer:
    """Press one of the buttons of a collection's page."""
    found = _managed(collection)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    try:
        with attempt():
            act(found.id, actor=current_user.actor, now=clock.now())
    except services.LibraryRefused as refused:
        return _page(_managed(collection), refused.message), refused.status
    if said:
        flash(said, "success")
    return redirect(url_for(".show", collection=found, _anchor=anchor))


def _page(collection: Collection, problem: str = "") -> str:
    text = clean_line(request.args.get("q", ""))[:100]
    inside = {one.resource_id for one in collection.items}
    page = page_number(request.args.get("page", ""))
    offered = queries.find_resources(ResourceFilter(text=text, by_title=True), page=page)
    return render_template(
        "manage/collections/show.html",
        collection=collection,
        text=text,
        offered=offered,
        inside=inside,
        problem=problem,
    )
