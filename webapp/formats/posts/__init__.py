"""Posts and comments that people write in Markdown: cleaned to be kept, shown as safe HTML, quoted, and told in words.

What is typed is what is read: nothing hidden comes through, no word is dropped, and a text with more marks than anybody
types is shown as it was typed. Whoever is mentioned, and which posts and turns are quoted, is told by the same reading.
"""

from webapp.formats.posts.cleaning import clean
from webapp.formats.posts.quoting import (
    as_typed,
    excerpt,
    plain,
    quotation,
    quoted_posts,
    quoted_turns,
    without_quotations,
)
from webapp.formats.posts.reading import LONGEST_HANDLE, LONGEST_POST, SHORTEST_HANDLE
from webapp.formats.posts.rendering import MOST_MENTIONS, mentions, render

__all__ = [
    "LONGEST_HANDLE",
    "LONGEST_POST",
    "MOST_MENTIONS",
    "SHORTEST_HANDLE",
    "as_typed",
    "clean",
    "excerpt",
    "mentions",
    "plain",
    "quotation",
    "quoted_posts",
    "quoted_turns",
    "render",
    "without_quotations",
]
