"""What organisers fill in about resources and collections of the library."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovFileInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import clock
from webapp.blueprints.dates import DayField, PartialDayField
from webapp.blueprints.forms import AtMost, Form, Given, line, lines, page_number
from webapp.blueprints.manage.programme_choice import ProgrammeChoice
from webapp.blueprints.merging import MergingForm
from webapp.folding import clean_line, fold
from webapp.formats.documents import UnusableDocumentError, document_type, safe_name
from webapp.models.agenda import Session, SessionKind
from webapp.models.library import (
    LONGEST_ADDRESS,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    Collection,
    Dating,
    LibraryState,
    Precision,
    Resource,
    ResourceKind,
    today,
)
from webapp.models.programmes import Theme
from webapp.queries.library import ManagedFilter
from webapp.services.library import ResourceWords

LARGEST = 50 * 1024 * 1024
LONGEST_TEXT = 20_000
MOST_NAMES = 30
TO_REVIEW = "review"
_MARKDOWN = (
    "An empty line begins a paragraph, and - begins a point of a list. ## begins a heading, [words](https://…) a link."
)
_PRECISIONS = {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}


class DatingField(PartialDayField):
    """When something was made public, as far as it is known."""

    def read(self, text: str) -> Dating:
        """The day, month or year that was typed."""
        on, parts = self.read_parts(text)
        return Dating(on, _PRECISIONS[parts])

    def shown(self, value: Dating) -> str:
        """The same as it would be typed."""
        return str(value)


class _WebAddress:
    """Accepts an address that begins with https:// and names a server, and nothing that could be a program."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __call__(self, _form: Any, field: Any) -> None:
        text = field.data or ""
        if not text:
            return
        try:
            parts = urlsplit(text)
            well = parts.scheme == "https" and "." in (parts.hostname or "") and (parts.port or 443) > 0
        except ValueError:
            well = False
        if not well or "@" in parts.netloc or any(sign.isspace() or sign in '<>"\\' for sign in text):
            raise ValidationError("Enter an address that begins with https://, like https://www.example.org/report")


class _Names:
    """Accepts some names, each on a line of its own."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- as above

    def __call__(self, _form: Any, field: Any) -> None:
        names = _lines(field.data)
        what = field.label.text.removesuffix(" (optional)")
        if len(names) > MOST_NAMES:
            raise ValidationError(f"{what}: enter {MOST_NAMES} names or fewer; there are {len(names)}")
        if any(len(name) > 200 for name in names):
            raise ValidationError(f"{what}: each name must be 200 characters or fewer")
        if any(not fold(name) for name in names):
            raise ValidationError(f"{what}: enter a name on each line")


class ResourceForm(MergingForm):
    """All that is said of a resource, but for its file and its sessions."""

    kind = RadioField(
        "Kind",
        widget=GovRadioInput(),
        choices=[SelectChoice(kind.value, kind.label) for kind in ResourceKind],
        validate_choice=False,
    )
    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the title"), AtMost(LONGEST_TITLE, "Title")],
    )
    summary = TextAreaField(
        "Summary",
        widget=GovTextArea(),
        filters=[lines],
        description="One or two sentences for lists: what it is, and for whom.",
        validators=[Given("Enter a summary"), AtMost(LONGEST_SUMMARY, "Summary")],
    )
    description = TextAreaField(
        "Description (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description=f"For its own page. {_MARKDOWN}",
        validators=[AtMost(LONGEST_TEXT, "Description")],
    )
    url = StringField(
        "Address (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Where it is to be read, watched or heard. You can add a file afterwards, instead or as well.",
        validators=[AtMost(LONGEST_ADDRESS, "Address"), _WebAddress()],
    )
    published = DatingField(
        "Date of publication (optional)", description="As far as it is known: 14 June 2022, June 2022, or 2022."
    )
    authors = TextAreaField(
        "Authors (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="One on each line, in the order in which they are to stand.",
        validators=[_Names()],
    )
    organisations = TextAreaField(
        "Organisations (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Who made or published it, one on each line. A name that the list knows under another spelling is"
        " put down as on the list.",
        validators=[_Names()],
    )
    themes = SelectMultipleField("Themes (optional)", widget=GovCheckboxesInput(), validate_choice=False)
    review_on = DayField(
        "Review by (optional)",
        description="For example, 31 March 2027. From then on readers are told that it may be out of date, and you find"
        " it in the list of what is to be reviewed.",
    )
    order: tuple[str, ...] = (
        *("kind", "title", "summary", "description", "url", "published", "authors", "organisations"),
        *("themes", "review_on"),
    )

    @classmethod
    def of(cls, resource: Resource, *, fresh: bool = False) -> "ResourceForm":
        """The form of a resource; a `fresh` one holds what stands and not what was sent."""
        held = {
            "kind": resource.kind.value,
            "title": resource.title,
            "summary": resource.summary,
            "description": resource.description,
            "url": resource.url,
            "published": resource.dated,
            "authors": "\n".join(one.name for one in resource.authors),
            "organisations": "\n".join(one.organisation.name for one in resource.publishers),
            "themes": [theme.public_id for theme in resource.themes],
            "review_on": resource.review_on,
            "version": resource.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        """Let it be on one or more of these themes."""
        self.themes.choices = [SelectChoice(theme.public_id, theme.name) for theme in themes]

    def validate_kind(self, field: RadioField) -> None:
        """Refuse what is no kind."""
        if field.data not in set(ResourceKind):
            raise ValidationError("Select a kind")

    def validate_review_on(self, field: DayField) -> None:
        """Refuse a day that is past, unless it stood there before."""
        if field.data and field.data != field.object_data and field.data < today(clock.now()):
            raise ValidationError("This date is past already. Enter a day that is still to come, or leave it empty")

    def words(self) -> ResourceWords:
        """What was typed, as the service takes it."""
        return ResourceWords(
            kind=ResourceKind(self.kind.data),
            title=self.title.data,
            summary=self.summary.data,
            description=self.description.data,
            url=self.url.data,
            dated=self.published.data,
            review_on=self.review_on.data,
            authors=_lines(self.authors.data),
            organisations=_lines(self.organisations.data),
            themes=self.themes.data or (),
        )


class CollectionForm(MergingForm):
    """What a collection is called, and why it was put together."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the collection is called"), AtMost(LONGEST_TITLE, "Title")],
    )
    introduction = TextAreaField(
        "Introduction (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description=f"What the collection is for, and how to use it. {_MARKDOWN}",
        validators=[AtMost(LONGEST_TEXT, "Introduction")],
    )
    order: tuple[str, ...] = ("title", "introduction")

    @classmethod
    def of(cls, collection: Collection, *, fresh: bool = False) -> "CollectionForm":
        """The form of a collection; a `fresh` one holds what stands and not what was sent."""
        held = {
            "title": collection.title,
            "introduction": collection.introduction,
            "version": collection.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)


class NewCollectionForm(ProgrammeChoice, CollectionForm):
    """A new collection, and the programme that it belongs to."""

    order = ("programme", *CollectionForm.order)


class DocumentForm(Form):
    """The file of a resource: `content`, `media_type` and `filename` are known once it is valid."""

    document = FileField("Choose a file", widget=GovFileInput())
    content = b""
    media_type = filename = ""

    def validate_document(self, field: Any) -> None:
        """Refuse what is no document, or may do harm."""
        if not field.data:
            raise ValidationError("Choose a file")
        self.content = field.data.read()
        try:
            kind = document_type(self.content, field.data.filename or "")
        except UnusableDocumentError as error:
            raise ValidationError(str(error)) from error
        self.media_type, self.filename = kind.media_type, safe_name(field.data.filename or "", kind)


class SessionsForm(Form):
    """The sessions of one event that a resource belongs to."""

    sessions = SelectMultipleField("Sessions", widget=GovCheckboxesInput(), validate_choice=False)

    def offer(self, sessions: Iterable[Session]) -> None:
        """Let it belong to some of these."""
        self.sessions.choices = [
            SelectChoice(one.public_id, one.title) for one in sessions if one.kind is not SessionKind.BREAK
        ]


class ManagedSearch:
    """What organisers look for among the resources that they look after, as given in the address."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.text = clean_line(args.get("q", ""))[:100]
        state = args.get("state", "")
        self.to_review = state == TO_REVIEW
        self.state = LibraryState(state) if state in set(LibraryState) else None
        self.kind = ResourceKind(args["kind"]) if args.get("kind") in set(ResourceKind) else None
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> ManagedFilter:
        """The search as a query takes it."""
        return ManagedFilter(text=self.text, state=self.state, kind=self.kind, to_review=self.to_review)

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there is."""
        return self.wanted() != ManagedFilter()

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "q": self.text,
            "state": TO_REVIEW if self.to_review else self.state.value if self.state else "",
            "kind": self.kind.value if self.kind else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})


def _lines(text: str | None) -> list[str]:
    return list(dict.fromkeys(name for one in (text or "").split("\n") if (name := clean_line(one))))
