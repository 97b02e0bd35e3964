from flask import Blueprint

bp = Blueprint("speakers", __name__)

import webapp.blueprints.speakers.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
