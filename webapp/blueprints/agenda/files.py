"""The released agenda for other programs: a schedule for conference apps, and a table for spreadsheet programs."""

import hashlib
from collections.abc import Callable

from flask import Response, request
from flask_login import current_user

from webapp import kept
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.agenda import bp
from webapp.errors import NotFound
from webapp.formats.schedule import Conference, schedule_json, schedule_xml
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.queries import agenda as queries
from webapp.queries import drafts as draft_queries
from webapp.queries import events as event_queries
from webapp.queries.revisions import event_revision
from webapp.services import schedules
from webapp.templating import base_url

GENERATOR = "Waymark"


@bp.get("/events/<ref:event>/schedule.xml")
@allow(Who.ANYONE)
def schedule_as_xml(event: Ref) -> Response:
    """The agenda as schedule.xml."""
    return _answer(event, "application/xml", lambda found, sessions: _schedule(schedule_xml, found, sessions))


@bp.get("/events/<ref:event>/schedule.json")
@allow(Who.ANYONE)
def schedule_as_json(event: Ref) -> Response:
    """The agenda as schedule.json."""
    return _answer(event, "application/json", lambda found, sessions: _schedule(schedule_json, found, sessions))


@bp.get("/events/<ref:event>/agenda.<any(csv, xlsx):filetype>")
@allow(Who.ANYONE)
def table(event: Ref, filetype: str) -> Response:
    """The agenda as a table."""
    wanted = FileType(filetype)

    def make(found: Event, sessions: list[Session]) -> bytes:
        return schedules.released_file(found, sessions, wanted, base_url=base_url())

    response = _answer(event, wanted.mimetype, make)
    name = f"{event.slug or 'event'}-agenda.{wanted}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _schedule(write: Callable[..., bytes], event: Event, sessions: list[Session]) -> bytes:
    conference: Conference = schedules.conference_of(event, sessions, base_url=base_url())
    return write(conference, generator=GENERATOR, version=str(max(1, draft_queries.last_number(event.id))))


def _answer(event: Ref, mimetype: str, make: Callable[[Event, list[Session]], bytes]) -> Response:
    """The file at this address, kept until something of the event changes; that of a draft is made each time."""

    def made() -> bytes:
        found = event_queries.get_event(event.public_id, viewer=current_user)
        if not found.days:
            raise NotFound
        return make(found, queries.agenda_of(found.id, whole=True))

    revision = event_revision(event.public_id)
    content = kept.thing(f"{request.endpoint} {event.public_id} {mimetype}", revision, made) if revision else made()
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "no-cache" if revision else "no-store"
    if revision:
        response.set_etag(hashlib.sha256(content).hexdigest()[:32])
        response.make_conditional(request)
    return response
