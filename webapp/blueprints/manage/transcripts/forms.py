"""What editors fill in about a transcript."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, ButtonForm, CarriedNumber, Form, Given, line, lines
from webapp.blueprints.merging import MergingForm
from webapp.models.transcripts import LONGEST_WORDS, Fidelity, Transcript, Turn
from webapp.queries.transcripts import Candidate

NOBODY = ""


def _fidelity() -> RadioField:
    return RadioField(
        "How closely does it keep to what was said?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in Fidelity],
        default=Fidelity.EDITED.value,
        validate_choice=False,
        validators=[OneOf("Say how closely it keeps to what was said")],
    )


class ReadInForm(Form):
    """A transcript as a file, or pasted."""

    file = FileField("Transcript file")
    text = TextAreaField(
        "Or paste it here",
        widget=GovTextArea(),
        description="One line for each who speaks, such as “Ann Lee: Good morning”.",
    )
    fidelity = _fidelity()
    replaces = BooleanField("Yes, what I read in takes the place of what is there", widget=GovCheckboxInput())
    version = CarriedNumber()
    order = ("file", "text", "fidelity", "replaces")

    def validate_file(self, field: Any) -> None:
        """Refuse a form without a file and without a text."""
        if not getattr(field.data, "filename", "") and not (self.text.data or "").strip():
            raise ValidationError("Choose a file, or paste the transcript below")


class TurnForm(MergingForm):
    """One turn: what was said, and who said it."""

    words = TextAreaField(
        "Words",
        widget=GovTextArea(),
        filters=[lines],
        validators=[
            Given("A turn says something. To take it out of the text, choose “Take it out”"),
            AtMost(LONGEST_WORDS, "What was said"),
        ],
    )
    speaker = SelectField("Speaker", widget=GovSelect(), validate_choice=False, validators=[])
    order = ("words", "speaker")

    def offer(self, candidates: Iterable[Candidate], label: str) -> None:
        """Let it be one of these speakers, or nobody on the list."""
        self.speaker.choices = speaker_choices(candidates, label)

    def validate_speaker(self, field: Any) -> None:
        """Refuse a speaker who is not offered."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Select who said it")

    @classmethod
    def of(cls, turn: Turn, speaker: str, candidates: Iterable[Candidate], *, fresh: bool = False) -> "TurnForm":
        """The form of a turn; a `fresh` one holds what stands and not what was sent."""
        held = {"words": turn.words, "speaker": speaker, "version": turn.version}
        form = cls(formdata=None, data=held) if fresh else cls(data=held)
        form.offer(candidates, turn.label)
        return form


def speaker_choices(candidates: Iterable[Candidate], label: str) -> list[SelectChoice]:
    """The speakers of an event, those of the session first, and nobody on the list."""
    nobody = f"Nobody on the list: shown as “{label}”" if label else "Nobody on the list: no name is shown"
    found = [SelectChoice(NOBODY, nobody)]
    for one in candidates:
        where = "" if one.roles is not None else " (another session)"
        found.append(SelectChoice(one.speaker.public_id, f"{one.speaker.name}{where}"))
    return found


class SplitForm(Form):
    """Where a turn is to be split, and who says the rest."""

    sentence = RadioField("The new turn begins with", widget=GovRadioInput(), validate_choice=False)
    words = StringField(
        "Or with these words",
        widget=GovTextInput(),
        filters=[line],
        description="The first few words of the new turn, just as they stand.",
    )
    speaker = SelectField("Who says the new turn?", widget=GovSelect(), validate_choice=False)
    version = CarriedNumber()
    order = ("sentence", "words", "speaker")

    def offer(self, sentences: Iterable[tuple[int, str]], candidates: Iterable[Candidate], label: str) -> None:
        """Let it begin with one of these sentences, each given with its place, and be one of these speakers."""
        self.sentence.choices = [SelectChoice(str(at), text) for at, text in sentences]
        self.speaker.choices = speaker_choices(candidates, label)

    def validate_speaker(self, field: Any) -> None:
        """Refuse a speaker who is not offered."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError("Select who says the new turn")

    def place_in(self, words: str) -> int | None:
        """The place in the words where the new turn begins; None, with an error on the field, where it is unclear."""
        typed = self.words.data or ""
        if typed:
            number = words.count(typed)
            if number == 1:
                return words.index(typed)
            problem = "These words do not stand in the turn" if not number else "These words stand there more than once"
            self.words.errors = [f"{problem}. Copy a few more from the turn"]
            return None
        if self.sentence.data in {choice.value for choice in self.sentence.choices}:
            return int(self.sentence.data)
        self.sentence.errors = ["Select the sentence with which the new turn begins"]
        return None


class TurnButtonForm(ButtonForm):
    """A button that does something to a turn as it was shown."""

    version = CarriedNumber()


class ProposalButtonForm(TurnButtonForm):
    """A button that decides on a correction as it was shown."""

    mark = HiddenField()


class AboutForm(MergingForm):
    """What a transcript says of itself."""

    fidelity = _fidelity()
    introduction = TextAreaField(
        "What stands before the first turn (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(20_000, "What stands before the first turn")],
    )
    order = ("fidelity", "introduction")

    @classmethod
    def of(cls, transcript: Transcript, *, fresh: bool = False) -> "AboutForm":
        """The form of a transcript; a `fresh` one holds what stands and not what was sent."""
        held = {
            "fidelity": transcript.fidelity.value,
            "introduction": transcript.introduction,
            "version": transcript.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)


class PublishForm(Form):
    """Who has checked a transcript."""

    checked_by = StringField(
        "Who has checked it?",
        widget=GovTextInput(),
        filters=[line],
        description="The name stands on the page. It may be yours, or that of a speaker who has read it.",
        validators=[Given("Enter the name of the person who checked it"), AtMost(200, "The name")],
    )
    for_all = BooleanField("Everybody may read it", widget=GovCheckboxInput())
    version = CarriedNumber()
    order = ("checked_by", "for_all")
