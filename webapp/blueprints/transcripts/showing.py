"""A turn as a page shows it: who speaks, in paragraphs, with what was looked for or led to marked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.folding import fold
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Turn
from webapp.queries.transcripts import Speaking

Stretch = tuple[int, int]
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")


@dataclass(frozen=True)
class Bit:
    """Some words, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a turn: where in its words it begins, and its bits."""

    at: int
    bits: Sequence[Bit]


@dataclass(frozen=True)
class Shown:
    """A turn as it is shown; `speaker` is there where everybody may see the profile."""

    turn: Turn
    name: str
    speaker: Speaker | None
    paragraphs: Sequence[Paragraph]
    led_to: bool = False


def shown(
    turns: Iterable[Turn],
    speakers: Mapping[int, Speaking],
    *,
    wanted: str = "",
    led_to: Mapping[str, Sequence[Stretch]] | None = None,
) -> list[Shown]:
    """Turns as a page shows them: `wanted` is marked, and so are the stretches of those turns that somebody was led to.

    They come by the turn's public id; none of a turn means all of it.
    """
    led_to = led_to or {}
    found = []
    for turn in turns:
        speaking = speakers.get(turn.speaker_id or 0)
        marks = matches(turn.words, wanted) if wanted else led_to.get(turn.public_id, ())
        found.append(
            Shown(
                turn=turn,
                name=speaking.speaker.name if speaking else turn.label,
                speaker=speaking.speaker if speaking and speaking.is_public else None,
                paragraphs=list(_paragraphs(turn.words, marks)),
                led_to=turn.public_id in led_to,
            )
        )
    return found


def matches(words: str, wanted: str) -> list[Stretch]:
    """Where a text stands in some words, whatever its case and accents."""
    needle = fold(wanted)
    if not needle:
        return []
    letters: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(words):
        plain = " " if sign.isspace() else fold(sign)
        if plain == " " and letters and letters[-1] == " ":
            continue
        letters += plain
        origins += [place] * len(plain)
    folded, found, at = "".join(letters), [], 0
    while (at := folded.find(needle, at)) >= 0:
        found.append((origins[at], origins[at + len(needle) - 1] + 1))
        at += len(needle)
    return found


def _paragraphs(words: str, marks: Sequence[Stretch]) -> Iterator[Paragraph]:
    for found in _PARAGRAPH.finditer(words):
        yield Paragraph(found.start(), list(_bits(words, found.start(), found.end(), marks)))


def _bits(words: str, start: int, end: int, marks: Sequence[Stretch]) -> Iterator[Bit]:
    at = start
    for begins, stops in sorted(marks):
        first, last = max(begins, at), min(stops, end)
        if first >= last:
            continue
        if first > at:
            yield Bit(words[at:first], marked=False)
        yield Bit(words[first:last], marked=True)
        at = last
    if at < end:
        yield Bit(words[at:end], marked=False)
