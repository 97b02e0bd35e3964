"""Quotations: how a post quotes another or a transcript, whom it quotes, and how what was quoted is taken away again.

A quotation is a block quote that ends with a line that says whose words they are, with a link to where they stand. What
is found is what a reader takes for one: also within another quote or a list, in code, without the dash, with the
address written out or in disguise, or with the link in the line before or behind the quote.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple
from unicodedata import combining
from urllib.parse import quote, unquote

from markdown_it.token import Token

from webapp.formats.posts.reading import is_laborious, lines, read, read_blocks

LONGEST_QUOTATION = 1_500
TAKEN_AWAY = "[A quotation was taken away]"
# The page of a transcript that the address of a turn leads on to has the turn behind a "#t-".
_SOURCE = re.compile(r"(?:/(posts)/+|/turns/+|#t-)([0-9a-z]{12})(?![0-9a-z])", re.IGNORECASE)
_MARKED = re.compile(r"[\\`*_\[\]<]")
_ANY_MARK = re.compile(r"[\\`*_\[\]<>@]")
_BEGINS = re.compile(r"^([ \t]*+)(?:([#>=~]|[-+](?=[-+ \t\n]|$))|([0-9]{1,9}+)(?=[.)](?:[ \t\n]|$)))", re.MULTILINE)
_UNSAFE_IN_ADDRESS = re.compile(r"[\s()<>\\]")
_QUOTED_LINE = re.compile(r"(?:[ \t]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*+>")
_JOINED = "\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_DASHES = ("—", "–", "--", "- ")


class _Source(NamedTuple):
    """What a quote is said to be of: a post, or else a turn of a transcript."""

    is_post: bool
    public_id: str


@dataclass(frozen=True)
class _Quote:
    """A quote from one line to before another, what stands before its sign, and what it is said to be of."""

    start: int
    end: int
    before: str
    sources: Sequence[_Source]


def quotation(words: str, *, said_by: str, address: str) -> str:
    """A quotation of words in Markdown, cut at 1,500 characters, with a last line that says whose they are and where.

    Quotes within the words are left out. Words that are not Markdown are made so by `as_typed()` before.
    """
    target = _UNSAFE_IN_ADDRESS.sub(lambda sign: quote(sign[0]), address)
    source = f"> — [{as_typed(' '.join(said_by.split()))}]({target})"
    cut = _shortened(_without_quotes(words), LONGEST_QUOTATION)
    # A fence that was cut off, or never closed, would swallow the last line; so would more marks than anybody types.
    said = plain(cut)
    tries = (f"{_prefixed(one)}\n>\n{source}" for one in (cut, as_typed(said)))
    unmarked = " ".join(_ANY_MARK.sub(" ", said).split())
    return next((made for made in tries if _ends_with_link(made)), f"> {as_typed(unmarked) or '…'}\n>\n{source}")


def as_typed(words: str) -> str:
    """Plain words as Markdown that shows them as they are."""
    return _BEGINS.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or ''}", _MARKED.sub(r"\\\g<0>", words))


def quoted_posts(text: str) -> list[str]:
    """The public ids of the posts that a post quotes, distinct and in order."""
    return _quoted(text, posts=True)


def quoted_turns(text: str) -> list[str]:
    """The public ids of the turns of transcripts that a post quotes, distinct and in order."""
    return _quoted(text, posts=False)


def without_quotations(text: str, public_id: str) -> str:
    """The post without the quotations of another, or of a turn, each replaced by a quote that says there was one."""
    wanted = public_id.lower()
    rows = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    done = 0
    for one in _quotes(text):
        # Of one within another that is taken away already there is nothing left.
        if one.start < done or all(source.public_id != wanted for source in one.sources):
            continue
        kept += [*rows[done : one.start], f"{one.before}> {TAKEN_AWAY}"]
        done = one.end
    return "\n".join([*kept, *rows[done:]]) if done else text


def plain(text: str) -> str:
    """The words of a post without marks, a line for each paragraph and point; for searching, letters and excerpts."""
    return "\n".join(lines(text))


def excerpt(text: str, length: int) -> str:
    """The beginning of a post in one line of at most so many characters, cut at a word; own words go before quoted."""
    words = " ".join(" ".join(lines(text, quotes=False) or lines(text)).split())
    return _shortened(words, length)


def _quoted(text: str, *, posts: bool) -> list[str]:
    sources = (source for one in _quotes(text) for source in one.sources)
    return list(dict.fromkeys(source.public_id for source in sources if source.is_post == posts))


def _quotes(text: str) -> list[_Quote]:
    """The quotes of a text, each before those within it, with what they are said to be of."""
    text = text.replace("\r\n", "\n")
    rows = text.split("\n")
    found = [] if is_laborious(text) else list(_read_quotes(read_blocks(text), rows))
    quoted = {no for one in found for no in range(one.start, one.end)}
    found += _typed_quotes(rows, quoted)
    return sorted(found, key=lambda one: (one.start, -one.end))


def _read_quotes(tokens: Sequence[Token], rows: Sequence[str]) -> Iterator[_Quote]:
    """What is shown as a quote."""
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            opened.append(place)
        if token.type != "blockquote_close":
            continue
        depth = len(opened) - 1
        begun = opened.pop()
        start, end = tokens[begun].map or (0, 0)
        within = {
            no
            for one in tokens[begun + 1 : place]
            if one.type == "blockquote_open" and one.level == token.level + 1
            for no in range(*(one.map or (0, 0)))
        }
        sources = _sources_in("\n".join(rows[no] for no in range(start, end) if no not in within))
        # Who names a post within the quote means none beside it, and so with turns.
        kinds = {one.is_post for one in sources}
        sources += [one for one in _sources_beside(tokens, begun, place) if one.is_post not in kinds]
        yield _Quote(start, end, _before(rows[start], depth), sources)


def _sources_beside(tokens: Sequence[Token], begun: int, ended: int) -> list[_Source]:
    """What is named right before a quote, as in "Ann wrote:", or right behind it, after a dash."""
    before = tokens[begun - 2].content if begun > 2 and tokens[begun - 1].type == "paragraph_close" else ""
    behind = (
        tokens[ended + 2].content
        if tokens[ended + 1 : ended + 2] and tokens[ended + 1].type == "paragraph_open"
        else ""
    )
    named = _sources_in(before) if before.rstrip().endswith(":") else []
    return named + (_sources_in(behind) if behind.startswith(_DASHES) else [])


def _typed_quotes(rows: Sequence[str], quoted: Container[int]) -> Iterator[_Quote]:
    """What is typed as a quote, and shown as it was typed."""
    start = None
    for no, row in enumerate((*rows, "")):
        is_quote = no not in quoted and _QUOTED_LINE.match(row) is not None
        if is_quote and start is None:
            start = no
        if not is_quote and start is not None:
            yield _Quote(start, no, _before(rows[start], 0), _sources_in("\n".join(rows[start:no])))
            start = None


def _before(row: str, depth: int) -> str:
    """What stands in a line before the sign of the quote that begins in it within so many others."""
    place = -1
    for _ in range(depth + 1):
        place = row.find(">", place + 1)
    return row[:place]


def _sources_in(raw: str) -> list[_Source]:
    """The posts and turns whose addresses stand in a text, also if signs of them are escaped in one way or another."""
    plainly = unquote(unescape(raw.replace("\\", "")))
    return [_Source(bool(match[1]), match[2].lower()) for match in _SOURCE.finditer(plainly)]


def _without_quotes(words: str) -> str:
    rows = words.replace("\r\n", "\n").split("\n")
    quoted = {no for one in _quotes(words) for no in range(one.start, one.end)}
    kept = "\n".join(row.rstrip() for no, row in enumerate(rows) if no not in quoted)
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")


def _prefixed(words: str) -> str:
    return "\n".join(f"> {row}" if row else ">" for row in (words or "…").split("\n"))


def _ends_with_link(made: str) -> bool:
    """Whether a quotation is one quote, with its last line by itself in it."""
    if is_laborious(made):
        return False
    tokens = read(made)
    ends = [no for no, token in enumerate(tokens) if token.type == "blockquote_close" and token.level == 0]
    if ends != [len(tokens) - 1] or tokens[-2].type != "paragraph_close" or tokens[-2].level != 1:
        return False
    last = tokens[-3]
    return last.content.startswith("— [") and any(one.type == "link_open" for one in last.children or ())


def _shortened(words: str, length: int) -> str:
    """The words, or as many of the first ones as there is room for; only what is longer than that is cut within."""
    if len(words) <= length:
        return words
    whole = re.match(r"(?s).*(?=\s)", words[:length])
    if whole and whole[0].strip():
        return f"{whole[0].rstrip()}…"
    end = length - 1
    # Neither marks nor pictographs are parted.
    while end > 1 and (combining(words[end]) or words[end] in _JOINED or words[end - 1] == "\u200d"):
        end -= 1
    return f"{words[:end]}…"
