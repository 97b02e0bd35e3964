"""What a person chooses about their calendar."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import CarriedNumber, Form
from webapp.models.accounts import Alarm


class ChoiceForm(Form):
    """With which reminder events stand in the calendar, and whether by day or by session."""

    # How many letters they know of that their choice brings.
    confirmed = CarriedNumber()
    alarm = RadioField(
        "Should your calendar remind you?",
        choices=[SelectChoice(one.value, one.label) for one in Alarm],
        widget=GovRadioInput(),
        validators=[OneOf("Select when your calendar should remind you, or no reminder")],
        validate_choice=False,
    )
    entries = RadioField(
        "How should an event stand in your calendar?",
        choices=[
            SelectChoice("day", "One entry for the event, with its hours each day"),
            SelectChoice("session", "One entry for each of your sessions"),
        ],
        widget=GovRadioInput(),
        validators=[OneOf("Select how events stand in your calendar")],
        validate_choice=False,
    )
