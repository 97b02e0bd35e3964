"""What organisers write to many, to whom, and when: the shape of what they fill in."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextArea, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField, ValidationError

from webapp.blueprints.dates import ClockField, DayField, NumberField, Typed
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line, lines
from webapp.folding import clean_line
from webapp.formats.documents import DocumentType, UnusableDocumentError, document_type, safe_name
from webapp.models.attendance import Came
from webapp.models.events import Mode
from webapp.models.mailings import MailKind
from webapp.models.organisations import Sector
from webapp.models.registrations import RegistrationState
from webapp.models.surveys import Survey
from webapp.models.to_many import (
    CHOSE,
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_SUBJECT,
    Audience,
    Chosen,
    Mailing,
    Timing,
)
from webapp.services.to_many import When, Words

# What an organiser may write to many: the rest says what becomes of one's own place, and is written by the service.
KINDS = (MailKind.REMINDER, MailKind.FOLLOW_UP, MailKind.NEWS, MailKind.CHANGE)
LARGEST = 25 * 1024 * 1024
MOST_CHOSEN = 300
DAY = 24 * 60
PLACES = {"link": "By a link to this service", "inside": "Inside the letter"}
UNITS = {"minutes": 1, "hours": 60, "days": DAY, "weeks": 7 * DAY}

E = TypeVar("E", bound=StrEnum)


class WordsForm(Form):
    """What a letter says."""

    version = CarriedNumber()
    name = StringField(
        "Name of this letter",
        widget=GovTextInput(),
        filters=[line],
        description="For you and the other organisers. Those who get it do not see it.",
        validators=[Given("Enter a name for this letter"), AtMost(LONGEST_NAME, "Name")],
    )
    kind = StringField("What kind of letter is it?")
    # The public id of a survey, or none.
    survey = StringField("Which survey does it lead to?")
    subject = StringField(
        "Subject",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the subject"), AtMost(LONGEST_SUBJECT, "Subject")],
    )
    body = TextAreaField(
        "Letter",
        widget=GovTextArea(),
        filters=[lines],
        description="Leave an empty line between paragraphs. “Hello” with the name comes before it, and how to ask"
        " questions after it.",
        validators=[Given("Enter the letter"), AtMost(LONGEST_BODY, "Letter")],
    )
    order = ("name", "kind", "survey", "subject", "body")
    # What may be chosen; drafts stand there too, and are refused with what is to be done.
    surveys: Sequence[Survey] = ()

    @classmethod
    def of(cls, mailing: Mailing, **more: Any) -> "WordsForm":
        """The form of a letter, which must have its survey loaded."""
        stands = {name: getattr(mailing, name) for name in ("version", "name", "subject", "body")}
        survey = mailing.survey.public_id if mailing.survey else ""
        return cls(data=stands | {"kind": mailing.kind.value, "survey": survey}, **more)

    def words(self) -> Words:
        """What was written; the form must have been found valid."""
        survey = next((one.id for one in self.surveys if one.public_id == self.survey.data), None)
        return Words(
            name=self.name.data,
            kind=MailKind(self.kind.data),
            subject=self.subject.data,
            body=self.body.data,
            survey_id=survey,
        )

    @property
    def kinds(self) -> list[MailKind]:
        """What may be chosen."""
        return list(KINDS)

    def validate_kind(self, field: StringField) -> None:
        """Refuse what is no kind."""
        if field.data not in KINDS:
            raise ValidationError("Select what kind of letter it is")

    def validate_survey(self, field: StringField) -> None:
        """Refuse what is no survey of the event."""
        if field.data and field.data not in {one.public_id for one in self.surveys}:
            raise ValidationError("Select a survey of this event, or none")


class WhenForm(Form):
    """When a letter goes."""

    version = CarriedNumber()
    timing = StringField()
    on_day = DayField("Date")
    at_time = ClockField("Time", description="Such as 9am or 14:30.")
    number = NumberField("How long", least=0, most=10_000)
    unit = StringField()
    order = ("timing", "on_day", "at_time", "number")

    @classmethod
    def of(cls, mailing: Mailing, **more: Any) -> "WhenForm":
        """The form of a letter."""
        number, unit = mailing.days, "days"
        if mailing.minutes or not mailing.days:
            number, unit = mailing.days * DAY + mailing.minutes, "minutes"
            if number % 60 == 0:
                number, unit = number // 60, "hours"
        elif number % 7 == 0:
            number, unit = number // 7, "weeks"
        stands = {"version": mailing.version, "timing": mailing.timing.value, "number": number, "unit": unit}
        return cls(data=stands | {"on_day": mailing.on_day, "at_time": mailing.at_time}, **more)

    def validate_timing(self, field: StringField) -> None:
        """Refuse what is no choice, and the choice whose details are missing."""
        if field.data not in list(Timing):
            raise ValidationError("Select when the letter goes")

    def validate_on_day(self, field: DayField) -> None:
        """A date is needed where one decides."""
        if self.timing.data == Timing.AT:
            Typed("Enter the date on which it goes")(self, field)

    def validate_at_time(self, field: ClockField) -> None:
        """A time is needed where one decides."""
        if self.timing.data == Timing.AT:
            Typed("Enter the time at which it goes")(self, field)

    def validate_number(self, field: NumberField) -> None:
        """A distance is needed where one decides."""
        if self.timing.data in {Timing.BEFORE_START, Timing.AFTER_END}:
            Typed("Enter how long before or after")(self, field)
            if (field.data or 0) * UNITS.get(self.unit.data or "", DAY) > 366 * DAY:
                raise ValidationError("Enter a year or less")

    def when(self) -> When:
        """What was chosen; the form must have been found valid."""
        timing = Timing(self.timing.data)
        unit = self.unit.data if self.unit.data in UNITS else "days"
        number = self.number.data or 0
        days, minutes = (number * UNITS[unit] // DAY, 0) if unit in {"days", "weeks"} else (0, number * UNITS[unit])
        return When(timing=timing, on_day=self.on_day.data, at_time=self.at_time.data, days=days, minutes=minutes)


class AudienceForm(Form):
    """The version, and the button; whom it is for is read by audience_in()."""

    version = CarriedNumber()


class ConfirmForm(Form):
    """The number that was read, and of which version."""

    number = CarriedNumber()
    version = CarriedNumber()


class MaterialForm(Form):
    """A file for a letter."""

    file = FileField("Choose a file", widget=GovFileInput())
    title = StringField(
        "What it is called in the letter (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="For example “Slides of the opening”. Without it the name of the file stands there.",
        validators=[AtMost(120, "What it is called")],
    )
    place = StringField("How does it go with the letter?")
    order = ("file", "title", "place")

    content: bytes = b""
    document: DocumentType | None = None
    filename = ""
    places = PLACES

    def validate_place(self, field: StringField) -> None:
        """Refuse what is no way."""
        if field.data not in PLACES:
            raise ValidationError("Select how the file goes with the letter")

    def validate_file(self, field: Any) -> None:
        """Read the file, and refuse what is too large or none of the documents that we take."""
        if not field.data:
            raise ValidationError("Choose a file")
        self.content = field.data.read(LARGEST + 1)
        if len(self.content) > LARGEST:
            raise ValidationError(f"The file must be {LARGEST // 1024 // 1024} MB or smaller")
        given = field.data.filename or ""
        try:
            self.document = document_type(self.content, given)
        except UnusableDocumentError as error:
            raise ValidationError(str(error)) from error
        self.filename = safe_name(given, self.document)


def audience_in(fields: MultiDict[str, str]) -> Audience:
    """Whom the fields of a form choose; what cannot be understood is left out. Without a state nobody is meant."""
    answers = (one.partition("|") for one in fields.getlist("answers")[:MOST_CHOSEN])
    return Audience(
        states=_known(RegistrationState, fields.getlist("states")),
        modes=_known(Mode, fields.getlist("modes")),
        sectors=_known(Sector, fields.getlist("sectors")),
        attendance=tuple(one for one in _known(Came, fields.getlist("attendance")) if one is not Came.NOT_YET),
        sessions=_words(fields.getlist("sessions"), 12),
        chosen=_known(Chosen, fields.getlist("chosen")) or CHOSE,
        organisations=_words(fields.getlist("organisations"), 200),
        areas=_words(fields.getlist("areas"), 12),
        tags=_words(fields.getlist("tags"), 60),
        unanswered="unanswered" in fields,
        answers=tuple((question[:12], answer[:300]) for question, bar, answer in answers if bar),
    )


def _known(kind: type[E], values: Iterable[str]) -> tuple[E, ...]:
    given = set(values)
    return tuple(one for one in kind if one.value in given)


def _words(values: Sequence[str], longest: int) -> tuple[str, ...]:
    clean = (clean_line(value)[:longest] for value in values[:MOST_CHOSEN])
    return tuple(dict.fromkeys(value for value in clean if value))


LABELS: Mapping[str, str] = {
    "name": "Name of this letter",
    "kind": "What kind of letter it is",
    "subject": "Subject",
    "body": "Letter",
    "audience": "Who gets it",
    "timing": "When it goes",
}
