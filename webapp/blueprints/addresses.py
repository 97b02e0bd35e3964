"""How things are named in addresses: a slug that reads well, and the id that counts."""

from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from flask import redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from webapp.database import ALPHABET, PUBLIC_ID_LENGTH


class Named(Protocol):
    """Anything with a slug and a public id."""

    slug: Any
    public_id: Any


@dataclass(frozen=True)
class Ref:
    """What an address says of a thing: its id, which counts, and its slug, which only reads well."""

    slug: str
    public_id: str


class RefConverter(BaseConverter):
    """`national-learning-event-23456789bcdf`: a slug, then the public id."""

    regex = rf"(?:[a-z0-9-]+-)?[{ALPHABET}]{{{PUBLIC_ID_LENGTH}}}"

    def to_python(self, value: str) -> Ref:
        return Ref(value[: -PUBLIC_ID_LENGTH - 1], value[-PUBLIC_ID_LENGTH:])

    def to_url(self, value: Named) -> str:
        return f"{value.slug}-{value.public_id}" if value.slug else str(value.public_id)


class _Moved(HTTPException):
    code = 301


def lead_on(address: str) -> NoReturn:
    """Answer with another address of this service, from within what makes a page."""
    raise _Moved(response=redirect(address))


def put_right(ref: Ref, thing: Named, endpoint: str, **values: Any) -> None:
    """Lead on to the present address when the slug or id asked for is not, or no longer, the thing's own.

    What is sent is taken at either address: leading on would lose it.
    """
    if (ref.slug, ref.public_id) != (thing.slug, thing.public_id) and request.method in {"GET", "HEAD"}:
        query = request.query_string.decode("latin-1")
        raise _Moved(response=redirect(url_for(endpoint, **values) + (f"?{query}" if query else ""), code=301))
