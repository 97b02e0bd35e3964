"""The placeholders of letters: what each stands for, in words for organisers, and how it is made from frozen facts."""

from collections.abc import Mapping

from webapp.models.calendars import Method
from webapp.notices.community_words import COMMUNITIES
from webapp.notices.moderation_words import MODERATING
from webapp.notices.placeholders_memberships import MEMBERSHIPS
from webapp.notices.reflection_words import REFLECTIONS
from webapp.notices.telling import Placeholder, Telling, block, in_our_words, in_words, page, paragraph, plain_name
from webapp.notices.wording import Address, Kind, Told
from webapp.templating import british_date, british_moment

_STILL_THERE = (
    "If the entry still stands in your calendar, open the attached file cancellation.ics, or delete it yourself."
)
_STATES = {"confirmed": "You had a place.", "offered": "You had been offered a place."}
_CHANGES = {
    "cancelled": "has been cancelled",
    "restored": "takes place after all",
    "changed": "has another link to join",
    "organiser": "has other organisers to write to",
}


def _colleague(telling: Telling) -> str:
    return plain_name(telling.facts.colleague) or "a colleague"


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


def _for_its_date(word: str, telling: Telling) -> str:
    """The word, and of one meeting of a series for which date, as people know it."""
    series, stood = telling.facts.series, telling.facts.before or telling.event
    if series is None or series.on is None:
        return word
    return f"{word} for {british_date(stood.days[0].date if stood.days else series.on)}"


def _other_meetings(telling: Telling) -> str:
    series = telling.facts.series
    return f"The other meetings of “{series.title}” stay as they are." if series and series.on else ""


def _adds(telling: Telling) -> bool:
    return telling.facts.invitation is not None and telling.facts.invitation.method is Method.REQUEST


def _in_calendar(telling: Telling) -> str:
    words = "in your calendar" if _adds(telling) else "taken out of your calendar"
    session = telling.facts.session
    return f"“{session.title}” {words}" if session else words.capitalize()


def _has_invitation(telling: Telling) -> bool:
    return telling.facts.invitation is not None


_EVENT: Mapping[str, Placeholder] = {
    "event": in_words("The title of the event", _title),
    "organiser": in_our_words("Who organises the event", lambda telling: telling.event.organiser_name),
    "event_page": page("The event’s page", "The event’s page", lambda urls: urls.event),
    "all_events": page("The list of all events", "All events", lambda urls: urls.events),
    "joining_page": page("The page on how to join", "The joining page", lambda urls: urls.join),
    "when_and_where": block(
        "The days, the times and the place, or that it is online",
        "parts",
        # A speaker who is not registered takes part in no way that is known.
        lambda parts, telling: (
            parts.when_and_where(telling.event, telling.facts.mode) if telling.facts.mode else parts.when(telling.event)
        ),
    ),
}
_PLACES: Mapping[str, Placeholder] = {
    "your_page": page("The recipient’s own registration", "Your registration", lambda urls: urls.registration),
    "held_place_page": page(
        "Where the recipient takes the place that is held, as a button",
        "See the place held for you",
        lambda urls: urls.registration,
        is_button=True,
    ),
    "cancel_page": page("Where the recipient gives up the place", "Give up your place", lambda urls: urls.cancel),
    "if_you_cannot_come": block(
        "Where the recipient gives up the place, for those who have one",
        "parts",
        lambda parts, telling: parts.cannot_come(telling.urls.cancel),
        where=lambda telling: telling.facts.link_id and not telling.facts.speaks,
    ),
    "number": in_our_words("The number on the waiting list", lambda telling: str(telling.facts.position)),
    "until": in_our_words("Until when the place is held", _until),
    "already": in_our_words("The word “already”, and since when the person is registered", _already),
    "colleague": in_words("The name of the colleague", _colleague),
    "standing": in_our_words(
        "A sentence on how the registration stands",
        lambda telling: str(telling.parts("parts.txt").standing(telling.event, telling.facts)),
    ),
    "waiting_rule": in_our_words(
        "What happens when a place comes free, as the event is set up",
        lambda telling: str(telling.parts("parts.txt").waiting_rule(telling.event)),
    ),
    "what_you_had": in_our_words("A sentence on what the person had: a place, a number, or to speak", _what_they_had),
    "place_of_colleague": paragraph(
        "Whose place it was, where a colleague passed it on",
        lambda telling: f"The place of {_colleague(telling)} has passed to you." if telling.facts.colleague else "",
    ),
    "number_of_colleague": paragraph(
        "Whose number it was, where a colleague passed it on",
        lambda telling: f"The number of {_colleague(telling)} has passed to you." if telling.facts.colleague else "",
    ),
    "at_the_door": block(
        "The check-in code, for those who come in person",
        "parts",
        lambda parts, telling: parts.at_the_door(telling.urls),
        where=lambda telling: telling.facts.mode == "in_person",
    ),
    "calendar_entry": block(
        "That the letter is also a calendar invitation",
        "parts",
        lambda parts, telling: parts.calendar_entry(telling.event, _has_invitation(telling)),
    ),
    "calendar_update": block(
        "That the letter brings the calendar up to date",
        "parts",
        lambda parts, _: parts.calendar_update(),
        where=_has_invitation,
    ),
    "calendar_withdrawal": block(
        "That the letter takes the event out of the calendar",
        "parts",
        lambda parts, _: parts.calendar_withdrawal("event"),
        where=_has_invitation,
    ),
    "organiser_says": block(
        "The organiser’s reason, if one was given",
        "parts",
        lambda parts, telling: parts.said("What the organiser says", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "why": block(
        "Why the event is cancelled, if that was said",
        "parts",
        lambda parts, telling: parts.said("Why", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "changed": in_our_words(
        "The word “Changed”, and of one meeting of a series for which date",
        lambda telling: _for_its_date("Changed", telling),
    ),
    "called_off": in_our_words(
        "The word “Cancelled”, and of one meeting of a series for which date",
        lambda telling: _for_its_date("Cancelled", telling),
    ),
    "other_meetings": paragraph("That the other meetings of its series stay, if it is one of them", _other_meetings),
    "event_changes": block(
        "What was, and what is now",
        "event_parts",
        lambda parts, telling: parts.changes(telling.facts, telling.event),
    ),
}
_SESSIONS: Mapping[str, Placeholder] = {
    "session": in_our_words("The title of the session", lambda telling: telling.session.title),
    "sessions_page": page(
        "Where the recipient signs up for sessions and leaves them",
        "Your sessions at this event",
        lambda urls: urls.sessions,
    ),
    "session_when_and_where": block(
        "The day, the time and the place of the session",
        "sign_up_parts",
        lambda parts, telling: parts.when_and_where(telling.facts, telling.event),
    ),
    "session_calendar_entry": block(
        "That the letter is also a calendar invitation", "sign_up_parts", lambda parts, _: parts.calendar_entry()
    ),
    "session_calendar_withdrawal": block(
        "That the letter takes the session out of the calendar",
        "parts",
        lambda parts, _: parts.calendar_withdrawal("session"),
        where=_has_invitation,
    ),
    "what_you_left": in_our_words(
        "“You have left”, or that the waiting list was left",
        lambda telling: "You are off the waiting list of" if telling.facts.state == "waited" else "You have left",
    ),
    "what_ended": block(
        "What has ended: the place, the number, or the whole registration",
        "sign_up_parts",
        lambda parts, telling: parts.ended(telling.facts, telling.event),
    ),
    "sign_up_again": block(
        "How to sign up again, where that is possible",
        "sign_up_parts",
        lambda parts, telling: parts.again(telling.urls),
        where=lambda telling: telling.facts.state != "registration_ended",
    ),
    "agenda_page": page("The agenda as it is now", "The agenda", lambda urls: f"{urls.event}/agenda"),
    "versions_page": page(
        "What changed from one version of the agenda to the next",
        "All changes",
        lambda urls: f"{urls.event}/agenda/changes",
    ),
    "whose_sessions": in_our_words(
        "“Sessions in your agenda”, or to speakers “Sessions you speak in”",
        lambda telling: "Sessions you speak in" if telling.facts.speaks else "Sessions in your agenda",
    ),
    "has_changed": in_our_words("That the agenda has changed, and why this concerns the person", _has_changed),
    "what_happened": in_our_words(
        "That the session has moved, has another link to join, is cancelled or takes place after all",
        lambda telling: _CHANGES.get(telling.facts.changes[0].kind, "has moved"),
    ),
    "session_changes": block(
        "Each session that changed: where it stands, and where it stood",
        "agenda_parts",
        lambda parts, telling: parts.changes(telling.facts, telling.event, telling.urls),
    ),
    "calendar_change": block(
        "What the letter does to the calendar",
        "agenda_parts",
        lambda parts, telling: parts.calendar_change(telling.facts, telling.urls),
    ),
    "clashes": block(
        "Which sessions are at the same time now, if any are",
        "agenda_parts",
        lambda parts, telling: parts.clashes(telling.facts),
        where=lambda telling: telling.facts.clashes,
    ),
}
_CALENDAR: Mapping[str, Placeholder] = {
    "leave_page": page(
        "Where the place in the session is given up", "Give up your place in it", lambda urls: urls.leave
    ),
    "calendar_page": page(
        "Where the recipient chooses how the calendar shows events", "Your calendar", lambda urls: urls.calendar
    ),
    "what_in_calendar": in_our_words("What the letter brings to the calendar or takes out of it", _in_calendar),
    "calendar_news": block(
        "What the letter does to the calendar, and why",
        "calendar_parts",
        lambda parts, telling: parts.news(telling.facts, telling.event),
    ),
    "entry_when_and_where": block(
        "When and where it is",
        "calendar_parts",
        lambda parts, telling: parts.when_and_where(telling.facts, telling.event),
    ),
    "entry_added": block(
        "What to do with a new entry, how to join, and where the place is given up",
        "calendar_parts",
        lambda parts, telling: parts.added(telling.urls),
        where=_adds,
    ),
    "entry_removed": paragraph(
        "What to do where the entry is still there",
        lambda telling: "" if _adds(telling) else _STILL_THERE,
    ),
}
_SERIES: Mapping[str, Placeholder] = {
    "series": in_our_words("The title of the series", lambda telling: telling.series.title),
    "series_place": in_our_words("Where the meetings are", lambda telling: telling.series.venue or "Online"),
    "series_page": page("The page of the series", "About the meetings", lambda urls: urls.series),
    "member_page": page("The recipient’s own page of the series", "Your meetings", lambda urls: urls.member),
    "meetings": block("The meetings to come", "series_parts", lambda parts, telling: parts.meetings(telling.series)),
    "series_calendar_withdrawal": block(
        "That the letter takes all meetings out of the calendar",
        "series_parts",
        lambda parts, _: parts.calendar_withdrawal(),
        where=_has_invitation,
    ),
}
_ASKED: Mapping[str, Placeholder] = {
    "summary": paragraph("What the event is about, in a sentence", lambda telling: telling.event.summary),
    "when_and_where_for_all": block(
        "The days, the times, and each way to take part",
        "parts",
        lambda parts, telling: parts.when_and_where_for_all(telling.event),
    ),
    "register_page": page(
        "The recipient’s own link to register, as a button", "Register", lambda urls: urls.invited, is_button=True
    ),
    "who_asks": in_words(
        "Who asks for help",
        lambda telling: f"{telling.facts.by} asks you" if telling.facts.by else "You are asked",
    ),
    "your_roles": in_our_words("“Your role” or “Your roles”, and until when", _roles),
    "roles": block(
        "Each role, with what it lets somebody do", "parts", lambda parts, telling: parts.roles(telling.facts.roles)
    ),
    "organisers_page": page(
        "The event on the organisers’ side, as a button", "Open the event", lambda urls: urls.organise, is_button=True
    ),
    "spoken": block(
        "The sessions, with day and time as planned",
        "parts",
        lambda parts, telling: parts.spoken(telling.facts.spoken, telling.event.zone),
    ),
    "session_or_sessions": in_our_words(
        "“session” or “sessions”", lambda telling: "session" if len(telling.facts.spoken) == 1 else "sessions"
    ),
    "speaking_page": page(
        "The speaker’s own link, as a button",
        "Look, and say whether you can speak",
        lambda urls: urls.speaking,
        is_button=True,
    ),
    "checking_page": page(
        "The speaker’s own link, to look through the transcript, as a button",
        "Look through the transcript",
        lambda urls: urls.speaking,
        is_button=True,
    ),
    "speaker": in_words("The name of the speaker", lambda telling: telling.facts.speaker),
    "speaker_address": in_our_words("The e-mail address of the speaker", lambda telling: telling.facts.address),
    "own_words": block(
        "The speaker’s own words, if there are any",
        "parts",
        lambda parts, telling: parts.said("In their own words", telling.facts.reason),
        where=lambda telling: telling.facts.reason,
    ),
    "speakers_page": page(
        "Everybody who speaks, on the organisers’ side, as a button",
        "See everybody who speaks",
        lambda urls: urls.manage_speakers,
        is_button=True,
    ),
}
_SIGNING_IN: Mapping[str, Placeholder] = {
    "service": in_our_words("The name of this service", lambda telling: telling.service_name),
    "service_contact": Placeholder(
        kind=Kind.ADDRESS,
        explained="Whom to write to about this service",
        value=lambda telling: Address(url=f"mailto:{telling.contact_email}", label=telling.contact_email),
    ),
    "minutes": in_our_words("For how many minutes the link works", lambda telling: str(telling.facts.minutes)),
    "written_at": in_our_words("When it happened", lambda telling: british_moment(telling.written_at)),
    "sign_in_link": page("The link that signs in", "Sign in", lambda urls: urls.sign_in, is_button=True),
    "sign_in_page": page("Where a link is asked for", "Ask for a link to sign in", lambda urls: urls.ask_sign_in),
}
PLACEHOLDERS: Mapping[str, Placeholder] = {
    **_EVENT,
    **_PLACES,
    **_SESSIONS,
    **_CALENDAR,
    **_SERIES,
    **_ASKED,
    **REFLECTIONS,
    **MEMBERSHIPS,
    **_SIGNING_IN,
    **MODERATING,
    **COMMUNITIES,
}
# What every letter about an event may say, whether or not its original words do.
ANYWHERE = frozenset({"event", "organiser", "event_page", "all_events"})
