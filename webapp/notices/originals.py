"""Each letter in its original words, and how those or an organiser's words are filled in."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from config import ROOT
from webapp.notices import wording
from webapp.notices.placeholders import ANYWHERE, PLACEHOLDERS
from webapp.notices.telling import Telling
from webapp.notices.wording import Filled, Kind, Wording, WordingRefused

PLACES = "Places and waiting list"
SESSIONS = "Single sessions"
CHANGES = "Changes and cancellations"
ASKED = "Invitations, speakers and helpers"
_NAMED = re.compile(r"\{([a-z_]+)\}")
_YOURS = ("when_and_where", "your_page")
_PLACE = ("when_and_where", "joining_page", "calendar_entry", "cancel_page", "your_page")
_SESSION_PLACE = ("session_when_and_where", "joining_page", "session_calendar_entry", "leave_page")
logger = logging.getLogger(__name__)


class PlaceholderMissing(WordingRefused):
    """The words lack something that the recipient must be told."""

    code = "placeholder_missing"


@dataclass(frozen=True)
class Words:
    """A subject and a body with placeholders, as written."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """One letter as organisers know it; `required` are placeholders that no wording may lack."""

    title: str
    group: str
    when: str
    required: tuple[str, ...] = ()
    # What its original words do not say and others may.
    extra: tuple[str, ...] = ()
    asks: bool = True


# Letters about an event, in the order in which organisers see them. All of them can be reworded.
LETTERS: Mapping[str, Known] = {
    "registration_confirmed": Known(
        title="A place", group=PLACES, when="When somebody gets a place by registering", required=_PLACE
    ),
    "registration_waiting": Known(
        title="On the waiting list",
        group=PLACES,
        when="When somebody registers and all places are taken",
        required=(*_YOURS, "number"),
        extra=("joining_page",),
    ),
    "registration_offered": Known(
        title="A place is held",
        group=PLACES,
        when="When a place comes free and is held for whoever waited longest",
        required=("when_and_where", "held_place_page", "until"),
        extra=("your_page",),
    ),
    "registration_promoted": Known(
        title="A place after waiting",
        group=PLACES,
        when="When a place comes free and goes at once to whoever waited longest",
        required=_PLACE,
    ),
    "registration_lapsed": Known(
        title="A held place was not taken",
        group=PLACES,
        when="When a place that was held goes to the next person",
        required=_YOURS,
    ),
    "registration_pending": Known(
        title="A request was sent",
        group=PLACES,
        when="When somebody asks for a place that an organiser decides on",
        required=_YOURS,
    ),
    "registration_declined": Known(
        title="A request was not approved",
        group=PLACES,
        when="When an organiser does not approve a request",
        required=("organiser_says",),
    ),
    "registration_changed": Known(
        title="Answers were changed", group=PLACES, when="When what somebody told us is changed", required=_YOURS
    ),
    "registration_repeated": Known(
        title="Registered already",
        group=PLACES,
        when="When an address is used that is registered already",
        required=(*_YOURS, "standing"),
    ),
    "registration_cancelled": Known(
        title="A registration is cancelled",
        group=PLACES,
        when="When somebody gives up a place, or an organiser takes it back",
        required=("when_and_where", "calendar_withdrawal"),
    ),
    "registration_swapped": Known(
        title="A place goes to a colleague",
        group=PLACES,
        when="When somebody passes a place on",
        required=("when_and_where", "calendar_withdrawal", "colleague"),
    ),
    "registration_readdressed": Known(
        title="An address was put right",
        group=PLACES,
        when="To the address that a place was known by, when an organiser puts another in its stead",
        required=("entry_removed",),
        extra=("session",),
    ),
    "signed_up": Known(
        title="A place in a session",
        group=SESSIONS,
        when="When somebody signs up for a session",
        required=_SESSION_PLACE,
    ),
    "sign_up_waiting": Known(
        title="On the waiting list of a session",
        group=SESSIONS,
        when="When all places in a session are taken",
        required=("session_when_and_where", "sessions_page", "number"),
    ),
    "sign_up_promoted": Known(
        title="A place in a session after waiting",
        group=SESSIONS,
        when="When a place in a session comes free",
        required=_SESSION_PLACE,
    ),
    "sign_up_left": Known(
        title="A session was left",
        group=SESSIONS,
        when="When somebody leaves a session or its waiting list",
        required=("what_ended", "session_calendar_withdrawal", "session_when_and_where"),
        extra=("session",),
    ),
    "calendar_entry": Known(
        title="A calendar entry",
        group=SESSIONS,
        when="When somebody chooses another form of calendar entries, or one comes or goes",
        required=("calendar_news", "entry_when_and_where", "entry_added", "entry_removed"),
    ),
    "event_changed": Known(
        title="The event has changed",
        group=CHANGES,
        when="When its title, days, times, place or link to join changes, to those who have a place",
        required=(
            "event_changes",
            "when_and_where",
            "joining_page",
            "calendar_update",
            "cancel_page",
            "your_page",
        ),
    ),
    "event_cancelled": Known(
        title="The event is cancelled",
        group=CHANGES,
        when="When the event is cancelled, to everybody registered",
        required=("why", "calendar_withdrawal", "when_and_where"),
    ),
    "agenda_changed": Known(
        title="Sessions have changed",
        group=CHANGES,
        when="When a new version of the agenda moves or cancels sessions that somebody chose or speaks in, or has other"
        " links to join them",
        required=("session_changes", "clashes", "agenda_page"),
    ),
    "session_changed": Known(
        title="A session signed up for has changed",
        group=CHANGES,
        when="When a session that somebody signed up for moves, is cancelled, or has another link to join",
        required=("session_changes", "calendar_change", "clashes"),
    ),
    "invited": Known(
        title="Invitation to register",
        group=ASKED,
        when="When somebody is invited by name",
        required=("when_and_where_for_all", "register_page"),
    ),
    "speaker_invited": Known(
        title="Asked to speak",
        group=ASKED,
        when="When a speaker is asked, or asked again",
        required=("spoken", "speaking_page"),
    ),
    "speaker_declined": Known(
        title="A speaker cannot speak",
        group=ASKED,
        when="To you, when a speaker declines",
        required=("speaker", "spoken", "own_words"),
        asks=False,
    ),
    "transcript_to_check": Known(
        title="A transcript is ready to check",
        group=ASKED,
        when="When you ask the speakers of a session to look through what they said",
        required=("spoken", "checking_page"),
    ),
    "helper_invited": Known(
        title="Asked to help",
        group=ASKED,
        when="When somebody is given a role at the event",
        required=("roles", "organisers_page"),
    ),
}
# Letters about no event: on signing in, to the members of a series, and of communities. Their words are ours.
_OF_THE_SERVICE: Mapping[str, Known] = {
    "sign_in_link": Known(title="Link to sign in", group="", when="When somebody asks for it"),
    "series_joined": Known(title="In a series", group="", when="When somebody joins a series"),
    "series_entry": Known(title="A series anew", group="", when="When somebody chooses another form of entries"),
    "series_left": Known(title="No longer in a series", group="", when="When somebody leaves a series"),
    "reflection_shared": Known(title="Reflection shared", group="", when="When a reflection is shared with somebody"),
    "team_joined": Known(title="In a team", group="", when="When somebody is added to a team that reflects together"),
    "membership_invited": Known(
        title="Invited to belong", group="", when="When somebody is invited to an area, a wave, a group or a programme"
    ),
    "membership_added": Known(title="Belongs to something", group="", when="When somebody is added as a member"),
    "membership_changed": Known(title="Another role", group="", when="When somebody else changes a member’s role"),
    "membership_joined": Known(title="Somebody joined", group="", when="When somebody joins an area by their address"),
    "membership_ended": Known(title="Belongs no longer", group="", when="When somebody else ends a membership"),
    "child_concern": Known(title="Worried about a child", group="", when="When somebody is worried about a child"),
    "child_concern_unseen": Known(title="Nobody has seen it", group="", when="When nobody acknowledged such a worry"),
    "something_waits": Known(title="Something waits", group="", when="When a post waits for moderators"),
    "moderator_chosen": Known(title="Moderator", group="", when="When somebody is chosen to moderate a community"),
    "password_changed": Known(title="Password changed", group="", when="When a password is set or changed"),
    "post_written": Known(title="New post", group="", when="When somebody writes in a community", asks=False),
    "post_mention": Known(title="Mentioned", group="", when="When a post mentions somebody", asks=False),
    "answer_accepted": Known(title="Accepted answer", group="", when="When an answer is accepted", asks=False),
    "communities_digest": Known(title="Digest", group="", when="In the morning, each day or week", asks=False),
    "post_published": Known(title="Post published", group="", when="When a post that waited is published"),
    "post_refused": Known(title="Post refused", group="", when="When a moderator does not publish a post"),
    "post_redacted": Known(title="Post taken away", group="", when="When a moderator takes a post away"),
}
_ALL = {**LETTERS, **_OF_THE_SERVICE}
# By the name of each letter that is ever posted; those to many have their own words, and no original.
TITLES: Mapping[str, str] = {name: known.title for name, known in _ALL.items()} | {"mailing": "Letter to many"}


@cache
def original(notice: str) -> Words:
    """The original words of a letter; raises KeyError where there is no such letter."""
    if notice not in _ALL:
        raise KeyError(notice)
    folder = ROOT / "templates" / "letters" / notice
    subject, body = ((folder / part).read_text(encoding="utf-8") for part in ("subject.txt", "body.md"))
    return Words(subject=subject.strip(), body=body.strip())


@cache
def kinds(notice: str) -> Mapping[str, Kind]:
    """The placeholders that a letter's words may hold, in the order in which its original words do, and their kinds."""
    words, known = original(notice), _ALL[notice]
    named = [*_NAMED.findall(f"{words.subject}\n{words.body}"), *known.extra]
    if notice in LETTERS:
        named += sorted(ANYWHERE)
    return {name: PLACEHOLDERS[name].kind for name in named}


def asks(notice: str) -> bool:
    """Whether the letter ends with whom to ask."""
    return _ALL[notice].asks


def check(notice: str, words: Words) -> Wording:
    """The words as they will be filled in; raises WordingRefused with a sentence naming what is wrong or lacking."""
    found: Wording | None = None
    wrong: Sequence[str] = ()
    try:
        found = _read(notice, words)
    except WordingRefused as refused:
        wrong = refused.sentences
    names = found.names if found else frozenset(_NAMED.findall(f"{words.subject}\n{words.body}"))
    lacking = [name for name in LETTERS[notice].required if name not in names]
    if lacking:
        named = " and ".join(f"{{{name}}}" for name in lacking)
        meant = "; ".join(
            PLACEHOLDERS[name].explained[0].lower() + PLACEHOLDERS[name].explained[1:] for name in lacking
        )
        raise PlaceholderMissing(*wrong, f"The letter must hold {named} ({meant}). Put it back in.")
    if found is None:
        raise WordingRefused(*wrong)
    return found


def filled(notice: str, telling: Telling, words: Words | None) -> Filled:
    """What one recipient reads: by an organiser's words where there are some that can be filled, else the original."""
    if words is not None and notice in LETTERS:
        try:
            return _fill(check(notice, words), telling)
        except (WordingRefused, LookupError) as fault:
            logger.warning("The words of “%s” cannot be filled, so the original ones go: %s", notice, fault)
    return _fill(_read(notice, original(notice)), telling)


def _fill(read: Wording, telling: Telling) -> Filled:
    return wording.fill(read, {name: PLACEHOLDERS[name].value(telling) for name in read.names})


@lru_cache(maxsize=512)
def _read(notice: str, words: Words) -> Wording:
    return wording.read(words.subject, words.body, kinds(notice))
