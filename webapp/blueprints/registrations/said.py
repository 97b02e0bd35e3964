"""What somebody said when registering, as the pages that show it read it."""

from collections.abc import Mapping
from typing import Any

from webapp.blueprints.asking import answers_in, field_name, values_of
from webapp.models.events import Event, Mode
from webapp.models.organisations import Sector
from webapp.models.registrations import Registration
from webapp.queries import events as event_queries
from webapp.services.questions import answer_text


def rows(event: Event, answers: Mapping[str, Any], organisation: str) -> list[tuple[str, str, str]]:
    """What was answered, as label, text, and the id of the field to change it in."""
    found = [
        ("Full name", answers["name"], "name"),
        ("E-mail address", answers["email"], "email"),
        ("Organisation", organisation, "organisation"),
        ("Sector", Sector(answers["sector"]).label, "sector"),
        ("Your role", answers["role"], "role"),
    ]
    if answers.get("mode"):
        found.append(("How you will take part", Mode(answers["mode"]).label, "mode"))
    questions = event_queries.asked_questions(event)
    given = answers_in(questions, answers)
    found += [(one.label, answer_text(one, given[one.id]), field_name(one)) for one in questions if one.id in given]
    found.append(("Access needs", answers.get("access", ""), "access"))
    if Mode.IN_PERSON in event.modes:
        found.append(("Dietary needs", answers.get("dietary", ""), "dietary"))
    return found


def own_rows(registration: Registration, told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is said of a registration, as label and text; address and way of taking part are its own."""
    own = {"email": registration.email, "mode": registration.mode.value}
    return [(label, text) for label, text, _ in rows(registration.event, {**told, **own}, told["organisation"])]


def said(registration: Registration) -> dict[str, Any]:
    """What a registration says, under the names of the form's fields."""
    given = {answer.question_id: answer.value for answer in registration.answers}
    return {
        "name": registration.name,
        "organisation": registration.organisation_name,
        "sector": registration.sector.value,
        "role": registration.role,
        "access": registration.needs.access if registration.needs else "",
        "dietary": registration.needs.dietary if registration.needs else "",
        **values_of(event_queries.asked_questions(registration.event), given),
    }
