"""What organisers fill in about a file that they upload, and about what is to be done with it."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, FileField, ValidationError

from webapp.blueprints.forms import Form
from webapp.services.imports import Options


class UploadForm(Form):
    """A file."""

    file = FileField("File")

    def validate_file(self, field: Any) -> None:
        """Refuse a form that was sent without a file."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a CSV or Excel file")

    def options(self) -> Options:
        """How it is to be taken over."""
        return Options()


class PeopleUploadForm(UploadForm):
    """A list of people, and how it is to be taken over."""

    letters = BooleanField("Send everybody who is added the usual letter", widget=GovCheckboxInput(), default=True)
    updates = BooleanField("Update what those who are registered already said of themselves", widget=GovCheckboxInput())

    def options(self) -> Options:
        """How it is to be taken over."""
        return Options(letters=self.letters.data, updates=self.updates.data)


class ConfirmForm(Form):
    """Do what was shown, rows that cannot be taken left out or not."""

    leave_out = BooleanField()
