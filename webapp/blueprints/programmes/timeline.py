"""What happens when in a programme, as the rows of a table and as a picture of the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.formats.timelines import Drawing, Lane, Mark, drawn
from webapp.models.areas import Milestone, Wave
from webapp.models.events import moment
from webapp.models.library import today
from webapp.models.spans import NOT_KNOWN, Span, Standing

_HOME = "Europe/London"
WHOLE = "The whole programme"


@dataclass(frozen=True)
class Row:
    """One line of the table: when, what, of which wave, and how it stands."""

    span: Span
    what: str
    summary: str
    wave: str
    standing: Standing
    kind: str

    @property
    def stands(self) -> str:
        """How it stands, in words; what happened on one day, in one month or year may have begun what goes on."""
        is_past_point = self.kind == "milestone" and self.standing is Standing.OVER and self.span.is_point
        return "Happened" if is_past_point else self.standing.label


@dataclass(frozen=True)
class Timeline:
    """The table and the picture; `turns` are the moments at which either would be another.

    What has no date stands apart from the rows, in words.
    """

    rows: Sequence[Row]
    undated: Sequence[str]
    drawing: Drawing | None
    turns: Sequence[datetime]


def timeline_of(waves: Sequence[Wave], milestones: Sequence[Milestone], *, now: datetime) -> Timeline:
    """All that has a date, in the order in which it begins; what has none comes last."""
    day = today(now)
    rows = sorted(_rows(waves, milestones, day), key=_order)
    dated = [row for row in rows if str(row.span) != NOT_KNOWN]
    undated = [f"{row.what} ({row.wave})" if row.wave else row.what for row in rows if str(row.span) == NOT_KNOWN]
    turns = {turn for row in rows for turn in row.span.turns}
    lanes = [_lane(WHOLE, rows, ""), *(_lane(wave.name, rows, wave.name) for wave in waves)]
    drawing = drawn(lanes, day)
    if drawing and drawing.today:
        turns.add(day + timedelta(days=1))
    return Timeline(dated, undated, drawing, [moment(turn, None, _HOME) for turn in sorted(turns)])


def _rows(waves: Sequence[Wave], milestones: Sequence[Milestone], day: date) -> Iterator[Row]:
    for wave in waves:
        if str(wave.span) != NOT_KNOWN:
            yield Row(wave.span, wave.name, "", wave.name, wave.span.standing(day), "wave")
        for stage in wave.stages:
            yield Row(stage.span, stage.name, "", wave.name, stage.span.standing(day), "stage")
    for one in milestones:
        yield Row(
            one.span, one.title, one.summary, one.wave.name if one.wave else "", one.span.standing(day), "milestone"
        )


def _order(row: Row) -> tuple[bool, date, bool]:
    begins = row.span.first or row.span.last
    # A wave comes before its first stage.
    return begins is None, begins or date.max, row.kind != "wave"


def _lane(heading: str, rows: Sequence[Row], wave: str) -> Lane:
    own = [row for row in rows if row.wave == wave]
    # A wave's own bar comes first, whatever of it came before.
    own.sort(key=lambda row: row.kind != "wave")
    marks = [
        Mark(
            f"{row.what if row.kind != 'wave' else 'All of it'}: {_uncapitalised(row.span)}",
            row.span.first,
            row.span.last,
            row.kind,
        )
        for row in own
    ]
    return Lane(heading, marks)


def _uncapitalised(span: Span) -> str:
    said = str(span)
    return said[:1].lower() + said[1:] if said.startswith(("From ", "Until ", NOT_KNOWN)) else said
