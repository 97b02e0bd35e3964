"""Whom a release concerns: who chose, signed up for or speaks in what has moved or is cancelled, and no one else.

A plenary is everybody's: when one moves or is cancelled, all who have a place are told. A new session or another text
moves nobody; those who speak in a new session are told that they do. Another link to join is told to those of them who
may have seen the old one on the joining page.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import combinations

from webapp.folding import fold_email
from webapp.models.agenda import SessionKind
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, EventState, Mode, moment
from webapp.models.mailings import Recipient
from webapp.notices.letters import ChangeFacts, StandFacts
from webapp.queries import releases as queries
from webapp.services.drafts.differences import Change, ChangeKind, Stand


@dataclass(frozen=True, kw_only=True)
class Told:
    """One person, the changes that concern them, and what now runs at the same time of what they chose."""

    recipient: Recipient
    changes: Sequence[Change]
    clashes: Sequence[tuple[str, str]] = ()
    speaks: bool = False


@dataclass(frozen=True, kw_only=True)
class Audience:
    """All who would be told of a release."""

    told: Sequence[Told] = field(default_factory=tuple)
    # Names of speakers whom it concerns and whose address is not known.
    unreached: Sequence[str] = field(default_factory=tuple)

    @property
    def people(self) -> int:
        return len({one.recipient.email for one in self.told})

    @property
    def organisations(self) -> int:
        """How many organisations they come from, as far as they said."""
        return len({one.recipient.organisation for one in self.told if one.recipient.organisation})

    @property
    def clashing(self) -> int:
        """How many of them have two things at once after it."""
        return len({one.recipient.email for one in self.told if one.clashes})


def audience_of(event: Event, changes: Sequence[Change], drafts: Sequence[DraftSession], now: datetime) -> Audience:
    """Who would be told of these changes; nobody while the event is not public, or once it is over."""
    if event.state is not EventState.PUBLISHED or now >= event.ends_at:
        return Audience()
    to_come = [change for change in changes if not _is_over(change, event, now)]
    told = [change for change in to_come if change.is_to_be_told]
    relinked = [change for change in to_come if change.is_relinked and not change.is_to_be_told]
    if not _shows_links(event, now):
        relinked = []
    speaking, unreached = _speakers(event, [*told, *(one for one in changes if one.kind is ChangeKind.NEW)])
    return Audience(told=[*_attendees(event, told, relinked, drafts), *speaking], unreached=unreached)


def facts_of(change: Change, event: Event, now: datetime) -> ChangeFacts:
    """A change as letters tell it."""
    return ChangeFacts(
        kind=change.kind.value,
        title=change.title,
        public_id=change.draft.public_id,
        slug=change.released.slug if change.released else "",
        before=_stand(change.before),
        after=_stand(change.after),
        is_relinked=change.is_relinked and _shows_links(event, now),
    )


def _attendees(
    event: Event, changes: Sequence[Change], relinked: Sequence[Change], drafts: Sequence[DraftSession]
) -> Iterable[Told]:
    by_session = _by_session([*changes, *relinked])
    if not by_session:
        return
    plans = queries.plans_of(event.id)
    confirmed = queries.confirmed_of(event.id)
    moved, links = _by_session(changes), _by_session(relinked)
    insiders = queries.signed_up_for(links)
    everybodys = [change for change in (*changes, *relinked) if change.draft.kind is SessionKind.PLENARY]
    concerned = {person for person, chosen in plans.items() if not chosen.isdisjoint(by_session)}
    others = queries.others_of(event.id, concerned - set(confirmed))
    spans = _spans(event, drafts)
    for person_id in sorted(set(confirmed) | set(others) if everybodys else concerned):
        recipient = confirmed.get(person_id) or others.get(person_id)
        if recipient is None:
            continue
        chosen = plans.get(person_id, set())
        own = [by_session[session] for session in by_session if session in chosen]
        own += [change for change in everybodys if change not in own and person_id in confirmed]
        hidden = {
            id(change)
            for session, change in links.items()
            if recipient.mode is not Mode.ONLINE
            or (change.draft.takes_sign_ups and (person_id, session) not in insiders)
        }
        if own := [change for change in own if id(change) not in hidden]:
            yield Told(recipient=recipient, changes=own, clashes=_clashes(chosen, moved, spans))


def _by_session(changes: Sequence[Change]) -> dict[int, Change]:
    return {change.released.id: change for change in changes if change.released is not None}


def _speakers(event: Event, changes: Sequence[Change]) -> tuple[list[Told], list[str]]:
    """Who speaks in these sessions, or did until now; beside them the names of those whose address is not known."""
    spoken: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        named = [*change.draft.contributions, *(change.released.contributions if change.released else ())]
        for speaker_id in {one.speaker_id for one in named if one.speaker_id is not None}:
            spoken[speaker_id].append(change)
    found = queries.speakers_to_tell(event.id, set(spoken))
    # Two profiles may be one person's: one letter for each address, to the name of the older.
    by_address: dict[str, list[int]] = defaultdict(list)
    for one in sorted(found):
        by_address[fold_email(found[one].email)].append(one)
    told = [
        Told(
            recipient=found[those[0]],
            changes=[change for change in changes if any(change in spoken[one] for one in those)],
            speaks=True,
        )
        for those in by_address.values()
    ]
    return told, queries.names_of_speakers(set(spoken) - set(found))


def _spans(event: Event, drafts: Sequence[DraftSession]) -> dict[int, tuple[str, datetime, datetime]]:
    """When each released session will run, by its id."""
    return {
        one.session_id: (
            one.title,
            moment(one.day.date, one.starts, event.zone),
            moment(one.day.date, one.ends, event.zone),
        )
        for one in drafts
        if one.session_id is not None and one.day is not None and one.starts and one.ends and not one.is_cancelled
    }


def _clashes(
    chosen: Iterable[int], changed: Mapping[int, Change], spans: Mapping[int, tuple[str, datetime, datetime]]
) -> list[tuple[str, str]]:
    """Pairs of what somebody chose that run at the same time, of which at least one has changed."""
    timed = sorted((spans[one][1], spans[one][2], one) for one in chosen if one in spans)
    return [
        (spans[one][0], spans[other][0])
        for (_, ends, one), (starts, _, other) in combinations(timed, 2)
        if starts < ends and (one in changed or other in changed)
    ]


def _shows_links(event: Event, now: datetime) -> bool:
    """Whether the joining page shows links by now; before, nobody has one that could be wrong."""
    return event.joining_from is None or event.joining_from <= now


def _is_over(change: Change, event: Event, now: datetime) -> bool:
    """Whether it was over before, and is not to be again: nobody needs to hear of it."""
    stands = [one for one in (change.before, change.after) if one is not None]
    return all(_ends(one, event) <= now for one in stands)


def _ends(one: Stand, event: Event) -> datetime:
    ends = time.fromisoformat(one.ends) if one.ends else None
    return moment(datetime.fromisoformat(one.date).date(), ends, event.zone, end=True)


def _stand(one: Stand | None) -> StandFacts | None:
    if one is None:
        return None
    return StandFacts(
        date=datetime.fromisoformat(one.date).date(),
        starts=time.fromisoformat(one.starts) if one.starts else None,
        ends=time.fromisoformat(one.ends) if one.ends else None,
        stream=one.stream,
        room=one.room,
    )
