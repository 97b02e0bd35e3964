"""Inviting somebody to help with an event, and changing what they may do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line
from webapp.formats.typed import british_day
from webapp.models.accounts import EVENT_ROLES, Role
from webapp.templating import british_date

LAST_YEAR = 2199


class RolesForm(Form):
    """Which roles, and until when; a day counts as it is in the event's time zone."""

    order = ("name", "email", "roles", "until")

    roles = SelectMultipleField(
        "What they may do",
        choices=[SelectChoice(role.value, role.label) for role in EVENT_ROLES],
        validators=[Given("Choose what they may do")],
        validate_choice=False,
    )
    until = StringField(
        "Until (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="The last day, for example 14 June 2027. Without it, the role holds until somebody takes it away.",
    )
    # The roles as the page showed them, to notice what others changed meanwhile.
    seen = HiddenField()

    def __init__(self, *, zone: str, now: datetime, last_day: date | None = None, **values: object) -> None:
        super().__init__(until=british_date(last_day) if last_day else "", **values)
        self._zone, self._now = ZoneInfo(zone), now
        self.ends: datetime | None = None

    def validate_roles(self, field: SelectMultipleField) -> None:
        """Refuse what is no role."""
        if not set(field.data or ()) <= set(EVENT_ROLES):
            raise ValidationError("Choose from the list")

    def validate_until(self, field: StringField) -> None:
        """Refuse what is no date, or is over; what is one becomes the moment at which that day ends."""
        if not field.data:
            return
        try:
            day = british_day(field.data)
        except (ValueError, OverflowError) as error:
            raise ValidationError("“Until” must be a real date, like 14 June 2027") from error
        if day < self._now.astimezone(self._zone).date():
            raise ValidationError("“Until” must be today or later")
        if day.year > LAST_YEAR:
            raise ValidationError(f"“Until” must be in {LAST_YEAR} or earlier")
        self.ends = datetime.combine(day + timedelta(days=1), time(), self._zone).astimezone(UTC)

    @property
    def chosen(self) -> list[Role]:
        """The roles ticked, once the form was found valid."""
        return [role for role in EVENT_ROLES if role in set(self.roles.data or ())]


class InviteForm(RolesForm):
    """The same for somebody who is named."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter their full name"), AtMost(200, "Full name")],
    )
    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="They sign in with this address, by a link that we send to it.",
        validators=[Given("Enter their e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
