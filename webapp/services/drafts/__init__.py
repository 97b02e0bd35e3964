"""What can happen to a draft agenda: opened, built, put right, released.

Each change holds the draft's lock, so that two organisers' changes come one after the other; what somebody typed
against an older version of a session is refused with what stands now.
"""

from webapp.services.drafts.asking import ReleaseUnderWay, ask, release_requested, take_requested
from webapp.services.drafts.changing import ChangedMeanwhile, DraftRefused
from webapp.services.drafts.conflicts import Conflict, Severity, conflicts_of
from webapp.services.drafts.differences import Change, ChangeKind
from webapp.services.drafts.opening import open_draft
from webapp.services.drafts.people import Part
from webapp.services.drafts.placing import (
    LONGEST,
    STEPS,
    Placement,
    length,
    move,
    placement_of,
    shift,
    spoken,
    swap,
)
from webapp.services.drafts.releasing import (
    DraftMoved,
    HasErrors,
    NothingToRelease,
    PeopleChanged,
    Review,
    release,
    review,
)
from webapp.services.drafts.sessions import Content, add, cancel, content_of, edit, restore
from webapp.services.drafts.structure import (
    add_room,
    add_stream,
    change_room,
    move_stream,
    remove_room,
    remove_stream,
    rename_stream,
)

__all__ = [
    "LONGEST",
    "STEPS",
    "Change",
    "ChangeKind",
    "ChangedMeanwhile",
    "Conflict",
    "Content",
    "DraftMoved",
    "DraftRefused",
    "HasErrors",
    "NothingToRelease",
    "Part",
    "PeopleChanged",
    "Placement",
    "ReleaseUnderWay",
    "Review",
    "Severity",
    "add",
    "add_room",
    "add_stream",
    "ask",
    "cancel",
    "change_room",
    "conflicts_of",
    "content_of",
    "edit",
    "length",
    "move",
    "move_stream",
    "open_draft",
    "placement_of",
    "release",
    "release_requested",
    "remove_room",
    "remove_stream",
    "rename_stream",
    "restore",
    "review",
    "shift",
    "spoken",
    "swap",
    "take_requested",
]
