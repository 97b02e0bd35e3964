"""Large files as they come in: hashed while they are written, kept whole or not at all."""

import errno
import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from webapp.services import files
from webapp.services.incoming import Incoming, NoRoom, pieces_of

pytestmark = pytest.mark.memory
NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)


def _lying(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_came_in_lies_under_its_hash_as_if_it_had_been_written_at_once(tmp_path):
    content = bytes(range(256)) * 9000
    with Incoming(tmp_path) as incoming:
        incoming.take(pieces_of(BytesIO(content)))
        incoming.seek(3)
        assert (incoming.read(5), incoming.tell()) == (content[3:8], 8)
        written = incoming.keep("video/mp4", now=NOW)
    assert written == files.Written(
        digest=hashlib.sha256(content).hexdigest(), media_type="video/mp4", size=len(content)
    )
    assert _lying(tmp_path) == [files.find_path(written.digest, tmp_path)]
    path = files.find_path(written.digest, tmp_path)
    assert (path.read_bytes(), path.stat().st_mtime, path.stat().st_mode & 0o777) == (content, NOW.timestamp(), 0o600)


def test_what_is_not_kept_is_gone(tmp_path):
    with Incoming(tmp_path) as incoming:
        incoming.write(b"half of a film")
        assert len(_lying(tmp_path)) == 1
    assert _lying(tmp_path) == []
    with pytest.raises(ValueError, match="let go of already"):
        incoming.keep("video/mp4", now=NOW)


def test_what_a_crash_left_behind_is_swept_by_the_name_that_it_has(tmp_path):
    incoming = Incoming(tmp_path)
    incoming.write(b"half of a film")
    (left,) = _lying(tmp_path)
    assert left.relative_to(tmp_path).as_posix() == f"{left.name[1:3]}/{left.name}"
    assert left in files._lying(tmp_path)
    incoming.close()


def test_full_disk_is_a_refusal_in_words_and_leaves_nothing(tmp_path):
    class Full:
        def write(self, _piece):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    incoming = Incoming(tmp_path)
    incoming.file.close()
    incoming.file = Full()
    with pytest.raises(NoRoom, match="no room for this file"):
        incoming.write(b"a film")
    incoming.close()
    assert _lying(tmp_path) == []
