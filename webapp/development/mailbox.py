"""Keeps every letter as a file instead of sending it on, and reads them again for the pages under `/_mail`.

`python -m webapp.development.mailbox FOLDER PORT` is the local mail server of `make run`.
"""

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from webapp.clock import now as clock

MOMENT = "%Y%m%dT%H%M%S.%fZ"
NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-\d{5,}\.eml")


@dataclass(frozen=True)
class Kept:
    """One letter as a list shows it; `sender` and `recipients` are those the mail server was told."""

    name: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str


class Keeper:
    """Says yes to every letter and keeps it, with the addresses that the envelope named."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self.directory = directory
        self.now = now
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 -- the server's name and arguments for it
        name = f"{self.now():{MOMENT}}-{next(self.numbers):05}.eml"
        write_whole(self.directory / name, stamped(envelope))
        return "250 Kept"


def stamped(envelope: Envelope) -> bytes:
    """The letter as it came, below two lines with the addresses of its envelope."""
    recipients = ", ".join(envelope.rcpt_tos)
    lines = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {recipients}\r\n"
    content = envelope.content or b""
    return lines.encode() + (content.encode() if isinstance(content, str) else content)


def write_whole(path: Path, content: bytes) -> None:
    """Write the file so that a reader sees all of it or nothing."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.rename(path)


@contextmanager
def keeping(directory: Path, port: int, *, now: Callable[[], datetime] = clock) -> Iterator[None]:
    """Take letters on this port of this machine, and keep them in `directory`, until the block ends."""
    directory.mkdir(parents=True, exist_ok=True)
    server = Controller(
        Keeper(directory, now),
        hostname="127.0.0.1",
        port=port,
        server_hostname="localhost",  # else it asks the network for this machine's name
        enable_SMTPUTF8=True,
    )
    server.start()
    try:
        yield
    finally:
        server.stop()


def kept(directory: Path) -> list[Kept]:
    """The letters in `directory`, newest first."""
    names = sorted((path.name for path in directory.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    return [summary(directory / name) for name in names]


def summary(path: Path) -> Kept:
    """What a list shows of the letter in this file, whose name says when it came."""
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parse(file)
    return Kept(
        name=path.name,
        received_at=datetime.strptime(path.name.partition("-")[0], MOMENT).replace(tzinfo=UTC),
        sender=text(headers.get("X-MailFrom", "")),
        recipients=tuple(filter(None, text(headers.get("X-RcptTo", "")).split(", "))),
        subject=text(headers.get("Subject", "")),
    )


def text(header: str) -> str:
    """The header as text that can be printed, though it came as bytes beyond ASCII (RFC 6532)."""
    return str(header).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read(directory: Path, name: str) -> EmailMessage:
    """The letter of that name; raises LookupError when there is none, or the name is not one that we give."""
    if not NAME.fullmatch(name):
        raise LookupError(name)
    try:
        return message_from_bytes((directory / name).read_bytes(), policy=policy.default)
    except FileNotFoundError:
        raise LookupError(name) from None


def main(directory: str, port: str) -> None:
    """Keep letters until this process is asked to stop."""
    asked = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)  # before the server's thread starts, which inherits it
    with keeping(Path(directory), int(port)):
        signal.sigwait(asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
