"""The forms of communities on the organisers' side: what they are, their rules of conduct and their categories."""

from collections.abc import Sequence
from typing import Self

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import AtMost, CarriedNumber, EmailAddress, Form, Given, line
from webapp.blueprints.manage.programme_choice import ProgrammeChoice
from webapp.blueprints.merging import MergingForm
from webapp.formats import posts
from webapp.models.areas import Wave
from webapp.models.communities import LONGEST_RULES, Category, Community, ConductRules, Openness
from webapp.models.programmes import Theme
from webapp.services.communities import CategoryWords, CommunityWords

MOST_HELD = 20
_OPENNESS = {
    Openness.PRIVATE: "Private: only those who belong to it know that it is there",
    Openness.PROGRAMME: "Open to the programme: all its members read and write there",
    Openness.PUBLIC: "Public: everybody reads it, members of the programme write there",
}
_ACROSS, _GROUP = "across", "group"


class CommunityForm(MergingForm):
    """What a community is called, of what it is, who reads it, and how it keeps itself."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the community is called"), AtMost(120, "The name")],
    )
    summary = StringField(
        "What is it for? (optional)",
        widget=GovTextInput(),
        filters=[line],
        validators=[AtMost(500, "What it is for")],
    )
    of = RadioField(
        "Who belongs to it?",
        widget=GovRadioInput(),
        validators=[OneOf("Select who belongs to it")],
        validate_choice=False,
    )
    theme = SelectField("Which strand or theme is it about? (optional)", widget=GovSelect(), validate_choice=False)
    openness = RadioField(
        "Who reads it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, text) for one, text in _OPENNESS.items()],
        validators=[OneOf("Select who reads it")],
        validate_choice=False,
    )
    first_posts = StringField(
        "How many first posts of somebody new does a moderator see before anybody else?",
        widget=GovTextInput(),
        filters=[line],
        description="0 for none.",
    )
    quiet = BooleanField("Letters tell that something was written, and not what", widget=GovCheckboxInput())
    lead_name = StringField(
        "Name of the lead for safeguarding",
        widget=GovTextInput(),
        filters=[line],
        description="They are told at once when somebody is worried about a child.",
        validators=[AtMost(200, "The name")],
    )
    lead_email = StringField(
        "Their e-mail address", widget=GovTextInput(), filters=[line], validators=[AtMost(254, "The address")]
    )
    order: tuple[str, ...] = (
        "name",
        "summary",
        "of",
        "theme",
        "openness",
        "first_posts",
        "quiet",
        "lead_name",
        "lead_email",
    )

    @classmethod
    def about(cls, community: Community, *, fresh: bool = False) -> Self:
        """The form of a community; a `fresh` one holds what stands and not what was sent."""
        of = _GROUP if community.is_group else community.wave.public_id if community.wave else _ACROSS
        held = {
            "name": community.name,
            "summary": community.summary,
            "of": of,
            "theme": community.theme.public_id if community.theme else "",
            "openness": community.openness.value,
            "first_posts": str(community.first_posts_held),
            "quiet": community.mail_without_content,
            "lead_name": community.child_lead_name,
            "lead_email": community.child_lead_email,
            "version": community.version,
        }
        return cls(formdata=None, data=held) if fresh else cls(data=held)

    def offer_parts(self, waves: Sequence[Wave], themes: Sequence[Theme], *, group: bool | None = None) -> Self:
        """Let it be of one of these waves, about one of these themes; a group stays one, and no other becomes one."""
        of = [SelectChoice(_ACROSS, "All members of the programme, across waves")]
        of += [SelectChoice(one.public_id, f"The people of {one.name}") for one in waves]
        a_group = SelectChoice(_GROUP, "A group: people who are invited to it by name")
        self.of.choices = [a_group] if group else of if group is False else [*of, a_group]
        self.theme.choices = [SelectChoice("", "None"), *(SelectChoice(one.public_id, one.name) for one in themes)]
        self._waves = {one.public_id: one.id for one in waves}
        self._themes = {one.public_id: one.id for one in themes}
        return self

    def validate_first_posts(self, field: StringField) -> None:
        """Refuse what is no small number."""
        text = field.data or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= MOST_HELD):
            raise ValidationError(f"Enter a number from 0 to {MOST_HELD}")

    def validate_lead_email(self, field: StringField) -> None:
        """Refuse what is no address, or one without a name."""
        if field.data:
            EmailAddress()(self, field)
        if bool(field.data) != bool(self.lead_name.data):
            raise ValidationError("Enter both a name and an address, or neither")

    def words(self) -> CommunityWords:
        """What was typed, as the service takes it."""
        of = self.of.data or ""
        return CommunityWords(
            name=str(self.name.data),
            summary=self.summary.data or "",
            openness=Openness(self.openness.data),
            wave_id=self._waves.get(of),
            theme_id=self._themes.get(self.theme.data or ""),
            is_group=of == _GROUP,
            first_posts_held=int(self.first_posts.data or "0"),
            mail_without_content=bool(self.quiet.data),
            child_lead_name=self.lead_name.data or "",
            child_lead_email=self.lead_email.data or "",
        )


class ProgrammeForm(ProgrammeChoice, Form):
    """The programme that a new community belongs to."""


class RulesForm(Form):
    """The rules of conduct, with the number of those that they take the place of."""

    number = CarriedNumber()
    body = TextAreaField(
        "Rules of conduct",
        widget=GovTextArea(),
        filters=[lambda value: posts.clean(value or "")],
        validators=[Given("Enter the rules"), AtMost(LONGEST_RULES, "The rules")],
    )
    order = ("body",)

    @classmethod
    def of(cls, community: Community, rules: ConductRules | None) -> Self:
        """The form of the rules in force."""
        return cls(data={"number": community.rules_number, "body": rules.body if rules is not None else ""})


class CategoryForm(Form):
    """A category: what it is called and for."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[line],
        validators=[Given("Enter what the category is called"), AtMost(120, "The name")],
    )
    summary = StringField(
        "What is it for? (optional)",
        widget=GovTextInput(),
        filters=[line],
        validators=[AtMost(300, "What it is for")],
    )
    order = ("name", "summary")

    @classmethod
    def of(cls, category: Category) -> Self:
        """The form of a category that stands."""
        return cls(data={"name": category.name, "summary": category.summary})

    def words(self) -> CategoryWords:
        """What was typed, as the service takes it."""
        return CategoryWords(name=str(self.name.data), summary=self.summary.data or "")
