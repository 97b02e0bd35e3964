"""What changes of an event, from what to what; and when it may not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

from webapp.errors import DomainError
from webapp.models.events import Event
from webapp.queries import setting_up as queries

LONGEST_KEPT = 1000


class EventRefused(DomainError):
    """The event cannot be set up so; `field` names what is wrong, where it is one thing."""

    code = "event_refused"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class FieldChange:
    """One field, from what to what, as plain values."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else changed of one field since the page was shown."""

    field: str
    before: Any
    after: Any
    who: str
    at: datetime


class ChangedMeanwhile(DomainError):
    """Somebody else changed the same page since it was shown; `version` is what stands now."""

    code = "changed_meanwhile"

    def __init__(self, theirs: Sequence[Meanwhile], version: int) -> None:
        who = " and ".join(dict.fromkeys(one.who or "Somebody" for one in theirs))
        super().__init__(
            f"{who} changed this page while you had it open, so nothing was saved yet. See what changed, and save again"
        )
        self.theirs = theirs
        self.version = version


class ConfirmationNeeded(DomainError):
    """People will be told of it, so whoever changes it says so first; `people` is how many.

    `too_late` are the names of letters to many that would not go any more.
    """

    code = "confirmation_needed"

    def __init__(self, changes: Sequence[FieldChange], people: int, too_late: Sequence[str] = ()) -> None:
        super().__init__(f"{people:,} people will be told of this change. Confirm it first.")
        self.changes = changes
        self.people = people
        self.too_late = too_late


def plain(value: Any) -> Any:
    """A value as JSON takes it: dates, times and choices as text, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()[:10] if isinstance(value, date) else value.isoformat(timespec="minutes")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The fields that differ, in the order of those before."""
    return [
        FieldChange(field, plain(value), plain(after[field]))
        for field, value in before.items()
        if value != after[field]
    ]


def kept(changes: Sequence[FieldChange]) -> dict[str, list[Any]]:
    """Changes as the record keeps them: by field, from what to what, long texts shortened."""
    return {one.field: [_shortened(one.before), _shortened(one.after)] for one in changes}


def is_shortened(value: Any) -> bool:
    """Whether a value of the record is less than what there was."""
    return isinstance(value, str) and len(value) > LONGEST_KEPT


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_KEPT:
        return f"{value[:LONGEST_KEPT]} … ({len(value):,} characters)"
    return value


def check_version(event: Event, version: int, fields: Collection[str]) -> None:
    """Raise ChangedMeanwhile when one of these fields was changed after the event had this version."""
    if event.version == version:
        return
    theirs: dict[str, Meanwhile] = {}
    for one in queries.changes_since(event.id, version):
        for field, (before, after) in one.changes.items():
            if field in fields:
                first = theirs[field].before if field in theirs else before
                theirs[field] = Meanwhile(field, first, after, one.who, one.at)
    if theirs:
        raise ChangedMeanwhile(list(theirs.values()), event.version)
