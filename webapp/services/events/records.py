"""What an event says of itself once it is over: thanks, whom it reached, a hashtag, and numbers.

Numbers are counted when somebody saves that they are to be shown, and stand until it is saved again: whoever looks
twice learns nothing of a single person from what moved between. None that is small is kept at all.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from webapp.extensions import db
from webapp.models.accounts import Actor
from webapp.models.events import Event
from webapp.models.records import EventRecord
from webapp.models.surveys import THRESHOLD
from webapp.queries import records as record_queries
from webapp.queries import setting_up as queries
from webapp.services.events.changes import EventRefused, check_version, differences
from webapp.services.events.telling import Before, finish
from webapp.suppression import is_small, protect_list


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """What stands on an event's page once it is over."""

    thanks: str
    reach: str
    hashtag: str
    shows_numbers: bool


def edit_record(
    event_id: int, wanted: Afterwards, *, version: int, told: bool = False, actor: Actor, now: datetime
) -> Event:
    """Change what the event says of itself afterwards; its numbers are counted anew where they are to be shown.

    Raises ChangedMeanwhile, and EventRefused for numbers of an event that is not over.
    """
    event = queries.lock_event(event_id)
    before = Before.of(event)
    record = record_queries.find_record(event_id)
    if wanted.shows_numbers and now < event.ends_at:
        raise EventRefused("Numbers can be shown once the event is over", "shows_numbers")
    numbers = shown_numbers(record_queries.count_event(event_id)) if wanted.shows_numbers else {}
    after = asdict(wanted)
    stands = {field: getattr(event, field) for field in ("thanks", "reach", "hashtag")}
    stands["shows_numbers"] = record is not None and record.shows_numbers
    changes = differences(stands, after)
    if not changes and numbers == (record.numbers if record else {}):
        return event
    check_version(event, version, after)

    event.thanks, event.reach, event.hashtag = wanted.thanks, wanted.reach, wanted.hashtag
    if record is None:
        record = EventRecord(event_id=event_id, numbers={})
        db.session.add(record)
    record.shows_numbers = wanted.shows_numbers
    if record.numbers != numbers:
        record.numbers, record.counted_at = numbers, now if numbers else None
    return finish(event, before, changes, told=told, actor=actor, now=now)


def shown_numbers(counted: dict[str, int], threshold: int = THRESHOLD) -> dict[str, int]:
    """Those of an event's numbers that stand for so many people that nothing is learnt of a few.

    How many came is left out also where those who did not are few, since they are what is left of those registered.
    """
    registered, came = counted["registered"], counted["came"]
    shown = {name: number for name, number in counted.items() if number and not is_small(number, threshold)}
    if registered < threshold:
        return {}
    if came and protect_list([came, max(0, registered - came)], threshold):
        shown.pop("came", None)
    return shown
