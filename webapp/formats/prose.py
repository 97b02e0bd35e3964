"""Articles in Markdown, as they are read: safe HTML in pieces, with places where figures and pull quotes stand.

A paragraph of its own such as `{{figure 2}}` or `{{quote 1}}` is such a place. HTML that is typed stays text, pictures
come as figures alone (of others the words that stand for them are left), and links lead to https addresses or write a
letter: what is neither stays as it was typed. A bare https address is a link.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from webapp.formats.bare_addresses import link_bare_addresses

# What was matched is never tried anew at a shorter length ("+" after a count): else a text of nothing but beginnings
# takes as long as the square of its length, or the cube.
_MARK = re.compile(r"\{\{\s*+(figure|quote)\s*+:?+\s*+([0-9]{1,4})\s*+\}\}", re.IGNORECASE)
_LOOKS_LIKE_MARK = re.compile(r"\{\{[^{}\n]{0,60}+\}\}")
_LINK = re.compile(r"(?<!!)\[[^\]\n]{1,200}+\]\(([^)\s]{0,700}+)(?:[^\S\n][^)\n]{0,200}+)?+\)")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}+\]\([^)\n]{0,500}+\)")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LOWEST = 6
_SAID = {"inline", "fence", "code_block"}
_TAGS = {
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "code",
    "pre",
    "br",
} | {
    *("hr", "table", "thead", "tbody", "tr", "th", "td", "div"),
}
_ATTRIBUTES = {tag: {"class"} for tag in _TAGS} | {
    "a": {"class", "href"},
    "ol": {"class", "start"},
    "th": {"class", "scope"},
    "div": {"class", "role", "aria-label", "tabindex"},
}
_CLASSES = {
    "paragraph_open": "wm-article__text",
    "bullet_list_open": "govuk-list govuk-list--bullet wm-article__list",
    "ordered_list_open": "govuk-list govuk-list--number wm-article__list",
    "blockquote_open": "wm-article__cited",
    "table_open": "govuk-table wm-article__table",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
}
_TABLE = '<div class="wm-article__wide" role="region" aria-label="Table" tabindex="0">'


class Kind(StrEnum):
    """What stands at a place."""

    FIGURE = "figure"
    QUOTE = "quote"


@dataclass(frozen=True)
class Place:
    """A place in the text where the figure or quote of this number stands."""

    kind: Kind
    no: int


@dataclass(frozen=True)
class Words:
    """A stretch of the text as safe HTML."""

    html: str


Piece = Words | Place


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 -- the library's name for it
        return _leads_out(url)


def _reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"html": False, "typographer": True})
    reader.enable(["table", "smartquotes"]).disable(["html_block", "html_inline", "code"])
    reader.inline.ruler.at("image", _words_of_picture)
    reader.core.ruler.push("bare_addresses", link_bare_addresses)
    return reader


class _AnyAddress(MarkdownIt):
    """Reads pictures from wherever they are: none is fetched."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 -- the library's name for it
        return True


_PICTURES = _AnyAddress("commonmark", {"html": False}).disable(["html_block", "html_inline"])


def _words_of_picture(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- as the library calls it
    """Leave of a picture the words that stand for it, and no link to it."""
    reader, state.md = state.md, _PICTURES
    try:
        found = image(state, silent)
    finally:
        state.md = reader
    if found and not silent:
        token = state.tokens[-1]
        state.tokens[-1] = Token("text", "", 0, content=_said(token), level=token.level)
    return found


def _leads_out(address: str) -> bool:
    return bool(re.match(r"(https://[^/\s]|mailto:[^\s@]+@[^\s@]+)", address, re.IGNORECASE))


_READER = _reader()


@lru_cache(maxsize=128)
def pieces(markdown: str, *, top: int = 2) -> Sequence[Piece]:
    """The text in pieces: safe HTML, whose headings begin at `top` and skip no level, and the places between."""
    tokens = _READER.parse(markdown)
    _dress(tokens, top)
    found: list[Piece] = []
    run: list[Token] = []
    for block in _blocks(tokens):
        places = _places(block)
        if not places:
            run += block
            continue
        found += _words(run)
        found += places
        run = []
    return (*found, *_words(run))


def places(markdown: str) -> list[Place]:
    """Where figures and quotes stand in the text, in order."""
    return [piece for piece in pieces(markdown) if isinstance(piece, Place)]


def plain(markdown: str) -> str:
    """The words of the text alone, a line for each paragraph; what is marked to stand there is left out."""
    tokens = _READER.parse(markdown)
    blocks = [block for block in _blocks(tokens) if not _places(block)]
    lines = (_line(token, block) for block in blocks for token in block if token.type in _SAID)
    return "\n".join(line for line in lines if line)


def count_words(markdown: str) -> int:
    """How many words the text has."""
    return sum(1 for _ in _WORD.finditer(plain(markdown)))


def doubts(markdown: str) -> list[str]:
    """What in the text does not become what its writer may have meant, each in a sentence."""
    found = [
        f"“{_short(match[0])}” is not a link: the address must begin with https:// or mailto:"
        for match in _LINK.finditer(markdown)
        if not _leads_out(match[1])
    ]
    found += [
        f"“{_short(match[0])}” is not shown as a picture, but as its words alone: add pictures as figures"
        for match in _PICTURE.finditer(markdown)
    ]
    standing = len(places(markdown))
    marks = [match[0] for match in _LOOKS_LIKE_MARK.finditer(markdown)]
    if len(marks) > standing:
        alone = {line.strip() for line in markdown.split("\n")}
        wrong = [mark for mark in marks if mark not in alone or not _MARK.fullmatch(mark)] or marks[:1]
        found += [
            f"“{_short(mark)}” must stand in a paragraph of its own, as {{{{figure 1}}}} or {{{{quote 1}}}}"
            for mark in wrong
        ]
    return list(dict.fromkeys(found))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _line(token: Token, block: Sequence[Token]) -> str:
    """What a part of a block says; a heading ends with a sign, so that it is no part of what is read behind it."""
    said = _said(token)
    return f"{said}." if block[0].type == "heading_open" and said[-1:].isalnum() else said


def _said(token: Token) -> str:
    if not token.children:
        return token.content.strip()
    breaks = {"softbreak", "hardbreak"}
    return "".join(" " if child.type in breaks else child.content for child in token.children).strip()


def _dress(tokens: Sequence[Token], top: int) -> None:
    """Give each part its class, and headings the levels that fit: none is skipped on the way down."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            token.attrSet("class", f"wm-article__heading wm-article__heading--{min(len(above), 3)}")
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_LOWEST, top - 1 + len(above))}"
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("class", "govuk-link")


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each paragraph, list, heading and so on by itself."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []
    if block:
        yield block


def _places(block: Sequence[Token]) -> list[Place]:
    """What stands in place of a paragraph that holds marks alone; nothing for all others."""
    if block[0].type != "paragraph_open":
        return []
    lines = [line for line in block[1].content.split("\n") if line.strip()]
    marks = [_MARK.fullmatch(line.strip()) for line in lines]
    return [Place(Kind(mark[1].lower()), int(mark[2])) for mark in marks if mark] if all(marks) else []


def _words(tokens: Sequence[Token]) -> list[Piece]:
    if not tokens:
        return []
    html = _READER.renderer.render(tokens, _READER.options, {})
    # A wide table is moved sideways by itself, and not the page with it.
    html = html.replace("<table", f"{_TABLE}<table").replace("</table>", "</table></div>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel="noreferrer noopener",
    )
    return [Words(clean)]
