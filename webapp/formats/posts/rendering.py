"""Posts as they are read on a page: safe HTML, headings below those of the page, people by their names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from webapp.formats.posts.leading import leads_out, untold
from webapp.formats.posts.reading import handles_in, is_laborious, outside_quotes, read

_HIGHEST, _LOWEST = 4, 6
MOST_MENTIONS = 500
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h4", "h5", "h6", "blockquote", "code", "pre", "br", "hr", "span"}
_ATTRIBUTES = {tag: {"class"} for tag in _TAGS} | {"a": {"class", "href", "rel"}, "ol": {"class", "start"}}
_SCHEMES = {"https", "mailto"}
_LEADS_NOWHERE = re.compile(r"<a(?! href=)[^>]*>(.*?)</a>", re.DOTALL)
_CLASSES = {
    "paragraph_open": "wm-post__text",
    "bullet_list_open": "govuk-list govuk-list--bullet wm-post__list",
    "ordered_list_open": "govuk-list govuk-list--number wm-post__list",
    "blockquote_open": "wm-post__quote",
    "heading_open": "wm-post__heading",
    "fence": "wm-post__code",
    "hr": "wm-post__rule",
}
_RENDERER = RendererHTML()
_OPTIONS = OptionsDict(
    {
        "maxNesting": 100,
        "html": False,
        "linkify": False,
        "typographer": False,
        "quotes": "“”‘’",
        "xhtmlOut": False,
        "breaks": True,
        "langPrefix": "",
        "highlight": None,
    }
)


def render(text: str, *, people: Mapping[str, tuple[str, str]]) -> Markup:
    """A post as safe HTML; `people` gives the name and the address of those who may be mentioned by their handle."""
    if is_laborious(text):
        return Markup('<p class="wm-post__text wm-post__text--typed">{}</p>\n').format(text)
    handles = dict.fromkeys(handles_in(text)) if people else {}
    return _rendered(text, tuple((handle, *people[handle]) for handle in handles if handle in people))


def mentions(text: str) -> list[str]:
    """The distinct handles that a post mentions outside of quotes and code, in order; of 500 mentions at most."""
    if "@" not in text or is_laborious(text):
        return []
    parts = (child for token in outside_quotes(read(text)) for child in token.children or ())
    handles = (child.info for child in parts if child.type == "mention")
    return list(dict.fromkeys(islice(handles, MOST_MENTIONS)))


@lru_cache(maxsize=512)
def _rendered(text: str, known: Sequence[tuple[str, str, str]]) -> Markup:
    tokens = read(text)
    _dress(tokens, {handle: (name, address) for handle, name, address in known})
    made = _RENDERER.render(tokens, _OPTIONS, {})
    safe = nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    # An address that no browser could follow is taken out of its link; then it is none.
    return Markup(_LEADS_NOWHERE.sub(r"\1", safe))  # noqa: S704 -- it is clean


def _dress(tokens: Sequence[Token], people: Mapping[str, tuple[str, str]]) -> None:
    """Give each part its class, and headings the levels that fit: none is skipped on the way down."""
    above: list[int] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(_LOWEST, _HIGHEST - 1 + len(above))}"
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        if token.type == "blockquote_close" and tokens[place - 2].content.startswith(("—", "–", "--")):
            tokens[place - 3].attrSet("class", "wm-post__text wm-post__said-by")
        if token.children:
            token.children = list(_dressed(token.children, people))


def _dressed(parts: Sequence[Token], people: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    """What stands in a line: links say where they lead if their words tell otherwise, and people have their names."""
    address, words = "", ""
    for part in parts:
        if part.type == "mention":
            yield from _person(part, people)
            continue
        if part.type == "link_open":
            address, words = str(part.attrs["href"]), ""
            part.attrSet("class", "govuk-link")
            if leads_out(address):
                part.attrSet("rel", "nofollow ugc noopener")
        elif part.type == "link_close":
            host = untold(words, address)
            if host:
                told = f'<span class="wm-post__host">({escape(host)})</span>'
                yield Token("html_inline", "", 0, content=f" {told}" if words.strip() else told)
        else:
            words += " " if part.type in {"softbreak", "hardbreak"} else part.content
        yield part


def _person(part: Token, people: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    if part.info not in people:
        yield Token("text", "", 0, content=part.content)
        return
    name, address = people[part.info]
    yield Token("link_open", "a", 1, attrs={"href": address, "class": "govuk-link wm-post__mention"})
    yield Token("text", "", 0, content=f"@{name}")
    yield Token("link_close", "a", -1)
