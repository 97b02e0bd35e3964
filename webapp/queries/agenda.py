"""Reading an agenda, a session, a speaker, and what people starred."""

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, defer, joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.agenda import Contribution, Session, Star, Stream, session_themes
from webapp.models.events import Event, EventDay, EventState
from webapp.models.programmes import Theme
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript
from webapp.queries.direct import Direct


def agenda_of(event_id: int, *, whole: bool = False) -> list[Session]:
    """All sessions of an event with stream, themes and who contributes, by day, time, stream and position.

    `whole` brings their long texts too.
    """
    statement = (
        _with_themes(select(Session).join(Session.day))
        .where(Session.event_id == event_id)
        .options(
            undefer(Session.description) if whole else defer(Session.description),
            contains_eager(Session.day),
            joinedload(Session.stream),
            joinedload(Session.contributions).options(
                joinedload(Contribution.speaker).defer(Speaker.biography),
                joinedload(Contribution.organisation),
            ),
        )
        .order_by(EventDay.date, Session.position, Session.id, Theme.position, Theme.id)
    )
    return list(db.session.scalars(statement).unique())


def streams_of(event_id: int) -> list[Stream]:
    """The released streams of an event in their order."""
    statement = select(Stream).where(Stream.event_id == event_id)
    return list(db.session.scalars(statement.order_by(Stream.position, Stream.id)))


def get_session(event: Event, public_id: str) -> Session:
    """One session of an event with all that its page shows; raises NotFound."""
    statement = (
        _with_themes(select(Session))
        .where(Session.public_id == public_id, Session.event_id == event.id)
        .options(
            joinedload(Session.day),
            joinedload(Session.stream),
            joinedload(Session.transcript).load_only(Transcript.state),
            joinedload(Session.contributions).options(
                joinedload(Contribution.speaker).joinedload(Speaker.photo), joinedload(Contribution.organisation)
            ),
        )
        .order_by(Theme.position, Theme.id)
    )
    session = db.session.scalars(statement).unique().one_or_none()
    if session is None:
        raise NotFound
    set_committed_value(session, "event", event)
    return session


def _with_themes(statement: Select[Session]) -> Select[Session]:
    # Joined by hand: within the parentheses of a joinedload SQLite would read the themes of all sessions.
    return (
        statement.outerjoin(session_themes, session_themes.c.session_id == Session.id)
        .outerjoin(Theme, Theme.id == session_themes.c.theme_id)
        .options(contains_eager(Session.themes))
    )


_STARRED = Direct(
    select(Session.public_id)
    .join(Session.event)
    .join(Star, Star.session_id == Session.id)
    .where(Event.public_id == bindparam("event"), Star.person_id == bindparam("person"))
)


def starred_at(event_public_id: str, person_id: int) -> frozenset[str]:
    """The public ids of the sessions of an event that the person starred."""
    return frozenset(public_id for (public_id,) in _STARRED.rows(event=event_public_id, person=person_id))


def starred_sessions(person_id: int) -> list[Session]:
    """The sessions a person starred, of events that are public, by day and time."""
    statement = (
        select(Session)
        .join(Star, Star.session_id == Session.id)
        .join(Session.event)
        .join(Session.day)
        .where(Star.person_id == person_id, Event.state != EventState.DRAFT)
        .options(
            contains_eager(Session.event),
            contains_eager(Session.day),
            joinedload(Session.stream),
        )
        .order_by(EventDay.date, Session.starts.nulls_first(), Session.position, Session.id)
        .limit(1000)
    )
    return list(db.session.scalars(statement).unique())
