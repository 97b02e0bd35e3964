"""Transcripts on the organisers' side: read in, given to speakers, corrected, published."""

from flask import Blueprint, request

bp = Blueprint("transcripts", __name__, url_prefix="/events/<ref:event>/transcripts")
# The longest turn with its form; files have a limit of their own.
LARGEST = 4 * 1024 * 1024


@bp.before_request
def _take_long_turns() -> None:
    """Let a form be as long as a long turn is."""
    request.max_content_length = request.max_form_memory_size = LARGEST


from webapp.blueprints.manage.transcripts import (  # noqa: E402 -- the routes hang themselves on the blueprint
    doubts,  # noqa: F401
    editing,  # noqa: F401
    erasing,  # noqa: F401
    importing,  # noqa: F401
    life,  # noqa: F401
    naming,  # noqa: F401
    proposals,  # noqa: F401
)
