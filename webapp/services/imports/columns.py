"""The columns that a file may have: what each is called in ours, and what else people call it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.formats.tables import Table, columns
from webapp.models.events import Event, EventQuestion
from webapp.models.imports import ImportKind
from webapp.queries.events import asked_questions

ANSWER = "answer "


@dataclass(frozen=True)
class Column:
    """One column: its heading in our own files, what it holds in a sentence, and the other spellings."""

    heading: str
    about: str
    spellings: tuple[str, ...] = ()
    required: bool = False


AGENDA: Mapping[str, Column] = {
    "key": Column(
        "Id",
        "Anything that no two rows share, such as a number. By it the same file, read in again, changes the session"
        " instead of adding it once more.",
        ("Key", "Session id", "Session number", "No", "Number", "Code", "Ref", "Reference"),
    ),
    "title": Column("Title", "What the session is called.", ("Session", "Session title", "Name"), required=True),
    "kind": Column("Kind", "Session, plenary or break; left empty it is a session.", ("Type", "Session type")),
    "day": Column("Day", "One of the event’s days. Without it the session is not placed yet.", ("Date", "On")),
    "starts": Column("Start", "Such as 9:30am or 14:00.", ("Starts", "Start time", "From", "Begins", "Time")),
    "ends": Column("End", "The same. Or say how many minutes it lasts.", ("Ends", "End time", "To", "Until", "Finish")),
    "minutes": Column("Minutes", "How long it lasts, if no end is given.", ("Length", "Duration", "Duration minutes")),
    "stream": Column("Stream", "Left empty it is for all streams. A new name makes a new stream.", ("Track", "Strand")),
    "room": Column("Room", "A room or an online meeting. A new name makes a new one.", ("Location", "Venue", "Place")),
    "parts": Column(
        "Speakers",
        "Name (Organisation), one after the other with semicolons; [chair], [panellist] or [facilitator] behind it for"
        " who does not present.",
        ("Speaker", "Presenters", "Presenter", "People", "Who"),
    ),
    "summary": Column("Summary", "One or two sentences for the agenda.", ("Abstract", "Short description")),
    "description": Column("Description", "The text for the session’s own page.", ("Long description", "Details")),
    "themes": Column("Themes", "Names of the programme’s themes, with semicolons between them.", ("Theme", "Topics")),
    "takes_sign_ups": Column("Sign-up", "Yes if people sign up for it by itself.", ("Signup", "Sign up", "Booking")),
    "capacity_online": Column("Places online", "How many; empty for no limit.", ("Online places", "Capacity online")),
    "capacity_in_person": Column(
        "Places in person", "How many; empty for no limit.", ("In person places", "Capacity in person", "Capacity")
    ),
    "notes": Column("Notes", "For the team alone: on the run sheet.", ("Note", "Team notes", "Comments")),
}

PEOPLE: Mapping[str, Column] = {
    "name": Column("Name", "First name and surname.", ("Full name", "Attendee", "Delegate"), required=True),
    "first": Column("First name", "If it has a column of its own.", ("Forename", "Given name")),
    "last": Column("Surname", "The same.", ("Last name", "Family name")),
    "email": Column(
        "E-mail address", "By it people are told apart.", ("E-mail", "Mail", "Email address"), required=True
    ),
    "organisation": Column(
        "Organisation", "Who they work for.", ("Organization", "Employer", "Company", "Council"), required=True
    ),
    "sector": Column("Sector", "Left empty it is that of the organisation, where we know it.", ("Sector name",)),
    "role": Column("Role", "What they do there.", ("Job title", "Job", "Position", "Your role")),
    "state": Column(
        "State",
        "Confirmed, waiting list or waiting for approval; left empty it is confirmed.",
        ("Status", "Registration status"),
    ),
    "mode": Column("Taking part", "Online or in person.", ("Mode", "Attendance", "Way of taking part", "Format")),
    "tags": Column("Tags", "Words to find them by, with semicolons between them.", ("Tag", "Labels")),
}
# Ours to write and not to read, or not to be read in from a file at all.
NOT_OFFERED = {"first", "last"}


def columns_of(kind: ImportKind, event: Event) -> dict[str, Column]:
    """The columns of a file of this kind, by field; `event` must have its questions loaded."""
    if kind is ImportKind.AGENDA:
        return dict(AGENDA)
    return {**PEOPLE, **{answer_field(one): _of_question(one) for one in asked_questions(event)}}


def offered(kind: ImportKind, event: Event) -> dict[str, Column]:
    """The same as our own files have them, in their order."""
    return {name: column for name, column in columns_of(kind, event).items() if name not in NOT_OFFERED}


def places_of(table: Table, wanted: Mapping[str, Column]) -> tuple[dict[str, int], list[str]]:
    """The place of each field's column in the table, and the headings that nothing is known about."""
    places = columns(table.header, {name: (column.heading, *column.spellings) for name, column in wanted.items()})
    return places, [heading for place, heading in enumerate(table.header) if place not in places.values()]


def missing(places: Mapping[str, int], wanted: Mapping[str, Column]) -> Sequence[str]:
    """The headings of columns without which nothing can be done."""
    has_both = {"first", "last"} <= places.keys()
    return [
        column.heading
        for name, column in wanted.items()
        if column.required and name not in places and not (name == "name" and has_both)
    ]


def answer_field(question: EventQuestion) -> str:
    """The field that holds the answer to a question."""
    return f"{ANSWER}{question.public_id}"


def _of_question(question: EventQuestion) -> Column:
    choices = f"One of: {'; '.join(question.choices)}." if question.choices else "The answer."
    return Column(question.label, question.help or choices)
