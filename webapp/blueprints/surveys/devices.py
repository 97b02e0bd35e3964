"""Two devices at one survey: what another one answered since a page was opened stays, or is put beside what was typed.

A page carries a mark of each answer as it was opened. What was left as it was follows the other device; what only this
page changed is kept; only what both changed is for the person to choose.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import request

from webapp.blueprints.merging import Difference
from webapp.blueprints.surveys.answering import Place
from webapp.blueprints.surveys.reading import Parts, words

CARRIED = "as_opened"
CHOOSE = "You changed this on another device or page too. Choose which is to stand"
SEE_BOTH = "You changed this on another device or page too. Press Continue to see both"
_MARK = re.compile(r"(\d{1,6}):([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True)
class Met:
    """Answers that were typed here, as they go on: `taken` follow another device, `both` were changed on both."""

    given: Mapping[int, Parts]
    taken: frozenset[int] = frozenset()
    both: frozenset[int] = frozenset()

    @property
    def settled(self) -> frozenset[int]:
        """The numbers of those that the page is to show anew, or to put beside each other."""
        return self.taken | self.both

    @property
    def errors(self) -> dict[str, str]:
        """What is said at the fields of those that were changed on both."""
        return {f"q{no}": CHOOSE for no in sorted(self.both)}


def meet(place: Place, typed: Mapping[int, Parts]) -> Met:
    """What becomes of answers that were typed on a page, as the answers stand now."""
    opened, given = as_opened(), dict(typed)
    taken, both = set(), set()
    for no, parts in typed.items():
        stands = place.given.get(no, ())
        if opened and no not in opened:
            given[no] = stands  # it was never on the page
        elif not opened or mark(stands) in {opened[no], mark(parts)}:
            continue
        elif mark(parts) == opened[no]:
            given[no] = stands
            taken.add(no)
        else:
            both.add(no)
    return Met(given, frozenset(taken), frozenset(both))


def as_opened() -> dict[int, str]:
    """The marks that the page carried along, by the numbers of its questions."""
    found = (_MARK.fullmatch(one) for one in request.form.get(CARRIED, "").split())
    return {int(one[1]): one[2] for one in found if one}


def carried(place: Place, numbers: Iterable[int], met: Met | None = None) -> str:
    """The marks for a page to carry: as it was opened first, and as it stands now what it is to show anew."""
    before = as_opened() if met is not None else {}
    known = {no: one for no, one in before.items() if met is not None and no not in met.settled}
    return in_words({no: known.get(no) or mark(place.given.get(no, ())) for no in numbers})


def in_words(marks: Mapping[int, str]) -> str:
    """The marks as a page carries them."""
    return " ".join(f"{no}:{one}" for no, one in marks.items())


def mark(parts: Parts) -> str:
    """A mark of an answer, the same however it was read."""
    plain = sorted((one.part, None if one.value is None else float(one.value), one.text or "") for one in parts)
    return sha256(repr(plain).encode()).hexdigest()[:12]


def differences(place: Place, met: Met | None) -> list[Difference]:
    """What another device changed, beside what was typed here."""
    found = []
    for _section, one in place.shown() if met is not None and met.settled else ():
        if met is not None and one.no in met.settled:
            stands = "\n".join(words(one, place.given.get(one.no, ()))) or "Not answered"
            typed = "\n".join(words(one, met.given.get(one.no, ()))) or "Not answered"
            found.append(Difference(one.label, None, stands, typed if one.no in met.both else None))
    return found
