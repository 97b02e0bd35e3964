"""Pages read as browsers read them, and by a shorter way where that is proven to give the same.

html5lib reads as the standard says (HTML, section 13.2) and takes a third of the time that a test of pages takes.
Which elements there are follows from the sequence of tags, and whether a tag is at fault from what stands in it. So of
each sequence only the first page is read by html5lib; another is built from its tags as they stand, if that gave the
very same elements for the first, and if all its tags and references stood in pages without a fault.
"""

import html
import re
from xml.etree import ElementTree as ET

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_VALUE = re.compile(r""""[^"]*"|'[^']*'""")
# What stands for other characters, and what may stand nowhere: each can be a fault by itself.
_ODD = re.compile(r"&[^\s;<&\"']{0,40};?|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Whose content is text, whatever stands in it; and which lose the line break that they begin with.
_RAW, _UNBROKEN = {"script", "style", "textarea", "title"}, {"textarea", "pre", "listing"}
# The sequences of tags seen: whether their elements may be built from the tags.
_proven: dict[int, bool] = {}
# What stood in pages without a fault: tags without the values of their attributes, and odd characters.
_faultless: set[str] = set()


def read(text: str) -> tuple[ET.Element, list[str]]:
    """The elements of a page, and its faults with the place of each."""
    sequence, parts = _sequence(text)
    built = _built(text) if sequence is not None and _proven.get(sequence, True) else None
    if built is not None and sequence in _proven and parts <= _faultless:
        return built, []
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)
    faults = [f"{code} at {where}" for where, code, _ in parser.errors]
    if sequence is not None and not faults:
        _faultless.update(parts)
        _proven[sequence] = built is not None and _same(tree, built)
    return tree, faults


def _sequence(text: str) -> tuple[int | None, set[str]]:
    """A number for the sequence of tags, None where something else opens with <; and what each may be at fault for."""
    start = text.find("<html")
    tags = _TAG.findall(text, start)
    if start < 0 or len(tags) != text.count("<", start) or text[:start].strip() != "<!DOCTYPE html>":
        return None, set()
    bare = [(closing, name, _VALUE.sub('""', rest)) for closing, name, rest in tags]
    # The standard reads a hidden field otherwise than others (in a table).
    names = tuple(
        closing + name + ("!" if name == "input" and 'type="hidden"' in rest else "") for closing, name, rest in tags
    )
    return hash(names), {f"{closing}{name}{rest}" for closing, name, rest in bare} | set(_ODD.findall(text))


def _built(text: str) -> ET.Element | None:
    """The elements as the tags stand; None where they do not match."""
    builder, open_now, end, depth = ET.TreeBuilder(), list[str](), text.find("<html"), 0
    for found in _TAG.finditer(text, end):
        closing, name, rest = found.groups()
        between = text[end : found.start()]
        if between:
            builder.data(html.unescape(between) if "&" in between and not _is_code(open_now) else between)
        end = found.end()
        if closing:
            if not open_now or open_now.pop() != name:
                return None
            builder.end(name)
            depth -= name == "svg"
            continue
        if (open_now and open_now[-1] in _RAW) or (not open_now and name != "html"):
            return None
        depth += name == "svg"
        whole = SVG + name if depth else HTML + name
        attributes = {
            key: html.unescape(quoted or single or bare) for key, quoted, single, bare in _ATTRIBUTE.findall(rest)
        }
        builder.start(whole, attributes)
        if name in _VOID or (depth and rest.endswith("/")):
            builder.end(whole)
            depth -= name == "svg"
        else:
            open_now.append(name)
            if name in _UNBROKEN and text.startswith("\n", end):
                end += 1
    return builder.close() if not open_now else None


def _is_code(open_now: list[str]) -> bool:
    return bool(open_now) and open_now[-1] in {"script", "style"}


def _same(one: ET.Element, other: ET.Element) -> bool:
    """Whether two elements and all in them are the same, but for space between elements."""
    return (
        one.tag == other.tag
        and dict(one.attrib) == other.attrib
        and (one.text or "").strip() == (other.text or "").strip()
        and (one.tail or "").strip() == (other.tail or "").strip()
        and len(one) == len(other)
        and all(_same(mine, theirs) for mine, theirs in zip(one, other, strict=True))
    )
