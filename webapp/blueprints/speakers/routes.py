"""Each speaker's page, and photograph."""

from datetime import datetime

from flask import Response, render_template
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.downloads import as_picture
from webapp.blueprints.speakers import bp
from webapp.kept import Page
from webapp.queries import files as file_queries
from webapp.queries import speakers as queries
from webapp.queries.revisions import site_revision


@bp.get("/speakers/<ref:speaker>")
@allow(Who.ANYONE)
def show(speaker: Ref) -> Response:
    """A speaker: who they are, what they contribute to which event, and what they wrote."""

    def build(now: datetime) -> Page:
        found = queries.get_speaker(speaker.public_id)
        put_right(speaker, found, ".show", speaker=found)
        contributions = queries.contributions_of(found.id)
        written, ahead = queries.written_by(found.id, now=now)
        html = render_template("speakers/show.html", speaker=found, contributions=contributions, written=written)
        return Page(html, ahead)

    return kept_page(site_revision, build)


@bp.get("/photos/<digest>.jpg")
@allow(Who.ANYONE)
def photo(digest: str) -> Response:
    """A photograph: for everybody once its speaker stands on a public agenda, before that for organisers."""
    found, public = file_queries.get_photo(digest, viewer=current_user)
    return as_picture(found, public=public)
