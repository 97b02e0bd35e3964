"""Who took part: the attendance by day, and the reports of meetings that it is made from."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from webapp import clock
from webapp.access import Who, allow, may
from webapp.blueprints.addresses import Ref, put_right
from webapp.blueprints.forms import ButtonForm, page_number
from webapp.blueprints.manage.forms import LONGEST_TEXT
from webapp.folding import clean_line
from webapp.formats.attendance import UnreadableReportError
from webapp.formats.spreadsheets import csv_bytes, xlsx_bytes
from webapp.models.accounts import Power
from webapp.models.attendance import AttendanceRecord, Came, Match
from webapp.models.events import Event, EventDay
from webapp.models.operations import FileType
from webapp.models.organisations import Sector
from webapp.queries import attendance as queries
from webapp.queries.agenda import agenda_of
from webapp.queries.attendance import ReportSummary
from webapp.queries.events import get_managed_event
from webapp.queries.registrations import RegistrationFilter, Sort, find_registrations, get_numbers, get_registration_of
from webapp.services import attendance as services
from webapp.services.attendance import ReadReport
from webapp.transaction import attempt

bp = Blueprint("attendance", __name__, url_prefix="/events/<ref:event>/attendance")
LARGEST = 10
MOST_FILES = 20
# Far more than any report has; the door of every other page takes half a megabyte.
MOST_BYTES = 40 * 1024 * 1024


class Search:
    """Which lines of the attendance, as given in the address; what cannot be understood is left out."""

    def __init__(self, event: Event, args: MultiDict[str, str]) -> None:
        self.day = next((day for day in event.days if day.date.isoformat() == args.get("day")), None)
        came, sector = args.get("came", ""), args.get("sector", "")
        self.here = came == "here"
        self.came = Came(came) if came in list(Came) else None
        self.sector = Sector(sector) if sector in list(Sector) else None
        self.organisation = clean_line(args.get("organisation", ""))[:200]
        self.text = clean_line(args.get("q", ""))[:LONGEST_TEXT]
        self.page = page_number(args.get("page", ""))

    def wanted(self) -> services.AttendanceFilter:
        """The search as a service takes it."""
        return services.AttendanceFilter(
            day_id=self.day.id if self.day else None,
            came=self.came,
            here=self.here,
            text=self.text,
            sector=self.sector,
            organisation=self.organisation,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.came or self.here or self.sector or self.organisation or self.text)

    def query(self, **changes: str | int | None) -> str:
        """The search as the query of an address, with some values changed or, as None, taken out."""
        values: dict[str, str | int | None] = {
            "day": self.day.date.isoformat() if self.day else "",
            "came": "here" if self.here else self.came.value if self.came else "",
            "sector": self.sector.value if self.sector else "",
            "organisation": self.organisation,
            "q": self.text,
            "page": self.page if self.page > 1 else "",
        }
        values.update(changes)
        return urlencode({name: value for name, value in values.items() if value})


@bp.get("")
@allow(Who.ORGANISER)
def index(event: Ref) -> str:
    """Who came, by day, with where each figure comes from; the totals, and the reports."""
    found = _event(event, ".index")
    search = Search(found, request.args)
    attendance = services.Attendance(found, now=clock.now())
    wanted = search.wanted()
    largest = None if request.args.get("all") else LARGEST
    shown = attendance.find(wanted, page=search.page)
    organisations, number = attendance.by_organisation(wanted.day_id, limit=largest)
    return render_template(
        "manage/attendance/index.html",
        event=found,
        search=search,
        anybody=bool(attendance.registered),
        found=shown,
        sources=services.sources_of(found.id, [line.id for line in shown.rows]),
        days=[(day, attendance.total_of_day(day.id)) for day in found.days],
        by_sector=attendance.by_sector(wanted.day_id),
        by_organisation=organisations,
        organisations=number,
        reports=queries.reports_of(found.id),
        came=list(Came),
        sectors=list(Sector),
        may_decide=may(current_user, Power.DECIDE, found),
        now=clock.now(),
    )


@bp.get("/people.<any(csv, xlsx):filetype>")
@allow(Who.ORGANISER)
def download(event: Ref, filetype: str) -> Response:
    """The lines that the search finds, as a file."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    wanted = Search(found, request.args).wanted()
    lines = services.Attendance(found, now=clock.now()).all(wanted)
    titles, rows = services.header(found), services.rows(found, lines)
    whole = csv_bytes(titles, rows) if filetype == FileType.CSV else xlsx_bytes(found.title, titles, rows)
    response = Response(whole, mimetype=FileType(filetype).mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}-attendance.{filetype}")
    return response


@bp.route("/upload", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def upload(event: Ref) -> str | Response | tuple[str, int]:
    """Read in reports of one day; a file that cannot be read is named, and none of those sent with it is kept."""
    found = _event(event, ".upload", Power.DECIDE)
    request.max_content_length = MOST_BYTES
    form = ButtonForm()
    if not form.validate_on_submit():
        errors = [{"text": form.problem}] if form.is_submitted() else []
        return _upload_page(found, errors), 422 if form.is_submitted() else 200
    day, session_id, errors = _about(found)
    files, unread = _read(request.files.getlist("files"), day.date)
    errors += [{"text": problem, "href": "#files"} for problem in unread]
    if errors:
        return _upload_page(found, errors), 422
    kept = []
    with attempt():
        actor, now = current_user.actor, clock.now()
        kept = [services.take_in(found.id, day.date, session_id, file, actor=actor, now=now) for file in files]
    for (_, new), file in zip(kept, files, strict=True):
        if not new:
            flash(f"{file.filename} was read in before, for the same day, so nothing was changed.", "error")
    if any(new for _, new in kept):
        flash("Read in. Look through it below: nobody is told, and you can take it out again.", "success")
    if len(kept) == 1:
        return redirect(url_for(".report", event=found, report=kept[0][0].public_id))
    return redirect(url_for(".index", event=found) + "#reports")


@bp.get("/reports/<report>")
@allow(Who.ORGANISER)
def report(event: Ref, report: str) -> str:
    """What a report says: who was found how, who is for the organiser to say, and what could not be read."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.SEE_REGISTRATIONS)
    put_right(event, found, ".report", event=found, report=report)
    summary = queries.get_report(found.id, report)
    asked = request.args.get("match", "")
    match = Match(asked) if asked in list(Match) else None
    total = summary.counts.get(match, 0) if match else summary.total
    return render_template(
        "manage/attendance/report.html",
        event=found,
        summary=summary,
        match=match,
        matches=list(Match),
        found=queries.records_of(summary.report.id, match, page=page_number(request.args.get("page", "")), total=total),
        query=lambda **changes: urlencode({"match": asked if match else ""} | changes),
        may_decide=may(current_user, Power.DECIDE, found),
    )


@bp.route("/reports/<report>/remove", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def remove(event: Ref, report: str) -> str | Response | tuple[str, int]:
    """Take a report out: first asks, then does."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    summary, form = queries.get_report(found.id, report), ButtonForm()
    if form.validate_on_submit():
        with attempt():
            services.remove(summary.report.id, actor=current_user.actor, now=clock.now())
        flash(f"{summary.report.filename} has been taken out.", "success")
        return redirect(url_for(".index", event=found) + "#reports")
    problem = form.problem if form.is_submitted() else ""
    page = render_template("manage/attendance/remove.html", event=found, summary=summary, problem=problem)
    return page, 422 if problem else 200


@bp.route("/reports/<report>/<record>", methods=["GET", "POST"])
@allow(Who.ORGANISER)
def record(event: Ref, report: str, record: str) -> str | Response | tuple[str, int]:
    """Say who a line of a report is, or that they are not registered."""
    found = get_managed_event(event.public_id, viewer=current_user, needing=Power.DECIDE)
    summary = queries.get_report(found.id, report)
    line, form = queries.get_record(summary.report.id, record), ButtonForm()
    if not form.validate_on_submit():
        problem = form.problem if form.is_submitted() else ""
        return _record_page(found, summary, line, problem), 422 if problem else 200
    chosen = request.form.get("who", "")
    if not chosen:
        return _record_page(found, summary, line, "Choose who this is, or that they are not registered"), 422
    person = None if chosen == "nobody" else get_registration_of(found.id, chosen[:20], with_needs=False)
    with attempt():
        services.decide(line.id, person.id if person else None, actor=current_user.actor, now=clock.now())
    flash("Noted, and remembered for the other reports of this event.", "success")
    unsure = summary.counts.get(Match.UNSURE, 0) - (line.match is Match.UNSURE)
    query = f"?match={Match.UNSURE.value}" if unsure else ""
    return redirect(url_for(".report", event=found, report=report) + query)


def _event(ref: Ref, endpoint: str, power: Power = Power.SEE_REGISTRATIONS) -> Event:
    found = get_managed_event(ref.public_id, viewer=current_user, needing=power)
    put_right(ref, found, endpoint, event=found)
    return found


def _about(event: Event) -> tuple[EventDay, int | None, list[dict[str, str]]]:
    """The day and session that files are about, as chosen in the form, and what is wrong with the choice."""
    about = request.form.get("about", "")
    for day in event.days:
        if about == day.date.isoformat():
            return day, None, []
    for session in agenda_of(event.id):
        if about == session.public_id and session.day is not None:
            day = next(one for one in event.days if one.id == session.day_id)
            return day, session.id, []
    return event.days[0], None, [{"text": "Choose the day or session that the reports are about", "href": "#about"}]


def _read(sent: list[FileStorage], expected: date) -> tuple[list[ReadReport], list[str]]:
    """The files that were sent, read; and what is wrong with those that cannot be."""
    given = [file for file in sent if file.filename]
    if not given:
        return [], ["Choose at least one file"]
    if len(given) > MOST_FILES:
        return [], [f"Choose at most {MOST_FILES} files at once"]
    files, problems = [], []
    for file in given:
        content = file.read()
        # A large one lies in a temporary file.
        file.close()
        try:
            files.append(services.read(content, filename=file.filename or "", expected=expected))
        except UnreadableReportError as unreadable:
            problems.append(str(unreadable))
    return files, problems


def _upload_page(event: Event, errors: list[Mapping[str, str]] | list[dict[str, str]]) -> str:
    return render_template(
        "manage/attendance/upload.html",
        event=event,
        day=services.day_at(event, clock.now()),
        sessions=agenda_of(event.id),
        about=request.form.get("about", "") if request.method == "POST" else request.args.get("day", ""),
        errors=errors,
    )


def _record_page(event: Event, summary: ReportSummary, line: AttendanceRecord, problem: str) -> str:
    text = clean_line(request.args.get("q", ""))[:LONGEST_TEXT]
    searched = []
    if text:
        wanted = RegistrationFilter(text=text, sort=Sort.NAME)
        searched = list(find_registrations(event.id, wanted, get_numbers(event.id, wanted), page=1).rows)
    ids = [*line.candidates, *([line.registration_id] if line.registration_id else [])]
    return render_template(
        "manage/attendance/record.html",
        event=event,
        summary=summary,
        line=line,
        text=text,
        searched=searched,
        candidates=queries.candidates_of(event.id, ids),
        problem=problem,
    )
