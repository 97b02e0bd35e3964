from flask import Blueprint

bp = Blueprint("recordings", __name__, url_prefix="/events/<ref:event>/recordings/<recording>")

import webapp.blueprints.recordings.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
