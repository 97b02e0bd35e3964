from flask import Blueprint

bp = Blueprint("programmes", __name__)

import webapp.blueprints.programmes.comparing  # noqa: E402
import webapp.blueprints.programmes.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
