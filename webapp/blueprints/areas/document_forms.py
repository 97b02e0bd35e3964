"""The forms of an area's documents: a file, a link, and one of either with a newer version."""

from typing import Any, Self

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovTextInput
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.areas.forms import OpenlyReadForm
from webapp.blueprints.dates import NumberField
from webapp.blueprints.forms import AtMost, Form, Given, line
from webapp.blueprints.merging import MergingForm
from webapp.blueprints.taking_files import KeepingForm, title_from
from webapp.formats.documents import UnusableDocumentError
from webapp.models.areas import Area, AreaDocument, AreaReach
from webapp.services.area_documents import Sharing
from webapp.services.materials import LONGEST_URL, Upload, is_plain_address

_REACHES = {
    AreaReach.PUBLIC: "Everybody who comes to the page",
    AreaReach.PROGRAMME: "Members of the programme, in every area and wave",
    AreaReach.AREA: "The people of this area alone: nobody else is even told of it",
}
_TITLED = "What people find there, such as “Our pathway on one page”. It is read without the rest."


class SharingForm(OpenlyReadForm):
    """What is said of a document: its title, and whom it is for."""

    guarded = ("title",)

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description=_TITLED,
        validators=[Given("Enter a title"), AtMost(200, "Title")],
    )
    reach = RadioField(
        "Who may have it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(reach.value, text) for reach, text in _REACHES.items()],
        default=AreaReach.PUBLIC.value,
        validate_choice=False,
    )

    def validate_reach(self, field: RadioField) -> None:
        """Refuse what is no reach."""
        if field.data not in list(AreaReach):
            raise ValidationError("Select who may have it")

    @property
    def reaches(self) -> AreaReach:
        """Whom it is for; the form must have been found valid."""
        return AreaReach(self.reach.data)


class AddFileForm(SharingForm, KeepingForm):
    """A new file; once taken it stays while something else is mended."""

    file = FileField("File", widget=GovFileInput())
    title = StringField(
        "Title (optional)",
        widget=GovTextInput(),
        filters=[line],
        description=f"{_TITLED} Without one, the name of the file stands there.",
        validators=[AtMost(200, "Title")],
    )
    order = ("file", "title", "reach")

    def validate_file(self, field: Any) -> None:
        """Read the file; refuse what is too large or none of the documents that we take."""
        if field.data:
            _take(self, field.data)
        elif not self.kept:
            raise ValidationError("Choose a file")

    @property
    def upload(self) -> Upload:
        """The file, with the title that it is to have; the form must have been found valid."""
        one = self.kept[-1]
        return Upload(written=one.written, filename=one.filename, title=self.title.data or title_from(one.filename))


class AddLinkForm(SharingForm):
    """A new link."""

    url = StringField(
        "Address",
        widget=GovTextInput(),
        filters=[line],
        description="It begins with https://",
        validators=[Given("Enter the address of the page"), AtMost(LONGEST_URL, "The address")],
    )
    order = ("url", "title", "reach")

    def validate_url(self, field: StringField) -> None:
        """Refuse what is no plain address of a page."""
        _check_address(field)


class DocumentForm(MergingForm, SharingForm, KeepingForm):
    """One document: its title, whom it is for, and a newer version of its file or address."""

    url = StringField(
        "Address",
        widget=GovTextInput(),
        filters=[line],
        description="It begins with https://",
        validators=[AtMost(LONGEST_URL, "The address")],
    )
    newer = FileField("Replace the file by a newer version (optional)", widget=GovFileInput())
    order = ("title", "url", "newer", "reach")
    is_link = False

    @classmethod
    def of(cls, area: Area, document: AreaDocument, **more: Any) -> Self:
        """The form of a document that stands."""
        data = {
            "version": area.version,
            "title": document.title,
            "url": document.url,
            "reach": document.reach.value,
        }
        form = cls(data=data, **more)
        form.is_link = document.file_id is None
        return form

    @property
    def sharing(self) -> Sharing:
        """What was typed, as the service takes it; the form must have been found valid."""
        newer = Upload(written=self.kept[-1].written, filename=self.kept[-1].filename, title="") if self.kept else None
        return Sharing(title=str(self.title.data), reach=self.reaches, url=self.url.data or "", upload=newer)

    def validate_url(self, field: StringField) -> None:
        """Refuse what is no plain address, of a link."""
        if self.is_link:
            _check_address(field)

    def validate_newer(self, field: Any) -> None:
        """Read the newer version, if there is one."""
        if field.data:
            _take(self, field.data)


class PlaceForm(Form):
    """Put a document at another place."""

    place = NumberField("Place", most=1000)


def _take(form: KeepingForm, given: Any) -> None:
    try:
        form.carry_on([form.keep(given)])
    except UnusableDocumentError as error:
        raise ValidationError(str(error)) from error


def _check_address(field: StringField) -> None:
    if not is_plain_address(field.data or ""):
        raise ValidationError("Enter an address that begins with https://, such as https://example.org/report")
