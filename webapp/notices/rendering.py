"""From facts to the bytes that are sent: text and HTML that both stand alone, and the calendar where there is one."""

import re
from dataclasses import replace
from email.utils import format_datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup

from config import Settings
from webapp import tokens
from webapp.folding import clean_line
from webapp.models.calendars import Method
from webapp.models.mailings import Letter
from webapp.notices.calendars import attachment
from webapp.notices.composing import CalendarFile, EnclosedFile, mailbox, message, words
from webapp.notices.letters import LetterFacts, load
from webapp.notices.to_many import filled

# What mail programs make a link of, though nobody marked it as one: strangers put advertisements into the name.
_LINK = re.compile(r"[/@:]|www\.|\.\w{2}", re.IGNORECASE)
LONGEST_GREETED = 80

_mailbox = lru_cache(maxsize=256)(mailbox)


def render(letter: Letter, settings: Settings) -> bytes:
    """The whole message as sent, with CRLF; the same row gives the same bytes each time.

    Raises an exception of any kind when the facts or a template are not as they should be.
    """
    facts = load(letter.all_facts)
    event = facts.event
    base_url = settings.base_url.rstrip("/")
    urls = Urls(facts, base_url)
    context: dict[str, Any] = {
        "facts": facts,
        "event": event,
        "letter": letter,
        "urls": urls,
        "greeting": greeting(letter.recipient_name),
        "colleague": plain_name(facts.colleague) or "a colleague",
    }
    if facts.words is not None:
        given = filled(facts, letter.recipient_name, urls)
        # Its HTML was cleaned when the words were read, and what was filled in was escaped.
        context["words"] = replace(given, html=Markup(given.html))  # noqa: S704
    organiser = event.organiser_name if event else settings.service_name
    headers = [
        ("From", _mailbox("From", organiser, settings.mail_from)),
        ("To", mailbox("To", letter.recipient_name, letter.recipient_email)),
        ("Reply-To", _mailbox("Reply-To", organiser, letter.reply_to or settings.contact_email)),
        ("Subject", words("Subject", _template(letter.notice, "subject.txt", context))),
        ("Date", format_datetime(letter.created_at)),
        ("Message-ID", f"<{letter.public_id}@{urls.host}>"),
        ("Content-Language", "en-GB"),
        # No holiday replies to the organiser: RFC 3834, section 5, and below it what Exchange goes by.
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    return message(
        headers,
        text=_template(letter.notice, "body.txt", context),
        html=_template(letter.notice, "body.html", context),
        calendar=_calendar(letter, facts, base_url),
        mark=letter.public_id,
        files=_files(facts),
    )


def greeting(name: str) -> str:
    """How a letter begins: with the name, unless it is so long or so made that it might be an advertisement."""
    named = plain_name(name)
    return f"Hello {named}," if named else "Hello,"


def plain_name(name: str) -> str:
    """The name as a letter may tell it, or nothing for one that might be an advertisement."""
    name = clean_line(name)
    return "" if len(name) > LONGEST_GREETED or _LINK.search(name) else name


def _calendar(letter: Letter, facts: LetterFacts, base_url: str) -> CalendarFile | None:
    if facts.invitation is None or facts.event is None:
        return None
    content = attachment(
        facts.event,
        facts.invitation,
        session=facts.session,
        name=letter.recipient_name,
        email=letter.recipient_email,
        mode=facts.mode,
        base_url=base_url,
    )
    method = facts.invitation.method
    filename = "invitation.ics" if method is Method.REQUEST else "cancellation.ics"
    return CalendarFile(content=content, method=method.name, filename=filename)


def _files(facts: LetterFacts) -> list[EnclosedFile]:
    material = facts.words.material if facts.words else []
    return [
        EnclosedFile(digest=one.digest, filename=one.filename, media_type=one.media_type)
        for one in material
        if one.digest
    ]


class Urls:
    """The absolute addresses that a letter may give, from the configured base address."""

    def __init__(self, facts: LetterFacts, base_url: str) -> None:
        self._facts = facts
        self._base = base_url

    @property
    def host(self) -> str:
        return urlsplit(self._base).hostname or "localhost"

    @property
    def home(self) -> str:
        return f"{self._base}/"

    @property
    def event(self) -> str:
        event = self._facts.event
        return f"{self._base}/events/{event.slug}-{event.public_id}" if event else self.events

    @property
    def events(self) -> str:
        return f"{self._base}/events"

    @property
    def join(self) -> str:
        """Our own page, where those who have a place read how to join."""
        return f"{self.event}/join"

    @cached_property
    def registration(self) -> str:
        """The personal link, to see, change or cancel."""
        token = tokens.make("registration", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/registrations/{token}"

    @cached_property
    def invited(self) -> str:
        """The personal link of somebody invited, to register by."""
        token = tokens.make("invited", self._facts.link_id, self._facts.link_nonce)
        return f"{self.event}/invited/{token}"

    @cached_property
    def ticket(self) -> str:
        """The page with the square code that checks the person in."""
        token = tokens.make("check-in", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/check-in/{token}"

    @property
    def sessions(self) -> str:
        """Where the holder of the personal link signs up for single sessions, and leaves them."""
        return f"{self.registration}/sessions"

    @property
    def cancel(self) -> str:
        """Where the place is given up, after one question."""
        return f"{self.registration}/cancel"

    def material(self, public_id: str) -> str:
        """A file that organisers sent a link to."""
        return f"{self._base}/material/{public_id}"

    @cached_property
    def speaking(self) -> str:
        """The link of a speaker's own, to their sessions at the event."""
        token = tokens.make("speaker", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/speaking/{token}"

    @property
    def manage_speakers(self) -> str:
        """Where organisers see who speaks at the event."""
        event = self._facts.event
        return f"{self._base}/manage/events/{event.slug}-{event.public_id}/speakers" if event else self._base

    @cached_property
    def sign_in(self) -> str:
        """The link that signs in once."""
        token = tokens.make("sign-in", self._facts.link_id, self._facts.link_nonce)
        return f"{self._base}/sign-in/{token}"

    @property
    def ask_sign_in(self) -> str:
        """Where a link to sign in is asked for."""
        return f"{self._base}/sign-in"

    @property
    def organise(self) -> str:
        """The event's page on the organisers' side, by way of signing in."""
        event = self._facts.event
        return f"{self.ask_sign_in}?next=/manage/events{f'/{event.slug}-{event.public_id}' if event else ''}"


def _template(notice: str, part: str, context: dict[str, Any]) -> str:
    template = current_app.jinja_env.get_template(f"letters/{notice}/{part}")
    return _tidy(template.render(context))


def _tidy(text: str) -> str:
    """The text with one line break at its end and at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
