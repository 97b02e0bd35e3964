"""Looking for events: every field in the address, so that a search can be kept and sent on."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from webapp.blueprints.dates import Span
from webapp.blueprints.forms import page_number
from webapp.folding import clean_line
from webapp.models.events import Format
from webapp.queries.events import EventFilter

LONGEST_TEXT = 100
SOUGHT = (Format.ONLINE, Format.IN_PERSON, Format.HYBRID)


class SearchForm:
    """The search as given in the address. What cannot be understood is named in `errors` and left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        self.past = args.get("when") == "past"
        self.programme = args.get("programme", "")[:12]
        self.theme = args.get("theme", "")[:12]
        chosen = args.get("format", "")
        self.format = Format(chosen) if chosen in SOUGHT else None
        self.days = Span(args)
        self.errors = self.days.errors
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> EventFilter:
        """The search as a query takes it."""
        return EventFilter(
            text=self.text,
            from_on=self.days.from_on,
            to_on=self.days.to_on,
            programme=self.programme,
            theme=self.theme,
            format=self.format,
            past=self.past,
        )

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "when": "past" if self.past else "",
            "from": self.days.from_text,
            "to": self.days.to_text,
            "programme": self.programme,
            "theme": self.theme,
            "format": self.format.value if self.format else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_common(self) -> bool:
        """Whether many ask for the same: no words, dates or far pages of somebody's own."""
        return not self.text and not self.days.from_text and not self.days.to_text and self.page <= 3

    @property
    def is_filtered(self) -> bool:
        """Whether more than words was given, so that the filters must be seen."""
        return self.wanted() != EventFilter(text=self.text, past=self.past)

    @property
    def is_narrowed(self) -> bool:
        return not self.wanted().is_empty
