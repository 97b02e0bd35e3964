"""Making a series of meetings, and adding its members."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.dates import ClockField, DayField, NumberField, Typed
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.manage.event_forms import NewEventForm
from webapp.formats import mailboxes
from webapp.models.events import Format
from webapp.models.series import Repeat
from webapp.services.events import NewEvent
from webapp.services.series import MOST_MEETINGS, NewSeries

NAMED = 20


class NewSeriesForm(NewEventForm):
    """The first meeting, and how the others follow it."""

    last_day = None  # type: ignore[assignment]  # so WTForms leaves a field out
    first_day = DayField(
        "First meeting", description="Such as 14/6/2027 or 14 June 2027.", validators=[Typed("Enter the first meeting")]
    )
    starts = ClockField(
        "Starts at", description="Such as 9:30 or 2pm.", validators=[Typed("Enter when the meetings start")]
    )
    ends = ClockField(
        "Ends at",
        description="The time on the clock stays the same in summer and winter.",
        validators=[Typed("Enter when the meetings end")],
    )
    repeat = RadioField(
        "How do the meetings follow one another?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in Repeat],
        description="On the same date, such as the 31st, months without it are passed over.",
        validators=[OneOf("Select how the meetings follow one another")],
        validate_choice=False,
    )
    every = NumberField("Weeks or months between meetings", most=52, validators=[Typed("Enter a number, 1 for each")])
    number = NumberField("Number of meetings (optional)", most=MOST_MEETINGS, description="Or enter a last day below.")
    until = DayField("No meeting after (optional)")
    summary = StringField(
        "Summary",
        widget=GovTextInput(),
        filters=[line],
        description="What the meetings are for, in a sentence.",
        validators=[Given("Enter what the meetings are for"), AtMost(500, "Summary")],
    )
    venue = StringField(
        "Venue (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Where people come in person.",
        validators=[AtMost(300, "Venue")],
    )
    order = (
        "title", "programme", "summary", "format", "venue", "first_day", "starts", "ends", "zone", "repeat", "every",
        "number", "until", "organiser_name", "organiser_email",
    )  # fmt: skip

    def validate_number(self, field: NumberField) -> None:
        """Refuse a series that never ends, or that ends in two ways."""
        if not field.process_errors and (field.data is None) == (self.until.data is None):
            raise ValidationError("Enter either how many meetings there are, or a day after which there is none")

    def validate_venue(self, field: StringField) -> None:
        """Refuse a meeting in person without a place, which could not be published."""
        if self.format.data in {Format.IN_PERSON.value, Format.HYBRID.value} and not field.data:
            raise ValidationError("Enter where people come in person")

    def series(self) -> NewSeries:
        """What was typed, as the service takes it."""
        first = NewEvent(
            title=self.title.data,
            programme_id=self.chosen.id,
            format=Format(self.format.data),
            first_day=self.first_day.data,
            last_day=self.first_day.data,
            starts=self.starts.data,
            ends=self.ends.data,
            zone=self.zone.data,
            organiser_name=self.organiser_name.data,
            organiser_email=self.organiser_email.data,
        )
        return NewSeries(
            first=first,
            summary=self.summary.data,
            venue=self.venue.data,
            repeat=Repeat(self.repeat.data),
            every=self.every.data or 1,
            number=self.number.data,
            until=self.until.data,
        )


class MembersForm(Form):
    """Whom to add."""

    people = TextAreaField(
        "People, one on each line",
        widget=GovTextArea(),
        filters=[lines],
        description="A name and an address, like Dina Okafor <dina@example.org>, or an address alone.",
        validators=[Given("Enter at least one e-mail address")],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read; each that cannot is named with what is wrong."""
        valid = super().validate(extra_validators)
        self.found, unread = mailboxes.read(self.people.data or "")
        problems = [f"Line {one.line}: “{one.text[:80]}” {one.problem}" for one in unread[:NAMED]]
        self.people.errors = [*self.people.errors, *problems]
        return valid and not problems
