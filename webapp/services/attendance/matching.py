"""Who a name in a report is: by what an organiser said before, by address, then by name; else it is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from webapp.folding import fold, fold_email, name_key
from webapp.models.attendance import Match
from webapp.models.registrations import RegistrationState
from webapp.queries.attendance import Known, who

MOST_CANDIDATES = 10


@dataclass(frozen=True)
class Found:
    """Whom somebody in a report was taken for, and among whom an organiser has to choose."""

    match: Match
    registration_id: int | None = None
    candidates: tuple[int, ...] = ()


class Matcher:
    """Finds registrations for the people of reports; made once for each report."""

    def __init__(self, everybody: Iterable[Known], decided: Mapping[str, int | None]) -> None:
        self._decided = decided
        self._by_email: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        self._confirmed: list[Known] = []
        for known in everybody:
            for email in known.emails:
                self._by_email[email] = known.id
            # An address proves who it is even where the place was given up since; a name does not.
            if known.state is RegistrationState.CONFIRMED:
                self._by_name.setdefault(known.name_sort, []).append(known.id)
                self._confirmed.append(known)

    @cached_property
    def _alike(self) -> dict[str, list[int]]:
        # Made only once somebody is not found by address or name: taking every name apart takes its time.
        found: dict[str, list[int]] = {}
        for known in self._confirmed:
            for key in _alike(known.name, registered=True):
                found.setdefault(key, []).append(known.id)
        return found

    def find(self, name: str, email: str, spellings: Iterable[str]) -> Found:
        """Whom this person is taken for."""
        said = who(name, email)
        if said in self._decided:
            return Found(Match.ORGANISER, self._decided[said])
        by_email = self._by_email.get(fold_email(email)) if email else None
        if by_email is not None:
            return Found(Match.EMAIL, by_email)
        names = [turned for spelling in spellings for turned in _turned(spelling)]
        same = _distinct(self._by_name.get(name_key(one), []) for one in names)
        vague = _is_vague(name)
        if len(same) == 1 and not vague:
            return Found(Match.NAME, same[0])
        alike = list(same)
        if vague or not same:
            keys = [key for one in names for key in _alike(one, registered=False)]
            alike = _distinct([alike, *(self._alike.get(key, []) for key in keys)])
        # Among more than a few nobody would look; whoever knows better can still search.
        if alike and len(alike) <= MOST_CANDIDATES:
            return Found(Match.UNSURE, candidates=tuple(alike))
        return Found(Match.NOBODY)


def _turned(name: str) -> list[str]:
    """The name as written, and "Wren, Ada" as "Ada Wren"."""
    last, comma, first = name.partition(",")
    return [name, f"{first.strip()} {last.strip()}"] if comma and first.strip() else [name]


def _is_vague(name: str) -> bool:
    """Whether a name says too little to be taken for somebody's: with an initial, or turned with more in brackets."""
    words = _words(name.partition("(")[0])
    shortened = len(words) > 1 and 1 in {len(words[0]), len(words[-1])}
    return shortened or ("," in name and "(" in name)


def _words(name: str) -> list[str]:
    return [word.strip(".") for word in fold(name).replace(",", " ").replace("-", " ").split() if word.strip(".")]


def _alike(name: str, *, registered: bool) -> list[str]:
    """What names have in common that may be one person's: one name and the initial of the other, or all words.

    Of a single word in a report, only that somebody registered is called so.
    """
    words = _words(name)
    if len(words) < 2:
        return [f"first {word}" for word in words]
    first, *rest = words
    # Of a name in several parts a report may give any: "Garside" or "Okoro" for "Garside-Okoro".
    parts = rest if registered else rest[-1:]
    keys = [f"words {' '.join(sorted(words))}", *(f"initial {first[0]} {part}" for part in parts)]
    if registered or len(words[-1]) == 1:
        keys += [f"{first} initial {part[0]}" for part in parts]
    return [*keys, f"first {first}"] if registered else keys


def _distinct(groups: Iterable[list[int]]) -> list[int]:
    return list(dict.fromkeys(one for group in groups for one in group))
