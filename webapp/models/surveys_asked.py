"""What a survey asks: sections of questions as one frozen document, plain in a JSON column.

Every section, question, choice and row has a number of its own that is counted up and never given again, so that
answers stay joined to what was asked through all versions. The document is a value: a change makes a new one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

LONGEST_QUESTION = 300
LONGEST_HELP = 500
LONGEST_CHOICE = 200
LONGEST_STATEMENT = 5_000
MOST_QUESTIONS = 100
MOST_SECTIONS = 30
MOST_CHOICES = 60
MOST_ROWS = 20
# How long an answer may be.
LONGEST_SHORT_ANSWER = 500
LONGEST_LONG_ANSWER = 10_000

YES, NO = 1, 0


class Kind(StrEnum):
    """Kinds of questions that a survey may ask."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    ONE_CHOICE = "one_choice"
    SEVERAL_CHOICES = "several_choices"
    LIKERT = "likert"
    MATRIX = "matrix"
    RATING = "rating"
    RECOMMENDATION = "recommendation"
    RANKING = "ranking"
    YES_NO = "yes_no"
    STATEMENT = "statement"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]

    @property
    def has_choices(self) -> bool:
        """Whether whoever builds the survey writes what may be chosen."""
        return self in {Kind.ONE_CHOICE, Kind.SEVERAL_CHOICES, Kind.RANKING, Kind.MATRIX}

    @property
    def has_rows(self) -> bool:
        """Whether several things are asked about in the same way."""
        return self is Kind.MATRIX

    @property
    def has_scale(self) -> bool:
        """Whether its answers are points of a scale of words."""
        return self is Kind.LIKERT

    @property
    def may_have_other(self) -> bool:
        """Whether an answer in one's own words may stand beside the choices."""
        return self in {Kind.ONE_CHOICE, Kind.SEVERAL_CHOICES}

    @property
    def is_text(self) -> bool:
        """Whether it is answered in one's own words."""
        return self in {Kind.SHORT_TEXT, Kind.LONG_TEXT}

    @property
    def is_number(self) -> bool:
        """Whether a mean of its answers says something."""
        return self in {Kind.NUMBER, Kind.LIKERT, Kind.RATING, Kind.RECOMMENDATION}

    @property
    def may_decide(self) -> bool:
        """Whether its answers can decide about what else is asked."""
        return self in {
            Kind.ONE_CHOICE, Kind.SEVERAL_CHOICES, Kind.LIKERT, Kind.RATING, Kind.RECOMMENDATION, Kind.YES_NO
        }  # fmt: skip

    @property
    def may_split(self) -> bool:
        """Whether results can be split by its answers."""
        return self in {Kind.ONE_CHOICE, Kind.YES_NO}

    @property
    def is_asked(self) -> bool:
        """Whether it wants an answer; a statement is only read."""
        return self is not Kind.STATEMENT


KIND_LABELS = {
    Kind.SHORT_TEXT: "Short text",
    Kind.LONG_TEXT: "Long text",
    Kind.NUMBER: "Number",
    Kind.DATE: "Date",
    Kind.ONE_CHOICE: "One choice",
    Kind.SEVERAL_CHOICES: "Several choices",
    Kind.LIKERT: "Likert scale",
    Kind.MATRIX: "Matrix",
    Kind.RATING: "Rating",
    Kind.RECOMMENDATION: "Recommendation, 0 to 10",
    Kind.RANKING: "Ranking",
    Kind.YES_NO: "Yes or no",
    Kind.STATEMENT: "Statement, without an answer",
}


class Scale(StrEnum):
    """The words of a Likert scale, from 1 to 5; the middle is neither one nor the other."""

    AGREEMENT = "agreement"
    CONFIDENCE = "confidence"
    USEFULNESS = "usefulness"
    LIKELIHOOD = "likelihood"

    @property
    def label(self) -> str:
        return f"{self.points[0]} to {self.points[-1].lower()}"

    @property
    def points(self) -> tuple[str, ...]:
        """The words of the points 1 to 5."""
        return SCALE_POINTS[self]


SCALE_POINTS = {
    Scale.AGREEMENT: ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    Scale.CONFIDENCE: (
        "Not at all confident", "Not very confident", "Neither confident nor unsure", "Fairly confident",
        "Very confident",
    ),
    Scale.USEFULNESS: (
        "Not at all useful", "Not very useful", "Neither useful nor useless", "Fairly useful", "Very useful"
    ),
    Scale.LIKELIHOOD: ("Very unlikely", "Unlikely", "Neither likely nor unlikely", "Likely", "Very likely"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something that can be chosen: its number is the answer's, its label may be reworded."""

    no: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that a matrix asks about."""

    no: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """That an earlier question, `question` being its number, was answered with any of these values."""

    question: int
    values: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a survey. A statement has its text in `label` and, for long ones, in `help`.

    `low` and `high` are the words at the ends of a rating or a recommendation; `last` is the last number that was
    given to a choice or row of it; `splits` says that results are split by its answers.
    """

    no: int
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    # Whether an answer in one's own words may stand beside the choices: its choice has this number, else it is 0.
    other: int = 0
    rows: tuple[Row, ...] = ()
    scale: Scale = Scale.AGREEMENT
    points: int = 5
    low: str = ""
    high: str = ""
    shown: Condition | None = None
    last: int = 0
    splits: bool = False

    @property
    def options(self) -> tuple[Choice, ...]:
        """All values that an answer can have, in their order: choices (other last), points, or columns of a matrix."""
        match self.kind:
            case Kind.YES_NO:
                return (Choice(no=YES, label="Yes"), Choice(no=NO, label="No"))
            case Kind.LIKERT:
                return tuple(Choice(no=no, label=word) for no, word in enumerate(self.scale.points, start=1))
            case Kind.RATING:
                return tuple(Choice(no=no, label=str(no)) for no in range(1, self.points + 1))
            case Kind.RECOMMENDATION:
                return tuple(Choice(no=no, label=str(no)) for no in range(11))
            case _ if self.other:
                return (*self.choices, Choice(no=self.other, label="Other"))
        return self.choices


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions under one heading; those about a session are asked only of who attended it, `session` its public id.

    `session_title` is what the session was called when this was published.
    """

    no: int
    title: str
    help: str = ""
    session: str = ""
    questions: tuple[Question, ...] = ()
    session_title: str = ""

    @property
    def coming(self) -> Question | None:
        """Whether somebody came to the session, asked first of whoever is not known; its number is the section's."""
        if not self.session or not self.questions:
            return None
        label = f"Did you come to “{self.session_title or self.title}”?"
        return Question(no=self.no, kind=Kind.YES_NO, label=label[:LONGEST_QUESTION], required=True)

    @property
    def whole(self) -> tuple[Question, ...]:
        """The questions, after the one whether somebody came."""
        coming = self.coming
        has_it = coming is None or self.questions[0].no == self.no
        return self.questions if has_it or coming is None else (coming, *self.questions)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """All that a survey asks; `last` is the last number that was given to a section or question."""

    introduction: str = ""
    thanks: str = ""
    sections: tuple[Section, ...] = ()
    last: int = 0

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of all sections in their order, statements included."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def splitting(self) -> tuple[Question, ...]:
        """The questions by whose answers results are split: those of them that everybody is asked."""
        return tuple(
            question
            for section in self.sections
            for question in section.questions
            if question.splits and question.kind.may_split and question.shown is None and not section.session
        )

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """The same, with those whether somebody came to a session."""
        return tuple(question for section in self.sections for question in section.whole)

    def question(self, no: int) -> Question | None:
        """The question of that number, or None."""
        return next((one for one in self.questions if one.no == no), None)

    def later(self, one: int, other: int) -> int:
        """The number of that one of two questions which stands further on; one that is gone stands before all."""
        places = {question.no: place for place, question in enumerate(self.all_questions)}
        return max(one, other, key=lambda no: places.get(no, -1))

    def section_of(self, no: int) -> Section | None:
        """The section that the question of that number stands in, or None."""
        return next((one for one in self.sections if any(question.no == no for question in one.questions)), None)

    def shown_to(
        self, given: Mapping[int, Sequence[int]], attended: frozenset[str] | None = None
    ) -> Iterator[tuple[Section, Question]]:
        """What is asked of somebody in its order: `given` are the values answered to questions by their numbers.

        `attended` are public ids of the sessions that the person came to; where that is None they are asked whether
        they came to each, and about it only if they did. An answer to a question that is itself hidden decides nothing.
        """
        visible: set[int] = set()
        for section in self.sections:
            if attended is not None:
                if section.session and section.session not in attended:
                    continue
            elif coming := section.coming:
                yield section, coming
                if YES not in given.get(coming.no, ()):
                    continue
            for question in section.questions:
                met = question.shown is None or (
                    question.shown.question in visible
                    and not set(question.shown.values).isdisjoint(given.get(question.shown.question, ()))
                )
                if met:
                    visible.add(question.no)
                    yield section, question

    def plain(self) -> dict[str, Any]:
        """The document as values for a JSON column."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Asked":
        """The document from a JSON column."""
        return cls(**(dict(plain) | {"sections": tuple(_section(one) for one in plain["sections"])}))


def _section(plain: Mapping[str, Any]) -> Section:
    return Section(**(dict(plain) | {"questions": tuple(_question(one) for one in plain["questions"])}))


def _question(plain: Mapping[str, Any]) -> Question:
    shown = plain["shown"]
    made = {
        "kind": Kind(plain["kind"]),
        "scale": Scale(plain["scale"]),
        "choices": tuple(Choice(**one) for one in plain["choices"]),
        "rows": tuple(Row(**one) for one in plain["rows"]),
        "shown": shown and Condition(question=shown["question"], values=tuple(shown["values"])),
    }
    return Question(**(dict(plain) | made))
