"""Results as files: the numbers as they are shown, what was written, and single answers for who may see them."""

from collections.abc import Iterator

from flask import flash, redirect, stream_with_context, url_for
from werkzeug.wrappers import Response

from webapp.access import Who, allow
from webapp.blueprints.manage.survey_results import bp, doors
from webapp.errors import Forbidden, NotFound
from webapp.folding import slug
from webapp.formats.spreadsheets import csv_bytes, csv_chunks, xlsx_bytes
from webapp.models.accounts import Power
from webapp.models.operations import FileType
from webapp.models.surveys import Survey
from webapp.queries.surveys import results
from webapp.queries.surveys import texts as queries
from webapp.services.exports import AT_ONCE
from webapp.services.surveys import files as services

JSON = "json"
MIMETYPES = {**{kind.value: kind.mimetype for kind in FileType}, JSON: "application/json"}


@bp.get("/numbers.<any(csv, xlsx, json):filetype>")
@allow(Who.ORGANISER)
def numbers(survey: str, filetype: str) -> Response:
    """Every number that the page may show, and no other, with all splits."""
    found = doors.looking(survey)
    asked = doors.asked_of(found)
    sight = doors.sight_of(found, *(one.by for one in results.splittings_of(found, asked, doors.titles_of(found))))
    if sight is None:
        flash("There are too few answers to show anything yet.", "error")
        return redirect(url_for(".show", survey=survey))
    themes = doors.themes_of(found, doors.readable_texts(found))
    if filetype == JSON:
        whole = services.as_json(found, sight.results, themes)
    elif filetype == FileType.CSV:
        whole = csv_bytes(services.NUMBERS_HEADER, services.numbers(sight.results, themes))
    else:
        whole = xlsx_bytes(found.title, services.NUMBERS_HEADER, services.numbers(sight.results, themes))
    return _file(Response(whole), found, "results", filetype)


@bp.get("/answers.<any(csv, xlsx, json):filetype>")
@allow(Who.ORGANISER)
def answers(survey: str, filetype: str) -> Response:
    """What each person answered, read as it is sent; of an anonymous survey there is no such file."""
    found = doors.looking(survey, Power.READ_ANSWERS)
    if not doors.sees_answers(found):
        raise Forbidden("Single answers to this survey are for those alone who may see what each person answered.")
    if filetype == FileType.XLSX and results.count_responses(found.id) > AT_ONCE:
        flash("There are too many answers for a workbook to be made at once: take the CSV or JSON file.", "error")
        return redirect(url_for(".show", survey=survey))
    columns = services.columns_of(doors.asked_of(found))
    if filetype == FileType.XLSX:
        whole = xlsx_bytes(found.title, services.header(found, columns), services.rows(found, columns))
        return _file(Response(whole), found, "answers", filetype)
    pieces: Iterator[bytes]
    if filetype == JSON:
        pieces = services.json_in_pieces(found, columns)
    else:
        pieces = csv_chunks(services.header(found, columns), services.rows(found, columns))
    return _file(Response(stream_with_context(pieces)), found, "answers", filetype)


@bp.get("/texts/<int:text>.csv")
@allow(Who.ORGANISER)
def written(survey: str, text: int) -> Response:
    """What was written in answer to one question with its themes, in the order of the words."""
    found = doors.looking(survey, Power.READ_ANSWERS)
    if text not in {one.no for one in doors.questions_with_texts(found)}:
        raise NotFound
    if not doors.shows_texts(found, text):
        raise Forbidden("What people wrote is held back.")
    rows = ([said, "; ".join(themes)] for said, themes in queries.each_text(found, text))
    return _file(Response(stream_with_context(csv_chunks(("Text", "Themes"), rows))), found, f"texts-{text}", "csv")


def _file(response: Response, survey: Survey, what: str, filetype: str) -> Response:
    response.mimetype = MIMETYPES[filetype]
    name = f"{slug(survey.title)}-{what}.{filetype}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
