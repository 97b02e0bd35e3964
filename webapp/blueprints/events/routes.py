"""The events page, each event's page, and its joining page."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import Response, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda.timetable import timetable
from webapp.blueprints.answers import event_page, kept_page
from webapp.blueprints.downloads import as_download
from webapp.blueprints.events import bp
from webapp.blueprints.events.forms import SearchForm
from webapp.blueprints.events.record import record_of
from webapp.blueprints.joining import joining
from webapp.blueprints.materials import offering
from webapp.blueprints.surveys.offering import chosen, offered
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.queries import agenda as agenda_queries
from webapp.queries import events as queries
from webapp.queries import to_many as to_many_queries
from webapp.queries.materials import counts_of_events
from webapp.queries.programmes import programmes_with_themes
from webapp.queries.registrations import find_registration_at, find_standing_at
from webapp.queries.revisions import site_revision
from webapp.queries.series import load_series, other_public_meetings
from webapp.services.registrations import personal_token


@bp.get("/events")
@allow(Who.ANYONE)
def index() -> Response:
    """Events to come, or past ones, found by text, dates, programme, theme and format."""
    form = SearchForm(request.args)

    def build(now: datetime) -> Page:
        found = queries.find_events(form.wanted(), page=form.page, now=now)
        left = counts_of_events([event.id for event in found.rows if event.ends_at <= now])
        html = render_template(
            "events/index.html", form=form, found=found, left=left, programmes=programmes_with_themes(), now=now
        )
        common = form.is_common and bool(found.rows or not form.is_narrowed)
        return Page(html, queries.boundaries(found.rows, now=now), keep=common)

    return kept_page(site_revision, build, key=form.query())


@bp.get("/events/<ref:event>")
@allow(Who.ANYONE)
def show(event: Ref) -> Response:
    """An event: what, when, where, for whom, and how to register."""

    def build(now: datetime, viewer: Viewer | Visitor) -> Page:
        found, about = queries.get_event_and_surveys(event.public_id, viewer=viewer)
        put_right(event, found, ".show", event=found)
        surveys = offered(about, now)
        sessions = agenda_queries.agenda_of(found.id)
        days = timetable(found, sessions)
        load_series(found)
        record = record_of(found, sessions, now)
        html = render_template(
            "events/show.html",
            event=found,
            sessions=sessions,
            days=days,
            stage=found.stage(now),
            now=now,
            others=other_public_meetings(found),
            surveys=surveys,
            record=record,
        )
        # The other meetings of a series move without it.
        boundaries = [*found.boundaries(), *surveys.boundaries]
        return Page(
            html, boundaries, keep=found.series_id is None, own={**surveys.own, **record.own}, visitors=record.visitors
        )

    return event_page(event.public_id, build, personal=partial(_mine, event))


def _mine(event: Ref, own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    registration = find_standing_at(event.public_id, current_user.id)
    asked = {**chosen(own, registration), **offering.chosen(own, event.public_id)}
    if registration is None or registration.state.is_ended:
        return asked
    html = render_template(
        "components/own_registration.html", registration=registration, token=personal_token(registration)
    )
    return {"mine": html, **asked}


@bp.get("/events/<ref:event>/join")
@allow(Who.ANYONE)
def join(event: Ref) -> str:
    """How to join; what organisers write for those who are confirmed is shown to them alone."""
    found = queries.get_event(event.public_id, viewer=current_user)
    put_right(event, found, ".join", event=found)
    registration = None
    if current_user.is_authenticated:
        registration = find_registration_at(found.public_id, current_user.id)
    now = clock.now()
    return render_template(
        "events/join.html",
        event=found,
        stage=found.stage(now),
        registration=registration,
        found=joining(registration, found, now),
        token=personal_token(registration) if registration else "",
    )


@bp.get("/material/<material>")
@allow(Who.ANYONE)
def material(material: str) -> Response:
    """A file that organisers sent a link to, for whoever has the link."""
    return as_download(to_many_queries.get_material(material))
