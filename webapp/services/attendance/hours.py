"""Which part of a report belongs to the day or session that it is read in for: a meeting link may serve for weeks."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from webapp.formats.attendance import Stay
from webapp.models.events import Event, EventDay, moment

# People come in before it begins, and stay on after it ends.
MARGIN = timedelta(hours=2)


class Hours:
    """The hours of one day with the margin, on the clocks of the event, and what lay outside of them so far.

    A session of that day may begin before its hours or end after them: they are then as wide as it needs.
    """

    def __init__(self, event: Event, day: EventDay, session: tuple[time, time] | None = None) -> None:
        self._zone = event.timezone
        begins, ends = moment(day.date, day.starts, event.zone), moment(day.date, day.ends, event.zone, end=True)
        if session is not None:
            begins = min(begins, moment(day.date, session[0], event.zone))
            ends = max(ends, moment(day.date, session[1], event.zone))
        self._begin, self._end = begins - MARGIN, ends + MARGIN
        self._outside: Counter[tuple[date, bool]] = Counter()

    def within(self, stays: Iterable[Stay]) -> list[Stay]:
        """What of the stays lies within the hours; what does not is noted, a stay without times counts as it is."""
        return [part for stay in stays if (part := self._part(stay)) is not None]

    def outside(self) -> list[dict[str, Any]]:
        """How many rows of which date were not counted, or `partly` not, fit for JSON."""
        return [
            {"date": on.isoformat(), "rows": rows, "partly": partly}
            for (on, partly), rows in sorted(self._outside.items())
        ]

    def _part(self, stay: Stay) -> Stay | None:
        if stay.joined is None or stay.left is None:
            return stay
        joined, left = stay.joined.replace(tzinfo=self._zone), stay.left.replace(tzinfo=self._zone)
        begin, end = max(joined, self._begin), min(left, self._end)
        if begin.timestamp() > end.timestamp():
            self._outside[stay.joined.date(), False] += 1
            return None
        if (begin, end) == (joined, left):
            return stay
        self._outside[(stay.joined if begin != joined else stay.left).date(), True] += 1
        # In seconds that went by, since clocks may change in between.
        minutes = min(stay.minutes, (end.timestamp() - begin.timestamp()) / 60)
        return Stay(self._local(begin), self._local(end), minutes)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)
