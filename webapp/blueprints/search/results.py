"""What was found, as the page shows it: where it leads, and what was looked for marked in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from webapp.blueprints.addresses import Ref
from webapp.models.library import Dating
from webapp.models.passages import PassageKind
from webapp.queries.passages import Hit, Told
from webapp.searching import Pieces, Question, excerpt, marked

# Of a collection or a speaker the day only puts them in order; of a resource not all of it may be known.
_DATED = {
    PassageKind.EVENT,
    PassageKind.SESSION,
    PassageKind.TURN,
    PassageKind.ISSUE,
    PassageKind.ARTICLE,
}

_ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Result:
    """One line of the list of results."""

    kind: str
    href: str
    title: Pieces
    text: Pieces
    day: date | None
    # When it was made public, as far as that is known.
    dated: Dating | None
    within: str
    authors: Pieces
    is_private: bool
    # Of a transcript or topic: how many of its turns or posts were found that are not shown, and what leads to them.
    others: int = 0
    others_in: str = ""
    whole: str = ""
    is_written: bool = False


def shown(hit: Hit, question: Question, told: Told | None = None) -> Result:
    """A find as the page shows it, with what is told beside its passage."""
    told = told or Told()
    phrases = question.phrases
    title = marked(told.topic or hit.title, phrases)
    if hit.kind is PassageKind.TURN:
        title += [(f", in “{hit.session_title}”" if title else f"“{hit.session_title}”", False)]
    return Result(
        kind=_kind(hit, told),
        href=_address(hit),
        title=title,
        text=excerpt(hit.text, phrases),
        day=told.at.astimezone(_ZONE).date() if told.at else hit.day if hit.kind in _DATED else None,
        dated=Dating(hit.day, told.precision) if hit.day and told.precision else None,
        within=_within(hit, told),
        authors=marked(", ".join(told.authors), phrases),
        # What is ahead of its time, or was when that was set, is no draft.
        is_private=hit.is_private and hit.kind not in {PassageKind.ISSUE, PassageKind.ARTICLE},
        others=hit.others,
        others_in=hit.parent_public_id,
        whole=told.topic or hit.session_title or "",
        is_written=hit.kind is PassageKind.TOPIC,
    )


def _kind(hit: Hit, told: Told) -> str:
    if told.resource:
        return told.resource.label
    if hit.kind is PassageKind.TOPIC:
        return "Answer to a question" if told.is_answer else "Topic" if hit.title else "Post"
    return hit.kind.label


def _within(hit: Hit, told: Told) -> str:
    if told.community:
        return told.community
    if told.publication:
        return f"{told.publication}, issue {told.issue}"
    return hit.event_title or "" if hit.kind is not PassageKind.EVENT else ""


# Where things lead that have an address of their own, by what the address calls them.
_OWN = {
    PassageKind.EVENT: ("events.show", "event"),
    PassageKind.SPEAKER: ("speakers.show", "speaker"),
    PassageKind.ISSUE: ("publications.issue", "issue"),
    PassageKind.ARTICLE: ("publications.article", "article"),
    PassageKind.RESOURCE: ("library.show", "resource"),
    PassageKind.COLLECTION: ("library.collection", "collection"),
    PassageKind.AREA: ("areas.show", "area"),
}


def _address(hit: Hit) -> str:
    own = Ref(hit.slug, hit.public_id)
    if hit.kind in _OWN:
        endpoint, name = _OWN[hit.kind]
        values: dict[str, Any] = {name: own}
        return url_for(endpoint, **values)
    if hit.kind is PassageKind.TOPIC:
        return url_for("communities.post", post=hit.public_id)
    event = Ref(hit.event_slug or "", hit.event_public_id or "")
    if hit.kind is PassageKind.SESSION:
        return url_for("agenda.session", event=event, session=own)
    session = Ref(hit.session_slug or "", hit.parent_public_id)
    return url_for("transcripts.turn", event=event, session=session, turn=hit.public_id)
