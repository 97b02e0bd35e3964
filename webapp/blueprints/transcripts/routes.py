"""The transcript of a session as everybody reads it: in pages, with find, lasting addresses, quotations and files."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.answers import event_page
from webapp.blueprints.forms import line, page_number
from webapp.blueprints.recordings.showing import moment_asked
from webapp.blueprints.recordings.showing import personal as recordings_of_own
from webapp.blueprints.transcripts import bp
from webapp.blueprints.transcripts.along import Around, around, beside, lead_to_moment
from webapp.blueprints.transcripts.showing import Stretch, shown
from webapp.headers import with_players
from webapp.kept import Page
from webapp.models.accounts import Viewer, Visitor
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import transcripts as queries
from webapp.queries.events import get_event
from webapp.queries.transcripts import Followed, Passage
from webapp.services import transcripts as services
from webapp.services.transcripts import TranscriptFile
from webapp.templating import base_url, british_date

MOST_PLACES = 20
LONGEST_WANTED = 100


@bp.get("/transcript")
@allow(Who.ANYONE)
def show(event: Ref, session: Ref) -> Response:
    """The transcript, 200 turns a page, or those turns in which something stands."""
    wanted = line(request.args.get("find"))[:LONGEST_WANTED]
    number = page_number(request.args.get("page", ""))
    led_to = _led_to(request.args.getlist("at")[:MOST_PLACES])
    moment = moment_asked()

    def build(_now: datetime, viewer: Viewer | Visitor) -> Page:
        found, part, transcript = _found(event, session, viewer, ".show")
        if moment.at is not None and not (led_to or wanted):
            lead_to_moment(found, part, transcript, moment.at)
        if wanted:
            page = queries.search_turns(transcript.id, wanted, page=number)
        else:
            page = queries.find_turns(transcript.id, page=number)
        recordings = beside(found, part, page.rows, led_to, moment)
        speakers = queries.speakers_by_id(turn.speaker_id for turn in page.rows)
        html = render_template(
            "transcripts/show.html",
            event=found,
            session=part,
            transcript=transcript,
            page=page,
            turns=shown(page.rows, speakers, wanted=wanted, led_to=led_to),
            wanted=wanted,
            led_to=led_to,
            changed=request.args.get("changed", ""),
            files=_files(page.rows),
            around=Around() if wanted else around(page),
        )
        # There are endless ways to look for something, and few read on to the end.
        return Page(html, keep=not request.query_string, own=recordings.own, visitors=recordings.visitors)

    def personal(own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
        return recordings_of_own(
            event, own, moment, lambda found: queries.get_published(found.id, session.public_id).session
        )

    key = request.query_string.decode("latin-1")
    return with_players(event_page(event.public_id, build, key=key, personal=personal))


@bp.get("/transcript/turns/<turn>")
@allow(Who.ANYONE)
def turn(event: Ref, session: Ref, turn: str) -> AnyResponse | tuple[str, int]:
    """The lasting address of a turn, or of a passage of it as it was at a version: leads to where it stands now."""
    found, part, transcript = _found(event, session, current_user, ".turn", turn=turn)
    said = queries.get_turn(transcript.id, turn)
    asked = _asked(said)
    followed = queries.follow(said, *asked) if asked else None
    present = queries.find_present(said)
    if followed is not None and followed.passages:
        first, changed = followed.passages[0].turn, "1" if followed.changed else ""
        places = [f"{one.turn.public_id}.{one.start}.{one.end}" for one in followed.passages]
    elif present is not None:
        first, changed, places = present, "gone" if asked else "", [present.public_id]
    else:
        page = render_template("transcripts/gone.html", event=found, session=part, transcript=transcript)
        return page, 410
    return redirect(
        url_for(
            ".show",
            event=found,
            session=part,
            page=queries.page_of(first),
            at=places,
            changed=changed or None,
            _anchor=f"t-{first.public_id}",
        )
    )


@bp.get("/transcript/turns/<turn>/quotation")
@allow(Who.ANYONE)
def quotation(event: Ref, session: Ref, turn: str) -> str | tuple[str, int]:
    """A turn, or a passage of it, as a quotation with its source, to be copied."""
    found, part, transcript = _found(event, session, current_user, ".quotation", turn=turn)
    said = queries.get_turn(transcript.id, turn)
    asked = _asked(said)
    followed = queries.follow(said, *asked) if asked else Followed()
    present = queries.find_present(said)
    if not followed.passages and present is None:
        return render_template("transcripts/gone.html", event=found, session=part, transcript=transcript), 410
    passages = followed.passages or [Passage(present, 0, len(present.words))] if present else followed.passages
    speakers = queries.speakers_by_id(one.turn.speaker_id for one in passages)
    names = [shown([one.turn], speakers)[0].name for one in passages]
    address = _lasting(found, part, transcript, passages[0])
    return render_template(
        "transcripts/quotation.html",
        event=found,
        session=part,
        names=names,
        passages=passages,
        quotation=_quoted(found, part, passages, names, address),
        address=address,
        is_gone=bool(asked) and not followed.passages,
        is_changed=followed.changed,
    )


@bp.get("/transcript.<any(txt, docx, vtt, srt, json):filetype>")
@allow(Who.ANYONE)
def download(event: Ref, session: Ref, filetype: str) -> Response:
    """The transcript as a file."""
    found, part, transcript = _found(event, session, current_user, ".download", filetype=filetype)
    kind = TranscriptFile(filetype)
    content = services.export(
        transcript,
        kind,
        title=f"{part.title}: transcript",
        about=[f"{found.title}, {british_date(part.day.date)}", *_standing(transcript)],
        made_at=transcript.updated_at,
    )
    response = Response(content, mimetype=kind.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{part.slug}-transcript.{kind}")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(content).hexdigest()[:24])
    response.make_conditional(request)
    return response


def _found(
    event: Ref, session: Ref, viewer: Viewer | Visitor, endpoint: str, **values: str
) -> tuple[Event, Session, Transcript]:
    """The published transcript of a session that the viewer may see; leads on where the address is an earlier one."""
    found = get_event(event.public_id, viewer=viewer)
    transcript = queries.get_published(found.id, session.public_id)
    part = transcript.session
    for ref, thing in ((event, found), (session, part)):
        put_right(ref, thing, endpoint, event=found, session=part, **values)
    return found, part, transcript


def _files(turns: Sequence[Turn]) -> list[TranscriptFile]:
    """The files that are offered: captions only where words have times."""
    timed = any(turn.starts is not None for turn in turns)
    return [kind for kind in TranscriptFile if timed or not kind.has_times]


def _standing(transcript: Transcript) -> list[str]:
    corrected = "; corrected since" if transcript.was_corrected else ""
    checked = (
        f"Checked by {transcript.checked_by} on {british_date(transcript.checked_at)}" if transcript.checked_at else ""
    )
    return [f"{transcript.fidelity.label}. {checked}{corrected}."]


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _asked(turn: Turn) -> tuple[int, int, int] | None:
    """The version, and from where to where in the turn's words as they were then; None for all of it."""
    version, start, end = _number("v"), _number("from"), _number("to")
    if version is None or start is None or end is None:
        return None
    then = queries.words_at(turn, version)
    return (version, start, min(end, len(then))) if start < min(end, len(then)) else None


def _led_to(places: Sequence[str]) -> Mapping[str, Sequence[Stretch]]:
    """The turns, and the stretches of them, that an address leads to."""
    found: dict[str, list[Stretch]] = {}
    for place in places:
        public_id, *rest = place.split(".")
        stretches = found.setdefault(public_id[:12], [])
        if len(rest) == 2 and all(one.isascii() and one.isdigit() and len(one) < 10 for one in rest):
            stretches.append((int(rest[0]), int(rest[1])))
    return found


def _lasting(event: Event, part: Session, transcript: Transcript, passage: Passage) -> str:
    """The address that leads to a passage for good, whatever is corrected later."""
    whole = (passage.start, passage.end) == (0, len(passage.turn.words))
    stretch: dict[str, Any] = {} if whole else {"v": transcript.version, "from": passage.start, "to": passage.end}
    return base_url() + url_for(".turn", event=event, session=part, turn=passage.turn.public_id, **stretch)


def _quoted(event: Event, part: Session, passages: Sequence[Passage], names: Sequence[str], address: str) -> str:
    """A quotation with its source, as text."""
    spoken = " ".join(f"“{one.words.strip()}”" for one in passages)
    who = ", ".join(dict.fromkeys(name for name in names if name))
    moment = passages[0].turn.starts
    when = f", {moment // 3_600_000}:{moment // 60_000 % 60:02}:{moment // 1000 % 60:02}" if moment is not None else ""
    source = f"“{part.title}”, {event.title}, {british_date(part.day.date)}{when}"
    return f"{spoken}\n— {who + ', ' if who else ''}in {source}\n{address}"
