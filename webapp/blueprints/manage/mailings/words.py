"""Letters to many in words: whom they are for, when they go, and how they stand."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from webapp.models.events import Event
from webapp.models.to_many import CHOSE, Audience, Mailing, MailingState, Timing
from webapp.queries.to_many import Offered
from webapp.services.to_many import distance
from webapp.templating import british_time, weekday_date

COLOURS: Mapping[MailingState, str] = {
    MailingState.DRAFT: "grey",
    MailingState.SCHEDULED: "blue",
    MailingState.SENDING: "turquoise",
    MailingState.SENT: "green",
    MailingState.CANCELLED: "grey",
    MailingState.STOPPED: "orange",
}


def told(audience: Audience, offered: Offered) -> list[tuple[str, str]]:
    """Whom a letter is for, as pairs of what is asked for and which values will do."""
    sessions = {one.public_id: one.title for one in offered.sessions}
    questions = {one.public_id: one.label for one in offered.questions}
    areas = {one.public_id: one.name for one in offered.areas}
    came = {"came": "Came", "part": "Came in part", "missed": "Missed it", "not_yet": "Not yet"}
    pairs = [
        ("Registration", _or(one.label for one in audience.states)),
        ("Taking part", _or(one.label for one in audience.modes)),
        ("Attendance", _or(came[one.value] for one in audience.attendance)),
        ("Survey", "Not answered yet" if audience.unanswered else ""),
        ("Sector", _or(one.label for one in audience.sectors)),
        ("Area", _or(areas.get(one, "an area that is gone") for one in audience.areas)),
        ("Organisation", _or(audience.organisations)),
        ("Tag", _or(audience.tags)),
    ]
    if audience.sessions:
        how = "" if set(audience.chosen) == set(CHOSE) else f" ({_or(one.label.lower() for one in audience.chosen)})"
        pairs.append((f"Session{how}", _or(sessions.get(one, "a session that is gone") for one in audience.sessions)))
    for question in dict.fromkeys(question for question, _ in audience.answers):
        answers = _or(answer for of, answer in audience.answers if of == question)
        pairs.append((questions.get(question, "A question that is gone"), answers))
    return [(label, values) for label, values in pairs if values]


def going(mailing: Mailing, event: Event) -> str:
    """When a letter goes, as words within a sentence: the rule, and what it comes to as the event now stands."""
    due = mailing.due(event)
    if due is None:
        stood = "now that it is confirmed" if mailing.state is MailingState.SCHEDULED else "as soon as it is confirmed"
        return stood if mailing.queued_at is None else "when it was confirmed"
    at = moment_of(due, event)
    return at if mailing.timing is Timing.AT else f"{at} ({distance(mailing.timing, mailing.days, mailing.minutes)})"


def begun(sentence: str) -> str:
    """The words with a capital, as they stand by themselves."""
    return sentence[:1].upper() + sentence[1:]


def moment_of(at: datetime, event: Event) -> str:
    """A moment as "Monday 13 June 2022, 9:30am", in the event's zone, which is named where it is not UK time."""
    local = at.astimezone(event.timezone)
    zone = "" if event.zone == "Europe/London" else f" ({event.zone.replace('_', ' ')} time)"
    return f"{weekday_date(local)}, {british_time(local)}{zone}"


def people(number: int) -> str:
    """A number of people in words."""
    return "1 person" if number == 1 else f"{number:,} people"


def _or(values: Iterable[str]) -> str:
    found = list(values)
    return " or ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))
