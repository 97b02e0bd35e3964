"""A small client of our own: one kept-alive connection over a bare socket, so that it costs little beside a server."""

import re
import socket
import time
from dataclasses import dataclass
from statistics import median
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrf_token"[^>]*? value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        found = re.search(rb"\r\n" + name.encode() + rb": *([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode("latin-1") if found else ""

    @property
    def token(self) -> str:
        """The CSRF token of the first form in the page."""
        found = _TOKEN.search(self.body)
        if found is None:
            raise ValueError(f"no form in this answer: {self.status} {self.body[:200]!r}")
        return found[1].decode()


class Connection:
    """One connection to a server on this machine; it opens when first used, and keeps cookies as a browser does."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port = port
        self.headers = headers
        self.cookies: dict[str, str] = {}
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; the next request opens a new connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def get(self, address: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self.exchange(self.asking(address, **headers))

    def post(self, address: str, values: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        return self.exchange(self.sending(address, values, **headers))

    def asking(self, address: str, **headers: str) -> bytes:
        """The bytes of a request for a page, for those who send the same many times."""
        return self._head("GET", address, headers) + b"\r\n"

    def sending(self, address: str, values: dict[str, str], **headers: str) -> bytes:
        """The bytes of a form as sent."""
        body = urlencode(values).encode()
        kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        return self._head("POST", address, headers) + kind + body

    def _head(self, method: str, address: str, headers: dict[str, str]) -> bytes:
        lines = [f"{method} {address} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept: text/html"]
        given = {**self.headers, **headers}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in given.items()]
        return ("\r\n".join(lines) + "\r\n").encode("latin-1")

    def exchange(self, request: bytes) -> Answer:
        """Send the bytes of a request, and read its answer; a page is asked for again when the server had hung up."""
        used = self._socket is not None
        try:
            answer = self._exchange(request)
        except ConnectionError:
            self.close()
            if not (used and request.startswith(b"GET")):
                raise
            answer = self._exchange(request)
        if b"\r\nSet-Cookie" in answer.head:
            self.cookies.update((name.decode(), value.decode()) for name, value in _COOKIE.findall(answer.head))
        if b"\r\nConnection: close" in answer.head:
            self.close()
        return answer

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self.port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        return _read(self._socket)


def _read(connection: socket.socket) -> Answer:
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError("the server hung up before it answered")
        received += more
    head, body = received[: end + 2], received[end + 4 :]
    status = int(head[9:12])
    found = _LENGTH.search(head)
    length = int(found[1]) if found and status != 304 else 0
    parts, have = [body], len(body)
    while have < length:
        more = connection.recv(262144)
        if not more:
            raise ConnectionError("the server hung up within its answer")
        parts.append(more)
        have += len(more)
    return Answer(status, head, b"".join(parts))


@dataclass(frozen=True)
class Load:
    """The same request again and again to one server, and the answer that it must get."""

    port: int
    request: bytes
    status: int = 200

    def rate(self, seconds: float) -> float:
        """Answers a second over one kept-alive connection; raises ValueError when one is not as it must be."""
        with Connection(self.port) as connection:
            for _ in range(3):
                self._ask(connection)
            count, start = 0, time.perf_counter()
            while (passed := time.perf_counter() - start) < seconds:
                self._ask(connection)
                count += 1
        return count / passed

    def _ask(self, connection: Connection) -> None:
        answer = connection.exchange(self.request)
        if answer.status != self.status:
            raise ValueError(f"{answer.status} instead of {self.status} for {self.request[:80]!r}")


def rates(loads: dict[str, Load], *, rounds: int, seconds: float) -> dict[str, list[float]]:
    """The rates of all loads, slice by slice beside each other, in so many rounds."""
    found: dict[str, list[float]] = {name: [] for name in loads}
    for _ in range(rounds):
        for name, load in loads.items():
            found[name].append(load.rate(seconds))
    return found


def typical(rate: list[float]) -> str:
    """The middle rate for people, as answers a second."""
    return f"{median(rate):.0f}/s"
