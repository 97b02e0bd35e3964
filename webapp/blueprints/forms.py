"""The shape of input: cleaned alike, refused in words alike, and nothing typed is lost."""

import re
from collections.abc import Sequence
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field, IntegerField, ValidationError
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from webapp.folding import clean_line, clean_text

STALE = "The page was open for too long. Nothing was sent and nothing you typed is lost: check it and send it again"


# Beyond the last page of anything: whoever asks for it is shown the last.
FAR = 10**9


class Form(FlaskForm):
    """The parent of all forms; a stale or missing token is an error on the form, not an abort."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it should be; errors stand on the fields."""
        valid: bool = super().validate(extra_validators)
        token = getattr(self, "csrf_token", None)
        if token is not None and token.errors:
            token.errors = [STALE]
        return valid


class CarriedNumber(IntegerField):
    """A number that a page carries along, such as the version that it showed.

    What is none there, nobody typed: it counts as 0, which is no version, so that the page is read again.
    """

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what the page sent; nothing sent leaves the field as it was."""
        if valuelist:
            text = valuelist[0]
            self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ButtonForm(Form):
    """A single button: nothing but the token."""

    @property
    def problem(self) -> str:
        """The sentence to show when the button was not taken."""
        return "; ".join(str(message) for messages in self.errors.values() for message in messages)


def page_number(text: str) -> int:
    """The number of a page as given in an address; the first where that is none, the last there is where it is far."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return int(text) if len(text) < 10 else FAR


def line(value: str | None) -> str:
    """A filter: one clean line."""
    return clean_line(value or "")


def lines(value: str | None) -> str:
    """A filter: clean text of several lines."""
    return clean_text(value or "")


class Given:
    """Refuses an empty answer, with the sentence that says what to do."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms; the browser's own bubbles are not wanted

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.message)


class AtMost:
    """Refuses an answer that is longer than there is room for, and says by how much."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- as above

    def __init__(self, length: int, what: str) -> None:
        self.length = length
        self.what = what

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data and len(field.data) > self.length:
            raise StopValidation(f"{self.what} must be {self.length} characters or fewer; it has {len(field.data)}")


class EmailAddress:
    """Accepts an e-mail address, and puts it in the form in which it is stored (RFC 6531 domains included)."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- as above

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        try:
            found = validate_email(_joined(field.data or ""), check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError("Enter an e-mail address in the correct format, like name@example.org") from error
        field.data = found.normalized


def _joined(text: str) -> str:
    # Keyboards put a space after a full stop. One between letters may be a missing dot: that is for the person to say.
    return re.sub(r"\s*([@.])\s*", r"\1", text)


def csrf_field() -> Markup:
    """The hidden token, for pages with several buttons, each a form of its own."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def error_list(form: FlaskForm) -> Sequence[dict[str, str]]:
    """The errors of a form for the summary at the top of the page, each leading to its field."""
    errors = []
    order = {name: place for place, name in enumerate(getattr(form, "order", ()))}
    for name, messages in sorted(form.errors.items(), key=lambda item: order.get(str(item[0]), 0)):
        for message in messages:
            # What is refused of the whole form stands under no name.
            where = "" if not name or name == "csrf_token" else f"#{form[str(name)].id}"
            errors.append({"text": str(message), "href": where} if where else {"text": str(message)})
    # What a form with guarded texts asks beside its fields: why a text has to stay.
    guard = getattr(form, "guard", None)
    return [*errors, *(guard.own_errors if guard is not None else ())]
