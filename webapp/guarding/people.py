"""Names that stand with an age, names said to be of a child or of a family, and schools with a child's name."""

import re
from collections.abc import Iterator

from webapp.guarding import lexicon
from webapp.guarding.kinds import Finding, Kind
from webapp.guarding.tagging import Row, Word

# A name as it may stand anywhere, and one that is surely a name.
_NAME = r"(?:[GAU](?:-?[GAUCPgI]|-u)?(?:[GAUP]|(?<=[GA])C){0,2}|g(?:-?[gu]){0,2})"
_SURE = r"(?:[GA](?:-?[GAUP])?(?:[GAUCP]){0,2}|g(?:-?[gu]){0,2})"
_CALLED = r"(?:[GAUI](?:-?[GAUCPI]){0,3}|[gu](?:-?[gu]){0,2})"
_AGE = r"d(?:(?:[,/n-]{1,2}|,n)d){0,4}"
_AGE_SAID = rf"(?:a[F:-]?q{{0,3}}{_AGE}(?:-?y(?:-?o)?|-?e)?|{_AGE}(?:-?y-?o|-?e|-?y)|q{{0,2}}hq?{_AGE}(?:-?y-?o|-?e))"
_GAP = r"[,(:;/|.-]{0,2}(?:[Wp]?q{0,3}b?s?q{0,4}|[hHl]{0,2}[KM],?W?s?b?q{0,3}|z,?)[,(:-]{0,2}"
_NAMES = rf"{_NAME}(?:[,n/]{{1,2}}{_NAME}){{0,4}}"

_BARE = (
    rf"(?P<it>(?:(?:{_NAMES}|I{{1,2}})(?:,|,?(?:-|[zK],)|q)|{_NAMES},?:|[Gg][GUAug]?)q{{0,2}}{_AGE})"
    r"(?=[.;)]|,(?!d|D)|n(?![CPRdD])|W|[bqV]|$|\n|[HhIp]|-(?![dDy])|-?[zK]|x)(?P<check>)"
)
_SAID = (
    rf"(?P<it>(?:{_NAMES}|I{{1,2}})[,(]?(?:[hH]l?[KM],?)?(?:W|x{{0,2}}p)?(?:q{{0,3}}b|s)q{{0,4}}{_AGE})"
    r"(?=[.;,)]|n|W|[qV]|$|\n|x)(?P<check>)"
)
_AGE_FIRST = (
    rf"(?P<it>(?:{_AGE}-?y-?o|{_AGE}-?e|{_AGE}-y)(?:[,(:-]|[KkMzhHl]|W|b|c){{0,5}}"
    rf"(?:(?<=c){_CALLED}|{_NAMES}|I{{1,3}}(?![a-z])))"
)

_RULES: tuple[tuple[str, Kind], ...] = (
    # Jayden (aged 7) · Jayden, who is 7 years old · Jayden, my youngest, is nearly 7 years old · jaydn aged 7
    (rf"(?P<it>{_NAMES}{_GAP}{_AGE_SAID})", Kind.NAME_AND_AGE),
    (rf"(?P<it>(?:u|[IJ]{{1,3}}){_GAP}(?:a[F:-]?q{{0,3}}{_AGE}|{_AGE}-?(?:y-?o|e)))", Kind.NAME_AND_AGE),
    # Jayden (7) · JS (7) · Jayden (M, 7) · Jayden, 7, · Jayden - 7 · Jayden 7
    (rf"(?P<it>(?:{_NAMES}|[IJ]{{1,2}}|(?<=[KMh])u)\((?:[zKI],?)?q{{0,2}}{_AGE}(?:,[zK])?)\)", Kind.NAME_AND_AGE),
    (_BARE, Kind.NAME_AND_AGE),
    # Jayden is 7 · Jayden turned 7 · Jayden and Aisha are 7 and 9
    (_SAID, Kind.NAME_AND_AGE),
    # my 7-year-old Jayden · a 14 year old girl called Aisha · our seven year old, Jayden
    (_AGE_FIRST, Kind.NAME_AND_AGE),
    # my 6 year old lad on caseload, Tyrone · a 9 year old girl we know called Ruby · our 3 year old in nursery, Milo
    (rf"(?P<it>{_AGE}-?(?:y-?o|e)-?K[xqhHVpS]{{1,5}}(?:,(?:G[GU]?|g)|c{_CALLED}))", Kind.NAME_AND_AGE),
    (rf"(?P<it>{_AGE}-?(?:y-?o|e)[qV][xqhHVpS]{{1,4}}(?:,(?:G[GU]?|g)|c{_CALLED}))", Kind.NAME_AND_AGE),
    (rf"(?P<it>aq?{_AGE}(?:-?y-?o?)?,?(?:(?<=,){_SURE}|[KM],?{_NAME}))", Kind.NAME_AND_AGE),
    (rf"(?P<it>(?<=[KMk]F)d(?:-?y)?(?:-?o)?[,(:-]?W?b?c?(?:(?<=c){_CALLED}|(?<!c){_NAME}))", Kind.NAME_AND_AGE),
    # Jayden's 7th birthday · Jayden (Year 4) · Year 4 pupil Jayden
    (rf"(?P<it>{_NAME}sO[a-z]?B)", Kind.NAME_AND_AGE),
    (rf"(?P<it>{_SURE}[,(]?W?b?q{{0,2}}V?Q)", Kind.NAME_AND_AGE),
    (r"(?P<it>QxG)(?P<check>)", Kind.NAME_AND_AGE),
    # a girl called Aisha · her son Tomasz · mum, Sharon · siblings Amara and Zuri · Child: Jayden Smith
    (rf"[KMkf][,(]?(?:W?b|Hwb|W)?cx?(?P<it>{_CALLED}(?:n{_CALLED})?)", Kind.NAME),
    (rf"(?:[KMh]s|[HKM])w[b:(-]{{0,2}}(?P<it>{_CALLED})", Kind.NAME),
    (rf"(?<![C])[KM](?P<it>{_NAME}(?:n{_NAME})?)", Kind.NAME),
    (r"(?<=[HhK])(?:[KM])(?P<it>g[gu]?|u)(?P<small>)", Kind.NAME),
    (rf"[hH]l?[KM],(?P<it>{_NAME}(?:n{_NAME})?)", Kind.NAME),
    (rf"[KM],(?P<it>{_NAME})(?=[,.)])", Kind.NAME),
    (rf"[KM][(:-](?P<it>{_NAME}|I{{1,3}}[),.])", Kind.NAME),
    (rf"k[,(:]?(?P<it>{_SURE}(?:[,n]{{1,2}}{_NAME}){{0,5}}|{_NAME}(?:,{_NAME}){{0,5}},?n{_NAME})", Kind.NAME),
    (rf"l(?P<it>{_SURE})", Kind.NAME),
    # Jayden's mum · Mrs Smith's son · Jayden's social worker · Mr and Mrs Khan
    (rf"(?P<it>{_SURE})sx?(?:[KMf]|k(?!s)|S)", Kind.NAME),
    (r"(?P<it>U[GU]?)sx?[KM]", Kind.NAME),
    (r"(?P<it>T(?:nT)?[GAUCPI]{1,2})s?[lx]?[KMkf]", Kind.NAME),
    (r"(?P<it>TnT[GAUCP]{1,2})", Kind.NAME),
    (rf"(?P<it>{_SURE}|T[GAUCP]{{1,2}})nHx?[KMk]", Kind.NAME),
    # Sharon (mum) · Sharon, his mum · mother of Jayden · the Smith family
    (rf"(?P<it>{_NAME})[,(](?:H[lx]?[KM](?=[,).]|F)|[KM]\))(?P<kin>)", Kind.NAME),
    (rf"[MK]F(?P<it>{_NAME})", Kind.NAME),
    (rf"[kf]F(?P<it>{_SURE})", Kind.NAME),
    (rf"wF[hH]?l?[KM][b:(-]{{1,2}}(?P<it>{_CALLED})", Kind.NAME),
    (r"SF(?P<it>G[GU]?)", Kind.NAME),
    (r"[kK]F(?P<it>U[GU]?)(?P<of>)", Kind.NAME),
    (rf"(?:H|[KMGgU]s)[KM]b(?P<it>{_NAME})", Kind.NAME),
    (r"h(?P<it>[UGA](?:-?[UGAC])?|u)[fk](?!s)(?P<family>)", Kind.NAME),
    (r"h(?P<it>C)[fk](?!s)(?P<surname>)", Kind.NAME),
    # the S family · Mr and Mrs K
    (r"h(?P<it>I)f(?![sF])(?P<family>)(?P<letter>)", Kind.NAME),
    (r"TnT(?P<it>I)(?P<letter>)", Kind.NAME),
)
_COMPILED = tuple((re.compile(rule), kind) for rule, kind in _RULES)


# What comes after a number that is no age.
_COUNTED = re.compile(
    r" ?(?:%|percent|per cent|of (?:the|our|these|those|whom|them|which|all|\d)|out of|to \d|(?:(?:more"
    r"|new|other|different|local|social|family|young|key|main|pilot|adopter|partner|multi-?agency"
    r"|[a-z]+-year) )?"
    r"(?:people|families|children|authorities|areas|sessions|events|days|hours|minutes|mins|miles|km|pages"
    r"|cases|teams|places|times|pm|am|points?|questions|practitioners"
    r"|workers|social|members|participants|attendees|workshops|schools|staff|groups|categories|january"
    r"|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun"
    r"|jul|aug|sept?|oct|nov|dec"
    r"|million|thousand|hundred|billion|pounds|responses|respondents|councils|strands|pillars|outcomes"
    r"|themes|recommendations|chapters|sections|years? (?:of|in|on|later|ago|into)|months|weeks|years?' "
    r"|[a-z]{3,14}(?:ies|tions|ments|ers)))\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:section|chapter|part|page|table|figure|wave|phase|stage|level|room|hall|stream|track|strand"
    r"|pillar|outcome|group|team|slide|question|item|step|week|day|session|volume|issue|no\.?|number|grade"
    r"|tier|annex|appendix|class|form|option|plan|scenario|area|site|unit|bay|gate|type|version|code"
    r"|cohort|model|route|line|size|building|floor|block|zone|and|at|in|to|from)$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r".*(?:ed|ing|al|ic|ive|ous|ary|less|ful|able|ible|ish|ian|ese|er|est|y|ant|ent|ar|led|care|ist|ern)$"
)
_CARE = re.compile(
    r"(?:,? (?:who )?(?:is|was|became)|'s|,)(?: now| still| just| also)? (?:an? |one of (?:our|the) )"
    r"(?:looked[- ]?after child|child(?:ren)? (?:in (?:need|care)|looked after)|care[- ]?leaver|(?:lac|cla|uasc)\b)"
    r"|(?: has| had| have|'s)?(?: just| recently| now| then| also| been| already| previously| sadly| first)* ?"
    r"(?:(?:is|was|were|are|been|being|be|got)(?: just| recently| now| then| also| being| still| been"
    r"| already| currently| again| first)* "
    r"(?:placed (?:with|in|on|at|under)|removed from|taken into care|accommodated under|adopted (?:by|in"
    r"|at|when|from)|fostered|abused|neglected|groomed|sexually|physically abused|harmed|hurt by|beaten"
    r"|hit by"
    r"|excluded from|looked after|in (?:(?:foster"
    r"|residential|kinship|secure|our) )?(?:care|accommodation)\b|in foster|on a plan\b(?! (?:to|of|for|that))"
    r"|on (?:a|the) (?:cp|cin|child|interim"
    r"|full|care|supervision|placement)|on the (?:register|edge of care)|subject (?:to|of)"
    r"|self[- ]?harming|born (?:with|addicted|at|premature)|returned home|living with|staying with"
    r"|moved to (?:a )?(?:foster|residential|new foster|children)|at risk|suicidal|pregnant|known to (?:us"
    r"|social|services|children)|open to (?:us|social|children)"
    r"|stepped (?:up|down)|allocated to|missing from|reported missing"
    r"|disclosing|making allegations|bed-?wetting|cared for by)"
    r"|became (?:looked after|subject to)|has an? (?:ehcp|ehc plan)\b"
    r"|disclosed (?:that|to|abuse|sexual|being|how|physical|an|her|his)|came into (?:care|foster)"
    r"|went into (?:care|foster)|comes? into care|went missing|goes missing|keeps? going missing|ran away"
    r"|runs away|absconded"
    r"|liv(?:es|ed) (?:with (?:his|her|their|foster|kinship|an? (?:aunt|uncle|foster)|the foster|mum|dad"
    r"|nan|gran)|in (?:foster|a children|residential|kinship|supported))|stay(?:s|ed) with (?:his|her"
    r"|their|foster|nan|gran)"
    r"|self[- ]?harm(?:s|ed)|wets? the bed|(?:sees|saw) (?:his|her) (?:mum|dad|mother|father)"
    r"|attends? (?:camhs|contact with)|took an overdose|has (?:a )?(?:child protection|care|cin"
    r"|cp) (?:plan|order)|has contact with|has (?:\w+ )?(?:bruis|injur|non-accidental|learning disabilit"
    r"|special needs|autism|adhd))",
    re.IGNORECASE,
)


_ANY_NAME = re.compile(_NAME)
# What is said of things too.
_CARE_OF_THINGS = re.compile(
    r"at risk|subject|known to|open to|returned|(?<!became )looked after(?! child)"
    r"|stepped|neglected|(?<!self.)harmed|allocated"
)


def people(text: str, row: Row) -> Iterator[Finding]:
    """Every name that stands with an age, or is said to be of a child or of a family, those that are surest first."""
    for rule, kind in _COMPILED:
        for found in rule.finditer(row.tags):
            if found.end("it") > found.start("it") and _holds(text, row, found):
                yield _finding(row, found, kind)
    for found in _ANY_NAME.finditer(row.tags):
        end = row.words[found.end() - 1].end
        care = _CARE.match(text, end)
        if care and not (row.tags[found.start()] in "AU" and _CARE_OF_THINGS.search(care.group())):
            yield Finding(row.words[found.start()].start, end, Kind.NAME, "[name]")


def _holds(text: str, row: Row, found: re.Match[str]) -> bool:
    """Whether what a rule found is a name, by what the words say; a rule names the tests that are its own."""
    start, end = found.span("it")
    if any(tag == "d" and word.start == before.end for tag, word, before in _pairs(row, found)):
        return False
    if row.tags[start] == "A" and _is_month(row, start, end):
        return False
    own = [_TESTS[name] for name in found.groupdict() if name in _TESTS]
    return not _is_placeholder(row, found) and all(test(text, row, found) for test in own)


def _is_no_count(text: str, row: Row, found: re.Match[str]) -> bool:
    start, end = found.span("it")
    place, tag = row.words[end - 1].end, row.tags[start]
    if _COUNTED.match(text, place) or text[place : place + 1] in {"%", "°"}:
        return False
    before = text[max(0, row.words[start].start - 16) : row.words[start].start].rstrip(" (")
    if tag in "UI" and _NOT_BEFORE.search(before):
        return False
    return tag in "Gg" or not _next_counts(row, end)


def _is_no_adjective(_text: str, row: Row, found: re.Match[str]) -> bool:
    start = found.start("it")
    return row.tags[start] != "u" or _ADJECTIVE.fullmatch(row.words[start].text) is None


def _is_surname(_text: str, row: Row, found: re.Match[str]) -> bool:
    return row.words[found.start("it")].text in lexicon.words("surnames") and row.words[found.start("it")].start > 0


def _is_no_letter_of_a_list(_text: str, row: Row, found: re.Match[str]) -> bool:
    """Whether one letter stands for a name, and is none of those that people give to what they made up."""
    letter = row.words[found.start("it")].text.strip(".")
    return len(letter) == 1 and letter not in "abcdxyz"


def _is_kin_of(_text: str, row: Row, found: re.Match[str]) -> bool:
    return row.words[found.start()].text in lexicon.words("kin")


def _is_kin(_text: str, row: Row, found: re.Match[str]) -> bool:
    return row.words[found.end() - 1].text not in {"parent", "carer", "guardian", "partner"}


_TESTS = {
    "check": _is_no_count,
    "family": _is_no_adjective,
    "small": _is_no_adjective,
    "surname": _is_surname,
    "letter": _is_no_letter_of_a_list,
    "of": _is_kin_of,
    "kin": _is_kin,
}


def _pairs(row: Row, found: re.Match[str]) -> Iterator[tuple[str, Word, Word]]:
    """The words that were found, but for the first, each with its letter and the word before it."""
    for place in range(found.start("it") + 1, found.end("it")):
        if row.tags[place - 1] not in ",():;-/\n&|.":
            yield row.tags[place], row.words[place], row.words[place - 1]


def _next_counts(row: Row, place: int) -> bool:
    """Whether a word that may be counted follows, and no verb."""
    return place < len(row.tags) and row.tags[place] == "x" and row.words[place].text not in lexicon.words("goes_on")


def _is_month(row: Row, start: int, end: int) -> bool:
    """May 7, 7 May, in June: a month and no name."""
    if row.words[start].text not in {"may", "june", "april", "august", "summer", "autumn"}:
        return False
    return "a" not in row.tags[start:end] or row.tags[start - 1 : start] in {"d", "D", "O", "V"}


def _is_placeholder(row: Row, found: re.Match[str]) -> bool:
    """Child A, Parent X: letters that a writer put in place of names."""
    start, end = found.span("it")
    name = row.words[start]
    alone = len(row.tags[start:end].strip("),.")) == 1 or row.tags[start + 1 : start + 2] not in set("GAUIC")
    before = row.tags[start - 1 : start]
    return row.tags[start] == "I" and alone and before in set("KMfk") and name.text in set("abcdxyz")


def _finding(row: Row, found: re.Match[str], kind: Kind) -> Finding:
    start, end = found.span("it")
    while row.tags[end - 1] in ",.(":
        end -= 1
    if row.tags.count("(", start, end) > row.tags.count(")", start, end) and row.tags[end : end + 1] == ")":
        end += 1
    first, last = row.words[start], row.words[end - 1]
    if kind is not Kind.NAME_AND_AGE:
        instead = "[family name]" if "family" in found.groupdict() or "surname" in found.groupdict() else "[name]"
        return Finding(first.start, last.end, kind, instead)
    return Finding(first.start, last.end, kind, _roughly(row, start, end))


_IN_WORDS = [word for letter, words in lexicon.uses() if letter == "d" for word in words]
_VALUES = {word: number for number, word in enumerate(_IN_WORDS[:19], 1)}


def _roughly(row: Row, start: int, end: int) -> str:
    """The child without the name, and the age roughly."""
    ages = [row.words[place].text for place in range(start, end) if row.tags[place] == "d"]
    values = [
        _VALUES.get(age) or int("".join(char for char in age.split(".")[0] if char.isdigit()) or 7) for age in ages
    ]
    small = any(row.tags[place] == "y" and row.words[place].text[:1] in "mwd" for place in range(start, end))
    determined = row.tags[start - 1 : start] in set("hH")
    if len(values) > 1:
        return "[children of different ages]"
    years = 0 if small else values[0] if values else 8
    who = (
        "young child"
        if years < 5
        else "child of primary school age"
        if years < 11
        else "teenager"
        if years < 18
        else "young adult"
        if years < 26
        else "adult"
    )
    return f"[{who}]" if determined else f"[{'an' if who == 'adult' else 'a'} {who}]"
