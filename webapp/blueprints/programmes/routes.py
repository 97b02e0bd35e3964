"""Programmes, what they are about and who takes part in them."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, render_template
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import kept_page
from webapp.blueprints.programmes import bp
from webapp.blueprints.programmes.timeline import timeline_of
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.models.library import today
from webapp.queries import programmes as queries
from webapp.queries.communities import communities
from webapp.queries.events import EventFilter, boundaries, find_events
from webapp.queries.library import newest_titles
from webapp.queries.materials import counts_of_events
from webapp.queries.publications import next_out, publications_out
from webapp.queries.revisions import site_revision
from webapp.queries.waves import milestones_of, waves_of

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
    """A programme: its purpose and strands, waves and areas, partners, timeline, events, resources and communities."""

    def build(now: datetime) -> Page:
        found = queries.get_programme(programme.public_id)
        put_right(programme, found, ".show", programme=found)
        coming = find_events(EventFilter(programme=found.public_id), page=1, now=now)
        past = find_events(EventFilter(programme=found.public_id, past=True), page=1, now=now)
        waves = waves_of(found.id)
        timeline = timeline_of(waves, milestones_of(found.id), now=now)
        html = render_template(
            "programmes/show.html",
            programme=found,
            waves=waves,
            timeline=timeline,
            today=today(now),
            publications=publications_out(now=now, programme_id=found.id),
            in_library=newest_titles(SHOWN_OF_LIBRARY, programme_id=found.id),
            coming=coming,
            past=past,
            with_events=queries.themes_with_events(found.id, now=now),
            left=counts_of_events([event.id for event in past.rows]),
            now=now,
        )
        turns = [*boundaries(coming.rows, now=now), *next_out(now=now), *timeline.turns]
        own = {"communities": ("programme", str(found.id))}
        return Page(html, turns, own=own, visitors={"communities": _communities(Visitor(), found.id)})

    def personal(own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
        return {"communities": _communities(current_user, int(own["communities"][1]))}

    return kept_page(site_revision, build, personal=personal)


def _communities(viewer: Viewer | Visitor, programme_id: int) -> str:
    """The communities of a programme that the viewer reads, and nothing of any other."""
    found = [one for one in communities(viewer, programme_id=programme_id) if one.archived_at is None]
    return render_template("programmes/communities.html", communities=found) if found else ""
