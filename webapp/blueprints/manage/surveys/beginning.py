"""Lists of surveys, and how one begins: from nothing, from one that is ready, as a copy."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.exceptions import abort
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.events import creatable
from webapp.blueprints.manage.surveys import bp
from webapp.blueprints.manage.surveys.forms import NOTHING, PRIVACY_HINTS, CopyForm, NewSurveyForm
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.surveys import Privacy, Survey
from webapp.queries import surveys as queries
from webapp.queries.events import get_managed_event
from webapp.queries.programmes import programmes
from webapp.services import surveys as services
from webapp.services.surveys import Place
from webapp.templating import date_range
from webapp.transaction import attempt


@bp.get("/surveys")
@allow(Who.ORGANISER)
def index() -> str:
    """All surveys whose results the viewer may see, of all events and of none."""
    return render_template(
        "manage/surveys/index.html",
        found=queries.managed_surveys(current_user, Power.SEE_RESULTS),
        may_begin_here=any(may_create(current_user, row.id) for row in programmes()),
        now=clock.now(),
    )


@bp.get("/events/<ref:event>/surveys")
@allow(Who.ORGANISER)
def of_event(event: Ref) -> str:
    """The surveys about an event and its sessions."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_RESULTS)
    put_right(event, found, ".of_event", event=found)
    return render_template(
        "manage/surveys/of_event.html", event=found, found=queries.surveys_of(found), now=clock.now()
    )


@bp.route("/surveys/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new() -> str | Response | tuple[str, int]:
    """Begin a survey that hangs on a programme and on nothing else, such as one about a publication."""
    choices = [(row.public_id, row.name) for row in creatable()]
    ids = {row.public_id: row.id for row in creatable()}
    form = NewSurveyForm.of("Programme", choices)
    if form.validate_on_submit():
        return _begin(form, Place(ids[form["about"].data]))
    return _new_page(form, None)


@bp.route("/events/<ref:event>/surveys/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new_for_event(event: Ref) -> str | Response | tuple[str, int]:
    """Begin a survey about an event or one of its sessions."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, ".new_for_event", event=found)
    form = NewSurveyForm.of("What is it about?", _parts_of(found))
    if form.validate_on_submit():
        return _begin(form, _place(found, form["about"].data))
    return _new_page(form, found)


@bp.route("/surveys/<survey>/copy", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def copy(survey: str) -> str | Response | tuple[str, int]:
    """Begin a survey as a copy of another, at the same or another event."""
    found = queries.get_managed_survey(survey, viewer=current_user, needing=Power.SET_UP)
    event = found.event
    own = [row for row in programmes() if may_create(current_user, row.id)]
    on_nothing = [(f"programme-{row.public_id}", f"No event, in the programme {row.name}") for row in own]
    others = [
        (f"event-{one.public_id}", f"Event: {one.title}, {date_range(one.starts_on, one.ends_on)}")
        for one in queries.events_to_ask_about(current_user)
        if event is None or one.id != event.id
    ]
    choices = [*_parts_of(event), *others, *on_nothing] if event else [*on_nothing, *others]
    form = CopyForm.of(choices, data={"title": found.title, "about": _about(found)})
    if form.validate_on_submit():
        about = form["about"].data
        kind, is_elsewhere, public_id = about.partition("-")
        if event is not None and not is_elsewhere:
            place = _place(event, about)
        elif kind == "programme":
            place = Place(next(row.id for row in own if row.public_id == public_id))
        else:
            target = get_managed_event(public_id, viewer=current_user, needing=Power.SET_UP)
            place = Place(target.programme_id, target)
        with attempt():
            made = services.copy(found, place, form.title.data, actor=current_user.actor, now=clock.now())
        flash("The copy is made. It is a draft that only organisers see.", "success")
        return redirect(url_for(".show", survey=made.public_id))
    page = render_template("manage/surveys/copy.html", survey=found, form=form, errors=error_list(form))
    return page, 422 if form.is_submitted() else 200


def _begin(form: NewSurveyForm, place: Place) -> Response:
    ready = services.find_ready(form.start.data or "")
    with attempt():
        made = services.create(
            place,
            form.title.data,
            asked=ready.asked if ready else services.EMPTY,
            privacy=Privacy(form.privacy.data),
            actor=current_user.actor,
            now=clock.now(),
        )
    flash("The survey is a draft that only organisers see. Now look at its questions.", "success")
    return redirect(url_for(".questions", survey=made.public_id))


def _new_page(form: NewSurveyForm, event: Event | None) -> tuple[str, int]:
    page = render_template(
        "manage/surveys/new.html",
        form=form,
        errors=error_list(form),
        event=event,
        ready=services.ready_surveys(),
        nothing=NOTHING,
        privacies=PRIVACY_HINTS,
    )
    return page, 422 if form.is_submitted() else 200


def _parts_of(event: Event) -> list[tuple[str, str]]:
    sessions = queries.sessions_to_ask_about(event.id)
    return [("event", "The event as a whole"), *((one.public_id, f"Session: {one.title}") for one in sessions)]


def _about(survey: Survey) -> str:
    """What a survey is about, as a value of the list of what a copy can be about."""
    if survey.event is None:
        return f"programme-{survey.programme.public_id}"
    session = queries.session_of(survey)
    return session.public_id if session else "event"


def _place(event: Event, about: str) -> Place:
    """The event, or its session of that public id: one that was offered and is gone now is no page any more."""
    if about == "event":
        return Place(event.programme_id, event)
    session = queries.find_session(event.id, about)
    if session is None:
        abort(404)
    return Place(event.programme_id, event, session)
