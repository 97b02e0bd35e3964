"""What a letter is told from, and the sorts of placeholder that there are."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.folding import clean_line
from webapp.notices.addresses import Urls
from webapp.notices.community_facts import CommunityFacts, CommunityTold
from webapp.notices.letters import (
    EventFacts,
    LetterFacts,
    ModerationFacts,
    ReflectionFacts,
    SeriesFacts,
    SessionFacts,
)
from webapp.notices.wording import Address, Block, Kind, Told, Value

LONGEST_NAME = 80
# What mail programs make a link of, though nobody marked it as one: strangers put advertisements into the name.
_LINK = re.compile(r"[/@:]|www\.|\.\w{2}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one letter is made from: the facts as they were, the addresses, when it was written, and shared parts."""

    facts: LetterFacts
    urls: Urls
    written_at: datetime
    service_name: str
    contact_email: str
    # Gives the macros of a file of shared parts, by its name.
    parts: Callable[[str], Any]
    # The public id of the letter, of which the links that stop letters are made.
    letter_id: str = ""

    @property
    def event(self) -> EventFacts:
        """The event that it is about; raises LookupError for a letter about none."""
        if self.facts.event is None:
            raise LookupError("This letter is about no event.")
        return self.facts.event

    @property
    def session(self) -> SessionFacts:
        """The session that it is about; raises LookupError for a letter about none."""
        if self.facts.session is None:
            raise LookupError("This letter is about no session.")
        return self.facts.session

    @property
    def series(self) -> SeriesFacts:
        """The series that it is about; raises LookupError for a letter about none."""
        if self.facts.series is None:
            raise LookupError("This letter is about no series.")
        return self.facts.series

    @property
    def reflection(self) -> ReflectionFacts:
        """The reflection or the team that it is about; raises LookupError for a letter about none."""
        if self.facts.reflection is None:
            raise LookupError("This letter is about no reflection.")
        return self.facts.reflection

    @property
    def moderation(self) -> ModerationFacts:
        """The community that its recipient looks after; raises LookupError for a letter about none."""
        if self.facts.moderation is None:
            raise LookupError("This letter is about no moderation.")
        return self.facts.moderation

    @property
    def community(self) -> CommunityFacts:
        """The community that it is about; raises LookupError for a letter about none."""
        if self.facts.community is None:
            raise LookupError("This letter is about no community.")
        return self.facts.community

    @property
    def told(self) -> CommunityTold:
        """What is told of the first community; raises LookupError for a letter that tells of none."""
        if not self.facts.told:
            raise LookupError("This letter tells of no community.")
        return self.facts.told[0]


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """One placeholder: `explained` tells organisers what will stand there."""

    kind: Kind
    explained: str
    value: Callable[[Telling], Value]


def plain_name(name: str) -> str:
    """The name as a letter may tell it, or nothing for one that might be an advertisement."""
    name = clean_line(name)
    return "" if len(name) > LONGEST_NAME or _LINK.search(name) else name


def in_words(explained: str, value: Callable[[Telling], Value]) -> Placeholder:
    """Words, told as `value` gives them: what somebody typed as a string, ours as Told."""
    return Placeholder(kind=Kind.WORDS, explained=explained, value=value)


def in_our_words(explained: str, value: Callable[[Telling], str]) -> Placeholder:
    """Words of ours or of the organisers', which stay as they are."""
    return in_words(explained, lambda telling: Told(text=value(telling)))


def page(explained: str, label: str, url: Callable[[Urls], str], *, is_button: bool = False) -> Placeholder:
    """An address, with the words that stand for it in HTML."""
    return Placeholder(
        kind=Kind.ADDRESS,
        explained=explained,
        value=lambda telling: Address(url=url(telling.urls), label=label, is_button=is_button),
    )


def block(
    explained: str,
    parts: str,
    macro: Callable[[Any, Telling], object],
    *,
    where: Callable[[Telling], object] = lambda _: True,
) -> Placeholder:
    """A part from the macros of both forms; nothing where `where` says so of the letter."""

    def made(telling: Telling) -> Block:
        if not where(telling):
            return Block(text="", html="")
        text, html = (telling.parts(f"{parts}.{form}") for form in ("txt", "html"))
        return Block(text=str(macro(text, telling)), html=str(macro(html, telling)))

    return Placeholder(kind=Kind.BLOCK, explained=explained, value=made)


def paragraph(explained: str, words: Callable[[Telling], str]) -> Placeholder:
    """One paragraph of words, or nothing where there are none."""
    return block(explained, "parts", lambda parts, telling: parts.paragraph(words(telling)), where=words)
