"""`python -m tests.killing`: delivers in processes that are killed before the line of ours that they are told.

Each line of standard input is a number; the answer says whether the process was killed there, or ended before.
"""

import os
import signal
import sys
from collections import Counter
from types import FrameType
from typing import Any

from config import ROOT, load
from tests.conftest import NOW
from webapp import create_app, outbox
from webapp.models.mailings import Lane

FILES = {str(ROOT / "webapp" / name) for name in ("postman.py", "transaction.py")}
FILES |= {str(path) for path in (ROOT / "webapp" / "outbox").glob("*.py")}
# Loops come by the same lines again and again: the first times of each are enough.
TIMES = 2


def kill_before(number: int) -> None:
    """Kill this process by SIGKILL before it runs the line of that number."""
    seen: Counter[tuple[str, int]] = Counter()
    left = number

    def step(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        line = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and seen[line] < TIMES:
            seen[line] += 1
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return step

    sys.settrace(lambda frame, _event, _argument: step if frame.f_code.co_filename in FILES else None)


def main() -> None:
    """Answer each number until there are no more."""
    app = create_app(load())
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with app.app_context():
                kill_before(int(line))
                outbox.deliver(Lane.ORDINARY, "killed", app.config["SETTINGS"], lambda: NOW)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
