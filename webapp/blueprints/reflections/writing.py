"""Writing an entry: saved as one types or by the button, merged with what others write, with its history."""

from collections.abc import Callable, Collection, Mapping, Sequence

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.answers import as_typed
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.guards import says_more
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.differences import history
from webapp.blueprints.reflections.forms import EntryForm, entry_form
from webapp.blueprints.reflections.routes import Answer, local_now, owned, read_by_others, writable
from webapp.errors import DomainError
from webapp.models.reflections import (
    TITLE,
    Asked,
    ChangeState,
    Reflection,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionEntry,
)
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
    opened = writable(reflection)
    found = opened.reflection
    row = queries.get_entry(found.id, entry)
    asked = queries.get_version(found.framework_id, row.asked_number).asks
    answers, typing = _answers(row), as_typed()
    form = entry_form(asked, row, answers, _own(row) if request.method == "GET" else None)
    if typing:
        # Nobody is asked while they type: what the guard finds waits until they press Save.
        form.guarded = ()
    theirs: Sequence[Difference] = ()
    status = 200
    if form.validate_on_submit():
        sent = dict(form.data)
        try:
            waiting = _doubtful(form, row, answers) if typing else set()
            saved, theirs = _save(form, found, row, waiting, checked=not typing)
        except DomainError as refused:
            if typing:
                return jsonify(problem=refused.message), refused.status
            raise
        if typing:
            return _told(form, saved, sent, waiting)
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
    return _page(opened, row, asked, form, theirs), status


@bp.get("/reflections/<reflection>/entries/<entry>/history")
@allow(Who.SIGNED_IN)
def changes(reflection: str, entry: str) -> str:
    """How an entry came to say what it says: each change, with what was added and taken out, for who writes there."""
    opened = writable(reflection)
    row = queries.get_entry(opened.reflection.id, entry)
    asked = queries.get_version(opened.reflection.framework_id, row.asked_number).asks
    return render_template(
        "reflections/changes.html",
        reflection=opened.reflection,
        standing=opened.standing,
        entry=row,
        asked=asked,
        histories=history(queries.changes_of(opened.reflection, row.id, viewer=current_user)),
        own=current_user.id,
        title_no=TITLE,
    )


@bp.post("/reflections/<reflection>/entries/<entry>/history/<change>")
@allow(Who.SIGNED_IN)
def put_back(reflection: str, entry: str, change: str) -> Response:
    """Let an answer say again what it said after a change."""
    opened = writable(reflection)
    form = ButtonForm()
    if form.validate_on_submit():
        row = queries.get_entry(opened.reflection.id, entry)
        earlier = queries.get_change(opened.reflection, row.id, change, viewer=current_user)
        stands = _answers(row).get(earlier.prompt)
        # They may have been kept while nobody else could open it.
        waits = read_by_others(opened) and says_more(earlier.text, stands.text if stands else "")
        own = waits or earlier.state is not ChangeState.STOOD
        with attempt():
            services.put_back(opened.reflection.id, entry, change, viewer=current_user, now=clock.now(), waits=waits)
        if own:
            flash("These words are back in the entry, for you alone. Press Save there to decide about them.", "success")
            return redirect(url_for(".write", reflection=reflection, entry=entry))
        flash("These words stand again. What stood before is in the history.", "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for(".changes", reflection=reflection, entry=entry))


@bp.route("/reflections/<reflection>/entries/<entry>/history/<change>/erase", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def erase(reflection: str, entry: str, change: str) -> Answer:
    """Erase the words of one change for good, after one question."""
    opened = writable(reflection)
    row = queries.get_entry(opened.reflection.id, entry)
    words = queries.get_change(opened.reflection, row.id, change, viewer=current_user)
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.erase(opened.reflection.id, entry, change, viewer=current_user, now=clock.now())
        flash("These words are erased.", "success")
        return redirect(url_for(".changes", reflection=reflection, entry=entry))
    page = render_template("reflections/erase.html", reflection=opened.reflection, entry=row, change=words, form=form)
    return page, 422 if form.is_submitted() else 200


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


def _doubtful(form: EntryForm, row: ReflectionEntry, answers: Mapping[int, ReflectionAnswer]) -> set[int]:
    """The numbers of what was written here and may identify somebody by more than what passed already."""
    standing = {TITLE: row.title, **{no: answer.text for no, answer in answers.items()}}
    typed = {no: str(form[name].data or "") for name, no in form.numbers.items()}
    written = form.written()
    if form.version.data == row.version:
        # Whatever the page says that it held as it was opened.
        written |= {no for no, text in typed.items() if text != standing.get(no, "")}
    return {no for no in written if says_more(typed[no], standing.get(no, "") if row.checked else "")}


def _save(
    form: EntryForm, reflection: Reflection, row: ReflectionEntry, waiting: Collection[int], *, checked: bool
) -> tuple[ReflectionEntry | None, Sequence[Difference]]:
    """Save what was typed together with what others saved meanwhile; None where both changed the same answer."""
    theirs: list[Difference] = []
    for _ in range(LOOKS):
        try:
            with attempt():
                saved = services.save(
                    reflection.id,
                    row.public_id,
                    form.words(waiting),
                    version=form.version.data or 0,
                    checked=checked or row.checked,
                    kept=form.guard.record,
                    viewer=current_user,
                    now=clock.now(),
                )
        except services.EntryChanged:
            row = queries.get_entry(reflection.id, row.public_id)
            answers = _answers(row)
            fresh = entry_form(form.asked, row, answers, fresh=True)
            theirs += merge(form, fresh, who=_who(answers))
            if any(one.typed is not None for one in theirs):
                return None, theirs
        else:
            return saved, theirs
    form.form_errors = [services.EntryChanged.message]
    return None, theirs


def _told(
    form: EntryForm, saved: ReflectionEntry | None, sent: dict[str, object], waiting: Collection[int]
) -> tuple[Response, int]:
    """What a script needs to go on: the version that stands now, and the words of others that came with it."""
    if saved is None:
        problem = "Somebody else changed the same answer. Press Save to see both."
        return jsonify(problem=problem), 409
    form.version.raw_data, form.version.data = None, saved.version
    fields = {name: form[name]._value() for name in form.facts() if form[name].data != sent[name]}  # noqa: SLF001 -- as shown
    names = [name for name, no in form.numbers.items() if no in waiting]
    before = form.as_opened()
    form.opened.data = form.held()
    form.carry(**{name: before.get(name) for name in names})
    said = f"Saved at {british_time(local_now())}"
    if names:
        said += " for you alone: some of it may identify somebody. Press Save to decide what becomes of it."
    return jsonify(
        saved=said, version=saved.version, opened=form.opened.data, fields=fields, unfinished=" ".join(names)
    ), 200


def _answers(row: ReflectionEntry) -> dict[int, ReflectionAnswer]:
    return queries.answers_of([row.id])[row.id]


def _own(row: ReflectionEntry) -> dict[int, ReflectionChange]:
    return queries.waiting_in([row.id], person_id=current_user.id)[row.id]


def _who(answers: dict[int, ReflectionAnswer]) -> Callable[[str], str]:
    def who(name: str) -> str:
        answer = answers.get(int(name[1:])) if name[1:].isdigit() else None
        return answer.changed_by.name if answer and answer.changed_by else ""

    return who


def _page(
    opened: queries.Opened, row: ReflectionEntry, asked: Asked, form: EntryForm, theirs: Sequence[Difference]
) -> str:
    reflection = opened.reflection
    own = _own(row)
    numbers = form.numbers
    kept = all(
        doubt.field in numbers
        and numbers[doubt.field] in own
        and own[numbers[doubt.field]].text == form.guard.texts[doubt.field]
        for doubt in form.guard.doubts
    )
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
        kept=kept,
        waiting=bool(own),
        others=read_by_others(opened),
        errors=error_list(form),
    )
