"""Starts a few programs, watches over them, and stops them all together.

Signals arrive as bytes in a pipe that the one loop here reads, so that nothing interrupts it half-way:
a second Ctrl-C during the stop changes nothing, and there is no traceback to show.
"""

import http.client
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
SHOWN_LINES = 20


class StopRequestedError(Exception):
    """Somebody asked for the end: Ctrl-C, a signal to end, or the terminal was closed."""


class FailedError(Exception):
    """What was started cannot go on; the message is for the person at the console."""


@dataclass(frozen=True)
class Command:
    """A program to start: the name that people read, and the words of its command line."""

    name: str
    argv: Sequence[str]


@dataclass(frozen=True)
class Plan:
    """What to run: one command that must end well, then those that stay, and where the web server answers."""

    prepare: Command
    stay: Sequence[Command]
    port: int
    health: str
    logs: Path
    environment: Mapping[str, str]
    directory: Path
    # On a busy machine a server starts slowly; meanwhile the person at the console is told what is waited for.
    patience: float = 180.0
    tells_after: float = 15.0
    grace: float = 10.0


class Bell:
    """Rings when a signal comes, whether for us or about a child; made once, in the main thread."""

    def __init__(self) -> None:
        self.hearing, self.ringing = socket.socketpair()
        self.hearing.setblocking(False)
        self.ringing.setblocking(False)
        signal.set_wakeup_fd(self.ringing.fileno(), warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGCHLD):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` asks
                signal.signal(number, lambda _number, _frame: None)

    def wait(self, seconds: float) -> bool:
        """Wait for a signal, at most so long; true if one came that asks us to stop."""
        if not select.select([self.hearing], [], [], seconds)[0]:
            return False
        return bool(STOPPING.intersection(self.hearing.recv(4096)))

    def rest(self, seconds: float) -> None:
        """Wait likewise; raises StopRequestedError if we are asked to stop."""
        if self.wait(seconds):
            raise StopRequestedError


@dataclass
class Child:
    """A program that was started in a process group of its own, with a log."""

    name: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @classmethod
    def start(cls, command: Command, plan: Plan, output: Path | None = None) -> "Child":
        """Start the command; what it prints goes to its log, or its plain output to `output` if given."""
        log = plan.logs / f"{command.name.replace(' ', '-')}.log"
        with ExitStack() as files:
            errors = files.enter_context(log.open("wb"))
            process = subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=files.enter_context(output.open("wb")) if output else errors,
                stderr=errors,
                env=dict(plan.environment),
                cwd=plan.directory,
                process_group=0,  # so that the terminal's Ctrl-C reaches us alone
            )
        return cls(command.name, log, process)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program and to all that it started; nothing if they are gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def obituary(self) -> str:
        """How it ended, with the last lines of its log."""
        code = self.process.returncode
        how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-SHOWN_LINES:]
        said = "\n".join(f"  {line}" for line in lines) or "  (nothing)"
        return f"The {self.name} stopped ({how}). The last lines of {self.log}:\n{said}"


def run(plan: Plan, announce: Callable[[Sequence[str]], None], say: Callable[[str], None] = print) -> int:
    """Run the plan until asked to stop, or until a program fails; gives the exit code.

    `announce` is called once all answer, with the lines that the first command printed.
    """
    bell = Bell()
    try:
        with supervised(plan, bell) as start:
            lines = prepare(plan, bell, start)
            say("Waymark: starting the " + ", the ".join(command.name for command in plan.stay) + " …")
            children = [start(command, None) for command in plan.stay]
            wait_until_healthy(plan, bell, children, say)
            announce(lines)
            while True:
                bell.rest(1.0)
                check(children)
    except StopRequestedError:
        say("\nWaymark: stopped.")
        return 0
    except FailedError as failure:
        say(f"Waymark: {failure}\nWaymark: stopped everything.")
        return 1


@contextmanager
def supervised(plan: Plan, bell: Bell) -> Iterator[Callable[[Command, Path | None], Child]]:
    """Give a function that starts programs; when the block ends, however it ends, none of them is left."""
    plan.logs.mkdir(parents=True, exist_ok=True)
    children: list[Child] = []

    def start(command: Command, output: Path | None) -> Child:
        try:
            children.append(Child.start(command, plan, output))
        except OSError as error:
            raise FailedError(f"The {command.name} could not be started: {error}") from None
        return children[-1]

    try:
        yield start
    finally:
        stop(children, bell, plan.grace)


def prepare(plan: Plan, bell: Bell, start: Callable[[Command, Path | None], Child]) -> list[str]:
    """Run the first command to its end and give the lines that it printed; raises FailedError if it fails."""
    output = plan.logs / "prepared.txt"
    child = start(plan.prepare, output)
    while not child.ended:
        bell.rest(0.5)
    if child.process.returncode:
        raise FailedError(child.obituary())
    return output.read_text(encoding="utf-8").splitlines()


def check(children: Iterable[Child]) -> None:
    """Raise FailedError if one of them has ended: none of them should."""
    for child in children:
        if child.ended:
            raise FailedError(child.obituary())


def wait_until_healthy(plan: Plan, bell: Bell, children: Sequence[Child], say: Callable[[str], None]) -> None:
    """Wait for the health page to answer 200; raises FailedError if a program ends or patience does."""
    began = time.monotonic()
    deadline, told = began + plan.patience, began
    while not (answer := health(plan.port, plan.health)).startswith(f"{HTTPStatus.OK:d} "):
        check(children)
        if time.monotonic() > deadline:
            raise FailedError(
                f"{plan.health} did not answer 200 within {plan.patience:.0f} seconds, but: {answer}\n"
                f"The logs are in {plan.logs}."
            )
        if time.monotonic() > told + plan.tells_after:
            told = time.monotonic()
            say(
                f"Waymark: waiting for {plan.health} to answer 200, for {told - began:.0f} of at most"
                f" {plan.patience:.0f} seconds; so far: {answer.strip()}"
            )
        bell.rest(0.05)


def health(port: int, path: str) -> str:
    """What the page answers: its status and the beginning of its text, or why there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return f"{response.status} {response.read(500).decode('utf-8', 'replace')}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()


def stop(children: Sequence[Child], bell: Bell, grace: float) -> None:
    """Ask all to end, give them `grace` seconds, then end by force what is left, in their groups too."""
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while not all(child.ended for child in children) and time.monotonic() < deadline:
        bell.wait(0.1)
    for child in children:
        child.send(signal.SIGKILL)
        child.process.wait()


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now; PermissionError says we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
