"""What a letter is before it is written: its notice, its recipient, and the facts as they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Protocol

from pydantic import TypeAdapter

from webapp.models.accounts import Alarm, Role, ThingKind
from webapp.models.agenda import Session
from webapp.models.calendars import Invitation, Method
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, Mode
from webapp.models.mailings import Lane, MailKind
from webapp.models.registrations import RegistrationState
from webapp.models.series import Repeat, Series
from webapp.notices.community_facts import CommunityFacts, CommunityNews, CommunityTold
from webapp.notices.membership_facts import MembershipFacts


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A letter to be posted: the name of its templates, whom to, and the facts they tell, fit for JSON."""

    name: str
    recipient_name: str
    recipient_email: str
    facts: dict[str, Any]
    lane: Lane = Lane.ORDINARY
    # One that may be declined goes to a person, with the link of a registration in its facts.
    kind: MailKind = MailKind.PLACE
    reply_to: str = ""
    person_id: int | None = None
    event_id: int | None = None
    mailing_id: int | None = None
    post_id: int | None = None
    expires_at: datetime | None = None


class Registered(Protocol):
    """Somebody with a registration, as letters to many of them need to know them."""

    @property
    def person_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def public_id(self) -> str: ...
    @property
    def link_nonce(self) -> str: ...
    @property
    def state(self) -> RegistrationState: ...
    @property
    def mode(self) -> Mode: ...


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """One day of an event, local."""

    date: date
    starts: time | None
    ends: time | None


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What letters and calendars say of an event."""

    public_id: str
    slug: str
    title: str
    summary: str
    zone: str
    days: list[DayFacts]
    modes: list[Mode]
    venue: str
    organiser_name: str
    organiser_email: str
    language: str
    offer_hours: int

    @classmethod
    def of(cls, event: Event, *, with_days: bool = True) -> "EventFacts":
        """The facts of an event whose days are loaded; without them where only a session is told of."""
        return cls(
            public_id=event.public_id,
            slug=event.slug,
            title=event.title,
            summary=event.summary,
            zone=event.zone,
            days=[DayFacts(date=day.date, starts=day.starts, ends=day.ends) for day in event.days] if with_days else [],
            modes=event.modes,
            venue=event.venue,
            organiser_name=event.organiser_name,
            organiser_email=event.organiser_email,
            language=event.language,
            offer_hours=event.offer_hours,
        )


@dataclass(frozen=True, kw_only=True)
class InvitationFacts:
    """The calendar entry that goes with a letter."""

    uid: str
    sequence: int
    method: Method
    stamp: datetime
    alarm: Alarm = Alarm.NONE

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationFacts":
        """The facts of an invitation as it now stands."""
        return cls(
            uid=invitation.uid,
            sequence=invitation.sequence,
            method=invitation.method,
            stamp=invitation.changed_at,
            alarm=invitation.alarm,
        )

    @classmethod
    def with_series(
        cls, invitation: Invitation | None, event: Event, method: Method
    ) -> tuple["InvitationFacts | None", "SeriesFacts | None"]:
        """What goes with a letter about an event: its own entry, or its place in that of the series it belongs to."""
        if invitation is None:
            return None, None
        facts = cls.of(invitation)
        if invitation.thing_kind is not ThingKind.SERIES or event.series is None:
            return facts, None
        # The entry of the series stands; it is this one meeting that comes or goes.
        return replace(facts, method=method), SeriesFacts.of(event.series, on=event.series_on)


@dataclass(frozen=True, kw_only=True)
class SpokenFacts:
    """A session that a speaker is asked about, as it is planned, local; without a date it has no place yet."""

    title: str
    date: date | None
    starts: time | None
    ends: time | None

    @classmethod
    def of(cls, session: DraftSession) -> "SpokenFacts":
        """The facts of a planned session whose day is loaded."""
        day = session.day.date if session.day else None
        return cls(title=session.title, date=day, starts=session.starts, ends=session.ends)


@dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """What letters and calendars say of a session; times are local."""

    public_id: str
    slug: str
    title: str
    summary: str
    date: date
    starts: time | None
    ends: time | None
    room: str

    @classmethod
    def of(cls, session: Session) -> "SessionFacts":
        """The facts of a session whose day is loaded."""
        return cls(
            public_id=session.public_id,
            slug=session.slug,
            title=session.title,
            summary=session.summary,
            date=session.day.date,
            starts=session.starts,
            ends=session.ends,
            room=session.room,
        )


@dataclass(frozen=True, kw_only=True)
class StandFacts:
    """Where a session stands, or stood."""

    date: date
    starts: time | None
    ends: time | None
    stream: str
    room: str


@dataclass(frozen=True, kw_only=True)
class ChangeFacts:
    """What a release of the agenda changed about one session: new, moved, cancelled, restored, or only its link.

    Of `organiser` it is when whoever organises the event is written to elsewhere.
    """

    kind: str
    title: str
    public_id: str
    slug: str
    before: StandFacts | None
    after: StandFacts | None
    # Whether the link to join that it had is another now, or gone; which it is, no letter tells.
    is_relinked: bool = False


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """One meeting of a series: its date by the rule, and the event as it stands; None where it does not stand."""

    on: date
    event: EventFacts | None = None


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """What letters and calendars say of a series; `on` names the one meeting, by the rule, that a letter is about."""

    public_id: str
    slug: str
    title: str
    zone: str
    first_on: date
    starts: time
    ends: time
    repeat: Repeat
    every: int
    number: int
    organiser_name: str
    organiser_email: str
    venue: str
    on: date | None = None
    meetings: list[MeetingFacts] = field(default_factory=list)

    @classmethod
    def of(cls, series: Series, *, on: date | None = None, meetings: Sequence[MeetingFacts] = ()) -> "SeriesFacts":
        """The facts of a series, and of its meetings as far as they are given."""
        return cls(
            public_id=series.public_id,
            slug=series.slug,
            title=series.title,
            zone=series.zone,
            first_on=series.first_on,
            starts=series.starts,
            ends=series.ends,
            repeat=series.repeat,
            every=series.every,
            number=series.number,
            organiser_name=series.organiser_name,
            organiser_email=series.organiser_email,
            venue=series.venue,
            on=on,
            meetings=list(meetings),
        )


@dataclass(frozen=True, kw_only=True)
class MaterialFacts:
    """A file that goes with a letter: inside it under its digest, or else by the public id of its address."""

    title: str
    filename: str
    media_type: str
    size: int
    digest: str = ""
    public_id: str = ""


@dataclass(frozen=True, kw_only=True)
class WordsFacts:
    """What an organiser wrote to many, as it was when it was queued; `test` marks one sent to its writer."""

    subject: str
    body: str
    material: list[MaterialFacts] = field(default_factory=list)
    test: bool = False
    # The public id of the survey that the words lead to.
    survey: str = ""


@dataclass(frozen=True, kw_only=True)
class ReflectionFacts:
    """What letters say of a reflection that was shared, or of a team that reflects together."""

    public_id: str = ""
    tool: str = ""
    may_write: bool = False
    team: str = ""


@dataclass(frozen=True, kw_only=True)
class ModerationFacts:
    """What letters to those who look after a community say of it, and of a case there; nothing that was written."""

    slug: str
    public_id: str
    name: str
    case: str = ""
    # Since when somebody is worried about a child, and whether the post can be read meanwhile.
    since: datetime | None = None
    hidden: bool = True


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """Everything that a letter may tell; each notice fills in what it needs."""

    event: EventFacts | None = None
    # The event as it was, where a letter tells what has changed.
    before: EventFacts | None = None
    joining_changed: bool = False
    invitation: InvitationFacts | None = None
    mode: Mode | None = None
    link_id: str = ""
    link_nonce: str = ""
    position: int | None = None
    offered_until: datetime | None = None
    state: str = ""
    reason: str = ""
    colleague: str = ""
    minutes: int = 0
    registered_at: datetime | None = field(default=None)
    # Of letters to and about speakers: who speaks, how they are reached, and on what. Or who joined an area.
    speaker: str = ""
    address: str = ""
    spoken: list[SpokenFacts] = field(default_factory=list)
    session: SessionFacts | None = None
    # Whether the person has a place in the session; or else it is everybody's, or one that they starred.
    signed_up: bool = True
    series: SeriesFacts | None = None
    changes: list[ChangeFacts] = field(default_factory=list)
    # Pairs of titles that now run at the same time.
    clashes: list[tuple[str, str]] = field(default_factory=list)
    # Whether the person speaks in what has changed.
    speaks: bool = False
    roles: tuple[Role, ...] = ()
    # The last day of a role.
    until: date | None = None
    by: str = ""
    words: WordsFacts | None = None
    reflection: ReflectionFacts | None = None
    membership: MembershipFacts | None = None
    moderation: ModerationFacts | None = None
    # Of letters about a community; what it is that they tell of, and how that stands as they are sent.
    community: CommunityFacts | None = None
    news: list[CommunityNews] = field(default_factory=list)
    told: tuple[CommunityTold, ...] = ()


_adapter = TypeAdapter(LetterFacts)


def dump(facts: LetterFacts) -> dict[str, Any]:
    """The facts as plain values for a JSON column."""
    plain: dict[str, Any] = _adapter.dump_python(facts, mode="json", exclude_defaults=True)
    return plain


def load(plain: dict[str, Any]) -> LetterFacts:
    """The facts from a JSON column; raises ValidationError when they are not of this shape."""
    return _adapter.validate_python(plain)
