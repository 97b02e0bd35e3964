"""What organisers fill in about registrations: who somebody is, notes, tags, and decisions about many."""

from collections.abc import Iterable, Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextArea, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import as_list, field_for, field_name
from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, line, lines
from webapp.blueprints.guards import GuardedForm
from webapp.blueprints.manage.forms import RegistrationSearch
from webapp.blueprints.merging import MergingForm
from webapp.blueprints.registrations.forms import answers_of
from webapp.blueprints.registrations.people import Offered, PersonForm
from webapp.guarding import ABOUT_FAMILIES
from webapp.models.events import Event, EventQuestion, Mode
from webapp.queries.registrations import Chosen
from webapp.services.registrations import Application, Decision, Identity

# What can be done to many: the value in the address, and how the page calls it.
MANY: Mapping[str, str] = {
    "approve": "Approve requests",
    "decline": "Decline requests",
    "promote": "Give places to people who wait",
    "cancel": "Cancel registrations",
    "tag": "Add a tag",
    "untag": "Remove a tag",
}
MOST_TICKED = 200


class CorrectionForm(MergingForm, PersonForm):
    """What was said of a registration, as it was shown."""


class NoteForm(GuardedForm):
    """A note for the other organisers."""

    guarded = ("text",)
    kinds = ABOUT_FAMILIES

    text = TextAreaField(
        "Note",
        widget=GovTextArea(),
        filters=[lines],
        description="For the organisers of this event. Never shown to the person, who may ask for a copy by law.",
        validators=[Given("Write something first"), AtMost(2000, "Note")],
    )


class TagForm(Form):
    """A tag to be put on, or taken off."""

    word = StringField(
        "Tag",
        widget=GovTextInput(),
        filters=[line],
        description="A word or two, such as “speaker dinner”. Only organisers see it.",
        validators=[Given("Enter a tag"), AtMost(60, "Tag")],
    )


class ManyForm(Form):
    """A decision about many, with the number that was read."""

    number = CarriedNumber()


class ManyReasonForm(ManyForm):
    """The same with a reason for all of them."""

    reason = TextAreaField(
        "Reason (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="We put it in the letter to each of them as you write it.",
        validators=[AtMost(500, "Reason")],
    )


class ManyTagForm(ManyForm, TagForm):
    """The same with a tag."""


def form_for_many(what: str) -> ManyForm:
    """The form that confirms what is to be done to many."""
    return {"decline": ManyReasonForm, "tag": ManyTagForm, "untag": ManyTagForm}.get(what, ManyForm)()


class Choice:
    """What is to be done, and to which registrations, as given in the address."""

    def __init__(self, args: MultiDict[str, str], zone: str) -> None:
        self.search = RegistrationSearch(args, zone)
        what, self.who = args.get("do", ""), args.get("who", "ticked")
        self.what = what if what in MANY else ""
        ticked = args.getlist("row") if self.who == "ticked" else args.get("shown", "").split(".")
        self.public_ids = tuple(dict.fromkeys(one for one in ticked if one))[:MOST_TICKED]

    @property
    def decision(self) -> Decision | None:
        """What is decided; None where it is about a tag."""
        return Decision(self.what) if self.what in list(Decision) else None

    @property
    def chosen(self) -> Chosen:
        """The same as a query takes it."""
        return Chosen(wanted=self.search.wanted()) if self.who == "all" else Chosen(public_ids=self.public_ids)

    @property
    def is_empty(self) -> bool:
        return self.who != "all" and not self.public_ids

    @property
    def fields(self) -> list[tuple[str, str]]:
        """All of it as names and values, to be given on."""
        given = [("do", self.what), ("who", "all" if self.who == "all" else "ticked"), *self.search.values.items()]
        return given if self.who == "all" else given + [("row", one) for one in self.public_ids]


def adding_form(event: Event, questions: Iterable[EventQuestion]) -> PersonForm:
    """The form by which an organiser adds somebody; the event's own questions need no answer."""
    questions = [_optional(question) for question in questions if not question.for_organisers]
    fields: dict[str, Any] = {field_name(question): field_for(question) for question in questions}
    if len(event.modes) > 1:
        fields["mode"] = RadioField(
            "Taking part",
            widget=GovRadioInput(),
            choices=[SelectChoice(mode.value, mode.label) for mode in event.modes],
            validators=[Offered("Select how they take part")],
            validate_choice=False,
        )
    fields["past_queue"] = BooleanField(
        "Give a place even though people are on the waiting list",
        widget=GovCheckboxInput(),
        description="Only a place that is free. Otherwise this person goes to the end of the waiting list.",
    )
    form: PersonForm = type("AddingForm", (PersonForm,), fields)()
    form.questions = questions
    return form


def application_of(form: PersonForm, event: Event, who: Identity, *, notice_version: str) -> Application:
    """What an organiser filled in about somebody, as the service takes it."""
    answers = answers_of(form)
    given = {question.public_id: as_list(answers.get(field_name(question))) for question in form.questions}
    return Application(
        name=who.name,
        email=who.email,
        organisation_name=who.organisation_name,
        organisation_id=who.organisation_id,
        sector=who.sector,
        role=who.role,
        mode=Mode(answers["mode"]) if answers.get("mode") else event.modes[0],
        answers={key: value for key, value in given.items() if value},
        notice_version=notice_version,
    )


def _optional(question: EventQuestion) -> EventQuestion:
    """A copy that belongs to no session and must not be answered."""
    kept = ("public_id", "kind", "label", "help", "choices", "position")
    return EventQuestion(required=False, **{name: getattr(question, name) for name in kept})
