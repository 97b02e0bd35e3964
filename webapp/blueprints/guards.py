"""What forms do about a text that may identify a child or a family: explain, offer other words, and let people decide.

In a private place somebody may keep the text and say why; in a shared one it then waits for a moderator. Nothing is
kept of what was found but the kinds and the reason, and no text leaves the request in which it came.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Any, Self

from flask import request
from werkzeug.datastructures import MultiDict

from webapp.blueprints.forms import Form
from webapp.folding import clean_line
from webapp.guarding import EVERY, Finding, Kind, examine, reword

LONGEST_REASON = 200


class Place(StrEnum):
    """Who will read a text: those few whom its writer knows of, or many."""

    PRIVATE = "private"
    SHARED = "shared"


class State(StrEnum):
    """What becomes of the texts: they go on, they are shown again, they go on as they are, or they wait."""

    CLEAR = "clear"
    ASKS = "asks"
    KEPT = "kept"
    WAITS = "waits"


@dataclass(frozen=True)
class Typed:
    """What somebody typed: the id of its field on the page, the field's label, and the text."""

    field: str
    label: str
    text: str


@dataclass(frozen=True)
class Said:
    """What somebody said to the guard: keep it and why, use the words offered, and what they had been shown before."""

    keep: bool = False
    reason: str = ""
    reword: bool = False
    seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, values: MultiDict[str, str]) -> Self:
        """The same as a form sent it."""
        return cls(
            keep=values.get("guard_choice") == "keep",
            reason=clean_line(values.get("guard_reason", "")),
            reword=values.get("guard_choice") == "reword",
            seen=frozenset(values.get("guard_seen", "")[:20_000].split(".")),
        )


@dataclass(frozen=True)
class Doubt:
    """One text that may identify somebody: what was found, as (piece, kind) in its order, and the words offered."""

    field: str
    label: str
    found: list[tuple[str, Kind]]
    reworded: str

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that were found, each once."""
        return list(dict.fromkeys(kind for _, kind in self.found))

    @property
    def message(self) -> str:
        """The sentence for the field and for the summary of errors."""
        looks = " and ".join(kind.label for kind in self.kinds[:2]) + (", among other things" if self.kinds[2:] else "")
        return f"This may identify somebody: it looks like {looks}. Change it, or see below what you can do"


@dataclass(frozen=True)
class Guard:
    """What the guard says of a form: see State. `texts` are those to go on with, by field."""

    place: Place = Place.PRIVATE
    state: State = State.CLEAR
    doubts: Sequence[Doubt] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    said: Said = Said()
    problem: str = ""

    @property
    def stops(self) -> bool:
        """Whether the page must be shown again (422)."""
        return self.state is State.ASKS

    @property
    def errors(self) -> list[dict[str, str]]:
        """The errors for the summary at the top of the page, each leading to its field."""
        if not self.stops:
            return []
        found = [{"text": doubt.message, "href": f"#{doubt.field}"} for doubt in self.doubts]
        return [*found, *self.own_errors]

    @property
    def own_errors(self) -> list[dict[str, str]]:
        """Those of them that belong to what the guard itself asks: why a text has to stay."""
        return [{"text": self.problem, "href": "#guard_reason"}] if self.problem else []

    @property
    def record(self) -> dict[str, Any]:
        """What may be kept of a text that was kept or waits: the kinds and the reason, without the text."""
        if self.state in {State.CLEAR, State.ASKS}:
            return {}
        kinds = sorted({kind.value for doubt in self.doubts for kind in doubt.kinds})
        return {"kinds": kinds} | ({"reason": self.said.reason} if self.said.reason else {})

    @property
    def marks(self) -> frozenset[str]:
        """Marks of what was found, which tell nothing of it."""
        return frozenset(_mark(piece, kind) for doubt in self.doubts for piece, kind in doubt.found)

    @property
    def seen(self) -> str:
        """What this page shows, to be sent along: a text that says more than was shown is asked about again."""
        return ".".join(sorted(self.marks))


def check(typed: Sequence[Typed], place: Place, said: Said, *, kinds: Collection[Kind] = EVERY) -> Guard:
    """What becomes of some texts, given what was said to the guard about them."""
    texts = {one.field: reword(one.text, examine(one.text, kinds)) if said.reword else one.text for one in typed}
    doubts = [_doubt(one, texts[one.field], found) for one in typed if (found := examine(texts[one.field], kinds))]
    shown = Guard(doubts=doubts).marks <= said.seen
    state, problem = State.CLEAR, ""
    if doubts and said.keep and shown:
        problem = "" if place is Place.SHARED and not said.reason else _problem(said.reason)
        state = State.ASKS if problem else State.KEPT if place is Place.PRIVATE else State.WAITS
    elif doubts:
        state = State.ASKS
    return Guard(place=place, state=state, doubts=doubts, texts=texts, said=said, problem=problem)


def says_more(text: str, passed: str, *, kinds: Collection[Kind] = EVERY) -> bool:
    """Whether something in a text may identify somebody that is not in the one that passed already."""
    found = {(text[one.start : one.end], one.kind) for one in examine(text, kinds)}
    return bool(found) and not found <= {(passed[one.start : one.end], one.kind) for one in examine(passed, kinds)}


def _doubt(one: Typed, text: str, found: Sequence[Finding]) -> Doubt:
    pieces = [(text[each.start : each.end], each.kind) for each in found]
    return Doubt(one.field, one.label, [piece for piece, _ in groupby(pieces)], reword(text, found))


def _mark(piece: str, kind: Kind) -> str:
    return sha256(f"{kind} {piece}".encode()).hexdigest()[:10]


def _problem(reason: str) -> str:
    if len(reason) < 3:
        return "Say why the text has to stay as it is"
    if len(reason) > LONGEST_REASON:
        return f"The reason must be {LONGEST_REASON} characters or fewer"
    return "Say why without naming anybody" if examine(reason) else ""


class GuardedForm(Form):
    """A form with texts in it that others may read: `guarded` names their fields, and `guard` says what was found.

    With `passes_unchanged`, what the form was opened with is not asked about again: for texts that were checked as
    they were saved.
    """

    guarded: Collection[str] = ()
    place = Place.PRIVATE
    kinds: Collection[Kind] = EVERY
    passes_unchanged = False
    guard = Guard()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is as it should be, and nothing identifies anybody unless its writer keeps it so."""
        fields = {self[name].id: self[name] for name in self.guarded if name in self and self[name].data}
        if self.passes_unchanged:
            fields = {one: each for one, each in fields.items() if each.data != each.object_data}
        typed = [Typed(one, each.label.text, str(each.data)) for one, each in fields.items()]
        self.guard = check(typed, self.place, Said.of(request.form), kinds=self.kinds)
        for one, each in fields.items():
            if self.guard.said.reword:
                each.data = self.guard.texts[one]
        valid = super().validate(extra_validators)
        for doubt in self.guard.doubts if self.guard.stops else ():
            each = fields[doubt.field]
            each.errors = [*each.errors, *([] if each.errors else [doubt.message])]
        return valid and not self.guard.stops
