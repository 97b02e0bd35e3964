from flask import Blueprint

bp = Blueprint("search", __name__)

import webapp.blueprints.search.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
