"""What the facts are written down as, before they become rows.

Facts name one another by name or slug, as people do; `loading` turns the names into rows. Where a thing is
unknown it is left out, and stays unknown in the database.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.events import EventState, Format, Mode, QuestionKind
from webapp.models.organisations import Sector
from webapp.models.programmes import Part, ThemeKind
from webapp.models.publications import ArticleKind


@dataclass(frozen=True)
class OrganisationFacts:
    """An organisation under the name that its source gives it, and the other names it goes by."""

    name: str
    sector: Sector
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class ThemeFacts:
    """A theme of a programme; the slug is what sessions name it by."""

    slug: str
    name: str
    kind: ThemeKind
    summary: str


@dataclass(frozen=True)
class PartFacts:
    """The part that some organisations play in a programme, for one theme or for the whole."""

    part: Part
    organisations: tuple[str, ...]
    theme: str | None = None
    task: str = ""


@dataclass(frozen=True)
class ProgrammeFacts:
    """A programme with its themes and the organisations that play a part in it."""

    name: str
    summary: str
    description: str
    themes: tuple[ThemeFacts, ...]
    parts: tuple[PartFacts, ...] = ()


@dataclass(frozen=True)
class SpeakerFacts:
    """Somebody named on an agenda."""

    name: str
    job_title: str
    organisation: str | None = None
    biography: str = ""


@dataclass(frozen=True)
class ContributionFacts:
    """A speaker for the organisation of their profile, or an organisation that sent people whom nobody named."""

    speaker: str | None = None
    organisation: str | None = None
    role: ContributionRole = ContributionRole.PRESENTER


@dataclass(frozen=True)
class SessionFacts:
    """A part of an event; `day` counts from 0, and a session without a stream is for everybody."""

    day: int
    title: str
    summary: str = ""
    description: str = ""
    kind: SessionKind = SessionKind.SESSION
    times: tuple[time, time] | None = None
    stream: str | None = None
    room: str = ""
    themes: tuple[str, ...] = ()
    contributions: tuple[ContributionFacts, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What the session's event is found by."""
        return (self.title, *(one.speaker or one.organisation or "" for one in self.contributions))


@dataclass(frozen=True)
class DayFacts:
    """A day of an event, with its hours where they are known."""

    date: date
    times: tuple[time, time] | None = None


@dataclass(frozen=True)
class QuestionFacts:
    """A question that the event asks of those who register."""

    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventFacts:
    """An event with everything that stands on its pages."""

    programme: str
    title: str
    summary: str
    description: str
    format: Format
    days: tuple[DayFacts, ...]
    organiser_name: str
    organiser_email: str
    sessions: tuple[SessionFacts, ...] = ()
    streams: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    state: EventState = EventState.PUBLISHED
    venue: str = ""
    hashtag: str = ""
    reach: str = ""
    thanks: str = ""
    joining_instructions: str = ""
    cancelled_reason: str = ""
    takes_registrations: bool = True
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    needs_approval: bool = False
    offer_hours: int = 0
    capacities: dict[Mode, int | None] = field(default_factory=dict)
    questions: tuple[QuestionFacts, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything that is loaded together: all of it real, or all of it invented and marked so."""

    demonstration: bool
    organisations: tuple[OrganisationFacts, ...]
    programmes: tuple[ProgrammeFacts, ...]
    speakers: tuple[SpeakerFacts, ...]
    events: tuple[EventFacts, ...]


def speaker(name: str, role: ContributionRole = ContributionRole.PRESENTER) -> ContributionFacts:
    """A named speaker in a session, who speaks for the organisation of their profile."""
    return ContributionFacts(speaker=name, role=role)


def organisation(name: str) -> ContributionFacts:
    """An organisation in a session, whose people are not named."""
    return ContributionFacts(organisation=name)


@dataclass(frozen=True)
class ArticleFacts:
    """An article of an invented issue; its authors are known as speakers, `figure` names what the program draws."""

    title: str
    kind: ArticleKind
    authors: tuple[str, ...]
    body: str
    standfirst: str = ""
    key_messages: tuple[str, ...] = ()
    # What was said, and by whom.
    quotes: tuple[tuple[str, str], ...] = ()
    themes: tuple[str, ...] = ()
    figure: str = ""


@dataclass(frozen=True)
class IssueFacts:
    """An issue of the invented journal with its articles in order."""

    number: int
    title: str
    introduction: str
    key_messages: tuple[str, ...]
    acknowledgements: str
    articles: tuple[ArticleFacts, ...]
