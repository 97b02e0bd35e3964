"""Publications on the organisers' side: issues and articles written, put in order, checked, published."""

from flask import Blueprint, request

bp = Blueprint("publications", __name__, url_prefix="/publications")
# The longest article with its form, each character of it in four bytes; pictures have a limit of their own.
LARGEST = 4 * 1024 * 1024


@bp.before_request
def _take_long_texts() -> None:
    """Let a form be as long as a long article is."""
    request.max_content_length = request.max_form_memory_size = LARGEST


from webapp.blueprints.manage.publications import (  # noqa: E402 -- the routes hang themselves on the blueprint
    about,  # noqa: F401
    articles,  # noqa: F401
    figures,  # noqa: F401
    found,  # noqa: F401
    history,  # noqa: F401
    issues,  # noqa: F401
    life,  # noqa: F401
    writing,  # noqa: F401
)
