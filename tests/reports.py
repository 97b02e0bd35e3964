"""Attendance reports as Microsoft Teams and Zoom write them, with invented people."""

import csv
import io
from collections.abc import Iterable, Sequence

Stay = tuple[str, str]


def teams(*people: tuple[str, str, Sequence[Stay]], extra: Iterable[Sequence[str]] = ()) -> bytes:
    """A report of 10 May 2027: UTF-16, tabs, three sections; each person as name, address and stays (24 hours)."""
    activities = [[name, f"5/10/27, {_half(a)}", f"5/10/27, {_half(b)}", _length(a, b), email, "Attendee"]
                  for name, email, stays in people for a, b in stays]  # fmt: skip
    rows = [
        ["1. Summary"],
        ["Meeting title", "Practice week, day 1"],
        ["Attended participants", str(len(people))],
        ["Start time", "5/10/27, 9:25:00 AM"],
        ["End time", "5/10/27, 4:05:00 PM"],
        [],
        ["2. Participants"],
        ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email", "Participant ID (UPN)", "Role"],
        *(
            [name, f"5/10/27, {_half(stays[0][0])}", f"5/10/27, {_half(stays[-1][1])}", "1m", email, email, "Attendee"]
            for name, email, stays in people
        ),
        [],
        ["3. In-Meeting Activities"],
        ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"],
        *activities,
        *extra,
    ]
    return _written(rows, "\t").encode("utf-16")


def zoom(*people: tuple[str, str, Sequence[Stay]]) -> bytes:
    """A participants' report of 10 May 2027: UTF-8 with commas, one line for each stay."""
    rows = [["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"]]
    for name, email, stays in people:
        for a, b in stays:
            rows.append([name, email, f"05/10/2027 {_half(a)}", f"05/10/2027 {_half(b)}", str(_minutes(a, b)), "Yes"])
    return _written(rows, ",").encode()


def _written(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    page = io.StringIO()
    csv.writer(page, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return page.getvalue()


def _half(clock: str) -> str:
    hour, minute = (int(part) for part in clock.split(":"))
    return f"{(hour - 1) % 12 + 1}:{minute:02}:00 {'AM' if hour < 12 else 'PM'}"


def _minutes(a: str, b: str) -> int:
    (h, m), (i, n) = (map(int, one.split(":")) for one in (a, b))
    return (i - h) * 60 + n - m


def _length(a: str, b: str) -> str:
    minutes = _minutes(a, b)
    return f"{minutes // 60}h {minutes % 60}m"
