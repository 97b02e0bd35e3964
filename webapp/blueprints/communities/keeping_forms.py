"""Which issues a board shows, how an issue goes on, polls, and topics moved, merged and split."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.dates import ClockField, DayField, NumberField
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line, lines, page_number
from webapp.blueprints.guards import GuardedForm, Place
from webapp.models.accounts import Person
from webapp.models.communities import Community
from webapp.models.events import moment
from webapp.models.programmes import Theme
from webapp.models.topics import LONGEST_TITLE, IssueStage, Topic
from webapp.queries.topics import IssueFilter
from webapp.services.topics import FEWEST_CHOICES, MOST_CHOICES, PollWords
from webapp.templating import british_date

LONGEST_CHOICE = 200
ZONE = "Europe/London"
NO_STRAND = "none"


class BoardForm:
    """Which issues of a board are asked for, as given in the address; what cannot be understood is left out."""

    def __init__(self, args: MultiDict[str, str]) -> None:
        self.stage = IssueStage(args["stage"]) if args.get("stage") in set(IssueStage) else None
        self.theme = args.get("theme", "")[:12]
        self.owner = args.get("owner", "")[:12]
        self.overdue = args.get("overdue") == "yes"
        self.page = page_number(args.get("page", ""))

    def wanted(self, themes: Sequence[Theme], owners: Sequence[Person], today: date) -> IssueFilter:
        """The same as a query takes it."""
        theme = next((one.id for one in themes if one.public_id == self.theme), None)
        owner = next((one.id for one in owners if one.public_id == self.owner), None)
        if self.theme == NO_STRAND:
            theme = 0
        self.theme = self.theme if theme is not None else ""
        self.owner = self.owner if owner is not None else ""
        return IssueFilter(stage=self.stage, theme_id=theme, owner_id=owner, overdue_on=today if self.overdue else None)

    def query(self, **changes: str | int | None) -> str:
        """The same as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "stage": self.stage.value if self.stage else "",
            "theme": self.theme,
            "owner": self.owner,
            "overdue": "yes" if self.overdue else "",
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there is."""
        return bool(self.stage or self.theme or self.owner or self.overdue)


class IssueForm(Form):
    """How an issue is to stand."""

    stage = RadioField(
        "How far has it come?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in IssueStage],
        validators=[OneOf("Select how far it has come")],
        validate_choice=False,
    )
    owner = StringField(
        "Who answers for it (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="The @handle of somebody who reads this community.",
        validators=[AtMost(41, "The handle")],
    )
    due_on = DayField("To be answered by (optional)", description="For example, 14 June 2027.")
    is_meant = BooleanField("I mean a day that is past", widget=GovCheckboxInput())
    version = CarriedNumber()
    order = ("stage", "owner", "due_on")
    # Whether the day is past, so that it is asked about.
    asks_for_past = False

    def ask_about(self, today: date, stands: date | None) -> Self:
        """Take a day before `today` only by its own tick, unless that is how the issue `stands` already."""
        self._today, self._stands = today, stands
        return self

    def validate_due_on(self, field: DayField) -> None:
        """Refuse to let an issue be overdue at once by a slip."""
        if field.data is None or field.data >= self._today or field.data == self._stands:
            return
        self.asks_for_past = True
        if not self.is_meant.data:
            on = british_date(field.data)
            raise ValidationError(f"{on} is past. Enter another date, or say that you mean it")

    @property
    def handle(self) -> str:
        """The handle that was typed, as it is stored."""
        return str(self.owner.data or "").removeprefix("@").casefold()


def _choices(text: str | None) -> list[str]:
    return [one for one in (line(each) for each in (text or "").splitlines()) if one]


class PollFields(GuardedForm):
    """The fields of a poll; all of them may be left empty where a poll is no matter of course."""

    poll_question = StringField(
        "The question",
        widget=GovTextInput(),
        filters=[line],
        validators=[AtMost(200, "The question")],
    )
    poll_choices = TextAreaField(
        "The choices",
        widget=GovTextArea(),
        filters=[lines],
        description=f"Each on a line of its own, {FEWEST_CHOICES} to {MOST_CHOICES} of them.",
    )
    poll_most = NumberField("How many may each person choose?", most=MOST_CHOICES, default=1)
    poll_closes_on = DayField(
        "Closing date (optional)",
        description="For example, 14 June 2027. Results are shown to those who voted, and to all once it is closed.",
    )
    poll_closes_at = ClockField("Closing time (optional)", description="For example, 5pm. Without one, it is midnight.")

    def validate_poll_choices(self, field: TextAreaField) -> None:
        """Refuse too few or too many choices, long ones, and the same twice; and a question without any."""
        choices, asked = _choices(field.data), self["poll_question"].data
        if not choices and not asked:
            return
        if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
            raise ValidationError(f"Enter {FEWEST_CHOICES} to {MOST_CHOICES} choices, each on a line of its own")
        if any(len(one) > LONGEST_CHOICE for one in choices):
            raise ValidationError(f"Each choice must be {LONGEST_CHOICE} characters or fewer")
        if len({one.casefold() for one in choices}) < len(choices):
            raise ValidationError("Two of the choices are the same")

    def validate_poll_question(self, field: StringField) -> None:
        """Refuse choices without a question."""
        if _choices(self["poll_choices"].data) and not field.data:
            raise ValidationError("Enter what the poll asks")

    def poll(self) -> PollWords | None:
        """The poll as the service takes it; None where nothing was filled in."""
        question, choices = str(self.poll_question.data or ""), _choices(self.poll_choices.data)
        if not question:
            return None
        most: Any = self.poll_most.data
        return PollWords(
            question=question, choices=choices, most=min(most or 1, len(choices)), closes_at=self._closes_at()
        )

    def _closes_at(self) -> datetime | None:
        day: Any = self.poll_closes_on.data
        if day is None:
            return None
        at: Any = self.poll_closes_at.data
        return moment(day, at, ZONE, end=True)


class PollForm(PollFields):
    """A poll added to a topic by its writer."""

    guarded = ("poll_question", "poll_choices")
    place = Place.SHARED
    order = ("poll_question", "poll_choices", "poll_most", "poll_closes_on", "poll_closes_at")

    def validate_poll_question(self, field: StringField) -> None:
        """Refuse no question."""
        Given("Enter what the poll asks")(self, field)


class MoveForm(Form):
    """Where a topic belongs."""

    to = SelectField("Where does it belong?", widget=GovSelect(), validate_choice=False)
    agreed = BooleanField(
        "I know who will read it there, and that those who wrote it can live with that", widget=GovCheckboxInput()
    )
    order = ("to", "agreed")

    def offer(self, topic: Topic, communities: Sequence[Community]) -> Self:
        """Let the categories of these communities be chosen, the topic's own community first."""
        self._here = topic.community_id
        self._places: dict[str, tuple[Community, int | None]] = {}
        labels = []
        for community in communities:
            own = "This community" if community.id == topic.community_id else community.name
            for category in (None, *community.categories):
                value = f"{community.public_id}.{category.public_id if category else ''}"
                self._places[value] = (community, category.id if category else None)
                labels.append((value, f"{own}: {category.name if category else 'no category'}"))
                if not self.is_submitted() and (community.id, self._places[value][1]) == (
                    self._here,
                    topic.category_id,
                ):
                    self.to.data = value
        self.to.choices = labels
        return self

    def validate_to(self, field: SelectField) -> None:
        """Refuse what is not offered."""
        if field.data not in self._places:
            raise ValidationError("Select where it belongs")

    def validate_agreed(self, field: BooleanField) -> None:
        """Refuse to let others read a topic by a slip."""
        place = self._places.get(self.to.data or "")
        if place is not None and place[0].id != self._here and not field.data:
            raise ValidationError("In another community others read it: say that you know that")

    def place(self) -> tuple[Community, int | None]:
        """The community and the category that were chosen."""
        return self._places[str(self.to.data)]


class MergeForm(Form):
    """Into which topic another goes."""

    into = SelectField("Into which topic?", widget=GovSelect(), validate_choice=False)
    address = StringField(
        "Or its address (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Copied from the browser, where it is not in the list.",
        validators=[AtMost(500, "The address")],
    )
    order = ("into", "address")

    def offer(self, topics: Sequence[Topic]) -> Self:
        """Let these topics be chosen from."""
        self.into.choices = [("", "Select a topic"), *((one.public_id, one.title) for one in topics)]
        return self

    @property
    def public_id(self) -> str:
        """The public id of the topic that was chosen, or whose address was given; empty where none was."""
        address = str(self.address.data or "").split("?")[0].split("#")[0].rstrip("/")
        if "/topics/" in address:
            return address.rpartition("/topics/")[2].split("/")[0].rpartition("-")[2]
        return str(self.into.data or "")


class SplitForm(GuardedForm):
    """Which posts stand in a topic of their own, and under which title."""

    guarded = ("title",)
    place = Place.SHARED
    order = ("posts", "and_later", "title")

    posts = SelectMultipleField(
        "Which posts?", widget=GovCheckboxesInput(), validators=[Given("Select the posts")], validate_choice=False
    )
    and_later = BooleanField("And all posts after the last of them", widget=GovCheckboxInput())
    title = StringField(
        "Title of the new topic",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter a title"), AtMost(LONGEST_TITLE, "The title")],
    )
