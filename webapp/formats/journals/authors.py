"""Reads who wrote an article in the lines below its title: “NAME – Role, Organisation”, “by NAME”, or a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.formats.journals.blocks import Block, Form
from webapp.formats.journals.titles import as_name, ends_sentence, is_capitals, is_person, is_title, plain
from webapp.formats.journals.values import Author

_BY = re.compile(r"(?:(?:written|words|text|article|edited|interview)[ \t]{1,4})?by[ \t:]{1,4}(?=\S)", re.IGNORECASE)
_SAID = re.compile(r"(?:authors?|words|text|written by)[ \t]{0,4}:[ \t]{0,4}(?=\S)", re.IGNORECASE)
_DASH = re.compile(r"[ \t](?:–|—|-|\|)[ \t]|[ \t]?[–—](?=[ \t])")
_AND = re.compile(r",[ \t]{1,4}(?:and|&)[ \t]{1,4}|[ \t]{1,4}(?:and|&)[ \t]{1,4}|,[ \t]{1,4}")
_AT = re.compile(r",?[ \t]at[ \t]+", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:council|university|trust|department|ministry|institute|foundation|nhs|college|borough|association|ventures|"
    r"unit|limited|ltd|partnership|charity|centre|network|school|police|service|services|excellence|care)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:director|lead|leader|manager|officer|head|worker|associate|consultant|researcher|chief|deputy|assistant|"
    r"adviser|advisor|commissioner|professor|lecturer|chair|editor|practitioner|coordinator|coach|minister|trainee)\b",
    re.IGNORECASE,
)
_LONGEST_LINE, _LONGEST, _MOST = 170, 700, 12


@dataclass
class _Draft:
    name: str
    said: list[str] = field(default_factory=list)
    sure: bool = True


def read_authors(block: Block) -> list[Author] | None:
    """Give the authors whom a block names, or None for a block that says anything else."""
    lines = [plain(text) for text in block.texts]
    text = " ".join(lines)
    if block.form not in {Form.TEXT, Form.SUBTITLE} or len(text) > _LONGEST or len(lines) > 3 * _MOST:
        return None
    drafts: list[_Draft] = []
    for line in lines:
        if len(line) > _LONGEST_LINE:
            return None
        if drafts and _is_unfinished(drafts[-1]):
            drafts[-1].said.append(line)
            continue
        begun = _begun(line, told=any(draft.said for draft in drafts))
        if begun:
            drafts += begun
        elif drafts and not line.endswith((".", "?", "!")):
            drafts[-1].said.append(line)
        else:
            return None
    if not drafts or len(drafts) > _MOST or text.endswith((".", "?", "!", ":")):
        return None
    return [_author(draft) for draft in drafts]


def _is_unfinished(draft: _Draft) -> bool:
    return bool(draft.said) and draft.said[-1].rstrip()[-1:] in {",", "–", "—", "-", "&"}


def _begun(line: str, *, told: bool) -> list[_Draft]:
    """Give those whom a line begins to name; where a role follows each name, a bare name is none but a body's."""
    by = _BY.match(line) or _SAID.match(line)
    if by is not None:
        return _named(line[by.end() :])
    dash = _DASH.search(line[:80])
    if dash is not None and is_person(line[: dash.start()]):
        return [_Draft(line[: dash.start()], [line[dash.end() :].strip()])]
    name, comma, rest = line.partition(", ")
    if comma and is_person(name) and not line.endswith("."):
        others = _named(line)
        return others if len(others) > 1 else [_Draft(name, [rest])]
    if not told and is_person(line):
        return [_Draft(line, sure=False)]
    if not told and " and " in line and (others := _named(line)) and not any(each.said for each in others):
        return [_Draft(each.name, sure=False) for each in others]
    return []


def _named(text: str) -> list[_Draft]:
    """Give the names at the beginning of a list of names; what follows the last is said of that one."""
    dash = _DASH.search(text)
    names, rest = (text[: dash.start()], text[dash.end() :]) if dash else (text, "")
    drafts: list[_Draft] = []
    at = 0
    for joint in [*_AND.finditer(names), None]:
        piece = names[at : joint.start() if joint else len(names)]
        if not is_person(piece):
            break
        drafts.append(_Draft(piece))
        at = joint.end() if joint else len(names)
    said = f"{names[at:]} – {rest}" if names[at:].strip() and rest else names[at:] or rest
    if drafts and said.strip():
        drafts[-1].said.append(said.strip())
    return drafts


def _author(draft: _Draft) -> Author:
    role, organisation = role_and_organisation(draft.said)
    return Author(as_name(draft.name), role, organisation, draft.sure)


def role_and_organisation(said: Sequence[str]) -> tuple[str, str]:
    """Give what is said of somebody as their role and the body that they speak for."""
    parts: list[str] = []
    for line in said:
        if parts and parts[-1].rstrip()[-1:] in {",", "–", "—", "-", "&"}:
            parts[-1] = f"{parts[-1].rstrip()} {line.strip()}"
        else:
            parts.append(line.strip())
    whole = " ".join(parts)
    places = list(_AT.finditer(whole))
    if places:
        return _pair(whole[: places[-1].start()], whole[places[-1].end() :])
    if len(parts) > 1:
        return _pair(" ".join(parts[:-1]), parts[-1])
    role, comma, organisation = whole.rpartition(", ")
    if comma:
        return _pair(role, organisation)
    if _BODY.search(whole) and not _PART.search(whole):
        return "", whole
    return whole, ""


def _pair(role: str, organisation: str) -> tuple[str, str]:
    return role.strip(" ,–—-"), organisation.strip(" ,–—-.")


def is_more(block: Block, author: Author) -> bool:
    """Whether a block says more of an author whose body is not known: a few short lines that are no sentence."""
    text = block.text
    short = len(block.texts) <= 5 and max(map(len, block.texts)) <= 70 and len(text) <= 240
    if author.organisation or not author.sure or block.form is not Form.TEXT or not short or is_capitals(text):
        return False
    if ends_sentence(text) or block.gap > 1:
        return False
    return bool(_BODY.search(text)) or (len(block.texts) > 1 and bool(_PART.search(text)))


def with_more(author: Author, block: Block) -> Author:
    """Give an author with what a block says besides: the body first, then perhaps another role."""
    text = plain(block.text)
    dash = _DASH.search(text)
    body, more = (text[: dash.start()], text[dash.end() :]) if dash else (text, "")
    roles = [each.strip(" ,") for each in (author.role, more) if each.strip(" ,")]
    return Author(author.name, "; ".join(roles), body.strip(" ,"), author.sure)


def is_attribution(block: Block) -> bool:
    """Whether a block says whose the words above it are."""
    text = plain(block.text)
    bare = text.lstrip("–—-~ ")
    if len(text) > 150 or len(block.texts) > 3 or bare.endswith((".", "?", "!", ":")) or not bare:
        return False
    if block.form is Form.ITEM:
        return not block.mark and _is_somebody(bare)
    if block.form not in {Form.TEXT, Form.HEADING}:
        return False
    if bare != text:
        return is_title(bare) or len(bare.split()) <= 6
    return _is_somebody(bare) if block.form is Form.TEXT else False


_WHOSE = re.compile(
    r"\b(?:from|by|message|feedback|parent|mother|father|mum|dad|carer|carer’s|carer's|grandparent|young person|child|"
    r"manager|lead|director|officer|social worker|practitioner|family worker|teacher|nurse|aged)\b",
    re.IGNORECASE,
)


def _is_somebody(text: str) -> bool:
    name = re.split(r",| [–—-] ", text, maxsplit=1)[0]
    if is_person(name):
        return True
    return len(text.split()) >= (3 if is_capitals(text) else 1) and len(text) <= 110 and bool(_WHOSE.search(text))
