"""Letters of communities: what is still to be told of a post, the digests of a morning, and what a letter tells of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Base
from webapp.models.mailings import LetterState

# The clock by which digests go out, and the hour at which they do; weekly ones on Mondays.
DIGEST_ZONE = "Europe/London"
DIGEST_HOUR = 7


class PostTelling(Base):
    """A published post of which followers are still to be told; it goes once all were.

    It is written with the post, so that a letter comes of each that is published and of no other.
    """

    __tablename__ = "post_tellings"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    since: Mapped[datetime]
    # Everybody up to this person has been told.
    told_person_id: Mapped[int] = mapped_column(default=0)


class DigestRun(Base):
    """The digests of one morning: who has been looked at, so that a worker that dies leaves the rest to the next."""

    __tablename__ = "digest_runs"

    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    looked_person_id: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, kw_only=True)
class StandingPost:
    """A published post as it stands when a letter about it is written."""

    id: int
    public_id: str
    number: int
    author: str
    body: str
    topic_public_id: str
    topic: str
    community_id: int


@dataclass(frozen=True, kw_only=True)
class StandingCommunity:
    """A community as it stands when a letter about it is written."""

    id: int
    public_id: str
    slug: str
    name: str
    mail_without_content: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """Somebody who was told of a post by letter, or is about to be."""

    person_id: int
    name: str
    email: str
    state: LetterState
    sent_at: datetime | None


# The purpose of a link that stops the letters of all communities that its letter tells of.
STOPPING = "stop-communities"


def stopping(community_id: int) -> str:
    """The purpose of a link that stops the letters of this community; it proves nothing of another."""
    return f"{STOPPING}-{community_id}"
