"""What is known not to be accessible yet: the accessibility statement is made from this list.

Whoever closes or finds a gap changes the list, sets REVIEWED to that day, and gives the list its new
FINGERPRINT, which the failing test prints; so the statement never shows a date older than its content.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

PREPARED = date(2026, 11, 22)
REVIEWED = date(2026, 11, 22)
FINGERPRINT = "d6e4f782bdadbe35"


class Kind(StrEnum):
    """How the regulations look at a gap: as a failure to put right, or as something outside of them."""

    FAILURE = "failure"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that not everybody can use: what (in short and in full), where, which WCAG 2.2 criterion, and why.

    `until` is when it will be put right, None where it is not ours to put right.
    """

    kind: Kind
    short: str
    what: str
    where: str
    criterion: str
    level: str
    why: str
    until: date | None


GAPS = (
    Gap(
        kind=Kind.FAILURE,
        short="Titles in other languages than English are not marked as such everywhere",
        what="When an event or session is written in another language than English, lists do not mark its title as"
        " being in that language, and its own page marks our English labels as being in it too. A screen reader may"
        " read these words with the wrong pronunciation.",
        where="The list of events, agendas, event pages and session pages",
        criterion="3.1.2 Language of parts",
        level="AA",
        why="The language is kept for each event and session, but so far only its own page uses it, and uses it for"
        " all that stands there.",
        until=date(2027, 3, 31),
    ),
    Gap(
        kind=Kind.FAILURE,
        short="You are signed out after 12 hours without a warning",
        what="You are signed out 12 hours after you signed in, without a warning and without a way to have more time."
        " What you typed into a form and did not send by then has to be typed again.",
        where="Pages for people who are signed in. Registering for an event is not affected",
        criterion="2.2.1 Timing adjustable",
        level="A",
        why="A fixed end protects people who forget to sign out on a shared computer.",
        until=date(2027, 3, 31),
    ),
    Gap(
        kind=Kind.FAILURE,
        short="Not all texts about events have been checked",
        what="The descriptions of events, sessions and speakers are written by many people and not all of them have"
        " been checked. A link may not say where it leads, and a heading may be missing.",
        where="Event pages, session pages and speaker pages",
        criterion="2.4.4 Link purpose (in context)",
        level="A",
        why="Organisers write these texts themselves, and the service does not check them yet.",
        until=date(2027, 6, 30),
    ),
    Gap(
        kind=Kind.OUTSIDE,
        short="How a calendar entry is shown depends on your calendar program",
        what="Calendar invitations and calendar files are shown by your own calendar program. How they look and how"
        " they are read out depends on it. All that they say is also on our pages and in our letters.",
        where="Letters with an invitation, and links to add something to a calendar",
        criterion="1.3.1 Info and relationships",
        level="A",
        why="The files follow the standard for calendars (RFC 5545), which says nothing about how they are shown.",
        until=None,
    ),
    Gap(
        kind=Kind.OUTSIDE,
        short="Captions in online events depend on the meeting program",
        what="Online events take place in meeting programs that the organisers of each event choose. Whether there"
        " are live captions depends on the program. Tell us what you need when you register.",
        where="The meetings themselves, not the pages of this service",
        criterion="1.2.4 Captions (live)",
        level="AA",
        why="The meeting programs belong to others, and live video is outside the regulations.",
        until=None,
    ),
)

REVIEW_DUE = REVIEWED + timedelta(days=365)
REVIEW_DUE_AT = datetime.combine(REVIEW_DUE, time(), UTC)


def gaps(kind: Kind) -> list[Gap]:
    """The gaps of one kind, in the order of the statement."""
    return [gap for gap in GAPS if gap.kind is kind]


def fingerprint() -> str:
    """What the list and the day of its review come down to: it changes when either does."""
    return hashlib.sha256(repr((GAPS, REVIEWED)).encode()).hexdigest()[:16]
