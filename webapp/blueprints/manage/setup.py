"""Setting an event up: the checklist, and the pages on which it is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import clock, kept
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda.timetable import timetable
from webapp.blueprints.answers import account_links
from webapp.blueprints.events.record import record_of
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.setup_afterwards import AfterwardsForm
from webapp.blueprints.manage.setup_checklist import checklist
from webapp.blueprints.manage.setup_days import days_form
from webapp.blueprints.manage.setup_forms import (
    AboutForm,
    ContactForm,
    PlaceForm,
    SettingsForm,
    SetupForm,
)
from webapp.blueprints.manage.setup_words import LABELS, differences, worded
from webapp.blueprints.merging import Difference, take
from webapp.blueprints.surveys.offering import offered
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.queries import records as record_queries
from webapp.queries import setting_up as queries
from webapp.queries.agenda import agenda_of
from webapp.queries.checklists import numbers_of
from webapp.queries.events import get_event_and_surveys, get_managed_event
from webapp.queries.series import other_public_meetings
from webapp.services import events as services
from webapp.transaction import attempt

bp = Blueprint("setup", __name__, url_prefix="/events/<ref:event>/setup")

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class _Page:
    """One page of the set-up: its name, the form of an event, and the verb of the service."""

    name: str
    template: str
    form: Callable[..., SetupForm]
    verb: Callable[..., Event]
    saved: str


@bp.get("")
@allow(Who.ORGANISER)
def show(event: Ref) -> str:
    """What is there, what is missing, and the way to each page."""
    found, now = _found(event, "show"), clock.now()
    outside = services.outside_hours(found, queries.sessions_on_days(found.id))
    return render_template(
        "manage/setup/show.html",
        event=found,
        groups=checklist(found, numbers_of(found.id, now=now), outside, now),
        lacks=services.lacks(found, now),
        now=now,
    )


@bp.route("/about", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def about(event: Ref) -> Answer:
    """What the event is about."""
    return _edit(
        event,
        _Page(
            "about", "manage/setup/about.html", _about_form, services.edit_about, "What the event is about is saved."
        ),
    )


@bp.route("/days", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def days(event: Ref) -> Answer:
    """When it is: days, hours and zone."""
    return _edit(
        event, _Page("days", "manage/setup/days.html", _days_form, services.edit_days, "Days and hours are saved.")
    )


@bp.route("/place", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def place(event: Ref) -> Answer:
    """How people take part, where, and how they join."""
    return _edit(
        event,
        _Page("place", "manage/setup/place.html", PlaceForm.of, services.edit_where, "Place and joining are saved."),
    )


@bp.route("/registration", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def registration(event: Ref) -> Answer:
    """When people may register, and for how many places."""
    page = _Page(
        "registration",
        "manage/setup/registration.html",
        SettingsForm.of,
        services.edit_settings,
        "The settings of registration are saved.",
    )
    return _edit(event, page)


@bp.route("/afterwards", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def afterwards(event: Ref) -> Answer:
    """What the event says of itself once it is over."""
    page = _Page(
        "afterwards",
        "manage/setup/afterwards.html",
        _afterwards_form,
        services.edit_record,
        "What stands on the page once the event is over is saved.",
    )
    return _edit(event, page)


@bp.route("/contact", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def contact(event: Ref) -> Answer:
    """Whom people write to."""
    return _edit(
        event,
        _Page("contact", "manage/setup/contact.html", ContactForm.of, services.edit_contact, "The contact is saved."),
    )


def _found(event: Ref, endpoint: str) -> Event:
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SET_UP)
    put_right(event, found, f"manage.setup.{endpoint}", event=found)
    return found


def _about_form(event: Event, **more: Any) -> SetupForm:
    themes = queries.themes_of_programme(event.programme_id)
    return AboutForm.of(event, themes, queries.chosen_themes(event.id), **more)


def _days_form(event: Event, **more: Any) -> SetupForm:
    return days_form(event, request.form, more="more" in request.form, **more)


def _afterwards_form(event: Event, **more: Any) -> SetupForm:
    form = AfterwardsForm.of(event, record_queries.find_record(event.id), **more)
    counted = record_queries.count_event(event.id) if clock.now() >= event.ends_at else {}
    form.counted, form.would_show = counted, services.shown_numbers(counted) if counted else {}
    return form


def _edit(ref: Ref, page: _Page) -> Answer:
    event = _found(ref, page.name)
    form, status = page.form(event), 200
    theirs: Sequence[Difference] = ()
    # Another row, or back from the question whether people may be told: nothing is saved by either.
    if not {"more", "back"} & request.form.keys() and form.validate_on_submit():
        try:
            with attempt():
                saved = page.verb(
                    event.id,
                    *form.values(),
                    version=form.version.data or 0,
                    told="told" in request.form,
                    actor=current_user.actor,
                    now=clock.now(),
                )
        except services.ConfirmationNeeded as asked:
            return _confirm(event, page, asked)
        except services.ChangedMeanwhile as changed:
            event = _found(ref, page.name)
            theirs, status = _merge(form, event, page, changed), changed.status
        except services.EventRefused as refused:
            _put(form, refused)
            status = refused.status
        else:
            return _saved(saved, page)
    elif request.method == "POST" and not {"more", "back"} & request.form.keys():
        status = 422
    return _form_page(event, page, form, theirs), status


def _form_page(event: Event, page: _Page, form: SetupForm, theirs: Sequence[Difference]) -> str:
    return render_template(
        page.template,
        event=event,
        form=form,
        theirs=theirs,
        errors=error_list(form),
        now=clock.now(),
    )


def _put(form: SetupForm, refused: services.EventRefused) -> None:
    """Let a refusal stand at the field that it is about."""
    if refused.field in form:
        form[refused.field].errors = [refused.message]
    else:
        form.form_errors = [refused.message]


def _merge(form: SetupForm, event: Event, page: _Page, changed: services.ChangedMeanwhile) -> list[Difference]:
    """Let what was left as it was take the new values, and tell what somebody else changed beside what was typed."""
    fresh, typed, found = page.form(event, formdata=None), form.typed(), []
    for one in changed.theirs:
        was_left = typed.get(one.field) == one.before and not services.is_shortened(one.before)
        if was_left:
            form.take(one.field, fresh)
        found.append(
            Difference(
                LABELS.get(one.field, one.field),
                worded(one.field, one.before, event.zone),
                worded(one.field, one.after, event.zone),
                None if was_left else worded(one.field, typed.get(one.field), event.zone),
                one.who,
            )
        )
    take(form.version, fresh.version)
    form.form_errors = [changed.message]
    return found


def _confirm(event: Event, page: _Page, asked: services.ConfirmationNeeded) -> str:
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", "told"}]
    return render_template(
        "manage/setup/confirm.html",
        event=event,
        address=url_for(f"manage.setup.{page.name}", event=event),
        people=asked.people,
        too_late=asked.too_late,
        changes=differences(asked.changes, event.zone),
        sent=sent,
    )


def _saved(event: Event, page: _Page) -> Response:
    flash(page.saved, "success")
    for note in services.notes(map(_as_day, event.days), event.zone) if page.name == "days" else ():
        flash(note, "info")
    return redirect(url_for("manage.setup.show", event=event))


def _as_day(row: Any) -> services.Day:
    return services.Day(date=row.date, starts=row.starts, ends=row.ends)


VIEWS = {
    "visitor": "a visitor",
    "registered": "somebody who has a place",
    "waiting": "somebody who waits for a place",
}


@bp.get("/preview")
@allow(Who.ORGANISER)
def preview(event: Ref) -> Response:
    """The public page as it will be: for a visitor, for somebody who has a place, for somebody who waits."""
    found, now = _found(event, "preview"), clock.now()
    seen = request.args.get("as", "")
    seen = seen if seen in VIEWS else "visitor"
    shown = queries.get_event_to_preview(found.id)
    sessions = agenda_of(found.id)
    record = record_of(shown, sessions, now)
    html = render_template(
        "manage/setup/preview.html",
        event=shown,
        sessions=sessions,
        days=timetable(shown, sessions),
        stage=shown.stage(now),
        now=now,
        others=other_public_meetings(shown),
        surveys=offered(get_event_and_surveys(found.public_id, viewer=current_user)[1], now),
        record=record,
    )
    mine = render_template("components/preview.html", event=found, seen=seen, views=VIEWS)
    return kept.once(kept.Page(html), {**record.visitors, "account": account_links(current_user), "mine": mine})


@bp.get("/preview/join")
@allow(Who.ORGANISER)
def joining(event: Ref) -> str:
    """The joining page as those who have a place see it."""
    found = _found(event, "joining")
    return render_template("manage/setup/joining.html", event=found, now=clock.now())
