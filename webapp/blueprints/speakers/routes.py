"""Each speaker's page."""

from datetime import datetime

from flask import Response, render_template

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.speakers import bp
from webapp.kept import Page
from webapp.queries import speakers as queries
from webapp.queries.revisions import site_revision


@bp.get("/speakers/<ref:speaker>")
@allow(Who.ANYONE)
def show(speaker: Ref) -> Response:
    """A speaker: who they are, and what they contribute to which event."""

    def build(_now: datetime) -> Page:
        found = queries.get_speaker(speaker.public_id)
        put_right(speaker, found, ".show", speaker=found)
        contributions = queries.contributions_of(found.id)
        return Page(render_template("speakers/show.html", speaker=found, contributions=contributions))

    return kept_page(site_revision, build)
