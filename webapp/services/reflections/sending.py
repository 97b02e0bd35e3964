"""Sending a tool to those who came to an event: a draft of a letter to many, to be read before it goes."""

from datetime import datetime

from webapp.models.accounts import Actor
from webapp.models.attendance import Came
from webapp.models.mailings import MailKind
from webapp.models.reflections import Framework
from webapp.models.to_many import LONGEST_NAME, LONGEST_SUBJECT, Audience, Mailing
from webapp.services import to_many

BODY = """Thank you for coming to **{{event}}**.

Here is something to think with now that it is over, alone or together with your team: {title}.

Open it, and write whenever you like:
{address}

What you write there is private. You choose who else may see it, and you can take it with you as a document.
"""


def begin_letter(framework: Framework, event_id: int, *, address: str, actor: Actor, now: datetime) -> Mailing:
    """A draft of a letter to those who came to an event, with the address of the tool; nothing is sent by it."""
    title = framework.title.replace("{", "(").replace("}", ")")
    words = to_many.Words(
        name=f"Tool: {framework.title}"[:LONGEST_NAME],
        kind=MailKind.FOLLOW_UP,
        subject=f"To think with after {{event}}: {title}"[:LONGEST_SUBJECT],
        body=BODY.format(title=_plain(title), address=address),
    )
    mailing = to_many.begin(event_id, words, actor=actor, now=now)
    people = Audience(attendance=(Came.CAME, Came.IN_PART))
    return to_many.change_audience(mailing.id, people, version=mailing.version, actor=actor, now=now)


def _plain(text: str) -> str:
    """Words that are not read as Markdown."""
    return "".join(f"\\{sign}" if sign in "*_`[]<>#" else sign for sign in text)
