"""What is looked for, all of it in the address, so that a search can be kept and sent on."""

from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from webapp.blueprints.dates import Span
from webapp.blueprints.forms import page_number
from webapp.folding import clean_line
from webapp.models.passages import PassageKind
from webapp.searching import LONGEST


class SearchForm:
    """The search as given in the address. What cannot be understood is named in `errors` and left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        typed = clean_line(args.get("q", ""))
        self.is_cut = len(typed) > LONGEST
        # One sign more than is searched for, so that the question knows of it, too; the field holds what is.
        self.asked = typed[: LONGEST + 1]
        self.text = typed[:LONGEST]
        self.kind = PassageKind(args["kind"]) if args.get("kind") in set(PassageKind) else None
        self.programme = args.get("programme", "")[:12]
        self.theme = args.get("theme", "")[:12]
        # Of the turns of one transcript alone, by the public id of its session; or of the posts of one topic.
        self.within = args.get("in", "")[:12]
        self.topic = args.get("topic", "")[:12]
        self.community = args.get("community", "")[:12]
        self.days = Span(args)
        self.errors = self.days.errors
        self.page = page_number(args.get("page", ""))

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "kind": self.kind.value if self.kind else "",
            "programme": self.programme,
            "theme": self.theme,
            "in": self.within,
            "topic": self.topic,
            "community": self.community,
            "from": self.days.from_text,
            "to": self.days.to_text,
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_filtered(self) -> bool:
        """Whether more than words was given."""
        return bool(self.kind or self.programme or self.theme or self.days.from_text or self.days.to_text)
