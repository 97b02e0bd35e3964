"""What can happen to a file that an organiser uploads: read, shown row by row, confirmed, done whole or not at all.

Reading needs no lock. What would become of each row is kept for seven days; when somebody confirms it, the rows are
judged again under the lock of what they change, and done only if nothing comes out otherwise than it was shown.
"""

from webapp.services.imports.applying import (
    apply_requested,
    confirm,
    forget_expired,
    take_requested,
)
from webapp.services.imports.columns import Column, offered
from webapp.services.imports.files import draft_file, template_file
from webapp.services.imports.people_writing import may_write_to
from webapp.services.imports.rows import ImportRefused
from webapp.services.imports.staging import MOST_ROWS, Options, Reading, check_takes_people, read, stage

__all__ = [
    "MOST_ROWS",
    "Column",
    "ImportRefused",
    "Options",
    "Reading",
    "apply_requested",
    "check_takes_people",
    "confirm",
    "draft_file",
    "forget_expired",
    "may_write_to",
    "offered",
    "read",
    "stage",
    "take_requested",
    "template_file",
]
