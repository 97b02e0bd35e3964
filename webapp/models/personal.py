"""The map of personal data: of each column whose data it is, why it is kept, until when, and what erasure does.

The privacy notice tells from it what is kept, so the two cannot differ; a column without an entry fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Whose(StrEnum):
    """Whom something tells of."""

    ATTENDEE = "attendee"
    SPEAKER = "speaker"
    ORGANISER = "organiser"


class Erasure(StrEnum):
    """What happens to something when the person it tells of is erased."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    KEPT = "kept"

    @property
    def sentence(self) -> str:
        """The same, for people."""
        return {
            "deleted": "It is deleted",
            "emptied": "What names you is taken out; the rest stays and speaks of nobody",
            "kept": "It stays, since by itself it names nobody",
        }[self]


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """One kind of personal data: `title` and `what` name it, the rest answers the map's four questions."""

    title: str
    what: str
    whose: Whose
    why: str
    until: str
    erasure: Erasure

    def of(self, columns: str) -> dict[str, "Held"]:
        """These columns, separated by spaces, hold this."""
        return dict.fromkeys(columns.split(), self)


class Nothing(Enum):
    """The mark of tables and columns that tell of nobody."""

    NOT_PERSONAL = "not personal"

    def of(self, columns: str) -> dict[str, "Held"]:
        """These columns, separated by spaces, tell of nobody."""
        return dict.fromkeys(columns.split(), self)


Held = Keeping | Nothing
NOT_PERSONAL = Nothing.NOT_PERSONAL

ASKED = "Until you ask us to erase it. Nothing deletes it by itself"

REGISTRATION = Keeping(
    title="Your registrations",
    what="Your name, e-mail address, organisation, role and language as you gave them for each event,"
    " and the secret part of your personal link",
    whose=Whose.ATTENDEE,
    why="To give you a place, write to you about the event, and let its organisers know who comes",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
ANSWERS = Keeping(
    title="Your answers to an event’s own questions",
    what="What you answered to the questions that the organisers of an event asked",
    whose=Whose.ATTENDEE,
    why="To plan that event",
    until=ASKED,
    erasure=Erasure.DELETED,
)
NEEDS = Keeping(
    title="Your access and dietary needs",
    what="What you wrote about access and food, if anything, kept apart from the rest of your registration",
    whose=Whose.ATTENDEE,
    why="To arrange what helps you take part in that event, and for nothing else",
    until="30 days after the event, then deleted by the service itself",
    erasure=Erasure.DELETED,
)
DRAFT = Keeping(
    title="Half-finished registrations",
    what="What you have filled in before you send it, your needs included, with a random code for your browser",
    whose=Whose.ATTENDEE,
    why="So that you can check your answers and lose nothing",
    until="1 day after you last changed it. Once you send it, only your address and how it stands remain until then",
    erasure=Erasure.DELETED,
)
TAKING_PART = Keeping(
    title="That somebody took part",
    what="Sector, way of taking part, how the registration stood and when, the number in the order of arrival,"
    " the version of this notice, and counts by sector and organisation",
    whose=Whose.ATTENDEE,
    why="To count places, and to report how many people took part from which sectors and organisations",
    until="As long as there is a record of the event",
    erasure=Erasure.KEPT,
)
SEARCH = Keeping(
    title="Words to search by",
    what="The words of your name, e-mail address, organisation and role in a registration",
    whose=Whose.ATTENDEE,
    why="So that the organisers of an event can find your registration when you write to them",
    until="As long as the registration has these words",
    erasure=Erasure.DELETED,
)
PROFILE = Keeping(
    title="Your profile",
    what="Your name, your e-mail address, and whether you have shown that the address is yours",
    whose=Whose.ATTENDEE,
    why="To know that two registrations are the same person’s, and to let you sign in",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
ACCOUNT = Keeping(
    title="Your account",
    what="That you have signed in; if you set a password, a one-way hash of it, never the password itself",
    whose=Whose.ATTENDEE,
    why="To let you, and only you, see your own events",
    until=ASKED,
    erasure=Erasure.DELETED,
)
SIGNED_IN = Keeping(
    title="Browsers in which you are signed in",
    what="When you signed in and out, with a fingerprint of the code in your cookie",
    whose=Whose.ATTENDEE,
    why="To keep you signed in, and to sign you out everywhere when you change your password",
    until="36 hours after you signed in",
    erasure=Erasure.DELETED,
)
SIGN_IN_LINK = Keeping(
    title="Links to sign in",
    what="The address that you asked a link for, when, the page you wanted to go on to, and when the link was used",
    whose=Whose.ATTENDEE,
    why="To let you sign in by e-mail, once for each link",
    until="1 day after the link’s 15 minutes are over",
    erasure=Erasure.DELETED,
)
ATTEMPTS = Keeping(
    title="Counts of attempts",
    what="How often somebody tried to sign in or register, under a fingerprint of the e-mail address and of the"
    " internet address, neither of them in clear",
    whose=Whose.ATTENDEE,
    why="To stop guessing of passwords and floods of registrations",
    until="15 minutes at most",
    erasure=Erasure.DELETED,
)
LETTERS = Keeping(
    title="Letters we sent you",
    what="Your name and address, what the letter said, when it was sent, and what the mail server answered",
    whose=Whose.ATTENDEE,
    why="To deliver each letter once, to send it again when a mail server is away, and to answer questions about it",
    until=ASKED,
    erasure=Erasure.DELETED,
)
CALENDAR = Keeping(
    title="Calendar invitations",
    what="That you were sent a calendar entry for an event, under which number, and in which version",
    whose=Whose.ATTENDEE,
    why="So that a later change or cancellation finds the entry in your calendar",
    until=ASKED,
    erasure=Erasure.DELETED,
)
FEED = Keeping(
    title="Your calendar address",
    what="The secret part of the address of your calendar, when it was made, and when you took it back",
    whose=Whose.ATTENDEE,
    why="To show your events and sessions in your calendar program, for as long as you want it to",
    until="Until you ask us to erase it. An address that you took back no longer answers",
    erasure=Erasure.DELETED,
)
STARS = Keeping(
    title="My agenda",
    what="Which sessions you put into My agenda, and when",
    whose=Whose.ATTENDEE,
    why="To show you the sessions that you chose",
    until="Until you take a session out of My agenda, or ask us to erase it",
    erasure=Erasure.DELETED,
)
EXPORTS = Keeping(
    title="Lists made for organisers",
    what="Files with the registrations of an event that an organiser asked for, with needs only if the organiser may"
    " see them, and which organiser it was",
    whose=Whose.ATTENDEE,
    why="To make long lists without keeping the organiser waiting",
    until="1 day after the list was asked for",
    erasure=Erasure.DELETED,
)
RECORD = Keeping(
    title="The record of what was done",
    what="Who registered, cancelled, decided or signed in, and when. Never what was typed",
    whose=Whose.ATTENDEE,
    why="To answer for what was decided, and to see misuse and mistakes",
    until=ASKED,
    erasure=Erasure.EMPTIED,
)
NUMBERS = Keeping(
    title="Numbers that tie records together",
    what="Numbers, dates and links from one record to another, without names",
    whose=Whose.ATTENDEE,
    why="So that what belongs together stays together",
    until="As long as the records that they tie together",
    erasure=Erasure.KEPT,
)
SPEAKER = Keeping(
    title="Speaker profiles",
    what="Name, job title, organisation, biography, and the sessions somebody contributes to. These are public",
    whose=Whose.SPEAKER,
    why="To tell who speaks at an event, and to keep its record afterwards",
    until="Until you ask us to take it out. Nothing deletes it by itself",
    erasure=Erasure.DELETED,
)
TEXTS = Keeping(
    title="Texts about events and sessions",
    what="What organisers write about an event or session, which may name people. Most of it is public",
    whose=Whose.SPEAKER,
    why="To tell what an event is about, and to keep its record afterwards",
    until="Until you ask us to take your name out. Nothing deletes it by itself",
    erasure=Erasure.EMPTIED,
)
ORGANISER = Keeping(
    title="Whom to ask about an event",
    what="The name and e-mail address of the organisers. These are public",
    whose=Whose.ORGANISER,
    why="So that people can ask about the event",
    until="As long as the event’s page is there, or until the organisers name somebody else",
    erasure=Erasure.EMPTIED,
)
GRANTS = Keeping(
    title="What organisers may do",
    what="Which person may do what, for which event or programme, and until when",
    whose=Whose.ORGANISER,
    why="So that only those who should can see registrations and decide about them",
    until="Until the permission is taken away",
    erasure=Erasure.DELETED,
)

TABLES: Mapping[str, Nothing | Mapping[str, Held]] = {
    "people": {
        **PROFILE.of("name email email_folded email_verified_at"),
        **NUMBERS.of("id public_id demonstration merged_into_id version created_at updated_at"),
    },
    "accounts": ACCOUNT.of("id person_id password_hash password_changed_at created_at updated_at"),
    "web_sessions": SIGNED_IN.of("id token_digest person_id created_at expires_at ended_at"),
    "sign_in_links": SIGN_IN_LINK.of(
        "id public_id nonce email email_folded next_path created_at expires_at used_at used_in"
    ),
    "throttles": ATTEMPTS.of("id kind key window_start expires_at count"),
    "grants": GRANTS.of("id person_id role thing_kind thing_id until created_at"),
    "activity": {
        **RECORD.of("actor_id details"),
        **NUMBERS.of("id at actor_kind verb thing_kind thing_id event_id redacted_at"),
    },
    "programmes": NOT_PERSONAL,
    "themes": NOT_PERSONAL,
    "programme_parts": NOT_PERSONAL,
    "organisations": NOT_PERSONAL,
    "organisation_aliases": NOT_PERSONAL,
    "series": NOT_PERSONAL,
    "events": {
        **ORGANISER.of("organiser_name organiser_email"),
        **TEXTS.of("title summary description reach thanks joining_instructions cancelled_reason"),
        **NOT_PERSONAL.of("id public_id slug programme_id series_id language state listed demonstration format zone"),
        **NOT_PERSONAL.of("starts_on ends_on starts_at ends_at venue hashtag takes_registrations"),
        **NOT_PERSONAL.of("registration_opens_at registration_closes_at needs_approval waiting_list offer_hours"),
        **NOT_PERSONAL.of("calendar_sequence calendar_changed_at public_revision version created_at updated_at"),
    },
    "event_days": NOT_PERSONAL,
    "event_themes": NOT_PERSONAL,
    "event_questions": NOT_PERSONAL,
    "places": NOT_PERSONAL,
    "streams": NOT_PERSONAL,
    "sessions": {
        **TEXTS.of("title summary description"),
        **NOT_PERSONAL.of("id public_id slug event_id day_id stream_id position kind state language"),
        **NOT_PERSONAL.of("starts ends starts_at ends_at room calendar_sequence calendar_changed_at"),
        **NOT_PERSONAL.of("version created_at updated_at"),
    },
    "session_themes": NOT_PERSONAL,
    "contributions": SPEAKER.of("id session_id speaker_id organisation_id role position"),
    "speakers": SPEAKER.of(
        "id public_id slug person_id organisation_id name name_sort job_title biography demonstration"
        " created_at updated_at"
    ),
    "stars": STARS.of("id person_id session_id created_at"),
    "registrations": {
        **REGISTRATION.of("name name_sort email organisation_id organisation_name organisation_sort role language"),
        **REGISTRATION.of("link_nonce"),
        **TAKING_PART.of("event_id state mode arrival sector notice_version registered_at confirmed_at"),
        **TAKING_PART.of("offered_until ended_at"),
        **NUMBERS.of("id public_id person_id version created_at updated_at"),
    },
    "registration_answers": ANSWERS.of("id registration_id question_id value"),
    "registration_needs": NEEDS.of("id registration_id access dietary delete_after"),
    "registration_drafts": DRAFT.of("id public_id event_id browser answers outcome created_at expires_at"),
    # An organisation is typed freely and may be somebody's own name; what stays is a count beside it.
    "registration_tallies": TAKING_PART.of("id event_id dimension value state count"),
    "search_words": SEARCH.of("kind scope_id word thing_id"),
    "outbox": LETTERS.of(
        "id public_id notice lane recipient_name recipient_email reply_to facts person_id event_id state attempts"
        " uncertain next_attempt_at expires_at taken_by message last_error created_at sent_at"
    ),
    "invitations": CALENDAR.of("id person_id thing_kind thing_id uid sequence method changed_at"),
    "calendar_feeds": FEED.of("id public_id person_id nonce created_at revoked_at"),
    "exports": EXPORTS.of(
        "id public_id person_id event_id filetype filters with_needs requested_at expires_at taken_until attempts"
        " failed_at finished_at size"
    ),
    "export_parts": EXPORTS.of("id export_id position content"),
    "heartbeats": NOT_PERSONAL,
    "revisions": NOT_PERSONAL,
}

# The order in which people want to know it.
KEEPINGS = (
    REGISTRATION,
    ANSWERS,
    NEEDS,
    DRAFT,
    TAKING_PART,
    PROFILE,
    ACCOUNT,
    SIGN_IN_LINK,
    SIGNED_IN,
    LETTERS,
    CALENDAR,
    FEED,
    STARS,
    EXPORTS,
    SEARCH,
    RECORD,
    ATTEMPTS,
    NUMBERS,
    SPEAKER,
    TEXTS,
    ORGANISER,
    GRANTS,
)


def kept_about(*whose: Whose) -> list[Keeping]:
    """What is kept about these people, in the order of the privacy notice."""
    return [keeping for keeping in KEEPINGS if keeping.whose in whose]
