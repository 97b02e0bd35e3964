"""Figures of a community, or of all those of a programme, over a period: as a page and as files."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.access import Who, allow, may_create
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.manage.communities import bp
from webapp.formats.spreadsheets import Cell, csv_bytes, xlsx_bytes
from webapp.models.communities import Community
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.models.surveys import THRESHOLD
from webapp.queries import community_figures as queries
from webapp.queries.programmes import get_programme
from webapp.suppression import Count

HEADER = ["Of", "Figure", "Number"]
_HOME = ZoneInfo("Europe/London")


class Period(StrEnum):
    """Over how long figures are counted, up to the end of last week."""

    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"

    @property
    def label(self) -> str:
        return {"30": "The last 30 days", "90": "The last 90 days", "365": "The last year", "all": "All the time"}[self]

    def span(self, now: datetime) -> queries.Span:
        """What is counted, up to the end of last Sunday: whoever looks every day learns nothing of a single person."""
        here = now.astimezone(_HOME)
        monday = here.date() - timedelta(days=here.weekday())
        until = datetime.combine(monday, time(), _HOME)
        since = None if self is Period.ALL else datetime.combine(monday - timedelta(days=int(self)), time(), _HOME)
        return queries.Span(since, until)


@bp.get("/<ref:community>/figures")
@allow(Who.ORGANISER)
def figures(community: Ref) -> str | Response:
    """The figures of one community."""
    found = queries.get_community_for_figures(community.public_id, viewer=current_user)
    put_right(community, found, ".figures", community=found)
    return _page(get_programme(found.programme.public_id), found)


@bp.get("/<ref:community>/figures.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(community: Ref, filetype: str) -> Response:
    """The same as a file."""
    found = queries.get_community_for_figures(community.public_id, viewer=current_user)
    return _file(get_programme(found.programme.public_id), found, filetype)


@bp.get("/of/<ref:programme>/figures")
@allow(Who.ORGANISER)
def figures_of_all(programme: Ref) -> str | Response:
    """The figures of all communities of a programme."""
    found = queries.get_programme_for_figures(programme.public_id, viewer=current_user)
    put_right(programme, found, ".figures_of_all", programme=found)
    return _page(found, None)


@bp.get("/of/<ref:programme>/figures.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download_of_all(programme: Ref, filetype: str) -> Response:
    """The same as a file."""
    return _file(queries.get_programme_for_figures(programme.public_id, viewer=current_user), None, filetype)


def waited(wait: timedelta | None) -> str:
    """How long something waited, in the largest whole unit that says enough."""
    if wait is None:
        return "None yet"
    minutes = int(wait.total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * size or size == 1:
            number = round(minutes / size)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return ""


def _asked() -> Period:
    wanted = request.args.get("over", "")
    return Period(wanted) if wanted in set(Period) else Period.QUARTER


def _report(programme: Programme, community: Community | None, span: queries.Span) -> queries.Report:
    of = [community] if community is not None else queries.communities_of(programme.id)
    return queries.report_on(programme, of, span, whole=community is None)


def _page(programme: Programme, community: Community | None) -> str:
    period = _asked()
    span = period.span(clock.now())
    own = {"community": community} if community is not None else {"programme": programme}
    noun = "" if community is not None else "_of_all"

    def address(filetype: str) -> str:
        return url_for(f".download{noun}", **own, filetype=filetype, over=period.value)

    return render_template(
        "manage/communities/figures.html",
        programme=programme,
        community=community,
        report=_report(programme, community, span),
        period=period,
        periods=list(Period),
        last_day=span.until.date() - timedelta(days=1),
        address=address,
        waited=waited,
        threshold=THRESHOLD,
        sets_up=may_create(current_user, programme.id),
    )


def _file(programme: Programme, community: Community | None, filetype: str) -> Response:
    of = community or programme
    rows = _rows(programme, community, _report(programme, community, _asked().span(clock.now())))
    whole = csv_bytes(HEADER, rows) if filetype == FileType.CSV else xlsx_bytes("Figures", HEADER, rows)
    response = Response(whole, mimetype=FileType(filetype).mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{of.slug}-figures.{filetype}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _rows(programme: Programme, community: Community | None, report: queries.Report) -> Iterator[list[Cell]]:
    span = _asked().span(clock.now())
    name = community.name if community is not None else programme.name
    first = span.since.date() if span.since else "The beginning"
    yield [name, "Counted from", first]
    yield [name, "Counted until the end of", span.until.date() - timedelta(days=1)]
    yield from _rows_of(name, report.together)
    for theme, count in report.strands:
        yield [name, f"People reached: {theme.name if theme else 'no strand'}", _cell(count)]
    yield [name, "Areas whose people wrote in the last 30 days", report.lately]
    yield [name, "Areas whose people wrote in the last 90 days", report.in_a_while]
    yield [name, "Areas", len(report.areas)]
    for one in report.areas:
        state = "last 30 days" if one.is_lately else "last 90 days" if one.wrote_at else "not in the last 90 days"
        yield [f"{one.area.name} ({one.area.wave.name})", "Its people wrote", state]
    for each, numbers in report.each if community is None else ():
        yield from _rows_of(each.name, numbers)


def _rows_of(name: str, numbers: queries.Figures) -> Iterator[list[Cell]]:
    hours = None if numbers.median_wait is None else round(numbers.median_wait.total_seconds() / 3600, 1)
    people = numbers.people
    yield [name, "Topics", numbers.topics]
    yield [name, "Answers", numbers.answers]
    yield [name, "Questions", numbers.questions]
    yield [name, "Questions that somebody answered", numbers.answered]
    yield [name, "Questions without an answer", numbers.unanswered]
    yield [name, "Median hours to the first answer", hours]
    for stage, number in numbers.stages.items():
        yield [name, f"Emerging issues: {stage.label}", number]
    yield [name, "People who belong", _cell(people.belong)]
    yield [name, "People who wrote", _cell(people.wrote)]
    yield [name, "People who only read", _cell(people.only_read)]
    yield [name, "People who did neither", _cell(people.neither)]


def _cell(count: Count) -> Cell:
    return "Hidden" if count is None else count
