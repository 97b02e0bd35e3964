"""Says what a number in a workbook shows: Excel keeps dates, times and shares alike as numbers, and a format apart."""

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from enum import Flag, auto

# What ECMA-376 (18.8.30) gives the numbers of formats that are not written out, East Asian ones included.
_BUILT_IN_DATES = {14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
_BUILT_IN_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56}
_BUILT_IN_BOTH, _BUILT_IN_ELAPSED = 22, 46

# Text in a format, whether quoted, escaped, or standing for room; and conditions, colours and languages in brackets.
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 -- Excel knows no zones
# In the year 9995: Excel has few dates beyond, whether it counts from 1900 or 1904, and people have none.
_LAST_DAY = 2_957_003
# Excel's 29 February 1900 never was.
_LEAP_DAY_1900 = 60
# Excel shows 15 digits of the 17 that it keeps, and nobody has seen the others.
_SHOWN = Context(prec=15)


class Shown(Flag):
    """What a number format makes of a number."""

    NUMBER = 0
    DATE = auto()
    TIME = auto()
    ELAPSED = auto()


def shown_by(number: int, code: str | None) -> Shown:
    """Give what a format shows, by its number and, where the workbook writes it out, by its code."""
    if code is None:
        if number == _BUILT_IN_BOTH:
            return Shown.DATE | Shown.TIME
        if number == _BUILT_IN_ELAPSED:
            return Shown.ELAPSED
        if number in _BUILT_IN_DATES:
            return Shown.DATE
        return Shown.TIME if number in _BUILT_IN_TIMES else Shown.NUMBER
    bare = _QUOTED.sub("", code).split(";")[0].lower()
    if _ELAPSED.search(bare):
        return Shown.ELAPSED
    bare = _BRACKETS.sub("", bare).replace("general", "").replace("am/pm", "h").replace("a/p", "h")
    shown = Shown.NUMBER
    if "y" in bare or "d" in bare or "mmm" in bare:
        shown |= Shown.DATE
    if "h" in bare or "s" in bare:
        shown |= Shown.TIME
    return shown or (Shown.DATE if "m" in bare else Shown.NUMBER)


def number_text(text: str, shown: Shown, *, from_1904: bool) -> str:
    """Give a stored number as it is meant: `3` for 3.0, ISO dates, times as 09:30, seconds only where there are any.

    Raises ValueError for what is no number, or no date where a date is shown.
    """
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    if not shown:
        return _plain(text, value)
    if abs(value) > _LAST_DAY:
        raise ValueError(text)
    if shown is Shown.ELAPSED:
        return _elapsed(value)
    return _moment(value, shown, from_1904=from_1904)


def iso_text(text: str) -> str:
    """Give a date, time or moment stored in ISO 8601 in the forms of `number_text`. Raises ValueError for others."""
    bare = text.removesuffix("Z")
    if "T" in bare:
        return _both(datetime.fromisoformat(bare))
    return _clock(time.fromisoformat(bare)) if ":" in bare else date.fromisoformat(bare).isoformat()


def _plain(text: str, value: float) -> str:
    digits = text.strip()
    if re.fullmatch(r"-?\d+", digits):
        return str(int(digits))
    rounded = format(_SHOWN.create_decimal(Decimal(repr(value))), "f")
    rounded = rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return "0" if rounded in {"-0", ""} else rounded


def _elapsed(days: float) -> str:
    seconds = round(abs(days) * 86_400)
    hours, rest = divmod(seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    sign = "-" if days < 0 else ""
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _moment(value: float, shown: Shown, *, from_1904: bool) -> str:
    if value < 0:
        raise ValueError(value)
    # To the second, since a day has no exact seconds in binary.
    days, seconds = divmod(round(value * 86_400), 86_400)
    clock = _clock((_EPOCH_1904 + timedelta(seconds=seconds)).time())
    if Shown.DATE not in shown or (days == 0 and not from_1904 and Shown.TIME in shown):
        return clock
    if not from_1904:
        if days == 0:
            raise ValueError(value)
        days += days < _LEAP_DAY_1900
    moment = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(days=days, seconds=seconds)
    return _both(moment) if Shown.TIME in shown else moment.date().isoformat()


def _both(moment: datetime) -> str:
    return f"{moment.date().isoformat()} {_clock(moment.time())}"


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
