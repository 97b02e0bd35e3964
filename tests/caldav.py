"""A real CalDAV server on this machine, and a calendar program's part against it: messages in, resources stored."""

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import vobject

HOME = "/ann/calendar/"
DAV, CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
QUERY = """<?xml version="1.0"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><D:getetag/><C:calendar-data><C:expand start="{start}" end="{end}"/></C:calendar-data></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{start}" end="{end}"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


class Diary:
    """One person's calendar on the server."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """One request, and the status and text of its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            # "ann:" in base64: the server asks who it is, and believes it.
            connection.request(method, path, body.encode(), {"Authorization": "Basic YW5uOg==", **sent})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def make(self) -> None:
        status, _ = self.ask("MKCALENDAR", HOME)
        assert status == 201

    def take(self, message: bytes) -> None:
        """What a calendar program does with an iTIP message that came by mail (RFC 5546, section 3.2)."""
        came = vobject.readOne(message.decode())
        (uid,) = {event.uid.value for event in came.vevent_list}
        path = f"{HOME}{re.sub('[^A-Za-z0-9-]', '-', uid)}.ics"
        stored = self.read(path)
        if stored is not None:
            newest = max(int(event.sequence.value) for event in stored.vevent_list)
            assert all(int(event.sequence.value) >= newest for event in came.vevent_list), "an old version came"
        one = len(came.vevent_list) == 1 and "recurrence-id" in came.vevent.contents
        match came.method.value, one:
            case "REQUEST", False:
                self._put(path, came)
            case "CANCEL", False:
                assert self.ask("DELETE", path)[0] in {200, 204}
            case method, _:
                assert stored is not None, "an update of one meeting came before the series"
                self._put(path, _with_one(stored, came.vevent, gone=method == "CANCEL"))

    def read(self, path: str) -> vobject.base.Component | None:
        """A resource as the server gives it back."""
        status, text = self.ask("GET", path)
        return vobject.readOne(text) if status == 200 else None

    def _put(self, path: str, calendar: vobject.base.Component) -> None:
        # A stored resource has no METHOD (RFC 4791, section 4.1).
        calendar.contents.pop("method", None)
        status, text = self.ask("PUT", path, calendar.serialize(), Content_Type="text/calendar; charset=utf-8")
        assert status in {201, 204}, text

    def between(self, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
        """What the server finds between two moments, each occurrence by itself: its beginning in UTC, and its title."""
        shown = {name: at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for name, at in (("start", start), ("end", end))}
        body = QUERY.format(**shown)
        status, text = self.ask("REPORT", HOME, body, Depth="1", Content_Type="application/xml")
        assert status == 207, text
        found = []
        for data in ET.fromstring(text).iter(f"{CAL}calendar-data"):
            read = vobject.readOne(data.text or "").vevent_list
            found += [(event.dtstart.value.astimezone(UTC), event.summary.value) for event in read]
        return sorted(found)


def _with_one(stored: vobject.base.Component, event: vobject.base.Component, *, gone: bool) -> vobject.base.Component:
    on = event.contents["recurrence-id"][0].value
    for other in stored.vevent_list[:]:
        if "recurrence-id" in other.contents and other.contents["recurrence-id"][0].value == on:
            stored.remove(other)
    if not gone:
        stored.add(event)
        return stored
    (master,) = [one for one in stored.vevent_list if "rrule" in one.contents]
    exdate = master.add("exdate")
    exdate.value = [on]
    return stored


@contextmanager
def serving(folder: Path) -> Iterator[Diary]:
    """Radicale on a free port of this machine, its store in the folder, until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "--server-hosts": f"127.0.0.1:{port}",
        "--auth-type": "none",
        "--storage-filesystem-folder": str(folder / "collections"),
        "--rights-type": "owner_only",
        "--logging-level": "warning",
    }
    command = [sys.executable, "-m", "radicale", "--config", ""]
    command += [part for option in options.items() for part in option]
    with (folder / "radicale.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            diary = Diary(port)
            _wait(diary, process, folder / "radicale.log")
            diary.make()
            yield diary
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(diary: Diary, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            diary.ask("OPTIONS", "/")
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return
