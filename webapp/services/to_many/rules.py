"""Letters that most events need, ready to be switched on: when they go, to whom, and words to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.errors import NotFound
from webapp.models.accounts import Actor
from webapp.models.attendance import Came
from webapp.models.mailings import MailKind
from webapp.models.to_many import Audience, Mailing, Timing
from webapp.queries import setting_up as event_queries
from webapp.queries import to_many as queries
from webapp.services.to_many.writing import Words, begin

_JOINING = (
    "{days}",
    "## How to join",
    (
        "Everything you need stands on [the joining page]({joining_page}). Sign in there with the address that this"
        " letter came to; you need no password."
    ),
    "## If you cannot come",
    "[Give up your place]({cancel_link}), so that somebody else can have it. It takes one press of a button.",
)
_RECORD = "[The page of the event]({event_page}) stays, and becomes its record: what is published later stands there."

_TRY = (
    "Think of one thing that you heard and want to try. Write it down today, tell a colleague, and set a date to look"
    " at it again."
)


def paragraphs(*parts: str) -> str:
    """The body of a letter."""
    return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A ready-made letter: `about` tells organisers what it is for; `asking` is its body where it leads to a survey."""

    key: str
    name: str
    about: str
    kind: MailKind
    timing: Timing
    days: int = 0
    minutes: int = 0
    attendance: tuple[Came, ...] = ()
    subject: str
    body: str
    asking: str = ""

    @property
    def distance(self) -> str:
        """How long before or after, in words."""
        return distance(self.timing, self.days, self.minutes)


def distance(timing: Timing, days: int, minutes: int) -> str:
    """How long before the start or after the end a letter goes, in words; or that it goes when it is confirmed."""
    if timing is Timing.NOW:
        return "when you confirm it"
    parts = []
    if days and days % 7 == 0 and days >= 14:
        parts.append(f"{days // 7} weeks")
    elif days:
        parts.append(f"{days} day{'s' if days != 1 else ''}")
    hours, rest = divmod(minutes, 60)
    parts += [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    parts += [f"{rest} minute{'s' if rest != 1 else ''}"] if rest else []
    which = "before the start" if timing is Timing.BEFORE_START else "after the end"
    return f"{' and '.join(parts)} {which}" if parts else f"at the {which.rpartition(' ')[2]}"


_THANKS = (
    "Thank you for taking part in **{event}**. What you brought to it made it what it was.",
    "{material}",
    "## What is still to come",
    _RECORD,
    "## One thing to try",
    _TRY,
)
RULES = (
    Rule(
        key="joining_two_weeks",
        name="Reminder two weeks before",
        about="When and where, and how to join, while there is still time to give a place up",
        kind=MailKind.REMINDER,
        timing=Timing.BEFORE_START,
        days=14,
        subject="In two weeks: {event}",
        body=paragraphs("You have a place at **{event}**, which begins at {starts}.", *_JOINING),
    ),
    Rule(
        key="joining_day_before",
        name="Reminder the day before",
        about="How to join, for whoever looks for it the evening before",
        kind=MailKind.REMINDER,
        timing=Timing.BEFORE_START,
        days=1,
        subject="Tomorrow: {event}",
        body=paragraphs(
            "**{event}** begins tomorrow, at {starts}. We look forward to seeing you.",
            *_JOINING,
        ),
    ),
    Rule(
        key="joining_hour_before",
        name="Reminder one hour before",
        about="The way in, at the top of the mailbox when it is needed",
        kind=MailKind.REMINDER,
        timing=Timing.BEFORE_START,
        minutes=60,
        subject="In one hour: {event}",
        body=paragraphs(
            "**{event}** begins at {starts}.",
            "[Open the joining page]({joining_page}). Sign in with the address that this letter came to.",
        ),
    ),
    Rule(
        key="thanks",
        name="Thanks to those who came",
        about="Thanks, and where the record of the event will be, once it is known who came",
        kind=MailKind.FOLLOW_UP,
        timing=Timing.AFTER_END,
        days=1,
        attendance=(Came.CAME, Came.IN_PART),
        subject="Thank you for coming: {event}",
        body=paragraphs(*_THANKS),
        asking=paragraphs(
            *_THANKS,
            "## A few questions",
            "What helped, and what did not? [Answer the survey]({survey_page}). The link is yours alone. Please name no"
            " child and no family.",
        ),
    ),
    Rule(
        key="missed",
        name="To those who missed it",
        about="What they can still read and watch, without a reproach, once it is known who came",
        kind=MailKind.FOLLOW_UP,
        timing=Timing.AFTER_END,
        days=1,
        attendance=(Came.MISSED,),
        subject="What you can still see: {event}",
        body=paragraphs(
            "You had a place at **{event}**, and it seems that you could not come. These things happen.",
            "{material}",
            _RECORD,
            "If you were there after all, reply to this letter and we put it right.",
        ),
    ),
    Rule(
        key="recordings",
        name="Recordings are published",
        about="To all who had a place, once the recordings are on the event’s page; nobody but you knows when",
        kind=MailKind.FOLLOW_UP,
        timing=Timing.NOW,
        subject="Recordings: {event}",
        body=paragraphs(
            "The recordings of **{event}** are published. Whether you were there or not, take them at your own pace.",
            "[The page of the event]({event_page}) leads to them.",
            "{material}",
            "You might watch one part together with your team, and talk about what it means for your own work.",
        ),
    ),
    Rule(
        key="practice_ten_weeks",
        name="Change in practice, after ten weeks",
        about="Asks those who came what has become different in their work",
        kind=MailKind.FOLLOW_UP,
        timing=Timing.AFTER_END,
        days=70,
        attendance=(Came.CAME, Came.IN_PART),
        subject="Ten weeks on: {event}",
        body=paragraphs(
            "Ten weeks ago you took part in **{event}**. By now it shows what stays.",
            "Please reply with a few lines:",
            "1. What do you do differently since then?\n2. What has that meant for a child, a family or a colleague?"
            "\n3. What stood in the way?",
            "Please name no child and no family. An honest “nothing yet” helps us too.",
            "[What the event left behind]({event_page}) is still there.",
        ),
        asking=paragraphs(
            "Ten weeks ago you took part in **{event}**. By now it shows what stays, and we would like to hear of it.",
            "[Answer the survey]({survey_page})",
            "The link is yours alone. Please name no child and no family. An honest “nothing yet” helps us too.",
            "[What the event left behind]({event_page}) is still there.",
        ),
    ),
)
_BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULES}


def rule_of(key: str) -> Rule:
    """The ready-made rule of that name; raises NotFound."""
    if key not in _BY_KEY:
        raise NotFound
    return _BY_KEY[key]


def begin_rule(event_id: int, key: str, *, actor: Actor, now: datetime) -> Mailing:
    """The event's own letter of a ready-made rule, as a draft with our words; begun already, it stays as it is."""
    rule = rule_of(key)
    event_queries.lock_event(event_id)
    found = queries.find_mailing_of_rule(event_id, key)
    if found is not None:
        return found
    words = Words(name=rule.name, kind=rule.kind, subject=rule.subject, body=rule.body)
    mailing = begin(event_id, words, actor=actor, now=now, rule=key)
    mailing.timing, mailing.days, mailing.minutes = rule.timing, rule.days, rule.minutes
    mailing.audience = Audience(attendance=rule.attendance).plain()
    return mailing
