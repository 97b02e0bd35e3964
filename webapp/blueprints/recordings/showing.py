"""The player on the pages of a session and of its transcript: alike for all visitors, and for some people with more.

The pages are kept: what everybody may see stands in them, and who may see more has it filled in.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from webapp.blueprints.addresses import Ref
from webapp.formats.videos import host_of
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.files import FileReach
from webapp.models.recordings import Recording
from webapp.queries import recordings as queries
from webapp.queries.events import get_event
from webapp.queries.reaches import PUBLIC_ALONE, Reaches, reaches_at
from webapp.queries.recordings import Recorded

OPENING = "recordings"
# Seconds as our links have them, or as people type a time: 12:30 or 0:12:30.
_TIME = re.compile(r"(?:(?:([0-9]{1,3}):)?([0-9]{1,3}):)?([0-9]{1,6})", re.ASCII)
# Whom a recording is for, as those are told who are not among them; nobody is told what organisers keep.
_KEPT_FOR = {
    FileReach.REGISTERED: "people with a place at the event",
    FileReach.ATTENDED: "people who came to it",
}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The place in a session that an address leads to, in milliseconds of its transcript; and a recording chosen."""

    at: int | None = None
    chosen: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What fills the page's opening: for visitors, and, by name, what `personal` needs to know."""

    visitors: Mapping[str, str]
    own: Mapping[str, tuple[str, str]]


def shown(event: Event, recorded: Recorded, moment: Moment, *, with_transcript: bool) -> Shown:
    """The recordings of a session on a page, with captions where its transcript is published."""
    html = _rendered(event, recorded, None, moment, with_transcript=with_transcript)
    restricted = any(one.reach is not FileReach.PUBLIC for one in recorded.recordings)
    at = "" if moment.at is None else moment.at
    about = f"{int(with_transcript)} {at}" if restricted else ""
    return Shown(visitors={OPENING: html}, own={OPENING: (html, about)})


def personal(
    event: Ref, own: Mapping[str, tuple[str, str]], moment: Moment, find: Callable[[Event], Session]
) -> Mapping[str, str]:
    """What somebody who signed in sees in the opening, at the place that the page was made for.

    `find` gives the session where it must be looked at.
    """
    html, about = own[OPENING]
    if not about:
        return {OPENING: html}
    with_transcript, at = about.split(" ")
    moment = replace(moment, at=int(at) if at else None)
    found = get_event(event.public_id, viewer=current_user)
    recorded = queries.recordings_of(find(found))
    reaches = reaches_at(found, viewer=current_user)
    return {OPENING: _rendered(found, recorded, reaches, moment, with_transcript=with_transcript == "1")}


def moment_asked() -> Moment:
    """The moment and the recording that the address names."""
    found = _TIME.fullmatch(request.args.get("t", "").strip())
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    at = ((hours * 60 + minutes) * 60 + seconds) * 1000 if found else None
    return Moment(at=at, chosen=request.args.get("recording", "")[:12])


def to_correct_by(event: Event, session: Session, moment: Moment, *, there: str, with_transcript: bool) -> str:
    """The recordings of a session, drafts too for its organisers, for who corrects what was said; none is no text.

    Those who come by a link of their own see what they see elsewhere. `there` is the address of the page itself.
    """
    reaches = reaches_at(event, viewer=current_user)
    recorded = queries.recordings_of(session, published_only=not reaches.organises)
    if not recorded.recordings:
        return ""
    return _rendered(event, recorded, reaches, moment, with_transcript=with_transcript, there=there)


def moment_at(starts: int | None) -> Moment:
    """The moment and the recording that the address names, or else where something begins."""
    moment = moment_asked()
    return moment if moment.at is not None or starts is None else replace(moment, at=starts)


def _rendered(
    event: Event,
    recorded: Recorded,
    known: Reaches | None,
    moment: Moment,
    *,
    with_transcript: bool,
    there: str = "",
) -> str:
    session, reaches = recorded.session, known or PUBLIC_ALONE
    seen = [one for one in recorded.recordings if reaches.covers(one.reach, session.id)]
    hidden = {one.reach for one in recorded.recordings if one not in seen}
    chosen = choose(seen, moment)
    starts = moment.at - chosen.zero if chosen and moment.at is not None else None
    name = chosen.public_id if chosen else ""
    return render_template(
        "components/player.html",
        event=event,
        session=session,
        recorded=recorded,
        recordings=seen,
        chosen=chosen,
        titles={one.id: title_of(one, place, len(seen)) for place, one in enumerate(seen, 1)},
        starts=max(starts, 0) if starts is not None else None,
        kept_for=[words for reach, words in _KEPT_FOR.items() if reach in hidden],
        host=host_of(chosen.address) if chosen else "",
        signed_in=known is not None,
        there=there,
        file=url_for("recordings.file", event=event, recording=name) if chosen and chosen.file else "",
        captions=url_for("recordings.captions", event=event, recording=name) if chosen and with_transcript else "",
    )


def shown_alone(event: Event, recording: Recording, *, file: str, captions: str) -> Markup:
    """One recording, with its session, for somebody who was found to reach it, at addresses of their own."""
    html = render_template(
        "components/player.html",
        event=event,
        session=recording.session,
        recorded=Recorded(session=recording.session, recordings=(recording,)),
        recordings=(recording,),
        chosen=recording,
        titles={recording.id: title_of(recording, 1, 1)},
        starts=None,
        kept_for=(),
        host=host_of(recording.address),
        signed_in=False,
        file=file,
        captions=captions,
    )
    # What the template escaped is escaped.
    return Markup(html)  # noqa: S704


def choose(recordings: Sequence[Recording], moment: Moment) -> Recording | None:
    """The recording to show: the one asked for, or the one in which the moment lies, or the first."""
    asked = next((one for one in recordings if one.public_id == moment.chosen), None)
    if asked is not None or moment.at is None:
        return asked or next(iter(recordings), None)
    at = moment.at
    begun = [one for one in recordings if one.zero <= at]
    lasting = [one for one in begun if one.duration is None or at < one.zero + one.duration]
    return next(iter(lasting or begun[-1:] or recordings), None)


def title_of(recording: Recording, place: int, number: int) -> str:
    """What a recording is called: its own title, or its number where there are several."""
    title = recording.title or (f"Part {place}" if number > 1 else "Recording")
    return title if recording.is_published else f"{title} (draft)"
