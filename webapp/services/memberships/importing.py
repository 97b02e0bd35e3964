"""Members of a programme read in from a file: each row with what would become of it, then all at once as was shown."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from webapp import outbox
from webapp.database import insert_many, new_public_id
from webapp.extensions import db
from webapp.folding import fold, fold_email
from webapp.formats.tables import Row, read_table
from webapp.models.accounts import Actor, ThingKind
from webapp.models.belonging import MemberRole
from webapp.models.imports import Fate, Import, ImportKind, ImportRow, ImportState
from webapp.models.memberships import How, Membership, Where
from webapp.models.operations import FileType
from webapp.models.programmes import Programme
from webapp.notices import memberships as notices
from webapp.queries import accounts as account_queries
from webapp.queries import imports as import_queries
from webapp.queries import memberships as queries
from webapp.queries.memberships import Spot
from webapp.queries.organisations import Listed, organisations_by_name
from webapp.services.activity import record, record_each
from webapp.services.imports import ImportRefused
from webapp.services.imports.applying import MOVED
from webapp.services.imports.columns import Column, missing, places_of
from webapp.services.imports.files import as_file
from webapp.services.imports.inserting import insert_with_ids
from webapp.services.imports.people_reading import email_in, fitting, needed, short
from webapp.services.imports.people_writing import make_people
from webapp.services.imports.rows import Change, Given, Judged, given_of
from webapp.services.imports.staging import KEPT, NAMED, own_name

MOST_ROWS = 5_000
COLUMNS: Mapping[str, Column] = {
    "name": Column("Name", "First name and surname.", ("Full name", "Member", "Person"), required=True),
    "first": Column("First name", "If it has a column of its own.", ("Forename", "Given name")),
    "last": Column("Surname", "The same.", ("Last name", "Family name")),
    "email": Column(
        "E-mail address", "By it people are told apart.", ("E-mail", "Mail", "Email address"), required=True
    ),
    "role": Column("Role", "Area lead, member, coach, evaluator or department; left empty, member.", ("Part",)),
    "area": Column("Area", "The name of an area.", ("Local authority", "Council", "Place")),
    "wave": Column("Wave", "The name of a wave, for those of no area in it.", ("Round", "Cohort")),
    "group": Column("Group", "The name of a group. Without area, wave and group, it is the programme.", ("Community",)),
    "organisation": Column("Organisation", "Who they work for, by its name on our list.", ("Organization", "Employer")),
}
_NOT_OFFERED = {"first", "last"}
_ROLES = {
    "": MemberRole.MEMBER,
    "lead": MemberRole.LEAD,
    **{role.value: role for role in MemberRole},
    **{fold(role.label): role for role in MemberRole},
}


# What stands in no name, and runs or leads somewhere in the programs that names are handed on to.
_NO_NAME = re.compile(r"^[=+@]|://|[<>{}|\\]|www\.", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class MembersReading:
    """A file as it was read: its rows, and what of it is left aside."""

    filename: str
    rows: Sequence[Given]
    ignored: Sequence[str] = ()
    sheet: str = ""
    other_sheets: Sequence[str] = ()


@dataclass(frozen=True)
class _Standing:
    """What the rows meet: who is known and belongs where, and which organisations there are."""

    spots: Mapping[str, Spot]
    people: Mapping[str, int]
    roles: Mapping[tuple[str, int], tuple[int, MemberRole]]
    organisations: Mapping[str, Listed]


def columns_offered() -> Sequence[Column]:
    """The columns that a file of members may have, as our own have them."""
    return [column for name, column in COLUMNS.items() if name not in _NOT_OFFERED]


def template_file(programme: Programme, filetype: FileType) -> bytes:
    """A file with the headings and two rows to write over, by the programme's own areas and waves."""
    spots = queries.spots_in(programme)
    area = next((one for one in spots if one.where.area_id is not None), None)
    rows = [
        ["Ann Lee", "ann.lee@example.org", MemberRole.LEAD.label if area else None, area.name if area else None],
        ["Ben Osei", "ben.osei@example.org", MemberRole.DEPARTMENT.label, None],
    ]
    header = [column.heading for column in columns_offered()]
    return as_file(programme.name, header, [[*row, *[None] * (len(header) - len(row))] for row in rows], filetype)


def members_file(programme: Programme, rows: Iterable[Membership], filetype: FileType) -> bytes:
    """Members in just the columns of the import; read in again as they are, they change nothing."""
    lines = [
        [
            row.person.name,
            row.person.email,
            row.role.label,
            row.area.name if row.area else None,
            row.wave.name if row.wave else None,
            row.community.name if row.community else None,
            row.organisation.name if row.organisation else None,
        ]
        for row in rows
    ]
    return as_file(programme.name, [column.heading for column in columns_offered()], lines, filetype)


def read_members(programme: Programme, content: bytes, *, filename: str) -> MembersReading:
    """The rows of a file, each understood by itself.

    Raises UnreadableTableError for what is no table, and ImportRefused for one without the columns that it takes.
    """
    table = read_table(content, filename=filename, most_rows=MOST_ROWS)
    places, ignored = places_of(table, COLUMNS)
    lacking = missing(places, COLUMNS)
    if lacking:
        names = " and ".join(f"“{heading}”" for heading in lacking)
        raise ImportRefused(
            f"There is no column {names}. The first row of the table must hold the headings; the template has them all."
        )
    if not table.rows:
        raise ImportRefused("There are headings in this file, and no rows under them.")
    spots = queries.spots_in(programme)
    return MembersReading(
        filename=own_name(filename),
        rows=[_read(row, places, spots) for row in table.rows],
        ignored=[short(heading) for heading in ignored[:NAMED]],
        sheet=table.sheet,
        other_sheets=[short(name) for name in table.other_sheets[:NAMED]],
    )


def stage_members(
    programme: Programme, reading: MembersReading, *, letters: bool, person_id: int, now: datetime
) -> Import:
    """Keep the rows with what would become of them; nothing else is done."""
    row = Import(
        kind=ImportKind.MEMBERS,
        programme_id=programme.id,
        person_id=person_id,
        filename=reading.filename,
        state=ImportState.STAGED,
        options={
            "letters": letters,
            "ignored": list(reading.ignored),
            "sheet": reading.sheet,
            "other_sheets": list(reading.other_sheets),
        },
        total=len(reading.rows),
        created_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(row)
    db.session.flush()
    _keep(row, _judge(reading.rows, _standing(programme, reading.rows)))
    return row


def confirm_members(import_id: int, *, leaving_out: bool, actor: Actor, now: datetime) -> Import:
    """Do what was shown, once; done already, nothing more happens.

    If things stand otherwise by now nothing is done, and the import says so with its rows judged anew.
    Raises ImportRefused while rows cannot be taken and are not to be left out, and when there is nothing to do.
    """
    row = import_queries.lock_import(import_id)
    if row.state is not ImportState.STAGED or row.programme_id is None:
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
    shown = import_queries.rows_of(row.id)
    givens = [given_of(one) for one in shown]
    make_people([given for given, one in zip(givens, shown, strict=True) if one.fate is Fate.NEW], now=now)
    judged = _judge(givens, _standing(queries.lock_belonging(row.programme_id), givens))
    if not all(new.agrees(old) for new, old in zip(judged, shown, strict=True)):
        _keep(row, judged)
        row.problem = MOVED
        return row
    _write(row, judged, actor, now)
    row.state, row.applied_at, row.done = ImportState.APPLIED, now, row.total
    counts = {"new": row.counts[Fate.NEW], "changed": row.counts[Fate.CHANGED], "left_out": refused}
    record("members_imported", ThingKind.IMPORT, row.id, actor=actor, now=now, **counts)
    return row


def _read(row: Row, places: Mapping[str, int], spots: Sequence[Spot]) -> Given:
    problems = [row.problem] if row.problem else []
    cells = {name: " ".join(row.cells[place].split()) for name, place in places.items()}
    name = cells.get("name", "") or " ".join(filter(None, (cells.get("first", ""), cells.get("last", ""))))
    values: dict[str, Any] = {
        "name": needed(name, "name", 200, problems),
        "email": email_in(cells.get("email", ""), problems),
        "organisation": fitting(cells.get("organisation", ""), "organisation", 200, problems),
    }
    if _NO_NAME.search(values["name"]):
        problems.append(f"“{short(values['name'])}” is no name: it holds a formula, an address or a mark of computers.")
    role = _ROLES.get(fold(cells.get("role", "")))
    if role is None:
        known = "; ".join(one.label for one in MemberRole)
        problems.append(f"“{short(cells['role'])}” is no role. The roles are: {known}.")
    values["role"] = role.value if role else ""
    spot = _spot(cells, spots, problems)
    if spot is not None and role is not None and not spot.where.takes(role):
        problems.append("Only an area has leads: put an area into the row, or another role.")
    values["place"] = spot.place if spot else ""
    values["told"] = ", ".join(filter(None, (values["email"], role.label if role else "", spot.label if spot else "")))
    title = values["name"] or short(cells.get("email", ""))
    return Given(number=row.number, title=title, values=values, problems=problems)


def _spot(cells: Mapping[str, str], spots: Sequence[Spot], problems: list[str]) -> Spot | None:
    """What a row says that somebody belongs to; None with a problem where there is no such thing, or several."""
    area, wave, group = (fold(cells.get(name, "")) for name in ("area", "wave", "group"))
    if group and (area or wave):
        problems.append("It names a group and an area or wave: put each into a row of its own.")
        return None
    what = "area" if area else "group" if group else "wave"
    if not (area or wave or group):
        return spots[0]
    found = [one for one in spots if _is_called(one, area, wave, group)]
    if len(found) == 1:
        return found[0]
    said = short(cells[what])
    if found:
        problems.append(f"There are several areas “{said}” in this programme: say the wave, too.")
    elif area and any(_is_called(one, area, "", "") for one in spots):
        problems.append(f"The area “{said}” is not in the wave “{short(cells['wave'])}”.")
    else:
        problems.append(f"There is no {what} “{said}” in this programme. Make it first, or correct its name.")
    return None


def _is_called(spot: Spot, area: str, wave: str, group: str) -> bool:
    where, name = spot.where, fold(spot.name)
    if area:
        return where.area_id is not None and name == area and (not wave or fold(spot.within) == wave)
    if group:
        return where.community_id is not None and name == group
    return where.wave_id is not None and where.area_id is None and name == wave


def _standing(programme: Programme, givens: Sequence[Given]) -> _Standing:
    spots = {one.place: one for one in queries.spots_in(programme)}
    people = import_queries.people_by_email(given.values["email"] for given in givens if given.values["email"])
    asked: dict[str, set[int]] = {}
    for given in givens:
        person = people.get(fold_email(given.values["email"]))
        if person is not None and given.values["place"] in spots:
            asked.setdefault(given.values["place"], set()).add(person)
    roles = {
        (place, person): found
        for place, ids in asked.items()
        for person, found in queries.roles_at(spots[place].where, sorted(ids)).items()
    }
    named = {given.values["organisation"] for given in givens}
    return _Standing(spots, people, roles, organisations_by_name(named))


def _judge(givens: Sequence[Given], standing: _Standing) -> list[Judged]:
    rows = [Judged(given=given, problems=list(given.problems)) for given in givens]
    first: dict[tuple[str, Any], int] = {}
    for row in rows:
        _judge_one(row, standing, first)
        if row.problems:
            row.fate, row.changes = Fate.REFUSED, []
    return rows


def _judge_one(row: Judged, standing: _Standing, first: dict[tuple[str, Any], int]) -> None:
    values = row.given.values
    place, role = values["place"], values["role"]
    if place and place not in standing.spots:
        row.problems.append("What it belongs to is not there any more.")
    if values["email"] and place:
        folded = fold_email(values["email"])
        whose: tuple[str, Any] = (place, standing.people.get(folded, folded))
        if whose in first:
            row.problems.append(f"It is the same person in the same place as in row {first[whose]:,}.")
        first.setdefault(whose, row.given.number)
        row.target = standing.roles.get(whose)
    if row.problems:
        return
    row.write = {"where": standing.spots[place].where, "role": MemberRole(role)}
    known = standing.organisations.get(fold(values["organisation"]))
    row.write["organisation_id"] = known.id if known else None
    if values["organisation"] and known is None:
        row.note = f"“{short(values['organisation'])}” is not on our list of organisations, so it is left open."
    if row.target is not None:
        before = row.target[1]
        row.fate = Fate.SAME if before is row.write["role"] else Fate.CHANGED
        row.changes = (
            [] if row.fate is Fate.SAME else [Change(what="Role", before=before.label, after=MemberRole(role).label)]
        )


def _keep(row: Import, judged: Sequence[Judged]) -> None:
    """Put the judged rows in the place of those that were kept before."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == row.id))
    rows = [
        {"import_id": row.id, "number": one.given.number, "fate": one.fate, "message": one.message, "data": one.kept()}
        for one in judged
    ]
    insert_many(db.session, ImportRow.__table__, rows)
    counts = Counter(one.fate.value for one in judged)
    row.counts = {fate.value: counts[fate.value] for fate in Fate}


def _write(row: Import, judged: Sequence[Judged], actor: Actor, now: datetime) -> None:
    new = [one for one in judged if one.fate is Fate.NEW]
    people = import_queries.people_by_email(one.given.values["email"] for one in new)
    made = [_membership(one, people, actor, now) for one in new]
    ids = insert_with_ids(Membership, made)
    details = [(key, {"role": one.write["role"].label}) for key, one in zip(ids, new, strict=True)]
    record_each("membership_added", ThingKind.MEMBERSHIP, details, actor=actor, now=now)

    changed = {one.target[0]: one for one in judged if one.fate is Fate.CHANGED}
    for membership in queries.rows_of(list(changed)):
        membership.role = changed[membership.id].write["role"]
    told = [(key, {"role": one.write["role"].label}) for key, one in changed.items()]
    record_each("membership_changed", ThingKind.MEMBERSHIP, told, actor=actor, now=now)
    if row.options["letters"]:
        by = account_queries.get_person(actor.person_id).name if actor.person_id else ""
        written = [notices.added(one.person, one, by=by) for one in queries.rows_of(ids, whole=True)]
        anew = [one for one in queries.rows_of(list(changed), whole=True) if one.person_id != actor.person_id]
        written += [notices.changed(one.person, one, by=by) for one in anew]
        row.options = {**row.options, "posted": outbox.post_many(written, now=now)}


def _membership(one: Judged, people: Mapping[str, int], actor: Actor, now: datetime) -> dict[str, Any]:
    where: Where = one.write["where"]
    return {
        # Made here, since many rows at once ask no default that looks at the others of its row.
        "place": where.place,
        **where.columns(),
        "person_id": people[fold_email(one.given.values["email"])],
        "role": one.write["role"],
        "organisation_id": one.write["organisation_id"],
        "how": How.IMPORTED,
        "added_by_id": actor.person_id,
        "joined_at": now,
        "public_id": new_public_id(),
    }
