"""What the styles and lists of a Word document are, in whatever language it was written."""

from dataclasses import dataclass, field

from webapp.formats.journals.blocks import Form

FORMS = {
    "title": Form.TITLE,
    "subtitle": Form.SUBTITLE,
    "quote": Form.QUOTE,
    "intense quote": Form.QUOTE,
    "caption": Form.CAPTION,
    "toc heading": Form.TEXT,
}
_BULLETS = frozenset({"bullet", "none"})
Given = dict[str, str]


def given_value(given: Given, name: str) -> str:
    """Give an attribute of an element by its local name, empty where it has none."""
    return next((value for full, value in given.items() if full.rpartition(" ")[2] == name), "")


@dataclass
class Styles:
    """What the styles of a document are called in English, whatever language it is in, and what its lists count."""

    names: dict[str, str] = field(default_factory=dict)
    outline: dict[str, int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    _style: str = ""
    _abstract: str = ""
    _number: str = ""
    _formats: dict[str, str] = field(default_factory=dict)
    _first: bool = False

    def start_styles(self, full: str, given: Given) -> None:
        """Take the beginning of an element of the part of styles."""
        name = full.rpartition(" ")[2]
        if name == "style":
            self._style = given_value(given, "styleId")
        elif name == "name" and self._style:
            self.names[self._style] = given_value(given, "val").lower()
        elif name == "basedOn" and self._style:
            self.parents[self._style] = given_value(given, "val")
        elif name == "outlineLvl" and self._style and given_value(given, "val").isdecimal():
            self.outline[self._style] = int(given_value(given, "val"))

    def start_lists(self, full: str, given: Given) -> None:
        """Take the beginning of an element of the part of numbered lists."""
        name, value = full.rpartition(" ")[2], given_value(given, "val")
        if name == "abstractNum":
            self._abstract = given_value(given, "abstractNumId")
        elif name == "lvl":
            self._first = given_value(given, "ilvl") == "0"
        elif name == "numFmt" and self._first:
            self._formats.setdefault(self._abstract, value)
        elif name == "num":
            self._number = given_value(given, "numId")
        elif name == "abstractNumId" and self._number:
            self.lists[self._number] = self._formats.get(value, "bullet")

    def name(self, style: str) -> str:
        """What a style is called, or the nearest that it is made from."""
        for _ in range(10):
            found = self.names.get(style, style).lower()
            if found in FORMS or found.startswith(("heading", "toc", "list")) or style not in self.parents:
                return found
            style = self.parents[style]
        return self.names.get(style, style).lower()

    def counts(self, number: str) -> bool:
        """Whether the list of this number counts its items."""
        return self.lists.get(number, "bullet") not in _BULLETS
