"""The agenda day by day, each session's page, and My agenda."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda import bp, places
from webapp.blueprints.agenda.timetable import clashing, timetable, tones
from webapp.blueprints.answers import event_page
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.materials import offering as of_materials
from webapp.blueprints.recordings import showing
from webapp.blueprints.surveys import offering
from webapp.headers import with_players
from webapp.kept import Page, opening
from webapp.models.accounts import Viewer, Visitor
from webapp.models.agenda import Session, SessionKind
from webapp.models.events import Event
from webapp.queries import agenda as queries
from webapp.queries import events as event_queries
from webapp.queries import materials as material_queries
from webapp.queries import sign_ups as sign_up_queries
from webapp.queries.calendars import find_feed
from webapp.queries.library import resources_about
from webapp.queries.recordings import Recorded, recordings_of, recordings_of_event
from webapp.queries.registrations import find_standing_at, registrations_of
from webapp.services import agenda as services
from webapp.services.calendars import feed_token
from webapp.services.registrations import personal_token
from webapp.transaction import attempt


@bp.get("/events/<ref:event>/agenda")
@allow(Who.ANYONE)
def show(event: Ref) -> Response:
    """The agenda, each day a timetable of parallel streams, all of it or one theme."""
    theme = request.args.get("theme", "")[:12]

    def build(now: datetime, viewer: Viewer | Visitor) -> Page:
        found = event_queries.get_event(event.public_id, viewer=viewer)
        put_right(event, found, ".show", event=found)
        return _page(found, theme, now)

    return event_page(event.public_id, build, key=theme, personal=partial(_personal, event))


def _page(event: Event, theme: str, now: datetime) -> Page:
    sessions = queries.agenda_of(event.id)
    themes = {row.public_id: row for session in sessions for row in session.themes}
    chosen = themes.get(theme)
    shown = [s for s in sessions if chosen is None or chosen in s.themes]
    signing = places.signing(event, shown, now)
    # Before it begins nothing is recorded, and whoever comes to register is spared a query.
    begun = event.starts_at <= now
    recorded = recordings_of_event(event.id) if begun else [Recorded(session=one) for one in sessions]
    html = render_template(
        "agenda/show.html",
        event=event,
        days=timetable(event, shown),
        themes=sorted(themes.values(), key=lambda row: (row.position, row.id)),
        chosen=chosen,
        tones=tones(sessions),
        shown=_to_attend(shown),
        total=_to_attend(sessions),
        stage=event.stage(now),
        signing=signing,
        recorded={one.session.id: one for one in recorded},
        now=now,
    )
    keep = chosen is not None or not theme
    boundaries = [*event.boundaries(), *signing.boundaries]
    return Page(html, boundaries, keep=keep, own=_buttons(event, shown) | places.buttons(event, signing))


def _to_attend(sessions: Iterable[Session]) -> int:
    return sum(part.kind is not SessionKind.BREAK for part in sessions)


def _buttons(event: Event, sessions: Iterable[Session], back: str = "") -> dict[str, tuple[str, str]]:
    """For each session that can be starred the buttons that put it into My agenda, and out, and lead `back`."""
    parts = [part for part in sessions if part.kind is not SessionKind.BREAK]
    # One template for all of them: one each would take longer than the rest of the page.
    html = render_template("components/stars.html", event=event, sessions=parts, back=back, between=_BETWEEN)
    add, remove = html.split(_BETWEEN)[:-1:2], html.split(_BETWEEN)[1::2]
    return {part.public_id: pair for part, pair in zip(parts, zip(add, remove, strict=True), strict=True)}


# Markup that no text of anybody can hold, since text is escaped.
_BETWEEN = Markup("<!-- next -->")


def _personal(event: Ref, own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    """What one person finds in the openings: their stars, and their sign-ups where the page has any."""
    starred, csrf, token = queries.starred_at(event.public_id, current_user.id), opening("csrf"), generate_csrf()
    chosen = {f"star-{part}": pair[part in starred] for part, pair in own.items() if places.MARK not in part}
    chosen |= places.chosen(event.public_id, current_user.id, own)
    if any(name.startswith(offering.MARK) for name in own):
        chosen |= offering.chosen(own, find_standing_at(event.public_id, current_user.id))
    chosen |= of_materials.chosen(own, event.public_id)
    return {name: text.replace(csrf, token) for name, text in chosen.items()}


@bp.get("/events/<ref:event>/sessions/<ref:session>")
@allow(Who.ANYONE)
def session(event: Ref, session: Ref) -> Response:
    """A session: what, when, where, and who contributes."""
    moment = showing.moment_asked()

    def build(now: datetime, viewer: Viewer | Visitor) -> Page:
        found, about = event_queries.get_event_and_surveys(event.public_id, viewer=viewer)
        part = queries.get_session(found, session.public_id)
        for ref, thing in ((event, found), (session, part)):
            put_right(ref, thing, ".session", event=found, session=part)
        signing, surveys = places.signing(found, [part], now), offering.offered(about, now, part)
        said = part.transcript is not None and part.transcript.is_published
        recorded = recordings_of(part)
        recordings = showing.shown(found, recorded, moment, with_transcript=said)
        rows = material_queries.offered_of_session(part.id) if found.has_materials is not False else []
        materials = of_materials.offered(found, rows, over=now >= found.ends_at)
        html = render_template(
            "agenda/session.html",
            event=found,
            session=part,
            signing=signing,
            surveys=surveys,
            materials=materials.of(part),
            over=part.is_over(found.zone, now),
            resources=resources_about(part.id),
        )
        own = _buttons(found, [part], "session") | places.buttons(found, signing, "session") | surveys.own
        boundaries = [*signing.boundaries, *surveys.boundaries, part.over_at(found.zone), found.ends_at]
        return Page(
            html,
            boundaries,
            keep=moment == showing.Moment(),
            own={**own, **recordings.own, **materials.own},
            visitors={**recordings.visitors, **materials.visitors},
        )

    def personal(own: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
        others = {name: pair for name, pair in own.items() if name != showing.OPENING}
        find = partial(queries.get_session, public_id=session.public_id)
        return {**_personal(event, others), **showing.personal(event, own, moment, find)}

    key = "" if moment == showing.Moment() else f"{moment.at} {moment.chosen}"
    return with_players(event_page(event.public_id, build, key=key, personal=personal))


@bp.post("/events/<ref:event>/sessions/<ref:session>/star")
@allow(Who.SIGNED_IN)
def star(event: Ref, session: Ref) -> AnyResponse:
    """Put a session into My agenda."""
    return _set_star(event, session, starred=True)


@bp.post("/events/<ref:event>/sessions/<ref:session>/unstar")
@allow(Who.SIGNED_IN)
def unstar(event: Ref, session: Ref) -> AnyResponse:
    """Take a session out of My agenda."""
    return _set_star(event, session, starred=False)


def _set_star(event: Ref, session: Ref, *, starred: bool) -> AnyResponse:
    found = event_queries.get_event(event.public_id, viewer=current_user)
    part = queries.get_session(found, session.public_id)
    back = request.form.get("back", "")
    form = ButtonForm()
    if not form.validate_on_submit():
        flash(form.problem, "error")
        return redirect(url_for(".mine"))
    with attempt():
        services.set_star(current_user.id, part.id, starred=starred, now=clock.now())
    if back == "mine":
        return redirect(url_for(".mine"))
    if back == "session":
        return redirect(url_for(".session", event=found, session=part))
    return redirect(url_for(".show", event=found, _anchor=f"s-{part.public_id}"))


@bp.get("/my/agenda")
@allow(Who.SIGNED_IN)
def mine() -> str:
    """My agenda: the sessions starred or signed up for, by day, and the ways to have them in a calendar."""
    feed = find_feed(current_user.id)
    now = clock.now()
    sign_ups = {row.session_id: row for row in sign_up_queries.sign_ups_of(current_user.id)}
    starred = queries.starred_sessions(current_user.id)
    sessions = {part.id: part for part in (*starred, *(row.session for row in sign_ups.values()))}
    ordered = sorted(sessions.values(), key=_begin_order)
    return render_template(
        "agenda/mine.html",
        clashing=clashing(ordered),
        coming=_by_day(part for part in ordered if part.event.ends_at > now),
        past=_by_day(part for part in ordered if part.event.ends_at <= now),
        sign_ups=sign_ups,
        numbers=sign_up_queries.places_waited_for(sign_ups.values()),
        starred={part.id for part in starred},
        feed=feed_token(feed) if feed else None,
        now=now,
        form=ButtonForm(),
    )


def _begin_order(part: Session) -> tuple[date, bool, time, int, int]:
    return part.day.date, part.starts is not None, part.starts or time(), part.position, part.id


def _by_day(sessions: Iterable[Session]) -> list[list[Session]]:
    """Sessions in order, in lists of those that are on the same day of the same event."""
    days: dict[int, list[Session]] = {}
    for part in sessions:
        days.setdefault(part.day_id, []).append(part)
    return list(days.values())


@bp.get("/my/events")
@allow(Who.SIGNED_IN)
def events() -> str:
    """My events: how each registration stands, what is to come first."""
    now = clock.now()
    rows = [(row, personal_token(row)) for row in registrations_of(current_user.id)]
    coming = [pair for pair in reversed(rows) if pair[0].event.ends_at > now]
    past = [pair for pair in rows if pair[0].event.ends_at <= now]
    surveys = offering.waiting_for(current_user.id, now)
    return render_template("agenda/events.html", coming=coming, past=past, surveys=surveys, now=now)
