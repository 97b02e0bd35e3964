"""What goes into a calendar: an entry, its days, and the person it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of an entry, in the entry's zone.

    Without `starts` the day's times are unknown; without `ends` only its start is known. `title` is for a day that has
    one of its own.
    """

    date: date
    starts: time | None = None
    ends: time | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for hours that do not lie in order within the day."""
        if self.starts is None and self.ends is not None:
            raise ValueError("A day that has an end needs a start.")
        if self.starts is not None and self.ends is not None and self.ends <= self.starts:
            raise ValueError("A day must end after it starts.")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a calendar, an event or a session, with the days on which it takes place, in any order.

    `stamp` is when it last changed, `zone` a name of the tz database; `url` leads to our own page, never to a meeting,
    because invitations get forwarded.
    """

    uid: str
    sequence: int
    stamp: datetime
    title: str
    days: Sequence[Day]
    url: str
    organiser_name: str
    organiser_email: str
    zone: str = "Europe/London"
    description: str = ""
    location: str = ""
    categories: Sequence[str] = ()
    cancelled: bool = False
    # How long before each day begins the person wants to be reminded.
    alarm: timedelta | None = None
    last_modified: datetime | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what no client could read: no day, a day twice, a naive stamp, a negative sequence."""
        if not self.days:
            raise ValueError("An entry needs at least one day.")
        if len({day.date for day in self.days}) != len(self.days):
            raise ValueError("An entry has each of its days once.")
        if self.stamp.tzinfo is None or (self.last_modified and self.last_modified.tzinfo is None):
            raise ValueError("The stamps of an entry must say their zone.")
        if self.alarm is not None and self.alarm <= timedelta():
            raise ValueError("An alarm goes off before what it reminds of.")
        if self.sequence < 0:
            raise ValueError("A sequence starts at nought.")

    @property
    def in_order(self) -> list[Day]:
        """The days by date."""
        return sorted(self.days, key=lambda day: day.date)

    @property
    def all_day(self) -> bool:
        """Whether the times of any day are unknown, so that none can be shown."""
        return any(day.starts is None for day in self.days)

    @property
    def busy(self) -> bool:
        """Whether the entry takes up a person's time."""
        return not (self.all_day or self.cancelled)

    @property
    def reminds(self) -> timedelta | None:
        """How long before it reminds: never of what is cancelled, nor by hours of what begins at no hour."""
        is_vague = self.all_day and self.alarm is not None and self.alarm < timedelta(days=1)
        return None if self.cancelled or is_vague else self.alarm


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """The one person whom an invitation or a cancellation is for."""

    name: str
    email: str
