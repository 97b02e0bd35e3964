"""The materials of an event: all of them on one page, and each to be fetched."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from flask import Response, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import event_page
from webapp.blueprints.downloads import as_download
from webapp.blueprints.materials import bp
from webapp.blueprints.materials.offering import chosen, offered
from webapp.errors import NotFound
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.models.files import FileReach
from webapp.queries import events as event_queries
from webapp.queries import materials as queries
from webapp.queries.reaches import reaches_at


@bp.get("")
@allow(Who.ANYONE)
def index(event: Ref) -> Response:
    """All materials of the event, by day and session; of those that are not for all, whom they are for."""

    def build(now: datetime, viewer: Viewer | Visitor) -> Page:
        found = event_queries.get_event(event.public_id, viewer=viewer)
        put_right(event, found, ".index", event=found)
        over = now >= found.ends_at
        materials = offered(found, queries.offered_materials(found.id), over=over)
        html = render_template(
            "materials/index.html",
            event=found,
            materials=materials,
            sessions=[one for one in queries.sessions_to_choose(found.id) if materials.of(one)],
            over=over,
        )
        return Page(html, found.boundaries(), own=materials.own, visitors=materials.visitors)

    return event_page(event.public_id, build, personal=partial(_mine, event))


def _mine(event: Ref, own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    return chosen(own, event.public_id)


@bp.get("/<item>")
@allow(Who.ANYONE)
def download(event: Ref, item: str) -> AnyResponse:
    """A file to be saved, or on to a link, for those whom it is for; to others there is no such thing."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    row = queries.get_material(found.id, item)
    put_right(event, found, ".download", event=found, item=item)
    is_public = row.reach is FileReach.PUBLIC
    if not is_public and not reaches_at(found, viewer=current_user).covers(row.reach, row.session_id):
        raise NotFound
    if row.is_link:
        return redirect(row.url)
    return as_download(row, public=is_public and found.is_public)
