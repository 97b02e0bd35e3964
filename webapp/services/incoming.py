"""Large files as they come in: written to the folder of stored files and hashed piece by piece, never held whole."""

import errno
import hashlib
import io
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from webapp.errors import DomainError
from webapp.services.files import Written, path_of

PIECE = 1024 * 1024


class NoRoom(DomainError):
    """The disk is full."""

    code = "no_room"
    status = 507
    message = "There is no room for this file on the server at the moment. Nothing was saved. Tell whoever runs it."


class Incoming(io.RawIOBase):
    """A file that is being received; `keep` puts it under its hash, and closing lets go of what was not kept.

    Its name is one that the sweep of the folder knows for a file that nobody finished.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._hash = hashlib.sha256()
        self._size = 0
        name = secrets.token_hex(8)
        self._path: Path | None = folder / name[:2] / f".{name}.partial"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self.file: BinaryIO = os.fdopen(descriptor, "w+b")

    def write(self, piece: Any) -> int:
        """Add a piece at the end; raises NoRoom when the disk is full."""
        try:
            self.file.write(piece)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                raise
            raise NoRoom from error
        self._hash.update(piece)
        self._size += len(piece)
        return len(piece)

    def take(self, pieces: Iterable[bytes]) -> "Incoming":
        """Add all of these."""
        for piece in pieces:
            self.write(piece)
        return self

    def readinto(self, buffer: Any) -> int:
        """Read on, as any file."""
        piece = self.file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place, as in any file."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Where it is."""
        return self.file.tell()

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def writable(self) -> bool:
        """Whether it can be written."""
        return True

    def seekable(self) -> bool:
        """Whether one can go to a place in it."""
        return True

    def keep(self, media_type: str, *, now: datetime) -> Written:
        """Put it where stored files lie, to be kept by a row; content that is there already is made young again.

        Raises NoRoom when what was held back could not be written in the end.
        """
        if self._path is None:
            raise ValueError("it was kept or let go of already")
        digest = self._hash.hexdigest()
        path = path_of(digest, self._folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            raise NoRoom from error
        os.utime(self._path, (now.timestamp(), now.timestamp()))
        self._path.replace(path)
        self._path = None
        return Written(digest=digest, media_type=media_type, size=self._size)

    def close(self) -> None:
        """Let go of it; what was not kept is deleted."""
        if self.closed:
            return
        try:
            self.file.close()
        except OSError:
            # What could not be written to a full disk is not wanted any more.
            pass
        finally:
            if self._path is not None:
                self._path.unlink(missing_ok=True)
                self._path = None
            super().close()


def pieces_of(file: BinaryIO) -> Iterable[bytes]:
    """What a file holds, in pieces of a megabyte."""
    while piece := file.read(PIECE):
        yield piece
