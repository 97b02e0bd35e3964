from flask import Blueprint

bp = Blueprint("attendance", __name__)

import webapp.blueprints.attendance.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
