"""Letters in words: what each is about, where it is on its way, and what a mail server meant."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.models.mailings import Letter, LetterState
from webapp.services.wordings import title_of
from webapp.templating import british_date, british_moment

COLOURS = {
    LetterState.WAITING: "blue",
    LetterState.SENDING: "turquoise",
    LetterState.SENT: "green",
    LetterState.DEFERRED: "yellow",
    LetterState.FAILED: "red",
    LetterState.HELD: "purple",
    LetterState.CANCELLED: "grey",
}
# What the server's words mean, the first that fits; by the detailed code (RFC 3463) before the plain one (RFC 5321).
_MEANINGS = (
    (r"\b5\.1\.[16]\b|no such (user|mailbox|recipient)|unknown user|user unknown", "There is no such address"),
    (r"\b5\.1\.2\b|(domain|host) not found|no such domain", "There is no mail server for the part after the @"),
    (r"\b[45]\.1\.3\b", "The address is not written as addresses are"),
    (r"\b5\.2\.1\b|mailbox (disabled|unavailable)|account disabled", "The mailbox is closed"),
    (r"\b[45]\.2\.2\b|mailbox (is )?full|over quota|quota exceeded", "The mailbox is full"),
    (r"^552\b|\b5\.(2|3)\.[34]\b|too large", "The letter is larger than the mail server takes"),
    (r"grey-?list|\b4\.7\.1\b", "The mail server asks newcomers to try again later, and we do"),
    (
        r"\b5\.7\.\d+\b|spam|advertisement|blocked|policy",
        "The mail server refused it by its rules, as unwanted",
    ),
    (r"^4\d\d\b|^421\b", "The mail server could not take it just then"),
    (r"^5\d\d\b", "The mail server refused it for good"),
    (r"^The mail server takes no address with letters beyond ASCII", "The mail server does not know such addresses"),
    (r"^The mail server takes no letters from us", "The mail server takes no letters from this service just now"),
    (r"^The mail server is away", "The mail server could not be reached"),
    (r"^The connection was lost", "The connection to the mail server broke"),
    (
        r"^The worker stopped|^Each time that it was sent, the worker",
        "This service was stopped while it sent it",
    ),
    (r"^It could not be rendered", "The letter could not be written, by a fault of this service"),
    (r"^It could not be sent", "The letter could not be handed over, by a fault of this service or of the address"),
)
_OUR_OWN = re.compile(r"^(The event was cancelled|An organiser cancelled|No longer of use)")


@dataclass(frozen=True)
class Reason:
    """Why a letter is where it is: in plain words, and the words of the server, empty where they say no more."""

    plain: str
    said: str


def title(letter: Letter) -> str:
    """What a letter is about, for lists."""
    return title_of(letter.notice)


def when(value: date | datetime | None, zone: str) -> str:
    """A time of a calendar entry in that zone, in words; a whole day by its date, and nothing where there is none."""
    if isinstance(value, datetime):
        return british_moment(value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone)), zone)
    return british_date(value) if value else ""


def repeats(rule: str) -> str:
    """How an entry repeats, by its rule as calendars write it (RFC 5545, section 3.3.10); nothing where it does not."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}.get(parts.get("FREQ", ""), "")
    if not unit:
        return ""
    every = parts.get("INTERVAL", "1")
    often = f"Every {unit}" if every == "1" else f"Every {every} {unit}s"
    number = parts.get("COUNT", "")
    return f"{often}, {number} {'time' if number == '1' else 'times'} in all" if number else often


def reason(said: str) -> Reason | None:
    """What was said of a letter, in words; None where nothing was."""
    if not said:
        return None
    if _OUR_OWN.match(said):
        return Reason(said, "")
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, said, re.IGNORECASE):
            return Reason(f"{meaning}.", said)
    return Reason("It could not be sent.", said)
