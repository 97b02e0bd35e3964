"""A letter made ready for reading, on the organisers' side and one's own; links hidden where need be."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, make_response, render_template

from webapp import tokens
from webapp.errors import NotFound
from webapp.formats.messages import Opened, ReadEntry, entries, opened, overwritten, parsed
from webapp.headers import POLICY
from webapp.models.mailings import Letter
from webapp.services import letters as services

# Of a letter's own HTML nothing may run, load or be sent, and no link leads anywhere: a link may open something.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; sandbox"


@dataclass(frozen=True)
class Read:
    """A letter as its page shows it; `exact` when these are the bytes that were sent."""

    letter: Opened
    entries: list[ReadEntry]
    exact: bool


def read(letter: Letter, *, masked: bool) -> Read | None:
    """The letter taken apart; None when its bytes are gone, or were never to be kept."""
    found = services.read(letter, current_app.config["SETTINGS"])
    if found.content is None:
        return None
    whole = opened(parsed(found.content))
    told = entries(whole.calendar)
    if masked:
        whole = Opened(
            subject=tokens.masked(whole.subject),
            headers=[(name, tokens.masked(value)) for name, value in whole.headers],
            parts=whole.parts,
            plain=tokens.masked(whole.plain),
            html=tokens.masked(whole.html),
            calendar="",
        )
    return Read(whole, told, found.exact)


def subjects(letters: Sequence[Letter]) -> dict[int, str]:
    """The subject of each of these letters by its id; no list shows a link that acts for somebody."""
    found = services.subjects(letters, current_app.config["SETTINGS"])
    return {letter_id: tokens.masked(subject) for letter_id, subject in found.items()}


def page(template: str, **values: object) -> Response:
    """A page that shows a letter's HTML in a frame of our own."""
    response = make_response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def html_part(letter: Letter, *, masked: bool) -> Response:
    """The HTML part by itself, for the frame on the letter's page. Raises NotFound where there is none."""
    found = read(letter, masked=masked)
    if found is None or not found.letter.html:
        raise NotFound
    response = Response(found.letter.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def whole(letter: Letter, *, masked: bool) -> Response:
    """The bytes that were sent, as a file, links in them overwritten or not. Raises NotFound when they are gone."""
    found = services.read(letter, current_app.config["SETTINGS"])
    if found.content is None or not found.exact:
        raise NotFound
    return _file(_masked(found.content) if masked else found.content, "message/rfc822", f"{letter.public_id}.eml")


def calendar_part(letter: Letter, *, masked: bool) -> Response:
    """The calendar part of what was sent, as a file. Raises NotFound when there is none."""
    content = opened(parsed(letter.message)).calendar.encode() if letter.message else b""
    if not content:
        raise NotFound
    return _file(_masked(content) if masked else content, "text/calendar", f"{letter.public_id}.ics")


def _masked(content: bytes) -> bytes:
    return overwritten(content, tokens.in_bytes())


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
