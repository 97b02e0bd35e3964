"""What somebody belongs to, as everything that asks about access needs to know it."""

from dataclasses import dataclass
from enum import StrEnum


class MemberRole(StrEnum):
    """What somebody is in an area, a wave or a programme."""

    LEAD = "lead"
    MEMBER = "member"
    COACH = "coach"
    EVALUATOR = "evaluator"
    DEPARTMENT = "department"

    @property
    def label(self) -> str:
        return "Area lead" if self is MemberRole.LEAD else self.capitalize()


@dataclass(frozen=True)
class Belonging:
    """By which role somebody belongs to what: an area and its wave, a wave, a group, or else the whole programme."""

    role: MemberRole
    programme_id: int
    wave_id: int | None = None
    area_id: int | None = None
    community_id: int | None = None
