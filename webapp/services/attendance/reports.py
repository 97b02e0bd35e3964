"""The reports of meetings: read in whole, looked through by an organiser, and taken out again if they were wrong.

A report is kept as soon as it was read: nobody is told of it, its page is the review, and taking it out undoes it. A
file that waited for a confirmation would have to be kept as well, and would hold the same names.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import clean_line
from webapp.formats.attendance import Attendee, Report, Stay, merged_minutes, read_report
from webapp.models.accounts import Actor, ThingKind
from webapp.models.attendance import AttendanceRecord, AttendanceReport, Match, ReportSource
from webapp.queries import attendance as queries
from webapp.queries import events as event_queries
from webapp.services.activity import record
from webapp.services.attendance.hours import Hours
from webapp.services.attendance.matching import Matcher
from webapp.services.presences import recount

MOST_UNREAD = 1000


class NotAmongThem(DomainError):
    """The person chosen is not registered for this event."""

    code = "not_among_them"
    message = "Choose somebody who is registered for this event."


@dataclass(frozen=True)
class ReadReport:
    """A report that was read, with the fingerprint of its file; nothing is kept yet."""

    report: Report
    filename: str
    digest: str


def read(content: bytes, *, filename: str, expected: date) -> ReadReport:
    """Read a file, before any lock is taken. Raises UnreadableReportError, with a sentence for people."""
    name = clean_line(filename.replace("\\", "/").rpartition("/")[2])[-200:] or "report"
    return ReadReport(read_report(content, filename=name, expected=expected), name, hashlib.sha256(content).hexdigest())


def take_in(
    event_id: int, day: date, session_id: int | None, file: ReadReport, *, actor: Actor, now: datetime
) -> tuple[AttendanceReport, bool]:
    """Keep a report with whom each of its lines stands for; gives it, and whether it says anything new.

    Only what lies within the hours of the day and of the session counts, and what does not is noted. The same file for
    the same day and session is kept once, and counted anew where their hours have been put right. Raises NotFound.
    """
    # Whoever reads in the same file at the same moment waits here, and then finds it. So does whoever changes a
    # registration: those who were there are counted by its state.
    event_queries.lock_all_places(event_id)
    on_day = queries.lock_day(event_id, day)
    found = queries.find_same_report(event_id, on_day.id, session_id, file.digest)
    same = queries.lock_report(found.id) if found is not None else None
    event = event_queries.get_fresh_event(event_id)
    hours = Hours(event, on_day, queries.find_session_hours(session_id))
    parts = [(person, stays) for person in file.report.people if (stays := hours.within(person.stays))]
    unread = [{"line": one.line, "text": clean_line(one.text)[:300]} for one in file.report.unread[:MOST_UNREAD]]
    unread += hours.outside()
    said = (unread, [_written(stays) for _, stays in parts])
    if same is not None and (same.unread, queries.stays_of(same.id)) == said:
        return same, False

    kept = same or AttendanceReport(
        event_id=event_id,
        day_id=on_day.id,
        session_id=session_id,
        source=ReportSource(file.report.source),
        filename=file.filename,
        title=clean_line(file.report.title)[:300],
        digest=file.digest,
    )
    kept.unread, kept.imported_at, kept.imported_by_id = unread, now, actor.person_id
    db.session.add(kept)
    db.session.flush()
    matcher = Matcher(queries.everybody_at(event_id), queries.decided_at(event_id))
    named = _forget_lines(kept.id)
    rows = [_row(kept.id, person, stays, matcher) for person, stays in parts]
    if rows:
        db.session.execute(insert(AttendanceRecord), rows)
    recount(event, [*named, *(found for row in rows if (found := row["registration_id"]))])
    _record("attendance_read_in", kept, actor, now, people=len(rows))
    return kept, True


def decide(record_id: int, registration_id: int | None, *, actor: Actor, now: datetime) -> AttendanceRecord:
    """Say who a line of a report is, or by None that nobody registered; remembered for the event's later reports.

    Raises NotFound, and NotAmongThem for a registration of another event.
    """
    event_id = queries.event_of_line(record_id)
    if event_id is None:
        raise NotFound
    event_queries.lock_all_places(event_id)
    line = queries.lock_record(record_id)
    report = line.report
    if registration_id is not None and not queries.candidates_of(report.event_id, [registration_id]):
        raise NotAmongThem
    if (line.match, line.registration_id) != (Match.ORGANISER, registration_id):
        before, was = line.match, line.registration_id
        line.match = Match.ORGANISER
        line.registration_id = registration_id
        recount(event_queries.get_fresh_event(event_id), [one for one in (was, registration_id) if one])
        _record("attendance_matched", report, actor, now, before=before.value, registration=registration_id)
    return line


def remove(report_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a report out with all that it says of people; taken out already, nothing more happens."""
    event_id = queries.event_of_report(report_id)
    if event_id is not None:
        event_queries.lock_all_places(event_id)
    report = queries.lock_report(report_id)
    if report is None:
        return
    recount(event_queries.get_fresh_event(report.event_id), _forget_lines(report.id))
    _record("attendance_taken_out", report, actor, now)
    db.session.delete(report)


def _forget_lines(report_id: int) -> list[int]:
    """Delete what a report says of people, and give whose registrations it named."""
    lines = delete(AttendanceRecord).where(AttendanceRecord.report_id == report_id)
    named = db.session.scalars(lines.returning(AttendanceRecord.registration_id)).all()
    return [one for one in named if one]


def _row(report_id: int, person: Attendee, stays: Sequence[Stay], matcher: Matcher) -> dict[str, Any]:
    name, email = clean_line(person.name)[:200], clean_line(person.email)[:254]
    found = matcher.find(name, email, [clean_line(spelling)[:200] for spelling in person.spellings])
    return {
        "report_id": report_id,
        "registration_id": found.registration_id,
        "match": found.match,
        "candidates": list(found.candidates),
        "name": name,
        "email": email,
        "minutes": merged_minutes(stays),
        "stays": _written(stays),
    }


def _written(stays: Sequence[Stay]) -> list[list[str | float | None]]:
    return [
        [
            stay.joined.isoformat() if stay.joined else None,
            stay.left.isoformat() if stay.left else None,
            round(stay.minutes, 2),
        ]
        for stay in stays
    ]


def _record(verb: str, report: AttendanceReport, actor: Actor, now: datetime, **details: object) -> None:
    event_id = report.event_id
    about = {"report": report.public_id, "source": report.source.value} | details
    record(verb, ThingKind.EVENT, event_id, actor=actor, now=now, event_id=event_id, **about)
