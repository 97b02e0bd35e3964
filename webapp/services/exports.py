"""Lists for spreadsheet programs: answered at once while they are short, made by the worker when they are long."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import delete

from webapp import transaction
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.formats import spreadsheets
from webapp.formats.spreadsheets import Cell
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Event, Mode
from webapp.models.operations import Export, ExportPart, FileType
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration, RegistrationState
from webapp.queries import exports as queries
from webapp.queries.registrations import RegistrationFilter, Sort, Tag, each_registration, tags_of
from webapp.services import leases
from webapp.services.activity import record
from webapp.services.questions import answer_cell

AT_ONCE = 10_000
KEPT = timedelta(days=1)
MOST_KEPT = 5
PART = 1024 * 1024
TOGETHER = 500


class TooManyFiles(DomainError):
    """As many files as are kept are still to be made."""

    code = "too_many_files"
    message = f"{MOST_KEPT} of your files are still being made. Wait until one is ready, then ask again."


def header(event: Event, *, with_needs: bool) -> list[str]:
    """The titles of the columns; `event` must have its questions loaded."""
    titles = ["Name", "E-mail address", "Organisation", "Sector", "Role", "State", "Taking part", "Tags"]
    titles.append(f"Registered at ({event.zone})")
    titles += [f"{one.label} (organisers)" if one.for_organisers else one.label for one in event.questions]
    return titles + (["Access needs", "Dietary needs"] if with_needs else [])


def rows(event: Event, wanted: RegistrationFilter, *, with_needs: bool) -> Iterator[list[Cell]]:
    """A row for each registration that the filter finds, in its order, read as they are asked for."""
    found = each_registration(event.id, wanted, with_needs=with_needs)
    while some := list(islice(found, TOGETHER)):
        tags = tags_of([registration.id for registration in some])
        for registration in some:
            yield _row(registration, event, tags.get(registration.id, ()), with_needs=with_needs)


def csv_in_pieces(event: Event, wanted: RegistrationFilter) -> Iterator[bytes]:
    """The list without needs as CSV, in pieces that are read as they are asked for."""
    return spreadsheets.csv_chunks(header(event, with_needs=False), rows(event, wanted, with_needs=False))


def whole_file(event: Event, wanted: RegistrationFilter, filetype: FileType, *, with_needs: bool) -> bytes:
    """The list as a file; for lists short enough to be answered at once."""
    titles, lines = header(event, with_needs=with_needs), rows(event, wanted, with_needs=with_needs)
    if filetype is FileType.CSV:
        return spreadsheets.csv_bytes(titles, lines)
    return spreadsheets.xlsx_bytes(event.title, titles, lines)


def record_needs_exported(event_id: int, *, actor: Actor, now: datetime) -> None:
    """Record that somebody took the access and dietary needs out of the service."""
    record("needs_exported", ThingKind.EVENT, event_id, actor=actor, now=now, event_id=event_id)


def request_export(
    event_id: int,
    wanted: RegistrationFilter,
    filetype: FileType,
    *,
    with_needs: bool,
    person_id: int,
    actor: Actor,
    now: datetime,
) -> Export:
    """Ask the worker for a file that only this person can fetch, for a day; asked twice, it is made once.

    The latest five are kept. Raises TooManyFiles while five are still to be made.
    """
    filters = _plain(wanted)
    export = queries.find_same_export(person_id, event_id, filetype, filters, with_needs=with_needs, now=now)
    if export is not None:
        return export
    _make_room(queries.exports_of(person_id, event_id, now=now))
    export = Export(
        person_id=person_id,
        event_id=event_id,
        filetype=filetype,
        filters=filters,
        with_needs=with_needs,
        requested_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(export)
    if with_needs:
        record_needs_exported(event_id, actor=actor, now=now)
    db.session.info["export_requested"] = True
    return export


def _make_room(kept: Sequence[Export]) -> None:
    """Delete the oldest files of somebody who asks again and again: long lists are large. Raises TooManyFiles."""
    done = [export for export in kept if export.finished_at or export.failed_at]
    if len(kept) - len(done) >= MOST_KEPT:
        raise TooManyFiles
    for old in done[max(0, MOST_KEPT - 1 - (len(kept) - len(done))) :]:
        # A worker may hold it: what is done is not touched again, but its last part may just be on its way.
        if queries.lock_export(old.id) is not None:
            db.session.execute(delete(ExportPart).where(ExportPart.export_id == old.id))
            db.session.delete(old)


def take_requested() -> bool:
    """Whether this unit asked for a file, asked for once after the commit."""
    return bool(db.session.info.pop("export_requested", False))


def make_pending(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Make the files that were asked for, one after the other, and give how many were made.

    A file that could not be made is tried three times; what broke it is raised. Several workers may do this at once.
    """

    def do(taken: leases.Taken) -> bool:
        with TemporaryFile() as file:
            _write(taken.key, file, stopping)
            return _store(taken, file, clock)

    return leases.run(WORK, do, clock, stopping=stopping)


def forget_expired(*, now: datetime) -> None:
    """Delete the files that were kept for their day."""
    expired = queries.expired_export_ids(now=now)
    if expired:
        db.session.execute(delete(ExportPart).where(ExportPart.export_id.in_(expired)))
        db.session.execute(delete(Export).where(Export.id.in_(expired)))


def _row(registration: Registration, event: Event, tags: Iterable[Tag], *, with_needs: bool) -> list[Cell]:
    given = {answer.question_id: answer.value for answer in registration.answers}
    cells: list[Cell] = [
        registration.name,
        registration.email,
        registration.organisation_name,
        registration.sector.label,
        registration.role,
        registration.state.label,
        registration.mode.label,
        "; ".join(tag.name for tag in tags),
        registration.registered_at.astimezone(event.timezone),
    ]
    cells += [answer_cell(question, given.get(question.id, [])) for question in event.questions]
    if with_needs:
        needs = registration.needs
        cells += [needs.access, needs.dietary] if needs else ["", ""]
    return cells


def _plain(wanted: RegistrationFilter) -> dict[str, Any]:
    """A filter as it is kept with a file; days are written as people write them in addresses."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(wanted).items()}


def _wanted(plain: dict[str, Any]) -> RegistrationFilter:
    return RegistrationFilter(
        text=plain["text"],
        state=RegistrationState(plain["state"]) if plain["state"] else None,
        sector=Sector(plain["sector"]) if plain["sector"] else None,
        # Files asked for before these could be searched for say nothing of them.
        mode=Mode(plain["mode"]) if plain.get("mode") else None,
        organisation=plain.get("organisation", ""),
        tag=plain.get("tag", ""),
        first_day=date.fromisoformat(plain["first_day"]) if plain.get("first_day") else None,
        last_day=date.fromisoformat(plain["last_day"]) if plain.get("last_day") else None,
        zone=plain.get("zone", ""),
        sort=Sort(plain["sort"]),
        descending=plain["descending"],
    )


def _write(export_id: int, file: IO[bytes], stopping: Callable[[], bool]) -> None:
    """Write the list into a file, in one reading transaction and a thousand rows at a time."""
    export = queries.get_export_with_event(export_id)
    event, wanted = export.event, _wanted(export.filters)
    titles = header(event, with_needs=export.with_needs)
    lines = _unless(stopping, rows(event, wanted, with_needs=export.with_needs))
    if export.filetype is FileType.CSV:
        file.writelines(spreadsheets.csv_chunks(titles, lines))
    else:
        file.write(spreadsheets.xlsx_bytes(event.title, titles, lines))
    db.session.rollback()


def _unless(stopping: Callable[[], bool], lines: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    for line in lines:
        if stopping():
            raise leases.StoppedError
        yield line


def _store(taken: leases.Taken, file: IO[bytes], clock: Callable[[], datetime]) -> bool:
    """Keep the file in pieces, each in a short unit, so that no other writer waits long; False if it was taken away."""
    size = file.tell()
    file.seek(0)
    for position, piece in enumerate(iter(lambda: file.read(PART), b"")):
        with transaction.unit():
            if leases.find(WORK, taken) is None:
                return False
            db.session.add(ExportPart(export_id=taken.key, position=position, content=piece))
    with transaction.unit():
        export = leases.find(WORK, taken)
        if export is not None:
            export.size = size
            export.finished_at = clock()
            export.taken_until = None
        return export is not None


def _begin(export: Export) -> None:
    # What an earlier attempt had stored.
    db.session.execute(delete(ExportPart).where(ExportPart.export_id == export.id))


def _fail(export: Export, _problem: str, now: datetime) -> None:
    export.failed_at = now


WORK = leases.Work(
    next_row=queries.lock_next_export,
    row=queries.lock_export,
    key=lambda export: export.id,
    begin=_begin,
    fail=_fail,
)
