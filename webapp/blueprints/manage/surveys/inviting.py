"""Inviting people to a survey, as its page shows it: whom it asks, and the letters that lead to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user

from webapp.access import may_look_after
from webapp.blueprints.manage.mailings.words import people
from webapp.models.accounts import Power
from webapp.models.surveys import AskedOf, Survey
from webapp.models.to_many import Mailing
from webapp.queries import to_many as queries
from webapp.queries.events import get_managed_event
from webapp.services import to_many as services


@dataclass(frozen=True, kw_only=True)
class Inviting:
    """Whom a survey asks by letter, in words, and what leads to it; `hindrance` says why no letter does now."""

    hindrance: str = ""
    asked: str = ""
    unanswered: str = ""
    waits_for_attendance: bool = False
    letters: Sequence[Mailing] = ()
    carriers: Sequence[services.Rule] = ()


def inviting(survey: Survey, *, now: datetime) -> Inviting | None:
    """What the page of a survey says of letters; None to those who write none, and of a survey about no event."""
    if survey.event is None or not may_look_after(current_user, Power.DECIDE, survey):
        return None
    letters = queries.mailings_about(survey.id)
    try:
        services.check_takes_letters(survey, now=now)
    except services.NoLetterNow as refused:
        return Inviting(hindrance=refused.message, letters=letters)
    event = get_managed_event(survey.event.public_id, viewer=current_user, needing=Power.DECIDE)
    waits = survey.asked_of is not AskedOf.EVERYONE and not queries.attendance_is_known(event.id)
    return Inviting(
        asked=people(services.count_asked(survey, event, unanswered=False, now=now).going),
        unanswered=people(services.count_asked(survey, event, unanswered=True, now=now).going),
        waits_for_attendance=waits,
        letters=letters,
        carriers=[services.rule_of(key) for key in services.CARRIERS],
    )
