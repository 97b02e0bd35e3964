from flask import Blueprint

bp = Blueprint("sign_ups", __name__)

import webapp.blueprints.sign_ups.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
