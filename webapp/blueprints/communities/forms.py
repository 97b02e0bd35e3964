"""Looking through the topics of a community, beginning one, answering, and changing what one wrote."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlencode

from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.communities.keeping_forms import PollFields, PollForm
from webapp.blueprints.forms import AtMost, ButtonForm, CarriedNumber, Form, Given, line, lines, page_number
from webapp.blueprints.guards import GuardedForm, Place, State
from webapp.blueprints.taking_files import KeepingForm, title_from
from webapp.formats import posts
from webapp.models.communities import Community, Participation
from webapp.models.programmes import Theme
from webapp.models.topics import LONGEST_POST, LONGEST_TITLE, MOST_FILES, Post, PostDraft, PostFile, TopicKind
from webapp.queries.topics import TopicFilter
from webapp.services.topics import Enclosure, Enclosures, Start, Words

LARGEST_FILE = 20 * 1024 * 1024
MOST_MENTIONED = 20
KINDS = {
    TopicKind.DISCUSSION: "share something, or think aloud together",
    TopicKind.QUESTION: "ask, and mark the post that answers it",
    TopicKind.ISSUE: "raise what stands in the way, so that somebody takes it on",
    TopicKind.ANNOUNCEMENT: "tell everybody something, as a moderator",
}


class TopicsForm:
    """Which topics of a community are asked for, as given in the address; what cannot be understood is left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.kind = TopicKind(args["kind"]) if args.get("kind") in set(TopicKind) else None
        self.category = args.get("category", "")[:12]
        self.unanswered = self.kind is TopicKind.QUESTION and args.get("answer") == "none"
        self.page = page_number(args.get("page", ""))

    def wanted(self, community: Community) -> TopicFilter:
        """The same as a query takes it."""
        category = next((one for one in community.categories if one.public_id == self.category), None)
        if category is None:
            self.category = ""
        category_id = category.id if category else None
        return TopicFilter(kind=self.kind, category_id=category_id, unanswered=self.unanswered)

    def query(self, **changes: str | int | None) -> str:
        """The same as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "category": self.category,
            "kind": self.kind.value if self.kind else "",
            "answer": "none" if self.unanswered else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there is."""
        return bool(self.kind or self.category)


def _body(label: str, missing: str, what: str) -> TextAreaField:
    return TextAreaField(
        label,
        widget=GovTextArea(),
        filters=[lambda value: posts.clean(value or "")],
        validators=[Given(missing), AtMost(LONGEST_POST, what)],
    )


class PostForm(GuardedForm, KeepingForm):
    """What somebody writes, with files; with it they accept the rules of conduct in force, if they did not yet."""

    guarded: Sequence[str] = ("body",)
    place = Place.SHARED
    largest = LARGEST_FILE
    most = MOST_FILES

    body = _body("What do you want to say?", "Write something first", "A post")
    files = MultipleFileField("Attach documents (optional)", widget=GovFileInput())
    accepts = BooleanField("I have read the rules of conduct, and keep to them", widget=GovCheckboxInput())
    rules_number = CarriedNumber()
    order: Sequence[str] = ("body", "files", "accepts")
    # What a draft is kept of.
    drafted: Sequence[str] = ("body",)
    asks_for_rules = False
    # Whether the topic was closed while somebody wrote.
    is_late = False

    def ask_for_rules(self, community: Community, participation: Participation | None) -> Self:
        """Ask for the rules in force to be accepted, unless that was done."""
        accepted = participation.rules_accepted if participation is not None else 0
        self.asks_for_rules = accepted != community.rules_number
        if self.asks_for_rules and self.rules_number.data != community.rules_number:
            # Others than these were read, or none yet.
            self.accepts.data = False
            self.rules_number.raw_data, self.rules_number.data = None, community.rules_number
        return self

    def begin_with(self, values: Mapping[str, Any]) -> Self:
        """Put values into the fields, unless the form was sent."""
        if not self.is_submitted():
            for name, value in values.items():
                if name in self.drafted:
                    self[name].data = value
        return self

    def take_up(self, draft: PostDraft | None) -> Self:
        """Go on with what was kept of the form."""
        return self.begin_with(draft.content) if draft is not None else self

    def draft(self) -> dict[str, str]:
        """What is kept of the form until it is sent."""
        return {name: str(self[name].data or "") for name in self.drafted}

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse more mentions than anybody means."""
        if len(posts.mentions(field.data or "")) > MOST_MENTIONED:
            raise ValidationError(f"Mention {MOST_MENTIONED} people or fewer: each is written to")

    def validate_files(self, field: MultipleFileField) -> None:
        """Keep the files that can be taken; refuse the others."""
        self.take(field.data)

    def validate_accepts(self, field: BooleanField) -> None:
        """Refuse to go on without the rules."""
        if self.asks_for_rules:
            Given("Read and accept the rules of conduct")(self, field)

    def hold_files(self) -> None:
        """Keep the files that were sent along, while nothing else of the form is."""
        with suppress(ValidationError):
            self.take(self.files.data)

    def words(self) -> Words:
        """What was written, as a service takes it."""
        waits = self.guard.state is State.WAITS
        return Words(body=str(self.body.data), waits=waits, kept=self.guard.record, once=True)

    def enclosures(self) -> Enclosures:
        """The files that were sent along, as a service takes them."""
        added = [
            Enclosure(written=one.written, title=title_from(one.filename), filename=one.filename) for one in self.kept
        ]
        return Enclosures(added=added)


class ReplyForm(PostForm):
    """An answer in a topic."""

    body = _body("Your answer", "Write your answer first", "An answer")


def _title() -> StringField:
    return StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description="Say in a few words what it is about, so that others find it.",
        validators=[Given("Enter a title"), AtMost(LONGEST_TITLE, "The title")],
    )


class BeginForm(PollFields, PostForm):
    """A new topic with its first post, and a poll where one is wanted."""

    guarded = ("title", "body", "poll_question", "poll_choices")

    title = _title()
    kind = RadioField(
        "What do you begin?", widget=GovRadioInput(), validators=[OneOf("Select what you begin")], validate_choice=False
    )
    category = SelectField("Category", widget=GovSelect(), validate_choice=False)
    theme = SelectField("Strand or theme (optional)", widget=GovSelect(), validate_choice=False)
    order = ("kind", "title", "category", "theme", "body", "files", *PollForm.order, "accepts")
    drafted = ("kind", "title", "category", "theme", "body", "poll_question", "poll_choices")

    def offer(self, community: Community, themes: Sequence[Theme], *, moderates: bool) -> Self:
        """Let the kinds, the community's categories and the programme's themes be chosen from."""
        kinds = [one for one in TopicKind if moderates or one is not TopicKind.ANNOUNCEMENT]
        self.kind.choices = [SelectChoice(one.value, f"{one.label}: {KINDS[one]}") for one in kinds]
        self.category.choices = [("", "None"), *((one.public_id, one.name) for one in community.categories)]
        self.theme.choices = [("", "None"), *((one.public_id, one.name) for one in themes)]
        self._categories = {one.public_id: one.id for one in community.categories}
        self._themes = {one.public_id: one.id for one in themes}
        return self

    def start(self) -> Start:
        """What the topic begins with, as the service takes it."""
        return Start(
            title=str(self.title.data),
            kind=TopicKind(self.kind.data),
            category_id=self._categories.get(self.category.data or ""),
            theme_id=self._themes.get(self.theme.data or ""),
            poll=self.poll(),
        )


class EditForm(PostForm):
    """A post changed by its writer; of the first of a topic, with the title."""

    guarded: Sequence[str] = ("title", "body")
    passes_unchanged = True

    title = _title()
    body = _body("Your post", "Write something, or delete the post", "A post")
    version = CarriedNumber()
    removed = SelectMultipleField("Files to take away", validate_choice=False)
    order = ("title", "body", "removed", "files")

    @classmethod
    def of(cls, post: Post, files: Sequence[PostFile], title: str | None) -> Self:
        """The form of a post that stands."""
        form = cls(data={"body": post.body, "version": post.version, "title": title or ""})
        form.most = MOST_FILES - len(files)
        if title is None:
            del form.title
            form.guarded = ("body",)
        return form

    def enclosures(self) -> Enclosures:
        """The files that come and go."""
        return Enclosures(added=super().enclosures().added, removed=frozenset(self.removed.data or ()))


class DraftForm(Form):
    """What a page sends to be kept for its writer alone: nothing of it has to be complete."""

    kind = HiddenField(validators=[AtMost(20, "The kind")])
    title = HiddenField(filters=[line], validators=[AtMost(LONGEST_TITLE, "The title")])
    category = HiddenField(validators=[AtMost(12, "The category")])
    theme = HiddenField(validators=[AtMost(12, "The theme")])
    poll_question = HiddenField(filters=[line], validators=[AtMost(200, "The question of the poll")])
    poll_choices = HiddenField(filters=[lines], validators=[AtMost(3_000, "What there is to choose")])
    body = HiddenField(
        filters=[lambda value: posts.clean(value or "")], validators=[AtMost(LONGEST_POST, "What you write")]
    )
    order = ("title", "body")

    def content(self, names: Sequence[str]) -> dict[str, str]:
        """What is kept of these fields; nothing where neither title nor words were typed."""
        if not (self.title.data or self.body.data):
            return {}
        return {name: str(self[name].data or "") for name in names}


class AcceptForm(ButtonForm):
    """The button that accepts the rules of a number."""

    number = CarriedNumber()
