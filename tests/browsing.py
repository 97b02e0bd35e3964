"""A browser for tests: it sends the forms that pages gave it, and lints every page that it is shown."""

import re
from dataclasses import dataclass, field
from typing import Any, Self
from xml.etree import ElementTree as ET

from flask import Flask
from werkzeug.test import TestResponse

from tests.reading import HTML, read


@dataclass
class Page:
    """An answer as read: its status, its text, and its elements."""

    response: TestResponse
    address: str
    tree: ET.Element | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """What the page's main part says, spaces single."""
        main = self.one("main")
        return " ".join(" ".join(main.itertext()).split())

    @property
    def heading(self) -> str:
        return text_of(self.one("h1"))

    @property
    def title(self) -> str:
        return text_of(self.one("title"))

    def all(self, tag: str, **attributes: str) -> list[ET.Element]:
        """Every element of a tag with these attribute values; `class_` means: has this class."""
        found = []
        for element in self.tree.iter(HTML + tag) if self.tree is not None else ():
            wanted = dict(attributes)
            css = wanted.pop("class_", None)
            if css and css not in element.get("class", "").split():
                continue
            if all(element.get(name.replace("_", "-")) == value for name, value in wanted.items()):
                found.append(element)
        return found

    def one(self, tag: str, **attributes: str) -> ET.Element:
        """The one element of that kind; none or several is a failed test."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> with {attributes} at {self.address}"
        return found[0]

    def link(self, text: str) -> str:
        """Where the first link with exactly this text leads."""
        for element in self.all("a"):
            if text_of(element) == text:
                return element.get("href", "")
        raise AssertionError(f"no link {text!r} at {self.address}: {[text_of(a) for a in self.all('a')]}")

    def has_link(self, text: str) -> bool:
        return any(text_of(element) == text for element in self.all("a"))

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        summaries = self.all("div", class_="govuk-error-summary")
        return [text_of(li) for summary in summaries for li in summary.iter(HTML + "li")]

    def forms(self) -> list["SentForm"]:
        """Every form of the page that posts, in their order."""
        return [SentForm(one, self.address) for one in self.all("form") if one.get("method") == "post"]

    def form(self, action: str | None = None) -> "SentForm":
        """The form in the main part whose address ends with `action`, or the only one there."""
        main = self.one("main")
        forms = [f for f in main.iter(HTML + "form") if f.get("method", "get").lower() == "post"]
        if action is not None:
            forms = [f for f in forms if (f.get("action") or self.address).endswith(action)]
        assert len(forms) == 1, f"{len(forms)} forms {action or ''} at {self.address}"
        return SentForm(forms[0], self.address)


class SentForm:
    """A form as the page gave it, with the values that stand in it."""

    def __init__(self, element: ET.Element, address: str) -> None:
        self.action = element.get("action") or address
        self.values: dict[str, list[str]] = {}
        for control in element.iter():
            name, tag = control.get("name"), str(control.tag).removeprefix(HTML)
            if not name or tag not in {"input", "textarea", "select"}:
                continue
            value = self._value(control, tag)
            if value is not None:
                self.values.setdefault(name, []).append(value)

    @staticmethod
    def _value(control: ET.Element, tag: str) -> str | None:
        if tag == "textarea":
            return "".join(control.itertext()).removeprefix("\n")
        if tag == "select":
            chosen = [o for o in control.iter(HTML + "option") if o.get("selected") is not None]
            first = chosen or list(control.iter(HTML + "option"))[:1]
            return first[0].get("value", text_of(first[0])) if first else None
        if control.get("type") in {"checkbox", "radio"}:
            return control.get("value", "on") if control.get("checked") is not None else None
        return control.get("value", "")

    def fill(self, **values: str | list[str]) -> Self:
        """Write into fields; an empty list unticks."""
        for name, value in values.items():
            self.values[name] = value if isinstance(value, list) else [value]
        return self


class Browser:
    """One person's browser, with its cookies."""

    def __init__(self, app: Flask, source: str = "127.0.0.1") -> None:
        self.app = app
        self.client = app.test_client()
        self.source = source

    def sign_in(self, secret: str) -> Self:
        """Hold the cookie of a session that was opened on the server, as after signing in."""
        with self.client.session_transaction() as session:
            session["_user_id"] = secret
            session["_fresh"] = True
        return self

    def get(self, address: str, *, follow: bool = True, **options: Any) -> Page:
        """Open a page, following redirects."""
        return self._page(self.client.get(address, environ_base={"REMOTE_ADDR": self.source}, **options), follow)

    def post(self, address: str, data: Any = None, *, follow: bool = True, **options: Any) -> Page:
        """Send something to an address, whatever the pages offered."""
        options.setdefault("environ_base", {"REMOTE_ADDR": self.source})
        response = self.client.post(address, data=data, **options)
        # A large body lies in a file, which the client of the tests leaves open.
        response.request.environ["wsgi.input"].close()
        return self._page(response, follow)

    def send(self, form: SentForm, *, follow: bool = True, **values: str | list[str]) -> Page:
        """Fill in a form that a page gave, and send it."""
        form.fill(**values)
        return self.post(form.action, form.values, follow=follow)

    def _page(self, response: TestResponse, follow: bool) -> Page:
        hops = 0
        while follow and response.status_code in {301, 302, 303, 307, 308} and hops < 5:
            hops += 1
            response = self.client.get(response.headers["Location"], environ_base={"REMOTE_ADDR": self.source})
        page = Page(response, response.request.full_path.rstrip("?"))
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 304}:
            lint(page)
        return page


def lint(page: Page) -> None:
    """Read a page and fail on what a careful author would not leave in it."""
    page.tree, problems = read(page.body)
    heading = page.all("h1")
    if len(heading) != 1:
        problems.append(f"{len(heading)} h1")
    elif not page.title.removeprefix("Error: ").startswith(text_of(heading[0])[:60]):
        problems.append(f"title {page.title!r} does not begin with h1 {text_of(heading[0])!r}")
    if page.errors and not page.title.startswith("Error: "):
        problems.append("there are errors, and the title does not say so")
    problems += _ids(page) + _labels(page) + _inline(page)
    assert not problems, f"{page.address}: {problems}"


def _ids(page: Page) -> list[str]:
    ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
    return [f"id {one!r} twice" for one in {i for i in ids if ids.count(i) > 1}]


def _labels(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    problems = []
    for tag in ("input", "textarea", "select"):
        for control in page.all(tag):
            named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
            if control.get("type") not in {"hidden", "submit", "button"} and not named:
                problems.append(f"no label for {control.get('name')}")
    problems += ["an image without alternative text" for image in page.all("img") if image.get("alt") is None]
    problems += ["a link without words" for link in page.all("a") if not text_of(link) and not link.get("aria-label")]
    return problems


def _inline(page: Page) -> list[str]:
    problems = [f"inline style on <{e.tag}>" for e in page.tree.iter() if e.get("style")]
    problems += ["inline script" for script in page.all("script") if not script.get("src")]
    problems += ["inline stylesheet" for _ in page.all("style")]
    handlers = re.findall(r"<[^>]+\son[a-z]+=", page.body)
    return problems + [f"inline handler {handler[:40]}" for handler in handlers]


def text_of(element: ET.Element) -> str:
    """An element's words, spaces single."""
    return " ".join("".join(element.itertext()).split())
