"""Invitations, feeds and calendar files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, Update, insert, update

from webapp import tokens
from webapp.extensions import db
from webapp.formats import icalendar
from webapp.models.accounts import Actor, Alarm, ThingKind
from webapp.models.agenda import Session, SessionKind
from webapp.models.calendars import CalendarFeed, Invitation, Method
from webapp.models.communities import Community
from webapp.models.events import Event, EventState, Mode
from webapp.models.programmes import Programme
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.series import Series
from webapp.models.speakers import Speaker
from webapp.notices.calendars import Version, event_entry, event_uid, rule_of, series_entry, session_entry
from webapp.notices.letters import EventFacts, MeetingFacts, SeriesFacts, SessionFacts
from webapp.queries import calendars as queries
from webapp.queries.agenda import starred_sessions
from webapp.queries.registrations import registrations_of
from webapp.queries.series import meetings_of, registrations_in, series_of
from webapp.queries.sign_ups import invited_sessions, signed_up_for
from webapp.services.activity import record

REFRESH = timedelta(hours=1)
_table = cast("Table", Invitation.__table__)


def invite(person_id: int, kind: ThingKind, thing_id: int, *, now: datetime, fresh: bool = False) -> Invitation:
    """The person's invitation to the thing, new or with a higher sequence under the old UID (RFC 5546, 2.1.4).

    A fresh one is known not to have been sent before, which spares the look for it.
    """
    invitation = None if fresh else queries.find_invitation(person_id, kind, thing_id)
    if invitation is not None:
        return _next_version(invitation, Method.REQUEST, now)
    choice = queries.choices_of([person_id]).get(person_id, queries.Choice())
    return _first_version(person_id, kind, thing_id, choice, now)


def invite_many(person_ids: Sequence[int], kind: ThingKind, thing_id: int, *, now: datetime) -> dict[int, Invitation]:
    """The invitations of many people to one thing, each as invite() gives it, by few statements, by the person's id.

    What is new is written at once, and what is given for it is a copy: SQLite would write objects one by one.
    """
    sent = queries.invitations_to(thing_id, kind, person_ids)
    choices = queries.choices_of([person_id for person_id in person_ids if person_id not in sent])
    rows = {
        person_id: _new(person_id, kind, thing_id, choices.get(person_id, queries.Choice()), now)
        for person_id in person_ids
        if person_id not in sent
    }
    if rows:
        db.session.execute(insert(_table), list(rows.values()))
    again = {person_id: _next_version(one, Method.REQUEST, now) for person_id, one in sent.items()}
    return again | {person_id: Invitation(**row) for person_id, row in rows.items()}


def withdraw_many(person_ids: Sequence[int], kind: ThingKind, thing_id: int, *, now: datetime) -> dict[int, Invitation]:
    """The invitations of many people to one thing that stood until now, withdrawn, by the person's id."""
    sent = queries.invitations_to(thing_id, kind, person_ids)
    standing = {person_id: one for person_id, one in sent.items() if one.method is not Method.CANCEL}
    return {person_id: _next_version(one, Method.CANCEL, now) for person_id, one in standing.items()}


def _first_version(person_id: int, kind: ThingKind, thing_id: int, choice: queries.Choice, now: datetime) -> Invitation:
    invitation = Invitation(**_new(person_id, kind, thing_id, choice, now))
    db.session.add(invitation)
    return invitation


def _new(person_id: int, kind: ThingKind, thing_id: int, choice: queries.Choice, now: datetime) -> dict[str, Any]:
    """The columns of an invitation that was not sent before."""
    return {
        "person_id": person_id,
        "thing_kind": kind,
        "thing_id": thing_id,
        "uid": str(uuid4()),
        "sequence": 0,
        "method": Method.REQUEST,
        "changed_at": now,
        "alarm": choice.alarm,
    }


def withdraw(person_id: int, kind: ThingKind, thing_id: int, *, now: datetime) -> Invitation | None:
    """The person's invitation, withdrawn with a higher sequence; None when there is none that stands."""
    invitation = queries.find_invitation(person_id, kind, thing_id)
    if invitation is None or invitation.method is Method.CANCEL:
        return None
    return _next_version(invitation, Method.CANCEL, now)


def withdraw_version(invitation: Invitation, *, now: datetime) -> Invitation:
    """The invitation, which stands, withdrawn with a higher sequence."""
    return _next_version(invitation, Method.CANCEL, now)


def renew_invitations(event_id: int, method: Method, *, now: datetime, modes: Sequence[Mode] | None = None) -> None:
    """Raise the version of every invitation to the event that stands: of all who have a place at it, in these ways."""
    standing = _standing(ThingKind.EVENT, event_id)
    if modes is not None:
        standing = standing.where(Invitation.person_id.in_(queries.taking_part(event_id, modes)))
    values = {"sequence": Invitation.sequence + 1, "method": method, "changed_at": now}
    db.session.execute(standing.values(values).execution_options(synchronize_session=False))


def touch_invitations(event_id: int, *, now: datetime) -> None:
    """Date every invitation to the event that stands anew, where its words changed and nothing else."""
    standing = _standing(ThingKind.EVENT, event_id)
    db.session.execute(standing.values(changed_at=now).execution_options(synchronize_session=False))


def renew_series(series_id: int, *, now: datetime, moved: bool = True) -> None:
    """Raise the version of the entry that each member of a series has, where one of its meetings changed.

    With other words alone it is dated anew.
    """
    values: dict[str, Any] = {"changed_at": now}
    if moved:
        values["sequence"] = Invitation.sequence + 1
    standing = _standing(ThingKind.SERIES, series_id).values(values)
    db.session.execute(standing.execution_options(synchronize_session=False))


def _standing(kind: ThingKind, thing_id: int) -> Update:
    return update(Invitation).where(
        Invitation.thing_kind == kind, Invitation.thing_id == thing_id, Invitation.method == Method.REQUEST
    )


def set_alarm(person_id: int, alarm: Alarm) -> None:
    """Give all entries of a person this reminder."""
    own = update(Invitation).where(Invitation.person_id == person_id)
    db.session.execute(own.values(alarm=alarm).execution_options(synchronize_session="fetch"))


def _next_version(invitation: Invitation, method: Method, now: datetime) -> Invitation:
    invitation.sequence += 1
    invitation.method = method
    invitation.changed_at = now
    return invitation


def open_feed(person_id: int, *, actor: Actor, now: datetime) -> CalendarFeed:
    """The person's feed, made if there is none in use."""
    feeds = queries.lock_feeds(person_id)

    if feeds:
        return feeds[0]

    feed = CalendarFeed(person_id=person_id, nonce=tokens.new_nonce(), created_at=now)
    db.session.add(feed)
    db.session.flush()
    record("feed_opened", ThingKind.PERSON, person_id, actor=actor, now=now)
    return feed


def revoke_feed(person_id: int, *, actor: Actor, now: datetime) -> None:
    """Make the person's feed address answer no more; nothing happens when there is none."""
    feeds = queries.lock_feeds(person_id)

    for feed in feeds:
        feed.revoked_at = now
    if feeds:
        record("feed_revoked", ThingKind.PERSON, person_id, actor=actor, now=now)


def feed_token(feed: CalendarFeed) -> str:
    """The secret part of a feed's address."""
    return tokens.make("feed", feed.public_id, feed.nonce)


def community_token(feed: CalendarFeed, community: Community) -> str:
    """The secret part of a person's address of one community's meetings, which opens nothing else of theirs."""
    return tokens.make(queries.of_community(community), feed.public_id, feed.nonce)


def event_file(event: Event, *, base_url: str) -> bytes:
    """An event with its days as a calendar file for anybody."""
    return icalendar.download([_event_entry(event, base_url)])


def session_file(session: Session, *, base_url: str) -> bytes:
    """A session, with its event and day loaded, as a calendar file for anybody."""
    return icalendar.download([_session_entry(session, base_url)])


def agenda_file(person_id: int, *, base_url: str) -> bytes:
    """My agenda as a calendar file: the person's registrations, sign-ups and starred sessions."""
    return icalendar.download(_entries(person_id, base_url))


def feed_file(feed: CalendarFeed, *, service_name: str, base_url: str) -> bytes:
    """My agenda as a calendar to subscribe to; what was cancelled stays in it as cancelled."""
    return icalendar.feed(
        f"{service_name}: my events",
        _entries(feed.person_id, base_url),
        refresh=REFRESH,
        description="Events you registered for, and sessions you signed up for or starred.",
    )


def event_feed(event: Event, sessions: Sequence[Session], *, base_url: str) -> bytes:
    """The released sessions of an event, which is loaded, as a calendar for anybody; its days while there are none."""
    shown = [session for session in sessions if session.kind is not SessionKind.BREAK]
    entries = [_session_entry(session, base_url) for session in shown] or [_event_entry(event, base_url)]
    return icalendar.feed(
        event.title, entries, refresh=REFRESH, description=f"The agenda of {event.title}.", zone=event.zone
    )


def programme_feed(programme: Programme, events: Sequence[Event], *, base_url: str) -> bytes:
    """The listed events of a programme, with their days, as a calendar for anybody."""
    entries = [_event_entry(event, base_url) for event in events]
    return icalendar.feed(
        f"{programme.name}: events", entries, refresh=REFRESH, description=f"The events of {programme.name}."
    )


def community_feed(community: Community, meetings: Sequence[Event], *, base_url: str) -> bytes:
    """The meetings of a community, with their days, as a calendar for those who read it."""
    entries = [_event_entry(event, base_url) for event in meetings]
    return icalendar.feed(
        f"{community.name}: meetings", entries, refresh=REFRESH, description=f"The meetings of {community.name}."
    )


def speaker_feed(speaker: Speaker, sessions: Sequence[Session], *, base_url: str) -> bytes:
    """The sessions that a speaker contributes to, with their events and days, as a calendar for anybody."""
    entries = [_session_entry(session, base_url) for session in sessions]
    return icalendar.feed(
        f"{speaker.name}: sessions", entries, refresh=REFRESH, description=f"The sessions of {speaker.name}."
    )


def _event_entry(event: Event, base_url: str) -> icalendar.Entry:
    version = Version(
        uid=event_uid(event.public_id, base_url),
        sequence=event.calendar_sequence,
        stamp=event.calendar_changed_at,
        cancelled=event.state is EventState.CANCELLED,
    )
    return event_entry(EventFacts.of(event), version, base_url=base_url)


def _entries(person_id: int, base_url: str) -> list[icalendar.Entry | icalendar.Series]:
    sent = queries.invitations_of(person_id, ThingKind.EVENT)
    rows = registrations_of(person_id)
    modes = {row.event_id: row.mode for row in rows if not row.state.is_ended}
    entries = [
        event_entry(EventFacts.of(row.event), _version(row, sent[row.event_id]), base_url=base_url, mode=row.mode)
        for row in rows
        if row.event_id in sent and not _is_replaced(row, sent[row.event_id])
    ]
    chosen, standing = _invited_to(person_id, modes, base_url)
    starred = [session for session in starred_sessions(person_id) if session.id not in standing]
    entries += [_session_entry(session, base_url, modes.get(session.event_id)) for session in starred]
    own = {session.id for session in starred}
    entries += [entry for session_id, entry in chosen if session_id not in own]
    in_series = [_series(series, sent, base_url) for series, sent in series_of(person_id)]
    alarm = queries.choices_of([person_id]).get(person_id, queries.Choice()).alarm.before
    reminding: list[icalendar.Entry | icalendar.Series] = [replace(entry, alarm=alarm) for entry in entries]
    return reminding + [replace(one, entry=replace(one.entry, alarm=alarm)) for one in in_series]


def _series(series: Series, invitation: Invitation, base_url: str) -> icalendar.Series:
    version = Version(uid=invitation.uid, sequence=invitation.sequence, stamp=invitation.changed_at)
    return series_entry(facts_of_series(series, invitation.person_id), version, base_url=base_url)


def facts_of_series(series: Series, person_id: int) -> SeriesFacts:
    """A series as it stands for a person: the meetings that take place and at which they have a place.

    A meeting that stands in their calendar by its sessions, as they chose, is left out.
    """
    own = registrations_in(series.id, person_id)
    by_session = queries.choices_of([person_id]).get(person_id, queries.Choice()).by_session
    standing = {
        event.series_on: event
        for event in meetings_of(series.id)
        if event.is_public
        and event.state is not EventState.CANCELLED
        and event.id in own
        and own[event.id].state is RegistrationState.CONFIRMED
        and not (by_session and queries.own_sessions(event.id, [person_id])[1][person_id])
    }
    meetings = [
        MeetingFacts(on=on, event=EventFacts.of(standing[on]) if on in standing else None)
        for on in rule_of(series).dates
    ]
    return SeriesFacts.of(series, meetings=meetings)


def _is_replaced(registration: Registration, invitation: Invitation) -> bool:
    """Whether the person has the place, and wants entries for the event's sessions in the stead of this one."""
    stands = registration.state is RegistrationState.CONFIRMED and registration.event.state is not EventState.CANCELLED
    return stands and invitation.method is Method.CANCEL


def _invited_to(
    person_id: int, modes: Mapping[int, Mode], base_url: str
) -> tuple[list[tuple[int, icalendar.Entry]], set[int]]:
    """The sessions that somebody was sent an invitation to, as entries, and which of these stand.

    What was withdrawn and never was a place of theirs is left out: nothing was cancelled.
    """
    sent = queries.invitations_of(person_id, ThingKind.SESSION)
    if not sent:
        return [], set()
    standing = {session_id for session_id, one in sent.items() if one.method is Method.REQUEST}
    held = signed_up_for(person_id)
    entries = []
    for session in invited_sessions(sent):
        invitation, event = sent[session.id], session.event
        called_off = session.is_cancelled or event.state is EventState.CANCELLED
        if session.id not in standing and session.id not in held and not called_off:
            continue
        version = Version(
            uid=invitation.uid,
            sequence=invitation.sequence,
            stamp=max(invitation.changed_at, session.calendar_changed_at, event.calendar_changed_at),
            cancelled=session.id not in standing or called_off,
        )
        facts = EventFacts.of(event, with_days=False), SessionFacts.of(session)
        entries.append((session.id, session_entry(*facts, version, base_url=base_url, mode=modes.get(event.id))))
    return entries, standing


def _version(registration: Registration, invitation: Invitation) -> Version:
    event = registration.event
    gone = registration.state is not RegistrationState.CONFIRMED or event.state is EventState.CANCELLED
    return Version(
        uid=invitation.uid,
        # It grows with the event too: letter and feed speak of the same version.
        sequence=invitation.sequence,
        stamp=invitation.changed_at,
        cancelled=gone,
    )


def _session_entry(session: Session, base_url: str, mode: Mode | None = None) -> icalendar.Entry:
    event = session.event
    version = Version(
        uid=event_uid(session.public_id, base_url),
        # Its place and whether it takes place are the event's too.
        sequence=event.calendar_sequence + session.calendar_sequence,
        stamp=max(session.calendar_changed_at, event.calendar_changed_at),
        cancelled=session.is_cancelled or event.state is EventState.CANCELLED,
    )
    return session_entry(
        EventFacts.of(event, with_days=False), SessionFacts.of(session), version, base_url=base_url, mode=mode
    )
