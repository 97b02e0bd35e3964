"""Tells “Name: words” from a sentence with a colon in it, by how the name is made and how often it stands there.

No single line can tell: “Leeds: a city of a million” looks like “Leila: a city of a million”. So every opening of a
file is counted first; what is still in doubt is decided one way and told, so that an editor can look.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.formats.transcripts.times import STAMP, milliseconds
from webapp.formats.transcripts.turns import Remark


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What our own text puts before words whose speaker nobody knows.
NOBODY = "Speaker not named"
_LONGEST = 110
# Beyond so many different openings nobody speaks: somebody wants to see the program sweat.
_MOST_NAMES, _MOST_DOUBTS = 10_000, 20
_BULLET = re.compile(r"(?:[•·▪◦‣●○*>–—-]{1,9}[ \t]{1,40}|[0-9]{1,4}[.)][ \t]{1,40})")
_EARLY = re.compile(rf"[\[(]?({STAMP})[\])]?[ \t,–—-]{{1,9}}")
_TIME = re.compile(rf"[\[(]?({STAMP})[\])]?[*_]{{0,3}}")
_COLON = re.compile(r"[:：][*_]{0,3}(?=\s|$|[A-Z“‘\"])")
_BOXED = re.compile(r"\[([^\[\]]{1,80})\]")
_BRACKETS = re.compile(r"[(\[{（][^()\[\]{}（）]*[)\]}）]")
_AFTER_A_BAR, _AFTER_A_COMMA = re.compile(r"\s+[|/–—-]\s+.*"), re.compile(r",.*")
_WORD = re.compile(r"[^\W_](?:[\w'’.&-]*[\w.])?")
_PARTICLES = _words("da de del della den der di dos du el la le van von zu bin ibn al ap of the and & y e")
ROLES = _words(
    "a all announcer attendee audience caller chair chairman chairperson chairwoman co-chair delegate everyone "
    "facilitator female guest host interpreter interviewee interviewer lead male man member moderator mc narrator "
    "operator panel panellist panelist participant presenter q respondent speaker unidentified unknown voice woman "
    "young person both"
)
# With one of these it is a heading or a remark, however often it stands there.
_HEADINGS = _words(
    "about acknowledgements action actions afternoon agenda aim aims apologies appendix attendees audio background "
    "by captions caution chapter closing conclusion conclusions contents copyright date definition discussion "
    "disclaimer duration edited edition event events example examples figure findings http https important "
    "introduction issue key language length link links location meeting message messages morning next nb note notes "
    "objective objectives opening outcome outcomes overview place present programme project publication published "
    "purpose questions recorded recording reference remember reminder report resource resources running section "
    "session sessions source speakers step subject summary table theme themes time tip title topic topics total "
    "transcribed transcript transcription transcriber update url venue version video warning website welcome "
    "first firstly second secondly third thirdly finally however also lastly then so well therefore because yes no "
    "ok okay this that these those here there what why how when where who which my your our their his her its it we "
    "i you they if in on at to for from with as or but not"
)
_SURNAMES_TOO = frozenset({"case", "key", "link", "note", "place", "present"})
_NUMBERED = re.compile(r"(?:day|part|item|stage|phase|slide|page|wave|week|year|module)\s+[0-9ivx]+", re.IGNORECASE)
_SHAPELESS = 60
_INITIALS = re.compile(r"[A-Z]{2,3}|(?:[A-Z]\.){1,2}[A-Z]\.?")
# As short, and seldom anybody's.
_ABBREVIATIONS = _words("ai bbc dfe eu faq hr it la ngo nhs pdf qa ps sen sms tv uk un url us usa")


class Opening(NamedTuple):
    """What a line may open with: a label, a time with it, and the words after the colon."""

    label: str
    start: int | None
    words: str
    # For a line that holds only a name and a time: whether they stand apart as programs write them.
    apart: bool = False


def key(label: str) -> str:
    """Give a label as it is counted: without regard to case and spaces."""
    return " ".join(label.casefold().split())


def opening(line: str) -> Opening | None:
    """Give what a line opens with if it may be “Name: words”, perhaps with a time on either side of the name."""
    line = line.strip()
    colon = _COLON.search(line[:_LONGEST])
    if colon is None:
        return None
    label, moments = line[: colon.start()], []
    for sign in (_BULLET, _EARLY):
        if found := sign.match(label):
            label = label[found.end() :]
            moments += [found[1]] if sign is _EARLY else []
    label, _, late = _without_late(label)
    label = label.strip("*_ \t").strip("[]").strip()
    if not label or ":" in label or "：" in label:
        return None
    start = milliseconds((*moments, late)[0])
    return Opening(label, start, line[colon.end() :].strip())


def head(line: str) -> Opening | None:
    """Give the name and the time if a line holds them and nothing else, as Teams writes them above the words."""
    line = line.strip()
    if len(line) > _LONGEST:
        return None
    label, gap, late = _without_late(line)
    start = milliseconds(late)
    if start is None or (gap and label.endswith(":")):
        return None
    if bullet := _BULLET.match(label):
        label = label[bullet.end() :]
    boxed = _BOXED.fullmatch(label)
    label = (boxed[1] if boxed else label).strip("*_,| \t")
    if not label or ":" in label:
        return None
    return Opening(label, start, "", boxed is not None or gap > 1)


def _without_late(text: str) -> tuple[str, int, str]:
    """Give the text without a time at its end, how much space parted them, and the time if there is one."""
    rest, _, last = text.replace("\t", "  ").rpartition(" ")
    found = _TIME.fullmatch(last) if len(last) < 30 else None
    if found is None or not rest.strip():
        return text, 0, ""
    return rest.rstrip(), 1 + len(rest) - len(rest.rstrip()), found[1]


def is_name(label: str) -> bool:
    """Whether a label is made like a name or a role: few words, each with a capital or of a kind that needs none."""
    if len(label) > _SHAPELESS or key(label) == key(NOBODY):
        return len(label) <= _SHAPELESS
    bare = _AFTER_A_BAR.sub("", _BRACKETS.sub(" ", label))
    core = _AFTER_A_COMMA.sub("", bare)
    words = core.split()
    if not 1 <= len(words) <= 6 or _NUMBERED.fullmatch(core.strip()):
        return False
    # “Smith, Anna” goes on after its comma as a name does.
    parts = [key(word).strip(".") for word in bare.replace(",", " ").split()]
    surname = len(parts) > 1 and parts[-1] in _SURNAMES_TOO
    if any(part in _HEADINGS for part in (parts[:-1] if surname else parts)):
        return False
    return all(_is_name_word(word) for word in words) and any(_stands_out(word) for word in words)


def is_role(label: str) -> bool:
    """Whether a label names what somebody does there, such as “Chair”, “Audience member” or “Speaker 2”."""
    words = [word.strip(".") for word in key(_BRACKETS.sub(" ", label)).replace("/", " ").split()]
    rest = [word for word in words if word not in _PARTICLES and not word.isdecimal() and len(word) > 1]
    return any(word in ROLES for word in words) and all(word in ROLES for word in rest)


def _is_name_word(word: str) -> bool:
    folded = word.casefold().strip(".")
    if folded in _PARTICLES or folded in ROLES:
        return True
    if word.isdecimal():
        return len(word) <= 3
    return _WORD.fullmatch(word) is not None and _stands_out(word)


def _stands_out(word: str) -> bool:
    """A capital, or a letter of a script that has none; “bell” does not stand out, “d'Arcy” and “McCall” do."""
    if word.casefold().strip(".") in ROLES:
        return True
    first = next((sign for sign in word if sign.isalpha()), "")
    return unicodedata.category(first) in {"Lu", "Lt", "Lo"} if first and not first.islower() else _inner_capital(word)


def _inner_capital(word: str) -> bool:
    return re.fullmatch(r"\w{1,2}['’]?[^\W\d_a-z]\w+", word) is not None


@dataclass
class Names:
    """The openings of a file, counted; `known` are labels that are names whatever they look like."""

    known: Iterable[str] = ()
    counts: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    with_words: set[str] = field(default_factory=set)

    def count(self, found: Opening, line: int) -> None:
        """Take note of an opening."""
        folded = key(found.label)
        if folded not in self.counts and len(self.counts) >= _MOST_NAMES:
            return
        self.counts[folded] = self.counts.get(folded, 0) + 1
        self.labels.setdefault(folded, found.label)
        self.first.setdefault(folded, line)
        if found.words:
            self.with_words.add(folded)

    def accepted(self, *, all_named: bool = False) -> tuple[set[str], list[Remark]]:
        """Give the keys of the labels that are names, and what to check; where all words have one, all are."""
        known = {key(label) for label in self.known}
        if all_named:
            return {folded for folded, label in self.labels.items() if len(label) <= _SHAPELESS} | known, []
        sure = {folded for folded in self.counts if folded in known or self._is_sure(folded)}
        doubts = [folded for folded in self.counts if folded not in sure and self._is_doubt(folded)]
        likely = {folded for folded in doubts if self._is_likely(folded, sure)}
        if sure | likely:
            # Among those who are named in full somebody is by initials; whose they are an editor is asked.
            likely |= {folded for folded in doubts if self._are_initials(folded)}
        remarks = [self._remark(folded, taken=folded in likely) for folded in doubts[:_MOST_DOUBTS]]
        if len(doubts) > _MOST_DOUBTS:
            first = self.first[doubts[_MOST_DOUBTS]]
            remarks.append(Remark(f"{len(doubts) - _MOST_DOUBTS:,} more stand before a colon once.", first))
        return sure | likely, remarks

    def _remark(self, folded: str, *, taken: bool) -> Remark:
        became = "was taken" if taken else "was not taken"
        sentence = f"“{self.labels[folded]}” stands before a colon once, and {became} for a speaker."
        return Remark(sentence, self.first[folded])

    def _is_doubt(self, folded: str) -> bool:
        return folded in self.with_words and is_name(self.labels[folded])

    def _is_sure(self, folded: str) -> bool:
        label = self.labels[folded]
        return is_role(label) or (self.counts[folded] > 1 and is_name(label)) or folded == key(NOBODY)

    def _are_initials(self, folded: str) -> bool:
        return _INITIALS.fullmatch(self.labels[folded]) is not None and folded not in _ABBREVIATIONS

    def _is_likely(self, folded: str, sure: set[str]) -> bool:
        """Whether a name that stands there once is one: by its words, or because the others are as short."""
        words = _BRACKETS.sub(" ", folded).split()
        if len(words) > 1:
            return len(words) <= 4 and not any(word in {"of", "the", "and", "&"} for word in words)
        return self._short_names_are_usual(sure)

    @staticmethod
    def _short_names_are_usual(sure: set[str]) -> bool:
        others = [name for name in sure if not is_role(name)]
        return not others or sum(len(name.split()) == 1 for name in others) * 2 > len(others)
