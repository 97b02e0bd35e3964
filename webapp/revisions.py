"""When something public changes, a number grows, so that no kept page is shown after it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session as DatabaseSession

from webapp.database import insert_or
from webapp.models.agenda import Contribution, Session, Stream
from webapp.models.areas import Area, AreaContact, AreaDocument, AreaPartner, AreaStrand, Milestone, Wave, WaveStage
from webapp.models.communities import Community
from webapp.models.events import Event, EventDay, EventQuestion
from webapp.models.library import Collection, LibraryState, Resource, ResourceAuthor
from webapp.models.materials import Material
from webapp.models.operations import Revision
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme, ProgrammePart, Theme
from webapp.models.publications import Article, Author, Issue, Publication, WritingState
from webapp.models.recordings import Recording, Unrecorded
from webapp.models.records import EventRecord
from webapp.models.speakers import Speaker
from webapp.models.survey_releases import SurveyRelease
from webapp.models.surveys import Survey, SurveyState
from webapp.models.transcripts import Transcript

SITE = "site"
SHARED = "shared"
_OF_MANY_PAGES = (Speaker, Organisation, Programme, ProgrammePart, Theme)
# A transcript changes with each of its turns, since its version does.
_OF_ONE_EVENT = (Session, Stream, EventDay, EventQuestion, Transcript, Recording, Unrecorded, Material, EventRecord)
_OF_SURVEYS = (Survey, SurveyRelease)
# The front page and that of a programme show the latest issue, and a speaker's page the articles by them.
_OF_PUBLICATIONS = (Publication, Issue, Article, Author)
# The same pages show what is new in the library.
_OF_LIBRARY = (Resource, ResourceAuthor, Collection)
# The page of a programme, those of its areas, and the comparison of these.
_OF_PROGRAMMES = (
    *(Wave, WaveStage, Milestone, Community),
    *(Area, AreaPartner, AreaStrand, AreaContact, AreaDocument),
)
PUBLIC = (
    *(Event, Contribution, *_OF_ONE_EVENT, *_OF_MANY_PAGES, *_OF_SURVEYS),
    *(*_OF_PUBLICATIONS, *_OF_LIBRARY, *_OF_PROGRAMMES),
)
# What no list of events tells of; of transcripts they tell that there is one.
_UNLISTED = (*_OF_SURVEYS, Unrecorded, EventRecord)
# Of a survey an event's pages show no more than whether it is open, until when, and whether there are results.
_SHOWN_OF_SURVEYS = (
    "title", "state", "thing_kind", "thing_id", "asked_of", "open_link", "zone", "opens_at", "closes_at",
    "public_questions",
)  # fmt: skip


def grow(session: DatabaseSession, event_ids: set[int], *, shared: bool = False, listed: bool = True) -> None:
    """Raise the revision of these events, and of the lists that show them if listed; of every kept page when shared."""
    if event_ids:
        statement = update(Event).where(Event.id.in_(sorted(event_ids)))
        session.execute(
            statement.values(public_revision=Event.public_revision + 1).execution_options(synchronize_session=False)
        )
    for scope in (SHARED, SITE) if shared else (SITE,) if listed else ():
        insert = insert_or(session, Revision).values(scope=scope, number=1)
        session.execute(insert.on_conflict_do_update(index_elements=["scope"], set_={"number": Revision.number + 1}))


@event.listens_for(DatabaseSession, "before_flush")
def _notice(session: DatabaseSession, _context: Any, _instances: Any) -> None:
    changed = [row for row in (*session.new, *session.deleted) if _is_public(row)]
    changed += [row for row in session.dirty if _is_public(row) and _is_shown(session, row)]
    if changed:
        with session.no_autoflush:
            ids = {event_id for row in changed for event_id in _events_of(session, row) if event_id}
            shared = any(isinstance(row, _OF_MANY_PAGES) for row in changed)
            grow(session, ids, shared=shared, listed=any(_is_listed(row) for row in changed))


def _is_public(row: Any) -> bool:
    return isinstance(row, PUBLIC) and not _is_draft(row)


def _is_draft(row: Any) -> bool:
    """Whether a row is in the making, and was before: no page for everybody shows it."""
    if isinstance(row, Survey):
        return row.state is SurveyState.DRAFT
    if isinstance(row, Resource | Collection):
        # What is new has no state yet, and begins as a draft.
        return row.state in {None, LibraryState.DRAFT}
    if isinstance(row, Article):
        states = inspect(row).attrs["state"].history
        return WritingState.PUBLISHED not in {row.state, *(states.deleted or ())}
    return False


def _is_shown(session: DatabaseSession, row: Any) -> bool:
    """Whether something of a row changed that a page shows."""
    if not isinstance(row, Survey):
        return session.is_modified(row)
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in _SHOWN_OF_SURVEYS)


def _is_listed(row: Any) -> bool:
    """Whether lists of events show what changed of a row."""
    if isinstance(row, Transcript):
        return bool(inspect(row).attrs["state"].history.has_changes())
    return not isinstance(row, _UNLISTED)


def _events_of(session: DatabaseSession, row: Any) -> Iterator[int | None]:
    if isinstance(row, Event):
        yield row.id
    elif isinstance(row, (*_OF_ONE_EVENT, Survey)):
        yield row.event_id
    elif isinstance(row, SurveyRelease):
        yield session.scalar(select(Survey.event_id).where(Survey.id == row.survey_id))
    elif isinstance(row, Contribution) and row.session_id:
        yield session.scalar(select(Session.event_id).where(Session.id == row.session_id))
