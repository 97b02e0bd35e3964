"""Communities on the organisers' side: set up and kept, their meetings, and figures of them."""

from flask import Blueprint

bp = Blueprint("communities", __name__, url_prefix="/communities")

import webapp.blueprints.manage.communities.figures  # noqa: E402
import webapp.blueprints.manage.communities.meetings  # noqa: E402
import webapp.blueprints.manage.communities.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
