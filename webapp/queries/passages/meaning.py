"""What somebody may have meant, where nothing is found; only ever what they would find something by."""

from collections.abc import Sequence

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.accounts import Viewer, Visitor
from webapp.models.passages import KnownWord
from webapp.queries.passages.finding import Narrowing, count_found
from webapp.searching import Abbreviation, Question, ask, distance, most_wrong, nearest, split

_LAST = "\U0010ffff"
LOOKED_AT = 20_000
TRIED = 8
COUNTED = 100


def did_you_mean(
    question: Question, narrowing: Narrowing, abbreviations: Sequence[Abbreviation], *, viewer: Viewer | Visitor
) -> str | None:
    """What was typed, with the words that stand nowhere exchanged for the nearest that do; None where that is no help.

    The nearest is the one with the fewest letters wrong, of equals the one that finds most.
    """
    alone = [ask(word.folded, abbreviations) for word in question.words]
    counts = count_found(alone, narrowing, viewer=viewer, most=1)
    unknown = {number: question.words[number].folded for number, count in enumerate(counts) if not count}
    instead: dict[int, str] = {}
    for number, word in unknown.items():
        near = nearest(word, _words_like(word, abbreviations), limit=TRIED)
        finding = count_found([ask(one, abbreviations) for one in near], narrowing, viewer=viewer, most=COUNTED)
        ranked = sorted(
            (distance(word, other, most_wrong(word)), -count, place, other)
            for place, (other, count) in enumerate(zip(near, finding, strict=True))
            if count
        )
        if not ranked:
            return None
        instead[number] = ranked[0][-1]
    if not instead:
        return None
    meant = question.with_words(instead)
    found = count_found([ask(meant, abbreviations)], narrowing, viewer=viewer, most=1)
    return meant if found[0] else None


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
    of_the_field = {one.folded for pair in abbreviations for one in split(pair.short)}
    return set(db.session.scalars(statement)) | of_the_field
