"""Whom to invite, by which role, and at which domains an address lets its owner join."""

from collections.abc import Iterable, Sequence

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextArea, GovTextInput
from wtforms import BooleanField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line
from webapp.models.belonging import MemberRole
from webapp.services import memberships as services
from webapp.services.admission import DomainsRefused, clean_domains


class RoleForm(Form):
    """By which role somebody belongs."""

    role = RadioField("Role", widget=GovRadioInput(), validators=[OneOf("Select a role")], validate_choice=False)

    def offer(self, roles: Iterable[MemberRole]) -> None:
        """Let it be one of these roles."""
        self.role.choices = [SelectChoice(role.value, role.label) for role in roles]

    @property
    def chosen(self) -> MemberRole:
        """The role, once the form was found valid."""
        return MemberRole(self.role.data)


class InviteForm(RoleForm):
    """Who is invited, and by which role."""

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
        description="The invitation can only be accepted by whoever signs in with this address.",
        validators=[Given("Enter their e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
    order = ("name", "email", "place", "role", "how")


class JoinForm(Form):
    """What somebody is called of whom only the address is known."""

    name = StringField(
        "Your full name",
        widget=GovTextInput(),
        filters=[line],
        description="The people of the area see it.",
        validators=[Given("Enter your full name"), AtMost(200, "Full name")],
    )


class DomainsForm(Form):
    """At which domains an address lets its owner join; `cleaned` holds them once the form was found valid."""

    domains = TextAreaField(
        "Domains, one on each line",
        widget=GovTextArea(),
        description="The part of an e-mail address after the @, like example.gov.uk. Leave it empty to let nobody join"
        " by themselves. Do not enter those at which anybody gets an address.",
    )

    all_over = BooleanField(
        "Yes, everybody at these domains may join and read what is private to the area", widget=GovCheckboxInput()
    )
    kept: Sequence[str] = ()
    widely_used: Sequence[str] = ()

    def validate_domains(self, field: TextAreaField) -> None:
        """Refuse what is no domain, and name it."""
        self.cleaned: list[str] = []
        try:
            self.cleaned = clean_domains(field.data or "")
        except DomainsRefused as refused:
            raise ValidationError("; ".join(refused.problems)) from refused
        if open_to_all := services.anybodys(self.cleaned):
            names = " or ".join(open_to_all)
            raise ValidationError(f"Nearly anybody has an address at {names}. Enter the domain of one body")
        # What the area keeps already was asked about before.
        self.widely_used = [one for one in services.national(self.cleaned) if one not in self.kept]

    def validate_all_over(self, field: BooleanField) -> None:
        """Ask back about domains of people all over the country."""
        if self.widely_used and not field.data:
            names = " and ".join(self.widely_used)
            raise ValidationError(f"People all over the country have addresses at {names}: say whether all may join")
