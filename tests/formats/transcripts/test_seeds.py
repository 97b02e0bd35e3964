"""The public transcript of the field, where it stands beside the repository; the same behaviours are tested besides."""

import os
from pathlib import Path

import pytest

from webapp.formats.transcripts import Candidate, Reading, Why, read_transcript, resolve

pytestmark = pytest.mark.memory

SEEDS = os.environ.get("WAYMARK_SEEDS")

INVENTED = """Practice week

  • Transcript - In discussion: Ann MacAlder and Bo Chan Open

    Below is what they say:

    Bo Chan: One.

    Two.

    Ann McAllder: Three.

    Bo Chan: Four?

    Ann Macallder: Five.
"""
SPEAKERS = [
    Candidate(id="ann", name="Ann MacAlder"),
    Candidate(id="bo", name="Bo Chan"),
    Candidate(id="cy", name="Cy Doe"),
]


def spoken(reading: Reading, candidates: list[Candidate]) -> list[int | str | None]:
    """Who said each turn."""
    of = {found.label: found.speaker for found in resolve(reading.labels, candidates)}
    return [of[turn.label] for turn in reading.turns if turn.label is not None]


def test_speaker_under_three_spellings_is_one() -> None:
    reading = read_transcript(INVENTED.encode())
    assert reading.labels == ("Bo Chan", "Ann McAllder", "Ann Macallder")
    assert spoken(reading, SPEAKERS) == ["bo", "ann", "bo", "ann"]
    assert [found.why for found in resolve(reading.labels, SPEAKERS)] == [Why.EXACT, Why.NEAR, Why.NEAR]


if SEEDS:

    def test_sixteen_turns_of_two_speakers_are_all_resolved() -> None:
        reading = read_transcript((Path(SEEDS) / "000_1673619ede397249.txt").read_bytes())
        candidates = [
            Candidate(id="isabelle", name="Isabelle Trowler", roles=["chair"]),
            Candidate(id="josh", name="Josh MacAlister"),
            Candidate(id="dawn", name="Dawn Taylor"),
        ]
        assert len(reading.turns) == 16
        assert spoken(reading, candidates) == ["isabelle", "josh"] * 8
        assert reading.labels == ("Isabelle Trowler", "Josh McAllister", "Josh Macallister")
        assert [len(turn.pieces) for turn in reading.turns] == [4, 9, 1, 4, 1, 1, 1, 3, 1, 3, 1, 3, 1, 2, 1, 1]
        assert (reading.encoding, len(reading.before), reading.unread) == ("utf-8", 17, ())
