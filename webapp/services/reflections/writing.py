"""Writing reflections: begun, an entry for each occasion, saved with its history, and deleted by the owner."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete as delete_rows

from webapp.errors import DomainError, Forbidden, NotFound
from webapp.extensions import db
from webapp.models.accounts import ThingKind, Viewer
from webapp.models.reflections import (
    TITLE,
    ChangeState,
    Reflection,
    ReflectionAnswer,
    ReflectionChange,
    ReflectionDocument,
    ReflectionEntry,
    ReflectionShare,
)
from webapp.queries import reflections as queries
from webapp.services.activity import record
from webapp.services.guarding import record_kept

# What one person writes within it is one change in the history.
TOGETHER = timedelta(minutes=10)
DOUBLE_CLICK = timedelta(minutes=1)
MOST_ENTRIES = 100


class EntryChanged(DomainError):
    """Somebody else wrote in the entry since the page was opened."""

    code = "changed_meanwhile"
    message = "Somebody else wrote here since you opened the page. What stands now is shown beside what you typed."


class NotOffered(DomainError):
    """The tool cannot be begun any more, or not yet."""

    code = "not_offered"
    message = "This tool is not offered any more, so nothing new can be begun with it."


class TooManyEntries(DomainError):
    """As many entries as a reflection holds."""

    code = "too_many_entries"
    message = f"A reflection holds {MOST_ENTRIES} entries at most. Begin a new one."


class StandsNow(DomainError):
    """The words stand in the entry, so they cannot be erased from its history alone."""

    code = "stands_now"
    message = "These words stand in the entry now. Change them there first, and erase them then."


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """What is to stand in an entry: its day, what it was about, and the answers by the number of their prompt.

    Those of `waiting`, TITLE among them for what it was about, are kept for their writer alone; of those `settled` what
    waited does so no more.
    """

    held_on: date
    title: str
    texts: Mapping[int, str]
    waiting: Collection[int] = ()
    settled: Collection[int] = ()


def begin(
    framework_id: int, *, title: str, team_id: int | None, held_on: date, viewer: Viewer, now: datetime
) -> ReflectionEntry:
    """Begin a reflection alone or with a team, and give its first entry; a double click gives the same one.

    Raises NotOffered, and NotFound for a team that the viewer does not belong to.
    """
    framework = queries.lock_framework(framework_id)
    if not framework.is_offered:
        raise NotOffered
    if team_id is not None and team_id not in {team.id for team in queries.teams_of(viewer)}:
        raise NotFound
    for one in queries.reflections_of(viewer)[:1]:
        last = one.reflection
        same = (last.framework_id, last.team_id, last.title, last.owner_id) == (
            framework_id, team_id, title, viewer.id,
        )  # fmt: skip
        if same and now - last.created_at < DOUBLE_CLICK:
            return queries.entries_of(last.id)[0]

    reflection = Reflection(
        framework_id=framework.id,
        owner_id=viewer.id,
        team_id=team_id,
        title=title,
        created_at=now,
        updated_at=now,
    )
    db.session.add(reflection)
    db.session.flush()
    record("reflection_begun", ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)
    return _add(reflection, framework.published, held_on, "", now)


def add_entry(reflection_id: int, *, held_on: date, title: str, viewer: Viewer, now: datetime) -> ReflectionEntry:
    """Add an entry that answers the tool as it asks now; a double click gives the same one.

    Raises NotFound for who may not write, and TooManyEntries.
    """
    reflection = _lock(reflection_id, viewer)
    entries = queries.entries_of(reflection.id)
    for one in entries:
        if (one.held_on, one.title) == (held_on, title) and now - one.created_at < DOUBLE_CLICK:
            return one
    if len(entries) >= MOST_ENTRIES:
        raise TooManyEntries
    framework = queries.framework_of(reflection)
    return _add(reflection, framework.published, held_on, title, now)


def save(
    reflection_id: int,
    entry_id: str,
    words: EntryWords,
    *,
    version: int,
    checked: bool,
    viewer: Viewer,
    now: datetime,
    kept: Mapping[str, Any] | None = None,
) -> ReflectionEntry:
    """Save what an entry, given by its public id, says and keep its history; as it stands already, nothing happens.

    `checked` says that all its words were looked through for what could identify a child, and `kept` which kinds of it
    stay and why. Prompts that are not asked are left out. Raises EntryChanged when it is no longer of that version, and
    NotFound for who may not write.
    """
    reflection = _lock(reflection_id, viewer)
    entry = queries.get_entry(reflection.id, entry_id)
    asked = queries.get_version(reflection.framework_id, entry.asked_number).asks
    answers = queries.answers_of([entry.id])[entry.id]
    standing = {no: answer.text for no, answer in answers.items()}
    texts = {prompt.no: words.texts[prompt.no] for prompt in asked.prompts if prompt.no in words.texts}
    waiting = {no: text for no, text in {**texts, TITLE: words.title}.items() if no in words.waiting}
    changed = {no: text for no, text in texts.items() if no not in waiting and text != standing.get(no, "")}
    title = entry.title if TITLE in waiting else words.title
    about = (entry.held_on, entry.title) != (words.held_on, title)
    if (changed or about or waiting) and entry.version != version:
        raise EntryChanged

    own = queries.waiting_in([entry.id], person_id=viewer.id)[entry.id]
    for no, text in waiting.items():
        _let_wait(entry, own.get(no), no, text, viewer, now)
    for no in set(words.settled) & own.keys() - waiting.keys():
        own[no].state = ChangeState.ASIDE
    for no, text in changed.items():
        _write(entry, answers.get(no), no, text, viewer, now)
    if changed or about:
        entry.held_on, entry.title = words.held_on, title
        entry.version += 1
        entry.updated_at = reflection.updated_at = now
    # What was not looked through stays so until somebody sees to it; a look at unchanged words counts too.
    entry.checked = checked or (entry.checked and not changed)
    record_kept(kept or {}, ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)
    db.session.flush()
    return entry


def put_back(
    reflection_id: int, entry_id: str, change: str, *, viewer: Viewer, now: datetime, waits: bool = False
) -> ReflectionEntry:
    """Let an answer say again what it said after a change; what it says now stays in the history. Raises NotFound.

    Words that never stood wait again for their writer to decide, and where it `waits` all others for the viewer.
    """
    reflection = _lock(reflection_id, viewer)
    entry = queries.get_entry(reflection.id, entry_id)
    earlier = queries.get_change(reflection, entry.id, change, viewer=viewer)
    if earlier.state is ChangeState.ERASED:
        raise NotFound
    if waits or earlier.state is not ChangeState.STOOD:
        own = queries.waiting_in([entry.id], person_id=viewer.id)[entry.id].get(earlier.prompt)
        if own is not None:
            own.state = ChangeState.ASIDE
        if earlier.state is ChangeState.STOOD:
            _let_wait(entry, None, earlier.prompt, earlier.text, viewer, now)
        else:
            earlier.state, earlier.at = ChangeState.WAITS, now
        db.session.flush()
        return entry
    answer = queries.answers_of([entry.id])[entry.id].get(earlier.prompt)
    if answer is None or answer.text != earlier.text:
        _write(entry, answer, earlier.prompt, earlier.text, viewer, now, by_itself=True)
        entry.version += 1
        entry.checked = False
        entry.updated_at = reflection.updated_at = now
        db.session.flush()
    return entry


def erase(reflection_id: int, entry_id: str, change: str, *, viewer: Viewer, now: datetime) -> None:
    """Erase the words of one change for good: its writer's, or any as the owner. Erased already, nothing happens.

    That it was done is recorded, without the words. Raises NotFound, Forbidden, and StandsNow for what the entry says.
    """
    reflection = _lock(reflection_id, viewer)
    entry = queries.get_entry(reflection.id, entry_id)
    row = queries.get_change(reflection, entry.id, change, viewer=viewer)
    if viewer.id not in {row.by_id, reflection.owner_id}:
        raise Forbidden("Only whoever wrote these words can erase them, or whoever began the reflection.")
    if row.state is ChangeState.ERASED:
        return
    last = queries.find_last_change(entry.id, row.prompt)
    if row.state is ChangeState.WAITS or (last is not None and last.id == row.id):
        raise StandsNow
    if row.state is ChangeState.ASIDE:
        # Nobody else ever knew of it.
        db.session.delete(row)
    else:
        row.text, row.state = "", ChangeState.ERASED
    record("words_erased", ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)
    db.session.flush()


def rename(reflection_id: int, title: str, *, viewer: Viewer, now: datetime) -> None:
    """Change what a reflection is called. Raises NotFound for who may not write."""
    reflection = _lock(reflection_id, viewer)
    if reflection.title != title:
        reflection.title, reflection.updated_at = title, now


def delete_entry(reflection_id: int, entry_id: str, *, viewer: Viewer, now: datetime) -> None:
    """Delete an entry with its history. Raises Forbidden for anybody but the owner of the reflection."""
    reflection = queries.lock_reflection(reflection_id)
    _check_owner(reflection, viewer)
    entry = queries.get_entry(reflection.id, entry_id)
    _forget_entries([entry.id])
    reflection.updated_at = now
    record("entry_deleted", ThingKind.REFLECTION, reflection.id, actor=viewer.actor, now=now)


def delete(reflection_id: int, *, viewer: Viewer, now: datetime) -> None:
    """Delete a reflection with everything in it. Raises Forbidden for anybody but its owner."""
    reflection = queries.lock_reflection(reflection_id)
    _check_owner(reflection, viewer)
    _forget_entries([entry.id for entry in queries.entries_of(reflection.id)])
    for rows in (ReflectionShare, ReflectionDocument):
        db.session.execute(delete_rows(rows).where(rows.reflection_id == reflection.id))
    db.session.delete(reflection)
    record("reflection_deleted", ThingKind.REFLECTION, reflection_id, actor=viewer.actor, now=now)


def _lock(reflection_id: int, viewer: Viewer) -> Reflection:
    """The reflection, locked; whoever was shared out a moment ago may write no more."""
    reflection = queries.lock_reflection(reflection_id)
    if not queries.may_write(reflection.id, viewer=viewer):
        raise NotFound
    return reflection


def _check_owner(reflection: Reflection, viewer: Viewer) -> None:
    if reflection.owner_id != viewer.id:
        raise Forbidden("Only whoever began a reflection can delete it.")


def _add(reflection: Reflection, asked_number: int, held_on: date, title: str, now: datetime) -> ReflectionEntry:
    entry = ReflectionEntry(
        reflection_id=reflection.id,
        asked_number=asked_number,
        title=title,
        held_on=held_on,
        created_at=now,
        updated_at=now,
    )
    reflection.updated_at = now
    db.session.add(entry)
    db.session.flush()
    return entry


def _write(
    entry: ReflectionEntry,
    answer: ReflectionAnswer | None,
    prompt: int,
    text: str,
    viewer: Viewer,
    now: datetime,
    *,
    by_itself: bool = False,
) -> None:
    before = answer.text if answer else ""
    if answer is None:
        answer = ReflectionAnswer(entry_id=entry.id, prompt=prompt)
        db.session.add(answer)
    answer.text, answer.changed_at, answer.changed_by_id = text, now, viewer.id
    last = queries.find_last_change(entry.id, prompt)
    # Half of it gone at once may be a slip: what stood there before is kept by itself.
    goes_on = last is not None and last.by_id == viewer.id and now - last.began_at < TOGETHER
    if last is not None and goes_on and not by_itself and len(text) * 2 >= len(before):
        last.text, last.at = text, now
    else:
        db.session.add(
            ReflectionChange(entry_id=entry.id, prompt=prompt, text=text, began_at=now, at=now, by_id=viewer.id)
        )


def _let_wait(
    entry: ReflectionEntry, row: ReflectionChange | None, prompt: int, text: str, viewer: Viewer, now: datetime
) -> None:
    """Keep words for their writer alone; what waited before goes on, or is laid aside where much of it went at once."""
    if row is not None and (row.text == text or (now - row.began_at < TOGETHER and len(text) * 2 >= len(row.text))):
        row.text, row.at = text, now
        return
    if row is not None:
        row.state = ChangeState.ASIDE
    db.session.add(
        ReflectionChange(
            entry_id=entry.id, prompt=prompt, text=text, began_at=now, at=now, by_id=viewer.id, state=ChangeState.WAITS
        )
    )


def _forget_entries(entry_ids: list[int]) -> None:
    for rows in (ReflectionChange, ReflectionAnswer):
        db.session.execute(delete_rows(rows).where(rows.entry_id.in_(entry_ids)))
    db.session.execute(delete_rows(ReflectionEntry).where(ReflectionEntry.id.in_(entry_ids)))
