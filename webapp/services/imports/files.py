"""Files in the columns that an import takes: the empty one to begin with, and the draft agenda as it stands."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from webapp.formats import spreadsheets
from webapp.formats.spreadsheets import Cell
from webapp.models.drafts import DraftSession
from webapp.models.events import Event, EventQuestion
from webapp.models.imports import ImportKind
from webapp.models.operations import FileType
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries import drafts as queries
from webapp.queries.events import asked_questions
from webapp.services.imports.agenda_judging import session_parts
from webapp.services.imports.columns import offered


def template_file(kind: ImportKind, event: Event, filetype: FileType) -> bytes:
    """A file with the headings and rows to write over, by the event's own days, streams, rooms and questions.

    `event` must have its days and questions loaded.
    """
    rows = _agenda_examples(event) if kind is ImportKind.AGENDA else [_person_example(event)]
    return as_file(event.title, [column.heading for column in offered(kind, event).values()], rows, filetype)


def draft_file(event: Event, filetype: FileType) -> bytes:
    """The draft agenda in just the columns of the import; read in again as it is, it changes nothing.

    Cancelled sessions are left out.
    """
    sessions = [one for one in queries.draft_sessions_of(event.id, whole=True) if not one.is_cancelled]
    header = [column.heading for column in offered(ImportKind.AGENDA, event).values()]
    return as_file(event.title, header, [_row(session) for session in sessions], filetype)


def as_file(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], filetype: FileType) -> bytes:
    """A table as a file of that type."""
    if filetype is FileType.CSV:
        return spreadsheets.csv_bytes(header, rows)
    return spreadsheets.xlsx_bytes(title, header, rows)


def _row(session: DraftSession) -> list[Cell]:
    timed = session.starts is not None
    return [
        session.source_key or session.public_id,
        session.title,
        session.kind.value.capitalize(),
        session.day.date if session.day else None,
        f"{session.starts:%H:%M}" if session.starts else None,
        f"{session.ends:%H:%M}" if session.ends else None,
        # Where there is an end it says the length: two that must agree would not survive a change of one.
        None if timed else session.minutes,
        session.stream.name if session.stream else None,
        session.room.name if session.room else None,
        "; ".join(session_parts(session)),
        session.summary,
        session.description,
        "; ".join(theme.name for theme in session.themes),
        session.takes_sign_ups,
        session.capacity_online,
        session.capacity_in_person,
        session.notes,
    ]


def _agenda_examples(event: Event) -> list[list[Cell]]:
    streams = [stream.name for stream in queries.draft_streams_of(event.id)]
    rooms = [room.name for room in queries.rooms_of(event.id)]
    return list(_examples(event, streams, rooms))


def _examples(event: Event, streams: Sequence[str], rooms: Sequence[str]) -> Iterator[list[Cell]]:
    for number, (day, stream, room) in enumerate(zip_longest(event.days, streams, rooms), start=1):
        on = day or (event.days[-1] if event.days else None)
        yield [
            number,
            f"Example {number}: write over this row",
            "Session",
            on.date if on else None,
            f"{on.starts:%H:%M}" if on and on.starts else None,
            None,
            45,
            stream,
            room,
            "Ann Lee (Marlbridge Council); Ben Osei [chair]",
            "One or two sentences for the agenda.",
            *[None] * 2,
            False,
            *[None] * 3,
        ]


def _person_example(event: Event) -> list[Cell]:
    return [
        "Ann Lee",
        "ann.lee@example.org",
        "Marlbridge Council",
        Sector.LOCAL_AUTHORITY.label,
        "Social worker",
        RegistrationState.CONFIRMED.label,
        event.modes[0].label if event.modes else None,
        None,
        *[_answer(question) for question in asked_questions(event)],
    ]


def _answer(question: EventQuestion) -> str | None:
    return question.choices[0] if question.choices else None
