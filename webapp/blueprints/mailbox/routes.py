"""The mail that this machine kept, for developers; never in production."""

from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

from flask import Response, current_app, make_response, render_template, request

from config import ROOT
from webapp.access import Who, allow
from webapp.blueprints.mailbox import bp
from webapp.development import mailbox
from webapp.errors import NotFound
from webapp.folding import clean_line, fold
from webapp.formats.messages import opened, with_links_outside
from webapp.headers import POLICY
from webapp.queries.paging import Page, nearest

PAGE_SIZE = 50
LONGEST_TEXT = 100
# Of a letter's own HTML nothing may run, load or be sent; links open elsewhere, since our pages refuse frames.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


@bp.get("/_mail")
@allow(Who.DEVELOPER)
def index() -> str:
    """The letters kept, newest first, searched by recipient or subject."""
    wanted = clean_line(request.args.get("q", ""))[:LONGEST_TEXT]
    letters = [letter for letter in mailbox.kept(_folder()) if fold(wanted) in fold(_searched(letter))]
    number = nearest(request.args.get("page", 1, type=int), len(letters), PAGE_SIZE)
    rows = letters[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "mailbox/index.html",
        found=Page(rows, number, PAGE_SIZE, len(letters)),
        wanted=wanted,
        query=lambda page: urlencode({"q": wanted, "page": page} if wanted else {"page": page}),
    )


@bp.get("/_mail/<name>")
@allow(Who.DEVELOPER)
def show(name: str) -> Response:
    """One letter: its headers and its parts."""
    message = _get(name)
    response = make_response(
        render_template("mailbox/show.html", name=name, letter=opened(message), kept=mailbox.summary(_folder() / name))
    )
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


@bp.get("/_mail/<name>/html")
@allow(Who.DEVELOPER)
def html(name: str) -> Response:
    """The HTML part by itself, for the frame on the letter's page."""
    letter = opened(_get(name))
    if not letter.html:
        raise NotFound
    response = Response(with_links_outside(letter.html), mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/_mail/<name>/calendar.ics")
@allow(Who.DEVELOPER)
def calendar(name: str) -> Response:
    """The calendar part as a file."""
    letter = opened(_get(name))
    if not letter.calendar:
        raise NotFound
    return _file(letter.calendar.encode(), "text/calendar", f"{Path(name).stem}.ics")


@bp.get("/_mail/<name>/source")
@allow(Who.DEVELOPER)
def source(name: str) -> Response:
    """The letter as a file, byte for byte as it was kept."""
    _get(name)
    return _file((_folder() / name).read_bytes(), "message/rfc822", name)


def _folder() -> Path:
    return ROOT / str(current_app.config["SETTINGS"].mailbox_dir)


def _get(name: str) -> EmailMessage:
    try:
        return mailbox.read(_folder(), name)
    except LookupError:
        raise NotFound from None


def _searched(letter: mailbox.Kept) -> str:
    return " ".join((*letter.recipients, letter.subject))


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
