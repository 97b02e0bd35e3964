"""`python -m benchmarks.sink PORT`: a mail server that takes every letter and keeps none."""

import signal
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.client import HOST


class Sink:
    """Says yes."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- the server's name and arguments for it
        return "250 OK"


def main(port: int) -> None:
    """Take letters until this process is asked to stop."""
    asked = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)  # before the server's thread starts, which inherits it
    server = Controller(Sink(), hostname=HOST, port=port, server_hostname="localhost", enable_SMTPUTF8=True)
    server.start()
    signal.sigwait(asked)
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
