"""Writing an entry: saved as one types or by the button, merged with what others write, with its history."""

from collections.abc import Callable, Sequence

from flask import flash, jsonify, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.answers import as_typed
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.differences import history
from webapp.blueprints.reflections.forms import EntryForm, entry_form
from webapp.blueprints.reflections.routes import Answer, local_now, owned, writable
from webapp.errors import DomainError
from webapp.models.reflections import Asked, Reflection, ReflectionAnswer, ReflectionEntry
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.templating import british_time
from webapp.transaction import attempt

# Others may save between two looks; whoever is met by more than these is asked to press again.
LOOKS = 3


@bp.route("/reflections/<reflection>/entries/<entry>", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def write(reflection: str, entry: str) -> Answer:
    """Write in an entry; a script saves by the same address as one types."""
    found = writable(reflection).reflection
    row = queries.get_entry(found.id, entry)
    asked = queries.get_version(found.framework_id, row.asked_number).asks
    form = entry_form(asked, row, _answers(row))
    typing = as_typed()
    if typing:
        # The words are looked through when somebody presses Save, and before they are shared.
        form.guarded = ()
    theirs: Sequence[Difference] = ()
    status = 200
    if form.validate_on_submit():
        sent = dict(form.data)
        try:
            saved, theirs = _save(form, found, row, checked=not typing)
        except DomainError as refused:
            if typing:
                return jsonify(problem=refused.message), refused.status
            raise
        if typing:
            return _told(form, saved, sent)
        if saved:
            flash(
                "Saved. Others may have written meanwhile: their words are here too." if theirs else "Saved.", "success"
            )
            return redirect(url_for(".show", reflection=reflection))
        status = 409
    elif form.is_submitted():
        if typing:
            return jsonify(problem=str(error_list(form)[0]["text"])), 422
        status = 422
    return _page(found, row, asked, form, theirs), status


@bp.get("/reflections/<reflection>/entries/<entry>/history")
@allow(Who.SIGNED_IN)
def changes(reflection: str, entry: str) -> str:
    """How an entry came to say what it says: each change, with what was added and taken out."""
    opened = queries.get_reflection(reflection, viewer=current_user)
    row = queries.get_entry(opened.reflection.id, entry)
    asked = queries.get_version(opened.reflection.framework_id, row.asked_number).asks
    return render_template(
        "reflections/changes.html",
        reflection=opened.reflection,
        standing=opened.standing,
        entry=row,
        asked=asked,
        histories=history(queries.changes_of(row.id)),
    )


@bp.post("/reflections/<reflection>/entries/<entry>/history/<change>")
@allow(Who.SIGNED_IN)
def put_back(reflection: str, entry: str, change: str) -> Response:
    """Let an answer say again what it said after a change."""
    opened = writable(reflection)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.put_back(opened.reflection.id, entry, change, viewer=current_user, now=clock.now())
        flash("These words stand again. What stood before is in the history.", "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for(".changes", reflection=reflection, entry=entry))


@bp.route("/reflections/<reflection>/entries/<entry>/delete", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def delete_entry(reflection: str, entry: str) -> Answer:
    """Delete an entry, after one question."""
    opened = owned(reflection)
    row = queries.get_entry(opened.reflection.id, entry)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.delete_entry(opened.reflection.id, entry, viewer=current_user, now=clock.now())
        flash("The entry is deleted.", "success")
        return redirect(url_for(".show", reflection=reflection))
    page = render_template("reflections/delete_entry.html", reflection=opened.reflection, entry=row, form=form)
    return page, 422 if form.is_submitted() else 200


def _save(
    form: EntryForm, reflection: Reflection, row: ReflectionEntry, *, checked: bool
) -> tuple[ReflectionEntry | None, Sequence[Difference]]:
    """Save what was typed together with what others saved meanwhile; None where both changed the same answer."""
    theirs: list[Difference] = []
    for _ in range(LOOKS):
        try:
            with attempt():
                saved = services.save(
                    reflection.id,
                    row.public_id,
                    form.words(),
                    version=form.version.data or 0,
                    checked=checked,
                    kept=form.guard.record,
                    viewer=current_user,
                    now=clock.now(),
                )
        except services.EntryChanged:
            fresh_row = queries.get_entry(reflection.id, row.public_id)
            answers = _answers(fresh_row)
            fresh = entry_form(form.asked, fresh_row, answers, fresh=True)
            theirs += merge(form, fresh, who=_who(answers))
            if any(one.typed is not None for one in theirs):
                return None, theirs
        else:
            return saved, theirs
    form.form_errors = [services.EntryChanged.message]
    return None, theirs


def _told(form: EntryForm, saved: ReflectionEntry | None, sent: dict[str, object]) -> tuple[Response, int]:
    """What a script needs to go on: the version that stands now, and the words of others that came with it."""
    if saved is None:
        problem = "Somebody else changed the same answer. Press Save to see both."
        return jsonify(problem=problem), 409
    form.version.raw_data, form.version.data = None, saved.version
    fields = {name: form[name]._value() for name in form.facts() if form[name].data != sent[name]}  # noqa: SLF001 -- as shown
    return jsonify(
        saved=f"Saved at {british_time(local_now())}", version=saved.version, opened=form.held(), fields=fields
    ), 200


def _answers(row: ReflectionEntry) -> dict[int, ReflectionAnswer]:
    return queries.answers_of([row.id])[row.id]


def _who(answers: dict[int, ReflectionAnswer]) -> Callable[[str], str]:
    def who(name: str) -> str:
        answer = answers.get(int(name[1:])) if name[1:].isdigit() else None
        return answer.changed_by.name if answer and answer.changed_by else ""

    return who


def _page(
    reflection: Reflection, row: ReflectionEntry, asked: Asked, form: EntryForm, theirs: Sequence[Difference]
) -> str:
    earlier = [one for one in queries.entries_of(reflection.id) if (one.held_on, one.id) < (row.held_on, row.id)]
    return render_template(
        "reflections/write.html",
        reflection=reflection,
        entry=row,
        asked=asked,
        form=form,
        earlier=earlier,
        answers=queries.answers_of([one.id for one in earlier]),
        theirs=theirs,
        errors=error_list(form),
    )
