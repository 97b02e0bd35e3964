"""Writing a letter to many: its words, its people, its time; two who write at once are told of one another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models.accounts import Actor, ThingKind
from webapp.models.mailings import MailKind
from webapp.models.surveys import SurveyState
from webapp.models.to_many import Audience, Mailing, MailingState, Timing
from webapp.notices import to_many as notices
from webapp.queries import to_many as queries
from webapp.queries.surveys import find_survey
from webapp.services.activity import record

_S = MailingState


class MailingChanged(DomainError):
    """Somebody else changed the letter since the page was opened."""

    code = "changed_meanwhile"
    status = 409
    message = (
        "Somebody else changed this letter since you opened the page, so nothing was saved. What stands now is shown"
        " beside what you typed. Save again to let yours stand."
    )


class NotOpen(DomainError):
    """The letter is on its way or was sent."""

    code = "not_open"
    status = 409
    message = "This letter is being sent or was sent, so it cannot be changed any more."


class SurveyNeeded(DomainError):
    """The letter leads to a survey, or goes by one, and none that takes answers is chosen."""

    code = "survey_needed"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a letter says, under which name organisers find it, and what kind of letter it is."""

    name: str
    kind: MailKind
    subject: str
    body: str
    # The survey that they lead to.
    survey_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class When:
    """When a letter goes: at once, at a local day and time, or so long before the start or after the end."""

    timing: Timing
    on_day: date | None = None
    at_time: time | None = None
    days: int = 0
    minutes: int = 0


def begin(event_id: int, words: Words, *, actor: Actor, now: datetime, rule: str | None = None) -> Mailing:
    """A new draft, for all who have a place, to go once it is confirmed. Raises WordingRefused and SurveyNeeded."""
    _check(event_id, words)
    mailing = Mailing(
        event_id=event_id,
        rule=rule,
        name=words.name,
        kind=words.kind,
        subject=words.subject,
        body=words.body,
        survey_id=words.survey_id,
        audience=Audience().plain(),
        timing=Timing.NOW,
        written_by_id=actor.person_id,
        changed_by_id=actor.person_id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(mailing)
    db.session.flush()
    record("mailing_added", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=event_id)
    return mailing


def change_words(mailing_id: int, words: Words, *, version: int, actor: Actor, now: datetime) -> Mailing:
    """Change what it says, and the survey that it leads to; as it is already, nothing happens.

    Raises MailingChanged, NotOpen, WordingRefused and SurveyNeeded.
    """
    mailing = lock_open(mailing_id)
    values: dict[str, Any] = {"name": words.name, "kind": words.kind, "subject": words.subject, "body": words.body}
    _check(mailing.event_id, words)
    goes_by_it = mailing.people.unanswered
    if goes_by_it and words.survey_id is None:
        raise SurveyNeeded(
            "This letter goes to those who have not answered a survey. Choose the survey, or first other people."
        )
    asks_again = goes_by_it and words.survey_id != mailing.survey_id and not mailing.timing.is_relative
    values |= {"survey_id": words.survey_id}
    mailing = _change(mailing, values, version=version, actor=actor, now=now, asks_again=asks_again)
    db.session.flush()
    db.session.expire(mailing, ["survey"])
    return mailing


def change_audience(mailing_id: int, audience: Audience, *, version: int, actor: Actor, now: datetime) -> Mailing:
    """Change whom it is for. What was confirmed with a number needs confirming again. Raises as change_words()."""
    mailing = lock_open(mailing_id)
    if audience.unanswered and mailing.survey_id is None:
        raise SurveyNeeded(
            "To write to those who have not answered a survey, first choose the survey, where you write the letter."
        )
    values = {"audience": audience.plain()}
    return _change(mailing, values, version=version, actor=actor, now=now, asks_again=not mailing.timing.is_relative)


def change_when(mailing_id: int, when: When, *, version: int, actor: Actor, now: datetime) -> Mailing:
    """Change when it goes. What was confirmed needs confirming again, a rule aside. Raises as change_words()."""
    mailing = lock_open(mailing_id)
    values = {
        "timing": when.timing,
        "on_day": when.on_day if when.timing is Timing.AT else None,
        "at_time": when.at_time if when.timing is Timing.AT else None,
        "days": when.days if when.timing.is_relative else 0,
        "minutes": when.minutes if when.timing.is_relative else 0,
    }
    stays = mailing.timing.is_relative and when.timing.is_relative
    return _change(mailing, values, version=version, actor=actor, now=now, asks_again=not stays)


def slips(mailing: Mailing, *, has_material: bool) -> list[str]:
    """What of its words is probably not meant so, in sentences, though it can be sent."""
    return notices.slips(mailing.body, has_material=has_material)


def delete(mailing_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a letter of which nothing was queued, with its files. Raises NotOpen."""
    mailing = lock_open(mailing_id)
    for one in queries.material_of(mailing.id):
        db.session.delete(one)
    record(
        "mailing_deleted", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id,
        name=mailing.name,
    )  # fmt: skip
    db.session.delete(mailing)


def lock_open(mailing_id: int) -> Mailing:
    """The letter, locked; raises NotOpen once it was queued."""
    mailing = queries.lock_mailing(mailing_id)
    if mailing.queued_at is not None or not mailing.state.is_open:
        raise NotOpen
    return mailing


def leads_to_survey(mailing: Mailing) -> bool:
    """Whether a letter cannot go without a survey: by its words, or by whom it is for."""
    return mailing.people.unanswered or "survey_page" in notices.check(mailing.subject, mailing.body)


def _check(event_id: int, words: Words) -> None:
    names = notices.check(words.subject, words.body)
    if words.survey_id is None:
        if "survey_page" in names:
            raise SurveyNeeded(
                "The letter leads to a survey by {survey_page}, and none is chosen. Choose the survey, or take the"
                " placeholder out."
            )
        return
    survey = find_survey(words.survey_id)
    if survey is None or survey.event_id != event_id:
        raise SurveyNeeded("That survey is not one of this event. Choose another.")
    if survey.state is SurveyState.DRAFT:
        raise SurveyNeeded(f"“{survey.title}” is a draft, so its link leads nowhere. Publish it first.")


def _change(
    mailing: Mailing, values: Mapping[str, Any], *, version: int, actor: Actor, now: datetime, asks_again: bool = False
) -> Mailing:
    moved = {name: [_told(getattr(mailing, name)), _told(value)] for name, value in values.items()}
    moved = {name: pair for name, pair in moved.items() if pair[0] != pair[1]}
    if not moved:
        return mailing
    if mailing.version != version:
        raise MailingChanged
    for name, value in values.items():
        setattr(mailing, name, value)
    if mailing.state in {_S.CANCELLED, _S.STOPPED} or (asks_again and mailing.state is _S.SCHEDULED):
        mailing.state, mailing.reason = _S.DRAFT, ""
    mailing.version += 1
    mailing.changed_by_id = actor.person_id
    mailing.updated_at = now
    record(
        "mailing_changed", ThingKind.MAILING, mailing.id, actor=actor, now=now, event_id=mailing.event_id, changes=moved
    )
    return mailing


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
