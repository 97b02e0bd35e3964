"""Reads transcripts that are written out: “Name: words”, or a line with a name and a time above the words.

The same layouts come as plain text, by paste, and in Word documents, of Teams and of people who edited theirs.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from webapp.formats.transcripts.names import NOBODY, Names, Opening, head, is_name, key, opening
from webapp.formats.transcripts.times import bare_time
from webapp.formats.transcripts.turns import Gathering, Line, Piece, Remark

# Teams says these in the middle of the words.
_NOTICE = re.compile(r".{1,80} (?:started|stopped) (?:the )?(?:transcription|recording)\.?", re.IGNORECASE)
_WIDEST_WRAPPED = 120
# Where nobody is named, a turn is what reads well as one paragraph.
LONG_ENOUGH = 600


def read_prose(
    lines: Sequence[str], gathered: Gathering, *, known: Collection[str] = (), paragraphs: bool = False
) -> None:
    """Read lines into what is gathered; with `paragraphs` each line is one, as in Word, else as they are wrapped."""
    openings = _openings(lines, known, gathered)
    wrapped = not paragraphs and max(map(len, lines), default=0) <= _WIDEST_WRAPPED
    # As it is copied from beside a video: times and words, and nobody named.
    unnamed = not openings and sum(bare_time(line, bracketed=True) is not None for line in lines) > 1
    writing = _Writing(gathered)
    before = gathered.before
    blank = False
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            blank = True
            continue
        found = openings.get(number)
        moment = bare_time(text, bracketed=True)
        if found is not None:
            writing.open(found, Line(number, text))
        elif _NOTICE.fullmatch(text):
            writing.stop()
            gathered.asides.append(Line(number, text))
        elif moment is not None and (gathered.speaking or unnamed):
            writing.mark(moment, Line(number, text))
        elif not gathered.speaking:
            before.append(Line(number, text))
            writing.moment = moment
        else:
            writing.write(text, number, anew=blank or not wrapped)
        blank = False
    writing.stop()
    gathered.close()
    if gathered.went_back:
        gathered.remarks.append(Remark("The times do not always go forward."))
    if not gathered.turns:
        gathered.remarks.append(Remark("No name of a speaker was found. Write each as “Name: words”."))


def _openings(lines: Sequence[str], known: Collection[str], gathered: Gathering) -> dict[int, Opening]:
    """Give the lines on which somebody begins to speak."""
    names, found, heads = Names(known), {}, {}
    for number, line in enumerate(lines, start=1):
        if ":" not in line[:160] and "：" not in line[:160]:
            continue
        above = head(line)
        if above is not None:
            heads[number] = above
        elif (before := opening(line)) is not None:
            found[number] = before
            names.count(before, number)
    known_keys = {key(label) for label in known}
    heads = {number: above for number, above in heads.items() if is_name(above.label) or key(above.label) in known_keys}
    # One line such as “Lunch 12:30” makes no transcript of Teams'.
    usual = len(heads) > 1
    stamped = {number: above for number, above in heads.items() if usual or above.apart}
    if stamped:
        # Who speaks stands above the words, so what stands before a colon is a name only if it is one of those.
        accepted = {key(above.label) for above in stamped.values()} | known_keys
    else:
        accepted, remarks = names.accepted()
        gathered.remarks.extend(remarks)
    named = {number: before for number, before in found.items() if key(before.label) in accepted}
    return named | stamped


@dataclass
class _Writing:
    """The paragraph that is being read, and the time that waits for the next one."""

    gathered: Gathering
    words: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    moment: int | None = None
    latest: int = 0
    written: int = 0

    def open(self, found: Opening, line: Line) -> None:
        """Let somebody speak."""
        self.stop()
        label = None if key(found.label) == key(NOBODY) else found.label
        # Whoever goes on after a pause is still the one who speaks.
        self.gathered.begin(label, anew=label is None)
        if found.words:
            self.words, self.lines = [found.words], [line.number]
        else:
            self.gathered.head(line)
        if found.start is not None:
            self._note(found.start)

    def mark(self, moment: int, line: Line) -> None:
        """Take the time of what comes next."""
        self.stop()
        if not self.gathered.speaking or (self.gathered.label is None and self.written > LONG_ENOUGH):
            self.gathered.begin(None, anew=True)
            self.written = 0
        self._note(moment)
        self.gathered.head(line)

    def write(self, text: str, number: int, *, anew: bool) -> None:
        """Take a line of words, in a paragraph of its own where it begins anew."""
        if anew:
            self.stop()
        self.words.append(text)
        self.lines.append(number)

    def stop(self) -> None:
        """End the paragraph."""
        if self.words:
            piece = Piece(" ".join(self.words), self.moment, None, bool(self.gathered.pieces))
            self.gathered.say(piece, self.lines)
            self.written += len(piece.words)
            self.words, self.lines, self.moment = [], [], None

    def _note(self, moment: int) -> None:
        self.moment = moment
        self.gathered.went_back |= moment < self.latest
        self.latest = max(self.latest, moment)
