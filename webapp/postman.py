"""Hands letters to the mail server: one connection for many, verified TLS, and never without a time limit.

It speaks the dialogue of SMTP step by step, since what a refusal means depends on the step: the sender is the same for
all letters, the recipient is this one's own, and only after the end of the data may the letter have arrived.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

from config import Settings
from webapp.notices.composing import envelope_address

PER_CONNECTION = 100
TOO_LARGE = 552
CLOSING = 421

Answer = tuple[int, bytes]


class Undeliverable(Exception):
    """The mail server refused this letter for good."""


class Deferred(Exception):
    """The letter could not be sent now."""


class Dropped(Deferred):
    """The connection was lost over the letter; `uncertain` when it had been handed over whole, without an answer."""

    def __init__(self, reason: str, *, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.uncertain = uncertain


class Away(Exception):
    """The mail server takes nothing now, for reasons that have nothing to do with the letter."""


class Postman:
    """A connection to the mail server, made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.hang_up()

    def send(self, recipient: str, message: bytes) -> str:
        """Hand one letter, with CRLF, to the mail server; gives the words with which it took it.

        Raises Undeliverable, Deferred, Dropped or Away; ValueError where the recipient is no address.
        """
        address = envelope_address(recipient)
        carried = self._carried
        try:
            server = self._announce(address, len(message))
        except Dropped:
            if not carried:
                raise
            # A server may close a connection that carried much or was quiet for long: nothing of this letter was
            # handed over, so it may be tried on a new one.
            server = self._announce(address, len(message))
        return self._hand_over(server, message)

    def hang_up(self) -> None:
        """Close the connection, politely if it is still there."""
        server, self._server, self._carried = self._server, None, 0
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _announce(self, address: str, size: int) -> smtplib.SMTP:
        server = self._connected()
        self._carried += 1
        options = [f"SIZE={size}"] if server.has_extn("size") else []
        international = not address.isascii()
        if international:
            if not server.has_extn("smtputf8"):
                raise Undeliverable("The mail server takes no address with letters beyond ASCII before the @.")
            options += ["BODY=8BITMIME", "SMTPUTF8"]
        code, words = self._ask(server.mail, envelope_address(self.settings.mail_from), options)
        if code == TOO_LARGE or (international and 500 <= code < 600):
            self._judge(server, code, words)
        if code != 250:
            # The sender is the same for all letters, and so is what is said of it.
            self._drop()
            raise Away(f"The mail server takes no letters from us: {_told(code, words)}")
        code, words = self._ask(server.rcpt, address)
        if code not in {250, 251}:
            self._judge(server, code, words)
        return server

    def _hand_over(self, server: smtplib.SMTP, message: bytes) -> str:
        code, words = self._ask(server.docmd, "DATA")
        if code != 354:
            self._judge(server, code, words)
        stuffed = re.sub(rb"(?m)^\.", b"..", message) + b".\r\n"
        try:
            server.send(stuffed)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Dropped(f"The connection was lost: {error}") from error
        code, words = self._ask(server.getreply, handed_over=True)
        if code != 250:
            self._judge(server, code, words)
        return _told(code, words)

    def _ask(self, command: Callable[..., Answer], *arguments: Any, handed_over: bool = False) -> Answer:
        """The server's answer to a command. Raises Dropped when none comes, or one that closes the connection."""
        try:
            code, words = command(*arguments)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Dropped(f"The connection was lost: {error}", uncertain=handed_over) from error
        if code == CLOSING or not 200 <= code < 600:
            self._drop()
            raise Dropped(_told(code, words))
        return code, words

    def _judge(self, server: smtplib.SMTP, code: int, words: bytes) -> NoReturn:
        """Raise what an answer other than the wished one means for this letter; the connection stays good."""
        try:
            server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        if 500 <= code < 600:
            raise Undeliverable(_told(code, words))
        raise Deferred(_told(code, words))

    def _drop(self) -> None:
        server, self._server, self._carried = self._server, None, 0
        if server is not None:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None and self._carried >= PER_CONNECTION:
            self.hang_up()
        if self._server is None:
            try:
                self._server = self._dial()
            except (smtplib.SMTPException, OSError) as error:
                raise Away(f"The mail server is away: {error}") from error
        return self._server

    def _dial(self) -> smtplib.SMTP:
        settings = self.settings
        where, limit = (settings.smtp_host, settings.smtp_port), settings.smtp_timeout
        # Read anew each time, so that a renewed list of authorities needs no restart; it takes 40 ms.
        context = None if settings.smtp_tls == "none" else ssl.create_default_context()
        name = _own_name(settings.base_url)
        server: smtplib.SMTP
        if settings.smtp_tls == "implicit":
            server = smtplib.SMTP_SSL(*where, local_hostname=name, timeout=limit, context=context)
        else:
            server = smtplib.SMTP(*where, local_hostname=name, timeout=limit)
        try:
            if settings.smtp_tls == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if settings.smtp_username:
                server.login(settings.smtp_username, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


def _told(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}"


def _own_name(base_url: str) -> str:
    # The library would ask the network for this machine's name, with no limit of time.
    host = urlsplit(base_url).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"
