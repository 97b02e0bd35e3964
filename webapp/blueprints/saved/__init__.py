from flask import Blueprint

bp = Blueprint("saved", __name__, url_prefix="/my/saved")

import webapp.blueprints.saved.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
