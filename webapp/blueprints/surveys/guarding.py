"""The guard on what is answered in one's own words: asked where it is written, and once more before it is sent."""

from collections.abc import Mapping
from dataclasses import replace

from flask import request, session

from webapp.blueprints.guards import Guard, Place, Said, State, Typed, check
from webapp.blueprints.surveys.answering import Place as Standing
from webapp.blueprints.surveys.reading import Parts
from webapp.models.surveys import Privacy
from webapp.tokens import digest

# What somebody let stand, with a reason, while they answered: marks, not texts.
_KEPT = "kept_as_written"


def guarded(place: Standing, given: Mapping[int, Parts]) -> tuple[Guard, dict[int, Parts]]:
    """What the guard says of these answers, and the answers to go on with: reworded where that was chosen.

    What was kept with a reason while answering is not asked about again in the same browser.
    """
    typed = [
        Typed(_field(place, no, one.part), _label(place, no), one.text)
        for no, parts in given.items()
        for one in parts
        if one.text and _is_written(place, no)
    ]
    said, before = Said.of(request.form), _before(place)
    if before and not said.keep and not said.reword:
        again = check(typed, Place.PRIVATE, Said(keep=True, reason="Kept while answering", seen=before))
        if not again.stops:
            return again, dict(given)
    guard = check(typed, Place.PRIVATE, replace(said, seen=said.seen | before))
    if guard.state is State.KEPT:
        session[_KEPT] = {_key(place): sorted(before | set(guard.seen.split(".")))[:200]}
    changed = {
        no: tuple(
            replace(one, text=guard.texts.get(_field(place, no, one.part), one.text)) if one.text else one
            for one in parts
        )
        for no, parts in given.items()
    }
    return guard, changed


def is_kept(place: Standing, guard: Guard) -> bool:
    """Whether the words that are asked about were kept already as they were typed, or sent."""
    if not guard.doubts:
        return False
    kept = {
        _field(place, no, one.part): one.text for no, parts in place.so_far.given.items() for one in parts if one.text
    }
    return all(kept.get(doubt.field) == guard.texts[doubt.field] for doubt in guard.doubts)


def is_recorded(place: Standing) -> bool:
    """Whether a reason may be kept: not where an entry with an actor and a time would tell whose answer it is."""
    return place.survey.privacy is Privacy.NAMED


def _before(place: Standing) -> frozenset[str]:
    return frozenset(session.get(_KEPT, {}).get(_key(place), ()))


def _key(place: Standing) -> str:
    return digest(f"{place.survey.public_id} {place.token}")[:12]


def _is_written(place: Standing, no: int) -> bool:
    question = place.asked.question(no)
    return question is not None and (question.kind.is_text or question.kind.may_have_other)


def _label(place: Standing, no: int) -> str:
    question = place.asked.question(no)
    return question.label if question is not None else ""


def _field(place: Standing, no: int, _part: int) -> str:
    question = place.asked.question(no)
    return f"q{no}" if question is not None and question.kind.is_text else f"q{no}-other"
