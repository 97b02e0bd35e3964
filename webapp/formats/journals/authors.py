"""Reads who wrote an article in the lines below its title: “NAME – Role, Organisation”, “by NAME”, or a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
    r"adviser|advisor|commissioner|professor|lecturer|chair|chairman|chairwoman|chairperson|convenor|convener|editor|"
    r"practitioner|coordinator|co-ordinator|coach|minister|trainee|trustee|analyst|apprentice|auditor|counsellor|"
    r"councillor|doctor|engineer|evaluator|executive|fellow|founder|guardian|inspector|journalist|mentor|midwife|nurse|"
    r"partner|physician|planner|principal|secretary|scrutineer|solicitor|specialist|strategist|student|supervisor|"
    r"teacher|therapist|treasurer|tutor|volunteer|writer|psychologist|psychiatrist|paediatrician|sociologist|"
    r"facilitator|reviewer|administrator|governor|president|development|management|policy|psychology|safeguarding|"
    r"commissioning|improvement|engagement|participation|operations|strategy)\b",
    re.IGNORECASE,
)
# Words of posts that are surnames as well.
_SURNAMES = re.compile(
    r"(?:head|coach|leader|chief|deputy|minister|fellow|nurse|principal|tutor|guardian)$", re.IGNORECASE
)
_LONGEST_LINE, _LONGEST, _MOST = 170, 700, 12


@dataclass
class _Draft:
    name: str
    said: list[str] = field(default_factory=list)
    sure: bool = True
    doubt: str = ""


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
    """Give the names of a list of names; what is no name is said of the one before it."""
    dash = _DASH.search(text)
    names, rest = (text[: dash.start()], text[dash.end() :]) if dash else (text, "")
    pieces = _pieces(names)
    drafts: list[_Draft] = []
    for place, (joint, piece) in enumerate(pieces):
        later = pieces[place + 1][1] if place + 1 < len(pieces) else ""
        if not drafts and not is_person(piece):
            return []
        if not drafts or _begins_another(drafts[-1], joint, piece, later):
            drafts.append(_Draft(piece))
        elif drafts[-1].said:
            drafts[-1].said[-1] += joint + piece
        else:
            drafts[-1].said.append(piece)
    if rest.strip() and drafts:
        drafts[-1].said = [f"{drafts[-1].said[-1]} – {rest.strip()}" if drafts[-1].said else rest.strip()]
    _doubt(drafts, pieces)
    return drafts


def _pieces(names: str) -> list[tuple[str, str]]:
    """Give the parts of a list, each with what joins it to the one before."""
    pieces: list[tuple[str, str]] = []
    at, before = 0, ""
    for joint in _AND.finditer(names):
        pieces.append((before, names[at : joint.start()]))
        at, before = joint.end(), joint[0]
    return [*pieces, (before, names[at:])]


def _begins_another(draft: _Draft, joint: str, piece: str, later: str) -> bool:
    """Whether a part of a list is somebody's name, and not more of what is said of the one before it."""
    if not is_person(piece) or _PART.search(piece):
        # “Ann Lee and Mary Head” are two; after a comma, “Mary Head” would be a post.
        return is_person(piece) and "," not in joint and not draft.said and bool(_SURNAMES.search(piece))
    if not draft.said:
        return True
    if "," in joint:
        return joint.strip() != "," or bool(_PART.search(later))
    # “Head of Housing and Adult Commissioning” goes on; “Senior Practitioner and Zoë Brânză” does not.
    return not re.search(r" (?:of|for) ", draft.said[-1], re.IGNORECASE)


def _doubt(drafts: list[_Draft], pieces: Sequence[tuple[str, str]]) -> None:
    """Note what may be a post or a name: a name after a comma alone, and a post that is a surname too."""
    joints = [joint for joint, _ in pieces[1:]]
    is_list = bool(joints) and joints[-1].strip() != ","
    for place, draft in enumerate(drafts):
        said = draft.said[0].split(",")[0] if draft.said else ""
        if place and not is_list and not draft.said and not drafts[place - 1].said:
            draft.doubt = draft.name
        elif is_person(said) and (_SURNAMES.search(said) or not _PART.search(said)):
            draft.doubt = said
        elif draft.said and " and " in draft.said[0] and is_person(draft.said[0].rpartition(" and ")[2]):
            draft.doubt = draft.said[0].rpartition(" and ")[2]


def _author(draft: _Draft) -> Author:
    role, organisation = role_and_organisation(draft.said)
    return Author(as_name(draft.name), role, organisation, draft.sure, draft.doubt)


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
    return replace(author, role="; ".join(roles), organisation=body.strip(" ,"))


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
