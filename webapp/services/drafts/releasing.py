"""Releasing a draft: it becomes the agenda under the next number, and exactly those concerned are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp import outbox
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.agenda import Session, Stream
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import AgendaDraft, AgendaRelease, DraftSession, DraftStream
from webapp.models.events import Event, Places
from webapp.notices.agenda import Writer
from webapp.notices.letters import Notice, SessionFacts
from webapp.queries import agenda as agenda_queries
from webapp.queries import drafts as queries
from webapp.queries import events as event_queries
from webapp.queries.calendars import by_session_at
from webapp.queries.releases import session_invitations, signed_up_for
from webapp.services import sign_ups
from webapp.services.activity import record
from webapp.services.calendar_entries import follow
from webapp.services.drafts.applying import drop_streams, write_places, write_sessions, write_streams
from webapp.services.drafts.changing import DraftRefused
from webapp.services.drafts.conflicts import Conflict, conflicts_of
from webapp.services.drafts.differences import Change, ChangeKind, differences, planned
from webapp.services.drafts.telling import Audience, Told, audience_of, facts_of
from webapp.services.search import index_event


class NothingToRelease(DraftRefused):
    """The draft says what the released agenda says."""

    code = "nothing_to_release"
    message = "The draft is the same as the agenda that everybody sees, so there is nothing to release."


class HasErrors(DraftRefused):
    """Something in the draft must be put right first."""

    code = "has_errors"
    message = "The draft has errors. Put them right, then release it."


class PeopleChanged(DraftRefused):
    """Others than were confirmed would be told: so many more or fewer."""

    code = "people_changed"

    def __init__(self, confirmed: int, stands: int) -> None:
        super().__init__(
            f"The summary that you read named {confirmed:,} to be told; by now it would be {stands:,}. Read the summary"
            " as it is now, then release it."
        )


class DraftMoved(DraftRefused):
    """The draft changed after the summary was read."""

    code = "draft_moved"
    message = "The draft has changed since you read the summary. Read it as it is now, then release it."


# While the summary is read and the release waits for its turn some people register and others leave. Somebody who
# confirmed for 10,000 meant those few too; and of few people no share is meant.
DRIFT = 0.05
FEW = 10


@dataclass(frozen=True, kw_only=True)
class Review:
    """What organisers read before a release: what would change, what is wrong, and who would be told."""

    version: int
    number: int
    changes: Sequence[Change]
    conflicts: Sequence[Conflict]
    audience: Audience
    unplaced: Sequence[DraftSession]
    # Whether streams have other names or another order, or there are others.
    streams_differ: bool = False

    @property
    def errors(self) -> list[Conflict]:
        return [conflict for conflict in self.conflicts if conflict.is_error]


def review(event: Event, *, now: datetime) -> Review:
    """What a release would do now; reads only. Raises NotFound while there is no draft."""
    drafts = queries.draft_sessions_of(event.id, whole=True)
    released = agenda_queries.agenda_of(event.id, whole=True)
    return _review(event, queries.get_draft(event.id), drafts, released, now)


def release(
    event_id: int, *, version: int, note: str, actor: Actor, now: datetime, people: int | None = None
) -> AgendaRelease:
    """Make the draft the agenda, under the next number, and tell those whom it concerns, all in one.

    Raises DraftMoved unless the draft is of the version whose summary was read, PeopleChanged unless about as many
    would be told as were confirmed (None: any number), HasErrors, NothingToRelease, and NotFound without a draft.
    """
    draft = queries.lock_draft(event_id)
    # Before the event's own row is touched, as whoever signs up does; and nobody signs up past a limit just checked.
    places = queries.lock_session_places(event_id)
    event = event_queries.get_fresh_event(event_id)
    check_version(draft, version)
    drafts = queries.draft_sessions_of(event_id, whole=True)
    released = agenda_queries.agenda_of(event_id, whole=True)
    found = _review(event, draft, drafts, released, now)
    check(found, people=people)

    written = _apply(event, found.changes, drafts, released, places, now)
    row = _number(event, found, draft, drafts, note, actor, now)
    record(
        "agenda_released",
        ThingKind.RELEASE,
        row.id,
        actor=actor,
        now=now,
        event_id=event_id,
        number=row.number,
        told=row.people_told,
    )
    sessions = {session.id: session for session in written}
    outbox.post_many(_letters(event, found, sessions, now), now=now)
    follow(event, by_session_at(event.id), now=now)
    # After all have been told what moved: who moves up by it reads that in a letter of its own.
    sign_ups.fill_all(event, now=now)
    return row


def check_version(draft: AgendaDraft, version: int) -> None:
    """Raise DraftMoved unless the draft is of the version whose summary was read."""
    if draft.version != version:
        raise DraftMoved


def check(found: Review, *, people: int | None) -> None:
    """Raise the refusal, with its reason, unless this can be released as it was confirmed."""
    if found.errors:
        raise HasErrors
    if not found.changes and not found.streams_differ:
        raise NothingToRelease
    stands = found.audience.people
    if people is not None and abs(stands - people) > max(FEW, DRIFT * people):
        raise PeopleChanged(people, stands)


def _review(
    event: Event, draft: AgendaDraft, drafts: Sequence[DraftSession], released: Sequence[Session], now: datetime
) -> Review:
    places = queries.session_places_of(event.id)
    changes = differences(drafts, released, places, event.modes)
    return Review(
        version=draft.version,
        number=queries.last_number(event.id) + 1,
        changes=changes,
        conflicts=conflicts_of(drafts, places),
        audience=audience_of(event, changes, drafts, now),
        streams_differ=_streams(queries.draft_streams_of(event.id)) != _streams(agenda_queries.streams_of(event.id)),
        unplaced=[one for one in drafts if not one.is_placed and not one.is_cancelled and one.session_id is None],
    )


def _streams(streams: Sequence[DraftStream] | Sequence[Stream]) -> list[tuple[str, str]]:
    """Streams as everybody sees them: which there are, by what names, in which order."""
    return [(one.public_id, one.name) for one in streams]


def _apply(
    event: Event,
    changes: Sequence[Change],
    drafts: Sequence[DraftSession],
    released: Sequence[Session],
    places: Sequence[Places],
    now: datetime,
) -> list[Session]:
    planned_streams = queries.draft_streams_of(event.id)
    streams = write_streams(event, planned_streams)
    written = write_sessions(event, changes, streams, now=now)
    write_places(event, drafts, places)
    drop_streams(event, planned_streams, [*released, *written])
    standing = [draft for draft in drafts if draft.is_placed and not draft.is_cancelled]
    index_event(event, [text for draft in standing for text in (draft.title, draft.summary)])
    return written


def _number(
    event: Event,
    found: Review,
    draft: AgendaDraft,
    drafts: Sequence[DraftSession],
    note: str,
    actor: Actor,
    now: datetime,
) -> AgendaRelease:
    draft.released_version = draft.version
    row = AgendaRelease(
        event_id=event.id,
        number=found.number,
        released_at=now,
        released_by_id=actor.person_id,
        note=note,
        changes=[change.plain() for change in found.changes],
        agenda={"sessions": [_kept(one) for one in drafts if one.is_placed]},
        people_told=found.audience.people,
        organisations_told=found.audience.organisations,
        clashes=found.audience.clashing,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _kept(draft: DraftSession) -> dict[str, Any]:
    """A session as an old version of the agenda shows it."""
    stands = planned(draft)
    return {
        "session": draft.public_id,
        "title": draft.title,
        "summary": draft.summary,
        "kind": draft.kind.value,
        "cancelled": draft.is_cancelled,
        **(stands.plain() if stands else {}),
        "people": [
            {
                "name": one.speaker.name if one.speaker else "",
                "organisation": one.organisation.name if one.organisation else "",
                "role": one.role.value,
            }
            for one in draft.contributions
        ],
    }


def _letters(event: Event, found: Review, sessions: Mapping[int, Session], now: datetime) -> list[Notice]:
    """For each person one letter a session that they signed up for, with its calendar, and one on all else."""
    writer = Writer(event)
    # Once for all who are told of it: everybody who writes may be waiting for the lock.
    facts = {change.draft.id: facts_of(change, event, now) for change in found.changes}
    told = found.audience.told
    invitations = session_invitations(
        {change.released.id for one in told for change in one.changes if change.released is not None}
    )
    insiders = signed_up_for({session_id for _, session_id in invitations})
    letters = []
    for one in told:
        rest = []
        for change in one.changes:
            invitation = _invitation(one, change, invitations)
            if invitation is None:
                rest.append(change)
                continue
            _renew(invitation, change, now)
            session = SessionFacts.of(sessions[invitation.thing_id])
            signed_up = (invitation.person_id, invitation.thing_id) in insiders
            letters.append(
                writer.session_changed(
                    one.recipient, session, facts[change.draft.id], invitation, one.clashes, signed_up=signed_up
                )
            )
        if rest:
            those = [facts[change.draft.id] for change in rest]
            letters.append(writer.agenda_changed(one.recipient, those, one.clashes, speaks=one.speaks))
    return letters


def _invitation(one: Told, change: Change, invitations: Mapping[tuple[int, int], Invitation]) -> Invitation | None:
    if one.speaks or change.released is None or one.recipient.person_id is None:
        return None
    return invitations.get((one.recipient.person_id, change.released.id))


def _renew(invitation: Invitation, change: Change, now: datetime) -> None:
    invitation.sequence += 1
    invitation.method = Method.CANCEL if change.kind is ChangeKind.CANCELLED else Method.REQUEST
    invitation.changed_at = now
