"""Numbers and addresses by which somebody can be found: NHS, case and phone numbers, postcodes, e-mail addresses."""

import re
from collections.abc import Iterator

from webapp.guarding.kinds import Finding, Kind

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH"
    " EN EX FK FY G GL"
    " GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG"
    " NN NP NR NW OL"
    " OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW"
    " UB W WA WC WD WF"
    " WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"(?<![\w£]|[./-])({'|'.join(sorted(_AREAS.split(), key=len, reverse=True))}) ?(\d[\da-z]?"
    rf"|[OI]\d?)(?: ?[-.] ?| |)"
    r"([\dOI]) ?([abd-hjlnp-uw-z]{2})(?!\w)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"1st|2nd|3rd|\dth")

_TEN = re.compile(r"(?<![\w£$€.,#/+-])(?<![-/\d] )\d(?:[ .\-]{0,3}\d){9}(?![\w%/]|[.,:-]\d| ?[-.]? ?\d)")
_NHS_SAID = re.compile(
    r"\bN\.?H\.?S\.?(?: ?(?:number|num|nmber|numbr|nubmer|no|nr|id|#)\b\.?)?(?:[ :=#(-]|is"
    r"|was){0,6}(\d(?:[ .\-/]{0,3}\d){7,11})(?!\d)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)\d\d\b")

_PHONE = re.compile(
    r"(?<![\w£$€#/]|[.,-])(?<!\d )(?:(?:\+ ?44|\(\+ ?44\)|00 ?44|\+ ?4 4)[ ().\-]{0,4}(?:\(0\)"
    r"|0)?[ ().\-]{0,3}[1-9](?:[ ().\-]{0,3}\d){8,9}"
    r"|07\d{3} ?/ ?\d{3} ?\d{3}|\(?[0oO] ?[127](?:[ ().\-]{0,3}[\doO]){7,9})(?![\w%/]|[.,:-]\d| ?\d)"
)
_PHONE_SAID = re.compile(
    r"\b(?:tel|telephone|phone|phones?d?|mobile|mob|cell|landline|whatsapp|text|texted|ring|rang|call"
    r"|called|contact|number|reached|home|work)"
    r"(?: ?(?:number|num|no|nos|him|her|them|mum|dad|nan|me|us|the|family|on|at|is|was|:|=|#|\.|-)){0,6} ?"
    r"(?<![\w£])(\(?\+?\d(?:[ ().\-]{0,3}\d){5,12})(?![\w%/:]|[.,-]\d)",
    re.IGNORECASE,
)
_HELPLINE = re.compile(r"0?(?:80[08]|3\d\d|84\d|87\d|1161|116|101|111|999)")
_TWO_YEARS = re.compile(r"(?:19|20)?(\d\d) ?[-/] ?((?:19|20)?\d\d)")
_DAY = re.compile(r"\d{1,2}[-. ]\d{1,2}[-. ](?:19|20)?\d\d(?!\d)|(?:19|20)\d\d[-. ]\d\d[-. ]\d\d(?!\d)")

_OF = r"(?:number|num|no|nr|id|ids|ref|refs|reference|code|record|file|#|n°)"
_WHOSE = (
    r"(?:case|client|child|child'?s|children'?s|family|person|service user|patient|pupil|unique pupil"
    r"|referral|file|record|social care|social services"
    r"|our|your|their|his|her|the|council|court|cafcass|police|crime|incident|log|occurrence|custody"
    r"|intelligence|mosaic|lcs|liquid ?logic|liquidlogic"
    r"|ics|ehm|eha|ehcp|carefirst|care first|capita|capita one|azeus|eclipse|frameworki|framework-?i|upn"
    r"|uln|urn|uci|pnc|niche|strata"
    r"|national insurance|ni|hospital|mrn|passport|home office|nass|cin|cp|lac|cla|mash|lado|fgc|hearing|application)"
)
_SHAPE = (
    r"([a-z]{0,5}[-/.: ]{0,2}(?:\d[\da-z]*|[a-z]{1,3}\d[\da-z]*)(?:[-/.\\_: ]{1,3}(?:[a-z]{1,3}(?=[-/\d])"
    r"|[a-z]{0,3}\d[\da-z]*)|-[a-z]{1,3}\b){0,5})"
)
_JOIN = r"(?: is| was| of|[ :=#.(\"-]|no\.){1,5}"
_CASE_SAID = re.compile(
    rf"\b(?:{_WHOSE} {_OF}|(?:case|client|child|family|person|pupil|referral)[ -]?{_OF}|{_OF} {_OF}"
    rf"|ref(?:erence)?|mosaic|lcs|liquid ?logic|upn|uln|pnc|urn|mrn"
    rf"|case|crime|log|cad|file (?:no|number)|eclipse|carefirst|care first){_JOIN}{_SHAPE}(?!\w)",
    re.IGNORECASE,
)
_CASE_SHAPED = re.compile(
    r"(?<![\w/.-])(?:"
    r"[A-Z]{2}\d{2} ?[CPFDJ] ?\d{5}"  # family court
    r"|[A-Z]\d{12}|[A-Z]\d{11}[A-Z]"  # unique pupil number
    r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # National Insurance
    r"|(?:19|20)?\d{2}/\d{5,7}[A-Z]"  # Police National Computer
    r"|[A-Z]{1,5}\d{5,10}(?:[-/][A-Z\d]{1,6})?"
    r"|[A-Z]{1,5}[-/_](?:(?:19|20)?\d{2}[-/_])?\d{3,10}(?:[-/_][A-Z\d]{1,6})?"
    r"|[A-Z]{1,5}\d{2}[-/_]\d{3,9}(?:[-/_][A-Z\d]{1,6})?"
    r"|[A-Z]{2,5}[-/_][A-Z]{1,5}[-/_](?:[A-Z\d]{1,8}[-/_]){0,2}\d{2,9}"
    r"|\d{2,4}/[A-Z]{1,5}/\d{2,8}|\d{5,9}[-/][A-Z]{1,4}"
    r")(?![\w/-])"
)
_PUBLISHED = re.compile(
    r"(?:DFE|DFES|ISBN|ISSN|ISO|IEC|BS|EN|SI|RFC|DOI|COVID|PMID|UKRI|ESRC|NIHR|GOV|WCAG|ARK"
    r"|RPS|OJ|EC|EU)[-/ ]?\d|(?:HC|HL|CM|CP) ?\d{1,4}\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:grant|grants|bid|budget|award|charity|charities|company|companies|invoice|order|purchase|job|jobs|vacancy"
    r"|post|tender|contract|booking|book|ticket"
    r"|course|module|event|isbn|issn|doi|report|publication|research|ethics|statutory|law|act|s\.?i"
    r"|registered|vat|product|version|meeting|webinar|room"
    r"|agenda|slide|paper|journal|wave|registration|url|account|sort|trial|procurement|framework|project"
    r"|licence|software|policy|form)(?:'s)? ?"
    r"(?:in england|number|num|no\.?|id|ref|reference|code)?(?: is| was)?[ :,#(-]{0,4}$",
    re.IGNORECASE,
)

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64} ?@ ?((?:[\w-]{1,40}\.){1,4}[a-z]{2,12})(?![\w@])", re.IGNORECASE)
_EMAIL_SPELT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]|\bat\b|@) ?"
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|live|sky|aol|msn|proton|protonmail"
    r"|virginmedia|talktalk)"
    r" ?(?:\(dot\)|\[dot\]|\bdot\b|\.|,) ?(?:com|co ?(?:\.|dot) ?uk|net|me)\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"(?:^|\.)(?:gov\.uk|nhs\.uk|nhs\.net|police\.uk|ac\.uk|sch\.uk|org|org\.uk|edu|parliament\.uk|mod\.uk"
    r"|charity|cjsm\.net|example)$"
)
_DESK = re.compile(
    r"(?:info|office|contact|admin|hello|enquir(?:y|ies)|help|helpdesk|support|team|press|media|training"
    r"|events?|bookings?|learning|admissions"
    r"|safeguarding|mash|duty|data|dpo|privacy|foi|research|comms|news|newsletter|secretary|reception"
    r"|organisers?|programme|no-?reply|feedback|hr)\b",
    re.IGNORECASE,
)


def numbers(text: str) -> Iterator[Finding]:
    """Every number or address in the text by which somebody can be found, those that are surest first."""
    yield from _emails(text)
    yield from _nhs(text)
    yield from _postcodes(text)
    yield from _cases(text)
    yield from _phones(text)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last is the check digit of the others, modulo 11."""
    left = -sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return len(digits) == 10 and left == int(digits[9]) and len(set(digits)) > 1


def _is_two_years(token: str) -> bool:
    """2023/24: a year of accounts or of school, and no number of a case."""
    found = _TWO_YEARS.fullmatch(token)
    return found is not None and int(found[2]) % 100 == (int(found[1]) + 1) % 100


def _digits(text: str) -> str:
    return "".join(char for char in text.replace("o", "0").replace("O", "0") if char.isdigit())


def _nhs(text: str) -> Iterator[Finding]:
    for said in _NHS_SAID.finditer(text):
        yield Finding(*said.span(1), Kind.NHS_NUMBER)
    for found in _TEN.finditer(text):
        digits = _digits(found.group())
        if digits[0] != "0" and is_nhs_number(digits) and not _YEARS.match(found.group()):
            yield Finding(*found.span(), Kind.NHS_NUMBER)


def _postcodes(text: str) -> Iterator[Finding]:
    for found in _POSTCODE.finditer(text):
        outer, inner = found[2], found[3] + found[4]
        lower = found.group() != found.group().upper()
        # A letter for a digit is a slip of a hand that wrote capitals; "s17 4th" counts something.
        if (
            lower and (_ORDINAL.fullmatch(inner.lower()) or not (outer + found[3]).isalnum() or found[3] in "oiOI")
        ) or (lower and outer[0] in "oiOI"):
            continue
        if (found[3] in "OI" or outer[0] in "OI") and not lower and found[1] + outer in {"SO", "TO", "NO", "DO", "GO"}:
            continue
        yield Finding(*found.span(), Kind.POSTCODE)


def _phones(text: str) -> Iterator[Finding]:
    for found in _PHONE.finditer(text):
        digits = _digits(found.group())
        if not _HELPLINE.match(digits) and not _DAY.match(found.group()) and _is_phone(digits):
            yield Finding(*found.span(), Kind.PHONE)
    for said in _PHONE_SAID.finditer(text):
        digits = _digits(said[1])
        before = text[max(0, said.start() - 24) : said.start(1)]
        if _ELSEWHERE.search(before) or _HELPLINE.match(digits) or _DAY.match(said[1]) or _YEARS.match(said[1]):
            continue
        yield Finding(*said.span(1), Kind.PHONE)


def _is_phone(digits: str) -> bool:
    if digits.startswith(("44", "0044")):
        national = digits.removeprefix("00")[2:].removeprefix("0")
        return 9 <= len(national) <= 10 and not _HELPLINE.match(national)
    return 10 <= len(digits) <= 11 or (digits.startswith("07") and len(digits) == 9)


def _cases(text: str) -> Iterator[Finding]:
    for said in _CASE_SAID.finditer(text):
        token = said[1].strip(" .:-/")
        start = said.start(1) + said[1].index(token) if token else said.start(1)
        before = text[max(0, said.start() - 24) : said.start()]
        plain = sum(char.isdigit() for char in token)
        if (
            plain < 4
            or _YEARS.fullmatch(token)
            or _is_two_years(token)
            or _PUBLISHED.match(token)
            or _ELSEWHERE.search(before)
        ):
            continue
        if not _DAY.fullmatch(token) and not _PHONE.fullmatch(token):
            yield Finding(start, start + len(token), Kind.CASE_NUMBER)
    for shaped in _CASE_SHAPED.finditer(text):
        before = text[max(0, shaped.start() - 32) : shaped.start()]
        if not _PUBLISHED.match(shaped.group()) and not _ELSEWHERE.search(before):
            yield Finding(*shaped.span(), Kind.CASE_NUMBER)


def _emails(text: str) -> Iterator[Finding]:
    for found in _EMAIL.finditer(text):
        if not _PUBLIC.search(found[1].lower()) and not _DESK.match(found.group()):
            yield Finding(*found.span(), Kind.EMAIL)
    for spelt in _EMAIL_SPELT.finditer(text):
        yield Finding(*spelt.span(), Kind.EMAIL)
