"""What the doors of the organisers' recordings share: the event with a session or recording, for who may edit it."""

from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.blueprints.addresses import Ref
from webapp.models.accounts import Power
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.recordings import Recording
from webapp.queries import recordings as queries
from webapp.queries.events import get_managed_event

Answer = str | Response | tuple[str, int]


def event_to_edit(event: Ref) -> Event:
    """The event, for a viewer who may edit its agenda."""
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)


def session_to_edit(event: Ref, session: str) -> tuple[Event, Session]:
    """The event and one of its released sessions, for a viewer who may edit the agenda."""
    found = event_to_edit(event)
    return found, queries.get_session_to_record(found.id, session)


def recording_to_edit(event: Ref, recording: str) -> tuple[Event, Recording]:
    """The event and one of its recordings, for a viewer who may edit the agenda."""
    found = event_to_edit(event)
    return found, queries.get_managed_recording(found.id, recording)
