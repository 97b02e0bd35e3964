"""Words of letters that organisers write: Markdown with plain placeholders, read once and filled in for each recipient.

The Markdown is read before anything is filled in, so nothing that a person typed can become a link or markup. Where
each placeholder stands is kept, and filling in is putting strings together: nothing is run, nothing is looked up.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import markupsafe
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
# Where an address stands in HTML: behind words of the writer's, in a paragraph of its own, or in a line.
_BEHIND, _BY_ITSELF = "href_", "alone_"
# What mail programs make a link of, though nobody marked it as one.
_LINKING = re.compile(r"[/@:\\]|(?<=\w)\.(?=\w)|www\.", re.IGNORECASE)
_LOOKS_LIKE_LINK = re.compile(r"://|@|\\\\|www\.|mailto:|\w\.\w{2}", re.IGNORECASE)
_GREETING = re.compile(r"[\s*_#>]*(hello|hi|hey|dear|good (morning|afternoon|evening))\b", re.IGNORECASE)
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "blockquote", "br", "hr"}
_LINK_STYLE = "color:#0b4f5c"
_BUTTON_STYLE = (
    "display:inline-block;padding:10px 20px;background:#0b4f5c;color:#ffffff;font-weight:bold;text-decoration:none"
)
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

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self._sentences = sentences

    @property
    def sentences(self) -> Sequence[str]:
        """Everything that is wrong, so that it can be put right at once."""
        return self._sentences


@dataclass(frozen=True, kw_only=True)
class Block:
    """A prepared part of a letter, in both forms; empty where it says nothing of this recipient."""

    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """Words of ours or of the organisers', which stay as they are; `language` where it is another than the letter's."""

    text: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address of ours; in HTML `label` stands for it, as a button where it has a paragraph to itself."""

    url: str
    label: str
    is_button: bool = False


# A string is what somebody typed, or a bare address.
Value = str | Told | Address | Block
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
    wrong: list[str] = []
    marked_subject = _marked(clean_line(_unmarked(subject)), kinds, wrong, where="the subject")
    misplaced = [name for name in _MARK.findall(marked_subject) if kinds[name] is not Kind.WORDS]
    wrong += [f"{{{name}}} cannot stand in the subject. Put it into the letter itself." for name in misplaced]
    tokens = _markdown(kinds, wrong).parse(_marked(_plain(body), kinds, wrong, where="the letter"))
    _check_links(tokens, kinds, wrong)
    text = _text(tokens)
    html = _html(tokens)
    _check_blocks(html, kinds, wrong)
    if wrong:
        raise WordingRefused(*dict.fromkeys(wrong))
    html = _ALONE.sub(lambda found: _by_itself(found[1], kinds), html)
    return Wording(
        subject=_pieces(marked_subject),
        text=_pieces(text),
        html=_pieces(html),
        kinds=kinds,
        names=frozenset(_MARK.findall(marked_subject + text)),
    )


def fill(wording: Wording, values: Mapping[str, Value]) -> Filled:
    """The words for one recipient; raises KeyError where the value of a placeholder that stands in them is missing."""
    words = {name: _words(value) for name, value in values.items() if wording.kinds.get(name) is Kind.WORDS}
    return Filled(
        subject=clean_line(_joined(wording.subject, lambda name: words[name].text)),
        text=_tidy(_joined(wording.text, lambda name: _in_text(words, values, name))),
        html=_joined(wording.html, lambda name: _in_html(words, values, name)),
    )


def greets(body: str) -> bool:
    """Whether the words begin with a greeting, though one stands above every letter."""
    return _GREETING.match(body) is not None


def inert(text: str) -> str:
    """What somebody typed, on one line, and so that no mail program makes a link of it."""
    line = clean_line(text)
    return " ".join(_LINKING.sub(" ", line).split()) if _LOOKS_LIKE_LINK.search(line) else line


def _words(value: Value) -> Told:
    if isinstance(value, Told):
        return Told(text=clean_line(value.text), language=value.language)
    return Told(text=inert(str(value)))


def _in_text(words: Mapping[str, Told], values: Mapping[str, Value], name: str) -> str:
    if name in words:
        return words[name].text
    value = values[name]
    if isinstance(value, Block):
        return value.text.strip("\n")
    return _address(value).url.removeprefix("mailto:")


def _in_html(words: Mapping[str, Told], values: Mapping[str, Value], name: str) -> str:
    if name in words:
        told = words[name]
        return (
            f'<span lang="{_escaped(told.language)}">{_escaped(told.text)}</span>'
            if told.language
            else _escaped(told.text)
        )
    bare = name.removeprefix(_BEHIND).removeprefix(_BY_ITSELF)
    value = values[bare]
    if isinstance(value, Block):
        return value.html
    address = _address(value)
    url = _escaped(address.url)
    if name.startswith(_BEHIND):
        return url
    style = _BUTTON_STYLE if address.is_button and name.startswith(_BY_ITSELF) else _LINK_STYLE
    link = f'<a href="{url}" style="{style}">{_escaped(address.label)}</a>'
    if name.startswith(_BY_ITSELF):
        return f'<p style="margin:24px 0">{link}</p>' if address.is_button else f"<p>{link}</p>"
    return link


def _escaped(text: str) -> str:
    """The text within HTML, as templates write it, and no more than a string."""
    return str(markupsafe.escape(text))


def _address(value: Value) -> Address:
    return value if isinstance(value, Address) else Address(url=str(value), label=str(value))


def _by_itself(name: str, kinds: Mapping[str, Kind]) -> str:
    """What takes the place of a paragraph that holds nothing but this placeholder."""
    if kinds[name] is Kind.BLOCK:
        return f"{_OPEN}{name}{_CLOSE}"
    return f"{_OPEN}{_BY_ITSELF}{name}{_CLOSE}" if kinds[name] is Kind.ADDRESS else f"<p>{_OPEN}{name}{_CLOSE}</p>"


def _joined(pieces: Pieces, value: Callable[[str], str]) -> str:
    return "".join(ready + value(name) if name else ready for ready, name in pieces)


def _marked(text: str, kinds: Mapping[str, Kind], wrong: list[str], *, where: str) -> str:
    """The text with its placeholders marked; those that there are not stay as they are, and are told of."""
    unknown = dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name not in kinds)
    if unknown:
        known = ", ".join(f"{{{one}}}" for one in sorted(kinds))
        wrong.append(
            f"There is no {' and no '.join(f'{{{one}}}' for one in unknown)} for {where}. You can use {known}."
        )
    return _PLACEHOLDER.sub(lambda found: f"{_OPEN}{found[1]}{_CLOSE}" if found[1] in kinds else found[0], text)


def _plain(body: str) -> str:
    return _unmarked(body).replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def _unmarked(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _markdown(kinds: Mapping[str, Kind], wrong: list[str]) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["code", "fence", "image", "entity"])
    usual = markdown.normalizeLink

    def normalise(url: str) -> str:
        found = _MARK.fullmatch(url)
        if found is not None and kinds.get(found[1]) is Kind.ADDRESS:
            return f"{_OPEN}{_BEHIND}{found[1]}{_CLOSE}"
        if _OPEN in url:
            wrong.append("The address of a link can be a placeholder for an address, by itself, or typed out.")
        return usual(url)

    markdown.normalizeLink = normalise  # type: ignore[method-assign]  # how the library lets addresses be changed
    markdown.validateLink = lambda url: bool(re.match(r"https?://|mailto:", url)) or bool(_MARK.fullmatch(url))  # type: ignore[method-assign]
    return markdown


def _check_links(tokens: Sequence[Token], kinds: Mapping[str, Kind], wrong: list[str]) -> None:
    inside = False
    for token in _flat(tokens):
        if token.type in {"link_open", "link_close"}:
            inside = token.type == "link_open"
            # What a link tells when one points at it is in neither form of the letter.
            token.attrs.pop("title", None)
        elif inside and any(kinds[name] is Kind.ADDRESS for name in _MARK.findall(token.content)):
            wrong.append("The words of a link cannot hold a placeholder for an address: put it behind them.")


def _html(tokens: Sequence[Token]) -> str:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    heading = Token("", "", 0)
    for token in _flat(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2" if token.tag in {"h1", "h2"} else "h3"
        if token.type == "heading_close":
            _without_colon(heading)
        heading = token
        if token.nesting == 1 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
    made = markdown.renderer.render(list(tokens), markdown.options, {})
    attributes = {tag: {"style"} for tag in _STYLES} | {"a": {"href", "style"}}
    return nh3.clean(
        made, tags=_TAGS, attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel=None
    ).strip()


def _without_colon(last: Token) -> None:
    """In HTML the size says that it is a heading; in plain text the colon at its end does."""
    if last.type == "text":
        last.content = last.content.removesuffix(":")


def _flat(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _check_blocks(html: str, kinds: Mapping[str, Kind], wrong: list[str]) -> None:
    alone = _ALONE.findall(html)
    for name in _MARK.findall(html):
        if kinds.get(name) is Kind.BLOCK:
            if name in alone:
                alone.remove(name)
            else:
                wrong.append(f"{{{name}}} needs a paragraph of its own, with an empty line around it.")


def _text(tokens: Sequence[Token]) -> str:
    """The same as plain text that stands alone: what is a link by words says its address after them."""
    out: list[str] = []
    lists: list[int | None] = []
    quoted = 0
    mark = ""
    heading = False
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            heading = token.nesting == 1
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            out += [] if lists else [""]
        elif token.type == "list_item_open":
            mark = _mark_of_item(lists)
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quoted += token.nesting
        elif token.type == "hr":
            out += ["----", ""]
        elif token.type == "inline":
            out += _lines(token, "> " * quoted + "  " * max(0, len(lists) - 1), mark)
            mark = ""
            # What follows a heading with a colon stands right below it.
            stands_above = heading and out[-1].endswith(":")
            out += [] if lists or stands_above else [""]
    return "\n".join(out)


def _mark_of_item(lists: list[int | None]) -> str:
    """What stands before an item of the innermost list, whose number goes up."""
    number = lists[-1]
    if number is None:
        return "- "
    lists[-1] = number + 1
    return f"{number}. "


def _lines(token: Token, indent: str, mark: str) -> list[str]:
    first, *others = _inline(token.children or ()).split("\n")
    return [f"{indent}{mark}{first}", *(f"{indent}{' ' * len(mark)}{line}" for line in others)]


def _inline(tokens: Iterable[Token]) -> str:
    out, address, since = "", "", 0
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            out += token.content
        elif token.type in {"softbreak", "hardbreak"}:
            out += "\n"
        elif token.type == "link_open":
            address, since = str(token.attrs["href"]).replace(f"{_OPEN}{_BEHIND}", _OPEN), len(out)
        elif token.type == "link_close" and out[since:] != address.removeprefix("mailto:"):
            out += f" ({address.removeprefix('mailto:')})"
    return out


def _pieces(text: str) -> Pieces:
    found = _MARK.split(text)
    return [*zip(found[::2], [*found[1::2], ""], strict=True)]


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
