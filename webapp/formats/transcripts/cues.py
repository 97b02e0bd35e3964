"""Tells the cues of WebVTT and SubRip apart, however they are mixed up: times, words, and lines that are neither.

WebVTT goes by its standard (W3C WebVTT, 6.1 “file parsing” and 6.3 “cue timings and settings parsing”), and is kinder
where the standard would throw words away: a cue whose times cannot be read keeps its words without times, and words
behind a blank line within a cue stay with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.formats.transcripts.times import bare_time, timing_of
from webapp.formats.transcripts.turns import Gathering, Kind, Line, Remark, Unread

_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
# WebVTT 4.1: what may stand in place of a cue; a note may come anywhere.
_BLOCKS = re.compile(r"(?:NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*)")
_LIKE_TIMES = re.compile(r"[ \t]*[0-9:.,-][0-9A-Za-z:.,-]*[ \t]*-?->")
_MOST_SHOWN = 200


@dataclass(slots=True)
class Cue:
    """The words shown at once, line by line as written, with the numbers of all lines of the cue."""

    start: int | None
    end: int | None
    words: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def cue_kind(lines: Sequence[str]) -> Kind | None:
    """Give whether lines are WebVTT or SubRip, by their header and the first times in them, or None for neither."""
    if lines and _HEADER.fullmatch(lines[0]):
        return Kind.WEBVTT
    above = ""
    for line in lines:
        if "->" in line and (timing := timing_of(line)):
            commas = "," in line.partition(">")[0]
            settings = re.match(r"(?:align|line|position|size|vertical|region):", timing.settings)
            return Kind.SUBRIP if commas or (above.strip().isdecimal() and not settings) else Kind.WEBVTT
        above = line
    return None


def cues_of(lines: Sequence[str], kind: Kind, gathered: Gathering) -> list[Cue]:
    """Give the cues in the order of the file; what is none is gathered as aside, as unread, or as standing before."""
    sorting = _Sorting(kind, gathered)
    for number, text in enumerate(lines, start=1):
        sorting.take(Line(number, text))
    sorting.finish()
    _check_times(sorting.cues, gathered)
    return sorting.cues


class _Sorting:
    """What is open while lines are read: a cue that may still get words, or lines that wait for what follows them."""

    def __init__(self, kind: Kind, gathered: Gathering) -> None:
        self._kind = kind
        self._gathered = gathered
        self.cues: list[Cue] = []
        self._open = False
        self._aside = False
        self._waiting: list[Line] = []
        self._strays: list[int] = []
        self._lost = False

    def take(self, line: Line) -> None:
        """Take the next line."""
        text = line.text
        if not text.strip():
            self._flush()
            self._open = self._aside = self._lost = False
        elif line.number == 1 and self._kind is Kind.WEBVTT and _HEADER.fullmatch(text):
            self._aside = True
            self._gathered.asides.append(line)
        elif "->" in text and self._takes_times(line):
            self._aside = self._lost = False
        elif self._lost:
            self._gathered.unread.append(Unread(line.number, text, "the times above it cannot be read"))
        elif self._aside:
            self._gathered.asides.append(line)
        elif self._open:
            self.cues[-1].words.append(text)
            self.cues[-1].lines.append(line)
        elif "-->" in text and len(self._waiting) < 2:
            self._lose(line)
        elif not self._waiting and self._kind is Kind.WEBVTT and _BLOCKS.fullmatch(text):
            self._aside = True
            self._gathered.asides.append(line)
        elif (start := bare_time(text)) is not None:
            self._begin(line, start, None)
        else:
            self._waiting.append(line)

    def _takes_times(self, line: Line) -> bool:
        timing = timing_of(line.text)
        if timing is not None:
            self._begin(line, timing.start, timing.end)
            return True
        if not _LIKE_TIMES.match(line.text):
            return False
        self._begin(line, None, None)
        self.cues[-1].lines.remove(line)
        self._gathered.unread.append(Unread(line.number, line.text, "its times cannot be read"))
        return True

    def _lose(self, line: Line) -> None:
        """Take a line for the times of a cue that are none: what it shows is nobody's words."""
        for one in (*self._waiting, line):
            self._gathered.unread.append(Unread(one.number, one.text, "its times cannot be read"))
        self._waiting = []
        self._lost = True

    def _begin(self, line: Line, start: int | None, end: int | None) -> None:
        own = self._identifier()
        self._flush()
        self.cues.append(Cue(start, end, [], [*own, line]))
        self._open = True

    def _identifier(self) -> list[Line]:
        """Give the line above the times if it names the cue; some programs leave out the blank line before it."""
        if self._waiting:
            # Only WebVTT has names that are no numbers, alone above the times (4.1); else they are words gone astray.
            alone = self._kind is Kind.WEBVTT and len(self._waiting) == 1
            return [self._waiting.pop()] if alone or self._waiting[-1].text.strip().isdecimal() else []
        if self._open and self.cues[-1].words and self.cues[-1].words[-1].strip().isdecimal():
            self.cues[-1].words.pop()
            return [self.cues[-1].lines.pop()]
        return []

    def _flush(self) -> None:
        """Put away lines that no times followed."""
        for line in self._waiting:
            if line.text.strip().isdecimal():
                self._gathered.unread.append(Unread(line.number, line.text, "no times follow the number"))
            elif self.cues:
                self._strays.append(line.number)
                self.cues[-1].words.append(line.text)
                self.cues[-1].lines.append(line)
            else:
                self._gathered.before.append(line)
        self._waiting = []

    def finish(self) -> None:
        """End the last cue."""
        self._flush()
        if self._strays:
            count = _counted(len(self._strays), "line stands", "lines stand")
            sentence = f"{count} behind a blank line within a cue, and stayed with it."
            self._gathered.remarks.append(Remark(sentence, self._strays[0]))


def _check_times(cues: Sequence[Cue], gathered: Gathering) -> None:
    """Find times that go back, overlap, or end before they begin; the last lose their end."""
    back, over, turned = [], [], []
    start = end = 0
    for cue in cues:
        if cue.start is None:
            continue
        line = cue.lines[0].number
        if cue.end is not None and cue.end < cue.start:
            turned.append(line)
            cue.end = None
        if cue.start < start:
            back.append(line)
        elif cue.start < end:
            over.append(line)
        start, end = cue.start, cue.end or cue.start
    gathered.went_back, gathered.overlapped = bool(back), bool(over)
    for found, one, many in (
        (back, "cue begins before the one above it", "cues begin before the one above them"),
        (over, "cue begins while the one above it is still shown", "cues begin while the one above is still shown"),
        (turned, "cue ends before it begins, and was read without its end", "cues end before they begin"),
    ):
        if found:
            gathered.remarks.append(Remark(f"{_counted(len(found), one, many)}.", found[0]))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
