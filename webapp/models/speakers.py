"""Speakers: a profile that stands by itself, with or without an account behind it."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Base, Key, PublicId, Timestamps, folded
from webapp.models.files import StoredFile
from webapp.models.organisations import Organisation


class ProfileLink(TypedDict):
    """An address that a speaker wants to be found under, and what it is called."""

    label: str
    url: str


class Speaker(Timestamps, Base):
    """Somebody named on an agenda."""

    __tablename__ = "speakers"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    slug: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(folded(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    demonstration: Mapped[bool] = mapped_column(default=False)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    photo_alt: Mapped[str] = mapped_column(String(300), default="", server_default="")
    links: Mapped[list[ProfileLink]] = mapped_column(JSON, default=list, server_default="[]")
    # Where a profile went that was the same person's; its address leads there.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("speakers.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    photo: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    aliases: Mapped[list["SpeakerAlias"]] = relationship(
        back_populates="speaker",
        lazy="raise_on_sql",
        order_by="SpeakerAlias.name_folded, SpeakerAlias.id",
        cascade="all, delete-orphan",
    )


class SpeakerAlias(Base):
    """Another spelling under which a speaker is known."""

    __tablename__ = "speaker_aliases"
    __table_args__ = (
        UniqueConstraint("speaker_id", "name_folded"),
        Index("ix_speaker_aliases_name_folded", "name_folded"),
    )

    id: Mapped[Key]
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(folded(200))

    speaker: Mapped[Speaker] = relationship(back_populates="aliases", lazy="raise_on_sql")


class SpeakerInvitation(Base):
    """A speaker asked by e-mail to look at their sessions at an event; the link is made from the nonce."""

    __tablename__ = "speaker_invitations"
    __table_args__ = (UniqueConstraint("event_id", "speaker_id"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speakers.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    email: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    times_sent: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    speaker: Mapped[Speaker] = relationship(lazy="raise_on_sql")
