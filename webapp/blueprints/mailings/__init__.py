from flask import Blueprint

bp = Blueprint("mailings", __name__)

import webapp.blueprints.mailings.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
