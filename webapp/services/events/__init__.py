"""What can happen to an event: made, copied, changed, published, cancelled, put away.

Whoever changes one holds its draft agenda, its places and the event itself, in that order; what people must know of a
change is posted with it.
"""

from webapp.services.events.changes import (
    ChangedMeanwhile,
    ConfirmationNeeded,
    EventRefused,
    FieldChange,
    Meanwhile,
    differences,
    is_shortened,
    plain,
)
from webapp.services.events.copying import CopyOf, Part, copy
from webapp.services.events.creating import NewEvent, create
from webapp.services.events.editing import (
    About,
    Contact,
    Settings,
    Where,
    edit_about,
    edit_contact,
    edit_days,
    edit_settings,
    edit_where,
)
from webapp.services.events.hours import MOST_DAYS, ZONES, Day, Problem, is_skipped, notes, outside_hours, problems
from webapp.services.events.life import (
    StateRefused,
    Way,
    archive,
    bring_back,
    cancel,
    count_speakers_to_tell,
    publish,
    registered,
    ways_on,
    withdraw,
)
from webapp.services.events.readiness import Lack, lacks
from webapp.services.events.records import Afterwards, edit_record, shown_numbers

__all__ = [
    "MOST_DAYS",
    "ZONES",
    "About",
    "Afterwards",
    "ChangedMeanwhile",
    "ConfirmationNeeded",
    "Contact",
    "CopyOf",
    "Day",
    "EventRefused",
    "FieldChange",
    "Lack",
    "Meanwhile",
    "NewEvent",
    "Part",
    "Problem",
    "Settings",
    "StateRefused",
    "Way",
    "Where",
    "archive",
    "bring_back",
    "cancel",
    "copy",
    "count_speakers_to_tell",
    "create",
    "differences",
    "edit_about",
    "edit_contact",
    "edit_days",
    "edit_record",
    "edit_settings",
    "edit_where",
    "is_shortened",
    "is_skipped",
    "lacks",
    "notes",
    "outside_hours",
    "plain",
    "problems",
    "publish",
    "registered",
    "shown_numbers",
    "ways_on",
    "withdraw",
]
