"""What a speaker sees and does by the link of their own: sessions, answers, profile, needs and slides."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints import uploads
from webapp.blueprints.downloads import as_download, as_picture, files_folder
from webapp.blueprints.forms import ButtonForm, error_list
from webapp.blueprints.guards import GuardedForm
from webapp.blueprints.merging import Difference
from webapp.blueprints.profiles import kept_picture, merge_profile, profile_form
from webapp.blueprints.speakers import bp
from webapp.blueprints.speakers.forms import LARGEST, DeclineForm, NeedsForm, SlidesForm
from webapp.errors import NotFound
from webapp.models.accounts import Actor, ActorKind, ThingKind
from webapp.models.drafts import SpeakerAnswer
from webapp.models.events import Event
from webapp.models.speakers import SpeakerInvitation
from webapp.queries import files as file_queries
from webapp.queries import speakers as queries
from webapp.queries.transcripts import transcripts_to_check
from webapp.services import files
from webapp.services import speakers as services
from webapp.services.guarding import record_kept
from webapp.transaction import attempt


@bp.get("/speaking/<token>")
@allow(Who.LINK_HOLDER)
def speaking(token: str) -> str:
    """Everything of one's own at this event."""
    invitation, event = queries.get_invitation_by_token(token)
    return _overview(invitation, event, token)


@bp.post("/speaking/<token>/sessions/<session>/confirm")
@allow(Who.LINK_HOLDER)
def confirm(token: str, session: str) -> Response | tuple[str, int]:
    """Say that one will speak; said already, it stays so."""
    invitation, event = queries.get_invitation_by_token(token)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _overview(invitation, event, token, problem=form.problem), 422
    try:
        with attempt():
            services.answer(invitation, session, SpeakerAnswer.CONFIRMED, actor=_holder(invitation), now=clock.now())
    except services.SpeakingOver as over:
        return _overview(*queries.get_invitation_by_token(token), token, problem=over.message), over.status
    flash("Thank you. The organisers see that you will speak.", "success")
    return redirect(url_for(".speaking", token=token))


@bp.route("/speaking/<token>/sessions/<session>/decline", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def decline(token: str, session: str) -> str | Response | tuple[str, int]:
    """Say that one cannot speak: first asks, then does; the organisers are written to."""
    invitation, event = queries.get_invitation_by_token(token)
    row = queries.get_spoken_session(session, event_id=event.id, speaker_id=invitation.speaker_id)
    form, problem, status = DeclineForm(), "", 200
    if form.validate_on_submit():
        try:
            with attempt():
                who, now, answer = _holder(invitation), clock.now(), SpeakerAnswer.DECLINED
                services.answer(invitation, session, answer, message=form.message.data, actor=who, now=now)
                _record(form, invitation, event)
        except services.SpeakingOver as over:
            problem, status = over.message, over.status
        else:
            flash("The organisers know that you cannot speak in this session.", "success")
            return redirect(url_for(".speaking", token=token))
    elif form.is_submitted():
        status = 422
    errors = [{"text": problem}] if problem else error_list(form)
    page = render_template(
        "speakers/decline.html", event=event, session=row.session, token=token, form=form, errors=errors
    )
    return page, status


@bp.route("/speaking/<token>/profile", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def profile(token: str) -> str | Response | tuple[str, int]:
    """Change one's own profile."""
    invitation, event = queries.get_invitation_by_token(token)
    form, problem = profile_form(invitation.speaker, holder=invitation.public_id), ""
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        wanted = form.profile()
        try:
            with attempt():
                services.change_own(
                    invitation,
                    wanted,
                    version=int(form.version.data or 0),
                    actor=_holder(invitation),
                    now=clock.now(),
                )
        except services.OrganisationUnknown as unknown:
            form.organisation.errors = [unknown.message]
            form.asks_sector = True
        except services.SpeakerChanged as refused:
            problem = refused.message
            invitation, event = queries.get_invitation_by_token(token)
            theirs = merge_profile(form, invitation.speaker)
        except services.SpeakingOver as over:
            problem = over.message
        else:
            flash("Your profile was saved.", "success")
            return redirect(url_for(".speaking", token=token))
    page = render_template(
        "speakers/profile.html",
        event=event,
        speaker=invitation.speaker,
        token=token,
        form=form,
        closed=_closed(event),
        theirs=theirs,
        errors=[{"text": problem}] if problem else list(error_list(form)),
    )
    return page, 409 if problem else 422 if form.is_submitted() else 200


@bp.get("/speaking/<token>/kept/<receipt>.jpg")
@allow(Who.LINK_HOLDER)
def kept_photo(token: str, receipt: str) -> Response:
    """The photograph that one chose, while the rest of the form is not right yet."""
    invitation, _ = queries.get_invitation_by_token(token)
    return kept_picture(receipt, invitation.speaker, holder=invitation.public_id)


@bp.get("/speaking/<token>/photo.jpg")
@allow(Who.LINK_HOLDER)
def own_photo(token: str) -> Response:
    """One's own photograph, before it is public."""
    invitation, _ = queries.get_invitation_by_token(token)
    if invitation.speaker.photo is None:
        raise NotFound
    return as_picture(invitation.speaker.photo, public=False)


@bp.route("/speaking/<token>/sessions/<session>", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def session(token: str, session: str) -> str | Response | tuple[str, int]:
    """One session: what it needs in the room, and the files given for it."""
    invitation, event = queries.get_invitation_by_token(token)
    row = queries.get_spoken_session(session, event_id=event.id, speaker_id=invitation.speaker_id)
    form = NeedsForm(data={"needs": row.session.technical_needs, "version": row.session.version})
    problem, standing = "", ""
    if form.validate_on_submit():
        try:
            with attempt():
                services.set_technical_needs(
                    invitation,
                    session,
                    form.needs.data,
                    version=int(form.version.data or 0),
                    actor=_holder(invitation),
                    now=clock.now(),
                )
                _record(form, invitation, event)
        except services.NeedsChanged as refused:
            problem = refused.message
            row = queries.get_spoken_session(session, event_id=event.id, speaker_id=invitation.speaker_id)
            form.version.raw_data, form.version.data = None, row.session.version
            standing = row.session.technical_needs or "Nothing"
        except services.SpeakingOver as over:
            problem = over.message
        else:
            flash("What you need was saved.", "success")
            return redirect(url_for(".session", token=token, session=session))
    page = _session_page(invitation, event, token, session, form, problem=problem, standing=standing)
    return page, 409 if problem else 422 if form.is_submitted() else 200


@bp.post("/speaking/<token>/sessions/<session>/slides")
@allow(Who.LINK_HOLDER)
def add_slides(token: str, session: str) -> Response | tuple[str, int]:
    """Give a file; the same one twice is one."""
    invitation, event = queries.get_invitation_by_token(token)
    uploads.expect(LARGEST, "A file")
    form, now = SlidesForm(), clock.now()
    if form.validate_on_submit() and form.kind is not None:
        problem = _closed(event)
        if not problem:
            written = files.write(form.content, form.kind.media_type, folder=files_folder(), now=now)
            try:
                with attempt():
                    services.add_slides(invitation, session, written, form.filename, actor=_holder(invitation), now=now)
            except (services.SpeakingOver, services.TooManySlides) as refused:
                problem = refused.message
            else:
                flash(f"We have {form.filename}. The organisers can fetch it.", "success")
                return redirect(url_for(".session", token=token, session=session) + "#slides")
        return _session_page(invitation, event, token, session, None, problem=problem), 409
    return _session_page(invitation, event, token, session, None, slides=form), 422


@bp.post("/speaking/<token>/sessions/<session>/slides/<attachment>/remove")
@allow(Who.LINK_HOLDER)
def remove_slides(token: str, session: str, attachment: str) -> Response | tuple[str, int]:
    """Take back a file that one gave; gone already, it stays so."""
    invitation, event = queries.get_invitation_by_token(token)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _session_page(invitation, event, token, session, None, problem=form.problem), 422
    try:
        with attempt():
            services.remove_slides(invitation, session, attachment, actor=_holder(invitation), now=clock.now())
    except services.SpeakingOver as over:
        return _session_page(invitation, event, token, session, None, problem=over.message), over.status
    flash("The file was removed.", "success")
    return redirect(url_for(".session", token=token, session=session) + "#slides")


@bp.get("/speaking/<token>/slides/<attachment>")
@allow(Who.LINK_HOLDER)
def own_slides(token: str, attachment: str) -> Response:
    """A file that one gave."""
    invitation, event = queries.get_invitation_by_token(token)
    found = file_queries.get_attachment(attachment, event_id=event.id)
    if found.speaker_id != invitation.speaker_id:
        raise NotFound
    return as_download(found)


def _overview(invitation: SpeakerInvitation, event: Event, token: str, *, problem: str = "") -> str:
    return render_template(
        "speakers/speaking.html",
        event=event,
        speaker=invitation.speaker,
        named=queries.get_named(event.id, invitation.speaker),
        transcripts=transcripts_to_check(event.id, invitation.speaker_id),
        token=token,
        closed=_closed(event),
        problem=problem,
    )


def _session_page(
    invitation: SpeakerInvitation,
    event: Event,
    token: str,
    session: str,
    form: NeedsForm | None,
    *,
    slides: SlidesForm | None = None,
    problem: str = "",
    standing: str = "",
) -> str:
    row = queries.get_spoken_session(session, event_id=event.id, speaker_id=invitation.speaker_id)
    if form is None:
        form = NeedsForm(formdata=None, data={"needs": row.session.technical_needs, "version": row.session.version})
    slides = slides or SlidesForm(formdata=None)
    problems = [*error_list(form), *error_list(slides)]
    given = file_queries.attachments_of([row.session.id], event_id=event.id)
    return render_template(
        "speakers/session.html",
        event=event,
        session=row.session,
        answer=row.answer,
        own=[one for one in given if one.speaker_id == invitation.speaker_id],
        token=token,
        form=form,
        slides=slides,
        closed=_closed(event),
        standing=standing,
        errors=[{"text": problem}] if problem else problems,
    )


def _closed(event: Event) -> str:
    try:
        services.check_open(event, clock.now())
    except services.SpeakingOver as over:
        return over.message
    return ""


def _record(form: GuardedForm, invitation: SpeakerInvitation, event: Event) -> None:
    thing = (ThingKind.SPEAKER, invitation.speaker_id)
    record_kept(form.guard.record, *thing, actor=_holder(invitation), now=clock.now(), event_id=event.id)


def _holder(invitation: SpeakerInvitation) -> Actor:
    return Actor(ActorKind.LINK, invitation.speaker.person_id)
