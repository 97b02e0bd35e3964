"""The forms of materials: several files at once, a link, and one material with a newer version of its file."""

from collections.abc import Sequence
from typing import Any, Self

from flask_wtf.file import FileField, MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovSelect, GovTextInput
from wtforms import RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.forms import AtMost, Form, Given, line
from webapp.blueprints.merging import MergingForm
from webapp.blueprints.taking_files import KeepingForm, title_from
from webapp.formats.documents import UnusableDocumentError
from webapp.models.agenda import Session
from webapp.models.files import FileReach
from webapp.models.materials import Material
from webapp.services.materials import LONGEST_URL, Offer, Upload, is_plain_address
from webapp.templating import british_date

LARGEST = 50 * 1024 * 1024
MOST_FILES = 10
WHOLE_EVENT = "Of the whole event"
_REACHES = {
    FileReach.PUBLIC: "Everybody who comes to the page",
    FileReach.REGISTERED: "Only people who have a confirmed place at the event",
    FileReach.ATTENDED: "Only people who came, as attendance tells",
    FileReach.ORGANISERS: "Organisers alone: visitors are not even told of it",
}


def _reach_field() -> RadioField:
    return RadioField(
        "Who may have it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(reach.value, text) for reach, text in _REACHES.items()],
        default=FileReach.PUBLIC.value,
        validate_choice=False,
    )


class OfferingForm(Form):
    """What is said of each material: whom it is for, and which part of the event it belongs to."""

    session = SelectField("Where does it belong?", widget=GovSelect(), validate_choice=False)
    reach = _reach_field()

    def choose_from(self, sessions: Sequence[Session]) -> Self:
        """Offer the whole event and these sessions."""
        named = [SelectChoice(one.public_id, f"{one.title} ({british_date(one.day.date)})") for one in sessions]
        self.session.choices = [SelectChoice("", WHOLE_EVENT), *named]
        return self

    def validate_session(self, field: SelectField) -> None:
        """Refuse a session that is not offered."""
        if (field.data or "") not in {choice.value for choice in field.choices}:
            raise ValidationError("Select the session again: this one is not on the agenda any more")

    def validate_reach(self, field: RadioField) -> None:
        """Refuse what is no reach."""
        if field.data not in list(FileReach):
            raise ValidationError("Select who may have it")

    def offer(self, title: str) -> Offer:
        """What is said, under this title; the form must have been found valid."""
        return Offer(title=title, reach=FileReach(self.reach.data), session=self.session.data or "")


class FilesForm(OfferingForm, KeepingForm):
    """Several files at once. Those that could be taken stay while another is mended."""

    files = MultipleFileField("Choose one file or several", widget=GovFileInput())
    title = StringField(
        "Title (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="For one file alone, such as “Slides of the opening”. Without it, and for several, the name of the"
        " file stands there; you can change each afterwards.",
        validators=[AtMost(200, "Title")],
    )
    order = ("files", "title", "session", "reach")

    @property
    def uploads(self) -> list[Upload]:
        """The files that were taken, each with the title that it is to have."""
        alone = len(self.kept) == 1
        return [
            Upload(
                written=one.written,
                filename=one.filename,
                title=(self.title.data if alone else "") or title_from(one.filename),
            )
            for one in self.kept
        ]

    def validate_files(self, field: Any) -> None:
        """Read each file and keep the good ones; refuse what is too large or none of the documents that we take."""
        self.take(field.data, needed=True)


class LinkForm(OfferingForm):
    """A link."""

    url = StringField(
        "Address",
        widget=GovTextInput(),
        filters=[line],
        description="It begins with https://",
        validators=[Given("Enter the address of the page"), AtMost(LONGEST_URL, "The address")],
    )
    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description="What people find there, such as “The practice guide”. It is read without the address.",
        validators=[Given("Enter a title"), AtMost(200, "Title")],
    )
    order = ("url", "title", "session", "reach")

    def validate_url(self, field: StringField) -> None:
        """Refuse what is no plain address of a page."""
        if not is_plain_address(field.data):
            raise ValidationError("Enter an address that begins with https://, such as https://example.org/report")


class GivenForm(Form):
    """What a speaker handed in, made available."""

    title = StringField(
        "Title", widget=GovTextInput(), filters=[line], validators=[Given("Enter a title"), AtMost(200, "Title")]
    )
    reach = _reach_field()
    order = ("title", "reach")

    validate_reach = OfferingForm.validate_reach


class MaterialForm(MergingForm, OfferingForm, KeepingForm):
    """One material: its title, whom it is for, where it belongs, and a newer version of its file or address."""

    title = StringField(
        "Title", widget=GovTextInput(), filters=[line], validators=[Given("Enter a title"), AtMost(200, "Title")]
    )
    url = StringField(
        "Address",
        widget=GovTextInput(),
        filters=[line],
        description="It begins with https://",
        validators=[AtMost(LONGEST_URL, "The address")],
    )
    newer = FileField("Replace the file by a newer version (optional)", widget=GovFileInput())
    order = ("title", "url", "newer", "session", "reach")

    material: Material | None = None

    @classmethod
    def of(cls, material: Material, sessions: Sequence[Session], **more: Any) -> "MaterialForm":
        """The form of a material that stands."""
        data = {
            "version": material.version,
            "title": material.title,
            "url": material.url,
            "session": material.session.public_id if material.session else "",
            "reach": material.reach.value,
        }
        form = cls(data=data, **more)
        form.choose_from(sessions)
        form.material = material
        return form

    @property
    def upload(self) -> Upload | None:
        """The newer version, where one was sent."""
        if not self.kept:
            return None
        return Upload(written=self.kept[-1].written, filename=self.kept[-1].filename, title="")

    def validate_url(self, field: StringField) -> None:
        """Refuse what is no plain address, of a link."""
        if self.material is not None and self.material.is_link and not is_plain_address(field.data or ""):
            raise ValidationError("Enter an address that begins with https://, such as https://example.org/report")

    def validate_newer(self, field: Any) -> None:
        """Read the newer version, if there is one."""
        if field.data:
            try:
                self.carry_on([self.keep(field.data)])
            except UnusableDocumentError as error:
                raise ValidationError(str(error)) from error
