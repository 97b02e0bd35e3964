"""Who speaks at an event, and their profiles."""

from collections.abc import Sequence
from typing import Any

from flask import Response as Answer
from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import error_list
from webapp.blueprints.manage.speakers import bp
from webapp.blueprints.manage.speakers.forms import NewSpeakerForm
from webapp.blueprints.merging import Difference, who_changed
from webapp.blueprints.profiles import ProfileForm, kept_picture, merge_profile, profile_form
from webapp.folding import clean_line
from webapp.models.accounts import Power, ThingKind
from webapp.models.drafts import SpeakerAnswer
from webapp.models.events import Event, EventState
from webapp.models.speakers import Speaker
from webapp.queries import files as file_queries
from webapp.queries import speakers as queries
from webapp.queries.activity import history_of
from webapp.queries.events import get_managed_event
from webapp.services import speakers as services
from webapp.transaction import attempt

SHORTEST = 2


@bp.get("/events/<ref:event>/speakers")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Everybody named on the agenda, what they answered, and what their profiles lack."""
    found = _event(event)
    put_right(event, found, ".index", event=found)
    named = queries.named_at(found.id)
    answers = [answer for one in named for answer in one.answers]
    return render_template(
        "manage/speakers/index.html",
        event=found,
        named=named,
        counts={answer: answers.count(answer) for answer in SpeakerAnswer},
    )


@bp.get("/speakers/suggest")
@allow(Who.ORGANISER)
def suggest() -> Answer:
    """Up to 8 speakers for what was typed so far, as JSON: id, name, job title and organisation."""
    if not file_queries.reaches_any_agenda(current_user):
        abort(403)
    text = clean_line(request.args.get("q", ""))[:100]
    found = queries.suggest_speakers(text) if len(text) >= SHORTEST else []
    return jsonify(
        [
            {
                "id": speaker.public_id,
                "name": speaker.name,
                "job_title": speaker.job_title,
                "organisation": speaker.organisation.name if speaker.organisation else "",
            }
            for speaker in found
        ]
    )


@bp.route("/events/<ref:event>/speakers/new", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def new(event: Ref) -> str | Response | tuple[str, int]:
    """Add somebody; those who may be the same person are shown first."""
    found = _event(event)
    put_right(event, found, ".new", event=found)
    form, alike, status = NewSpeakerForm(), [], 200
    if form.validate_on_submit():
        alike = queries.speakers_alike(form.name.data)
        if not alike or form.none_of_them.data:
            with attempt():
                added = services.add(
                    services.Profile(name=form.name.data),
                    actor=current_user.actor,
                    now=clock.now(),
                    event_id=found.id,
                )
            flash(f"{added.name} was added. Fill in the rest as far as you know it.", "success")
            return redirect(url_for(".edit", event=found, speaker=added.public_id))
    elif form.is_submitted():
        status = 422
    return render_template("manage/speakers/new.html", event=found, form=form, alike=alike), status


@bp.get("/events/<ref:event>/speakers/<speaker>")
@allow(Who.ORGANISER)
def show(event: Ref, speaker: str) -> str:
    """A profile as it stands, what its speaker does at this event, and what happened to it."""
    found, row = find(event, speaker, ".show")
    return show_page(found, row)


@bp.route("/events/<ref:event>/speakers/<speaker>/edit", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def edit(event: Ref, speaker: str) -> str | Response | tuple[str, int]:
    """Change a profile."""
    found, row = find(event, speaker, ".edit", editing=True)
    form, problem = profile_form(row, holder=_holder()), ""
    theirs: Sequence[Difference] = ()
    if form.validate_on_submit():
        profile = form.profile()
        try:
            with attempt():
                version = int(form.version.data or 0)
                services.change(
                    row.id, profile, version=version, actor=current_user.actor, now=clock.now(), event_id=found.id
                )
        except services.OrganisationUnknown as unknown:
            form.organisation.errors = [unknown.message]
            form.asks_sector = True
        except services.SpeakerChanged as refused:
            problem = refused.message
            row = queries.get_editable(speaker, viewer=current_user)
            who = who_changed(history_of(ThingKind.SPEAKER, row.id), {})
            theirs = merge_profile(form, row, who=who)
        else:
            flash("The profile was saved.", "success")
            return redirect(url_for(".show", event=found, speaker=row.public_id))
    page = _edit_page(found, row, form, problem, theirs)
    return page, 409 if problem else 422 if form.is_submitted() else 200


@bp.get("/events/<ref:event>/speakers/<speaker>/kept/<receipt>.jpg")
@allow(Who.ORGANISER)
def kept_photo(event: Ref, speaker: str, receipt: str) -> Answer:
    """The photograph that one chose, while the rest of the form is not right yet."""
    _, row = find(event, speaker, ".kept_photo", editing=True, receipt=receipt)
    return kept_picture(receipt, row, holder=_holder())


def _holder() -> str:
    return f"person {current_user.id}"


def find(event: Ref, speaker: str, endpoint: str, *, editing: bool = False, **more: Any) -> tuple[Event, Speaker]:
    """The event and the speaker, for who may look after both; a merged profile leads to the one that stayed.

    Editing asks that the profile is no other team's as well.
    """
    found = _event(event)
    get = queries.get_editable if editing else queries.get_managed_speaker
    row = get(speaker, viewer=current_user)
    if row.merged_into_id is not None and request.method in {"GET", "HEAD"}:
        staying = queries.get_merged_into(row.merged_into_id)
        raise _Led(response=redirect(url_for(endpoint, event=found, speaker=staying.public_id, **more), code=301))
    put_right(event, found, endpoint, event=found, speaker=speaker, **more)
    return found, row


class _Led(HTTPException):
    code = 301


def show_page(event: Event, speaker: Speaker, *, problem: str = "") -> str:
    """The page of a profile."""
    named = queries.get_named(event.id, speaker)
    drafts = [one.draft for one in named.sessions if one.draft is not None]
    is_editable = speaker.id in queries.editable_among([speaker.id], viewer=current_user)
    may_be_asked = bool(drafts) and event.state is not EventState.CANCELLED and clock.now() < event.ends_at
    return render_template(
        "manage/speakers/show.html",
        event=event,
        speaker=speaker,
        named=named,
        invitation=named.invitation,
        slides=file_queries.attachments_of([draft.id for draft in drafts], event_id=event.id) if drafts else [],
        alike=queries.speakers_alike(speaker.name, but=speaker.id),
        history=history_of(ThingKind.SPEAKER, speaker.id),
        is_editable=is_editable,
        may_be_asked=may_be_asked and is_editable,
        problem=problem,
    )


def _edit_page(event: Event, speaker: Speaker, form: ProfileForm, problem: str, theirs: Sequence[Difference]) -> str:
    errors = [{"text": problem}] if problem else list(error_list(form))
    return render_template(
        "manage/speakers/edit.html", event=event, speaker=speaker, form=form, errors=errors, theirs=theirs
    )


def _event(event: Ref) -> Event:
    return get_managed_event(event.public_id, viewer=current_user, needing=Power.EDIT_AGENDA)
