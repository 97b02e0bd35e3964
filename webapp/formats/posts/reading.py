"""Posts in Markdown, read into parts: what is typed is shown, and nothing that is shown was hidden in what is typed.

So there are no entities (they spell signs that clean() takes away), no definitions of links elsewhere in the text, and
no HTML. A picture is a link with its words. A line that ends is a line that ends.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token

from webapp.formats.bare_addresses import link_bare_addresses
from webapp.formats.posts.cleaning import visible
from webapp.formats.posts.leading import may_lead

LONGEST_POST = 20_000
MOST_QUOTES = 5
_DEEPEST = 14
# What was matched is never tried anew at a shorter length ("+" after a count).
_TOO_DEEP = re.compile(rf"^((?:[ \t]*+>[ ]?+){{{MOST_QUOTES}}})(?:[ \t]*+>[ ]?+)++", re.MULTILINE)
# Not in a word or an address, and no beginning of one. With capitals too, since telephones begin sentences with them.
_MENTION = re.compile(r"(?<![\w@./+=&?#])@([A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)(?!\w|@|[./:]\w)")
_HANDLE = re.compile(r"@([A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+)")
SHORTEST_HANDLE, LONGEST_HANDLE = 3, 40
# About how many millionths of a second it takes to read one of these, measured, and what a post may take in all.
_EFFORTS = {"\n": 28, "<": 30, "[": 10, "*": 6, "_": 6, "@": 15, "`": 3, "\\": 2, "https://": 40}
_MOST_EFFORT = 20_000
_EFFORT_OF_MARK = 2.5
# From each bracket all marks up to the end of its paragraph are looked through for the end of a link, and from where an
# address may begin, all signs up to the next space for its end.
_EFFORT_OF_PAIR = 0.1
_EFFORT_OF_SIGN = 0.1
_MARKS = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~]")
_TARGET = re.compile(r"\]\((?=(\S*+))")
_APART = re.compile(r"\n(?=[ ]*\n)|\n(?=[ ]{0,3}[-*+][ ][^ \n])")
_BREAKS = {"softbreak": "\n", "hardbreak": "\n"}


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 -- the library's name for it
        return may_lead(url)


def _reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"html": False, "breaks": True, "maxNesting": _DEEPEST + 6})
    reader.disable(["html_block", "html_inline", "code", "entity", "reference", "lheading"])
    reader.inline.ruler.at("image", _picture_as_link)
    ends = ["paragraph", "reference", "blockquote", "list"]
    reader.block.ruler.at("blockquote", _quote_if_not_too_deep, {"alt": ends})
    reader.block.ruler.at("list", _list_if_not_too_deep, {"alt": ends[:3]})
    reader.block.ruler.push("end_of_quote", _end_of_quote, {"alt": ["blockquote"]})
    # Before escaped signs are joined to the text around them: they are no beginning of anything.
    reader.core.ruler.before("text_join", "bare_addresses", link_bare_addresses)
    reader.core.ruler.before("text_join", "mentions", _mark_mentions)
    reader.core.ruler.push("shown", _show_what_links_hide)
    return reader


def _quote_if_not_too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 -- as called
    depth = state.env.get("quotes", 0)
    if depth >= MOST_QUOTES or state.level >= _DEEPEST:
        return False
    state.env["quotes"] = depth + 1
    try:
        return blockquote(state, start, end, silent)
    finally:
        state.env["quotes"] = depth


def _end_of_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001, FBT001 -- as called
    """Each line without the sign ends a quote: what somebody answers right below it is not what was quoted."""
    return silent


def _list_if_not_too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 -- as called
    return state.level < _DEEPEST and list_block(state, start, end, silent)


def _picture_as_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- as the library calls it
    if not state.src.startswith("![", state.pos):
        return False
    state.pos += 1
    if link(state, silent):
        return True
    state.pos -= 1
    return False


def _mark_mentions(state: StateCore) -> None:
    """Part the text where somebody is mentioned, outside of links."""
    for block in state.tokens:
        if block.type != "inline" or "@" not in block.content:
            continue
        found: list[Token] = []
        within = 0
        for token in block.children or ():
            within += token.nesting if token.type in {"link_open", "link_close"} else 0
            found += [token] if within or token.type != "text" else _mentions_apart(token)
        block.children = found


def _mentions_apart(token: Token) -> Iterator[Token]:
    text, done = token.content, 0
    for match in _MENTION.finditer(text):
        if SHORTEST_HANDLE <= len(match[1]) <= LONGEST_HANDLE:
            yield Token("text", "", 0, content=text[done : match.start()], level=token.level)
            yield Token("mention", "", 0, content=match[0], info=match[1].lower(), level=token.level)
            done = match.end()
    yield Token("text", "", 0, content=text[done:], level=token.level)


def _show_what_links_hide(state: StateCore) -> None:
    """Set the title of a link behind its words, the address in angle brackets as it is, and the language of code."""
    for block in state.tokens:
        if block.type == "fence" and block.info.strip():
            block.content = f"{block.info.strip()}\n{block.content}"
            block.info = ""
        shown: list[Token] = []
        title = ""
        for token in block.children or ():
            if token.type == "link_open":
                title = visible(str(token.attrs.pop("title", "")))
            elif token.type == "link_close" and title:
                shown.append(Token("text", "", 0, content=f" ({title})", level=token.level + 1))
            elif token.type == "text" and shown and shown[-1].info == "auto" and shown[-1].nesting == 1:
                token.content = str(shown[-1].attrs["href"]).removeprefix("mailto:")
            shown.append(token)
        if block.children:
            block.children = shown


_READER = _reader()


def is_laborious(text: str) -> bool:
    """Whether the text has more marks and lines than anybody types, so that it is shown as it was typed."""
    text = flattened(text)
    effort = _EFFORT_OF_MARK * len(_MARKS.findall(text))
    effort += sum(text.count(sign) * each for sign, each in _EFFORTS.items())
    for part in _APART.split(text) if "[" in text else ():
        brackets = part.count("[") + part.count("![")
        effort += _EFFORT_OF_PAIR * brackets * len(_MARKS.findall(part)) if brackets else 0
        for found in _TARGET.finditer(part):
            effort += _EFFORT_OF_SIGN * len(found[1])
            if effort > _MOST_EFFORT:
                return True
    return effort > _MOST_EFFORT


def flattened(text: str) -> str:
    """The text, line for line, with quotes in quotes at most five deep."""
    return _TOO_DEEP.sub(r"\1", text)


def read(text: str) -> list[Token]:
    """The parts of a text that is not laborious, fresh each time."""
    return _READER.parse(flattened(text))


def read_blocks(text: str) -> list[Token]:
    """The parts of a text that is not laborious, without what is within its lines; they say from where to where."""
    found: list[Token] = []
    _READER.block.parse(flattened(text), _READER, {}, found)
    return found


def handles_in(text: str) -> Iterator[str]:
    """Whatever in the text could be a mention, beside marks and within code and links, too."""
    return (match[1].lower() for match in _HANDLE.finditer(text))


def line(token: Token) -> str:
    """The words of a part without marks."""
    if not token.children:
        return token.content.strip()
    return "".join(_BREAKS.get(child.type, child.content) for child in token.children).strip()


def outside_quotes(tokens: Sequence[Token]) -> Iterator[Token]:
    """The parts that stand in no quote."""
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in {"blockquote_open", "blockquote_close"} else 0
        if not depth and token.type != "blockquote_close":
            yield token


@lru_cache(maxsize=256)
def lines(text: str, *, quotes: bool = True) -> tuple[str, ...]:
    """The words of a text, a line for each of its paragraphs, points and lines of code."""
    if is_laborious(text):
        return tuple(text.split("\n"))
    tokens = read(text)
    said = (
        line(token) for token in (tokens if quotes else outside_quotes(tokens)) if token.type in {"inline", "fence"}
    )
    return tuple(one for one in said if one)
