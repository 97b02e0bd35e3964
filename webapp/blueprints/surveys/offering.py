"""What pages of an event and of its sessions say of their surveys: which are open to whom, which have results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from webapp.models.accounts import ThingKind
from webapp.models.agenda import Session
from webapp.models.surveys import AskedOf, Survey, SurveyStage
from webapp.queries.registrations import Standing
from webapp.queries.surveys import answering as queries
from webapp.queries.surveys import results
from webapp.services.surveys import answering as services

# No public id holds a space.
MARK = "survey "


@dataclass(frozen=True)
class Offered:
    """The surveys that a page leads to: those whom whoever has the address may answer, those of people with a place,
    and those of which everybody may see results; and when that changes by itself.
    """

    open_to_all: Sequence[Survey]
    of_registered: Sequence[Survey]
    with_results: Sequence[Survey]
    boundaries: Sequence[datetime]

    @property
    def own(self) -> dict[str, tuple[str, str]]:
        """What is put only into the pages of those who are asked, and of whom it asks."""
        return {
            f"{MARK}{one.public_id}": (render_template("components/own_survey.html", survey=one), one.asked_of.value)
            for one in self.of_registered
        }


def offered(surveys: Sequence[Survey], now: datetime, session: Session | None = None) -> Offered:
    """What the page of an event with these surveys leads to, or the page of one of its sessions."""
    if session is None:
        about = [one for one in surveys if one.thing_kind is ThingKind.EVENT]
    else:
        about = [one for one in surveys if (one.thing_kind, one.thing_id) == (ThingKind.SESSION, session.id)]
    to_answer = [one for one in about if one.stage(now) is SurveyStage.OPEN]
    return Offered(
        open_to_all=[one for one in to_answer if one.open_link],
        of_registered=[one for one in to_answer if not one.open_link],
        with_results=[
            one for one in about if one.public_questions and one.released_over and one.stage(now) in results.OVER
        ],
        boundaries=[moment for one in about for moment in (one.opens_at, one.closes_at) if moment],
    )


def chosen(own: Mapping[str, tuple[str, str]], standing: Standing | None) -> dict[str, str]:
    """The opening of a page for somebody whose registration stands so: the surveys that ask them."""
    found = [html for name, (html, asked_of) in own.items() if name.startswith(MARK) and _asks(asked_of, standing)]
    return {"surveys": "".join(found)} if found else {}


def waiting_for(person_id: int, now: datetime) -> dict[int, list[Survey]]:
    """The surveys that wait for somebody's answers, by the ids of their registrations."""
    found: dict[int, list[Survey]] = {}
    for survey, registration, how in queries.surveys_waiting_for(person_id, now=now):
        is_open = survey.open_link and survey.asked_of is AskedOf.EVERYONE
        if is_open or _asks(survey.asked_of.value, Standing(registration.public_id, "", registration.state, how)):
            found.setdefault(registration.id, []).append(survey)
    return found


def _asks(asked_of: str, standing: Standing | None) -> bool:
    if standing is None:
        return False
    try:
        services.check_seen(AskedOf(asked_of), standing.state, standing.how)
    except services.NotAsked:
        return False
    return True
