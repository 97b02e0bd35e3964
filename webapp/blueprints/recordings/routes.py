"""The files of recordings for players, in stretches, and the captions that are made from transcripts."""

import hashlib

from flask import Response, request
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.recordings import bp
from webapp.blueprints.recordings.streaming import stream
from webapp.errors import NotFound
from webapp.models.events import Event
from webapp.models.recordings import Recording
from webapp.queries import recordings as queries
from webapp.queries.events import get_event
from webapp.queries.reaches import reaches_at
from webapp.queries.revisions import event_revision
from webapp.services import recordings as services
from webapp.templating import build_id


@bp.get("/file")
@allow(Who.ANYONE)
def file(event: Ref, recording: str) -> Response:
    """The file of a recording, or a stretch of it, for whom it is for; organisers have drafts, too."""
    found = queries.find_public_file(event.public_id, recording)
    if found is None:
        _, row = _reached(event, recording)
        found = queries.playable(row)
    return stream(found, request.environ, files_folder())


@bp.get("/captions.vtt")
@allow(Who.ANYONE)
def captions(event: Ref, recording: str) -> Response:
    """The published transcript as captions of the recording, at the recording's own times."""
    # It grows with each change of the recording, the transcript, and the name of a speaker, and is read before them.
    # A transcript is long: who has its captions already is told so before it is read.
    revision = event_revision(event.public_id)
    _, row = _reached(event, recording)
    etag = hashlib.sha256(f"{build_id()} {revision} {row.version}".encode()).hexdigest()[:24]
    if revision is not None and request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(services.captions(row), mimetype="text/vtt")
    if revision is not None:
        response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _reached(event: Ref, recording: str) -> tuple[Event, Recording]:
    """The recording, for who reaches it; raises NotFound for everybody else, as if there were none."""
    found = get_event(event.public_id, viewer=current_user)
    row = queries.get_recording(found.id, recording)
    reaches = reaches_at(found, viewer=current_user)
    if not (row.is_published or reaches.organises) or not reaches.covers(row.reach, row.session_id):
        raise NotFound
    return found, row
