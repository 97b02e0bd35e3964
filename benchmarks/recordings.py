"""Recordings: stretches of a film, as players ask for them, beside static files of that size on the same server."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks import demonstration
from benchmarks.client import Connection, Load, rates, typical
from benchmarks.figures import Figure, at_least, middle_ratio
from benchmarks.run import Run
from benchmarks.servers import Installation, gunicorn
from webapp import clock, transaction
from webapp.extensions import db
from webapp.formats.media import Media, MediaType
from webapp.models.accounts import SYSTEM
from webapp.queries.recordings import sessions_to_record
from webapp.services import recordings
from webapp.services.incoming import Incoming

GOAL = 0.8
KB = 1024
SIZES = {"64 KB": 64 * KB, "1 MB": KB * KB}
LENGTH = 64 * KB * KB


def measure(run: Run) -> Iterator[Figure]:
    """The rate of stretches of each size, of that of static files of the same size, on each database."""
    rounds = run.quick_or(3, 15)
    seconds = run.quick_or(0.2, 0.5)
    folder = run.folder / "static"
    folder.mkdir()
    for size in SIZES.values():
        (folder / f"{size}.wav").write_bytes(os.urandom(size))
    with ExitStack() as stack:
        floor = stack.enter_context(
            gunicorn(
                "S1",
                "benchmarks.floors:files()",
                run.environment | {"FLOOR_FILES": str(folder)},
                run.folder,
                f"/files/{min(SIZES.values())}.wav",
            )
        )
        for database in run.databases:
            installation = Installation(f"recordings-{database}", run.folder, run.database("recordings", database))
            address = _recorded(installation)
            server = stack.enter_context(
                gunicorn(installation.name, "wsgi:app", installation.environment, run.folder, "/events")
            )
            run.say(f"recordings on {database}: a film of {LENGTH // KB // KB} MB")
            ours, theirs = Connection(server.port), Connection(floor.port)
            middle = LENGTH // 2
            loads: dict[str, Load] = {}
            for name, size in SIZES.items():
                loads[f"S1 {name}"] = Load(floor.port, theirs.asking(f"/files/{size}.wav"))
                asked = f"bytes={middle}-{middle + size - 1}"
                loads[name] = Load(server.port, ours.asking(address, Range=asked), status=206)
            found = rates(loads, rounds=rounds, seconds=seconds)
            run.say(", ".join(f"{name} {typical(rate)}" for name, rate in found.items()))
            for name in SIZES:
                ratio = middle_ratio(found[name], found[f"S1 {name}"])
                yield at_least(f"stretch of {name} of a recording, {database}", ratio, GOAL, "of S1")
            run.note_memory(f"web process, recordings, {database}", server)


def _recorded(installation: Installation) -> str:
    """The address of a film, or what passes for one, of a session that everybody may see."""
    app = installation.migrate()
    shown = demonstration.load(app)
    now = clock.now()
    with app.app_context():
        part = sessions_to_record(shown.event_id)[0].session
        with Incoming(app.config["SETTINGS"].files_path) as incoming:
            incoming.take(os.urandom(KB * KB) for _ in range(LENGTH // KB // KB))
            kept = incoming.keep(MediaType.MP4.media_type, now=now)
        with transaction.unit():
            film = Media(MediaType.MP4, None)
            row = recordings.add_file(part.id, kept, film, recordings.About(), actor=SYSTEM, now=now)
            recordings.publish(row, actor=SYSTEM, now=now)
            address = f"{shown.event}/recordings/{row.public_id}/file"
        db.session.remove()
        db.engine.dispose()
    return address
