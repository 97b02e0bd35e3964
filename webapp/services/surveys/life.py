"""What becomes of a survey: published in versions, closed, opened again, archived, deleted; and for whom it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete as sql_delete

from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.surveys import (
    LEAST_THRESHOLD,
    AskedOf,
    Privacy,
    Survey,
    SurveyStage,
    SurveyState,
    SurveyTheme,
    SurveyVersion,
)
from webapp.models.surveys_asked import Kind
from webapp.queries import surveys as queries
from webapp.queries.to_many import mailings_about
from webapp.services.activity import record
from webapp.services.surveys import documents
from webapp.services.surveys.refusals import NotNow, SurveyChanged, SurveyRefused

MOST_THRESHOLD = 50
# From how many on a survey is called long.
MANY_QUESTIONS = 20
MANY_TEXTS = 5


@dataclass(frozen=True, kw_only=True)
class SurveySettings:
    """What decides about a survey besides what it asks: moments in UTC."""

    title: str
    privacy: Privacy
    asked_of: AskedOf
    open_link: bool
    threshold: int
    opens_at: datetime | None
    closes_at: datetime | None


def change_settings(survey_id: int, settings: SurveySettings, *, version: int, actor: Actor, now: datetime) -> Survey:
    """Change them; as they are already, nothing happens.

    Raises SurveyChanged where the survey is no longer of the version shown, SurveyRefused for what was promised to
    those who answer, and NotFound.
    """
    survey = queries.lock_survey(survey_id)
    values = dict(vars(settings))
    if survey.event_id is None:
        values |= {"asked_of": AskedOf.EVERYONE, "open_link": True}
    changes = {name: [_plain(getattr(survey, name)), _plain(new)] for name, new in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return survey
    if survey.version != version:
        raise SurveyChanged
    _check(survey, settings, now=now)

    for name, new in values.items():
        setattr(survey, name, new)
    survey.version += 1
    survey.updated_at = now
    _record("survey_changed", survey, actor=actor, now=now, changes=changes)
    return survey


def hindrances(survey: Survey, *, now: datetime) -> Sequence[str]:
    """Why what is written cannot be published now, a sentence each; the survey must have its versions loaded."""
    found = list(documents.problems(survey.written, frozenset(_sessions(survey))))
    if survey.closes_at is not None and survey.closes_at <= now:
        found.append("Its closing date has passed. Choose a later one, or none.")
    if survey.state is SurveyState.ARCHIVED:
        found.append("It is archived. Bring it back first.")
    if survey.state is SurveyState.CLOSED:
        found.append("It is closed. Open it again first.")
    if is_as_published(survey):
        found.append("Nothing has changed since it was last published.")
    return found


def advice(survey: Survey, *, now: datetime) -> Sequence[str]:
    """What to think of before publishing, a sentence each: nothing that is in the way. The event must be loaded."""
    found = []
    asked = survey.written
    texts = sum(question.kind is Kind.LONG_TEXT for question in asked.questions)
    if len(asked.questions) > MANY_QUESTIONS or texts > MANY_TEXTS:
        found.append("It is long: each further question is answered by fewer people. Ask only what you will use.")
    event = survey.event
    if event is not None and survey.asked_of is not AskedOf.EVERYONE and now < event.starts_at:
        found.append("The event has not begun, so nobody has come to it or missed it yet.")
    if survey.privacy is Privacy.ANONYMOUS and not asked.splitting:
        found.append(
            "It is anonymous, so nobody knows whose sector and role stand behind an answer, and results cannot be split"
            " by them. If you want that, ask for them: under Questions you can add both with one click."
        )
    if survey.privacy is Privacy.ANONYMOUS and any(section.session for section in asked.sections):
        found.append(
            "It is anonymous, so everybody is asked whether they came to a session before anything about it. Where few"
            " came, whoever knows them could guess whose answers these are: ask about large sessions only."
        )
    if survey.privacy is Privacy.NAMED and survey.open_link:
        found.append(
            "Whoever answers by the address alone, without signing in, gives no name: ask for it if you need it."
        )
    if survey.closes_at is None:
        found.append("It has no closing date. People answer sooner when they know the last day.")
    return found


def is_as_published(survey: Survey) -> bool:
    """Whether what is written is what people are asked; the survey must have its versions loaded."""
    return survey.number > 0 and survey.written == queries.get_version(survey, survey.number).document


def publish(survey_id: int, *, version: int, actor: Actor, now: datetime) -> SurveyVersion:
    """Make what is written the version that is answered from now on. What was published before stays as it was.

    Raises SurveyChanged where what is written is no longer what was shown, NotNow with all that is in the way, and
    NotFound. Published just as it is already, by a second click, the version stands.
    """
    survey = queries.lock_survey(survey_id)
    if is_as_published(survey) and survey.state is SurveyState.PUBLISHED and survey.version == version + 1:
        return queries.get_version(survey, survey.number)
    if survey.version != version:
        raise SurveyChanged(
            "Somebody else changed this survey since you opened this page. Look at it again, then publish."
        )
    found = hindrances(survey, now=now)
    if found:
        raise NotNow(" ".join(found))

    survey.draft = documents.with_session_titles(survey.written, _sessions(survey)).plain()
    made = SurveyVersion(
        number=survey.number + 1, asked=survey.draft, published_at=now, published_by_id=actor.person_id
    )
    survey.versions.append(made)
    survey.number = made.number
    survey.state = SurveyState.PUBLISHED
    survey.version += 1
    survey.updated_at = now
    db.session.flush()
    _record("survey_published", survey, actor=actor, now=now, number=made.number)
    return made


def close(survey_id: int, *, actor: Actor, now: datetime) -> Survey:
    """Take no more answers. Closed already, it stays so. Raises NotNow for a draft, and NotFound."""
    survey = queries.lock_survey(survey_id)
    if survey.state is SurveyState.DRAFT:
        raise NotNow("This survey has not been published, so there is nothing to close.")
    if survey.state is SurveyState.PUBLISHED:
        _become(survey, SurveyState.CLOSED, "survey_closed", actor=actor, now=now)
    return survey


def reopen(survey_id: int, *, actor: Actor, now: datetime) -> Survey:
    """Take answers again; a closing date that has passed is taken out. Open already, it stays so.

    Raises NotNow for a draft, for an archived survey, and where it stays closed (`stays_closed`). Raises NotFound.
    """
    survey = queries.lock_survey(survey_id)
    if survey.state in {SurveyState.DRAFT, SurveyState.ARCHIVED}:
        raise NotNow("Only a survey that is closed can be opened again.")
    if survey.stage(now) is not SurveyStage.CLOSED:
        return survey
    why = stays_closed(survey)
    if why:
        raise NotNow(why)
    if survey.closes_at is not None and survey.closes_at <= now:
        survey.closes_at = None
    _become(survey, SurveyState.PUBLISHED, "survey_reopened", actor=actor, now=now)
    return survey


def stays_closed(survey: Survey) -> str:
    """Why a survey that is closed cannot be opened again, in a sentence; nothing where it can.

    What stays in the box of an anonymous one after its close waits for more. Once that was taken out, or destroyed
    because nothing came to it, the few answers of a second time would be apart from those of the first.
    """
    if survey.privacy is not Privacy.ANONYMOUS or queries.is_box_untouched(survey.id):
        return ""
    return (
        "An anonymous survey stays closed once its answers were taken out of their box: the few answers of a second"
        " time could be told apart. Copy it instead."
    )


def archive(survey_id: int, *, actor: Actor, now: datetime) -> Survey:
    """Put a closed survey out of the way; its results stay. Archived already, it stays so. Raises NotNow, NotFound."""
    survey = queries.lock_survey(survey_id)
    if survey.state is SurveyState.ARCHIVED:
        return survey
    if survey.stage(now) is not SurveyStage.CLOSED:
        raise NotNow("Only a survey that is closed can be archived.")
    _become(survey, SurveyState.ARCHIVED, "survey_archived", actor=actor, now=now)
    return survey


def bring_back(survey_id: int, *, actor: Actor, now: datetime) -> Survey:
    """Bring an archived survey back; it is closed then. Raises NotFound."""
    survey = queries.lock_survey(survey_id)
    if survey.state is SurveyState.ARCHIVED:
        _become(survey, SurveyState.CLOSED, "survey_brought_back", actor=actor, now=now)
    return survey


def delete(survey_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a survey that nobody has answered or begun to. Raises NotNow, and NotFound."""
    survey = queries.lock_survey(survey_id)
    if queries.anything_answered(survey.id):
        raise NotNow(
            "Somebody has answered this survey, or has begun to, so it cannot be deleted. Close and archive it."
        )
    _record("survey_deleted", survey, actor=actor, now=now, label=survey.title)
    db.session.execute(sql_delete(SurveyTheme).where(SurveyTheme.survey_id == survey.id))
    # A letter that leads to it cannot go any more, and says so.
    for letter in mailings_about(survey.id):
        letter.survey_id = None
    db.session.flush()
    db.session.delete(survey)


def _check(survey: Survey, settings: SurveySettings, *, now: datetime) -> None:
    if settings.threshold < LEAST_THRESHOLD:
        raise SurveyRefused(f"Results need at least {LEAST_THRESHOLD} answers", "threshold")
    if settings.opens_at is not None and settings.closes_at is not None and settings.closes_at <= settings.opens_at:
        raise SurveyRefused("It must close after it opens", "closes_on")
    if survey.number == 0:
        return
    if settings.privacy is not survey.privacy:
        raise SurveyRefused(
            "This survey has been published, and people relied on what it promised. Copy it to ask in another way",
            "privacy",
        )
    if settings.threshold < survey.threshold:
        raise SurveyRefused(
            f"This survey has been published with the promise of {survey.threshold}. The number can only be raised",
            "threshold",
        )
    anonymous = survey.privacy is Privacy.ANONYMOUS
    if settings.threshold > survey.threshold and anonymous and queries.count_sent(survey.id):
        raise SurveyRefused(
            f"Somebody has answered with the promise of {survey.threshold}, and those who wait to be counted would"
            " perhaps never be enough for a higher number. Copy the survey to ask with another",
            "threshold",
        )
    closes = survey.state is not SurveyState.PUBLISHED or (settings.closes_at is not None and settings.closes_at <= now)
    if survey.stage(now) is SurveyStage.CLOSED and not closes and (why := stays_closed(survey)):
        raise SurveyRefused(why.removesuffix("."), "closes_on")


def _sessions(survey: Survey) -> dict[str, str]:
    """The titles of the sessions that may be asked about, by their public ids."""
    return {session.public_id: session.title for session in queries.sessions_to_ask_about(survey.event_id)}


def _become(survey: Survey, state: SurveyState, verb: str, *, actor: Actor, now: datetime) -> None:
    survey.state = state
    survey.version += 1
    survey.updated_at = now
    _record(verb, survey, actor=actor, now=now)


def _record(verb: str, survey: Survey, *, actor: Actor, now: datetime, **details: Any) -> None:
    record(verb, ThingKind.SURVEY, survey.id, actor=actor, now=now, event_id=survey.event_id, **details)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
