"""Moderation: posts are reported or held, looked at by one at a time, and let stand, refused or redacted."""

from webapp.services.moderation.choosing import appoint, dismiss
from webapp.services.moderation.deciding import Ruling, acknowledge, claim, decide, release
from webapp.services.moderation.refusals import (
    CannotDecideSo,
    CaseClaimed,
    CaseDecided,
    NothingToReport,
    OwnPost,
    PostChanged,
)
from webapp.services.moderation.reporting import Said, remind, report

__all__ = [
    "CannotDecideSo",
    "CaseClaimed",
    "CaseDecided",
    "NothingToReport",
    "OwnPost",
    "PostChanged",
    "Ruling",
    "Said",
    "acknowledge",
    "appoint",
    "claim",
    "decide",
    "dismiss",
    "release",
    "remind",
    "report",
]
