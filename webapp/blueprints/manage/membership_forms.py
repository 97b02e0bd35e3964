"""Whom to let belong to a programme, and which of its people are looked for."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blueprints.asking import OneOf
from webapp.blueprints.forms import page_number
from webapp.blueprints.manage.import_forms import UploadForm
from webapp.blueprints.memberships.forms import InviteForm
from webapp.folding import clean_line
from webapp.models.belonging import MemberRole
from webapp.queries.memberships import Spot, Wanted

ASK, AT_ONCE = "ask", "at_once"


class AddForm(InviteForm):
    """Who, to what, by which role, and whether they are asked first."""

    place = SelectField("Belongs to", widget=GovSelect(), validate_choice=False)
    how = RadioField(
        "How",
        widget=GovRadioInput(),
        choices=[
            SelectChoice(ASK, "Ask by letter: they belong to it once they accept"),
            SelectChoice(AT_ONCE, "Add at once, and tell by letter"),
        ],
        default=ASK,
        validators=[OneOf("Select whether they are asked first")],
        validate_choice=False,
    )

    def offer_places(self, spots: Sequence[Spot]) -> None:
        """Let it be one of these things of the programme."""
        self._spots = {one.place: one for one in spots}
        self.place.choices = [SelectChoice(one.place, one.label) for one in spots]

    def validate_place(self, field: SelectField) -> None:
        """Refuse what is not offered."""
        if field.data not in self._spots:
            raise ValidationError("Select what they belong to")

    def offer_roles(self) -> None:
        """Let it be any role; that of leads, which not everything has, comes last and says where it is."""
        self.offer(one for one in MemberRole if one is not MemberRole.LEAD)
        self.role.choices.append(SelectChoice(MemberRole.LEAD.value, f"{MemberRole.LEAD.label}, where it is an area"))

    def validate_role(self, field: RadioField) -> None:
        """Refuse a role that nobody has there."""
        spot = self._spots.get(self.place.data)
        if spot is not None and field.data == MemberRole.LEAD and not spot.where.takes(MemberRole.LEAD):
            raise ValidationError("Only an area has leads. Choose an area, or another role.")

    @property
    def spot(self) -> Spot:
        """What was chosen, once the form was found valid."""
        return self._spots[self.place.data]


class MembersUploadForm(UploadForm):
    """A list of members, and whether they are told."""

    letters = BooleanField(
        "Tell everybody who is added, or given another role, by letter", widget=GovCheckboxInput(), default=True
    )


class MemberSearch:
    """Which people of a programme are looked for, as the address says it."""

    def __init__(self, given: Mapping[str, str], spots: Sequence[Spot]) -> None:
        self.text = clean_line(given.get("q", ""))[:100]
        self.spot = next((one for one in spots if one.place == given.get("place")), None)
        role = given.get("role", "")
        self.role = MemberRole(role) if role in list(MemberRole) else None
        self.page = page_number(given.get("page", ""))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for but everybody."""
        return bool(self.text or self.spot or self.role)

    def wanted(self) -> Wanted:
        """The same as the query takes it."""
        return Wanted(text=self.text, spot=self.spot, role=self.role)

    def query(self, page: int = 1) -> str:
        """The query of an address that asks for the same."""
        said = {"q": self.text, "place": self.spot.place if self.spot else "", "role": self.role or ""}
        asked = {name: value for name, value in said.items() if value}
        return urlencode(asked | ({"page": str(page)} if page > 1 else {}))
