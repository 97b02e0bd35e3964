"""Letters to many at invented events: one that was sent, one that is scheduled, and two that go by themselves.

And one that nobody has confirmed yet, which asks people to answer a survey.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import update

from webapp.demonstration.invented import MARK, OPEN
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.models.accounts import Actor, ActorKind, Person
from webapp.models.events import Event, Mode
from webapp.models.mailings import Letter, LetterState, MailKind
from webapp.models.registrations import RegistrationState
from webapp.models.surveys import Survey
from webapp.models.to_many import Audience, Mailing, MailingState, Timing
from webapp.queries.events import get_fresh_event
from webapp.services import to_many as services
from webapp.services.to_many import When, Words

SENT = Words(
    name="The programme is out (for demonstration)",
    kind=MailKind.NEWS,
    subject="The programme is out: {event}",
    body="The programme of **{event}** is settled. [Look through it]({event_page}), and choose your sessions on"
    f" [your own page]({{sessions_page}}).\n\n{{days}}\n\n{MARK}",
)
SCHEDULED = Words(
    name="Lunch and the way in (for demonstration)",
    kind=MailKind.REMINDER,
    subject="If you come to Marlbridge: {event}",
    body="You come in person, to {place}. Doors open half an hour before the first session, and lunch is provided.\n\n"
    f"[What you told us about food and access]({{registration_page}}) can be changed until the week before.\n\n{MARK}",
)
RULES = ("joining_day_before", "thanks")


def write_letters(loaded: Loaded, organiser: Person, *, now: datetime) -> None:
    """Write what an organiser would have written by now; everything in it says that it is invented."""
    found = loaded.new_events.get(OPEN)
    if found is None:
        return
    event, actor = get_fresh_event(found.id), Actor(ActorKind.PERSON, organiser.id)
    _send(event, actor, now - timedelta(days=2))
    week_before = When(timing=Timing.AT, on_day=event.starts_on - timedelta(days=7), at_time=time(10))
    in_person = Audience(states=(RegistrationState.CONFIRMED,), modes=(Mode.IN_PERSON,))
    mailing = services.begin(event.id, SCHEDULED, actor=actor, now=now)
    services.change_audience(mailing.id, in_person, version=1, actor=actor, now=now)
    services.change_when(mailing.id, week_before, version=2, actor=actor, now=now)
    _confirm(mailing, event, actor, now)
    for key in RULES:
        rule = services.begin_rule(event.id, key, actor=actor, now=now)
        services.change_words(rule.id, _marked(rule), version=1, actor=actor, now=now)
        _confirm(rule, event, actor, now)


def write_invitation(survey: Survey, organiser: Person, *, now: datetime) -> None:
    """Write the invitation to a survey, as a draft that an organiser still has to confirm."""
    actor = Actor(ActorKind.PERSON, organiser.id)
    invitation = services.begin_about(survey.id, "invitation", actor=actor, now=now)
    services.change_words(invitation.id, _marked(invitation), version=invitation.version, actor=actor, now=now)


def _marked(ready: Mailing) -> Words:
    return Words(
        name=f"{ready.name} (for demonstration)",
        kind=ready.kind,
        subject=ready.subject,
        body=f"{ready.body}\n{MARK}",
        survey_id=ready.survey_id,
    )


def _send(event: Event, actor: Actor, now: datetime) -> None:
    """The letter as it was queued and left: those whom it went to are invented, so nothing is handed to a server."""
    mailing = services.begin(event.id, SENT, actor=actor, now=now)
    _confirm(mailing, event, actor, now)
    services.fire(mailing.id, now=now)
    while services.queue_some(mailing.id, now=now):
        pass
    if mailing.state is MailingState.SENDING:
        left = update(Letter).where(Letter.mailing_id == mailing.id)
        db.session.execute(left.values(state=LetterState.SENT, sent_at=now + timedelta(minutes=4), attempts=1))
        mailing.state, mailing.ended_at = MailingState.SENT, now + timedelta(minutes=4)


def _confirm(mailing: Mailing, event: Event, actor: Actor, now: datetime) -> None:
    db.session.flush()
    meant = services.count(event, mailing.people, mailing.kind, now=now)
    services.confirm(mailing.id, number=meant.going, version=mailing.version, actor=actor, now=now)
