"""`python -m benchmarks`, which is `make bench`: measures, prints the table, and writes `benchmarks/latest.json`."""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    agenda,
    answering,
    communities,
    digests,
    figures,
    growth,
    guard,
    imports,
    letters,
    mailings,
    memory,
    pages,
    recordings,
    rush,
    search,
    surveys,
    transcripts,
)
from benchmarks.figures import Figure
from benchmarks.run import Run
from benchmarks.servers import folder, postgresql

LATEST = Path(__file__).parent / "latest.json"

PARTS: Mapping[str, Callable[[Run], Iterator[Figure]]] = {
    "pages": pages.measure,
    "rush": rush.measure,
    "growth": growth.measure,
    "agenda": agenda.measure,
    "letters": letters.measure,
    "mailings": mailings.measure,
    "digests": digests.measure,
    "imports": imports.measure,
    "answering": answering.measure,
    "communities": communities.measure,
    "guard": guard.measure,
    "search": search.measure,
    "surveys": surveys.measure,
    "transcripts": transcripts.measure,
    "recordings": recordings.measure,
    "memory": memory.measure,
}


def main(words: Sequence[str]) -> int:
    """Measure what was asked for, and give the exit code: 1 when a goal was missed."""
    asked = _parser().parse_args(words)
    found: list[Figure] = []
    print("Waymark: measuring; ratios count, so other work on this machine does little harm.")
    with folder() as place, postgresql() as server:
        run = Run(place, server, quick=asked.quick)
        for name in asked.only or PARTS:
            found += PARTS[name](run)
    print(f"\n{figures.table(found)}\n")
    if asked.only or asked.quick:
        print("Waymark: this was not the whole measurement, so benchmarks/latest.json stays as it is.")
    else:
        figures.write(LATEST, found)
        print(f"Waymark: written to {LATEST.relative_to(LATEST.parents[1])}.")
    return 0 if all(figure.met for figure in found) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="measure this part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="shorter slices and smaller numbers")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
