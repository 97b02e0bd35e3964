"""From facts to the bytes that are sent: text and HTML that both stand alone, and the calendar where there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import escape

from config import Settings
from webapp.models.calendars import Method
from webapp.models.events import moment
from webapp.models.mailings import Letter
from webapp.models.registrations import RegistrationState
from webapp.notices import to_many
from webapp.notices.addresses import Urls
from webapp.notices.calendars import attachment, series_attachment
from webapp.notices.community_facts import CommunityTold
from webapp.notices.community_lists import list_headers, way_out
from webapp.notices.composing import CalendarFile, EnclosedFile, mailbox, message, words
from webapp.notices.letters import LetterFacts, load
from webapp.notices.originals import Words, asks, filled
from webapp.notices.telling import Telling, plain_name
from webapp.notices.wording import Filled

# Many are told the same of one event.
_mailbox = lru_cache(maxsize=256)(mailbox)
_words = lru_cache(maxsize=256)(words)
# A sign that no text may hold (Unicode keeps it for private use) marks where the greeting and the body go.
_HERE = "\ue002"
_begins = lru_cache(maxsize=256)(moment)
_NOTHING = {"txt": "", "html": ""}
_LAYOUTS = {"txt": "layouts/letter.txt", "html": "layouts/letter.html"}


def render(
    letter: Letter,
    settings: Settings,
    reworded: Words | None = None,
    standing: tuple[CommunityTold, ...] = (),
) -> bytes:
    """The whole message as sent, with CRLF; the same row, words and posts give the same bytes each time.

    `reworded` are an organiser's words; where these cannot be filled, the original ones go. `standing` is what it tells
    of communities, as that stands now. Raises an exception of any kind when the facts or a template are not as they
    should be.
    """
    facts = load(letter.all_facts)
    if standing:
        facts = replace(facts, told=standing)
    event = facts.event
    base_url = settings.base_url.rstrip("/")
    urls = Urls(facts, base_url)
    told = _told(letter, facts, urls, settings, reworded)
    about = event or facts.series
    organiser = about.organiser_name if about else settings.service_name
    if len(facts.told) == 1:
        organiser = facts.told[0].name
    headers = [
        ("From", _mailbox("From", organiser, settings.mail_from)),
        ("To", mailbox("To", letter.recipient_name, letter.recipient_email)),
        ("Reply-To", _mailbox("Reply-To", organiser, letter.reply_to or settings.contact_email)),
        ("Subject", _words("Subject", told.subject)),
        ("Date", format_datetime(letter.created_at)),
        ("Message-ID", f"<{letter.public_id}@{urls.host}>"),
        ("Content-Language", "en-GB"),
        # No holiday replies to the organiser: RFC 3834, section 5, and below it what Exchange goes by.
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    headers += list_headers(letter, facts, urls)
    stop = way_out(letter, facts, urls)
    if not stop and letter.kind.may_be_declined and facts.link_id:
        stop = urls.unsubscribe(letter.kind, letter.public_id)
    if stop:
        headers += [("List-Unsubscribe", f"<{stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    hello = greeting(letter.recipient_name)
    asked = facts.words is not None or asks(letter.notice)
    email = about.organiser_email if about and asked else ""
    organised = "this event" if event else "these meetings"
    contact = settings.contact_email if asked else ""
    frame = (told.subject, organiser, email, contact, settings.service_name, urls.home, organised)
    give_up = _give_up(letter, facts, urls)
    return message(
        headers,
        text=_framed(_frame("txt", *frame), hello, told.text.strip("\n") + give_up["txt"] + _way_out("txt", stop)),
        html=_framed(_frame("html", *frame), escape(hello), told.html + give_up["html"] + _way_out("html", stop)),
        calendar=_calendar(letter, facts, base_url),
        mark=letter.public_id,
        files=_files(facts),
    )


def subject_of(letter: Letter, settings: Settings, reworded: Words | None = None) -> str:
    """The subject alone, for lists; raises as render() does."""
    facts = load(letter.all_facts)
    return _told(letter, facts, Urls(facts, settings.base_url.rstrip("/")), settings, reworded).subject


def _told(letter: Letter, facts: LetterFacts, urls: Urls, settings: Settings, reworded: Words | None) -> Filled:
    if facts.words is not None:
        return to_many.filled(facts, letter.recipient_name, urls)
    telling = Telling(
        facts=facts,
        urls=urls,
        written_at=letter.created_at,
        service_name=settings.service_name,
        contact_email=settings.contact_email,
        parts=_parts,
        letter_id=letter.public_id,
    )
    return filled(letter.notice, telling, reworded)


def greeting(name: str) -> str:
    """How a letter begins: with the name, unless it is so long or so made that it might be an advertisement."""
    named = plain_name(name)
    return f"Hello {named}," if named else "Hello,"


def _calendar(letter: Letter, facts: LetterFacts, base_url: str) -> CalendarFile | None:
    if facts.invitation is None:
        return None
    if facts.event is not None:
        content = attachment(
            facts.event,
            facts.invitation,
            session=facts.session,
            series=facts.series,
            name=letter.recipient_name,
            email=letter.recipient_email,
            mode=facts.mode,
            base_url=base_url,
        )
    elif facts.series is not None:
        content = series_attachment(
            facts.series,
            facts.invitation,
            name=letter.recipient_name,
            email=letter.recipient_email,
            base_url=base_url,
        )
    else:
        return None
    method = facts.invitation.method
    filename = "invitation.ics" if method is Method.REQUEST else "cancellation.ics"
    return CalendarFile(content=content, method=method.name, filename=filename)


@lru_cache(maxsize=512)
def _frame(
    form: str, subject: str, organiser: str, email: str, contact: str, service: str, home: str, organised: str
) -> Sequence[str]:
    """What stands before the greeting, between it and the body, and after both; the same for all who are told the same.

    Whom to ask is the organiser at `email`, or `contact`, or nobody where both are empty.
    """
    template = current_app.jinja_env.get_template(_LAYOUTS[form])
    said = (text.replace(_HERE, "") for text in (subject, organiser, email))
    names = dict(zip(("subject", "organiser", "email"), said, strict=True))
    return template.render(
        names, organised=organised, contact=contact, service=service, home=home, greeting=_HERE, body=_HERE
    ).split(_HERE)


def _files(facts: LetterFacts) -> list[EnclosedFile]:
    material = facts.words.material if facts.words else []
    return [
        EnclosedFile(digest=one.digest, filename=one.filename, media_type=one.media_type)
        for one in material
        if one.digest
    ]


def _give_up(letter: Letter, facts: LetterFacts, urls: Urls) -> Mapping[str, str]:
    """Where the place is given up, by the form, in a letter to many that says so nowhere, until the event begins."""
    holds = facts.link_id and facts.state == RegistrationState.CONFIRMED.value
    if facts.words is None or facts.event is None or not facts.event.days or not holds:
        return _NOTHING
    first = facts.event.days[0]
    if "{cancel_link}" in facts.words.body or letter.created_at >= _begins(first.date, first.starts, facts.event.zone):
        return _NOTHING
    return {form: words.replace(_HERE, urls.cancel) for form, words in _cannot_come().items()}


@lru_cache(maxsize=1)
def _cannot_come() -> Mapping[str, str]:
    text, html = (str(_parts(f"parts.{form}").cannot_come(_HERE)) for form in ("txt", "html"))
    return {"txt": f"\n\n{text}", "html": html}


def _way_out(form: str, stop: str) -> str:
    """How to get no more such letters, where that is offered."""
    if not stop:
        return ""
    return str(_parts(f"parts.{form}").way_out(stop))


def _parts(name: str) -> Any:
    return current_app.jinja_env.get_template(f"letters/{name}").module


def _framed(frame: Sequence[str], hello: str, body: str) -> str:
    before, between, after = frame
    return f"{before}{hello}{between}{body}{after}\n"
