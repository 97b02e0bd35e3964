"""Addresses that stand bare in Markdown, made into links; shared by what reads articles and what reads posts."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Beginning with a letter or number, and no part of a word before it.
_BARE = re.compile(r"(?<!\w)https://[^\W_][^\s<>\"“”‘’\[\]{}|\\^`]{1,2000}", re.IGNORECASE)
_ENDS = ".,;:!?…'*"


def link_bare_addresses(state: StateCore) -> None:
    """Make links of the https addresses that stand in the text as such, and not within a link or code."""
    for block in state.tokens:
        if block.type != "inline" or "https://" not in block.content.lower():
            continue
        found: list[Token] = []
        within = 0
        for token in block.children or ():
            within += token.nesting if token.type in {"link_open", "link_close"} else 0
            found += [token] if within or token.type != "text" else _parted(token, state.md)
        block.children = found


def _parted(token: Token, reader: MarkdownIt) -> Iterator[Token]:
    """A stretch of text with its bare addresses as links; what ends the sentence is no part of an address."""
    text, done = token.content, 0
    for match in _BARE.finditer(text):
        address = match[0].rstrip(_ENDS)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_ENDS)
        target = reader.normalizeLink(address)
        if not reader.validateLink(target):
            continue
        yield Token("text", "", 0, content=text[done : match.start()], level=token.level)
        yield Token("link_open", "a", 1, attrs={"href": target}, level=token.level)
        yield Token("text", "", 0, content=address, level=token.level + 1)
        yield Token("link_close", "a", -1, level=token.level)
        done = match.start() + len(address)
    yield Token("text", "", 0, content=text[done:], level=token.level)
