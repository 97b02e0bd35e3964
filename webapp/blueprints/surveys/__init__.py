from flask import Blueprint, request

bp = Blueprint("surveys", __name__)
# Of a text far too long the length is said, and it is shown again: nothing typed is lost.
LARGEST = 4 * 1024 * 1024


@bp.before_request
def _take_long_answers() -> None:
    """Let a form be as long as many long answers are."""
    request.max_content_length = request.max_form_memory_size = LARGEST


import webapp.blueprints.surveys.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
