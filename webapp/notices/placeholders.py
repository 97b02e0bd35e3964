"""The placeholders of letters: what each stands for, in words for organisers, and how it is made from frozen facts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.folding import clean_line
from webapp.models.calendars import Method
from webapp.notices.addresses import Urls
from webapp.notices.letters import EventFacts, LetterFacts, SeriesFacts, SessionFacts
from webapp.notices.wording import Address, Block, Kind, Told, Value
from webapp.templating import british_date, british_moment

LONGEST_NAME = 80
# What mail programs make a link of, though nobody marked it as one: strangers put advertisements into the name.
_LINK = re.compile(r"[/@:]|www\.|\.\w{2}", re.IGNORECASE)
_STILL_THERE = (
    "If the entry still stands in your calendar, open the attached file cancellation.ics, or delete it yourself."
)
_STATES = {"confirmed": "You had a place.", "offered": "You had been offered a place."}
_CHANGES = {"cancelled": "has been cancelled", "restored": "takes place after all"}


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one letter is made from: the facts as they were, the addresses, when it was written, and shared parts."""

    facts: LetterFacts
    urls: Urls
    written_at: datetime
    service_name: str
    contact_email: str
    # Gives the macros of a file of shared parts, by its name.
    parts: Callable[[str], Any]

    @property
    def event(self) -> EventFacts:
        """The event that it is about; raises LookupError for a letter about none."""
        if self.facts.event is None:
            raise LookupError("This letter is about no event.")
        return self.facts.event

    @property
    def session(self) -> SessionFacts:
        """The session that it is about; raises LookupError for a letter about none."""
        if self.facts.session is None:
            raise LookupError("This letter is about no session.")
        return self.facts.session

    @property
    def series(self) -> SeriesFacts:
        """The series that it is about; raises LookupError for a letter about none."""
        if self.facts.series is None:
            raise LookupError("This letter is about no series.")
        return self.facts.series


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One placeholder: `explained` tells organisers what will stand there."""

    kind: Kind
    explained: str
    value: Callable[[Telling], Value]


def plain_name(name: str) -> str:
    """The name as a letter may tell it, or nothing for one that might be an advertisement."""
    name = clean_line(name)
    return "" if len(name) > LONGEST_NAME or _LINK.search(name) else name


def _colleague(telling: Telling) -> str:
    return plain_name(telling.facts.colleague) or "a colleague"


def _words(explained: str, value: Callable[[Telling], Value]) -> Placeholder:
    return Placeholder(kind=Kind.WORDS, explained=explained, value=value)


def _ours(explained: str, value: Callable[[Telling], str]) -> Placeholder:
    return _words(explained, lambda telling: Told(text=value(telling)))


def _page(explained: str, label: str, url: Callable[[Urls], str], *, is_button: bool = False) -> Placeholder:
    return Placeholder(
        kind=Kind.ADDRESS,
        explained=explained,
        value=lambda telling: Address(url=url(telling.urls), label=label, is_button=is_button),
    )


def _block(
    explained: str,
    parts: str,
    macro: Callable[[Any, Telling], object],
    *,
    where: Callable[[Telling], object] = lambda _: True,
) -> Placeholder:
    """A part from the macros of both forms; nothing where `where` says so of the letter."""

    def made(telling: Telling) -> Block:
        if not where(telling):
            return Block(text="", html="")
        text, html = (telling.parts(f"{parts}.{form}") for form in ("txt", "html"))
        return Block(text=str(macro(text, telling)), html=str(macro(html, telling)))

    return Placeholder(kind=Kind.BLOCK, explained=explained, value=made)


def _paragraph(explained: str, words: Callable[[Telling], str]) -> Placeholder:
    return _block(explained, "parts", lambda parts, telling: parts.paragraph(words(telling)), where=words)


def _title(telling: Telling) -> Told:
    language = telling.event.language
    return Told(text=telling.event.title, language="" if language == "en-GB" else language)


def _until(telling: Telling) -> str:
    until = telling.facts.offered_until
    if until is None:
        raise LookupError("This letter is about no offer.")
    return british_moment(until, telling.event.zone)


def _already(telling: Telling) -> str:
    at = telling.facts.registered_at
    return f"already, at {british_moment(at, telling.event.zone)}" if at else "already"


def _what_they_had(telling: Telling) -> str:
    if telling.facts.speaks:
        return f"You were to speak there{', and had a place' if telling.facts.state == 'confirmed' else ''}."
    waited = "You were on the waiting list." if telling.facts.state == "waiting" else "You had asked for a place."
    return _STATES.get(telling.facts.state, waited)


def _roles(telling: Telling) -> str:
    until = telling.facts.until
    several = "s" if len(telling.facts.roles) > 1 else ""
    return f"Your role{several}" + (f" until the end of {british_date(until)}" if until else "")


def _has_changed(telling: Telling) -> str:
    if telling.facts.speaks:
        return "has changed where you speak."
    return "has changed. This concerns sessions that you chose, or that are for everybody."


def _adds(telling: Telling) -> bool:
    invitation = telling.facts.invitation
    return invitation is not None and invitation.method is Method.REQUEST


def _in_calendar(telling: Telling) -> str:
    words = "in your calendar" if _adds(telling) else "taken out of your calendar"
    session = telling.facts.session
    return f"“{session.title}” {words}" if session else words.capitalize()


def _has_invitation(telling: Telling) -> bool:
    return telling.facts.invitation is not None


_EVENT: Mapping[str, Placeholder] = {
    "event": _words("The title of the event", _title),
    "organiser": _ours("Who organises the event", lambda telling: telling.event.organiser_name),
    "event_page": _page("The event’s page", "The event’s page", lambda urls: urls.event),
    "all_events": _page("The list of all events", "All events", lambda urls: urls.events),
    "joining_page": _page("The page on how to join", "The joining page", lambda urls: urls.join),
    "when_and_where": _block(
        "The days, the times and the place, or that it is online",
        "parts",
        # A speaker who is not registered takes part in no way that is known.
        lambda parts, telling: (
            parts.when_and_where(telling.event, telling.facts.mode) if telling.facts.mode else parts.when(telling.event)
        ),
    ),
}
_PLACES: Mapping[str, Placeholder] = {
    "your_page": _page("The recipient’s own registration", "Your registration", lambda urls: urls.registration),
    "held_place_page": _page(
        "Where the recipient takes the place that is held, as a button",
        "See the place held for you",
        lambda urls: urls.registration,
        is_button=True,
    ),
    "cancel_page": _page("Where the recipient gives up the place", "Give up your place", lambda urls: urls.cancel),
    "number": _ours("The number on the waiting list", lambda telling: str(telling.facts.position)),
    "until": _ours("Until when the place is held", _until),
    "already": _ours("The word “already”, and since when the person is registered", _already),
    "colleague": _words("The name of the colleague", _colleague),
    "standing": _ours(
        "A sentence on how the registration stands",
        lambda telling: str(telling.parts("parts.txt").standing(telling.event, telling.facts)),
    ),
    "waiting_rule": _ours(
        "What happens when a place comes free, as the event is set up",
        lambda telling: str(telling.parts("parts.txt").waiting_rule(telling.event)),
    ),
    "what_you_had": _ours("A sentence on what the person had: a place, a number, or to speak", _what_they_had),
    "place_of_colleague": _paragraph(
        "Whose place it was, where a colleague passed it on",
        lambda telling: f"The place of {_colleague(telling)} has passed to you." if telling.facts.colleague else "",
    ),
    "number_of_colleague": _paragraph(
        "Whose number it was, where a colleague passed it on",
        lambda telling: f"The number of {_colleague(telling)} has passed to you." if telling.facts.colleague else "",
    ),
    "at_the_door": _block(
        "The check-in code, for those who come in person",
        "parts",
        lambda parts, telling: parts.at_the_door(telling.urls),
        where=lambda telling: telling.facts.mode == "in_person",
    ),
    "calendar_entry": _block(
        "That the letter is also a calendar invitation",
        "parts",
        lambda parts, telling: parts.calendar_entry(telling.event, _has_invitation(telling)),
    ),
    "calendar_update": _block(
        "That the letter brings the calendar up to date",
        "parts",
        lambda parts, _: parts.calendar_update(),
        where=_has_invitation,
    ),
    "calendar_withdrawal": _block(
        "That the letter takes the event out of the calendar",
        "parts",
        lambda parts, _: parts.calendar_withdrawal("event"),
        where=_has_invitation,
    ),
    "organiser_says": _block(
        "The organiser’s reason, if one was given",
        "parts",
        lambda parts, telling: parts.said("What the organiser says", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "why": _block(
        "Why the event is cancelled, if that was said",
        "parts",
        lambda parts, telling: parts.said("Why", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "event_changes": _block(
        "What was, and what is now",
        "event_parts",
        lambda parts, telling: parts.changes(telling.facts, telling.event),
    ),
}
_SESSIONS: Mapping[str, Placeholder] = {
    "session": _ours("The title of the session", lambda telling: telling.session.title),
    "sessions_page": _page(
        "Where the recipient signs up for sessions and leaves them",
        "Your sessions at this event",
        lambda urls: urls.sessions,
    ),
    "session_when_and_where": _block(
        "The day, the time and the place of the session",
        "sign_up_parts",
        lambda parts, telling: parts.when_and_where(telling.facts, telling.event),
    ),
    "session_calendar_entry": _block(
        "That the letter is also a calendar invitation", "sign_up_parts", lambda parts, _: parts.calendar_entry()
    ),
    "session_calendar_withdrawal": _block(
        "That the letter takes the session out of the calendar",
        "parts",
        lambda parts, _: parts.calendar_withdrawal("session"),
        where=_has_invitation,
    ),
    "what_you_left": _ours(
        "“You have left”, or that the waiting list was left",
        lambda telling: "You are off the waiting list of" if telling.facts.state == "waited" else "You have left",
    ),
    "what_ended": _block(
        "What has ended: the place, the number, or the whole registration",
        "sign_up_parts",
        lambda parts, telling: parts.ended(telling.facts, telling.event),
    ),
    "sign_up_again": _block(
        "How to sign up again, where that is possible",
        "sign_up_parts",
        lambda parts, telling: parts.again(telling.urls),
        where=lambda telling: telling.facts.state != "registration_ended",
    ),
    "agenda_page": _page("The agenda as it is now", "The agenda", lambda urls: f"{urls.event}/agenda"),
    "versions_page": _page(
        "What changed from one version of the agenda to the next",
        "All changes",
        lambda urls: f"{urls.event}/agenda/changes",
    ),
    "whose_sessions": _ours(
        "“Sessions in your agenda”, or to speakers “Sessions you speak in”",
        lambda telling: "Sessions you speak in" if telling.facts.speaks else "Sessions in your agenda",
    ),
    "has_changed": _ours("That the agenda has changed, and why this concerns the person", _has_changed),
    "what_happened": _ours(
        "That the session has moved, is cancelled or takes place after all",
        lambda telling: _CHANGES.get(telling.facts.changes[0].kind, "has moved"),
    ),
    "session_changes": _block(
        "Each session that changed: where it stands, and where it stood",
        "agenda_parts",
        lambda parts, telling: parts.changes(telling.facts, telling.event),
    ),
    "calendar_change": _block(
        "What the letter does to the calendar",
        "agenda_parts",
        lambda parts, telling: parts.calendar_change(telling.facts.changes[0], telling.urls),
    ),
    "clashes": _block(
        "Which sessions are at the same time now, if any are",
        "agenda_parts",
        lambda parts, telling: parts.clashes(telling.facts),
        where=lambda telling: telling.facts.clashes,
    ),
}
_CALENDAR: Mapping[str, Placeholder] = {
    "leave_page": _page(
        "Where the place in the session is given up", "Give up your place in it", lambda urls: urls.leave
    ),
    "calendar_page": _page(
        "Where the recipient chooses how the calendar shows events", "Your calendar", lambda urls: urls.calendar
    ),
    "what_in_calendar": _ours("What the letter brings to the calendar or takes out of it", _in_calendar),
    "calendar_news": _block(
        "What the letter does to the calendar, and why",
        "calendar_parts",
        lambda parts, telling: parts.news(telling.facts, telling.event),
    ),
    "entry_when_and_where": _block(
        "When and where it is",
        "calendar_parts",
        lambda parts, telling: parts.when_and_where(telling.facts, telling.event),
    ),
    "entry_added": _block(
        "What to do with a new entry, how to join, and where the place is given up",
        "calendar_parts",
        lambda parts, telling: parts.added(telling.urls),
        where=_adds,
    ),
    "entry_removed": _paragraph(
        "What to do where the entry is still there",
        lambda telling: "" if _adds(telling) else _STILL_THERE,
    ),
}
_SERIES: Mapping[str, Placeholder] = {
    "series": _ours("The title of the series", lambda telling: telling.series.title),
    "series_place": _ours("Where the meetings are", lambda telling: telling.series.venue or "Online"),
    "series_page": _page("The page of the series", "About the meetings", lambda urls: urls.series),
    "member_page": _page("The recipient’s own page of the series", "Your meetings", lambda urls: urls.member),
    "meetings": _block("The meetings to come", "series_parts", lambda parts, telling: parts.meetings(telling.series)),
    "series_calendar_withdrawal": _block(
        "That the letter takes all meetings out of the calendar",
        "series_parts",
        lambda parts, _: parts.calendar_withdrawal(),
        where=_has_invitation,
    ),
}
_ASKED: Mapping[str, Placeholder] = {
    "summary": _paragraph("What the event is about, in a sentence", lambda telling: telling.event.summary),
    "when_and_where_for_all": _block(
        "The days, the times, and each way to take part",
        "parts",
        lambda parts, telling: parts.when_and_where_for_all(telling.event),
    ),
    "register_page": _page(
        "The recipient’s own link to register, as a button", "Register", lambda urls: urls.invited, is_button=True
    ),
    "who_asks": _words(
        "Who asks for help",
        lambda telling: f"{telling.facts.by} asks you" if telling.facts.by else "You are asked",
    ),
    "your_roles": _ours("“Your role” or “Your roles”, and until when", _roles),
    "roles": _block(
        "Each role, with what it lets somebody do", "parts", lambda parts, telling: parts.roles(telling.facts.roles)
    ),
    "organisers_page": _page(
        "The event on the organisers’ side, as a button", "Open the event", lambda urls: urls.organise, is_button=True
    ),
    "spoken": _block(
        "The sessions, with day and time as planned",
        "parts",
        lambda parts, telling: parts.spoken(telling.facts.spoken, telling.event.zone),
    ),
    "session_or_sessions": _ours(
        "“session” or “sessions”", lambda telling: "session" if len(telling.facts.spoken) == 1 else "sessions"
    ),
    "speaking_page": _page(
        "The speaker’s own link, as a button",
        "Look, and say whether you can speak",
        lambda urls: urls.speaking,
        is_button=True,
    ),
    "speaker": _words("The name of the speaker", lambda telling: telling.facts.speaker),
    "speaker_address": _ours("The e-mail address of the speaker", lambda telling: telling.facts.address),
    "own_words": _block(
        "The speaker’s own words, if there are any",
        "parts",
        lambda parts, telling: parts.said("In their own words", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "speakers_page": _page(
        "Everybody who speaks, on the organisers’ side, as a button",
        "See everybody who speaks",
        lambda urls: urls.manage_speakers,
        is_button=True,
    ),
}
_SIGNING_IN: Mapping[str, Placeholder] = {
    "service": _ours("The name of this service", lambda telling: telling.service_name),
    "service_contact": Placeholder(
        kind=Kind.ADDRESS,
        explained="Whom to write to about this service",
        value=lambda telling: Address(url=f"mailto:{telling.contact_email}", label=telling.contact_email),
    ),
    "minutes": _ours("For how many minutes the link works", lambda telling: str(telling.facts.minutes)),
    "written_at": _ours("When it happened", lambda telling: british_moment(telling.written_at)),
    "sign_in_link": _page("The link that signs in", "Sign in", lambda urls: urls.sign_in, is_button=True),
    "sign_in_page": _page("Where a link is asked for", "Ask for a link to sign in", lambda urls: urls.ask_sign_in),
}
PLACEHOLDERS: Mapping[str, Placeholder] = {
    **_EVENT,
    **_PLACES,
    **_SESSIONS,
    **_CALENDAR,
    **_SERIES,
    **_ASKED,
    **_SIGNING_IN,
}
# What every letter about an event may say, whether or not its original words do.
ANYWHERE = frozenset({"event", "organiser", "event_page", "all_events"})
