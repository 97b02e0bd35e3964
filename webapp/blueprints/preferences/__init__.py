from flask import Blueprint

bp = Blueprint("preferences", __name__)

import webapp.blueprints.preferences.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
