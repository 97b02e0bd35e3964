from flask import Blueprint

bp = Blueprint("registrations", __name__)

import webapp.blueprints.registrations.joining  # noqa: E402 -- the routes hang themselves on the blueprint
import webapp.blueprints.registrations.routes  # noqa: E402, F401 -- as above
