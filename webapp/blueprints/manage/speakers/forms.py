"""What organisers fill in about speakers."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.forms import AtMost, CarriedNumber, EmailAddress, Form, Given, line
from webapp.models.speakers import Speaker
from webapp.services.speakers import FIELDS

LABELS = {
    "name": "Name",
    "job_title": "Job title",
    "organisation": "Organisation",
    "biography": "Biography",
    "photo": "Photograph",
    "links": "Links",
}
FIRST, SECOND = "first", "second"


class NewSpeakerForm(Form):
    """Who is added: the name alone, to see first whether they are there already."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        description="We look first whether there is a profile already.",
        validators=[Given("Enter the speaker’s full name"), AtMost(200, "Full name")],
    )
    # Set once the profiles that may be the same person's were shown, and it is none of them; holds the name looked at.
    none_of_them = BooleanField()


class InvitationForm(Form):
    """Where the letter goes."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the speaker’s e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )


class MergeForm(Form):
    """Which of two profiles stays, and what of either is kept."""

    stays = RadioField("Which address stays?", widget=GovRadioInput(), choices=[], validate_choice=False)
    first_version = CarriedNumber()
    second_version = CarriedNumber()

    @property
    def choices(self) -> list[Any]:
        """The fields that ask for something in which the two differ."""
        return [self[name] for name in FIELDS if name in self]

    def taken_from(self, side: str) -> list[str]:
        """What is kept of the profile on this side; what both say alike is in no need of a choice."""
        return [name for name in FIELDS if name in self and self[name].data == side]


class _Chosen(Given):
    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in {FIRST, SECOND}:
            field.data = None
        super().__call__(form, field)


def merge_form(first: Speaker, second: Speaker) -> MergeForm:
    """The form for these two, which asks for each field in which both say something else.

    Where only one says anything, that is kept unless chosen otherwise.
    """
    fields: dict[str, Any] = {}
    chosen: dict[str, Any] = {"stays": FIRST, "first_version": first.version, "second_version": second.version}
    for name, columns in FIELDS.items():
        if all(getattr(first, column) == getattr(second, column) for column in columns):
            continue
        said = told(first, name), told(second, name)
        chosen[name] = SECOND if said[1] and not said[0] else FIRST
        fields[name] = RadioField(
            LABELS[name],
            widget=GovRadioInput(),
            choices=[SelectChoice(side, text or "Nothing") for side, text in zip((FIRST, SECOND), said, strict=True)],
            validators=[_Chosen(f"Select which {LABELS[name].lower()} to keep")],
            validate_choice=False,
        )
    made = type("ChosenMergeForm", (MergeForm,), fields)
    form: MergeForm = made(data=chosen)
    form.stays.choices = [
        SelectChoice(FIRST, f"The one of {first.name} ({first.public_id})"),
        SelectChoice(SECOND, f"The one of {second.name} ({second.public_id})"),
    ]
    form.stays.validators = [_Chosen("Select which address stays")]
    form.order = ("stays", *FIELDS)
    return form


def told(speaker: Speaker, name: str) -> str:
    """What a profile says of a field, as text to be chosen by."""
    match name:
        case "organisation":
            return speaker.organisation.name if speaker.organisation else ""
        case "photo":
            return (speaker.photo_alt or "A photograph without alternative text") if speaker.photo else ""
        case "links":
            return "; ".join(f"{link['label']} ({link['url']})" for link in speaker.links)
        case _:
            return str(getattr(speaker, name))
