"""The outbox: a letter exists if and only if the change that it tells of does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from webapp.database import Base, Compressed, Key, PublicId, folded, string_enum
from webapp.models.events import Mode

if TYPE_CHECKING:
    from webapp.models.to_many import Mailing


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to be told: as registered for the event where they are, else as in their profile.

    `link_id` and `link_nonce` make the personal link; they are empty for who has no registration.
    """

    person_id: int | None
    name: str
    email: str
    organisation: str = ""
    mode: Mode | None = None
    link_id: str = ""
    link_nonce: str = ""


class Lane(StrEnum):
    """Each has a worker of its own: what somebody waits for, what follows from one act, and what goes to many.

    So a link to sign in overtakes a mailing, and so does the letter that an event is cancelled.
    """

    URGENT = "urgent"
    ORDINARY = "ordinary"
    MAILING = "mailing"


class MailKind(StrEnum):
    """What a letter is for: what must be sent to whoever takes part, and what a person may decline."""

    SIGN_IN = "sign_in"
    PLACE = "place"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    ASKING = "asking"
    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"
    NEWS = "news"
    COMMUNITY = "community"
    CONDUCT = "conduct"

    @property
    def may_be_declined(self) -> bool:
        """Whether a person may say that they do not want it."""
        return self in DECLINABLE

    @property
    def label(self) -> str:
        """What it is called, for people."""
        return MAIL_KIND_LABELS[self]

    @property
    def sentence(self) -> str:
        """What it holds, for those who receive it."""
        return MAIL_KIND_SENTENCES[self]


# In the order in which they are shown.
DECLINABLE = (MailKind.REMINDER, MailKind.FOLLOW_UP, MailKind.NEWS, MailKind.COMMUNITY)
MAIL_KIND_LABELS = {
    MailKind.SIGN_IN: "Signing in",
    MailKind.PLACE: "Your place",
    MailKind.CHANGE: "Changes",
    MailKind.CANCELLATION: "Cancellations",
    MailKind.ASKING: "Invitations",
    MailKind.REMINDER: "Reminders",
    MailKind.FOLLOW_UP: "Thanks and follow-up",
    MailKind.NEWS: "News",
    MailKind.COMMUNITY: "Communities",
    MailKind.CONDUCT: "What you write",
}
MAIL_KIND_SENTENCES = {
    MailKind.SIGN_IN: "Links to sign in that you ask for, and word that your password was changed",
    MailKind.PLACE: "What becomes of your registrations: places, waiting lists and sessions that you sign up for",
    MailKind.CHANGE: "Changes to an event or a session that you have a place in",
    MailKind.CANCELLATION: "Cancellations of an event or a session",
    MailKind.ASKING: "Invitations to register, to speak, to help or to reflect together",
    MailKind.REMINDER: "Before an event: when it is and how to join",
    MailKind.FOLLOW_UP: "After an event: thanks, recordings and material, and questions about what you learnt",
    MailKind.NEWS: "What else there is: other events and publications",
    MailKind.COMMUNITY: "What others write in your communities: new posts, digests, and where somebody mentions you",
    MailKind.CONDUCT: "What moderators decide of your own posts, and whatever a moderator must see",
}


def declining(kind: MailKind) -> str:
    """The purpose of a link that declines this kind; a link for one kind proves nothing of another."""
    return f"decline-{kind.value}"


class LetterState(StrEnum):
    """Where a letter is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return self.value.capitalize()


# Nothing more comes of a letter in one of these by itself.
ENDED = frozenset({LetterState.SENT, LetterState.FAILED, LetterState.CANCELLED})
# Letters that tell what somebody wrote in a community, as it stands when they are sent. No copy of it stays behind.
OF_POSTS = frozenset({"post_written", "post_mention", "answer_accepted", "communities_digest"})
# So it is with letters that sign somebody in, or tell of a password: their bytes go as soon as they are sent.
NEVER_KEPT = frozenset({"sign_in_link", "password_changed"}) | OF_POSTS


@dataclass(frozen=True, kw_only=True)
class Try:
    """One time that a letter was handed to the mail server, or was in hand when the worker stopped.

    `said` are the server's own words, or ours where it said nothing; `uncertain` when it may have arrived.
    """

    at: datetime
    became: LetterState
    said: str
    uncertain: bool = False

    def plain(self) -> dict[str, Any]:
        """The try as values for a JSON column."""
        told = {"at": self.at.isoformat(), "became": self.became.value, "said": self.said[:500]}
        return told | ({"uncertain": True} if self.uncertain else {})

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Try":
        """The try from a JSON column."""
        return cls(
            at=datetime.fromisoformat(plain["at"]),
            became=LetterState(plain["became"]),
            said=plain["said"],
            uncertain=plain.get("uncertain", False),
        )


_UNCERTAIN = Column("uncertain") > 0
_KEPT = Column("message_until").is_not(None)
_TO_MANY = Column("mailing_id").is_not(None)
_OF_POST = Column("post_id").is_not(None)


class Letter(Base):
    """One letter to one recipient: the notice's name and the facts as they were, then the bytes as sent.

    The bytes stay until `message_until`, so that what somebody was sent can be shown to the letter.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "lane", "state", "next_attempt_at", "id"),
        Index("ix_outbox_taken", "state", "taken_by"),
        Index("ix_outbox_event", "event_id", "id"),
        Index("ix_outbox_event_state", "event_id", "state", "id"),
        Index("ix_outbox_event_notice", "event_id", "notice", "id"),
        Index("ix_outbox_event_recipient", "event_id", "recipient_words", "id"),
        Index("ix_outbox_person", "person_id", "id"),
        Index("ix_outbox_uncertain", "event_id", "id", sqlite_where=_UNCERTAIN, postgresql_where=_UNCERTAIN),
        # Nobody gets the same letter to many twice, whoever queues it how often.
        Index(
            "uq_outbox_mailing_id_person_id",
            "mailing_id",
            "person_id",
            unique=True,
            sqlite_where=_TO_MANY,
            postgresql_where=_TO_MANY,
        ),
        Index("ix_outbox_mailing_state", "mailing_id", "state", "id", sqlite_where=_TO_MANY, postgresql_where=_TO_MANY),
        Index("ix_outbox_post", "post_id", "id", sqlite_where=_OF_POST, postgresql_where=_OF_POST),
        Index("ix_outbox_message_until", "message_until", "id", sqlite_where=_KEPT, postgresql_where=_KEPT),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    notice: Mapped[str] = mapped_column(String(60))
    lane: Mapped[Lane] = mapped_column(string_enum(Lane))
    kind: Mapped[MailKind] = mapped_column(
        string_enum(MailKind), default=MailKind.PLACE, server_default=MailKind.PLACE.value
    )
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_email: Mapped[str] = mapped_column(String(254))
    # The folded words of both, each after a space, so that what begins a word is found within the index.
    recipient_words: Mapped[str] = mapped_column(folded(500), default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    # The letter to many that it is one of, whose shared facts it has beside its own.
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    # The one post that it tells of; of a digest's the facts tell.
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    state: Mapped[LetterState] = mapped_column(string_enum(LetterState), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    taken_by: Mapped[str] = mapped_column(String(40), default="")
    message: Mapped[bytes | None] = deferred(mapped_column(Compressed))
    message_until: Mapped[datetime | None]
    tries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    mailing: Mapped["Mailing | None"] = relationship(lazy="raise_on_sql")

    @property
    def all_facts(self) -> dict[str, Any]:
        """Its own facts and those that it shares with others; the letter to many must be loaded where it is of one."""
        if self.mailing_id is None or self.mailing is None:
            return self.facts
        return self.mailing.facts | self.facts

    @property
    def all_tries(self) -> list[Try]:
        """Each time that it was handed over, in their order."""
        return [Try.of(one) for one in self.tries]

    @property
    def is_of_posts(self) -> bool:
        """Whether it tells what was written in communities, as it stands when it is sent."""
        return self.notice in OF_POSTS

    @property
    def is_never_kept(self) -> bool:
        """Whether its bytes go as soon as nothing more comes of it."""
        return self.notice in NEVER_KEPT
