"""What may be shown of a survey's results split by what parts the people: counts of groups in, tables out."""

from collections.abc import Mapping, Sequence

from webapp import suppression
from webapp.models.surveys_asked import Asked, Kind, Question
from webapp.queries.surveys.published import AnswerList, QuestionResult, Split, SplitTable
from webapp.queries.surveys.tallies import Tally, lists_of, together

HIDDEN_TOGETHER = "Answers that are hidden, together"
NO_ANSWER = "No answer to it"
# The roles of few people, which are too many to be told apart.
OTHER_ROLES = "Other roles"


def groups_by_answer(shown: QuestionResult, by_answer: Mapping[float | None, Tally]) -> dict[str, Tally]:
    """Groups by the answers to a question, whose sizes are known already: those shown, those hidden as one, no answer.

    No groups where no answer is shown.
    """
    lines = shown.lists[0].lines if shown.answered and shown.lists else ()
    seen = {line.no for line in lines if line.count is not None}
    if not any(line.count for line in lines):
        return {}
    groups = {line.label: by_answer.get(line.no, Tally(0, {})) for line in lines if line.no in seen}
    rest = [tally for value, tally in by_answer.items() if value is not None and value not in seen]
    return groups | {HIDDEN_TOGETHER: together(rest), NO_ANSWER: by_answer.get(None, Tally(0, {}))}


def split_by(
    by: str, groups: Mapping[str, Tally], asked: Asked, published: Sequence[QuestionResult], threshold: int
) -> Split:
    """The split of these results. What parts the people is not itself split: two such tables could sharpen a third."""
    parting = {question.no for question in asked.splitting}
    names = list(groups)
    merged = _with_other_roles(names, suppression.merge_small([groups[name].responses for name in names], threshold))
    parts = [together([groups[names[place]] for place in places]) for places in merged]
    several = OTHER_ROLES if OTHER_ROLES in names else "Others"
    labels = [names[places[0]] if len(places) == 1 else several for places in merged]
    # Where few gave no answer, and it is known how few, that of both nearly tells the number of the group beside them.
    mixed: dict[int, Tally] = {}
    for column, places in enumerate(merged):
        beside = [names[place] for place in places if names[place] != NO_ANSWER]
        if 0 < len(beside) < len(places):
            mixed[column] = together([groups[name] for name in beside])
            labels[column] = f"{beside[0]}, or no answer" if len(beside) == 1 else "Others"
    tables: dict[int, tuple[SplitTable, ...]] = {}
    for result in published if parts else ():
        question = asked.question(result.no)
        if question is None or result.no in parting or not result.answered or _split_tells(question, tables):
            continue
        columns = [lists_of(question, part) for part in parts] if result.kind is not Kind.DATE else []
        apart = {column: lists_of(question, tally) for column, tally in mixed.items()}
        made: list[SplitTable] = []
        for place, listed in enumerate(result.lists if columns else ()):
            counts = [column[place].counts for column in columns]
            inside = {column: lists[place].counts for column, lists in apart.items()}
            table = _split_table(result.kind, listed, counts, inside, parts, threshold)
            if table is not None:
                made.append(table)
        if made:
            tables[result.no] = tuple(made)
    return Split(
        by=by, groups=tuple((label, part.responses) for label, part in zip(labels, parts, strict=True)), tables=tables
    )


def _with_other_roles(names: Sequence[str], merged: list[list[int]]) -> list[list[int]]:
    """The groups with the small ones among the other roles: two groups of others say nothing, and one alone neither."""
    others = [places for places in merged if len(places) > 1 or names[places[0]] == OTHER_ROLES]
    if OTHER_ROLES not in names or len(others) < 2:
        return merged
    found = [*(places for places in merged if places not in others), [place for places in others for place in places]]
    return found if len(found) > 1 else []


def _split_tells(question: Question, tables: Mapping[int, tuple[SplitTable, ...]]) -> bool:
    """Whether a split of a question would tell of answers of the one that it depends on: where that hides any."""
    if question.shown is None:
        return False
    decides = tables.get(question.shown.question)
    return decides is None or any(
        None in counts for table in decides for counts in (table.totals, *(cells for _, cells in table.rows))
    )


def _rows_of(kind: Kind, listed: AnswerList) -> list[tuple[str, list[int]]]:
    """The rows of a split, each known in all: the answers that are shown and, as one, those that are hidden.

    A scale of five points has three, unless one of them would divide what is hidden.
    """
    rest = [place for place, line in enumerate(listed.lines) if line.count is None]
    if kind in {Kind.LIKERT, Kind.RATING} and len(listed.lines) == 5:
        bands = [[0, 1], [2], [3, 4]]
        if all(set(rest) <= set(band) or set(rest).isdisjoint(band) for band in bands):
            return [
                (" or ".join(_lower(listed.lines[place].label, first=band[0] == place) for place in band), band)
                for band in bands
            ]
    rows = [(line.label, [place]) for place, line in enumerate(listed.lines) if line.count is not None]
    return [*rows, (HIDDEN_TOGETHER, rest)] if rest else rows


def _lower(label: str, *, first: bool) -> str:
    return label if first else label[:1].lower() + label[1:]


def _split_table(
    kind: Kind,
    listed: AnswerList,
    columns: Sequence[tuple[int, ...]],
    inside: Mapping[int, tuple[int, ...]],
    parts: Sequence[Tally],
    threshold: int,
) -> SplitTable | None:
    """The table of one list; `inside` are counts within a column that must stay as unknown as the small ones."""
    if listed.answered is None:
        return None
    rows = _rows_of(kind, listed)
    if len(rows) < 2:
        return None
    labels = [label for label, _ in rows]
    cells = [[sum(counts[place] for place in places) for counts in columns] for _, places in rows]
    also = {
        (row, column)
        for column, counts in inside.items()
        for row, (_, places) in enumerate(rows)
        if suppression.is_small(sum(counts[place] for place in places), threshold)
    }
    shown = suppression.protect_table(cells, [part.responses for part in parts], threshold, also)
    if shown is None:
        return None
    return SplitTable(
        part=listed.part,
        label=listed.label,
        rows=tuple(zip(labels, shown.rows, strict=True)),
        totals=shown.totals,
    )
