"""Words of letters that organisers write: Markdown with plain placeholders, read once and filled in for each recipient.

The Markdown is read before anything is filled in, so nothing that a person typed can become a link or markup. Where
each placeholder stands is kept, and filling in is putting strings together: nothing is run, nothing is looked up.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from webapp.errors import DomainError
from webapp.folding import clean_line

_PLACEHOLDER = re.compile(r"\{\s*([a-z][a-z_]*)\s*\}")
# Signs that no text may hold (Unicode keeps them for private use) mark where a placeholder stands.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")
_ALONE = re.compile(f"<p>{_OPEN}([a-z_]+){_CLOSE}</p>")
# What mail programs make a link of, though nobody marked it as one.
_LINKING = re.compile(r"[/@:\\]|(?<=\w)\.(?=\w)|www\.", re.IGNORECASE)
_LOOKS_LIKE_LINK = re.compile(r"://|@|\\\\|www\.|mailto:|\w\.\w{2}", re.IGNORECASE)
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "blockquote", "br", "hr"}
_LINK_STYLE = "color:#0b4f5c"
_STYLES = {
    "h2": "margin:24px 0 8px;font-size:18px;line-height:1.25",
    "h3": "margin:16px 0 8px;font-size:16px;line-height:1.25",
    "blockquote": "margin:16px 0;padding:0 0 0 12px;border-left:4px solid #b1b4b6",
    "a": _LINK_STYLE,
}


class Kind(StrEnum):
    """What a placeholder is filled with: words that stay words, an address of ours, or a prepared part of a letter."""

    WORDS = "words"
    ADDRESS = "address"
    BLOCK = "block"


class WordingRefused(DomainError):
    """The words cannot be filled in: a placeholder is none of those there are, or stands where it cannot."""

    status = 422
    code = "wording_refused"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A prepared part of a letter, in both forms; empty where it says nothing of this recipient."""

    text: str
    html: str


Value = str | Block
Pieces = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A subject and a body as read: pieces of ready text, each with the placeholder that follows it ("" for none)."""

    subject: Pieces
    text: Pieces
    html: Pieces
    kinds: Mapping[str, Kind]
    names: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What one recipient reads."""

    subject: str
    text: str
    html: str


def read(subject: str, body: str, kinds: Mapping[str, Kind]) -> Wording:
    """The words as they will be filled in, read once for the same words; `kinds` says which placeholders there are.

    Raises WordingRefused for a placeholder that is none of them, and for one where it cannot stand: only words in the
    subject, and a prepared part in a paragraph of its own.
    """
    return _read(subject, body, tuple(sorted(kinds.items())))


@lru_cache(maxsize=512)
def _read(subject: str, body: str, sorted_kinds: tuple[tuple[str, Kind], ...]) -> Wording:
    kinds = dict(sorted_kinds)
    marked_subject = _marked(clean_line(_unmarked(subject)), kinds, where="the subject")
    for name in _MARK.findall(marked_subject):
        if kinds[name] is not Kind.WORDS:
            raise WordingRefused(f"{{{name}}} cannot stand in the subject. Put it into the letter itself.")
    tokens = _markdown(kinds).parse(_marked(_plain(body), kinds, where="the letter"))
    _check_links(tokens, kinds)
    html = _html(tokens)
    _check_blocks(html, kinds)
    html = _ALONE.sub(lambda found: found[0] if kinds[found[1]] is not Kind.BLOCK else found[0][3:-4], html)
    text = _text(tokens)
    return Wording(
        subject=_pieces(marked_subject),
        text=_pieces(text),
        html=_pieces(html),
        kinds=kinds,
        names=frozenset(_MARK.findall(marked_subject + text)),
    )


def fill(wording: Wording, values: Mapping[str, Value]) -> Filled:
    """The words for one recipient; raises KeyError where the value of a placeholder that stands in them is missing."""
    words = {name: inert(value) for name, value in values.items() if wording.kinds.get(name) is Kind.WORDS}  # type: ignore[arg-type]  # of that kind
    return Filled(
        subject=clean_line(_joined(wording.subject, lambda name: words[name])),
        text=_tidy(_joined(wording.text, lambda name: _in_text(wording, words, values, name))),
        html=_joined(wording.html, lambda name: _in_html(wording, words, values, name)),
    )


def inert(text: str) -> str:
    """What somebody typed, on one line, and so that no mail program makes a link of it."""
    line = clean_line(text)
    return " ".join(_LINKING.sub(" ", line).split()) if _LOOKS_LIKE_LINK.search(line) else line


def _in_text(wording: Wording, words: Mapping[str, str], values: Mapping[str, Value], name: str) -> str:
    value = values[name]
    if isinstance(value, Block):
        return value.text.strip("\n")
    return words[name] if wording.kinds[name] is Kind.WORDS else value


def _in_html(wording: Wording, words: Mapping[str, str], values: Mapping[str, Value], name: str) -> str:
    value = values[name.removeprefix("href_")]
    if isinstance(value, Block):
        return value.html
    if wording.kinds[name.removeprefix("href_")] is Kind.WORDS:
        return escape(words[name])
    address = escape(value)
    return address if name.startswith("href_") else f'<a href="{address}" style="{_LINK_STYLE}">{address}</a>'


def _joined(pieces: Pieces, value: Callable[[str], str]) -> str:
    return "".join(ready + value(name) if name else ready for ready, name in pieces)


def _marked(text: str, kinds: Mapping[str, Kind], *, where: str) -> str:
    def mark(found: re.Match[str]) -> str:
        name = found[1]
        if name not in kinds:
            known = ", ".join(f"{{{one}}}" for one in sorted(kinds))
            raise WordingRefused(f"There is no {{{name}}} for {where}. You can use {known}.")
        return f"{_OPEN}{name}{_CLOSE}"

    return _PLACEHOLDER.sub(mark, text)


def _plain(body: str) -> str:
    return _unmarked(body).replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def _unmarked(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _markdown(kinds: Mapping[str, Kind]) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["code", "fence", "image", "entity"])
    usual = markdown.normalizeLink

    def normalise(url: str) -> str:
        found = _MARK.fullmatch(url)
        if found is not None and kinds.get(found[1]) is Kind.ADDRESS:
            return f"{_OPEN}href_{found[1]}{_CLOSE}"
        if _OPEN in url:
            raise WordingRefused("The address of a link can be a placeholder for an address, by itself, or typed out.")
        return usual(url)

    markdown.normalizeLink = normalise  # type: ignore[method-assign]  # how the library lets addresses be changed
    markdown.validateLink = lambda url: bool(re.match(r"https?://|mailto:", url)) or bool(_MARK.fullmatch(url))  # type: ignore[method-assign]
    return markdown


def _check_links(tokens: Sequence[Token], kinds: Mapping[str, Kind]) -> None:
    inside = False
    for token in _flat(tokens):
        if token.type in {"link_open", "link_close"}:
            inside = token.type == "link_open"
            # What a link tells when one points at it is in neither form of the letter.
            token.attrs.pop("title", None)
        elif inside and any(kinds[name] is Kind.ADDRESS for name in _MARK.findall(token.content)):
            raise WordingRefused("The words of a link cannot hold a placeholder for an address: put it behind them.")


def _html(tokens: Sequence[Token]) -> str:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    for token in _flat(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
        if token.nesting == 1 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
    made = markdown.renderer.render(list(tokens), markdown.options, {})
    attributes = {tag: {"style"} for tag in _STYLES} | {"a": {"href", "style"}}
    return nh3.clean(
        made, tags=_TAGS, attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel=None
    ).strip()


def _flat(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _check_blocks(html: str, kinds: Mapping[str, Kind]) -> None:
    alone = _ALONE.findall(html)
    for name in _MARK.findall(html):
        if kinds.get(name) is Kind.BLOCK:
            if name not in alone:
                raise WordingRefused(f"{{{name}}} needs a paragraph of its own, with an empty line around it.")
            alone.remove(name)


def _text(tokens: Sequence[Token]) -> str:
    """The same as plain text that stands alone: what is a link by words says its address after them."""
    out: list[str] = []
    lists: list[int | None] = []
    quoted = 0
    mark = ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            if not lists:
                out.append("")
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "- " if number is None else f"{number}. "
            lists[-1] = None if number is None else number + 1
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quoted += token.nesting
        elif token.type == "hr":
            out += ["----", ""]
        elif token.type == "inline":
            indent = "> " * quoted + "  " * max(0, len(lists) - 1)
            first, *others = _inline(token.children or ()).split("\n")
            out.append(f"{indent}{mark}{first}")
            out += [f"{indent}{' ' * len(mark)}{line}" for line in others]
            mark = ""
            if not lists:
                out.append("")
    return "\n".join(out)


def _inline(tokens: Iterable[Token]) -> str:
    out, address, since = "", "", 0
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            out += token.content
        elif token.type in {"softbreak", "hardbreak"}:
            out += "\n"
        elif token.type == "link_open":
            address, since = str(token.attrs["href"]).replace(f"{_OPEN}href_", _OPEN), len(out)
        elif token.type == "link_close" and out[since:] != address.removeprefix("mailto:"):
            out += f" ({address.removeprefix('mailto:')})"
    return out


def _pieces(text: str) -> Pieces:
    found = _MARK.split(text)
    return [*zip(found[::2], [*found[1::2], ""], strict=True)]


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
