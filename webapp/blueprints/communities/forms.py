"""Looking through the topics of a community, beginning one, and answering."""

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, CarriedNumber, Given, line, lines, page_number
from webapp.blueprints.guards import GuardedForm, Place
from webapp.models.communities import Community, Participation
from webapp.models.programmes import Theme
from webapp.models.topics import LONGEST_POST, LONGEST_TITLE, TopicKind
from webapp.queries.topics import TopicFilter
from webapp.services.topics import Start, Words

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
        self.page = page_number(args.get("page", ""))

    def wanted(self, community: Community) -> TopicFilter:
        """The same as a query takes it."""
        category = next((one for one in community.categories if one.public_id == self.category), None)
        if category is None:
            self.category = ""
        return TopicFilter(kind=self.kind, category_id=category.id if category else None)

    def query(self, **changes: str | int | None) -> str:
        """The same as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "category": self.category,
            "kind": self.kind.value if self.kind else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there is."""
        return bool(self.kind or self.category)


class PostForm(GuardedForm):
    """What somebody writes; with it they accept the rules of conduct in force, if they did not yet."""

    guarded: Sequence[str] = ("body",)
    place = Place.SHARED

    body = TextAreaField(
        "What do you want to say?",
        widget=GovTextArea(),
        filters=[lines],
        validators=[Given("Write something first"), AtMost(LONGEST_POST, "A post")],
    )
    accepts = BooleanField("I have read the rules of conduct, and keep to them", widget=GovCheckboxInput())
    rules_number = CarriedNumber()
    order: Sequence[str] = ("body", "accepts")
    asks_for_rules = False

    def ask_for_rules(self, community: Community, participation: Participation | None) -> Self:
        """Ask for the rules in force to be accepted, unless that was done."""
        accepted = participation.rules_accepted if participation is not None else 0
        self.asks_for_rules = accepted != community.rules_number
        if not self.is_submitted():
            self.rules_number.data = community.rules_number
        return self

    def validate_accepts(self, field: BooleanField) -> None:
        """Refuse to go on without the rules."""
        if self.asks_for_rules:
            Given("Read and accept the rules of conduct")(self, field)

    def words(self) -> Words:
        """What was written, as a service takes it."""
        waits = self.guard.state.value == "waits"
        return Words(body=str(self.body.data), waits=waits, kept=self.guard.record)


class ReplyForm(PostForm):
    """An answer in a topic."""

    body = TextAreaField(
        "Your answer",
        widget=GovTextArea(),
        filters=[lines],
        validators=[Given("Write your answer first"), AtMost(LONGEST_POST, "An answer")],
    )


class BeginForm(PostForm):
    """A new topic with its first post."""

    guarded = ("title", "body")

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description="Say in a few words what it is about, so that others find it.",
        validators=[Given("Enter a title"), AtMost(LONGEST_TITLE, "The title")],
    )
    kind = RadioField(
        "What do you begin?", widget=GovRadioInput(), validators=[OneOf("Select what you begin")], validate_choice=False
    )
    category = SelectField("Category", widget=GovSelect(), validate_choice=False)
    theme = SelectField("Strand or theme (optional)", widget=GovSelect(), validate_choice=False)
    order = ("title", "kind", "category", "theme", "body", "accepts")

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
        )

    def to_begin_with(self, values: dict[str, Any]) -> Self:
        """Put values into the fields that nobody sent."""
        if not self.is_submitted():
            for name, value in values.items():
                self[name].data = value
        return self
