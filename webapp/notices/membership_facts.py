"""What letters say of a membership: of what, by which role, and until when an invitation to it stands."""

from dataclasses import dataclass
from datetime import datetime

from webapp.models.belonging import MemberRole
from webapp.models.memberships import Membership, MembershipInvitation


@dataclass(frozen=True, kw_only=True)
class MembershipFacts:
    """What somebody belongs to, or is invited to; of an area its wave, too."""

    programme: str
    role: MemberRole
    area: str = ""
    wave: str = ""
    group: str = ""
    open_until: datetime | None = None
    # Of its page: of the area, the group, or the programme, below the base address.
    path: str = ""

    @classmethod
    def of(cls, row: Membership | MembershipInvitation) -> "MembershipFacts":
        """The facts of a membership or an invitation whose programme, wave, area and group are loaded."""
        return cls(
            programme=row.programme.name,
            role=row.role,
            area=row.area.name if row.area else "",
            wave=row.wave.name if row.wave else "",
            group=row.community.name if row.community else "",
            path=_path(row),
            open_until=row.expires_at if isinstance(row, MembershipInvitation) else None,
        )

    @property
    def of_what(self) -> str:
        """What it is, by name."""
        return self.area or self.group or self.wave or self.programme

    @property
    def in_full(self) -> str:
        """The same with its wave and programme."""
        if self.area:
            return f"{self.area} ({self.wave} of {self.programme})"
        return f"{self.of_what} (of {self.programme})" if self.group or self.wave else self.programme


def _path(row: Membership | MembershipInvitation) -> str:
    if row.area:
        return f"areas/{row.area.slug}-{row.area.public_id}"
    if row.community:
        return f"communities/{row.community.slug}-{row.community.public_id}"
    return f"programmes/{row.programme.slug}-{row.programme.public_id}"
