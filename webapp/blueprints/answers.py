"""What many doors answer alike: kept pages with the viewer's own part in them, and scripts that save as one types."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial

from flask import Response, render_template, request, session
from flask_login import current_user

from webapp import clock, kept
from webapp.models.accounts import Viewer, Visitor
from webapp.queries.revisions import event_revision

Fill = Callable[[Mapping[str, tuple[str, str]]], Mapping[str, str]]


def kept_page(
    ask: Callable[[], str],
    build: Callable[[datetime], kept.Page],
    *,
    key: str = "",
    personal: Fill = lambda _own: {},
) -> Response:
    """A kept page at this address, and at this `key` where part of the query counts, with the viewer's links.

    `ask` gives the revision that says whether it is still true, `build` makes it, and `personal` fills what is open in
    it for who has signed in.
    """
    return _kept(ask, ask(), build, key, personal)


def event_page(
    public_id: str,
    build: Callable[[datetime, Viewer | Visitor], kept.Page],
    *,
    personal: Fill,
    key: str = "",
) -> Response:
    """A kept page about a public event, with what is `personal` in it; what is a draft yet, as a preview, not kept.

    `build` raises NotFound for a viewer who may not see the event.
    """
    ask = partial(event_revision, public_id)
    revision = ask()
    if revision is None:
        page = build(clock.now(), current_user)
        return kept.once(page, {**page.visitors, **_own_lines(), **personal(page.own)})
    return _kept(ask, revision, lambda now: build(now, Visitor()), key, personal)


def as_typed() -> bool:
    """Whether a script saves what is being typed, and wants to be told in JSON; the button wants a page."""
    return request.method == "POST" and request.accept_mimetypes.best == "application/json"


def static_revision() -> str:
    """The revision of pages that change only with the program."""
    return "static"


def _kept(
    ask: Callable[[], str | None],
    revision: str,
    build: Callable[[datetime], kept.Page],
    key: str,
    personal: Fill,
) -> Response:
    return kept.answer(
        f"{request.path}?{key}",
        ask,
        revision,
        build,
        plain=lambda: {"account": account_links(Visitor())},
        personal=lambda own: {**_own_lines(), **personal(own)},
    )


def _own_lines() -> dict[str, str]:
    """What every kept page holds for who is signed in: the links of the header, and what was just done."""
    lines = {"account": account_links(current_user)}
    if "_flashes" in session:
        lines["messages"] = render_template("components/messages.html")
    return lines


def account_links(viewer: Viewer | Visitor) -> str:
    """The links in the header for whoever is looking."""
    return _links(request.script_root, request.endpoint, viewer.is_authenticated, viewer.is_organiser)


@lru_cache(maxsize=1000)
def _links(_root: str, _endpoint: str | None, signed_in: bool, organiser: bool) -> str:  # noqa: FBT001 -- a key
    # Everything that the template reads is in the key: each page of everybody who signed in needs these lines.
    return render_template("components/account_links.html", signed_in=signed_in, organiser=organiser)
