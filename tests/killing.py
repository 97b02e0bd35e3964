"""Work done in processes that are killed before a line of ours: `python -m tests.killing WORK`.

Each line of standard input is a number. The process is killed before its line of that number; told 0 it lives, and
stands still before each of its lines until it is told to go on.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from flask import Flask

from config import ROOT, load
from tests.conftest import NOW
from webapp import create_app, outbox
from webapp.extensions import db
from webapp.models.mailings import Lane
from webapp.services import to_many
from webapp.services.to_many import queueing

T = TypeVar("T")
# Loops come by the same lines again and again: the first times of each are enough.
TIMES = 2
SOME = 2
OUTBOX = [f"outbox/{name}.py" for name in ("delivering", "ending", "recording")]
# In the first, the lines before which it is killed.
FILES: Mapping[str, list[str]] = {
    "deliver": [*OUTBOX, "postman.py", "transaction.py"],
    "queue": ["services/to_many/queueing.py", "outbox/posting.py", "transaction.py"],
}


class Dying:
    """Has work done by processes that die before a line of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def live(self, see: Callable[[], T]) -> list[T]:
        """Have the work done, and give what is seen by others before each of its lines."""
        seen = []
        answer = self._ask("0")
        while answer == "line":
            seen.append(see())
            answer = self._ask("on")
        assert answer == "ended"
        return seen

    def die(self, number: int) -> None:
        """Have the work begun, and its process killed before its line of that number."""
        assert self._ask(str(number)) == "killed"

    def _ask(self, words: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def dying(app: Flask, folder: Path, work: str, **changes: object) -> Iterator[Dying]:
    """Processes that do this work on the database of this application.

    What is there to be done when the first is asked for, is done before by one that lives: what is imported, compiled
    and read at the first time only, is so for all that follow.
    """
    settings = app.config["SETTINGS"].model_copy(update={"jobs_path": str(folder / "jobs.db"), **changes})
    names = ("env", "secret_keys", "jobs_path", "base_url", "smtp_host", "smtp_port", "smtp_tls", "contact_email")
    environment = {f"WAYMARK_{name.upper()}": str(getattr(settings, name)) for name in names}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killing", work],
        cwd=ROOT,
        env={**os.environ, **environment, "DATABASE_URL": settings.database_url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Dying(process)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def places_to_die(seen: Sequence[object]) -> list[int]:
    """The numbers of the first, the middle and the last line of each stretch in which others see the same."""
    found, begin = set(), 0
    for _, stretch in groupby(seen):
        length = len(list(stretch))
        found |= {begin + 1, begin + 1 + length // 2, begin + length}
        begin += length
    return sorted(found)


def trace(number: int, files: set[str]) -> None:
    """Kill this process by SIGKILL before it runs the line of that number; with 0, ask before each."""
    counted: Counter[tuple[str, int]] = Counter()
    come = 0

    def step(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal come
        line = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and counted[line] < TIMES:
            counted[line] += 1
            come += 1
            if number == 0:
                tell("line")
                sys.stdin.readline()
            elif come == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return step

    sys.settrace(lambda frame, _event, _argument: step if frame.f_code.co_filename in files else None)


def tell(words: str) -> None:
    """Say how it stands."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def do(work: str, app: Flask) -> None:
    """The work of one worker, until nothing is due."""
    if work == "queue":
        to_many.fire_due(lambda: NOW)
    else:
        outbox.deliver(Lane.ORDINARY, "killed", app.config["SETTINGS"], lambda: NOW)


def main(work: str) -> None:
    """Answer each number until there are no more."""
    app = create_app(load())
    queueing.AT_ONCE = SOME
    files = {str(ROOT / "webapp" / name) for name in FILES[work]}
    is_warm = False
    while line := sys.stdin.readline():
        if not is_warm:
            with app.app_context():
                do(work, app)
                db.session.remove()
                db.engine.dispose()
            is_warm = True
        child = os.fork()
        if child == 0:
            with app.app_context():
                trace(int(line), files)
                do(work, app)
                sys.settrace(None)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        tell("killed" if os.WIFSIGNALED(status) else "ended")


if __name__ == "__main__":
    main(sys.argv[1])
