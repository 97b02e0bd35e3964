"""Pages kept in memory for as long as nothing that they show has changed.

A kept page holds nothing personal: where a page says something to one person, it has an opening, which is
filled for each answer. Its key is the address, a revision read before the content, and the next moment at
which the page changes by itself; so a change shows on the very next request, in every process.
"""

import hashlib
import secrets
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, request, session
from flask_login import current_user
from markupsafe import Markup
from werkzeug.http import parse_etags

from webapp import clock
from webapp.templating import build_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_PAGES = 400
MOST_BYTES = 32 * 1024 * 1024
MOST_THINGS = 100
T = TypeVar("T")
# Not to be foreseen, so that no text of anybody can pass for an opening.
_MARK = f"\x00{secrets.token_hex(8)}\x00"
_SENT = "waymark.kept"
_OF_CONTENT = {"Content-Type", "Content-Length"}


@dataclass(frozen=True)
class Page:
    """A page as rendered, and the moments at which it would read otherwise though nothing was changed.

    What somebody can ask for in endless ways is not kept, or it would drive out what many ask for.
    `own` holds what is put only into the pages of some people, by name, as far as it is alike for all of them.
    """

    html: str
    boundaries: Iterable[datetime] = ()
    keep: bool = True
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # What stands in openings for visitors; for who has signed in, something else may.
    visitors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    revision: str
    ask: Callable[[], str | None]
    until: datetime | None
    parts: tuple[str, ...]
    own: Mapping[str, tuple[str, str]]
    plain: bytes
    etag: str
    # As sent to the first visitor, the names of RFC 9110 that a 304 does not carry (15.4.5) left out.
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """About how much memory it takes, in bytes; text with a quotation mark or a star takes two a character."""
        texts = (*self.parts, *(text for pair in self.own.values() for text in pair))
        return len(self.plain) + sum(map(sys.getsizeof, texts))

    def is_true(self, revision: str | None, now: datetime) -> bool:
        """Whether the page still shows how things are."""
        return self.revision == revision and (self.until is None or now < self.until)


class _Store:
    def __init__(self) -> None:
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: str) -> _Kept | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: _Kept) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._bytes += page.size - (old.size if old else 0)
            self._pages[key] = page
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                _, gone = self._pages.popitem(last=False)
                self._bytes -= gone.size

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


store = _Store()


class _Things:
    def __init__(self) -> None:
        self._things: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, revision: str, make: Callable[[], T]) -> T:
        with self._lock:
            known, thing = self._things.get(name, ("", None))
        if known != revision:
            thing = make()
            with self._lock:
                self._things[name] = revision, thing
                self._things.move_to_end(name)
                while len(self._things) > MOST_THINGS:
                    self._things.popitem(last=False)
        found: T = thing
        return found

    def clear(self) -> None:
        with self._lock:
            self._things.clear()


things = _Things()


def init_app(app: Flask) -> None:
    """Give templates the mark of an opening."""
    app.jinja_env.globals["opening"] = opening
    app.wsgi_app = _Shortcut(app, app.wsgi_app)  # type: ignore[method-assign]  # as Flask says to wrap it
    clear()


def clear() -> None:
    """Forget everything."""
    store.clear()
    things.clear()


def thing(name: str, revision: str, make: Callable[[], T]) -> T:
    """What `make` gives, kept in memory for as long as the revision stands; it must belong to no one request."""
    return things.get(name, revision, make)


def opening(name: str) -> Markup:
    """The mark in a template for what is filled in for each person."""
    return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704 -- names are our own words


def answer(
    address: str,
    ask: Callable[[], str | None],
    revision: str,
    build: Callable[[datetime], Page],
    *,
    plain: Callable[[], Mapping[str, str]],
    personal: Callable[[Mapping[str, tuple[str, str]]], Mapping[str, str]],
) -> Response:
    """The kept page of an address at the `revision` that `ask` has just given, built if need be.

    `plain` fills the openings for visitors, `personal` for who is signed in, from what the page holds for them.
    Visitors may keep the page and ask whether it changed (304); what is personal is never stored.
    """
    page = _current(address, ask, revision, build, plain)
    # Most visitors have no session at all, and need not be looked up to be known as such.
    if "_user_id" in session and current_user.is_authenticated:
        response = Response(_filled(page.parts, personal(page.own)), mimetype="text/html")
        response.headers["Cache-Control"] = "private, no-store"
        return response
    request.environ[_SENT] = page
    headers = [("ETag", f'"{page.etag}"'), ("Cache-Control", "no-cache"), ("Vary", "Cookie")]
    if request.if_none_match.contains_weak(page.etag):  # proxies that compress weaken it (RFC 9110, 13.1.2)
        return Response(status=304, headers=headers)
    return Response(page.plain, mimetype="text/html", headers=headers)


def form(
    address: str, revision: str, build: Callable[[datetime], Page], fillings: Callable[[], Mapping[str, str]]
) -> Response:
    """A page with a form: what is alike for all visitors is kept, and the answer, with its token, is not."""
    page = _current(f"form {address}", lambda: revision, revision, build, dict)
    return Response(_filled(page.parts, fillings()), mimetype="text/html")


def _current(
    address: str,
    ask: Callable[[], str | None],
    revision: str,
    build: Callable[[datetime], Page],
    plain: Callable[[], Mapping[str, str]],
) -> _Kept:
    now = clock.now()
    page = store.get(address)
    if page is None or not page.is_true(revision, now):
        made = build(now)
        page = _build(made, ask, revision, now, {**plain(), **made.visitors})
        if made.keep:
            store.put(address, page)
    return page


class _Shortcut:
    """Answers visitors with what is kept, and with the headers it was first sent with, before all the rest runs.

    Whoever brings a cookie of ours, looks for something, or comes when something has changed, goes the long way.
    """

    def __init__(self, app: Flask, rest: "WSGIApplication") -> None:
        self._app = app
        self._rest = rest
        self._cookie = app.config["SESSION_COOKIE_NAME"]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or self._cookie in environ.get("HTTP_COOKIE", ""):
            return self._rest(environ, start_response)
        page = None if environ.get("QUERY_STRING") else store.get(f"{environ['PATH_INFO']}?")
        if page is None or not page.headers or not self._is_true(page):
            return self._rest(environ, self._noting(environ, start_response))
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(page.etag):
            start_response("304 NOT MODIFIED", page.headers.copy())
            return []
        length = ("Content-Length", str(len(page.plain)))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), length, *page.headers])
        return [page.plain]

    def _is_true(self, page: _Kept) -> bool:
        with self._app.app_context():
            try:
                return page.is_true(page.ask(), clock.now())
            except Exception:  # noqa: BLE001 -- the long way asks again, and has words for it
                return False

    def _noting(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "StartResponse":
        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            page: _Kept | None = environ.get(_SENT)
            personal = any(name == "Set-Cookie" for name, _ in headers)
            if page is not None and not page.headers and not personal and status[:3] in {"200", "304"}:
                page.headers[:] = [line for line in headers if line[0] not in _OF_CONTENT]
            return start_response(status, headers, *more)

        return note


def once(page: Page, personal: Mapping[str, str]) -> Response:
    """A page of the same making that is not kept, such as the preview of a draft."""
    return Response(_filled(tuple(page.html.split(_MARK)), personal), mimetype="text/html")


def _build(page: Page, ask: Callable[[], str | None], revision: str, now: datetime, plain: Mapping[str, str]) -> _Kept:
    parts = tuple(page.html.split(_MARK))
    body = _filled(parts, plain).encode()
    until = min((moment for moment in page.boundaries if moment > now), default=None)
    etag = hashlib.sha256(b"\x00".join((build_id().encode(), body))).hexdigest()[:24]
    return _Kept(revision=revision, ask=ask, until=until, parts=parts, own=page.own, plain=body, etag=etag)


def _filled(parts: tuple[str, ...], fillings: Mapping[str, str]) -> str:
    # Every second part is the name of an opening; one that has nothing to say stays empty.
    return "".join(fillings.get(part, "") if place % 2 else part for place, part in enumerate(parts))
