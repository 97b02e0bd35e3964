"""Who answers a survey by an address, and where they stand in it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from flask_login import current_user

from webapp import kept, tokens
from webapp.blueprints.surveys.reading import Parts
from webapp.database import PUBLIC_ID_LENGTH
from webapp.errors import DomainError, NotFound
from webapp.models.registrations import Registration
from webapp.models.surveys import Privacy, Survey, answering
from webapp.models.surveys_answered import decisive, fitting
from webapp.models.surveys_asked import Asked, Question, Section
from webapp.queries.surveys import answering as queries
from webapp.queries.surveys import standing
from webapp.queries.surveys.standing import Answerer, SoFar
from webapp.services.surveys import answering as services

# In place of a token, for who is signed in.
SIGNED_IN = "me"
_SECRET = re.compile(r"o[\w-]{32}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where one person stands in a survey: what they are asked, and what they answered so far."""

    survey: Survey
    token: str
    who: Answerer
    asked: Asked
    so_far: SoFar
    refused: DomainError | None

    @property
    def given(self) -> Mapping[int, Parts]:
        """What they answered to questions that they are asked."""
        return fitting(self.asked, self.so_far.given, self.who.attended)

    def shown(self, given: Mapping[int, Parts] | None = None) -> Sequence[tuple[Section, Question]]:
        """What this person is asked, in its order, as their answers stand or would stand."""
        return list(self.asked.shown_to(decisive(self.given if given is None else given), self.who.attended))

    def reached(self, *seen: int) -> int:
        """The question furthest on of those that they have seen, with those seen now."""
        return reduce(self.asked.later, seen, self.so_far.reached)

    @property
    def next_question(self) -> Question | None:
        """The first question that they have not come by; None when they have seen all."""
        shown = [question for _section, question in self.shown()]
        numbers = self.order
        passed = numbers.index(self.so_far.reached) if self.so_far.reached in numbers else -1
        return next((one for one in shown if numbers.index(one.no) > passed), None)

    @property
    def order(self) -> list[int]:
        """The numbers of all questions as they follow each other."""
        return [question.no for question in self.asked.all_questions]


def new_secret() -> str:
    """The secret in the address of somebody who answers by the open link."""
    return "o" + secrets.token_urlsafe(24)


def get_place(survey_id: str, token: str, *, now: datetime) -> Place:
    """Where the holder of an address stands; raises NotFound for no survey, and for a forged or foreign link."""
    survey = answered_survey(survey_id)
    who = _answerer(survey, token)
    asked = newest_asked(survey)
    if who.registration is not None and survey.privacy is not Privacy.ANONYMOUS:
        attended = queries.sessions_attended(who.registration) if any(one.session for one in asked.sections) else None
        who = Answerer(registration=who.registration, attended=attended)
    return Place(survey, token, who, asked, standing.so_far(survey, who), refusal(survey, who, now))


def newest_asked(survey: Survey) -> Asked:
    """What a survey asks now. What was published never changes, so each process reads it once."""
    key, number = f"survey {survey.public_id}", str(survey.number)
    return kept.thing(key, number, lambda: queries.newest_version(survey).document)


def answered_survey(public_id: str) -> Survey:
    """The survey as get_answered_survey gives it, which each process reads anew only when it changed."""
    stamp = queries.survey_stamp(public_id)
    if stamp is None:
        raise NotFound
    return kept.thing(f"answered survey {public_id}", stamp, lambda: queries.get_answered_survey(public_id))


def _answerer(survey: Survey, token: str) -> Answerer:
    if token == SIGNED_IN:
        if not current_user.is_authenticated:
            raise NotFound
        own = queries.find_own_registration(survey, current_user.id)
        return Answerer(registration=own) if own is not None else Answerer(person_id=current_user.id)
    if len(token) == PUBLIC_ID_LENGTH + 22 and tokens.public_id(token):
        return Answerer(registration=queries.get_registration_by_link(survey, token))
    if survey.open_link and _SECRET.fullmatch(token):
        return Answerer(secret=token)
    raise NotFound


def refusal(survey: Survey, who: Answerer | None, now: datetime) -> DomainError | None:
    """Why the survey takes no answers now, or none from this person; None where it does."""
    try:
        services.check_open(survey, now=now)
        if who is not None:
            services.check_asked(survey, who)
    except DomainError as refused:
        return refused
    return None


@dataclass(frozen=True)
class Invited:
    """A survey that somebody is asked to answer: its title, the address for them, and whether they sent it."""

    title: str
    survey: str
    token: str
    sent: bool


def invited_to(registration: Registration, *, now: datetime) -> Sequence[Invited]:
    """The surveys that the holder of a registration may answer now."""
    who = Answerer(registration=registration)
    return [
        Invited(one.title, one.public_id, link_token(one, registration), standing.so_far(one, who).sent)
        for one in queries.open_surveys_of(registration.event_id, now=now)
        if refusal(one, who, now) is None
    ]


def link_token(survey: Survey, registration: Registration) -> str:
    """What stands in the address by which the holder of a registration answers a survey."""
    return tokens.make(answering(survey.public_id), registration.public_id, registration.link_nonce)
