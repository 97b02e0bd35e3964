"""What all measurements share: where they work, on which databases, and what memory was seen."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.servers import Postgresql, Server

T = TypeVar("T")
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@dataclass
class Run:
    """One run of all or some measurements."""

    folder: Path
    postgresql: Postgresql
    quick: bool = False
    databases: tuple[str, ...] = (SQLITE, POSTGRESQL)
    started: float = field(default_factory=time.monotonic)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a program that needs no settings."""
        return dict(os.environ)

    def database(self, name: str, kind: str) -> str:
        """The address of a new, empty database of that kind."""
        if kind == SQLITE:
            return f"sqlite:///{self.folder / name}.db"
        return self.postgresql.database(f"waymark_{name}")

    def quick_or(self, quick: T, whole: T) -> T:
        """The first in a quick run, the second in a whole one."""
        return quick if self.quick else whole

    def note_memory(self, what: str, server: Server) -> None:
        """Remember how much memory the processes of a server have needed so far."""
        self.memory[what] = max(self.memory.get(what, 0.0), server.peak())

    def say(self, words: str) -> None:
        """Tell whoever waits what is being done."""
        print(f"  {time.monotonic() - self.started:5.0f} s  {words}", flush=True)
