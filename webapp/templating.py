"""Templates: strict about unknown names, and the words in which dates and times are told."""

import hashlib
import re
from collections.abc import MutableMapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from flask import Flask, current_app, url_for
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from config import ROOT
from webapp import clock

# How far back days are counted.
_DAYS_COUNTED = 7
# What stands for each sign of words that were erased.
_ERASED = re.compile("█+")
# Up to what ends a sentence or brackets it.
_ADDRESS = re.compile(r"(https://[^\s<>\"]*[^\s<>\".,;:!?)\]’”])")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "h4", "blockquote", "code", "br", "hr"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


class MildUndefined(StrictUndefined):
    """Raises when an unknown name is printed, walked or asked for an attribute; truth tests and equality do not.

    A key that a dictionary lacks prints as nothing: the design system's macros ask for options not given.
    """

    __slots__ = ()

    @property
    def _is_missing_key(self) -> bool:
        return isinstance(self._undefined_obj, dict)

    # Undefined types these as ones that never come back.
    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return type(self) is type(other)

    def __ne__(self, other: object) -> bool:  # type: ignore[override]
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(type(self))

    def __str__(self) -> str:  # type: ignore[override]
        return "" if self._is_missing_key else super().__str__()

    def __iter__(self) -> Any:
        return iter(()) if self._is_missing_key else super().__iter__()

    def __len__(self) -> int:  # type: ignore[override]
        return 0 if self._is_missing_key else super().__len__()


def init_app(app: Flask) -> None:
    """Set up the environment that pages and letters share."""
    env = app.jinja_env
    env.loader = ChoiceLoader(
        [
            FileSystemLoader(ROOT / "templates"),
            PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
        ]
    )
    env.undefined = MildUndefined
    env.trim_blocks = env.lstrip_blocks = True
    _share_globals(env)
    env.filters.update(
        date=british_date,
        day=weekday_date,
        time=british_time,
        moment=british_moment,
        stamp=british_stamp,
        ago=british_ago,
        iso=iso,
        markdown=markdown,
        linked=linked,
        dates=date_range,
        erased_counted=erased_counted,
    )
    env.globals.update(
        static=static_url,
        service_name=app.config["SETTINGS"].service_name,
        contact_email=app.config["SETTINGS"].contact_email,
        now=clock.now,
        base_url=base_url,
        in_development=app.config["SETTINGS"].env == "development",
    )


def _share_globals(env: Environment) -> None:
    # Jinja gives each template a chain of two dictionaries for its globals, and walks through it in Python at each
    # import and each render: a fifth of what a form of the design system costs. No template has globals of its own.
    chained = env.make_globals
    shared: MutableMapping[str, Any] = env.globals
    env.make_globals = lambda own: chained(own) if own else shared  # type: ignore[method-assign, assignment]


def erased_counted(text: str) -> str:
    """A text in which it is said how many characters were erased, where as many signs stand for them."""
    return _ERASED.sub(
        lambda found: f"({len(found[0]):,} {'character' if len(found[0]) == 1 else 'characters'} erased)", text
    )


def linked(text: str) -> Markup:
    """A text as it was typed, with its https addresses as links that do not tell where they were followed from."""
    parts = _ADDRESS.split(text)
    # Split by one group, so each second part is an address.
    return Markup("").join(
        Markup('<a class="govuk-link" href="{0}" rel="noreferrer noopener">{0}</a>').format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def british_date(value: date | str) -> str:
    """A date as "14 June 2022"."""
    day = _as_date(value)
    return f"{day.day} {day:%B %Y}"


def weekday_date(value: date | str) -> str:
    """A date with its day of the week, as "Tuesday 14 June 2022"."""
    day = _as_date(value)
    return f"{day:%A} {day.day} {day:%B %Y}"


def date_range(first: date, last: date) -> str:
    """Two dates as one phrase: "14 and 15 June 2022", "14 to 16 June 2022", "30 June to 1 July 2022"."""
    if first == last:
        return british_date(first)
    word = "and" if (last - first).days == 1 else "to"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} {word} {british_date(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} {word} {british_date(last)}"
    return f"{british_date(first)} {word} {british_date(last)}"


def british_time(value: time | datetime | str) -> str:
    """A time as "9:30am", "9am", "midday" or "midnight"."""
    at = time.fromisoformat(value) if isinstance(value, str) else value
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at.hour < 12 else 'pm'}"


def british_moment(value: datetime | str, zone: str = "Europe/London") -> str:
    """A moment as "9:30am on Tuesday 14 June 2022"; names the zone where it is not UK time."""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(ZoneInfo(zone))
    suffix = "" if zone == "Europe/London" else f" ({zone.replace('_', ' ')} time)"
    return f"{british_time(at)} on {weekday_date(at)}{suffix}"


def local(value: datetime, zone: str = "Europe/London") -> datetime:
    """A moment in the time of a place."""
    return value.astimezone(ZoneInfo(zone))


def british_stamp(value: datetime, zone: str = "Europe/London") -> str:
    """A moment as briefly as it can be told: "14 June 2022 at 9:30am"."""
    at = value.astimezone(ZoneInfo(zone))
    return f"{british_date(at)} at {british_time(at)}"


def british_ago(value: datetime, now: datetime, zone: str = "Europe/London") -> str:
    """How long ago something was, in a list: "today at 9:30am", "yesterday", "3 days ago", "2 June", "14 June 2022"."""
    at, today = value.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (today - at.date()).days
    if days < 1:
        return f"today at {british_time(at)}"
    if days < _DAYS_COUNTED:
        return "yesterday" if days == 1 else f"{days} days ago"
    return f"{at.day} {at:%B}" if at.year == today.year else british_date(at)


def iso(value: datetime | date) -> str:
    """A date or moment for a <time> element."""
    return value.astimezone(UTC).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def markdown(text: str, top: int = 2) -> Markup:
    """Markdown as safe HTML: no raw HTML, no images, headings that fit under the page's own, from level `top` on."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(top + 2, int(token.tag[1]) + top - 1)}"
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("class", "govuk-link")
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    attributes = {tag: {"class"} for tag in _TAGS} | {"a": {"class", "href"}}
    clean = nh3.clean(
        html, tags=_TAGS, attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel="noopener"
    )
    return Markup(clean)  # noqa: S704 -- cleaned in the line above


_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "heading_open": "govuk-heading-m",
    "blockquote_open": "govuk-inset-text",
    "table_open": "govuk-table",
    "tr_open": "govuk-table__row",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
}


def static_url(filename: str) -> str:
    """The address of a file of ours, which changes with the build so that it may be kept for a year."""
    return url_for("static", filename=filename, v=build_id())


@cache
def build_id() -> str:
    """A name for this build: the sizes and times of every template and static file."""
    digest = hashlib.sha256()
    for folder in (ROOT / "templates", ROOT / "webapp"):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in {".html", ".txt", ".css", ".js", ".py", ".svg"}:
                status = path.stat()
                digest.update(f"{path}{status.st_size}{status.st_mtime_ns}".encode())
    return digest.hexdigest()[:10]


def base_url() -> str:
    """The configured public address of the service, without a slash at the end."""
    settings = current_app.config["SETTINGS"]
    return str(settings.base_url).rstrip("/")


def _as_date(value: date | str) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
