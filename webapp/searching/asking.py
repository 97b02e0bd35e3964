"""What somebody typed, understood: words and phrases that must all be there, abbreviations both ways.

There are no operators: whatever else is typed is a sign between words, so nothing can be typed that does not work.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from webapp.searching.splitting import STOP_WORDS, Word, split, stems

LONGEST = 200
MOST_WORDS = 20
_QUOTED = re.compile(r'"([^"]*)"')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))

# Words that stand one behind the other.
Phrase = tuple[str, ...]
# Phrases that must all be there.
Together = tuple[Phrase, ...]
# Ways to say the same, one of which must be there.
Group = tuple[Together, ...]


@dataclass(frozen=True)
class Abbreviation:
    """What people of the field write short, and what it stands for."""

    short: str
    long: str


@dataclass(frozen=True)
class Question:
    """What is looked for; all groups must be there. `words` are those that count, as they stand in `text`."""

    text: str
    groups: tuple[Group, ...] = ()
    words: tuple[Word, ...] = ()
    is_cut: bool = False

    @property
    def phrases(self) -> frozenset[Phrase]:
        """All that is to be marked in what is found."""
        return frozenset(phrase for group in self.groups for together in group for phrase in together)

    def with_words(self, instead: dict[int, str]) -> str:
        """What was typed, with other words at these places of `words`."""
        text, last = "", 0
        for number, word in enumerate(self.words):
            if number in instead:
                text += self.text[last : word.start] + instead[number]
                last = word.end
        return text + self.text[last:]


@dataclass(frozen=True)
class _Known:
    """Abbreviations by what they are looked up by."""

    longs: dict[str, tuple[Phrase, ...]]
    shorts: dict[Phrase, tuple[Phrase, ...]]
    longest: int


def ask(text: str, abbreviations: Iterable[Abbreviation] = ()) -> Question:
    """The question that a text asks; no text is refused, but beyond 200 characters or 20 words it is cut."""
    shown = text[:LONGEST].translate(_QUOTES)
    known = _known(tuple((one.short, one.long) for one in abbreviations))
    groups: list[Group] = []
    counting: list[Word] = []
    typed = 0
    for words, is_quoted in _pieces(shown):
        some = words[: max(0, MOST_WORDS - typed)]
        typed += len(words)
        if some:
            groups += [_quoted(some, known)] if is_quoted else _loose(some, known)
            counting += some
    return Question(shown, tuple(dict.fromkeys(groups)), tuple(counting), len(text) > LONGEST or typed > MOST_WORDS)


def _pieces(text: str) -> Iterator[tuple[list[Word], bool]]:
    """The words within quotation marks and between them, without stop words between them if others are left."""
    all_words = split(text)
    spans = [match.span(1) for match in _QUOTED.finditer(text)]
    quoted = [[word for word in all_words if start <= word.start < end] for start, end in spans]
    within = {word for some in quoted for word in some}
    loose = [word for word in all_words if word not in within]
    telling = [word for word in loose if word.folded not in STOP_WORDS]
    if not telling and not within:
        telling = loose
    last = 0
    for (start, end), some in zip(spans, quoted, strict=True):
        yield [word for word in telling if last <= word.start < start], False
        yield some, True
        last = end
    yield [word for word in telling if word.start >= last], False


def _loose(words: Sequence[Word], known: _Known) -> list[Group]:
    """A group for each word, or for several that an abbreviation stands for."""
    found: list[Group] = []
    place = 0
    while place < len(words):
        some = _long_form(words[place:], known)
        if some:
            typed: Together = tuple((word.stem,) for word in some)
            phrase = tuple(word.stem for word in some)
            found.append((typed, *((short,) for short in known.shorts[phrase])))
        else:
            some = words[place : place + 1]
            found.append(_said(some[0], known))
        place += len(some)
    return found


def _long_form(words: Sequence[Word], known: _Known) -> Sequence[Word]:
    for length in range(min(known.longest, len(words)), 1, -1):
        if tuple(word.stem for word in words[:length]) in known.shorts:
            return words[:length]
    return ()


def _said(word: Word, known: _Known) -> Group:
    """The ways to say one word: an abbreviation is said by what it stands for, too, and may have an s behind it."""
    short = word.folded if word.folded in known.longs else word.folded.removesuffix("s")
    if short not in known.longs:
        return (((word.stem,),),)
    phrases = ((word.stem,), *_in_any_number(short), *known.longs[short])
    return tuple((phrase,) for phrase in dict.fromkeys(phrases))


def _quoted(words: Sequence[Word], known: _Known) -> Group:
    if len(words) == 1:
        return _said(words[0], known)
    phrase = tuple(word.stem for word in words)
    return tuple((one,) for one in dict.fromkeys((phrase, *known.shorts.get(phrase, ()))))


@lru_cache(maxsize=8)
def _known(pairs: tuple[tuple[str, str], ...]) -> _Known:
    longs: dict[str, list[Phrase]] = {}
    shorts: dict[Phrase, list[Phrase]] = {}
    for short, long in pairs:
        written, phrase = split(short), tuple(stems(long))
        if len(written) == 1 and phrase:
            longs.setdefault(written[0].folded, []).append(phrase)
            telling = tuple(word.stem for word in split(long) if word.folded not in STOP_WORDS)
            for one in dict.fromkeys((phrase, telling)):
                shorts.setdefault(one, []).extend(_in_any_number(written[0].folded))
    return _Known(
        {short: tuple(dict.fromkeys(phrases)) for short, phrases in longs.items()},
        {phrase: tuple(dict.fromkeys(some)) for phrase, some in shorts.items()},
        max(map(len, shorts), default=0),
    )


def _in_any_number(short: str) -> tuple[Phrase, ...]:
    """The stems of an abbreviation alone and with an s behind it, which are one where a stemmer sees a plural."""
    return tuple(dict.fromkeys((tuple(stems(short)), tuple(stems(f"{short}s")))))
