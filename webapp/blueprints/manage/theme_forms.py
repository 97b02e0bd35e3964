"""What organisers fill in about a strand, practice model, pillar or topic of a programme."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, Given, line
from webapp.blueprints.manage.programme_forms import LONGEST_NAME, LONGEST_SUMMARY
from webapp.blueprints.merging import MergingForm
from webapp.models.programmes import Theme, ThemeKind
from webapp.services.themes import ThemeWords


class ThemeForm(MergingForm):
    """What sort of theme it is, what it is called and what it is about."""

    kind = RadioField(
        "What is it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in ThemeKind],
        validators=[OneOf("Select what it is")],
        validate_choice=False,
    )
    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what it is called"), AtMost(LONGEST_NAME, "Name")],
    )
    summary = TextAreaField(
        "Summary (optional)",
        widget=GovTextArea(),
        filters=[line],
        validators=[AtMost(LONGEST_SUMMARY, "Summary")],
    )
    order: tuple[str, ...] = ("kind", "name", "summary")

    @classmethod
    def of(cls, theme: Theme, *, fresh: bool = False) -> "ThemeForm":
        """The form of a theme; a `fresh` one holds what stands and not what was sent."""
        held = {"kind": theme.kind.value, "name": theme.name, "summary": theme.summary, "version": theme.version}
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def words(self) -> ThemeWords:
        """What was typed, as the service takes it."""
        return ThemeWords(kind=ThemeKind(self.kind.data), name=str(self.name.data), summary=str(self.summary.data))
