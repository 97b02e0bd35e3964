"""Makes turns of cues: who speaks by voices, by “Name: words” or by a dash, and what of a cue is words.

Cues of one speaker join into one turn, each keeping its times as a piece. Where nobody is named a turn is a paragraph,
since nobody can say more.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from webapp.formats.transcripts.cues import Cue
from webapp.formats.transcripts.names import NOBODY, Names, Opening, is_name, key, opening
from webapp.formats.transcripts.turns import Gathering, Piece, Remark, Unread, shortened

# WebVTT 6.4 takes anything from “<” to “>” for a tag; here only what is one, so that “5 < 6” stays words.
_TAG = re.compile(
    r"</?(?P<name>v|[biucs]|ruby|rt|lang|font)(?:\.[^\s<>.]+)*+(?:[ \t\n](?P<said>[^<>]*+))?/?>"
    r"|<[0-9]{1,6}:[0-9:.]{1,20}>",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(r"\{\\[^{}\\]{1,80}(?:\\[^{}\\]{1,80}){0,20}\}")
# A mark of WebVTT 4.2.2, or of HTML with its semicolon; never more digits than a character has.
_MARK = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DASH = re.compile(r"[ \t]*(?:[-–—‐][ \t]*|>>+[ \t]*)")
_CHANGE = re.compile(r"[ \t]*>>+[ \t]*")
_PAUSE = 2_000
_MOST_LINES_TWICE, _MOST_VOICES = 8, 200
_SHORT, _LONG, _LONGEST = 250, 600, 1_500
_ENDING = re.compile(r"[.!?…][\"'”’)\]]*$")


@dataclass(slots=True)
class _Said:
    """Some words of a cue: by a voice, by nobody, or (`goes_on`) by whoever spoke before."""

    voice: str | None
    words: str
    goes_on: bool = False
    anew: bool = False
    opening: Opening | None = None


def speak(cues: Sequence[Cue], gathered: Gathering, *, known: Collection[str] = ()) -> None:
    """Gather the turns that the cues make; a cue without words is told as unread."""
    named = _names_above(cues, known)
    rolled = _rolled(cues)
    said = [list(_said(cue, named=named, rolled=place in rolled)) for place, cue in enumerate(cues)]
    voices = any(one.voice is not None for of_cue in said for one in of_cue)
    names = _accepted(said, cues, known, gathered)
    for cue, of_cue in zip(cues, said, strict=True):
        spoken = False
        for one in of_cue:
            # One cue may be several turns; were it very many, each would name all lines of all.
            numbers = [line.number for line in cue.lines[: _MOST_LINES_TWICE if spoken else None]]
            spoken |= _speak(one, cue, numbers, gathered, names=names, voices=voices)
        for line in () if spoken else cue.lines:
            if rolled and cue.words and gathered.pieces:
                gathered.head(line)
            else:
                gathered.unread.append(Unread(line.number, line.text, "the cue has no words"))
    gathered.close()
    if rolled:
        sentence = f"{len(rolled):,} cues show the line above once more, as text that rolls does; it was read once."
        gathered.remarks.append(Remark(sentence, cues[min(rolled)].lines[0].number))


def _speak(one: _Said, cue: Cue, numbers: list[int], gathered: Gathering, *, names: set[str], voices: bool) -> bool:
    """Gather some words, and give whether there were any."""
    label, words, goes_on = one.voice, one.words, one.goes_on and not voices
    found = one.opening
    if found is not None and key(found.label) in names:
        label, words, goes_on = found.label, found.words, False
    if label is not None and key(label) == key(NOBODY):
        label = None
    if not words:
        if label is not None:
            gathered.begin(label)
            for line in cue.lines:
                gathered.head(line)
        return label is not None
    paragraph = _paragraph(gathered.pieces, gathered.length, cue)
    if not goes_on or not gathered.speaking:
        gathered.begin(label, anew=one.anew)
    if gathered.label is None and paragraph and gathered.pieces:
        gathered.begin(None, anew=True)
    gathered.say(Piece(words, cue.start, cue.end, paragraph and bool(gathered.pieces)), numbers)
    return True


def _paragraph(pieces: Sequence[Piece], length: int, cue: Cue) -> bool:
    """Whether a new paragraph begins: after the end of a sentence, at a pause or when it has become long."""
    if not pieces:
        return False
    if length > _LONGEST:
        return True
    last = pieces[-1]
    if not _ENDING.search(last.words[-8:]):
        return False
    until = last.end if last.end is not None else last.start
    paused = cue.start is not None and until is not None and cue.start - until >= _PAUSE
    return length > (_SHORT if paused else _LONG)


def _said(cue: Cue, *, named: bool, rolled: bool) -> Iterator[_Said]:
    """Give what is said in a cue, one after another."""
    lines = cue.words[1:] if rolled else cue.words
    if named and len(lines) > 1:
        above = Opening(plain(lines[0]), None, plain(" ".join(lines[1:])))
        yield _Said(None, plain(" ".join(lines)), goes_on=True, opening=above)
        return
    text = "\n".join(lines)
    voiced = False
    for voice, part in _voices(text):
        voiced |= voice is not None
        if voice is not None:
            yield _Said(voice, plain(part))
        else:
            yield from _unvoiced(part, goes_on=not voiced)


def _unvoiced(text: str, *, goes_on: bool) -> Iterator[_Said]:
    """Give the words that no voice says: together, or line by line where lines begin with a dash or a name."""
    lines = [line for line in text.split("\n") if line.strip()]
    dashed = len(lines) > 1 and all(_DASH.match(line) for line in lines)
    together: list[str] = []
    for line in lines:
        changed = dashed or _CHANGE.match(line) is not None
        bare = plain(_DASH.sub("", line, count=1) if changed else line)
        found = opening(bare)
        if (changed or found) and together:
            yield _whole(together, goes_on=goes_on)
            together = []
        if changed:
            yield _Said(None, bare, anew=True, opening=found)
        else:
            together.append(bare)
    if together:
        yield _whole(together, goes_on=goes_on)


def _whole(lines: Sequence[str], *, goes_on: bool) -> _Said:
    words = " ".join(line for line in lines if line)
    return _Said(None, words, goes_on=goes_on, opening=opening(words))


def _voices(text: str) -> Iterator[tuple[str | None, str]]:
    """Part a cue by its voices (WebVTT 4.2.2 and 6.4)."""
    voice: str | None = None
    start = voices = 0
    for tag in _TAG.finditer(text) if "<" in text else ():
        if (tag["name"] or "").lower() != "v":
            continue
        voices += 1
        if voices > _MOST_VOICES:
            break
        if text[start : tag.start()].strip():
            yield voice, text[start : tag.start()]
        # What ends a voice says no name, as one without a name does.
        voice = shortened(plain(tag["said"] or "")) or None
        start = tag.end()
    if text[start:].strip():
        yield voice, text[start:]


def plain(text: str) -> str:
    """Give the words of a cue without tags and marks, spaces single."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "{\\" in text:
        text = _OVERRIDE.sub("", text)
    if "&" in text:
        text = _MARK.sub(lambda mark: unescape(mark[0]), text)
    return " ".join(text.split())


def _accepted(
    said: Sequence[Sequence[_Said]], cues: Sequence[Cue], known: Collection[str], gathered: Gathering
) -> set[str]:
    """Give the keys of the labels that stand before a colon and are names."""
    names = Names(known)
    unvoiced = opened = 0
    for of_cue, cue in zip(said, cues, strict=True):
        for one in of_cue:
            unvoiced += one.voice is None
            if one.opening is not None:
                opened += 1
                names.count(one.opening, cue.lines[0].number)
    # Zoom writes the name into each cue, and whatever people call themselves there is their name.
    accepted, remarks = names.accepted(all_named=opened > 1 and opened * 10 >= unvoiced * 9)
    gathered.remarks.extend(remarks)
    return accepted


def _names_above(cues: Sequence[Cue], known: Collection[str]) -> bool:
    """Whether each cue opens with a line that is a name, as in the Word documents that Teams wrote at first."""
    above = [cue.words[0].strip() for cue in cues if len(cue.words) > 1]
    if len(above) < 2 or len(above) * 10 < len(cues) * 8:
        return False
    counts, keys = Counter(above), {key(label) for label in known}
    names = sum(count for line, count in counts.items() if key(line) in keys or is_name(line))
    return names * 10 >= len(above) * 9 and len(counts) * 2 <= len(above)


def _rolled(cues: Sequence[Cue]) -> set[int]:
    """Give the places of cues that show the last line of the one above again, where most of a file does so."""
    found = {
        place
        for place, cue in enumerate(cues[1:], start=1)
        if cue.words and cues[place - 1].words and plain(cue.words[0]) == plain(cues[place - 1].words[-1]) != ""
    }
    # Somebody who says the same thing again and again rolls nothing: that takes a line above another.
    rolling = sum(len(cues[place].words) > 1 for place in found)
    return found if rolling > 1 and rolling * 3 >= len(found) and len(found) * 2 > len(cues) else set()
