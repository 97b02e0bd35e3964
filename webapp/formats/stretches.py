"""Stretches of time as people type and read them: hours, minutes and seconds, in milliseconds."""

import re

_TYPED = re.compile(r"([-+−–]?)(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)


def stretch(text: str) -> int:
    """A stretch of time as people type it (1:02:03, 62:03, 3723, -0:30), in milliseconds; else raises ValueError."""
    found = _TYPED.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(text)
    sign, hours, minutes, seconds, rest = found.groups()
    if (minutes is not None and int(seconds) > 59) or (hours is not None and int(minutes) > 59):
        raise ValueError(text)
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    value = whole * 1000 + int((rest or "").ljust(3, "0"))
    return -value if sign and sign != "+" else value


def as_typed(milliseconds: int) -> str:
    """A stretch of time as one may type it, such as 1:02:03 or -0:00:30.5."""
    whole, rest = divmod(abs(milliseconds), 1000)
    broken = f".{rest:03}".rstrip("0") if rest else ""
    sign = "-" if milliseconds < 0 else ""
    return f"{sign}{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{broken}"
