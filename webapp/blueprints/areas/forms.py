"""The forms in which an area's people keep its profile: what it says, strand by strand, and whom to ask."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from webapp.blueprints.forms import AtMost, EmailAddress, line, lines
from webapp.blueprints.guards import GuardedForm, Place, State
from webapp.blueprints.merging import MergingForm
from webapp.folding import clean_line, clean_prose
from webapp.models.areas import LONGEST_MODEL, LONGEST_POINT, MOST_POINTS, Area, AreaContact, AreaStrand
from webapp.services.area_profiles import MOST_CONTACTS, ContactWords, StrandWords

NEW_CONTACTS = 2
_CONTACT = re.compile(r"c([0-9]{1,18})_name")


class OpenlyReadForm(GuardedForm):
    """A form with texts that everybody reads at once.

    Nobody looks at them in between, so what may identify somebody is not kept here until it is changed.
    """

    place = Place.SHARED
    passes_unchanged = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it should be, and nothing identifies anybody."""
        valid = super().validate(extra_validators)
        if self.guard.state is not State.WAITS:
            return valid
        self.guard = replace(self.guard, state=State.ASKS)
        for doubt in self.guard.doubts:
            field = next(one for one in self if one.id == doubt.field)
            field.errors = [*field.errors, doubt.message]
        return False


def _prose(value: str | None) -> str:
    return clean_prose(value or "")


class DescribeForm(MergingForm, OpenlyReadForm):
    """What an area says of itself: in short, and what was there already."""

    guarded = ("summary", "conditions")

    summary = TextAreaField(
        "In short (optional)",
        widget=GovTextArea(),
        filters=[line],
        description="One or two sentences on what is done in the area. They stand above all else, and in lists.",
        validators=[AtMost(500, "In short")],
    )
    conditions = TextAreaField(
        "What was there already (optional)",
        widget=GovTextArea(),
        filters=[_prose],
        description=(
            "What made it possible: partnerships, teams and ways of working that stood before, and that others would"
            " need, too."
        ),
        validators=[AtMost(LONGEST_MODEL, "What was there already")],
    )
    order = ("summary", "conditions")

    @classmethod
    def of(cls, area: Area, **more: Any) -> Self:
        """The form of an area."""
        return cls(data={"summary": area.summary, "conditions": area.conditions, "version": area.version}, **more)


def listed(text: str | None) -> tuple[str, ...]:
    """What stands on each line, without the signs that people set before points; empty ones left out."""
    cleaned = (clean_line(one) for one in (text or "").split("\n"))
    return tuple(point for one in cleaned if (point := re.sub(r"^[-*•–·]\s+", "", one)))


class Points:
    """Refuses points that are too many or too long."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __call__(self, _form: Any, field: Field) -> None:
        rows = listed(field.data)
        if len(rows) > MOST_POINTS:
            raise ValidationError(f"Enter {MOST_POINTS} points or fewer; there are {len(rows)}")
        for number, row in enumerate(rows, start=1):
            if len(row) > LONGEST_POINT:
                raise ValidationError(f"Point {number} must be {LONGEST_POINT} characters or fewer; it has {len(row)}")


def _points(label: str, hint: str) -> TextAreaField:
    return TextAreaField(label, widget=GovTextArea(), filters=[lines], description=hint, validators=[Points()])


class StrandForm(MergingForm, OpenlyReadForm):
    """An area's local model in one strand."""

    guarded = ("model", "features", "challenges")

    model = TextAreaField(
        "The local model (optional)",
        widget=GovTextArea(),
        filters=[_prose],
        description="How you do it, for somebody from another area who wants to do it as well.",
        validators=[AtMost(LONGEST_MODEL, "The local model")],
    )
    features = _points(
        "Key features (optional)", "One on each line, such as “A lead practitioner from the first call on”."
    )
    challenges = _points(
        "Key challenges (optional)",
        "One on each line. What is hard is what others learn most from: describe the work, and no child or family.",
    )
    order = ("model", "features", "challenges")

    @classmethod
    def of(cls, area: Area, strand: AreaStrand | None, **more: Any) -> Self:
        """The form of a strand of an area, of which something is said or nothing yet."""
        held: dict[str, Any] = {"version": area.version}
        if strand is not None:
            held |= {
                "model": strand.model,
                "features": "\n".join(strand.features),
                "challenges": "\n".join(strand.challenges),
            }
        return cls(data=held, **more)

    def words(self) -> StrandWords:
        """What was typed, as the service takes it."""
        return StrandWords(
            model=self.model.data or "", features=listed(self.features.data), challenges=listed(self.challenges.data)
        )


class ContactsForm(MergingForm):
    """Whom to ask about an area; the fields of each are made by `contacts_form`."""

    agreed = BooleanField(
        "Everybody named here agreed to be named on a page that anybody can read", widget=GovCheckboxInput()
    )
    apart = frozenset({"agreed"})
    people: Mapping[str, int | None]

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """What each of them is called on the page, with the fields."""
        parts = ("name", "job_title", "email", "telephone")
        return [
            (f"Person {place}" if no else f"Person {place} (new)", [self[f"{key}_{part}"] for part in parts])
            for place, (key, no) in enumerate(self.people.items(), start=1)
        ]

    def validate_agreed(self, field: BooleanField) -> None:
        """Refuse to name anybody who was not asked."""
        if not field.data and self.contacts():
            raise ValidationError("Ask everybody whom you name, then say that they agreed")

    def contacts(self) -> list[ContactWords]:
        """Those who were named, in their order."""
        found = []
        for key, no in self.people.items():
            name, job_title, email, telephone = (
                self[f"{key}_{part}"].data or "" for part in ("name", "job_title", "email", "telephone")
            )
            if name:
                found.append(ContactWords(id=no, name=name, job_title=job_title, email=email, telephone=telephone))
        return found


class _NamedIfAnything:
    """Refuses an address, a role or a number of nobody."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 -- read by WTForms

    def __init__(self, key: str) -> None:
        self.others = tuple(f"{key}_{part}" for part in ("job_title", "email", "telephone"))

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data and any(form[name].data for name in self.others):
            raise ValidationError("Enter the name of whom to ask, or clear the rest to name nobody here")


class _EmailIfAny(EmailAddress):
    def __call__(self, form: Any, field: Field) -> None:
        if field.data:
            super().__call__(form, field)


def contacts_form(area: Area, *, fresh: bool = False) -> ContactsForm:
    """The form of an area's contacts; a `fresh` one holds what stands and not what was sent, in the same fields.

    Whoever somebody else takes out meanwhile keeps their fields, and whom they add gets some.
    """
    stand = {one.id: one for one in area.contacts}
    sent = {no for no in _sent() if no not in stand}
    people: dict[str, int | None] = {f"c{no}": no for no in (*stand, *sorted(sent)[:MOST_CONTACTS])}
    room = min(NEW_CONTACTS, max(0, MOST_CONTACTS - len(stand)))
    people |= {f"new{place}": None for place in range(1, room + 1)}
    fields: dict[str, Any] = {}
    for key in people:
        fields |= _contact_fields(key)
    more = {**fields, "people": people, "order": (*fields, "agreed")}
    kind = type("NamingForm", (ContactsForm,), more)
    held: dict[str, Any] = {"version": area.version, "agreed": bool(stand)}
    for no, one in stand.items():
        held |= _held(f"c{no}", one)
    form: ContactsForm = kind(formdata=None, data=held) if fresh else kind(data=held)
    return form


def _held(key: str, contact: AreaContact) -> dict[str, str]:
    return {f"{key}_{part}": getattr(contact, part) for part in ("name", "job_title", "email", "telephone")}


def _contact_fields(key: str) -> dict[str, Any]:
    return {
        f"{key}_name": _text("Name", AtMost(200, "Name"), _NamedIfAnything(key)),
        f"{key}_job_title": _text("Role (optional)", AtMost(200, "Role")),
        f"{key}_email": _text("E-mail address (optional)", AtMost(254, "E-mail address"), _EmailIfAny()),
        f"{key}_telephone": _text("Telephone number (optional)", AtMost(40, "Telephone number")),
    }


def _text(label: str, *validators: Any) -> StringField:
    return StringField(label, widget=GovTextInput(), filters=[line], validators=list(validators))


def _sent() -> Collection[int]:
    if request.method != "POST":
        return ()
    return [int(found[1]) for name in request.form if (found := _CONTACT.fullmatch(name))]


def keys_of_strand(theme: str) -> Sequence[tuple[str, str]]:
    """What a change of the profile calls each field of a strand."""
    return [(name, f"{theme} {name}") for name in StrandForm.order]
