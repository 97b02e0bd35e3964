"""Files that people send: how large a request may be where one is expected, and the words when it is larger."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask import Request as FlaskRequest

from webapp.errors import DomainError
from webapp.services.incoming import Incoming
from webapp.transaction import let_go

# What a form holds beside its file.
REST = 512 * 1024
_PIECE = 256 * 1024


class TooLarge(DomainError):
    """More was sent than may be."""

    code = "too_large"
    status = 413


class Request(FlaskRequest):
    """A request that holds no connection to the database while files come in, which may take as long as they like.

    PostgreSQL gives up on who reads, and then says nothing, after two minutes (PATIENCE).
    """

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__ and self.mimetype == "multipart/form-data":
            let_go()
        super()._load_form_data()


def init_app(app: Flask) -> None:
    """Let every form with files come in so."""
    app.request_class = Request


def expect(largest: int, what: str, *, swallow: int | None = None) -> None:
    """Let this request be as large as a file of so many bytes takes; to be called before its form is read.

    Raises TooLarge, with `what` in words, when it is larger by what it says of itself. As much again is read and thrown
    away before that; `swallow` says how much where files are too large for it.
    """
    limit = largest + REST
    request.max_content_length = limit
    if request.method == "POST" and (request.content_length or 0) > limit:
        _swallow(2 * limit if swallow is None else swallow)
        raise TooLarge(
            f"{what} may have up to {largest // 1024 // 1024} MB. Nothing was saved. "
            "Go back with your browser’s button: what you typed is still there."
        )


def _swallow(most: int) -> None:
    # A browser that is still sending does not read the answer. What is far too large is not waited for.
    let_go()
    request.max_content_length = request.content_length
    left = min(request.content_length or 0, most)
    while left > 0 and (piece := request.stream.read(min(left, _PIECE))):
        left -= len(piece)


@contextmanager
def stream_to(folder: Path) -> Iterator[None]:
    """Let the files of this request go to the disk as they come in; to be entered before its form is read.

    Each file of the form is an Incoming; what was not kept by the end is let go of.
    """
    received: list[Incoming] = []

    def receive(*_about: Any, **_more: Any) -> Any:
        received.append(Incoming(folder))
        return received[-1]

    # Where the library asks for a place to put a file (Request._get_file_stream says so).
    request._get_file_stream = receive  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        for one in received:
            one.close()
