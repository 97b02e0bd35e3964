"""The form of a speaker's profile, which organisers and speakers fill in alike."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from webapp import clock
from webapp.blueprints import uploads
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import AtMost, Given, line, lines
from webapp.blueprints.merging import Difference, MergingForm, merge
from webapp.errors import NotFound
from webapp.folding import clean_line
from webapp.formats.photos import LARGEST, UnusablePhotoError, square_photo
from webapp.models.organisations import Sector
from webapp.models.speakers import ProfileLink, Speaker
from webapp.services import files
from webapp.services.speakers import Profile

LINKS = 4
OTHER_NAMES = 10
# Where the middle of the square is, as shares of the width and of the height.
FOCUS = {"centre": (0.5, 0.5), "top": (0.5, 0.0)}


class ProfileForm(MergingForm):
    """A profile; `speaker` is the one that stands now."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        description="As it is to stand on the agenda",
        validators=[Given("Enter the full name"), AtMost(200, "Full name")],
    )
    other_names = TextAreaField(
        "Other spellings of the name (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="One on each line, such as a former name. They are not shown; they help to find the profile.",
        validators=[AtMost(2000, "Other spellings")],
    )
    job_title = StringField(
        "Job title (optional)", widget=GovTextInput(), filters=[line], validators=[AtMost(200, "Job title")]
    )
    organisation = StringField(
        "Organisation (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Choose from the suggestions, or type the name in full.",
        validators=[AtMost(200, "Organisation")],
    )
    sector = RadioField(
        "Sector of this organisation",
        widget=GovRadioInput(),
        choices=[SelectChoice(sector.value, sector.label) for sector in Sector],
        validate_choice=False,
        validators=[Optional()],
    )
    biography = TextAreaField(
        "Biography (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="A few sentences. An empty line begins a new paragraph; *stars* make italics, "
        "**two stars** bold, and - begins a point of a list.",
        validators=[AtMost(5000, "Biography")],
    )
    # Browsers let go of a chosen file when the form comes back: what was taken of it lies here, and this says which.
    receipt = HiddenField()
    drops_kept = BooleanField("Do not use this photograph", widget=GovCheckboxInput())
    photo = FileField("Photograph (optional)", widget=GovFileInput())
    focus = RadioField(
        "If it is not square, keep",
        widget=GovRadioInput(),
        choices=[SelectChoice("centre", "The middle"), SelectChoice("top", "The top")],
        default="centre",
        validate_choice=False,
    )
    photo_alt = StringField(
        "What the photograph shows",
        widget=GovTextInput(),
        filters=[line],
        description="For people who cannot see it, such as “Ann Lee, smiling, in front of a bookshelf”. "
        "Needed when there is a photograph.",
        validators=[AtMost(300, "What the photograph shows")],
    )
    removes_photo = BooleanField("Remove the photograph", widget=GovCheckboxInput())
    apart = frozenset({"sector", "drops_kept", "focus", "removes_photo"})

    speaker: Speaker | None = None
    holder = ""
    kept: files.Written | None = None
    asks_sector = False

    def validate_other_names(self, field: Any) -> None:
        names = _lines(field.data)
        if len(names) > OTHER_NAMES:
            raise ValidationError(f"Enter {OTHER_NAMES} other spellings or fewer; there are {len(names)}")
        if any(len(name) > 200 for name in names):
            raise ValidationError("Each other spelling must be 200 characters or fewer")

    def validate_photo(self, field: Any) -> None:
        if not field.data:
            self._take_up()
            return
        focus = FOCUS.get(self.focus.data or "", FOCUS["centre"])
        try:
            self._keep(square_photo(field.data.read(), focus=focus))
        except UnusablePhotoError as error:
            self._take_up()
            raise ValidationError(str(error)) from error

    def validate_photo_alt(self, field: Any) -> None:
        stands = self.speaker is not None and self.speaker.photo_id is not None
        if (self.kept or (stands and not self.removes_photo.data)) and not field.data:
            raise ValidationError("Enter what the photograph shows")
        # The words would be dropped without a photograph.
        if field.data and not (self.kept or stands or self.photo.errors):
            raise ValidationError("Choose the photograph, or empty what it shows")

    def _take_up(self) -> None:
        """Go on with the photograph taken when the form was sent before; the sweep spares it for another day."""
        given, self.receipt.data, self.receipt.raw_data = self.receipt.data, "", None
        if not given or self.drops_kept.data or self.speaker is None:
            return
        try:
            self._keep(files.redeem(given, self.speaker.public_id, self.holder, folder=files_folder()))
        except NotFound as gone:
            raise ValidationError("The photograph is no longer kept: choose it again") from gone

    def _keep(self, square: bytes) -> None:
        self.kept = files.write(square, "image/jpeg", folder=files_folder(), now=clock.now())
        if self.speaker is not None:
            self.receipt.data = files.receipt(self.kept, self.speaker.public_id, self.holder)
        self.receipt.raw_data = None
        self.drops_kept.data = False

    def called(self, name: str) -> str:
        """What a field is called, with the number of the link that it belongs to."""
        text = super().called(name)
        return f"Link {name[5]}, {text.lower()}" if name.startswith("link_") else text

    @property
    def links(self) -> list[tuple[Any, Any]]:
        """The fields of each link: what it is called, and where it leads."""
        return [(self[f"link_{number}_label"], self[f"link_{number}_url"]) for number in range(1, LINKS + 1)]

    def profile(self) -> Profile:
        """What was filled in, as the service takes it."""
        sector = self.sector.data
        return Profile(
            name=self.name.data,
            other_names=tuple(_lines(self.other_names.data)),
            job_title=self.job_title.data,
            organisation=self.organisation.data,
            sector=Sector(sector) if sector in list(Sector) else None,
            biography=self.biography.data,
            links=tuple(
                ProfileLink(label=label.data or urlsplit(url.data).hostname or "", url=url.data)
                for label, url in self.links
                if url.data
            ),
            photo=self.kept,
            photo_alt=self.photo_alt.data,
            removes_photo=bool(self.removes_photo.data),
        )


class _Https:
    """Accepts an address that begins with https:// and names a server, and nothing that could be a program."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __call__(self, form: Any, field: Any) -> None:
        text = field.data or ""
        if not text:
            label = form[field.name.removesuffix("_url") + "_label"]
            if label.data:
                raise ValidationError("Enter the address of this link, or empty its name")
            return
        try:
            parts = urlsplit(text)
            well = parts.scheme == "https" and "." in (parts.hostname or "") and parts.port in {None, 443}
        except ValueError:
            well = False
        if not well or "@" in parts.netloc or any(sign.isspace() or sign in '<>"\\' for sign in text):
            raise ValidationError("Enter an address that begins with https://, like https://www.example.org")


for _number in range(1, LINKS + 1):
    setattr(
        ProfileForm,
        f"link_{_number}_label",
        StringField("Name", widget=GovTextInput(), filters=[line], validators=[AtMost(100, "The name of a link")]),
    )
    setattr(
        ProfileForm,
        f"link_{_number}_url",
        StringField("Address", widget=GovTextInput(), filters=[line], validators=[AtMost(500, "Address"), _Https()]),
    )
_ORDER = (
    *("name", "other_names", "job_title", "organisation", "sector", "biography"),
    *(f"link_{number}_{part}" for number in range(1, LINKS + 1) for part in ("label", "url")),
    *("photo", "focus", "photo_alt", "removes_photo"),
)


def profile_form(speaker: Speaker, *, holder: str) -> ProfileForm:
    """The form of this profile, filled in with what it says; `speaker` must have names and organisation loaded.

    `holder` is who fills it in: a photograph that waits for the rest of the form is theirs alone.
    Raises TooLarge when more was sent than a photograph may have.
    """
    uploads.expect(LARGEST, "A photograph")
    form = ProfileForm(data=_said(speaker))
    form.speaker, form.holder = speaker, holder
    form.order = _ORDER
    form.asks_sector = bool(form.sector.data)
    return form


def kept_picture(receipt: str, speaker: Speaker, *, holder: str) -> Response:
    """The photograph that waits for the rest of the form, for who chose it; raises NotFound."""
    content = files.redeem(receipt, speaker.public_id, holder, folder=files_folder())
    response = Response(content, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def merge_profile(
    form: ProfileForm, speaker: Speaker, *, who: Callable[[str], str] = lambda _name: ""
) -> Sequence[Difference]:
    """What somebody else changed in the profile meanwhile; the form then changes the present version."""
    form.speaker = speaker
    return merge(form, ProfileForm(formdata=None, data=_said(speaker)), who=who)


def _said(speaker: Speaker) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": speaker.name,
        "other_names": "\n".join(alias.name for alias in speaker.aliases),
        "job_title": speaker.job_title,
        "organisation": speaker.organisation.name if speaker.organisation else "",
        "biography": speaker.biography,
        "photo_alt": speaker.photo_alt,
        "focus": "centre",
        "version": speaker.version,
    }
    for number, link in enumerate(speaker.links[:LINKS], start=1):
        said |= {f"link_{number}_label": link["label"], f"link_{number}_url": link["url"]}
    return said | {
        f"link_{number}_{part}": "" for number in range(len(speaker.links) + 1, LINKS + 1) for part in ("label", "url")
    }


def _lines(text: str | None) -> list[str]:
    return [name for one in (text or "").split("\n") if (name := clean_line(one))]
