"""Answers as pages send them, as they are kept, and as people read them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from werkzeug.datastructures import MultiDict

from webapp.folding import clean_line, clean_text
from webapp.formats.typed import british_day
from webapp.models.surveys_answered import Part
from webapp.models.surveys_asked import LONGEST_LONG_ANSWER, LONGEST_SHORT_ANSWER, Kind, Question
from webapp.templating import british_date

Parts = tuple[Part, ...]
LONGEST_OTHER = LONGEST_SHORT_ANSWER
# Of living memory and the next generations; what is meant by two digits nobody can tell.
FIRST_YEAR, LAST_YEAR = 1900, 2199
_NUMBER = re.compile(r"-?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,6})?", re.ASCII)
NOT_OFFERED = "Choose from the answers that are offered"


def read(question: Question, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    """The answer that was sent to a question, no parts where there is none; and what is wrong with it, by field."""
    name = f"q{question.no}"
    match question.kind:
        case Kind.STATEMENT:
            return (), {}
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return _text(question, name, form)
        case Kind.NUMBER | Kind.DATE:
            return _typed(question, name, form)
        case Kind.SEVERAL_CHOICES:
            return _several(question, name, form)
        case Kind.MATRIX:
            return _matrix(question, name, form)
        case Kind.RANKING:
            return _ranking(question, name, form)
    return _one(question, name, form)


def needed(question: Question) -> str:
    """What is said where a question must be answered and is not."""
    return {
        Kind.SHORT_TEXT: "Write an answer",
        Kind.LONG_TEXT: "Write an answer",
        Kind.NUMBER: "Enter a number",
        Kind.DATE: "Enter a date",
        Kind.SEVERAL_CHOICES: "Choose at least one answer",
        Kind.MATRIX: "Choose an answer in each row",
        Kind.RANKING: "Give a rank to at least one",
    }.get(question.kind, "Choose an answer")


def _text(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    is_long = question.kind is Kind.LONG_TEXT
    text = (clean_text if is_long else clean_line)(form.get(name, ""))
    most = LONGEST_LONG_ANSWER if is_long else LONGEST_SHORT_ANSWER
    if len(text) > most:
        return (), {name: f"The answer must be {most:,} characters or fewer. It has {len(text):,}"}
    return ((Part(text=text),) if text else ()), {}


def _typed(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    text = clean_line(form.get(name, ""))[:60]
    if not text:
        return (), {}
    if question.kind is Kind.NUMBER:
        if not _NUMBER.fullmatch(text.replace(" ", "")):
            return (), {name: "Enter a number, like 12 or 2.5"}
        return (Part(value=float(text.replace(" ", "").replace(",", ""))),), {}
    try:
        day = british_day(text)
    except (ValueError, OverflowError):
        return (), {name: "Enter a real date, like 14 June 2027"}
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return (), {name: f"Check the year {day.year}: write it in full, from {FIRST_YEAR} to {LAST_YEAR}"}
    return (Part(value=float(day.toordinal()), text=day.isoformat()),), {}


def _offered(question: Question, sent: str) -> int | None:
    found = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1
    return found if found in {choice.no for choice in question.options} else None


def _own_words(name: str, form: MultiDict[str, str]) -> tuple[str, dict[str, str]]:
    text, field = clean_line(form.get(f"{name}-other", "")), f"{name}-other"
    if not text:
        return "", {field: "Write your answer in your own words, or do not choose “Other”"}
    if len(text) > LONGEST_OTHER:
        return "", {field: f"The answer must be {LONGEST_OTHER} characters or fewer. It has {len(text):,}"}
    return text, {}


def _one(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    sent = form.get(name, "")
    if not sent:
        return (), {}
    value = _offered(question, sent)
    if value is None:
        return (), {name: NOT_OFFERED}
    if question.other and value == question.other:
        text, errors = _own_words(name, form)
        return ((Part(value=value, text=text),) if text else ()), errors
    return (Part(value=value),), {}


def _several(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    values = [_offered(question, sent) for sent in form.getlist(name)]
    if None in values:
        return (), {name: NOT_OFFERED}
    chosen = sorted({value for value in values if value is not None})
    if not chosen:
        return (), {}
    text: str | None = None
    errors: dict[str, str] = {}
    if question.other in chosen and question.other:
        text, errors = _own_words(name, form)
    parts = [Part(part=no, text=text if question.other and no == question.other else None) for no in chosen]
    return (Part(), *parts), errors


def _matrix(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    parts, errors = [], {}
    for row in question.rows:
        field = f"{name}-{row.no}"
        sent = form.get(field, "")
        value = _offered(question, sent) if sent else None
        if value is not None:
            parts.append(Part(part=row.no, value=value))
        elif sent:
            errors[field] = NOT_OFFERED
        elif question.required:
            errors[field] = f"Choose an answer for “{row.label}”"
    return ((Part(), *parts) if parts else ()), errors


def _ranking(question: Question, name: str, form: MultiDict[str, str]) -> tuple[Parts, dict[str, str]]:
    parts, errors, taken = [], {}, dict[str, str]()
    for choice in question.choices:
        field = f"{name}-{choice.no}"
        sent = form.get(field, "")
        if not sent:
            continue
        if not (sent.isascii() and sent.isdigit() and len(sent) < 4 and 1 <= int(sent) <= len(question.choices)):
            errors[field] = NOT_OFFERED
        elif sent in taken:
            errors[field] = f"“{taken[sent]}” has rank {sent} already: give each rank once"
        else:
            taken[sent] = choice.label
            parts.append(Part(part=choice.no, value=int(sent)))
    return ((Part(), *parts) if parts else ()), errors


def sent(question: Question, parts: Sequence[Part]) -> dict[str, list[str]]:
    """The fields of a question as they would be sent with this answer."""
    name = f"q{question.no}"
    fields: dict[str, list[str]] = {}
    for one in parts:
        match question.kind:
            case Kind.SHORT_TEXT | Kind.LONG_TEXT:
                fields[name] = [one.text or ""]
            case Kind.NUMBER:
                fields[name] = [plain_number(one.value or 0)]
            case Kind.DATE:
                fields[name] = [british_date(date.fromisoformat(one.text or ""))]
            case Kind.SEVERAL_CHOICES if one.part:
                fields.setdefault(name, []).append(str(one.part))
            case Kind.MATRIX | Kind.RANKING if one.part:
                fields[f"{name}-{one.part}"] = [str(int(one.value or 0))]
            case Kind.ONE_CHOICE | Kind.LIKERT | Kind.RATING | Kind.RECOMMENDATION | Kind.YES_NO:
                fields[name] = [str(int(one.value or 0))]
        if one.text is not None and question.kind.may_have_other:
            fields[f"{name}-other"] = [one.text]
    return fields


def words(question: Question, parts: Sequence[Part]) -> list[str]:
    """The answer as a person reads it, a line for each part; none where there is no answer."""
    labels: Mapping[int, str] = {choice.no: choice.label for choice in question.options}
    match question.kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return [one.text or "" for one in parts]
        case Kind.NUMBER | Kind.DATE:
            return [text for field in sent(question, parts).values() for text in field]
        case Kind.SEVERAL_CHOICES:
            return [_labelled(labels.get(one.part, ""), one.text) for one in parts if one.part]
        case Kind.MATRIX:
            rows = {row.no: row.label for row in question.rows}
            return [f"{rows.get(one.part, '')}: {labels.get(int(one.value or 0), '')}" for one in parts if one.part]
        case Kind.RANKING:
            ranked = sorted((one for one in parts if one.part), key=lambda one: one.value or 0)
            return [f"{int(one.value or 0)}. {labels.get(one.part, '')}" for one in ranked]
    return [_labelled(labels.get(int(one.value or 0), ""), one.text) for one in parts]


def _labelled(label: str, text: str | None) -> str:
    return f"{label}: {text}" if text else label


def plain_number(value: float) -> str:
    """A number as it would be typed."""
    return str(int(value)) if value == int(value) else str(value)
