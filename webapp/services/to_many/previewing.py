"""Letters made for looking at alone: rendered as they would leave, and neither kept nor sent."""

from datetime import datetime

from config import Settings
from webapp.models.events import Event, Mode
from webapp.models.mailings import Letter
from webapp.models.registrations import RegistrationState
from webapp.models.to_many import Mailing
from webapp.notices.letters import Notice, dump
from webapp.notices.originals import Words
from webapp.notices.rendering import render
from webapp.queries.to_many import Someone
from webapp.services.to_many.audiences import sample
from webapp.services.to_many.sending import facts_for

# Of this letter nothing is in the database.
NOWHERE = "222222222222"


def preview(mailing: Mailing, event: Event, someone: Someone, settings: Settings, *, now: datetime) -> bytes:
    """The letter as this recipient would get it now; the event must have its days loaded."""
    facts = dump(facts_for(mailing, event, someone))
    notice = Notice(
        name="mailing",
        recipient_name=someone.name,
        recipient_email=someone.email,
        reply_to=event.organiser_email,
        facts=facts,
        kind=mailing.kind,
    )
    return made(notice, settings, at=now)


def somebody(mailing: Mailing, event: Event, *, now: datetime) -> Someone:
    """The first to whom a letter would go now, or where there is nobody, an invented person, whose id is 0."""
    for one in sample(event, mailing.people, mailing.kind, survey=mailing.survey, now=now, limit=1):
        return one
    return Someone(
        id=0,
        person_id=0,
        name="Robin Ashdown (invented)",
        email="robin.ashdown@example.org",
        organisation="Marlbridge Council (invented)",
        public_id=NOWHERE,
        link_nonce="",
        state=RegistrationState.CONFIRMED,
        mode=event.modes[0] if event.modes else Mode.ONLINE,
        declined=False,
    )


def made(notice: Notice, settings: Settings, *, at: datetime, reworded: Words | None = None) -> bytes:
    """A letter as it would leave if it were posted then; `reworded` are the words that hold for it at its event."""
    row = Letter(
        public_id=NOWHERE,
        notice=notice.name,
        lane=notice.lane,
        kind=notice.kind,
        recipient_name=notice.recipient_name,
        recipient_email=notice.recipient_email,
        reply_to=notice.reply_to,
        facts=notice.facts,
        person_id=notice.person_id,
        created_at=at,
    )
    return render(row, settings, reworded)
