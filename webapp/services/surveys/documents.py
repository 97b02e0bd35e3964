"""Changing what a survey asks: each function takes the document and gives a new one, or refuses."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from webapp.errors import NotFound
from webapp.folding import fold
from webapp.models.surveys_asked import (
    LONGEST_CHOICE,
    LONGEST_HELP,
    MOST_CHOICES,
    MOST_QUESTIONS,
    MOST_ROWS,
    MOST_SECTIONS,
    Asked,
    Choice,
    Condition,
    Kind,
    Question,
    Row,
    Scale,
    Section,
)
from webapp.services.surveys.refusals import NotNow, SurveyRefused

# From how alike two lines are on, one counts as the other reworded.
ALIKE = 0.6
# What may be put right in a choice that was published: neither letters nor digits, nor the signs of "C++" or "< 5".
_UNSAID = re.compile(r"[\s.,;:!?'’\"“”()–-]+")


@dataclass(frozen=True, kw_only=True)
class QuestionWording:
    """What was written of a question: choices and rows as lines; `shown` the question it depends on, and its values."""

    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    choices: Sequence[str] = ()
    other: bool = False
    rows: Sequence[str] = ()
    scale: Scale = Scale.AGREEMENT
    points: int = 5
    low: str = ""
    high: str = ""
    shown: Condition | None = None
    splits: bool = False


def get_section(asked: Asked, no: int) -> Section:
    """The section of that number; raises NotFound."""
    found = next((one for one in asked.sections if one.no == no), None)
    if found is None:
        raise NotFound
    return found


def get_question(asked: Asked, no: int) -> Question:
    """The question of that number; raises NotFound."""
    found = asked.question(no)
    if found is None:
        raise NotFound
    return found


def add_section(asked: Asked, title: str, text: str = "", session: str = "") -> tuple[Asked, int]:
    """The document with one more section at its end, and the section's number. Raises SurveyRefused.

    An empty one of the same words at the end is that section: its form was sent twice.
    """
    last = asked.sections[-1] if asked.sections else None
    if last == Section(no=last.no if last else 0, title=title, help=text, session=session):
        return asked, last.no
    if len(asked.sections) >= MOST_SECTIONS:
        raise SurveyRefused(f"A survey has {MOST_SECTIONS} sections at most.")
    no = asked.last + 1
    made = Section(no=no, title=title, help=text, session=session)
    return replace(asked, sections=(*asked.sections, made), last=no), no


def check_size(asked: Asked) -> None:
    """Raise SurveyRefused where the document has more sections or questions than a survey may have."""
    if len(asked.sections) > MOST_SECTIONS:
        raise SurveyRefused(f"A survey has {MOST_SECTIONS} sections at most.")
    if len(asked.questions) > MOST_QUESTIONS:
        raise SurveyRefused(f"A survey asks {MOST_QUESTIONS} questions at most.")


def edit_section(asked: Asked, no: int, title: str, text: str = "", session: str = "") -> Asked:
    """The document with these words in a section. Raises NotFound."""
    found = get_section(asked, no)
    called = found.session_title if session == found.session else ""
    return _with_section(asked, replace(found, title=title, help=text, session=session, session_title=called))


def move_section(asked: Asked, no: int, place: int) -> Asked:
    """The document with a section at that place, from 1, or the nearest there is. Raises NotNow, and NotFound."""
    found = get_section(asked, no)
    rest = [one for one in asked.sections if one.no != no]
    place = min(max(1, place), len(asked.sections))
    moved = replace(asked, sections=(*rest[: place - 1], found, *rest[place - 1 :]))
    _check_order(moved)
    return moved


def remove_section(asked: Asked, no: int) -> Asked:
    """The document without a section and its questions. Raises NotNow where others depend on them, and NotFound."""
    found = get_section(asked, no)
    gone = {question.no for question in found.questions}
    for question in asked.questions:
        if question.no not in gone:
            _check_nobody_depends(question, gone)
    return replace(asked, sections=tuple(one for one in asked.sections if one.no != no))


def add_question(asked: Asked, section: int, wording: QuestionWording) -> tuple[Asked, int]:
    """The document with one more question at the end of a section, and its number. Raises SurveyRefused, NotFound.

    The same question at the end of that section is that one: its form was sent twice.
    """
    found = get_section(asked, section)
    last = found.questions[-1] if found.questions else None
    if last and last == _worded(Question(no=last.no, kind=wording.kind, label=""), wording):
        return asked, last.no
    if len(asked.questions) >= MOST_QUESTIONS:
        raise SurveyRefused(f"A survey asks {MOST_QUESTIONS} questions at most.")
    no = asked.last + 1
    question = _worded(Question(no=no, kind=wording.kind, label=""), wording)
    _check_reason(question, before(asked, section=section))
    added = replace(found, questions=(*found.questions, question))
    return replace(_with_section(asked, added), last=no), no


def edit_question(asked: Asked, no: int, wording: QuestionWording, *, published: bool, section: int = 0) -> Asked:
    """The document with a question so worded, at the end of another `section` where one is given.

    Raises SurveyRefused, for one thing where the question is `published` and its answers would no longer mean what
    they meant; and NotFound.
    """
    old, home = get_question(asked, no), asked.section_of(no)
    question = _worded(old, wording, published=published)
    if published and old.kind is not question.kind:
        raise SurveyRefused(
            f"This has been published as “{old.kind.label}”, so it cannot become “{question.kind.label}”. Delete it and"
            " add another question: what was answered stays with the versions that asked it",
            "kind",
        )
    if published and old.kind is Kind.LIKERT and old.scale is not question.scale:
        raise SurveyRefused("This has been published with its words. Add another question to use others", "scale")
    if published and old.kind is Kind.RATING and old.points != question.points:
        raise SurveyRefused("This has been published with its points. Add another question to use others", "points")
    asked = _with_question(asked, question)
    if section and home is not None and section != home.no:
        target = get_section(asked, section)
        asked = _with_section(asked, replace(home, questions=tuple(one for one in home.questions if one.no != no)))
        asked = _with_section(asked, replace(target, questions=(*target.questions, question)))
    _check_reason(question, before(asked, no=no))
    for one in asked.questions:
        if one.shown is not None and one.shown.question == no:
            _check_reason(one, before(asked, no=one.no), of=question)
    return asked


def move_question(asked: Asked, no: int, place: int) -> Asked:
    """The document with a question at that place of its section, from 1.

    A place before the first is the last of the section before, one behind the last the first of the next. Raises
    NotNow where it would come before what it depends on, and NotFound.
    """
    question = get_question(asked, no)
    at = next(number for number, one in enumerate(asked.sections) if question in one.questions)
    sections = list(asked.sections)
    rest = [one for one in sections[at].questions if one.no != no]
    sections[at] = replace(sections[at], questions=tuple(rest))
    if place < 1 and at > 0:
        at, rest = at - 1, list(sections[at - 1].questions)
        place = len(rest) + 1
    elif place > len(rest) + 1 and at + 1 < len(sections):
        at, rest = at + 1, list(sections[at + 1].questions)
        place = 1
    place = min(max(1, place), len(rest) + 1)
    sections[at] = replace(sections[at], questions=(*rest[: place - 1], question, *rest[place - 1 :]))
    moved = replace(asked, sections=tuple(sections))
    _check_order(moved)
    return moved


def remove_question(asked: Asked, no: int) -> Asked:
    """The document without a question. Raises NotNow where another depends on its answers, and NotFound."""
    get_question(asked, no)
    for question in asked.questions:
        _check_nobody_depends(question, {no})
    return _each(asked, lambda section: tuple(one for one in section.questions if one.no != no))


def before(asked: Asked, *, no: int = 0, section: int = 0) -> list[Question]:
    """The questions whose answers may decide about one: before that of number `no`, or up to the end of a section."""
    found: list[Question] = []
    for one in asked.sections:
        for question in one.questions:
            if question.no == no:
                return found
            if question.kind.may_decide:
                found.append(question)
        if one.no == section:
            return found
    return found


def problems(asked: Asked, sessions: frozenset[str]) -> Iterator[str]:
    """Why the document cannot be published, a sentence each; `sessions` are public ids of those there are."""
    if not any(question.kind.is_asked for question in asked.questions):
        yield "It asks nothing yet. Add a question."
    for section in asked.sections:
        if not section.questions:
            yield f"The section “{section.title}” has no questions. Add one, or delete the section."
        if section.session and section.session not in sessions:
            yield f"The section “{section.title}” is about a session that is no longer in the agenda."


def without_sessions(asked: Asked) -> Asked:
    """The document with no section about a session, for another event."""
    return replace(asked, sections=tuple(replace(one, session="", session_title="") for one in asked.sections))


def with_session_titles(asked: Asked, titles: Mapping[str, str]) -> Asked:
    """The document with what each session is called, by its public id, in the sections about it."""
    named = (replace(one, session_title=titles.get(one.session, "")) if one.session else one for one in asked.sections)
    return replace(asked, sections=tuple(named))


def _worded(old: Question, wording: QuestionWording, *, published: bool = False) -> Question:
    kind = wording.kind
    if kind is not Kind.STATEMENT and len(wording.help) > LONGEST_HELP:
        raise SurveyRefused(f"Help text must be {LONGEST_HELP} characters or fewer", "help")
    last = old.last
    choices: list[tuple[int, str]] = []
    rows: list[tuple[int, str]] = []
    if kind.has_choices:
        what = "columns" if kind is Kind.MATRIX else "choices"
        texts = _texts(wording.choices, what, "choices", least=2, most=MOST_CHOICES)
        choices, last = _numbered([(one.no, one.label) for one in old.choices], texts, last, published=published)
    if kind.has_rows:
        texts = _texts(wording.rows, "rows", "rows", least=1, most=MOST_ROWS)
        rows, last = _numbered([(one.no, one.label) for one in old.rows], texts, last, published=published)
    other = 0
    if kind.may_have_other and wording.other:
        other = old.other or last + 1
        last = max(last, other)
    if kind is Kind.RATING and not 3 <= wording.points <= 10:
        raise SurveyRefused("A rating has 3 to 10 points", "points")
    splits = wording.splits and kind.may_split
    if splits and wording.shown is not None:
        raise SurveyRefused("Results can be split only by a question that everybody is asked", "splits")
    has_ends = kind in {Kind.RATING, Kind.RECOMMENDATION}
    return replace(
        old,
        kind=kind,
        label=wording.label,
        help=wording.help,
        required=wording.required and kind.is_asked,
        choices=tuple(Choice(no=no, label=label) for no, label in choices),
        other=other,
        rows=tuple(Row(no=no, label=label) for no, label in rows),
        scale=wording.scale if kind.has_scale else old.scale,
        points=wording.points if kind is Kind.RATING else old.points,
        low=wording.low if has_ends else "",
        high=wording.high if has_ends else "",
        shown=wording.shown,
        last=last,
        splits=splits,
    )


def _texts(lines: Sequence[str], what: str, about: str, *, least: int, most: int) -> list[str]:
    texts = list(dict.fromkeys(one for one in lines if one))
    if len(texts) < least:
        number = "at least two" if least > 1 else "at least one of the"
        raise SurveyRefused(f"Enter {number} {what}, each on a line of its own", about)
    if len(texts) > most:
        raise SurveyRefused(f"Enter {most} {what} or fewer; there are {len(texts)}", about)
    long = next((text for text in texts if len(text) > LONGEST_CHOICE), None)
    if long:
        raise SurveyRefused(f"Each must be {LONGEST_CHOICE} characters or fewer: “{long[:40]}…”", about)
    return texts


def _numbered(
    old: Sequence[tuple[int, str]], texts: Sequence[str], last: int, *, published: bool
) -> tuple[list[tuple[int, str]], int]:
    """Each text with a number: that of the same or nearly the same text before, else a new one; and the last given.

    Once answers may stand under the numbers, other letters are another choice: "Unhelpful" does not spell "Helpful".
    """
    by_label = {label: no for no, label in old}
    kept = {text: by_label[text] for text in texts if text in by_label}
    free = [(no, label) for no, label in old if no not in kept.values()]
    found: list[tuple[int, str]] = []
    for text in texts:
        no = kept.get(text)
        if no is None:
            alike = [(_likeness(label, text, published=published), one, label) for one, label in free]
            best = max(alike, default=(0.0, 0, ""))
            if best[0] >= ALIKE:
                no = best[1]
                free.remove((best[1], best[2]))
            else:
                last = no = last + 1
        found.append((no, text))
    return found, last


def _likeness(one: str, other: str, *, published: bool) -> float:
    """From 0 to 1 how alike two texts are; of what was published only those of the same letters and digits are."""
    if published:
        return float(_UNSAID.sub("", fold(one)) == _UNSAID.sub("", fold(other)) != "")
    return SequenceMatcher(None, fold(one), fold(other)).ratio()


def _check_reason(question: Question, earlier: Sequence[Question], *, of: Question | None = None) -> None:
    """Raise SurveyRefused where what a question depends on is not asked before it, or does not offer those answers."""
    if question.shown is None:
        return
    reason = next((one for one in earlier if one.no == question.shown.question), None)
    offered = {one.no for one in reason.options} if reason else set()
    if set(question.shown.values) <= offered and question.shown.values:
        return
    if of is not None:
        raise SurveyRefused(
            f"“{question.label}” is asked only after certain answers to this. Change that question first",
            "choices" if reason else "kind" if not of.kind.may_decide else "section",
        )
    if reason is None:
        raise SurveyRefused("A question can depend only on one that is asked before it", "depends")
    raise SurveyRefused(f"Select answers that “{reason.label}” offers", "depends")


def _check_order(asked: Asked) -> None:
    seen: dict[int, Question] = {}
    for question in asked.questions:
        seen[question.no] = question
        if question.shown is not None and question.shown.question not in seen:
            reason = asked.question(question.shown.question)
            of = f" to “{reason.label}”" if reason else ""
            raise NotNow(f"“{question.label}” is asked only after certain answers{of}, so it must follow it.")


def _check_nobody_depends(question: Question, gone: set[int]) -> None:
    if question.shown is not None and question.shown.question in gone:
        raise NotNow(f"“{question.label}” is asked only after certain answers to it. Change that question first.")


def _with_section(asked: Asked, changed: Section) -> Asked:
    return replace(asked, sections=tuple(changed if one.no == changed.no else one for one in asked.sections))


def _with_question(asked: Asked, changed: Question) -> Asked:
    return _each(asked, lambda section: tuple(changed if one.no == changed.no else one for one in section.questions))


def _each(asked: Asked, questions: Callable[[Section], tuple[Question, ...]]) -> Asked:
    return replace(asked, sections=tuple(replace(section, questions=questions(section)) for section in asked.sections))
