"""What the doors of the organisers' transcripts share: the event and the transcript, for who may edit its agenda."""

from collections.abc import Iterable

from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.blueprints.addresses import Ref
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import transcripts as queries
from webapp.queries.events import get_managed_event

Answer = str | Response | tuple[str | Response, int]


def event_to_edit(event: Ref) -> Event:
    """The event, for a viewer who may edit its agenda."""
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)


def transcript_to_edit(event: Ref, transcript: str) -> tuple[Event, Transcript]:
    """The event and one of its transcripts, for a viewer who may edit the agenda."""
    found = event_to_edit(event)
    return found, queries.get_managed_transcript(found.id, transcript)


def names_of(turns: Iterable[Turn]) -> dict[int, str]:
    """The names of the speakers of some turns, by the speaker's id."""
    return {key: one.speaker.name for key, one in queries.speakers_by_id(turn.speaker_id for turn in turns).items()}
