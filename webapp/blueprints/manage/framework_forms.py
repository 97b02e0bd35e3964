"""Keeping reflective tools: what they are called, and their outcomes with their prompts."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.manage.programme_choice import ProgrammeChoice
from webapp.blueprints.merging import MergingForm
from webapp.models.events import Event
from webapp.models.reflections import LONGEST_ABOUT, LONGEST_PROMPT, LONGEST_TITLE, Framework, Outcome
from webapp.services.reflections import OutcomeWords

NEW_ONES = 3


class AboutForm(MergingForm):
    """What a tool is called, and what it is for."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the tool is called"), AtMost(LONGEST_TITLE, "Title")],
    )
    summary = TextAreaField(
        "What is it for?",
        widget=GovTextArea(),
        filters=[lines],
        description="A sentence or two for those who decide whether to begin.",
        validators=[Given("Enter what the tool is for"), AtMost(LONGEST_ABOUT, "What it is for")],
    )
    order: tuple[str, ...] = ("title", "summary")

    @classmethod
    def of(cls, framework: Framework, *, fresh: bool = False) -> "AboutForm":
        """The form of a tool; a `fresh` one holds what stands and not what was sent."""
        held = {"title": framework.title, "summary": framework.summary, "version": framework.version}
        return cls(formdata=None, data=held) if fresh else cls(data=held)


class NewFrameworkForm(ProgrammeChoice, AboutForm):
    """A new tool, and the programme that it belongs to."""

    order = ("programme", "title", "summary")


class OutcomeForm(MergingForm):
    """An outcome; the fields of its prompts are made by `outcome_form`."""

    title = StringField(
        "Outcome",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the outcome"), AtMost(LONGEST_TITLE, "Outcome")],
    )
    about = TextAreaField(
        "What is meant by it? (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_ABOUT, "What is meant by it")],
    )
    prompts: dict[str, int | None]

    def words(self) -> OutcomeWords:
        """What was typed, as the service takes it."""
        typed = [(no, self[name].data or "") for name, no in self.prompts.items()]
        return OutcomeWords(title=self.title.data, about=self.about.data or "", prompts=typed)


def outcome_form(outcome: Outcome | None, version: int, *, fresh: bool = False) -> OutcomeForm:
    """The form of an outcome, or of a new one; a `fresh` one holds what stands and not what was sent."""
    names: dict[str, int | None] = {f"p{prompt.no}": prompt.no for prompt in outcome.prompts} if outcome else {}
    names |= {f"new{number}": None for number in range(1, NEW_ONES + 1)}
    fields: dict[str, Any] = {
        name: TextAreaField(
            f"Prompt {place}" if no else f"Prompt {place} (optional)",
            widget=GovTextArea(),
            filters=[line],
            validators=[AtMost(LONGEST_PROMPT, f"Prompt {place}")],
        )
        for place, (name, no) in enumerate(names.items(), start=1)
    }
    order = ("title", "about", *fields)
    kind = type("PromptedOutcomeForm", (OutcomeForm,), {**fields, "prompts": names, "order": order})
    held: dict[str, Any] = {"version": version}
    if outcome:
        held |= {"title": outcome.title, "about": outcome.about}
        held |= {f"p{prompt.no}": prompt.text for prompt in outcome.prompts}
    form: OutcomeForm = kind(formdata=None, data=held) if fresh else kind(data=held)
    return form


class SendForm(Form):
    """The event to whose people a tool is sent."""

    event = RadioField(
        "To those who came to which event?",
        widget=GovRadioInput(),
        validators=[OneOf("Select an event")],
        validate_choice=False,
    )

    def offer(self, events: Iterable[Event]) -> None:
        """Let it be one of these events."""
        self.event.choices = [SelectChoice(one.public_id, one.title) for one in events]
