"""What one was sent oneself: each letter and each calendar entry, as it was."""

from urllib.parse import urlencode

from flask import Response, render_template, request
from flask_login import current_user

from webapp.access import Who, allow
from webapp.blueprints.forms import page_number
from webapp.blueprints.mailings import bp, reading, words
from webapp.queries import letters as queries
from webapp.queries.paging import Page, nearest
from webapp.services import letters as services


@bp.get("/my/letters")
@allow(Who.SIGNED_IN)
def index() -> str:
    """What I was sent, the latest first."""
    moments = services.timeline(queries.letters_to(current_user.id))
    size = queries.PAGE_SIZE
    number = nearest(page_number(request.args.get("page", "")), len(moments), size)
    shown = moments[(number - 1) * size : number * size]
    return render_template(
        "mailings/index.html",
        found=Page(shown, number, size, len(moments)),
        subjects=reading.subjects([moment.letter for moment in shown]),
        query=lambda page: urlencode({"page": page}),
        words=words,
    )


@bp.get("/my/letters/<letter>")
@allow(Who.SIGNED_IN)
def show(letter: str) -> Response:
    """One letter to me."""
    found = queries.get_letter_to(current_user.id, letter)
    return reading.page("mailings/show.html", letter=found, read=reading.read(found, masked=False), words=words)


@bp.get("/my/letters/<letter>/html")
@allow(Who.SIGNED_IN)
def html(letter: str) -> Response:
    """Its HTML part by itself."""
    return reading.html_part(queries.get_letter_to(current_user.id, letter), masked=False)


@bp.get("/my/letters/<letter>/letter.eml")
@allow(Who.SIGNED_IN)
def source(letter: str) -> Response:
    """The letter as a file, byte for byte."""
    return reading.whole(queries.get_letter_to(current_user.id, letter), masked=False)


@bp.get("/my/letters/<letter>/calendar.ics")
@allow(Who.SIGNED_IN)
def calendar(letter: str) -> Response:
    """The calendar entry in it as a file."""
    return reading.calendar_part(queries.get_letter_to(current_user.id, letter), masked=False)
