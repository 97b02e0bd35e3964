"""The captions of a recording as an answer."""

import hashlib

from flask import Response, request

from webapp.models.recordings import Recording
from webapp.services import recordings as services
from webapp.templating import build_id


def as_captions(recording: Recording, revision: str | None) -> Response:
    """The published transcript as captions; raises NotFound without one. Players ask anew whether it was corrected.

    `revision` is its event's, which grows with each change of the recording, the transcript, and the name of a speaker;
    None while the event is a draft. A transcript is long: who has its captions already is told so before it is read.
    """
    etag = hashlib.sha256(f"{build_id()} {revision} {recording.version}".encode()).hexdigest()[:24]
    if revision is not None and request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(services.captions(recording), mimetype="text/vtt")
    if revision is not None:
        response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
