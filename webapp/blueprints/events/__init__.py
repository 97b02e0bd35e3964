from flask import Blueprint

bp = Blueprint("events", __name__)

import webapp.blueprints.events.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
