"""The one entry that a member of a series has for its meetings: when its version rises, and when it is sent anew.

Who wants entries by session has those in the stead of a meeting that has sessions of theirs: that date is then left out
of the entry of the series, as one at which they have no place is.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from webapp.models.calendars import Invitation
from webapp.models.events import Event
from webapp.models.registrations import Registration
from webapp.notices import series as notices
from webapp.notices.letters import Notice
from webapp.queries import calendars as queries
from webapp.queries.series import find_member, load_series, meetings_to_come, series_of, standing_entries
from webapp.services.calendars import facts_of_series


def members_at(event: Event, person_ids: Collection[int]) -> dict[int, Invitation]:
    """The entries of the series that the event belongs to, which hold it or could, by the person's id."""
    return standing_entries(event.series_id, person_ids) if event.series_id is not None else {}


def by_own_sessions(event: Event, person_ids: Collection[int]) -> set[int]:
    """Who of these people wants entries by session, and has sessions of their own at the event."""
    choices = queries.choices_of(person_ids)
    wanting = [one for one in person_ids if one in choices and choices[one].by_session]
    own = queries.own_sessions(event.id, wanting)[1] if wanting else {}
    return {one for one in wanting if own[one]}


def renew_meeting(event: Event, registrations: Sequence[Registration], *, now: datetime) -> dict[int, Invitation]:
    """The entries of those who have this meeting in that of its series, in their next version, by the person's id."""
    found = members_at(event, [row.person_id for row in registrations])
    if not found:
        return {}
    load_series(event)
    apart = by_own_sessions(event, found)
    held = {person_id: invitation for person_id, invitation in found.items() if person_id not in apart}
    for invitation in held.values():
        invitation.sequence += 1
        invitation.changed_at = now
    return held


def is_divided(series_id: int, person_id: int, *, now: datetime) -> bool:
    """Whether it makes a difference to the entry of a series if this person wants entries by session."""
    coming = meetings_to_come(series_id, now=now)
    return any(queries.own_sessions(event.id, [person_id])[1][person_id] for event in coming)


def send_anew(person_id: int, *, divided: bool, reminded: bool, now: datetime) -> Iterator[Notice]:
    """The entries of a person's series that are not over, as they are by a choice just made: a letter for each.

    A choice of `divided` entries is a new version where it makes a difference; one to be `reminded` otherwise is none.
    """
    for series, invitation in series_of(person_id):
        moved = divided and is_divided(series.id, person_id, now=now)
        if moved or (reminded and meetings_to_come(series.id, now=now)):
            yield from renewed(series.id, invitation, moved=moved, now=now)


def renewed(series_id: int, invitation: Invitation, *, moved: bool, now: datetime) -> Iterator[Notice]:
    """A letter with the whole entry of a series for one member, in its next version where meetings came or went."""
    member = find_member(series_id, invitation.person_id)
    if member is None or member.left_at is not None:
        return
    invitation.sequence += moved
    invitation.changed_at = now
    yield notices.entry(member, facts_of_series(member.series, member.person_id), invitation)
