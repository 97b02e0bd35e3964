"""What somebody tells others of themselves, and whom they look for in a community."""

from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlencode

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField

from webapp.blueprints.areas.forms import OpenlyReadForm
from webapp.blueprints.forms import AtMost, line, lines, page_number
from webapp.blueprints.merging import MergingForm
from webapp.folding import clean_line
from webapp.models.areas import Area
from webapp.models.belonging import MemberRole
from webapp.models.communities import MemberProfile
from webapp.models.memberships import Membership
from webapp.queries.people import Wanted
from webapp.services.communities import ProfileWords

LONGEST_ABOUT = 2_000


class ProfileForm(MergingForm, OpenlyReadForm):
    """One's own profile: nothing of it has to be filled in."""

    guarded = ("job_title", "about")

    job_title = StringField(
        "Job title (optional)",
        widget=GovTextInput(),
        filters=[line],
        description="For example, “Family help practitioner”. By it you find others who do the same in other areas.",
        validators=[AtMost(120, "The job title")],
    )
    about = TextAreaField(
        "About you (optional)",
        widget=GovTextArea(),
        filters=[lines],
        description="What you work on, and what others may ask you.",
        validators=[AtMost(LONGEST_ABOUT, "About you")],
    )
    shows_places = BooleanField("Show where I belong, and by which role", widget=GovCheckboxInput())
    shows_organisation = BooleanField("Show the organisation I work for", widget=GovCheckboxInput())
    shows_email = BooleanField("Show my e-mail address", widget=GovCheckboxInput())
    listed = BooleanField(
        "List me among the people of my communities; if not, others find me only by what I write",
        widget=GovCheckboxInput(),
    )
    order = ("job_title", "about", "shows_places", "shows_organisation", "shows_email", "listed")

    @classmethod
    def of(cls, profile: MemberProfile | None, **more: Any) -> Self:
        """The form of a profile; of somebody who has none yet, as it would begin."""
        if profile is None:
            return cls(data={**vars(ProfileWords()), "version": 1}, **more)
        return cls(data={name: getattr(profile, name) for name in (*cls.order, "version")}, **more)

    def say_what(self, email: str, belongs: Sequence[Membership]) -> Self:
        """Name in the boxes what it is that others would see."""
        where, work = (
            dict.fromkeys(one.of_what for one in belongs),
            dict.fromkeys(one.organisation.name for one in belongs if one.organisation is not None),
        )
        for field, shown in ((self.shows_places, where), (self.shows_organisation, work), (self.shows_email, [email])):
            if shown:
                field.label.text += f": {', '.join(shown)}"
        return self

    def words(self) -> ProfileWords:
        """What others are to see, as a service takes it."""
        return ProfileWords(**{name: self[name].data for name in self.order})


class PeopleForm:
    """Whom somebody looks for, as given in the address; what cannot be understood is left out."""

    def __init__(self, args: MultiDict[str, str], areas: Sequence[Area]) -> None:
        self.q = clean_line(args.get("q", ""))[:100]
        self.found_area = next((one for one in areas if one.public_id == args.get("area")), None)
        self.area = self.found_area.public_id if self.found_area else ""
        self.role = MemberRole(args["role"]) if args.get("role") in set(MemberRole) else None
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> Wanted:
        """The same as a query takes it."""
        return Wanted(text=self.q, area_id=self.found_area.id if self.found_area else None, role=self.role)

    def query(self, **changes: str | int | None) -> str:
        """The same as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {"q": self.q, "area": self.area, "role": self.role and self.role.value}
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than all there are."""
        return bool(self.q or self.area or self.role)
