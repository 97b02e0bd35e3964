"""The forms of publications and issues, and when something comes out."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import clock
from webapp.blueprints.dates import ClockField, DayField, NumberField, Typed
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line, lines
from webapp.blueprints.manage.programme_choice import ProgrammeChoice
from webapp.blueprints.merging import MergingForm
from webapp.folding import clean_line, clean_prose
from webapp.models.events import moment
from webapp.models.publications import (
    LONGEST_MESSAGE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_MESSAGES,
    Issue,
    Publication,
)
from webapp.models.surveys import Survey
from webapp.services.events.hours import is_skipped
from webapp.services.publications import IssueWords, PublicationWords
from webapp.templating import british_time, weekday_date

MOST_ISSUES = 9_999


def prose(value: str | None) -> str:
    """A filter: clean Markdown."""
    return clean_prose(value or "")


def listed(text: str | None) -> tuple[str, ...]:
    """What stands on each line; empty ones left out."""
    return tuple(one for each in (text or "").split("\n") if (one := clean_line(each)))


class Messages:
    """Refuses key messages that are too many or too long."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __call__(self, _form: Any, field: Any) -> None:
        rows = listed(field.data)
        if len(rows) > MOST_MESSAGES:
            raise ValidationError(f"Enter {MOST_MESSAGES} key messages or fewer; there are {len(rows)}")
        for number, row in enumerate(rows, start=1):
            if len(row) > LONGEST_MESSAGE:
                raise ValidationError(f"Key message {number} must be {LONGEST_MESSAGE} characters or fewer")


def messages_field(hint: str) -> TextAreaField:
    """A field of key messages, one on each line."""
    return TextAreaField(
        "Key messages (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description=hint,
        validators=[Messages()],
    )


class AboutForm(MergingForm):
    """What a publication is called, and what it is."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the publication is called"), AtMost(LONGEST_TITLE, "Title")],
    )
    description = TextAreaField(
        "What is it? (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="A few sentences for those who have never read it.",
        validators=[AtMost(LONGEST_TEXT, "What it is")],
    )
    order: tuple[str, ...] = ("title", "description")

    @classmethod
    def of(cls, publication: Publication, *, fresh: bool = False) -> "AboutForm":
        """The form of a publication; a `fresh` one holds what stands and not what was sent."""
        held = {
            "title": publication.title,
            "description": publication.description,
            "version": publication.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def words(self) -> PublicationWords:
        """What was typed, as the service takes it."""
        return PublicationWords(title=str(self.title.data), description=self.description.data or "")


class NewPublicationForm(ProgrammeChoice, AboutForm):
    """A new publication, and the programme that brings it out."""

    order = ("programme", "title", "description")


class IssueForm(MergingForm):
    """What an issue says of itself."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description="What this issue is about, such as “Working with families in new ways”.",
        validators=[Given("Enter the title of the issue"), AtMost(LONGEST_TITLE, "Title")],
    )
    number = NumberField("Number", most=MOST_ISSUES, validators=[Typed("Enter the number of the issue")])
    season = StringField(
        "Season or month (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="As it stands on the cover, such as “Autumn 2027”.",
        validators=[AtMost(60, "Season or month")],
    )
    introduction = TextAreaField(
        "Introduction (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="A few sentences above the contents. An empty line begins a new paragraph.",
        validators=[AtMost(LONGEST_TEXT, "Introduction")],
    )
    key_messages = messages_field("Those of the whole issue, one on each line. They stand above its contents.")
    acknowledgements = TextAreaField(
        "Acknowledgements (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_TEXT, "Acknowledgements")],
    )
    survey = SelectField("Survey on this issue (optional)", widget=GovSelect(), validate_choice=False)
    order: tuple[str, ...] = (
        "title", "number", "season", "introduction", "key_messages", "acknowledgements", "survey",
    )  # fmt: skip

    @classmethod
    def of(cls, issue: Issue | None, surveys: Sequence[Survey], *, number: int = 1, fresh: bool = False) -> "IssueForm":
        """The form of an issue, or of a new one with this number."""
        held: dict[str, Any] = {"number": number, "survey": ""}
        if issue is not None:
            attached = next((one.public_id for one in surveys if one.id == issue.survey_id), "")
            held = {
                "title": issue.title,
                "number": issue.number,
                "season": issue.season,
                "introduction": issue.introduction,
                "key_messages": "\n".join(issue.key_messages),
                "acknowledgements": issue.acknowledgements,
                "survey": attached,
                "version": issue.version,
            }
        form = cls(formdata=None, data=held) if fresh else cls(data=held)
        form.offered = {one.public_id: one for one in surveys}
        form.survey.choices = [SelectChoice("", "No survey")]
        form.survey.choices += [SelectChoice(one.public_id, one.title) for one in surveys]
        return form

    offered: dict[str, Survey]

    def validate_survey(self, field: SelectField) -> None:
        """Refuse a survey that is not offered."""
        if field.data and field.data not in self.offered:
            raise ValidationError("Select a survey from the list, or none")

    def words(self) -> IssueWords:
        """What was typed, as the service takes it."""
        survey = self.offered.get(self.survey.data or "")
        return IssueWords(
            title=str(self.title.data),
            number=self.number.data,
            season=self.season.data or "",
            introduction=self.introduction.data or "",
            acknowledgements=self.acknowledgements.data or "",
            key_messages=listed(self.key_messages.data),
            survey_id=survey.id if survey else None,
        )


class WhenForm(Form):
    """When something comes out: at once, or at a time in the zone of its issue."""

    version = CarriedNumber()
    when = RadioField("When?", widget=GovRadioInput(), validate_choice=False)
    day = DayField("Day", description="Such as 14 June 2027.")
    at = ClockField("Time", description="Such as 9:30am, UK time.")
    zone = "Europe/London"
    # The time that was chosen before, and what to choose instead of one that is past.
    stands: datetime | None = None
    otherwise = "Choose “Now” if it is to come out at once"
    NOW, LATER = "now", "later"
    order: tuple[str, ...] = ("when", "day", "at")

    def offer(self, now_label: str, later_label: str) -> None:
        """Say in words what the two choices are."""
        self.when.choices = [SelectChoice(self.NOW, now_label), SelectChoice(self.LATER, later_label)]

    def validate_when(self, field: RadioField) -> None:
        """Refuse no choice."""
        if field.data not in {self.NOW, self.LATER}:
            raise ValidationError("Select when it comes out")

    def validate_day(self, field: DayField) -> None:
        """Refuse a missing day where a time is to be chosen."""
        if self.when.data == self.LATER and field.data is None and not field.process_errors:
            raise ValidationError("Enter the day on which it comes out")

    def validate_at(self, field: ClockField) -> None:
        """Refuse a missing time, and one that the clocks leave out on that day."""
        if self.when.data != self.LATER or field.process_errors:
            return
        if field.data is None:
            raise ValidationError("Enter the time at which it comes out")
        if self.day.data is not None and is_skipped(self.day.data, field.data, self.zone):
            raise ValidationError(
                f"On {weekday_date(self.day.data)} the clocks go forward, and there is no {british_time(field.data)}:"
                " choose another time"
            )
        chosen = self.chosen()
        # A time that was chosen before, and has come since, may stay as it is.
        if chosen is not None and chosen != self.stands and chosen <= clock.now():
            raise ValidationError(f"The time must be in the future. {self.otherwise}")

    def chosen(self) -> datetime | None:
        """The moment that was chosen; None for at once. The form must have been found valid."""
        if self.when.data != self.LATER or self.day.data is None:
            return None
        return moment(self.day.data, self.at.data or time(), self.zone)


class ApproveForm(WhenForm):
    """Who checked an article, and when it comes out."""

    checked_by = StringField(
        "Who checked it?",
        widget=GovTextInput(),
        filters=[line],
        description=(
            "It may be a colleague of the writer who read it. The name is kept with the article for its editors,"
            " and is not shown to readers."
        ),
        validators=[Given("Enter who checked it"), AtMost(200, "The name")],
    )
    order = ("checked_by", "when", "day", "at")
