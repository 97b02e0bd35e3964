"""Who somebody is, as another writes it down: an organiser, or a person who passes a place on."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line
from webapp.models.organisations import Sector
from webapp.queries.organisations import Known
from webapp.services.registrations import Identity


class Offered(Given):
    """Refuses what is not among the choices."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            field.data = None
        super().__call__(form, field)


class PersonForm(Form):
    """Who somebody is, written down by another."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the full name"), AtMost(200, "Full name")],
    )
    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="Letters about this registration go there.",
        validators=[Given("Enter the e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
    organisation = StringField(
        "Organisation",
        widget=GovTextInput(),
        filters=[line],
        description="Choose from the suggestions or type another name.",
        validators=[Given("Enter the organisation"), AtMost(200, "Organisation")],
    )
    sector = RadioField(
        "Sector",
        widget=GovRadioInput(),
        choices=[SelectChoice(sector.value, sector.label) for sector in Sector],
        validators=[Offered("Select the sector")],
        validate_choice=False,
    )
    role = StringField(
        "Role",
        widget=GovTextInput(),
        filters=[line],
        description="For example, social worker, family help worker or health visitor",
        validators=[Given("Enter the role"), AtMost(200, "Role")],
    )

    order = ("name", "email", "organisation", "sector", "role", "mode", "past_queue")


def identity_from(form: PersonForm, organisation: Known | None) -> Identity:
    """Who somebody is, as the service takes it; a known organisation goes by its own name."""
    return Identity(
        name=str(form.name.data),
        email=str(form.email.data),
        organisation_name=organisation.name if organisation else str(form.organisation.data),
        organisation_id=organisation.id if organisation else None,
        sector=Sector(form.sector.data),
        role=str(form.role.data),
    )
