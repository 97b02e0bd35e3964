"""What somebody types on the page with all questions, kept as they go: a script sends it, and is told how it went.

Nothing is asked for that is not there yet, what is not asked is not kept, and what cannot be kept costs nothing of the
rest. The guard looks at the words when they are sent, as it does for whatever was saved for later.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, jsonify, request

from webapp import clock
from webapp.blueprints.forms import ButtonForm
from webapp.blueprints.surveys.answering import Place
from webapp.blueprints.surveys.devices import SEE_BOTH, as_opened, in_words, mark, meet
from webapp.blueprints.surveys.guarding import passed
from webapp.blueprints.surveys.reading import Parts, read
from webapp.errors import DomainError
from webapp.models.surveys_asked import Kind
from webapp.services.surveys import answering as services
from webapp.templating import british_time
from webapp.transaction import attempt

STALE = "The page was open for too long. Press Continue, and go on: nothing you typed is lost."
_FIELD = re.compile(r"q(\d{1,6})(-.*)?", re.ASCII)
# Of these the parts that fit are kept, whatever is wrong with others.
_BY_PARTS = {Kind.MATRIX, Kind.RANKING}


def keep_as_typed(place: Place) -> tuple[Response, int]:
    """Keep what a script sent, all of it or what it says has `changed`, and tell it so in a sentence."""
    if place.refused is not None:
        return jsonify(problem=place.refused.message), place.refused.status
    if not ButtonForm().validate_on_submit():
        return jsonify(problem=STALE), 422
    given, wrong = _read_changed(place)
    met = meet(place, given)
    # What another device changed meanwhile stands, until the button sets both beside each other.
    given = {no: parts for no, parts in given.items() if no not in met.settled}
    now = clock.now()
    answers: dict[str, Any] = {"given": given, "reached": place.reached(*answered(given)), "now": now}
    try:
        answers["kept"] = passed(place)
        if not place.so_far.changeable or not services.save_at_once(place.survey, place.who, place.so_far, **answers):
            with attempt():
                services.save(place.survey.id, place.who, read=place.so_far.given, **answers)
    except DomainError as refused:
        return jsonify(problem=refused.message), refused.status
    opened = in_words(as_opened() | {no: mark(parts) for no, parts in given.items()})
    wrong = {**wrong, **{one.label: SEE_BOTH for one in place.asked.all_questions if one.no in met.both}}
    kept_at = f"Kept at {british_time(now.astimezone(place.survey.timezone))}"
    if not wrong:
        return jsonify(saved=f"{kept_at}. Not sent yet.", as_opened=opened), 200
    said = " ".join(f"“{label}”: {message}." for label, message in wrong.items())
    return jsonify(saved=f"{kept_at}, but not all of it. {said}", as_opened=opened), 200


def _read_changed(place: Place) -> tuple[dict[int, Parts], Mapping[str, str]]:
    """The answers to be kept, and what is wrong with others, by the label of the question."""
    changed = numbers_changed()
    questions = [one for one in place.asked.all_questions if changed is None or one.no in changed]
    # A row without an answer is not wrong yet.
    found = {one.no: read(replace(one, required=False), request.form) for one in questions}
    fits = {one.no for one in questions if not found[one.no][1] or one.kind in _BY_PARTS}
    would_be = {**place.so_far.given, **{no: found[no][0] for no in fits}}
    shown = {one.no: one for _section, one in place.shown({no: parts for no, parts in would_be.items() if parts})}
    wrong = {one.label: next(iter(found[no][1].values())) for no, one in shown.items() if no in found and found[no][1]}
    return {no: found[no][0] for no in fits if no in shown}, wrong


def answered(given: Mapping[int, Parts]) -> list[int]:
    """The questions to which there is an answer."""
    return [no for no, parts in given.items() if parts]


def numbers_changed() -> set[int] | None:
    """The questions that a script says were answered anew on this page; None without one, when all count as that."""
    if "changed" not in request.form:
        return None
    names = (_FIELD.fullmatch(name) for name in request.form["changed"].split())
    return {int(name[1]) for name in names if name}
