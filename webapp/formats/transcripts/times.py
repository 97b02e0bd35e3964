"""Times in transcripts, as every program writes them, in milliseconds."""

import re
from typing import NamedTuple

from webapp.formats.transcripts.turns import LATEST

# Hours may have any number of digits (WebVTT 4.1); some programs write 0:0:1.5 and mean half past one second.
STAMP = r"(?:[0-9]{1,6}:)?[0-9]{1,3}:[0-9]{1,2}(?:[.,][0-9]{1,9})?"
_STAMP = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?")
# WebVTT 6.3: white space is optional on both sides of the arrow; what follows the end are settings of the cue.
_TIMING = re.compile(rf"[ \t]*({STAMP})[ \t]*--?>[ \t]*({STAMP})?(?![0-9:.,])[ \t]*(.*)")
_BARE = re.compile(rf"[ \t]*({STAMP})[ \t]*")
_BARE_BRACKETED = re.compile(rf"[ \t]*[\[(]?({STAMP})[\])]?[ \t]*")


class Timing(NamedTuple):
    """When a cue is shown: its start, its end where there is one, and whatever else stands on the line."""

    start: int
    end: int | None
    settings: str


def milliseconds(stamp: str) -> int | None:
    """Give a time such as 1:02:03.5, 02:03 or 100:00:00,000 in milliseconds, or None for what is none."""
    found = _STAMP.fullmatch(stamp)
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    total = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((part or "0")[:3].ljust(3, "0"))
    return total if total <= LATEST else None


def timing_of(line: str) -> Timing | None:
    """Give the times on a line of a cue, with an end or without, or None if it holds none (WebVTT 6.3)."""
    found = _TIMING.fullmatch(line)
    start = milliseconds(found[1]) if found else None
    if found is None or start is None:
        return None
    end = milliseconds(found[2]) if found[2] else None
    return None if found[2] and end is None else Timing(start, end, found[3])


def bare_time(line: str, *, bracketed: bool = False) -> int | None:
    """Give the time on a line that holds nothing else, or None; brackets around it count only where asked for."""
    found = (_BARE_BRACKETED if bracketed else _BARE).fullmatch(line) if len(line) < 40 else None
    return milliseconds(found[1]) if found else None


def stamp(moment: int, *, mark: str = ".") -> str:
    """Give milliseconds as captions write them: 00:01:02.003, the mark before the thousandths as asked for."""
    seconds, thousandths = divmod(moment, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{thousandths:03}"


def clock(moment: int) -> str:
    """Give milliseconds as people read them: 1:02:03, whole seconds."""
    minutes, seconds = divmod(moment // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
