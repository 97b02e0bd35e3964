"""What speakers fill in by their own link."""

from typing import Any

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextArea
from wtforms import TextAreaField, ValidationError

from webapp.blueprints.forms import AtMost, CarriedNumber, Form, Given, lines
from webapp.blueprints.guards import GuardedForm
from webapp.blueprints.merging import MergingForm
from webapp.formats.documents import DocumentType, UnusableDocumentError, document_type, safe_name
from webapp.guarding import ABOUT_FAMILIES
from webapp.models.transcripts import LONGEST_WORDS, ProposalState, Turn, TurnProposal

LARGEST = 50 * 1024 * 1024
TAKEN = (DocumentType.PDF, DocumentType.PPTX, DocumentType.PPT, DocumentType.ODP)


class DeclineForm(GuardedForm):
    """A few words for the organisers, if one likes."""

    guarded = ("message",)
    kinds = ABOUT_FAMILIES

    message = TextAreaField(
        "Do you want to tell the organisers something? (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="For example, who could speak instead of you",
        validators=[AtMost(1000, "What you tell them")],
    )


class NeedsForm(GuardedForm):
    """What a session needs in the room."""

    guarded = ("needs",)
    kinds = ABOUT_FAMILIES
    passes_unchanged = True

    needs = TextAreaField(
        "What do you need for this session? (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="For example sound for a film, a flip chart, a step-free way to the stage, or large print. "
        "The organisers see this.",
        validators=[AtMost(2000, "What you need")],
    )
    version = CarriedNumber()


class ProposalForm(MergingForm):
    """How a turn of one's own should read."""

    words = TextAreaField(
        "How it should read",
        widget=GovTextArea(),
        filters=[lines],
        validators=[
            Given("A turn says something. To have it taken out, write to the organisers"),
            AtMost(LONGEST_WORDS, "What you said"),
        ],
    )

    @classmethod
    def of(cls, turn: Turn, proposal: TurnProposal | None, *, fresh: bool = False) -> "ProposalForm":
        """The form of a turn, with what is proposed to it already; a `fresh` one holds nothing of what was sent."""
        is_open = proposal is not None and proposal.state is ProposalState.OPEN
        held = {"words": proposal.words if proposal and is_open else turn.words, "version": turn.version}
        return cls(formdata=None, data=held) if fresh else cls(data=held)


class SlidesForm(Form):
    """A file for a session."""

    slides = FileField("Choose a file", widget=GovFileInput())

    content: bytes = b""
    kind: DocumentType | None = None
    filename = ""

    def validate_slides(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose a file")
        self.content = field.data.read(LARGEST + 1)
        if len(self.content) > LARGEST:
            raise ValidationError("The file must be 50 MB or smaller")
        given = field.data.filename or ""
        try:
            self.kind = document_type(self.content, given)
        except UnusableDocumentError as error:
            raise ValidationError(str(error)) from error
        if self.kind not in TAKEN:
            raise ValidationError("Slides must be a PDF, PowerPoint or OpenDocument presentation")
        self.filename = safe_name(given, self.kind)
