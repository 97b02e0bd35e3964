"""People, how they sign in, and what they may do."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, string_enum
from webapp.models.belonging import Belonging


class Alarm(StrEnum):
    """How long before something begins a person's calendar reminds them of it."""

    NONE = "none"
    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"

    @property
    def label(self) -> str:
        return {"none": "No reminder", "quarter": "15 minutes before", "hour": "1 hour before", "day": "1 day before"}[
            self
        ]

    @property
    def before(self) -> timedelta | None:
        """How long before; None for no reminder."""
        minutes = {"none": 0, "quarter": 15, "hour": 60, "day": 24 * 60}[self]
        return timedelta(minutes=minutes) if minutes else None


class Person(Timestamps, Base):
    """Somebody who takes part; exists without an account. A merged person leads to who took its place."""

    __tablename__ = "people"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), unique=True)
    email_verified_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    # How their entries in calendars are made; kept here, since it holds with an account and without.
    calendar_alarm: Mapped[Alarm] = mapped_column(string_enum(Alarm), default=Alarm.NONE, server_default="none")
    calendar_by_session: Mapped[bool] = mapped_column(default=False, server_default=false())

    account: Mapped["Account | None"] = relationship(back_populates="person", lazy="raise_on_sql")

    @property
    def is_named_by_address(self) -> bool:
        """Whether nobody ever said what they are called, so that they go by what is before the @."""
        return self.name == self.email.partition("@")[0]


class Account(Timestamps, Base):
    """How a person signs in; without a password only a link by mail opens it."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="account", lazy="raise_on_sql")


class WebSession(Base):
    """One signed-in browser; ends at a fixed time, or when the person signs out here or changes the password."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that signs in once; its token is made from the nonce and the service's key, and never stored."""

    __tablename__ = "sign_in_links"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    nonce: Mapped[str] = mapped_column(String(32))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    next_path: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # The fingerprint of the browser that used it: the second click of a double click comes from the same one.
    used_in: Mapped[str | None] = mapped_column(String(64))


class Throttle(Base):
    """How often something was tried in one window of time, by one source or for one address."""

    __tablename__ = "throttles"
    __table_args__ = (
        UniqueConstraint("kind", "key", "window_start"),
        Index("ix_throttles_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    window_start: Mapped[datetime]
    expires_at: Mapped[datetime]
    count: Mapped[int]


class Role(StrEnum):
    """What a grant lets a person do to the thing that it names."""

    OWNER = "owner"
    ORGANISER = "organiser"
    REGISTRATIONS = "registrations"
    ACCESS_LEAD = "access_lead"
    AGENDA = "agenda"
    CHECK_IN = "check_in"
    ANALYST = "analyst"
    READER = "reader"
    MODERATOR = "moderator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]

    @property
    def sentence(self) -> str:
        """What it lets somebody do, for those who give it."""
        return ROLE_SENTENCES[self]


ROLE_LABELS = {
    Role.OWNER: "Owner",
    Role.ORGANISER: "Organiser",
    Role.REGISTRATIONS: "Registrations only",
    Role.ACCESS_LEAD: "Access lead",
    Role.AGENDA: "Agenda only",
    Role.CHECK_IN: "Check-in only",
    Role.ANALYST: "Analyst",
    Role.READER: "Read only",
    Role.MODERATOR: "Moderator",
}

# What there is to choose from at an event.
EVENT_ROLES = tuple(role for role in Role if role is not Role.MODERATOR)

ROLE_SENTENCES = {
    Role.OWNER: "Does everything, sees access and dietary needs, and chooses who helps",
    Role.ORGANISER: "Sets up the event, its agenda and its registrations; does not see needs",
    Role.REGISTRATIONS: "Decides about registrations and checks people in",
    Role.ACCESS_LEAD: "Sees registrations with access and dietary needs, and changes nothing",
    Role.AGENDA: "Builds and releases the agenda, and looks after speakers",
    Role.CHECK_IN: "Checks people in on the day, and sees no more of them than that takes",
    Role.ANALYST: "Sees what each person answered to surveys; an owner who wants to see it needs this, too",
    Role.READER: "Sees how the event stands, and changes nothing",
    Role.MODERATOR: "Looks after what is written in communities, and sees nothing of events",
}


class ThingKind(StrEnum):
    """Kinds of things that grants, invitations and records point at."""

    SITE = "site"
    PROGRAMME = "programme"
    EVENT = "event"
    SESSION = "session"
    PERSON = "person"
    REGISTRATION = "registration"
    SPEAKER = "speaker"
    DRAFT_SESSION = "draft_session"
    STREAM = "stream"
    ROOM = "room"
    QUESTION = "question"
    GRANT = "grant"
    INVITEE = "invitee"
    RELEASE = "release"
    IMPORT = "import"
    ATTENDANCE_REPORT = "attendance_report"
    LETTER = "letter"
    SERIES = "series"
    MAILING = "mailing"
    SURVEY = "survey"
    FRAMEWORK = "framework"
    REFLECTION = "reflection"
    TEAM = "team"
    MATERIAL = "material"
    PUBLICATION = "publication"
    ISSUE = "issue"
    ARTICLE = "article"
    RESOURCE = "resource"
    COLLECTION = "collection"
    TURN = "turn"
    WAVE = "wave"
    AREA = "area"
    AREA_DOCUMENT = "area_document"
    MILESTONE = "milestone"
    MEMBERSHIP = "membership"
    MEMBERSHIP_INVITATION = "membership_invitation"
    COMMUNITY = "community"
    CATEGORY = "category"
    TOPIC = "topic"
    POST = "post"


class Grant(Base):
    """One person, one role, one thing, until when; `thing_id` is 0 for the whole site."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "thing_kind", "thing_id"),
        CheckConstraint("(thing_kind = 'site') = (thing_id = 0)", name="site_is_zero"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(string_enum(Role))
    thing_kind: Mapped[ThingKind] = mapped_column(string_enum(ThingKind))
    thing_id: Mapped[int]
    until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    def last_day(self, zone: str) -> date | None:
        """The last day on which it holds, in that time zone; None without an end."""
        return last_day_of(self.until, zone)


def last_day_of(until: datetime | None, zone: str) -> date | None:
    """The day on which something ends that holds until this moment: one that ends at midnight, the day before."""
    return (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() if until else None


class ActorKind(StrEnum):
    """Who acted: a person who signed in, the holder of a personal link, a visitor, or the service itself."""

    PERSON = "person"
    LINK = "link"
    VISITOR = "visitor"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts, as services are told it: the person is known unless a visitor or the service acts."""

    kind: ActorKind
    person_id: int | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
VISITOR = Actor(ActorKind.VISITOR)


class Power(StrEnum):
    """What there is to do on the organisers' side of an event."""

    LOOK = "look"
    SET_UP = "set_up"
    CHOOSE_PEOPLE = "choose_people"
    EDIT_AGENDA = "edit_agenda"
    SEE_REGISTRATIONS = "see_registrations"
    DECIDE = "decide"
    CHECK_IN = "check_in"
    SEE_NEEDS = "see_needs"
    SEE_RESULTS = "see_results"
    READ_ANSWERS = "read_answers"
    ANALYSE = "analyse"
    MODERATE = "moderate"


# How a refusal names each of them.
DOING = {
    Power.LOOK: "see it",
    Power.SET_UP: "set it up",
    Power.CHOOSE_PEOPLE: "choose who helps with it",
    Power.EDIT_AGENDA: "change its agenda",
    Power.SEE_REGISTRATIONS: "see who registered",
    Power.DECIDE: "decide about registrations",
    Power.CHECK_IN: "check people in",
    Power.SEE_NEEDS: "see access and dietary needs",
    Power.SEE_RESULTS: "see the results of its surveys",
    Power.READ_ANSWERS: "read what people wrote in answer to its surveys",
    Power.ANALYSE: "see what each person answered",
    Power.MODERATE: "moderate it",
}
_ORGANISING = frozenset({Role.OWNER, Role.ORGANISER})
ROLES: dict[Power, frozenset[Role]] = {
    Power.LOOK: frozenset(Role) - {Role.MODERATOR},
    Power.SET_UP: _ORGANISING,
    Power.CHOOSE_PEOPLE: frozenset({Role.OWNER}),
    Power.EDIT_AGENDA: _ORGANISING | {Role.AGENDA},
    Power.SEE_REGISTRATIONS: _ORGANISING | {Role.REGISTRATIONS, Role.ACCESS_LEAD, Role.READER},
    Power.DECIDE: _ORGANISING | {Role.REGISTRATIONS},
    Power.CHECK_IN: _ORGANISING | {Role.REGISTRATIONS, Role.CHECK_IN},
    Power.SEE_NEEDS: frozenset({Role.OWNER, Role.ACCESS_LEAD}),
    Power.SEE_RESULTS: _ORGANISING | {Role.ANALYST, Role.READER},
    # Of surveys that are not confidential.
    Power.READ_ANSWERS: _ORGANISING | {Role.ANALYST},
    # Nobody by being an owner: who may read single answers was chosen to.
    Power.ANALYSE: frozenset({Role.ANALYST}),
    Power.MODERATE: _ORGANISING | {Role.MODERATOR},
}


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who is looking, loaded by one query; not a row."""

    id: int
    public_id: str
    name: str
    email: str
    session_token: str
    grants: frozenset[tuple[Role, ThingKind, int]] = field(default_factory=frozenset)
    belongs: frozenset[Belonging] = field(default_factory=frozenset)

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the signed cookie carries: the secret of this web session."""
        return self.session_token

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, self.id)

    @property
    def is_organiser(self) -> bool:
        """Whether there is anything on the organisers' side for this person."""
        return any(role is not Role.MODERATOR for role, *_ in self.grants)


class Visitor:
    """Somebody who has not signed in."""

    id = None
    is_authenticated = False
    is_active = False
    is_anonymous = True
    is_organiser = False
    belongs: frozenset[Belonging] = frozenset()
    actor = VISITOR

    def get_id(self) -> None:
        return None


@dataclass(frozen=True)
class Reach:
    """Which events or communities a set of roles reaches: all, those of some programmes, or some by themselves."""

    everything: bool
    programmes: frozenset[int]
    events: frozenset[int]
    communities: frozenset[int] = frozenset()

    def covers(self, programme_id: int, event_id: int) -> bool:
        return self.everything or programme_id in self.programmes or event_id in self.events


def reach(viewer: Viewer | Visitor, power: Power) -> Reach:
    """The events for which the viewer's grants give this power; queries take it, so rows and rules agree."""
    grants = viewer.grants if isinstance(viewer, Viewer) else frozenset()
    held = [(kind, thing_id) for role, kind, thing_id in grants if role in ROLES[power]]
    return Reach(
        everything=any(kind is ThingKind.SITE for kind, _ in held),
        programmes=frozenset(thing_id for kind, thing_id in held if kind is ThingKind.PROGRAMME),
        events=frozenset(thing_id for kind, thing_id in held if kind is ThingKind.EVENT),
        communities=frozenset(thing_id for kind, thing_id in held if kind is ThingKind.COMMUNITY),
    )
