"""Frameworks of outcomes and prompts: edited as a draft, published in versions, retired."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from webapp.errors import DomainError, NotFound
from webapp.extensions import db
from webapp.folding import slug
from webapp.models.accounts import Actor, ThingKind
from webapp.models.reflections import Asked, Framework, FrameworkVersion, Outcome, Prompt
from webapp.queries import reflections as queries
from webapp.services.activity import record

MOST_OUTCOMES = 20
MOST_PROMPTS = 20
Row = TypeVar("Row")


class FrameworkChanged(DomainError):
    """Somebody else changed the tool since the page was opened."""

    code = "changed_meanwhile"
    message = "Somebody else changed this tool since you opened the page. What stands now is shown beside your words."


class FrameworkRefused(DomainError):
    """What is asked for cannot be done with the tool as it is."""

    code = "framework_refused"


@dataclass(frozen=True, kw_only=True)
class OutcomeWords:
    """One outcome as it was typed: prompts with their number, or None for a new one; empty ones are left out."""

    title: str
    about: str
    prompts: Sequence[tuple[int | None, str]]


def create(programme_id: int, *, title: str, summary: str, actor: Actor, now: datetime) -> Framework:
    """A new tool of a programme, with nothing in it, that only its organisers see."""
    framework = Framework(
        slug=slug(title),
        programme_id=programme_id,
        title=title,
        summary=summary,
        draft=Asked().plain(),
        created_at=now,
        updated_at=now,
    )
    db.session.add(framework)
    db.session.flush()
    record("framework_created", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now)
    return framework


def describe(framework_id: int, *, title: str, summary: str, version: int, actor: Actor, now: datetime) -> Framework:
    """Change what the tool is called and what it is for, at once and for all versions. Raises FrameworkChanged."""
    framework = queries.lock_framework(framework_id)
    before = {"title": framework.title, "summary": framework.summary}
    after = {"title": title, "summary": summary}
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if not changes:
        return framework
    _check(framework, version)

    framework.title, framework.summary, framework.slug = title, summary, slug(title)
    _touch(framework, now)
    record("framework_changed", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now, changes=changes)
    return framework


def put_outcome(
    framework_id: int, no: int | None, words: OutcomeWords, *, version: int, actor: Actor, now: datetime
) -> Framework:
    """Change an outcome of the draft, or add one at its end where `no` is None; numbers are never given again.

    Raises FrameworkChanged, FrameworkRefused when there are too many, and NotFound for one that is gone.
    """
    framework = queries.lock_framework(framework_id)
    asked = framework.drafted
    old = next((one for one in asked.outcomes if one.no == no), None)
    if no is not None and old is None:
        raise NotFound
    if old is None and len(asked.outcomes) >= MOST_OUTCOMES:
        raise FrameworkRefused(f"A tool has {MOST_OUTCOMES} outcomes at most.")
    last = asked.last_no
    if old is None:
        last += 1
    mine = {prompt.no for prompt in old.prompts} if old else set()
    prompts = []
    for number, text in words.prompts:
        if not text:
            continue
        if number is None or number not in mine:
            last += 1
            number = last  # noqa: PLW2901 -- one that is new is given the next number
        prompts.append(Prompt(no=number, text=text))
    if len(prompts) > MOST_PROMPTS:
        raise FrameworkRefused(f"An outcome has {MOST_PROMPTS} prompts at most.")

    new = Outcome(no=old.no if old else asked.last_no + 1, title=words.title, about=words.about, prompts=tuple(prompts))
    if new == old:
        return framework
    _check(framework, version)
    outcomes = [new if one is old else one for one in asked.outcomes] if old else [*asked.outcomes, new]
    _redraft(framework, Asked(outcomes=tuple(outcomes), last_no=last), actor=actor, now=now)
    return framework


def remove_outcome(framework_id: int, no: int, *, actor: Actor, now: datetime) -> None:
    """Take an outcome with its prompts out of the draft; gone already, nothing happens."""
    framework = queries.lock_framework(framework_id)
    asked = framework.drafted
    left = tuple(one for one in asked.outcomes if one.no != no)
    if len(left) < len(asked.outcomes):
        _redraft(framework, replace(asked, outcomes=left), actor=actor, now=now)


def move(framework_id: int, no: int, *, up: bool, actor: Actor, now: datetime) -> None:
    """Move an outcome, or a prompt within its outcome, up or down by one; at the end of its row it stays."""
    framework = queries.lock_framework(framework_id)
    asked = framework.drafted
    outcomes = tuple(
        replace(one, prompts=_moved(one.prompts, [prompt.no for prompt in one.prompts], no, up=up))
        for one in _moved(asked.outcomes, [one.no for one in asked.outcomes], no, up=up)
    )
    if outcomes != asked.outcomes:
        _redraft(framework, replace(asked, outcomes=outcomes), actor=actor, now=now)


def publish(framework_id: int, *, actor: Actor, now: datetime) -> FrameworkVersion:
    """Let the draft be what is asked from now on; as it stands already, nothing happens.

    Raises FrameworkRefused while there is no prompt in it.
    """
    framework = queries.lock_framework(framework_id)
    asked = framework.drafted
    if framework.published:
        standing = queries.get_version(framework.id, framework.published)
        if standing.asks.outcomes == asked.outcomes:
            return standing
    if not any(asked.prompts):
        raise FrameworkRefused("Add an outcome with at least one prompt first.")
    empty = next((one for one in asked.outcomes if not one.prompts), None)
    if empty is not None:
        raise FrameworkRefused(f"“{empty.title}” has no prompt. Add one, or take the outcome out.")

    version = FrameworkVersion(
        framework_id=framework.id,
        number=framework.published + 1,
        asked=asked.plain(),
        published_at=now,
        published_by_id=actor.person_id,
    )
    framework.published = version.number
    _touch(framework, now)
    db.session.add(version)
    db.session.flush()
    record("framework_published", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now, version=version.number)
    return version


def retire(framework_id: int, *, actor: Actor, now: datetime) -> None:
    """Offer the tool no more; what was begun with it goes on."""
    framework = queries.lock_framework(framework_id)
    if framework.retired_at is None:
        framework.retired_at = now
        _touch(framework, now)
        record("framework_retired", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now)


def offer_again(framework_id: int, *, actor: Actor, now: datetime) -> None:
    """Offer a retired tool again."""
    framework = queries.lock_framework(framework_id)
    if framework.retired_at is not None:
        framework.retired_at = None
        _touch(framework, now)
        record("framework_restored", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now)


def _moved(rows: tuple[Row, ...], numbers: list[int], no: int, *, up: bool) -> tuple[Row, ...]:
    if no not in numbers:
        return rows
    at = numbers.index(no)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return rows
    moved = list(rows)
    moved[at], moved[to] = moved[to], moved[at]
    return tuple(moved)


def _check(framework: Framework, version: int) -> None:
    if framework.version != version:
        raise FrameworkChanged


def _redraft(framework: Framework, asked: Asked, *, actor: Actor, now: datetime) -> None:
    framework.draft = asked.plain()
    _touch(framework, now)
    record("framework_changed", ThingKind.FRAMEWORK, framework.id, actor=actor, now=now)


def _touch(framework: Framework, now: datetime) -> None:
    framework.version += 1
    framework.updated_at = now
