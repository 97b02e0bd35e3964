"""Learns from the sentences of a document how it writes its words, and writes its lines in capitals in the same way."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from webapp.formats.journals.blocks import Block
from webapp.formats.journals.titles import is_capitals

_WORD = re.compile(r"[^\W\d_]+")
_BEGINS = re.compile(r"(?:^|[.!?:…]['”’\")]*[ \t]|[“‘\"(])[*_]*$")
_SHORTEST_SENTENCE = 60
_LONGEST_SHORT_FORM = 5
_MOST_WORDS = 6

_Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a document in small letters, and the names and short forms in it by their words in small letters."""

    words: frozenset[str] = frozenset()
    names: dict[_Name, _Name] = field(default_factory=dict)

    def sentence_case(self, text: str) -> str:
        """Give a line in capitals as a sentence is written, with names as the document writes them elsewhere."""
        if not is_capitals(text):
            return text
        found = list(_WORD.finditer(text))
        said: list[str] = []
        while len(said) < len(found):
            rest = tuple(word[0].lower() for word in found[len(said) : len(said) + _MOST_WORDS])
            name = next((self.names[rest[:n]] for n in range(len(rest), 0, -1) if rest[:n] in self.names), rest[:1])
            said += name
        if not self.names.get((said[0].lower(),)):
            said[0] = said[0][0].upper() + said[0][1:]
        parts, at = [], 0
        for word, written in zip(found, said, strict=True):
            parts += [text[at : word.start()], written]
            at = word.end()
        return "".join([*parts, text[at:]])


def learnt(blocks: Iterable[Block]) -> Spelling:
    """Give how a document writes its words; what stands first in a sentence tells nothing of capitals."""
    words: set[str] = set()
    small: set[str] = set()
    forms: dict[_Name, Counter[_Name]] = defaultdict(Counter)
    for block in blocks:
        for text in block.texts:
            found = _WORD.findall(text)
            words.update(word.lower() for word in found)
            if len(text) >= _SHORTEST_SENTENCE and 2 * sum(word[0].islower() for word in found) > len(found):
                small.update(word for word in found if word.islower())
                for name in _names(text):
                    forms[tuple(word.lower() for word in name)][name] += 1
    names = {
        name: found.most_common(1)[0][0]
        for name, found in forms.items()
        if len(name) > 1 or not (name[0] in small and next(iter(found))[0].istitle())
    }
    return Spelling(frozenset(words), names)


def _names(text: str) -> Iterator[_Name]:
    """Give the words with capitals that stand together, such as Family Hubs; first in a sentence only NHS."""
    run: list[str] = []
    end = -1
    for word in _WORD.finditer(text):
        said = word[0]
        follows = bool(run) and text[end : word.start()] == " "
        if run and not (follows and said[0].isupper()):
            yield tuple(run[:_MOST_WORDS])
            run = []
        begins = not run and bool(_BEGINS.search(text[max(0, word.start() - 4) : word.start()]))
        short = (
            said != said.lower()
            and not said[1:].islower()
            and (not said.isupper() or 1 < len(said) <= _LONGEST_SHORT_FORM)
        )
        if short or (said[0].isupper() and said[1:].islower() and not begins):
            run.append(said)
        end = word.end()
    if run:
        yield tuple(run[:_MOST_WORDS])
