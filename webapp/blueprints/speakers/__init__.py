from flask import Blueprint

bp = Blueprint("speakers", __name__)

# The routes hang themselves on the blueprint.
from webapp.blueprints.speakers import routes, speaking  # noqa: E402, F401
