"""Pages kept in memory for as long as nothing that they show has changed.

A kept page holds nothing personal: where a page says something to one person, it has an opening, which is
filled for each answer. Its key is the address, a revision read before the content, and the next moment at
which the page changes by itself; so a change shows on the very next request, in every process.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from flask import Flask, Response, request
from flask_login import current_user
from markupsafe import Markup

from webapp import clock
from webapp.templating import build_id

MOST_PAGES = 400
MOST_BYTES = 32 * 1024 * 1024
# Not to be foreseen, so that no text of anybody can pass for an opening.
_MARK = f"\x00{secrets.token_hex(8)}\x00"


@dataclass(frozen=True)
class Page:
    """A page as rendered, and the moments at which it would read otherwise though nothing was changed.

    What somebody can ask for in endless ways is not kept, or it would drive out what many ask for.
    """

    html: str
    boundaries: Iterable[datetime] = ()
    keep: bool = True


@dataclass(frozen=True)
class _Kept:
    revision: str
    until: datetime | None
    parts: tuple[str, ...]
    plain: bytes
    etag: str


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
            self._bytes += len(page.plain) - (len(old.plain) if old else 0)
            self._pages[key] = page
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                _, gone = self._pages.popitem(last=False)
                self._bytes -= len(gone.plain)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0


store = _Store()


def init_app(app: Flask) -> None:
    """Give templates the mark of an opening."""
    app.jinja_env.globals["opening"] = opening
    store.clear()


def opening(name: str) -> Markup:
    """The mark in a template for what is filled in for each person."""
    return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704 -- names are our own words


def answer(
    key: str,
    revision: str,
    build: Callable[[datetime], Page],
    *,
    plain: Callable[[], Mapping[str, str]],
    personal: Callable[[], Mapping[str, str]],
) -> Response:
    """The kept page, built if need be. `plain` fills the openings for visitors, `personal` for who is signed in.

    Visitors may keep the page and ask whether it changed (304); what is personal is never stored.
    """
    now = clock.now()
    page = store.get(key)
    if page is None or page.revision != revision or (page.until is not None and now >= page.until):
        made = build(now)
        page = _build(revision, made, now, plain())
        if made.keep:
            store.put(key, page)
    if current_user.is_authenticated:
        response = Response(_filled(page.parts, personal()), mimetype="text/html")
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if page.etag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(page.plain, mimetype="text/html")
    response.headers["ETag"] = f'"{page.etag}"'
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Cookie"
    return response


def once(page: Page, personal: Mapping[str, str]) -> Response:
    """A page of the same making that is not kept, such as the preview of a draft."""
    return Response(_filled(tuple(page.html.split(_MARK)), personal), mimetype="text/html")


def _build(revision: str, page: Page, now: datetime, plain: Mapping[str, str]) -> _Kept:
    parts = tuple(page.html.split(_MARK))
    body = _filled(parts, plain).encode()
    until = min((moment for moment in page.boundaries if moment > now), default=None)
    etag = hashlib.sha256(b"\x00".join((build_id().encode(), body))).hexdigest()[:24]
    return _Kept(revision=revision, until=until, parts=parts, plain=body, etag=etag)


def _filled(parts: tuple[str, ...], fillings: Mapping[str, str]) -> str:
    # Every second part is the name of an opening; one that has nothing to say stays empty.
    return "".join(fillings.get(part, "") if place % 2 else part for place, part in enumerate(parts))
