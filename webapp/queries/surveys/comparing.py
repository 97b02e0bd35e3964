"""Results of several surveys side by side: those that ask the same, each as it is shown on its own page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from webapp.extensions import db
from webapp.folding import fold
from webapp.models.surveys import Survey, SurveyState
from webapp.models.surveys_asked import Kind
from webapp.queries.surveys.published import QuestionResult, Results

MOST = 100


@dataclass(frozen=True)
class ComparedLine:
    """One answer, how many gave it in each survey, and of how many in hundredths; None is hidden or was not asked.

    `about` is what of several things it is said about.
    """

    about: str
    label: str
    shares: tuple[int | None, ...]
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Compared:
    """One question by surveys: which ask it, how many answered it, its mean or score, and the shares of its answers."""

    label: str
    asked: tuple[bool, ...]
    answered: tuple[int | None, ...]
    means: tuple[float | None, ...]
    lines: tuple[ComparedLine, ...]

    @property
    def groups(self) -> dict[str, list[ComparedLine]]:
        """The lines by what they are about, in their order."""
        found: dict[str, list[ComparedLine]] = {}
        for line in self.lines:
            found.setdefault(line.about, []).append(line)
        return found


def comparable_surveys(survey: Survey) -> list[Survey]:
    """The other published surveys of the programme that ask something in the same words, newest first, up to 100.

    The survey must have its versions loaded.
    """
    statement = (
        select(Survey)
        .where(
            Survey.programme_id == survey.programme_id,
            Survey.id != survey.id,
            Survey.state != SurveyState.DRAFT,
        )
        .options(joinedload(Survey.event), selectinload(Survey.versions))
        .order_by(Survey.id.desc())
        .limit(MOST)
    )
    own = _questions(survey)
    return [one for one in db.session.scalars(statement) if not own.isdisjoint(_questions(one))]


def _questions(survey: Survey) -> set[tuple[Kind, str]]:
    asked = [question for one in survey.versions for question in one.document.questions]
    return {(one.kind, fold(one.label)) for one in asked if one.kind.is_asked and not one.kind.is_text}


def compared(own: Results, others: Sequence[Results | None]) -> list[Compared]:
    """The questions that this survey and at least one other ask in the same words, each survey in its column."""
    found = []
    for one in own.results:
        twins = [_twin(one, other) for other in others]
        if any(twins) and one.kind.is_asked and not one.kind.is_text:
            found.append(_compared([one, *twins]))
    return found


def _twin(one: QuestionResult, other: Results | None) -> QuestionResult | None:
    if other is None:
        return None
    return next((two for two in other.results if (two.kind, fold(two.label)) == (one.kind, fold(one.label))), None)


def _compared(columns: Sequence[QuestionResult | None]) -> Compared:
    first = columns[0]
    labels: dict[tuple[str, str], None] = {}
    shares: list[dict[tuple[str, str], int]] = []
    counts: list[dict[tuple[str, str], int]] = []
    for column in columns:
        own: dict[tuple[str, str], int] = {}
        gave: dict[tuple[str, str], int] = {}
        for listed in column.lists if column else ():
            for line in listed.lines:
                if listed.label and line.label == "Not chosen":
                    continue
                key = (listed.label, line.label)
                labels.setdefault(key)
                if line.count is not None and listed.answered:
                    own[key], gave[key] = round(100 * line.count / listed.answered), line.count
        shares.append(own)
        counts.append(gave)
    return Compared(
        label=first.label if first else "",
        asked=tuple(column is not None for column in columns),
        answered=tuple(column.answered if column else None for column in columns),
        means=tuple(
            (column.score if column.score is not None else column.mean) if column else None for column in columns
        ),
        lines=tuple(
            ComparedLine(*_words(key), *(tuple(own.get(key) for own in each) for each in (shares, counts)))
            for key in labels
        ),
    )


def _words(key: tuple[str, str]) -> tuple[str, str]:
    """What a line is about, and its answer; of several choices each is an answer."""
    about, answer = key
    return ("", about) if answer == "Chosen" else (about, answer)
