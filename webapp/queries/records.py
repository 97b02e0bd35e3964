"""Reading what an event keeps of itself once it is over: its numbers, and which sessions have a transcript."""

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.attendance import ALL_DAYS, Counted
from webapp.models.organisations import Sector
from webapp.models.records import EventRecord
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.transcripts import Transcript, TranscriptState
from webapp.queries.attendance.tallies import largest_organisations, tallied_by_sector


def find_record(event_id: int) -> EventRecord | None:
    """What organisers decided about the record of an event; None where they decided nothing yet."""
    return db.session.get(EventRecord, event_id)


def transcribed_sessions(event_id: int) -> frozenset[int]:
    """The ids of the sessions of an event whose transcript is published."""
    statement = select(Transcript.session_id).where(
        Transcript.event_id == event_id, Transcript.state == TranscriptState.PUBLISHED
    )
    return frozenset(db.session.scalars(statement))


def count_event(event_id: int) -> dict[str, int]:
    """How many registered and how many of them came, of how many organisations and local authorities, as it stands.

    Who came without a place counts among those registered, as on the pages of attendance.
    """
    tallied = tallied_by_sector(event_id)
    _names, organisations = largest_organisations(event_id, number=1)
    authorities = select(func.count(Registration.organisation_name.distinct())).where(
        Registration.event_id == event_id,
        Registration.state == RegistrationState.CONFIRMED,
        Registration.sector == Sector.LOCAL_AUTHORITY,
    )
    came = tallied.count(Counted.CAME, ALL_DAYS) + tallied.count(Counted.IN_PART, ALL_DAYS)
    return {
        "registered": tallied.registered(),
        "came": came,
        "organisations": organisations,
        "authorities": db.session.scalar(authorities) or 0,
    }
