"""What organisers fill in about a programme, its waves and their stages, its timeline, partners and areas."""

from collections.abc import Iterable, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.dates import FIRST_YEAR, LAST_YEAR, Typed
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.manage.library_forms import DatingField
from webapp.blueprints.merging import MergingForm
from webapp.folding import clean_line
from webapp.formats.typed import partial_day
from webapp.models.areas import Area, Milestone, Wave
from webapp.models.library import Dating, Precision
from webapp.models.programmes import LONGEST_TASK, Part, Programme
from webapp.models.spans import NOT_KNOWN
from webapp.services.milestones import MilestoneWords
from webapp.services.placing_areas import AreaPlace
from webapp.services.waves import StageWords, WaveWords

LONGEST_NAME, LONGEST_SUMMARY, LONGEST_TITLE, LONGEST_PART = 120, 500, 200, 120
LONGEST_TEXT = 20_000
_AS_KNOWN = "As far as it is known: 14 June 2027, June 2027, or 2027."
_PRECISIONS = {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}
_NAMED = 20


class _Dated:
    """A part of forms of what has a beginning and an end, both known to the same detail."""

    starts = DatingField("Begins (optional)", description=_AS_KNOWN)
    ends = DatingField("Ends (optional)")

    def validate_ends(self, field: Any) -> None:
        """Refuse an end before the beginning, or one that is known to another detail."""
        starts, ends = self.starts.data, field.data
        if starts is None or ends is None:
            return
        if starts.precision is not ends.precision:
            raise ValidationError("Enter both to the same detail: two days, two months, or two years")
        if ends.on < starts.on:
            raise ValidationError("The end must be the same as or after the beginning")

    def dates(self) -> dict[str, Any]:
        """What was typed, as the services take it."""
        starts, ends = self.starts.data, self.ends.data
        known = ends or starts
        return {
            "starts_on": starts.on if starts else None,
            "ends_on": ends.on if ends else None,
            "precision": known.precision if known else Precision.MONTH,
        }


def _held_dates(thing: Wave | Milestone) -> dict[str, Dating | None]:
    return {
        "starts": Dating(thing.starts_on, thing.precision) if thing.starts_on else None,
        "ends": Dating(thing.ends_on, thing.precision) if thing.ends_on else None,
    }


class _StagesField(TextAreaField):
    """Stages, one on each line, each with its dates behind a colon; `stages` holds them once the form was valid."""

    stages: Sequence[StageWords] = ()

    def pre_validate(self, _form: Any) -> None:
        """Read each line, and name those that cannot be read."""
        found, problems = [], []
        for typed in (self.data or "").split("\n"):
            if not clean_line(typed):
                continue
            try:
                found.append(read_stage(clean_line(typed)))
            except (ValueError, OverflowError):
                problems.append(
                    f"“{typed[:80]}”: write the dates like July 2027 to January 2028, From July 2027, or 2027"
                )
        if any(len(one.name) > LONGEST_NAME or not one.name for one in found):
            problems.append(f"Stages: give each a name of {LONGEST_NAME} characters or fewer")
        if problems:
            raise ValidationError("; ".join(problems[:_NAMED]))
        self.stages = found


def read_stage(text: str) -> StageWords:
    """A stage as it is typed, such as "Co-design: July 2027 to January 2028"; raises ValueError or OverflowError."""
    name, colon, when = text.rpartition(":")
    if not colon or not any(sign.isdigit() for sign in when):
        # What has no number in it is no date, but a part of the name.
        return StageWords(text.strip())
    said = when.strip()
    low = said.lower()
    if low.startswith("from "):
        return _stage(name, _dating(said[5:]), None)
    if low.startswith("until "):
        return _stage(name, None, _dating(said[6:]))
    first, word, last = said.partition(" to ")
    if not word:
        once = _dating(said)
        return _stage(name, once, once)
    ends = _dating(last)
    try:
        starts = _dating(first)
    except ValueError:
        # In "January to March 2027" the year is said once.
        starts = _dating(f"{first} {ends.on.year}")
    if starts.precision is not ends.precision or ends.on < starts.on:
        raise ValueError(text)
    return _stage(name, starts, ends)


def typed_stages(wave: Wave) -> str:
    """The stages of a wave as they would be typed."""
    return "\n".join(one.name if str(one.span) == NOT_KNOWN else f"{one.name}: {one.span}" for one in wave.stages)


def _stage(name: str, starts: Dating | None, ends: Dating | None) -> StageWords:
    known = ends or starts
    precision = known.precision if known else Precision.MONTH
    return StageWords(name.strip(), starts.on if starts else None, ends.on if ends else None, precision)


def _dating(text: str) -> Dating:
    on, parts = partial_day(text.strip())
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValueError(text)
    return Dating(on, _PRECISIONS[parts])


class ProgrammeForm(MergingForm):
    """What a programme is called and for."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter the name"), AtMost(LONGEST_TITLE, "Name")],
    )
    summary = TextAreaField(
        "Summary",
        widget=GovTextArea(),
        filters=[line],
        description="One or two sentences for lists.",
        validators=[Given("Enter a summary"), AtMost(LONGEST_SUMMARY, "Summary")],
    )
    description = TextAreaField(
        "Purpose (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="An empty line begins a paragraph, and - begins a point of a list. ## begins a heading.",
        validators=[AtMost(LONGEST_TEXT, "Purpose")],
    )
    order: tuple[str, ...] = ("name", "summary", "description")

    @classmethod
    def of(cls, found: Programme, *, fresh: bool = False) -> "ProgrammeForm":
        """The form of a programme; a `fresh` one holds what stands and not what was sent."""
        held = {name: getattr(found, name) for name in (*cls.order, "version")}
        return cls(formdata=None, data=held) if fresh else cls(data=held)


class PartForm(Form):
    """An organisation, the part it plays in the whole programme or in one theme, and what it does."""

    organisation = StringField(
        "Organisation",
        widget=GovTextInput(),
        filters=[line],
        description="Choose from the suggestions, or type the name in full.",
        validators=[Given("Enter the organisation"), AtMost(200, "Organisation")],
    )
    part = RadioField(
        "Part",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, one.label) for one in Part],
        validators=[OneOf("Select the part that it plays")],
        validate_choice=False,
    )
    theme = SelectField("In what?", widget=GovSelect(), validate_choice=False)
    task = StringField(
        "What it does there (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="A few words, such as: coaches the areas.",
        validators=[AtMost(LONGEST_TASK, "What it does")],
    )
    order = ("organisation", "part", "theme", "task")

    def offer(self, found: Programme) -> None:
        """Let it be in the whole of the programme, or in one of its themes."""
        self.themes = {one.public_id: one for one in found.themes}
        choices = [SelectChoice("", "The whole programme")]
        self.theme.choices = choices + [SelectChoice(one.public_id, one.name) for one in found.themes]

    def validate_theme(self, field: SelectField) -> None:
        """Refuse a theme that is not offered."""
        if field.data and field.data not in self.themes:
            raise ValidationError("Select what it plays a part in")

    @property
    def theme_id(self) -> int | None:
        """The id of the theme that was chosen, if one was."""
        return self.themes[self.theme.data].id if self.theme.data else None


class WaveForm(_Dated, MergingForm):
    """What a wave is called, when it is, and the stages that it goes through."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        description="Such as: Wave 1.",
        validators=[Given("Enter what the wave is called"), AtMost(LONGEST_NAME, "Name")],
    )
    summary = TextAreaField(
        "Summary (optional)",
        widget=GovTextArea(),
        filters=[line],
        validators=[AtMost(LONGEST_SUMMARY, "Summary")],
    )
    stages = _StagesField(
        "Stages (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="One on each line, in order, with the dates behind a colon as far as they are known."
        " For example: Co-design: July 2027 to January 2028.",
        validators=[AtMost(5_000, "Stages")],
    )
    order: tuple[str, ...] = ("name", "summary", "starts", "ends", "stages")

    @classmethod
    def of(cls, wave: Wave, *, fresh: bool = False) -> "WaveForm":
        """The form of a wave; a `fresh` one holds what stands and not what was sent."""
        held = {"name": wave.name, "summary": wave.summary, "stages": typed_stages(wave), "version": wave.version}
        held |= _held_dates(wave)
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def words(self) -> WaveWords:
        """What was typed, as the service takes it."""
        return WaveWords(
            name=str(self.name.data), summary=str(self.summary.data), stages=self.stages.stages, **self.dates()
        )


class _WaveChoice:
    """A part of forms of what may be, or is, in a wave."""

    def offer(self, waves: Iterable[Wave], *, none: str = "") -> None:
        """Let it be in one of these waves, or under the words `none` in none of them."""
        self.waves = {one.public_id: one for one in waves}
        choices = [SelectChoice("", none)] if none else []
        field: SelectField = self.wave  # type: ignore[attr-defined]  # of the form that this is a part of
        field.choices = choices + [SelectChoice(one.public_id, one.name) for one in self.waves.values()]
        self.may_be_none = bool(none)

    def validate_wave(self, field: SelectField) -> None:
        """Refuse a wave that is not offered."""
        if field.data not in self.waves and (field.data or not self.may_be_none):
            raise ValidationError("Select a wave")


class MilestoneForm(_Dated, _WaveChoice, Form):
    """Something on the timeline: what, when, and of which wave."""

    title = StringField(
        "What happens",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what happens"), AtMost(LONGEST_TITLE, "What happens")],
    )
    starts = DatingField("When it is, or begins", description=_AS_KNOWN, validators=[Typed("Enter when it is")])
    ends = DatingField("Ends (optional)", description="Leave it empty for what takes no time.")
    summary = TextAreaField(
        "More about it (optional)",
        widget=GovTextArea(),
        filters=[line],
        validators=[AtMost(LONGEST_SUMMARY, "More about it")],
    )
    wave = SelectField("Of which wave?", widget=GovSelect(), validate_choice=False)
    order = ("title", "starts", "ends", "summary", "wave")

    @classmethod
    def of(cls, found: Milestone) -> "MilestoneForm":
        """The form of a milestone."""
        wave = found.wave.public_id if found.wave else ""
        return cls(data={"title": found.title, "summary": found.summary, "wave": wave} | _held_dates(found))

    def words(self) -> MilestoneWords:
        """What was typed, as the service takes it."""
        wave = self.waves.get(self.wave.data or "")
        about: dict[str, Any] = {"summary": str(self.summary.data), "wave_id": wave.id if wave else None}
        return MilestoneWords(title=str(self.title.data), **about, **self.dates())


class AreaForm(_WaveChoice, MergingForm):
    """Where an area belongs, who leads it and who works there; what it says of itself, its own people write."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the area is called"), AtMost(LONGEST_NAME, "Name")],
    )
    wave = SelectField("Wave", widget=GovSelect(), validate_choice=False)
    organisation = StringField(
        "Authority that leads it (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="Choose from the suggestions, or type the name in full.",
        validators=[AtMost(200, "Authority")],
    )
    partners = TextAreaField(
        "Partners (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="One organisation on each line, with the part that it plays behind a colon."
        " For example: Alder Police: child protection teams.",
        validators=[AtMost(10_000, "Partners")],
    )
    order: tuple[str, ...] = ("name", "wave", "organisation", "partners")

    @classmethod
    def of(cls, area: Area, *, fresh: bool = False) -> "AreaForm":
        """The form of an area; a `fresh` one holds what stands and not what was sent."""
        partners = ((one.organisation.name, one.part) for one in area.partners)
        held = {
            "name": area.name,
            "wave": area.wave.public_id,
            "organisation": area.organisation.name if area.organisation else "",
            "partners": "\n".join(f"{name}: {part}" if part else name for name, part in partners),
            "version": area.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def validate_partners(self, field: TextAreaField) -> None:
        """Refuse names and parts that are too long."""
        if any(len(name) > 200 or len(part) > LONGEST_PART for name, part in _partners(field.data)):
            raise ValidationError(f"Partners: 200 characters or fewer for a name, {LONGEST_PART} for what it does")

    def place(self) -> AreaPlace:
        """What was typed, as the service takes it."""
        return AreaPlace(
            name=str(self.name.data),
            wave_id=self.waves[self.wave.data].id,
            organisation=str(self.organisation.data),
            partners=_partners(self.partners.data),
        )


def _partners(text: str | None) -> list[tuple[str, str]]:
    found = [clean_line(one).partition(":") for one in (text or "").split("\n")]
    return [(name.strip(), part.strip()) for name, _, part in found if name.strip()]
