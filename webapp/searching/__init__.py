"""Searching as a matter of words: how texts are split, what is typed means, what was meant, and what to show of a find.

It is given texts and gives texts; it knows no database and no request. Both databases index the lines that it makes
and are asked the expressions that it writes, so both find the same in the same order.
"""

from webapp.searching.asking import LONGEST, Abbreviation, Question, ask
from webapp.searching.expressions import FTS5, TSQUERY, Bounds, Where, expression
from webapp.searching.marking import Pieces, excerpt, marked
from webapp.searching.near import distance, most_wrong, nearest
from webapp.searching.splitting import split
from webapp.searching.streams import MARK, parts, place_of, places_between, plain, stream, vocabulary

__all__ = [
    "FTS5",
    "LONGEST",
    "MARK",
    "TSQUERY",
    "Abbreviation",
    "Bounds",
    "Pieces",
    "Question",
    "Where",
    "ask",
    "distance",
    "excerpt",
    "expression",
    "marked",
    "most_wrong",
    "nearest",
    "parts",
    "place_of",
    "places_between",
    "plain",
    "split",
    "stream",
    "vocabulary",
]
