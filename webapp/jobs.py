"""What runs later: tasks that each call one service.

A job store can lose a task and run it twice, so the rows are the truth: a task only wakes the work up, and
a sweep every minute finds what was left. Each lane of letters has a queue and a thread of its own, so that what
somebody waits for overtakes a mailing, and so have files that take long to make or to read in, releases of which
many are told, and places that many wait for.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from config import ROOT, Settings
from webapp import clock, outbox, transaction
from webapp.database import is_sqlite
from webapp.models.mailings import Lane
from webapp.services import (
    community_letters,
    drafts,
    exports,
    housekeeping,
    imports,
    moderation,
    reflections,
    registrations,
    surveys,
    to_many,
    topics,
)

BEAT = 5.0
# Long lists wait for each other, not for letters, and no letter waits for them.
FILES = "files"
# What a page that only reads wants to be remembered. A note that is lost is no loss to anybody.
NOTES = "notes"


def init_app(app: Flask) -> None:
    """Open a queue for each lane of letters and one for long work; wake the worker after commits that need it."""
    settings: Settings = app.config["SETTINGS"]
    queues = {lane: _open(settings, lane) for lane in Lane}
    wakers = {lane: queue.task(name=f"deliver_{lane}")(partial(_deliver, app, lane)) for lane, queue in queues.items()}
    for lane, queue in queues.items():
        queue.periodic_task(crontab(minute="*"), name=f"sweep_{lane}")(partial(_sweep, app, lane))
    files = _open(settings, FILES)
    files.periodic_task(crontab(minute="*"), name="sweep_files")(partial(_make_files, app))
    files.periodic_task(crontab(minute="17"), name="sweep_stored_files")(partial(_sweep_stored, app))
    notes = _open(settings, NOTES)
    app.extensions["jobs"] = {**queues, FILES: files, NOTES: notes}
    app.extensions["note"] = {"read": notes.task(name="note_read")(partial(_note_read, app))}
    app.extensions["wake"] = {**wakers, FILES: files.task(name="make_files")(partial(_make_files, app))}
    app.extensions["stopping"] = threading.Event()
    transaction.on_commit(app, partial(_wake, app))


def _open(settings: Settings, name: str) -> Huey:
    # Whoever commits waits for the wake-up too; one that a power cut loses is made up for by the sweep.
    options: dict[str, Any] = {"results": False, "store_none": False}
    if is_sqlite(settings.sqlalchemy_url):
        path = ROOT / settings.jobs_path
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(f"waymark-{name}", filename=str(path), fsync=False, **options)
    dsn = settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://")
    return PostgresHuey(f"waymark-{name}", dsn=dsn, options="-c synchronous_commit=off", **options)


def _wake(app: Flask) -> None:
    wanted: set[str] = {*outbox.take_posted_lanes()}
    # All are asked: each forgets by it what was wanted in this unit.
    asked = (
        exports.take_requested(),
        imports.take_requested(),
        drafts.take_requested(),
        registrations.take_filling_requested(),
        reflections.take_requested(),
    )
    if any(asked):
        wanted.add(FILES)
    for queue in wanted:
        try:
            app.extensions["wake"][queue]()
        except Exception:  # what is to be done is safe in its row: the sweep finds it
            app.logger.exception("Could not wake the worker")


def _deliver(app: Flask, lane: Lane) -> None:
    stopping = app.extensions["stopping"].is_set
    more: dict[str, Any] = {}
    if lane is Lane.MAILING:
        # Letters to many whose time has come are put into the lane by whoever empties it, and none waits until it is
        # empty: thousands may be on their way for an hour.
        more["before_each"] = partial(_fill_lane, app)
    with app.app_context():
        outbox.deliver(lane, worker_name(lane), app.config["SETTINGS"], clock.now, stopping=stopping, **more)


def _fill_lane(app: Flask) -> None:
    for fill in (_fire_due, _tell_followers, _make_digests):
        _guarded(app, partial(fill, app))


def _tell_followers(app: Flask) -> None:
    with app.app_context():
        community_letters.tell_followers(clock.now, stopping=app.extensions["stopping"].is_set)


def _make_digests(app: Flask) -> None:
    with app.app_context():
        community_letters.make_due(clock.now, stopping=app.extensions["stopping"].is_set)


def _fire_due(app: Flask) -> None:
    # With a session of its own, which a fault leaves behind with it.
    with app.app_context():
        to_many.fire_due(clock.now, stopping=app.extensions["stopping"].is_set)


def _make_files(app: Flask) -> None:
    stopping = app.extensions["stopping"].is_set
    with app.app_context(), ExitStack() as waiting:
        # Called last to first, each though another broke: somebody waits for each.
        waiting.callback(exports.make_pending, clock.now, stopping=stopping)
        waiting.callback(imports.apply_requested, clock.now, stopping=stopping)
        waiting.callback(drafts.release_requested, clock.now, stopping=stopping)
        waiting.callback(reflections.make_pending, clock.now, stopping=stopping)
        waiting.callback(surveys.release_due, clock.now, stopping=stopping)
        waiting.callback(registrations.fill_requested, clock.now, stopping=stopping)
        waiting.callback(surveys.tidy, clock.now, stopping=stopping)


def _note_read(app: Flask, person_id: int, topic_id: int, number: int) -> None:
    with app.app_context():
        topics.take_note(person_id, topic_id, number)


def _sweep_stored(app: Flask) -> None:
    with app.app_context():
        housekeeping.sweep_files(app.config["SETTINGS"].files_path, now=clock.now())


def _sweep(app: Flask, lane: Lane) -> None:
    # Each by itself: a fault in one round of housekeeping must not keep letters from being sent.
    _guarded(app, partial(_recover, app))
    if lane is Lane.ORDINARY:
        _guarded(app, partial(_keep_house, app))
        _guarded(app, partial(_remind, app))
    _deliver(app, lane)


def _recover(app: Flask) -> None:
    with app.app_context():
        outbox.recover(app.config["SETTINGS"], now=clock.now())


def _keep_house(app: Flask) -> None:
    with app.app_context():
        housekeeping.sweep(now=clock.now())


def _remind(app: Flask) -> None:
    settings: Settings = app.config["SETTINGS"]
    with app.app_context(), transaction.unit():
        moderation.remind(contact=(settings.service_name, settings.contact_email), now=clock.now())


_process = secrets.token_hex(6)


def worker_name(lane: Lane | str) -> str:
    """The name under which this process takes letters of a lane; never the same twice."""
    return f"worker-{lane}-{_process}"


class _Consumer(Consumer):  # type: ignore[misc, unused-ignore]  # huey has no types
    """A consumer that leaves the process's signals alone: whoever runs the worker decides when it stops."""

    def _set_signal_handlers(self) -> None:
        pass


def work(app: Flask, stop: threading.Event) -> None:
    """Run the worker until told to stop: a consumer for each queue, a heartbeat, and one sweep to begin with.

    What is under way when it stops is ended with the letter in hand; the rest is left to the next worker.
    """
    names = [worker_name(lane) for lane in Lane]
    stopping: threading.Event = app.extensions["stopping"]
    stopping.clear()
    ended = threading.Event()
    # Before anything is taken, since what a silent worker holds is given to others.
    _guarded(app, partial(_beat_once, app, names))
    heart = threading.Thread(target=partial(_beat, app, names, ended), name="heartbeat", daemon=True)
    heart.start()
    consumers = [
        _Consumer(queue, workers=1, initial_delay=0.05, max_delay=0.4, backoff=1.2)
        for queue in app.extensions["jobs"].values()
    ]
    for consumer in consumers:
        consumer.start()
    _guarded(app, partial(_recover, app))
    for wake in app.extensions["wake"].values():
        _guarded(app, wake)
    _guarded(app, partial(_keep_house, app))
    stop.wait()
    stopping.set()
    for consumer in consumers:
        consumer.stop(graceful=True)
    ended.set()
    heart.join(timeout=BEAT)
    _guarded(app, partial(_rest, app, names))


def _beat(app: Flask, names: list[str], ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        _guarded(app, partial(_beat_once, app, names))


def _beat_once(app: Flask, names: list[str]) -> None:
    with app.app_context():
        housekeeping.beat(names, now=clock.now())


def _rest(app: Flask, names: list[str]) -> None:
    with app.app_context():
        housekeeping.rest(names)


def _guarded(app: Flask, action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # a database that is away for a moment must not end the worker
        app.logger.exception("The worker could not do its round; it tries again")
