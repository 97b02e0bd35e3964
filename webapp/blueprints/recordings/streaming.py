"""A stored film or sound as an answer: all of it, or the stretch that a player asks for (RFC 9110, section 14)."""

import os
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from webapp.blueprints.downloads import files_folder
from webapp.formats import ranges
from webapp.queries.recordings import Playable
from webapp.services import files

# A player that asks for "all from here on" takes what it needs and lets the rest wait, and with it a thread of the
# server. It is given the next stretch, which it may be (section 15.3.7), and asks again.
MOST_AT_ONCE = 4 * 1024 * 1024
_PIECE = 256 * 1024


def stream(file: Playable) -> Response:
    """The answer to a request for this file. Raises NotFound when it is not there."""
    path = files.find_path(file.digest, files_folder())
    response = Response(mimetype=file.media_type)
    response.set_etag(file.digest[:32])
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-cache" if file.is_public else "private, no-store"
    response.make_conditional(request)
    if response.status_code in {304, 412}:
        return response
    try:
        span = _asked(file, f'"{file.digest[:32]}"')
    except ranges.BeyondError:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{file.size}"
        return response
    if span is None:
        return _sent(response, path, ranges.Span(0, file.size))
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {span.first}-{span.end - 1}/{file.size}"
    return _sent(response, path, span)


def _asked(file: Playable, etag: str) -> ranges.Span | None:
    header = request.headers.get("Range")
    # Range means something to GET alone (section 14.2), and where a condition is set, only if it holds (13.1.5): by
    # the strong comparison, and there is no date that it could be.
    if header is None or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    span = ranges.asked(header, file.size)
    if span is not None and header.rstrip().endswith("-"):
        return ranges.Span(span.first, min(span.end, span.first + MOST_AT_ONCE))
    return span


def _sent(response: Response, path: Path, span: ranges.Span) -> Response:
    response.headers["Content-Length"] = str(span.length)
    if request.method == "HEAD":
        return response
    # Not buffered, so that a server that hands the file to the system begins where it stands.
    file = path.open("rb", buffering=0)
    file.seek(span.first)
    wrapper = request.environ.get("wsgi.file_wrapper", FileWrapper)
    response.response = wrapper(_Stretch(file, span.length), _PIECE)
    response.direct_passthrough = True
    return response


class _Stretch:
    """A file that ends after so many bytes more."""

    def __init__(self, file: Any, length: int) -> None:
        self._file: BinaryIO = file
        self._left = length

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
