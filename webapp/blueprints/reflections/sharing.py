"""With whom a reflection is shared, what is asked once more before that, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.guards import Guard, Place, Said, Typed, check
from webapp.blueprints.reflections import bp
from webapp.blueprints.reflections.forms import SharingForm
from webapp.blueprints.reflections.routes import Answer, keep_reason, owned
from webapp.errors import DomainError
from webapp.models.accounts import ThingKind
from webapp.models.reflections import Reflection
from webapp.queries import reflections as queries
from webapp.services import reflections as services
from webapp.templating import british_date
from webapp.transaction import attempt

# What takes the guard some seconds; nobody types as much.
MOST_LOOKED_THROUGH = 1_000_000
TOO_LONG = "It is too long to be looked through at once. Delete entries that nobody else need read"


@dataclass(frozen=True)
class Looked:
    """What the guard says of a whole reflection, where each doubt leads, and the versions of entries it looked at."""

    guard: Guard
    addresses: Mapping[str, str]
    seen: Mapping[int, int]


@bp.route("/reflections/<reflection>/sharing", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def share(reflection: str) -> Answer:
    """Share a reflection with a person or a team, to read it or to write in it; what may identify somebody is named."""
    found = owned(reflection).reflection
    teams = [team for team in queries.teams_of(current_user) if team.id != found.team_id]
    form, status, looked = SharingForm(data={"whom": "person", "may": "read"}), 200, None
    form.offer(teams)
    if form.validate_on_submit():
        if request.form.get("guard_choice") == "change":
            flash("It is not shared. Change what may identify somebody, and share it then.", "success")
            return redirect(url_for(".show", reflection=reflection))
        try:
            looked = look_through(found)
            if not looked.guard.stops:
                return _shared(found, form, looked)
            status = 422
        except DomainError as refused:
            (form.email if form.whom.data == "person" else form.whom).errors = [refused.message]
            status, looked = refused.status, None
    elif form.is_submitted():
        status = 422
    page = render_template(
        "reflections/share.html",
        reflection=found,
        shares=queries.shares_of(found.id),
        form=form,
        looked=looked,
        errors=[*error_list(form), *(looked.guard.errors if looked else ())],
    )
    return page, status


def look_through(reflection: Reflection) -> Looked:
    """Look through everything that others would read of a reflection; raises SharingRefused where it is too long."""
    entries = queries.entries_of(reflection.id)
    asked = queries.asked_in(reflection.framework_id, {entry.asked_number for entry in entries})
    answers = queries.answers_of([entry.id for entry in entries])
    typed = [Typed("title", "What it is called", reflection.title)]
    addresses = {"title": url_for(".rename", reflection=reflection.public_id)}
    for entry in entries:
        address = url_for(".write", reflection=reflection.public_id, entry=entry.public_id)
        day = british_date(entry.held_on)
        texts = {"title": ("What it is about", entry.title)}
        for prompt in asked[entry.asked_number].prompts:
            if prompt.no in answers[entry.id]:
                texts[f"p{prompt.no}"] = (prompt.text, answers[entry.id][prompt.no].text)
        for name, (label, text) in texts.items():
            field = f"{entry.public_id}-{name}"
            typed.append(Typed(field, f"{day}: {label}", text))
            addresses[field] = f"{address}#{name}"
    if sum(len(one.text) for one in typed) > MOST_LOOKED_THROUGH:
        raise services.SharingRefused(TOO_LONG)
    # None of the words offered are put into answers from here: they are changed where they stand.
    said = Said.of(request.form)
    guard = check(typed, Place.PRIVATE, Said(keep=said.keep, reason=said.reason, seen=said.seen))
    return Looked(guard, addresses, {entry.id: entry.version for entry in entries})


def _shared(reflection: Reflection, form: SharingForm, looked: Looked) -> Response:
    may_write, now = form.may.data == "write", clock.now()
    team = next((one for one in queries.teams_of(current_user) if one.public_id == form.whom.data), None)
    with attempt():
        if team is not None:
            services.share_with_team(
                reflection.id, team.id, may_write=may_write, viewer=current_user, now=now, seen=looked.seen
            )
        else:
            email = str(form.email.data)
            services.share_with_person(
                reflection.id, email, may_write=may_write, viewer=current_user, now=now, seen=looked.seen
            )
        keep_reason(looked.guard, ThingKind.REFLECTION, reflection.id)
    flash("It is shared." if team else "It is shared. If the address is known here, they are told.", "success")
    return redirect(url_for(".share", reflection=reflection.public_id))


@bp.post("/reflections/<reflection>/sharing/<share>/stop")
@allow(Who.SIGNED_IN)
def stop_sharing(reflection: str, share: str) -> Response:
    """Take a share back: from the next moment on they find nothing here."""
    found = owned(reflection).reflection
    form = ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.stop_sharing(found.id, share, viewer=current_user, now=clock.now())
        flash("It is taken back. They cannot open it any more.", "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for(".share", reflection=reflection))
