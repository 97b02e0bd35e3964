"""Runs all of Waymark on this machine until Ctrl-C: `make run`, or `python -m webapp.development`."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from webapp.development.supervisor import Command, Plan, free_port, is_free, run

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
HIGHEST_PORT = 65535
# Without a control socket, which would lie in the home folder and be shared by all that runs there.
# Addresses up to the length that it can read, so that a search too long is answered by a page of ours.
THREADED = (
    "--worker-class=gthread",
    "--workers=2",
    "--threads=4",
    "--preload",
    "--no-control-socket",
    "--limit-request-line=8190",
)


def main() -> int:
    """Start everything on the port that PORT names, and give the exit code."""
    started = time.monotonic()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a console
    try:
        port = chosen_port(os.environ.get("PORT") or "5000")
    except ValueError as refusal:
        print(f"Waymark: {refusal}")
        return 1
    print("Waymark: preparing the database; filling a new one takes some seconds …")
    return run(plan(port, free_port(), os.environ), announcement(port, started))


def chosen_port(given: str) -> int:
    """The port to serve on; raises ValueError, with a sentence for people, when it cannot be had."""
    if not (given.isdecimal() and 0 < int(given) <= HIGHEST_PORT):
        raise ValueError(f"PORT is a number from 1 to {HIGHEST_PORT}, not {given!r}.")
    port = int(given)
    try:
        free = is_free(port)
    except PermissionError:
        raise ValueError(f"this account may not serve on port {port}. Try: PORT=8000 make run") from None
    if not free:
        raise ValueError(f"port {port} is in use by another program. Stop it, or try: PORT={port + 1} make run")
    return port


def plan(port: int, mail_port: int, outside: Mapping[str, str]) -> Plan:
    """What runs on one's own machine, with the settings that make it one installation."""
    mail = VAR / "mail"
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    server = (sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", *THREADED)
    mailbox = (sys.executable, "-m", "webapp.development.mailbox", str(mail), str(mail_port))
    return Plan(
        prepare=Command("preparation", (*flask, "prepare")),
        stay=(
            Command("mail keeper", mailbox),
            Command("worker", (*flask, "worker")),
            Command("web server", server),
        ),
        port=port,
        health="/healthz",
        logs=VAR / "log",
        environment=environment(port, mail_port, mail, outside),
        directory=ROOT,
    )


def environment(port: int, mail_port: int, mail: Path, outside: Mapping[str, str]) -> dict[str, str]:
    """The children's environment: ours, and over it what makes them work together."""
    return {
        **outside,
        "PYTHONUNBUFFERED": "1",
        "WAYMARK_ENV": "development",
        "WAYMARK_BASE_URL": f"http://127.0.0.1:{port}",
        "WAYMARK_SMTP_HOST": "127.0.0.1",
        "WAYMARK_SMTP_PORT": str(mail_port),
        "WAYMARK_SMTP_TLS": "none",
        "WAYMARK_MAILBOX_DIR": str(mail),
    }


def announcement(port: int, started: float) -> Callable[[Sequence[str]], None]:
    """A function that tells, once all is up, where Waymark is and who can sign in."""

    def announce(accounts: Sequence[str]) -> None:
        address = f"http://127.0.0.1:{port}"
        print(f"Waymark: ready after {time.monotonic() - started:.1f} seconds.\n")
        print(f"  Pages   {address}/")
        print(f"  Mail    {address}/_mail   (nothing leaves this machine)")
        if accounts:
            print("\n  Demonstration accounts")
            print("\n".join(f"    {line}" for line in accounts))
        print(f"\n  Logs are in {VAR.relative_to(ROOT)}/log. Ctrl-C stops everything.")

    return announce


if __name__ == "__main__":
    sys.exit(main())
