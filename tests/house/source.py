"""The program's own source, parsed once, for the laws that a machine can check."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python: where it lies, what it is called, what it says."""

    path: str
    name: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """Where something stands, for the message of a failed test."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    @property
    def functions(self) -> list[Function]:
        """The functions that stand by themselves, in order."""
        return [node for node in self.tree.body if isinstance(node, Function)]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the tree, in the order of `ast.walk`, which takes its time."""
        return tuple(ast.walk(self.tree))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module in these folders (or files), in the order of their paths."""
    paths = sorted(path for folder in folders for path in _files(ROOT / folder))
    assert paths, f"nothing in {folders}"
    return tuple(_read(path) for path in paths)


def _files(place: Path) -> Iterator[Path]:
    yield from [place] if place.is_file() else place.rglob("*.py")


@cache
def _read(path: Path) -> Module:
    place = path.relative_to(ROOT)
    parts = [*place.parts[:-1], place.stem] if place.stem != "__init__" else place.parts[:-1]
    text = path.read_text(encoding="utf-8")
    return Module(place.as_posix(), ".".join(parts), text, ast.parse(text))


def dotted(node: ast.AST) -> str:
    """A name as written, such as "db.session.commit"; what is not a name within it stays empty."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def calls(node: ast.AST) -> tuple[tuple[str, ast.Call], ...]:
    """Every call within, with the name of what is called."""
    return tuple((dotted(inner.func), inner) for inner in ast.walk(node) if isinstance(inner, ast.Call))
