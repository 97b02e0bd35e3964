"""The event's own questions as fields of a form, for those who register and for organisers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.forms import AtMost, Given, line, lines
from webapp.blueprints.guards import GuardedForm
from webapp.formats.typed import british_day
from webapp.guarding import ABOUT_FAMILIES
from webapp.models.events import EventQuestion, QuestionKind
from webapp.services.questions import CONSENTED, asked_of, offered
from webapp.templating import british_date

LONGEST_TEXT = 2000
LONGEST_NUMBER = 20
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"-?\d+([.,]\d+)?", re.ASCII)
# How a browser sends that a lone box is ticked.
TICKED = "y"


@dataclass(frozen=True)
class Condition:
    """When a question is asked: the field that decides, the values that do as they are sent, and both in words."""

    field: str
    sent: list[str]
    label: str
    answers: list[str]


class OneOf(Given):
    """Refuses an answer that is not offered."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            field.data = None
        super().__call__(form, field)


class _OneOfIfAny(OneOf):
    def __call__(self, form: Any, field: Any) -> None:
        if field.data:
            super().__call__(form, field)


class _SomeOf(Given):
    """Keeps only choices that are offered; refuses none when the question must be answered."""

    def __init__(self, message: str, *, required: bool) -> None:
        super().__init__(message)
        self.required = required

    def __call__(self, form: Any, field: Any) -> None:
        offered = [choice.value for choice in field.choices]
        field.data = [value for value in field.data or [] if value in offered]
        if self.required:
            super().__call__(form, field)


class _NumberField(StringField):
    """A number as people type it, held as the plain text of a decimal number."""

    data: Any

    def pre_validate(self, _form: Any) -> None:
        """Read what was typed: 1200, 1,200, 2.5 or 2,5."""
        text = (self.data or "").replace(" ", "")
        if not text:
            return
        plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text.replace(",", ".")
        if len(text) > LONGEST_NUMBER or not (_THOUSANDS.fullmatch(text) or _NUMBER.fullmatch(text)):
            raise ValidationError(f"{_bare(self.label.text)}: enter a number, like 12 or 2.5")
        self.data = format(Decimal(plain), "f")


class _DateField(StringField):
    """A date as people type it, held as 2027-06-14 and shown again as they would read it."""

    data: Any

    def _value(self) -> str:
        try:
            return british_date(date.fromisoformat(self.data or ""))
        except ValueError:
            return self.data or ""

    def pre_validate(self, _form: Any) -> None:
        """Read what was typed: 14 June 2027, 14/6/2027 or 2027-06-14."""
        if not self.data:
            return
        try:
            self.data = british_day(self.data).isoformat()
        except (ValueError, OverflowError) as error:
            raise ValidationError(f"{_bare(self.label.text)}: enter a real date, like 14 June 2027") from error


class AskingForm(GuardedForm):
    """A form with questions of the event's own in it; what was not asked is neither needed nor checked.

    Long answers are guarded for what could identify a child or a family. Short ones ask for names and numbers, and in
    all of them people may say where they live and how they can be reached themselves.
    """

    kinds = ABOUT_FAMILIES
    passes_unchanged = True

    questions: Sequence[EventQuestion] = ()
    # What was answered elsewhere, by the ids of those questions.
    known: Mapping[int, Sequence[str]] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything that was asked is answered as it should be."""
        given = {question.id: as_list(self[field_name(question)].data) for question in self.questions}
        asked = {question.id for question in asked_of(self.questions, {**self.known, **given})}
        for question in self.questions:
            if question.id not in asked:
                _pass_over(self[field_name(question)])
        long = [one for one in self.questions if one.kind is QuestionKind.LONG_TEXT and one.id in asked]
        self.guarded = [field_name(question) for question in long]
        return super().validate(extra_validators)

    @property
    def conditions(self) -> dict[int, Condition]:
        """When those questions are asked that are not asked of everybody, by their ids."""
        by_id = {question.id: question for question in self.questions}
        found = {}
        for question in self.questions:
            reason = by_id.get(question.depends_on_id or 0)
            if reason is not None:
                answers = question.depends_on_values
                sent = [TICKED] if reason.kind is QuestionKind.CONSENT else answers
                found[question.id] = Condition(field_name(reason), sent, reason.label, answers)
        return found


def field_name(question: EventQuestion) -> str:
    """The name under which a question stands in a form."""
    return f"q_{question.public_id}"


def as_list(value: str | list[str] | bool | None) -> list[str]:  # noqa: FBT001 -- what a lone box gives
    """An answer as a list of texts: none, one or several."""
    if isinstance(value, list):
        return value
    if value is True:
        return [CONSENTED]
    return [value] if value else []


def answers_in(
    questions: Sequence[EventQuestion], values: Mapping[str, Any], known: Mapping[int, Sequence[str]] | None = None
) -> dict[int, list[str]]:
    """What a form's values answer to those questions that were asked, by their ids; `known` is answered elsewhere."""
    given = {question.id: as_list(values.get(field_name(question))) for question in questions}
    return {question.id: given[question.id] for question in asked_of(questions, {**(known or {}), **given})}


def values_of(questions: Sequence[EventQuestion], given: Mapping[int, Sequence[str]]) -> dict[str, Any]:
    """Answers, by the ids of the questions, as the values of a form's fields."""
    return {
        field_name(question): list(given.get(question.id, ()))
        if question.kind is QuestionKind.SEVERAL_CHOICES
        else "".join(given.get(question.id, ())[:1])
        for question in questions
    }


def field_for(question: EventQuestion, *, given: Sequence[str] = ()) -> Any:
    """The field of a question; an answer `given` before that is no longer offered can still be kept."""
    label = question.label if question.required or question.for_organisers else f"{question.label} (optional)"
    about = {"label": label, "description": question.help}
    must: list[Any] = [Given("Answer this question: " + question.label)] if question.required else []
    choices = [SelectChoice(choice, choice) for choice in offered(question)]
    choices += [SelectChoice(one, f"{one} (no longer offered)") for one in given if one not in offered(question)]
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            length = AtMost(300, "The answer")
            return StringField(widget=GovTextInput(), filters=[line], validators=[*must, length], **about)
        case QuestionKind.LONG_TEXT:
            length = AtMost(LONGEST_TEXT, "The answer")
            return TextAreaField(widget=GovTextArea(), filters=[lines], validators=[*must, length], **about)
        case QuestionKind.NUMBER:
            return _NumberField(widget=GovTextInput(), filters=[line], validators=must, **about)
        case QuestionKind.DATE:
            about["description"] = " ".join(filter(None, (question.help, "For example, 14 June 2027")))
            return _DateField(widget=GovTextInput(), filters=[line], validators=must, **about)
        case QuestionKind.CONSENT:
            agree = [Given("Tick this to go on: " + question.label)] if question.required else []
            return BooleanField(widget=GovCheckboxInput(), validators=agree, **about)
        case QuestionKind.SEVERAL_CHOICES:
            some = _SomeOf("Select at least one: " + question.label, required=question.required)
            return SelectMultipleField(
                widget=GovCheckboxesInput(), choices=choices, validators=[some], validate_choice=False, **about
            )
        case QuestionKind.ONE_CHOICE | QuestionKind.YES_NO:
            rule = OneOf if question.required else _OneOfIfAny
            return RadioField(
                widget=GovRadioInput(),
                choices=choices,
                validators=[rule("Select an answer: " + question.label)],
                validate_choice=False,
                **about,
            )


def _pass_over(field: Any) -> None:
    field.validators = ()
    field.pre_validate = lambda _form: None


def _bare(label: str) -> str:
    return label.removesuffix(" (optional)")
