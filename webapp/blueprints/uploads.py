"""Files that people send: how large a request may be where one is expected, and the words when it is larger."""

from flask import request

from webapp.errors import DomainError

# What a form holds beside its file.
REST = 512 * 1024
_PIECE = 256 * 1024


class TooLarge(DomainError):
    """More was sent than may be."""

    code = "too_large"
    status = 413


def expect(largest: int, what: str) -> None:
    """Let this request be as large as a file of so many bytes takes; to be called before its form is read.

    Raises TooLarge, with `what` in words, when it is larger by what it says of itself.
    """
    limit = largest + REST
    request.max_content_length = limit
    if request.method == "POST" and (request.content_length or 0) > limit:
        _swallow(2 * limit)
        raise TooLarge(
            f"{what} may have up to {largest // 1024 // 1024} MB. Nothing was saved. "
            "Go back with your browser’s button: what you typed is still there."
        )


def _swallow(most: int) -> None:
    # A browser that is still sending does not read the answer. What is far too large is not waited for.
    request.max_content_length = request.content_length
    left = min(request.content_length or 0, most)
    while left > 0 and (piece := request.stream.read(min(left, _PIECE))):
        left -= len(piece)
