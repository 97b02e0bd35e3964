"""Stored files: written whole, kept once, found by digest alone, and swept when nobody refers to them."""

import hashlib
import os
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.ledger import Ledger
from webapp.errors import NotFound
from webapp.models.files import StoredFile
from webapp.services import files, housekeeping

CONTENT = b"%PDF-1.7 slides"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def shelf(tmp_path):
    return tmp_path / "files"


@pytest.fixture
def ledger(app):
    return Ledger(app)


@pytest.fixture
def keep(ledger, shelf, now):
    """Write and keep content, as a route does."""

    def run(content=CONTENT, media_type="application/pdf", at=now):
        written = files.write(content, media_type, folder=shelf, now=at)
        return ledger.act(files.keep, written, now=at)

    return run


def lying(shelf):
    return sorted(path.relative_to(shelf).as_posix() for path in shelf.rglob("*") if path.is_file())


def age(shelf, now, days=2):
    moment = (now - timedelta(days=days)).timestamp()
    for path in shelf.rglob("*"):
        if path.is_file():
            os.utime(path, (moment, moment))


def test_content_lies_under_its_digest_and_is_kept_once(keep, ledger, shelf):
    first, second = keep(), keep()
    assert lying(shelf) == [f"{DIGEST[:2]}/{DIGEST}"]
    assert (shelf / DIGEST[:2] / DIGEST).read_bytes() == CONTENT
    assert (first.id, first.digest, first.size) == (second.id, DIGEST, len(CONTENT))
    assert ledger.count(StoredFile) == 1


def test_content_can_be_read_by_nobody_else_on_the_machine(keep, shelf):
    keep()
    assert (shelf / DIGEST[:2] / DIGEST).stat().st_mode & 0o077 == 0


def test_same_content_at_once_is_kept_once(ledger, shelf, now):
    written = files.write(CONTENT, "application/pdf", folder=shelf, now=now)
    outcomes = ledger.together([lambda: files.keep(written, now=now).id] * 4)
    assert len(set(outcomes)) == 1, outcomes
    assert ledger.count(StoredFile) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "G" * 64, "a" * 64 + "\n", f"{DIGEST}/.."])
def test_path_is_made_of_digests_alone(shelf, name):
    with pytest.raises(NotFound):
        files.path_of(name, shelf)


def test_row_without_its_file_is_not_found(keep, shelf):
    keep()
    (shelf / DIGEST[:2] / DIGEST).unlink()
    with pytest.raises(NotFound):
        files.find_path(DIGEST, shelf)


def test_writing_that_fails_leaves_nothing(shelf, monkeypatch, now):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.write(CONTENT, "application/pdf", folder=shelf, now=now)
    assert lying(shelf) == []


def test_sweep_leaves_what_is_referred_to_or_young(app, keep, ledger, make, shelf, now):
    used = keep(b"used", "image/jpeg")
    make.speaker("Ann Lee", photo_id=used.id)
    keep(b"let go of")
    age(shelf, now)
    keep(b"young", at=now + timedelta(days=2))
    (shelf / "README").write_text("an operator's own")
    os.utime(shelf / "README", (0, 0))
    with app.app_context():
        housekeeping.sweep_files(shelf, now=now + timedelta(hours=23))
        assert ledger.count(StoredFile) == 3
        housekeeping.sweep_files(shelf, now=now + timedelta(days=1, minutes=1))
    digests = {hashlib.sha256(content).hexdigest() for content in (b"used", b"young")}
    assert set(ledger.all(select(StoredFile.digest))) == digests
    assert {path.rpartition("/")[2] for path in lying(shelf)} == digests | {"README"}


def test_sweep_takes_files_that_no_row_knows(app, shelf, now):
    files.write(CONTENT, "application/pdf", folder=shelf, now=now)
    (shelf / DIGEST[:2] / ".left-behind.partial").write_bytes(b"half")
    with app.app_context():
        age(shelf, now, days=0)
        housekeeping.sweep_files(shelf, now=now)
        assert len(lying(shelf)) == 2
        age(shelf, now)
        housekeeping.sweep_files(shelf, now=now)
    assert lying(shelf) == []


def test_sweep_without_a_folder_does_nothing(app, shelf, now):
    with app.app_context():
        housekeeping.sweep_files(shelf, now=now)
    assert not shelf.exists()


def test_content_written_while_it_is_swept_stays(app, keep, shelf, now, monkeypatch):
    keep()
    age(shelf, now)
    path = shelf / DIGEST[:2] / DIGEST
    known = files.queries.known_digests

    def writes_meanwhile(digests):
        found = known(digests) - {DIGEST}
        files.write(CONTENT, "application/pdf", folder=shelf, now=now)
        return found

    monkeypatch.setattr(files.queries, "known_digests", writes_meanwhile)
    with app.app_context():
        assert files.discard_unknown(shelf, now=now) == 0
    assert path.read_bytes() == CONTENT
