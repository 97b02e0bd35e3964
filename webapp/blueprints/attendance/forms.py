"""What people type to say that they are there."""

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from webapp.blueprints.forms import AtMost, EmailAddress, Form, Given, line


class CodeForm(Form):
    """The code on the screen, from somebody who is known."""

    order = ("email", "code")

    code = StringField(
        "Code on the screen",
        widget=GovTextInput(),
        filters=[line],
        description="6 letters and digits",
        validators=[Given("Enter the code on the screen"), AtMost(40, "Code")],
    )


class EmailAndCodeForm(CodeForm):
    """The code, and the address that somebody registered with."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        filters=[line],
        description="The address that you registered with",
        validators=[Given("Enter your e-mail address"), AtMost(254, "E-mail address"), EmailAddress()],
    )
