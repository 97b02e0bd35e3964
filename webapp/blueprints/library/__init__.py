from flask import Blueprint

bp = Blueprint("library", __name__, url_prefix="/library")

import webapp.blueprints.library.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
