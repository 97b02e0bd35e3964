"""A speaker looks through the transcript of a session by the link of their own, and proposes corrections."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.forms import ButtonForm, error_list, page_number
from webapp.blueprints.merging import Difference, merge
from webapp.blueprints.recordings.showing import moment_asked, moment_at, to_correct_by
from webapp.blueprints.reflections.differences import compare
from webapp.blueprints.speakers import bp
from webapp.blueprints.speakers.forms import ProposalForm
from webapp.blueprints.transcripts.along import Around, around
from webapp.errors import NotFound
from webapp.headers import with_players
from webapp.models.accounts import Actor, ActorKind
from webapp.models.events import Event
from webapp.models.speakers import SpeakerInvitation
from webapp.models.transcripts import ProposalState, Transcript, Turn, TurnProposal
from webapp.queries import speakers as speaker_queries
from webapp.queries import transcripts as queries
from webapp.services import transcripts as services
from webapp.transaction import attempt

PAGE_SIZE = 50
LARGEST = 4 * 1024 * 1024


@bp.get("/speaking/<token>/transcripts/<session>")
@allow(Who.LINK_HOLDER)
def transcript(token: str, session: str) -> Response:
    """What was said in a session, 50 turns a page, or those of one's own."""
    invitation, event, row = _found(token, session)
    moment, there = moment_asked(), url_for(".transcript", token=token, session=session)
    if moment.at is not None and "page" not in request.args and request.args.get("own") != "1":
        said_then = queries.find_turn_at(row.id, moment.at + 999)
        if said_then is not None:
            return redirect(_place(token, session, said_then, t=request.args["t"]))
    number, only_own = page_number(request.args.get("page", "")), request.args.get("own") == "1"
    if only_own:
        page = queries.find_turns_said_by(row.id, invitation.speaker_id, page=number)
    else:
        page = queries.find_turns(row.id, page=number, size=PAGE_SIZE)
    speakers = queries.speakers_by_id(turn.speaker_id for turn in page.rows)
    own = [turn for turn in page.rows if turn.speaker_id in speakers and _is_own(turn, invitation, speakers)]
    proposals = queries.own_proposals(invitation.speaker_id, own)
    said = {turn.id: turn.words for turn in own}
    html = render_template(
        "speakers/transcript.html",
        player=to_correct_by(event, row.session, moment, there=there, with_transcript=row.is_published),
        around=Around() if only_own else around(page),
        event=event,
        transcript=row,
        token=token,
        page=page,
        only_own=only_own,
        own={turn.id for turn in own},
        names={key: one.speaker.name for key, one in speakers.items()},
        proposals=proposals,
        pieces={
            key: compare(said[key], one.words)
            for key, one in proposals.items()
            if one.state is not ProposalState.ACCEPTED
        },
    )
    return with_players(make_response(html))


@bp.route("/speaking/<token>/transcripts/<session>/turns/<turn>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def propose(token: str, session: str, turn: str) -> Response | tuple[Response, int]:
    """Say how a turn of one's own should read."""
    request.max_content_length = request.max_form_memory_size = LARGEST
    invitation, event, row = _found(token, session)
    said, proposal = _own_turn(invitation, row, turn)
    form = ProposalForm.of(said, proposal)
    theirs: Sequence[Difference] = ()
    if not form.validate_on_submit():
        page = _page(event, row, said, token, form, proposal)
        return (page, 422) if form.is_submitted() else page
    try:
        with attempt():
            proposed = services.propose(
                row.id,
                turn,
                form.words.data or "",
                speaker_id=invitation.speaker_id,
                version=form.version.data or 0,
                actor=_holder(invitation),
                now=clock.now(),
            )
    except services.TurnChanged as changed:
        said, proposal = _own_turn(invitation, row, turn)
        theirs = merge(form, ProposalForm.of(said, None, fresh=True))
        form.form_errors = [changed.message]
        return _page(event, row, said, token, form, proposal, theirs), changed.status
    except services.TranscriptRefused as refused:
        form.form_errors = [refused.message]
        return _page(event, row, said, token, form, proposal), refused.status
    flash(
        "The editor will look at your correction." if proposed else "Nothing is proposed for this turn now.", "success"
    )
    return redirect(_place(token, session, said))


@bp.post("/speaking/<token>/transcripts/<session>/turns/<turn>/take-back")
@allow(Who.LINK_HOLDER)
def take_back(token: str, session: str, turn: str) -> Response | tuple[Response, int]:
    """Take a correction back; taken back or decided already, it stays so."""
    invitation, event, row = _found(token, session)
    said, proposal = _own_turn(invitation, row, turn)
    form = ButtonForm()
    if not form.validate_on_submit():
        shown = ProposalForm.of(said, proposal, fresh=True)
        shown.form_errors = [form.problem]
        return _page(event, row, said, token, shown, proposal), 422
    with attempt():
        values = {"speaker_id": invitation.speaker_id, "version": said.version}
        services.propose(row.id, turn, said.words, **values, actor=_holder(invitation), now=clock.now())
    flash("Nothing is proposed for this turn now.", "success")
    return redirect(_place(token, session, said))


def _found(token: str, session: str) -> tuple[SpeakerInvitation, Event, Transcript]:
    invitation, event = speaker_queries.get_invitation_by_token(token)
    return invitation, event, queries.get_transcript_to_check(event.id, session, speaker_id=invitation.speaker_id)


def _own_turn(invitation: SpeakerInvitation, row: Transcript, public_id: str) -> tuple[Turn, TurnProposal | None]:
    """A turn that the holder says, and what they last proposed to it; raises NotFound for another's."""
    said = queries.get_turn(row.id, public_id)
    if not said.stands or not _is_own(said, invitation, queries.speakers_by_id([said.speaker_id])):
        raise NotFound
    return said, queries.own_proposals(invitation.speaker_id, [said]).get(said.id)


def _is_own(turn: Turn, invitation: SpeakerInvitation, speakers: dict[int, queries.Speaking]) -> bool:
    speaking = speakers.get(turn.speaker_id or 0)
    return speaking is not None and speaking.speaker.id == invitation.speaker_id


def _page(
    event: Event,
    row: Transcript,
    turn: Turn,
    token: str,
    form: ProposalForm,
    proposal: TurnProposal | None,
    theirs: Sequence[Difference] = (),
) -> Response:
    before, after = queries.find_neighbours(turn)
    speakers = queries.speakers_by_id(one.speaker_id for one in (before, after) if one is not None)
    moment, there = (
        moment_at(turn.starts),
        url_for(".propose", token=token, session=row.session.public_id, turn=turn.public_id),
    )
    html = render_template(
        "speakers/propose.html",
        here=there,
        player=to_correct_by(event, row.session, moment, there=there, with_transcript=row.is_published),
        event=event,
        transcript=row,
        turn=turn,
        token=token,
        form=form,
        proposal=proposal,
        theirs=theirs,
        before=before,
        after=after,
        names={key: one.speaker.name for key, one in speakers.items()},
        errors=error_list(form),
    )
    return with_players(make_response(html))


def _place(token: str, session: str, turn: Turn, **values: Any) -> str:
    """Where the turn stands in what is looked through."""
    number = queries.page_of(turn, size=PAGE_SIZE)
    return url_for(".transcript", token=token, session=session, page=number, _anchor=f"t-{turn.public_id}", **values)


def _holder(invitation: SpeakerInvitation) -> Actor:
    return Actor(ActorKind.LINK, invitation.speaker.person_id)
