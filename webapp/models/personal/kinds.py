"""What is said of each kind of personal data, and the mark of what tells of nobody."""

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
