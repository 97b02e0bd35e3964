"""The library on the organisers' side: resources listed, described, given a file, published, archived, reviewed."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.library_forms import (
    LARGEST,
    TO_REVIEW,
    DocumentForm,
    ManagedSearch,
    ResourceForm,
    SessionsForm,
)
from webapp.blueprints.merging import Difference, merge
from webapp.errors import DomainError
from webapp.folding import fold
from webapp.models.library import LibraryState, Resource, ResourceKind
from webapp.queries import library as queries
from webapp.queries.agenda import agenda_of
from webapp.queries.programmes import themes_of
from webapp.services import files
from webapp.services import library as services
from webapp.transaction import attempt

bp = Blueprint("library", __name__, url_prefix="/library")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """The resources of all programmes where the viewer may set up events."""
    creatable()
    search, now = ManagedSearch(request.args), clock.now()
    states = [(state.value, state.label) for state in LibraryState] + [(TO_REVIEW, "To be reviewed")]
    return render_template(
        "manage/library/index.html",
        search=search,
        found=queries.managed_resources(current_user, search.wanted(), page=search.page, now=now),
        to_review=queries.count_to_review(current_user, now=now),
        states=states,
        kinds=list(ResourceKind),
        now=now,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """A new resource; where there are several programmes, one is chosen first."""
    offered = creatable()
    wanted = request.args.get("programme", "")
    programme = next((one for one in offered if one.public_id == wanted or len(offered) == 1), None)
    if programme is None:
        return render_template("manage/library/choose.html", programmes=offered)
    form = ResourceForm()
    form.offer_themes(themes_of(programme.id))
    if form.validate_on_submit():
        with attempt():
            made = services.create(programme.id, form.words(), actor=current_user.actor, now=clock.now())
        flash("The resource is a draft. Only those who look after the library see it until you publish it.", "success")
        return redirect(url_for(".show", resource=made))
    page = render_template("manage/library/new.html", form=form, programme=programme, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:resource>")
@allow(Who.ORGANISER)
def show(resource: Ref) -> str:
    """How a resource stands, and what can be done with it."""
    found = _managed(resource)
    put_right(resource, found, ".show", resource=found)
    return _page(found)


@bp.route("/<ref:resource>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(resource: Ref) -> Answer:
    """Change what is said of a resource."""
    found = _managed(resource)
    themes = themes_of(found.programme_id)
    form, status = ResourceForm.of(found), 200
    form.offer_themes(themes)
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.change(
                    found.id,
                    form.words(),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.LibraryChanged as changed:
            found = _managed(resource)
            fresh = ResourceForm.of(found, fresh=True)
            fresh.offer_themes(themes)
            theirs, status = merge(form, fresh), changed.status
            form.form_errors = [changed.message]
        except services.LibraryRefused as refused:
            form[refused.field].errors = [refused.message]
            status = refused.status
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", resource=found))
    elif form.is_submitted():
        status = 422
    errors = error_list(form)
    return render_template("manage/library/edit.html", resource=found, form=form, theirs=theirs, errors=errors), status


@bp.route("/<ref:resource>/file", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def file(resource: Ref) -> Answer:
    """Give a resource a file, in the place of the one that it may have."""
    uploads.expect(LARGEST, "A file of the library")
    found = _managed(resource)
    form = DocumentForm()
    if form.validate_on_submit():
        now = clock.now()
        written = files.write(form.content, form.media_type, folder=files_folder(), now=now)
        with attempt():
            services.attach_file(found.id, written, form.filename, actor=current_user.actor, now=now)
        flash(f"The resource has the file {form.filename}.", "success")
        return redirect(url_for(".show", resource=found))
    most = LARGEST // 1024 // 1024
    page = render_template("manage/library/file.html", resource=found, form=form, most=most, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.post("/<ref:resource>/file/remove")
@allow(Who.ORGANISER)
def remove_file(resource: Ref) -> Answer:
    """Take the file of a resource away."""
    return _do(resource, services.remove_file, "The resource has no file any more.")


@bp.post("/<ref:resource>/authors")
@allow(Who.ORGANISER)
def author(resource: Ref) -> Answer:
    """Say which speaker an author is, or that it is none."""
    name, speaker = request.form.get("author", "")[:200], request.form.get("speaker", "")[:12]

    def act(resource_id: int, **acting: Any) -> None:
        services.link_author(resource_id, name, speaker, **acting)

    said = f"{name} leads to the speaker’s profile." if speaker else f"{name} leads to no profile any more."
    return _do(resource, act, said)


@bp.route("/<ref:resource>/sessions", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def sessions(resource: Ref) -> Answer:
    """Choose the sessions of an event that a resource belongs to."""
    found = _managed(resource)
    events = queries.events_to_relate(found.programme_id)
    event = next((one for one in events if one.public_id == request.args.get("event")), None)
    form = None
    if event is not None:
        part = [one.public_id for one in found.sessions if one.event_id == event.id]
        form = SessionsForm(data={"sessions": part})
        form.offer(agenda_of(event.id))
        if form.validate_on_submit():
            with attempt():
                chosen = form.sessions.data or ()
                services.relate(found.id, event.id, chosen, actor=current_user.actor, now=clock.now())
            flash("It is saved.", "success")
            return redirect(url_for(".show", resource=found))
    page = render_template(
        "manage/library/sessions.html",
        resource=found,
        events=events,
        event=event,
        form=form,
        errors=error_list(form) if form else [],
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/<ref:resource>/publish")
@allow(Who.ORGANISER)
def publish(resource: Ref) -> Answer:
    """Let everybody find a draft."""
    return _do(resource, services.publish, "The resource is published.")


@bp.post("/<ref:resource>/archive")
@allow(Who.ORGANISER)
def archive(resource: Ref) -> Answer:
    """Take a resource out of all lists."""
    return _do(resource, services.archive, "The resource is archived. Its address still works, and says so.")


@bp.post("/<ref:resource>/bring-back")
@allow(Who.ORGANISER)
def bring_back(resource: Ref) -> Answer:
    """Put an archived resource back into the lists."""
    return _do(resource, services.bring_back, "The resource is in the lists again.")


def _managed(resource: Ref) -> Resource:
    return queries.get_managed_resource(resource.public_id, viewer=current_user)


def _do(resource: Ref, act: Callable[..., Any], said: str) -> Answer:
    """Press one of the buttons of a resource's page."""
    found = _managed(resource)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    try:
        with attempt():
            act(found.id, actor=current_user.actor, now=clock.now())
    except services.LibraryRefused as refused:
        return _page(_managed(resource), refused.message), refused.status
    except DomainError as gone:
        return _page(_managed(resource), "This is not there any more. Nothing was changed."), gone.status
    flash(said, "success")
    return redirect(url_for(".show", resource=found))


def _page(resource: Resource, problem: str = "") -> str:
    unlinked = [one.name for one in resource.authors if one.speaker_id is None]
    alike = queries.namesakes(unlinked)
    return render_template(
        "manage/library/show.html",
        resource=resource,
        namesakes={one: alike.get(fold(one), []) for one in unlinked},
        now=clock.now(),
        problem=problem,
    )
