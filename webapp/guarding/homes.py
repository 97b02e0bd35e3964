"""Where somebody lives and when they were born."""

import re
from collections.abc import Iterator

from webapp.guarding.kinds import Finding, Kind

_CLEAR = (
    "street|str|road|rd|avenue|ave|av|lane|crescent|cres|cresent|terrace|gardens|gdns|grove|mews"
    "|cul-?de-?sac|boulevard|steret|strreet|raod|avenu|avneue|stret"
)
_OTHER = (
    "st|ln|close|cl|drive|drv|dr|court|ct|way|place|pl|square|sq|hill|walk|row|parade|view|rise|park"
    "|green|wharf|quay|croft|fold"
    "|heights|vale|end|path|mount|villas|estate|house|cottages?|lodge|farm|bank|gate|field|fields|meadow"
    "|meadows|dale|ridge|brow|causeway|yard|hollow|circus|bridge|common|approach|buildings|tower|towers"
    "|point|garth|wynd|brae|loan"
)
_FLAT = r"(?:(?:flat|apartment|apt|unit|room|bedsit|block|plot)\.? ?(?:\d{1,4}[a-z]?|[a-z])\b,? ?)"
_NUMBER = r"\d{1,4} ?[a-z]?(?: ?[-/] ?\d{1,4}[a-z]?)?"
# A house and a street: a number, one to four words, and what streets are called; in capitals, or in any letters where
# the last word is said of nothing else.
_STREET = re.compile(
    rf"(?<![\w£$€.,:/#-])(?<!(?:section|chapter"
    rf"|article) )(?i:{_FLAT}?(?:{_NUMBER}),?) (?:the )?(?:[A-Z][\w'.]{{0,24}}[ -]){{1,4}}(?i:{_CLEAR}"
    rf"|{_OTHER})(?![\w'])"
    rf"|(?<![\w£$€.,:/#-])(?i:{_FLAT}?(?:{_NUMBER}),? (?P<low>(?:[a-z][a-z'.]{{1,20}} ){{1,3}})(?:{_CLEAR}"
    rf"|close|drive))(?![\w'])"
)
_FLAT_IN = re.compile(
    rf"(?<![\w£]){_FLAT}?{_NUMBER},? (?:quayside|riverside|seafront|esplanade|promenade)(?!\w)|"
    rf"(?<!\w){_FLAT}(?:[a-z\d][\w'.]{{0,24}}[ ,]{{1,2}}){{1,4}}(?:{_CLEAR}|{_OTHER}|point)(?!\w)",
    re.IGNORECASE,
)
_LIVING = (
    r"\b(?:liv(?:e|es|ed|ing)|stay(?:s|ed|ing)?|resid(?:e|es|ed|ing)|address(?: is| was|:)?|mov(?:e|ed|es"
    r"|ing)(?: back| out| in)?(?: house| home)? ?to|rehoused (?:to|at|in)"
    r"|home (?:is )?(?:at|on|in)|house (?:is )?(?:at|on|in)|flat (?:is )?(?:at|on|in)|lodg(?:es|ing) (?:at"
    r"|in)|found (?:at|on)|visit(?:ed)? (?:them |her |him |the family |mum )?at)"
)
_HOME = re.compile(
    rf"{_LIVING}(?: (?:at|in|on|with \w{{2,12}}|round the corner|down|along|just off|off|to|near|now"
    rf"|over)){{0,4}}[: ]{{1,2}}"
    rf"((?:(?:the )?[A-Z][\w'.]{{0,24}}[ -]){{1,3}}(?i:{_CLEAR}|{_OTHER})"
    rf"|(?:[A-Za-z][\w'.]{{1,24}} ){{1,3}}(?i:{_CLEAR}))(?![\w'])"
)
_NUMBERED = re.compile(
    rf"{_LIVING}(?: at| in| on)? ((?:house )?(?:number|no\.?|num) ?\d{{1,4}}[a-z]?)(?!\w)", re.IGNORECASE
)
_NAMED = re.compile(
    rf"(?<!\w)(?:[A-Z][\w'.]{{1,24}} ){{1,3}}(?:Cottage|House|Farm|Lodge|Barn|Mill|Villa|Bungalow|Rectory"
    rf"|Vicarage|Croft),? (?:[A-Z][\w'.]{{1,24}} ){{1,3}}(?:{_CLEAR}|{_OTHER})(?!\w)",
    re.IGNORECASE,
)
# Between a number and what may be a street, these say that it is none.
_NO_STREET = re.compile(
    r"\b(?:of|the|a|an|every|each|any|all|both|some|no|his|her|in|on|at|and|or|to|for|from|by|with|this|that|our|their|per|is|are|was|were|be|been"
    r"|long|more|people|families|children|minutes?|mins?"
    r"|hours?|days?|weeks?|months?|years?|miles?|metres?|authorities|areas|sessions|cases|steps?|times?"
    r"|pages?|places|min|km|percent|other|new|different|separate|main|busy|local)\b",
    re.IGNORECASE,
)
_NO_HOME = re.compile(
    r"\b(?:(?:family|crown|high|county|youth|magistrates'?|supreme|appeal|civil|criminal|circuit) court"
    r"|front|wrong door|family way|learning|practice|policy"
    r"|wave \d|phase \d|stage \d|(?:head|regional|main) office|county hall|civic centre|sure start"
    r"|family hub|(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december))\b",
    re.IGNORECASE,
)

# A number on an estate, where it is said to be one, or to be where somebody lives.
_ON_ESTATE = re.compile(
    r"(?:(?<!\w)(?:no\.?|number|num|nr|house|flat)|(?:famil(?:y|ies)|mum|dad|nan|liv(?:e|es|ed|ing)|stay(?:s|ed|ing)?)"
    r" (?:at|in)) ?(?P<it>\d{1,4}[a-z]?,? (?:on|in|off) the (?:[A-Z][\w'.]{0,24} ){1,3}(?i:estate|scheme|site))(?!\w)"
)
# Said before an address, these make it one where people work and meet, unless somebody's home is spoken of.
_OFFICE = re.compile(
    r"\b(?:department(?: for| of|'s|,)|(?:write|wrote|written|send|sent|post|posted) (?:\w+ )?to (?:us"
    r"|the (?:department|council|ministry|programme))"
    r"|(?:ministry|council|authority|agency|charity|trust|programme|department)(?:'s)?"
    r"(?: own| main)? (?:offices?|address|headquarters|building)|our (?:offices?|venue)|(?:head|main|regional) office"
    r"|headquarters|(?:county|city|town) hall|civic (?:centre|offices)|sanctuary buildings|ofsted|venue"
    r"|conference centre|(?:event|conference|workshop|training|meeting|session) (?:is|was|takes place"
    r"|will be(?: held)?) (?:at|in))\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|famil(?:y|ies)|child|children|home|mum|dad|mother|father|parents?|nan|gran|aunt|uncle"
    r"|carers?|placed|placement|stay\w*|resid\w+|his|her|he|she|boy|girl|baby|lad|son|daughter|tenant|flat|visit\w*)\b",
    re.IGNORECASE,
)
_BEFORE = 120

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    r"(?:the )?(?:\d{1,2} ?(?:st|nd|rd|th)?|first|second|third|[a-z]{4,8}teenth|[a-z]{2,6}th"
    r"|twenty-?[a-z]{3,7}|thirty-?first)"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,? (?:the )?)?"
_YEAR = r"'?(?:(?:19|20)\d\d|\d\d)"
_FIGURES = (
    r"\d{1,2} ?[-/.\\ ] ?\d{1,2} ?[-/.\\ ] ?(?:(?:19|20)\d\d|\d\d)|(?:19"
    r"|20)\d\d ?[-/. ] ?\d{1,2} ?[-/. ] ?\d{1,2}|\d{8}|\d{6}"
)
_WRITTEN = (
    rf"{_WEEKDAY}{_DAY} ?(?:of )?[-/. ]?{_MONTH}\.?,?[-/. ]? ?(?:of )?(?:in )?(?:{_YEAR}(?!\d))?"
    rf"|{_WEEKDAY}{_MONTH}\.? {_DAY},? ?(?:{_YEAR}(?!\d))?|{_MONTH}\.?,? (?:of )?(?:19|20)\d\d"
)
_DATE = rf"(?:{_FIGURES}|{_WRITTEN})(?!\w)"
_SAID = (
    r"(?:d\.? ?[o0]\.? ?b\.?'?s?|dates? [o0]f ?b(?:ir|ri)ths?|date-of-birth|b(?:ir|ri)t?h ?dates?|bir(?:th"
    r"|ht) ?days?|b-?day|[a-z]{3,8} of birth)"
)
_BREAK = r"[ :=(),;-]{1,3}"
_FILL = (
    r"is|was|are|were|on|in|falls|of|his|her|their|the|early|prematurely|for|as|being|given as|recorded as"
    r"|at home|at term|[a-z]{3,9} (?:day|eve)|[a-z]{3,6}day"
)
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_SAID}(?:{_BREAK}(?:{_FILL}|[^\W\d]{{1,20}}(?:'s)?)\b){{0,4}}|(?:born|bron"
    rf"|b\.)(?:{_BREAK}(?:{_FILL}|at [a-z' ]{{3,30}})\b){{0,4}})"
    rf"[ :=(),;.-]{{0,3}}(?P<date>{_DATE})",
    re.IGNORECASE,
)
_BIRTH_AFTER = re.compile(
    rf"(?<![\w/.-])(?P<date>{_DATE}) ?[,(-]? ?(?:is (?:his|her|their|the) )?\(?(?:d\.?o\.?b\.?"
    rf"|date of birth|birth ?date)\b",
    re.IGNORECASE,
)
_NO_BIRTH = re.compile(
    r"\b(?:programme|programmes|network|idea|ideas|model|project|partnership|service|movement|charity"
    r"|organisation|approach|initiative|scheme|forum|group|method|collaboration|event|journal|pathfinder"
    r"|pilot|it|which|that) (?:was |were |is )?$",
    re.IGNORECASE,
)


def homes(text: str) -> Iterator[Finding]:
    """Every address in the text, without its postcode."""
    for pattern in (_STREET, _FLAT_IN, _NAMED):
        for found in pattern.finditer(text):
            low = found.groupdict().get("low") or ""
            if not _NO_STREET.search(low) and not _NO_HOME.search(found.group()):
                yield Finding(*found.span(), Kind.ADDRESS)
    for found in _HOME.finditer(text):
        if not _NO_STREET.search(found[1]) and not _NO_HOME.search(found[1]):
            yield Finding(*found.span(1), Kind.ADDRESS)
    for found in _ON_ESTATE.finditer(text):
        yield Finding(*found.span("it"), Kind.ADDRESS)
    for found in _NUMBERED.finditer(text):
        yield Finding(*found.span(1), Kind.ADDRESS)


def is_office(text: str, place: int) -> bool:
    """Whether what was said before in the sentence makes an address at this place one of an office or a venue."""
    before = re.split(r"[.!?] |\n", text[max(0, place - _BEFORE) : place])[-1]
    # Whose children a department is for says nothing of where they live.
    before = re.sub(r"(?i)for (?:education|children\b[\w, ]{0,24}|families)", "", before)
    return _OFFICE.search(before) is not None and _SOMEBODY.search(before) is None


def births(text: str) -> Iterator[Finding]:
    """Every date in the text that is said to be somebody's date of birth."""
    for found in _BIRTH.finditer(text):
        if not _NO_BIRTH.search(text[max(0, found.start() - 40) : found.start()]):
            yield Finding(*found.span("date"), Kind.BIRTH_DATE)
    for found in _BIRTH_AFTER.finditer(text):
        yield Finding(*found.span("date"), Kind.BIRTH_DATE)
