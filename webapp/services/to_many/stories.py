"""How an event may go for somebody: each letter that a person who is in no database would be sent, as it comes about.

The notices of the service are made for invented people, with what the event is. Nothing is written and nothing sent.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

from webapp.models.accounts import Alarm
from webapp.models.agenda import Session
from webapp.models.attendance import Came
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, Mode
from webapp.models.mailings import Recipient
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.models.speakers import Speaker, SpeakerInvitation
from webapp.notices import events as event_notices
from webapp.notices import registrations as notices
from webapp.notices import sign_ups as sign_up_notices
from webapp.notices import speakers as speaker_notices
from webapp.notices.agenda import Writer
from webapp.notices.letters import ChangeFacts, EventFacts, LetterFacts, Notice, SessionFacts, StandFacts, dump
from webapp.queries.setting_up import Addressee

NAME, EMAIL = "Robin Ashdown (invented)", "robin.ashdown@example.org"
# The public id and the nonce of nobody: the links in the letters open nothing.
NOBODY, NONCE = "222222222222", "rehearsed"
ENTRY, SESSION_ENTRY = "rehearsal", "rehearsal-of-a-session"
_S = RegistrationState


@dataclass(frozen=True, kw_only=True)
class Story:
    """One way in which an event may go for somebody; `ends` is what becomes of their registration, None for none."""

    key: str
    title: str
    ends: RegistrationState | None = RegistrationState.CONFIRMED
    waits: bool = False
    came: Came = Came.CAME
    changes: bool = False
    called_off: bool = False

    def fits(self, event: Event) -> bool:
        """Whether it can go so at this event, as it is set up."""
        if self.ends is _S.DECLINED:
            return event.needs_approval
        return self.ends is not _S.LAPSED or event.offer_hours > 0


STORIES = (
    Story(key="came", title="Gets a place at once, and comes"),
    Story(key="missed", title="Gets a place at once, and misses it", came=Came.MISSED),
    Story(key="waiting", title="Waits first, then gets a place, and comes", waits=True),
    Story(key="lapses", title="Waits, and does not take the place offered", waits=True, ends=_S.LAPSED),
    Story(key="declined", title="Asks for a place, and is not approved", ends=_S.DECLINED),
    Story(key="gives_up", title="Gets a place, and gives it up", ends=_S.CANCELLED),
    Story(key="changes", title="Gets a place, and the event and its agenda change", changes=True),
    Story(key="called_off", title="Gets a place, and the event is cancelled", called_off=True),
    Story(key="waits_in_vain", title="Waits, and the event is cancelled", waits=True, ends=_S.WAITING, called_off=True),
    Story(key="speaks", title="Speaks, and the agenda changes", ends=None, changes=True),
    Story(key="speaks_in_vain", title="Speaks, and the event is cancelled", ends=None, called_off=True),
)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What happens at a moment, the letter that it makes if any, and how the registration stands from then on."""

    at: datetime
    what: str
    state: RegistrationState | None = None
    notice: Notice | None = None


def told(event: Event, story: Story, at: datetime) -> Iterator[Moment]:
    """All that follows for one person who begins then, rules aside; the event must have its days loaded."""
    life = _speaks(event, story, at) if story.ends is None else _takes_part(event, story, at)
    yield from life
    if story.called_off:
        return
    yield Moment(at=event.starts_at, what="The event begins", state=story.ends)
    ends = "The event ends, missed" if story.came is Came.MISSED else "The event ends"
    if story.ends in {None, _S.CONFIRMED}:
        yield Moment(at=event.ends_at, what=ends, state=story.ends)


def _takes_part(event: Event, story: Story, at: datetime) -> Iterator[Moment]:
    placed_at = yield from _before_a_place(event, story, at)
    if placed_at is None:
        return
    at = placed_at
    promoted = story.waits and not event.offer_hours
    letter = (notices.promoted if promoted else notices.confirmed)(
        registration(event, _S.CONFIRMED, at), event, _entry(at)
    )
    as_it_was = _as_it_was(event) if story.changes else None
    if as_it_was is not None:
        letter = replace(letter, facts=letter.facts | dump(LetterFacts(event=as_it_was)))
    what = "A freed place goes to this person" if promoted else "Has a place"
    yield Moment(at=at, what=what, state=_S.CONFIRMED, notice=letter)
    if story.ends is _S.CANCELLED:
        at += timedelta(days=2)
        gone = notices.cancelled(registration(event, _S.CANCELLED, at), event, _entry(at, Method.CANCEL, 1))
        yield Moment(at=at, what="Gives the place up", state=_S.CANCELLED, notice=gone)
    if as_it_was is not None:
        yield from _changes(event, as_it_was, at)
    if story.called_off:
        yield from _called_off_with_a_session(event, at)


def _before_a_place(event: Event, story: Story, at: datetime) -> Generator[Moment, None, datetime | None]:
    """What comes before there is a place; gives when that is, or None where it never comes to it."""
    if event.needs_approval:
        pending = registration(event, _S.PENDING, at)
        yield Moment(at=at, what="Asks for a place", state=_S.PENDING, notice=notices.pending(pending, event))
        at += timedelta(hours=2)
    if story.ends is _S.DECLINED:
        refused = notices.declined(registration(event, _S.DECLINED, at), event, "")
        yield Moment(at=at, what="An organiser does not approve it", state=_S.DECLINED, notice=refused)
        return None
    if not story.waits:
        return at
    waiting = notices.waiting(registration(event, _S.WAITING, at), event, 1)
    yield Moment(at=at, what="All places are taken: goes on the waiting list", state=_S.WAITING, notice=waiting)
    if story.ends is _S.WAITING:
        yield _called_off(event, _S.WAITING, at + _pace(event, at, 2))
        return None
    at += timedelta(days=1)
    if not event.offer_hours:
        return at
    offered, until = registration(event, _S.OFFERED, at), at + timedelta(hours=event.offer_hours)
    offered.offered_until = until
    notice = notices.offered(offered, event)
    yield Moment(at=at, what="A place comes free and is offered", state=_S.OFFERED, notice=notice)
    if story.ends is not _S.LAPSED:
        return at + timedelta(hours=1)
    lapsed = notices.lapsed(registration(event, _S.LAPSED, until), event)
    yield Moment(at=until, what="The offer is not taken, and goes to the next", state=_S.LAPSED, notice=lapsed)
    return None


def _changes(event: Event, as_it_was: EventFacts, at: datetime) -> Iterator[Moment]:
    """The event moves, and a session moves, gets another link and is cancelled by releases of the agenda."""
    step = _pace(event, at, 7)
    session, stood = _session(event), _stands(event)
    yield _signs_up(event, session, at + step)
    at += 2 * step
    (notice,) = event_notices.changed(
        event, as_it_was, [_addressee(event, _S.CONFIRMED, 1)], joining_changed=bool(event.joining_url), now=at
    )
    yield Moment(at=at, what="The event changes", state=_S.CONFIRMED, notice=notice)
    moved = replace(stood, room="Another room")
    steps = (
        ("A release of the agenda moves that session", "moved", moved),
        ("Another release gives it another link to join", "changed", moved),
        ("Another release cancels it", "cancelled", None),
    )
    for sequence, (what, kind, after) in enumerate(steps, start=1):
        at += step
        before = stood if kind == "moved" else moved
        change = _change(session, kind, before, after)
        method = Method.CANCEL if kind == "cancelled" else Method.REQUEST
        entry = _entry(at, method, sequence, SESSION_ENTRY)
        letter = Writer(event).session_changed(_recipient(event), SessionFacts.of(session), change, entry, ())
        yield Moment(at=at, what=what, state=_S.CONFIRMED, notice=letter)
    at += step
    plenary = _change(_session(event, "A plenary of this event (invented)"), "moved", stood, moved)
    letter = Writer(event).agenda_changed(_recipient(event), [plenary], ())
    yield Moment(at=at, what="Another release moves a plenary", state=_S.CONFIRMED, notice=letter)


def _called_off_with_a_session(event: Event, at: datetime) -> Iterator[Moment]:
    session, step = _session(event), _pace(event, at, 3)
    at, at_last = at + step, at + 2 * step
    yield _signs_up(event, session, at)
    yield _called_off(event, _S.CONFIRMED, at_last)
    change = _change(session, "cancelled", _stands(event), None)
    withdrawal = _entry(at_last, Method.CANCEL, 1, SESSION_ENTRY)
    letter = Writer(event).session_changed(_recipient(event), SessionFacts.of(session), change, withdrawal, ())
    yield Moment(at=at_last, what="Its session goes with it", notice=letter)


def _signs_up(event: Event, session: Session, at: datetime) -> Moment:
    holder, entry = registration(event, _S.CONFIRMED, at), _entry(at, uid=SESSION_ENTRY)
    letter = sign_up_notices.signed_up(holder, event, session, entry)
    return Moment(at=at, what="Signs up for a session", state=_S.CONFIRMED, notice=letter)


def _called_off(event: Event, state: RegistrationState, at: datetime) -> Moment:
    (notice,) = event_notices.cancelled(event, [_addressee(event, state, 1)], now=at)
    return Moment(at=at, what="The event is cancelled", notice=notice)


def _speaks(event: Event, story: Story, at: datetime) -> Iterator[Moment]:
    session, stood = _session(event, "A session that they give (invented)"), _stands(event)
    asked = speaker_notices.invited(
        cast("SpeakerInvitation", SimpleNamespace(public_id=NOBODY, nonce=NONCE, email=EMAIL)),
        cast("Speaker", SimpleNamespace(name=NAME, person_id=None)),
        event,
        [cast("DraftSession", session)],
    )
    yield Moment(at=at, what="Is asked to speak", notice=asked)
    step = _pace(event, at, 4)
    who = Recipient(person_id=None, name=NAME, email=EMAIL)
    released = ("The agenda is released with the session", "new", None, stood)
    changes: list[tuple[str, str, StandFacts | None, StandFacts | None]] = [released]
    if story.changes:
        moved = replace(stood, room="Another room")
        changes += [("Another release moves the session", "moved", stood, moved)]
        changes += [("Another release cancels it", "cancelled", moved, None)]
    for what, kind, before, after in changes:
        at += step
        letter = Writer(event).agenda_changed(who, [_change(session, kind, before, after)], (), speaks=True)
        yield Moment(at=at, what=what, notice=letter)
    if story.called_off:
        (notice,) = event_notices.cancelled_for_speakers(event, [who])
        yield Moment(at=at + step, what="The event is cancelled", notice=notice)


def registration(event: Event, state: RegistrationState, at: datetime) -> Registration:
    """The registration of the invented person, as they stand then."""
    # It is given no event as an object: that would put it into the session, and so into the database.
    return Registration(
        public_id=NOBODY,
        event_id=event.id,
        person_id=0,
        state=state,
        mode=mode_at(event),
        arrival=1,
        name=NAME,
        email=EMAIL,
        organisation_name="Marlbridge Council (invented)",
        sector=Sector.LOCAL_AUTHORITY,
        link_nonce=NONCE,
        registered_at=at,
        language="en-GB",
    )


def mode_at(event: Event) -> Mode:
    """How the invented person takes part."""
    return event.modes[0] if event.modes else Mode.ONLINE


def _pace(event: Event, at: datetime, parts: int) -> timedelta:
    """So many of these fill the time until the event begins, in whole days or hours where there is time for them."""
    each = (event.starts_at - at) / parts
    unit = next((one for one in (timedelta(days=1), timedelta(hours=1)) if each >= one), None)
    return each // unit * unit if unit else each


def _as_it_was(event: Event) -> EventFacts:
    """The event as it may have been: an hour later, or where no times are known, under another title."""
    facts = EventFacts.of(event)
    first = facts.days[0]
    if first.starts is None or first.starts < time(1):
        return replace(facts, title=f"{facts.title} (as it was called)")
    earlier = replace(first, starts=first.starts.replace(hour=first.starts.hour - 1))
    return replace(facts, days=[earlier, *facts.days[1:]])


def _session(event: Event, title: str = "A session of this event (invented)") -> Session:
    first = event.days[0]
    values: dict[str, Any] = {
        "public_id": NOBODY,
        "slug": "a-session",
        "title": title,
        "summary": "",
        # No day of the event's as an object, which would draw it into the session.
        "day": SimpleNamespace(date=first.date),
        "starts": first.starts,
        "ends": first.ends,
        "room": "",
    }
    return cast("Session", SimpleNamespace(**values))


def _stands(event: Event) -> StandFacts:
    first = event.days[0]
    return StandFacts(date=first.date, starts=first.starts, ends=first.ends, stream="", room="")


def _change(session: Session, kind: str, before: StandFacts | None, after: StandFacts | None) -> ChangeFacts:
    return ChangeFacts(
        kind=kind,
        title=session.title,
        public_id=session.public_id,
        slug=session.slug,
        before=before,
        after=after,
        is_relinked=kind == "changed",
    )


def _recipient(event: Event) -> Recipient:
    return Recipient(person_id=0, name=NAME, email=EMAIL, mode=mode_at(event), link_id=NOBODY, link_nonce=NONCE)


def _addressee(event: Event, state: RegistrationState, sequence: int) -> Addressee:
    has_entry = state is _S.CONFIRMED
    return Addressee(
        person_id=0,
        name=NAME,
        email=EMAIL,
        public_id=NOBODY,
        link_nonce=NONCE,
        state=state,
        mode=mode_at(event),
        uid=ENTRY if has_entry else None,
        sequence=sequence if has_entry else None,
        alarm=Alarm.NONE,
        in_series=False,
    )


def _entry(at: datetime, method: Method = Method.REQUEST, sequence: int = 0, uid: str = ENTRY) -> Invitation:
    return Invitation(uid=uid, sequence=sequence, method=method, changed_at=at, alarm=Alarm.NONE)
