"""Making events, from nothing or from a copy, and looking for those that one looks after."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSelect, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.dates import ClockField, DayField, Typed
from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line, page_number
from webapp.folding import clean_line
from webapp.formats.typed import british_day
from webapp.models.accounts import Viewer
from webapp.models.events import Event, EventState, Format
from webapp.models.programmes import Programme
from webapp.queries.setting_up import ManagedFilter
from webapp.services import events as services
from webapp.services.events import Part

LONGEST_TEXT = 100

PARTS: Mapping[Part, tuple[str, str]] = {
    Part.TEXTS: ("Texts", "Summary, description, themes, venue and joining instructions; not the link to join"),
    Part.HOURS: ("Days and hours", "As many days at the same distances, at the same times"),
    Part.REGISTRATION: (
        "Registration",
        "Places, waiting list, approval, who may register; opening and closing move along",
    ),
    Part.QUESTIONS: ("Questions", "Those that are still asked"),
    Part.STREAMS: ("Streams and rooms", ""),
    Part.SESSIONS: ("Sessions", "As a draft that nobody sees; cancelled ones stay behind"),
    Part.SPEAKERS: ("Speakers on sessions", "They are asked anew"),
    Part.LETTERS: (
        "Letters",
        "Reworded ones, and those that go so long before the start or after the end; these as drafts to be switched on",
    ),
    Part.PEOPLE: ("People and roles", "Who helps with that event helps with this one"),
}


class _LastDayField(DayField):
    """The last day, as a date or as the number of days."""

    example = "a real date, like 15 June 2027, or the number of days, like 2"

    def read(self, text: str) -> Any:
        """The date that was typed, or the number."""
        if text.isascii() and text.isdigit() and len(text) < 4:
            return int(text)
        return british_day(text)


class _WithTitle(Form):
    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the title of the event"), AtMost(200, "Title")],
    )
    programme = SelectField("Programme", widget=GovSelect(), validate_choice=False)

    def offer(self, programmes: Iterable[Programme], chosen: str = "") -> None:
        """Let one of these programmes be chosen."""
        self.by_id = {programme.public_id: programme for programme in programmes}
        self.programme.choices = [SelectChoice(key, row.name) for key, row in self.by_id.items()]
        if not self.is_submitted():
            self.programme.data = chosen if chosen in self.by_id else next(iter(self.by_id), None)

    def validate_programme(self, field: SelectField) -> None:
        """Refuse a programme that is not offered."""
        if field.data not in self.by_id:
            raise ValidationError("Select the programme")

    @property
    def chosen(self) -> Programme:
        """The programme that was chosen."""
        found: Programme = self.by_id[self.programme.data]
        return found


class NewEventForm(_WithTitle):
    """What it takes to begin; all else is filled in on the pages of the set-up."""

    format = RadioField(
        "How do people take part?",
        widget=GovRadioInput(),
        choices=[SelectChoice(way.value, way.label) for way in Format if way is not Format.UNKNOWN],
        validate_choice=False,
    )
    first_day = DayField(
        "First day", description="Such as 14/6/2027 or 14 June 2027.", validators=[Typed("Enter the first day")]
    )
    last_day = _LastDayField(
        "Last day (optional)", description="A date, or the number of days. Leave empty for a single day."
    )
    starts = ClockField("Starts at (optional)", description="Such as 9:30 or 2pm.")
    ends = ClockField("Ends at (optional)", description="Each day has these hours; you can change them afterwards.")
    zone = SelectField(
        "Time zone",
        widget=GovSelect(),
        choices=[SelectChoice(zone, zone.replace("_", " ")) for zone in services.ZONES],
        default="Europe/London",
    )
    organiser_name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        description="A team or a person. Letters come in this name.",
        validators=[Given("Enter who organises the event"), AtMost(200, "Name")],
    )
    organiser_email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the e-mail address for questions"), AtMost(254, "E-mail address"), EmailAddress()],
    )
    order: tuple[str, ...] = (
        "title", "programme", "format", "first_day", "last_day", "starts", "ends", "zone",
        "organiser_name", "organiser_email",
    )  # fmt: skip

    @classmethod
    def of(cls, programmes: Iterable[Programme], viewer: Viewer) -> "NewEventForm":
        """The form, with the viewer as the one to write to."""
        form = cls(data={"organiser_name": viewer.name, "organiser_email": viewer.email, "zone": "Europe/London"})
        form.offer(programmes)
        return form

    def validate_format(self, field: RadioField) -> None:
        """Refuse what is not offered."""
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Select how people take part")

    def validate_last_day(self, field: _LastDayField) -> None:
        """Refuse a last day before the first, and more days than an event has."""
        first = self.first_day.data
        if first is None or field.data is None:
            return
        if field.data == 0 or (isinstance(field.data, date) and field.data < first):
            raise ValidationError("Last day must be the same as or after the first day")
        if (self.last(first) - first).days >= services.MOST_DAYS:
            raise ValidationError(f"An event has at most {services.MOST_DAYS} days")

    def last(self, first: date) -> date:
        """The last day, as it was typed or counted from the first."""
        given = self.last_day.data
        if isinstance(given, int):
            return first + timedelta(days=given - 1)
        last: date = given or first
        return last

    def values(self) -> services.NewEvent:
        """What was typed, as the service takes it."""
        return services.NewEvent(
            title=self.title.data,
            programme_id=self.chosen.id,
            format=Format(self.format.data),
            first_day=self.first_day.data,
            last_day=self.last(self.first_day.data),
            starts=self.starts.data,
            ends=self.ends.data,
            zone=self.zone.data,
            organiser_name=self.organiser_name.data,
            organiser_email=self.organiser_email.data,
        )


class CopyForm(_WithTitle):
    """What comes along when an event is copied, and when the copy begins."""

    first_day = DayField(
        "First day",
        description="All dates move along with it. Such as 14/6/2027 or 14 June 2027.",
        validators=[Typed("Enter the first day")],
    )
    parts = SelectMultipleField(
        "What comes along?",
        widget=GovCheckboxesInput(),
        choices=[SelectChoice(part.value, text) for part, (text, _) in PARTS.items()],
        validate_choice=False,
    )
    order = ("title", "programme", "first_day", "parts")

    @classmethod
    def of(cls, event: Event, programmes: Iterable[Programme]) -> "CopyForm":
        """The form for a copy of this event, with everything chosen but the people."""
        form = cls(data={"title": event.title, "parts": [part.value for part in PARTS if part is not Part.PEOPLE]})
        form.offer(programmes, event.programme.public_id)
        return form

    def values(self) -> services.CopyOf:
        """What was typed, as the service takes it."""
        return services.CopyOf(
            title=self.title.data,
            programme_id=self.chosen.id,
            first_day=self.first_day.data,
            parts=frozenset(part for part in Part if part.value in (self.parts.data or ())),
        )


STATES: Mapping[str, tuple[str, ManagedFilter]] = {
    "draft": ("Drafts", ManagedFilter(state=EventState.DRAFT)),
    "coming": ("Published, to come", ManagedFilter(state=EventState.PUBLISHED, to_come=True)),
    "past": ("Published, over", ManagedFilter(state=EventState.PUBLISHED, to_come=False)),
    "cancelled": ("Cancelled", ManagedFilter(state=EventState.CANCELLED)),
    "archived": ("Archived", ManagedFilter(state=EventState.ARCHIVED)),
}


class ManagedSearch:
    """The search among one's events as given in the address; what cannot be understood is left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        state = args.get("state", "")
        self.state = state if state in STATES else ""
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> ManagedFilter:
        """The search as a query takes it."""
        chosen = STATES[self.state][1] if self.state else ManagedFilter()
        return ManagedFilter(text=self.text, state=chosen.state, to_come=chosen.to_come)

    def query(self, page: int) -> str:
        """The search as the query of an address, at another page."""
        values = {"q": self.text, "state": self.state, "page": page}
        return urlencode({name: value for name, value in values.items() if value})
