"""Two people at one form: what somebody else saved meanwhile is merged with what was typed, field by field.

A form carries what it held as it was opened. What was left as it was follows the other; what only this one changed
stays; only what both changed is for people to settle.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, time
from enum import Enum
from hashlib import sha256
from typing import Any

from flask_wtf.file import FileField
from wtforms import Field, HiddenField, SelectMultipleField
from wtforms.csrf.core import CSRFTokenField

from webapp.blueprints.forms import CarriedNumber, Form
from webapp.queries.activity import Entry
from webapp.templating import british_date, british_time

# Longer texts are carried as a digest: enough to see whether they changed.
LONGEST_CARRIED = 2_000
_UNKNOWN = object()


@dataclass(frozen=True)
class Difference:
    """One fact in words, as it was, as it is, and where somebody typed something else, as they typed it."""

    label: str
    before: str | None
    after: str
    typed: str | None = None
    who: str = ""
    # The field that holds it.
    name: str = ""


class MergingForm(Form):
    """A form of something that others may change meanwhile: it carries the version shown, and what it held then."""

    version = CarriedNumber()
    opened = HiddenField()
    # Fields that say what to do, and nothing of the thing itself.
    apart: frozenset[str] = frozenset()

    def post_process(self, formdata: Any) -> None:
        """Take down what the form holds as it is opened."""
        super().post_process(formdata)
        if formdata is None:
            self.opened.data = self.held()

    def held(self) -> str:
        """What the form holds, as it is carried along."""
        return json.dumps({name: _held(self[name]) for name in self.facts()}, ensure_ascii=False)

    def as_opened(self) -> Mapping[str, Any]:
        """What the form held as it was opened, so far as it carries that."""
        try:
            opened = json.loads(self.opened.data or "{}")
        except (ValueError, RecursionError):
            return {}
        return opened if isinstance(opened, dict) else {}

    def facts(self) -> list[str]:
        """The names of the fields that say something of the thing."""
        aside = (HiddenField, CarriedNumber, FileField, CSRFTokenField)
        return [one.short_name for one in self if one.short_name not in self.apart and not isinstance(one, aside)]

    def touched(self) -> set[str]:
        """The names of the fields that hold something else than as the form was opened, so far as that is known."""
        opened = self.as_opened()
        return {name for name in self.facts() if opened.get(name, _UNKNOWN) != _held(self[name])}

    def carry(self, **values: Any) -> None:
        """Let these fields count as opened with these values, whatever they hold; with None, it is not known how."""
        known = {**self.as_opened(), **values}
        self.opened.data = json.dumps(
            {
                name: value if isinstance(value, dict) else _carried(value)
                for name, value in known.items()
                if value is not None
            },
            ensure_ascii=False,
        )

    def called(self, name: str) -> str:
        """What a field is called."""
        text: str = self[name].label.text
        return text.removesuffix(" (optional)")

    def in_words(self, name: str, value: Any) -> str:
        """A value of a field in words."""
        names = {one.value: str(one.label) for one in getattr(self[name], "choices", None) or ()}
        if names:
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(names.get(one, str(one or "")) for one in chosen) or "Not given"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, time):
            return british_time(value)
        if isinstance(value, date):
            return british_date(value)
        return "Not given" if value in (None, "", []) else str(value)


def merge(
    form: MergingForm, fresh: MergingForm, *, who: Callable[[str], str] = lambda _name: ""
) -> Sequence[Difference]:
    """What somebody else changed since the form was opened, which now stands in `fresh`; `who` names them by field.

    Fields left as they were take what stands now. Where both changed one, what was typed stays and the field says so.
    The form then changes the present version.
    """
    opened, found = form.as_opened(), []
    for name in form.facts():
        before, typed, now = opened.get(name, _UNKNOWN), _held(form[name]), _held(fresh[name])
        if now in (before, typed):
            continue
        was_left, after = typed == before, form.in_words(name, fresh[name].data)
        found.append(
            Difference(
                form.called(name),
                _before(form, name, before),
                after,
                None if was_left else form.in_words(name, form[name].data),
                who(name).removesuffix(","),
                name,
            )
        )
        if was_left:
            take(form[name], fresh[name])
        else:
            other = who(name) or "Somebody else"
            form[name].errors = [f"{other[:1].upper()}{other[1:]} changed this too. Choose which is to stand, and save"]
    take(form.version, fresh.version)
    form.opened.data = fresh.held()
    return found


def take(field: Field, fresh: Field) -> None:
    """Let what stands now take the place of what was sent."""
    field.raw_data = None
    field.data = fresh.data


def who_changed(history: Sequence[Entry], names: Mapping[str, str]) -> Callable[[str], str]:
    """Who changed a field last, by the record, latest first; `names` says what the record calls a field otherwise."""
    last = next((one.actor_name for one in history), "")

    def who(name: str) -> str:
        recorded = names.get(name, name)
        return next((one.actor_name for one in history if recorded in one.details.get("changes", {})), last)

    return who


def _held(field: Field) -> Any:
    # Boxes have no order of their own.
    return _carried(sorted(field.data or ()) if isinstance(field, SelectMultipleField) else field.data)


def _carried(value: Any) -> Any:
    """A value as the page carries it; nothing given is the same however it is said."""
    if value is None or value in ("", [], ()):
        return ""
    if is_dataclass(value):
        value = list(vars(value).values())
    if isinstance(value, list | tuple):
        return [_carried(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bool | int):
        return value
    text = value.isoformat() if isinstance(value, date | time) else str(value)
    if len(text) > LONGEST_CARRIED:
        return {"digest": sha256(text.encode()).hexdigest()}
    return text


def _before(form: MergingForm, name: str, before: Any) -> str | None:
    """What stood there as the form was opened, in words, where that is known."""
    if before is _UNKNOWN or isinstance(before, dict):
        return None
    if isinstance(before, str) and isinstance(form[name].data, time):
        try:
            return british_time(time.fromisoformat(before))
        except ValueError:
            return form.in_words(name, before)
    return form.in_words(name, before)
