"""What cannot be done in the library, in words for whoever tried."""

from webapp.errors import DomainError


class LibraryChanged(DomainError):
    """Somebody else changed it since the page was opened."""

    code = "changed_meanwhile"
    message = "Somebody else changed this since you opened the page. What stands now is shown beside your words."


class LibraryRefused(DomainError):
    """It cannot be done as things are; the message says why, and `field` names where on a form it belongs."""

    code = "library_refused"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
