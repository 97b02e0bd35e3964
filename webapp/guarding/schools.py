"""Schools that a child is said to go to."""

import re
from collections.abc import Iterator

from webapp.guarding import lexicon
from webapp.guarding.kinds import Finding, Kind
from webapp.guarding.tagging import Row

_SORT = (
    r"(?:primary|infants?|junior|secondary|high|grammar|nursery|academy|prep|preparatory|comprehensive"
    r"|comp|school|schl|college|pre-?school|sixth form|playgroup|pru"
    r"|(?:c of e|cofe|church of england|catholic|rc|community|special|free|upper|middle|lower"
    r"|first)(?: \w{3,10})? (?:school|academy|primary|junior))"
)
_NAME = (
    rf"(?:(?:st|saint|our)\.? )?(?:[^\W\d_][\w'.&-]{{1,24}} ){{1,4}}?{_SORT}(?: (?:school|academy|college"
    rf"|nursery|primary))?(?!\w)"
)
_GOES = (
    r"(?:attend(?:s|ed|ing)?|goes to|go to|going to|went to|started (?:\w+ )?(?:at|school at)|starts at"
    r"|is (?:doing well |settled |happy |being bullied |struggling |thriving |registered |now |still "
    r"|a pupil |a student |in \w+(?: \w+)? )?at|was at"
    r"|are (?:both |all )?at|(?:a )?(?:pupil|student|place|boarder) (?:at|of)|enrolled at"
    r"|(?:permanently )?(?:excluded|expelled|suspended|sent home|picked up|collected) from|moved to"
    r"|moving to|transferred to|in (?:year|yr|y|reception|nursery)(?: ?\w{1,5})? (?:at|in|of)"
    r"|on (?:the )?roll at|bullied at"
    r"|school (?:is|was|called|named|:)|school,|teacher at|class at|settled at|doing well at|struggling at"
    r"|loves it at|left)"
)
_AT = re.compile(
    rf"(?<!\w){_GOES} ((?:the )?{_NAME}|(?:st|saint)\.? [^\W\d_]{{2,15}}(?:'?s)?(?: [A-Z][a-z]{{2,12}})?)",
    re.IGNORECASE,
)
_CHILD = (
    r"(?:my |our |his |her |their |the |a )?(?:\w{3,9} )?(?:son|daughter|child|boy|girl|brother|sister"
    r"|grandson|granddaughter|nephew|niece|kids?|children|twins|lad|teenager|young person|yp|youngest"
    r"|eldest)"
)
_FROM = re.compile(rf"(?<!\w){_CHILD}(?:'s)?,? (?:\w+ )?(?:at|from|in|\() ?((?:the )?{_NAME})", re.IGNORECASE)
_WHERE = re.compile(
    rf"(?<!\w)((?:[A-Z][\w'.&-]{{1,24}} ){{1,4}}(?i:{_SORT})(?i: (?:school|academy|college|nursery"
    rf"|primary))?),? (?:is )?(?:where|which) (?:{_CHILD}|he|she|they|[A-Z]\w+)\b"
)
_WHO = re.compile(
    r"(?:\b(?:he|she|they|his|her|their|my|our|son|daughter|child|children|boys?|girls?|brothers?|sisters?"
    r"|twins|grandson|granddaughter|nephew|niece|kids?|teenager|young person|yp|youngest|eldest|sibling"
    r"|siblings)\b)",
    re.IGNORECASE,
)


def schools(text: str, row: Row) -> Iterator[Finding]:
    """Every school in the text that a child is said to go to, by its name."""
    for pattern in (_AT, _FROM, _WHERE):
        for found in pattern.finditer(text):
            start, end = found.span(1)
            if _is_named(text[start:end]) and (pattern is not _AT or _somebody(text, row, found.start())):
                yield Finding(start, end, Kind.SCHOOL, "[a school]")
    for named in re.finditer(r"[Gg](?:[VF,(]|sS[,V:b]?|sx[,V:b]?)V?", row.tags):
        place = row.words[named.end() - 1].end
        here = _HERE.match(text, place)
        if here is not None and _is_named(here[1]):
            yield Finding(*here.span(1), Kind.SCHOOL, "[a school]")


_HERE = re.compile(
    rf" ?((?:[A-Z][\w'.&-]{{1,24}} ){{1,4}}(?i:{_SORT})(?i: (?:school|academy|college|nursery|primary))?)(?!\w)"
)


def _is_named(school: str) -> bool:
    words = [word.strip("'.,").lower() for word in school.split()]
    return any(word not in lexicon.words("no_school") and not re.fullmatch(_SORT, word) for word in words)


def _somebody(text: str, row: Row, place: int) -> bool:
    """Whether a child, or a name, stands before this place in the same sentence."""
    before = re.split(r"[.!?\n]", text[max(0, place - 70) : place])[-1]
    if _WHO.search(before):
        return True
    begin = place - len(before)
    return any(row.tags[index] in "GgU" for index, word in enumerate(row.words) if begin <= word.start < place)
