"""The recordings that somebody may see by their personal link, without an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request, url_for

from webapp.access import Who, allow
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.recordings.captioning import as_captions
from webapp.blueprints.recordings.showing import shown_alone, title_of
from webapp.blueprints.recordings.streaming import stream
from webapp.blueprints.registrations import bp
from webapp.errors import NotFound
from webapp.headers import with_players
from webapp.models.accounts import Visitor
from webapp.models.agenda import Session
from webapp.models.files import FileReach
from webapp.models.recordings import Recording
from webapp.models.registrations import Registration
from webapp.queries import recordings as queries
from webapp.queries.reaches import reaches_at
from webapp.queries.registrations import get_registration_by_token
from webapp.queries.revisions import event_revision


@dataclass(frozen=True)
class Item:
    """One recording, what it is called, its session, and where it is seen: a public one on the session's page."""

    recording: Recording
    title: str
    session: Session
    address: str


def recordings_for(registration: Registration, token: str, now: datetime) -> Sequence[Item]:
    """What the holder of this link may see, in the order of the event; public ones too, and none before it begins."""
    event = registration.event
    recorded = queries.recordings_of_event(event.id) if event.is_public and now >= event.starts_at else []
    if not any(one.is_told for one in recorded):
        return []
    reaches = reaches_at(event, viewer=Visitor(), registration_id=registration.id)
    items = []
    for part in recorded:
        seen = [one for one in part.recordings if reaches.covers(one.reach, part.session.id)]
        for place, one in enumerate(seen, 1):
            if one.reach is FileReach.PUBLIC:
                address = url_for("agenda.session", event=event, session=part.session, recording=one.public_id)
            else:
                address = url_for("registrations.recording", token=token, recording=one.public_id)
            items.append(Item(one, title_of(one, place, len(seen)), part.session, address))
    return items


@bp.get("/registrations/<token>/recordings/<recording>")
@allow(Who.LINK_HOLDER)
def recording(token: str, recording: str) -> Response:
    """A page on which the holder of a link plays a recording; what is not for this person is not there."""
    registration, row = _reached(token, recording)
    has_captions = queries.find_published_transcript(row.session_id) is not None
    player = shown_alone(
        registration.event,
        row,
        file=url_for(".recording_file", token=token, recording=row.public_id),
        captions=url_for(".recording_captions", token=token, recording=row.public_id) if has_captions else "",
    )
    html = render_template(
        "registrations/recording.html",
        event=registration.event,
        session=row.session,
        player=player,
        has_transcript=has_captions,
        token=token,
    )
    return with_players(make_response(html))


@bp.get("/registrations/<token>/recordings/<recording>/file")
@allow(Who.LINK_HOLDER)
def recording_file(token: str, recording: str) -> Response:
    """The file of such a recording, or a stretch of it."""
    _, row = _reached(token, recording)
    return stream(queries.playable(row), request.environ, files_folder())


@bp.get("/registrations/<token>/recordings/<recording>/captions.vtt")
@allow(Who.LINK_HOLDER)
def recording_captions(token: str, recording: str) -> Response:
    """The published transcript as captions of such a recording."""
    registration, row = _reached(token, recording)
    return as_captions(row, event_revision(registration.event.public_id))


def _reached(token: str, public_id: str) -> tuple[Registration, Recording]:
    registration = get_registration_by_token(token)
    row = queries.get_managed_recording(registration.event_id, public_id)
    is_told = registration.event.is_public and row.is_published and row.reach is not FileReach.ORGANISERS
    reaches = reaches_at(registration.event, viewer=Visitor(), registration_id=registration.id)
    if not is_told or not reaches.covers(row.reach, row.session_id):
        raise NotFound
    return registration, row
