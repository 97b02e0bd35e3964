"""A letter as any one of its recipients would get it."""

from flask import Response, current_app, make_response, render_template, request
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow
from webapp.blueprints.addresses import Ref
from webapp.blueprints.manage.mailings import bp
from webapp.folding import clean_line
from webapp.formats.messages import Opened, opened, parsed
from webapp.headers import POLICY
from webapp.models.accounts import Power
from webapp.models.events import Event
from webapp.models.to_many import Mailing
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.queries.registrations import RegistrationFilter, find_registrations, get_numbers
from webapp.queries.to_many import Someone
from webapp.services import to_many as services

# Of a letter's own HTML nothing may run, load or be sent, and no link leads anywhere.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; sandbox"
LONGEST_TEXT = 100


@bp.get("/<mailing>/preview")
@allow(Who.ORGANISER)
def preview(event: Ref, mailing: str) -> Response:
    """The letter in text and HTML, as somebody chosen by name would get it."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    text = clean_line(request.args.get("q", ""))[:LONGEST_TEXT]
    wanted = RegistrationFilter(text=text)
    people = find_registrations(found.id, wanted, get_numbers(found.id, wanted), page=1).rows[:10] if text else []
    someone = _someone(row, found)
    page = render_template(
        "manage/mailings/preview.html",
        event=found,
        mailing=row,
        someone=someone,
        invented=not someone.id,
        letter=_letter(row, found, someone),
        people=people,
        text=text,
    )
    return framing(page)


@bp.get("/<mailing>/preview/html")
@allow(Who.ORGANISER)
def preview_html(event: Ref, mailing: str) -> Response:
    """The HTML by itself, for the frame."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    row = queries.get_mailing(found.id, mailing)
    return in_frame(_letter(row, found, _someone(row, found)).html)


def framing(page: str) -> Response:
    """A page that shows a letter's HTML in a frame of our own."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def in_frame(html: str) -> Response:
    """A letter's HTML by itself, which can do nothing."""
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _someone(mailing: Mailing, event: Event) -> Someone:
    chosen = queries.find_someone(event.id, request.args.get("person", "")[:12], mailing.kind)
    return chosen or services.somebody(mailing, event, now=clock.now())


def _letter(mailing: Mailing, event: Event, someone: Someone) -> Opened:
    content = services.preview(mailing, event, someone, current_app.config["SETTINGS"], now=clock.now())
    return opened(parsed(content))
