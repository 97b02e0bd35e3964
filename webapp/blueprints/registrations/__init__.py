from flask import Blueprint

bp = Blueprint("registrations", __name__)

import webapp.blueprints.registrations.invited  # noqa: E402
import webapp.blueprints.registrations.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
