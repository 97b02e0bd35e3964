from flask import Blueprint

bp = Blueprint("series", __name__, url_prefix="/series")

import webapp.blueprints.series.routes  # noqa: E402, F401 -- the routes hang themselves on the blueprint
