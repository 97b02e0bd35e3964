"""The labelled cases, read: what is planted where in which sentence, and the sentences that hold nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from webapp.guarding import Kind, examine

FOLDER = Path(__file__).parent / "labelled"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
_PLANTED = re.compile(r"\{(\w+)\|([^}]*)\}")
_CHARACTER = re.compile(r"\\(?:u([0-9a-f]{4})|(n)|(t))")
# Where a long sentence of a document ends.
_END = re.compile(r"(?<=[.!?:;])\s+(?=[A-Z“‘'\"(])|\n+")


@dataclass(frozen=True)
class Planted:
    """Something planted in a text: of which kind, from where to where."""

    text: str
    kind: Kind
    start: int
    end: int

    @property
    def is_caught(self) -> bool:
        """Whether something of this kind is found there, and nothing of it would be left if it were reworded."""
        return any(
            found.kind is self.kind and found.start < self.end and found.end > self.start
            for found in examine(self.text)
        )


def planted(name: str) -> Iterator[Planted]:
    """Everything that is planted in one file of cases."""
    for line in _lines(name):
        text, places, last = "", [], 0
        for mark in _PLANTED.finditer(line):
            text += line[last : mark.start()]
            places.append((Kind(mark[1]), len(text), len(text) + len(mark[2])))
            text += mark[2]
            last = mark.end()
        text += line[last:]
        for kind, start, end in places:
            yield Planted(text, kind, start, end)


def ordinary(name: str) -> list[str]:
    """The ordinary sentences of one file."""
    return _lines(name)


def seeds() -> list[str]:
    """Every sentence of the public documents that stand beside the repository."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    return [one.strip() for text in texts for one in _END.split(text) if any(char.isalpha() for char in one)]


def _lines(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_CHARACTER.sub(_character, line) for line in lines if line and not line.startswith("#")]


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16)) if escaped[1] else "\n" if escaped[2] else "\t"
