"""The forms in which an article is written and credited, and its figures are described."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp import clock
from webapp.blueprints.dates import NumberField
from webapp.blueprints.downloads import files_folder
from webapp.blueprints.forms import AtMost, Given, line, lines
from webapp.blueprints.manage.publications.forms import listed, messages_field, prose
from webapp.blueprints.merging import MergingForm
from webapp.errors import NotFound
from webapp.folding import fold
from webapp.formats.photos import UnusablePhotoError, whole_picture
from webapp.models.programmes import Theme
from webapp.models.publications import (
    LONGEST_BODY,
    LONGEST_CAPTION,
    LONGEST_QUOTE,
    LONGEST_STANDFIRST,
    LONGEST_TITLE,
    MOST_AUTHORS,
    MOST_QUOTES,
    Article,
    ArticleKind,
    Figure,
)
from webapp.models.speakers import Speaker
from webapp.services import files
from webapp.services.publications import ArticleWords, AuthorWords, Drawn, FigureWords, QuoteWords

NEW_QUOTES, NEW_AUTHORS = 2, 2
_QUOTE = re.compile(r"q([0-9]{1,4})_text")
_AUTHOR = re.compile(r"a([0-9]{1,2})_name")


def kind_field() -> SelectField:
    """What an article is within its issue."""
    return SelectField(
        "What is it?",
        widget=GovSelect(),
        choices=[SelectChoice(kind.value, kind.label) for kind in ArticleKind],
        default=ArticleKind.ARTICLE.value,
    )


def title_field() -> StringField:
    """What an article is called."""
    return StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the title of the article"), AtMost(LONGEST_TITLE, "Title")],
    )


class NewArticleForm(MergingForm):
    """A new article: its title, and what it is."""

    title = title_field()
    kind = kind_field()
    order = ("title", "kind")


class WritingForm(MergingForm):
    """What an article says; the fields of its quotes are made by `writing_form`."""

    title = title_field()
    kind = kind_field()
    standfirst = TextAreaField(
        "Standfirst (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="A sentence or two under the title that say what it is about. They stand in the contents, too.",
        validators=[AtMost(LONGEST_STANDFIRST, "Standfirst")],
    )
    key_messages = messages_field("What a reader in a hurry should take from it, one on each line.")
    body = TextAreaField(
        "Text",
        widget=GovTextArea(),
        filters=[prose],
        validators=[AtMost(LONGEST_BODY, "Text")],
    )
    quotes: Mapping[str, int | None]
    # Passages of the text whose other words were chosen, and that were changed by hand as well.
    left: Sequence[Any] = ()

    def validate_body(self, _field: TextAreaField) -> None:
        """Refuse to take other words in place of what was changed by hand."""
        if self.left:
            raise ValidationError(
                "You changed a passage below for which you chose the other words. Change it below, or choose again"
            )

    @property
    def quote_fields(self) -> list[tuple[int | None, Any, Any]]:
        """The number of each quote, None for a new one, with its two fields."""
        return [(no, self[f"{name}_text"], self[f"{name}_who"]) for name, no in self.quotes.items()]

    def words(self) -> ArticleWords:
        """What was typed, as the service takes it."""
        return ArticleWords(
            title=str(self.title.data),
            kind=ArticleKind(self.kind.data),
            standfirst=self.standfirst.data or "",
            body=self.body.data or "",
            key_messages=listed(self.key_messages.data),
            quotes=tuple(
                QuoteWords(text=text.data or "", who=who.data or "", no=no)
                for no, text, who in self.quote_fields
                if text.data
            ),
        )


def writing_form(article: Article, *, fresh: WritingForm | None = None) -> WritingForm:
    """The form of an article; where `fresh` is given, one with its fields that holds what stands and not what was sent.

    A quote that somebody else takes out meanwhile keeps its field, and one that they add gets one.
    """
    stands = {quote["no"]: quote for quote in article.quotes}
    # Only numbers that were once given: nobody makes a thousand fields by naming them.
    numbers = set(stands) | {no for no in _sent(_QUOTE) if no <= article.last_quote}
    names: dict[str, int | None] = {f"q{no}": no for no in sorted(numbers)}
    room = min(NEW_QUOTES, max(0, MOST_QUOTES - len(names)))
    names |= {f"new{number}": None for number in range(1, room + 1)}
    fields: dict[str, Any] = {}
    for name, no in names.items():
        called = f"Quote {no}" if no else "A new quote"
        fields[f"{name}_text"] = TextAreaField(
            f"{called} (optional)",
            widget=GovTextArea(),
            filters=[line],
            validators=[AtMost(LONGEST_QUOTE, called)],
        )
        fields[f"{name}_who"] = StringField(
            f"Who said it{f' (quote {no})' if no else ''} (optional)",
            widget=GovTextInput(),
            filters=[line],
            validators=[AtMost(200, "Who said it")],
        )
    order = ("title", "kind", "standfirst", "body", *fields, "key_messages")
    kind = type("QuotingForm", (WritingForm,), {**fields, "quotes": names, "order": order})
    held: dict[str, Any] = {
        "title": article.title,
        "kind": article.kind.value,
        "standfirst": article.standfirst,
        "body": article.body,
        "key_messages": "\n".join(article.key_messages),
        "version": article.version,
    }
    for no, quote in stands.items():
        held |= {f"q{no}_text": quote["text"], f"q{no}_who": quote["who"]}
    form: WritingForm = kind(formdata=None, data=held) if fresh is not None else kind(data=held)
    return form


class CreditForm(MergingForm):
    """Who wrote an article, in order, and what it is about; the fields of its authors are made by `credit_form`."""

    themes = SelectMultipleField("What is it about? (optional)", widget=GovCheckboxesInput(), validate_choice=False)
    people: Sequence[int]
    offered: Mapping[str, Speaker]
    about: Mapping[str, int]

    @property
    def rows(self) -> list[tuple[int, Any, Any, Any, Any, Any]]:
        """The fields of each author: number, name, role, organisation, profile and place."""
        parts = ("name", "role", "organisation", "speaker", "place")
        return [(no, *(self[f"a{no}_{part}"] for part in parts)) for no in self.people]

    def authors(self) -> list[AuthorWords]:
        """Those who were named, by their places."""
        named = [row for row in self.rows if row[1].data]
        named.sort(key=lambda row: (row[5].data or MOST_AUTHORS, row[0]))
        return [
            AuthorWords(
                name=name.data,
                role=role.data or "",
                organisation=organisation.data or "",
                speaker_id=self.offered[speaker.data].id if speaker.data in self.offered else None,
            )
            for _, name, role, organisation, speaker, _ in named
        ]

    def theme_ids(self) -> list[int]:
        """The ids of the themes that were chosen."""
        return [self.about[one] for one in self.themes.data or () if one in self.about]


def credit_form(
    article: Article,
    themes: Sequence[Theme],
    speakers: Mapping[str, Iterable[Speaker]],
    *,
    fresh: CreditForm | None = None,
) -> CreditForm:
    """The form of an article's authors; `speakers` are, by folded name, those who may be meant."""
    most = max([len(article.authors), *_sent(_AUTHOR)])
    people = range(1, min(MOST_AUTHORS, max(most, len(article.authors) + NEW_AUTHORS)) + 1)
    fields: dict[str, Any] = {}
    held: dict[str, Any] = {
        "version": article.version,
        "themes": [theme.public_id for theme in article.themes],
    }
    offered: dict[str, Speaker] = {}
    for no in people:
        author = article.authors[no - 1] if no <= len(article.authors) else None
        meant = list(speakers.get(fold(author.name)[:200], ())) if author else []
        if author and author.speaker and author.speaker.id not in {one.id for one in meant}:
            meant.append(author.speaker)
        offered |= {one.public_id: one for one in meant}
        fields |= _author_fields(no, meant)
        if author:
            held |= {
                f"a{no}_name": author.name,
                f"a{no}_role": author.role,
                f"a{no}_organisation": author.organisation_name,
                f"a{no}_speaker": author.speaker.public_id if author.speaker else "",
                f"a{no}_place": no,
            }
    order = (*fields, "themes")
    more = {
        **fields,
        "people": people,
        "offered": offered,
        "order": order,
        "about": {one.public_id: one.id for one in themes},
    }
    kind = type("AuthorsForm", (CreditForm,), more)
    form: CreditForm = kind(formdata=None, data=held) if fresh is not None else kind(data=held)
    form.themes.choices = [SelectChoice(theme.public_id, theme.name) for theme in themes]
    return form


def _author_fields(no: int, meant: Sequence[Speaker]) -> dict[str, Any]:
    choices = [SelectChoice("", "No profile")]
    for one in meant:
        work = ", ".join(filter(None, (one.name, one.organisation.name if one.organisation else "")))
        choices.append(SelectChoice(one.public_id, work))
    return {
        f"a{no}_name": _text("Name (optional)", f"The name of author {no}"),
        f"a{no}_role": _text("Role (optional)", f"The role of author {no}"),
        f"a{no}_organisation": _text("Organisation (optional)", f"The organisation of author {no}"),
        f"a{no}_speaker": SelectField("Speaker profile", widget=GovSelect(), choices=choices, validate_choice=False),
        f"a{no}_place": NumberField("Place in the order (optional)", most=99),
    }


def _text(label: str, what: str) -> StringField:
    return StringField(label, widget=GovTextInput(), filters=[line], validators=[AtMost(200, what)])


class PictureForm(MergingForm):
    """A picture that is chosen once: browsers let go of a file when the form comes back, so a receipt stands for it."""

    receipt = HiddenField()
    picture = FileField("Picture", widget=GovFileInput())
    thing = ""
    holder = ""
    taken: Drawn | None = None
    needs_picture = False

    def validate_picture(self, field: Any) -> None:
        """Take a picture that was sent, or the one that a receipt is for; refuse what is none."""
        given, self.receipt.data, self.receipt.raw_data = self.receipt.data, "", None
        if field.data:
            try:
                self._take(field.data.read())
            except UnusablePhotoError as error:
                raise ValidationError(str(error).replace("photo", "picture")) from error
            return
        if given:
            try:
                self._take(files.redeem(given, self.thing, self.holder, folder=files_folder()))
            except NotFound as gone:
                raise ValidationError("The picture is no longer kept: choose it again") from gone
        elif self.needs_picture:
            raise ValidationError("Choose the picture")

    def _take(self, content: bytes) -> None:
        whole = whole_picture(content)
        written = files.write(whole.content, "image/jpeg", folder=files_folder(), now=clock.now())
        self.taken = Drawn(written=written, width=whole.width, height=whole.height)
        self.receipt.data = files.receipt(written, self.thing, self.holder)


class FigureForm(PictureForm):
    """A figure, and what is said of it."""

    alt = TextAreaField(
        "Alternative text",
        widget=GovTextArea(),
        filters=[line],
        description=(
            "For people who cannot see it: what the picture shows, and of a chart what it says."
            " Or say below that it only decorates."
        ),
        validators=[AtMost(1_000, "Alternative text")],
    )
    is_decoration = BooleanField("It only decorates: it says nothing that the text does not", widget=GovCheckboxInput())
    caption = TextAreaField(
        "Caption (optional)",
        widget=GovTextArea(),
        filters=[line],
        description="What stands under the picture.",
        validators=[AtMost(LONGEST_CAPTION, "Caption")],
    )
    credit = StringField(
        "Credit (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Whose picture it is, such as “Photograph: Ann Lee”.",
        validators=[AtMost(200, "Credit")],
    )
    order = ("picture", "alt", "is_decoration", "caption", "credit")

    @classmethod
    def of(cls, article: Article, figure: Figure | None, *, holder: str, fresh: bool = False) -> "FigureForm":
        """The form of a figure, or of a new one, of an article."""
        held: dict[str, Any] = {"version": article.version}
        if figure is not None:
            names = ("alt", "is_decoration", "caption", "credit")
            held |= {name: getattr(figure, name) for name in names}
        form = cls(formdata=None, data=held) if fresh else cls(data=held)
        form.thing, form.holder, form.needs_picture = article.public_id, holder, figure is None
        return form

    def validate_alt(self, field: TextAreaField) -> None:
        """Refuse no description, and one of what is said to need none: it would be lost."""
        described(field, self.is_decoration)

    def words(self) -> FigureWords:
        """What was typed, as the service takes it."""
        return FigureWords(
            alt=self.alt.data or "",
            is_decoration=bool(self.is_decoration.data),
            caption=self.caption.data or "",
            credit=self.credit.data or "",
        )


class CoverForm(PictureForm):
    """The picture on the cover of an issue."""

    alt = StringField(
        "Alternative text",
        widget=GovTextInput(),
        filters=[line],
        description="For people who cannot see it: what the picture shows. Or say below that it only decorates.",
        validators=[AtMost(300, "Alternative text")],
    )
    is_decoration = BooleanField("It only decorates", widget=GovCheckboxInput())
    removes = BooleanField("Take the picture off the cover", widget=GovCheckboxInput())
    order = ("picture", "alt", "is_decoration", "removes")

    def validate_alt(self, field: StringField) -> None:
        """Refuse a picture that is neither described nor said to decorate, unless it is taken off."""
        if not self.removes.data:
            described(field, self.is_decoration)


def described(alt: Field, is_decoration: Field) -> None:
    """Refuse a picture without an alternative text that is not said to decorate, and one with both."""
    if alt.data and is_decoration.data:
        raise ValidationError("Empty the alternative text, or do not say that the picture only decorates")
    if not alt.data and not is_decoration.data:
        raise ValidationError("Enter the alternative text, or say that the picture only decorates")


def _sent(pattern: re.Pattern[str]) -> set[int]:
    """The numbers in the names of fields that were sent."""
    if request.method != "POST":
        return set()
    return {int(found[1]) for name in request.form if (found := pattern.fullmatch(name))}
