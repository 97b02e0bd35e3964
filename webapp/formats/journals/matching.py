"""Finds where the article of each entry of the contents begins, though its title is spelled a little differently."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.contents import Found
from webapp.formats.journals.titles import ends_sentence, is_capitals, is_title, key, kind_of
from webapp.formats.journals.values import Kind

# A title is printed again on each page of its article: the first few are enough to choose from.
_MOST_PLACES, _MOST_CHOICES = 12, 24
_MOST_LIKE = 400
# Letters of titles that are compared one by one in a document, each with each of the other title: about a second.
_MOST_LETTERS = 10_000_000
_ALIKE = 0.84
_UNSURE = 60
_SMALL = frozenset(key("a an and at by for from how in into of on or our s the their to what with your"))
_UNREADABLE = frozenset({Form.NUMBER, Form.ORNAMENT, Form.NOTE, Form.CAPTION, Form.CONTENTS, Form.TABLE})

Key = tuple[str, ...]


class Beginning(NamedTuple):
    """Where an article begins: the block with its title, the block that the contents name, and how sure that is."""

    title: int
    named: int
    sure: bool


class _Spelling:
    """Compares titles letter by letter, as long as a document may take."""

    def __init__(self) -> None:
        self._left = _MOST_LETTERS
        self._letters: dict[Key, Counter[str]] = {}

    def likeness(self, title: Key, own: Key) -> float:
        """Give how alike two titles are, up to 1; 0 for those that are not, and for all once it has taken too long."""
        mine, theirs = self._of(title), self._of(own)
        # What is quickly found to be unlike need not be compared sign by sign.
        if 2 * (mine & theirs).total() < _ALIKE * (mine.total() + theirs.total()):
            return 0
        self._left -= mine.total() * theirs.total()
        if self._left < 0:
            return 0
        ratio = SequenceMatcher(None, " ".join(title), " ".join(own)).ratio()
        return ratio if ratio >= _ALIKE else 0

    def _of(self, title: Key) -> Counter[str]:
        if title not in self._letters:
            self._letters[title] = Counter(" ".join(title))
        return self._letters[title]


def part_at_titles(blocks: list[Block], entries: Sequence[Found], start: int) -> None:
    """Part blocks where a title of the contents stands on a line of its own within them."""
    wanted = {key(entry.title) for entry in entries}
    place = start
    while place < len(blocks):
        block = blocks[place]
        if block.form in {Form.TEXT, Form.HEADING} and 1 < len(block.texts) <= 2_000:
            at = _own_line(block, wanted)
            if at is not None:
                blocks.insert(place + 1, block.split(at))
        place += 1


def _own_line(block: Block, wanted: set[Key]) -> int | None:
    """Give the line before which to part: the title's own, or the one below it if it stands first."""
    for at, text in enumerate(block.texts):
        if len(text) <= 250 and key(text) in wanted and (at == 0 or ends_sentence(block.texts[at - 1])):
            return at or 1
    return None


def find_beginnings(blocks: Sequence[Block], entries: Sequence[Found], start: int) -> dict[int, Beginning]:
    """Give, by the place of its entry, where each article that is found begins; they follow the order of the list."""
    places: dict[Key, list[int]] = defaultdict(list)
    for place in range(start, len(blocks)):
        block = blocks[place]
        if block.form not in _UNREADABLE and is_title(block.text, len(block.texts)) and (own := block.key):
            places[own].append(place)
    having: dict[str, list[Key]] = defaultdict(list)
    for own in places:
        for word in set(own):
            having[word].append(own)
    scored: list[tuple[int, int, float]] = []
    spelling = _Spelling()
    for number, entry in enumerate(entries):
        choices = _choices(key(entry.title), places, having, blocks, spelling)
        scored += [(number, place, score) for score, place in choices]
    chosen = _in_order(scored, len(blocks))
    counts = {own: len(found) for own, found in places.items()}
    beginnings: dict[int, Beginning] = {}
    last = start - 1
    for number, place, score in chosen:
        first = _first_of(blocks, place, last)
        found = _with_title(blocks, first, entries[number].title, counts, score=score)
        # No title may take what is another's already.
        beginnings[number] = found if found.title > last else Beginning(first, first, found.sure)
        last = first
    return beginnings


def _first_of(blocks: Sequence[Block], place: int, last: int) -> int:
    """Go back to where a title stands first: those that follow are printed on the pages of its article."""
    own = blocks[place].key
    if len(own) < 3:
        return place
    for earlier in range(last + 1, place):
        block = blocks[earlier]
        if block.form not in _UNREADABLE and block.key[: len(own)] == own and is_title(block.text, len(block.texts)):
            return earlier
    return place


def _choices(
    title: Key, places: dict[Key, list[int]], having: dict[str, list[Key]], blocks: Sequence[Block], spelling: _Spelling
) -> list[tuple[float, int]]:
    telling = [word for word in dict.fromkeys(title) if word not in _SMALL] or list(title)
    near: Counter[Key] = Counter()
    for word in telling:
        if len(having[word]) <= _MOST_LIKE or len(telling) == 1:
            near.update(having[word][: 10 * _MOST_LIKE])
    found: list[tuple[float, int]] = []
    for own, _ in near.most_common(_MOST_LIKE):
        # The same wherever it stands: counted once, and where it is nothing no place is looked at.
        is_part = _begins_or_ends(title, own) or _begins_or_ends(own, title)
        by_words = 0 if is_part else _by_words(title, own, spelling)
        if not (is_part or by_words):
            continue
        for place in places[own][:_MOST_PLACES] + places[own][_MOST_PLACES:][-_MOST_PLACES:]:
            score = _likeness(title, own, blocks, place, by_words)
            if score:
                found.append((score, place))
    found.sort(key=lambda choice: (-choice[0], choice[1]))
    return found[:_MOST_CHOICES]


def _begins_or_ends(whole: Key, part: Key) -> bool:
    return whole[: len(part)] == part or whole[-len(part) :] == part


def _likeness(title: Key, own: Key, blocks: Sequence[Block], place: int, by_words: float) -> float:
    """Give how well a block stands for a title of the contents: 100 is the same, 0 is not at all."""
    block = blocks[place]
    score = by_words
    if own == title:
        score = 100
    elif _begins_or_ends(own, title):
        # A word or two that begin a long title say little.
        score = 84 if len(title) > 1 else 66
    elif _begins_or_ends(title, own):
        rest = title[len(own) :] if title[: len(own)] == own else title[: -len(own)]
        told = kind_of(block.text) is not Kind.ARTICLE
        score = 86 if _follows(rest, blocks, place) else (70 if told or len(own) > 2 else 0)
    if not score:
        return 0
    if block.form in {Form.HEADING, Form.TITLE}:
        score += 9 - block.level
    return score + (3 if block.gap > 1 else 0)


def _follows(rest: Key, blocks: Sequence[Block], place: int) -> bool:
    """Whether what the contents say besides the title stands right below it, such as the author's name."""
    after = blocks[place + 1].key if place + 1 < len(blocks) else ()
    return bool(rest) and after[: len(rest)] == rest


def _by_words(title: Key, own: Key, spelling: _Spelling) -> float:
    mine, theirs = set(title) - _SMALL, set(own) - _SMALL
    shared = len(mine & theirs)
    if len(mine) > 2 and shared >= 0.75 * len(mine) and shared >= 0.4 * len(theirs):
        return 45 + 30 * shared / max(len(mine), len(theirs))
    if shared and abs(len(title) - len(own)) <= 2:
        return 75 * spelling.likeness(title, own)
    return 0


def _in_order(scored: Sequence[tuple[int, int, float]], size: int) -> list[tuple[int, int, float]]:
    """Choose for each entry at most one place, later ones for later entries, so that the sum of all is the highest.

    A tree of maxima over the places gives the best that ends before one.
    """
    best = [(0.0, -1)] * (size + 2)

    def look(place: int) -> tuple[float, int]:
        found = (0.0, -1)
        while place > 0:
            found = max(found, best[place], key=lambda one: one[0])
            place -= place & -place
        return found

    by_entry: dict[int, list[int]] = defaultdict(list)
    for at, (number, _, _) in enumerate(scored):
        by_entry[number].append(at)
    before = [-1] * len(scored)
    for number in sorted(by_entry):
        updates = []
        for at in by_entry[number]:
            _, place, score = scored[at]
            total, before[at] = look(place)
            updates.append((place + 1, total + score, at))
        for first, total, at in updates:
            place = first
            while place < len(best):
                best[place] = max(best[place], (total, at), key=lambda one: one[0])
                place += place & -place
    _, at = look(size + 1)
    chain = []
    while at >= 0:
        chain.append(scored[at])
        at = before[at]
    return chain[::-1]


def _with_title(blocks: Sequence[Block], place: int, title: str, counts: dict[Key, int], *, score: float) -> Beginning:
    """Go up from a line that the contents name to the title above it, if there is one."""
    sure = score >= _UNSURE
    here = blocks[place]
    if place == 0 or here.form is Form.HEADING:
        return Beginning(place, place, sure)
    above = blocks[place - 1]
    if above.form not in {Form.TEXT, Form.HEADING, Form.TITLE} or not is_title(above.text, len(above.texts)):
        return Beginning(place, place, sure)
    # Printed again on its pages, or in letters that set it apart from the line below, as titles are.
    printed = counts.get(above.key, 0) > 1 and counts.get(here.key, 0) <= counts[above.key]
    raised = is_capitals(here.text) and not is_capitals(above.text) and here.gap <= 2
    shared = (set(key(title)) & set(above.key)) - _SMALL
    if (printed or raised or above.form is not Form.TEXT) and shared:
        return Beginning(place - 1, place, sure)
    if printed and raised:
        return Beginning(place - 1, place, sure)
    return Beginning(place, place, sure)
