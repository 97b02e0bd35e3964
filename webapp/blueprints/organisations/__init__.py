from flask import Blueprint

bp = Blueprint("organisations", __name__)

import webapp.blueprints.organisations.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
