from flask import Blueprint

bp = Blueprint("areas", __name__, url_prefix="/areas")

from webapp.blueprints.areas import documents, history, keeping, routes  # noqa: E402, F401 -- the routes hang themselves on it
