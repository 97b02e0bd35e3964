"""The front page, whether the service is well, and who runs it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.answers import kept_page, static_revision
from webapp.blueprints.pages import bp, gaps
from webapp.kept import Page
from webapp.models import personal
from webapp.models.registrations import PRIVACY_NOTICE_VERSION
from webapp.queries.events import upcoming_events
from webapp.queries.library import newest_titles
from webapp.queries.operations import worker_is_alive
from webapp.queries.programmes import programmes
from webapp.queries.publications import next_out, publications_out
from webapp.queries.revisions import site_revision
from webapp.services.accounts import SESSION_LIFE
from webapp.templating import base_url

SHOWN_PUBLICATIONS = SHOWN_OF_LIBRARY = 3
SECURITY_FILE_GOOD_FOR = timedelta(days=180)
# Where nothing is for everybody: what belongs to one person, what organisers see, and half-finished forms.
NOT_FOR_ROBOTS = (
    "/account",
    "/areas/*/",
    "/check-in/",
    "/communities/*/moderat",
    "/communities/*/people",
    "/communities/*/topics/*/",
    "/communities/*/topics/new",
    "/communities/*/unread",
    "/communities/letters/",
    "/communities/moderation",
    "/communities/people/",
    "/communities/quote",
    "/events/*/invited/",
    "/events/*/register",
    "/feeds/",
    "/letters/",
    "/manage/",
    "/memberships",
    "/my/",
    "/posts/*/moderate",
    "/posts/*/report",
    "/reflections",
    "/registrations/",
    "/search",
    "/series/members/",
    "/sign-in",
    "/sign-out",
    "/speaking/",
    "/surveys/",
    "/tools/*/begin",
    "/unsubscribe/",
)


@bp.get("/")
@allow(Who.ANYONE)
def home() -> Response:
    """What this is, and the next events."""

    def build(now: datetime) -> Page:
        events = upcoming_events(limit=4, now=now)
        html = render_template(
            "pages/home.html",
            events=events,
            programmes=programmes(),
            publications=publications_out(now=now, limit=SHOWN_PUBLICATIONS),
            in_library=newest_titles(SHOWN_OF_LIBRARY),
            now=now,
        )
        return Page(html, [moment for event in events for moment in event.boundaries()] + next_out(now=now))

    return kept_page(site_revision, build)


@bp.get("/healthz")
@allow(Who.ANYONE)
def health() -> tuple[Response, int]:
    """200 once pages, database and worker are up; 503, naming what is not, otherwise."""
    try:
        missing = [] if worker_is_alive(now=clock.now()) else ["worker"]
    except SQLAlchemyError:
        missing = ["database"]
    text = "ok\n" if not missing else f"not up: {', '.join(missing)}\n"
    return Response(text, mimetype="text/plain"), 503 if missing else 200


@bp.get("/accessibility")
@allow(Who.ANYONE)
def accessibility() -> Response:
    """The accessibility statement, made from the list of known gaps."""

    def build(now: datetime) -> Page:
        html = render_template(
            "pages/accessibility.html",
            failures=gaps.gaps(gaps.Kind.FAILURE),
            outside=gaps.gaps(gaps.Kind.OUTSIDE),
            prepared=gaps.PREPARED,
            reviewed=gaps.REVIEWED,
            review_due=gaps.REVIEW_DUE,
            overdue=now >= gaps.REVIEW_DUE_AT,
        )
        return Page(html, [gaps.REVIEW_DUE_AT])

    return kept_page(static_revision, build)


@bp.get("/cookies")
@allow(Who.ANYONE)
def cookies() -> Response:
    """The one cookie, and why there is no banner."""
    return _static_page(
        "pages/cookies.html",
        name=current_app.config["SESSION_COOKIE_NAME"],
        hours=SESSION_LIFE // timedelta(hours=1),
    )


@bp.get("/privacy")
@allow(Who.ANYONE)
def privacy() -> Response:
    """The privacy notice, made from the map of personal data."""
    return _static_page(
        "pages/privacy.html",
        version=PRIVACY_NOTICE_VERSION,
        kept=personal.kept_about(personal.Whose.ATTENDEE),
        kept_about_others=personal.kept_about(personal.Whose.SPEAKER, personal.Whose.ORGANISER),
        needs=personal.NEEDS,
    )


@bp.get("/contact")
@allow(Who.ANYONE)
def contact() -> Response:
    """Whom to ask about what."""
    return _static_page("pages/contact.html")


@bp.get("/worried-about-a-child")
@allow(Who.ANYONE)
def worried() -> Response:
    """What to do now, and whom to tell."""
    return _static_page("pages/worried.html")


@bp.get("/security-policy")
@allow(Who.ANYONE)
def security_policy() -> Response:
    """How to report a weakness, and what then happens."""
    return _static_page("pages/security_policy.html")


@bp.get("/.well-known/security.txt")
@allow(Who.ANYONE)
def security_file() -> Response:
    """Whom to tell of a weakness, for programs (RFC 9116); runs out half a year from today, as the RFC wants."""
    today = datetime.combine(clock.now().astimezone(UTC), time(), UTC)
    lines = (
        f"Contact: mailto:{quote(current_app.config['SETTINGS'].contact_email, safe='@+')}",
        f"Expires: {today + SECURITY_FILE_GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {base_url()}{url_for('.security_file')}",
        f"Policy: {base_url()}{url_for('.security_policy')}",
    )
    return _text(lines)


@bp.get("/robots.txt")
@allow(Who.ANYONE)
def robots() -> Response:
    """What search engines leave alone (RFC 9309)."""
    return _text(("User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)))


def _static_page(template: str, **values: Any) -> Response:
    """A page that changes only with the program."""
    return kept_page(static_revision, lambda _now: Page(render_template(template, **values)))


def _text(lines: tuple[str, ...]) -> Response:
    response = Response("\n".join((*lines, "")), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
