"""The pages on which an event is set up, as forms: what stands in them, and what was typed as services take it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.dates import MOST_PLACES, ClockField, DayField, NumberField, Typed
from webapp.blueprints.forms import AtMost, CarriedNumber, EmailAddress, Form, Given, line, lines
from webapp.blueprints.merging import take
from webapp.models.events import Event, Format, moment
from webapp.models.programmes import Theme
from webapp.services import events as services

LANGUAGES = {"en-GB": "English", "cy": "Welsh"}
LONGEST_TEXT = 20_000
END_OF_DAY = time(23, 59)


class SetupForm(Form):
    """A page of the set-up: it carries the version that was shown, so that nobody's change is overwritten unseen."""

    version = CarriedNumber()
    # Facts of the event that stand in fields of another name.
    parts: Mapping[str, tuple[str, ...]] = {}

    def values(self) -> tuple[Any, ...]:
        """What was typed, as the service takes it."""
        raise NotImplementedError

    def typed(self) -> Mapping[str, Any]:
        """What was typed by the facts of the event, as plain values."""
        (values,) = self.values()
        return {name: services.plain(getattr(values, name)) for name in values.__dataclass_fields__}

    def take(self, fact: str, fresh: "SetupForm") -> None:
        """Let what stands now take the place of what was typed for this fact."""
        for name in self.parts.get(fact, (fact,)):
            if name in self:
                take(self[name], fresh[name])


class AboutForm(SetupForm):
    """What the event is about."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the title of the event"), AtMost(200, "Title")],
    )
    summary = TextAreaField(
        "Summary",
        widget=GovTextArea(),
        filters=[line],
        description="One or two sentences. They stand in the list of events, in calendars and at the top of the page.",
        validators=[AtMost(500, "Summary")],
    )
    description = TextAreaField(
        "Description (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="What people learn and who it is for. You can use Markdown: an empty line begins a paragraph,"
        " “## ” a heading, “- ” a point in a list, **two stars** make bold, and [words](https://example.org) a link.",
        validators=[AtMost(LONGEST_TEXT, "Description")],
    )
    themes = SelectMultipleField(
        "Themes (optional)",
        widget=GovCheckboxesInput(),
        description="People find the event by them.",
        validate_choice=False,
    )
    language = RadioField(
        "Language of the event",
        widget=GovRadioInput(),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        validate_choice=False,
    )
    hashtag = StringField(
        "Hashtag (optional)", widget=GovTextInput(), filters=[line], validators=[AtMost(60, "Hashtag")]
    )
    reach = StringField(
        "Whom it reached (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Shown once the event is over, such as “600 people from 120 organisations”.",
        validators=[AtMost(300, "Whom it reached")],
    )
    order = ("title", "summary", "description", "themes", "language", "hashtag", "reach")

    @classmethod
    def of(cls, event: Event, programme_themes: Sequence[Theme], chosen: Sequence[Theme], **more: Any) -> "AboutForm":
        """The form of an event, whose themes are chosen from those of its programme."""
        names = ("version", "title", "summary", "description", "language", "hashtag", "reach")
        data = {name: getattr(event, name) for name in names}
        form = cls(data=data | {"themes": [theme.public_id for theme in chosen]}, **more)
        form.themes.choices = [SelectChoice(theme.public_id, theme.name) for theme in programme_themes]
        form.names = {theme.public_id: theme.name for theme in programme_themes}
        if event.language not in LANGUAGES:
            form.language.choices = [*form.language.choices, SelectChoice(event.language, event.language)]
        return form

    def validate_language(self, field: RadioField) -> None:
        """Refuse a language that is not offered."""
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Select the language of the event")

    def values(self) -> tuple[services.About]:
        names = ("title", "summary", "description", "hashtag", "reach", "language")
        themes = tuple(self.themes.data or ())
        return (services.About(**{name: self[name].data for name in names}, themes=themes),)

    def typed(self) -> Mapping[str, Any]:
        chosen = self.themes.data or ()
        return {**super().typed(), "themes": [name for key, name in self.names.items() if key in chosen]}


class PlaceForm(SetupForm):
    """How people take part, where, and how they join."""

    format = RadioField("How do people take part?", widget=GovRadioInput(), validate_choice=False)
    venue = TextAreaField(
        "Venue",
        widget=GovTextArea(),
        filters=[line],
        description="Name, street, town and postcode. It stands on the page and in calendars of those who come in"
        " person.",
        validators=[AtMost(300, "Venue")],
    )
    joining_url = StringField(
        "Link to join online (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="The address of the meeting. Only people who have a place see it, on our joining page.",
        validators=[AtMost(500, "Link")],
    )
    joining_instructions = TextAreaField(
        "Joining instructions (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="How to join or find the room, whom to call if it does not work. You can use Markdown.",
        validators=[AtMost(LONGEST_TEXT, "Joining instructions")],
    )
    joining_on = DayField(
        "Shown from: date (optional)", description="Leave empty to show link and instructions at once."
    )
    joining_time = ClockField("Shown from: time (optional)", description="Such as 9am or 14:30.")
    parts = {"joining_from": ("joining_on", "joining_time")}  # noqa: RUF012 -- one for all
    order = ("format", "venue", "joining_url", "joining_instructions", "joining_on", "joining_time")

    @classmethod
    def of(cls, event: Event, **more: Any) -> "PlaceForm":
        """The form of an event."""
        form = cls(obj=event, data=_clock(event, "joining", event.joining_from), **more)
        offered = [way for way in Format if way is not Format.UNKNOWN or event.format is way]
        form.format.choices = [SelectChoice(way.value, way.label) for way in offered]
        form.zone = event.zone
        return form

    def validate_format(self, field: RadioField) -> None:
        """Refuse what is not offered."""
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Select how people take part")

    def validate_joining_url(self, field: StringField) -> None:
        """Refuse what no browser opens as a page."""
        if field.data and not is_web(field.data):
            raise ValidationError("Link must be a whole address, like https://meeting.example.org/123")

    def validate_joining_time(self, field: ClockField) -> None:
        """Refuse a time without a date."""
        _need_date(field, self.joining_on)

    def values(self) -> tuple[services.Where]:
        return (
            services.Where(
                format=Format(self.format.data),
                venue=self.venue.data,
                joining_url=self.joining_url.data,
                joining_instructions=self.joining_instructions.data,
                joining_from=_moment(self.joining_on, self.joining_time, time(), self.zone),
            ),
        )


class SettingsForm(SetupForm):
    """Who may register, from when to when, and for how many places; with a number for each way of taking part."""

    takes_registrations = BooleanField("People register for this event here", widget=GovCheckboxInput())
    opens_on = DayField("Opens on (optional)", description="Leave empty to open as soon as the event is published.")
    opens_time = ClockField(
        "Opens at (optional)", description="Without a time it opens at midnight, as the day begins."
    )
    closes_on = DayField("Closes on (optional)", description="Leave empty to keep it open until the event ends.")
    closes_time = ClockField("Closes at (optional)", description="Without a time it closes at 11:59pm.")
    waiting_list = BooleanField("Keep a waiting list when all places are taken", widget=GovCheckboxInput())
    offer_hours = NumberField(
        "Hours for which a place that came free is held",
        least=0,
        most=31 * 24,
        description="0 gives it at once to whoever has waited longest. With 48 they have two days to take it.",
        validators=[Typed("Enter for how many hours a place is held, or 0")],
    )
    needs_approval = BooleanField("An organiser approves each request", widget=GovCheckboxInput())
    parts = {  # noqa: RUF012 -- one for all
        "registration_opens_at": ("opens_on", "opens_time"),
        "registration_closes_at": ("closes_on", "closes_time"),
    }

    @classmethod
    def of(cls, event: Event, **more: Any) -> "SettingsForm":
        """The form of an event with its counters."""
        counters = {places.mode: places.capacity for places in event.places}
        fields = {
            f"capacity_{mode}": NumberField(
                "Places" if len(event.modes) == 1 else f"Places {mode.label.lower()}",
                most=MOST_PLACES,
                description="Leave empty for no limit.",
            )
            for mode in event.modes
        }
        data: dict[str, Any] = {f"capacity_{mode}": counters.get(mode) for mode in event.modes}
        data |= _clock(event, "opens", event.registration_opens_at)
        data |= _clock(event, "closes", event.registration_closes_at)
        form: SettingsForm = type("EventSettingsForm", (cls,), fields)(obj=event, data=data, **more)
        form.modes, form.zone = event.modes, event.zone
        form.order = ("takes_registrations", "opens_on", "opens_time", "closes_on", "closes_time", *fields)
        form.order += ("waiting_list", "offer_hours", "needs_approval")
        return form

    def validate_opens_time(self, field: ClockField) -> None:
        """Refuse a time without a date."""
        _need_date(field, self.opens_on)

    def validate_closes_time(self, field: ClockField) -> None:
        """Refuse a time without a date."""
        _need_date(field, self.closes_on)

    def values(self) -> tuple[services.Settings]:
        return (
            services.Settings(
                takes_registrations=bool(self.takes_registrations.data),
                registration_opens_at=_moment(self.opens_on, self.opens_time, time(), self.zone),
                registration_closes_at=_moment(self.closes_on, self.closes_time, END_OF_DAY, self.zone),
                capacity={mode: self[f"capacity_{mode}"].data for mode in self.modes},
                waiting_list=bool(self.waiting_list.data),
                offer_hours=self.offer_hours.data or 0,
                needs_approval=bool(self.needs_approval.data),
            ),
        )

    def typed(self) -> Mapping[str, Any]:
        (values,) = self.values()
        plain = {n: services.plain(getattr(values, n)) for n in values.__dataclass_fields__ if n != "capacity"}
        return plain | {f"capacity_{mode}": number for mode, number in values.capacity.items()}


class ContactForm(SetupForm):
    """Whom people write to."""

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
        description="Answers to our letters go there, and it stands on the public page.",
        validators=[Given("Enter the e-mail address for questions"), AtMost(254, "E-mail address"), EmailAddress()],
    )
    order = ("organiser_name", "organiser_email")

    @classmethod
    def of(cls, event: Event, **more: Any) -> "ContactForm":
        """The form of an event."""
        return cls(obj=event, **more)

    def values(self) -> tuple[services.Contact]:
        return (services.Contact(organiser_name=self.organiser_name.data, organiser_email=self.organiser_email.data),)


class CancelForm(Form):
    """Cancel an event, with a reason."""

    reason = TextAreaField(
        "Why is it cancelled?",
        widget=GovTextArea(),
        filters=[lines],
        description="It stands in the letters and on the public page as you write it.",
        validators=[Given("Enter a reason: people want to know why"), AtMost(500, "Reason")],
    )


def is_web(text: str) -> bool:
    """Whether a text is the address of a page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in text


def _clock(event: Event, name: str, at: datetime | None) -> dict[str, Any]:
    """A moment as date and time on the clocks of the event."""
    local = at.astimezone(event.timezone) if at else None
    return {f"{name}_on": local and local.date(), f"{name}_time": local and local.time()}


def _moment(on: DayField, at: ClockField, otherwise: time, zone: str) -> datetime | None:
    return moment(on.data, at.data or otherwise, zone) if on.data else None


def _need_date(field: ClockField, on: DayField) -> None:
    if field.data is not None and on.data is None and not on.errors:
        raise ValidationError("Enter the date too, or leave the time empty")
