"""Who belongs to a programme: to one of its areas, to a wave, to a group, or to the whole of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import NEVER_AGAIN, Base, Key, PublicId, string_enum
from webapp.models.accounts import Person
from webapp.models.areas import Area, Wave
from webapp.models.belonging import MemberRole
from webapp.models.communities import Community
from webapp.models.organisations import Organisation
from webapp.models.programmes import Programme

INVITATION_DAYS = 30
# Somebody belongs to one thing at a time by each row; an area's row names its wave, too.
_ONE_PLACE = "area_id IS NULL OR wave_id IS NOT NULL"
_ONE_THING = "community_id IS NULL OR (area_id IS NULL AND wave_id IS NULL)"


class How(StrEnum):
    """How somebody came to belong."""

    INVITED = "invited"
    DOMAIN = "domain"
    ADDED = "added"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return {
            "invited": "Invited",
            "domain": "Joined by their address",
            "added": "Added",
            "imported": "Read in from a file",
        }[self]


def place_of(
    programme_id: int, wave_id: int | None = None, area_id: int | None = None, community_id: int | None = None
) -> str:
    """What somebody belongs to, as one word by which two can be compared."""
    for name, number in (("group", community_id), ("area", area_id), ("wave", wave_id)):
        if number is not None:
            return f"{name}-{number}"
    return f"programme-{programme_id}"


def _place(context: Any) -> str:
    given = context.get_current_parameters()
    return place_of(*(given.get(name) for name in ("programme_id", "wave_id", "area_id", "community_id")))


@dataclass(frozen=True)
class Where:
    """What somebody may belong to: an area and its wave, a wave, a group, or else the whole programme."""

    programme_id: int
    wave_id: int | None = None
    area_id: int | None = None
    community_id: int | None = None

    @property
    def place(self) -> str:
        """Which of them it is, as one word."""
        return place_of(self.programme_id, self.wave_id, self.area_id, self.community_id)

    def takes(self, role: MemberRole) -> bool:
        """Whether somebody can belong to it by this role: only an area has leads."""
        return role is not MemberRole.LEAD or self.area_id is not None

    def columns(self) -> dict[str, int | None]:
        """The same as the columns of a row."""
        return {
            "programme_id": self.programme_id,
            "wave_id": self.wave_id,
            "area_id": self.area_id,
            "community_id": self.community_id,
        }


class _Placed:
    """What rows that belong somewhere have in common."""

    programme_id: Mapped[int]
    wave_id: Mapped[int | None]
    area_id: Mapped[int | None]
    community_id: Mapped[int | None]
    if TYPE_CHECKING:
        programme: Mapped[Programme]
        wave: Mapped[Wave | None]
        area: Mapped[Area | None]
        community: Mapped[Community | None]

    @property
    def where(self) -> Where:
        """What it belongs to."""
        return Where(self.programme_id, self.wave_id, self.area_id, self.community_id)

    @property
    def of_what(self) -> str:
        """What it belongs to, by name; its programme, wave, area and group must be loaded."""
        named = self.area or self.community or self.wave or self.programme
        return named.name


class Membership(_Placed, Base):
    """One person, one role, in one area, wave, group or whole programme; who left reaches nothing."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(_ONE_PLACE, name="area_names_wave"),
        CheckConstraint(_ONE_THING, name="group_or_place"),
        # Nobody belongs twice to the same by the same role.
        Index(
            "uq_memberships_current",
            "person_id",
            "place",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_memberships_area", "area_id", "id"),
        Index("ix_memberships_wave", "wave_id", "id"),
        Index("ix_memberships_programme", "programme_id", "id"),
        Index("ix_memberships_community", "community_id", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    # A group, that is a community to which people belong by name.
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    # Which of them it is, made of the columns above.
    place: Mapped[str] = mapped_column(String(40), default=_place)
    role: Mapped[MemberRole] = mapped_column(string_enum(MemberRole))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    how: Mapped[How] = mapped_column(string_enum(How))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Whoever was taken out by somebody else does not come back by themselves.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    added_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[added_by_id])
    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    wave: Mapped[Wave | None] = relationship(lazy="raise_on_sql")
    area: Mapped[Area | None] = relationship(lazy="raise_on_sql")
    community: Mapped[Community | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class MembershipInvitation(_Placed, Base):
    """A letter that asks somebody to join; its link is made from the nonce, and opens once."""

    __tablename__ = "membership_invitations"
    __table_args__ = (
        CheckConstraint(_ONE_PLACE, name="area_names_wave"),
        CheckConstraint(_ONE_THING, name="group_or_place"),
        Index("ix_membership_invitations_area", "area_id", "id"),
        Index("ix_membership_invitations_programme", "programme_id", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    nonce: Mapped[str] = mapped_column(String(32))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(string_enum(MemberRole))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship(lazy="raise_on_sql")
    wave: Mapped[Wave | None] = relationship(lazy="raise_on_sql")
    area: Mapped[Area | None] = relationship(lazy="raise_on_sql")
    community: Mapped[Community | None] = relationship(lazy="raise_on_sql")
    invited_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    def is_open(self, now: datetime) -> bool:
        """Whether its link still opens."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at
