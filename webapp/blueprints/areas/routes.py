"""The public profile of an area, kept for visitors, and what it shares for those whom it is for."""

from datetime import datetime

from flask import Response, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp import access
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.areas import bp
from webapp.blueprints.areas.showing import profile_of
from webapp.blueprints.downloads import as_download
from webapp.errors import NotFound
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.models.areas import AreaReach
from webapp.queries import area_profiles as queries
from webapp.queries.revisions import site_revision


@bp.get("/<ref:area>")
@allow(Who.ANYONE)
def show(area: Ref) -> Response | str:
    """What an area does, strand by strand, with whom, and whom to ask; more of it for its own people."""
    if current_user.is_authenticated:
        return _page(area, current_user)

    def build(_now: datetime) -> Page:
        return Page(_page(area, Visitor()))

    return kept_page(site_revision, build)


def _page(ref: Ref, viewer: Viewer | Visitor) -> str:
    found = queries.get_area(ref.public_id)
    put_right(ref, found, ".show", area=found)
    return render_template("areas/show.html", area=found, profile=profile_of(found, viewer), viewer=viewer)


@bp.get("/<ref:area>/documents/<item>")
@allow(Who.ANYONE)
def download(area: Ref, item: str) -> AnyResponse:
    """A file to be saved, or on to a link, for those whom it is for; to others there is no such thing."""
    found = queries.get_area(area.public_id)
    row = queries.get_document(found.id, item)
    if not access.may_have(current_user, found, row.reach):
        raise NotFound
    put_right(area, found, ".download", area=found, item=item)
    if row.file is None:
        return redirect(row.url)
    return as_download(row, public=row.reach is AreaReach.PUBLIC)
