"""Doing what was confirmed: at once while it is quick, by the worker when it takes longer; all of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from webapp import transaction
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, ThingKind
from webapp.models.imports import Fate, Import, ImportKind, ImportRow, ImportState
from webapp.queries import drafts as draft_queries
from webapp.queries import events as event_queries
from webapp.queries import imports as queries
from webapp.services import leases
from webapp.services.activity import record
from webapp.services.drafts.changing import changing
from webapp.services.imports import agenda_writing, people_writing
from webapp.services.imports.rows import Given, ImportRefused, given_of
from webapp.services.imports.staging import Judgement, check_takes_people, judge, keep

# About two seconds of work.
AT_ONCE = {ImportKind.AGENDA: 1_500, ImportKind.REGISTRATIONS: 1_500}
STEP = 1_000
MOVED = (
    "Something has changed since this list was made, so nothing was read in. This is what would become of the rows now:"
    " look at it, then confirm again."
)
FAILED = "It could not be done, and nothing was changed. Upload the file again; if that fails too, write to us."

_S = ImportState


def confirm(import_id: int, *, leaving_out: bool, actor: Actor, now: datetime) -> Import:
    """Do what was shown, or ask the worker to when it is much; asked for already, nothing more happens.

    If things stand otherwise by now nothing is done, and the import says so with its rows judged anew.
    Raises ImportRefused while rows cannot be taken and are not to be left out, and when there is nothing to do.
    """
    row = queries.lock_import(import_id)

    if row.state is not _S.STAGED:
        return row
    refused = row.counts[Fate.REFUSED]
    if refused and not leaving_out:
        raise ImportRefused(
            f"{refused:,} row{'' if refused == 1 else 's'} cannot be taken. Put the file right and upload it again, or"
            " tick that you want to leave them out."
        )
    if not row.counts[Fate.NEW] + row.counts[Fate.CHANGED]:
        raise ImportRefused("There is nothing to do: no row would add or change anything.")

    row.problem = ""
    if row.total > AT_ONCE[row.kind]:
        row.state, row.done, row.attempts, row.taken_until = _S.REQUESTED, 0, 0, None
        row.options = {**row.options, "confirmed_by": actor.person_id}
        db.session.info["import_requested"] = True
    else:
        _apply(row, _ready(row.id), actor=actor, now=now)
    return row


def take_requested() -> bool:
    """Whether this unit asked for an import by the worker, asked for once after the commit."""
    return bool(db.session.info.pop("import_requested", False))


def apply_requested(clock: Callable[[], datetime], *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Do the imports that were asked for, one after the other, and give how many were done.

    One that breaks is tried three times; what broke it is raised. Several workers may do this at once.
    """

    def do(taken: leases.Taken) -> bool:
        ready = _prepare(taken)
        with transaction.long_unit():
            row = leases.find(WORK, taken)
            if row is not None:
                # Not always who uploaded it.
                who = row.options.get("confirmed_by") or row.person_id
                _apply(row, ready, actor=Actor(ActorKind.PERSON, who), now=clock())
        return row is not None

    return leases.run(WORK, do, clock, stopping=stopping)


def forget_expired(*, now: datetime, limit: int) -> int:
    """Delete imports whose seven days are over, at most so many of their rows at once; gives how many rows went."""
    gone = 0
    for import_id in queries.expired_import_ids(now=now):
        ids = [row.id for row in queries.find_oldest_rows(import_id, limit - gone)]
        if ids:
            db.session.execute(delete(ImportRow).where(ImportRow.id.in_(ids)))
            gone += len(ids)
        if gone >= limit:
            return gone
        db.session.execute(delete(Import).where(Import.id == import_id))
    return gone


@dataclass(frozen=True)
class _Ready:
    """The rows as they were shown, and what could be made of them before anything was locked."""

    shown: Sequence[queries.Shown]
    givens: Sequence[Given]
    prepared: dict[int, Any] = field(default_factory=dict)


def _ready(import_id: int) -> _Ready:
    shown = queries.rows_of(import_id)
    return _Ready(shown, [given_of(one) for one in shown])


def _apply(row: Import, ready: _Ready, *, actor: Actor, now: datetime) -> None:
    """Judge the rows again under the lock of what they change, and do it unless anything comes out otherwise."""
    shown, givens = ready.shown, ready.givens
    judgement = _judge_locked(row, givens, shown, now)
    agreed = all(new.agrees(old) for new, old in zip(judgement.rows, shown, strict=True))
    row.taken_until = None
    if not agreed:
        keep(row, judgement)
        row.state, row.done, row.problem = _S.STAGED, 0, MOVED
        return
    if row.kind is ImportKind.AGENDA:
        with changing(row.of_event, now):
            agenda_writing.write(judgement.verdict, judgement.standing, actor=actor, now=now)
    else:
        prepared = ready.prepared or {given.number: people_writing.prepare(given) for given in givens}
        posted = people_writing.write(
            judgement.rows, judgement.standing, letters=row.options["letters"], prepared=prepared, actor=actor, now=now
        )
        row.options = {**row.options, "posted": posted}
    row.state, row.applied_at, row.done = _S.APPLIED, now, row.total
    record(
        f"{row.kind.value}_imported",
        ThingKind.IMPORT,
        row.id,
        actor=actor,
        now=now,
        event_id=row.event_id,
        new=row.counts[Fate.NEW],
        changed=row.counts[Fate.CHANGED],
        left_out=row.counts[Fate.REFUSED],
    )


def _judge_locked(row: Import, givens: Sequence[Given], shown: Sequence[queries.Shown], now: datetime) -> Judgement:
    updates = bool(row.options["updates"])
    if row.kind is ImportKind.AGENDA:
        draft_queries.lock_draft(row.of_event)
        return judge(row.kind, queries.get_event_of(row.of_event), givens, updates=updates, now=now)
    wanted = [given for given, one in zip(givens, shown, strict=True) if one.fate is Fate.NEW]
    people_writing.make_people(wanted, now=now)
    modes = queries.get_event_of(row.of_event).modes
    if modes:
        event_queries.lock_places(row.of_event, modes[0])
    event = queries.get_event_of(row.of_event)
    check_takes_people(event)
    return judge(row.kind, event, givens, updates=updates, now=now)


def _prepare(taken: leases.Taken) -> _Ready:
    """Make ready what takes long and needs no lock, a thousand rows at a time, and say how far it is.

    The rows are read here too: while a worker has the import, nobody else changes them.
    """
    ready = _ready(taken.key)
    kind = queries.kind_of(taken.key)
    db.session.rollback()
    if kind is not ImportKind.REGISTRATIONS:
        return ready
    for start in range(0, len(ready.givens), STEP):
        part = ready.givens[start : start + STEP]
        ready.prepared.update({given.number: people_writing.prepare(given) for given in part})
        with transaction.unit():
            row = leases.find(WORK, taken)
            if row is not None:
                row.done = start + len(part)
    return ready


def _begin(row: Import) -> None:
    row.done = 0


def _fail(row: Import, problem: str, _now: datetime) -> None:
    row.state, row.problem = _S.FAILED, problem


WORK = leases.Work(
    next_row=queries.lock_next_import,
    row=queries.lock_import,
    key=lambda row: row.id,
    begin=_begin,
    fail=_fail,
    failed=FAILED,
)
