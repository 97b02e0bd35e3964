"""What organisers note down about somebody, by the questions that are for them alone."""

from collections.abc import Mapping
from datetime import datetime

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.registrations import Registration, RegistrationAnswer
from webapp.queries import events as event_queries
from webapp.queries import registrations as registration_queries
from webapp.services.activity import record


def answer_for(registration_id: int, answers: Mapping[str, list[str]], *, actor: Actor, now: datetime) -> Registration:
    """Set an organiser's answers about somebody, by the public ids of the questions; an empty one takes it away.

    Only questions for organisers that are still asked are touched. Raises NotFound.
    """
    registration = registration_queries.lock_registration(registration_id)
    event = event_queries.get_fresh_event(registration.event_id)

    given = {answer.question_id: answer for answer in registration.answers}
    changed = 0
    for question in event_queries.organisers_questions(event):
        value, before = answers.get(question.public_id), given.get(question.id)
        if value is None or value == (before.value if before else []):
            continue
        changed += 1
        if before is None:
            db.session.add(RegistrationAnswer(registration_id=registration.id, question_id=question.id, value=value))
        elif value:
            before.value = value
        else:
            db.session.delete(before)
    if changed:
        thing = (ThingKind.REGISTRATION, registration.id)
        record("noted", *thing, actor=actor, now=now, event_id=event.id, number=changed)
    return registration
