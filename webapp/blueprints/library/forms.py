"""Looking through the library: every field in the address, so that a search can be kept and sent on."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from webapp.blueprints.forms import page_number
from webapp.folding import clean_line
from webapp.models.library import ResourceKind
from webapp.queries.library import ResourceFilter

LONGEST_TEXT = 100


class SearchForm:
    """The search as given in the address; what cannot be understood is left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        self.kind = ResourceKind(args["kind"]) if args.get("kind") in set(ResourceKind) else None
        self.programme = args.get("programme", "")[:12]
        self.theme = args.get("theme", "")[:12]
        self.organisation = args.get("organisation", "")[:12]
        year = args.get("year", "")
        self.year = int(year) if year.isascii() and year.isdigit() and len(year) == 4 and year > "0000" else None
        self.by_title = args.get("sort") == "title"
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> ResourceFilter:
        """The search as a query takes it."""
        return ResourceFilter(
            text=self.text,
            kind=self.kind,
            programme=self.programme,
            theme=self.theme,
            organisation=self.organisation,
            year=self.year,
            by_title=self.by_title,
        )

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "kind": self.kind.value if self.kind else "",
            "programme": self.programme,
            "theme": self.theme,
            "organisation": self.organisation,
            "year": self.year,
            "sort": "title" if self.by_title else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether more than words was given, so that the filters must be seen."""
        return self.wanted() != ResourceFilter(text=self.text, by_title=self.by_title)

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there is."""
        return not self.wanted().is_empty
