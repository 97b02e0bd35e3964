"""Registering: one page of questions, the event's own among them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextArea, GovTextInput
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import LONGEST_TEXT, AskingForm, OneOf, answers_in, as_list, field_for, field_name
from webapp.blueprints.forms import AtMost, CarriedNumber, EmailAddress, Form, Given, line, lines
from webapp.models.events import Event, EventQuestion, Mode
from webapp.models.organisations import Sector
from webapp.queries.organisations import Known
from webapp.services.registrations import Application


class RegistrationForm(AskingForm):
    """What is asked of everybody; with the event's own questions, see form_for()."""

    fixed_email: str

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter your full name"), AtMost(200, "Full name")],
    )
    organisation = StringField(
        "Organisation",
        widget=GovTextInput(),
        filters=[line],
        description="Who you work for. Choose from the suggestions or type another name.",
        validators=[Given("Enter the organisation you work for"), AtMost(200, "Organisation")],
    )
    sector = RadioField(
        "Sector",
        widget=GovRadioInput(),
        choices=[SelectChoice(sector.value, sector.label) for sector in Sector],
        validators=[OneOf("Select the sector you work in")],
        validate_choice=False,
    )
    role = StringField(
        "Your role",
        widget=GovTextInput(),
        filters=[line],
        description="For example, social worker, family help worker or health visitor",
        validators=[Given("Enter your role"), AtMost(200, "Role")],
    )
    access = TextAreaField(
        "Access needs (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="What would help you take part, such as captions, a BSL interpreter or large print. "
        "Only the event's owner and access lead see this, and it is deleted 30 days after the event.",
        validators=[AtMost(LONGEST_TEXT, "Access needs")],
    )


class _WithEmail(Form):
    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="We send your confirmation and the calendar invitation here.",
        validators=[
            Given("Enter your e-mail address"),
            AtMost(254, "E-mail address"),
            EmailAddress(),
        ],
    )


class _WithPrivacy(Form):
    privacy = BooleanField(
        "I have read how my information is used",
        widget=GovCheckboxInput(),
        validators=[Given("Confirm that you have read how your information is used")],
    )


class _WithMeals(Form):
    dietary = TextAreaField(
        "Dietary needs (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="If food is provided. Seen and deleted in the same way.",
        validators=[AtMost(LONGEST_TEXT, "Dietary needs")],
    )


def form_for(
    event: Event,
    questions: Iterable[EventQuestion],
    *,
    now: datetime,
    changing: bool = False,
    fixed_email: str = "",
    data: Mapping[str, Any] | None = None,
) -> RegistrationForm:
    """The form of one event. When changing, address and way of taking part are not asked; nor is a fixed address."""
    questions = list(questions)
    bases: list[type[Form]] = [RegistrationForm]
    before = data if changing and data else {}
    fields: dict[str, Any] = {
        field_name(question): field_for(question, given=as_list(before.get(field_name(question))))
        for question in questions
    }
    if changing:
        fields["version"] = CarriedNumber()
    else:
        bases += [_WithPrivacy] if fixed_email else [_WithEmail, _WithPrivacy]
        if len(event.modes) > 1:
            fields["mode"] = _mode_field(event, now)
    if Mode.IN_PERSON in event.modes:
        bases.append(_WithMeals)
    made = type("EventRegistrationForm", tuple(bases), fields)
    form: RegistrationForm = made(data=dict(data or {}))
    form.questions = questions
    form.fixed_email = fixed_email
    asked = [field_name(question) for question in questions]
    form.order = ("name", "email", "organisation", "sector", "role", "mode", *asked, "access", "dietary", "privacy")
    return form


def answers_of(form: RegistrationForm) -> dict[str, Any]:
    """What was filled in, as plain values for the half-finished registration."""
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


def asked_by(event: Event, questions: Iterable[EventQuestion]) -> str:
    """What an event asks and offers, in a form to compare: answers given to something else need another look."""
    asked = [
        (one.public_id, one.kind.value, one.required, *one.choices, one.depends_on_id, *one.depends_on_values)
        for one in questions
    ]
    return repr((asked, [mode.value for mode in event.modes]))


def application_from(
    answers: Mapping[str, Any],
    event: Event,
    questions: Iterable[EventQuestion],
    organisation: Known | None,
    *,
    notice_version: str,
) -> Application:
    """What was filled in, as the service takes it; a known organisation goes by its own name."""
    questions = list(questions)
    given = answers_in(questions, answers)
    return Application(
        name=answers["name"],
        email=answers.get("email", ""),
        organisation_name=organisation.name if organisation else answers["organisation"],
        organisation_id=organisation.id if organisation else None,
        sector=Sector(answers["sector"]),
        role=answers["role"],
        mode=Mode(answers["mode"]) if answers.get("mode") else event.modes[0],
        access=answers.get("access") or "",
        dietary=answers.get("dietary") or "",
        answers={one.public_id: given[one.id] for one in questions if given.get(one.id)},
        notice_version=notice_version,
        invited=answers.get("invited", ""),
    )


def _mode_field(event: Event, now: datetime) -> RadioField:
    full = {places.mode for places in event.places if not event.has_room_at(places, now)}
    suffix = " (full: waiting list)" if event.has_queue_at(now) else " (full)"
    labels = {mode: f"{mode.label}{suffix if mode in full else ''}" for mode in event.modes}
    return RadioField(
        "How will you take part?",
        widget=GovRadioInput(),
        choices=[SelectChoice(mode.value, label) for mode, label in labels.items()],
        validators=[OneOf("Select how you will take part")],
        validate_choice=False,
    )


class OwnLinkForm(Form):
    """Have the link of one's own invitation sent again."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter your e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
