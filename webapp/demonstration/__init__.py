"""The demonstration: a programme and two events that were real, and a programme that is invented.

What is real is told in facts from public documents and in our own sentences. What is invented carries the mark
`demonstration`, and its people have addresses at example.org. Loading again adds and changes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from config import Settings
from webapp.demonstration.accounts import ACCOUNTS, ORGANISER, PRACTITIONER, DemonstrationAccount, load_accounts
from webapp.demonstration.area_profiles import write_profiles
from webapp.demonstration.asking import load_surveys
from webapp.demonstration.communities import load_communities
from webapp.demonstration.crowd import load_crowd
from webapp.demonstration.invented import OPEN, invented
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.invented_waves import deepen_waves
from webapp.demonstration.journal_document import load_document
from webapp.demonstration.letters import let_some_stand_out, settle
from webapp.demonstration.library import load_library
from webapp.demonstration.loading import Loaded, load_facts
from webapp.demonstration.looking_back import look_back
from webapp.demonstration.meetings import load_meetings
from webapp.demonstration.moderating import load_moderation
from webapp.demonstration.offering import offer_materials
from webapp.demonstration.organising import open_drafts, organise
from webapp.demonstration.past import REAL
from webapp.demonstration.pathfinder import load_pathfinder
from webapp.demonstration.portraits import PORTRAITS, draw
from webapp.demonstration.publishing import load_journal
from webapp.demonstration.recording import load_recordings
from webapp.demonstration.reflecting import load_reflections
from webapp.demonstration.shapes import Facts
from webapp.demonstration.transcribing import load_transcript
from webapp.demonstration.writing import write_invitation, write_letters
from webapp.extensions import db
from webapp.models.mailings import Letter
from webapp.models.programmes import Programme
from webapp.services import files
from webapp.services.search import index_event, index_organisation, index_speaker

__all__ = ["ACCOUNTS", "DemonstrationAccount", "Summary", "is_empty", "load"]


@dataclass(frozen=True)
class Summary:
    """How much one load added; all noughts when everything was there."""

    events: int
    organisations: int
    registrations: int

    def __str__(self) -> str:
        return f"Added {self.events} events, {self.organisations} organisations, {self.registrations} registrations."


def is_empty() -> bool:
    """Whether no programme exists yet, as in a database that was only just made."""
    return db.session.scalar(select(Programme.id).limit(1)) is None


def load(*, today: date, now: datetime, folder: Path | None = None, settings: Settings | None = None) -> Summary:
    """Load the demonstration into the open unit, dated from `today`; what exists stays as it is.

    Photographs are put into `folder`; without one there are none. With settings, what letters said can be read.
    """
    real = _load(REAL, now)
    shown = _load(invented(today=today, now=now), now)
    if folder is not None:
        _hang_portraits(shown, folder, now)
    people = load_accounts(shown.programmes[PATHWAYS], now=now)
    load_pathfinder(real, people, writer=ORGANISER.email, now=now)
    for loaded in (real, shown):
        open_drafts(loaded, now=now)
    registrations = load_crowd(shown, people, now=now)
    organise(shown, people[ORGANISER.email], now=now)
    feedback = load_surveys(shown, people[ORGANISER.email], now=now)
    look_back(shown, people[ORGANISER.email], now=now)
    meetings = load_meetings(shown, now=now, settings=settings)
    write_letters(shown, people[ORGANISER.email], now=now)
    load_reflections(shown, people, now=now, settings=settings)
    transcript = load_transcript(shown, people[ORGANISER.email], folder=folder, now=now)
    load_recordings(shown, transcript, people[ORGANISER.email], folder=folder, now=now)
    offer_materials(shown, people[ORGANISER.email], folder=folder, now=now)
    load_library(shown, people, organiser=people[ORGANISER.email], folder=folder, today=today, now=now)
    journal = load_journal(shown, people[ORGANISER.email], folder=folder, now=now)
    if journal is not None and folder is not None:
        load_document(journal, shown, people[ORGANISER.email], folder=folder, now=now)
    load_communities(shown, organiser=people[ORGANISER.email], folder=folder, now=now)
    load_moderation(shown, organiser=people[ORGANISER.email], settings=settings, now=now)
    deepen_waves(shown, today=today)
    if feedback is not None:
        write_invitation(feedback, people[ORGANISER.email], now=now)
    # The last of all that is said of areas: it goes on from the people whom they have by then.
    write_profiles(
        shown, organiser=people[ORGANISER.email], practitioner=people[PRACTITIONER.email], folder=folder, now=now
    )
    _settle_letters(shown, settings, now)
    return Summary(
        events=len(real.new_events) + len(shown.new_events) + (meetings.number if meetings else 0),
        organisations=len(real.new_organisations) + len(shown.new_organisations),
        registrations=registrations,
    )


def _settle_letters(loaded: Loaded, settings: Settings | None, now: datetime) -> None:
    for title, event in loaded.new_events.items():
        letters = settle(Letter.event_id == event.id, settings, now=now)
        if title == OPEN:
            let_some_stand_out(letters, ends_at=event.ends_at, now=now)


def _hang_portraits(loaded: Loaded, folder: Path, now: datetime) -> None:
    for name, portrait in PORTRAITS.items():
        speaker = loaded.speakers[name]
        if speaker.photo_id is None and speaker.version == 1:
            written = files.write(draw(portrait), "image/jpeg", folder=folder, now=now)
            speaker.photo_id, speaker.photo_alt = files.keep(written, now=now).id, portrait.alt
    db.session.flush()


def _load(facts: Facts, now: datetime) -> Loaded:
    loaded = load_facts(facts, now=now)
    aliases = {organisation.name: organisation.aliases for organisation in facts.organisations}
    for speaker in loaded.new_speakers:
        index_speaker(speaker)
    for organisation in loaded.new_organisations:
        index_organisation(organisation, aliases[organisation.name])
    sessions = {event.title: event.sessions for event in facts.events}
    for title, event in loaded.new_events.items():
        index_event(event, [text for session in sessions[title] for text in session.words])
    return loaded
