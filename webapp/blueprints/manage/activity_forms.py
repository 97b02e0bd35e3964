"""Looking for what happened: every field in the address, so that a search can be kept and sent on."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from webapp.blueprints.forms import page_number
from webapp.blueprints.manage.activity_words import looked_for
from webapp.folding import clean_line
from webapp.formats.typed import british_day
from webapp.models.accounts import ActorKind, ThingKind
from webapp.queries.activity import ActivityFilter

LONGEST_TEXT = 100
FARTHEST = (date(1900, 1, 1), date(2199, 12, 31))
# Those who act and are no helpers, by the value in the address.
OTHERS = {
    "participants": ("Those who take part", (ActorKind.LINK, ActorKind.VISITOR)),
    "service": ("The service itself", (ActorKind.SYSTEM,)),
}


class ActivitySearch:
    """The search as given in the address. What cannot be understood is named in `errors` and left out."""

    def __init__(self, args: MultiDict[str, str], zone: str) -> None:
        self.errors: dict[str, str] = {}
        self._zone = ZoneInfo(zone)
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        kind = args.get("kind", "")
        self.kind = ThingKind(kind) if kind in set(ThingKind) else None
        self.actor = args.get("actor", "")[:12]
        self.from_text = clean_line(args.get("from", ""))[:20]
        self.to_text = clean_line(args.get("to", ""))[:20]
        self.from_on = self._date("from", self.from_text)
        self.to_on = self._date("to", self.to_text)
        if self.from_on and self.to_on and self.to_on < self.from_on:
            self.errors["to"] = "“To” must be the same as or after “From”"
            self.to_on = None
        self.page = page_number(args.get("page", ""))

    def wanted(self, *, person: str = "") -> ActivityFilter:
        """The search as a query takes it, of one person where it is on that person's page."""
        actor = person or self.actor
        return ActivityFilter(
            text=self.text,
            looked_for=looked_for(self.text),
            kind=self.kind,
            actor="" if actor in OTHERS else actor,
            actor_kinds=OTHERS[actor][1] if actor in OTHERS else (),
            since=self._midnight(self.from_on),
            before=self._midnight(self.to_on + timedelta(days=1)) if self.to_on else None,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.kind or self.actor or self.from_on or self.to_on)

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "kind": self.kind.value if self.kind else "",
            "actor": self.actor,
            "from": self.from_text,
            "to": self.to_text,
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    def _date(self, name: str, text: str) -> date | None:
        if not text:
            return None
        try:
            day = british_day(text)
        except (ValueError, OverflowError):
            day = None
        if day is None or not FARTHEST[0] <= day <= FARTHEST[1]:
            self.errors[name] = f"“{name.capitalize()}” must be a real date, like 14 June 2027"
            return None
        return day

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self._zone).astimezone(UTC) if day else None
