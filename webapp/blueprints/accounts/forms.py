"""Signing in and one's own account."""

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField

from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line


class LinkForm(Form):
    """Ask for a link by mail."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter your e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
    next = HiddenField()


class PasswordForm(LinkForm):
    """Sign in by password."""

    password = PasswordField("Password", widget=GovPasswordInput(), validators=[Given("Enter your password")])


class NewPasswordForm(Form):
    """Set or change the password; it may be pasted and shown, and there is no longest one."""

    password = PasswordField("New password", widget=GovPasswordInput(), validators=[Given("Enter a new password")])


class NameForm(Form):
    """The name on one's profile."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter your full name"), AtMost(200, "Full name")],
    )
