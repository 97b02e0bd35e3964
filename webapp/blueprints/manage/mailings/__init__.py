from flask import Blueprint

bp = Blueprint("mailings", __name__, url_prefix="/events/<ref:event>/mailings")

from webapp.blueprints.manage.mailings import (  # noqa: E402 -- the routes hang themselves on the blueprint
    people,  # noqa: F401
    previewing,  # noqa: F401
    rehearsing,  # noqa: F401
    sending,  # noqa: F401
    writing,  # noqa: F401
)
