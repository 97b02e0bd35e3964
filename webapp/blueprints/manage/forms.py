"""What organisers look for and decide."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField, ValidationError

from webapp.blueprints.forms import AtMost, Form, lines, page_number
from webapp.folding import clean_line
from webapp.models.events import Mode
from webapp.models.operations import FileType
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.queries.registrations import RegistrationFilter, Sort

LONGEST_TEXT = 100
# More pages than there can be: a number that no database is asked to count to.

ORDERS: Mapping[str, str] = {
    "arrival": "Registered: first to last",
    "-arrival": "Registered: last to first",
    "name": "Surname: A to Z",
    "-name": "Surname: Z to A",
    "organisation": "Organisation: A to Z",
    "-organisation": "Organisation: Z to A",
}


class RegistrationSearch:
    """The search as given in the address; what cannot be understood is left out.

    Its days are those of the event's zone.
    """

    def __init__(self, args: MultiDict[str, str], zone: str) -> None:
        self.zone = zone
        self.first_day, self.last_day = _day(args.get("from", "")), _day(args.get("to", ""))
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        state, sector, order = args.get("state", ""), args.get("sector", ""), args.get("sort", "")
        self.state = RegistrationState(state) if state in list(RegistrationState) else None
        self.sector = Sector(sector) if sector in list(Sector) else None
        mode = args.get("mode", "")
        self.mode = Mode(mode) if mode in list(Mode) else None
        self.organisation = clean_line(args.get("organisation", ""))[:200]
        self.tag = clean_line(args.get("tag", ""))[:60]
        self.order = order if order in ORDERS else "arrival"
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> RegistrationFilter:
        """The search as a query takes it."""
        return RegistrationFilter(
            text=self.text,
            state=self.state,
            sector=self.sector,
            mode=self.mode,
            organisation=self.organisation,
            tag=self.tag,
            first_day=self.first_day,
            last_day=self.last_day,
            zone=self.zone if self.first_day or self.last_day else "",
            sort=Sort(self.order.removeprefix("-")),
            descending=self.order.startswith("-"),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than everybody."""
        return bool(self.values.keys() - {"sort"})

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for more than words and a state, which are always in sight."""
        return bool(self.values.keys() & {"sector", "mode", "tag", "sort"})

    @property
    def values(self) -> dict[str, str]:
        """What is searched for and in which order, by the names of the fields; the page aside."""
        values = {
            "q": self.text,
            "state": self.state.value if self.state else "",
            "sector": self.sector.value if self.sector else "",
            "mode": self.mode.value if self.mode else "",
            "organisation": self.organisation,
            "tag": self.tag,
            "from": self.first_day.isoformat() if self.first_day else "",
            "to": self.last_day.isoformat() if self.last_day else "",
            "sort": self.order if self.order != "arrival" else "",
        }
        return {name: value for name, value in values.items() if value}

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values = {**self.values, "page": self.page if self.page > 1 else "", **changes}
        return urlencode({name: value for name, value in values.items() if value})

    def sorted_by(self, column: str) -> str:
        """How a column stands in the order, in the words of `aria-sort`."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.order, "none")

    def turned(self, column: str) -> str:
        """The order that the heading of a column leads to: by it, or the other way round if so already."""
        return f"-{column}" if self.order == column else column


def _day(text: str) -> date | None:
    """The date written as in an address; None for anything else, and for one without a day before or after it."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        return found if date.min.year < found.year < date.max.year else None
    return None


class DeclineForm(Form):
    """Decline a request, with a reason or without."""

    reason = TextAreaField(
        "Reason (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="We put it in the letter to this person as you write it.",
        validators=[AtMost(500, "Reason")],
    )


class ExportForm(Form):
    """Ask for a file."""

    filetype = StringField()
    needs = BooleanField()

    def validate_filetype(self, field: StringField) -> None:
        """Refuse what is no kind of file."""
        if field.data not in list(FileType):
            raise ValidationError("Choose CSV or XLSX")
