"""Reflective tools on the organisers' side: made in a programme, edited, published in versions, sent to many."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.framework_forms import (
    AboutForm,
    NewFrameworkForm,
    OutcomeForm,
    SendForm,
    outcome_form,
)
from webapp.blueprints.merging import Difference, merge
from webapp.errors import DomainError, NotFound
from webapp.models.accounts import Power
from webapp.models.reflections import Framework, Outcome
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.templating import base_url
from webapp.transaction import attempt

bp = Blueprint("frameworks", __name__, url_prefix="/tools")

Answer = str | Response | tuple[str, int]


@bp.get("")
@allow(Who.ORGANISER)
def index() -> str:
    """All tools of the programmes where the viewer may set up events."""
    creatable()
    return render_template("manage/frameworks/index.html", found=queries.managed_frameworks(current_user))


@bp.route("/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> Answer:
    """A new tool, with nothing in it."""
    form = NewFrameworkForm()
    form.offer(creatable())
    if form.validate_on_submit():
        with attempt():
            made = services.create(
                form.chosen.id,
                title=str(form.title.data),
                summary=str(form.summary.data),
                actor=current_user.actor,
                now=clock.now(),
            )
        flash("The tool is made. Only organisers see it until you publish it.", "success")
        return redirect(url_for(".show", framework=made))
    page = render_template("manage/frameworks/new.html", form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:framework>")
@allow(Who.ORGANISER)
def show(framework: Ref) -> str:
    """A tool: what it will ask, what it asks now, and its versions."""
    found = _managed(framework)
    put_right(framework, found, ".show", framework=found)
    return _page(found)


@bp.route("/<ref:framework>/about", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def about(framework: Ref) -> Answer:
    """Change what a tool is called and what it is for."""
    found = _managed(framework)
    form, status = AboutForm.of(found), 200
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        try:
            with attempt():
                services.describe(
                    found.id,
                    title=str(form.title.data),
                    summary=str(form.summary.data),
                    version=form.version.data or 0,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.FrameworkChanged as changed:
            found = _managed(framework)
            theirs, status = merge(form, AboutForm.of(found, fresh=True)), changed.status
            form.form_errors = [changed.message]
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".show", framework=found))
    elif form.is_submitted():
        status = 422
    page = render_template(
        "manage/frameworks/about.html", framework=found, form=form, theirs=theirs, errors=error_list(form)
    )
    return page, status


@bp.route("/<ref:framework>/outcomes/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_outcome(framework: Ref) -> Answer:
    """Add an outcome with its first prompts."""
    found = _managed(framework)
    form = outcome_form(None, found.version)
    if not form.validate_on_submit():
        return _outcome_page(found, None, form), 422 if form.is_submitted() else 200
    return _put(framework, found, None, form)


@bp.route("/<ref:framework>/outcomes/<int:number>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def outcome(framework: Ref, number: int) -> Answer:
    """Change an outcome and its prompts."""
    found = _managed(framework)
    stands = _outcome(found, number)
    form = outcome_form(stands, found.version)
    if not form.validate_on_submit():
        return _outcome_page(found, stands, form), 422 if form.is_submitted() else 200
    return _put(framework, found, number, form)


@bp.route("/<ref:framework>/outcomes/<int:number>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove_outcome(framework: Ref, number: int) -> Answer:
    """Take an outcome out, after one question."""
    found = _managed(framework)
    stands = _outcome(found, number)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.remove_outcome(found.id, number, actor=current_user.actor, now=clock.now())
        flash(f"“{stands.title}” is taken out.", "success")
        return redirect(url_for(".show", framework=found))
    page = render_template("manage/frameworks/remove_outcome.html", framework=found, outcome=stands, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/<ref:framework>/move")
@allow(Who.ORGANISER)
def move(framework: Ref) -> Answer:
    """Move an outcome or a prompt up or down by one."""
    found = _managed(framework)
    form = ButtonForm()
    up, down = request.form.get("up", ""), request.form.get("down", "")
    moved = up or down
    if not form.validate_on_submit() or not (moved.isascii() and moved.isdigit() and len(moved) < 10):
        return _page(found, form.problem or "Choose what to move."), 422
    with attempt():
        services.move(found.id, int(moved), up=bool(up), actor=current_user.actor, now=clock.now())
    return redirect(url_for(".show", framework=found, _anchor=f"n-{moved}"))


@bp.post("/<ref:framework>/publish")
@allow(Who.ORGANISER)
def publish(framework: Ref) -> Answer:
    """Let what was edited be what is asked from now on."""
    found = _managed(framework)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    try:
        with attempt():
            version = services.publish(found.id, actor=current_user.actor, now=clock.now())
    except services.FrameworkRefused as refused:
        return _page(_managed(framework), refused.message), refused.status
    flash(f"Version {version.number} is what the tool asks from now on.", "success")
    return redirect(url_for(".show", framework=found))


@bp.post("/<ref:framework>/offer")
@allow(Who.ORGANISER)
def offer(framework: Ref) -> Answer:
    """Offer a tool no more, or again."""
    found = _managed(framework)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _page(found, form.problem), 422
    again = request.form.get("again") == "1"
    with attempt():
        (services.offer_again if again else services.retire)(found.id, actor=current_user.actor, now=clock.now())
    flash("It is offered again." if again else "It is not offered any more. What was begun can go on.", "success")
    return redirect(url_for(".show", framework=found))


@bp.route("/<ref:framework>/send", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def send(framework: Ref) -> Answer:
    """Begin a letter with the tool to all who came to an event."""
    found = _managed(framework)
    events = [
        one for one in queries.events_begun(found.programme_id, now=clock.now()) if may(current_user, Power.DECIDE, one)
    ]
    form = SendForm()
    form.offer(events)
    if form.validate_on_submit() and found.is_offered:
        event = next(one for one in events if one.public_id == form.event.data)
        with attempt():
            mailing = services.begin_letter(
                found,
                event.id,
                address=base_url() + url_for("reflections.tool", framework=found),
                actor=current_user.actor,
                now=clock.now(),
            )
        flash("The letter is written as a draft. Read it, then confirm it.", "success")
        return redirect(url_for("manage.mailings.show", event=event, mailing=mailing.public_id))
    page = render_template(
        "manage/frameworks/send.html", framework=found, events=events, form=form, errors=error_list(form)
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<ref:framework>/versions/<int:number>")
@allow(Who.ORGANISER)
def version(framework: Ref, number: int) -> str:
    """What a version asked."""
    found = _managed(framework)
    return render_template(
        "manage/frameworks/version.html", framework=found, version=queries.get_version(found.id, number)
    )


def _managed(framework: Ref) -> Framework:
    return queries.get_managed_framework(framework.public_id, viewer=current_user)


def _outcome(framework: Framework, number: int) -> Outcome:
    found = next((one for one in framework.drafted.outcomes if one.no == number), None)
    if found is None:
        raise NotFound
    return found


def _put(framework: Ref, found: Framework, number: int | None, form: OutcomeForm) -> Answer:
    theirs: Sequence[Difference] = ()
    try:
        with attempt():
            services.put_outcome(
                found.id,
                number,
                form.words(),
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.FrameworkChanged as changed:
        found = _managed(framework)
        stands = _outcome(found, number) if number is not None else None
        theirs = merge(form, outcome_form(stands, found.version, fresh=True))
        form.form_errors = [changed.message]
        return _outcome_page(found, stands, form, theirs), changed.status
    except DomainError as refused:
        form.form_errors = [refused.message]
        return _outcome_page(found, None if number is None else _outcome(found, number), form), refused.status
    flash("It is saved. Publish the tool to let people be asked so.", "success")
    return redirect(url_for(".show", framework=found))


def _page(framework: Framework, problem: str = "") -> str:
    versions = queries.versions_of(framework.id)
    standing = versions[0].asks.outcomes if versions else ()
    return render_template(
        "manage/frameworks/show.html",
        framework=framework,
        asked=framework.drafted,
        versions=versions,
        is_changed=standing != framework.drafted.outcomes,
        number=queries.count_reflections(framework.id),
        problem=problem,
    )


def _outcome_page(
    framework: Framework, outcome: Outcome | None, form: OutcomeForm, theirs: Sequence[Difference] = ()
) -> str:
    return render_template(
        "manage/frameworks/outcome.html",
        framework=framework,
        outcome=outcome,
        form=form,
        theirs=theirs,
        errors=error_list(form),
    )
