"""The forms in which a document is sent that holds an issue, and in which what was found in it is corrected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from wtforms import BooleanField, Field, FileField, StringField, TextAreaField, ValidationError

from webapp.blueprints.dates import NumberField, Typed
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.manage.publications.article_forms import kind_field
from webapp.blueprints.manage.publications.forms import MOST_ISSUES
from webapp.folding import clean_line
from webapp.models.publications import LONGEST_TEXT, LONGEST_TITLE, MOST_AUTHORS, ArticleKind
from webapp.services.publications import AuthorWords, IssueWords
from webapp.services.publications.importing import LONGEST_NAME, Chosen


class ReadInForm(Form):
    """A document as a file, or pasted."""

    file = FileField("Document")
    text = TextAreaField("Or paste its text here", widget=GovTextArea())
    order = ("file", "text")

    def validate_file(self, field: Any) -> None:
        """Refuse a form without a file and without a text."""
        if not getattr(field.data, "filename", "") and not (self.text.data or "").strip():
            raise ValidationError("Choose a document, or paste its text below")


class Row(NamedTuple):
    """The fields of an article that was found, and its place among them."""

    place: int
    take: Field
    title: Field
    kind: Field
    authors: Field


class Authors:
    """Refuses authors who are too many, who have no name, or of whom too much is said."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, _form: Any, field: Any) -> None:
        authors = authors_in(field.data or "")
        if len(authors) > MOST_AUTHORS:
            raise ValidationError(f"Name {MOST_AUTHORS} authors of article {self.number} or fewer")
        for author in authors:
            if not author.name:
                raise ValidationError(f"Begin each line of the authors of article {self.number} with a name")
            if max(map(len, (author.name, author.role, author.organisation))) > LONGEST_NAME:
                sentence = "Each name, role and organisation of the authors of article"
                raise ValidationError(f"{sentence} {self.number} must be {LONGEST_NAME} characters or fewer")


class FoundForm(Form):
    """What was found in a document; the fields of its articles are made by `found_form`."""

    title = StringField(
        "Title of the issue",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the title of the issue"), AtMost(LONGEST_TITLE, "Title of the issue")],
    )
    number = NumberField("Number", most=MOST_ISSUES, validators=[Typed("Enter the number of the issue")])
    season = StringField(
        "Season or month (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="As it stands on the cover, such as “Autumn 2027”.",
        validators=[AtMost(60, "Season or month")],
    )
    acknowledgements = TextAreaField(
        "Acknowledgements (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_TEXT, "Acknowledgements")],
    )
    places: Sequence[int]
    order: Sequence[str] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The fields of each article, in the order of the document."""
        for place in self.places:
            yield Row(place, *(self[f"a{place}_{part}"] for part in ("take", "title", "kind", "authors")))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it should be; an article that is left out needs no title."""
        valid = super().validate(extra_validators)
        taken = [row for row in self.rows if row.take.data]
        for row in taken:
            if not row.title.data:
                row.title.errors = [*row.title.errors, f"Enter the title of article {row.place + 1}, or leave it out"]
                valid = False
        if not taken:
            first = next(self.rows)
            first.take.errors = [*first.take.errors, "Choose an article at least"]
            valid = False
        return valid

    def words(self) -> IssueWords:
        """What was typed of the issue itself, as the service takes it."""
        return IssueWords(
            title=str(self.title.data),
            number=self.number.data,
            season=self.season.data or "",
            acknowledgements=self.acknowledgements.data or "",
        )

    def chosen(self) -> list[Chosen]:
        """The articles that are to be taken, as they were corrected."""
        return [
            Chosen(
                place=row.place,
                title=str(row.title.data),
                kind=ArticleKind(row.kind.data),
                authors=authors_in(row.authors.data or ""),
            )
            for row in self.rows
            if row.take.data
        ]


def found_form(suggested: Sequence[Chosen], held: Mapping[str, Any]) -> FoundForm:
    """The form of what was found; `held` is what the document says of the issue itself."""
    fields: dict[str, Any] = {}
    data = dict(held)
    for one in suggested:
        name, number = f"a{one.place}", one.place + 1
        fields |= {
            f"{name}_take": BooleanField("Take this article into the issue", widget=GovCheckboxInput()),
            f"{name}_title": StringField(
                "Title",
                widget=GovTextInput(),
                filters=[line],
                validators=[AtMost(LONGEST_TITLE, f"The title of article {number}")],
            ),
            f"{name}_kind": kind_field(),
            f"{name}_authors": TextAreaField(
                "Authors (optional)",
                widget=GovTextArea(),
                filters=[lines],
                description="Each on a line: name; role; organisation",
                validators=[Authors(number)],
            ),
        }
        data |= {
            f"{name}_take": True,
            f"{name}_title": one.title,
            f"{name}_kind": one.kind.value,
            f"{name}_authors": "\n".join(_written(author) for author in one.authors),
        }
    order = ("title", "number", "season", "acknowledgements", *fields)
    kind = type("IssueFoundForm", (FoundForm,), {**fields, "places": [one.place for one in suggested], "order": order})
    form: FoundForm = kind(data=data)
    return form


def authors_in(text: str) -> list[AuthorWords]:
    """Those who are named, each on a line: name, role and organisation with semicolons between them."""
    found = []
    for each in text.split("\n"):
        if clean_line(each):
            # A role may have semicolons of its own.
            name, *rest = (clean_line(part) for part in each.split(";"))
            role, organisation = (rest[:-1], rest[-1]) if len(rest) > 1 else (rest, "")
            found.append(AuthorWords(name=name, role="; ".join(role), organisation=organisation))
    return found


def _written(author: AuthorWords) -> str:
    if author.organisation or ";" in author.role:
        return f"{author.name}; {author.role}; {author.organisation}".rstrip()
    return f"{author.name}; {author.role}" if author.role else author.name
