"""The editor: a transcript in pages, and each turn corrected, split, joined, removed and put back."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.forms import error_list, line, page_number
from webapp.blueprints.manage.transcripts import bp
from webapp.blueprints.manage.transcripts.doors import Answer, names_of, transcript_to_edit
from webapp.blueprints.manage.transcripts.forms import NOBODY, SplitForm, TurnButtonForm, TurnForm
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.recordings.showing import moment_asked, moment_at, to_correct_by
from webapp.blueprints.transcripts.along import Around, around
from webapp.headers import with_players
from webapp.models.events import Event
from webapp.models.speakers import Speaker
from webapp.models.transcripts import Transcript, Turn
from webapp.queries import transcripts as queries
from webapp.queries.transcripts import Candidate
from webapp.services import transcripts as services
from webapp.transaction import attempt

PAGE_SIZE = 50
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
SHOWN = 90


@bp.get("/<transcript>")
@allow(Who.ORGANISER)
def show(event: Ref, transcript: str) -> Answer:
    """A transcript for its editors beside its recording, 50 turns a page, or those in which something stands."""
    found, row = transcript_to_edit(event, transcript)
    wanted, moment = line(request.args.get("find"))[:100], moment_asked()
    if moment.at is not None and "page" not in request.args and not wanted:
        said = queries.find_turn_at(row.id, moment.at + 999)
        if said is not None:
            return redirect(_place(found, row, said, **{key: request.args.get(key) for key in ("t", "recording")}))
    number = page_number(request.args.get("page", ""))
    all_of_them = request.args.get("all") == "1"
    if wanted:
        page = queries.search_turns(row.id, wanted, page=number, all_of_them=all_of_them)
    else:
        page = queries.find_turns(row.id, page=number, size=PAGE_SIZE, all_of_them=all_of_them)
    there = url_for(".show", event=found, transcript=row.public_id)
    html = render_template(
        "manage/transcripts/show.html",
        event=found,
        transcript=row,
        page=page,
        player=to_correct_by(found, row.session, moment, there=there, with_transcript=row.is_published),
        around=Around() if wanted else around(page),
        wanted=wanted,
        all_of_them=all_of_them,
        taken_out=queries.count_taken_out(row.id),
        names=names_of(page.rows),
        open_labels=sum(one.is_open for one in services.to_ask(row)),
        proposed=queries.count_open_proposals(row.id),
    )
    return with_players(make_response(html))


@bp.route("/<transcript>/turns/<turn>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def turn(event: Ref, transcript: str, turn: str) -> Answer:
    """Correct one turn: what was said, and who said it."""
    found, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    people = _people(found, row, said)
    form = TurnForm.of(said, _public_id(said, people), people)
    theirs: Sequence[Difference] = ()
    if not form.validate_on_submit():
        return _turn_page(found, row, said, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            services.change(
                row.id,
                turn,
                words=form.words.data,
                speaker_id=_chosen(form.speaker.data, said, people),
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            )
    except services.TurnChanged as changed:
        said = queries.get_turn(row.id, turn)
        theirs = merge(form, TurnForm.of(said, _public_id(said, people), people, fresh=True))
        form.form_errors = [changed.message]
        return _turn_page(found, row, said, form, theirs), changed.status
    except services.TranscriptRefused as refused:
        form.form_errors = [refused.message]
        return _turn_page(found, row, queries.get_turn(row.id, turn), form), refused.status
    following = queries.find_neighbours(said)[1] if "next" in request.form else None
    if following is not None:
        flash("It is saved. This is the next turn.", "success")
        return redirect(url_for(".turn", event=found, transcript=row.public_id, turn=following.public_id))
    flash("The turn is saved.", "success")
    return redirect(_place(found, row, said))


@bp.route("/<transcript>/turns/<turn>/split", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def split(event: Ref, transcript: str, turn: str) -> Answer:
    """Split a turn in two."""
    found, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    people = _people(found, row, said)
    form = SplitForm(data={"speaker": _public_id(said, people), "version": said.version})
    form.offer(list(_sentences(said.words)), people, said.label)
    if not form.validate_on_submit() or (at := form.place_in(said.words)) is None:
        return _split_page(found, row, said, form), 422 if form.is_submitted() else 200
    try:
        with attempt():
            added = services.split(
                row.id,
                turn,
                at=at,
                speaker_id=_chosen(form.speaker.data, said, people),
                version=form.version.data or 0,
                actor=current_user.actor,
                now=clock.now(),
            )
    except (services.TurnChanged, services.TranscriptRefused) as refused:
        said = queries.get_turn(row.id, turn)
        form.offer(list(_sentences(said.words)), people, said.label)
        form.version.raw_data, form.version.data = None, said.version
        form.form_errors = [refused.message]
        return _split_page(found, row, said, form), refused.status
    flash("The turn is split.", "success")
    return redirect(_place(found, row, added))


@bp.post("/<transcript>/turns/<turn>/join")
@allow(Who.ORGANISER)
def join(event: Ref, transcript: str, turn: str) -> Answer:
    """Join a turn to the one before it."""
    return _pressed(event, transcript, turn, services.join, "The two turns are one.")


@bp.post("/<transcript>/turns/<turn>/remove")
@allow(Who.ORGANISER)
def remove(event: Ref, transcript: str, turn: str) -> Answer:
    """Take a turn out of the text."""
    return _pressed(event, transcript, turn, services.remove, "The turn is taken out. You can put it back.")


@bp.post("/<transcript>/turns/<turn>/put-back")
@allow(Who.ORGANISER)
def put_back(event: Ref, transcript: str, turn: str) -> Answer:
    """Let a removed turn stand again."""
    return _pressed(event, transcript, turn, services.put_back, "The turn stands again.", versioned=False)


def _pressed(event: Ref, transcript: str, turn: str, verb: Any, done: str, *, versioned: bool = True) -> Answer:
    found, row = transcript_to_edit(event, transcript)
    said = queries.get_turn(row.id, turn)
    form = TurnButtonForm()
    if not form.validate_on_submit():
        return _turn_page(found, row, said, _form_of(found, row, said), problem=form.problem), 422
    version = {"version": form.version.data or 0} if versioned else {}
    try:
        with attempt():
            changed = verb(row.id, turn, **version, actor=current_user.actor, now=clock.now())
    except (services.TurnChanged, services.TranscriptRefused) as refused:
        said = queries.get_turn(row.id, turn)
        return _turn_page(found, row, said, _form_of(found, row, said), problem=refused.message), refused.status
    flash(done, "success")
    return redirect(_place(found, row, changed))


def _form_of(event: Event, transcript: Transcript, turn: Turn) -> TurnForm:
    people = _people(event, transcript, turn)
    return TurnForm.of(turn, _public_id(turn, people), people, fresh=True)


def _people(event: Event, transcript: Transcript, turn: Turn) -> list[Candidate]:
    """The speakers of the event, and whoever the turn is given to."""
    people = queries.candidates(event.id, transcript.session_id)
    there = queries.speakers_by_id([turn.speaker_id])
    known = {one.speaker.id for one in people}
    return [*people, *(Candidate(one.speaker, None) for one in there.values() if one.speaker.id not in known)]


def _speaker_of(turn: Turn) -> Speaker | None:
    there = queries.speakers_by_id([turn.speaker_id])
    return next((one.speaker for one in there.values()), None)


def _public_id(turn: Turn, people: Sequence[Candidate]) -> str:
    speaker = _speaker_of(turn)
    offered = {one.speaker.public_id for one in people}
    return speaker.public_id if speaker is not None and speaker.public_id in offered else NOBODY


def _chosen(public_id: str, turn: Turn, people: Sequence[Candidate]) -> int | None:
    if public_id == _public_id(turn, people):
        # A profile that was merged into the one that is shown need not be exchanged for it.
        return turn.speaker_id
    return next((one.speaker.id for one in people if one.speaker.public_id == public_id), None)


def _place(event: Event, transcript: Transcript, turn: Turn, **values: Any) -> str:
    """Where the turn stands in the editor."""
    # What was taken out is seen only where all turns are shown.
    all_of_them = turn.removed_at is not None
    if all_of_them:
        values["all"] = 1
    number = queries.page_of(turn, size=PAGE_SIZE, all_of_them=all_of_them)
    anchor = f"t-{turn.public_id}"
    return url_for(".show", event=event, transcript=transcript.public_id, page=number, _anchor=anchor, **values)


def _sentences(words: str) -> Iterator[tuple[int, str]]:
    """Each sentence but the first, with its place in the words, shortened."""
    for found in _SENTENCE.finditer(words):
        text = " ".join(words[found.end() : found.end() + 400].split())
        if text:
            yield found.end(), text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"


def _turn_page(
    event: Event,
    transcript: Transcript,
    turn: Turn,
    form: TurnForm,
    theirs: Sequence[Difference] = (),
    problem: str = "",
) -> Response:
    before, after = queries.find_neighbours(turn)
    there = url_for(".turn", event=event, transcript=transcript.public_id, turn=turn.public_id)
    moment = moment_at(turn.starts)
    html = render_template(
        "manage/transcripts/turn.html",
        there=there,
        player=to_correct_by(event, transcript.session, moment, there=there, with_transcript=transcript.is_published),
        event=event,
        transcript=transcript,
        turn=turn,
        form=form,
        theirs=theirs,
        before=before,
        after=after,
        back=_place(event, transcript, turn),
        present=turn if turn.removed_at else queries.find_present(turn),
        names=names_of([one for one in (before, turn, after) if one is not None]),
        errors=[{"text": problem}] if problem else error_list(form),
    )
    return with_players(make_response(html))


def _split_page(event: Event, transcript: Transcript, turn: Turn, form: SplitForm) -> str:
    return render_template(
        "manage/transcripts/split.html",
        event=event,
        transcript=transcript,
        turn=turn,
        form=form,
        errors=error_list(form),
    )
