"""The files of recordings for players, in stretches, and the captions that are made from transcripts."""

from flask import Response, request
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.recordings import bp
from webapp.blueprints.recordings.captioning import as_captions
from webapp.blueprints.recordings.streaming import stream
from webapp.errors import NotFound
from webapp.models.events import Event
from webapp.models.recordings import Recording
from webapp.queries import recordings as queries
from webapp.queries.events import get_event
from webapp.queries.reaches import reaches_at
from webapp.queries.revisions import event_revision


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
    # Read before the recording, so that it is never newer than that.
    revision = event_revision(event.public_id)
    _, row = _reached(event, recording)
    return as_captions(row, revision)


def _reached(event: Ref, recording: str) -> tuple[Event, Recording]:
    """The recording, for who reaches it; raises NotFound for everybody else, as if there were none."""
    found = get_event(event.public_id, viewer=current_user)
    row = queries.get_recording(found.id, recording)
    reaches = reaches_at(found, viewer=current_user)
    if not (row.is_published or reaches.organises) or not reaches.covers(row.reach, row.session_id):
        raise NotFound
    return found, row
