"""What changed on an agenda from one version to the next, and each version as it was."""

import hashlib
from datetime import datetime

from flask import Response, render_template, request
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda import bp
from webapp.blueprints.answers import event_page
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.queries import drafts as queries
from webapp.queries import events as event_queries
from webapp.templating import base_url

SHOWN = 20


@bp.get("/events/<ref:event>/agenda/changes")
@allow(Who.ANYONE)
def changes(event: Ref) -> Response:
    """What each release changed, latest first."""

    def build(_now: datetime, viewer: Viewer | Visitor) -> Page:
        found = event_queries.get_event(event.public_id, viewer=viewer)
        put_right(event, found, ".changes", event=found)
        releases = queries.releases_of(found.id)
        return Page(render_template("agenda/changes.html", event=found, releases=releases))

    return event_page(event.public_id, build, personal=lambda _own: {})


@bp.get("/events/<ref:event>/agenda/changes.atom")
@allow(Who.ANYONE)
def changes_feed(event: Ref) -> Response:
    """The same as a feed (RFC 4287): one entry a release, the latest 20."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    releases = queries.releases_of(found.id, limit=SHOWN)
    updated = releases[0].released_at if releases else found.updated_at
    text = render_template("agenda/changes.atom", event=found, releases=releases, updated=updated, base=base_url())
    response = Response(text, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "no-cache" if found.is_public else "no-store"
    if found.is_public:
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
        response.make_conditional(request)
    return response


@bp.get("/events/<ref:event>/agenda/versions/<int:number>")
@allow(Who.ANYONE)
def version(event: Ref, number: int) -> Response:
    """One version of the agenda as it was released."""

    def build(_now: datetime, viewer: Viewer | Visitor) -> Page:
        found = event_queries.get_event(event.public_id, viewer=viewer)
        put_right(event, found, ".version", event=found, number=number)
        release = queries.get_release(found.id, number)
        latest = queries.last_number(found.id)
        return Page(
            render_template(
                "agenda/version.html", event=found, release=release, days=_days(release.agenda), latest=latest
            )
        )

    return event_page(event.public_id, build, key=str(number), personal=lambda _own: {})


def _days(agenda: dict[str, list[dict[str, str]]]) -> list[tuple[str, list[dict[str, str]]]]:
    """The sessions of a kept agenda by day, each day by time."""
    days: dict[str, list[dict[str, str]]] = {}
    for session in agenda["sessions"]:
        days.setdefault(session["date"], []).append(session)
    return [(day, sorted(days[day], key=lambda one: (not one["starts"], one["starts"]))) for day in sorted(days)]
