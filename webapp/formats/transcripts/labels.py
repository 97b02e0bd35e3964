"""Tells who is meant by the labels of a transcript, and says how it knows, or that it does not.

Words are never put into the mouth of somebody on a mere likeness: two who are equally near, or a likeness to somebody
who does not speak in the session, are for an editor to decide, once; the answer comes back as a known spelling.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST_OFFERED = 8
_BRACKETS = re.compile(r"[(\[{（]([^()\[\]{}（）]*)[)\]}）]")
_PARTS = re.compile(r"[|/;:]|\s[-–—]+\s|[–—]")
_ADDRESS = re.compile(r"@\S*")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = re.compile(r"['’‘`´]")
_TITLES = _words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady baron baroness cllr councillor councilor rt right hon "
    "honourable the rev revd reverend minister judge justice"
)
_HONOURS = _words("mp msp ms mla obe cbe mbe kbe dbe kc qc phd frsa jp rgn")
_ROLES = {
    "chairman": "chair", "chairwoman": "chair", "chairperson": "chair", "cochair": "chair", "mc": "host",
    "panelist": "panellist", "compere": "host", "interviewer": "host",
}  # fmt: skip


class Why(StrEnum):
    """By what a label was told to be somebody's, the surest first."""

    EXACT = "exact"
    SPELLING = "known spelling"
    NEAR = "near spelling"
    INITIALS = "initials"
    PART = "first name or surname"
    ROLE = "role"


class Sureness(StrEnum):
    """How sure a resolution is: only `UNSURE` needs an editor."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be meant: spellings known to mean them, and roles such as “chair” in this session."""

    id: int | str
    name: str
    spellings: Sequence[str] = ()
    roles: Sequence[str] = ()
    of_session: bool = True


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """Whom a label means, how sure that is and why; for an unsure one, who it may be, the likeliest first."""

    label: str
    speaker: int | str | None
    sureness: Sureness
    why: Why | None = None
    candidates: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class _Match:
    why: Why
    cost: float
    candidate: Candidate

    @property
    def rank(self) -> tuple[int, float]:
        return (_ORDER[self.why], self.cost)


_ORDER = {why: place for place, why in enumerate(Why)}
# What a likeness may be and still decide; beyond it somebody is only offered.
_DECIDES = 2.5
# In a name of so many letters both words may be a little different.
_LONG_NAME = 10


def resolve(labels: Iterable[str], candidates: Sequence[Candidate]) -> list[Resolution]:
    """Give for each different label, in order, the one whom it means, or that it is unsure and who it may be.

    Case, accents, punctuation, titles, “Mac” for “Mc” and what stands in brackets do not count. Likenesses, initials,
    single names and roles decide only among the speakers of the session, and only where they fit one of them alone.
    """
    people = [_Person(candidate) for candidate in candidates]
    inside = [person for person in people if person.candidate.of_session]
    outside = _Index([person for person in people if not person.candidate.of_session])
    return [_resolved(label, inside, outside) for label in dict.fromkeys(labels)]


def _resolved(label: str, inside: Sequence["_Person"], outside: "_Index") -> Resolution:
    asked = _Asked(label)
    near = sorted(filter(None, (person.match(asked) for person in inside)), key=lambda match: match.rank)
    exact = outside.matches(asked)
    best = [match for match in near if match.rank == near[0].rank]
    # A namesake elsewhere does not speak here, but somebody of just that name goes before a mere likeness.
    clear = len(best) == 1 and best[0].cost < _DECIDES and (not exact or best[0].why in {Why.EXACT, Why.SPELLING})
    if clear:
        certain = best[0].why in {Why.EXACT, Why.SPELLING} and not exact
        return _sure(label, best[0], Sureness.CERTAIN if certain else Sureness.LIKELY)
    if not near and len(exact) == 1:
        return _sure(label, exact[0], Sureness.LIKELY)
    offered = dict.fromkeys(match.candidate.id for match in (*exact, *near, *outside.offers(asked)))
    return Resolution(label=label, speaker=None, sureness=Sureness.UNSURE, candidates=tuple(offered)[:_MOST_OFFERED])


def _sure(label: str, match: _Match, sureness: Sureness) -> Resolution:
    return Resolution(label=label, speaker=match.candidate.id, sureness=sureness, why=match.why)


class _Asked:
    """A label, taken apart: the name that it opens with, and what else it says, such as a name in brackets."""

    def __init__(self, label: str) -> None:
        bare = _ADDRESS.sub("", label) or label
        within = _BRACKETS.findall(bare)
        first, *rest = [part for part in _PARTS.split(_BRACKETS.sub(" ", bare)) if part.strip()] or [bare]
        self.whole = folded(label, bare=False)
        self.names: list[tuple[str, ...]] = []
        before, comma, behind = first.partition(",")
        # “MacAlister, Josh” and “Josh MacAlister, DfE” are both written.
        for name in (f"{behind} {before}", before) if comma else (first,):
            self.names.append(folded(name))
        self.others = [folded(part) for part in (*within, *rest)]
        self.roles = {_role(part) for part in (before, behind, *within, *rest) if part.strip()}
        word = first.strip().replace(".", "")
        self.initials = word.lower() if word.isupper() and 2 <= len(word) <= 4 and word.isalpha() else ""


class _Person:
    """A candidate with the words of all names they go by."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self.name = folded(candidate.name)
        self.spellings = [folded(spelling) for spelling in candidate.spellings]
        self.exactly = {folded(spelling, bare=False) for spelling in candidate.spellings}
        self.roles = {_role(role) for role in candidate.roles}

    def match(self, asked: _Asked) -> _Match | None:
        """Give the best way in which a label may mean this person."""
        found = []
        if same := self.same(asked):
            found.append(_Match(same, 0, self.candidate))
        for form in (self.name, *self.spellings):
            for words in asked.names:
                # What somebody was once called need not be in parts: “iPhone (2)” says nothing of other telephones.
                likely = _likeness(words, form) if form is self.name or len(words) > 1 else []
                found += [_Match(why, cost, self.candidate) for why, cost in likely]
            for words in asked.others:
                # “(DfE)” names nobody: in brackets only a whole name does.
                found += [
                    _Match(why, cost + 0.25, self.candidate)
                    for why, cost in _likeness(words, form)
                    if why is Why.NEAR and len(words) > 1
                ]
        if asked.initials and self.name and asked.initials in _initials(self.name):
            found.append(_Match(Why.INITIALS, 0, self.candidate))
        if self.roles & asked.roles:
            found.append(_Match(Why.ROLE, 0, self.candidate))
        return min(found, key=lambda match: match.rank, default=None)

    def same(self, asked: _Asked) -> Why | None:
        """Give whether a label is this person's name or known spelling, but for what does not count."""
        if asked.whole in self.exactly:
            return Why.SPELLING
        words = [*asked.names, *(other for other in asked.others if len(other) > 1)]
        if any(_joined(one) == _joined(self.name) for one in words if one):
            return Why.EXACT
        if any(_joined(one) == _joined(form) for one in words for form in self.spellings if one and form):
            return Why.SPELLING
        return None


class _Index:
    """Those who do not speak in the session: many, so they are looked up and not compared one by one."""

    def __init__(self, people: Sequence[_Person]) -> None:
        self._by_name: dict[str, dict[int, _Person]] = {}
        self._by_last: dict[str, list[_Person]] = {}
        for place, person in enumerate(people):
            for form in (person.name, *person.spellings, *person.exactly):
                if form:
                    self._by_name.setdefault(_joined(form), {})[place] = person
            if person.name:
                self._by_last.setdefault(person.name[-1], []).append(person)

    def matches(self, asked: _Asked) -> list[_Match]:
        """Give everybody whose name or known spelling a label is."""
        words = (asked.whole, *asked.names, *(other for other in asked.others if len(other) > 1))
        found = {place: person for one in words for place, person in self._by_name.get(_joined(one), {}).items()}
        return [_Match(why, 0, person.candidate) for person in found.values() if (why := person.same(asked))]

    def offers(self, asked: _Asked) -> list[_Match]:
        """Give some of those whose surname a label ends with."""
        people = [
            person for words in asked.names if words for person in self._by_last.get(words[-1], ())[:_MOST_OFFERED]
        ]
        return [match for person in people if (match := person.match(asked))]


def folded(name: str, *, bare: bool = True) -> tuple[str, ...]:
    """Give the words of a name for comparing: without case, accents and punctuation, “Mc” as “Mac”.

    A bare name has no titles before it and no honours behind it.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(_LETTERS)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    words = re.sub(r"[\W_]+", " ", _APOSTROPHES.sub("", letters)).split()
    if bare:
        while len(words) > 1 and words[0] in _TITLES:
            del words[0]
        while len(words) > 2 and words[-1] in _HONOURS:
            del words[-1]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in {"mac", "mc"}:
            joined[-1] = f"mac{word}"
        else:
            joined.append(f"mac{word[2:]}" if word.startswith("mc") and len(word) > 3 else word)
    return tuple(joined)


def _joined(words: tuple[str, ...]) -> str:
    """“Anne-Marie”, “Anne Marie” and “Annemarie” are one name."""
    return "".join(words)


def _role(text: str) -> str:
    role = "".join(word for word in folded(text, bare=False) if word != "the")
    return _ROLES.get(role, role)


def _initials(name: tuple[str, ...]) -> set[str]:
    return {"".join(word[0] for word in name), name[0][0] + name[-1][0]} if len(name) > 1 else set()


def _likeness(words: tuple[str, ...], name: tuple[str, ...]) -> list[tuple[Why, float]]:
    """Give how words are like a name without being it, each with what they differ by."""
    if not words or not name:
        return []
    if len(words) == 1:
        return _single(words[0], name)
    found = []
    if len(name) > 1:
        for order, cost in ((words, 0.0), ((words[-1], *words[:-1]), 0.25)):
            compared = _compared(order, name)
            if compared is not None:
                found.append((compared[0], compared[1] + cost))
    return found


def _single(word: str, name: tuple[str, ...]) -> list[tuple[Why, float]]:
    if len(name) == 1:
        cost = distance(word, name[0])
        return [] if cost is None else [(Why.NEAR, float(cost))]
    if word in {name[0][0] + name[-1], name[0] + name[-1][0]}:
        return [(Why.INITIALS, 0.5)]
    if word in name:
        return [(Why.PART, 0.0)]
    costs = [cost for part in (name[0], name[-1]) if (cost := distance(word, part)) is not None]
    # Too little to go by: offered, and no more.
    return [(Why.PART, _DECIDES + min(costs))] if costs else []


def _compared(words: tuple[str, ...], name: tuple[str, ...]) -> tuple[Why, float] | None:
    """Compare word by word, or, where one has more of them, the first and the last."""
    extra = 0.0
    if len(words) != len(name):
        words, name, extra = (words[0], words[-1]), (name[0], name[-1]), 0.5
    cost, initials, alike = extra, False, 0
    for place, (word, part) in enumerate(zip(words, name, strict=True)):
        if word == part:
            alike += len(word) > 1
        elif not (word.isalpha() and part.isalpha()):
            # “Speaker 1” is nobody near “Speaker 10”.
            return None
        elif 1 in {len(word), len(part)}:
            if word[0] != part[0]:
                return None
            initials = True
        else:
            differs = distance(word, part, first=place == 0)
            if differs is None:
                return None
            cost += differs
    if cost > _DECIDES or (not alike and cost > 1 and sum(map(len, words)) < _LONG_NAME):
        return None
    return (Why.INITIALS if initials else Why.NEAR, cost)


def distance(word: str, other: str, *, first: bool = False) -> int | None:
    """Give by how many letters two words differ, swapped neighbours counting once, or None for too many.

    One in four to seven letters may differ, two in eight and more. With `first`, as for first names, short ones may
    have a letter more, and the first letter is the same.
    """
    shorter = min(len(word), len(other))
    most = 0 if shorter < 4 else 1 if shorter < 8 else 2
    if first:
        if word[:1] != other[:1]:
            return None
        most = max(most, abs(len(word) - len(other)) if shorter == 3 else 0)
    most = min(most, 2)
    if abs(len(word) - len(other)) > most or shorter > 40:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, start=1):
        above, before_above, before = row, before, row
        row = [place]
        for column, sign in enumerate(other, start=1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != sign))
            if place > 1 and column > 1 and letter == other[column - 2] and word[place - 2] == sign:
                cost = min(cost, before_above[column - 2] + 1)
            row.append(cost)
    return row[-1] if row[-1] <= most else None
