"""Calendar files and feeds."""

import hashlib

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow, may_read_community
from webapp.blueprints.addresses import Ref
from webapp.blueprints.calendars import bp
from webapp.blueprints.calendars.forms import ChoiceForm
from webapp.blueprints.forms import ButtonForm
from webapp.errors import NotFound
from webapp.models.accounts import Actor, ActorKind, Alarm, Visitor
from webapp.queries import agenda as agenda_queries
from webapp.queries import events as event_queries
from webapp.queries.accounts import find_reader
from webapp.queries.calendars import (
    Choice,
    choices_of,
    coming_places_of,
    events_for_feed,
    find_feed_by_token,
    of_community,
)
from webapp.queries.communities import find_community_of_any, get_community
from webapp.queries.community_meetings import meetings_for_feed
from webapp.queries.programmes import get_programme
from webapp.queries.registrations import get_registration_by_token
from webapp.queries.speakers import contributions_of, get_speaker
from webapp.services import calendar_entries as entries
from webapp.services import calendars as services
from webapp.templating import base_url
from webapp.transaction import attempt


@bp.get("/events/<ref:event>/calendar.ics")
@allow(Who.ANYONE)
def event(event: Ref) -> Response:
    """An event as a calendar file."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    return _file(services.event_file(found, base_url=base_url()), found.slug)


@bp.get("/events/<ref:event>/sessions/<ref:session>/calendar.ics")
@allow(Who.ANYONE)
def session(event: Ref, session: Ref) -> Response:
    """A session as a calendar file."""
    found = event_queries.get_event(event.public_id, viewer=current_user)
    part = agenda_queries.get_session(found, session.public_id)
    return _file(services.session_file(part, base_url=base_url()), part.slug)


@bp.get("/my/agenda.ics")
@allow(Who.SIGNED_IN)
def agenda() -> Response:
    """My agenda as a calendar file."""
    return _file(services.agenda_file(current_user.id, base_url=base_url()), "my-agenda")


@bp.get("/feeds/<token>.ics")
@allow(Who.LINK_HOLDER)
def feed(token: str) -> Response:
    """My agenda as a calendar to subscribe to; answers 304 when nothing changed."""
    found = find_feed_by_token(token)
    if found is None:
        raise NotFound
    settings = current_app.config["SETTINGS"]
    content = services.feed_file(found, service_name=settings.service_name, base_url=base_url())
    return _feed(content, "private, no-cache")


@bp.get("/feeds/<token>/communities/<ref:community>.ics")
@allow(Who.LINK_HOLDER)
def own_community_feed(token: str, community: Ref) -> Response:
    """The meetings of a community to subscribe to, by the address of somebody who reads it: not once they have left."""
    now = clock.now()
    found = find_community_of_any(community.public_id)
    opened = find_feed_by_token(token, of_community(found)) if found is not None else None
    reader = find_reader(opened.person_id, now=now) if opened is not None else None
    if found is None or reader is None or not may_read_community(reader, found):
        raise NotFound
    content = services.community_feed(found, meetings_for_feed(found.id), base_url=base_url())
    return _feed(content, "private, no-cache")


@bp.get("/communities/<ref:community>/calendar.ics")
@allow(Who.ANYONE)
def community_feed(community: Ref) -> Response:
    """The meetings of a public community as a calendar to subscribe to."""
    found = get_community(community.public_id, viewer=Visitor())
    content = services.community_feed(found, meetings_for_feed(found.id), base_url=base_url())
    return _feed(content, "public, no-cache")


@bp.get("/events/<ref:event>/agenda/calendar.ics")
@allow(Who.ANYONE)
def event_feed(event: Ref) -> Response:
    """The sessions of an event as a calendar to subscribe to; of a public event alone, whoever asks."""
    found = event_queries.get_event(event.public_id, viewer=Visitor())
    sessions = agenda_queries.agenda_of(found.id)
    return _feed(services.event_feed(found, sessions, base_url=base_url()), "public, no-cache")


@bp.get("/programmes/<ref:programme>/calendar.ics")
@allow(Who.ANYONE)
def programme_feed(programme: Ref) -> Response:
    """The listed events of a programme as a calendar to subscribe to."""
    found = get_programme(programme.public_id)
    content = services.programme_feed(found, events_for_feed(found.id), base_url=base_url())
    return _feed(content, "public, no-cache")


@bp.get("/speakers/<ref:speaker>/calendar.ics")
@allow(Who.ANYONE)
def speaker_feed(speaker: Ref) -> Response:
    """The public sessions of a speaker as a calendar to subscribe to."""
    found = get_speaker(speaker.public_id)
    # Once each, though somebody may both chair and present.
    sessions = {one.session_id: one.session for one in contributions_of(found.id)}
    content = services.speaker_feed(found, list(sessions.values()), base_url=base_url())
    return _feed(content, "public, no-cache")


def _feed(content: bytes, keeping: str) -> Response:
    response = Response(content, mimetype="text/calendar")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = keeping
    response.make_conditional(request)
    return response


@bp.post("/my/feed")
@allow(Who.SIGNED_IN)
def open_feed() -> AnyResponse:
    """Make the address of one's own feed."""
    return _change_feed("Your calendar address is ready.", opening=True)


@bp.post("/my/feed/revoke")
@allow(Who.SIGNED_IN)
def revoke_feed() -> AnyResponse:
    """Make the address answer no more."""
    return _change_feed("The old calendar address no longer works.", opening=False)


@bp.route("/my/calendar", methods=["GET", "POST"])
@allow(Who.SIGNED_IN)
def choose() -> str | AnyResponse | tuple[str, int]:
    """How one's calendar shows events: with a reminder, and by day or by session."""
    return _choose(current_user.id, current_user.actor, url_for(".choose"), url_for("agenda.mine"))


@bp.route("/registrations/<token>/calendar", methods=["GET", "POST"])
@allow(Who.LINK_HOLDER)
def choose_by_link(token: str) -> str | AnyResponse | tuple[str, int]:
    """The same by the personal link of a registration, for whoever has no account."""
    registration = get_registration_by_token(token)
    holder = Actor(ActorKind.LINK, registration.person_id)
    back = url_for("registrations.show", token=token)
    return _choose(registration.person_id, holder, url_for(".choose_by_link", token=token), back)


def _choose(person_id: int, actor: Actor, address: str, back: str) -> str | AnyResponse | tuple[str, int]:
    now = clock.now()
    stands = choices_of([person_id]).get(person_id, Choice())
    form = ChoiceForm(alarm=stands.alarm.value, entries="session" if stands.by_session else "day")
    if form.validate_on_submit():
        alarm, by_session = Alarm(form.alarm.data), form.entries.data == "session"
        known = form.confirmed.data or 0
        try:
            with attempt():
                sent = entries.choose(
                    person_id, alarm=alarm, by_session=by_session, confirmed=known, actor=actor, now=now
                )
        except entries.MoreLettersThanConfirmed as asked:
            return render_template(
                "calendars/confirm.html", form=form, address=address, back=back, letters=asked.letters
            )
        letters = "1 letter brings" if sent == 1 else f"{sent} letters bring"
        flash(f"Saved. {letters} your calendar up to date." if sent else "Saved.", "success")
        return redirect(back)
    page = render_template(
        "calendars/choose.html",
        form=form,
        address=address,
        back=back,
        coming=len(coming_places_of(person_id, now=now)),
    )
    return page, 422 if form.is_submitted() else 200


def _change_feed(message: str, *, opening: bool) -> AnyResponse:
    form = ButtonForm()
    if form.validate_on_submit():
        act = services.open_feed if opening else services.revoke_feed
        with attempt():
            act(current_user.id, actor=current_user.actor, now=clock.now())
        flash(message, "success")
    else:
        flash(form.problem, "error")
    return redirect(url_for("agenda.mine", _anchor="calendar"))


def _file(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
