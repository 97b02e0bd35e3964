"""What organisers fill in about a recording."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import FileField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line
from webapp.blueprints.manage.setup_forms import LANGUAGES
from webapp.formats.stretches import as_typed, stretch
from webapp.formats.videos import UnusableAddressError, Video, read_address
from webapp.models.files import FileReach
from webapp.models.recordings import LONGEST_ADDRESS, LONGEST_REASON, LONGEST_TITLE, Recording
from webapp.services.recordings import FURTHEST, About

_HOURS = "Hours, minutes and seconds, such as 1:02:30"


def _reach() -> RadioField:
    return RadioField(
        "Who may see it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in FileReach],
        default=FileReach.PUBLIC.value,
        validate_choice=False,
        validators=[OneOf("Say who may see it")],
    )


def _title() -> StringField:
    return StringField(
        "Title (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Where a session has several recordings, what this one is, such as “Questions from the floor”.",
        validators=[AtMost(LONGEST_TITLE, "The title")],
    )


class Stretch:
    """Refuses what is no stretch of time; with `backwards` it may be less than nothing."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms; the browser's own bubbles are not wanted

    def __init__(self, *, backwards: bool = False) -> None:
        self.backwards = backwards

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            return
        try:
            value = stretch(field.data)
        except ValueError:
            raise ValidationError(f"Enter a time like 1:02:30, not “{field.data[:40]}”") from None
        if abs(value) > FURTHEST or (value < 0 and not self.backwards):
            raise ValidationError("Enter a time of up to a week" + ("" if self.backwards else ", of 0:00:00 or more"))


class AddressForm(Form):
    """A recording that is watched elsewhere."""

    address = StringField(
        "Address of the recording",
        widget=GovTextInput(),
        filters=[line],
        description="Copy it from the bar of your browser. Videos at YouTube and Vimeo can be watched within the page;"
        " to any other address the page gives a link.",
        validators=[Given("Enter the address of the recording"), AtMost(LONGEST_ADDRESS, "The address")],
    )
    title = _title()
    reach = _reach()
    order = ("address", "title", "reach")
    video: Video | None = None

    def validate_address(self, field: Any) -> None:
        """Read the address, and refuse what cannot be one."""
        try:
            self.video = read_address(field.data)
        except UnusableAddressError as unusable:
            raise ValidationError(str(unusable)) from unusable


class UploadForm(Form):
    """A recording as a file."""

    file = FileField("Film or sound")

    def validate_file(self, field: Any) -> None:
        """Refuse a form without a file."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a file")


class AboutForm(Form):
    """What is said of a recording."""

    title = _title()
    reach = _reach()
    zero = StringField(
        "Where the transcript stands when the recording begins",
        widget=GovTextInput(),
        filters=[line],
        description=f"{_HOURS}. 0:00:00 where both begin together; of a second part, what the first part lasted; with a"
        " minus where the recording begins before the transcript does.",
        validators=[Stretch(backwards=True)],
    )
    duration = StringField(
        "How long it lasts (optional)",
        widget=GovTextInput(),
        filters=[line],
        description=_HOURS,
        validators=[Stretch()],
    )
    language = RadioField(
        "Language",
        widget=GovRadioInput(),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        validate_choice=False,
        validators=[OneOf("Select the language that is spoken")],
    )
    version = CarriedNumber()
    order = ("title", "reach", "zero", "duration", "language")

    @classmethod
    def of(cls, recording: Recording) -> "AboutForm":
        """The form of a recording."""
        duration = as_typed(recording.duration) if recording.duration else ""
        return cls(
            data={
                "title": recording.title,
                "reach": recording.reach.value,
                "zero": as_typed(recording.zero),
                "duration": duration,
                "language": recording.language,
                "version": recording.version,
            }
        )

    @property
    def about(self) -> About:
        """What was typed, as the service takes it."""
        return About(
            title=self.title.data or "",
            reach=FileReach(self.reach.data),
            zero=stretch(self.zero.data or "0"),
            duration=stretch(self.duration.data) if self.duration.data else None,
            language=self.language.data,
        )


class UnrecordedForm(Form):
    """That there is no recording, and why."""

    reason = StringField(
        "Why not? (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="A sentence that everybody may read, such as “Families spoke of their own lives”.",
        validators=[AtMost(LONGEST_REASON, "The reason")],
    )
