"""How changes of publications are counted and recorded, and what is refused of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from webapp.errors import DomainError
from webapp.models.accounts import Actor, ThingKind
from webapp.models.publications import Article, Issue, Publication
from webapp.services.activity import record


class PublicationRefused(DomainError):
    """What is asked for cannot be done with the publication, issue or article as it is."""

    code = "publication_refused"


class PublicationChanged(DomainError):
    """Somebody else changed it since the page was opened."""

    code = "changed_meanwhile"
    message = "Somebody else changed this since you opened the page. What stands now is shown beside your words."


class NotReady(PublicationRefused):
    """Something is missing before it can be published; `sentences` say what."""

    code = "not_ready"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self._missing = tuple(missing)

    @property
    def sentences(self) -> Sequence[str]:
        return self._missing


def check_version(thing: Publication | Issue | Article, version: int) -> None:
    """Raise PublicationChanged unless this is the present version."""
    if thing.version != version:
        raise PublicationChanged


def changed(verb: str, thing: Publication | Issue | Article, *, actor: Actor, now: datetime, **details: Any) -> None:
    """Count a change of a locked thing on, and record it."""
    thing.version += 1
    thing.updated_at = now
    note(verb, thing, actor=actor, now=now, **details)


def note(verb: str, thing: Publication | Issue | Article, *, actor: Actor, now: datetime, **details: Any) -> None:
    """Record what happened to a thing."""
    record(verb, KINDS[type(thing)], thing.id, actor=actor, now=now, **details)


KINDS = {Publication: ThingKind.PUBLICATION, Issue: ThingKind.ISSUE, Article: ThingKind.ARTICLE}
