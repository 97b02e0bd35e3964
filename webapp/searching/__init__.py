"""Searching as a matter of words: how texts are split, what is typed means, what was meant, and what to show of a find.

It is given texts and gives texts; it knows no database and no request. Both databases index the lines that it makes
and are asked the expressions that it writes, so both find the same in the same order.
"""

from webapp.searching.asking import LONGEST, Abbreviation, Question, Together, ask
from webapp.searching.expressions import FTS5, TSQUERY, Bounds, Where, expression
from webapp.searching.marking import Pieces, excerpt, marked
from webapp.searching.near import distance, most_wrong, nearest
from webapp.searching.splitting import split, stems
from webapp.searching.streams import (
    GROUP_SHIFT,
    KIND_SHIFT,
    MARK,
    MOST_WITHIN,
    joined,
    kind_sign,
    parts,
    place_of,
    place_within,
    places_between,
    places_within,
    plain,
    stream,
    vocabulary,
)

__all__ = [
    "FTS5",
    "GROUP_SHIFT",
    "KIND_SHIFT",
    "LONGEST",
    "MARK",
    "MOST_WITHIN",
    "TSQUERY",
    "Abbreviation",
    "Bounds",
    "Pieces",
    "Question",
    "Together",
    "Where",
    "ask",
    "distance",
    "excerpt",
    "expression",
    "joined",
    "kind_sign",
    "marked",
    "most_wrong",
    "nearest",
    "parts",
    "place_of",
    "place_within",
    "places_between",
    "places_within",
    "plain",
    "split",
    "stems",
    "stream",
    "vocabulary",
]
