"""Adding, changing, moving, retiring and deleting an event's questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.events import Event, EventQuestion, QuestionKind
from webapp.queries import events as event_queries
from webapp.queries import questions as queries
from webapp.services.activity import record
from webapp.services.questions.asking import DECIDING, offered

MOST = 50
MOST_CHOICES = 60
LONGEST_CHOICE = 200


class QuestionRefused(DomainError):
    """Something about the question does not fit; `field` names what."""

    code = "question_refused"

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.field = about


class AnswersLost(QuestionRefused):
    """Choices would go that people gave; `counts` says how many gave each."""

    code = "answers_lost"

    def __init__(self, counts: dict[str, int]) -> None:
        named = "; ".join(f"“{choice}”: {_people(number)}" for choice, number in counts.items())
        super().__init__(
            f"You are taking out choices that people have given ({named}). Their answers stay as they gave them, and"
            " nobody can choose them any more. Tick that you want this, then save again.",
            "sure",
        )
        self.counts = counts


class QuestionChanged(DomainError):
    """Somebody else changed the question since it was shown."""

    code = "changed_meanwhile"
    message = (
        "Somebody else changed this question since you opened it, so nothing was saved. What you typed is still here:"
        " look at what stands now, then save it again."
    )


class NotNow(DomainError):
    """The question cannot be moved, retired, deleted or brought back as things stand."""

    code = "not_now"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an organiser wrote of a question; `depends_on` is the public id of another, or empty."""

    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    choices: Sequence[str] = field(default_factory=list)
    depends_on: str = ""
    depends_on_values: Sequence[str] = field(default_factory=list)
    for_organisers: bool = False


def add(event_id: int, wording: Wording, *, actor: Actor, now: datetime) -> EventQuestion:
    """Add a question behind all others. Raises QuestionRefused.

    The same question at the end is that one: its form was sent twice.
    """
    event = _lock(event_id)
    asked = _active(event)
    values = _checked(event, wording, None)
    if asked and all(getattr(asked[-1], name) == value for name, value in values.items()):
        return asked[-1]
    if len(asked) >= MOST:
        raise QuestionRefused(f"An event asks {MOST} questions at most. Retire one first.")

    position = max((question.position for question in event.questions), default=0) + 1
    question = EventQuestion(event_id=event.id, position=position, **values)
    db.session.add(question)
    db.session.flush()
    _record("question_added", question, actor=actor, now=now, label=question.label)
    return question


def edit(
    event_id: int, public_id: str, wording: Wording, *, version: int, sure: bool, actor: Actor, now: datetime
) -> EventQuestion:
    """Change a question; as it is already, nothing happens.

    Raises QuestionChanged when it is no longer of the version shown, AnswersLost unless the organiser is `sure` that
    choices which people gave shall go, QuestionRefused, and NotFound.
    """
    event = _lock(event_id)
    question = queries.get_question(event, public_id)
    values = _checked(event, wording, question)

    changes = {name: [_plain(getattr(question, name)), _plain(new)] for name, new in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return question
    if question.version != version:
        raise QuestionChanged
    if question.retired_at is not None:
        raise NotNow("This question is retired. Bring it back first, then change it.")
    _check_answers(question, values, sure=sure)

    for name, new in values.items():
        setattr(question, name, new)
    question.version += 1
    _record("question_changed", question, actor=actor, now=now, changes=changes)
    return question


def move(event_id: int, public_id: str, place: int, *, actor: Actor, now: datetime) -> int:
    """Put a question at a place among those asked, from 1, or the nearest there is, and give that place.

    Raises NotNow where it would come before the question that it depends on, and NotFound.
    """
    event = _lock(event_id)
    question = queries.get_question(event, public_id)
    order = _active(event)
    if question not in order:
        raise NotNow("This question is retired. Bring it back first, then move it.")
    before = order.index(question) + 1
    place = min(max(1, place), len(order))
    if place == before:
        return place
    order.remove(question)
    order.insert(place - 1, question)
    _check_order(order)

    # Retired questions keep their numbers; those asked share out their own among themselves.
    for one, position in zip(order, sorted(one.position for one in order), strict=True):
        one.position = position
    if len({one.position for one in order}) < len(order):
        for position, one in enumerate(order, start=1):
            one.position = position
    _record("question_moved", question, actor=actor, now=now, changes={"place": [before, place]})
    return place


def retire(event_id: int, public_id: str, *, actor: Actor, now: datetime) -> EventQuestion:
    """Ask a question no longer; its answers stay. Retired already, it stays so. Raises NotNow, and NotFound."""
    event = _lock(event_id)
    question = queries.get_question(event, public_id)
    if question.retired_at is not None:
        return question
    _check_nobody_depends(event, question, "retired", retired_too=False)
    question.retired_at = now
    question.version += 1
    _record("question_retired", question, actor=actor, now=now)
    return question


def restore(event_id: int, public_id: str, *, actor: Actor, now: datetime) -> EventQuestion:
    """Ask a retired question again, behind all others. Asked already, it stays so. Raises NotNow, and NotFound."""
    event = _lock(event_id)
    question = queries.get_question(event, public_id)
    if question.retired_at is None:
        return question
    reason = next((one for one in event.questions if one.id == question.depends_on_id), None)
    if reason is not None and reason.retired_at is not None:
        raise NotNow(f"“{question.label}” depends on “{reason.label}”, which is retired. Bring that one back first.")
    if reason is not None and not set(question.depends_on_values) & set(offered(reason)):
        raise NotNow(f"“{question.label}” depends on answers that “{reason.label}” no longer offers. Add it anew.")
    question.retired_at = None
    question.position = max(one.position for one in event.questions) + 1
    question.version += 1
    _record("question_restored", question, actor=actor, now=now)
    return question


def delete(event_id: int, public_id: str, *, actor: Actor, now: datetime) -> None:
    """Delete a question that nobody has answered. Raises NotNow, and NotFound."""
    event = _lock(event_id)
    question = queries.get_question(event, public_id)
    number = queries.count_answers_to(question.id)
    if number:
        raise NotNow(f"{_people(number).capitalize()} answered “{question.label}”. Retire it: the answers stay.")
    _check_nobody_depends(event, question, "deleted", retired_too=True)
    _record("question_deleted", question, actor=actor, now=now, label=question.label)
    event.questions.remove(question)


def may_decide_on(event: Event, question: EventQuestion | None) -> list[EventQuestion]:
    """The questions on whose answers this one, or a new one, may depend: asked before it, with answers to choose."""
    active = _active(event)
    before = active[: active.index(question)] if question in active else active
    return [one for one in before if one.kind in DECIDING]


def _lock(event_id: int) -> Event:
    """The event with its questions as they are now; nobody registers for it until the unit ends."""
    event = event_queries.get_fresh_event(event_id)
    if event.modes:
        event_queries.lock_places(event.id, event.modes[0])
        event = event_queries.get_fresh_event(event_id)
    return event


def _active(event: Event) -> list[EventQuestion]:
    return [question for question in event.questions if question.retired_at is None]


def _checked(event: Event, wording: Wording, question: EventQuestion | None) -> dict[str, Any]:
    """The columns of a question as written; raises QuestionRefused where something does not fit."""
    reason, values = _reason(event, wording, question)
    found = {
        "kind": wording.kind,
        "label": wording.label,
        "help": wording.help,
        # Nobody can be made to answer for another.
        "required": wording.required and not wording.for_organisers,
        "choices": _choices(wording),
        "depends_on_id": reason.id if reason else None,
        "depends_on_values": values,
        "for_organisers": wording.for_organisers,
    }
    if question is not None:
        _check_those_who_depend(event, question, wording)
    return found


def _choices(wording: Wording) -> list[str]:
    if not wording.kind.has_choices:
        return []
    choices = list(dict.fromkeys(wording.choices))
    if len(choices) < 2:
        raise QuestionRefused("Enter at least two choices, each on a line of its own", "choices")
    if len(choices) > MOST_CHOICES:
        raise QuestionRefused(f"Enter {MOST_CHOICES} choices or fewer; there are {len(choices)}", "choices")
    long = [choice for choice in choices if len(choice) > LONGEST_CHOICE]
    if long:
        raise QuestionRefused(f"A choice must be {LONGEST_CHOICE} characters or fewer: “{long[0][:40]}…”", "choices")
    return choices


def _reason(event: Event, wording: Wording, question: EventQuestion | None) -> tuple[EventQuestion | None, list[str]]:
    if not wording.depends_on:
        return None, []
    reason = next((one for one in may_decide_on(event, question) if one.public_id == wording.depends_on), None)
    if reason is None:
        raise QuestionRefused("A question can depend only on one that is asked before it", "depends")
    if reason.for_organisers and not wording.for_organisers:
        raise QuestionRefused(
            f"“{reason.label}” is answered by organisers, so what people are asked cannot depend on it", "depends"
        )
    values = [value for value in offered(reason) if value in wording.depends_on_values]
    if not values:
        raise QuestionRefused(f"Select an answer that “{reason.label}” offers", "depends")
    return reason, values


def _check_those_who_depend(event: Event, question: EventQuestion, wording: Wording) -> None:
    """Raise QuestionRefused where another question would lose what it depends on."""
    now_offered = set(offered(EventQuestion(kind=wording.kind, choices=list(wording.choices))))
    for one in _active(event):
        if one.depends_on_id != question.id:
            continue
        lost = [value for value in one.depends_on_values if value not in now_offered]
        if lost:
            about = "choices" if wording.kind is question.kind else "kind"
            raise QuestionRefused(
                f"“{one.label}” is asked only of those who answer “{lost[0]}” here. Change that question first", about
            )
        if wording.for_organisers and not one.for_organisers:
            raise QuestionRefused(
                f"“{one.label}” depends on what people answer here. Change that question first", "for_organisers"
            )


def _check_answers(question: EventQuestion, values: dict[str, Any], *, sure: bool) -> None:
    """Raise QuestionRefused where answers would no longer mean what they meant, and AnswersLost where choices go."""
    if question.kind is not values["kind"] or question.for_organisers is not values["for_organisers"]:
        number = queries.count_answers_to(question.id)
        if number and question.kind is not values["kind"]:
            raise QuestionRefused(
                f"{_people(number).capitalize()} answered this already, so it cannot become “{values['kind'].label}”."
                " Retire this question and add another instead: the answers stay",
                "kind",
            )
        if number:
            raise QuestionRefused(
                f"{_people(number).capitalize()} answered this already, so it cannot change who answers it. Retire"
                " this question and add another instead: the answers stay",
                "for_organisers",
            )
    gone = [choice for choice in question.choices if choice not in values["choices"]]
    if gone and not sure:
        counted = queries.count_choices(question.id)
        counts = {choice: counted[choice] for choice in gone if counted[choice]}
        if counts:
            raise AnswersLost(counts)


def _check_order(order: Sequence[EventQuestion]) -> None:
    places = {question.id: place for place, question in enumerate(order)}
    for question in order:
        reason = question.depends_on_id
        if reason is not None and places.get(reason, -1) > places[question.id]:
            of = order[places[reason]]
            raise NotNow(
                f"“{question.label}” is asked only after certain answers to “{of.label}”, so it must follow it."
            )


def _check_nobody_depends(event: Event, question: EventQuestion, what: str, *, retired_too: bool) -> None:
    named = [
        f"“{one.label}”"
        for one in event.questions
        if one.depends_on_id == question.id and (retired_too or one.retired_at is None)
    ]
    if named:
        depend = "depends" if len(named) == 1 else "depend"
        raise NotNow(
            f"“{question.label}” cannot be {what}: {' and '.join(named)} {depend} on its answers. Change that first."
        )


def _record(verb: str, question: EventQuestion, *, actor: Actor, now: datetime, **details: Any) -> None:
    record(verb, ThingKind.QUESTION, question.id, actor=actor, now=now, event_id=question.event_id, **details)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number:,} people"
