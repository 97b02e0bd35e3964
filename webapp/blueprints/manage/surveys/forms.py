"""The forms of a survey as a whole: how it begins, for whom it is, and the words around its questions."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextArea, GovTextInput
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.dates import ClockField, DayField, NumberField, Typed
from webapp.blueprints.forms import AtMost, Form, Given, line, lines
from webapp.blueprints.merging import MergingForm
from webapp.models.events import moment
from webapp.models.surveys import LEAST_THRESHOLD, LONGEST_TITLE, AskedOf, Privacy, Survey
from webapp.models.surveys_asked import LONGEST_STATEMENT
from webapp.services.surveys import MOST_THRESHOLD, SurveySettings, ready_surveys

END_OF_DAY = time(23, 59)
NOTHING = "nothing"
# What each kind of privacy means, for those who choose it; people who answer read it in words of their own.
PRIVACY_HINTS = {
    Privacy.NAMED: "Organisers see who answered what. Good where you want to get back to people. Who answers by an open"
    " address without signing in gives no name.",
    Privacy.CONFIDENTIAL: "Only people with the role Analyst see single answers and whose they are; an owner gives it"
    " under People. Everybody else sees results for groups.",
    Privacy.ANONYMOUS: "Nobody can find out who answered what, we neither. Results come in batches: the first when"
    " twice as many have answered as are needed to show anything. Until theirs are counted, people can change them.",
}


def title_field() -> Any:
    """The field of a survey's title."""
    return StringField(
        "Title",
        widget=GovTextInput(),
        filters=[line],
        description="People see it above the questions.",
        validators=[Given("Enter a title"), AtMost(LONGEST_TITLE, "Title")],
    )


class _PrivacyField(StringField):
    """One of the kinds of privacy; the page writes out what each means."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is none."""
        if self.data not in list(Privacy):
            raise ValidationError("Select how private the answers are")


def about_field(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> Any:
    """A list to choose from of what a survey can be about."""
    return SelectField(
        label,
        widget=GovSelect(),
        choices=[SelectChoice(value, text) for value, text in choices],
        validators=[OneOf("Select what the survey is about")],
        validate_choice=False,
        **more,
    )


class NewSurveyForm(Form):
    """What it takes to begin: all else is changed later."""

    title = title_field()
    start = StringField("Begin with")
    privacy = _PrivacyField("How private are the answers?")
    order = ("title", "about", "start", "privacy")

    @classmethod
    def of(cls, label: str, choices: Sequence[tuple[str, str]]) -> "NewSurveyForm":
        """The form with what the survey can be about, as values and words."""
        made: NewSurveyForm = type("NewSurveyAboutForm", (cls,), {"about": about_field(label, choices)})()
        return made

    def validate_start(self, field: StringField) -> None:
        """Refuse what there is not to begin with."""
        if field.data not in {NOTHING, *(one.key for one in ready_surveys())}:
            raise ValidationError("Select what to begin with")


class CopyForm(Form):
    """What the copy is called, and what it is about."""

    title = title_field()
    order = ("title", "about")

    @classmethod
    def of(cls, choices: Sequence[tuple[str, str]], **more: Any) -> "CopyForm":
        """The form with what the copy can be about."""
        made: CopyForm = type("CopyAboutForm", (cls,), {"about": about_field("About", choices)})(**more)
        return made


class SettingsForm(MergingForm):
    """What decides about a survey besides its questions."""

    title = title_field()
    privacy = _PrivacyField("How private are the answers?")
    asked_of = StringField("Who is asked?")
    open_link = BooleanField("Whoever has the address may answer, too", widget=GovCheckboxInput())
    opens_on = DayField("Opens on (optional)", description="Leave empty to open as soon as it is published.")
    opens_time = ClockField(
        "Opens at (optional)", description="Without a time it opens at midnight, as the day begins."
    )
    closes_on = DayField("Closes on (optional)", description="Leave empty to keep it open until you close it.")
    closes_time = ClockField("Closes at (optional)", description="Without a time it closes at 11:59pm.")
    threshold = NumberField(
        "Answers that a result needs",
        least=LEAST_THRESHOLD,
        most=MOST_THRESHOLD,
        description="Nothing is shown of fewer, neither in all nor of any group, so that nobody can be made out."
        " Once published it can only be raised.",
        validators=[Typed("Enter how many answers a result needs")],
    )
    order = (
        "title", "privacy", "asked_of", "open_link", "opens_on", "opens_time", "closes_on", "closes_time", "threshold",
    )  # fmt: skip
    zone = "Europe/London"

    @classmethod
    def of(cls, survey: Survey, **more: Any) -> "SettingsForm":
        """The form of a survey as it stands."""
        data: dict[str, Any] = {"privacy": survey.privacy.value, "asked_of": survey.asked_of.value}
        for name, at in (("opens", survey.opens_at), ("closes", survey.closes_at)):
            local = at.astimezone(survey.timezone) if at else None
            data |= {f"{name}_on": local and local.date(), f"{name}_time": local and local.time()}
        form = cls(obj=survey, data=data, **more)
        form.zone = survey.zone
        return form

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        if name == "privacy" and value in list(Privacy):
            return Privacy(value).label
        if name == "asked_of" and value in list(AskedOf):
            return AskedOf(value).label
        return super().in_words(name, value)

    def validate_asked_of(self, field: StringField) -> None:
        """Refuse what is no group of people."""
        if field.data not in list(AskedOf):
            raise ValidationError("Select who is asked")

    def validate_opens_time(self, field: ClockField) -> None:
        """Refuse a time without a date."""
        _need_date(field, self.opens_on)

    def validate_closes_time(self, field: ClockField) -> None:
        """Refuse a time without a date."""
        _need_date(field, self.closes_on)

    def settings(self) -> SurveySettings:
        """What was typed, as the service takes it; the form must have been found valid."""
        return SurveySettings(
            title=self.title.data,
            privacy=Privacy(self.privacy.data),
            asked_of=AskedOf(self.asked_of.data),
            open_link=bool(self.open_link.data),
            threshold=self.threshold.data or 0,
            opens_at=self._at(self.opens_on, self.opens_time, time()),
            closes_at=self._at(self.closes_on, self.closes_time, END_OF_DAY),
        )

    def _at(self, on: DayField, at: ClockField, otherwise: time) -> datetime | None:
        return moment(on.data, at.data or otherwise, self.zone) if on.data else None


class TextsForm(MergingForm):
    """What a survey says before and after its questions."""

    introduction = TextAreaField(
        "Before the questions (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="Why you ask, how long it takes, and what becomes of the answers.",
        validators=[AtMost(LONGEST_STATEMENT, "The text")],
    )
    thanks = TextAreaField(
        "After the answers are sent (optional)",
        widget=GovTextArea(),
        filters=[lines],
        validators=[AtMost(LONGEST_STATEMENT, "The text")],
    )
    order = ("introduction", "thanks")


def _need_date(field: ClockField, on: DayField) -> None:
    if field.data is not None and on.data is None and not on.errors:
        raise ValidationError("Enter the date too, or leave the time empty")
