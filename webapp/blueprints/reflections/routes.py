"""Reflective tools to look at, and one's reflections: begun, read over time, deleted."""

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.guards import Guard
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.forms import ALONE, BeginForm, EntryAboutForm, TitleForm
from webapp.errors import DomainError, Forbidden
from webapp.models.accounts import ThingKind
from webapp.models.reflections import Standing
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.services.guarding import record_kept
from webapp.transaction import attempt

Answer = str | Response | tuple[str, int] | tuple[Response, int]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/tools")
@allow(Who.ANYONE)
def tools() -> str:
    """The reflective tools that are offered."""
    return render_template("reflections/tools.html", frameworks=queries.offered_frameworks())


@bp.get("/tools/<ref:framework>")
@allow(Who.ANYONE)
def tool(framework: Ref) -> str:
    """A tool: what it asks, and how to begin."""
    found = queries.get_framework(framework.public_id)
    put_right(framework, found, ".tool", framework=found)
    asked = queries.get_version(found.id, found.published).asks
    return render_template("reflections/tool.html", framework=found, asked=asked)


@bp.get("/tools/<ref:framework>/word")
@allow(Who.ANYONE)
def blank(framework: Ref) -> FlaskResponse:
    """The tool as a Word document with nothing in it, to take into a meeting."""
    found = queries.get_framework(framework.public_id)
    version = queries.get_version(found.id, found.published)
    made = services.blank_word(found, version.asks, now=version.published_at)
    return word_file(made, found.slug)


@bp.route("/tools/<ref:framework>/begin", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def begin(framework: Ref) -> Answer:
    """Begin a reflection with the tool, alone or with a team."""
    found = queries.get_framework(framework.public_id)
    teams = queries.teams_of(current_user)
    form = BeginForm(data={"title": found.title, "who": ALONE})
    form.offer(teams)
    status = 200
    if form.validate_on_submit():
        team_id = next((team.id for team in teams if team.public_id == form.who.data), None)
        try:
            with attempt():
                entry = services.begin(
                    found.id,
                    title=str(form.title.data),
                    team_id=team_id,
                    held_on=local_now().date(),
                    viewer=current_user,
                    now=clock.now(),
                )
                begun = queries.public_id_of(entry.reflection_id)
                keep_reason(form.guard, ThingKind.REFLECTION, entry.reflection_id)
        except services.NotOffered as refused:
            form.form_errors = [refused.message]
            status = refused.status
        else:
            return redirect(url_for(".write", reflection=begun, entry=entry.public_id))
    elif form.is_submitted():
        status = 422
    page = render_template("reflections/begin.html", framework=found, form=form, teams=teams, errors=error_list(form))
    return page, status


@bp.get("/reflections")
@allow(Who.SIGNED_IN)
def index() -> str:
    """All reflections that one can open, one's teams, and the tools to begin with."""
    found = queries.reflections_of(current_user)
    return render_template(
        "reflections/index.html",
        mine=[one for one in found if one.standing is Standing.OWNER],
        others=[one for one in found if one.standing is not Standing.OWNER],
        numbers=queries.count_entries([one.reflection.id for one in found]),
        teams=queries.teams_of(current_user),
        frameworks=queries.offered_frameworks(),
    )


@bp.get("/reflections/<reflection>")
@allow(Who.SIGNED_IN)
def show(reflection: str) -> str:
    """A reflection as it grew: under each prompt what was written, the earliest first."""
    return show_page(queries.get_reflection(reflection, viewer=current_user))


def show_page(opened: queries.Opened, form: EntryAboutForm | None = None) -> str:
    """The page of a reflection, with the form for a new entry where one may write."""
    entries = queries.entries_of(opened.reflection.id)
    asked = queries.asked_in(opened.reflection.framework_id, {entry.asked_number for entry in entries})
    form = form or EntryAboutForm(formdata=None, data={"held_on": local_now().date()})
    return render_template(
        "reflections/show.html",
        reflection=opened.reflection,
        standing=opened.standing,
        entries=entries,
        asked=asked,
        outcomes=services.outcomes_of(asked),
        answers=queries.answers_of([entry.id for entry in entries]),
        waiting=queries.waiting_in([entry.id for entry in entries], person_id=current_user.id),
        shares=queries.count_shares(opened.reflection.id),
        others=read_by_others(opened),
        wording_of=services.wording_of,
        can_make_pdf=services.can_make_pdf(),
        no_pdf=services.NO_PDF,
        form=form,
        errors=error_list(form),
    )


@bp.route("/reflections/<reflection>/title", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def rename(reflection: str) -> Answer:
    """Call a reflection something else."""
    opened = writable(reflection)
    form = TitleForm(data={"title": opened.reflection.title})
    if form.validate_on_submit():
        with attempt():
            services.rename(opened.reflection.id, str(form.title.data), viewer=current_user, now=clock.now())
            keep_reason(form.guard, ThingKind.REFLECTION, opened.reflection.id)
        flash("The title is saved.", "success")
        return redirect(url_for(".show", reflection=reflection))
    page = render_template(
        "reflections/rename.html",
        reflection=opened.reflection,
        others=read_by_others(opened),
        form=form,
        errors=error_list(form),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/reflections/<reflection>/entries")
@allow(Who.SIGNED_IN)
def add_entry(reflection: str) -> Answer:
    """Add an entry for another day."""
    opened = writable(reflection)
    form = EntryAboutForm()
    if not form.validate_on_submit():
        return show_page(opened, form), 422
    try:
        with attempt():
            entry = services.add_entry(
                opened.reflection.id,
                held_on=form.held_on.data,
                title=form.title.data or "",
                viewer=current_user,
                now=clock.now(),
            )
            keep_reason(form.guard, ThingKind.REFLECTION, opened.reflection.id)
    except DomainError as refused:
        form.form_errors = [refused.message]
        return show_page(opened, form), refused.status
    return redirect(url_for(".write", reflection=reflection, entry=entry.public_id))


@bp.route("/reflections/<reflection>/delete", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def delete(reflection: str) -> Answer:
    """Delete a reflection, after one question."""
    opened = owned(reflection)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.delete(opened.reflection.id, viewer=current_user, now=clock.now())
        flash("The reflection is deleted, with everything in it.", "success")
        return redirect(url_for(".index"))
    page = render_template(
        "reflections/delete.html",
        reflection=opened.reflection,
        shares=queries.count_shares(opened.reflection.id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def writable(reflection: str) -> queries.Opened:
    """A reflection in which the viewer may write; raises Forbidden for who may only read it, else NotFound."""
    opened = queries.get_reflection(reflection, viewer=current_user)
    if not opened.standing.writes:
        raise Forbidden("You can read this reflection. Ask whoever shared it with you if you want to write in it.")
    return opened


def owned(reflection: str) -> queries.Opened:
    """A reflection of the viewer's own; raises Forbidden for those it is shared with, else NotFound."""
    opened = queries.get_reflection(reflection, viewer=current_user)
    if opened.standing is not Standing.OWNER:
        raise Forbidden("Only whoever began a reflection can do that.")
    return opened


def keep_reason(guard: Guard, kind: ThingKind, thing_id: int) -> None:
    """Add to the record why words stay that may identify somebody, if any do; within the unit that keeps them."""
    record_kept(guard.record, kind, thing_id, actor=current_user.actor, now=clock.now())


def read_by_others(opened: queries.Opened) -> bool:
    """Whether somebody besides the viewer can open a reflection."""
    found = opened.reflection
    return found.team_id is not None or opened.standing is not Standing.OWNER or bool(queries.count_shares(found.id))


def local_now() -> datetime:
    """The day and time that it is in England."""
    return clock.now().astimezone(ZoneInfo("Europe/London"))


def word_file(content: bytes, name: str) -> FlaskResponse:
    """A Word document, to be saved."""
    return send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=f"{name}.docx")
