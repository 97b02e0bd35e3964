"""Beginning reflections, writing in them, and sharing them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.dates import DayField, Typed
from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line, lines
from webapp.blueprints.guards import GuardedForm
from webapp.blueprints.merging import MergingForm
from webapp.models.reflections import (
    LONGEST_ANSWER,
    LONGEST_TITLE,
    TITLE,
    Asked,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionEntry,
    Team,
)
from webapp.services.reflections import EntryWords

ALONE = "alone"
MAY = (SelectChoice("read", "Read it"), SelectChoice("write", "Read it and write in it"))


class TitleForm(GuardedForm):
    """What something is called."""

    guarded = ("title",)
    passes_unchanged = True

    title = StringField(
        "What do you call it?",
        widget=GovTextInput(),
        filters=[line],
        description="Only you and those you share it with see this.",
        validators=[Given("Enter what you call it"), AtMost(LONGEST_TITLE, "The title")],
    )


class BeginForm(TitleForm):
    """A new reflection: alone, or with a team."""

    who = RadioField(
        "Who writes it?",
        widget=GovRadioInput(),
        validators=[OneOf("Select who writes it")],
        validate_choice=False,
    )
    order = ("title", "who")

    def offer(self, teams: list[Team]) -> None:
        """Let it be written alone or with one of these teams."""
        self.who.choices = [SelectChoice(ALONE, "I do, alone")]
        self.who.choices += [SelectChoice(team.public_id, f"The team “{team.name}” together") for team in teams]


class EntryAboutForm(GuardedForm):
    """A new entry: its day, and what it is about."""

    guarded: Collection[str] = ("title",)

    held_on = DayField("Day", description="Such as 14/6/2027 or 14 June 2027.", validators=[Typed("Enter the day")])
    title = StringField(
        "What is it about? (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Such as supervision, or a meeting of the team.",
        validators=[AtMost(LONGEST_TITLE, "What it is about")],
    )
    order = ("held_on", "title")


class EntryForm(MergingForm, EntryAboutForm):
    """An entry with an answer to each prompt; the fields of the prompts are made by `entry_form`.

    `unfinished` names the fields that hold words which wait for their writer, and are not what stands.
    """

    asked: Asked
    unfinished = HiddenField()

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers by which what is written is kept, by the names of its fields."""
        return dict(_numbered(self.asked))

    def written(self) -> set[int]:
        """The numbers of what was written here since the form was opened, or holds words that waited."""
        names = self.touched() | set((self.unfinished.data or "").split())
        return {no for name, no in self.numbers.items() if name in names}

    def words(self, waiting: Collection[int] = ()) -> EntryWords:
        """What was typed, as the service takes it."""
        return EntryWords(
            held_on=self.held_on.data,
            title=self.title.data or "",
            texts={no: self[name].data or "" for no, name in prompt_names(self.asked)},
            waiting=waiting,
            settled=self.written() - set(waiting),
        )


def prompt_names(asked: Asked) -> Iterator[tuple[int, str]]:
    """Each prompt's number with the name of its field."""
    return ((prompt.no, f"p{prompt.no}") for prompt in asked.prompts)


def entry_form(
    asked: Asked,
    entry: ReflectionEntry,
    answers: Mapping[int, ReflectionAnswer],
    waiting: Mapping[int, ReflectionChange] | None = None,
    *,
    fresh: bool = False,
) -> EntryForm:
    """The form of an entry, with the words that wait in place of what stands; a `fresh` one holds nothing sent."""
    fields: dict[str, Any] = {
        name: TextAreaField(
            prompt.text,
            widget=GovTextArea(),
            filters=[lines],
            validators=[AtMost(LONGEST_ANSWER, "The answer")],
        )
        for (_, name), prompt in zip(prompt_names(asked), asked.prompts, strict=True)
    }
    order = ("held_on", "title", *fields)
    kind = type("AskedEntryForm", (EntryForm,), {**fields, "asked": asked, "order": order})
    held: dict[str, Any] = {name: answers[no].text for no, name in prompt_names(asked) if no in answers}
    held |= {"held_on": entry.held_on, "title": entry.title, "version": entry.version}
    shown = held | {name: waiting[no].text for name, no in _numbered(asked) if waiting and no in waiting}
    form: EntryForm = kind(formdata=None, data=held) if fresh else kind(data=shown)
    form.guarded = ("title", *fields)
    # What was saved as somebody typed was not looked through, so it is now.
    form.passes_unchanged = entry.checked
    for name, no in _numbered(asked):
        if waiting and no in waiting:
            _put_on_top(form, name, held.get(name, ""), answers.get(no), waiting[no])
    return form


def _numbered(asked: Asked) -> Iterator[tuple[str, int]]:
    yield "title", TITLE
    yield from ((name, no) for no, name in prompt_names(asked))


def _put_on_top(
    form: EntryForm, name: str, standing: str, answer: ReflectionAnswer | None, own: ReflectionChange
) -> None:
    """Let a form know that a field holds words which wait, and what stands below them."""
    form.unfinished.data = f"{form.unfinished.data or ''} {name}".strip()
    if answer is not None and answer.changed_at > own.at and answer.changed_by_id != own.by_id:
        # Somebody wrote there since: saving is to set both beside each other.
        form.carry(**{name: None})
        form.version.data = 0
    else:
        form.carry(**{name: standing})


class SharingForm(Form):
    """Whom to share with: a person by address, or a team of one's own."""

    whom = RadioField(
        "With whom?", widget=GovRadioInput(), validators=[OneOf("Select with whom")], validate_choice=False
    )
    email = StringField(
        "Their e-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="The one that they registered or sign in with. They are told by a letter.",
        validators=[AtMost(254, "The address")],
    )
    may = RadioField(
        "What may they do?",
        widget=GovRadioInput(),
        choices=list(MAY),
        validators=[OneOf("Select what they may do")],
        validate_choice=False,
    )
    order = ("whom", "email", "may")

    def offer(self, teams: list[Team]) -> None:
        """Let it be shared with a person, or one of these teams."""
        self.whom.choices = [SelectChoice("person", "A person")]
        self.whom.choices += [SelectChoice(team.public_id, f"The team “{team.name}”") for team in teams]

    def validate_email(self, field: StringField) -> None:
        """Refuse a person without an address."""
        if self.whom.data == "person":
            EmailAddress()(self, field)


class TeamForm(GuardedForm):
    """A new team."""

    guarded = ("name",)

    name = StringField(
        "What is the team called?",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the team is called"), AtMost(LONGEST_TITLE, "The name")],
    )


class MemberForm(Form):
    """Whom to add to a team."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="The one that they registered or sign in with. They are told by a letter.",
        validators=[Given("Enter an e-mail address"), EmailAddress()],
    )
