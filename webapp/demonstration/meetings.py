"""An invented group that meets monthly: its meetings, one of them moved and one cancelled, and its members."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update

from config import Settings
from webapp.demonstration.invented import MARK, ORGANISER
from webapp.demonstration.invented_programme import PATHWAYS
from webapp.demonstration.letters import settle
from webapp.demonstration.loading import Loaded
from webapp.extensions import db
from webapp.formats.mailboxes import Mailbox
from webapp.models.accounts import SYSTEM, Person
from webapp.models.events import Format
from webapp.models.mailings import Letter
from webapp.models.series import Repeat, Series
from webapp.queries.series import meetings_of
from webapp.services import events, series, series_members
from webapp.services.events import Day, NewEvent

GROUP = "Reference group of practice leads"
MEMBERS = (
    Mailbox("Ailsa Fennelly", "ailsa.fennelly@example.org"),
    Mailbox("Chidi Barleycorn", "chidi.barleycorn@example.org"),
    Mailbox("Parveen Larkrise", "parveen.larkrise@example.org"),
    Mailbox("Tamsin Oakenshaw", "tamsin.oakenshaw@example.org"),
)
NUMBER = 6
MOVED, CANCELLED = 2, 3
BEFORE = timedelta(days=3)
REASON = "Both hosts are away that week. The group meets again the month after."


def load_meetings(loaded: Loaded, *, now: datetime, settings: Settings | None = None) -> Series | None:
    """The series with its meetings and members, dated from `now`; None where it is there already."""
    programme = loaded.programmes[PATHWAYS]
    if db.session.scalar(select(Series.id).where(Series.programme_id == programme.id, Series.title == GROUP)):
        return None
    first = _second_wednesday(now.date() + timedelta(days=20))
    name, email = ORGANISER
    new = series.NewSeries(
        first=NewEvent(
            title=GROUP,
            programme_id=programme.id,
            format=Format.ONLINE,
            first_day=first,
            last_day=first,
            starts=time(10),
            ends=time(11, 30),
            zone="Europe/London",
            organiser_name=name,
            organiser_email=email,
        ),
        summary=f"{MARK} Practice leads tell one another what works in their area, and test drafts of guidance.",
        venue="",
        repeat=Repeat.WEEKDAY,
        every=1,
        number=NUMBER,
    )
    then = now - BEFORE
    made = series.create(new, owner_id=None, actor=SYSTEM, now=then)
    made.demonstration = True
    db.session.flush()
    for meeting in meetings_of(made.id):
        meeting.demonstration, meeting.registration_opens_at = True, then
    series.publish(made.id, actor=SYSTEM, now=then)
    series_members.add_members(made.id, MEMBERS, actor=SYSTEM, now=then)
    addresses = [member.address for member in MEMBERS]
    db.session.execute(update(Person).where(Person.email.in_(addresses)).values(demonstration=True))
    _change(made, then)
    settle(Letter.recipient_email.in_(addresses), settings, now=now)
    return made


def _change(made: Series, then: datetime) -> None:
    meetings = meetings_of(made.id)
    moved = meetings[MOVED]
    was = moved.days[0].date
    days = (Day(was=was, date=was + timedelta(days=1), starts=time(14), ends=time(15, 30)),)
    later = then + timedelta(hours=1)
    events.edit_days(moved.id, days, moved.zone, version=moved.version, told=True, actor=SYSTEM, now=later)
    events.cancel(meetings[CANCELLED].id, reason=REASON, actor=SYSTEM, now=later + timedelta(hours=1))


def _second_wednesday(earliest: date) -> date:
    """The first second Wednesday of a month that is not before the day."""
    month = earliest.replace(day=1)
    while True:
        found = month + timedelta(days=(2 - month.weekday()) % 7 + 7)
        if found >= earliest:
            return found
        month = (month + timedelta(days=32)).replace(day=1)
