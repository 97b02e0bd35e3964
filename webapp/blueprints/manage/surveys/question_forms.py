"""The forms of a survey's sections and questions."""

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextArea, GovTextInput
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.dates import NumberField
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.merging import MergingForm
from webapp.models.surveys_asked import (
    LONGEST_CHOICE,
    LONGEST_HELP,
    LONGEST_QUESTION,
    LONGEST_STATEMENT,
    Asked,
    Condition,
    Kind,
    Question,
    Scale,
    Section,
)
from webapp.services.surveys import QuestionWording


class SectionForm(MergingForm):
    """A heading over some questions."""

    title = StringField(
        "Heading",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter a heading"), AtMost(LONGEST_QUESTION, "Heading")],
    )
    help = TextAreaField(
        "Text below it (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_HELP, "The text")],
    )
    order = ("title", "help", "session")
    session: SelectField

    @classmethod
    def of(
        cls, sessions: Sequence[tuple[str, str]], section: Section | None, version: int, *, sent: bool = True
    ) -> "SectionForm":
        """The form of a section, or of a new one; `sessions` are those that it may be about, by public id.

        Without what was `sent` it holds what stands.
        """
        field = SelectField(
            "Ask only those who came to a session (optional)",
            widget=GovSelect(),
            choices=[SelectChoice("", "Ask everybody"), *(SelectChoice(value, text) for value, text in sessions)],
            validate_choice=False,
            description="Goes by sign-ups and attendance. Who is not known is asked whether they came to it.",
        )
        data: dict[str, Any] = {"version": version}
        if section:
            data |= {"title": section.title, "help": section.help, "session": section.session}
        more = {} if sent else {"formdata": None}
        made: SectionForm = type("SectionOfForm", (cls,), {"session": field} if sessions else {})(data=data, **more)
        return made

    @property
    def chosen(self) -> str:
        """The public id of the session that was chosen, or nothing."""
        return str(self.session.data or "") if "session" in self else ""

    def validate_session(self, field: SelectField) -> None:
        """Refuse a session that is not offered."""
        if field.data and field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Select a session of this event")


class SurveyQuestionForm(MergingForm):
    """One question as it is written."""

    label = TextAreaField(
        "Question",
        widget=GovTextArea(),
        filters=[line],
        description="As people will read it; of a statement, its heading.",
        validators=[Given("Enter the question"), AtMost(LONGEST_QUESTION, "Question")],
    )
    help = TextAreaField(
        "Help text (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Below the question: why you ask, or an example. Of a statement, all its text.",
        validators=[AtMost(LONGEST_STATEMENT, "Help text")],
    )
    kind = StringField("Kind of answer")
    choices = TextAreaField(
        "Choices, one on each line",
        widget=GovTextArea(),
        filters=[lines],
        description="Of a matrix, its columns. A line that you only reword keeps what was answered.",
        validators=[AtMost(20_000, "The choices")],
    )
    other = BooleanField("“Other”, in one’s own words, may be chosen too", widget=GovCheckboxInput())
    rows = TextAreaField(
        "Rows, one on each line",
        widget=GovTextArea(),
        filters=[lines],
        description="What is asked about, each answered by one of the columns.",
        validators=[AtMost(10_000, "The rows")],
    )
    scale = SelectField(
        "Words of the scale",
        widget=GovSelect(),
        choices=[SelectChoice(one.value, one.label) for one in Scale],
        default=Scale.AGREEMENT.value,
        validate_choice=False,
    )
    points = NumberField("Points of the rating", least=3, most=10, description="From 3 to 10.", default=5)
    low = StringField(
        "Words at the lowest point (optional)",
        widget=GovTextInput(),
        filters=[line],
        validators=[AtMost(LONGEST_CHOICE, "The words")],
    )
    high = StringField(
        "Words at the highest point (optional)",
        widget=GovTextInput(),
        filters=[line],
        validators=[AtMost(LONGEST_CHOICE, "The words")],
    )
    required = BooleanField("It must be answered", widget=GovCheckboxInput())
    splits = BooleanField(
        "Split the results by the answers to it",
        widget=GovCheckboxInput(),
        description="For what tells who answers, such as a sector or a role.",
    )
    depends = SelectMultipleField(validate_choice=False)
    order = (
        "label", "help", "kind", "choices", "other", "rows", "scale", "points", "low", "high", "splits", "required",
        "depends", "section",
    )  # fmt: skip
    section: SelectField
    asked = Asked()

    @classmethod
    def of(cls, asked: Asked, question: Question | None, version: int, *, sent: bool = True) -> "SurveyQuestionForm":
        """The form of a question in this document, or of a new one; without what was `sent` it holds what stands."""
        home = asked.section_of(question.no) if question else None
        field = SelectField(
            "Section",
            widget=GovSelect(),
            choices=[SelectChoice(str(one.no), one.title) for one in asked.sections],
            validate_choice=False,
            description="In another section it comes at the end.",
        )
        made: SurveyQuestionForm = type("QuestionOfForm", (cls,), {"section": field} if home else {})(
            data={"version": version} | (_values(question, home) if question else {}),
            **({} if sent else {"formdata": None}),
        )
        made.asked = asked
        return made

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words; answers that decide by their labels."""
        if name == "kind" and value in list(Kind):
            return Kind(value).label
        if name == "depends":
            return ", ".join(_answers(self.asked, value or ())) or "Not given"
        return super().in_words(name, value)

    def validate_kind(self, field: StringField) -> None:
        """Refuse what is no kind of question."""
        if field.data not in list(Kind):
            raise ValidationError("Select what kind of answer you want")

    def validate_scale(self, field: SelectField) -> None:
        """Refuse what is no scale."""
        if field.data not in list(Scale):
            raise ValidationError("Select the words of the scale")

    def validate_section(self, field: SelectField) -> None:
        """Refuse a section that there is not."""
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Select a section of this survey")

    def validate_depends(self, field: SelectMultipleField) -> None:
        """Refuse answers to several questions, and what is no answer."""
        parts = [value.partition(":") for value in field.data or ()]
        if any(not (no.isdigit() and value.isdigit() and len(no + value) < 12) for no, _, value in parts):
            raise ValidationError("Select answers that are offered")
        if len({no for no, _, _ in parts}) > 1:
            raise ValidationError("Select answers to one question only")

    @property
    def home(self) -> int:
        """The number of the section that was chosen, 0 where none could be."""
        return int(self.section.data) if "section" in self else 0

    def wording(self) -> QuestionWording:
        """The question as the service takes it; the form must have been found valid."""
        chosen = [value.partition(":") for value in self.depends.data or ()]
        values = tuple(int(value) for _, _, value in chosen)
        return QuestionWording(
            kind=Kind(self.kind.data),
            label=self.label.data,
            help=self.help.data,
            required=bool(self.required.data),
            choices=_lines(self.choices.data),
            other=bool(self.other.data),
            rows=_lines(self.rows.data),
            scale=Scale(self.scale.data),
            points=self.points.data or 5,
            low=self.low.data,
            high=self.high.data,
            splits=bool(self.splits.data),
            shown=Condition(question=int(chosen[0][0]), values=values) if chosen else None,
        )


class PlaceForm(Form):
    """Put a section or question at another place; 0 is over the upper edge."""

    place = NumberField("Place", least=0, most=1000)


def _values(question: Question, home: Section | None) -> dict[str, Any]:
    """A question under the names of the form's fields."""
    shown = question.shown
    return {
        "label": question.label,
        "help": question.help,
        "kind": question.kind.value,
        "choices": "\n".join(one.label for one in question.choices),
        "other": bool(question.other),
        "rows": "\n".join(one.label for one in question.rows),
        "scale": question.scale.value,
        "points": question.points,
        "low": question.low,
        "high": question.high,
        "splits": question.splits,
        "required": question.required,
        "depends": [f"{shown.question}:{value}" for value in shown.values] if shown else [],
        "section": str(home.no) if home else "",
    }


def _answers(asked: Asked, values: Sequence[str]) -> list[str]:
    found = []
    for value in values:
        no, _, answer = value.partition(":")
        question = asked.question(int(no)) if no.isdigit() else None
        options = {str(one.no): one.label for one in question.options} if question else {}
        found.append(options.get(answer, answer))
    return found


def _lines(text: str | None) -> list[str]:
    return [clean for one in (text or "").splitlines() if (clean := line(one))]
