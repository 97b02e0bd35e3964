"""Programmes, what they are about and who takes part in them."""

from datetime import datetime

from flask import Response, render_template

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.programmes import bp
from webapp.kept import Page
from webapp.queries import programmes as queries
from webapp.queries.events import EventFilter, boundaries, find_events
from webapp.queries.library import newest_titles
from webapp.queries.materials import counts_of_events
from webapp.queries.publications import next_out, publications_out
from webapp.queries.revisions import site_revision

SHOWN_OF_LIBRARY = 3


@bp.get("/programmes")
@allow(Who.ANYONE)
def index() -> Response:
    """All programmes."""

    def build(_now: datetime) -> Page:
        return Page(render_template("programmes/index.html", programmes=queries.programmes_with_themes()))

    return kept_page(site_revision, build)


@bp.get("/programmes/<ref:programme>")
@allow(Who.ANYONE)
def show(programme: Ref) -> Response:
    """A programme: its themes, the part that organisations play, and its events."""

    def build(now: datetime) -> Page:
        found = queries.get_programme(programme.public_id)
        put_right(programme, found, ".show", programme=found)
        coming = find_events(EventFilter(programme=found.public_id), page=1, now=now)
        past = find_events(EventFilter(programme=found.public_id, past=True), page=1, now=now)
        with_events = queries.themes_with_events(found.id, now=now)
        left = counts_of_events([event.id for event in past.rows])
        html = render_template(
            "programmes/show.html",
            programme=found,
            publications=publications_out(now=now, programme_id=found.id),
            in_library=newest_titles(SHOWN_OF_LIBRARY, programme_id=found.id),
            coming=coming,
            past=past,
            with_events=with_events,
            left=left,
            now=now,
        )
        return Page(html, boundaries(coming.rows, now=now) + next_out(now=now))

    return kept_page(site_revision, build)
