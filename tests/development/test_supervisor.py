import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webapp.development.__main__ import chosen_port
from webapp.development.supervisor import free_port, is_free

PATIENCE = 20.0

SUPERVISOR = """
import json, os, sys
from pathlib import Path
from webapp.development.supervisor import Command, Plan, run
given = json.loads(sys.argv[1])
python = lambda name, code: Command(name, (sys.executable, "-Sc", code))
sys.exit(run(
    Plan(
        prepare=python("preparation", given["prepare"]),
        stay=[python(name, code) for name, code in given["stay"].items()],
        port=given["port"],
        health="/healthz",
        logs=Path(given["logs"]),
        environment=os.environ,
        directory=Path(given["logs"]).parent,
        patience=given["patience"],
        tells_after=given["patience"] / 3,
        grace=given["grace"],
    ),
    announce=lambda lines: print("ready", *lines, flush=True),
    say=lambda line: print(line, flush=True),
))
"""

# Each stand-in writes its process id to a file, so that a test can look for what was left behind.
HERE = "import os; open(f'{os.environ[\"PIDS\"]}/{os.getpid()}', 'w').close(); "
WEB = HERE + (
    "from http.server import BaseHTTPRequestHandler as B, HTTPServer as S\n"
    "class H(B):\n"
    "    def do_GET(self): self.send_response(200); self.end_headers()\n"
    "S(('127.0.0.1', int(os.environ['WEB_PORT'])), H).serve_forever()"
)
WAITS = HERE + "import signal; signal.pause()"
STUBBORN = HERE + "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
WITH_A_CHILD_OF_ITS_OWN = HERE + (
    "import signal\n"
    "if os.fork() == 0:\n"
    "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "    open(f'{os.environ[\"PIDS\"]}/{os.getpid()}', 'w').close()\n"
    "while True: signal.pause()"
)
DIES_WHEN_TOLD = HERE + (
    "import sys\n"
    "os.mkfifo(f'{os.environ[\"PIDS\"]}.fifo')\n"
    "open(f'{os.environ[\"PIDS\"]}.fifo').read()\n"
    "sys.exit('the worker is tired')"
)


class Supervised:
    """A supervisor in a process of its own, with stand-ins for the programs it watches."""

    def __init__(self, folder, *, prepare="print('ann  secret')", grace=10.0, patience=15.0, **stay):
        self.pids = folder / "pids"
        self.pids.mkdir()
        port = free_port()
        given = {"prepare": prepare, "stay": stay, "port": port, "logs": str(folder / "log"), "grace": grace}
        given["patience"] = patience
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, json.dumps(given)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PIDS": str(self.pids), "WEB_PORT": str(port)},
        )
        self.said = ""

    def wait_for(self, text):
        """Read what it says until `text` is among it."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.said:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536).decode() if ready else ""
            assert piece, f"{text!r} never came, but: {self.said}"
            self.said += piece

    def wait_for_stand_ins(self, count):
        """Wait until so many stand-ins have said that they are there."""
        deadline = time.monotonic() + PATIENCE
        while len(list(self.pids.iterdir())) < count:
            assert time.monotonic() < deadline, f"fewer than {count} started: {self.said}"
            os.sched_yield()

    def end(self):
        """Wait for its end; gives its exit code and all that it said."""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.said += rest.decode()
        return self.process.returncode, self.said

    def left(self):
        """The process ids of stand-ins that still run."""
        return [path.name for path in self.pids.iterdir() if runs(path.name)]


def runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"  # one that has ended, though nobody has asked yet how


@pytest.fixture
def supervise(tmp_path):
    made = []

    def start(**given):
        made.append(Supervised(tmp_path, **given))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()
        for pid in one.left():
            os.kill(int(pid), signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stop_leaves_no_process_and_ends_well(supervise, number):
    one = supervise(worker=WAITS, web=WEB)
    one.wait_for("ready ann  secret\n")
    one.wait_for_stand_ins(2)
    one.process.send_signal(number)
    code, said = one.end()
    assert (code, one.left()) == (0, [])
    assert said == "Waymark: starting the worker, the web …\nready ann  secret\n\nWaymark: stopped.\n"


def test_stop_ends_by_force_what_will_not_and_a_second_signal_changes_nothing(supervise):
    one = supervise(worker=STUBBORN, helper=WITH_A_CHILD_OF_ITS_OWN, web=WEB, grace=0.5)
    one.wait_for("ready")
    one.wait_for_stand_ins(4)
    for _ in range(3):
        one.process.send_signal(signal.SIGINT)
    code, said = one.end()
    assert (code, one.left()) == (0, [])
    assert "Traceback" not in said


def test_child_that_dies_is_named_with_its_last_words_and_all_stop(supervise, tmp_path):
    one = supervise(worker=DIES_WHEN_TOLD, web=WEB)
    one.wait_for("ready")
    with (tmp_path / "pids.fifo").open("w"):
        pass
    code, said = one.end()
    assert (code, one.left()) == (1, [])
    assert said.endswith(
        f"Waymark: The worker stopped (exit code 1). The last lines of {tmp_path}/log/worker.log:\n"
        "  the worker is tired\nWaymark: stopped everything.\n"
    )


def test_child_that_dies_before_all_are_up_is_named(supervise):
    one = supervise(worker="import os; os.kill(os.getpid(), 9)", web=WAITS)
    code, said = one.end()
    assert (code, one.left()) == (1, [])
    assert "The worker stopped (ended by SIGKILL)." in said


def test_server_that_does_not_answer_is_waited_for_in_words_and_given_up_at_last(supervise, tmp_path):
    one = supervise(web=WAITS, patience=1)
    code, said = one.end()
    assert (code, one.left()) == (1, [])
    assert "Waymark: waiting for /healthz to answer 200, for 0 of at most 1 seconds; so far: " in said
    assert "Waymark: /healthz did not answer 200 within 1 seconds, but: " in said
    assert f"The logs are in {tmp_path}/log." in said


def test_preparation_that_fails_starts_nothing_else(supervise):
    one = supervise(prepare="import sys; sys.exit('the database is broken')", web=WEB)
    code, said = one.end()
    assert (code, list(one.pids.iterdir())) == (1, [])
    assert "The preparation stopped (exit code 1)." in said
    assert "  the database is broken\n" in said


def test_stop_during_preparation_ends_well(supervise):
    one = supervise(prepare=WAITS, web=WEB)
    one.wait_for_stand_ins(1)
    one.process.send_signal(signal.SIGTERM)
    code, said = one.end()
    assert (code, one.left(), said) == (0, [], "\nWaymark: stopped.\n")


def test_program_that_is_not_there_is_named(tmp_path):
    script = SUPERVISOR.replace('sys.executable, "-Sc"', "'/nowhere/python'")
    given = {"prepare": "", "stay": {}, "port": 1, "logs": f"{tmp_path}/log", "grace": 1, "patience": 1}
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            script,
            json.dumps(given),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout.startswith("Waymark: The preparation could not be started: ")


def test_port_in_use_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with pytest.raises(ValueError, match=f"port {port} is in use by another program"):
            chosen_port(str(port))
    assert chosen_port(str(port)) == port


@pytest.mark.parametrize("given", ["http", "0", "70000", "-1", "5000 ", "٥٠٠٠x"])
def test_port_that_is_no_port_is_refused_in_words(given):
    with pytest.raises(ValueError, match="PORT is a number from 1 to 65535"):
        chosen_port(given)
