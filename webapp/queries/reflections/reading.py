"""Reading reflections: only for their owner, their team, and those they are shared with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.folding import fold_email
from webapp.models.accounts import Viewer
from webapp.models.reflections import (
    ChangeState,
    Reflection,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionEntry,
    ReflectionShare,
    Standing,
    TeamMember,
)

SHOWN = 200
# What stood for all; of what was erased since, that it did.
_STANDING = (ChangeState.STOOD, ChangeState.ERASED)


@dataclass(frozen=True)
class Opened:
    """A reflection that somebody may open, and what they may do with it."""

    reflection: Reflection
    standing: Standing


def reflections_of(viewer: Viewer) -> list[Opened]:
    """All reflections that the viewer may open, those changed last first, up to 200."""
    writes, reads = _reached(viewer, writing=True), _reached(viewer, writing=False)
    statement = _whole(select(Reflection, writes).where(reads))
    statement = statement.order_by(Reflection.updated_at.desc(), Reflection.id.desc()).limit(SHOWN)
    return [Opened(row[0], _standing(row[0], viewer, writes=bool(row[1]))) for row in db.session.execute(statement)]


def get_reflection(public_id: str, *, viewer: Viewer) -> Opened:
    """A reflection with its framework, owner and team; raises NotFound for whoever may not open it."""
    writes, reads = _reached(viewer, writing=True), _reached(viewer, writing=False)
    statement = _whole(select(Reflection, writes).where(Reflection.public_id == public_id, reads))
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Opened(row[0], _standing(row[0], viewer, writes=bool(row[1])))


def public_id_of(reflection_id: int) -> str:
    """The public id of a reflection; the id must be of a row that exists."""
    return db.session.execute(select(Reflection.public_id).where(Reflection.id == reflection_id)).scalar_one()


def lock_reflection(reflection_id: int) -> Reflection:
    """The reflection as it is now, locked until the unit ends; raises NotFound."""
    statement = select(Reflection).where(Reflection.id == reflection_id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_write(reflection_id: int, *, viewer: Viewer) -> bool:
    """Whether the viewer may write in it at this moment, for who holds its lock."""
    statement = select(Reflection.id).where(Reflection.id == reflection_id, _reached(viewer, writing=True))
    return db.session.scalar(statement) is not None


def entries_of(reflection_id: int) -> list[ReflectionEntry]:
    """The entries of a reflection, the earliest first."""
    statement = select(ReflectionEntry).where(ReflectionEntry.reflection_id == reflection_id)
    statement = statement.order_by(ReflectionEntry.held_on, ReflectionEntry.id)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))


def get_entry(reflection_id: int, public_id: str) -> ReflectionEntry:
    """An entry of this reflection; raises NotFound."""
    statement = select(ReflectionEntry).where(
        ReflectionEntry.reflection_id == reflection_id, ReflectionEntry.public_id == public_id
    )
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def answers_of(entry_ids: Collection[int]) -> dict[int, dict[int, ReflectionAnswer]]:
    """What the entries say, with who wrote there last: by the entry's id, then by the prompt's number."""
    statement = (
        select(ReflectionAnswer)
        .where(ReflectionAnswer.entry_id.in_(sorted(entry_ids)))
        .options(joinedload(ReflectionAnswer.changed_by))
        .execution_options(populate_existing=True)
    )
    found: dict[int, dict[int, ReflectionAnswer]] = {entry_id: {} for entry_id in entry_ids}
    for row in db.session.scalars(statement):
        found[row.entry_id][row.prompt] = row
    return found


def changes_of(reflection: Reflection, entry_id: int, *, viewer: Viewer) -> list[ReflectionChange]:
    """How the answers of an entry stood after each change, by prompt and then in order, with who wrote.

    For whoever writes in it: the owner sees all that stood, others what stood since they could open it. Words that
    never stood are among them for their writer alone.
    """
    statement = (
        select(ReflectionChange)
        .where(ReflectionChange.entry_id == entry_id, _shown_to(viewer.id))
        .options(joinedload(ReflectionChange.by))
        .order_by(ReflectionChange.prompt, ReflectionChange.id)
        .execution_options(populate_existing=True)
    )
    found = list(db.session.scalars(statement))
    if reflection.owner_id == viewer.id:
        return found
    since = _opened_to(reflection, viewer)
    # What stood at that moment they could read, and whatever came after; of words of their own they see all.
    first: dict[int, int] = {}
    for one in found:
        if one.state in _STANDING and (since is None or one.began_at <= since):
            first[one.prompt] = one.id
    return [one for one in found if one.by_id == viewer.id or one.id >= first.get(one.prompt, 0)]


def get_change(reflection: Reflection, entry_id: int, public_id: str, *, viewer: Viewer) -> ReflectionChange:
    """One change of those that changes_of gives; raises NotFound for all others."""
    found = next((one for one in changes_of(reflection, entry_id, viewer=viewer) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _opened_to(reflection: Reflection, viewer: Viewer) -> datetime | None:
    """Since when somebody who is not its owner can open a reflection without a break; None where they cannot."""
    folded = fold_email(viewer.email)
    member = select(TeamMember.team_id, TeamMember.added_at).where(TeamMember.email_folded == folded)
    joined = {row[0]: row[1] for row in db.session.execute(member)}
    shares = db.session.scalars(select(ReflectionShare).where(ReflectionShare.reflection_id == reflection.id))
    since = [joined[reflection.team_id]] if reflection.team_id in joined else []
    for one in shares:
        if one.email_folded == folded:
            since.append(one.shared_at)
        elif one.team_id in joined:
            since.append(max(one.shared_at, joined[one.team_id]))
    return min(since, default=None)


def find_last_change(entry_id: int, prompt: int) -> ReflectionChange | None:
    """The last change of one answer after which it stood so."""
    statement = select(ReflectionChange).where(
        ReflectionChange.entry_id == entry_id,
        ReflectionChange.prompt == prompt,
        ReflectionChange.state == ChangeState.STOOD,
    )
    return db.session.scalars(statement.order_by(ReflectionChange.id.desc()).limit(1)).one_or_none()


def waiting_in(entry_ids: Collection[int], *, person_id: int) -> dict[int, dict[int, ReflectionChange]]:
    """The words of one person that wait for them to decide: by the entry's id, then by the prompt's number."""
    statement = (
        select(ReflectionChange)
        .where(
            ReflectionChange.entry_id.in_(sorted(entry_ids)),
            ReflectionChange.by_id == person_id,
            ReflectionChange.state == ChangeState.WAITS,
        )
        .order_by(ReflectionChange.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, dict[int, ReflectionChange]] = {entry_id: {} for entry_id in entry_ids}
    for row in db.session.scalars(statement):
        found[row.entry_id][row.prompt] = row
    return found


def count_entries(reflection_ids: Collection[int]) -> dict[int, int]:
    """How many entries each of these reflections has, by its id; none where it has none."""
    statement = (
        select(ReflectionEntry.reflection_id, func.count())
        .where(ReflectionEntry.reflection_id.in_(sorted(reflection_ids)))
        .group_by(ReflectionEntry.reflection_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _shown_to(person_id: int) -> ColumnElement[bool]:
    """Whether a change may be seen by a person who writes in the reflection."""
    return or_(ReflectionChange.state.in_(_STANDING), ReflectionChange.by_id == person_id)


def _reached(viewer: Viewer, *, writing: bool) -> ColumnElement[bool]:
    """Whether a reflection is the viewer's own, their team's, or shared with them or a team of theirs."""
    folded = fold_email(viewer.email)
    teams = select(TeamMember.team_id).where(TeamMember.email_folded == folded)
    shares = select(ReflectionShare.reflection_id).where(
        or_(ReflectionShare.email_folded == folded, ReflectionShare.team_id.in_(teams))
    )
    if writing:
        shares = shares.where(ReflectionShare.may_write)
    return or_(Reflection.owner_id == viewer.id, Reflection.team_id.in_(teams), Reflection.id.in_(shares))


def _standing(reflection: Reflection, viewer: Viewer, *, writes: bool) -> Standing:
    if reflection.owner_id == viewer.id:
        return Standing.OWNER
    return Standing.WRITER if writes else Standing.READER


def _whole(statement: Select[Reflection, bool]) -> Select[Reflection, bool]:
    return statement.options(
        joinedload(Reflection.framework), joinedload(Reflection.owner), joinedload(Reflection.team)
    )
