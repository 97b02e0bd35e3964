"""What can happen to a series: made with all its meetings, and published."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Admission, EventState, Format
from webapp.models.series import Repeat, Series
from webapp.notices.calendars import rule_of
from webapp.queries import series as queries
from webapp.services import events
from webapp.services.activity import record
from webapp.services.events import CopyOf, Day, EventRefused, NewEvent, Part, problems

MOST_MEETINGS = 60
COPIED = frozenset({Part.TEXTS, Part.HOURS, Part.REGISTRATION, Part.PEOPLE})


@dataclass(frozen=True, kw_only=True)
class NewSeries:
    """The first meeting, a single day with its hours, and how the others follow it."""

    first: NewEvent
    summary: str
    venue: str
    repeat: Repeat
    every: int
    # How many meetings, or the last day on which there may be one.
    number: int | None = None
    until: date | None = None


def create(new: NewSeries, *, owner_id: int | None, actor: Actor, now: datetime) -> Series:
    """A series with its meetings, drafts by invitation, the first made and the others copied from it.

    Raises EventRefused for meetings that cannot be, naming the field.
    """
    starts, ends = new.first.starts, new.first.ends
    if starts is None or ends is None:
        raise EventRefused("Enter when the meetings start and end", "starts")
    series = Series(
        slug=slug(new.first.title),
        title=new.first.title,
        programme_id=new.first.programme_id,
        first_on=new.first.first_day,
        starts=starts,
        ends=ends,
        zone=new.first.zone,
        repeat=new.repeat,
        every=new.every,
        number=MOST_MEETINGS if new.number is None else new.number,
        organiser_name=new.first.organiser_name,
        organiser_email=new.first.organiser_email,
        venue=new.venue if new.first.format is Format.IN_PERSON else "",
        created_at=now,
    )
    dates = _dates(series, new.until)
    series.number = len(dates)

    db.session.add(series)
    db.session.flush()
    first = events.create(replace(new.first, last_day=new.first.first_day), owner_id=owner_id, actor=actor, now=now)
    first.summary, first.venue, first.admission = new.summary, new.venue, Admission.INVITATION
    first.series_id, first.series_on = series.id, dates[0]
    db.session.flush()
    for on in dates[1:]:
        wanted = CopyOf(title=series.title, programme_id=series.programme_id, first_day=on, parts=COPIED)
        event = events.copy(first.id, wanted, owner_id=owner_id, actor=actor, now=now)
        event.series_id, event.series_on = series.id, on
        db.session.flush()

    record("series_created", ThingKind.SERIES, series.id, actor=actor, now=now, meetings=len(dates))
    return series


def months_passed_over(series: Series) -> list[date]:
    """The first days of months in which the rule has a meeting of the series, and that lack its date."""
    if series.repeat is not Repeat.DATE:
        return []
    dates = rule_of(series).dates
    held = {on.replace(day=1) for on in dates}
    first, last = (12 * on.year + on.month - 1 for on in (dates[0], dates[-1]))
    months = (date(month // 12, month % 12 + 1, 1) for month in range(first, last, series.every))
    return [month for month in months if month not in held]


def publish(series_id: int, *, actor: Actor, now: datetime) -> int:
    """Publish every meeting to come that is a draft; gives how many. Raises StateRefused, saying what is missing."""
    series = queries.lock_series(series_id)
    drafts = [one for one in queries.meetings_of(series_id) if one.state is EventState.DRAFT and one.ends_at > now]

    for event in drafts:
        events.publish(event.id, actor=actor, now=now)

    if drafts:
        record("series_published", ThingKind.SERIES, series.id, actor=actor, now=now, meetings=len(drafts))
    return len(drafts)


def _dates(series: Series, until: date | None) -> list[date]:
    if not 0 < series.number <= MOST_MEETINGS:
        raise EventRefused(f"A series has from 1 to {MOST_MEETINGS} meetings", "number")
    try:
        dates = [on for on in rule_of(series).dates if until is None or on <= until]
    except ValueError as error:
        # The fifth of a weekday is one that not every month has; the last is what is meant.
        raise EventRefused(
            "The first meeting must be on the weekday that the rule names. For the fifth or the last of a month choose"
            " the last",
            "repeat",
        ) from error
    if not dates:
        raise EventRefused("The last day must be the same as or after the first meeting", "until")
    if until is not None and len(dates) == MOST_MEETINGS:
        raise EventRefused(f"A series has at most {MOST_MEETINGS} meetings: choose an earlier last day", "until")
    for on in dates:
        for problem in problems([Day(date=on, starts=series.starts, ends=series.ends)], series.zone):
            raise EventRefused(problem.sentence, problem.part if problem.part in {"starts", "ends"} else "first_day")
    return dates
