"""What was said in a session: turns of speakers whose addresses live on, and the history of every change."""

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, TypedDict

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, Timestamps, string_enum
from webapp.models.accounts import Person
from webapp.models.agenda import Session
from webapp.models.files import StoredFile
from webapp.models.speakers import Speaker

LONGEST_LABEL = 200
LONGEST_WORDS = 100_000
# What stands for each sign of words that were erased.
ERASED = "█"
# Room between two turns, so that one can be put between them without moving the others.
GAP = 1024


class TranscriptState(StrEnum):
    """Who may read a transcript: its editors, or everybody who may see the event."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Fidelity(StrEnum):
    """How closely a transcript keeps to what was said."""

    EDITED = "edited"
    VERBATIM = "verbatim"

    @property
    def label(self) -> str:
        return {"edited": "Edited for reading", "verbatim": "Word for word"}[self]


class Unread(TypedDict):
    """A line of a file that could not be read as part of a turn: its number, what stands there, and why."""

    line: int
    text: str
    reason: str


class Remark(TypedDict):
    """Something to look at after a file was read: a sentence, and the line concerned where there is one."""

    line: int | None
    sentence: str


class Transcript(Timestamps, Base):
    """The transcript of a session; `version` grows by one with each change, and its history has that number."""

    __tablename__ = "transcripts"
    __table_args__ = (
        CheckConstraint("state <> 'published' OR checked_at IS NOT NULL", name="checked_before_it_is_published"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    state: Mapped[TranscriptState] = mapped_column(string_enum(TranscriptState), default=TranscriptState.DRAFT)
    fidelity: Mapped[Fidelity] = mapped_column(string_enum(Fidelity), default=Fidelity.EDITED)
    language: Mapped[str] = mapped_column(String(10), default="en-GB")
    # What stood before the first turn.
    introduction: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    source_name: Mapped[str] = mapped_column(String(120), default="")
    source_kind: Mapped[str] = mapped_column(String(30), default="")
    source_encoding: Mapped[str] = mapped_column(String(30), default="")
    source_deleted_at: Mapped[datetime | None]
    unread: Mapped[list[Unread]] = mapped_column(JSON, default=list)
    remarks: Mapped[list[Remark]] = mapped_column(JSON, default=list)
    # Labels of which an editor said that no speaker of the event is meant; nobody is asked about them again.
    settled: Mapped[list[str]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    checked_by: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime | None]
    # The version that was checked; what is corrected later is said to be so.
    checked_version: Mapped[int | None]
    published_at: Mapped[datetime | None]
    # When its speakers were last asked by letter to look through it.
    check_asked_at: Mapped[datetime | None]

    session: Mapped[Session] = relationship(back_populates="transcript", lazy="raise_on_sql")
    source: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")

    @property
    def is_published(self) -> bool:
        return self.state is TranscriptState.PUBLISHED

    @property
    def was_corrected(self) -> bool:
        """Whether anything was changed after it was checked."""
        return self.checked_version is not None and self.version > self.checked_version


class Turn(Base):
    """One speaker's uninterrupted words. It is never deleted: it is removed, or its words go on within another.

    Times are milliseconds from the beginning of the recording. `pieces` are its parts as cues or paragraphs gave them:
    the place in the words where each begins, and when it begins and ends where that is known.
    """

    __tablename__ = "turns"
    __table_args__ = (
        Index("ix_turns_order", "transcript_id", "position", "id"),
        Index("ix_turns_number", "transcript_id", "number", unique=True),
        CheckConstraint("(joined_into_id IS NULL) = (joined_at IS NULL)", name="joined_somewhere"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcripts.id"))
    position: Mapped[int]
    # Counted within its transcript as turns come to be, and never changed: the search puts them together by it.
    number: Mapped[int] = mapped_column(server_default="0")
    # Who speaks, as the file had it.
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text)
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    pieces: Mapped[list[list[int | None]]] = mapped_column(JSON, default=list)
    # The version of the transcript at which this turn last changed.
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None]
    # When its words were struck out for good, here and in the history.
    erased_at: Mapped[datetime | None]
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)
    joined_at: Mapped[int | None]

    @property
    def stands(self) -> bool:
        """Whether it is part of the text as it is now."""
        return self.removed_at is None and self.joined_into_id is None


class ChangeKind(StrEnum):
    """What happened to a transcript or to one of its turns."""

    IMPORTED = "imported"
    WORDS = "words"
    SPLIT = "split"
    JOINED = "joined"
    SPEAKER = "speaker"
    REMOVED = "removed"
    PUT_BACK = "put_back"
    ERASED = "erased"

    @property
    def label(self) -> str:
        return {
            "imported": "Read in",
            "words": "Words corrected",
            "split": "Split",
            "joined": "Joined",
            "speaker": "Speaker changed",
            "removed": "Removed",
            "put_back": "Put back",
            "erased": "Erased for good",
        }[self]


class TurnChange(Base):
    """One change of one turn, with how it stood before and after; without a turn, of the transcript as a whole."""

    __tablename__ = "turn_changes"
    __table_args__ = (
        Index("ix_turn_changes_order", "transcript_id", "version", "id"),
        Index("ix_turn_changes_turn", "turn_id", "version", "id"),
    )

    id: Mapped[Key]
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcripts.id"))
    version: Mapped[int]
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"))
    kind: Mapped[ChangeKind] = mapped_column(string_enum(ChangeKind))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    turn: Mapped[Turn | None] = relationship(lazy="raise_on_sql")


class ProposalState(StrEnum):
    """What became of a correction that a speaker proposed."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class TurnProposal(Timestamps, Base):
    """What a speaker would rather have a turn of theirs say; an editor accepts or declines it."""

    __tablename__ = "turn_proposals"
    __table_args__ = (
        Index("ix_turn_proposals_order", "transcript_id", "state", "id"),
        Index(
            "ix_turn_proposals_open",
            "turn_id",
            "speaker_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="open_until_decided"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcripts.id"))
    turn_id: Mapped[int] = mapped_column(ForeignKey("turns.id"))
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text)
    # The version of the turn to which the speaker proposed it.
    turn_version: Mapped[int]
    state: Mapped[ProposalState] = mapped_column(string_enum(ProposalState), default=ProposalState.OPEN)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    turn: Mapped[Turn] = relationship(lazy="raise_on_sql")
    speaker: Mapped[Speaker | None] = relationship(lazy="raise_on_sql")

    @property
    def mark(self) -> str:
        """What tells these words from others that its speaker proposes in their place, under the same address."""
        return blake2b(self.words.encode(), digest_size=16).hexdigest()
