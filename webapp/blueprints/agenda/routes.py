"""The agenda day by day, each session's page, and My agenda."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.agenda import bp
from webapp.blueprints.agenda.timetable import timetable
from webapp.blueprints.answers import kept_page, preview
from webapp.blueprints.forms import ButtonForm
from webapp.kept import Page
from webapp.models.accounts import Visitor
from webapp.models.agenda import Session
from webapp.models.events import Event
from webapp.queries import agenda as queries
from webapp.queries import events as event_queries
from webapp.queries.calendars import find_feed
from webapp.queries.registrations import registrations_of
from webapp.queries.revisions import event_revision
from webapp.services import agenda as services
from webapp.services.calendars import feed_token
from webapp.services.registrations import personal_token
from webapp.transaction import attempt


@bp.get("/events/<ref:event>/agenda")
@allow(Who.ANYONE)
def show(event: Ref) -> Response:
    """The agenda, each day a timetable of parallel streams, all of it or one theme."""
    theme = request.args.get("theme", "")[:12]
    revision = event_revision(event.public_id)
    if revision is None:
        draft = event_queries.get_event(event.public_id, viewer=current_user)
        put_right(event, draft, ".show", event=draft)
        return preview(_page(draft, theme, clock.now()), _stars(event))

    def build(now: datetime) -> Page:
        found = event_queries.get_event(event.public_id, viewer=Visitor())
        put_right(event, found, ".show", event=found)
        return _page(found, theme, now)

    return kept_page(revision, build, key=theme, personal=lambda: _stars(event))


def _page(event: Event, theme: str, now: datetime) -> Page:
    sessions = queries.agenda_of(event.id)
    themes = {row.public_id: row for session in sessions for row in session.themes}
    chosen = themes.get(theme)
    shown = [s for s in sessions if chosen is None or chosen in s.themes]
    html = render_template(
        "agenda/show.html",
        event=event,
        days=timetable(event, shown),
        themes=sorted(themes.values(), key=lambda row: (row.position, row.id)),
        chosen=chosen,
        stage=event.stage(now),
        now=now,
    )
    return Page(html, event.boundaries(), keep=chosen is not None or not theme)


def _stars(event: Ref, back: str = "") -> Mapping[str, str]:
    """For each session of the event the button that puts it into My agenda, or takes it out, and leads `back`."""
    rows = queries.stars_at(event.public_id, current_user.id)
    sessions = [(Ref(slug, public_id), title, starred) for public_id, slug, title, starred in rows]
    # One template for all of them: one each would take longer than the rest of the page.
    buttons = render_template(
        "components/stars.html", event=event, sessions=sessions, csrf=generate_csrf(), back=back, between=_BETWEEN
    )
    return {
        f"star-{part.public_id}": button for (part, *_), button in zip(sessions, buttons.split(_BETWEEN), strict=False)
    }


# Markup that no text of anybody can hold, since text is escaped.
_BETWEEN = Markup("<!-- next -->")


@bp.get("/events/<ref:event>/sessions/<ref:session>")
@allow(Who.ANYONE)
def session(event: Ref, session: Ref) -> Response:
    """A session: what, when, where, and who contributes."""
    revision = event_revision(event.public_id)
    if revision is None:
        draft = event_queries.get_event(event.public_id, viewer=current_user)
        part = queries.get_session(draft, session.public_id)
        _put_right(event, session, draft, part)
        return preview(_session_page(draft, part), _stars(event, "session"))

    def build(_now: datetime) -> Page:
        found = event_queries.get_event(event.public_id, viewer=Visitor())
        part = queries.get_session(found, session.public_id)
        _put_right(event, session, found, part)
        return _session_page(found, part)

    return kept_page(revision, build, personal=lambda: _stars(event, "session"))


def _put_right(event_ref: Ref, session_ref: Ref, event: Event, part: Session) -> None:
    for ref, thing in ((event_ref, event), (session_ref, part)):
        put_right(ref, thing, ".session", event=event, session=part)


def _session_page(event: Event, part: Session) -> Page:
    return Page(render_template("agenda/session.html", event=event, session=part))


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
    """My agenda: the sessions starred, by day, and the ways to have them in a calendar."""
    feed = find_feed(current_user.id)
    now = clock.now()
    sessions = queries.starred_sessions(current_user.id)
    return render_template(
        "agenda/mine.html",
        coming=_by_day(part for part in sessions if part.event.ends_at > now),
        past=_by_day(part for part in sessions if part.event.ends_at <= now),
        feed=feed_token(feed) if feed else None,
        form=ButtonForm(),
    )


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
    return render_template("agenda/events.html", coming=coming, past=past, now=now)
