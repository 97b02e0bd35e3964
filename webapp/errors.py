"""Refusals: each has a code, a sentence for people, and the status that a page carries when nobody catches it."""

from collections.abc import Sequence

from flask import Flask, current_app, render_template, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException


class DomainError(Exception):
    """A refusal that a person can understand; `message` is the sentence to show."""

    code = "refused"
    status = 409
    message = "That could not be done."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.headers: dict[str, str] = {}

    @property
    def sentences(self) -> Sequence[str]:
        """Each thing that is wrong, by itself, where there may be several."""
        return (self.message,)


class NotFound(DomainError):
    """The thing does not exist, or this person may not know that it does."""

    code = "not_found"
    status = 404
    message = "The page was not found."


class Forbidden(DomainError):
    """The person is known, the thing is known to them, and still they may not."""

    code = "forbidden"
    status = 403
    message = "You do not have permission to do that."


class TooMany(DomainError):
    """Asked too often; `retry_after` says in how many seconds it is worth asking again."""

    code = "too_many"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.headers = {"Retry-After": str(retry_after)}


# What a page sends along that nobody typed.
_UNSEEN = {"csrf_token", "version", "opened", "guard_seen"}


def init_app(app: Flask) -> None:
    """Turn refusals and faults into pages: never a stack trace, never a blank page."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _away)
    app.register_error_handler(PoolTimeout, _away)
    app.register_error_handler(Exception, _broken)


def _refused(error: DomainError) -> tuple[str, int, dict[str, str]]:
    # Who may not save any more, perhaps since a moment ago, still has what they typed.
    kept = _kept() if error.status == 403 and request.method == "POST" else []
    return (*page(error.status, error.message if error.status != 404 else "", kept=kept), error.headers)


def _kept() -> list[tuple[str, str]]:
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in _typed()
        if value.strip() and name not in _UNSEEN and not name.endswith("_was") and "password" not in name
    ]


def _http(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "Content-Range"}}
    return (*page(error.code), kept)


def _away(error: Exception) -> tuple[str, int, dict[str, str]] | tuple[str, int]:
    if "readonly database" in str(error):
        return _broken(error)  # a page that only reads tried to write: our fault, and not over in a moment
    current_app.logger.error("The database did not answer: %s", error)
    # What was typed goes back to the person, who can send it again with one button.
    typed = [(name, value) for name, value in _typed() if "password" not in name]
    return (*page(503, typed=typed), {"Retry-After": "10"})


def _broken(error: Exception) -> tuple[str, int]:
    current_app.logger.error("Unforeseen fault at %s", request.path, exc_info=error)
    if current_app.testing:
        raise error
    return page(500)


def _typed() -> list[tuple[str, str]]:
    try:
        return list(request.form.items(multi=True)) if request.method == "POST" else []
    except HTTPException:
        return []


def page(
    status: int,
    message: str = "",
    typed: Sequence[tuple[str, str]] = (),
    kept: Sequence[tuple[str, str]] = (),
    *,
    back: tuple[str, str] | None = None,
) -> tuple[str, int]:
    """The page for a status, with a sentence for people: `typed` can be sent again, `kept` can be copied.

    `back` is a link to where it came from: its text and its address.
    """
    heading, words = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    text = render_template(
        "errors/error.html", heading=heading, message=message or words, status=status, typed=typed, kept=kept, back=back
    )
    return text, status


WORDS = {
    400: ("The request was not understood", "Go back and try again."),
    403: ("You cannot do that", "Your account does not have permission for this page."),
    404: (
        "Page not found",
        (
            "If you typed the address, check that it is correct. If you followed a link, it may have been replaced"
            " by a newer one or the page may be private."
        ),
    ),
    405: (
        "That does not work here",
        "The page was asked for in a way that it does not support. Go back and try again.",
    ),
    409: ("That is not possible now", "Something changed in the meantime. Look at how it stands and try again."),
    410: ("This link no longer works", "It was used, replaced or its time is over."),
    413: ("That was too long", "What you sent is larger than this page can take. Shorten it and send it again."),
    416: ("That part is not there", "What was asked for begins behind the end of the file. Ask for the whole file."),
    429: ("Too many attempts", "Wait a few minutes, then try again."),
    500: (
        "Sorry, there is a problem with the service",
        "Nothing was changed. Try again later; if it happens again, write to us.",
    ),
    503: (
        "Sorry, the service is not available for a moment",
        "Nothing was changed, and nothing you typed is lost: try again in a few seconds.",
    ),
}
