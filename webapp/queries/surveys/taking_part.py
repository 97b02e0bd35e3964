"""How many took part in a survey: of those whom it asks, and of others who came by its address."""

from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models.surveys import Participation, Survey
from webapp.queries.surveys import results


@dataclass(frozen=True)
class TakingPart:
    """How many people a survey asks, None where nobody knows; how many of them sent answers, and how many others did.

    `waiting` are those in the box of whom nobody can tell yet which they are.
    """

    asked: int | None
    of_asked: int
    others: int
    waiting: int

    @property
    def share(self) -> int | None:
        """How many in a hundred of those asked sent answers; None where more did than are asked now."""
        if not self.asked or self.of_asked > self.asked:
            return None
        return round(100 * self.of_asked / self.asked)


def taking_part(survey: Survey) -> TakingPart:
    """How many took part in a survey so far, those in its box included."""
    asked = results.count_asked(survey)
    known = select(func.count()).where(Participation.survey_id == survey.id, Participation.registration_id.is_not(None))
    registered, sent = db.session.scalar(known) or 0, results.count_responses(survey.id)
    waiting = results.count_in_box(survey.id)
    if survey.open_link or asked is None:
        return TakingPart(asked, registered, max(0, sent - registered), waiting)
    # Without an open address whoever waits is somebody asked.
    return TakingPart(asked, registered + waiting, max(0, sent - registered), 0)
