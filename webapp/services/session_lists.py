"""Who signed up for single sessions, as files for spreadsheet programs."""

from collections.abc import Iterator

from webapp.formats import spreadsheets
from webapp.formats.spreadsheets import Cell
from webapp.models.events import Event
from webapp.models.operations import FileType
from webapp.models.sign_ups import SignUp
from webapp.queries.sign_ups import people_of

HEADER = [
    "Session",
    "Date",
    "Starts",
    "Ends",
    "Name",
    "E-mail address",
    "Organisation",
    "Role",
    "Taking part",
    "State",
    "Number of arrival",
]


def whole_file(event: Event, filetype: FileType, *, session_id: int | None = None) -> bytes:
    """The list of one session, or of all, as a file: by session, who has a place first, each by arrival."""
    titles = [*HEADER, f"Last changed ({event.zone})"]
    rows = _rows(event, people_of(event.id, session_id))
    if filetype is FileType.CSV:
        return spreadsheets.csv_bytes(titles, rows)
    return spreadsheets.xlsx_bytes(event.title, titles, rows)


def _rows(event: Event, people: list[SignUp]) -> Iterator[list[Cell]]:
    for row in people:
        session, person = row.session, row.registration
        yield [
            session.title,
            session.day.date,
            f"{session.starts:%H:%M}" if session.starts else "",
            f"{session.ends:%H:%M}" if session.ends else "",
            person.name,
            person.email,
            person.organisation_name,
            person.role,
            row.mode.label,
            row.state.label,
            row.arrival,
            row.updated_at.astimezone(event.timezone),
        ]
