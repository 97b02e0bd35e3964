"""The guard on what is answered in one's own words: asked where it is written, and once more before it is sent."""

from collections.abc import Mapping
from dataclasses import replace

from flask import request

from webapp.blueprints.guards import Guard, Said, State, Typed, check
from webapp.blueprints.guards import Place as Readers
from webapp.blueprints.surveys.answering import Place
from webapp.blueprints.surveys.reading import Parts
from webapp.models.surveys import Privacy


def guarded(place: Place, given: Mapping[int, Parts]) -> tuple[Guard, dict[int, Parts]]:
    """What the guard says of these answers, and the answers to go on with: reworded where that was chosen.

    What was kept with a reason, or sent, is not asked about again, on whatever device.
    """
    typed, said, before = _typed(place, given), Said.of(request.form), passed(place)
    guard = check(typed, Readers.PRIVATE, replace(said, seen=said.seen | before))
    if guard.marks <= before and not said.keep and not said.reword:
        return replace(guard, state=State.CLEAR), dict(given)
    changed = {
        no: tuple(
            replace(one, text=guard.texts.get(_field(place, no, one.part), one.text)) if one.text else one
            for one in parts
        )
        for no, parts in given.items()
    }
    return guard, changed


def passed(place: Place) -> frozenset[str]:
    """Marks of what somebody let stand with a reason in what they saved, or has sent."""
    if place.so_far.sent and not place.so_far.has_draft:
        return check(_typed(place, place.so_far.given), Readers.PRIVATE, Said()).marks
    return place.so_far.kept


def is_kept(place: Place, guard: Guard) -> bool:
    """Whether the words that are asked about were kept already as they were typed, or sent."""
    if not guard.doubts:
        return False
    kept = {one.field: one.text for one in _typed(place, place.so_far.given)}
    return all(kept.get(doubt.field) == guard.texts[doubt.field] for doubt in guard.doubts)


def is_recorded(place: Place) -> bool:
    """Whether a reason may be kept: not where an entry with an actor and a time would tell whose answer it is."""
    return place.survey.privacy is Privacy.NAMED and place.who.is_known


def question_of(field: str) -> int:
    """The number of the question that a doubt's field belongs to."""
    return int(field.removeprefix("q").partition("-")[0])


def _typed(place: Place, given: Mapping[int, Parts]) -> list[Typed]:
    return [
        Typed(_field(place, no, one.part), _label(place, no), one.text)
        for no, parts in given.items()
        for one in parts
        if one.text and _is_written(place, no)
    ]


def _is_written(place: Place, no: int) -> bool:
    question = place.asked.question(no)
    return question is not None and (question.kind.is_text or question.kind.may_have_other)


def _label(place: Place, no: int) -> str:
    question = place.asked.question(no)
    return question.label if question is not None else ""


def _field(place: Place, no: int, _part: int) -> str:
    question = place.asked.question(no)
    return f"q{no}" if question is not None and question.kind.is_text else f"q{no}-other"
