"""What somebody may have meant, where nothing is found; only ever what they would find something by."""

from collections.abc import Iterable, Sequence
from itertools import product

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.passages import KnownWord
from webapp.queries.passages.finding import Narrowing, count_found
from webapp.searching import Abbreviation, Question, ask, distance, most_wrong, nearest, split, stems, vocabulary

_LAST = "\U0010ffff"
LOOKED_AT = 20_000
TRIED = 8
COUNTED = 100
# Of the words near one so many are tried together with those near others.
ALTERNATIVES = 3


def did_you_mean(
    question: Question, narrowing: Narrowing, abbreviations: Sequence[Abbreviation], *, viewer: Viewer | Visitor
) -> str | None:
    """What was typed, with its doubtful words exchanged for the nearest that stand somewhere; None where nothing helps.

    Doubtful are those that find nothing, and those that stand nowhere as they were typed and find others by their
    stems alone. Of what finds something the one is given that changes all of these, with the fewest letters wrong.
    """
    alone = [ask(word.folded, abbreviations) for word in question.words]
    counts = count_found(alone, narrowing, viewer=viewer, most=1)
    unknown = {number for number, count in enumerate(counts) if not count}
    typed = {number: word.folded for number, word in enumerate(question.words)}
    known = _known(typed.values())
    known |= {word for one in _of_the_field(abbreviations) for word in (one, f"{one}s")}
    strange = {number for number, word in typed.items() if word not in known and vocabulary(word)} - unknown
    instead: dict[int, list[str]] = {}
    for number in sorted(unknown | strange):
        near = _near(typed[number], narrowing, abbreviations, viewer=viewer)
        if number in strange:
            # Another form of the same word finds just what was found.
            near = [] if any(stems(one) == stems(typed[number]) for one in near) else near
        if near:
            instead[number] = near[:ALTERNATIVES]
        elif number in unknown:
            return None
    for wanted in dict.fromkeys((tuple(sorted(instead)), tuple(sorted(unknown)))):
        # The first of each come first, then those that are further down the lists.
        ways = sorted(product(*(range(len(instead[number])) for number in wanted)), key=lambda way: (sum(way), way))
        for way in ways[:TRIED] if wanted else ():
            meant = question.with_words({number: instead[number][n] for number, n in zip(wanted, way, strict=True)})
            if count_found([ask(meant, abbreviations)], narrowing, viewer=viewer, most=1)[0]:
                return meant
    return None


def _near(
    word: str, narrowing: Narrowing, abbreviations: Sequence[Abbreviation], *, viewer: Viewer | Visitor
) -> list[str]:
    """Known words near this one that find something: the fewest letters wrong first, of equals what finds most."""
    near = nearest(word, _words_like(word, abbreviations), limit=TRIED)
    finding = count_found([ask(one, abbreviations) for one in near], narrowing, viewer=viewer, most=COUNTED)
    ranked = sorted(
        (distance(word, other, most_wrong(word)), -count, place, other)
        for place, (other, count) in enumerate(zip(near, finding, strict=True))
        if count
    )
    return [other for *_, other in ranked]


def _known(words: Iterable[str]) -> set[str]:
    """Those of these words that stand somewhere just as they are."""
    return set(db.session.scalars(select(KnownWord.word).where(KnownWord.word.in_(sorted(set(words)))).distinct()))


def _words_like(word: str, abbreviations: Sequence[Abbreviation]) -> set[str]:
    """Known words of about this length that begin with the same letter; up to 20,000."""
    most = most_wrong(word)
    if not most:
        return set()
    first = word[0]
    statement = (
        select(KnownWord.word)
        .where(
            KnownWord.word >= first,
            KnownWord.word < first + _LAST,
            func.length(KnownWord.word).between(len(word) - most, len(word) + most),
        )
        .distinct()
        .order_by(KnownWord.word)
        .limit(LOOKED_AT)
    )
    return set(db.session.scalars(statement)) | _of_the_field(abbreviations)


def _of_the_field(abbreviations: Sequence[Abbreviation]) -> set[str]:
    return {one.folded for pair in abbreviations for one in split(pair.short)}
