"""Events that never take place, dated from the day they are loaded: one for each turn that an event may take."""

from datetime import date, datetime, time, timedelta

from webapp.demonstration import invented_agenda as agenda
from webapp.demonstration.invented_organisations import ORGANISATIONS
from webapp.demonstration.invented_programme import PATHWAYS, PROGRAMMES, SPEAKERS
from webapp.demonstration.shapes import (
    DayFacts,
    EventFacts,
    Facts,
    QuestionFacts,
    SessionFacts,
    organisation,
    speaker,
)
from webapp.models.agenda import ContributionRole, SessionKind
from webapp.models.events import EventState, Format, Mode, QuestionKind, moment

OPEN = "Family help in practice: a two-day learning exchange for everybody who works with children and their families"
FULL = "Around one table: a practice day on family network meetings"
DRAFT = "Supervision that holds the worry: reflective groups for team managers"
BY_APPROVAL = "Leading teams of several professions: a seminar for service leads"
CANCELLED = "An evening for kinship carers and residential workers"
ENDED = "Listening to children when decisions are made about their family"
EARLIER = "The first visit: what families remember of it"
NOT_YET_OPEN = "Schools, nurseries and family hubs: help that begins at the gate"

# Sessions of the event that is longest over, about which its survey asks.
BEFORE_THE_DOORBELL, WRITTEN_TOGETHER = "Before the doorbell", "Written together, read together"

ORGANISER = ("Pathways Together team (invented)", "pathways@example.org")
MARK = "An invented event, for demonstration."

_ZONE = "Europe/London"
_TUESDAY, _WEDNESDAY, _THURSDAY = 1, 2, 3
_CHRISTMAS = (12, 19), (1, 5)
_WHOLE_DAY = (time(9, 30), time(16))
_HOST, _CHAIR = ContributionRole.FACILITATOR, ContributionRole.CHAIR

_QUESTIONS = (
    QuestionFacts(
        QuestionKind.ONE_CHOICE,
        "How often do you take part in meetings that a family leads?",
        required=True,
        choices=("Every week", "Every month", "Now and then", "Not so far"),
    ),
    QuestionFacts(
        QuestionKind.SEVERAL_CHOICES,
        "What would you like to talk about with others over lunch?",
        "Choose as many as you like. We put a sign on the tables.",
        choices=(
            "First visits",
            "Kinship care",
            "Teenagers who stay out at night",
            "Working with schools when a child has stopped attending",
            "Supervision",
        ),
    ),
    QuestionFacts(
        QuestionKind.LONG_TEXT,
        "Is there a question that the speakers should hear beforehand?",
        "A sentence or two. Please do not name a child or a family.",
    ),
)


def invented(*, today: date, now: datetime) -> Facts:
    """The invented programme with its events, dated from `today`."""
    return Facts(
        demonstration=True,
        organisations=ORGANISATIONS,
        programmes=PROGRAMMES,
        speakers=SPEAKERS,
        events=(
            _open(today),
            _full(today),
            _draft(today),
            _by_approval(today),
            _cancelled(today),
            _ended(today),
            _earlier(today),
            _not_yet_open(today, now),
        ),
    )


def _on(today: date, days: int, weekday: int) -> date:
    """The first such weekday at least so many days from today; what is to come keeps clear of Christmas."""
    day = today + timedelta(days=days)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while day > today and ((day.month, day.day) >= _CHRISTMAS[0] or (day.month, day.day) <= _CHRISTMAS[1]):
        day += timedelta(days=7)
    return day


def _at(day: date, days: int, at: time) -> datetime:
    return moment(day + timedelta(days=days), at, _ZONE)


def _open(today: date) -> EventFacts:
    first = _on(today, 35, _TUESDAY)
    return EventFacts(
        PATHWAYS,
        OPEN,
        f"Two days, in Marlbridge and online, for social workers, health, police, schools and charities. {MARK}",
        "Come for one day or for both. Each morning begins together; after that three streams run beside each other, "
        "and you choose as you go. Sessions are small where people practise something, and everything in the main hall "
        "is also shown online.\n\n"
        "You need no experience with any particular model. Lunch is provided in Marlbridge.",
        Format.HYBRID,
        (DayFacts(first, _WHOLE_DAY), DayFacts(first + timedelta(days=1), _WHOLE_DAY)),
        *ORGANISER,
        sessions=agenda.SESSIONS,
        streams=agenda.STREAMS,
        themes=("neighbourhood-help", "family-networks", "safety", "edge-of-care", "voice", "wellbeing", "data"),
        venue="The Old Ropeworks, 14 Canal Street, Marlbridge (an invented place)",
        hashtag="#PathwaysTogether",
        joining_instructions="In Marlbridge, doors open at 9am; the entrance on the towpath has no steps. "
        "Online, the link stands on this page from the morning of each day.",
        registration_opens_at=_at(today, -28, time(9)),
        registration_closes_at=_at(first, -4, time(17)),
        capacities={Mode.IN_PERSON: 120, Mode.ONLINE: 400},
        questions=_QUESTIONS,
    )


def _full(today: date) -> EventFacts:
    day = _on(today, 20, _THURSDAY)
    return EventFacts(
        PATHWAYS,
        FULL,
        f"Preparing, hosting and following up a meeting that the family leads. Sixty places in Brackenshire. {MARK}",
        "A day with much practice and few slides. In the morning you prepare a meeting from the first telephone call "
        "on; in the afternoon actors play the family, and you host it.",
        Format.IN_PERSON,
        (DayFacts(day, (time(10), time(15, 30))),),
        *ORGANISER,
        sessions=(
            _plenary(
                (time(10), time(10, 30)),
                "Who is family?",
                "Drawing a network that is larger than it looked.",
                agenda.SIAN,
            ),
            _session(
                (time(10, 30), time(12)),
                "The calls before the meeting",
                "Inviting people who have fallen out.",
                agenda.SIAN,
            ),
            SessionFacts(0, "Lunch", kind=SessionKind.BREAK, times=(time(12), time(12, 45))),
            _session(
                (time(12, 45), time(14, 30)),
                "Hosting, with actors",
                "Six tables, six families.",
                agenda.WINIFRED,
                agenda.SIAN,
            ),
            _session((time(14, 45), time(15, 30)), "When the plan meets a Monday", "Following up.", agenda.GOSIA),
        ),
        themes=("family-networks", "voice"),
        venue="Norwater Mill, Mill Lane, Brackenshire (an invented place)",
        joining_instructions="The bus from the station stops at the mill. Please tell us if you need a parking space.",
        registration_opens_at=_at(today, -42, time(9)),
        registration_closes_at=_at(day, -2, time(12)),
        offer_hours=48,
        capacities={Mode.IN_PERSON: 60},
    )


def _draft(today: date) -> EventFacts:
    return EventFacts(
        PATHWAYS,
        DRAFT,
        f"Three mornings’ worth of ideas in one, for those who supervise. {MARK}",
        "Still being written: speakers are not agreed yet.",
        Format.ONLINE,
        (DayFacts(_on(today, 56, _WEDNESDAY), (time(9, 30), time(12, 30))),),
        *ORGANISER,
        sessions=(
            _session((time(9, 30), time(11)), "A group that thinks aloud", "One case, eight listeners.", agenda.SEUN),
            _session(
                (time(11, 15), time(12, 30)), "Starting a group of your own", "Dates, rules, biscuits.", agenda.SEUN
            ),
        ),
        themes=("wellbeing",),
        state=EventState.DRAFT,
        capacities={Mode.ONLINE: 40},
    )


def _by_approval(today: date) -> EventFacts:
    day = _on(today, 27, _WEDNESDAY)
    return EventFacts(
        PATHWAYS,
        BY_APPROVAL,
        f"A small group of people who lead mixed teams, meeting for one day in Eastmere. {MARK}",
        "There are thirty places, and we choose so that every profession is in the room. You will hear within a week "
        "whether you have a place.",
        Format.IN_PERSON,
        (DayFacts(day, (time(10), time(16))),),
        *ORGANISER,
        sessions=(
            _plenary((time(10), time(11)), "Five professions, one plan", "How teams in Eastmere decide.", agenda.NGOZI),
            _session(
                (time(11, 15), time(12, 45)), "Whose risk is it?", "Three disputes, worked through.", agenda.HARRIET
            ),
            SessionFacts(0, "Lunch", kind=SessionKind.BREAK, times=(time(12, 45), time(13, 30))),
            _session((time(13, 30), time(15)), "Money that follows the family", "Pooled budgets.", agenda.CALUM),
            _plenary((time(15, 15), time(16)), "Letters to ourselves", "To be posted in three months.", agenda.BART),
        ),
        themes=("safety", "wellbeing"),
        venue="Eastmere Guildhall, Market Square, Eastmere (an invented place)",
        registration_opens_at=_at(today, -21, time(9)),
        registration_closes_at=_at(day, -7, time(17)),
        needs_approval=True,
        capacities={Mode.IN_PERSON: 30},
        questions=(
            QuestionFacts(
                QuestionKind.LONG_TEXT,
                "What do you lead, and what would you bring to the group?",
                "Two or three sentences are enough.",
                required=True,
            ),
        ),
    )


def _cancelled(today: date) -> EventFacts:
    return EventFacts(
        PATHWAYS,
        CANCELLED,
        f"Soup, and talk about bedtimes, brothers and telephones. {MARK}",
        "An evening without slides, for those who look after children who cannot live with their parents.",
        Format.IN_PERSON,
        (DayFacts(_on(today, 14, _THURSDAY), (time(18, 30), time(20, 30))),),
        *ORGANISER,
        sessions=(
            _plenary((time(18, 30), time(19, 15)), "Soup and names", "With children’s drawings.", agenda.WINIFRED),
            _session((time(19, 15), time(20, 30)), "What we wish they had told us", "In fours.", agenda.ZEYNEP),
        ),
        themes=("edge-of-care", "family-networks"),
        state=EventState.CANCELLED,
        venue="Lantern Street Hall, Larkstone (an invented place)",
        cancelled_reason="The heating in the hall has failed. We hope to find another evening.",
        registration_opens_at=_at(today, -30, time(9)),
        capacities={Mode.IN_PERSON: 45},
    )


def _ended(today: date) -> EventFacts:
    day = _on(today, -35, _TUESDAY)
    return EventFacts(
        PATHWAYS,
        ENDED,
        f"An online day about drawing out, writing down and acting on what children say. {MARK}",
        "Practitioners, a school and a parent showed how children’s words find their way into plans, or get lost.",
        Format.ONLINE,
        (DayFacts(day, (time(10), time(15))),),
        *ORGANISER,
        sessions=(
            _plenary((time(10), time(11)), "In their own words", "Three plans, read by the children.", agenda.TOBIAS),
            _session((time(11, 15), time(12, 30)), "Drawing, walking, waiting", "Before any questions.", agenda.GOSIA),
            SessionFacts(0, "Lunch", kind=SessionKind.BREAK, times=(time(12, 30), time(13, 15))),
            SessionFacts(
                0,
                "The school as a witness",
                "What teachers notice, and whom they tell.",
                times=(time(13, 15), time(14, 15)),
                themes=("voice",),
                contributions=(
                    speaker(agenda.PRIYANKA, _CHAIR),
                    organisation("Canal Street Primary School, Marlbridge"),
                    organisation("Hollowdene Academy Trust"),
                ),
            ),
            _plenary((time(14, 15), time(15)), "From words to plans", "One promise each.", agenda.RHODRI),
        ),
        themes=("voice",),
        hashtag="#PathwaysTogether",
        reach="People from councils, schools, health and charities took part in the invented day.",
        thanks="Thank you to all who spoke, and to the children whose drawings we were allowed to show.",
        registration_opens_at=_at(day, -40, time(9)),
        registration_closes_at=_at(day, -1, time(17)),
        capacities={Mode.ONLINE: 200},
    )


def _earlier(today: date) -> EventFacts:
    """So long ago that people can say what came of it."""
    day = _on(today, -100, _WEDNESDAY)
    return EventFacts(
        PATHWAYS,
        EARLIER,
        f"An online day about knocking, sitting down, and being remembered. {MARK}",
        "Parents, practitioners and a nurse took one first visit apart, from the telephone call before it to the note "
        "that was written afterwards.",
        Format.ONLINE,
        (DayFacts(day, (time(10), time(15))),),
        *ORGANISER,
        sessions=(
            _plenary((time(10), time(11)), "The kettle and the form", "A visit, told from both sides.", agenda.TOBIAS),
            _session((time(11, 15), time(12, 30)), BEFORE_THE_DOORBELL, "What the call decides.", agenda.RHODRI),
            SessionFacts(0, "Lunch", kind=SessionKind.BREAK, times=(time(12, 30), time(13, 15))),
            _session((time(13, 15), time(14, 15)), WRITTEN_TOGETHER, "Notes that a family reads.", agenda.WINIFRED),
            _plenary((time(14, 15), time(15)), "Coming back", "What a second visit repairs.", agenda.NGOZI),
        ),
        themes=("neighbourhood-help", "voice"),
        hashtag="#PathwaysTogether",
        reach="People from councils, health, schools, police and charities took part in the invented day.",
        thanks="Thank you to all who told us how they were met at a door, or met others.",
        registration_opens_at=_at(day, -40, time(9)),
        registration_closes_at=_at(day, -1, time(17)),
        capacities={Mode.ONLINE: 200},
    )


def _not_yet_open(today: date, now: datetime) -> EventFacts:
    opens_at = _at(today, 14, time(9))
    return EventFacts(
        PATHWAYS,
        NOT_YET_OPEN,
        f"A morning online for teachers, nursery nurses and family hub staff. {MARK}",
        "Practical ways in which a school or nursery can be the place where a family first asks for help.",
        Format.ONLINE,
        (DayFacts(_on(today, 70, _THURSDAY), (time(9), time(12))),),
        *ORGANISER,
        sessions=(
            _plenary((time(9), time(10)), "Ten minutes at the gate", "The talk before the talk.", agenda.PRIYANKA),
            SessionFacts(
                0,
                "A nursery that became a hub",
                "Rooms, rotas and who washes up.",
                times=(time(10, 15), time(11, 15)),
                themes=("neighbourhood-help",),
                contributions=(organisation("Thrushcombe Nursery School and Family Hub"),),
            ),
            _session((time(11, 15), time(12)), "Bring a small problem", "Answers from the group.", agenda.RHODRI),
        ),
        themes=("neighbourhood-help",),
        registration_opens_at=max(opens_at, now + timedelta(days=1)),
        capacities={Mode.ONLINE: 300},
    )


def _plenary(times: tuple[time, time], title: str, summary: str, who: str) -> SessionFacts:
    return SessionFacts(0, title, summary, kind=SessionKind.PLENARY, times=times, contributions=(speaker(who),))


def _session(times: tuple[time, time], title: str, summary: str, *who: str) -> SessionFacts:
    return SessionFacts(0, title, summary, times=times, contributions=tuple(speaker(name, _HOST) for name in who))
