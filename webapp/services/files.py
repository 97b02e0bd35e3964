"""Files that people gave: kept under the hash of their content, outside the web root, the same content once.

The file is written before its row, and goes after it: a crash leaves at worst a file without a row, which the sweep
finds. No part of a path comes from a person.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from webapp import tokens
from webapp.database import insert_or
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models.files import StoredFile
from webapp.queries import files as queries

DIGEST = re.compile(r"[0-9a-f]{64}")
LEFT_ALONE = timedelta(days=1)
AT_ONCE = 500
_RECEIPT = "file"


@dataclass(frozen=True, kw_only=True)
class Written:
    """Content that lies in the folder already, and is to be kept by a row."""

    digest: str
    media_type: str
    size: int


def write(content: bytes, media_type: str, *, folder: Path, now: datetime) -> Written:
    """Put content into the folder, whole or not at all; to be called before the unit that keeps it is opened.

    Writing takes long, and nobody is to wait for it. Content that is there already is made young again.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(partial, (now.timestamp(), now.timestamp()))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Written(digest=digest, media_type=media_type, size=len(content))


def keep(written: Written, *, now: datetime) -> StoredFile:
    """The row of what was written: the one there is of the same content, or a new one."""
    found = queries.lock_file(written.digest)
    if found is not None:
        return found
    insert = insert_or(db.session, StoredFile).values(
        digest=written.digest, media_type=written.media_type, size=written.size, created_at=now
    )
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["digest"]))
    kept = queries.lock_file(written.digest)
    if kept is None:
        raise NotFound
    return kept


def path_of(digest: str, folder: Path) -> Path:
    """Where content lies; raises NotFound for what is no digest."""
    if not DIGEST.fullmatch(digest):
        raise NotFound
    return folder / digest[:2] / digest


def receipt(written: Written, public_id: str, holder: str) -> str:
    """What a form carries of a file that was taken for a thing, so that it need not be sent again.

    It is good for this thing and this `holder` alone, and for as long as the file lies there: what nothing refers to
    is swept after a day.
    """
    return written.digest + tokens.make(_RECEIPT, public_id, f"{written.digest} {holder}")


def redeem(given: str, public_id: str, holder: str, *, folder: Path) -> bytes:
    """The content for which a receipt was given; raises NotFound for any other receipt, and once it was swept."""
    return redeem_path(given, public_id, holder, folder=folder).read_bytes()


def redeem_path(given: str, public_id: str, holder: str, *, folder: Path) -> Path:
    """Where the content lies for which a receipt was given; raises NotFound as `redeem` does."""
    digest, token = given[:64], given[64:]
    if tokens.public_id(token) != public_id or not tokens.proves(token, _RECEIPT, f"{digest} {holder}"):
        raise NotFound
    return find_path(digest, folder)


def find_path(digest: str, folder: Path) -> Path:
    """Where content lies; raises NotFound when it does not."""
    path = path_of(digest, folder)
    if not path.is_file():
        raise NotFound
    return path


def forget_unused(*, now: datetime) -> int:
    """Delete the rows of files older than a day that nothing refers to; gives how many, 500 at most."""
    unused = queries.lock_unused(before=now - LEFT_ALONE, limit=AT_ONCE)
    for row in unused:
        db.session.delete(row)
    return len(unused)


def discard_unknown(folder: Path, *, now: datetime) -> int:
    """Delete what lies in the folder for longer than a day and has no row; gives how many files went."""
    before = (now - LEFT_ALONE).timestamp()
    old = [path for path in _lying(folder) if path.stat().st_mtime < before]
    known = queries.known_digests(path.name for path in old if DIGEST.fullmatch(path.name))
    return sum(_discard(path, before) for path in old if path.name not in known)


def _lying(folder: Path) -> Iterator[Path]:
    # Only folders and names of our own making: whatever else an operator put there stays.
    for inner in folder.glob("[0-9a-f][0-9a-f]"):
        for path in inner.iterdir():
            if path.is_file() and (DIGEST.fullmatch(path.name) or path.name.startswith(".")):
                yield path


def _discard(path: Path, before: float) -> bool:
    # Taken aside first: should somebody write the same content at this moment, it is theirs that is looked at, and
    # it is put back.
    aside = path.with_name(f".{secrets.token_hex(8)}.aside")
    with suppress(FileNotFoundError):
        path.rename(aside)
        if aside.stat().st_mtime < before:
            aside.unlink()
            return True
        aside.rename(path)
    return False
