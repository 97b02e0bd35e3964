"""The library as everybody sees it: lists, resources and their files, collections, and a feed of what is new."""

from flask import Response, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import as_download
from webapp.blueprints.library import bp
from webapp.blueprints.library.forms import SearchForm
from webapp.models.accounts import ThingKind
from webapp.models.library import ResourceKind
from webapp.queries import library as queries
from webapp.queries import speakers
from webapp.queries.programmes import programmes_with_themes
from webapp.queries.saved import find_saved

FED = 30


@bp.get("")
@allow(Who.ANYONE)
def index() -> str:
    """Resources found by words, kind, theme, organisation, programme and year."""
    form = SearchForm(request.args)
    return render_template(
        "library/index.html",
        form=form,
        found=queries.find_resources(form.wanted(), page=form.page),
        kinds=list(ResourceKind),
        programmes=programmes_with_themes(),
        organisations=queries.organisations_listed(),
        years=queries.years_listed(),
    )


@bp.get("/<ref:resource>")
@allow(Who.ANYONE)
def show(resource: Ref) -> str:
    """A resource: what it is, who made it and when, and how to open it."""
    found = queries.get_resource(resource.public_id, viewer=current_user)
    put_right(resource, found, ".show", resource=found)
    saved = None
    if current_user.is_authenticated:
        saved = find_saved(current_user.id, ThingKind.RESOURCE, found.id)
    return render_template(
        "library/show.html",
        resource=found,
        profiles=speakers.profiles_of(author.speaker_id for author in found.authors),
        sessions=queries.sessions_about(found.id),
        collections=queries.collections_with(found.id),
        saved=saved,
        looks_after=may_create(current_user, found.programme_id),
    )


@bp.get("/<ref:resource>/file")
@allow(Who.ANYONE)
def file(resource: Ref) -> Response:
    """The file of a resource, to be saved."""
    return as_download(queries.get_resource(resource.public_id, viewer=current_user))


@bp.get("/feed.atom")
@allow(Who.ANYONE)
def feed() -> Response:
    """The resources that were added last, for programs that follow them."""
    resources = queries.newest_resources(FED)
    updated = max((one.updated_at for one in resources), default=clock.now())
    text = render_template("library/feed.atom", resources=resources, updated=updated)
    response = Response(text, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@bp.get("/collections")
@allow(Who.ANYONE)
def collections() -> str:
    """All collections."""
    return render_template("library/collections.html", found=queries.find_collections())


@bp.get("/collections/<ref:collection>")
@allow(Who.ANYONE)
def collection(collection: Ref) -> str:
    """A collection: why it was put together, and its resources in order."""
    found = queries.get_collection(collection.public_id, viewer=current_user)
    put_right(collection, found, ".collection", collection=found)
    saved = None
    if current_user.is_authenticated:
        saved = find_saved(current_user.id, ThingKind.COLLECTION, found.id)
    return render_template(
        "library/collection.html",
        collection=found,
        resources=queries.resources_in(found.id),
        saved=saved,
        looks_after=may_create(current_user, found.programme_id),
    )
