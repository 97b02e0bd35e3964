"""A real mail server on a socket, which does to each letter what a test tells it to, and keeps what it took."""

import asyncio
import socket
import ssl
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from typing import Any, Self

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from webapp.development.supervisor import free_port

# Made anew for each run; only a test that says so trusts it.
AUTHORITY = trustme.CA()
PATIENCE = 60.0  # a worker needs some seconds of the processor to start, and a busy machine many times as long


class Act(Enum):
    """What a server may do to a letter instead of answering."""

    DROP_IN_DATA = "closes the connection when part of the letter has come"
    DROP_AFTER_DATA = "takes the letter, and closes the connection without an answer"
    HANG_IN_DATA = "stops reading when part of the letter has come"
    HANG_AFTER_DATA = "takes the letter, and never answers"


@dataclass(frozen=True)
class Received:
    """A letter as it came, with the addresses of its envelope."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class MailServer:
    """Takes letters on a port of this machine. Without instructions it says yes to all.

    `script` has one entry for each letter that comes to DATA, in order: an Act, an answer such as "451 Later", or
    None for yes. `recipients` has answers to RCPT by address; `hanging` the addresses at which it never answers;
    `senders` answers to the next MAIL commands; `per_connection` how many letters a connection may carry;
    `greylisting` that it takes no recipient when first asked. A letter to an address that is `gated` is taken, and
    answered only when the `gate` lets one more through: that is how a server is slow here. `asked` counts the tries by
    address, and `connections` those that are open.
    """

    tls: str = "none"
    smtputf8: bool = True
    port: int = field(default_factory=free_port)
    letters: list[Received] = field(default_factory=list)
    script: deque[Act | str | None] = field(default_factory=deque)
    recipients: dict[str, str] = field(default_factory=dict)
    hanging: set[str] = field(default_factory=set)
    greylisting: bool = False
    gated: Callable[[str], bool] = lambda _address: False
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    senders: deque[str] = field(default_factory=deque)
    per_connection: int = 1_000_000
    before_answer: Callable[[], None] = lambda: None
    acted: list[Act | str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Self:
        handler, tls, utf8 = _Handler(self), None, self.smtputf8
        if self.tls != "none":
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            AUTHORITY.issue_cert("localhost").configure_cert(tls)

        class Server(Controller):
            def factory(self) -> SMTP:
                return _Dialogue(handler, **self.SMTP_kwargs)

        self._controller = Server(
            handler,
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="localhost",
            enable_SMTPUTF8=utf8,
            ssl_context=tls if self.tls == "implicit" else None,
            tls_context=tls if self.tls == "starttls" else None,
        )
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.gate.release(1_000_000)  # or what waits at it would keep the process from ending
        self._controller.stop()

    @property
    def settings(self) -> dict[str, Any]:
        """What leads the application to this server."""
        host = "localhost" if self.tls != "none" else "127.0.0.1"
        return {"smtp_host": host, "smtp_port": self.port, "smtp_tls": self.tls}

    @property
    def addresses(self) -> list[str]:
        """The recipients of the letters that were taken, in order."""
        return [letter.recipient for letter in self.letters]

    def wait(self, letters: int, *, timeout: float = PATIENCE) -> list[Received]:
        """Wait until so many letters have been taken, and give them; fails when it takes too long."""
        with self.changed:
            enough = self.changed.wait_for(lambda: len(self.letters) >= letters, timeout)
        assert enough, f"{len(self.letters)} letters instead of {letters} within {timeout} seconds"
        return self.letters

    def wait_until_left(self) -> None:
        """Wait until nobody is connected any more; fails when it takes too long."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.connections == 0, PATIENCE), f"{self.connections} stay connected"

    def count_connection(self, change: int) -> None:
        with self.changed:
            self.connections += change
            self.changed.notify_all()

    def wait_for(self, act: Act | str) -> None:
        """Wait until the server does this, or hangs over this address; fails when it takes too long."""
        with self.changed:
            assert self.changed.wait_for(lambda: act in self.acted, PATIENCE), f"{act} did not come"

    def note(self, *, letter: Received | None = None, act: Act | str | None = None) -> None:
        with self.changed:
            if letter:
                self.letters.append(letter)
            if act:
                self.acted.append(act)
            self.changed.notify_all()


class _Handler:
    """What aiosmtpd asks at each step."""

    def __init__(self, mail: MailServer) -> None:
        self.mail = mail

    async def handle_MAIL(  # noqa: N802 -- the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        carried = getattr(session, "carried", 0)
        session.carried = carried + 1
        if carried >= self.mail.per_connection:
            return "421 4.4.2 Enough on this connection"
        if self.mail.senders:
            return self.mail.senders.popleft()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 -- the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.mail.hanging:
            self.mail.note(act=address)
            await _for_ever()
        self.mail.asked[address] += 1
        answer = self.mail.recipients.get(address, "250 OK")
        if self.mail.greylisting and self.mail.asked[address] == 1:
            answer = "450 4.7.1 Greylisted, try again later"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the server's name
        act = session.act
        if isinstance(act, str):
            return act
        content = envelope.content
        assert isinstance(content, bytes)
        for recipient in envelope.rcpt_tos:
            self.mail.note(letter=Received(envelope.mail_from or "", recipient, content))
        if act is not None:
            self.mail.note(act=act)
        if act is Act.DROP_AFTER_DATA:
            server.transport.abort()
        if act is not None:
            await _for_ever()
        loop = asyncio.get_running_loop()
        if self.mail.gated(envelope.rcpt_tos[0]):
            await loop.run_in_executor(None, self.mail.gate.acquire)
        await loop.run_in_executor(None, self.mail.before_answer)
        return "250 Taken"


class _Dialogue(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.mail.count_connection(1)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.mail.count_connection(-1)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 -- the server's name
        script = self.event_handler.mail.script
        act = self.session.act = script.popleft() if script else None
        if act not in {Act.DROP_IN_DATA, Act.HANG_IN_DATA}:
            await super().smtp_DATA(arg)
            return
        await self.push("354 Go on")
        await self._reader.read(100)
        if act is Act.DROP_IN_DATA:
            self.transport.abort()
        self.event_handler.mail.note(act=act)
        await _for_ever()


async def _for_ever() -> None:
    """Until the connection is lost or the server stops: either cancels this."""
    await asyncio.Event().wait()


@dataclass
class SilentServer:
    """Takes connections and never says a word."""

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    @property
    def settings(self) -> dict[str, Any]:
        """What leads the application to this server."""
        return {"smtp_host": "127.0.0.1", "smtp_port": self._listening.getsockname()[1], "smtp_tls": "none"}

    def wait(self) -> socket.socket:
        """Wait until somebody calls, and give the connection; fails when it takes too long."""
        return self._listening.accept()[0]
