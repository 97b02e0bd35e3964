"""The programme that something new belongs to, as a form asks for it."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.models.programmes import Programme


class ProgrammeChoice:
    """A part of forms of what belongs to a programme: one is chosen of those that are offered."""

    programme = SelectField("Programme", widget=GovSelect(), validate_choice=False)

    def offer(self, programmes: Iterable[Programme]) -> None:
        """Let it belong to one of these programmes."""
        self.offered = {row.public_id: row for row in programmes}
        self.programme.choices = [SelectChoice(one.public_id, one.name) for one in self.offered.values()]

    def validate_programme(self, field: SelectField) -> None:
        """Refuse a programme that is not offered."""
        if field.data not in self.offered:
            raise ValidationError("Select a programme")

    @property
    def chosen(self) -> Programme:
        """The programme that was chosen."""
        return self.offered[self.programme.data]
