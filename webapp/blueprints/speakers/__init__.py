from flask import Blueprint

bp = Blueprint("speakers", __name__)

from webapp.blueprints.speakers import checking, routes, speaking  # noqa: E402, F401 -- the routes hang themselves on it
