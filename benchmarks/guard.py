"""What the guard on free text catches of the labelled cases, what it flags for nothing, and what a long text costs."""

import time
from collections import defaultdict
from collections.abc import Iterator

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.run import Run
from tests.guarding import cases
from webapp.guarding import Kind, examine

LENGTH = 10_000


def measure(run: Run) -> Iterator[Figure]:
    """The figures of both halves of the cases; milliseconds of the processor for 10,000 characters."""
    for name, half in (("planted", "tuned"), ("planted_held_out", "held out")):
        verdicts: dict[Kind, list[bool]] = defaultdict(list)
        for one in cases.planted(name):
            verdicts[one.kind].append(one.is_caught)
        every = [caught for verdict in verdicts.values() for caught in verdict]
        worst = min(100 * sum(verdict) / len(verdict) for verdict in verdicts.values())
        yield at_least(f"guard, {half}: caught of {len(every)} planted", 100 * sum(every) / len(every), 95, "%")
        yield at_least(f"guard, {half}: caught of the worst kind", worst, 95, "%")
    for half, sentences in (
        ("tuned", cases.ordinary("ordinary")),
        ("held out", cases.ordinary("ordinary_held_out")),
        ("public documents", cases.seeds()),
    ):
        if sentences:
            flagged = 100 * sum(bool(examine(sentence)) for sentence in sentences) / len(sentences)
            yield at_most(f"guard, {half}: flagged of {len(sentences)} ordinary sentences", flagged, 3, "%")
    text = " ".join(one.text for one in cases.planted("planted"))
    took = min(_took((text * 9)[:LENGTH]) for _ in range(run.quick_or(5, 20)))
    yield at_most(f"guard, {LENGTH:,} characters", 1000 * took, 50, "ms of the processor")


def _took(text: str) -> float:
    began = time.process_time()
    examine(text)
    return time.process_time() - began
