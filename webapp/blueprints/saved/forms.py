"""The note beside something saved."""

from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import TextAreaField

from webapp.blueprints.forms import AtMost, lines
from webapp.blueprints.guards import GuardedForm
from webapp.blueprints.merging import MergingForm
from webapp.guarding import ABOUT_FAMILIES
from webapp.models.saved import LONGEST_NOTE


class NoteForm(MergingForm, GuardedForm):
    """A few words for oneself, which somebody may have open twice."""

    guarded = ("note",)
    kinds = ABOUT_FAMILIES
    passes_unchanged = True

    note = TextAreaField(
        "Your note (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Such as what you want to use it for. Only you see it.",
        validators=[AtMost(LONGEST_NOTE, "Your note")],
    )
