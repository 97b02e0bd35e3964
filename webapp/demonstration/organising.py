"""What organisers did at the invented events: drafts and releases of agendas, tags, attendance."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from webapp.demonstration.invented import BEFORE_THE_DOORBELL, BY_APPROVAL, EARLIER, ENDED, OPEN, WRITTEN_TOGETHER
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.formats.spreadsheets import Cell, csv_bytes
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.agenda import Session
from webapp.models.drafts import DraftSession
from webapp.models.events import Event
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import drafts as queries
from webapp.queries.events import get_fresh_event
from webapp.queries.registrations import Chosen
from webapp.services import attendance, drafts, registrations

TAGGED = 5
NOTE = "Ask again in March whether the travel is arranged."
CAME_SHARE = 0.8
# Of those who came to the earlier event, how many were seen in two of its sessions.
SESSION_SHARES = {BEFORE_THE_DOORBELL: 0.75, WRITTEN_TOGETHER: 0.6}


def open_drafts(loaded: Loaded, *, now: datetime) -> None:
    """Begin the draft agenda of each new event, so that organisers go on from what is released."""
    for event in loaded.new_events.values():
        drafts.open_draft(event.id, actor=Actor(ActorKind.SYSTEM), now=min(now, event.created_at))


def organise(loaded: Loaded, organiser: Person, *, now: datetime) -> None:
    """Release a change to one agenda and begin another; tag and note requests; take in who came to what is over."""
    actor = Actor(ActorKind.PERSON, organiser.id)
    if event := loaded.new_events.get(OPEN):
        _release_and_go_on(event, actor, now)
    if event := loaded.new_events.get(BY_APPROVAL):
        _mark(event, organiser, actor, now)
    random = Random(20240614)  # noqa: S311 -- the same story every time, and nothing to guard
    for title in (ENDED, EARLIER):
        if event := loaded.new_events.get(title):
            came = _take_in(event, random, actor, now)
            if title == EARLIER:
                _take_in_sessions(event, came, random, actor, now)


def _release_and_go_on(event: Event, actor: Actor, now: datetime) -> None:
    event = get_fresh_event(event.id)
    sessions = queries.draft_sessions_of(event.id, whole=True)
    changed = next(one for one in sessions if one.stream is not None)
    _say_more(event, changed, actor, now)
    version = queries.get_draft(event.id).version
    note = "What the first session is about is told in more words. No time or room has changed."
    drafts.release(event.id, version=version, note=note, actor=actor, now=now - timedelta(hours=20))
    # Not placed yet, so that the editor shows what that looks like.
    content = drafts.Content(
        title="Bring a puzzle: a clinic for questions that came up today",
        summary="Somebody asks, everybody thinks. Whether there is a room for it is not clear yet.",
    )
    to = drafts.Placement(date=None, starts=None, minutes=40)
    drafts.add(event, content, to, actor=actor, now=now - timedelta(hours=2))


def _say_more(event: Event, session: DraftSession, actor: Actor, now: datetime) -> None:
    content = drafts.content_of(session)
    more = f"{session.description}\n\nBring an example of your own, with names and places taken out.".strip()
    drafts.edit(
        event,
        session.public_id,
        drafts.Content(**{**vars(content), "description": more}),
        drafts.placement_of(session, event.zone),
        version=None,
        actor=actor,
        now=now - timedelta(hours=21),
    )


def _mark(event: Event, organiser: Person, actor: Actor, now: datetime) -> None:
    asking = _registrations(event, RegistrationState.PENDING)[:TAGGED]
    if not asking:
        return
    chosen = Chosen(public_ids=tuple(row.public_id for row in asking))
    registrations.add_tag(event.id, chosen, "Travels far", number=len(asking), actor=actor, now=now)
    registrations.add_note(asking[0].id, NOTE, author_id=organiser.id, actor=actor, now=now)


def _take_in(event: Event, random: Random, actor: Actor, now: datetime) -> Sequence[Registration]:
    """Take in who came to the day: most of those who had a place, some late. Gives them."""
    day = event.days[0]
    if day.starts is None:
        return ()
    begins = datetime.combine(day.date, day.starts)
    stays = {}
    for row in _registrations(event, RegistrationState.CONFIRMED):
        if random.random() < CAME_SHARE:
            late, minutes = random.randrange(0, 12), random.choice((45, 90, 120, 150, 170))
            stays[row] = (begins + timedelta(minutes=late), minutes)
    _report(event, None, stays, actor, now)
    return list(stays)


def _take_in_sessions(event: Event, came: Sequence[Registration], random: Random, actor: Actor, now: datetime) -> None:
    """The same for single sessions, which some of those who came were in."""
    statement = select(Session).where(Session.event_id == event.id, Session.title.in_(SESSION_SHARES))
    for session in db.session.scalars(statement.order_by(Session.starts_at, Session.id)).all():
        if session.starts is None:
            continue
        begins = datetime.combine(event.days[0].date, session.starts)
        there = [row for row in came if random.random() < SESSION_SHARES[session.title]]
        _report(event, session, {row: (begins, 40 + random.randrange(20)) for row in there}, actor, now)


def _report(
    event: Event,
    session: Session | None,
    stays: Mapping[Registration, tuple[datetime, int]],
    actor: Actor,
    now: datetime,
) -> None:
    """An attendance report as Zoom writes it: when each came, and for how many minutes."""
    if not stays:
        return
    rows: list[list[Cell]] = []
    for row, (joined, minutes) in stays.items():
        left = joined + timedelta(minutes=minutes)
        rows.append(
            [row.name, row.email, f"{joined:%m/%d/%Y %I:%M:%S %p}", f"{left:%m/%d/%Y %I:%M:%S %p}", minutes, "No"]
        )
    header = ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"]
    day = event.days[0].date
    file = attendance.read(csv_bytes(header, rows), filename="participants.csv", expected=day)
    at = min(now, event.ends_at + timedelta(days=1))
    attendance.take_in(event.id, day, session.id if session else None, file, actor=actor, now=at)


def _registrations(event: Event, state: RegistrationState) -> Sequence[Registration]:
    wanted = select(Registration).where(Registration.event_id == event.id, Registration.state == state)
    return db.session.scalars(wanted.order_by(Registration.arrival, Registration.id)).all()
