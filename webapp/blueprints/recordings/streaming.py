"""A stored film or sound as an answer: all of it, or the stretch that a player asks for (RFC 9110, section 14).

A player asks again and again while it plays. What everybody may see is answered before the application runs, by one
narrow query, and for a few seconds from memory; all else goes the long way, through the door.
"""

import os
import re
import weakref
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.wsgi import FileWrapper

from webapp import clock
from webapp.database import ALPHABET, PUBLIC_ID_LENGTH
from webapp.errors import DomainError
from webapp.formats import ranges
from webapp.headers import secured
from webapp.queries.recordings import Playable, find_public_file
from webapp.services import files

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A player takes what it needs of what it asked for and lets the rest wait, and with it a thread of the server. It is
# given the beginning, which it may be, since the answer says what it is (section 15.3.7), and asks for the rest.
MOST_AT_ONCE = 4 * 1024 * 1024
# Whoever names no stretch must be given all of it, and holds a thread until they have it. So many may at once in each
# process; its other threads stay free for everybody else.
WHOLE_AT_ONCE = 2
_RETRY_AFTER = 60
_PIECE = 256 * 1024
# That everybody may see a recording is remembered so long: what is taken back plays on no longer than what a player
# holds of it already.
REMEMBERED = timedelta(seconds=5)
MOST_REMEMBERED = 1000
_ID = f"[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}"
_ADDRESS = re.compile(rf"/events/(?:[a-z0-9-]+-)?({_ID})/recordings/({_ID})/file")


class Fetching(DomainError):
    """As many whole recordings are being sent as may be at once."""

    code = "fetching"
    status = 503
    message = (
        "Other people are fetching recordings just now. Try again in a minute or two."
        " On the page of its session the recording can be played meanwhile."
    )

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"Retry-After": str(_RETRY_AFTER)}


# Its put may be called at any time, by the collector of garbage as well, which a semaphore's release may not.
_turns: SimpleQueue[int] = SimpleQueue()
for _turn in range(WHOLE_AT_ONCE):
    _turns.put(_turn)


def init_app(app: Flask) -> None:
    """Answer for public files before the application runs."""
    app.wsgi_app = _Shortcut(app, app.wsgi_app)  # type: ignore[method-assign]  # as Flask says to wrap it


class _Shortcut:
    def __init__(self, app: Flask, rest: "WSGIApplication") -> None:
        self._app = app
        self._rest = rest
        self._known: dict[tuple[str, str], tuple[datetime, Playable]] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = _ADDRESS.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "GET" else None
        response = self._answer(environ, *found.groups()) if found else None
        return (response or self._rest)(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment", event: str, recording: str) -> Response | None:
        with self._app.app_context():
            try:
                file = self._public(event, recording)
                if file is None:
                    return None
                folder = self._app.config["SETTINGS"].files_path
                return secured(self._app, stream(file, environ, folder))
            except Exception:  # noqa: BLE001 -- the long way asks again, and has words for it
                return None

    def _public(self, event: str, recording: str) -> Playable | None:
        now = clock.now()
        until, file = self._known.get((event, recording), (now, None))
        if now < until:
            return file
        file = find_public_file(event, recording)
        if file is not None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[event, recording] = now + REMEMBERED, file
        return file


def stream(file: Playable, environ: "WSGIEnvironment", folder: Path) -> Response:
    """The answer to a request for this file.

    Raises NotFound when it is not there, and Fetching when as many are being sent whole as may be.
    """
    path = files.find_path(file.digest, folder)
    etag = f'"{file.digest[:32]}"'
    response = Response(mimetype=file.media_type)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-cache" if file.is_public else "private, no-store"
    response.make_conditional(environ)
    if response.status_code in {304, 412}:
        return response
    try:
        span = _asked(file, etag, environ)
    except ranges.BeyondError:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{file.size}"
        return response
    if span is None:
        return _sent(response, path, ranges.Span(0, file.size), environ)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {span.first}-{span.end - 1}/{file.size}"
    return _sent(response, path, span, environ)


def _asked(file: Playable, etag: str, environ: "WSGIEnvironment") -> ranges.Span | None:
    header = environ.get("HTTP_RANGE")
    # Range means something to GET alone (section 14.2), and where a condition is set, only if it holds (13.1.5): by
    # the strong comparison, and there is no date that it could be.
    if header is None or environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_IF_RANGE", etag) != etag:
        return None
    span = ranges.asked(header, file.size)
    return span and ranges.Span(span.first, min(span.end, span.first + MOST_AT_ONCE))


def _sent(response: Response, path: Path, span: ranges.Span, environ: "WSGIEnvironment") -> Response:
    response.headers["Content-Length"] = str(span.length)
    if environ["REQUEST_METHOD"] == "HEAD":
        return response
    wrapper = environ.get("wsgi.file_wrapper", FileWrapper)
    response.response = wrapper(_Stretch(path, span), _PIECE)
    response.direct_passthrough = True
    return response


def _take_turn() -> int:
    try:
        return _turns.get_nowait()
    except Empty:
        raise Fetching from None


class _Stretch:
    """A file from one byte to another; raises Fetching when it is long and others have their turn."""

    def __init__(self, path: Path, span: ranges.Span) -> None:
        # Given back at the end, and as well where something fails before it is sent.
        self._turn = weakref.finalize(self, _turns.put, _take_turn()) if span.length > MOST_AT_ONCE else None
        # Not buffered, so that a server that hands the file to the system begins where it stands.
        self._file = path.open("rb", buffering=0)
        self._file.seek(span.first)
        self._left = span.length

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece

    def fileno(self) -> int:
        """What the system calls the file."""
        return self._file.fileno()

    def tell(self) -> int:
        """Where in the file it is."""
        return os.lseek(self._file.fileno(), 0, os.SEEK_CUR)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        if self._turn:
            self._turn()
