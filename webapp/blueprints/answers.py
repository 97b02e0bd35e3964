"""What many doors answer alike: kept pages with the viewer's own part in them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from flask import Response, render_template, request
from flask_login import current_user

from webapp import kept
from webapp.models.accounts import Viewer, Visitor


def kept_page(
    revision: str,
    build: Callable[[datetime], kept.Page],
    *,
    key: str = "",
    plain: Mapping[str, str] | None = None,
    personal: Callable[[], Mapping[str, str]] = dict,
) -> Response:
    """A kept page at this address, and at this `key` where part of the query counts, with the viewer's links."""
    return kept.answer(
        f"{request.path}?{key}",
        revision,
        build,
        plain=lambda: {"account": account_links(Visitor()), **(plain or {})},
        personal=lambda: {"account": account_links(current_user), **personal()},
    )


def preview(page: kept.Page, personal: Mapping[str, str]) -> Response:
    """A page of that making for one person alone, such as an organiser's look at a draft."""
    return kept.once(page, {"account": account_links(current_user), **personal})


def account_links(viewer: Viewer | Visitor) -> str:
    """The links in the header for whoever is looking."""
    return _links(request.script_root, request.endpoint, viewer.is_authenticated, viewer.is_organiser)


@lru_cache(maxsize=1000)
def _links(_root: str, _endpoint: str | None, signed_in: bool, organiser: bool) -> str:  # noqa: FBT001 -- a key
    # Everything that the template reads is in the key: each page of everybody who signed in needs these lines.
    return render_template("components/account_links.html", signed_in=signed_in, organiser=organiser)
