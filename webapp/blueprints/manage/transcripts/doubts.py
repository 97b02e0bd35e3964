"""Turns in which something may identify a child or a family, for those who check a transcript before it is public."""

from dataclasses import dataclass

from flask import render_template, request

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import page_number
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import names_of, transcript_to_edit
from webapp.guarding import Finding, examine
from webapp.models.transcripts import Turn
from webapp.queries import transcripts as queries

# Looking through so many takes a few tenths of a second.
PAGE_SIZE = 100
AROUND = 60


@dataclass(frozen=True)
class Doubt:
    """What was found in a turn: what it looks like, the words themselves, and those around them."""

    kind: str
    before: str
    words: str
    after: str


@bp.get("/<transcript>/doubts")
@allow(Who.ORGANISER)
def doubts(event: Ref, transcript: str) -> str:
    """The turns of a page in which something may identify somebody; whoever checks the transcript decides."""
    found, row = transcript_to_edit(event, transcript)
    page = queries.find_turns(row.id, page=page_number(request.args.get("page", "")), size=PAGE_SIZE)
    doubtful = [(turn, its) for turn in page.rows if (its := _doubts(turn))]
    return render_template(
        "manage/transcripts/doubts.html",
        event=found,
        transcript=row,
        page=page,
        doubtful=doubtful,
        names=names_of([turn for turn, _ in doubtful]),
    )


def _doubts(turn: Turn) -> list[Doubt]:
    return [_doubt(turn.words, one) for one in examine(turn.words)]


def _doubt(words: str, found: Finding) -> Doubt:
    return Doubt(
        kind=found.kind.label,
        before=words[max(0, found.start - AROUND) : found.start],
        words=words[found.start : found.end],
        after=words[found.end : found.end + AROUND],
    )
