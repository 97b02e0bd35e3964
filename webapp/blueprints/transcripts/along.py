"""A transcript in step with its recording: moments that an address leads to, and what lies on the pages around."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from webapp.blueprints.addresses import lead_on
from webapp.blueprints.recordings.showing import Moment, Shown, shown
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import recordings as recording_queries
from webapp.queries import transcripts as queries
from webapp.queries.paging import Page


@dataclass(frozen=True)
class Around:
    """The times between which a page of a transcript lies, in milliseconds; None where there is no other page, or the
    time is not known.
    """

    since: int | None = None
    until: int | None = None


def around(page: Page[Turn]) -> Around:
    """Where the turns of a page begin, if others stand before them, and where those behind them do."""
    if page.last == 1 or not page.rows:
        return Around()
    since = next((turn.starts for turn in page.rows if turn.starts is not None), None) if page.number > 1 else None
    _, following = queries.find_neighbours(page.rows[-1])
    return Around(since, following.starts if following else None)


def beside(event: Event, part: Session, turns: Sequence[Turn], led_to: Collection[str], moment: Moment) -> Shown:
    """The recordings beside a transcript: at the moment asked for, or else at the turn that the address leads to."""
    if moment.at is None:
        first = next((turn.starts for turn in turns if turn.public_id in led_to), None)
        moment = replace(moment, at=first)
    recorded = recording_queries.recordings_of(part)
    return shown(event, recorded, moment, with_transcript=True)


def lead_to_moment(event: Event, part: Session, transcript: Transcript, at: int) -> None:
    """Lead on to the page of the turn that is said at a moment, in milliseconds; before the first turn, nowhere."""
    # Addresses name whole seconds: what begins within the one that is named is meant.
    turn = queries.find_turn_at(transcript.id, at + 999)
    if turn is None:
        return
    values: dict[str, Any] = {key: value for key, value in request.args.items() if key in {"t", "recording"}}
    values |= {"page": queries.page_of(turn), "at": turn.public_id, "_anchor": f"t-{turn.public_id}"}
    lead_on(url_for("transcripts.show", event=event, session=part, **values))
