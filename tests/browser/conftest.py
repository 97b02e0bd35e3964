"""The running program, with its worker and a mail server, and a real Chromium before it."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.mail import MailServer

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demonstration-only"
PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}
# Nobody waits so long for what comes; a busy machine may need it before what does not come is a fault.
PATIENCE = 40_000
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Running:
    """The address of the running program, the letters that it sent, and its database."""

    address: str
    mail: MailServer
    database_url: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Web server and worker as in production, on SQLite with the demonstration programme."""
    folder = tmp_path_factory.mktemp("running")
    address = f"http://127.0.0.1:{free_port()}"
    with MailServer() as mail:
        environment = os.environ | {
            "WAYMARK_ENV": "test",
            "WAYMARK_SECRET_KEYS": "a-key-for-browser-tests-and-nothing-else",
            "DATABASE_URL": f"sqlite:///{folder / 'waymark.db'}",
            "WAYMARK_JOBS_PATH": str(folder / "jobs.db"),
            "WAYMARK_BASE_URL": address,
            "WAYMARK_SMTP_HOST": "127.0.0.1",
            "WAYMARK_SMTP_PORT": str(mail.port),
            "WAYMARK_SMTP_TLS": "none",
            "WAYMARK_PASSWORD_MEMORY_KIB": "1024",
        }
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        prepare = [*flask, "prepare"]
        prepared = subprocess.run(prepare, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert prepared.returncode == 0, f"flask prepare failed:\n{prepared.stdout}{prepared.stderr}"
        serve = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread", "--threads", "4"]
        commands = [[*flask, "worker"], [*serve, "--bind", address.removeprefix("http://"), "wsgi:app"]]
        log = (folder / "log").open("wb")
        processes = [subprocess.Popen(c, cwd=ROOT, env=environment, stdout=log, stderr=log) for c in commands]
        try:
            _wait_until_well(address, processes, folder / "log")
            yield Running(address, mail, environment["DATABASE_URL"])
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(20)
            log.close()


def _wait_until_well(address: str, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            select_a_moment()
    ended = [process.args for process in processes if process.poll() is not None]
    raise AssertionError(f"{f'ended by itself: {ended}' if ended else 'not up in two minutes'}:\n{log.read_text()}")


def select_a_moment() -> None:
    """Give way to the processes that are starting, for a twentieth of a second."""
    select.select([], [], [], 0.05)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        try:
            browser = playwright.chromium.launch(
                executable_path=program,
                args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
                timeout=120_000,
            )
        except PlaywrightError as error:
            pytest.fail(f"Chromium does not start as {program}; CHROMIUM may name another.\n{error}", pytrace=False)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Chromium, running: Running) -> Iterator[Callable[..., Page]]:
    """Opens a fresh browser: `open_page(scripts=False, phone=True)`. Whatever it complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        # An error page is a resource that failed to load; everything else is a fault.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            complaints.append(f"console: {said.text}")

    def make(*, scripts: bool = True, phone: bool = False) -> Page:
        context = chromium.new_context(
            base_url=running.address,
            java_script_enabled=scripts,
            viewport=PHONE if phone else DESK,
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", note)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


_signed_in: dict[str, list[Any]] = {}


def sign_in(page: Page, email: str) -> None:
    """Sign in as one of the demonstration accounts; from the second time on by the cookie of the first.

    An address may be tried with a password a few times in a quarter of an hour only.
    """
    if email in _signed_in:
        page.context.add_cookies(_signed_in[email])
        page.goto("/my/events")
        page.get_by_role("heading", level=1, name="My events").wait_for()
        return
    page.goto("/sign-in/password")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1, name=re.compile("^(My|Your) events$")).wait_for()
    _signed_in[email] = [
        {"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]}
        for one in page.context.cookies()
    ]


def check_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that a machine can find, and no scrolling sideways."""
    page.wait_for_load_state()  # a click waits only until the next page begins to come
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]})
    violations = [f"{v['id']}: {[n['html'][:160] for n in v['nodes']]}" for v in found.response["violations"]]
    assert violations == [], f"{page.url}"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None
    assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"
