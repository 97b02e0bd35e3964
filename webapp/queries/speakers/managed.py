"""Speakers as organisers look after them: who is named at an event, what they answered, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from webapp.errors import Forbidden, NotFound
from webapp.extensions import db
from webapp.models.accounts import Power, Reach, Viewer, Visitor, reach
from webapp.models.agenda import Contribution, ContributionRole, Session
from webapp.models.drafts import DraftContribution, DraftSession, SpeakerAnswer
from webapp.models.events import Event, EventDay, EventState
from webapp.models.speakers import Speaker, SpeakerInvitation


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A session that somebody is named on: as it is planned, or as it was released where no draft stands for it."""

    title: str
    date: date | None
    starts: time | None
    ends: time | None
    role: ContributionRole
    is_cancelled: bool
    draft: DraftSession | None
    answer: SpeakerAnswer | None
    # Whether day and time are those that were released.
    settled: bool = True


@dataclass(kw_only=True)
class Named:
    """Somebody named on the agenda of an event, planned or released."""

    speaker: Speaker
    sessions: list[Spoken] = field(default_factory=list)
    invitation: SpeakerInvitation | None = None

    @property
    def answers(self) -> list[SpeakerAnswer]:
        """What they said to each session that is still being planned."""
        return [one.answer for one in self.sessions if one.answer is not None]

    @property
    def missing(self) -> list[str]:
        """What their profile lacks, in words."""
        gaps = [] if self.speaker.biography else ["biography"]
        if self.speaker.photo_id is None:
            return [*gaps, "photograph"]
        return gaps if self.speaker.photo_alt else [*gaps, "alternative text"]


def named_at(event_id: int) -> list[Named]:
    """Everybody named on an event's agenda, planned or released, by surname, with their sessions in order."""
    return _named(event_id, None)


def get_named(event_id: int, speaker: Speaker) -> Named:
    """What this speaker is named on at the event; nothing when nowhere."""
    found = _named(event_id, speaker.id)
    return found[0] if found else Named(speaker=speaker)


def _named(event_id: int, speaker_id: int | None) -> list[Named]:
    planning, releasing = _planned(event_id), _released(event_id)
    if speaker_id is not None:
        planning = planning.where(DraftContribution.speaker_id == speaker_id)
        releasing = releasing.where(Contribution.speaker_id == speaker_id)
    planned, released = db.session.scalars(planning).all(), db.session.scalars(releasing).all()
    shown = {one.session_id: one.session for one in released}
    people: dict[int, Named] = {}
    for one in planned:
        if one.speaker is not None:
            named = people.setdefault(one.speaker.id, Named(speaker=one.speaker))
            named.sessions.append(_as_planned(one, shown.get(one.session.session_id or 0)))
    drafted = _drafted(event_id)
    for row in released:
        if row.speaker is not None and row.session_id not in drafted:
            people.setdefault(row.speaker.id, Named(speaker=row.speaker)).sessions.append(_as_released(row))
    for invitation in db.session.scalars(_invitations(event_id, people)):
        people[invitation.speaker_id].invitation = invitation
    return sorted(people.values(), key=lambda named: (named.speaker.name_sort, named.speaker.id))


def _planned(event_id: int) -> Select[DraftContribution]:
    return (
        select(DraftContribution)
        .join(DraftContribution.session)
        .outerjoin(DraftSession.day)
        .where(DraftSession.event_id == event_id, DraftContribution.speaker_id.is_not(None))
        .options(
            contains_eager(DraftContribution.session).contains_eager(DraftSession.day),
            joinedload(DraftContribution.speaker).options(joinedload(Speaker.organisation), joinedload(Speaker.photo)),
        )
        .order_by(
            EventDay.date.nulls_last(),
            DraftSession.starts.nulls_last(),
            DraftSession.position,
            DraftSession.id,
            DraftContribution.id,
        )
    )


def _released(event_id: int) -> Select[Contribution]:
    return (
        select(Contribution)
        .join(Contribution.session)
        .join(Session.day)
        .where(Session.event_id == event_id, Contribution.speaker_id.is_not(None))
        .options(
            contains_eager(Contribution.session).contains_eager(Session.day),
            joinedload(Contribution.speaker).options(joinedload(Speaker.organisation), joinedload(Speaker.photo)),
        )
        .order_by(EventDay.date, Session.starts.nulls_last(), Contribution.id)
    )


def _drafted(event_id: int) -> set[int | None]:
    """The ids of released sessions that the draft still holds."""
    return set(db.session.scalars(select(DraftSession.session_id).where(DraftSession.event_id == event_id)))


def _invitations(event_id: int, people: Iterable[int]) -> Select[SpeakerInvitation]:
    return (
        select(SpeakerInvitation)
        .where(SpeakerInvitation.event_id == event_id, SpeakerInvitation.speaker_id.in_(sorted(people)))
        .order_by(SpeakerInvitation.id)
    )


def _as_planned(row: DraftContribution, released: Session | None) -> Spoken:
    session = row.session
    there = (session.day_id, session.starts, session.ends)
    return Spoken(
        title=session.title,
        date=session.day.date if session.day else None,
        starts=session.starts,
        ends=session.ends,
        role=row.role,
        is_cancelled=session.is_cancelled,
        draft=session,
        answer=row.answer,
        settled=released is not None and there == (released.day_id, released.starts, released.ends),
    )


def _as_released(row: Contribution) -> Spoken:
    session = row.session
    return Spoken(
        title=session.title,
        date=session.day.date,
        starts=session.starts,
        ends=session.ends,
        role=row.role,
        is_cancelled=session.is_cancelled,
        draft=None,
        answer=None,
    )


def get_managed_speaker(public_id: str, *, viewer: Viewer | Visitor) -> Speaker:
    """The speaker with names, organisation and photograph, for who may edit the agenda of an event they are named at.

    Whoever is named nowhere yet belongs to everybody who edits an agenda. Raises NotFound when there is no such
    speaker, and Forbidden when all their events are others'.
    """
    reached = reach(viewer, Power.EDIT_AGENDA)
    statement = (
        select(Speaker, or_(*_named_where(_within(reached))), or_(*_named_where(true())))
        .where(Speaker.public_id == public_id)
        .options(joinedload(Speaker.organisation), joinedload(Speaker.photo), selectinload(Speaker.aliases))
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    speaker, here, anywhere = row
    if not here and (anywhere or not (reached.everything or reached.programmes or reached.events)):
        raise Forbidden(
            "This speaker is named at other teams’ events only, so their organisers look after the profile."
        )
    found: Speaker = speaker
    return found


def get_editable(public_id: str, *, viewer: Viewer | Visitor) -> Speaker:
    """The speaker as get_managed_speaker gives them, for who may change the profile, merge it or give a link to it.

    Raises NotFound as that does, and Forbidden also when the profile belongs to public events of others as well.
    """
    speaker = get_managed_speaker(public_id, viewer=viewer)
    if speaker.id not in editable_among([speaker.id], viewer=viewer):
        raise Forbidden(
            "This profile also belongs to events of other teams. Ask the organisers of those events to make the change."
        )
    return speaker


def editable_among(speaker_ids: Iterable[int], *, viewer: Viewer | Visitor) -> frozenset[int]:
    """Those of the profiles that the viewer may change: all public events that name them are within reach.

    Named at no public event, a profile is for who edits a draft that names it, or for everybody when none does.
    """
    reached = reach(viewer, Power.EDIT_AGENDA)
    if not (reached.everything or reached.programmes or reached.events):
        return frozenset()
    within = _within(reached)
    _, of_others = _named_where(and_(Event.state != EventState.DRAFT, not_(within)))
    named = or_(or_(*_named_where(within)), not_(or_(*_named_where(true()))))
    statement = select(Speaker.id).where(Speaker.id.in_(sorted(speaker_ids)), not_(of_others), named)
    return frozenset(db.session.scalars(statement))


def _named_where(event: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    planned = (
        select(DraftContribution.id)
        .join(DraftContribution.session)
        .join(Event, Event.id == DraftSession.event_id)
        .where(DraftContribution.speaker_id == Speaker.id, event)
    )
    released = (
        select(Contribution.id)
        .join(Contribution.session)
        .join(Session.event)
        .where(Contribution.speaker_id == Speaker.id, event)
    )
    return [planned.exists(), released.exists()]


def _within(reached: Reach) -> ColumnElement[bool]:
    if reached.everything:
        return true()
    return or_(Event.programme_id.in_(sorted(reached.programmes)), Event.id.in_(sorted(reached.events)))
