from flask import Blueprint

bp = Blueprint("calendars", __name__)

import webapp.blueprints.calendars.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
